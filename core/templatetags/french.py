"""`{% load french %}`: core.french as filters, and the other ways to write for people."""

from datetime import date

from django import template

from core import french, text, typography

register = template.Library()

register.filter("number", french.number)
register.filter("percent", french.percent)
register.filter("euros", french.euros)
register.filter("signed", french.signed)
register.filter("points", french.points)
register.filter("ratio", french.ratio)
register.filter("short_day", french.short_day)
register.filter("period", french.period)
register.filter("clock", french.clock)
register.filter("moment", french.moment)
register.filter("hours", typography.hours)
register.filter("typeset", typography.french)
register.filter("dialled", text.dialled)


@register.filter
def day(value: date | None, weekday: str = "") -> str:
    """`{{ date|day }}` « 3 mars 2026 », `{{ date|day:"weekday" }}` « mardi 3 mars 2026 »."""
    return french.day(value or None, weekday=bool(weekday))


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ 3|plural:"élève" }}` « 3 élèves », `{{ 2|plural:"travail,travaux" }}` « 2 travaux »."""
    return french.plural(count, *french.both(words))
