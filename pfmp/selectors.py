"""Reads across the tables of PFMP."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, prefetch_related_objects

from pfmp import rules
from pfmp.enums import PlacementStatus
from pfmp.models import Placement
from schools.models import School


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
