"""iCalendar feeds: a person's, the school's, behind a secret address that is revoked at once (S-04, S-18).

A feed says what is where and when, by class and company; it never names a pupil (P-01), since it lives on in telephones.
Addresses are kept as fingerprints: they are shown once, on the page that makes them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from icalendar import Calendar, Event

from core import audit, tokens
from events.calendar import class_labels
from events.enums import ActionStatus
from events.models import Action, CalendarFeed
from schools import agenda
from schools.models import Membership, School
from schools.permissions import allows, is_own_only
from schools.roles import Permission

BACK = timedelta(days=90)
AHEAD = timedelta(days=430)
ONE_HOUR = timedelta(hours=1)
LAST_DAY = date(9999, 12, 30)
"""Dossiers write « 31/12/9999 » for what has no end: no day comes after it."""
PRODUCT = "-//bdeplatform//agenda des actions//FR"


@dataclass(frozen=True)
class Told:
    """One event of a feed. `uid` never changes; `sequence` grows with each change."""

    uid: str
    title: str
    start: date
    end: date
    changed_at: datetime
    sequence: int = 0
    start_time: time | None = None
    end_time: time | None = None
    place: str = ""
    text: str = ""
    category: str = ""
    url: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Feed:
    """A feed as it is sent."""

    content: bytes
    changed_at: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


# ------------------------------------------------------------------------------------------------ who has a feed
def feed_of(school: School, membership: Membership | None) -> CalendarFeed | None:
    """The feed that is followed today, of a person, or of the school when nobody is named."""
    return CalendarFeed.objects.in_school(school).filter(membership=membership, revoked_at=None).first()


@transaction.atomic
def open_feed(school: School, membership: Membership | None, *, by: Any, now: datetime) -> str:
    """A new secret address; the one before stops at once. Returns the token: the only time anybody sees it."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # of twenty at once, the last one's is alone alive
    CalendarFeed.objects.in_school(school).filter(membership=membership, revoked_at=None).update(revoked_at=now)
    token = tokens.fresh()
    feed = CalendarFeed(
        school=school, membership=membership, token_hash=tokens.hashed(token), created_by=by, updated_by=by
    )
    feed.save(force_insert=True)
    audit.record("events.feed_opened", feed, by=by)
    return token


@transaction.atomic
def close_feed(school: School, membership: Membership | None, *, by: Any, now: datetime) -> bool:
    """Whoever holds the address reads nothing any more; False when there was none."""
    closed = (
        CalendarFeed.objects.in_school(school).filter(membership=membership, revoked_at=None).update(revoked_at=now)
    )
    if closed:
        audit.record("events.feed_closed", school, by=by, own=membership is not None)
    return bool(closed)


def find(token: str) -> CalendarFeed | None:
    """The feed of a token; None for an unknown or revoked one, and for a person whose access ended (S-04)."""
    everywhere = CalendarFeed.objects.across_schools(why="the token, and not an address of a school, names the feed")
    feed: CalendarFeed | None = (
        everywhere.filter(token_hash=tokens.hashed(token), revoked_at=None)
        .select_related("school", "membership__school", "membership__user")
        .first()
    )
    if feed is None or feed.membership is None:
        return feed
    user = feed.membership.user
    may = allows(feed.membership, Permission.VIEW_ACTIONS)  # asks whether the membership is open too
    return feed if may and user is not None and user.is_active else None


# ------------------------------------------------------------------------------------------------ what it says
def content(feed: CalendarFeed, *, now: datetime, root: str) -> Feed:
    """The feed as it is this minute. `root`: the platform's address, before its paths."""
    today = timezone.localdate(now)
    start, end = today - BACK, today + AHEAD
    school, member = feed.school, feed.membership
    told = _actions(school, member, start, end, root)
    entries = agenda.of_member(member, start, end) if member else agenda.of_classes(school, start, end)
    told += [_entry(entry, school, root) for entry in entries]
    name = f"{school.name}, actions" if member is None else f"Mon agenda, {school.name}"
    return written(name, told, since=midnight(today))


def midnight(today: date) -> datetime:
    """The first moment of a day at the school."""
    return datetime.combine(today, time.min, timezone.get_current_timezone())


def _actions(school: School, member: Membership | None, start: date, end: date, root: str) -> list[Told]:
    """All actions for the school and its bureau; a teacher's are those they lead and those of their classes."""
    rows = Action.objects.in_school(school).touching(start, end)
    if member is not None and is_own_only(member):
        rows = rows.of_member(member)
    actions = list(rows.order_by("start_date", "pk"))
    classes = class_labels(school, actions)
    found = []
    for action in actions:
        action.school = school
        found.append(
            of_action(action, text=", ".join(classes.get(action.pk, ())), url=f"{root}{action.get_absolute_url()}")
        )
    return found


def of_action(action: Action, *, text: str, url: str) -> Told:
    """An action as an event: its report and its pupils are not told."""
    return Told(
        uid=f"action-{action.public_id}@bdeplatform",
        title=action.title,
        start=action.start_date,
        end=action.last_date,
        changed_at=action.updated_at,
        sequence=action.version,
        start_time=action.start_time,
        end_time=action.end_time,
        place=action.place,
        text=text,
        category=str(action.get_type_display()),
        url=url,
        is_cancelled=action.status == ActionStatus.CANCELLED,
    )


def _entry(entry: agenda.Entry, school: School, root: str) -> Told:
    return Told(
        uid=f"{entry.key}@bdeplatform",
        title=entry.title,
        start=entry.start,
        end=entry.end,
        changed_at=entry.changed_at,
        start_time=entry.at,
        place=entry.place,
        category="PFMP" if entry.kind is agenda.Kind.OUT else "Visite",
        url=f"{root}{entry.url}",
    )


def written(name: str, told: Iterable[Told], *, since: datetime) -> Feed:
    """Events as an iCalendar file (RFC 5545), hours in UTC; the same events give the same bytes.

    `since`: the file is dated no earlier, for something taken away leaves no date of its own.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT1H")
    changed = since
    for one in told:
        calendar.add_component(_event(one))
        changed = max(changed, one.changed_at)
    return Feed(calendar.to_ical(), changed)


def _event(told: Told) -> Event:
    event = Event()
    event.add("uid", told.uid)
    event.add("dtstamp", told.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", told.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", told.sequence)
    event.add("summary", f"Annulé : {told.title}" if told.is_cancelled else told.title)
    event.add("status", "CANCELLED" if told.is_cancelled else "CONFIRMED")
    start, end = span(told)
    event.add("dtstart", start)
    event.add("dtend", end)
    if not isinstance(start, datetime):
        event.add("transp", "TRANSPARENT")  # a day-long event does not make anybody busy
    for name, value in (("location", told.place), ("description", told.text), ("url", told.url)):
        if value:
            event.add(name, value)
    if told.category:
        event.add("categories", [told.category])
    return event


def span(told: Told) -> tuple[date, date]:
    """First and last moment: days (the last one excluded, as iCalendar has it) without an hour, else moments in UTC.

    Without an end, or with one that comes before the beginning, an event lasts an hour.
    """
    if told.start_time is None:
        return told.start, min(told.end, LAST_DAY) + timedelta(days=1)
    here = timezone.get_current_timezone()
    start = datetime.combine(told.start, told.start_time, here).astimezone(UTC)
    end = datetime.combine(min(told.end, LAST_DAY), told.end_time or told.start_time, here).astimezone(UTC)
    return start, end if end > start else start + ONE_HOUR
