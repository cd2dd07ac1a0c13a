"""Sequences of observation beside PFMP: in no figure, in no dossier, in the places of a host (R-OBS-02)."""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pypdf import PdfReader

from core.school_year import SchoolYear
from documents.models import Document, Signature
from documents.wording import versions
from indicators import figures
from partners.models import Partner
from pfmp import documents, example_papers, paper_text, services
from pfmp.enums import OBSERVATIONS, PeriodKind, PlacementStatus
from pfmp.models import Period, Placement
from schools.models import School, SchoolClass, Student
from tests.exchange.commands import export_dossier, import_dossier, written
from tests.factories import (
    DocumentFactory,
    ExemptionFactory,
    PeriodFactory,
    PlacementFactory,
    SignatureFactory,
    SurveyFactory,
    VisitFactory,
)
from tests.indicators import dossiers
from tests.indicators.random_dossiers import UAIS, YEARS, Draw
from tests.pfmp.conftest import Scene


def observe(school: School) -> None:
    """A sequence of every kind in every class of a school, and all that can hang on one."""
    pupils = list(Student.objects.in_school(school).order_by("pk"))
    partners = list(Partner.objects.in_school(school).order_by("pk"))
    for klass in SchoolClass.objects.in_school(school):
        for number, kind in enumerate(OBSERVATIONS):
            start = SchoolYear.parse(klass.year).start + timedelta(days=60 + 30 * number)
            period = PeriodFactory(
                school=school, school_class=klass, year=klass.year, kind=kind, start_date=start,
                end_date=start + timedelta(days=4),
            )  # fmt: skip
            ExemptionFactory(school=school, period=period, student=pupils[0])
            for rank, (pupil, status) in enumerate(zip(pupils, PlacementStatus.values, strict=False)):
                placement = PlacementFactory(
                    school=school, period=period, student=pupil, status=status, start_date=start,
                    end_date=period.end_date, partner=partners[rank % len(partners)],
                    interrupted_date=start if status == "interrompu" else None,
                )  # fmt: skip
                VisitFactory(school=school, placement=placement, date=start, mode="sur_place")
                paper = DocumentFactory(school=school, subject_id=placement.dossier_id, sha256="a" * 64)
                SignatureFactory(school=school, document=paper, status="attendue")


def figures_of(school: School) -> list[str]:
    """What the platform says of two years, as text."""
    asked = {YEARS[1]: date(2026, 8, 31), YEARS[2]: date(2026, 12, 15)}
    return [
        json.dumps(figures.compute(school, SchoolYear.parse(year), today).as_json()) for year, today in asked.items()
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 11])
def test_observations_change_no_indicator_and_no_line_of_the_dossier(seed: int, tmp_path: Path) -> None:
    school = dossiers.load(Draw(seed).everything())[UAIS[0]]
    survey = SurveyFactory(school=school)
    before = figures_of(school)
    export_dossier(school.uai, tmp_path / "before")
    observe(school)
    survey.period = Period.objects.in_school(school).filter(kind=OBSERVATIONS[0]).first()
    survey.save()
    assert survey.period
    assert figures_of(school) == before
    export_dossier(school.uai, tmp_path / "after")
    files = sorted((tmp_path / "before").glob("*.csv"))
    assert len(files) > 20
    for file in files:
        assert (tmp_path / "after" / file.name).read_bytes() == file.read_bytes(), file.name
    kept = [model.objects.in_school(school).count() for model in (Period, Placement, Document, Signature)]
    result = import_dossier(tmp_path / "after", "--prune")
    assert (result["code"], written(result)) == (0, 0), result
    assert [model.objects.in_school(school).count() for model in (Period, Placement, Document, Signature)] == kept


# ---------------------------------------------------------------------------------------------------- their conventions

SAYS = {
    PeriodKind.PFMP: ["période de formation en milieu professionnel", "Annexe financière", "allocation"],
    PeriodKind.BTS: ["Convention de stage", "étudiant", "délai de carence", "308 heures|trois cent huit", "D643-4"],
    PeriodKind.OBSERVATION_3E: ["classe de 3e", "D331-9", "trente heures par semaine avant quinze ans", "cinq jours"],
    PeriodKind.OBSERVATION_2GT: ["2de générale", "D331-9", "deux semaines", "trente-cinq heures"],
    PeriodKind.OBSERVATION: ["L332-3-1", "D331-9", "vacances", "une semaine au plus"],
}


@pytest.mark.parametrize("kind", PeriodKind)
def test_each_kind_has_its_own_convention(kind: PeriodKind) -> None:
    """The words that its text requires; an observation asks for no task, no works, no money (R-OBS-02, R-3E-01)."""
    model = paper_text.model_of(kind)
    text = model.default()
    assert [problem for words in text.words.values() for problem in model.text_problems(words)] == []
    school = School(name="Lycée Jeanne-Barret", uai="0021987K", head_name="Hélène Vasseur")
    examples = example_papers.examples_of(kind)
    for key in examples.labels:
        content = example_papers.example_of(kind)(school, key)
        assert documents.ConventionContent.from_json(json.loads(json.dumps(content.to_json()))) == content
        page = " ".join(documents.html(content).replace("\u202f", " ").replace("\u00a0", " ").split())
        for said in SAYS[kind]:
            assert any(one in page for one in said.split("|")), (key, said)
        for forbidden in ("Gratification", "Avis médical", "Activités confiées"):
            assert (forbidden in page) == (kind not in OBSERVATIONS), forbidden
        assert model.name in page


@pytest.mark.django_db
def test_the_convention_issued_is_the_one_of_the_kind(scene: Scene) -> None:
    Period.objects.in_school(scene.school).update(kind=PeriodKind.OBSERVATION_3E)
    versions.save(scene.school, paper_text.MODEL, "1", "Objet d’une PFMP.", based_on=0, by=scene.teacher.user)
    placement = scene.placement(start_date=date(2026, 3, 2), end_date=date(2026, 3, 6))  # five days (R-3E-01)
    own = paper_text.model_of(PeriodKind.OBSERVATION_3E)
    versions.save(scene.school, own, "1", "Objet d’une observation.", based_on=0, by=scene.teacher.user)
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    assert document.content["kind"] == "observation_3e"
    documents.render_and_store(document)
    document.refresh_from_db()
    with document.file.open("rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
    said = " ".join(" ".join(sheet.extract_text().split()) for sheet in reader.pages)
    assert "Objet d’une observation." in said and "Objet d’une PFMP." not in said and "classe de 3e" in said
    assert {row.role for row in Signature.objects.in_school(scene.school).filter(document=document)} >= {
        "organisme_accueil", "tuteur", "responsable_legal", "enseignant_referent", "chef_etablissement",
    }  # fmt: skip
