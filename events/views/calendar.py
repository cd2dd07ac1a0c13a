"""The agenda of actions: a month, what is coming day after day, the year as a list and as a programme to print."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import downloads, french, pdf
from core.typography import WEEKDAYS
from core.verdict import demand
from events import calendar
from schools import calendar as lessons
from schools.middleware import SchoolRequest
from schools.models import SchoolClass
from schools.permissions import allows
from schools.roles import Permission

PAGES = (
    ("Mois", "events:calendar_month"),
    ("À venir", "events:calendar_coming"),
    ("Toute l’année", "events:calendar_year"),
)


@dataclass(frozen=True)
class Wanted:
    """What the address narrows the calendar to; words that mean nothing narrow nothing."""

    school_class: SchoolClass | None
    own: bool

    @property
    def class_id(self) -> int | None:
        return self.school_class.pk if self.school_class else None

    def query(self, **more: str) -> str:
        words = {"classe": self.school_class.code} if self.school_class else {}
        return urlencode(words | ({"qui": "moi"} if self.own else {}) | more)


def _frame(request: SchoolRequest) -> tuple[Wanted, dict[str, object]]:
    """What the three pages share: the right, the filters, the tabs."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    classes = list(SchoolClass.objects.in_school(request.school).filter(year=request.school_year.code).order_by("code"))
    code = request.GET.get("classe", "")
    wanted = Wanted(next((one for one in classes if one.code == code), None), request.GET.get("qui") == "moi")
    query = wanted.query()
    uai = request.school.uai
    return wanted, {
        "tabs": [(label, reverse(name, args=[uai]) + (f"?{query}" if query else ""), None) for label, name in PAGES],
        "classes": classes,
        "wanted": wanted,
        "query": query,
        "may_edit": allows(request.membership, Permission.EDIT_ACTIONS),
        "may_set": allows(request.membership, Permission.EDIT_SCHOOL),
        "new_url": reverse("events:action_choose", args=[uai]),
        "feeds_url": reverse("events:calendar_feeds", args=[uai]),
        "print_url": reverse("events:year_programme", args=[uai]),
    }


@require_GET
def calendar_month(request: SchoolRequest) -> HttpResponse:
    """A month as weeks and days, with what takes classes away and the days without lessons."""
    wanted, context = _frame(request)
    today = timezone.localdate()
    year = request.school_year
    opens_on = today if year.start <= today <= year.end else year.start
    first = calendar.month_of(request.GET.get("mois", ""), opens_on)
    start, end = calendar.edges(first)
    items = calendar.items_between(request.membership, start, end, today, own=wanted.own, class_id=wanted.class_id)
    shown = calendar.month(lessons.calendar_of(request.school, start, end), items, first, today)
    return render(
        request,
        "events/calendar_month.html",
        {
            **context,
            "month": shown,
            "before_query": wanted.query(mois=shown.before),
            "after_query": wanted.query(mois=shown.after),
            "is_now": first == today.replace(day=1),
        },
    )


@require_GET
def calendar_coming(request: SchoolRequest) -> HttpResponse:
    """The two months to come, one line after the other."""
    wanted, context = _frame(request)
    today = timezone.localdate()
    until = today + calendar.AHEAD
    items = calendar.items_between(request.membership, today, until, today, own=wanted.own, class_id=wanted.class_id)
    known = lessons.calendar_of(request.school, today, until)
    months = calendar.by_month([item for item in items if item.start >= today], since=today)
    return render(
        request,
        "events/calendar_coming.html",
        {
            **context,
            "now": [item for item in items if item.start < today],
            "months": [(name, [(item, _margin(item)) for item in found]) for name, found in months],
            "off": calendar.days_off_as_items(known, today, until),
            "until": until,
        },
    )


def _margin(item: calendar.Item) -> str:
    """What stands in the margin: the day of the week, then the day and the hour."""
    day = f"{WEEKDAYS[item.start.weekday()]} {french.short_day(item.start)}"
    return f"{day}, {item.hours}" if item.hours else day


@require_GET
def calendar_year(request: SchoolRequest) -> HttpResponse:
    """Every action of the school year, by month."""
    wanted, context = _frame(request)
    year = request.school_year
    items = calendar.actions_between(
        request.school,
        year.start,
        year.end,
        timezone.localdate(),
        member=request.membership if wanted.own else None,
        class_id=wanted.class_id,
    )
    return render(
        request,
        "events/calendar_year.html",
        {**context, "months": calendar.by_month(items, since=year.start), "total": len(items)},
    )


@require_GET
def year_programme(request: SchoolRequest) -> HttpResponse:
    """The year's actions on paper, without any name of a pupil."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    programme = calendar.programme(request.school, request.school_year, timezone.localdate())
    title = f"Programme des actions {programme.year.code}, {request.school.name}"
    html = render_to_string(
        "pdf/year_programme.html",
        {"title": title, "school": request.school, "programme": programme, "today": timezone.localdate()},
    )
    file = pdf.render(html, title=title, styles=("paper", "programme"))
    return downloads.attachment(file, "application/pdf", f"programme-des-actions-{programme.year.code}.pdf")
