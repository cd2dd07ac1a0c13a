"""What a check needs to know, as plain values.

`PlacementFacts` is one flat record: the placement under check and those around it are of the same kind, so that one query
gives both. `gather` finds, for each placement, its neighbours: same student, same host, same tutor, same referent.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property

from core import holidays_fr
from pfmp.enums import OBSERVATIONS, PeriodKind
from pfmp.rules import hours
from pfmp.rules.age import first_day_of_age
from pfmp.rules.timetable import Timetable, UnreadableTimetable, parse_timetable

MAJORITY = 18
LONGEST_PLAN = timedelta(days=3652)
"""Days looked at one by one: ten years, so that a mistyped year does not take a page down; R-DUREE-20 speaks long before."""


@dataclass(frozen=True)
class OpinionFacts:
    """A yearly opinion on fitness for regulated works: its day and its outcome, never why (R-TRAV-07)."""

    day: date
    outcome: str


@dataclass(frozen=True)
class DeclarationFacts:
    """A declaration of regulated works: when it was sent, by what kind of body, for which articles (R-TRAV-02)."""

    sent: date
    declarant: str
    works: frozenset[str]
    withdrawn: date | None = None


@dataclass(frozen=True)
class StudentFacts:
    """The pupil. `opinions` and `trainings` (kind → last day) are read for a stay with regulated works only."""

    key: Hashable
    birth_date: date | None = None
    guardian_name: str = ""
    opinions: tuple[OpinionFacts, ...] = ()
    trainings: Mapping[str, date] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class HostFacts:
    """The partner: `workforce` is a band of the dossier (`20-49`) or empty; `naf` with or without its dot.

    `is_avoided`: the school sends nobody there any more, for `avoid_reason`. `type` is the dossier's word (`entreprise`).
    """

    key: Hashable
    name: str = ""
    siret: str = ""
    naf: str = ""
    workforce: str = ""
    postal_code: str = ""
    type: str = ""
    is_avoided: bool = False
    avoid_reason: str = ""
    declarations: tuple[DeclarationFacts, ...] = ()

    @property
    def organisation(self) -> Hashable:
        """What counts as one host: the SIREN, or the partner itself without SIRET (G-14, G-33)."""
        digits = "".join(self.siret.split())
        return ("siren", digits[:9]) if digits else ("partner", self.key)

    @property
    def alsace_moselle(self) -> bool:
        """Whether Good Friday and 26 December are holidays there (G-27)."""
        return holidays_fr.is_alsace_moselle(self.postal_code)


@dataclass(frozen=True)
class PeriodFacts:
    """The period of a class: `year` as 2025-2026, `level` of the class (`1re_pro`), `diploma` as entered.

    `kind` is a PeriodKind; a dossier only knows PFMP.
    """

    start: date
    end: date
    year: str
    level: str = ""
    diploma: str = ""
    label: str = ""
    kind: str = PeriodKind.PFMP

    @property
    def is_observation(self) -> bool:
        """Whether it is no PFMP but a sequence of observation, with its own rules (R-OBS-02)."""
        return self.kind in OBSERVATIONS


@dataclass(frozen=True)
class TermsFacts:
    """What the annexes of the convention say. A dossier that comes in has none: the rules that need them stay silent.

    `gratuity_cents` is an amount by hour; `is_no_job`: whether the host says that the pupil replaces nobody.
    """

    works: tuple[str, ...] = ()
    electrical_level: str = ""
    gratuity_cents: Decimal | None = None
    is_no_job: bool | None = None


@dataclass(frozen=True)
class SchoolFacts:
    """What the school or its académie decided: pupils by referent (R-CONV-08), order on quotas (R-QUOTA-02), countries
    whose sheet is written (R-CONV-11)."""

    referent_limit: int | None = None
    has_quota_order: bool = False
    quota_order_date: date | None = None
    country_sheets: frozenset[str] = frozenset()

    def quota_order_holds(self, day: date) -> bool:
        """Whether the order that raises the quotas is in force that day; one without a date always is."""
        return self.has_quota_order and (self.quota_order_date is None or self.quota_order_date <= day)


class BoardApproval(Enum):
    """What the caller knows of the board's deliberation on the model convention."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    GIVEN = "given"


@dataclass(frozen=True)
class PlacementFacts:
    """One placement. `interrupted_on` is set only for a placement whose status is `interrompu`."""

    key: Hashable
    start: date
    end: date
    student: StudentFacts
    host: HostFacts
    period: PeriodFacts
    tutor_key: Hashable | None = None
    referent_email: str = ""
    timetable_text: str = ""
    activities: str = ""
    cancelled: bool = False
    interrupted_on: date | None = None
    night_designation: bool = False
    is_extension: bool = False
    country: str = ""
    terms: TermsFacts | None = None

    @property
    def last_day(self) -> date:
        """The last day of presence: an interrupted placement stops on that day, included (G-13, G-31, G-35)."""
        return min(self.end, self.interrupted_on) if self.interrupted_on else self.end

    @property
    def referent_key(self) -> str:
        """The referent's address without case (G-36); empty when nobody is named."""
        return self.referent_email.strip().casefold()

    @cached_property
    def timetable(self) -> Timetable | UnreadableTimetable:
        return parse_timetable(self.timetable_text)

    @cached_property
    def planned_days(self) -> list[hours.WorkedDay]:
        """The days worked between the two dates, as the timetable plans them; none without a readable timetable.

        An interruption changes nothing: the check answers as before the convention is issued (G-01, G-12).
        """
        if isinstance(self.timetable, UnreadableTimetable):
            return []
        end = self.end if self.end - self.start < LONGEST_PLAN else self.start + LONGEST_PLAN
        return hours.planned_days(self.timetable, self.start, end, alsace_moselle=self.host.alsace_moselle)

    @cached_property
    def counted_minutes(self) -> int | None:
        """Minutes of presence, holidays excluded, up to the interruption (G-13); None without a readable timetable."""
        if isinstance(self.timetable, UnreadableTimetable):
            return None
        return hours.counted_minutes(self.timetable, self.start, self.last_day, alsace_moselle=self.host.alsace_moselle)

    @cached_property
    def longest_possible_minutes(self) -> int:
        """What the dates alone allow (G-42)."""
        return hours.longest_possible_minutes(self.start, self.last_day, alsace_moselle=self.host.alsace_moselle)

    def is_younger(self, age: int, day: date) -> bool:
        """Whether the student is known to be under that age on that day."""
        birth_date = self.student.birth_date
        return birth_date is not None and day < first_day_of_age(birth_date, age)

    def is_minor(self, day: date) -> bool:
        """Whether the student is known to be a minor on that day."""
        return self.is_younger(MAJORITY, day)

    @property
    def starts_minor(self) -> bool:
        """Whether the student is known to be a minor on the first day, hence on at least one day."""
        return self.is_minor(self.start)

    @property
    def age_is_unknown(self) -> bool:
        return self.student.birth_date is None

    def overlaps(self, other: "PlacementFacts") -> bool:
        """Whether both have at least one day of presence in common (G-31)."""
        return max(self.start, other.start) <= min(self.last_day, other.last_day)


@dataclass(frozen=True)
class Facts:
    """A placement and the others, not cancelled and without itself, that its rules count.

    of_student: the student's, every period and year. at_host: the school's at the same organisation.
    of_tutor, of_referent: with the same tutor, with the same referent.
    """

    placement: PlacementFacts
    of_student: tuple[PlacementFacts, ...] = ()
    at_host: tuple[PlacementFacts, ...] = ()
    of_tutor: tuple[PlacementFacts, ...] = ()
    of_referent: tuple[PlacementFacts, ...] = ()
    board_approval: BoardApproval = BoardApproval.UNKNOWN
    school: SchoolFacts = field(default_factory=SchoolFacts)

    @cached_property
    def same_host_and_year(self) -> list[PlacementFacts]:
        """The placements added up by R-DUREE-20 and R-GRAT-01, this one included, in order of date (G-14)."""
        mine = self.placement
        others = [
            other
            for other in self.of_student
            if other.host.organisation == mine.host.organisation and other.period.year == mine.period.year
        ]
        return sorted([mine, *others], key=lambda one: (one.start, one.end))


@dataclass
class Pool:
    """Placements of one school, sorted by what they share. Cancelled ones are left out."""

    by_student: defaultdict[Hashable, list[PlacementFacts]] = field(default_factory=lambda: defaultdict(list))
    by_host: defaultdict[Hashable, list[PlacementFacts]] = field(default_factory=lambda: defaultdict(list))
    by_tutor: defaultdict[Hashable, list[PlacementFacts]] = field(default_factory=lambda: defaultdict(list))
    by_referent: defaultdict[Hashable, list[PlacementFacts]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, placements: Iterable[PlacementFacts]) -> "Pool":
        """Sort the placements of one school; their order and repeats of the same key do not matter."""
        pool = cls()
        for one in {one.key: one for one in placements if not one.cancelled}.values():
            pool.by_student[one.student.key].append(one)
            pool.by_host[one.host.organisation].append(one)
            if one.tutor_key is not None:
                pool.by_tutor[one.tutor_key].append(one)
            if one.referent_key:
                pool.by_referent[one.referent_key].append(one)
        return pool

    def around(
        self,
        placement: PlacementFacts,
        board_approval: BoardApproval = BoardApproval.UNKNOWN,
        school: SchoolFacts | None = None,
    ) -> Facts:
        """The facts of a placement, which may itself be in the pool or not be saved yet (its `key` in no other)."""
        return Facts(
            placement=placement,
            of_student=_others(self.by_student.get(placement.student.key, ()), placement),
            at_host=_others(self.by_host.get(placement.host.organisation, ()), placement),
            of_tutor=_others(self.by_tutor.get(placement.tutor_key, ()), placement),
            of_referent=_others(self.by_referent.get(placement.referent_key, ()), placement),
            board_approval=board_approval,
            school=school or SchoolFacts(),
        )


def _others(placements: Iterable[PlacementFacts], mine: PlacementFacts) -> tuple[PlacementFacts, ...]:
    return tuple(other for other in placements if other.key != mine.key)


def gather(
    placements: Iterable[PlacementFacts],
    neighbours: Iterable[PlacementFacts] = (),
    board_approval: BoardApproval = BoardApproval.UNKNOWN,
    school: SchoolFacts | None = None,
) -> list[Facts]:
    """The facts of each placement, in the order given, among themselves and the other placements of the same school."""
    wanted = list(placements)
    pool = Pool.of([*neighbours, *wanted])
    return [pool.around(placement, board_approval, school) for placement in wanted]
