"""Where a frame of the catalogue holds, seen from a lycée: everywhere, in its own académie or région académique, elsewhere."""

import csv
from enum import IntEnum
from functools import cache
from pathlib import Path

from django.conf import settings

from conventions.comparing import plain


class Reach(IntEnum):
    """The nearer, the smaller: lists start with the lycée's own académie."""

    HERE = 0
    NATIONAL = 1
    ELSEWHERE = 2


@cache
def _regions() -> dict[str, str]:
    """Académie → its région académique, as comparable texts."""
    with (Path(settings.BASE_DIR) / "core" / "data" / "academies.csv").open(encoding="utf-8", newline="") as file:
        return {plain(row["nom"]): plain(row["region_academique"]) for row in csv.DictReader(file)}


def academy_name(text: str) -> str:
    """« Académie d’Amiens » and « Amiens » → `"amiens"`: the known académie that a lycée writes, "" for none."""
    words = f" {plain(text)} "
    found = [name for name in _regions() if f" {name} " in words]
    return max(found, key=len, default="")


def reach_of(territory: str, academy: str) -> Reach:
    """How far a frame is from a lycée: `territory` as the frame says it ("" for a national one), `academy` as the lycée does."""
    if not territory:
        return Reach.NATIONAL
    home = academy_name(academy)
    words = f" {plain(territory)} "
    wanted = _regions().get(home, "") if words.startswith(" region ") else home
    return Reach.HERE if wanted and f" {wanted} " in words else Reach.ELSEWHERE
