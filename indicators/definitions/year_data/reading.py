"""What every subject of the year reads with: the school, the year, its bounds."""

from datetime import date
from typing import Any

from core.school_year import SchoolYear
from indicators import rules
from schools.models import School


class Reading:
    """One school, one year, as the rows stand now, counted on the days of `bounds`. Raises rules.TooEarly (A-02)."""

    def __init__(self, school: School, year: SchoolYear, today: date) -> None:
        self.school = school
        self.year = year
        self.bounds = rules.bounds(year, today)
        self.start, self.end, self.as_of = self.bounds.start, self.bounds.end, self.bounds.as_of

    def _of(self, manager: Any) -> Any:
        """The school's rows of a table, without the default order that would join or sort for nothing."""
        return manager.in_school(self.school).order_by()
