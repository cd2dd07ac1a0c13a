"""The follow-up booklet of a stay: printed blank before the departure, the same pages filled after (six pages at most).

Who, where, when, what; a calendar of presence to sign; contacts and visits; the tutor's grid; the days of the attestation.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string

from core import holidays_fr, jobs, pdf, typography
from pfmp import certificates, documents, evaluating, rules
from pfmp.models import Absence, Period, Placement, Terms, TutorEvaluation, Visit
from pfmp.rules import evaluation
from pfmp.rules.timetable import Timetable, week_in_words
from schools.models import Membership

STYLES = ("paper", "evaluation", "booklet")
FIT = pdf.Fit(pages=6, dense="booklet_dense")
MOST_DAYS = 84
"""Days of the calendar of presence: twelve weeks; a longer stay goes on on paper."""
BLANK_CONTACTS = 5


@dataclass(frozen=True)
class Day:
    """A day of the calendar of presence: to sign, or why not."""

    day: date
    said: str  # "férié", "absent", "non travaillé"; empty: to sign


def placements_of(period: Period, wanted: Iterable[int]) -> QuerySet[Placement]:
    """The placements of a period to print, by name, with what the booklet says of them."""
    return (
        Placement.objects.in_school(period.school_id)
        .filter(period=period, pk__in=list(wanted))
        .select_related("school", "student", "partner", "tutor", "period__school_class")
        .order_by("student__search_text", "pk")
    )


def title_of(placement: Placement) -> str:
    return f"Livret de suivi, {placement.student.full_name}"


def weeks_of(placement: Placement, timetable: Timetable | None, absences: Iterable[Absence]) -> list[list[Day]]:
    """The weekdays of the stay, week by week, with Saturdays and Sundays that the timetable works."""
    missed = {row.date: row.get_kind_display().lower() for row in absences}
    end = min(placement.end_date, placement.start_date + timedelta(days=MOST_DAYS))
    holidays = holidays_fr.holidays_between(
        placement.start_date, end, alsace_moselle=holidays_fr.is_alsace_moselle(placement.partner.postal_code)
    )
    found = []
    day = placement.start_date
    while day <= end:
        works = timetable is None or bool(timetable.days[day.weekday()])
        if works or day.weekday() < 5:
            said = missed.get(day) or ("férié" if day in holidays else "" if works else "non travaillé")
            if day.weekday() < 5 or timetable is not None:
                found.append(Day(day, said))
        day += timedelta(days=1)
    return [list(group) for _, group in groupby(found, key=lambda one: one.day.isocalendar()[:2])]


@dataclass(frozen=True)
class Desk:
    """What the booklets of one school share, asked for once for a class."""

    absences: dict[int, list[Absence]]
    visits: dict[int, list[Visit]]
    referents: dict[str, Membership]
    certificates: dict[int, certificates.Certificate]
    grids: dict[int, TutorEvaluation]
    terms: dict[int, Terms]
    usual_skills: list[evaluation.Line]


def desk_of(placements: list[Placement]) -> Desk:
    """Absences, visits, referents, attestations, grids and skills of placements of one class."""
    school = placements[0].school_id
    absences: dict[int, list[Absence]] = {}
    for row in Absence.objects.in_school(school).filter(placement__in=placements).order_by("date"):
        absences.setdefault(row.placement_id, []).append(row)
    visits: dict[int, list[Visit]] = {}
    for visit in Visit.objects.in_school(school).filter(placement__in=placements).order_by("date"):
        visits.setdefault(visit.placement_id, []).append(visit)
    return Desk(
        absences,
        visits,
        documents.referents_of(placements),
        certificates.of(placements),
        {row.placement_id: row for row in TutorEvaluation.objects.in_school(school).filter(placement__in=placements)},
        {row.placement_id: row for row in Terms.objects.in_school(school).filter(placement__in=placements)},
        evaluating.usual_skills(placements[0].period.school_class),
    )


def html(placement: Placement, desk: Desk, *, with_grid: bool) -> str:
    """The pages of one booklet; what is not known yet is a line to fill by hand.

    `with_grid`: may its reader know what the tutor answered (`evaluating.may_read`)? Else the grid is blank.
    """
    timetable = rules.parse_timetable(placement.timetable)
    readable = timetable if isinstance(timetable, Timetable) else None
    row = desk.grids.get(placement.pk) if with_grid else None
    given = row if row and row.submitted_at else None
    visits = desk.visits.get(placement.pk, [])
    context: dict[str, Any] = {
        "title": title_of(placement),
        "placement": placement,
        "school": placement.school,
        "referent": desk.referents.get(placement.referent_email.strip().casefold()),
        "hours": week_in_words(readable) if readable else [],
        "tasks": [line.strip(" -•\t") for line in placement.tasks.splitlines() if line.strip()],
        "weeks": weeks_of(placement, readable, desk.absences.get(placement.pk, [])),
        "weekdays": [name.capitalize() for name in typography.WEEKDAYS],
        "visits": visits,
        "blank_contacts": range(max(1, BLANK_CONTACTS - len(visits))),
        "levels": list(evaluation.LEVELS.values()),
        "skills": evaluating.shown(
            evaluating.agreed(desk.terms.get(placement.pk)) or desk.usual_skills, given.marks if given else {}
        ),
        "attitudes": evaluating.shown(evaluating.ATTITUDES, given.attitudes if given else {}),
        "given": given,
        "formative": evaluation.FORMATIVE if evaluation.is_formative(placement.period.school_class.niveau) else "",
        "certificate": desk.certificates.get(placement.pk),
    }
    return render_to_string("pdf/booklet.html", context)


def render(placement: Placement, *, with_grid: bool) -> bytes:
    """The PDF/UA file of one booklet."""
    return pdf.render(
        html(placement, desk_of([placement]), with_grid=with_grid), title=title_of(placement), styles=STYLES, fit=FIT
    )


def render_class(placements: list[Placement], *, title: str, with_grid: bool) -> bytes:
    """The booklets of a class as one file to print, each on a new sheet. Tells the job how far it is."""
    desk = desk_of(placements)

    def composed() -> Iterator[str]:
        for number, placement in enumerate(placements):
            jobs.progress(number, len(placements), "Les livrets sont dessinés un à un.")
            yield html(placement, desk, with_grid=with_grid)

    return pdf.combine(composed(), title=title, styles=STYLES, fit=FIT, start_on_recto=True)
