"""The yearly report: what it says, frozen, and its paper for the board.

``ReportContent`` is made of two outputs of the command ``indicators``: this year's and last year's. It computes nothing but
the gap between them; what could not be computed is said with its reason, never as a zero.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from core import charts, french, jobs, pdf, typography
from core.frozen import Frozen
from core.school_year import SchoolYear
from documents import services as papers
from documents.enums import DocumentType, Subject
from documents.models import Document
from indicators import definitions, figures, labels, rules
from indicators.enums import FigureStatus, Heading
from pfmp.models import Period
from schools.models import School, SchoolClass

COMMON_RULES = Path(__file__).parent / "data" / "common_rules.toml"
STYLES = ("paper", "report")
FIT = pdf.Fit(pages=14, dense="report_dense")

EIGHT = (
    Heading.AGREEMENTS, Heading.NETWORKS, Heading.ACTIONS, Heading.STUDENTS,
    Heading.IMPACT, Heading.SHARES, Heading.INVOLVEMENT, Heading.SATISFACTION,
)  # fmt: skip
COMPLEMENTS = (Heading.INSERTION, Heading.RECIPROCITY, Heading.FOLLOW_UP)

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

_CODE_PARTS = re.compile(r"[^._]+[._]?")

CHART_WIDTH = 316  # px: 83.5 mm, half of the page
WIDE_CHART = 657
MOST_BARS = 10


@dataclass(frozen=True)
class Picture:
    """A breakdown that is drawn under the table of its heading; ``ordered`` keeps the order of the keys."""

    code: str
    axis: str
    title: str
    ordered: bool = False
    wide: bool = False


PICTURES: Mapping[Heading, tuple[Picture, ...]] = {
    Heading.AGREEMENTS: (
        Picture("I1.1", "type_partenaire", "Conventions en vigueur par type de partenaire"),
        Picture("I1.1", "secteur", "Conventions en vigueur par secteur"),
    ),
    Heading.NETWORKS: (Picture("I2.2", "type_reseau", "Réseaux par type"),),
    Heading.ACTIONS: (
        Picture("I3.1", "mois", "Actions par mois", ordered=True, wide=True),
        Picture("I3.1", "type_action", "Actions par type"),
        Picture("I3.8", "secteur", "Partenaires engagés par secteur"),
        Picture("I3.1", "initiative", "Actions selon l’initiative"),
        Picture("I3.1", "evenement_national", "Actions par événement national"),
    ),
    Heading.STUDENTS: (
        Picture("I4.1", "niveau", "Élèves bénéficiaires par niveau", ordered=True),
        Picture("I4.1", "type_action", "Élèves bénéficiaires par type d’action"),
        Picture("I4.5", "sexe", "Élèves bénéficiaires par sexe", ordered=True),
        Picture("I4.3", "intensite", "Élèves selon le nombre d’actions suivies", ordered=True),
    ),
    Heading.IMPACT: (
        Picture("I5.6.postes", "type_offre", "Postes offerts par type"),
        Picture("I5.7", "type_offre", "Jeunes bénéficiaires par type d’offre"),
    ),
    Heading.SHARES: (),
    Heading.INVOLVEMENT: (
        Picture("I7.1", "secteur", "Réponse aux invitations par secteur"),
        Picture("I7.4", "secteur", "Actions à l’initiative des partenaires par secteur"),
    ),
    Heading.SATISFACTION: (
        Picture("I8.1", "public", "Satisfaction par partie prenante", ordered=True),
        Picture("I8.3", "public", "Réponse aux enquêtes par partie prenante", ordered=True),
    ),
    Heading.INSERTION: (
        Picture("E2", "echeance", "Taux de placement", ordered=True),
        Picture("E3", "echeance", "Taux d’insertion en emploi", ordered=True),
    ),
    Heading.RECIPROCITY: (Picture("E12", "rencontres", "Partenaires selon le nombre de rencontres", ordered=True),),
    Heading.FOLLOW_UP: (
        Picture("E28", "origine", "Origine des places"),
        Picture("E25", "motif", "Interruptions par motif"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A value as the command gives it; ``value`` is None unless ``status`` is "calcule"."""

    status: str
    value: float | int | bool | str | None = None
    n: float | int | None = None
    d: float | int | None = None
    reason: str | None = None

    @property
    def is_computed(self) -> bool:
        return self.status == FigureStatus.COMPUTED


@dataclass(frozen=True, kw_only=True)
class Row:
    """A key of a breakdown, this year and last."""

    key: str
    label: str
    now: Cell
    before: Cell | None = None


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    axis: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """An indicator, this year and last. ``completeness`` is the share of rows that hold the datum."""

    code: str
    heading: str
    label: str
    unit: str
    now: Cell
    before: Cell | None = None
    completeness: float | None = None
    breakdowns: tuple[Breakdown, ...] = ()

    def by(self, axis: str) -> tuple[Row, ...]:
        """The rows of a breakdown, none when the indicator has not this axis."""
        return next((breakdown.rows for breakdown in self.breakdowns if breakdown.axis == axis), ())


@dataclass(frozen=True, kw_only=True)
class ReportContent(Frozen):
    """All that the report says."""

    school_name: str
    uai: str
    academy: str | None
    city: str | None
    year: str
    previous_year: str | None
    as_of: date
    is_provisional: bool
    is_fictitious: bool
    issued_date: date
    definitions_version: str
    figures: tuple[Figure, ...]

    def figure(self, code: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.code == code), None)


def content_of(
    current: Mapping[str, Any],
    previous: Mapping[str, Any] | None,
    *,
    school_name: str,
    issued_date: date,
    academy: str | None = None,
    city: str | None = None,
    is_fictitious: bool = False,
    own_labels: Mapping[str, Mapping[str, str]] | None = None,
) -> ReportContent:
    """The report of a school year from two outputs of the command ``indicators``.

    ``previous`` is last year at the same day for a provisional year, whole otherwise (C-01), or None when there is none.
    ``own_labels`` names the school's own keys by axis: ``{"periode": {"P1": "1TMA, PFMP 1"}}``.
    """
    last = {entry["code"]: entry for entry in previous["indicateurs"]} if previous else {}
    return ReportContent(
        school_name=school_name,
        uai=current["etablissement"],
        academy=academy,
        city=city,
        year=current["annee"],
        previous_year=previous["annee"] if previous else None,
        as_of=date.fromisoformat(current["arrete"]),
        is_provisional=current["provisoire"],
        is_fictitious=is_fictitious,
        issued_date=issued_date,
        definitions_version=current["definitions"],
        figures=tuple(_figure(entry, last.get(entry["code"]), own_labels) for entry in current["indicateurs"]),
    )


def report_of(school: School, year: SchoolYear, today: date, *, issued_date: date) -> ReportContent:
    """The report of a school year, computed now: this year's figures, and last year's at the same day or whole (C-01).

    Raises rules.TooEarly before the year begins.
    """
    current = figures.compute(school, year, today)
    previous = None
    if SchoolClass.objects.in_school(school).filter(year=year.previous.code).exists():
        previous = figures.compute(school, year.previous, rules.day_to_compare(current.year, current.as_of)).as_json()
    return content_of(
        current.as_json(),
        previous,
        school_name=school.name,
        issued_date=issued_date,
        academy=school.academy or None,
        city=school.city or None,
        is_fictitious=school.is_demo,
        own_labels=own_labels_of(school, year.code),
    )


def own_labels_of(school: School, year: str) -> dict[str, dict[str, str]]:
    """The names of the school's own keys in a year, for ``content_of``; one query."""
    periods = Period.objects.in_school(school).counted().filter(year=year).select_related("school_class")
    return {"periode": {period.dossier_id: f"{period.school_class.code}, {period.label}" for period in periods}}


def _cell(entry: Mapping[str, Any]) -> Cell:
    return Cell(
        status=entry["statut"], value=entry["valeur"], n=entry.get("n"), d=entry.get("d"), reason=entry.get("motif")
    )


def _figure(
    entry: Mapping[str, Any], last: Mapping[str, Any] | None, own: Mapping[str, Mapping[str, str]] | None
) -> Figure:
    lines: dict[str, list[Row]] = {}
    before = {(line["axe"], line["cle"]): _cell(line) for line in last["ventilations"]} if last else {}
    for line in entry["ventilations"]:
        axis, key = line["axe"], line["cle"]
        row = Row(key=key, label=labels.key_label(axis, key, own), now=_cell(line), before=before.get((axis, key)))
        lines.setdefault(axis, []).append(row)
    return Figure(
        code=entry["code"],
        heading=str(entry["rubrique"]),
        label=entry["libelle"],
        unit=entry["unite"],
        now=_cell(entry),
        before=_cell(last) if last else None,
        completeness=entry["renseignement"],
        breakdowns=tuple(Breakdown(axis=axis, rows=tuple(rows)) for axis, rows in lines.items()),
    )


def title_of(content: ReportContent) -> str:
    """The title of the file."""
    return f"Rapport annuel du bureau des entreprises {content.year}, {content.school_name}"


def html(content: ReportContent) -> str:
    """The page that becomes the paper."""
    return render_to_string(
        "pdf/yearly_report.html",
        {
            "content": content,
            "title": title_of(content),
            "as_of": typography.long_date(content.as_of),
            "before_label": content.previous_year,
            "summary": [_summary(content, heading) for heading in EIGHT],
            "gaps": [figure for figure in content.figures if not figure.now.is_computed],
            "sections": [_section(content, heading) for heading in EIGHT],
            "complements": [_section(content, heading) for heading in COMPLEMENTS],
            "common": [typography.french(rule) for rule in _common_rules()],
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


def write_report(school: School, year: SchoolYear, today: date, *, by: User | None, now: datetime) -> None:
    """The body of the job that makes the report of a year: its file, and the paper issued, numbered and kept.

    A later report of the same year is a new edition of the first.
    """
    jobs.progress(0, 4, "Calcul des indicateurs")
    content = report_of(school, year, today, issued_date=today)
    jobs.progress(2, 4, "Mise en page")
    paper = render(content)
    jobs.progress(4, 4, "Terminé")
    said = f"Rapport {year.code}, chiffres arrêtés au {french.day(content.as_of)}."
    name = f"rapport-{school.uai}-{year.code}-{content.as_of:%Y%m%d}.pdf"
    with jobs.closing(jobs.Result(said, file=paper, name=name)):
        issued = papers.issue(
            school=school,
            type=DocumentType.YEARLY_REPORT,
            subject=Subject.SCHOOL,
            subject_id=school.uai,
            content=lambda number, edition: content,
            template_version=content.definitions_version,
            parties=lambda content: (),
            by=by,
            now=now,
            replaces=Document.objects.in_school(school)
            .about(Subject.SCHOOL, school.uai)
            .filter(type=DocumentType.YEARLY_REPORT, content__year=year.code)
            .first(),
        )
        papers.store(issued, paper)


def definition_of(code: str) -> str:
    """What an indicator counts, in plain French, as its register says it. Raises KeyError for an unknown code."""
    return typography.french(definitions.named(code).definition)


@lru_cache(maxsize=1)
def _common_rules() -> tuple[str, ...]:
    """What holds for every indicator (§ 0 of the definitions)."""
    return tuple(tomllib.loads(COMMON_RULES.read_text("utf-8"))["common"])


# How figures read


def shown(unit: str, cell: Cell | None) -> str:
    """A value in French with its unit: « 62,3 % », « 1 250 € »; « Non calculable » and the like; empty without a cell."""
    if cell is None:
        return ""
    if not cell.is_computed:
        return str(FigureStatus(cell.status).label)
    return _value(unit, cell.value)


def _value(unit: str, value: Any) -> str:
    if unit == "taux":
        return french.percent(value)
    if unit == "points":
        return french.points(value)
    if unit == "euros":
        return french.euros(value)
    if unit == "heures":
        return f"{french.number(value)}{typography.NO_BREAK}h"
    if unit == "jours":
        return french.plural(value, "jour")
    if unit == "note":
        return f"{french.number(value, 1)}{typography.NO_BREAK}/{typography.NO_BREAK}4"
    if unit == "oui_non":
        return "Oui" if value else "Non"
    if unit == "date":
        return french.day(date.fromisoformat(value))
    return french.number(value)


def gap(figure: Figure) -> str:
    """This year less last year, in points for shares; empty when one of them is not computed or has no difference."""
    now, before = figure.now, figure.before
    if before is None or not (now.is_computed and before.is_computed) or figure.unit in ("oui_non", "date"):
        return ""
    difference = now.value - before.value  # type: ignore[operator]
    if figure.unit in ("taux", "points"):
        return french.points(difference)
    if figure.unit == "euros":
        cents = round(difference, 2)
        return f"{french.signed(cents, 0 if cents == int(cents) else 2)}{typography.NO_BREAK}€"
    return french.signed(difference, None if difference == int(difference) else 1)


def _line(figure: Figure) -> dict[str, Any]:
    return {
        "code": mark_safe("<wbr>".join(conditional_escape(part) for part in _CODE_PARTS.findall(figure.code))),
        "label": typography.french(figure.label),
        "value": shown(figure.unit, figure.now),
        "is_computed": figure.now.is_computed,
        "reason": figure.now.reason,
        "ratio": french.ratio(figure.now.n, figure.now.d) if figure.now.is_computed else "",
        "before": shown(figure.unit, figure.before) if figure.before and figure.before.is_computed else "",
        "gap": gap(figure),
        "completeness": french.percent(figure.completeness, 0),
    }


def _summary(content: ReportContent, heading: Heading) -> dict[str, Any]:
    leads = [figure for code in LEADS[heading] if (figure := content.figure(code))]
    return {
        "number": heading.value,
        "title": labels.SHORT_HEADINGS[heading],
        "figures": [_line(figure) for figure in leads],
    }


def _section(content: ReportContent, heading: Heading) -> dict[str, Any]:
    figures = [figure for figure in content.figures if figure.heading == heading.value]
    return {
        "number": heading.value if heading in EIGHT else "",
        "title": typography.french(heading.label),
        "lines": [_line(figure) for figure in figures],
        "opens": heading in OPENS,
        "pictures": _in_pairs([made for picture in PICTURES[heading] if (made := drawn(content, picture))]),
        "tables": _tables(content, heading),
    }


def _in_pairs(pictures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same pictures, each knowing whether it ends a line of two."""
    rank = 0
    for picture in pictures:
        picture["is_right"] = not picture["wide"] and rank % 2 == 1
        rank = 0 if picture["wide"] else rank + 1
    return pictures


def drawn(content: ReportContent, picture: Picture, *, screen_width: int = 0) -> dict[str, Any] | None:
    """The title and the SVG of a picture, None when it would show nothing; `screen_width` px for a page, 0 for paper."""
    figure = content.figure(picture.code)
    rows = [row for row in figure.by(picture.axis) if row.now.is_computed] if figure else []
    if not figure or len(rows) < 1 or not any(row.now.value for row in rows):
        return None
    if picture.ordered:
        rows.sort(key=lambda row: labels.key_rank(picture.axis, row.key))
    else:
        rows.sort(key=lambda row: (-_number(row.now.value), row.label))
    others = max(0, len(rows) - MOST_BARS)
    shares = figure.unit == "taux" or picture.axis in ("intensite", "rencontres")
    write: charts.Write = french.percent if shares else french.number
    before = content.previous_year or ""
    if picture.axis == "mois":
        svg = charts.line(
            [charts.Point(row.label.split(" ")[0], _number(row.now.value)) for row in _all_months(content, rows)],
            label=picture.title,
            width=screen_width or WIDE_CHART,
        )
    else:
        svg = charts.bars(
            [
                charts.Bar(row.label, _number(row.now.value), _before(row) if before else None)
                for row in rows[:MOST_BARS]
            ],
            label=picture.title,
            width=screen_width or (WIDE_CHART if picture.wide else CHART_WIDTH),
            write=write,
            before_label=before,
            top=1 if shares else None,
        )
    return {
        "title": picture.title,
        "svg": svg if screen_width else _on_paper(svg),
        "others": others,
        "wide": picture.wide,
    }


def _number(value: Any) -> float | int:
    return value if isinstance(value, (int, float)) else 0


def _before(row: Row) -> float | int | None:
    return _number(row.before.value) if row.before and row.before.is_computed else None


def _all_months(content: ReportContent, rows: Sequence[Row]) -> list[Row]:
    """The months of the year up to the day of the figures; those without an action are zero, as I3.1 counts them."""
    by_key = {row.key: row for row in rows}
    first = int(content.year[:4])
    keys = [f"{first + (month < 9)}-{month:02d}" for month in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8)]
    zero = Cell(status=FigureStatus.COMPUTED.value, value=0)
    return [
        by_key.get(key) or Row(key=key, label=labels.key_label("mois", key), now=zero)
        for key in keys
        if key <= f"{content.as_of:%Y-%m}"
    ]


def _on_paper(svg: SafeString) -> SafeString:
    """The chart with its colours inside: WeasyPrint applies no style of the page to what is in an SVG."""
    style = f'<style>{charts.PAPER_CSS} text {{ font-family: "Liberation Sans" }}</style>'
    return mark_safe(svg.replace("<title>", f"{style}<title>", 1))


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
