"""`integrity` is silent on right data, and finds what a hand in the database spoils."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from documents.models import Document
from partners.models import Offer, Partner
from pfmp.models import Period, Placement
from schools.models import School, Schooling, Student
from surveys.models import Survey, SurveyAnswer
from tests.exchange import dossiers
from tests.exchange.commands import answer, import_dossier
from tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db
UAI = "0755890V"


@pytest.fixture
def school(tmp_path: Path) -> School:
    rows = dossiers.make(dossiers.Chance(7), UAI, dict.fromkeys(dossiers.SCHEMAS, 4))
    assert import_dossier(dossiers.write(tmp_path / "in", rows))["errors"] == []
    return School.objects.get()


def of(model: type[models.Model], school: School) -> models.QuerySet:
    return model._default_manager.filter(school=school)


def test_what_came_in_is_whole(school: School) -> None:
    result = answer("integrity")
    assert (result["code"], result["ok"], result["breaches"]) == (0, True, [])


def _other_contact(school: School) -> None:
    placement = of(Placement, school).first()
    other = PartnerFactory(school=school)
    placement.tutor = other.contacts.create(school=school, partner=other, dossier_id="c", last_name="X")
    placement.save()


def _altered_paper(school: School) -> None:
    document = of(Document, school).first()
    document.file = default_storage.save("documents/x.pdf", ContentFile(b"%PDF other"))
    document.save()


@pytest.mark.parametrize(
    ("spoil", "rule", "table"),
    [
        (lambda s: of(Offer, s).update(partner=PartnerFactory()), "etablissement", "partners_offer"),
        (lambda s: of(Schooling, s).update(year="2019-2020"), "annee", "schools_schooling"),
        (lambda s: of(Period, s).update(year="2019-2020"), "annee", "pfmp_period"),
        (lambda s: of(Partner, s).update(type="inconnu"), "liste", "partners_partner"),
        (lambda s: of(Student, s).update(last_name=""), "vide", "schools_student"),
        (lambda s: School.objects.update(uai="0755890W"), "uai", "schools_school"),
        (lambda s: of(Document, s).update(subject="placement", subject_id="parti"), "objet", "documents_document"),
        (_other_contact, "tuteur", "pfmp_placement"),
        (_altered_paper, "empreinte", "documents_document"),
    ],
)
def test_what_is_spoilt_is_found(school: School, spoil: Callable[[School], object], rule: str, table: str) -> None:
    spoil(school)
    result = answer("integrity")
    assert result["code"] == 1
    assert (rule, table) in {(breach["rule"], breach["table"]) for breach in result["breaches"]}


def test_an_answer_to_another_audience_is_found(school: School) -> None:
    survey = Survey.objects.create(school=school, audience="equipe", title="E", opened_date="2026-01-01")
    SurveyAnswer.objects.create(school=school, audience="eleve", date="2026-01-02", grade=4, survey=survey)
    assert {breach["rule"] for breach in answer("integrity")["breaches"]} == {"public"}
