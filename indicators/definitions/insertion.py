"""What leavers become (§ 9.1): the pupils who left at the end of the year before."""

from collections.abc import Callable
from datetime import date

from indicators import rules
from indicators.definitions.register import Cell, Figure, indicator, not_yet, rated
from indicators.definitions.year_data import YearData
from surveys.enums import DOSSIER_TERMS, Situation, Term

NO_LEAVER = "Aucun élève de dernière année n’est sorti à la fin de l’année précédente."
NO_SITUATION = "La situation d’aucun sortant n’est connue à cette échéance."
NO_JOB = "Aucun sortant n’est en emploi à cette échéance."
NO_ACTIVE = "Aucun sortant n’est en emploi, en recherche d’emploi ni dans une autre situation à cette échéance."

PLACED = (Situation.JOB, Situation.APPRENTICESHIP, Situation.STUDIES)
ACTIVE = (Situation.JOB, Situation.JOB_SEEKING, Situation.OTHER)


def due(data: YearData, term: Term) -> date:
    """Last day of February of the year for 6 months, last day of the year for 12 (A-120)."""
    return rules.last_of_february(data.year.first + 1) if term == Term.SIX_MONTHS else data.end


def _waiting(data: YearData, term: Term) -> Cell | None:
    """The day of measure has not come: said first, even of an empty cohort (A-123)."""
    day = due(data, term)
    return None if data.as_of >= day else not_yet(f"L’échéance de {term} mois est le {day:%d/%m/%Y}.")


def _by_term(data: YearData, measure: Callable[[Term], Cell]) -> Figure:
    """Both terms; the main value is that of 6 months (A-124)."""
    cells = {term: _waiting(data, term) or measure(term) for term in DOSSIER_TERMS}
    return Figure(cells[Term.SIX_MONTHS], axes={"echeance": {str(term.value): cell for term, cell in cells.items()}})


def _in(data: YearData, term: Term, *situations: Situation) -> list[int]:
    """Leavers in one of these situations at a term."""
    return [student for student, (situation, _, _) in data.situations[term].items() if situation in situations]


def _known(data: YearData, term: Term) -> list[int]:
    return _in(data, term, *(set(Situation) - {Situation.NO_ANSWER}))


@indicator(
    "E1",
    rows="schools.Student",
    definition="Sortants dont la situation est connue, sur les sortants : élèves de dernière année l’an passé (2e année de CAP, terminale "
    "professionnelle, certificat de spécialisation, 2e année de BTS) qui n’ont pas de scolarité au lycée cette année. À lire avant les "
    "autres taux d’insertion. Échéances : fin février (6 mois) et 31 août (12 mois).",
)
def reply(data: YearData) -> Figure:
    """E1, A-120, A-121, A-122, A-123."""
    return _by_term(data, lambda term: rated(_known(data, term), data.leavers, NO_LEAVER))


@indicator(
    "E2",
    rows="schools.Student",
    definition="Sortants en emploi, en apprentissage ou en études, sur les sortants dont la situation est connue. C’est une définition large du "
    "placement.",
)
def placed(data: YearData) -> Figure:
    """E2."""
    return _by_term(data, lambda term: rated(_in(data, term, *PLACED), _known(data, term), NO_SITUATION))


@indicator(
    "E3",
    rows="schools.Student",
    definition="Sortants en emploi, sur les sortants en emploi, en recherche d’emploi ou dans une autre situation. Les études et "
    "l’apprentissage sont hors du calcul.",
)
def employed(data: YearData) -> Figure:
    """E3."""
    return _by_term(data, lambda term: rated(_in(data, term, Situation.JOB), _in(data, term, *ACTIVE), NO_ACTIVE))


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
    first = set(_in(data, Term.SIX_MONTHS, Situation.JOB))
    followed = first & set(_known(data, Term.TWELVE_MONTHS))
    still = followed & set(_in(data, Term.TWELVE_MONTHS, Situation.JOB))
    return Figure(rated(still, followed, "Aucun sortant en emploi à 6 mois n’a de situation connue à 12 mois."))


@indicator(
    "E6",
    rows="schools.Student",
    definition="Sortants en emploi chez un partenaire du lycée, sur les sortants en emploi. L’apprentissage n’en fait pas partie.",
)
def at_partners(data: YearData) -> Figure:
    """E6, A-126."""

    def measure(term: Term) -> Cell:
        jobs = {
            s: partner for s, (situation, partner, _) in data.situations[term].items() if situation == Situation.JOB
        }
        return rated([student for student, partner in jobs.items() if partner], list(jobs), NO_JOB)

    return _by_term(data, measure)
