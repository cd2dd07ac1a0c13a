"""A pupil's own page: what it shows, what it takes, what it never lets through."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Partner
from pfmp import links, pupil_letters, searching
from pfmp.enums import LinkPurpose
from pfmp.models import Approach, PersonalLink, PfmpSettings, Placement
from tests import factories
from tests.pfmp.conftest import Scene, token_of

NOW = datetime(2026, 2, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))
MARKER = "Zzyxmarque"
PAGES = ("pupil_home", "pupil_approach_new", "pupil_found", "pupil_hosts", "pupil_letter", "pupil_advice")
Page = Callable[..., str]


@pytest.fixture
def token(scene: Scene) -> str:
    """A fresh link of the scene's pupil."""
    scene.student.city, scene.student.postal_code = "Laon", "02000"
    scene.student.save()
    _, url = links.create(LinkPurpose.STUDENT, by=None, now=NOW, name="Rayan Meziane", student=scene.student)
    return token_of(url)


@pytest.fixture
def phone(client: Client, token: str) -> Client:
    """A browser in which the button of the link was pressed."""
    assert client.post(reverse("link_open", args=[token]))["Location"] == reverse("pupil_home", args=[token])
    return client


def key_of(phone: Client, address: str) -> str:
    return str(phone.get(address).context["form"]["key"].value())


def said(**changes: str) -> dict[str, str]:
    return {"company": "Garage des Lilas", "city": "Laon", "state": "demande", "date": "2026-02-09"} | changes


def found(**changes: str) -> dict[str, str]:
    return {"company": "Garage des Lilas", "city": "Laon", "phone": "03 23 00 00 00", "person": "Mme Roux"} | changes


def test_without_the_button_no_page_opens(client: Client, token: str, scene: Scene):
    start = reverse("link_start", args=[token])
    for name in PAGES:
        answer = client.get(reverse(name, args=[token]))
        assert answer["Location"] == start
        assert client.post(reverse(name, args=[token])).status_code in (302, 405)
    assert client.get(reverse("pupil_home", args=["x" * 28])).status_code == 404
    assert scene.student.last_name not in client.get(start).content.decode()


def test_an_old_a_revoked_and_another_kind_of_link_open_nothing(phone: Client, token: str, scene: Scene):
    home = reverse("pupil_home", args=[token])
    assert phone.get(home).status_code == 200
    own = PersonalLink.objects.in_school(scene.school)
    own.update(expires_at=NOW - timedelta(days=1))
    assert phone.get(home).status_code == 302
    own.update(expires_at=NOW + timedelta(days=1))
    assert phone.get(home).status_code == 200
    links.revoke(LinkPurpose.STUDENT, by=None, now=NOW, student=scene.student)
    assert phone.get(home).status_code == 302
    assert phone.post(reverse("pupil_found", args=[token]), found()).status_code == 302
    assert not Approach.objects.in_school(scene.school).exists()
    stay = scene.placement()
    _, url = links.create(LinkPurpose.TUTOR, by=None, now=NOW, name="Yann Dupont", placement=stay, contact=stay.tutor)
    other = token_of(url)
    session = phone.session
    link = PersonalLink.objects.in_school(scene.school).get(purpose=LinkPurpose.TUTOR)
    session["personal_links"] = {str(link.public_id): {"until": NOW.timestamp() + 3600}}
    session.save()
    assert phone.get(reverse("pupil_home", args=[other]))["Location"] == reverse("link_start", args=[other])


def test_every_page_is_about_this_pupil_alone(phone: Client, token: str, scene: Scene):
    """Every name of other pupils, contacts and colleagues carries a marker: no page has it. Opening writes nothing."""
    for number in range(3):
        other = scene.pupil(last_name=f"{MARKER}{number}", first_name=MARKER, guardian_name=MARKER)
        scene.placement(student=other, start_date=date(2025, 11, 3), end_date=date(2025, 11, 28))
        Approach.objects.create(
            school=scene.school, student=other, period=scene.period, partner=scene.partner, date=date(2026, 2, 1),
            person=MARKER, note=MARKER,
        )  # fmt: skip
    type(scene.tutor).objects.in_school(scene.school).update(
        last_name=MARKER, email=f"{MARKER}@example.org", phone="0600000000"
    )
    Partner.objects.in_school(scene.school).update(
        city="Laon", postal_code="02000", phone="03 23 11 11 11", notes=MARKER
    )
    Approach.objects.create(
        school=scene.school, student=scene.student, period=scene.period, company="Noté par le lycée", date=date(2026, 2, 1),
        author=scene.teacher, note=MARKER, person=MARKER,
    )  # fmt: skip
    before = Approach.objects.in_school(scene.school).count()
    for name in PAGES:
        answer = phone.get(reverse(name, args=[token]))
        assert answer.status_code == 200
        assert MARKER not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert "Noté par le lycée" in phone.get(reverse("pupil_home", args=[token])).content.decode()
    hosts = phone.get(reverse("pupil_hosts", args=[token])).content.decode()
    assert "Atelier Dupont" in hosts
    assert "03 23 11 11 11" in hosts
    assert Approach.objects.in_school(scene.school).count() == before


def test_an_approach_is_noted_corrected_the_same_day_then_answered(
    phone: Client, token: str, scene: Scene, time_machine
):
    new = reverse("pupil_approach_new", args=[token])
    words = said(key=key_of(phone, new))
    for _ in range(2):
        assert phone.post(new, words)["Location"] == reverse("pupil_home", args=[token])
    (noted,) = Approach.objects.in_school(scene.school)
    assert (noted.student, noted.author, noted.made_by, noted.state) == (scene.student, None, "eleve", "demande")
    edit = reverse("pupil_approach_edit", args=[token, noted.public_id])
    assert phone.post(edit, said(company="Garage du Lilas"))["Location"] == reverse("pupil_home", args=[token])
    noted.refresh_from_db()
    assert noted.company == "Garage du Lilas"
    time_machine.move_to(NOW + timedelta(days=1))
    phone.post(reverse("link_open", args=[token]))
    assert phone.post(edit, said(company="Autre")).status_code == 302
    phone.post(reverse("pupil_approach_answer", args=[token, noted.public_id]), {"vers": "non"})
    noted.refresh_from_db()
    assert (noted.company, noted.state, noted.reply_date) == ("Garage du Lilas", "non", date(2026, 2, 11))


def test_what_the_team_or_another_pupil_noted_is_not_the_pupils_to_change(phone: Client, token: str, scene: Scene):
    by_team = Approach.objects.create(
        school=scene.school,
        student=scene.student,
        period=scene.period,
        company="A",
        date=date(2026, 2, 9),
        author=scene.teacher,
    )
    other = Approach.objects.create(
        school=scene.school, student=scene.pupil(), period=scene.period, company="B", date=date(2026, 2, 9)
    )
    for one in (by_team, other):
        assert phone.post(reverse("pupil_approach_edit", args=[token, one.public_id]), said()).status_code == 404
        assert (
            phone.post(reverse("pupil_approach_answer", args=[token, one.public_id]), {"vers": "oui"}).status_code
            == 404
        )
        found_at = reverse("pupil_found", args=[token])
        assert phone.post(found_at, found(demarche=str(one.public_id), company=f"C{one.pk}")).status_code == 302
        one.refresh_from_db()
        assert one.state == "demande"


def test_a_place_found_waits_for_the_school(phone: Client, token: str, scene: Scene):
    """Once, whatever is pressed: an approach « oui », no partner, no placement; the page then says who acts."""
    partners = Partner.objects.in_school(scene.school).count()
    here = reverse("pupil_found", args=[token])
    words = found(key=key_of(phone, here))
    for _ in range(2):
        assert phone.post(here, words).status_code == 302
    assert phone.post(here, found(company="GARAGE des lilas", key=key_of(phone, here))).status_code == 302
    (claim,) = Approach.objects.in_school(scene.school)
    assert (claim.state, claim.person, claim.phone) == ("oui", "Mme Roux", "03 23 00 00 00")
    assert Partner.objects.in_school(scene.school).count() == partners
    assert not Placement.objects.in_school(scene.school).filter(student=scene.student).exists()
    page = phone.get(reverse("pupil_home", args=[token])).content.decode()
    assert "Tu as trouvé" in page
    assert "J’ai trouvé" not in page


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("pupil_approach_new", {"company": " "}),
        ("pupil_approach_new", {"company": "x" * 300}),
        ("pupil_approach_new", {"state": "peut-être"}),
        ("pupil_approach_new", {"date": "2027-01-01"}),
        ("pupil_approach_new", {"date": "0001-01-01"}),
        ("pupil_approach_new", {"key": "contrefait"}),
        ("pupil_found", {"person": ""}),
        ("pupil_found", {"phone": "12"}),
        ("pupil_found", {"start_date": "2026-06-01"}),
        ("pupil_found", {"start_date": "2026-03-20", "end_date": "2026-03-03"}),
    ],
)
def test_bad_input_gets_a_sentence_to_a_pupil(
    phone: Client, token: str, scene: Scene, name: str, changes: dict[str, str]
):
    words = (said if name == "pupil_approach_new" else found)(note="<script>=cmd()</script> \u202e🙂") | changes
    answer = phone.post(reverse(name, args=[token]), words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "error-summary" in page
    assert "&lt;script&gt;=cmd()" in page
    assert not re.search(r"\b[Vv]euillez\b|\b[Ss]aisissez\b", page)
    assert not Approach.objects.in_school(scene.school).exists()


def test_fifty_a_day_and_no_more(phone: Client, token: str, scene: Scene, monkeypatch):
    monkeypatch.setattr(searching, "A_DAY", 2)
    new = reverse("pupil_approach_new", args=[token])
    answers = [phone.post(new, said(company=f"Garage {number}")).status_code for number in range(3)]
    assert answers == [302, 302, 422]


def test_the_page_follows_the_placement(phone: Client, token: str, scene: Scene, django_assert_max_num_queries):
    home = reverse("pupil_home", args=[token])
    assert "J’ai trouvé" in phone.get(home).content.decode()
    place = scene.placement()
    with django_assert_max_num_queries(20):
        page = phone.get(home).content.decode()
    assert "Atelier Dupont" in page
    assert scene.tutor.last_name in page
    assert scene.tutor.email not in page or not scene.tutor.email
    assert "lundi à vendredi" in page
    Placement.objects.in_school(scene.school).filter(pk=place.pk).update(timetable="8h-12h sauf <mercredi>")
    assert "8h-12h sauf &lt;mercredi&gt;" in phone.get(home).content.decode()
    Placement.objects.in_school(scene.school).filter(pk=place.pk).update(status="annule")
    assert "J’ai trouvé" in phone.get(home).content.decode()


def test_hosts_cost_the_same_for_many(phone: Client, token: str, scene: Scene, django_assert_max_num_queries):
    for number in range(12):
        host = factories.PartnerFactory(school=scene.school, name=f"Élec {number}", city="Laon", postal_code="02000")
        scene.placement(student=scene.pupil(), partner=host)
    avoided = factories.PartnerFactory(
        school=scene.school, name="Garage Fuyant", city="Laon", postal_code="02000", avoid_since=date(2026, 1, 1)
    )
    scene.placement(student=scene.pupil(), partner=avoided)
    with django_assert_max_num_queries(20):
        page = phone.get(reverse("pupil_hosts", args=[token]), {"km": "5"}).content.decode()
    assert "Élec 11" in page
    assert "Garage Fuyant" not in page
    asked = phone.get(reverse("pupil_approach_new", args=[token]), {"entreprise": avoided.public_id})
    assert "Garage Fuyant" not in asked.content.decode()
    for km in ("", "-1", "abc", "99999"):
        assert phone.get(reverse("pupil_hosts", args=[token]), {"km": km}).status_code == 200


def test_letter_and_cv(phone: Client, token: str, scene: Scene):
    page = phone.get(reverse("pupil_letter", args=[token])).content.decode()
    assert "Je suis élève en 1re MELEC" in page
    file = phone.get(reverse("pupil_letter_file", args=[token, "cv"]))
    with zipfile.ZipFile(BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        words = archive.read("word/document.xml").decode()
    assert "Rayan Meziane" in words
    assert phone.get(reverse("pupil_letter_file", args=[token, "autre"])).status_code == 404
    PfmpSettings.objects.create(school=scene.school, student_letter="Bonjour {prénom}, & <b> {inconnu}\u0007")
    assert (
        "Bonjour Rayan, &amp; &lt;b&gt; {inconnu}" in phone.get(reverse("pupil_letter", args=[token])).content.decode()
    )
    own = phone.get(reverse("pupil_letter_file", args=[token, "lettre"]))
    with zipfile.ZipFile(BytesIO(own.content)) as archive:
        assert "&amp; &lt;b&gt;" in archive.read("word/document.xml").decode()


def test_texts_without_a_period_still_read_well(scene: Scene):
    texts = pupil_letters.of(scene.student, None, None)
    assert "du … au …" in texts.letter
    assert "{" not in texts.letter + texts.cv + "".join(texts.advice)
