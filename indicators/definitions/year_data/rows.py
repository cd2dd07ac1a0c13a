"""The rows of a year as the indicators read them: a few columns of each table, and what is made of them."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pfmp.enums import PlacementStatus

PARIS = ZoneInfo("Europe/Paris")

# Plain text for loops over many rows: looking a member up in its class costs more than comparing it.
INTERRUPTED = PlacementStatus.INTERRUPTED.value


class Stay(NamedTuple):
    """A schooling, its days cut to the school year (A-05)."""

    student: int
    klass: int
    code: str
    niveau: str
    sex: str
    first: date
    last: date
    priority: bool | None
    pk: int


class PartnerRow(NamedTuple):
    pk: int
    type: str
    sector: str
    status: str
    first_contact: date | None


class AgreementRow(NamedTuple):
    pk: int
    level: str
    parent: int | None
    partner: int | None
    signed: date | None
    start: date | None
    end: date | None
    tacit: bool | None
    terminated: date | None


class NetworkRow(NamedTuple):
    pk: int
    type: str
    joined: date
    left: date | None
    formalised: date | None
    act: str


class ActionRow(NamedTuple):
    pk: int
    type: str
    start: date
    end: date | None
    hours: Decimal | None
    status: str
    initiative: str
    agreement: int | None
    network: int | None
    national_event: str
    for_priority: bool | None


class InvitationRow(NamedTuple):
    pk: int
    action: int
    partner: int
    sent: date
    reply: str
    present: bool | None
    action_status: str
    action_start: date


class InteractionRow(NamedTuple):
    pk: int
    partner: int
    date: date
    channel: str
    initiative: str


class PeriodRow(NamedTuple):
    pk: int
    key: str
    klass: int
    code: str
    start: date
    end: date


class PlacementRow(NamedTuple):
    pk: int
    key: str
    period: int
    student: int
    partner: int
    tutor_email: str | None
    tutor_phone: str | None
    referent: str
    start: date
    end: date
    status: str
    interrupted: date | None
    reason: str
    origin: str
    days_done: Decimal | None

    @property
    def last_day(self) -> date:
        """The last day in the company: an interrupted placement stops on its date, when it is written (A-84)."""
        if self.status == INTERRUPTED and self.interrupted:
            return min(self.end, self.interrupted)
        return self.end


class SignatureRow(NamedTuple):
    """The lines of signature of a paper: those not voided, those of them signed on a date, the last of these moments."""

    asked: int
    signed: int
    last: datetime | None

    def stands_before(self, day: date) -> bool:
        """Every signature asked for is given, on a day strictly before, in Paris (A-144)."""
        return self.asked == self.signed and self.last is not None and self.last.astimezone(PARIS).date() < day


class VisitRow(NamedTuple):
    pk: int
    placement: int
    partner: int
    date: date
    mode: str


class OfferRow(NamedTuple):
    pk: int
    partner: int
    type: str
    positions: int


class BenefitRow(NamedTuple):
    pk: int
    offer: int
    student: int
    date: date


class ContributionRow(NamedTuple):
    pk: int
    partner: int
    campaign: int
    nature: str
    amount: Decimal
    received: date | None
    use: str


class AnswerRow(NamedTuple):
    pk: int
    audience: str
    grade: int
    survey: int | None


class SurveyRow(NamedTuple):
    pk: int
    audience: str
    asked: int | None


class ShareRow(NamedTuple):
    pk: int
    partner: int | None
    shared: date
    codes: str


class Traces(NamedTuple):
    """Partners by what proves that the relation lives (A-40): in the year, in the last twelve months, before the year."""

    in_year: set[int]
    in_twelve_months: set[int]
    before_year: set[int]


class Couple(NamedTuple):
    """A pupil expected for a period, and what became of it (§ 5.1)."""

    period: int
    student: int
    is_solved: bool
    is_secured: bool
    is_to_replace: bool
    days: int


class Presence(NamedTuple):
    """Pupils present at actions, counted once for all that heading 4 needs."""

    valid: list[int]
    known: list[int]
    present: list[int]
    outside: list[int]
    known_by_type: dict[str, list[int]]
    present_by_type: dict[str, list[int]]
    actions_by_student: Counter[int]
    students_by_type: dict[str, set[int]]
    students_by_class: dict[str, set[int]]
    students_by_niveau: dict[str, set[int]]
    workshops_by_student: Counter[int]
    unnoted: list[tuple[int, str]]
    """Pupil and type of action of each presence that nobody noted."""
