"""What a map draws: partners as points, the towns they are in, the distances around the school. Read by static/js/map.js."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from core import status
from core.places import Point
from partners.enums import PartnerStatus, PartnerType

RINGS = (5, 15, 30)
"""Kilometres of the circles around the middle of the map."""

T = PartnerType
KINDS: tuple[tuple[str, str, frozenset[PartnerType]], ...] = (
    ("Entreprise", "building", frozenset({T.COMPANY})),
    ("Association", "people", frozenset({T.ASSOCIATION})),
    (
        "Service public, chambre consulaire",
        "bank",
        frozenset({T.ADMINISTRATION, T.LOCAL_AUTHORITY, T.FRANCE_TRAVAIL, T.MISSION_LOCALE, T.CHAMBER}),
    ),
    ("Établissement de formation, campus", "mortarboard", frozenset({T.TRAINING_SCHOOL, T.CAMPUS})),
    (
        "Branche, OPCO, réseau",
        "diagram-3",
        frozenset({T.BRANCH, T.OPCO, T.PROFESSIONAL_BODY, T.NATIONAL_NETWORK, T.CLEE}),
    ),
    ("Autre", "three-dots", frozenset({T.OTHER})),
)
"""What the mark of a partner holds: its words in the legend, its icon, the types it stands for."""

_KIND_OF = {kind.value: number for number, (_, _, kinds) in enumerate(KINDS) for kind in kinds}


@dataclass(frozen=True, slots=True)
class Spot:
    """A partner on the map. `is_exact`: its address is known, else it stands at the centre of its commune."""

    public_id: UUID
    name: str
    status: str
    type: str
    town: str
    latitude: float
    longitude: float
    is_exact: bool
    facts: tuple[str, ...] = ()
    """Further lines of what opens on the mark."""

    @property
    def point(self) -> Point:
        return self.latitude, self.longitude


@dataclass(frozen=True)
class Legend:
    """The marks in use: (status code, word), and (words, icon)."""

    states: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


def legend(spots: Iterable[Spot]) -> Legend:
    """What the marks of these partners mean, in the order of the lists."""
    spots = list(spots)
    states, types = {spot.status for spot in spots}, {_KIND_OF[spot.type] for spot in spots}
    return Legend(
        [(state.value, status.word(state.value)) for state in PartnerStatus if state.value in states],
        [(label, icon) for number, (label, icon, _) in enumerate(KINDS) if number in types],
    )


def drawing(
    spots: Sequence[Spot], *, uai: str, middle: Point | None, name: str, around: str, icon: str, ring: int | None = None
) -> dict[str, Any]:
    """What the page gives its map as JSON: words that come back are written once, since there may be 3,000 points.

    `middle`: where circles are centred (the school, the town of a search, of a pupil); `name` is written there, `around` on
    the button that goes back to it, `icon` marks it. `ring`: the distance asked for.
    """
    words = _Words()
    towns: dict[str, list[Spot]] = {}
    points = []
    for spot in spots:
        if spot.town:
            towns.setdefault(spot.town, []).append(spot)
        points.append(
            [
                str(spot.public_id),
                spot.name,
                round(spot.latitude, 5),
                round(spot.longitude, 5),
                words.index(spot.status),
                _KIND_OF[spot.type],
                words.index(PartnerType(spot.type).label),
                words.index(spot.town),
                int(spot.is_exact),
                [words.index(fact) for fact in spot.facts if fact],
            ]
        )
    address = reverse("partners:partner_detail", args=[uai, UUID(int=0)])
    return {
        "middle": {"at": middle, "name": name, "around": around, "icon": icon} if middle else None,
        "rings": [[km, f"{km}\u202fkm"] for km in ([ring] if ring else RINGS)],
        "states": {code: [status.word(code), status.find(code).tone] for code in PartnerStatus.values},
        "kinds": [icon for _, icon, _ in KINDS],
        "towns": [[name, *_centre_of(ones), len(ones)] for name, ones in towns.items()],
        "words": words.all,
        "points": points,
        "address": address.split(str(UUID(int=0))),
        "addresses": "Adresses : Base Adresse Nationale, Licence Ouverte 2.0." if settings.BAN_URL else "",
        "tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION}
        if settings.MAP_TILES_URL
        else None,
    }


def _centre_of(spots: list[Spot]) -> Point:
    """Where the name of a town is written: its partners that stand at its centre say it, else the middle of the others."""
    for spot in spots:
        if not spot.is_exact:
            return spot.latitude, spot.longitude
    return (
        round(sum(spot.latitude for spot in spots) / len(spots), 5),
        round(sum(spot.longitude for spot in spots) / len(spots), 5),
    )


class _Words:
    """Texts, each kept once and named by its rank."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._rank: dict[str, int] = {}

    def index(self, text: str) -> int:
        if text not in self._rank:
            self._rank[text] = len(self.all)
            self.all.append(text)
        return self._rank[text]
