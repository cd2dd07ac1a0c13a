"""The works forbidden to minors, and those that a derogation opens to pupils of 15 to 17 (D4153-16 to D4153-37).

Source: code du travail, D4153-15 to D4153-37, read in its state of mid-2015; the categories are stable, references inside
the articles changed since: to verify. `R4153-39` to `R4153-45` say who may be given a derogation and how.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Derogation(StrEnum):
    """What the declaration to the labour inspection can open."""

    NONE = "aucune"
    PARTIAL = "partielle"
    FULL = "possible"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]


_LABELS = {
    Derogation.NONE: "Interdit, sans dérogation",
    Derogation.PARTIAL: "Dérogation pour une partie",
    Derogation.FULL: "Dérogation possible",
}


@dataclass(frozen=True)
class Work:
    """One line of the nomenclature. `limit` says in French what part a partial derogation opens, or on what condition."""

    article: str
    label: str
    derogation: Derogation
    limit: str = ""

    @property
    def may_be_declared(self) -> bool:
        """Whether a declaration can open it, in whole or in part."""
        return self.derogation is not Derogation.NONE

    @property
    def sentence(self) -> str:
        """« Agents chimiques dangereux (D4153-17) », with the limit of the derogation."""
        return f"{self.label} ({self.article}{f', {self.limit}' if self.limit else ''})"


_NONE, _PARTIAL, _FULL = Derogation.NONE, Derogation.PARTIAL, Derogation.FULL

NOMENCLATURE: Final[tuple[Work, ...]] = (
    Work("D4153-16", "Actes ou représentations pornographiques ou violents", _NONE),
    Work("D4153-17", "Agents chimiques dangereux : préparation, emploi, manipulation, exposition", _FULL),
    Work("D4153-18", "Amiante, niveaux d’empoussièrement 1, 2 et 3", _PARTIAL, "niveaux 1 et 2 seulement"),
    Work("D4153-19", "Agents biologiques des groupes 3 et 4", _NONE),
    Work("D4153-20", "Vibrations au-dessus des valeurs d’exposition journalière", _NONE),
    Work("D4153-21", "Rayonnements ionisants, catégories A et B", _PARTIAL, "catégorie B seulement"),
    Work("D4153-22", "Rayonnements optiques artificiels, avec un risque de dépassement des valeurs limites", _FULL),
    Work("D4153-23", "Milieu hyperbare, hors classe 0", _PARTIAL, "interventions seulement"),
    Work(
        "D4153-24", "Pièces nues sous tension accessibles sans surveillance, opérations électriques sous tension", _NONE
    ),
    Work("D4153-25", "Démolition, tranchées, étaiement : risque d’effondrement et d’ensevelissement", _NONE),
    Work("D4153-26", "Conduite de tracteurs et de quadricycles sans protection contre le renversement", _NONE),
    Work("D4153-27", "Conduite d’équipements mobiles automoteurs et d’appareils de levage", _FULL),
    Work("D4153-28", "Machines dangereuses, machines à éléments mobiles de travail accessibles", _FULL),
    Work("D4153-29", "Maintenance qui ne peut pas se faire à l’arrêt de la machine", _FULL),
    Work(
        "D4153-30",
        "Travaux temporaires en hauteur sans protection collective",
        _PARTIAL,
        "avec une protection individuelle ; échelles : R4323-63",
    ),
    Work("D4153-31", "Montage et démontage d’échafaudages", _FULL),
    Work("D4153-32", "Travaux en hauteur sur les arbres", _NONE),
    Work("D4153-33", "Appareils à pression soumis à suivi en service", _FULL),
    Work("D4153-34", "Cuves, citernes, bassins, réservoirs, milieu confiné", _FULL),
    Work("D4153-35", "Coulée de verre ou de métaux en fusion", _FULL),
    Work("D4153-36", "Températures extrêmes pouvant nuire à la santé", _NONE),
    Work("D4153-37", "Abattage, euthanasie, équarrissage ; animaux féroces ou venimeux", _NONE),
)

BY_ARTICLE: Final = {work.article: work for work in NOMENCLATURE}

DECLARABLE: Final = tuple(work for work in NOMENCLATURE if work.may_be_declared)
"""Those that a declaration can open, in order: what forms propose."""

ELECTRICITY: Final = "D4153-24"
DRIVING: Final = "D4153-27"


def works_of(articles: Iterable[str]) -> list[Work]:
    """The lines named by these articles, in order of the nomenclature; an unknown article is left out."""
    named = set(articles)
    return [work for work in NOMENCLATURE if work.article in named]
