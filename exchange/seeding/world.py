"""The rows of one lycée in the making, before they are written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from core.school_year import SchoolYear
from exchange.seeding.draw import Draw
from exchange.seeding.places import MOBILE_PREFIX, Place
from exchange.seeding.trades import ClassPlan, Trade
from partners.models import Contact, Partner
from schools.models import DossierRecord, Membership, School, SchoolClass, Schooling, Student

M = TypeVar("M", bound=Model)

NORMAL_SIZE = 600
"""Pupils of the lycée that the other sizes are measured against."""


@dataclass(frozen=True)
class Size:
    """How large a lycée is, and how many school years it has lived."""

    students: int = NORMAL_SIZE
    years: int = 2

    @property
    def factor(self) -> float:
        return self.students / NORMAL_SIZE

    def of(self, count: int, at_least: int = 1) -> int:
        """A count of the normal lycée, brought to this one."""
        return max(at_least, round(count * self.factor))


@dataclass
class ClassOfYear:
    """A class in one year, with its plan and its pupils."""

    row: SchoolClass
    plan: ClassPlan
    year: SchoolYear
    schoolings: list[Schooling] = field(default_factory=list)
    teachers: list[Membership] = field(default_factory=list)


@dataclass
class Host:
    """A partner that takes pupils, with its people."""

    partner: Partner
    trade: Trade | None
    contacts: list[Contact] = field(default_factory=list)
    tutors: list[Contact] = field(default_factory=list)
    capacity: int = 3
    kept_places: list[tuple[date, date, Contact]] = field(default_factory=list)
    """Stays already promised: first day, last day, tutor."""


class World:
    """One lycée: what was decided so far, and its rows by table."""

    def __init__(
        self, *, seed: int, rank: int, today: date, year: SchoolYear, size: Size, place: Place, school: School
    ):
        self.seed, self.rank, self.today, self.year, self.size = seed, rank, today, year, size
        self.place, self.school = place, school
        self.marker = ""
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.classes: list[ClassOfYear] = []
        self.hosts: list[Host] = []
        self.team: dict[str, list[Membership]] = defaultdict(list)
        self._identifiers = self.draw("identifiers")
        self._counts: dict[str, int] = defaultdict(int)

    def draw(self, subject: str) -> Draw:
        return Draw.stream(self.seed, self.rank, subject)

    @property
    def years(self) -> list[SchoolYear]:
        """The years that the lycée has lived, the current one last."""
        return [SchoolYear(self.year.first - back) for back in reversed(range(self.size.years))]

    def classes_of(self, year: SchoolYear) -> list[ClassOfYear]:
        return [one for one in self.classes if one.year == year]

    def add(self, model: type[M], prefix: str = "", **values: Any) -> M:
        """A row of this lycée. `prefix` starts the dossier id of the tables that have one: "eleve" → "eleve-0001"."""
        if issubclass(model, DossierRecord):
            self._counts[prefix] += 1
            rank = f"{self.rank + 1}-" if self.rank else ""
            values["dossier_id"] = f"{prefix}-{rank}{self._counts[prefix]:04d}"
        row = model(school=self.school, public_id=self._identifiers.identifier(), **values)
        self.rows[model].append(row)
        return row

    def all(self, model: type[M]) -> list[M]:
        return self.rows[model]

    def students_of(self, year: SchoolYear) -> Iterable[tuple[Student, ClassOfYear]]:
        for one in self.classes_of(year):
            for schooling in one.schoolings:
                yield schooling.student, one

    def phone(self, draw: Draw) -> str:
        return f"{self.place.phone_prefix} {draw.randint(0, 99):02d} {draw.randint(0, 99):02d}"

    def mobile(self, draw: Draw) -> str:
        return f"{MOBILE_PREFIX} {draw.randint(0, 99):02d} {draw.randint(0, 99):02d}"
