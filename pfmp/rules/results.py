"""What a check answers: problems, and rules that could not be judged for want of a datum."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How strongly a rule speaks (the dossier's own words)."""

    BLOCKING = "BLOQ"
    WARNING = "ALERTE"
    INFORMATION = "INFO"

    @property
    def strength(self) -> int:
        """A number that grows with the level."""
        return _STRENGTH[self]

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]


_STRENGTH = {Level.INFORMATION: 1, Level.WARNING: 2, Level.BLOCKING: 3}
_LABELS = {Level.INFORMATION: "Information", Level.WARNING: "Alerte", Level.BLOCKING: "Bloquant"}


@dataclass(frozen=True)
class Problem:
    """A rule that is broken, with what to do about it in French."""

    rule: str
    level: Level
    message: str


@dataclass(frozen=True)
class Unchecked:
    """A rule that may be broken; `missing` names in French the datum that would tell."""

    rule: str
    missing: str

    @property
    def message(self) -> str:
        """The sentence shown beside the problems; it never says that the rule is kept."""
        return f"Non contrôlable, donnée manquante\u00a0: {self.missing}."


Finding = Problem | Unchecked


@dataclass(frozen=True)
class CheckResult:
    """The answer on one placement: at most one problem and one gap for each rule, never both."""

    problems: list[Problem]
    unchecked: list[Unchecked]

    @property
    def blocking(self) -> list[Problem]:
        """The problems that forbid to issue the convention."""
        return [problem for problem in self.problems if problem.level is Level.BLOCKING]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that ask for a written reason."""
        return [problem for problem in self.problems if problem.level is Level.WARNING]

    def as_json(self) -> dict[str, Any]:
        """The shape promised by the command `placement_check`."""
        return {
            "problems": [
                {"rule": problem.rule, "level": problem.level.value, "message": problem.message}
                for problem in self.problems
            ],
            "unchecked": [{"rule": gap.rule, "missing": gap.missing} for gap in self.unchecked],
        }
