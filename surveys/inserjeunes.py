"""InserJeunes: official figures kept as published, by form or from the ministry's spreadsheet, and shown in a box of their own.

They come from administrative files, ours from what people say: another population, other jobs, other years. They are never
in one table, one chart or one sheet with ours (R-IJ-01 to R-IJ-03).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.urls import reverse

from core import french
from schools.forms import DateInput
from schools.importing import Change, Field, Kind, Line, Options, Outcome, Plan, Planned, Refused, register, values
from schools.importing.kinds import Decisions, Report
from schools.models import School, TableImport
from schools.roles import Permission
from surveys.enums import InserJeunesMeasure, Term
from surveys.models import InserJeunesFigure

SLUG = "inserjeunes"
DEFINITION = (
    "InserJeunes : part des sortants de dernière année en emploi salarié à 6, 12, 18 et 24 mois, calculée par le ministère en "
    "rapprochant des fichiers administratifs, deux promotions cumulées au niveau des formations. Ne compte ni l’emploi non "
    "salarié, ni l’étranger, ni les particuliers employeurs."
)
WHY_APART = (
    "Ces chiffres ne se comparent pas à ceux de l’enquête du lycée : ils ne comptent ni les mêmes élèves, ni les mêmes emplois, "
    "ni les mêmes années. L’enquête dépend de qui répond ; InserJeunes, des fichiers qu’il rapproche."
)
NOT_PUBLISHED = "non publié (trop peu d’élèves)"
NOTHING = re.compile(r"(n\.?[ds]\.?|-+|–|ns|non (diffus|publi|signific).*|secret.*|s|c)", re.IGNORECASE)
"""What official files write where nothing is published."""
UNPUBLISHED = "nd"


def written(figure: InserJeunesFigure) -> str:
    """« 52 % », « + 4 points »; words where nothing is published."""
    if figure.percent is None:
        return NOT_PUBLISHED
    digits = 0 if figure.percent == figure.percent.to_integral_value() else 1
    if figure.measure == InserJeunesMeasure.ADDED_VALUE:
        word = "points" if abs(figure.percent) >= 2 else "point"
        return f"{french.signed(figure.percent, digits)}\N{NO-BREAK SPACE}{word}"
    return french.percent(figure.percent / 100, digits)


def short(figure: InserJeunesFigure) -> str:
    """As `written`, for a narrow column."""
    return written(figure) if figure.percent is not None else "n.p."


def value_problem(measure: str, percent: Decimal | None) -> str:
    """Why a value cannot be that of a measure, or ""."""
    if percent is None:
        return ""
    if measure == InserJeunesMeasure.ADDED_VALUE:
        return "" if -100 <= percent <= 100 else "Une valeur ajoutée va de -100 à 100 points."
    return "" if 0 <= percent <= 100 else "Un taux va de 0 à 100 %."


def term_problem(measure: str, term: int) -> str:
    """Why a term cannot be that of a measure, or ""."""
    if measure == InserJeunesMeasure.EMPLOYMENT and not term:
        return "Un taux d’emploi a une échéance : 6, 12, 18 ou 24 mois."
    if measure in (InserJeunesMeasure.STUDIES, InserJeunesMeasure.INTERRUPTION) and term:
        return "Ce taux n’a pas d’échéance."
    return ""


# ------------------------------------------------------------------------------------------------ the box
HEADS = {
    **{(InserJeunesMeasure.EMPLOYMENT.value, term.value): f"Emploi {term.value} mois" for term in Term},
    (InserJeunesMeasure.STUDIES.value, 0): "Études",
    (InserJeunesMeasure.INTERRUPTION.value, 0): "Interruption",
    (InserJeunesMeasure.ADDED_VALUE.value, Term.SIX_MONTHS.value): "Valeur ajoutée",
}
"""The columns of the box: what is published the most."""


@dataclass(frozen=True)
class Source:
    """The figures of one vintage and one source, a line a formation."""

    vintage: str
    source: str
    published: Any
    lines: list[tuple[str, list[tuple[str, str]]]]

    @property
    def caption(self) -> str:
        return f"Chiffres d’InserJeunes, {self.vintage}"


def by_source(figures: Iterable[InserJeunesFigure]) -> list[Source]:
    """Latest vintage first; in each, the whole lycée before its formations. What was not given is empty."""
    groups: dict[tuple[str, str], list[InserJeunesFigure]] = {}
    for figure in sorted(figures, key=lambda one: (one.vintage, one.source), reverse=True):
        groups.setdefault((figure.vintage, figure.source), []).append(figure)
    found = []
    for (vintage, source), rows in groups.items():
        given = {(row.formation, row.measure, row.term_months): row for row in rows}
        lines = []
        for formation in sorted({row.formation for row in rows}):
            cells = [(head, given.get((formation, *key))) for key, head in HEADS.items()]
            lines.append((formation or "Tout le lycée", [(head, short(row) if row else "") for head, row in cells]))
        published = max((row.published_date for row in rows if row.published_date), default=None)
        found.append(Source(vintage, source, published, lines))
    return found


def box(school: School) -> dict[str, Any]:
    """What `surveys/partials/inserjeunes_box.html` needs: the two latest vintages with their source, and why they stand apart."""
    figures = InserJeunesFigure.objects.in_school(school)
    vintages = list(figures.order_by("-vintage").values_list("vintage", flat=True).distinct()[:2])
    return {
        "sources": by_source(figures.filter(vintage__in=vintages)),
        "heads": list(HEADS.values()),
        "definition": DEFINITION,
        "why": WHY_APART,
        "list_url": reverse("surveys:inserjeunes_list", args=[school.uai]),
    }


# ------------------------------------------------------------------------------------------------ from a spreadsheet
def percent(cell: str) -> Decimal | str:
    """« 52 », « 52,4 % », « +3 »; UNPUBLISHED where the file says that nothing is."""
    plain = cell.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace("−", "-").removesuffix("%")
    if NOTHING.fullmatch(cell.strip()):
        return UNPUBLISHED
    try:
        found = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        raise Refused("Ce n’est pas un pourcentage : écrivez par exemple 52 ou 52,4.") from None
    if not found.is_finite() or abs(found) > 100:
        raise Refused("Un pourcentage va de 0 à 100.")
    return found.quantize(Decimal("0.01"))


MEASURES: dict[str, tuple[InserJeunesMeasure, int]] = {
    **{f"job{term.value}": (InserJeunesMeasure.EMPLOYMENT, term.value) for term in Term},
    "studies": (InserJeunesMeasure.STUDIES, 0),
    "interruption": (InserJeunesMeasure.INTERRUPTION, 0),
    "added": (InserJeunesMeasure.ADDED_VALUE, Term.SIX_MONTHS.value),
}
"""What each column of numbers is."""

FIELDS = (
    Field(
        "formation", "Formation", values.text(),
        ("libellé de la formation", "libellé formation", "diplôme", "spécialité", "intitulé de la formation", "formation fine"),
        help="Vide : tout le lycée.", example="Métiers de l’électricité",
    ),
    Field("vintage", "Millésime", values.text(), ("année", "annee", "promotion", "millésimes", "cumul", "session"), example="sortants 2023 et 2024"),
    Field("uai", "UAI", values.text(), ("numéro uai", "code établissement", "établissement uai", "identifiant établissement"), in_template=False),
    *(
        Field(
            f"job{term.value}", f"Taux d’emploi à {term.value} mois", percent,
            (f"taux d’emploi {term.value} mois après la sortie", f"taux emploi {term.value} mois", f"emploi salarié {term.value} mois",
             f"taux d’emploi salarié à {term.value} mois", f"taux emploi {term.value} mois attendu", f"part en emploi {term.value} mois après la sortie"),
            example="52",
        )
        for term in Term
    ),
    Field("studies", "Taux de poursuite d’études", percent, ("taux poursuite études", "poursuite d’études", "part en poursuite d’études"), example="41"),
    Field("interruption", "Taux d’interruption", percent, ("taux d’interruption en cours de formation", "taux interruption", "taux d’interruption en cours d’études"), example="9"),
    Field("added", "Valeur ajoutée sur l’emploi", percent, ("valeur ajoutée du taux d’emploi à 6 mois", "va emploi 6 mois", "valeur ajoutée"), example="+3"),
)  # fmt: skip


class SourceOptions(Options):
    """Where the file comes from: a figure is never kept without it."""

    source = forms.CharField(
        label="Source",
        max_length=200,
        help_text="Le fichier ou la page, par exemple : InserJeunes, data.education.gouv.fr.",
    )
    vintage = forms.CharField(
        label="Millésime", max_length=200, required=False, help_text="Pour les lignes qui ne le disent pas."
    )
    published = forms.DateField(label="Publié le", required=False, widget=DateInput)  # fmt: skip


@register
class Figures(Kind):
    """The import of InserJeunes: a line a formation, a column a rate in per cent."""

    name, slug = "surveys.inserjeunes", SLUG
    title, noun = "Importer des chiffres InserJeunes", "ligne"
    intro = "Le fichier du ministère, ou le vôtre : une ligne par formation, une colonne par taux. Les autres établissements du fichier sont laissés."
    icon = "mortarboard"
    permission = Permission.EDIT_SURVEYS
    fields = FIELDS
    options = SourceOptions

    def missing(self, mapped: set[str]) -> str:
        return "" if mapped & set(MEASURES) else "Dites au moins quelle colonne contient un taux."

    def results_url(self, record: TableImport) -> str:
        return reverse("surveys:inserjeunes_list", args=[record.school.uai])

    def plan(
        self, school: School, lines: Sequence[Line], options: Mapping[str, Any], decisions: Decisions, report: Report
    ) -> Plan:
        plan = Plan()
        stored = {
            (row.vintage, row.formation, row.measure, row.term_months): row
            for row in InserJeunesFigure.objects.in_school(school)
        }
        seen: set[tuple[str, str, str, int]] = set()
        for line in lines:
            plan.lines.append(_planned(school, line, options, stored, seen, plan))
        return plan


def _planned(
    school: School,
    line: Line,
    options: Mapping[str, Any],
    stored: Mapping[tuple[str, str, str, int], InserJeunesFigure],
    seen: set[tuple[str, str, str, int]],
    plan: Plan,
) -> Planned:
    """What one line does: its figures are added, corrected, or already there."""
    given = line.values
    formation = given.get("formation", "")
    title = formation or "Tout le lycée"
    if line.rejected:
        return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
    if given.get("uai") and given["uai"].upper().strip() != school.uai:
        return Planned(line.number, Outcome.SKIPPED, title, "Un autre établissement.", line.remarks)
    vintage = given.get("vintage") or options.get("vintage", "")
    if not vintage:
        line.reject("Le millésime manque : donnez sa colonne, ou écrivez-le sous les colonnes.")
        return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
    added, changed, row = _planned_figures(school, line, vintage, options, stored, seen, plan)
    if not any(name in given for name in MEASURES):
        return Planned(line.number, Outcome.SKIPPED, title, "Aucun taux sur cette ligne.", line.remarks)
    detail = ", ".join(
        words
        for count, words in (
            (added, french.plural(added, "chiffre ajouté", "chiffres ajoutés")),
            (changed, french.plural(changed, "chiffre corrigé", "chiffres corrigés")),
        )
        if count
    )
    if added:
        return Planned(line.number, Outcome.CREATED, f"{title}, {vintage}", f"{detail}.", line.remarks, row=row)
    if changed:
        return Planned(line.number, Outcome.UPDATED, f"{title}, {vintage}", f"{detail}.", line.remarks)
    return Planned(line.number, Outcome.UNCHANGED, f"{title}, {vintage}", "Déjà là.", line.remarks)


def _planned_figures(
    school: School,
    line: Line,
    vintage: str,
    options: Mapping[str, Any],
    stored: Mapping[tuple[str, str, str, int], InserJeunesFigure],
    seen: set[tuple[str, str, str, int]],
    plan: Plan,
) -> tuple[int, int, InserJeunesFigure | None]:
    """Put the figures of a line into the plan: how many are added and corrected, and the last one added."""
    given = line.values
    formation = given.get("formation", "")
    added, changed, row = 0, 0, None
    for name, (measure, term) in MEASURES.items():
        if name not in given:
            continue
        value = None if given[name] == UNPUBLISHED else given[name]
        if problem := value_problem(measure, value):
            line.remark(name, str(value), problem)
            continue
        key = (vintage, formation, measure.value, term)
        if key in seen:
            line.remark(name, str(value), "Une ligne plus haut donne déjà ce chiffre : celui-ci est laissé.")
            continue
        seen.add(key)
        known = stored.get(key)
        said = {"percent": value, "source": options["source"]}
        if options.get("published"):
            said["published_date"] = options["published"]
        if known is None:
            row = InserJeunesFigure(
                school=school, vintage=vintage, formation=formation, measure=measure, term_months=term, **said
            )
            plan.new.append(row)
            added += 1
        elif any(getattr(known, field) != new for field, new in said.items()):
            plan.changes.append(Change(known, said))
            changed += 1
    return added, changed, row
