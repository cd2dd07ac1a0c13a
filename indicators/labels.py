"""French names of what the indicators are broken down by: axes, and the keys of each axis.

Keys that name things of the school (class codes, periods) come from the caller.
"""

from collections.abc import Mapping
from types import MappingProxyType

from conventions.enums import NetworkType
from core import french, naf
from events.enums import ActionType
from indicators.enums import UNKNOWN_SECTOR, Heading
from partners.enums import Initiative, OfferType, PartnerType
from pfmp.enums import InterruptionReason, PlacementOrigin
from schools.enums import Niveau
from surveys.enums import Audience

AXES: Mapping[str, str] = MappingProxyType(
    {
        "type_partenaire": "type de partenaire",
        "secteur": "secteur professionnel",
        "type_reseau": "type de réseau",
        "type_action": "type d’action",
        "initiative": "initiative",
        "mois": "mois",
        "evenement_national": "événement national",
        "classe": "classe",
        "niveau": "niveau",
        "intensite": "nombre d’actions",
        "sexe": "sexe",
        "periode": "période de PFMP",
        "type_offre": "type d’offre",
        "public": "partie prenante",
        "echeance": "échéance",
        "rencontres": "nombre de rencontres",
        "motif": "motif",
        "origine": "origine de la place",
    }
)

ORDERED_AXES = frozenset(
    {"mois", "niveau", "classe", "periode", "intensite", "rencontres", "sexe", "public", "echeance"}
)
"""Axes whose keys follow one another: drawn in their order, not by value."""

SHORT_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        Heading.AGREEMENTS: "Conventions de partenariat",
        Heading.NETWORKS: "Réseaux",
        Heading.ACTIONS: "Actions engagées",
        Heading.STUDENTS: "Élèves bénéficiaires",
        Heading.IMPACT: "PFMP, offres d’emploi, taxe",
        Heading.SHARES: "Indicateurs partagés",
        Heading.INVOLVEMENT: "Implication des entreprises",
        Heading.SATISFACTION: "Satisfaction",
        Heading.INSERTION: "Insertion",
        Heading.RECIPROCITY: "Réciprocité",
        Heading.FOLLOW_UP: "Suivi des PFMP",
    }
)

_UNKNOWN = "Non renseigné"
_KEYS: Mapping[str, Mapping[str, str]] = {
    "type_partenaire": dict(PartnerType.choices),
    "type_reseau": dict(NetworkType.choices),
    "type_action": dict(ActionType.choices),
    "initiative": dict(Initiative.choices),
    "niveau": dict(Niveau.choices),
    "sexe": {"F": "Filles", "M": "Garçons", "inconnu": "Sexe non renseigné"},
    "type_offre": dict(OfferType.choices),
    "public": dict(Audience.choices),
    "echeance": {"6": "à 6 mois", "12": "à 12 mois"},
    "motif": dict(InterruptionReason.choices),
    "origine": dict(PlacementOrigin.choices),
    "intensite": {"0": "Aucune action", "1": "1 action", "2": "2 actions", "3+": "3 actions et plus"},
    "rencontres": {"0": "Aucune rencontre", "1": "1 rencontre", "2": "2 rencontres", "3+": "3 rencontres et plus"},
}


def key_label(axis: str, key: str, own: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The French name of a key of a breakdown. ``own`` gives the school's names, by axis; the key itself is the last resort."""
    if own and key in own.get(axis, {}):
        return own[axis][key]
    if key == UNKNOWN_SECTOR:
        return _UNKNOWN
    if axis == "secteur":
        return naf.section_label(key) or key
    if axis == "mois":
        year, month = key.split("-")
        return f"{french.SHORT_MONTHS[int(month) - 1]} {year}"
    return _KEYS.get(axis, {}).get(key, key)


def key_rank(axis: str, key: str) -> tuple[int, str]:
    """Where a key stands among the others of its axis: the order of its list (6 months before 12), then of the text."""
    keys = list(_KEYS.get(axis, ()))
    return (keys.index(key) if key in keys else len(keys), key)
