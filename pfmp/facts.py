"""What the rules are told of placements: the rows they need, read in the same few queries for one or for a whole class."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, prefetch_related_objects

from pfmp import rules
from pfmp.enums import PlacementStatus
from pfmp.models import CountrySheet, MedicalOpinion, PfmpSettings, Placement, Terms, Training, WorksDeclaration
from schools.models import School


def board_approval(school: School) -> rules.BoardApproval:
    """Whether the date of the board's vote is entered (R-CONV-07)."""
    return rules.BoardApproval.GIVEN if school.board_vote_date else rules.BoardApproval.MISSING


def placement_facts(
    placements: Iterable[Placement], *, approval: rules.BoardApproval = rules.BoardApproval.UNKNOWN
) -> list[rules.Facts]:
    """What the rules need to judge each placement, in the order given.

    The placements, saved or not (a form's), are all of one school; a saved one is judged as the object says, not as the
    database does. R-CONV-07 is judged only when `approval` is given (see `board_approval`). Declarations, opinions and
    trainings are read only when the annexes of a placement name regulated works, country sheets only for a stay abroad.
    """
    placements = list(placements)
    if not placements:
        return []
    prefetch_related_objects(placements, "student", "partner", "period__school_class")
    school_id = placements[0].school_id
    terms = _terms(placements, school_id)
    careful = [
        placement
        for placement in placements
        if (said := terms.get(placement.pk)) and (said.works or said.electrical_level.strip())
    ]
    safety = _Safety(careful, school_id)
    mine = [_facts_of(placement, terms.get(placement.pk), safety) for placement in placements]
    return rules.gather(mine, _neighbours(mine, school_id), approval, _school(placements, school_id))


def check_placement(
    placement: Placement, *, approval: rules.BoardApproval = rules.BoardApproval.UNKNOWN
) -> rules.CheckResult:
    """What the rules say of one placement, saved or not."""
    (facts,) = placement_facts([placement], approval=approval)
    return rules.check(facts)


def _terms(placements: list[Placement], school_id: int) -> dict[int | None, rules.TermsFacts]:
    """What the annexes say, by placement; nothing for one that has none."""
    saved = [placement.pk for placement in placements if placement.pk]
    if not saved:
        return {}
    rows = (
        Terms.objects.in_school(school_id)
        .filter(placement__in=saved)
        .values_list("placement_id", "regulated_works", "electrical_level", "gratuity", "is_no_job")
    )
    return {
        placement_id: rules.TermsFacts(
            tuple(works), electrical_level, None if gratuity is None else Decimal(gratuity) * 100, is_no_job
        )
        for placement_id, works, electrical_level, gratuity, is_no_job in rows
    }


class _Safety:
    """Declarations by partner, opinions and trainings by pupil: read for the placements that name regulated works."""

    def __init__(self, placements: list[Placement], school_id: int) -> None:
        self.declarations: defaultdict[int, list[rules.DeclarationFacts]] = defaultdict(list)
        self.opinions: defaultdict[int, list[rules.OpinionFacts]] = defaultdict(list)
        self.trainings: defaultdict[int, dict[str, date]] = defaultdict(dict)
        if not placements:
            return
        students = {placement.student_id for placement in placements}
        declared = (
            WorksDeclaration.objects.in_school(school_id)
            .filter(partner__in={placement.partner_id for placement in placements})
            .values_list("partner_id", "sent_date", "declarant", "works", "withdrawn_date")
        )
        for partner, sent, declarant, works, withdrawn in declared:
            self.declarations[partner].append(rules.DeclarationFacts(sent, declarant, frozenset(works), withdrawn))
        for student, day, outcome in (
            MedicalOpinion.objects.in_school(school_id)
            .filter(student__in=students)
            .values_list("student_id", "date", "outcome")
        ):
            self.opinions[student].append(rules.OpinionFacts(day, outcome))
        # The first of each kind: a training that is there on the first day stays there.
        for student, kind, day in (
            Training.objects.in_school(school_id)
            .filter(student__in=students)
            .order_by("-date")
            .values_list("student_id", "kind", "date")
        ):
            self.trainings[student][kind] = day


def _school(placements: list[Placement], school_id: int) -> rules.SchoolFacts:
    """What the school decided, and the sheets of the countries where these placements are."""
    decided = (
        PfmpSettings.objects.in_school(school_id)
        .values_list("referent_limit", "quota_order", "quota_order_date")
        .first()
    )
    countries = {placement.country for placement in placements if placement.country}
    sheets = (
        CountrySheet.objects.in_school(school_id)
        .filter(country__in=countries)
        .exclude(text="")
        .values_list("country", flat=True)
        if countries
        else ()
    )
    limit, order, order_date = decided or (None, "", None)
    return rules.SchoolFacts(limit, bool(order.strip()), order_date, frozenset(sheets))


def _facts_of(placement: Placement, terms: rules.TermsFacts | None, safety: _Safety) -> rules.PlacementFacts:
    student, partner, period = placement.student, placement.partner, placement.period
    return rules.PlacementFacts(
        key=placement.public_id,
        start=placement.start_date,
        end=placement.end_date,
        student=rules.StudentFacts(
            student.pk,
            student.birth_date,
            student.guardian_name,
            tuple(safety.opinions.get(student.pk, ())),
            safety.trainings.get(student.pk, {}),
        ),
        host=rules.HostFacts(
            partner.pk,
            partner.name,
            partner.siret,
            partner.naf,
            partner.headcount,
            partner.postal_code,
            partner.type,
            is_avoided=partner.avoid_since is not None,
            avoid_reason=partner.avoid_reason,
            declarations=tuple(safety.declarations.get(partner.pk, ())),
        ),
        period=rules.PeriodFacts(
            period.start_date,
            period.end_date,
            period.year,
            period.school_class.niveau,
            period.school_class.diploma,
            period.label,
            period.kind,
        ),
        tutor_key=placement.tutor_id,
        referent_email=placement.referent_email,
        timetable_text=placement.timetable,
        activities=placement.tasks,
        cancelled=placement.status == PlacementStatus.CANCELLED,
        interrupted_on=placement.interrupted_date if placement.status == PlacementStatus.INTERRUPTED else None,
        night_designation=placement.night_designation_date is not None,
        is_extension=placement.is_extension,
        country=placement.country,
        terms=terms,
    )


NEIGHBOUR_COLUMNS = (
    "public_id", "start_date", "end_date", "student_id", "partner_id", "partner__name", "partner__siret",
    "partner__postal_code", "period__start_date", "period__end_date", "period__year", "tutor_id", "referent_email",
    "timetable", "status", "interrupted_date", "is_extension",
)  # fmt: skip


def _neighbours(mine: list[rules.PlacementFacts], school_id: int) -> list[rules.PlacementFacts]:
    """The school's placements around these: all of the same students, and all present in the same civil weeks.

    Which of them share a host (SIREN) or a referent (address without case) is for the rules to say, the same way on every
    database. Their own papers are not judged: what only those need is left out. When annexes are written, also those of the
    same hosts in the months before (R-CAR-01).
    """
    first = min(rules.monday_of(one.start) for one in mine)
    last = date.fromordinal(min(max(one.end for one in mine).toordinal() + 6, date.max.toordinal()))
    around = Q(student_id__in={one.student.key for one in mine}) | Q(start_date__lte=last, end_date__gte=first)
    if prepared := {one.host.key for one in mine if one.terms is not None}:
        before = date.fromordinal(max(first.toordinal() - LONGEST_WAITING, 1))
        around |= Q(partner_id__in=prepared, start_date__lte=last, end_date__gte=before)
    rows = Placement.objects.in_school(school_id).not_cancelled().filter(around).values_list(*NEIGHBOUR_COLUMNS)
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
            is_extension=is_extension,
        )
        for (
            key, start, end, student_id, partner_id, partner_name, siret, postal_code, period_start, period_end, year,
            tutor_id, referent_email, timetable, status, interrupted_date, is_extension,
        ) in rows
    ]  # fmt: skip


LONGEST_WAITING = 61
"""Days: a third of six months, beyond which no earlier stay asks for a delay."""
