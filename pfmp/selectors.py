"""Reads across the tables of PFMP."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q, prefetch_related_objects

from core.school_year import SchoolYear
from documents import selectors as signing
from documents.enums import SIGNED, DocumentType, SignatureStatus, Subject
from documents.models import Document, Signature
from pfmp import rules
from pfmp.enums import SECURED, SOLUTION, PlacementStatus
from pfmp.models import Exemption, Period, Placement
from pfmp.rules import milestones
from schools.models import School, Schooling, Student


def board_approval(school: School) -> rules.BoardApproval:
    """Whether the date of the board's vote is entered (R-CONV-07)."""
    return rules.BoardApproval.GIVEN if school.board_vote_date else rules.BoardApproval.MISSING


def placement_facts(
    placements: Iterable[Placement], *, approval: rules.BoardApproval = rules.BoardApproval.UNKNOWN
) -> list[rules.Facts]:
    """What the rules need to judge each placement, in the order given: the same few queries for one or for a whole class.

    The placements, saved or not (a form's), are all of one school; a saved one is judged as the object says, not as the
    database does. R-CONV-07 is judged only when `approval` is given (see `board_approval`).
    """
    placements = list(placements)
    if not placements:
        return []
    prefetch_related_objects(placements, "student", "partner", "period__school_class")
    mine = [_facts_of(placement) for placement in placements]
    school_id = placements[0].school_id
    return rules.gather(mine, _neighbours(mine, school_id), approval)


def check_placement(
    placement: Placement, *, approval: rules.BoardApproval = rules.BoardApproval.UNKNOWN
) -> rules.CheckResult:
    """What the rules say of one placement, saved or not."""
    (facts,) = placement_facts([placement], approval=approval)
    return rules.check(facts)


def _facts_of(placement: Placement) -> rules.PlacementFacts:
    student, partner, period = placement.student, placement.partner, placement.period
    return rules.PlacementFacts(
        key=placement.public_id,
        start=placement.start_date,
        end=placement.end_date,
        student=rules.StudentFacts(student.pk, student.birth_date, student.guardian_name),
        host=rules.HostFacts(
            partner.pk, partner.name, partner.siret, partner.naf, partner.headcount, partner.postal_code
        ),
        period=rules.PeriodFacts(
            period.start_date,
            period.end_date,
            period.year,
            period.school_class.niveau,
            period.school_class.diploma,
            period.label,
        ),
        tutor_key=placement.tutor_id,
        referent_email=placement.referent_email,
        timetable_text=placement.timetable,
        activities=placement.tasks,
        cancelled=placement.status == PlacementStatus.CANCELLED,
        interrupted_on=placement.interrupted_date if placement.status == PlacementStatus.INTERRUPTED else None,
    )


NEIGHBOUR_COLUMNS = (
    "public_id", "start_date", "end_date", "student_id", "partner_id", "partner__name", "partner__siret",
    "partner__postal_code", "period__start_date", "period__end_date", "period__year", "tutor_id", "referent_email",
    "timetable", "status", "interrupted_date",
)  # fmt: skip


def _neighbours(mine: list[rules.PlacementFacts], school_id: int) -> list[rules.PlacementFacts]:
    """The school's placements around these: all of the same students, and all present in the same civil weeks.

    Which of them share a host (SIREN) or a referent (address without case) is for the rules to say, the same way on every
    database. Their own papers are not judged: what only those need is left out.
    """
    first = min(rules.monday_of(one.start) for one in mine)
    last = date.fromordinal(min(max(one.end for one in mine).toordinal() + 6, date.max.toordinal()))
    rows = (
        Placement.objects.in_school(school_id)
        .not_cancelled()
        .filter(Q(student_id__in={one.student.key for one in mine}) | Q(start_date__lte=last, end_date__gte=first))
        .values_list(*NEIGHBOUR_COLUMNS)
    )
    return [
        rules.PlacementFacts(
            key=key,
            start=start,
            end=end,
            student=rules.StudentFacts(student_id),
            host=rules.HostFacts(partner_id, partner_name, siret, postal_code=postal_code),
            period=rules.PeriodFacts(period_start, period_end, year),
            tutor_key=tutor_id,
            referent_email=referent_email,
            timetable_text=timetable,
            interrupted_on=interrupted_date if status == PlacementStatus.INTERRUPTED else None,
        )
        for (
            key, start, end, student_id, partner_id, partner_name, siret, postal_code, period_start, period_end, year,
            tutor_id, referent_email, timetable, status, interrupted_date,
        ) in rows
    ]  # fmt: skip


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


def expected_students(periods: Iterable[Period], today: date) -> dict[int, list[int]]:
    """The pupils expected for each period of one school, by primary key: three queries whatever the number of periods.

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
    exempted = set(
        Exemption.objects.in_school(school_id).filter(period__in=periods).values_list("period_id", "student_id")
    )
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

STEPS = (
    "sans_place", "a_replacer", "convention_refusee", "piste_en_cours", "place_trouvee", "convention_editee", "a_signer",
    "convention_complete", "en_entreprise", "termine", "dispense",
)  # fmt: skip
"""Where a pupil stands for a period, from who needs help most; the words are in core.status."""

WAITING = ("sans_place", "a_replacer", "piste_en_cours")
"""Steps of a pupil who has no place yet."""

_STEP_OF = {
    PlacementStatus.PROSPECT: "piste_en_cours",
    PlacementStatus.CONFIRMED: "place_trouvee",
    PlacementStatus.ISSUED: "convention_editee",
    PlacementStatus.SIGNED: "convention_complete",
    PlacementStatus.ONGOING: "en_entreprise",
    PlacementStatus.FINISHED: "termine",
    PlacementStatus.INTERRUPTED: "termine",
}
_BEST = (
    PlacementStatus.ONGOING, PlacementStatus.SIGNED, PlacementStatus.ISSUED, PlacementStatus.CONFIRMED,
    PlacementStatus.FINISHED, PlacementStatus.INTERRUPTED, PlacementStatus.PROSPECT,
)  # fmt: skip


@dataclass
class Situation:
    """One pupil and one period: the placements, the paper, the step."""

    period: Period
    student: Student
    today: date
    is_exempted: bool = False
    placements: list[Placement] = field(default_factory=list)
    document: Document | None = None
    signatures: list[Signature] = field(default_factory=list)

    @cached_property
    def placement(self) -> Placement | None:
        """The one that counts most among those not cancelled."""
        alive = [one for one in self.placements if one.status != PlacementStatus.CANCELLED]
        return min(alive, key=lambda one: _BEST.index(PlacementStatus(one.status)), default=None)

    @cached_property
    def step(self) -> str:
        """A code of STEPS. To be placed again: every solution was interrupted before the end (A-83)."""
        if self.is_exempted:
            return "dispense"
        if self.placement is None:
            return "sans_place"
        solutions = [one for one in self.placements if one.status in SOLUTION]
        if solutions and all(
            one.status == PlacementStatus.INTERRUPTED and one.interrupted_date and one.interrupted_date <= self.today
            for one in solutions
        ):
            return "a_replacer" if self.today < self.period.end_date else "termine"
        step = _STEP_OF[PlacementStatus(self.placement.status)]
        if step == "place_trouvee" and self.refusal:
            return "convention_refusee"
        return "a_signer" if step == "convention_editee" and self.signed else step

    @property
    def has_solution(self) -> bool:
        return any(one.status in SOLUTION for one in self.placements)

    @property
    def is_secured(self) -> bool:
        return any(one.status in SECURED for one in self.placements)

    @cached_property
    def signed(self) -> int:
        return sum(row.status in SIGNED for row in self.signatures)

    @cached_property
    def refusal(self) -> Signature | None:
        """Who refuses to sign the convention, and why."""
        return next((row for row in self.signatures if row.status == SignatureStatus.REFUSED), None)

    @property
    def awaited(self) -> list[Signature]:
        """The signatures that are missing, in order."""
        return [row for row in self.signatures if row.status not in SIGNED]

    @property
    def missing(self) -> str:
        """Who has not signed, in words: « l’entreprise, le tuteur »."""
        waiting = [row.role for row in self.signatures if row.status not in SIGNED]
        return ", ".join(signing.SIGNERS[role] for role in waiting)

    @cached_property
    def days_late(self) -> int:
        """Days past the day by which this step should be behind (milestones)."""
        return milestones.days_late(self.step, self.period.start_date, self.today)

    @property
    def needs_place(self) -> bool:
        return self.step in WAITING


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
    seen = None if students is None else set(students)
    expected = expected_students(periods, today)
    exempted: dict[int, set[int]] = defaultdict(set)
    for period_id, student_id in (
        Exemption.objects.in_school(school_id).filter(period__in=periods).values_list("period_id", "student_id")
    ):
        exempted[period_id].add(student_id)
    placed: dict[tuple[int, int], list[Placement]] = defaultdict(list)
    placements = (
        Placement.objects.in_school(school_id)
        .filter(period__in=periods)
        .select_related("partner", "school")
        .order_by("start_date")
    )
    for placement in placements:
        placed[placement.period_id, placement.student_id].append(placement)
    papers = latest_papers(one for ones in placed.values() for one in ones)
    signatures = signatures_of(papers.values())
    concerned = {
        period.pk: {*expected[period.pk], *exempted[period.pk], *(pupil for pk, pupil in placed if pk == period.pk)}
        for period in periods
    }
    everyone = set().union(*concerned.values())
    if seen is not None:
        everyone &= seen
    pupils = {
        pupil.pk: pupil
        for pupil in Student.objects.in_school(school_id).filter(pk__in=everyone).select_related("school")
    }
    found: dict[int, list[Situation]] = {}
    for period in periods:
        rows = []
        for pupil in concerned[period.pk] & pupils.keys():
            row = Situation(period, pupils[pupil], today, pupil in exempted[period.pk], placed[period.pk, pupil])
            if row.placement and (paper := papers.get(row.placement.dossier_id)):
                row.document, row.signatures = paper, signatures[paper.pk]
            rows.append(row)
        found[period.pk] = sorted(rows, key=lambda row: (row.student.last_name, row.student.first_name, row.student.pk))
    return found
