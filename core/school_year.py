"""School years: "2026-2027", from 1 September to 31 August (C-01, A-01)."""

import re
from dataclasses import dataclass
from datetime import date

_CODE = re.compile(r"(20\d\d)-(20\d\d)")


@dataclass(frozen=True, order=True)
class SchoolYear:
    """A school year by its first calendar year (2000 to 2098)."""

    first: int

    @classmethod
    def parse(cls, code: str) -> "SchoolYear":
        """`"2026-2027"` → SchoolYear(2026). Raises ValueError when the two years do not follow."""
        match = _CODE.fullmatch(code)
        if not match or int(match[2]) != int(match[1]) + 1:
            raise ValueError(f"« {code} » n’est pas une année scolaire : écrivez par exemple 2026-2027.")
        return cls(int(match[1]))

    @classmethod
    def on(cls, day: date) -> "SchoolYear":
        """The school year a day belongs to."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @property
    def code(self) -> str:
        return f"{self.first}-{self.first + 1}"

    @property
    def start(self) -> date:
        return date(self.first, 9, 1)

    @property
    def end(self) -> date:
        """Last day, included."""
        return date(self.first + 1, 8, 31)

    @property
    def previous(self) -> "SchoolYear":
        return SchoolYear(self.first - 1)

    @property
    def next(self) -> "SchoolYear":
        return SchoolYear(self.first + 1)

    def is_past(self, today: date) -> bool:
        return self.end < today

    def __str__(self) -> str:
        return self.code


def one_year_before(day: date) -> date:
    """Same day and month of the year before; 29 February becomes the 28th (A-90, A-132)."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
