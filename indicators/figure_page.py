"""What the page of one figure says: its value, five years of it, its breakdowns, what would change it, what the school says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from core import charts, french, typography
from core.school_year import SchoolYear
from indicators import changing, definitions, documents, figures, labels, permissions, published, rules, sealing
from indicators.definitions import Indicator, YearData
from indicators.enums import Heading
from indicators.models import FigureComment, Target
from indicators.sealing import Standing
from schools.models import Membership, School

YEARS_SHOWN = 5
CHART_WIDTH = 272
YEARS_WIDTH = 280
NO_ROWS = ("points", "date")
"""Units of values that no list of rows makes up."""


@dataclass(frozen=True)
class YearLine:
    """The figure of one year. `is_new_formula`: it was computed otherwise than that of the year before."""

    year: str
    value: str
    ratio: str
    as_of: date
    is_sealed: bool
    is_provisional: bool
    version: str
    is_new_formula: bool


@dataclass(frozen=True)
class KeyLine:
    """One key of a breakdown."""

    label: str
    value: str
    ratio: str
    last: str
    url: str


@dataclass(frozen=True)
class AxisBox:
    """A breakdown: its table, and its chart when there is something to draw."""

    title: str
    lines: Sequence[KeyLine]
    chart: SafeString | str
    has_last: bool


@dataclass(frozen=True)
class ChangeLine:
    """Something to settle, the door to it, and how far it could move the value."""

    sentence: str
    url: str
    bounds: str
    is_error: bool


@dataclass(frozen=True)
class FigurePage:
    """All that the template draws. `now` is what the same computation gives today, when it is another value than the one shown."""

    indicator: Indicator
    heading: str
    source: str
    definition: str
    standing: Standing | None
    figure: documents.Figure | None
    value: str
    ratio: str
    gap: str
    before: str
    completeness: str
    target: str
    target_gap: str
    target_reason: str
    now: str
    years: Sequence[YearLine]
    years_chart: SafeString | str
    axes: Sequence[AxisBox]
    changes: Sequence[ChangeLine]
    rows_url: str
    others_url: str
    others: int
    comment: FigureComment | None
    neighbours: tuple[Indicator | None, Indicator | None]

    @property
    def last_year(self) -> str:
        """« 55,0 % (+ 7,3 pts) »."""
        return f"{self.before} ({self.gap})" if self.before and self.gap else self.before

    @property
    def aim(self) -> str:
        """« 80,0 % (− 17,7 pts) »."""
        return f"{self.target} ({self.target_gap})" if self.target_gap else self.target


def read(membership: Membership, year: SchoolYear, code: str, today: date) -> FigurePage:
    """The page as this person may read it. Raises KeyError for an unknown code."""
    indicator = definitions.named(code)
    school = membership.school
    counts_only = permissions.sees_counts_only(membership)
    years = [SchoolYear(year.first - back) for back in range(YEARS_SHOWN)]
    standing = published.outside(school, years) if counts_only else sealing.standing_years(school, years)
    shown = {key: one.figures for key, one in standing.items()}
    here = standing.get(year.code)
    content = None
    if here:
        content = _content(school, year, here, shown, is_leaving=counts_only, by_period="periode" in indicator.axes)
    figure = content.figure(code) if content else None

    changes: Sequence[ChangeLine] = ()
    now = ""
    if permissions.may_see_rows(membership):
        try:
            data = YearData(school, year, today)
        except rules.TooEarly:
            pass
        else:
            live = indicator.compute(data)
            changes = [_change(school, indicator, one) for one in changing.of(data, code, live)]
            now = _differs(indicator, figure, live)
    target = Target.objects.in_school(school).filter(year=year.code, code=code).first()
    place = reverse("indicators:rows", args=[school.uai, code])
    has_rows = bool(permissions.may_see_rows(membership)) and indicator.unit not in NO_ROWS
    is_share = indicator.unit == "taux" and figure is not None and figure.now.is_computed
    return FigurePage(
        indicator=indicator,
        heading=labels.SHORT_HEADINGS[Heading(indicator.heading)],
        source=_source(indicator),
        definition=documents.definition_of(code),
        standing=here,
        figure=figure,
        value=documents.shown(indicator.unit, figure.now) if figure else "",
        ratio=french.ratio(figure.now.n, figure.now.d) if figure and figure.now.is_computed and figure.now.d else "",
        gap=documents.gap(figure) if figure else "",
        before=documents.shown(indicator.unit, figure.before)
        if figure and figure.before and figure.before.is_computed
        else "",
        completeness=_completeness(figure),
        target=_written(indicator.unit, target.value) if target else "",
        target_gap=_to_target(indicator.unit, figure, target),
        # What colleagues wrote may say the very count that is hidden: not for who reads counts only.
        target_reason=target.reason if target and not counts_only else "",
        now=now,
        years=_years(indicator, years, standing, shown),
        years_chart=_years_chart(indicator, years, shown),
        axes=_axes(school, content, figure, place if has_rows else ""),
        changes=changes,
        rows_url=place if has_rows else "",
        others_url=f"{place}?{urlencode({'parmi': 'autres'})}" if has_rows and is_share else "",
        others=int((figure.now.d or 0) - (figure.now.n or 0)) if figure and is_share and has_rows else 0,
        comment=None
        if counts_only
        else FigureComment.objects.in_school(school)
        .filter(year=year.code, code=code)
        .select_related("updated_by")
        .first(),
        neighbours=_neighbours(code),
    )


def _content(
    school: School,
    year: SchoolYear,
    here: Standing,
    shown: Mapping[str, Mapping[str, Any]],
    *,
    is_leaving: bool,
    by_period: bool,
) -> documents.ReportContent:
    """This year beside the one before, at the same day while it is provisional."""
    before = shown.get(year.previous.code)
    if here.figures["provisoire"]:
        before = published.before(school, year, here, is_leaving=is_leaving)
    return documents.content_of(
        shown[year.code],
        before,
        school_name=school.name,
        issued_date=here.as_of,
        own_labels=documents.own_labels_of(school, year.code) if by_period else None,
    )


def _source(indicator: Indicator) -> str:
    heading = Heading(indicator.heading)
    if heading in documents.EIGHT:
        return typography.french(f"Fiche 2.5, rubrique {heading.value} : « {heading.label} »")
    return typography.french(f"Complément de la plateforme à la fiche 2.5 : {heading.label}")


def _completeness(figure: documents.Figure | None) -> str:
    if figure is None or figure.completeness is None:
        return ""
    digits = 1 if 0.99 <= figure.completeness < 1 else 0
    return french.percent(figure.completeness, digits)


# ------------------------------------------------------------------------------------------------------------ five years


def _entry(figures_: Mapping[str, Any] | None, code: str) -> Mapping[str, Any] | None:
    """The line of a code in kept figures; None in those of a time that did not know it."""
    return next((one for one in figures_["indicateurs"] if one["code"] == code), None) if figures_ else None


def _cell(entry: Mapping[str, Any]) -> documents.Cell:
    return documents.Cell(status=entry["statut"], value=entry["valeur"], n=entry["n"], d=entry["d"])


def _years(
    indicator: Indicator,
    years: Sequence[SchoolYear],
    standing: Mapping[str, Standing],
    shown: Mapping[str, Mapping[str, Any]],
) -> list[YearLine]:
    found: list[YearLine] = []
    older = ""
    for year in reversed(years):
        one = standing.get(year.code)
        entry = _entry(shown.get(year.code), indicator.code)
        if one is None or entry is None:
            continue
        cell = _cell(entry)
        found.append(
            YearLine(
                year=year.code,
                value=documents.shown(indicator.unit, cell),
                ratio=french.ratio(cell.n, cell.d) if cell.is_computed and cell.d else "",
                as_of=one.as_of,
                is_sealed=one.seal is not None,
                is_provisional=bool(one.figures["provisoire"]),
                version=one.definitions,
                is_new_formula=bool(older) and older != one.definitions,
            )
        )
        older = one.definitions
    return found[::-1]


def _years_chart(
    indicator: Indicator, years: Sequence[SchoolYear], shown: Mapping[str, Mapping[str, Any]]
) -> SafeString | str:
    if indicator.unit in ("oui_non", "date", "points"):
        return ""
    points = []
    for year in reversed(years):
        entry = _entry(shown.get(year.code), indicator.code)
        value = entry["valeur"] if entry and entry["statut"] == "calcule" else None
        points.append(charts.Point(f"{year.first % 100:02d}-{(year.first + 1) % 100:02d}", value))
    if sum(point.value is not None for point in points) < 2:
        return ""
    return charts.line(
        points,
        label=typography.french(f"{indicator.label}, par année"),
        width=YEARS_WIDTH,
        write=_short_write(indicator.unit),
    )


def _short_write(unit: str) -> charts.Write:
    return {"taux": french.percent, "euros": french.euros}.get(unit, french.number)


# ---------------------------------------------------------------------------------------- by key


def _axes(
    school: School, content: documents.ReportContent | None, figure: documents.Figure | None, rows_url: str
) -> list[AxisBox]:
    if content is None or figure is None:
        return []
    found = []
    for breakdown in figure.breakdowns:
        axis = breakdown.axis
        rows = sorted(breakdown.rows, key=lambda row: _place(axis, row))
        unit = "taux" if axis in ("intensite", "rencontres") else figure.unit
        lines = [
            KeyLine(
                label=row.label,
                value=documents.shown(unit, row.now),
                ratio=french.ratio(row.now.n, row.now.d) if row.now.is_computed and row.now.d else "",
                last=documents.shown(unit, row.before) if row.before and row.before.is_computed else "",
                url=f"{rows_url}?{urlencode({'axe': axis, 'cle': row.key})}" if rows_url else "",
            )
            for row in rows
        ]
        title = f"Par {labels.AXES[axis]}"
        is_ordered = axis in labels.ORDERED_AXES
        picture = documents.Picture(
            figure.code, axis, typography.french(f"{figure.label}, par {labels.AXES[axis]}"), ordered=is_ordered
        )
        drawn = documents.drawn(content, picture, screen_width=CHART_WIDTH)
        found.append(AxisBox(title, lines, drawn["svg"] if drawn else "", any(line.last for line in lines)))
    return found


def _place(axis: str, row: documents.Row) -> tuple[int, str]:
    """Months follow one another; keys of a list stand in its order; the school's own by name."""
    rank, key = labels.key_rank(axis, row.key)
    return (rank, key if axis == "mois" else row.label)


# ---------------------------------------------------------------------------------------------------- what would change it


def _change(school: School, indicator: Indicator, change: changing.Change) -> ChangeLine:
    anomaly = change.anomaly
    url = f"{reverse('indicators:gaps', args=[school.uai])}?{urlencode({'quoi': anomaly.key})}"
    return ChangeLine(anomaly.sentence, url, _bounds(indicator.unit, change.span), anomaly.is_error)


def _bounds(unit: str, span: changing.Span | None) -> str:
    """« entre 43,2 % et 45,0 % une fois ces données saisies » : limits, not an estimate."""
    if span is None:
        return ""
    least = _written(unit, span.least)
    if span.most is None:
        return f"au moins {least}"
    most = _written(unit, span.most)
    return f"restera à {least}" if least == most else f"entre {least} et {most}"


def _written(unit: str, value: Any) -> str:
    """A number with its unit, as figures are shown."""
    number = float(value) if not isinstance(value, (int, bool)) else value
    if isinstance(number, float) and number.is_integer() and unit in ("nombre", "jours"):
        number = int(number)
    return documents.shown(unit, documents.Cell(status="calcule", value=number))


def _differs(indicator: Indicator, figure: documents.Figure | None, live: definitions.Figure) -> str:
    """What the computation gives now, when the figure shown says something else."""
    now = documents.shown(indicator.unit, _cell(figures.cell_as_json(live.main)))
    return now if figure is not None and now != documents.shown(indicator.unit, figure.now) else ""


# ------------------------------------------------------------------------------------------------------------ the target


def _to_target(unit: str, figure: documents.Figure | None, target: Target | None) -> str:
    """How far the value stands from what the school aims at."""
    if target is None or figure is None or not figure.now.is_computed or unit in ("oui_non", "date"):
        return ""
    difference = Decimal(str(figure.now.value)) - target.value
    if unit in ("taux", "points"):
        return french.points(float(difference))
    return french.signed(float(difference), None if difference == int(difference) else 1)


def _neighbours(code: str) -> tuple[Indicator | None, Indicator | None]:
    """The figures before and after, in the order of the sheet."""
    register = definitions.in_order()
    place = next(rank for rank, one in enumerate(register) if one.code == code)
    return (register[place - 1] if place else None, register[place + 1] if place + 1 < len(register) else None)
