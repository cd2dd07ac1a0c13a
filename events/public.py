"""The school's public page: what it does with companies, for those who do not know it yet. Closed until a school opens it.

It says nothing of any person (P-01) and counts nobody (P-20): coming actions that the bureau chose, partners who agreed to
be named, formations, and how to take part.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.school_year import SchoolYear
from core.text import searchable
from events.enums import ActionStatus
from events.models import Action, EventSettings
from events.preparing import when
from partners.enums import PartnerStatus
from partners.models import Partner
from schools.enums import Niveau
from schools.models import School, SchoolClass, Student

MOST_ACTIONS = 60
MOST_PARTNERS = 400
LEFT_OUT = frozenset({Niveau.SECONDE_GT, Niveau.PREMIERE_TECHNO, Niveau.TERMINALE_TECHNO, Niveau.OTHER})
"""Levels whose classes no company trains."""


@dataclass(frozen=True)
class Coming:
    """An action as anyone may read it."""

    public_id: UUID
    title: str
    when: str
    day: date
    what: str
    place: str
    text: str


@dataclass(frozen=True)
class Named:
    """A partner who agreed to be named."""

    name: str
    city: str


@dataclass(frozen=True)
class Page:
    """All that the public page says."""

    school: School
    introduction: str
    taxe_text: str
    actions: tuple[Coming, ...]
    formations: tuple[str, ...]
    partners: tuple[Named, ...]


def opened(uai: str) -> EventSettings | None:
    """The settings of a school that has opened its page, with the school; None for any other."""
    everywhere = EventSettings.objects.across_schools(why="the address names the school: there is no member")
    found: EventSettings | None = everywhere.filter(school__uai=uai, page_is_open=True).select_related("school").first()
    return found


def coming_actions(school: School, today: date) -> list[Action]:
    """The planned actions that the bureau put on the page and that are not over."""
    rows = Action.objects.in_school(school).filter(is_public=True, status=ActionStatus.PLANNED)
    found = list(rows.touching(today, date.max).order_by("start_date", "start_time", "pk")[:MOST_ACTIONS])
    for action in found:
        action.school = school
    return found


def formations(school: School, year: SchoolYear) -> list[str]:
    """What the school's classes of a year prepare for, each once, in order."""
    rows = (
        SchoolClass.objects.in_school(school)
        .filter(year=year.code)
        .exclude(diploma="")
        .exclude(niveau__in=LEFT_OUT)
        .values_list("diploma", flat=True)
    )
    once: dict[str, str] = {}
    for diploma in rows:
        once.setdefault(searchable(diploma), diploma)
    return [once[key] for key in sorted(once)]


def named_partners(school: School, today: date) -> list[Named]:
    """The active partners who agreed to be named, by name; an establishment that closed, or to avoid, is not."""
    rows = (
        Partner.objects.in_school(school)
        .filter(named_since__lte=today, status=PartnerStatus.ACTIVE, closed_date=None, avoid_since=None)
        .order_by("search_text", "pk")
        .values_list("brand", "name", "city")[:MOST_PARTNERS]
    )
    found = dict.fromkeys(Named(brand or name, city) for brand, name, city in rows)
    return list(found)


def page(settings: EventSettings, today: date) -> Page:
    """The page as it is today: four queries."""
    school = settings.school
    return Page(
        school=school,
        introduction=settings.introduction,
        taxe_text=settings.taxe_text,
        actions=tuple(
            Coming(
                action.public_id,
                action.title,
                when(action),
                action.start_date,
                str(action.get_type_display()),
                action.place,
                action.public_text,
            )
            for action in coming_actions(school, today)
        ),
        formations=tuple(formations(school, SchoolYear.on(today)) if settings.shows_formations else ()),
        partners=tuple(named_partners(school, today) if settings.shows_partners else ()),
    )


def pupil_named(school: School, *texts: str) -> str:
    """The pupil of the school whose whole name stands in one of these texts, "" when there is none."""
    words = [f" {searchable(text, limit=6000)} " for text in texts if text.strip()]
    if not words:
        return ""
    by_last: dict[str, list[str]] = defaultdict(list)
    for last, first in Student.objects.in_school(school).values_list("last_name", "first_name"):
        by_last[searchable(last)].append(first)
    for last, firsts in by_last.items():
        if not last or not any(f" {last} " in text for text in words):
            continue
        for first in firsts:
            one = searchable(first)
            if one and any(f" {one} {last} " in text or f" {last} {one} " in text for text in words):
                return f"{first} {last.upper()}"
    return ""
