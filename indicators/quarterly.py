"""The quarterly note of the bureau: one page on three months of the school year, for the board or the rectorat.

September to November, December to February, March to May, June to August. Each note has the same lines in the same order: what
the figures were when the quarter opened, what they are at its end, what they were last year at the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Count, Q
from django.template.loader import render_to_string

from accounts.models import User
from core import charts, french, jobs, pdf, typography
from core.frozen import Frozen
from core.school_year import SchoolYear
from documents.enums import DocumentType
from documents.models import Document
from events.enums import ActionStatus, ActionType
from events.models import Action, Participation
from indicators import documents, rules
from indicators.documents import Cell, Decided, Figure, ReportContent
from indicators.enums import ReportVersion
from schools.models import School

KIND = "note_trimestrielle"
STYLES = ("paper", "quarterly_note")
FIT = pdf.Fit(pages=1, dense="quarterly_note_dense")
ACTIONS_SHOWN = 7
COMING_SHOWN = 5
DECISIONS_SHOWN = 5
CHART_WIDTH = 657

LINES: tuple[str, ...] = (
    "I1.1", "I2.1", "I3.1", "I3.8", "I4.1", "I4.2", "I5.1", "I5.3", "I5.6.offres", "I5.9", "I7.1", "I8.1", "E24", "E21.sur_place",
)  # fmt: skip
"""What each note says, in this order."""


@dataclass(frozen=True)
class Quarter:
    """Three months of a school year; `number` from 1 to 4."""

    year: SchoolYear
    number: int

    @property
    def start(self) -> date:
        return _month(self.year, 3 * (self.number - 1))

    @property
    def end(self) -> date:
        return _month(self.year, 3 * self.number) - timedelta(days=1) if self.number < 4 else self.year.end

    @property
    def label(self) -> str:
        """« septembre à novembre 2025 »."""
        return f"{typography.MONTHS[self.start.month - 1]} à {typography.MONTHS[self.end.month - 1]} {self.end.year}"

    @property
    def next(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year.next, 1)


def _month(year: SchoolYear, rank: int) -> date:
    """The first day of a month of the school year, September being 0."""
    first = year.start.month + rank
    return date(year.start.year + (first - 1) // 12, (first - 1) % 12 + 1, 1)


def quarters_of(year: SchoolYear, today: date) -> list[Quarter]:
    """The quarters of a year that have begun."""
    return [quarter for number in (1, 2, 3, 4) if (quarter := Quarter(year, number)).start <= today]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A figure at the opening of the quarter, at its end, and last year at the same day."""

    code: str
    label: str
    unit: str
    opening: Cell | None
    now: Cell
    before: Cell | None


@dataclass(frozen=True, kw_only=True)
class Done:
    """An action of the quarter, or of the next one; `present` is None before it was held."""

    day: date
    title: str
    type: str
    present: int | None = None


@dataclass(frozen=True, kw_only=True)
class QuarterlyNote(Frozen):
    """All that the note says. For the rectorat: no title that somebody typed, no small count, no decision."""

    schema: ClassVar[int] = 1

    kind: str
    title: str
    version: str
    year: str
    quarter: int
    period: str
    school_name: str
    uai: str
    academy: str | None
    city: str | None
    as_of: date
    previous_year: str | None
    is_over: bool
    is_fictitious: bool
    definitions_version: str
    lines: tuple[Line, ...]
    types: dict[str, int]
    done_count: int
    done: tuple[Done, ...]
    coming_count: int
    coming: tuple[Done, ...]
    decisions: tuple[Decided, ...]


def content_of(school: School, quarter: Quarter, today: date, version: ReportVersion) -> QuarterlyNote:
    """The note of a quarter as it stands: at its last day once it is over, today before. Raises rules.TooEarly before it begins."""
    if today < quarter.start:
        raise rules.TooEarly(f"Le trimestre de {quarter.label} commence le {quarter.start:%d/%m/%Y}.")
    as_of = min(today, quarter.end)
    is_outside = version is ReportVersion.ACADEMY
    report = documents.report_of(school, quarter.year, as_of, issued_date=as_of, version=version)
    # Two dates side by side would give back what one hides (P-22): the rectorat reads the end of the quarter only.
    opening = None if is_outside else _opening(school, quarter)
    done, coming = _actions(school, quarter, as_of)
    types: dict[str, int] = {}
    for action in done:
        types[action.type] = types.get(action.type, 0) + 1
    late_first = sorted(
        (row for row in report.decisions if row.done_date is None),
        key=lambda row: (row.due_date is None, row.due_date or as_of),
    )
    return QuarterlyNote(
        kind=KIND,
        title=f"Note trimestrielle, {quarter.label}",
        version=version.value,
        year=quarter.year.code,
        quarter=quarter.number,
        period=quarter.label,
        school_name=school.name,
        uai=school.uai,
        academy=school.academy or None,
        city=school.city or None,
        as_of=as_of,
        previous_year=report.previous_year,
        is_over=as_of == quarter.end,
        is_fictitious=school.is_demo,
        definitions_version=report.definitions_version,
        lines=tuple(_line(figure, opening) for code in LINES if (figure := report.figure(code))),
        types=dict(sorted(types.items(), key=lambda pair: (-pair[1], pair[0]))),
        done_count=len(done),
        done=() if is_outside else tuple(done[:ACTIONS_SHOWN]),
        coming_count=len(coming),
        coming=() if is_outside else tuple(coming[:COMING_SHOWN]),
        decisions=tuple(late_first[:DECISIONS_SHOWN]),
    )


def _opening(school: School, quarter: Quarter) -> ReportContent | None:
    """The figures on the eve of the quarter; None for the first of the year, when nothing was counted yet."""
    if quarter.number == 1:
        return None
    eve = quarter.start - timedelta(days=1)
    figures, _ = documents.figures_of(school, quarter.year, eve)
    return documents.content_of(figures, None, school_name=school.name, issued_date=eve)


def _line(figure: Figure, opening: ReportContent | None) -> Line:
    was = opening.figure(figure.code) if opening else None
    return Line(
        code=figure.code,
        label=f"{figure.label} ({figure.now.reason})" if figure.now.is_computed and figure.now.reason else figure.label,
        unit=figure.unit,
        opening=was.now if was else None,
        now=figure.now,
        before=figure.before,
    )


def _actions(school: School, quarter: Quarter, as_of: date) -> tuple[list[Done], list[Done]]:
    """What was held in the quarter, the most attended first; what is planned from there to the end of the next one."""
    held = (
        Action.objects.in_school(school)
        .filter(status=ActionStatus.DONE, start_date__range=(quarter.start, as_of))
        .order_by("start_date", "pk")
    )
    present = dict(
        Participation.objects.in_school(school)
        .filter(present=True, action__in=held.order_by().values("pk"))
        .order_by()
        .values_list("action")
        .annotate(Count("pk"))
    )
    done = [_said(action, present.get(action.pk, 0)) for action in held]
    planned = (
        Action.objects.in_school(school)
        .filter(status=ActionStatus.PLANNED, start_date__range=(as_of + timedelta(days=1), quarter.next.end))
        .order_by("start_date", "pk")
    )
    return sorted(done, key=lambda one: (-(one.present or 0), one.day)), [_said(action) for action in planned]


def _said(action: Action, present: int | None = None) -> Done:
    return Done(day=action.start_date, title=action.title, type=str(ActionType(action.type).label), present=present)


# ---------------------------------------------------------------------------------------------------------- the PDF


def title_of(content: QuarterlyNote) -> str:
    """The title of the file."""
    of = ", version rectorat" if content.version == ReportVersion.ACADEMY else ""
    return f"{content.title}{of}, {content.school_name}"


def html(content: QuarterlyNote) -> str:
    """The page that becomes the paper."""
    return render_to_string(
        "pdf/quarterly_note.html",
        {
            "content": content,
            "title": title_of(content),
            "as_of": typography.long_date(content.as_of),
            "is_outside": content.version == ReportVersion.ACADEMY,
            "has_opening": any(line.opening for line in content.lines),
            "lines": [_shown(line) for line in content.lines],
            "picture": _picture(content),
            "coming_more": content.coming_count - len(content.coming),
            "done_more": content.done_count - len(content.done),
        },
    )


def _shown(line: Line) -> dict[str, Any]:
    """A figure as a row: beside each value its gap to now, in its unit."""
    return {
        "code": line.code,
        "label": typography.french(line.label),
        "now": documents.NOT_SAID if documents.is_hidden(line.now) else documents.shown(line.unit, line.now),
        "is_computed": line.now.is_computed,
        "ratio": french.ratio(line.now.n, line.now.d) if line.now.is_computed else "",
        "opening": _if_computed(line, line.opening),
        "since": _gap(line, line.opening),
        "before": _if_computed(line, line.before),
        "gap": _gap(line, line.before),
    }


def _if_computed(line: Line, cell: Cell | None) -> str:
    return documents.shown(line.unit, cell) if cell and cell.is_computed else ""


def _gap(line: Line, since: Cell | None) -> str:
    return documents.gap(
        Figure(code=line.code, heading="", label=line.label, unit=line.unit, now=line.now, before=since)
    )


def _picture(content: QuarterlyNote) -> Any:
    """The actions of the quarter by type: the numbers stand at the bars."""
    if not content.types:
        return ""
    shown: Sequence[tuple[str, int]] = list(content.types.items())[:8]
    return documents.on_paper(
        charts.bars(
            [charts.Bar(label, number) for label, number in shown],
            label="Actions du trimestre par type",
            width=CHART_WIDTH // 2,
            write=french.number,
        )
    )


def render(content: QuarterlyNote) -> bytes:
    """The PDF/UA-1 file of the note; the same content gives the same bytes."""
    return pdf.render(html(content), title=title_of(content), styles=STYLES, fit=FIT)


def write(
    school: School, quarter: Quarter, today: date, version: ReportVersion, *, by: User | None, now: datetime
) -> Document:
    """The body of the job that makes the note of a quarter: frozen, numbered, its PDF kept.

    A later note of the same quarter and version is a new edition of the first.
    """
    jobs.progress(0, 4, "Calcul des indicateurs")
    if version is ReportVersion.ACADEMY:
        documents.publish(school, quarter.year, min(today, quarter.end), by=by)
    content = content_of(school, quarter, today, version)
    jobs.progress(3, 4, "Mise en page")
    paper = render(content)
    jobs.progress(4, 4, "Terminé")
    said = f"{content.title}, {version.label.lower()}."
    name = f"note-{version.value}-{school.uai}-{content.year}-T{content.quarter}.pdf"
    with jobs.closing(jobs.Result(said, file=paper, name=name)):
        return documents.keep(
            school,
            content,
            paper,
            type=DocumentType.OTHER,
            same=Q(
                content__kind=KIND,
                content__year=content.year,
                content__quarter=content.quarter,
                content__version=version.value,
            ),
            template_version=content.definitions_version,
            by=by,
            now=now,
        )
