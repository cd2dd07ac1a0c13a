"""The three axes of the circulaire of 24-5-2023, their missions, and the indicators that show each (reglementation § 9)."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "axes.toml"
SOURCE = "circulaire du 24 mai 2023, NOR MENE2311700C, BO n° 21 du 25 mai 2023"


@dataclass(frozen=True)
class Mission:
    """A mission in the words of the circulaire; no code when no indicator of the sheet shows it."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """One of the three axes of the circulaire, with its missions."""

    number: int
    title: str
    missions: tuple[Mission, ...]


@lru_cache(maxsize=1)
def in_order() -> tuple[Axis, ...]:
    """The axes in the order of the circulaire."""
    return tuple(
        Axis(
            axis["number"],
            axis["title"],
            tuple(Mission(mission["text"], tuple(mission["codes"])) for mission in axis["mission"]),
        )
        for axis in tomllib.loads(DATA.read_text("utf-8"))["axis"]
    )
