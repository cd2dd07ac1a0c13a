"""How long before the departure each step of a placement is expected, and who is late (R-CONV-05: no legal delay).

Days before the first day of the period, as one real lycée keeps them (reglementation-pfmp § 5.6); a default, not the law.
"""

from datetime import date, timedelta
from typing import Final

PLACE_FOUND: Final = 35
CONVENTION_ISSUED: Final = 18
CONVENTION_SIGNED: Final = 11

DUE_DAYS_BEFORE: Final = {
    "sans_place": PLACE_FOUND,
    "piste_en_cours": PLACE_FOUND,
    "place_trouvee": CONVENTION_ISSUED,
    "convention_refusee": CONVENTION_ISSUED,
    "convention_editee": CONVENTION_SIGNED,
    "a_signer": CONVENTION_SIGNED,
}
"""The step one should have left by then."""


def due_date(step: str, start: date) -> date | None:
    """The day by which a pupil of a period should have left this step; None when nothing is awaited."""
    days = DUE_DAYS_BEFORE.get(step)
    return start - timedelta(days=days) if days is not None else None


def days_late(step: str, start: date, today: date) -> int:
    """Days since that day, 0 when it is not past."""
    due = due_date(step, start)
    return max(0, (today - due).days) if due else 0
