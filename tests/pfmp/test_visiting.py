"""Follow-up in the field: reports noted once, alerts answered, visits planned, the page of the day, who carries what."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.models import OutboxMessage
from pfmp import visiting
from pfmp.enums import VisitPoint
from pfmp.forms.visits import speaks_of_health
from pfmp.models import PlannedVisit, Visit
from tests.conftest import cast_of_roles
from tests.factories import (
    ContactFactory,
    InteractionFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    PlannedVisitFactory,
    StudentFactory,
    VisitFactory,
)

TODAY = date(2026, 2, 10)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_that_day")]


@pytest.fixture
def _on_that_day():
    with time_machine.travel("2026-02-10 09:00:00+01:00", tick=True):
        yield


def followed(cast, **more):
    """A placement under way that the teacher of the cast follows."""
    period = more.pop("period", None) or PeriodFactory(
        school=cast.school, year="2025-2026", start_date=date(2026, 2, 2), end_date=date(2026, 2, 27)
    )
    values = {
        "status": "en_cours",
        "referent_email": cast.teacher.email,
        "start_date": date(2026, 2, 2),
        "end_date": date(2026, 2, 27),
    } | more
    return PlacementFactory(school=cast.school, period=period, **values)


def url(cast, name, *args):
    return reverse(f"pfmp:{name}", args=[cast.school.uai, *args])


def send(client, cast, placement, *, key=None, **more):
    """What a phone posts once the network is back."""
    data = {
        "date": "2026-02-10",
        "mode": "sur_place",
        "report": "Tout va bien.",
        "creation_key": str(key or uuid.uuid4()),
    }
    return client.post(
        f"{url(cast, 'visit_new')}?placement={placement.public_id}", data | more, headers={"accept": "application/json"}
    )


# ------------------------------------------------------------------------------------------------------- noted, and once


def test_a_report_in_taps_keeps_its_points_and_its_alert(as_teacher, cast):
    placement = followed(cast)
    points = {f"point_{point.value}": "3" for point in VisitPoint} | {"point_securite": "1"}
    sent = send(
        as_teacher,
        cast,
        placement,
        met_tutor="True",
        alert_level="1",
        alert_text="Pas de lunettes à la meuleuse.",
        **points,
    )
    assert sent.status_code == 201
    visit = Visit.objects.in_school(cast.school).get()
    assert visit.answers == {point.value: 3 for point in VisitPoint} | {"securite": 1}
    assert (visit.met_tutor, visit.alert_level, visit.author_email) == (True, 1, cast.teacher.email)
    mine = {"author_email": cast.teacher.email, "subject": "Point sur les horaires"}
    InteractionFactory(school=cast.school, partner=placement.partner, date=date(2026, 2, 9), **mine)
    page = as_teacher.get(url(cast, "placement_following", placement.public_id)).content.decode()
    assert "Pas de lunettes" in page and "La sécurité est assurée" in page and "Point sur les horaires" in page
    assert "L’élève progresse" not in page  # only what worries; the rest is on the page of the visit
    board = as_teacher.get(placement.period.get_absolute_url()).content.decode()
    assert "status-wait" in board and "À surveiller" in board
    corrected = as_teacher.post(
        f"{visit.get_absolute_url()}modifier/",
        {"date": "2026-02-09", "mode": "visio", "version": visit.version, "point_securite": "4"},
    )
    assert corrected.status_code == 302
    visit.refresh_from_db()
    assert (visit.answers, visit.alert_level, visit.mode) == ({"securite": 4}, 0, "visio")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"alert_level": "2"}, "Dites ce qui inquiète"),
        ({"alert_text": "Absent deux jours."}, "Choisissez « À surveiller » ou « Urgent »"),
        ({"date": "2026-02-11"}, "dans le futur"),
        ({"date": "0001-01-01"}, "pas encore en entreprise"),
        ({"date": "pas un jour"}, "Jour"),
        ({"point_securite": "9"}, "La sécurité est assurée"),
        ({"mode": "=cmd()"}, "Comment"),
        ({"report": "é" * 5001}, "En quelques mots"),
    ],
)
def test_what_cannot_be_kept_is_said_and_kept_on_the_phone(as_teacher, cast, typed, said):
    answer = send(as_teacher, cast, followed(cast), **typed)
    assert answer.status_code == 422 and said in answer.json()["said"]
    assert not Visit.objects.in_school(cast.school).exists()


def test_text_of_any_kind_is_kept_as_it_was_typed(as_teacher, cast):
    text = "<script>alert(1)</script> \u202eabc 🙂 =cmd()"
    assert send(as_teacher, cast, followed(cast), report=text).status_code == 201
    visit = Visit.objects.in_school(cast.school).get()
    assert visit.report == text
    assert b"<script>alert" not in as_teacher.get(visit.get_absolute_url()).content


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Absent, il est malade depuis lundi.", "malade"), ("Prend des médicaments.", "medicaments"), ("Dépression ?", "depression"),
        ("Traitement de surface, enceinte acoustique : rien à dire.", ""), ("", ""), ("x" * 5000, ""),
    ],
)  # fmt: skip
def test_words_of_health_are_seen_and_those_of_a_trade_are_not(text, word):
    assert speaks_of_health(text) == word


def test_a_report_sent_twice_is_the_same_visit(as_teacher, cast):
    placement, key = followed(cast), uuid.uuid4()
    first, second = (send(as_teacher, cast, placement, key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Visit.objects.in_school(cast.school).get().public_id == key
    other = send(as_teacher, cast, followed(cast), key=key)  # the key of another pupil's report opens nothing
    assert other.status_code == 422 and "clé" in other.json()["said"]


def test_a_cancelled_placement_refuses_in_words_but_knows_what_it_had_taken(as_teacher, cast):
    placement, key = followed(cast), uuid.uuid4()
    send(as_teacher, cast, placement, key=key)
    placement.status = "annule"
    placement.save()
    answer = send(as_teacher, cast, placement)
    assert answer.status_code == 403 and "annulé" in answer.json()["said"]
    with pytest.raises(Exception, match="annulé"):  # cancelled between the page's question and the writing
        visiting.note_visit(
            Visit(school=cast.school, placement=placement, date=TODAY, mode="telephone"),
            membership=cast.teacher,
            by=cast.teacher.user,
        )
    assert Visit.objects.in_school(cast.school).count() == 1


def test_a_pupil_no_longer_mine_and_a_session_that_is_over(as_teacher, cast):
    placement = followed(cast)
    placement.referent_email = "autre@lycee.example"
    placement.save()
    assert send(as_teacher, cast, placement).status_code == 404
    state = as_teacher.get(url(cast, "visits_state"))
    assert set(state.json()) == {"owner", "csrf"} and state["Cache-Control"] == "no-store, private"
    as_teacher.logout()
    assert send(as_teacher, cast, placement).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_of_one_report_at_once_make_one_visit():
    cast = cast_of_roles()
    placement, key = followed(cast), uuid.uuid4()

    def post(_):
        try:
            client = Client()
            client.force_login(cast.teacher.user)
            return send(client, cast, placement, key=key).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(post, range(20)))
    assert sorted(set(answers)) == [200, 201] and answers.count(201) == 1
    assert Visit.objects.in_school(cast.school).count() == 1


# ----------------------------------------------------------------------------------------------------------- photographs


def photo(size=(3000, 2000)):
    into = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Secret"
    Image.new("RGB", size, (200, 30, 30)).save(into, "JPEG", exif=exif)
    return SimpleUploadedFile("photo.jpg", into.getvalue(), content_type="image/jpeg")


def test_a_photograph_is_made_smaller_says_nothing_and_can_be_taken_away(as_teacher, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    placement = followed(cast)
    refused = send(as_teacher, cast, placement, photo=photo())
    assert refused.status_code == 422 and "ni personne" in refused.json()["said"]
    assert send(as_teacher, cast, placement, photo=photo(), photo_alone="on").status_code == 201
    visit = Visit.objects.in_school(cast.school).get()
    shown = as_teacher.get(url(cast, "visit_picture", visit.public_id))
    assert Image.open(io.BytesIO(shown.content)).size == (1600, 1067) and b"Secret" not in shown.content
    assert shown["Cache-Control"] == "private, no-store"
    kept = visit.picture.path
    with connection.cursor():  # files go once the transaction holds
        as_teacher.post(url(cast, "visit_picture_remove", visit.public_id))
    visit.refresh_from_db()
    assert not visit.picture and kept.startswith(str(tmp_path))


# ---------------------------------------------------------------------------------------------------------------- alerts


def test_an_urgent_alert_reaches_the_bureau_once_and_comes_back_answered(as_teacher, cast):
    placement, key = followed(cast), uuid.uuid4()
    for _ in range(2):
        send(as_teacher, cast, placement, key=key, alert_level="2", alert_text="Machine sans carter.")
    mails = OutboxMessage.objects.filter(subject__contains="alerte")
    assert {mail.recipient for mail in mails} == {cast.bde.email, cast.ddfpt.email} and mails.count() == 2
    assert placement.student.last_name not in mails[0].subject + mails[0].body
    visit = Visit.objects.in_school(cast.school).get()
    bureau = Client()
    bureau.force_login(cast.bde.user)
    assert "Machine sans carter." in bureau.get(cast.school.get_absolute_url()).content.decode()
    assert as_teacher.post(url(cast, "visit_answer", visit.public_id), {"answer": "Vu."}).status_code == 403
    assert bureau.post(url(cast, "visit_answer", visit.public_id), {"answer": ""}).status_code == 422
    for answer in ("Poste arrêté, DDFPT sur place.", "Une autre réponse"):
        assert bureau.post(url(cast, "visit_answer", visit.public_id), {"answer": answer}).status_code == 302
    visit.refresh_from_db()
    assert (visit.alert_answer, visit.alert_closed_date) == ("Poste arrêté, DDFPT sur place.", TODAY)
    assert "Poste arrêté" in as_teacher.get(url(cast, "my_visits")).content.decode()
    for state, seen in (("a_traiter", 0), ("traitee", 1)):
        assert len(bureau.get(url(cast, "visit_list"), {"alerte": state}).context["page"]) == seen


# ------------------------------------------------------------------------------------------------------- plan and the day


def test_the_plan_groups_by_place_and_plans_several_visits_for_one_day(as_teacher, cast):
    towns = {"Laon": ("02000", 2), "Soissons": ("02200", 1)}
    placements = []
    for town, (code, several) in towns.items():
        for _ in range(several):
            partner = PartnerFactory(school=cast.school, city=town, postal_code=code)
            placements.append(followed(cast, partner=partner))
    followed(cast, referent_email="autre@lycee.example")
    page = as_teacher.get(url(cast, "visit_plan"))
    assert sorted(len(one.lines) for one in page.context["rounds"]) == [1, 2]
    picked = [str(one.public_id) for one in placements]
    wanted = {"choix": picked, "day": "2026-02-12", "mode": "sur_place", f"heure-{picked[0]}": "14:30"}
    for _ in range(2):  # the same post again plans nothing more
        assert as_teacher.post(url(cast, "visit_plan"), wanted).status_code == 302
    planned = PlannedVisit.objects.in_school(cast.school).filter(membership=cast.teacher)
    assert planned.count() == 3 and planned.get(placement=placements[0]).time.isoformat() == "14:30:00"
    for wrong, said in (
        ({"choix": []}, "Cochez les élèves"),
        ({"day": "2026-02-01"}, "est passé"),
        ({"day": "x"}, "jour"),
    ):
        answer = as_teacher.post(url(cast, "visit_plan"), wanted | wrong)
        assert answer.status_code == 422 and said in answer.content.decode()
    as_teacher.post(url(cast, "visit_plan"), wanted | {"day": "2026-03-12"}, follow=True)  # after the stay
    assert planned.count() == 3


def test_a_planned_visit_is_moved_made_and_then_left_alone(as_teacher, cast):
    placement = followed(cast)
    planned = PlannedVisitFactory(
        school=cast.school, placement=placement, membership=cast.teacher, date=date(2026, 2, 12)
    )
    edit = f"{planned.get_absolute_url()}modifier/"
    moved = {"date": "2026-02-10", "time": "", "mode": "sur_place", "version": planned.version}
    assert as_teacher.post(edit, moved | {"date": "2026-03-12"}).status_code == 422
    assert as_teacher.post(edit, moved).status_code == 302
    send(as_teacher, cast, placement, mode="telephone")  # a call does not stand for the visit
    planned.refresh_from_db()
    assert planned.visit is None
    send(as_teacher, cast, placement)
    planned.refresh_from_db()
    assert planned.visit is not None
    assert as_teacher.get(edit).status_code == 403


def test_the_page_of_the_day_holds_my_week_and_nobody_else(as_teacher, cast, django_assert_max_num_queries):
    tutor_partner = PartnerFactory(school=cast.school, name="Menuiserie Boisclair", phone="03 23 00 00 00")
    tutor = ContactFactory(school=cast.school, partner=tutor_partner, phone="06 00 00 00 01")
    mine = followed(cast, partner=tutor_partner, tutor=tutor)
    VisitFactory(school=cast.school, placement=mine, date=date(2026, 2, 4), mode="telephone", report="Bien arrivé.")
    for day, pupil in ((10, mine), (16, followed(cast)), (17, followed(cast)), (9, followed(cast))):
        PlannedVisitFactory(school=cast.school, placement=pupil, membership=cast.teacher, date=date(2026, 2, day))
    gone = followed(cast, status="annule", student=StudentFactory(school=cast.school, last_name="Annulé"))
    PlannedVisitFactory(school=cast.school, placement=gone, membership=cast.teacher, date=TODAY)
    colleague = followed(
        cast, referent_email=cast.bde.email, student=StudentFactory(school=cast.school, last_name="Zzcollègue")
    )
    PlannedVisitFactory(school=cast.school, placement=colleague, membership=cast.bde, date=TODAY)
    with django_assert_max_num_queries(20):
        answer = as_teacher.get(url(cast, "my_visits"))
    page = answer.content.decode()
    assert [len(answer.context[name]) for name in ("cards", "later", "forgotten")] == [1, 1, 1]
    assert "tel:0600000001" in page and "Bien arrivé." in page
    assert "Annulé" not in page and "Zzcollègue" not in page
    route = page.split('href="geo:0,0?q=')[1].split('"')[0]
    assert mine.student.last_name not in route


@pytest.mark.parametrize(
    "name", ["visit_plan", "my_visits", "visit_load", "mission_list", "planned_visit_list", "visit_list"]
)
def test_pages_cost_the_same_for_two_pupils_or_twelve(as_bde, cast, name, django_assert_max_num_queries):
    period = PeriodFactory(
        school=cast.school, year="2025-2026", start_date=date(2026, 2, 2), end_date=date(2026, 2, 27)
    )
    counts = []
    for several in (2, 10):
        for _ in range(several):
            placement = followed(cast, period=period, referent_email=cast.bde.email)
            PlannedVisitFactory(school=cast.school, placement=placement, membership=cast.bde, date=TODAY)
            VisitFactory(
                school=cast.school, placement=placement, date=date(2026, 2, 4), alert_level=1, alert_text="Retards."
            )
        with django_assert_max_num_queries(20) as spent:
            assert as_bde.get(url(cast, name)).status_code == 200
        counts.append(len(spent))
    assert counts[0] == counts[1]


def test_who_carries_what_and_what_is_missing(as_bde, cast):
    past = {"start_date": date(2026, 1, 5), "end_date": date(2026, 1, 30), "status": "termine"}
    never, called, met = followed(cast, **past), followed(cast, **past), followed(cast, **past)
    VisitFactory(school=cast.school, placement=called, date=date(2026, 1, 8), mode="telephone")
    for day, mode in ((8, "telephone"), (28, "sur_place")):
        VisitFactory(school=cast.school, placement=met, date=date(2026, 1, day), mode=mode)
    late = followed(cast, start_date=date(2026, 1, 26), end_date=date(2026, 2, 14))
    found = visiting.follow_up(cast.school, "2025-2026", TODAY)
    (load,) = found.loads
    assert (load.name, len(load.pupils), load.here, load.contacts, load.met, load.late) == (
        cast.teacher.full_name, 4, 1, 3, 1, 1,
    )  # fmt: skip
    assert {gap.name: set(pks) for gap, pks in found.missing.items()} == {
        "CONTACT": {never.pk, late.pk},
        "MEETING": {never.pk, called.pk},
        "CONTACTS": {never.pk, called.pk},
    }
    page = as_bde.get(url(cast, "visit_load")).content.decode()
    assert "Sans rencontre à la fin" in page and str(never.student) in page


def test_signing_out_leaves_nothing_in_the_browser(as_teacher, cast):
    assert "Clear-Site-Data" not in as_teacher.get(url(cast, "my_visits")).headers
    assert as_teacher.post(reverse("account_logout"))["Clear-Site-Data"] == '"storage"'
    as_teacher.force_login(cast.teacher.user)
    cast.teacher.user.is_active = False
    cast.teacher.user.save()
    closed = as_teacher.get(url(cast, "my_visits"))
    assert closed.status_code == 302 and closed["Clear-Site-Data"] == '"storage"'


def test_the_worker_answers_for_its_own_folder_only(as_teacher, cast):
    worker = as_teacher.get(url(cast, "visits_worker"))
    assert worker["Content-Type"].startswith("text/javascript") and "Service-Worker-Allowed" not in worker.headers
    assert "visitsStore" in worker.content.decode()
    assert url(cast, "my_visits").startswith(url(cast, "visits_worker").rsplit("/", 1)[0])
