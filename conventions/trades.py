"""Which frames speak of what a lycée teaches: words of a frame's sector against words of its classes' diplomas.

Pure. A field is a name that follows « vous formez en », words of sectors, words of diplomas. `\\b` starts a word; nothing is
guessed beyond the words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conventions.comparing import plain


@dataclass(frozen=True)
class Field:
    """A field of work, as sectors name it and as diplomas do."""

    name: str
    sectors: tuple[str, ...]
    diplomas: tuple[str, ...]


FIELDS = (
    Field(
        "métallurgie",
        (r"\bmetallurg", r"\bforge"),
        (r"\bmetal", r"\bchaudron", r"\businage", r"\bsoud", r"\bfonderie", r"\bproduits mecaniques", r"\btrpm\b", r"\boutillage"),
    ),
    Field(
        "industrie",
        (r"^industrie( metallurgie)?$", r"\bindustrie \w+"),
        (r"\bindustri", r"\bligne de production", r"\bsystemes de production", r"\bchaudron", r"\bproduits mecaniques", r"\bplasti"),
    ),
    Field(
        "électricité et énergie",
        (r"\belectri", r"\benerg", r"\bgaz\b"),
        (r"\belectri", r"\bmelec\b", r"\benerg", r"\bfrigor", r"\bclimati", r"\bthermi", r"\belectrotech"),
    ),
    Field("automobile", (r"\bautomobile",), (r"\bautomobil", r"\bvehicules?\b", r"\bcarross", r"\bmotocycle")),
    Field(
        "bâtiment et travaux publics",
        (r"\bbatiment", r"\btravaux publics", r"\bbtp\b"),
        (r"\bbatiment", r"\btravaux publics", r"\bmacon", r"\bgros oeuvre", r"\bmenuis", r"\bcharpent", r"\bplomb", r"\bcouvreur", r"\bcarrel"),
    ),
    Field(
        "hôtellerie-restauration",
        (r"\bhotel", r"\brestauration"),
        (r"\bhotel", r"\brestaur", r"\bcuisin", r"\bboulang", r"\bpatiss", r"\btraiteur"),
    ),
    Field("commerce", (r"\bcommerce", r"\bgrande distribution"), (r"\bcommerce", r"\bvente\b", r"\brelation client")),
    Field(
        "transport et logistique",
        (r"\btransport(s)? (et|routier)", r"\blogisti", r"\bferrov"),
        (r"\btransport", r"\blogisti", r"\bconducteur routier"),
    ),
    Field("aéronautique", (r"\baeronaut",), (r"\baeronaut", r"\bavion")),
    Field("mode et couture", (r"\bmode\b", r"\bcouture", r"\bluxe"), (r"\bmode\b", r"\bcouture", r"\bvetement", r"\bmaroquin")),
    Field(
        "agriculture et espaces verts",
        (r"\bagri", r"\bespaces verts", r"\bforest"),
        (r"\bagri", r"\bhorticol", r"\bpaysag", r"\bforest", r"\bespaces verts"),
    ),
    Field("gestion", (r"\bbanque", r"\bassurance", r"\bfinances"), (r"\bgestion", r"\bcomptab", r"\badministrat")),
    Field("sécurité", (r"\bdefense",), (r"\bsecurite",)),
    Field("chimie et pharmacie", (r"\bpharma", r"\bchimi"), (r"\bchimi", r"\bpharma", r"\bbio industrie", r"\bprocedes")),
    Field("artisanat", (r"\bartisan",), (r"\bcoiff", r"\besthetique", r"\bboulang", r"\bboucher", r"\bebenist")),
)  # fmt: skip


def taught(diplomas: Iterable[str]) -> frozenset[str]:
    """The fields that these diplomas, labels or families of trades belong to, by name."""
    texts = [plain(text) for text in diplomas if text]
    return frozenset(
        field.name for field in FIELDS if any(re.search(pattern, text) for pattern in field.diplomas for text in texts)
    )


def fields_of(sector: str) -> list[str]:
    """The fields that a frame's sector names."""
    text = plain(sector)
    return [field.name for field in FIELDS if any(re.search(pattern, text) for pattern in field.sectors)]
