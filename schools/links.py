"""Ways in without an account: what a token opens and what it is good for today (S-18). The pages are those of `core.link_pages`.

Apps above keep their links as rows of an `AccessLink`: `made` draws a token and gives the row to complete, `find` reads it back.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from core import tokens
from schools.models import AccessLink


class LinkState(StrEnum):
    """What a link is good for today."""

    ALIVE = "ouvert"
    EXPIRED = "expiré"
    REVOKED = "révoqué"
    OVER = "terminé"


Link = TypeVar("Link", bound=AccessLink)


def made(model: type[Link], **values: Any) -> tuple[Link, str]:
    """A row, not saved yet, and its token: the only time anybody sees it."""
    token = tokens.fresh()
    return model(token_hash=tokens.hashed(token), **values), token


def find(model: type[Link], token: str, *related: str) -> Link | None:
    """The link of a token with its school and `related` loaded; None for an unknown one. Changes nothing."""
    rows: Any = model._default_manager
    everywhere = rows.across_schools(why="the token, and not an address of a school, names the link")
    found: Link | None = everywhere.filter(token_hash=tokens.hashed(token)).select_related("school", *related).first()
    return found


def state_of(link: AccessLink, now: datetime) -> LinkState:
    """Revoked, past its days, or alive; what the link is about may add that it is over."""
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if link.expires_at <= now else LinkState.ALIVE


def opened(link: AccessLink, now: datetime) -> bool:
    """Keep that a person, and not a mail scanner, opened it. Returns whether this is the first time."""
    rows = type(link)._default_manager.in_school(link.school_id)
    return bool(rows.filter(pk=link.pk, opened_at=None).update(opened_at=now))
