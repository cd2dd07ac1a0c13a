"""What is accepted from people, and what is said of the rest. No Django here: the child process imports it too."""

from dataclasses import asdict, dataclass
from typing import Any

MB = 1024 * 1024


class Unreadable(Exception):
    """The file is not read; the French sentence says why and what to do."""


@dataclass(frozen=True)
class Limits:
    """Bounds checked before or while a file is read. Sizes in bytes, times in seconds."""

    size: int = 20 * MB
    inflated: int = 200 * MB
    ratio: int = 100  # inflated on stored, of an entry above `ratio_from`: small repetitive sheets are no bomb
    ratio_from: int = 1 * MB
    entries: int = 1_000
    rows: int = 20_000
    columns: int = 200
    cell: int = 32_767  # characters: a spreadsheet's own limit
    text: int = 60 * MB  # characters of all cells together
    memory: int = 1024 * MB
    processor: int = 60
    wall: int = 90

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


UPLOAD = Limits()


def too_big(limits: Limits) -> str:
    return f"Ce fichier dépasse {limits.size // MB} Mo : gardez les colonnes utiles, ou envoyez le tableau en plusieurs fois."


TOO_HEAVY = (
    "Ce fichier demande trop de place ou de temps pour être lu : gardez la feuille utile et enregistrez-la en CSV."
)
DAMAGED = "Ce fichier ne s’ouvre pas : ouvrez-le dans votre tableur, puis enregistrez-le en XLSX ou en CSV."
EMPTY = "Ce fichier ne contient aucune ligne : vérifiez que c’est le bon."
