"""The calendar of a school year as one SVG: weeks across, classes down, bands for periods. Pure: a `YearPlan` in, text out.

Geometry in attributes, colours by class (`cal-…`): static/scss/_calendar.scss for the screen, `PAPER_CSS` inside the drawing for
paper, where WeasyPrint reads no style sheet of the page.
The page shows a table of the same data, so nothing is said by the drawing alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core import french
from core.typography import MONTHS
from pfmp.calendar import Lane, Outing, YearPlan
from pfmp.enums import PeriodKind
from pfmp.rules.cycle import weeks_text
from schools.enums import DayOffKind

CHAR = 0.56
"""Width of a character, in font sizes."""
BOLD = 0.66
LOAD_HEIGHT = 46
PAPER_CSS = """
.cal text { fill: #1b2130; font-family: "Liberation Sans" }
.cal .cal-level { font-weight: bold; fill: #25459c }
.cal .cal-month { font-weight: bold }
.cal .cal-week { fill: #545b6b }
.cal-line { stroke: #d9dcd8; stroke-width: 0.7 }
.cal-month-line { stroke: #c3c7c2; stroke-width: 0.8 }
.cal-off { fill: #f0ece0 }
.cal-closed { fill: #e2e6ee }
.cal-legal { fill: #dd7f92 }
.cal-event { fill: #8b919e }
.cal-pfmp { fill: #25459c }
.cal-bts { fill: #4f3a86 }
.cal-beyond { fill: #dfe6f8; stroke: #25459c; stroke-width: 1; stroke-dasharray: 4 2 }
.cal-observation { fill: #dcece2; stroke: #2f6b4a; stroke-width: 1 }
.cal .cal-name { fill: #ffffff; font-weight: bold }
.cal .cal-beyond + .cal-name, .cal .cal-observation + .cal-name { fill: #1b2130 }
.cal-load { fill: #6d89cf }
"""
_CLASS = {PeriodKind.PFMP: "cal-pfmp", PeriodKind.BTS: "cal-bts"}


@dataclass(frozen=True)
class Shape:
    """Sizes in pixels. `links`: bands open their period; on paper they do not."""

    width: int = 1000
    label: int = 150
    row: int = 24
    font: float = 11.5
    links: bool = True

    @classmethod
    def of_paper(cls, lanes: int, levels: int) -> "Shape":
        """An A3 in landscape holds any school: rows as high as there is room for, between 9 and 26 pixels."""
        room = 1000 - 44 - LOAD_HEIGHT - 30 - levels * 18
        row = max(9, min(26, room // max(1, lanes)))
        return cls(width=1510, label=190, row=row, font=max(7.5, min(12, row * 0.52)), links=False)


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    left: float
    day: float

    def at(self, day: date) -> float:
        return self.left + (day - self.first).days * self.day


def draw(
    plan: YearPlan, shape: Shape, *, addresses: dict[int, str] | None = None, moves: dict[int, str] | None = None
) -> SafeString:
    """The drawing of a plan. `addresses`: of each period's page, by primary key. `moves`: where new dates
    of a period go, for who may drag its band."""
    days = (plan.last - plan.first).days + 1
    scale = _Scale(plan.first, plan.last, shape.label, (shape.width - shape.label) / days)
    head = shape.font + 6
    top = head * 2 + (head if any(event.start for event in plan.events) else 0) + 4
    body: list[str] = []
    y = top
    for name, lanes in plan.levels:
        y += shape.font + 8
        body.append(_text(0, y - 5, name, "cal-level", shape.font - 0.5))
        body.append(_line(0, y, shape.width, y))
        for lane in lanes:
            body += _lane(lane, y, shape, scale, addresses or {}, moves or {})
            y += shape.row
    bottom = y
    height = bottom + LOAD_HEIGHT + 8
    behind = _behind(plan, shape, scale, head, top, bottom)
    load = _load(plan, shape, scale, bottom + 6)
    style = "" if shape.links else f"<style>{PAPER_CSS}</style>"
    label = f"Calendrier des PFMP {plan.year} : {french.plural(len(plan.outings), 'période')} de {french.plural(len(plan.lanes), 'classe')}"
    return format_html(
        '<svg class="cal" xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" role="{}" aria-label="{}"'
        ' data-first="{}" data-day="{}">{}</svg>',
        shape.width,
        _n(height),
        shape.width,
        _n(height),
        "group" if shape.links else "img",
        label,
        plan.first.isoformat(),
        f"{scale.day:.4f}",
        mark_safe("".join([style, *behind, *body, *load])),  # each part is escaped where it is written
    )


def _behind(plan: YearPlan, shape: Shape, scale: _Scale, head: float, top: float, bottom: float) -> list[str]:
    """Months, week numbers, holidays and public holidays: what stands behind the bands."""
    found = []
    for one in plan.holidays:
        start, end = max(one.start, plan.first), min(one.end, plan.last)
        css = "cal-off" if one.kind == DayOffKind.HOLIDAYS else "cal-closed"
        x, width = scale.at(start), scale.at(end + timedelta(days=1)) - scale.at(start)
        found.append(
            _rect(x, head * 2, width, bottom - head * 2, css, title=f"{one.label}, {french.period(one.start, one.end)}")
        )
    for day, name in plan.calendar.legal_holidays().items():
        if plan.first <= day <= plan.last and day.weekday() < 5:
            found.append(
                _rect(
                    scale.at(day),
                    head * 2,
                    scale.day,
                    bottom - head * 2,
                    "cal-legal",
                    title=f"{name}, {french.day(day)}",
                )
            )
    month = plan.first.replace(day=1)
    while month <= plan.last:
        after = (month + timedelta(days=32)).replace(day=1)
        x = scale.at(max(month, plan.first))
        room = scale.at(min(after, plan.last + timedelta(days=1))) - x
        if x > shape.label:
            found.append(_line(x, 0, x, bottom, "cal-month-line"))
        if room > 20:
            name = MONTHS[month.month - 1]
            found.append(
                _text(
                    x + 4,
                    head - 5,
                    name if room > len(name) * shape.font * CHAR + 6 else name[:3],
                    "cal-month",
                    shape.font,
                )
            )
        month = after
    small = max(6.5, shape.font - 3)
    for load in plan.loads:
        x = scale.at(load.monday)
        found.append(_text(x + scale.day * 2.5, head * 2 - 5, str(load.number), "cal-week", small, anchor="middle"))
    for event in plan.events:
        if event.start is None or event.end is None or event.end < plan.first or event.start > plan.last:
            continue
        x = scale.at(event.start)
        width = max(scale.day * 3, scale.at(event.end + timedelta(days=1)) - x)
        title = f"{event.name}, {french.period(event.start, event.end)}"
        found.append(_rect(x, head * 2 + 3, width, head - 8, "cal-event", title=title, radius=2))
    return found


def _lane(
    lane: Lane, y: float, shape: Shape, scale: _Scale, addresses: dict[int, str], moves: dict[int, str]
) -> list[str]:
    label = _named(lane, shape)
    found = [
        _text(0, y + shape.row / 2 + shape.font * 0.36, label, "cal-class", shape.font),
        _line(0, y + shape.row, shape.width, y + shape.row),
    ]
    tracks = _tracks(lane.outings)
    count = max(tracks.values(), default=0) + 1
    for one in lane.outings:
        height = (shape.row - 4) / count
        found.append(_band(lane, one, y + 2 + tracks[one.period.pk] * height, height, shape, scale, addresses, moves))
    return found


def _named(lane: Lane, shape: Shape) -> str:
    """The class as there is room for: its label, else its code, which schools know it by."""
    room, name = shape.label - 8, lane.school_class.label
    return name if len(name) <= int(room / (shape.font * CHAR)) else _cut(lane.school_class.code, room, shape.font)


def _tracks(outings: tuple[Outing, ...]) -> dict[int, int]:
    """Periods of one class that overlap, as a dossier may hold them, stand one under the other."""
    ends: list[date] = []
    found = {}
    for one in sorted(outings, key=lambda one: one.period.start_date):
        free = next((track for track, end in enumerate(ends) if end < one.period.start_date), len(ends))
        if free == len(ends):
            ends.append(one.period.end_date)
        else:
            ends[free] = one.period.end_date
        found[one.period.pk] = free
    return found


def _band(
    lane: Lane,
    one: Outing,
    y: float,
    height: float,
    shape: Shape,
    scale: _Scale,
    addresses: dict[int, str],
    moves: dict[int, str],
) -> str:
    period = one.period
    x = scale.at(max(period.start_date, scale.first))
    width = scale.at(min(period.end_date, scale.last) + timedelta(days=1)) - x
    if width <= 0:
        return ""
    css = _CLASS.get(one.kind, "cal-observation")
    if not period.counts_for_exam and one.kind is PeriodKind.PFMP:
        css = "cal-beyond"
    said = ", ".join(said_of(lane, one))
    name, font = _fitted(period.label, width - 8, min(shape.font, height * 0.62))
    dated = f"{period.label}, {french.short_day(period.start_date)} – {french.short_day(period.end_date)}"
    if not shape.links and len(dated) * font * BOLD <= width - 8:  # nobody points at paper: the dates stand in the band
        name = dated
    inside = _text(x + 4, y + height / 2 + font * 0.36, name, "cal-name", font) if name else ""
    drawn = f"{_rect(x, y, width, height, f'cal-band {css}', radius=3, title=said)}{inside}"
    address = addresses.get(period.pk)
    if not (shape.links and address):
        return drawn
    move = ""
    if period.pk in moves:
        move = (
            f' data-move-url="{escape(moves[period.pk])}" data-version="{period.version}"'
            f' data-start="{period.start_date}" data-end="{period.end_date}"'
        )
    return f'<a href="{escape(address)}" aria-label="{escape(said)}"{move}>{drawn}</a>'


def said_of(lane: Lane, one: Outing) -> list[str]:
    """A band in words, for a screen reader and for the pointer."""
    found = [
        f"{lane.school_class.label}, {one.period.label}",
        french.period(one.period.start_date, one.period.end_date),
        weeks_text(one.weeks),
        french.plural(one.pupils, "élève"),
    ]
    if one.kind_label:
        found.append(one.kind_label)
    return found + [f"dont {french.plural(days, 'jour')} pendant : {label}" for label, days in one.holidays]


def _load(plan: YearPlan, shape: Shape, scale: _Scale, y: float) -> list[str]:
    """Pupils out, week by week, under the classes."""
    most = max((load.out for load in plan.loads), default=0)
    room = LOAD_HEIGHT - 16
    found = [_text(0, y + LOAD_HEIGHT - 4, "Élèves dehors", "cal-class", shape.font)]
    small = max(7.0, shape.font - 3)
    for load in plan.loads:
        if not load.out:
            continue
        height = max(2.0, room * load.out / most)
        x = scale.at(load.monday)
        base = y + LOAD_HEIGHT
        title = f"Semaine {load.number}, {french.day(load.monday)} : {french.plural(load.out, 'élève')}"
        found.append(_rect(x + 1, base - height, scale.day * 7 - 2, height, "cal-load", title=title))
        found.append(_text(x + scale.day * 3.5, base - height - 3, str(load.out), "cal-week", small, anchor="middle"))
    found.append(_line(scale.left, y + LOAD_HEIGHT, shape.width, y + LOAD_HEIGHT))
    return found


# ------------------------------------------------------------------------------------------------------------ the pieces


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, css: str, size: float, *, anchor: str = "") -> str:
    more = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{css}" x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{more}>{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, css: str, *, title: str = "", radius: float = 0) -> str:
    shown = f"<title>{escape(title)}</title>" if title else ""
    corner = f' rx="{_n(radius)}"' if radius else ""
    return (
        f'<rect class="{css}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{corner}>{shown}</rect>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, css: str = "cal-line") -> str:
    return f'<line class="{css}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _fitted(text: str, room: float, font: float) -> tuple[str, float]:
    """The text in bold at the size that lets it fit, down to three quarters; then shortened."""
    wanted = room / max(1, len(text)) / BOLD
    size = max(font * 0.75, min(font, wanted))
    return (text, size) if wanted >= size else (_cut(text, room * CHAR / BOLD, size), size)


def _cut(text: str, room: float, font: float) -> str:
    """The text, shortened when it does not fit; "" when nothing of it would be readable."""
    fits = int(room / (font * CHAR))
    if len(text) <= fits:
        return text
    return f"{text[: fits - 1].rstrip()}…" if fits >= 4 else ""
