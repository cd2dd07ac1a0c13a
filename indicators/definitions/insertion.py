"""What leavers become (§ 9.1): the pupils who left at the end of the year before."""

from collections.abc import Callable
from datetime import date

from indicators.definitions.register import Cell, Figure, indicator, not_yet, rated
from indicators.definitions.year_data import YearData
from surveys.enums import DOSSIER_TERMS, Term
from surveys.rules import leavers
from surveys.rules.leavers import Rate

NO_LEAVER = "Aucun élève de dernière année n’est sorti à la fin de l’année précédente."
NO_SITUATION = "La situation d’aucun sortant n’est connue à cette échéance."
NO_JOB = "Aucun sortant n’est en emploi à cette échéance."
NO_ACTIVE = "Aucun sortant n’est en emploi, en recherche d’emploi ni dans une autre situation à cette échéance."


def due(data: YearData, term: Term) -> date:
    """The day on which a term of those who left the year before counts (A-120)."""
    return leavers.due_date(data.year.previous, term)


def _waiting(data: YearData, term: Term) -> Cell | None:
    """The day of measure has not come: said first, even of an empty cohort (A-123)."""
    day = due(data, term)
    return None if data.as_of >= day else not_yet(f"L’échéance de {term} mois est le {day:%d/%m/%Y}.")


def _by_term(data: YearData, measure: Callable[[Term], Cell]) -> Figure:
    """Both terms; the main value is that of 6 months (A-124)."""
    cells = {term: _waiting(data, term) or measure(term) for term in DOSSIER_TERMS}
    return Figure(cells[Term.SIX_MONTHS], axes={"echeance": {str(term.value): cell for term, cell in cells.items()}})


def _cell(rate: Rate, empty: str) -> Cell:
    return rated(rate.counted, rate.among, empty)


@indicator(
    "E1",
    rows="schools.Student",
    definition="Sortants dont la situation est connue, sur les sortants : élèves de dernière année l’an passé (2e année de CAP, terminale "
    "professionnelle, certificat de spécialisation, 2e année de BTS) qui n’ont pas de scolarité au lycée cette année. À lire avant les "
    "autres taux d’insertion. Échéances : fin février (6 mois) et 31 août (12 mois).",
)
def reply(data: YearData) -> Figure:
    """E1, A-120, A-121, A-122, A-123."""
    return _by_term(data, lambda term: _cell(data.cohort.reply(term), NO_LEAVER))


@indicator(
    "E2",
    rows="schools.Student",
    definition="Sortants en emploi, en apprentissage ou en études, sur les sortants dont la situation est connue. C’est une définition large du "
    "placement.",
)
def placed(data: YearData) -> Figure:
    """E2."""
    return _by_term(data, lambda term: _cell(data.cohort.placed(term), NO_SITUATION))


@indicator(
    "E3",
    rows="schools.Student",
    definition="Sortants en emploi, sur les sortants en emploi, en recherche d’emploi ou dans une autre situation. Les études et "
    "l’apprentissage sont hors du calcul.",
)
def employed(data: YearData) -> Figure:
    """E3."""
    return _by_term(data, lambda term: _cell(data.cohort.employed(term), NO_ACTIVE))


@indicator(
    "E4",
    rows="schools.Student",
    definition="Sortants en emploi à 6 mois et à 12 mois, sur les sortants en emploi à 6 mois dont la situation à 12 mois est connue.",
)
def kept(data: YearData) -> Figure:
    """E4, A-125."""
    waiting = _waiting(data, Term.TWELVE_MONTHS)
    if waiting:
        return Figure(waiting)
    return Figure(_cell(data.cohort.kept(), "Aucun sortant en emploi à 6 mois n’a de situation connue à 12 mois."))


@indicator(
    "E6",
    rows="schools.Student",
    definition="Sortants en emploi chez un partenaire du lycée, sur les sortants en emploi. L’apprentissage n’en fait pas partie.",
)
def at_partners(data: YearData) -> Figure:
    """E6, A-126."""
    return _by_term(data, lambda term: _cell(data.cohort.at_partners(term), NO_JOB))
