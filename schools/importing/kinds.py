"""What lines of a spreadsheet may be: the register of kinds, and the words in which a kind speaks to the engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.db import models

from core import french
from schools.models import School, TableImport
from schools.roles import Permission


class Refused(ValueError):
    """A cell that gives no value; the French sentence says why and what to do."""


@dataclass(frozen=True)
class Mended:
    """A value that is not quite what the cell says; the sentence tells the difference."""

    value: Any
    sentence: str


@dataclass(frozen=True)
class Field:
    """A datum that a line may give.

    `label` is what the mapping page and our template files call it; `aliases` are other headers that mean it, `weak` those
    that mean it only when no better column is there (« Nom »). `parse` turns the text of a filled cell into a value, or a
    `Mended`, or raises `Refused`: the cell is then left out and said, or with `strict` the whole line is rejected.
    `looks` recognises the column by its contents when its header says nothing; `fits` says of a cell under the right header
    whether it may be one (« Maître de stage » may hold names, or ticks).
    """

    name: str
    label: str
    parse: Callable[[str], Any]
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    required: bool = False
    strict: bool = False
    looks: Callable[[str], bool] | None = None
    fits: Callable[[str], bool] | None = None
    help: str = ""
    example: str = ""
    in_template: bool = True


class Outcome(StrEnum):
    """What becomes of a line."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DOUBLE = "double"  # someone must say: it is that one, or another, or leave it
    SKIPPED = "skipped"  # someone said to leave it
    REJECTED = "rejected"


@dataclass(frozen=True)
class Remark:
    """Something said of a cell: left out, or mended."""

    column: str
    value: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        return {"column": self.column, "value": self.value[:200], "sentence": self.sentence}


@dataclass
class Line:
    """A line of the file: its number there, the values of its filled cells by field name, and what was said of them."""

    number: int
    values: dict[str, Any]
    remarks: list[Remark] = field(default_factory=list)
    rejected: bool = False

    def remark(self, column: str, value: str, sentence: str) -> None:
        self.remarks.append(Remark(column, value, sentence))

    def reject(self, sentence: str, *, column: str = "", value: str = "") -> None:
        self.rejected = True
        self.remark(column, value, sentence)


@dataclass(frozen=True)
class Candidate:
    """Something that a line may already be. `key` is what a decision names: a public id, or "ligne:12" for another line."""

    key: str
    label: str
    why: str = ""
    url: str = ""

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "label": self.label, "why": self.why, "url": self.url}


CREATE, SKIP, SAME = "creer", "ignorer", "est:"
"""Decisions on a probable double: make it anew, leave the line, or `est:<key of a candidate>`."""


@dataclass
class Planned:
    """What becomes of a line: `title` names it, `detail` says what would change, `row` is the new row that it makes."""

    number: int
    outcome: Outcome
    title: str = ""
    detail: str = ""
    remarks: list[Remark] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    url: str = ""
    row: models.Model | None = None

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"line": self.number, "outcome": self.outcome.value, "title": self.title[:200]}
        if self.detail:
            found["detail"] = self.detail[:500]
        if self.url:
            found["url"] = self.url
        if self.remarks:
            found["remarks"] = [remark.as_json() for remark in self.remarks]
        if self.candidates:
            found["candidates"] = [candidate.as_json() for candidate in self.candidates]
        return found


@dataclass
class Change:
    """New values of some fields of a stored row, which must have a `version`."""

    row: models.Model
    values: dict[str, Any]


@dataclass
class Plan:
    """What an import would do: one Planned a line, the rows to add (those named by others first), the rows to change."""

    lines: list[Planned] = field(default_factory=list)
    new: list[models.Model] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


Decisions = Mapping[int, str]
"""Line number → what was decided on its probable double."""

Report = Callable[[int, int, str], None]


class Options(forms.Form):
    """What a person chooses besides the columns. A kind's own form subclasses it; `school` bounds its choices."""

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school


class Kind(ABC):
    """Lines of one sort: their fields, who may import them, and what they do to the school's tables."""

    name: ClassVar[str]  # kept in the rows of imports: "partners.companies"
    slug: ClassVar[str]  # in addresses: "entreprises"
    title: ClassVar[str]  # « Importer des entreprises »
    noun: ClassVar[str]  # « entreprise », with its plural after a comma when it is not in -s
    intro: ClassVar[str] = ""  # one grey sentence under the title
    icon: ClassVar[str] = "table"
    permission: ClassVar[Permission]
    fields: ClassVar[Sequence[Field]]
    not_kept: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # label → aliases of columns known and not kept, to say so
    options: ClassVar[type[Options]] = Options
    reads_totals: ClassVar[bool] = (
        False  # True: the totals under the lines come to `plan`, which says what it does of them
    )

    @abstractmethod
    def plan(
        self, school: School, lines: Sequence[Line], options: Mapping[str, Any], decisions: Decisions, report: Report
    ) -> Plan:
        """What these lines would do to the school now. Reads, never writes; a Planned for each line, rejected ones included.

        Called for the dry run and again just before writing. Planning a file that is already in must give no new row and no
        change. `options` is the cleaned data of `self.options`. `report(done, total, sentence)` moves the bar.
        """

    @abstractmethod
    def results_url(self, record: TableImport) -> str:
        """Where to see what came in."""

    def missing(self, mapped: set[str]) -> str:
        """A sentence when a file with only these fields cannot be imported, else ""."""
        absent = [one.label for one in self.fields if one.required and one.name not in mapped]
        return f"Dites quelle colonne contient : {', '.join(absent)}." if absent else ""

    @property
    def plural(self) -> str:
        return french.both(self.noun)[1]


KINDS: dict[str, Kind] = {}


def register(kind: type[Kind]) -> type[Kind]:
    """Make a kind known; as a decorator, from a module that the app's `ready()` imports."""
    KINDS[kind.name] = kind()
    return kind


def by_slug(slug: str) -> Kind | None:
    return next((kind for kind in KINDS.values() if kind.slug == slug), None)
