"""A visit behind a row of `AccessLink`: how it is found, what it is good for, the pages it gets. Each app says what differs."""

from datetime import datetime
from typing import Any, Generic, Self

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.link_pages import LinkVisit
from schools import links
from schools.links import Link, LinkState

SECONDS_OPEN = 8 * 3600
"""How long one press of the button of a door opens the pages behind it: a day of work, in seconds."""


class AccessVisit(LinkVisit, Generic[Link]):
    """One request behind an access link. Whether it still opens is asked of the rows each time: revoked is at once."""

    def __init__(self, request: HttpRequest, token: str, link: Link, now: datetime) -> None:
        super().__init__(request, token, str(link.public_id), now)
        self.link = link
        self.state = self.state_now()

    @classmethod
    def find(cls, token: str) -> Link | None:
        """The link of a token with what its pages need loaded; None for an unknown one."""
        raise NotImplementedError

    @classmethod
    def of(cls, request: HttpRequest, token: str, now: datetime) -> Self | None:
        """The visit of a token; None when it names no link."""
        link = cls.find(token)
        return cls(request, token, link, now) if link else None

    def state_now(self) -> LinkState:
        """What the link is good for; what it is about may say that it is over."""
        return links.state_of(self.link, self.now)

    @property
    def is_alive(self) -> bool:
        return self.state is LinkState.ALIVE

    @property
    def is_open(self) -> bool:
        """Was the button pressed in this browser, today, and does the link still serve?"""
        return self.is_alive and self.kept.get("until", 0) > self.now.timestamp()

    def open_for_the_day(self) -> None:
        """The button was pressed: this browser, under a fresh session key, may see the pages for some hours."""
        self.request.session.cycle_key()
        self.keep(until=self.now.timestamp() + SECONDS_OPEN)

    def is_within_limit(self) -> bool:
        """Do their posts come at a human pace? A whole school or company may write from behind one address."""
        return bool(ratelimit.consume(self.request, action="personal_link", key=self.link.token_hash))

    def common(self) -> dict[str, Any]:
        """What every page of the link reads: `token`, `host` (School) and `state`, and nobody's name."""
        return {"token": self.token, "host": self.link.school, "state": self.state.name}

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page of the link: `common` besides what is given."""
        return render(self.request, template, {**self.common(), **context}, status=status)
