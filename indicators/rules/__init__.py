"""The arithmetic of the indicators, as pure functions: days, numbers, what may leave the school."""

from indicators.rules.days import (
    Bounds,
    TooEarly,
    bounds,
    day_to_compare,
    in_force_interval,
    most_at_once,
    one_year_before,
    sealed_from,
    weekdays,
    years_to_refresh,
)
from indicators.rules.numbers import median
from indicators.rules.secrecy import suppress
from pfmp.rules.solutions import covered_days

__all__ = [
    "Bounds",
    "TooEarly",
    "bounds",
    "covered_days",
    "day_to_compare",
    "in_force_interval",
    "median",
    "most_at_once",
    "one_year_before",
    "sealed_from",
    "suppress",
    "weekdays",
    "years_to_refresh",
]
