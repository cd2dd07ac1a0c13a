"""What is known of searches for a place: who asked where, what came of it, who is refused everywhere (R-REF-08)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from core.french import plural
from pfmp import selectors
from pfmp.enums import ApproachState, PlacementStatus
from pfmp.models import Approach, Period, Placement
from schools.models import Membership, Student
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

MANY_REFUSALS = 3
"""From here a pupil without any place is brought up: a default, not the law."""
WAITING = (ApproachState.ASKED, ApproachState.WAITING)


def visible_approaches(membership: Membership) -> QuerySet[Approach]:
    """The approaches this person may read: a teacher those of the pupils they teach or follow."""
    approaches = Approach.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return approaches.none()
    if not is_own_only(membership):
        return approaches
    return approaches.filter(student__in=visible_students(membership).values("pk"))


def to_confirm(approaches: QuerySet[Approach]) -> QuerySet[Approach]:
    """Those that a company accepted and that no placement follows yet: somebody has to call, then to say so.

    A place that was found elsewhere, or the placement at this very company, answers it.
    """
    theirs = Placement.objects.filter(
        school=OuterRef("school"), student=OuterRef("student"), period=OuterRef("period")
    ).exclude(status=PlacementStatus.CANCELLED)
    settled = theirs.filter(~Q(status=PlacementStatus.PROSPECT) | Q(partner=OuterRef("partner")))
    return approaches.filter(state=ApproachState.ACCEPTED).exclude(Exists(settled))


@dataclass(frozen=True)
class Tally:
    """What one pupil's search for a period came to."""

    asked: int = 0
    refused: int = 0
    waiting: int = 0
    accepted: int = 0
    last: date | None = None

    @property
    def in_words(self) -> str:
        """« 8 demandes, 8 refus », « aucune démarche notée »."""
        if not self.asked:
            return "aucune démarche notée"
        said = [plural(self.asked, "demande")]
        if self.refused:
            said.append(f"{self.refused} refus")
        if self.waiting:
            said.append(f"{self.waiting} sans réponse")
        if self.accepted:
            said.append(plural(self.accepted, "accord"))
        return ", ".join(said)

    @property
    def is_refused_everywhere(self) -> bool:
        """Many refusals and no agreement: help first, without guessing why (R-REF-08)."""
        return self.refused >= MANY_REFUSALS and not self.accepted


def tallies(periods: Iterable[Period], *, students: Iterable[int] | None = None) -> dict[tuple[int, int], Tally]:
    """(student, period) → tally, in one query; companies still to contact are not counted."""
    periods = list(periods)
    if not periods:
        return {}
    found = (
        Approach.objects.in_school(periods[0].school_id)
        .filter(period__in=periods)
        .exclude(state=ApproachState.PLANNED)
        .values("student_id", "period_id")
        .annotate(
            asked=Count("pk"),
            refused=Count("pk", filter=Q(state=ApproachState.REFUSED)),
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            accepted=Count("pk", filter=Q(state=ApproachState.ACCEPTED)),
            last=Max("date"),
        )
        .order_by()
    )
    if students is not None:
        found = found.filter(student__in=students)
    return {
        (row["student_id"], row["period_id"]): Tally(
            row["asked"], row["refused"], row["waiting"], row["accepted"], row["last"]
        )
        for row in found
    }


@dataclass(frozen=True)
class Searcher:
    """A pupil without a place, and how their search goes."""

    row: selectors.Situation
    tally: Tally


def searchers(periods: Sequence[Period], membership: Membership, today: date) -> list[Searcher]:
    """The pupils of these periods whom this person may see and who have no place yet: most refusals first."""
    pupils = visible_students(membership).values_list("pk", flat=True) if is_own_only(membership) else None
    situations = selectors.situations(periods, today, students=pupils)
    known = tallies(periods)
    found = [
        Searcher(row, known.get((row.student.pk, row.period.pk), Tally()))
        for rows in situations.values()
        for row in rows
        if row.needs_place
    ]
    return sorted(
        found,
        key=lambda one: (-one.tally.refused, one.tally.asked, one.row.student.last_name, one.row.student.first_name),
    )


@dataclass(frozen=True)
class Refused:
    """A pupil whom companies refuse, by name, and the departure that comes."""

    public_id: UUID
    name: str
    class_label: str
    start_date: date
    period_id: UUID
    tally: Tally


def refused(found: QuerySet[Approach]) -> list[Refused]:
    """The pupils of these approaches who have many refusals, no agreement and no place: the soonest departure first; one query."""
    placed = Placement.objects.filter(school=OuterRef("school"), student=OuterRef("student"), period=OuterRef("period"))
    rows = (
        found.exclude(state=ApproachState.PLANNED)
        .exclude(Exists(placed.exclude(status=PlacementStatus.CANCELLED)))
        .values(
            "student__public_id", "student__last_name", "student__first_name", "period__start_date",
            "period__public_id", "period__school_class__label",
        )
        .annotate(
            asked=Count("pk"),
            no=Count("pk", filter=Q(state=ApproachState.REFUSED)),
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            yes=Count("pk", filter=Q(state=ApproachState.ACCEPTED)),
        )
        .filter(no__gte=MANY_REFUSALS, yes=0)
        .order_by("period__start_date", "-no", "student__last_name", "student__first_name")
    )  # fmt: skip
    return [
        Refused(
            row["student__public_id"],
            f"{row['student__last_name']} {row['student__first_name']}",
            row["period__school_class__label"],
            row["period__start_date"],
            row["period__public_id"],
            Tally(row["asked"], row["no"], row["waiting"], row["yes"]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Asked:
    """What is known of one company for one pupil and one period: how it answered them, how many others asked it."""

    state: ApproachState | None = None
    others: int = 0


def asked_at(partner_ids: Iterable[int], student: Student, period: Period) -> dict[int, Asked]:
    """What this pupil and the others who leave in the same days asked of these companies: one query."""
    states: dict[int, ApproachState] = {}
    others: dict[int, set[int]] = defaultdict(set)
    rows = (
        Approach.objects.in_school(period.school_id)
        .filter(
            partner__in=partner_ids, period__start_date__lte=period.end_date, period__end_date__gte=period.start_date
        )
        .order_by("date", "pk")
        .values_list("partner_id", "student_id", "state")
    )
    for partner, pupil, state in rows:
        if pupil == student.pk:
            states[partner] = ApproachState(state)
        elif state != ApproachState.PLANNED:
            others[partner].add(pupil)
    return {key: Asked(states.get(key), len(others[key])) for key in {*states, *others}}


def of_student(student: Student, membership: Membership) -> QuerySet[Approach]:
    """A pupil's log, the latest first, ready to be shown."""
    return (
        visible_approaches(membership)
        .filter(student=student)
        .select_related("school", "partner__school", "period__school_class", "author", "student")
        .order_by("-period__start_date", F("date").desc(), "-pk")
    )
