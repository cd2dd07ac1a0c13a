"""The figures of a school year: every indicator computed, in the form that the command prints and snapshots keep."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import User
from core import audit, jobs
from core.school_year import SchoolYear
from indicators import definitions, publishing, rules
from indicators.definitions import Anomaly, Cell, Figure, Indicator, YearData
from indicators.enums import FigureStatus
from indicators.models import Snapshot
from schools.models import School, SchoolClass

DEFINITIONS_VERSION = "1"
STEPS_BETWEEN_NEWS = 10
"""Indicators between two notes of progress: each note is a write."""


@dataclass(frozen=True)
class YearFigures:
    """All the indicators of one school and year, as they stood on `as_of`."""

    uai: str
    year: SchoolYear
    as_of: date
    is_provisional: bool
    figures: tuple[tuple[Indicator, Figure], ...]

    def as_json(self) -> dict[str, Any]:
        """The promised form (commands.md, A-20 to A-31): codes in their order, keys of breakdowns sorted."""
        return {
            "etablissement": self.uai,
            "annee": self.year.code,
            "arrete": self.as_of.isoformat(),
            "provisoire": self.is_provisional,
            "definitions": DEFINITIONS_VERSION,
            "indicateurs": [_entry(indicator, figure) for indicator, figure in self.figures],
        }


def compute(school: School, year: SchoolYear, today: date) -> YearFigures:
    """Every indicator of a school year on a day. Raises rules.TooEarly before the year begins (A-02)."""
    return of(YearData(school, year, today))


def of(data: YearData, *, tell: Callable[[int, int, str], None] | None = None) -> YearFigures:
    """Every indicator, from rows already chosen. `tell` hears how far it is: done, of how many, what comes."""
    register = definitions.in_order()
    found = []
    for done, indicator in enumerate(register):
        if tell and done % STEPS_BETWEEN_NEWS == 0:
            tell(done, len(register), indicator.label)
        found.append((indicator, indicator.compute(data)))
    return YearFigures(data.school.uai, data.year, data.as_of, data.bounds.is_provisional, tuple(found))


def refresh(school: School, year: SchoolYear, today: date, *, by: User | None = None) -> Snapshot:
    """Compute the figures of a school year and keep them, dated: one snapshot for a school, a year and a day (`--save`).

    A second one of the same day replaces the first. Those of last year that the page compares with are kept too, unless
    they already are (C-01). Raises rules.TooEarly before the year begins.
    """
    data = YearData(school, year, today)
    figures = of(data, tell=jobs.progress)
    earlier = _to_compare(school, year, figures.as_of)
    with jobs.closing(jobs.Result(f"Indicateurs {year.code} calculés, arrêtés au {figures.as_of:%d/%m/%Y}.")):
        if earlier is not None:
            _keep(school, earlier, by)
        publishing.publish(data, figures.as_json(), by=by)
        return _keep(school, figures, by)


def _to_compare(school: School, year: SchoolYear, as_of: date) -> YearFigures | None:
    """Last year's figures at the day to compare with; None when they are kept, or when last year had no class here."""
    day = rules.day_to_compare(year, as_of)
    kept = Snapshot.objects.in_school(school).filter(year=year.previous.code, as_of=day).exists()
    lived = SchoolClass.objects.in_school(school).filter(year=year.previous.code).exists()
    return compute(school, year.previous, day) if lived and not kept else None


def _keep(school: School, figures: YearFigures, by: User | None) -> Snapshot:
    values = {"figures": figures.as_json(), "computed_at": timezone.now(), "updated_by": by}
    snapshot, _ = Snapshot.objects.update_or_create(
        school=school,
        year=figures.year.code,
        as_of=figures.as_of,
        defaults=values,
        create_defaults={**values, "created_by": by},
    )
    audit.record("indicators.snapshot_stored", snapshot, by=by, year=figures.year.code, as_of=figures.as_of.isoformat())
    return snapshot


def steps() -> int:
    """How many steps a computation has, for its progress bar."""
    return len(definitions.in_order())


def anomalies(school: School, year: SchoolYear, today: date, *, kind: str = "") -> list[Anomaly]:
    """What is missing or contradicts itself in the rows of the year, with the rows to repair; of one kind only when asked.

    Raises rules.TooEarly before the year begins, KeyError for an unknown kind.
    """
    data = YearData(school, year, today)
    if not kind:
        return definitions.anomalies.all_of(data)
    found = definitions.anomalies.of_kind(data, kind)
    return [found] if found else []


class RowsBehind(NamedTuple):
    """The rows a value is made of, as primary keys of `model` ("app.Model").

    A pupil expected for two periods stands twice in a total over periods (A-44). Values that are no headcount (hours, euros,
    medians) have their rows in `numerator`; gaps have none, they are read in the two rates they subtract.
    """

    model: str
    numerator: list[int]
    denominator: list[int]


def rows_behind(
    school: School, year: SchoolYear, today: date, code: str, axis: str | None = None, key: str | None = None
) -> RowsBehind:
    """The rows behind an indicator, or behind one key of one of its axes (C-18); the model as "app.Model".

    They come from the computation itself. Raises KeyError for an unknown code, axis or key.
    """
    indicator = definitions.named(code)
    figure = indicator.compute(YearData(school, year, today))
    cell = figure.main if axis is None else figure.axes[axis][key or ""]
    return RowsBehind(indicator.rows, sorted(cell.numerator), sorted(cell.denominator))


def _entry(indicator: Indicator, figure: Figure) -> dict[str, Any]:
    heading = indicator.heading
    return {
        "code": indicator.code,
        "rubrique": int(heading) if heading.isdigit() else heading,
        "libelle": indicator.label,
        "unite": indicator.unit,
        **cell_as_json(figure.main),
        "renseignement": _plain(figure.known),
        "motif": figure.main.reason,
        "ventilations": [
            {"axe": axis, "cle": key, **cell_as_json(cell), **({"motif": cell.reason} if cell.reason else {})}
            for axis in indicator.axes
            for key, cell in sorted(figure.axes.get(axis, {}).items(), key=itemgetter(0))
        ],
    }


def cell_as_json(cell: Cell) -> dict[str, Any]:
    """Status, value, n and d in the promised form."""
    return {
        "statut": FigureStatus(cell.status).value,
        "valeur": _plain(cell.value),
        "n": _plain(cell.n, whole=True),
        "d": cell.d,
    }


def _plain(value: Any, *, whole: bool = False) -> bool | int | float | str | None:
    """A number for JSON: counts stay whole (`whole` also drops ".0" of half days), all else is the nearest float."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Fraction, Decimal)):
        return int(value) if whole and value == int(value) else float(value)
    return value
