"""Verbs about figures: compute and keep them now, or ask for it."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit, jobs
from core.models import Job
from core.school_year import SchoolYear
from indicators import figures, quarterly, rules, tasks
from indicators.enums import ReportVersion
from indicators.models import FigureComment, Snapshot
from schools.models import School


def refresh(school: School, year: SchoolYear, today: date, *, by: User | None = None) -> Snapshot:
    """Compute and store the dated figures here and now. Raises rules.TooEarly before the year begins."""
    return figures.refresh(school, year, today, by=by)


def ask_refresh(school: School, year: SchoolYear, today: date, *, by: User) -> Job:
    """Have a worker compute and store them; the job to follow, that of an earlier request when it still runs.

    Raises rules.TooEarly before the year begins.
    """
    rules.bounds(year, today)
    return jobs.enqueue(
        tasks.refresh_year,
        by=by,
        scope=school.uai,
        total=figures.steps(),
        school_id=school.pk,
        year=year.code,
        today=today,
        by_id=by.pk,
    )


REPORT_KIND = tasks.write_yearly_report.name
PAPER_KINDS = (REPORT_KIND, tasks.write_quality_file.name, tasks.write_quarterly_note.name)
"""What the page of reports follows."""


def ask_report(
    school: School, year: SchoolYear, today: date, *, by: User, version: ReportVersion = ReportVersion.BOARD
) -> Job:
    """Have a worker write the yearly report; the job to follow. Raises rules.TooEarly before the year begins."""
    rules.bounds(year, today)
    return _ask(tasks.write_yearly_report, school, year, today, by=by, version=version.value)


def ask_quality_file(school: School, year: SchoolYear, today: date, *, by: User) -> Job:
    """Have a worker write the quality file; the job to follow. Raises rules.TooEarly before the year begins."""
    rules.bounds(year, today)
    return _ask(tasks.write_quality_file, school, year, today, by=by)


def ask_quarterly_note(
    school: School, quarter: quarterly.Quarter, today: date, *, by: User, version: ReportVersion
) -> Job:
    """Have a worker write the note of a quarter; the job to follow. Raises rules.TooEarly before the quarter begins."""
    if today < quarter.start:
        raise rules.TooEarly(f"Le trimestre de {quarter.label} n’a pas commencé.")
    return _ask(
        tasks.write_quarterly_note, school, quarter.year, today, by=by, quarter=quarter.number, version=version.value
    )


def _ask(task: jobs.Task, school: School, year: SchoolYear, today: date, *, by: User, **said: Any) -> Job:
    return jobs.enqueue(
        task, by=by, scope=school.uai, total=4, school_id=school.pk, year=year.code, today=today, by_id=by.pk, **said
    )


def refresh_under_way(school: School, year: SchoolYear) -> Job | None:
    """The computation that runs or waits for a school and year, if any."""
    key = tasks.refresh_year.key.format(school_id=school.pk, year=year.code)
    return Job.objects.alive().filter(key=key).first()


@transaction.atomic
def comment(school: School, year: SchoolYear, code: str, text: str, *, by: User) -> FigureComment | None:
    """Keep what the school says of a figure of a year; an empty text takes it away. Returns the comment that stands."""
    if not text.strip():
        if FigureComment.objects.in_school(school).filter(year=year.code, code=code).delete()[0]:
            audit.record("indicators.comment_removed", by=by, scope=school.uai, year=year.code, code=code)
        return None
    kept, _ = FigureComment.objects.update_or_create(
        school=school,
        year=year.code,
        code=code,
        defaults={"text": text.strip(), "updated_by": by},
        create_defaults={"text": text.strip(), "updated_by": by, "created_by": by},
    )
    audit.record("indicators.comment_written", kept, by=by, year=year.code, code=code)
    return kept
