"""Figures in the background: one school and year on demand, every school each night."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from core import jobs
from core.school_year import SchoolYear
from indicators import documents, figures, key_numbers, quality_file, quarterly, rules, sealing
from indicators.enums import ReportVersion
from schools.models import School


@jobs.task(key="indicators:{school_id}:{year}", label="Calcul des indicateurs", rerun=True)
def refresh_year(*, school_id: int, year: str, today: str, by_id: int | None = None, **_later: object) -> None:
    """Store the snapshot of a school year, dated `today` or the end of the year."""
    by = User.objects.filter(pk=by_id).first() if by_id else None
    figures.refresh(School.objects.get(pk=school_id), SchoolYear.parse(year), date.fromisoformat(today), by=by)


@jobs.task(key="indicators-night:{date}", label="Calcul des indicateurs de la nuit")
def refresh_every_school(*, date: str, **_later: object) -> None:
    """Ask for the figures of each school, one job each: a failure in one leaves the others alone. Closed years are sealed."""
    night = _day(date)
    schools = School.objects.order_by("pk").values_list("pk", "uai")
    closed = sealing.to_seal(night)
    with jobs.closing():
        for school_id, uai in schools:
            for year in rules.years_to_refresh(night):
                jobs.enqueue(refresh_year, scope=uai, school_id=school_id, year=year.code, today=night)
            jobs.enqueue(keep_numbers, scope=uai, school_id=school_id, date=night)
            for year in closed.get(school_id, ()):
                jobs.enqueue(seal_year, scope=uai, school_id=school_id, year=year.code, today=night)


@jobs.task(key="key-numbers:{school_id}:{date}", label="Chiffres des pages d’accueil")
def keep_numbers(*, school_id: int, date: str, **_later: object) -> None:
    """Keep the day's numbers of a school, for the curves of its home pages."""
    key_numbers.keep(School.objects.get(pk=school_id), _day(date))


@jobs.task(key="year-seal:{school_id}:{year}", label="Scellement des chiffres d’une année")
def seal_year(*, school_id: int, year: str, today: str, **_later: object) -> None:
    """Seal the figures of a closed year of a school."""
    sealing.seal(School.objects.get(pk=school_id), SchoolYear.parse(year), _day(today))


def _day(text: str) -> date:
    return date.fromisoformat(text)


@jobs.task(key="yearly-report:{school_id}:{year}:{version}", label="Rapport annuel")
def write_yearly_report(
    *, school_id: int, year: str, today: str, version: str = "conseil", by_id: int | None = None, **_later: object
) -> None:
    """The yearly report as a PDF: the job's file, and an issued paper."""
    documents.write_report(
        School.objects.get(pk=school_id),
        SchoolYear.parse(year),
        _day(today),
        by=_who(by_id),
        now=timezone.now(),
        version=ReportVersion(version),
    )


@jobs.task(key="quality-file:{school_id}:{year}", label="Dossier qualité")
def write_quality_file(*, school_id: int, year: str, today: str, by_id: int | None = None, **_later: object) -> None:
    """The quality file of a year: its PDF, and an issued paper from which its DOCX and ODT are written."""
    school = School.objects.get(pk=school_id)
    quality_file.write(school, SchoolYear.parse(year), _day(today), by=_who(by_id), now=timezone.now())


@jobs.task(key="quarterly-note:{school_id}:{year}:{quarter}:{version}", label="Note trimestrielle")
def write_quarterly_note(
    *, school_id: int, year: str, quarter: int, version: str, today: str, by_id: int | None = None, **_later: object
) -> None:
    """The note of a quarter as a PDF: the job's file, and an issued paper."""
    quarterly.write(
        School.objects.get(pk=school_id),
        quarterly.Quarter(SchoolYear.parse(year), quarter),
        _day(today),
        ReportVersion(version),
        by=_who(by_id),
        now=timezone.now(),
    )


def _who(by_id: int | None) -> User | None:
    return User.objects.filter(pk=by_id).first() if by_id else None
