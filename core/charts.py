"""Charts as SVG text, the same on screen and on paper: pure functions, geometry in attributes, colours by class.

Each mark bears its value, and `aria-label` says them all; the table of the same numbers is the page's. Bars start at
zero. Text is 12 px, drawn at the real width: give `width` the pixels that the place has. No pie, no gauge, no 3D.
Classes (`chart-now`, `chart-before`, `chart-other`, `chart-late`…) have their colours in static/scss/_charts.scss for the
screen and in `PAPER_CSS` for WeasyPrint, which reads no custom property of the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core import french

Number = int | float | Decimal
Write = Callable[[Number], str]

CHAR = 6.9  # width of a character of 12 px, with room for a wide font (DejaVu Sans)
FONT = 12
ROUND = 1.5

PAPER_CSS = """
.chart { font-size: 12px; }
.chart text { fill: #1b2130; } .chart .chart-soft { fill: #545b6b; } .chart .chart-strong { font-weight: 600; }
.chart-now { fill: #25459c; } .chart-before { fill: #6d89cf; } .chart-other { fill: #8b919e; } .chart-late { fill: #c2505f; }
.chart-track { fill: #ebedea; } .chart-axis { stroke: #d9dcd8; }
.chart-line { fill: none; stroke: #25459c; stroke-width: 2; }
.chart-line-before { fill: none; stroke: #6d89cf; stroke-width: 1.5; stroke-dasharray: 4 3; }
.chart-dot { fill: #ffffff; stroke: #25459c; stroke-width: 2; }
"""


@dataclass(frozen=True)
class Bar:
    """A line of a bar chart. `value` None: nothing is drawn and « n.d. » is written. `before`: last year's."""

    label: str
    value: Number | None
    before: Number | None = None
    late: bool = False


@dataclass(frozen=True)
class Part:
    """A piece of a stacked bar; `tone`: now, before, other or late."""

    label: str
    value: Number
    tone: str = "now"


@dataclass(frozen=True)
class Point:
    """A point of a line. `value` None leaves a gap: what is not known is not drawn as zero."""

    label: str
    value: Number | None
    before: Number | None = None


def _n(value: float) -> str:
    """A coordinate: at most one decimal, the same text on every machine."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _svg(width: float, height: float, label: str, body: list[str]) -> SafeString:
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg>",
        _n(width),
        _n(height),
        _n(width),
        _n(height),
        label,
        label,
        mark_safe("".join(body)),
    )


def _text(x: float, y: float, text: str, css: str = "", anchor: str = "") -> str:
    more = (f' class="{css}"' if css else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{FONT}"{more}>{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="{ROUND}"/>'


def _wide(text: str) -> float:
    return len(text) * CHAR


def _cut(text: str, room: float) -> str:
    """The text, shortened when it does not fit; the whole of it stays in the label of the image."""
    fits = max(4, int(room / CHAR))
    return text if len(text) <= fits else f"{text[: fits - 1].rstrip()}…"


def _write(value: Number | None, write: Write) -> str:
    return "n.d." if value is None else write(value)


def _said(label: str, value: Number | None, before: Number | None, write: Write, before_label: str) -> str:
    text = f"{label} {_write(value, write)}"
    return f"{text} ({before_label} {write(before)})" if before is not None and before_label else text


def bars(
    rows: Sequence[Bar],
    *,
    label: str,
    width: int = 208,
    write: Write = french.number,
    before_label: str = "",
    top: Number | None = None,
) -> SafeString:
    """Horizontal bars in the order given (sort them), last year's as a thinner bar under this year's.

    `write` turns a value into text (`french.percent`, `french.euros`); `before_label` names last year in the key;
    `top` sets the end of the scale (1 for shares), else the largest value does. Labels too long for a column of their
    own stand above their bar. Returns an empty string without rows.
    """
    if not rows:
        return mark_safe("")
    has_before = bool(before_label) and any(row.before is not None for row in rows)
    texts = [_write(row.value, write) for row in rows]
    longest = max(_wide(row.label) for row in rows)
    above = longest > width * 0.48
    left = 0 if above else longest + 8
    room = max(24.0, width - left - max(_wide(text) for text in texts) - 6)
    known = [float(v) for row in rows for v in (row.value, row.before if has_before else None) if v is not None]
    scale = float(top) if top else max([v for v in known if v > 0], default=1.0)
    line = (34 if above else 18) + (8 if has_before else 0)
    body: list[str] = []
    for rank, (row, text) in enumerate(zip(rows, texts, strict=True)):
        y = rank * line
        if above:
            body.append(_text(0, y + 11, _cut(row.label, width)))
            y += 16
        else:
            body.append(_text(0, y + 11, row.label))
        long = min(1.0, max(0.0, float(row.value or 0)) / scale) * room
        if row.value is not None:
            body.append(_rect(left, y + 2, max(long, 1), 10, "chart-late" if row.late else "chart-now"))
        if has_before and row.before is not None:
            body.append(
                _rect(left, y + 14, max(min(1.0, max(0.0, float(row.before)) / scale) * room, 1), 5, "chart-before")
            )
        css = "chart-strong" if row.value is not None else "chart-soft"
        body.append(_text(left + (long + 6 if row.value is not None else 0), y + 11, text, css))
    height = line * len(rows)
    if has_before:
        body += [
            _rect(left, height + 3, 12, 5, "chart-before"),
            _text(left + 18, height + 10, before_label, "chart-soft"),
        ]
        height += 14
    said = ", ".join(
        _said(row.label, row.value, row.before if has_before else None, write, before_label) for row in rows
    )
    return _svg(width, height, f"{label} : {said}.", body)


def stacked(
    parts: Sequence[Part], *, label: str, width: int = 208, write: Write = french.number, key: bool = True
) -> SafeString:
    """One bar cut into its parts, in their order, with a key that bears the values. Empty parts are said, not drawn."""
    total = sum(float(part.value) for part in parts)
    if not parts or total <= 0:
        return mark_safe("")
    shown = [part for part in parts if part.value > 0]
    gap = 1.5
    room = width - gap * (len(shown) - 1)
    body: list[str] = []
    x = 0.0
    for part in shown:
        long = float(part.value) / total * room
        body.append(_rect(x, 0, max(long, 1), 10, f"chart-{part.tone}"))
        x += long + gap
    height = 10
    if key:
        for rank, part in enumerate(parts):
            y = 16 + rank * 18
            body.append(_rect(0, y + 3, 10, 8, f"chart-{part.tone}"))
            value = write(part.value)
            body.append(_text(16, y + 11, _cut(part.label, width - 24 - _wide(value))))
            body.append(_text(width, y + 11, value, "chart-strong", "end"))
        height = 16 + 18 * len(parts)
    said = ", ".join(f"{part.label} {write(part.value)}" for part in parts)
    return _svg(width, height, f"{label} : {said}.", body)


def line(
    points: Sequence[Point],
    *,
    label: str,
    width: int = 208,
    height: int = 96,
    write: Write = french.number,
    before_label: str = "",
) -> SafeString:
    """A line from zero with the value at each point; last year dashed. A missing value cuts the line."""
    known = [float(v) for point in points for v in (point.value, point.before) if v is not None]
    if not known:
        return mark_safe("")
    has_before = bool(before_label) and any(point.before is not None for point in points)
    top = max(*known, 1e-9)
    texts = ["" if point.value is None else write(point.value) for point in points]
    side = max([_wide(text) / 2 for text in (texts[0], texts[-1], points[0].label, points[-1].label)] + [6.0])
    base = height - 20
    step = (width - 2 * side) / max(1, len(points) - 1)

    def place(rank: int, value: Number) -> tuple[float, float]:
        x = side + rank * step if len(points) > 1 else width / 2
        return x, base - float(value) / top * (base - 18)

    body = [f'<path class="chart-axis" d="M0 {_n(base + 0.5)}H{width}" fill="none"/>']
    if has_before:
        body.append(
            _path(
                [place(i, p.before) if p.before is not None else None for i, p in enumerate(points)],
                "chart-line-before",
            )
        )
    spots = [place(i, p.value) if p.value is not None else None for i, p in enumerate(points)]
    body.append(_path(spots, "chart-line"))
    every = (
        max(1, -(-int(max(_wide(t) for t in [*texts, *(p.label for p in points)]) + 6) // max(1, int(step))))
        if len(points) > 1
        else 1
    )
    for rank, (point, spot, text) in enumerate(zip(points, spots, texts, strict=True)):
        x = place(rank, 0)[0]
        is_said = (len(points) - 1 - rank) % every == 0
        if spot:
            body.append(f'<circle class="chart-dot" cx="{_n(spot[0])}" cy="{_n(spot[1])}" r="3"/>')
            if is_said:
                body.append(_text(spot[0], spot[1] - 7, text, "chart-strong", "middle"))
        if is_said:
            body.append(_text(x, height - 4, point.label, "chart-soft", "middle"))
    if has_before:
        body += [
            f'<path class="chart-line-before" d="M0 {_n(height + 6)}H16"/>',
            _text(22, height + 10, before_label, "chart-soft"),
        ]
        height += 14
    said = ", ".join(_said(p.label, p.value, p.before if has_before else None, write, before_label) for p in points)
    return _svg(width, height, f"{label} : {said}.", body)


def _path(spots: Sequence[tuple[float, float] | None], css: str) -> str:
    steps: list[str] = []
    for before, spot in pairwise([None, *spots]):
        if spot:
            steps.append(f"{'L' if before else 'M'}{_n(spot[0])} {_n(spot[1])}")
    return f'<path class="{css}" d="{"".join(steps)}"/>' if steps else ""


def spark(
    values: Sequence[Number | None], *, label: str, width: int = 72, height: int = 20, write: Write = french.number
) -> SafeString:
    """A small line without text, for a cell whose number stands beside it; its label says first and last."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return mark_safe("")
    top = max(*map(float, known), 1e-9)
    step = (width - 6) / (len(values) - 1)
    spots = [
        (3 + i * step, height - 3 - float(v) / top * (height - 6)) if v is not None else None
        for i, v in enumerate(values)
    ]
    last = next(spot for spot in reversed(spots) if spot)
    body = [_path(spots, "chart-line"), f'<circle class="chart-now" cx="{_n(last[0])}" cy="{_n(last[1])}" r="2.5"/>']
    return _svg(width, height, f"{label} : de {write(known[0])} à {write(known[-1])}.", body)


def share(done: Number, total: Number, *, width: int = 48) -> SafeString:
    """A small bar of what is done, beside the numbers that say it (so hidden from screen readers)."""
    long = min(1.0, max(0.0, float(done) / float(total))) * width if total else 0.0
    return format_html(
        '<svg class="chart chart-share" width="{}" height="8" aria-hidden="true" focusable="false">{}</svg>',
        width,
        mark_safe(_rect(0, 0, width, 8, "chart-track") + (_rect(0, 0, long, 8, "chart-now") if long else "")),
    )
