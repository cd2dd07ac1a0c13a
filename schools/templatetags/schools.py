"""`{% load schools %}`: words about days, seen from today."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.template import Context

from core import french
from schools.pages import back_to

register = template.Library()


@dataclass(frozen=True)
class Moment:
    """How the margin writes a day: its text, and whether it is past."""

    text: str
    late: bool


@register.simple_tag
def past(day: date, today: date) -> str:
    """A day of a timeline: « 13 nov. », with its year, which may take a line of its own, when it is not today's."""
    text = french.short_day(day)
    return text if day.year == today.year else f"{text} {day.year}"


@register.simple_tag
def when(due: date, today: date) -> Moment:
    """« en retard de 3 jours », « aujourd’hui », « demain », « vendredi 20 », « avant le 24 mars »."""
    days = (due - today).days
    if days < 0:
        return Moment(french.lateness(days), True)
    if days == 0:
        return Moment("aujourd’hui", False)
    if days == 1:
        return Moment("demain", False)
    return Moment(french.short_day(due), False)


@register.simple_tag(takes_context=True)
def list_as_left(context: Context, list_name: str) -> str:
    """`{% list_as_left "partners:partner_list" as url %}`: a list with the filters this person last gave it."""
    return back_to(context["request"], list_name)
