"""What the readers of an académie see of its lycées: counts that may be read outside, added up, never ranked (S-05, P-20 to P-22).

Everything comes from publications (`indicators.publishing`): what a lycée hides is hidden here. Sums are made of shown
numbers only, with how many lycées they hold: taken apart, they give nothing that is not shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Max

from accounts.models import User
from core import french, typography
from core.school_year import SchoolYear
from core.text import searchable
from indicators import definitions, documents, labels
from indicators.enums import Heading
from indicators.models import Publication
from schools.enums import SchoolType
from schools.models import AcademyReader, School

HEADLINES = {
    "I1.1": "Conventions", "I3.1": "Actions", "I4.1": "Élèves touchés", "I5.1": "Place de PFMP", "I7.1": "Réponses",
    "I8.1": "Satisfaction",
}  # fmt: skip
"""One figure of each heading that has a number, on the first page, in a word."""
NO_SUM = frozenset({"I3.3.moyenne", "I3.3.mediane", "I3.5", "E12", "E27", "I5.10"})
"""Medians, averages without their parts, the most of several: they do not add up."""
AXES = ("secteur", "type_partenaire", "type_action", "type_offre", "type_reseau")
INTERNAL = frozenset({"I5.4", "E14", "E27"})
WHY = "a reader of an académie has no school: only publications are read, never a row of a school"


def academies_of(user: User) -> list[str]:
    """The académies that a person reads, by name; none for anybody else."""
    if not user.is_authenticated:
        return []
    readers = AcademyReader.objects.filter(user=user, is_active=True)
    return list(readers.order_by("academy").values_list("academy", flat=True))


@dataclass(frozen=True)
class Number:
    """One number, or why there is none: n and d when it has them, in words."""

    value: float | None
    n: float | None
    d: float | None
    unit: str
    reason: str = ""
    day: date | None = None  # when it is older than the figures around it

    @property
    def is_shown(self) -> bool:
        return self.value is not None

    @property
    def text(self) -> str:
        return documents.written(self.unit, self.value) if self.value is not None else self.reason

    @property
    def ratio(self) -> str:
        return french.ratio(self.n, self.d) if self.is_shown and self.d else ""


@dataclass(frozen=True)
class Sum:
    """Σn/Σd of the lycées whose number is shown, and how many these are."""

    number: Number
    shown: int
    schools: int

    @property
    def held(self) -> str:
        return f"{self.shown} sur {self.schools}"


@dataclass(frozen=True)
class Lycee:
    """A lycée of the académie and its published figures."""

    school: School
    as_of: date | None
    entries: Mapping[str, Mapping[str, Any]]

    def number(self, code: str, axis: str = "", key: str = "") -> Number | None:
        """A number of this lycée; None when it has not this key."""
        unit = definitions.named(code).unit
        entry = self.entries.get(code)
        if entry is None:
            return None if axis else Number(None, None, None, unit, "Pas encore de chiffres")
        if not axis:
            return _number(entry, unit)
        cell = next((c for c in entry["ventilations"] if c["axe"] == axis and c["cle"] == key), None)
        return _number(cell, unit) if cell is not None else None


def _number(cell: Mapping[str, Any], unit: str) -> Number:
    if cell["statut"] != "calcule":
        return Number(None, None, None, unit, typography.french(cell.get("motif") or ""))
    day = date.fromisoformat(cell["arrete"]) if "arrete" in cell else None
    return Number(cell["valeur"], cell["n"], cell["d"], unit, "", day)


def added(code: str, numbers: Iterable[Number | None]) -> Sum:
    """The sum of one indicator over lycées: Σn/Σd for a share or a mean, Σ for a count; of what is shown only."""
    unit = definitions.named(code).unit
    all_ = [number for number in numbers if number is not None]
    shown = [number for number in all_ if number.is_shown]
    empty = Number(None, None, None, unit, "n.d." if all_ else "")
    if not shown or code in NO_SUM or unit in ("points", "date", "oui_non"):
        return Sum(empty if code not in NO_SUM else Number(None, None, None, unit, ""), len(shown), len(all_))
    if all(number.d is not None for number in shown):
        n, d = sum(number.n or 0 for number in shown), sum(number.d or 0 for number in shown)
        value = float(Fraction(n) / Fraction(d)) if d else None
        return Sum(Number(value, n, d, unit), len(shown), len(all_))
    total = sum(number.value or 0 for number in shown)
    return Sum(Number(total, total, None, unit), len(shown), len(all_))


class Academy:
    """The lycées of an académie in one year, by name: two queries, whatever their number."""

    def __init__(self, name: str, year: SchoolYear) -> None:
        self.name, self.year = name, year

    @cached_property
    def lycees(self) -> list[Lycee]:
        schools = School.objects.filter(academy=self.name).only("uai", "name", "city", "type", "is_demo")
        everywhere = Publication.objects.across_schools(why=WHY).filter(school__academy=self.name, year=self.year.code)
        last = everywhere.order_by().values("school").annotate(last=Max("pk")).values("last")
        published = {
            school: (as_of, {entry["code"]: entry for entry in figures["indicateurs"]})
            for school, as_of, figures in everywhere.filter(pk__in=last).values_list("school", "as_of", "figures")
        }
        found = [Lycee(school, *published.get(school.pk, (None, {}))) for school in schools]
        return sorted(found, key=lambda lycee: (searchable(lycee.school.name), lycee.school.uai))

    def total(self, code: str) -> Sum:
        return added(code, (lycee.number(code) for lycee in self.lycees))

    def by_type(self, code: str) -> list[tuple[str, Sum]]:
        """Σn/Σd by type of lycée, in the order of the list of types."""
        return [
            (label, added(code, (lycee.number(code) for lycee in self.lycees if lycee.school.type == value)))
            for value, label in SchoolType.choices
            if any(lycee.school.type == value for lycee in self.lycees)
        ]

    def by_axis(self, code: str) -> list[tuple[str, list[tuple[str, Sum]]]]:
        """Σn/Σd by professional sector and by kind, where the indicator is broken down so; keys in the order of their list."""
        found = []
        for axis in definitions.named(code).axes:
            if axis not in AXES:
                continue
            entries = [lycee.entries[code] for lycee in self.lycees if code in lycee.entries]
            keys = {cell["cle"] for entry in entries for cell in entry["ventilations"] if cell["axe"] == axis}
            lines = [
                (labels.key_label(axis, key), added(code, (lycee.number(code, axis, key) for lycee in self.lycees)))
                for key in sorted(keys, key=lambda key: labels.key_rank(axis, key))
            ]
            found.append((labels.AXES[axis], lines))
        return found

    def years(self) -> list[str]:
        """The years of which something is published, the latest first."""
        everywhere = Publication.objects.across_schools(why=WHY).filter(school__academy=self.name)
        return list(everywhere.order_by("-year").values_list("year", flat=True).distinct())


def offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """The indicators of the académie's pages, by heading."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in definitions.in_order():
        if item.code not in INTERNAL:
            groups.setdefault(labels.SHORT_HEADINGS[Heading(item.heading)], []).append(
                (item.code, typography.french(item.label))
            )
    return list(groups.items())
