"""The yearly report of the bureau: by the three axes of the circulaire, then by the eight headings of the sheet.

Every year says the same things in the same order: this year, last year at the same day, the gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string

from accounts.models import User
from core import french, jobs, pdf, typography
from core.school_year import SchoolYear
from documents.enums import DocumentType
from indicators import axes, labels
from indicators.documents.content import Aim, Cell, Figure, ReportContent, publish, report_of
from indicators.documents.keeping import keep
from indicators.documents.pictures import PICTURES, drawn, in_pairs
from indicators.documents.values import changes_of, common_rules, definition_of, line, reached, shown, written
from indicators.enums import COMPLEMENTS, EIGHT, FigureStatus, Heading, ReportVersion
from schools.models import School

STYLES = ("paper", "report")
FIT = pdf.Fit(pages=14, dense="report_dense")

# The three figures of each heading on the page of summary.
# The three figures of each heading on the page of summary.
LEADS: Mapping[Heading, tuple[str, ...]] = {
    Heading.AGREEMENTS: ("I1.1", "I1.2", "I1.7"),
    Heading.NETWORKS: ("I2.2", "I2.1", "I2.3"),
    Heading.ACTIONS: ("I3.1", "I3.3.total", "I3.8"),
    Heading.STUDENTS: ("I4.1", "I4.2", "I4.6"),
    Heading.IMPACT: ("I5.1", "I5.6.offres", "I5.9"),
    Heading.SHARES: ("I6.1", "I6.2", "I6.4"),
    Heading.INVOLVEMENT: ("I7.1", "I7.4", "I7.6"),
    Heading.SATISFACTION: ("I8.1", "I8.2", "I8.3"),
}

# Headings that open a page: the report has from 8 pages to 14.
OPENS = (Heading.STUDENTS,)


def title_of(content: ReportContent) -> str:
    """The title of the file."""
    of = ", version rectorat" if content.version == ReportVersion.ACADEMY else ""
    return f"Rapport annuel du bureau des entreprises {content.year}{of}, {content.school_name}"


def html(content: ReportContent) -> str:
    """The page that becomes the paper."""
    return render_to_string(
        "pdf/yearly_report.html",
        {
            "content": content,
            "title": title_of(content),
            "as_of": typography.long_date(content.as_of),
            "version": ReportVersion(content.version).label,
            "is_outside": content.version == ReportVersion.ACADEMY,
            "before_label": content.previous_year,
            "summary": [_summary(content, heading) for heading in EIGHT],
            "gaps": [figure for figure in content.figures if not figure.now.is_computed],
            "changes": changes_of(content),
            "axes": [_axis(content, axis) for axis in axes.in_order()],
            "axes_source": typography.french(axes.SOURCE),
            "aims": [_aim(content, aim, figure) for aim in content.aims if (figure := content.figure(aim.code))],
            "decisions": content.decisions,
            "sections": [_section(content, heading) for heading in EIGHT],
            "complements": [_section(content, heading) for heading in COMPLEMENTS],
            "common": [typography.french(rule) for rule in common_rules()],
            "definitions": [
                {
                    "code": figure.code,
                    "label": typography.french(figure.label),
                    "text": definition_of(figure.code),
                }
                for figure in content.figures
            ],
        },
    )


def render(content: ReportContent) -> bytes:
    """The PDF/UA-1 file of the report; the same content gives the same bytes."""
    return pdf.render(html(content), title=title_of(content), styles=STYLES, fit=FIT)


def write_report(
    school: School,
    year: SchoolYear,
    today: date,
    *,
    by: User | None,
    now: datetime,
    version: ReportVersion = ReportVersion.BOARD,
) -> None:
    """The body of the job that makes the report of a year: its file, and the paper issued, numbered and kept.

    A later report of the same year and version is a new edition of the first.
    """
    jobs.progress(0, 4, "Calcul des indicateurs")
    if version is ReportVersion.ACADEMY:
        publish(school, year, today, by=by)
    content = report_of(school, year, today, issued_date=today, version=version)
    jobs.progress(2, 4, "Mise en page")
    paper = render(content)
    jobs.progress(4, 4, "Terminé")
    said = f"Rapport {year.code}, {version.label.lower()}, chiffres arrêtés au {french.day(content.as_of)}."
    name = f"rapport-{version.value}-{school.uai}-{year.code}-{content.as_of:%Y%m%d}.pdf"
    with jobs.closing(jobs.Result(said, file=paper, name=name)):
        keep(
            school,
            content,
            paper,
            type=DocumentType.YEARLY_REPORT,
            same=Q(content__year=year.code) & of_version(version),
            template_version=content.definitions_version,
            by=by,
            now=now,
        )


def of_version(version: ReportVersion) -> Q:
    """Papers written for these readers; those from before there were two versions are the board's."""
    said = Q(content__version=version.value)
    return said | ~Q(content__has_key="version") if version is ReportVersion.BOARD else said


def _axis(content: ReportContent, axis: axes.Axis) -> dict[str, Any]:
    return {
        "number": axis.number,
        "title": typography.french(axis.title),
        "missions": [
            {
                "text": typography.french(mission.text),
                "lines": [line(figure) for code in mission.codes if (figure := content.figure(code))],
            }
            for mission in axis.missions
        ],
    }


def _aim(content: ReportContent, aim: Aim, figure: Figure) -> dict[str, Any]:
    return {
        **line(figure),
        "aim": written(figure.unit, float(aim.value)),
        "reason": aim.reason,
        "state": reached(figure, aim, is_provisional=content.is_provisional),
    }


def _summary(content: ReportContent, heading: Heading) -> dict[str, Any]:
    leads = [figure for code in LEADS[heading] if (figure := content.figure(code))]
    return {
        "number": heading.value,
        "title": labels.SHORT_HEADINGS[heading],
        "figures": [line(figure) for figure in leads],
    }


def _section(content: ReportContent, heading: Heading) -> dict[str, Any]:
    figures = [figure for figure in content.figures if figure.heading == heading.value]
    return {
        "number": heading.value if heading in EIGHT else "",
        "title": typography.french(heading.label),
        "lines": [line(figure) for figure in figures],
        "opens": heading in OPENS,
        "pictures": in_pairs([made for picture in PICTURES[heading] if (made := drawn(content, picture))]),
        "tables": _tables(content, heading),
    }


def _tables(content: ReportContent, heading: Heading) -> list[dict[str, Any]]:
    if heading is Heading.STUDENTS:
        found = _by_label(content, "classe", "I4.1")
        lines = [(label, [french.ratio(cells[0].n, cells[0].d), shown("taux", cells[0])]) for label, cells in found]
        return _in_halves("Élèves bénéficiaires par classe", "Classe", ("Élèves", "Taux"), lines)
    if heading is Heading.IMPACT:
        found = _by_label(content, "periode", "I5.1", "I5.2", "I5.3")
        lines = [
            (label, [french.number(any_.d), shown("taux", any_), shown("taux", secured), shown("nombre", without)])
            for label, (any_, secured, without) in found
        ]
        columns = ("Attendus", "Placés", "Sécurisés", "Sans")
        return _in_halves("Solutions par période de PFMP", "Période", columns, lines)
    return []


_NOTHING = Cell(status=FigureStatus.COMPUTED.value)


def _by_label(content: ReportContent, axis: str, *codes: str) -> list[tuple[str, list[Cell]]]:
    """For each key of an axis, its label and this year's cell of each indicator, in the order of the labels."""
    found: dict[str, tuple[str, list[Cell]]] = {}
    for rank, code in enumerate(codes):
        figure = content.figure(code)
        for row in figure.by(axis) if figure else ():
            found.setdefault(row.key, (row.label, [_NOTHING] * len(codes)))[1][rank] = row.now
    return sorted(found.values(), key=lambda line: line[0])


def _in_halves(
    title: str, head: str, columns: Sequence[str], lines: Sequence[tuple[str, Sequence[str]]]
) -> list[dict[str, Any]]:
    """A table, cut into two columns of the page when it is long; none without lines."""
    if not lines:
        return []
    half = -(-len(lines) // 2) if len(lines) > 6 else len(lines)
    halves = [lines[:half], lines[half:]] if len(lines) > half else [lines]
    return [{"title": title, "head": head, "columns": columns, "halves": halves}]
