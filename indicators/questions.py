"""What a school asks itself on each heading of the sheet, by its three moments: the sheet's own questions, and ours, marked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core import typography
from indicators.enums import Heading, Phase

DATA = Path(__file__).parent / "data" / "questions.toml"

OF_SHEET = "question de la fiche 2.5"
OURS = "question proposée par la plateforme"


@dataclass(frozen=True)
class Question:
    """`is_from_sheet`: in the words of sheet 2.5, as far as they are known to us."""

    key: str
    heading: Heading
    phase: Phase
    text: str
    is_from_sheet: bool = False

    @property
    def origin(self) -> str:
        return OF_SHEET if self.is_from_sheet else OURS


@lru_cache(maxsize=1)
def by_key() -> Mapping[str, Question]:
    """Every question under its key, heading by heading, in the order of the moments."""
    found = [
        Question(
            key=entry["key"],
            heading=Heading(entry["heading"]),
            phase=Phase(entry["phase"]),
            text=typography.french(entry["text"]),
            is_from_sheet=entry.get("from_sheet", False),
        )
        for entry in tomllib.loads(DATA.read_text("utf-8"))["question"]
    ]
    headings, phases = list(Heading), list(Phase)
    found.sort(key=lambda question: (headings.index(question.heading), phases.index(question.phase)))
    return {question.key: question for question in found}


def of_heading(heading: str) -> tuple[Question, ...]:
    """The questions of a heading, in the order of the moments."""
    return tuple(question for question in by_key().values() if question.heading == heading)
