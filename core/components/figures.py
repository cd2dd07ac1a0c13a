"""Long jobs and figures: how far one is, numbered headings, the rows and charts of the indicators."""

import math
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core import french, typography
from core.components import drawing, words
from core.models import Job

register = template.Library()


def _time_left(job: Job) -> str:
    """« Encore une minute environ. » from what is done so far; empty while too little is known."""
    done, total = job.progress_done, job.progress_total
    if job.state != "running" or not total or done < 2 or not job.started_at:
        return ""
    seconds = (timezone.now() - job.started_at).total_seconds() / done * (total - done)
    minutes = math.ceil(seconds / 60)
    return "Encore une minute environ." if minutes <= 1 else f"Encore {minutes}\u00a0minutes environ."


@register.inclusion_tag("components/job.html", takes_context=True)
def job(
    context: Context,
    job: Job,
    title: str,
    status_url: str = "",
    page_url: str = "",
    result_url: str = "",
    result_label: str = "Télécharger",
    retry_url: str = "",
) -> dict[str, Any]:
    """A long job: name, « 18 sur 25 », a bar, time left. When done, the link to the file takes the bar's place.

    `status_url` answers this same fragment (htmx asks every two seconds); `page_url` is the page that one reloads
    without script; `retry_url` receives a POST.
    """
    request: HttpRequest | None = context.get("request")
    return {
        "job": job,
        "title": title,
        "counted": f"{french.number(job.progress_done)} sur {french.number(job.progress_total)}"
        if job.progress_total
        else "",
        "time_left": _time_left(job),
        "status_url": status_url,
        "page_url": page_url or (request.get_full_path() if request else ""),
        "result_url": result_url,
        "result_label": result_label,
        "retry_url": retry_url,
        "request": request,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_block_tag(takes_context=True)
def numbered(context: Context, content: str, number: int, title: str) -> SafeString:
    """A numbered heading of the sheet: the number in the margin. A `{% chart_box … side=True %}` last goes at the right."""
    body, cut, chart = content.partition('<figure class="chart-box side-chart')
    return drawing.draw(
        "numbered",
        context,
        number=number,
        title=title,
        body=mark_safe(body.strip()),
        chart=mark_safe(cut + chart.strip()),
        anchor=f"titre-{number}",
    )


@register.simple_block_tag(takes_context=True)
def figures(context: Context, content: str, caption: str, year: str, last_year: str = "") -> SafeString:
    """The table of a heading's indicators; between the tags, `{% figure_row %}`s."""
    return drawing.draw("figures", context, content=mark_safe(content), caption=caption, year=year, last_year=last_year)


@register.inclusion_tag("components/figure_row.html")
def figure_row(
    label: str,
    value: str = "",
    ratio: str = "",
    last: str = "",
    gap: str = "",
    state: str = "",
    missing: str = "",
    missing_url: str = "",
    list_url: str = "",
    last_year: str = "",
) -> dict[str, Any]:
    """One indicator: value in bold, n / d, last year, gap, and what is missing as a link that repairs it.

    Values come written (core.french). `state` ("non_calculable", "pas_encore_mesurable") takes the value's place.
    """
    return {
        "label": typography.french(label),
        "value": value,
        "ratio": ratio,
        "last": last,
        "gap": gap,
        "badge": words.status(state) if state else "",
        "missing": missing,
        "missing_url": missing_url,
        "list_url": list_url,
        "last_year": last_year,
    }


@register.inclusion_tag("components/chart_box.html")
def chart_box(caption: str, chart: str, side: bool = False) -> dict[str, Any]:
    """A chart of core.charts with its caption; `side` for the right of a numbered heading."""
    return {"caption": caption, "chart": chart, "side": side}
