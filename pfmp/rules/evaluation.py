"""The tutor's grid and the pupil's opinion: what is asked, on which levels, and when. Levels, never marks (P-02).

Sources: L124-1 (the tutor takes part in the follow-up), circulaire 2016-053 § 3.5 (R-DUREE-12: no assessment for the diploma in the
company in 2de pro nor in the first year of CAP), L124-4 and R-RGPD-06 (the opinion is the pupil's, never shown by name to the host).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LEVELS: Mapping[int, str] = {
    1: "À apprendre",
    2: "Avec de l’aide",
    3: "Presque seul",
    4: "Seul et bien",
    0: "Non observé",
}
"""In the order shown; kept as these numbers, printed as these words."""

ATTITUDES: Mapping[str, str] = {
    "ponctualite": "Ponctuel et présent",
    "consignes": "Écoute et applique les consignes",
    "securite": "Respecte les règles de sécurité et d’hygiène",
    "equipe": "Trouve sa place dans l’équipe",
    "initiative": "S’intéresse et prend des initiatives",
    "soin": "Soigne son travail et le matériel",
}

FACES: Mapping[int, tuple[str, str]] = {
    1: ("emoji-frown", "Pas du tout"),
    2: ("emoji-expressionless", "Plutôt non"),
    3: ("emoji-smile", "Plutôt oui"),
    4: ("emoji-laughing", "Oui, tout à fait"),
}
"""The scale of the opinion: an icon and its words, never one alone."""

QUESTIONS: Mapping[str, str] = {
    "accueil": "Mon premier jour était préparé\u00a0: on m’attendait",
    "tuteur": "Mon tuteur a eu du temps pour moi",
    "activites": "J’ai fait ce qui était prévu, et j’ai appris",
    "securite": "On m’a expliqué les règles de sécurité",
    "respect": "On m’a traité avec respect",
    "conseil": "Je conseillerais cette entreprise à un autre élève",
}
"""Six questions; none asks about the person."""

FORMATIVE_LEVELS = ("2nde_pro", "cap1")
FORMATIVE = (
    "Bilan formatif : aucune évaluation pour le diplôme en entreprise en 2de professionnelle ni en 1re année de CAP "
    "(R-DUREE-12)."
)
CORRECTED_FOR = timedelta(days=7)
ENOUGH = 5
"""Answers below which nothing is told of a host's welcome, even added up (P-20)."""

REMINDED_AFTER = (3, 4, 10, 11)
"""Days after the end on which a tutor who has not handed in the grid may be asked; the second of each pair catches up with a
message that another reason held back the day before."""


@dataclass(frozen=True)
class Line:
    """One line of the grid: its key, its words."""

    code: str
    label: str


def is_formative(niveau: str) -> bool:
    """Whether nothing of the grid may count for the diploma (R-DUREE-12)."""
    return niveau in FORMATIVE_LEVELS


def opinion_opens(start: date, end: date) -> date:
    """The first day of the second half of a stay: from then on, one has seen enough to say."""
    return start + timedelta(days=((end - start).days + 1) // 2)


def may_still_correct(submitted: date, today: date) -> bool:
    """An opinion is given once, and may be corrected for a week."""
    return today <= submitted + CORRECTED_FOR
