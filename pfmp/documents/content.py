"""What a convention and its avenants say: `ConventionContent`, every name, date and number of the paper, kept as JSON."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.frozen import Frozen
from documents.printing import Change
from pfmp.enums import OBSERVATIONS


@dataclass(frozen=True, kw_only=True)
class School:
    name: str
    uai: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    head_name: str | None = None
    head_role: str | None = None
    board_decision_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Host:
    name: str
    siret: str | None = None
    naf: str | None = None
    activity: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    representative_name: str | None = None
    representative_role: str | None = None
    workplace: str | None = None
    is_abroad: bool = False
    in_alsace_moselle: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pupil:
    first_name: str
    last_name: str
    birth_date: date | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    class_label: str | None = None
    diploma: str | None = None
    yearly_hours: str | None = None
    # At the signature or on the first day of the placement; None when the date of birth is unknown.
    is_minor: bool | None = None


def clock_minutes(clock: str) -> int:
    """Minutes since midnight of "08:30"."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Hours worked without a stop, "08:00" to "12:00"; an end before the start is on the next day."""

    start: str
    end: str

    @property
    def minutes(self) -> int:
        spent = clock_minutes(self.end) - clock_minutes(self.start)
        return spent if spent > 0 else spent + 24 * 60


@dataclass(frozen=True, kw_only=True)
class Day:
    """The slots of a day of the week, 0 for Monday; a day that is not listed is not worked."""

    weekday: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A rule of level ALERTE that was exceeded, and why it was accepted."""

    rule: str
    message: str
    reason: str
    accepted_by: str | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Safety:
    regulated_work: tuple[str, ...] = ()
    declaration_date: date | None = None
    medical_opinion: str | None = None  # "favorable", "reserves" or "defavorable": never the reason (R-TRAV-07)
    medical_opinion_date: date | None = None
    equipment: str | None = None  # protections that the company gives
    machines: str | None = None
    works_supervisor: str | None = None
    electrical_level: str | None = None


@dataclass(frozen=True, kw_only=True)
class Finance:
    meals: str | None = None
    transport: str | None = None
    lodging: str | None = None
    gratification: str | None = None
    gratification_due: bool | None = None  # above 308 h in the same host and year (R-GRAT-01); None: unknown
    gratification_hourly_minimum: Decimal | None = None
    host_insurer: str | None = None
    host_contract: str | None = None
    school_insurer: str | None = None
    school_contract: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConventionContent(Frozen):
    """Every name, date and number that the paper carries. An avenant's is the whole convention as it becomes, and its changes."""

    number: str
    version: int
    issued_date: date
    year: str
    school: School
    host: Host
    pupil: Pupil
    guardian: Person | None
    tutor: Person
    referent: Person
    period_label: str
    start_date: date
    end_date: date
    total_minutes: int | None = None  # holidays excluded (R-DECOMPTE-02)
    weekly_minutes: int | None = None
    days: tuple[Day, ...] = ()
    timetable_note: str | None = None  # hours as typed, when they could not be read
    holidays_excluded: bool = False
    works_at_night: bool | None = None
    works_on_sunday: bool | None = None
    works_on_holidays: bool | None = None
    has_variable_hours: bool = False
    skills: str | None = None
    supervision: str | None = None
    assessment: str | None = None
    activities: str | None = None
    house_rules: str | None = None
    safety: Safety = Safety()
    finance: Finance = Finance()
    alerts: tuple[Alert, ...] = ()
    amends_number: str | None = None  # an avenant names the convention that it changes
    amendment_reason: str | None = None
    amends_date: date | None = None  # when that convention was issued
    earlier_avenants: tuple[str, ...] = ()  # numbers of those agreed before this one
    changes: tuple[Change, ...] = ()
    effective_date: date | None = None
    country_sheet: str | None = None  # what the law of the country says, annexed to a stay abroad (R-CONV-11)
    kind: str = "pfmp"  # PeriodKind: which model, which annexes
    verify_url: str | None = None  # where anyone checks the file; none on papers issued before that page


def is_observation(content: ConventionContent) -> bool:
    """Whether the pupil looks on and does not work: another paper, without tasks, works or money (R-OBS-02)."""
    return content.kind in OBSERVATIONS


def pupil_name(content: ConventionContent) -> str:
    """First name, then last name."""
    return f"{content.pupil.first_name} {content.pupil.last_name}"
