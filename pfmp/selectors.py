"""Reads across the tables of PFMP."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Subquery

from core.school_year import SchoolYear
from documents import selectors as signing
from documents.enums import DocumentType, SignatureStatus, Subject
from documents.models import Document, Signature
from pfmp import certificates, milestones
from pfmp.enums import ENDED, MilestoneStep
from pfmp.facts import board_approval, check_placement, placement_facts
from pfmp.models import Delivery, Exemption, Period, PfmpSettings, Placement, Visit, WelcomeOpinion
from pfmp.situations import STEPS, WAITING, Situation, main_placement
from schools.models import School, Schooling, Student

__all__ = [
    "STEPS",
    "WAITING",
    "Situation",
    "board_approval",
    "check_placement",
    "expected_students",
    "last_deliveries",
    "latest_papers",
    "placement_facts",
    "school_insurance",
    "signatures_of",
    "situations",
]  # fmt: skip  the first three are pfmp.situations'


def school_insurance(school: School) -> str:
    """The insurer and contract of the school, as its PFMP settings say; empty when they do not."""
    found = PfmpSettings.objects.in_school(school).values_list("school_insurance", flat=True).first()
    return found or ""


def latest_papers(placements: Iterable[Placement]) -> dict[str, Document]:
    """The last edition of each placement's convention, by the placement's dossier id; one query for a whole class."""
    placements = list(placements)
    if not placements:
        return {}
    papers = (
        Document.objects.in_school(placements[0].school_id)
        .filter(
            type=DocumentType.PFMP_CONVENTION,
            subject=Subject.PLACEMENT,
            subject_id__in=[placement.dossier_id for placement in placements],
        )
        .select_related("school")
        .order_by("edition", "issued_at")
    )
    return {paper.subject_id: paper for paper in papers}


def signatures_of(documents: Iterable[Document]) -> dict[int, list[Signature]]:
    """The signatures that count, by paper, in the order of its boxes; one query. A minor's own, not given, is left out."""
    documents = list(documents)
    found: dict[int, list[Signature]] = defaultdict(list)
    if documents:
        rows = Signature.objects.in_school(documents[0].school_id).filter(document__in=documents).counted()
        for row in rows.exclude(status=SignatureStatus.VOIDED):
            found[row.document_id].append(row)
        for paper in found.values():
            paper[:] = signing.in_boxes(paper)
    return found


# ------------------------------------------------------------------------------------------------ who is expected where


def exempted_pairs(periods: Sequence[Period]) -> dict[tuple[int, int], UUID]:
    """The pupils who do not do a period: the exemption's public id by (period, pupil); one query."""
    rows = Exemption.objects.in_school(periods[0].school_id).filter(period__in=periods)
    return {(period, student): key for period, student, key in rows.values_list("period_id", "student_id", "public_id")}


def expected_students(
    periods: Iterable[Period], today: date, exempted: Container[tuple[int, int]] | None = None
) -> dict[int, list[int]]:
    """The pupils expected for each period of one school, by primary key: two queries whatever the number of periods.

    On the reference day R = min(start, min(today, end of the year)), the pupil's class is the period's (the latest entry
    wins, then the smallest code), they stay until it begins, and they are not exempted. A-05, A-07, A-08, A-80, A-81.
    """
    periods = list(periods)
    if not periods:
        return {}
    school_id = periods[0].school_id
    years = {period.year for period in periods}
    stays: dict[tuple[str, int], list[_Stay]] = defaultdict(list)
    rows = (
        Schooling.objects.in_school(school_id)
        .filter(year__in=years)
        .values_list("year", "student_id", "school_class_id", "school_class__code", "entry_date", "exit_date")
    )
    for year, student, klass, code, entry, leaving in rows:
        bounds = SchoolYear.parse(year)
        first, last = max(entry, bounds.start), min(leaving or bounds.end, bounds.end)
        if first <= last:
            stays[year, student].append(_Stay(klass, code, entry, first, last))
    if exempted is None:
        exempted = exempted_pairs(periods)
    by_class: dict[tuple[str, int], set[int]] = defaultdict(set)
    for (year, student), lines in stays.items():
        for stay in lines:
            by_class[year, stay.klass].add(student)
    found = {}
    for period in periods:
        day = min(period.start_date, today, SchoolYear.parse(period.year).end)
        found[period.pk] = [
            student
            for student in by_class.get((period.year, period.school_class_id), ())
            if (period.pk, student) not in exempted
            and (held := _stay_on(stays[period.year, student], day)) is not None
            and held.klass == period.school_class_id
            and held.last >= period.start_date
        ]
    return found


@dataclass(frozen=True)
class _Stay:
    """A pupil's time in a class, within the school year (A-05)."""

    klass: int
    code: str
    entry: date
    first: date
    last: date


def _stay_on(stays: Sequence[_Stay], day: date) -> _Stay | None:
    """The class of a pupil on a day: the latest entry, then the smallest code (C-07, A-07)."""
    there = [stay for stay in stays if stay.first <= day <= stay.last]
    if not there:
        return None
    latest = max(stay.entry for stay in there)
    return min((stay for stay in there if stay.entry == latest), key=lambda stay: stay.code)


# ------------------------------------------------------------------------------------------------------------ the board


def situations(
    periods: Iterable[Period], today: date, *, students: Iterable[int] | None = None
) -> dict[int, list[Situation]]:
    """Each pupil concerned by each period, by name: expected, exempted, or placed there all the same.

    A few queries whatever the number of pupils. `students` limits to the pupils that one may see.
    """
    periods = list(periods)
    if not periods:
        return {}
    school_id = periods[0].school_id
    exempted = exempted_pairs(periods)
    expected = expected_students(periods, today, exempted)
    placed: dict[tuple[int, int], list[Placement]] = defaultdict(list)
    placements = (
        Placement.objects.in_school(school_id)
        .filter(period__in=periods)
        .select_related("partner", "school")
        .annotate(
            sheet=F("pre_convention__state"),
            is_visited=Exists(Visit.objects.filter(placement=OuterRef("pk"))),
            alert=Subquery(
                Visit.objects.filter(placement=OuterRef("pk"), alert_level__gt=0, alert_closed_date=None)
                .order_by("-alert_level")
                .values("alert_level")[:1]
            ),
            has_opinion=Exists(WelcomeOpinion.objects.filter(placement=OuterRef("pk"))),
        )
        .order_by("start_date")
    )
    for placement in placements:
        placed[placement.period_id, placement.student_id].append(placement)
    shown = [one for ones in placed.values() if (one := main_placement(ones))]
    papers = latest_papers(shown)
    signatures = signatures_of(papers.values())
    certified = certificates.received(one for one in shown if one.status in ENDED)
    handed = last_deliveries(shown)
    concerned = {
        period.pk: {*expected[period.pk], *(pupil for pk, pupil in (*exempted, *placed) if pk == period.pk)}
        for period in periods
    }
    shown_pupils = Student.objects.in_school(school_id).filter(pk__in=set().union(*concerned.values()))
    if students is not None:
        shown_pupils = shown_pupils.filter(pk__in=students)
    pupils = {pupil.pk: pupil for pupil in shown_pupils.select_related("school")}
    backward = milestones.backward(periods)
    found: dict[int, list[Situation]] = {}
    for period in periods:
        rows, present = [], set(expected[period.pk])
        for pupil in concerned[period.pk] & pupils.keys():
            row = Situation(
                period, pupils[pupil], today, (period.pk, pupil) in exempted, pupil in present, placed[period.pk, pupil],
                backward=backward,
            )  # fmt: skip
            row.exemption_id = exempted.get((period.pk, pupil))
            if row.placement:
                main: Any = row.placement  # with what the query adds
                row.alert = main.alert or 0
                row.sheet, row.is_visited, row.has_opinion = main.sheet or "", main.is_visited, main.has_opinion
                row.is_certified = main.pk in certified
                row.deliveries = handed.get(main.pk, {})
                if paper := papers.get(main.dossier_id):
                    row.document, row.signatures = paper, signatures[paper.pk]
            rows.append(row)
        found[period.pk] = sorted(rows, key=lambda row: (row.student.last_name, row.student.first_name, row.student.pk))
    return found


def last_deliveries(placements: Sequence[Placement]) -> dict[int, dict[MilestoneStep, Delivery]]:
    """The last hand-over of each paper of each placement, by primary key and step: one query."""
    found: dict[int, dict[MilestoneStep, Delivery]] = defaultdict(dict)
    if placements:
        rows = Delivery.objects.in_school(placements[0].school_id).filter(placement__in=placements)
        for row in rows.select_related("given_by", "received_by").order_by("given_at", "pk"):
            found[row.placement_id][MilestoneStep(row.step)] = row
    return found
