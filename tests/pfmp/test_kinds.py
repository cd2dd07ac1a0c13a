"""Sequences of observation beside PFMP: in no figure, in no dossier, in the places of a host (R-OBS-02)."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.school_year import SchoolYear
from documents.models import Document, Signature
from indicators import figures
from partners.models import Partner
from pfmp.enums import OBSERVATIONS, PlacementStatus
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
