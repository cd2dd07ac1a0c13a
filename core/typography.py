"""French typography of what is printed: spaces that do not break, apostrophes, dates and durations as one says them."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NARROW = "\u202f"  # narrow no-break space
NO_BREAK = "\u00a0"

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r" +(?=[;!?%€])"), NARROW),
    (re.compile(r" +(?=[:»])"), NO_BREAK),
    (re.compile(r"(?<=«) +"), NO_BREAK),
    (re.compile(r"\b(n°|art\.|M\.|Mme|articles?) +(?=\S)"), rf"\1{NO_BREAK}"),
    (re.compile(r"(?<=\d) +(?=(?:h|jours?|mois|semaines?|ans|heures?)\b)"), NO_BREAK),
)


def french(text: str) -> str:
    """The same words with the spaces and apostrophes of French printing."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def long_date(day: date, *, weekday: bool = False) -> str:
    """`2026-01-01` → « 1er janvier 2026 », or « jeudi 1er janvier 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    text = f"{number}{NO_BREAK}{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"
    return f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text


def hours(minutes: int) -> str:
    """`2100` → « 35 h », `455` → « 7 h 35 »."""
    whole, rest = divmod(minutes, 60)
    return f"{whole}{NO_BREAK}h{NO_BREAK}{rest:02d}" if rest else f"{whole}{NO_BREAK}h"


def number(value: float | Decimal, digits: int = 0) -> str:
    """`1234.5` → « 1 235 » or, with one digit, « 1 234,5 »; half up, as French schools round (C-04)."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded:,.{digits}f}".replace(",", NARROW).replace(".", ",").replace("-", "−")
