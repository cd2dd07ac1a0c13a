"""What is wrong in a dossier, and where: the errors that refuse it, the warnings that do not."""

from dataclasses import asdict, dataclass, field
from typing import Any

from exchange.definitions import BY_FILE

SHOWN = 200  # characters of a value that a report repeats


@dataclass(frozen=True)
class Problem:
    """One place of a dossier and a French sentence. `line` 1 is the header; None: no line, no column, no cell."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def place(self) -> tuple[int, str, int, int, str]:
        """Files in the order of the contract (others first), then line, then column."""
        resource = BY_FILE.get(self.file)
        column = resource.by_name.get(self.column or "") if resource else None
        return (
            resource.order if resource else -1,
            self.file,
            self.line or 0,
            -1 if self.column is None else column.index if column else 999,
            self.column or "",
        )


@dataclass
class Problems:
    """The two lists of a reading, and how to add to them."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(
        self, file: str, message: str, *, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        self.errors.append(Problem(file, line, column, _shown(value), message))

    def warn(
        self, file: str, message: str, *, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        self.warnings.append(Problem(file, line, column, _shown(value), message))

    def merged(self, other: "Problems") -> "Problems":
        """Both, sorted as the contract's files are; of several errors in one cell, the first that was found."""
        errors = sorted(self.errors + other.errors, key=lambda problem: problem.place)
        one_by_cell = {
            problem.place if problem.line and problem.column else problem: problem for problem in reversed(errors)
        }
        return Problems(
            list(reversed(one_by_cell.values())),
            sorted(self.warnings + other.warnings, key=lambda problem: problem.place),
        )


def _shown(value: str | None) -> str | None:
    return value if value is None or len(value) <= SHOWN else f"{value[:SHOWN]}…"
