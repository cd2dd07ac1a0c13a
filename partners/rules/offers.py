"""Where an offer stands: received, published to classes, its applications over, filled or withdrawn."""

from datetime import date
from enum import StrEnum


class OfferState(StrEnum):
    """The codes of core.status, kind "offer"."""

    TO_PUBLISH = "a_publier"
    PUBLISHED = "publiee"
    CLOSED = "close"
    FILLED = "pourvue"
    WITHDRAWN = "retiree"


OPEN = (OfferState.TO_PUBLISH, OfferState.PUBLISHED)
"""States in which somebody may still be taken on."""


def state(
    *, published: date | None, closing: date | None, filled: date | None, withdrawn: date | None, today: date
) -> OfferState:
    """The state on a day; the closing day is still open."""
    if withdrawn:
        return OfferState.WITHDRAWN
    if filled:
        return OfferState.FILLED
    if closing and closing < today:
        return OfferState.CLOSED
    return OfferState.PUBLISHED if published else OfferState.TO_PUBLISH


def positions_left(positions: int, taken: int) -> int:
    """How many may still be taken on, never below zero."""
    return max(0, positions - taken)
