"""Searches for a place: what the team notes, who may, what a yes becomes, who is refused everywhere."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from core import jobs
from core.models import OutboxMessage
from partners.models import Partner
from pfmp import approaches
from pfmp.models import Approach, PersonalLink, Placement, PreConvention
from schools import todo
from tests import factories
from tests.pfmp.conftest import Scene

TODAY = date(2026, 2, 10)


def url(scene: Scene, name: str, *args: object) -> str:
    return reverse(f"pfmp:{name}", args=[scene.school.uai, *args])


def typed(scene: Scene, **changes: object) -> dict[str, object]:
    """What a browser sends for an approach at a company that the lycée does not know."""
    values = {
        "eleve": str(scene.student.public_id), "company": "Garage des Lilas", "city": "Laon", "state": "demande",
        "means": "telephone", "made_by": "equipe", "date": "2026-02-09", "period": scene.period.pk,
    }  # fmt: skip
    return values | changes


def approach(scene: Scene, **changes: object) -> Approach:
    values = {"school": scene.school, "student": scene.student, "period": scene.period, "date": date(2026, 2, 9)}
    first = {"company": "" if changes.get("partner") else "Garage des Lilas"}
    return Approach.objects.create(**first | values | changes)


def test_an_approach_is_noted_in_one_form_and_once(as_teacher: Client, scene: Scene):
    page = as_teacher.get(url(scene, "approach_new"), {"eleve": scene.student.public_id})
    key = page.context["form"]["creation_key"].value()
    for _ in range(2):
        answer = as_teacher.post(url(scene, "approach_new"), typed(scene, creation_key=key))
        assert answer["Location"] == url(scene, "student_placements", scene.student.public_id)
    (noted,) = Approach.objects.in_school(scene.school)
    assert (noted.company, noted.state, noted.author, noted.made_by) == (
        "Garage des Lilas",
        "demande",
        scene.teacher,
        "equipe",
    )
    shown = as_teacher.get(answer["Location"]).content.decode()
    assert "Garage des Lilas" in shown
    assert "1\u00a0demande, 1 sans réponse" in shown


def test_several_pupils_ask_one_company_at_once(as_bde: Client, scene: Scene):
    others = [scene.student, scene.pupil(), scene.pupil()]
    picked = {"geste": "demarche", "choix": [str(one.public_id) for one in others]}
    answer = as_bde.post(url(scene, "class_search", scene.period.public_id), picked)
    key = as_bde.get(answer["Location"]).context["form"]["creation_key"].value()
    words = typed(
        scene, eleve=[str(one.public_id) for one in others], creation_key=key, company="", city="",
        partner=scene.partner.name, partner_id=str(scene.partner.public_id), state="non",
    )  # fmt: skip
    for _ in range(2):
        assert as_bde.post(url(scene, "approach_new"), words).status_code == 302
    noted = Approach.objects.in_school(scene.school)
    assert {one.student_id for one in noted} == {one.pk for one in others}
    assert {(one.partner_id, one.reply_date) for one in noted} == {(scene.partner.pk, date(2026, 2, 9))}
    page = as_bde.get(scene.partner.get_absolute_url()).content.decode()
    assert "3\u00a0élèves ont demandé une place" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"company": "", "city": ""}, "Choisissez une entreprise"),
        ({"company": "x" * 300}, "200"),
        ({"date": "2026-12-01"}, "futur"),
        ({"date": "1026-12-01"}, "plus d’un an"),
        ({"date": "hier"}, "date"),
        ({"state": "peut-etre"}, "Sélectionnez"),
        ({"partner": "Rien de tel nulle part"}, "Aucun partenaire"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(as_bde: Client, scene: Scene, changes, said):
    words = typed(scene, note="=cmd() <script>alert(1)</script> \u202e🙂", **changes)
    answer = as_bde.post(url(scene, "approach_new"), words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert not Approach.objects.in_school(scene.school).exists()


def test_one_button_says_the_answer_and_a_yes_leads_on(as_bde: Client, scene: Scene):
    asked = approach(scene)
    move = url(scene, "approach_move", asked.public_id)
    home = url(scene, "student_placements", scene.student.public_id)
    assert as_bde.post(move, {"vers": "non", "retour": "//ailleurs.example/"})["Location"] == home
    asked.refresh_from_db()
    assert (asked.state, asked.reply_date) == ("non", TODAY)
    assert as_bde.post(move, {"vers": "jamais"})["Location"] == home
    assert as_bde.post(move, {"vers": "oui"})["Location"] == url(scene, "approach_settle", asked.public_id)


def test_a_yes_by_the_pupil_waits_for_somebody_to_confirm_it(as_teacher: Client, scene: Scene):
    """« À faire » of teacher and bureau; likely doubles are shown; one partner and one lead, however often it is sent."""
    claim = approach(
        scene,
        company="Atelier Dupond",
        city="Laon",
        phone="03 23 00 00 00",
        person="M. Dupond",
        state="oui",
        reply_date=TODAY,
    )
    for member in (scene.teacher, scene.cast.bde):
        titles = [task.title for task in todo.tasks_for(member, TODAY)]
        assert "Meziane Rayan a trouvé : Atelier Dupond" in titles
    settle = url(scene, "approach_settle", claim.public_id)
    assert "possible doublon" in as_teacher.get(settle).content.decode()
    assert Partner.objects.in_school(scene.school).count() == 1
    words = {
        "which": "nouveau", "name": "Atelier Dupond", "city": "Laon", "phone": "03 23 00 00 00", "start_date": "2026-03-02",
        "end_date": "2026-03-27",
    }  # fmt: skip
    answers = [as_teacher.post(settle, words)["Location"] for _ in range(2)]
    made = Partner.objects.in_school(scene.school).exclude(pk=scene.partner.pk).get()
    lead = Placement.objects.in_school(scene.school).get(student=scene.student)
    assert (made.name, made.phone) == ("Atelier Dupond", "03 23 00 00 00")
    assert (lead.partner, lead.status, lead.origin, lead.referent_email) == (
        made,
        "pressenti",
        "eleve",
        scene.teacher.email,
    )
    assert answers == [url(scene, "placement_preparation", lead.public_id), lead.get_absolute_url()]
    assert PreConvention.objects.in_school(scene.school).get().placement == lead
    claim.refresh_from_db()
    assert claim.partner == made
    assert not [task for task in todo.tasks_for(scene.teacher, TODAY) if "a trouvé" in task.title]


def test_a_yes_at_a_known_company_and_bad_answers(as_teacher: Client, scene: Scene):
    claim = approach(scene, company="Atelier Dupont", city="Laon", state="oui")
    settle = url(scene, "approach_settle", claim.public_id)
    dates = {"start_date": "2026-03-02", "end_date": "2026-03-27"}
    for words in (
        {},
        {"which": "nouveau", "name": "", "city": "", **dates},
        {"which": "connue", **dates},
        {"which": str(scene.partner.public_id), "start_date": "2027-03-02", "end_date": "2027-03-03"},
        {"which": str(scene.partner.public_id), "start_date": "2026-03-27", "end_date": "2026-03-02"},
    ):
        assert as_teacher.post(settle, words).status_code == 422
    assert not Placement.objects.in_school(scene.school).filter(student=scene.student).exists()
    Partner.objects.in_school(scene.school).update(avoid_since=date(2026, 1, 1), avoid_reason="Machine sans carter")
    known = {"which": "connue", "other": scene.partner.name, "other_id": str(scene.partner.public_id), **dates}
    refused = as_teacher.post(settle, known)
    assert refused.status_code == 422
    assert "à éviter" in refused.content.decode()
    assert "carter" not in refused.content.decode()
    Partner.objects.in_school(scene.school).update(avoid_since=None, avoid_reason="")
    assert as_teacher.post(settle, known).status_code == 302
    assert Placement.objects.in_school(scene.school).get(student=scene.student).partner == scene.partner


def test_one_click_beside_a_host(as_teacher: Client, scene: Scene):
    words = {
        "eleve": str(scene.student.public_id), "periode": str(scene.period.public_id),
        "partenaire": str(scene.partner.public_id), "retour": url(scene, "student_hosts", scene.student.public_id),
    }  # fmt: skip
    for _ in range(2):
        assert as_teacher.post(url(scene, "approach_quick"), words)["Location"] == words["retour"]
    (noted,) = Approach.objects.in_school(scene.school)
    assert (noted.state, noted.date, noted.author) == ("demande", TODAY, scene.teacher)
    for wrong, code in (("", 400), ("7", 404), (str(scene.student.public_id), 404)):
        assert as_teacher.post(url(scene, "approach_quick"), words | {"partenaire": wrong}).status_code == code


def test_who_is_refused_everywhere_is_brought_up(client: Client, scene: Scene):
    """« 3 demandes, 3 refus » for the teacher and the bureau; « discrimination possible » for the bureau alone (R-REF-08)."""
    for number in range(3):
        approach(scene, company=f"Garage {number}", state="non")
    other = scene.pupil(last_name="Zidane")
    approach(scene, student=other, state="non")
    help_sentence = "Discrimination possible"
    for member, helped in ((scene.cast.bde, True), (scene.teacher, False), (scene.cast.head, False)):
        client.force_login(member.user)
        page = client.get(url(scene, "approach_list"))
        assert [one.name for one in page.context["refused"]] == ["Meziane Rayan"]
        assert (help_sentence in page.content.decode()) is helped
    lines = client.get(url(scene, "class_search", scene.period.public_id)).context["lines"]
    assert next(one.row.student for one, _ in lines) == scene.student
    assert "Meziane Rayan : 3\u00a0demandes, 3 refus" in [task.title for task in todo.tasks_for(scene.teacher, TODAY)]
    scene.placement()
    assert not approaches.refused(Approach.objects.in_school(scene.school))


def test_a_teacher_meets_their_own_pupils_only(as_teacher: Client, scene: Scene):
    far = factories.SchoolingFactory(school=scene.school).student
    period = factories.PeriodFactory(school=scene.school)
    theirs = approach(scene, student=far, period=period, company="", partner=scene.partner)
    for name in ("approach_detail", "approach_edit", "approach_delete", "approach_settle"):
        assert as_teacher.get(url(scene, name, theirs.public_id)).status_code == 404
    assert as_teacher.post(url(scene, "approach_move", theirs.public_id), {"vers": "oui"}).status_code == 404
    assert as_teacher.get(url(scene, "approach_new"), {"eleve": far.public_id}).status_code == 404
    assert as_teacher.post(url(scene, "approach_new"), typed(scene, eleve=str(far.public_id))).status_code == 404
    assert as_teacher.get(url(scene, "student_links", far.public_id)).status_code == 404
    assert as_teacher.get(url(scene, "class_search", period.public_id)).status_code == 404
    assert far.last_name not in as_teacher.get(url(scene, "approach_list")).content.decode()
    panel = as_teacher.get(scene.partner.get_absolute_url()).content.decode()
    assert "1\u00a0élève a demandé une place" in panel
    assert far.last_name not in panel


@pytest.mark.parametrize("role", ["direction", "secretariat", "consultation"])
def test_who_reads_does_not_write(client: Client, scene: Scene, role: str):
    asked = approach(scene)
    client.force_login(scene.cast.by_role()[role].user)
    reads = 403 if role == "consultation" else 200
    assert client.get(url(scene, "approach_list")).status_code == reads
    assert client.get(url(scene, "approach_detail", asked.public_id)).status_code == reads
    assert client.get(url(scene, "class_search", scene.period.public_id)).status_code == reads
    for answer in (
        client.post(url(scene, "approach_new"), typed(scene)),
        client.post(url(scene, "approach_move", asked.public_id), {"vers": "oui"}),
        client.post(url(scene, "approach_settle", asked.public_id), {}),
        client.post(url(scene, "approach_quick"), {}),
        client.post(url(scene, "student_links", scene.student.public_id), {"geste": "copier"}),
        client.post(url(scene, "class_search", scene.period.public_id), {"geste": "imprimer"}),
    ):
        assert answer.status_code == 403
    assert not PersonalLink.objects.in_school(scene.school).exists()


def test_pages_of_a_class_leave_by_mail_once_a_day_and_on_paper(as_teacher: Client, scene: Scene):
    scene.student.email = "rayan@example.org"
    scene.student.save()
    mute, wrong = scene.pupil(), scene.pupil(email="pas une adresse")
    here = url(scene, "class_search", scene.period.public_id)
    picked = [str(one.public_id) for one in (scene.student, mute, wrong)]
    for _ in range(2):
        assert as_teacher.post(here, {"geste": "courriel", "choix": picked}).status_code == 302
        jobs.run_waiting()
    (message,) = OutboxMessage.objects.all()
    assert message.recipient == "rayan@example.org"
    assert scene.student.last_name not in message.subject
    paper = as_teacher.post(here, {"geste": "imprimer", "choix": picked})
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert PersonalLink.objects.in_school(scene.school).count() == 4
    page = as_teacher.get(here).content.decode()
    assert "pas ouverte" in page
    for nothing in ({"geste": "imprimer"}, {"geste": "danser", "choix": picked}, {"geste": "courriel", "choix": ["x"]}):
        assert as_teacher.post(here, nothing)["Location"] == here


def test_the_page_of_a_pupil_is_shown_sent_and_stopped(as_teacher: Client, scene: Scene):
    scene.student.email = "rayan@example.org"
    scene.student.save()
    here = url(scene, "student_links", scene.student.public_id)
    shown = as_teacher.post(here, {"geste": "copier"})
    assert shown["Cache-Control"] == "no-store, private"
    assert "/lien/" in shown.content.decode()
    assert "/lien/" not in as_teacher.get(here).content.decode()
    assert "rayan@example.org" not in shown.content.decode()  # a teacher of the class, who does not follow the pupil
    as_teacher.post(here, {"geste": "envoyer"})
    assert OutboxMessage.objects.count() == 1
    as_teacher.post(here, {"geste": "revoquer"})
    assert not PersonalLink.objects.in_school(scene.school).filter(revoked_at=None).exists()


def test_lists_cost_the_same_for_many(as_bde: Client, scene: Scene, django_assert_max_num_queries):
    def fill(count: int) -> None:
        for _ in range(count):
            approach(scene, student=scene.pupil(), company="", partner=scene.partner, state="non")

    fill(10)
    for address in (
        url(scene, "approach_list"),
        url(scene, "class_search", scene.period.public_id),
        url(scene, "student_placements", scene.student.public_id),
    ):
        with django_assert_max_num_queries(20, info=address):
            assert as_bde.get(address).status_code == 200


def test_the_log_is_a_file(as_bde: Client, scene: Scene):
    approach(scene, company="=cmd()")
    answer = as_bde.get(url(scene, "approach_list"), {"format": "csv"})
    assert "'=cmd()" in answer.content.decode("utf-8-sig")
