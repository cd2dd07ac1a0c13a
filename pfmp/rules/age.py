"""Age on a given day (G-20)."""

from datetime import date


def age_on(birth_date: date, day: date) -> int:
    """Full years on that day. The age changes on the birthday from midnight; born on 29 February: on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def first_day_of_age(birth_date: date, age: int) -> date:
    """The day that age begins; the last day of the calendar when it lies beyond it."""
    year = birth_date.year + age
    if year > date.max.year:
        return date.max
    try:
        return birth_date.replace(year=year)
    except ValueError:  # 29 February of a common year
        return date(year, 3, 1)
