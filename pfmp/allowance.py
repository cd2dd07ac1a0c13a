"""The allowance of the State, prepared for ApLyPro: lines in its order, amounts, what it would refuse, what was typed there.

The platform pays nothing and keeps no bank account (R-ALLOC-05): it says what will be typed, and remembers that it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core import audit, french
from core.verdict import Verdict
from pfmp import certificates, days
from pfmp.days import Days
from pfmp.enums import SECURED, ExemptionReason, PeriodKind, PlacementStatus
from pfmp.models import AllowanceFile, Exemption, Period, Placement
from pfmp.rules import age_on
from pfmp.rules import allowance as rules
from pfmp.rules.allowance import Amount, Obstacle, Scale, State, Unclear, Unpaid
from pfmp.rules.facts import MAJORITY
from schools.models import Membership, School, SchoolClass, Schooling, Student
from schools.permissions import allows
from schools.roles import Permission
from schools.services import hold_students

NOT_PAID = {
    PeriodKind.BTS: "Les stages de BTS n’ont pas cette allocation.",
    PeriodKind.OBSERVATION_3E: "Une séquence d’observation n’a pas d’allocation.",
    PeriodKind.OBSERVATION_2GT: "Une séquence d’observation n’a pas d’allocation.",
    PeriodKind.OBSERVATION: "Une période d’observation n’a pas d’allocation.",
}


def pays(kind: str) -> bool:
    """Do stays of this kind of period have an allowance (R-ALLOC-02, R-OBS-02)?"""
    return kind not in NOT_PAID


def may_view(membership: Membership) -> Verdict:
    """INE, bank state, amounts: the bureau, the DDFPT, the head and the secretariat (S-05)."""
    return allows(membership, Permission.VIEW_STUDENT_CONTACTS)


def may_mark(membership: Membership) -> Verdict:
    """Who says that a line was typed in ApLyPro, and keeps the state of the files."""
    return allows(membership, Permission.MANAGE_PLACEMENTS)


@dataclass(frozen=True)
class Row:
    """One line of the sheet, with its reasons."""

    found: Days
    line: rules.Line
    amount: Amount
    state: State
    obstacles: tuple[Obstacle, ...]
    certificate: certificates.Certificate | None
    none: str
    is_late: bool

    @property
    def placement(self) -> Placement:
        return self.found.placement

    @property
    def missed(self) -> int | None:
        return self.found.arithmetic.missed_days if self.found.arithmetic else len(self.found.full_absences)

    @property
    def blocking(self) -> list[Obstacle]:
        return [one for one in self.obstacles if one.is_blocking]

    @property
    def noted(self) -> list[Obstacle]:
        """What is only to be known."""
        return [one for one in self.obstacles if not one.is_blocking]

    @property
    def received_date(self) -> date | None:
        return self.certificate.received_date if self.certificate else None

    @property
    def control(self) -> str:
        """« Prêt », or what is missing, for a file."""
        if self.none:
            return self.none
        return " ".join(f"{one.message} ({one.rule})" for one in self.obstacles) or "Rien à signaler."


def tariff_year(placement: Placement) -> str:
    """The year whose rate holds: that of origin for a stay caught up the year after (R-ALLOC-08)."""
    return placement.origin_year or placement.period.year


def rows_of(school: School, periods: Iterable[Period], today: date, *, seen: Iterable[int] | None = None) -> list[Row]:
    """The lines of these periods of one school, by name, in some ten queries however many. `seen`: pupils' primary keys."""
    wanted = [period.pk for period in periods]
    placements = list(
        Placement.objects.in_school(school)
        .filter(period__in=wanted, status__in=days.COUNTED)
        .select_related("school", "student", "partner", "period__school_class", "days_by")
        .order_by("period__school_class__code", "student__search_text", "start_date", "pk")
    )
    if seen is not None:
        kept = set(seen)
        placements = [row for row in placements if row.student_id in kept]
    if not placements:
        return []
    pupils = {row.student_id for row in placements}
    every = list(
        Placement.objects.in_school(school)
        .filter(student__in=pupils, status__in=days.COUNTED)
        .select_related("partner", "period__school_class")
    )
    scales = _Scales(school, pupils, every)
    stays = [scales.stay_of(row) for row in every]
    amounts = rules.amounts(stay for stay, row in zip(stays, every, strict=True) if pays(row.period.kind))
    by_pupil: dict[int, list[tuple[int, date, date, str]]] = defaultdict(list)
    for stay, row in zip(stays, every, strict=True):
        by_pupil[row.student_id].append(
            (row.pk, stay.start, stay.end, f"{french.period(stay.start, stay.end)} chez {row.partner.name}")
        )
    stay_by_pk = {row.pk: stay for stay, row in zip(stays, every, strict=True)}
    years = {row.period.year for row in placements} | {tariff_year(row) for row in placements}
    files = {
        (one.student_id, one.year): one
        for one in AllowanceFile.objects.in_school(school).filter(student__in=pupils, year__in=years)
    }
    apprentices = set(
        Exemption.objects.in_school(school)
        .filter(student__in=pupils, reason=ExemptionReason.APPRENTICE, period__year__in=years)
        .values_list("student_id", "period__year")
    )
    counts = days.of(placements)
    papers = certificates.of(placements)
    found = []
    for row in placements:
        first, last = rules.year_bounds(row.period.year, school.postal_code)
        line = rules.Line(
            stay=stay_by_pk[row.pk],
            file=_facts(
                row.student,
                files.get((row.student_id, row.period.year)),
                today,
                is_apprentice=(row.student_id, row.period.year) in apprentices,
                has_two=scales.has_two(row.student_id, row.period.year),
            ),
            first_day=first,
            last_day=last,
            has_certificate=bool(row.pk in papers and papers[row.pk].is_signed),
            has_convention=row.status in SECURED,
            others=[one[1:] for one in by_pupil[row.student_id] if one[0] != row.pk],
        )
        scale = line.stay.scale
        none = NOT_PAID.get(PeriodKind(row.period.kind), "") or (scale.reason if isinstance(scale, Unpaid) else "")
        state = rules.state_of(
            line, today, entered=row.allowance_entered_date, validated=row.allowance_validated_date, none=none
        )
        found.append(
            Row(
                counts[row.pk],
                line,
                amounts.get(row.pk, Amount(None)),
                state,
                () if none else tuple(rules.obstacles(line, today)),
                papers.get(row.pk),
                none,
                rules.is_late(state, line.stay.end, today),
            )
        )
    return found


class _Scales:
    """The line of the table of each stay: of its own class, or of the pupil's class in the year of origin."""

    def __init__(self, school: School, pupils: set[int], every: Sequence[Placement]) -> None:
        years = {tariff_year(row) for row in every} | {row.period.year for row in every}
        self.classes: dict[tuple[int, str], list[SchoolClass]] = defaultdict(list)
        stays = (
            Schooling.objects.in_school(school)
            .filter(student__in=pupils, year__in=years)
            .select_related("school_class")
            .order_by("entry_date", "pk")
        )
        for stay in stays:
            self.classes[stay.student_id, stay.year].append(stay.school_class)

    def stay_of(self, placement: Placement) -> rules.Stay:
        end = placement.end_date
        if placement.status == PlacementStatus.INTERRUPTED and placement.interrupted_date:
            end = min(end, placement.interrupted_date)
        year = tariff_year(placement)
        school_class: SchoolClass | None = placement.period.school_class
        if year != placement.period.year:
            known = self.classes.get((placement.student_id, year))
            school_class = known[-1] if known else None
        scale: Scale | Unpaid | Unclear = Unclear(f"La classe de l’élève en {year} n’est pas connue.")
        if school_class is not None:
            scale = scale_of(school_class)
        return rules.Stay(
            placement.pk, placement.student_id, placement.start_date, max(end, placement.start_date),
            placement.days_done, year, scale,
        )  # fmt: skip

    def has_two(self, student: int, year: str) -> bool:
        """Two formations in one year: the award is to be made again (R-APLY-06)."""
        return len({(one.niveau, one.diploma) for one in self.classes.get((student, year), ())}) > 1


def scale_of(school_class: SchoolClass) -> Scale | Unpaid | Unclear:
    return rules.scale_of(school_class.niveau, formation_code=school_class.formation_code, diploma=school_class.diploma)


def _facts(
    student: Student, file: AllowanceFile | None, today: date, *, is_apprentice: bool, has_two: bool
) -> rules.FileFacts:
    return rules.FileFacts(
        has_ine=bool(student.ine),
        has_sex=bool(student.sex),
        has_address=bool(student.address and student.postal_code and student.city),
        is_minor=None if student.birth_date is None else age_on(student.birth_date, today) < MAJORITY,
        is_apprentice=is_apprentice,
        has_two_schoolings=has_two,
        is_bank_ready=file.is_bank_ready if file else None,
        has_decision=bool(file and file.decision_date),
        has_consent=bool(file and file.consent_date),
    )


# ----------------------------------------------------------------------------------------------------------- the totals


@dataclass
class Total:
    """A class and a period: how many lines at each state, and the euros that the known days are worth."""

    period: Period
    counts: dict[State, int]
    euros: int = 0
    is_partial: bool = False
    late: int = 0

    @property
    def lines(self) -> int:
        return sum(self.counts.values())

    @property
    def to_complete(self) -> int:
        return self.counts.get(State.TO_COMPLETE, 0)

    @property
    def ready(self) -> int:
        return self.counts.get(State.READY, 0)

    @property
    def entered(self) -> int:
        return self.counts.get(State.ENTERED, 0)

    @property
    def validated(self) -> int:
        return self.counts.get(State.VALIDATED, 0)


def totals(school: School, periods: Sequence[Period], today: date) -> list[Total]:
    """The lycée's allowance by class and period, for the bureau and the head."""
    found = {period.pk: Total(period, {}) for period in periods if pays(period.kind)}
    for row in rows_of(school, [one.period for one in found.values()], today):
        total = found[row.placement.period_id]
        total.counts[row.state] = total.counts.get(row.state, 0) + 1
        total.late += row.is_late
        if row.amount.euros is not None:
            total.euros += row.amount.euros
        elif row.state is not State.NONE:
            total.is_partial = True
    return list(found.values())


# ------------------------------------------------------------------------------------------------------------ the marks

STALE = "Quelqu’un vient de changer cette ligne : elle est montrée telle qu’elle est maintenant."


@transaction.atomic
def enter(rows: Iterable[Row], *, by: Any, today: date) -> int:
    """Remember that these lines were typed in ApLyPro today; only those that are ready. Returns how many changed."""
    return _mark(
        [row for row in rows if row.state is State.READY],
        Q(allowance_entered_date=None),
        {"allowance_entered_date": today},
        "pfmp.allowance_entered",
        by=by,
    )


@transaction.atomic
def confirm(rows: Iterable[Row], *, by: Any, today: date) -> int:
    """Remember that the direction validated these lines in ApLyPro."""
    return _mark(
        [row for row in rows if row.state is State.ENTERED],
        Q(allowance_entered_date__isnull=False, allowance_validated_date=None),
        {"allowance_validated_date": today},
        "pfmp.allowance_confirmed",
        by=by,
    )


@transaction.atomic
def take_back(rows: Iterable[Row], *, by: Any) -> int:
    """It was a mistake: the lines are to be typed again, or to be validated again."""
    found = list(rows)
    validated = _mark(
        [row for row in found if row.state is State.VALIDATED],
        Q(allowance_validated_date__isnull=False),
        {"allowance_validated_date": None},
        "pfmp.allowance_taken_back",
        by=by,
    )
    entered = _mark(
        [row for row in found if row.state is State.ENTERED],
        Q(allowance_entered_date__isnull=False, allowance_validated_date=None),
        {"allowance_entered_date": None},
        "pfmp.allowance_taken_back",
        by=by,
    )
    return validated + entered


def _mark(rows: Sequence[Row], before: Q, values: dict[str, Any], verb: str, *, by: Any) -> int:
    if not rows:
        return 0
    school = rows[0].placement.school
    table = Placement.objects.in_school(school).filter(before, pk__in=[row.placement.pk for row in rows])
    moved = list(table.values_list("pk", "public_id"))
    stamp = {"version": F("version") + 1, "updated_by": by, "updated_at": timezone.now()}
    changed: int = table.filter(pk__in=[pk for pk, _ in moved]).update(**values, **stamp)
    audit.record_each(verb, Placement, [public_id for _, public_id in moved], by=by, scope=school.uai)
    return changed


# ------------------------------------------------------------------------------------------------------------ the files


@dataclass(frozen=True)
class FileState:
    """What one writes of a pupil's file: never a bank account."""

    is_bank_ready: bool | None
    decision_date: date | None
    consent_date: date | None


@transaction.atomic
def keep_files(school: School, year: str, wanted: dict[int, FileState], *, by: Any, today: date) -> int:
    """Write the state of the files of these pupils, by primary key. Returns how many changed.

    Raises ValidationError for a date to come.
    """
    for state in wanted.values():
        for day in (state.decision_date, state.consent_date):
            if day is not None and not date(2023, 9, 1) <= day <= today:
                raise ValidationError(f"Le {day:%d/%m/%Y} ne peut pas être : l’allocation existe depuis 2023.")
    hold_students(school, wanted)
    known = {
        row.student_id: row
        for row in AllowanceFile.objects.in_school(school).filter(year=year, student__in=list(wanted))
    }
    changed = 0
    for pk, state in wanted.items():
        row = known.get(pk) or AllowanceFile(school=school, student_id=pk, year=year, created_by=by)
        if FileState(row.is_bank_ready, row.decision_date, row.consent_date) == state:
            continue
        row.is_bank_ready, row.decision_date, row.consent_date = (
            state.is_bank_ready,
            state.decision_date,
            state.consent_date,
        )
        row.updated_by = by
        row.save()
        audit.record("pfmp.allowance_file_changed", row, by=by)
        changed += 1
    return changed
