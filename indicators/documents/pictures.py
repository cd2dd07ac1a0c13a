"""The breakdowns that are drawn, on paper and on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core import charts, french
from indicators import labels
from indicators.documents.content import Cell, ReportContent, Row
from indicators.enums import FigureStatus, Heading

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


def in_pairs(pictures: list[dict[str, Any]]) -> list[dict[str, Any]]:
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
            [charts.Point(row.label.split(" ")[0], _number(row.now.value)) for row in all_months(content, rows)],
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
        "svg": svg if screen_width else on_paper(svg),
        "others": others,
        "wide": picture.wide,
    }


def _number(value: Any) -> float | int:
    return value if isinstance(value, (int, float)) else 0


def _before(row: Row) -> float | int | None:
    return _number(row.before.value) if row.before and row.before.is_computed else None


def all_months(content: ReportContent, rows: Sequence[Row]) -> list[Row]:
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


def on_paper(svg: SafeString) -> SafeString:
    """The chart with its colours inside: WeasyPrint applies no style of the page to what is in an SVG."""
    style = f'<style>{charts.PAPER_CSS} text {{ font-family: "Liberation Sans" }}</style>'
    return mark_safe(svg.replace("<title>", f"{style}<title>", 1))
