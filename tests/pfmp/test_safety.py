"""Regulated works: declarations, a class grid, the sheet of a pupil, what the rules then say; country sheets."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pfmp import facts, safety
from pfmp.models import CountrySheet, MedicalOpinion, Placement, Terms, Training, WorksDeclaration
from pfmp.precautions import declarations_to_renew
from tests import factories
from tests.pfmp.conftest import Scene

pytestmark = pytest.mark.django_db


def broken(placement: Placement) -> set[str]:
    return {problem.rule for problem in facts.check_placement(placement).problems}


def works_of(scene: Scene, *articles: str) -> Placement:
    placement = scene.placement()
    Terms.objects.create(school=scene.school, placement=placement, regulated_works=list(articles))
    return placement


def test_machines_need_a_declaration_an_opinion_and_a_training(scene):
    """Each paper noted takes its block away (R-TRAV-02, R-TRAV-06, R-TRAV-07)."""
    placement = works_of(scene, "D4153-28")
    assert broken(placement) == {"R-TRAV-02", "R-TRAV-06", "R-TRAV-07"}
    factories.WorksDeclarationFactory(school=scene.school, partner=scene.partner)
    factories.MedicalOpinionFactory(school=scene.school, student=scene.student)
    factories.TrainingFactory(school=scene.school, student=scene.student)
    assert broken(placement) == set()
    box = safety.works_box(placement, placement.terms)
    assert [work.article for work in box.works] == ["D4153-28"] and box.points == [] and box.is_minor


def test_the_box_says_what_is_missing(scene):
    placement = works_of(scene, "D4153-28")
    box = safety.works_box(placement, placement.terms)
    assert [point.code for point in box.points] == ["bloquant", "a_justifier", "bloquant"]
    assert safety.works_box(scene.placement(student=scene.pupil()), None).is_empty


def declaration(scene: Scene, **changes: Any) -> dict[str, Any]:
    values = {
        "declarant": "employeur",
        "partner": scene.partner.name,
        "partner_id": str(scene.partner.public_id),
        "sent_date": "2026-01-12",
        "works": ["D4153-28", "D4153-29"],
    }
    return values | changes


def test_a_declaration_is_noted_and_shown_with_its_end(client: Client, scene: Scene):
    client.force_login(scene.cast.bde.user)
    answer = client.post(scene.url("travaux-reglementes/nouveau/"), declaration(scene))
    assert answer.status_code == 302
    row = WorksDeclaration.objects.in_school(scene.school).get()
    assert row.works == ["D4153-28", "D4153-29"]
    page = client.get(row.get_absolute_url()).content.decode()
    assert "11/01/2029" in page and "Machines dangereuses" in page
    partner = client.get(scene.partner.get_absolute_url()).content.decode()
    assert "Déclaration du 12 janvier 2026" in partner.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"works": []}, "Cochez au moins un travail."),
        ({"works": ["D4153-36"]}, "D4153-36"),
        ({"sent_date": "2026-03-01"}, "dans le futur"),
        ({"sent_date": "1815-06-18"}, "trop ancienne"),
        ({"partner": "", "partner_id": ""}, "Choisissez l’organisme"),
        ({"declarant": "lycee"}, "ne nomme pas d’organisme"),
        ({"withdrawn_date": "2025-01-01"}, "retirée avant d’être envoyée"),
    ],
)
def test_a_wrong_declaration_keeps_what_was_typed(client, scene, changes, said):
    client.force_login(scene.cast.bde.user)
    answer = client.post(scene.url("travaux-reglementes/nouveau/"), declaration(scene, machines="Tour", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "Tour" in page
    assert not WorksDeclaration.objects.in_school(scene.school).exists()


def test_a_declaration_that_ends_soon_is_to_renew_unless_a_later_one_names_its_works(scene):
    old = factories.WorksDeclarationFactory(school=scene.school, partner=scene.partner, sent_date=date(2023, 3, 15))
    today = date(2026, 2, 10)
    assert [task.url for task in declarations_to_renew(scene.cast.bde, today)] == [old.get_absolute_url()]
    assert list(declarations_to_renew(scene.teacher, today)) == []
    factories.WorksDeclarationFactory(school=scene.school, partner=scene.partner, sent_date=date(2026, 2, 1))
    assert list(declarations_to_renew(scene.cast.bde, today)) == []


def test_a_class_is_noted_in_one_grid(client, scene):
    client.force_login(scene.cast.bde.user)
    other = scene.pupil(last_name="Zola")
    url = reverse("pfmp:class_safety", args=[scene.school.uai, scene.school_class.public_id])
    assert client.get(url).status_code == 200
    mine, theirs = scene.student.public_id.hex, other.public_id.hex
    said = {
        "pour_tous": "2026-02-02", f"{mine}-outcome": "favorable", f"{theirs}-outcome": "reserves",
        f"{theirs}-day": "2026-01-20",
    }  # fmt: skip
    assert client.post(f"{url}?quoi=avis", said).status_code == 302
    rows = MedicalOpinion.objects.in_school(scene.school)
    assert set(rows.values_list("student__last_name", "date", "outcome")) == {
        ("Meziane", date(2026, 2, 2), "favorable"),
        ("Zola", date(2026, 1, 20), "reserves"),
    }
    client.post(f"{url}?quoi=avis", said | {f"{mine}-outcome": "defavorable"})
    assert rows.count() == 2 and rows.get(student=scene.student).outcome == "defavorable"
    client.post(f"{url}?quoi=electricite", {f"{mine}-done": "on", f"{mine}-level": "B1V", f"{mine}-day": "2026-01-05"})
    assert Training.objects.in_school(scene.school).get().level == "B1V"
    wrong = client.post(f"{url}?quoi=avis", {f"{mine}-outcome": "favorable"})
    assert wrong.status_code == 422 and "Donnez la date" in wrong.content.decode()
    assert client.post(f"{url}?quoi=avis", {f"{mine}-outcome": "malade", "pour_tous": "2026-02-02"}).status_code == 422


def test_a_teacher_reads_the_sheet_of_their_pupil_and_enters_nothing(client, scene):
    factories.MedicalOpinionFactory(school=scene.school, student=scene.student)
    client.force_login(scene.teacher.user)
    url = reverse("pfmp:student_safety", args=[scene.school.uai, scene.student.public_id])
    private = client.get(url).content.decode()  # taught, not followed: neither the opinion nor the date of birth
    assert "Favorable" not in private and "2009" not in private
    scene.placement()
    page = client.get(url)
    assert page.status_code == 200 and "Favorable" in page.content.decode()
    assert (
        client.get(reverse("pfmp:class_safety", args=[scene.school.uai, scene.school_class.public_id])).status_code
        == 403
    )
    stranger = factories.StudentFactory(school=scene.school)
    assert client.get(reverse("pfmp:student_safety", args=[scene.school.uai, stranger.public_id])).status_code == 404


def test_a_stay_abroad_waits_for_the_sheet_of_its_country(client, scene):
    placement = scene.placement(country="BE")
    assert broken(placement) == {"R-CONV-11"}
    client.force_login(scene.cast.bde.user)
    sent = {"country": "BE", "text": "38 heures par semaine.", "checked_date": "2026-02-01"}
    assert client.post(scene.url("fiches-pays/nouveau/"), sent).status_code == 302
    assert CountrySheet.objects.in_school(scene.school).get().country == "BE"
    assert broken(placement) == set()
    assert safety.country_texts(scene.school, {"BE", ""}) == {"BE": "38 heures par semaine."}
    again = client.post(scene.url("fiches-pays/nouveau/"), sent)
    assert again.status_code == 422 and "a déjà sa fiche" in again.content.decode()
