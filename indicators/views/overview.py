"""The indicators of sheet 2.5: the page, the rows behind each number, the yearly report, what is shared."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import downloads, french
from core.verdict import Denied, demand
from indicators import definitions, documents, figures, labels, permissions, published, rules, sealing, services
from indicators.enums import FigureStatus, Heading
from schools.middleware import SchoolRequest

SIDE_CHART = 216  # px: the column at the right of a heading
GAP_ROWS, GAP_ROWS_ALONE = 30, 500
SEALED = Denied("Cette année est scellée : ses chiffres ne changent plus.")
TEXT_READS = {
    "schools.Schooling": ("student", "school_class"),
    "partners.OfferBeneficiary": ("student", "offer"),
    "pfmp.Placement": ("student", "partner"),
    "pfmp.Exemption": ("student", "period"),
    "pfmp.Period": ("school_class",),
    "events.Participation": ("student", "action"),
    "events.Invitation": ("partner", "action"),
    "events.ActionPartner": ("partner", "action"),
    "surveys.LeaverOutcome": ("student",),
}
"""What the text of a row is made of, by model: read with the row, not one by one."""


def _content(request: SchoolRequest, here: sealing.Standing) -> documents.ReportContent:
    """The figures that stand, beside those of last year at the same day, as this person may read them."""
    year = request.school_year
    is_leaving = permissions.sees_counts_only(request.membership)
    return documents.content_of(
        here.figures,
        published.before(request.school, year, here, is_leaving=is_leaving),
        school_name=request.school.name,
        issued_date=here.as_of,
        own_labels=documents.own_labels_of(request.school, year.code),
    )


def _missing(figure: documents.Figure) -> str:
    """What keeps a figure from being whole: its reason, or how much of the data is filled in."""
    if not figure.now.is_computed:
        return figure.now.reason or ""
    if figure.completeness is not None and figure.completeness < 1:
        # 99.8 % is not whole: one decimal where the round number would say 100 %.
        digits = 0 if figure.completeness < 0.99 else 1
        return f"renseigné à {french.percent(figure.completeness, digits)}"
    return ""


def _line(request: SchoolRequest, figure: documents.Figure, *, links: bool) -> dict[str, Any]:
    page_url = reverse("indicators:figure", args=[request.school.uai, figure.code])
    return {
        "code": figure.code,
        "label": figure.label,
        "value": documents.shown(figure.unit, figure.now),
        "ratio": french.ratio(figure.now.n, figure.now.d) if figure.now.is_computed and figure.now.d else "",
        "last": documents.shown(figure.unit, figure.before) if figure.before and figure.before.is_computed else "",
        "gap": documents.gap(figure),
        "state": "" if figure.now.is_computed else figure.now.status,
        "missing": _missing(figure),
        "missing_url": f"{page_url}#manque" if links and _missing(figure) else "",
        "url": page_url,
    }


@require_GET
def overview(request: SchoolRequest) -> HttpResponse:
    """The eight headings of the sheet in its order and words, from the last figures kept (§ 12)."""
    demand(permissions.may_read(request.membership))
    is_leaving = permissions.sees_counts_only(request.membership)
    snapshot = published.standing(request.school, request.school_year, is_leaving=is_leaving)
    links = bool(permissions.may_see_rows(request.membership))
    headings, content = [], None
    if snapshot is not None:
        content = _content(request, snapshot)
        for heading in Heading:
            shown = [_line(request, figure, links=links) for figure in content.figures if figure.heading == heading]
            pictures = [documents.drawn(content, p, screen_width=SIDE_CHART) for p in documents.PICTURES[heading]]
            headings.append((heading, shown, next((picture for picture in pictures if picture), None)))
        if request.GET.get("format") in ("csv", "xlsx"):
            return _export(request, content)
    blanks = [f for f in content.figures if f.now.status == FigureStatus.NOT_COMPUTABLE] if content else []
    return render(
        request,
        "indicators/overview.html",
        {
            "snapshot": snapshot,
            "content": content,
            "sheet": [entry for entry in headings if entry[0] in documents.EIGHT],
            "complements": [entry for entry in headings if entry[0] in documents.COMPLEMENTS],
            "blanks": blanks,
            "job": services.refresh_under_way(request.school, request.school_year),
            "may_ask": SEALED if snapshot and snapshot.seal else permissions.may_ask(request.membership),
            "too_early": timezone.localdate() < request.school_year.start,
            "gaps_url": reverse("indicators:gaps", args=[request.school.uai]) if links else "",
            "report_url": reverse("indicators:report", args=[request.school.uai]),
        },
    )


def _export(request: SchoolRequest, content: documents.ReportContent) -> HttpResponse:
    """Every value and breakdown as a spreadsheet."""
    headers = ["Code", "Rubrique", "Indicateur", "Axe", "Clé", "Statut", "Valeur", "n", "d", "Motif", "Année d’avant"]
    rows: list[list[Any]] = []
    for figure in content.figures:
        rows.append(_cells(figure, "", "", figure.now, figure.before))
        for breakdown in figure.breakdowns:
            for row in breakdown.rows:
                rows.append(_cells(figure, labels.AXES[breakdown.axis], row.label, row.now, row.before))
    name = f"indicateurs-{content.uai}-{content.year}"
    return downloads.table(request.GET["format"], name, f"Indicateurs {content.year}", headers, rows)


def _cells(
    figure: documents.Figure, axis: str, key: str, now: documents.Cell, before: documents.Cell | None
) -> list[Any]:
    return [
        figure.code,
        labels.SHORT_HEADINGS[Heading(figure.heading)],
        figure.label,
        axis,
        key,
        FigureStatus(now.status).label,
        now.value,
        now.n,
        now.d,
        now.reason or "",
        before.value if before else None,
    ]


@require_GET
def gaps(request: SchoolRequest) -> HttpResponse:
    """What is missing or contradicts itself, each with the rows to open and repair (§ 11)."""
    demand(permissions.may_see_rows(request.membership))
    today = timezone.localdate()
    kind = request.GET.get("quoi", "")
    try:
        found = figures.anomalies(request.school, request.school_year, today, kind=kind)
    except KeyError:
        raise Http404 from None
    except rules.TooEarly:
        found = []
    most = GAP_ROWS_ALONE if kind else GAP_ROWS
    wanted: dict[str, set[int]] = {}
    for anomaly in found:
        wanted.setdefault(anomaly.model, set()).update(anomaly.rows[:most])
    # One query a table: several kinds of gaps may concern the same rows.
    rows_of = {
        model: {
            row.pk: row
            for row in _in_order(apps.get_model(model)._default_manager.in_school(request.school).filter(pk__in=pks))
        }
        for model, pks in wanted.items()
    }
    lines = [
        (
            anomaly,
            definitions.named(anomaly.code),
            [rows_of[anomaly.model][pk] for pk in reversed(anomaly.rows[:most]) if pk in rows_of[anomaly.model]],
            max(0, anomaly.count - most),
        )
        for anomaly in found
    ]
    return render(request, "indicators/gaps.html", {"lines": lines, "kind": kind})


@require_POST
def refresh(request: SchoolRequest) -> HttpResponse:
    """Have the figures computed again; the page then follows the job. Those of a sealed year stay as they are."""
    demand(permissions.may_ask(request.membership))
    standing = sealing.standing(request.school, request.school_year)
    if standing and standing.seal:
        messages.error(request, SEALED.reason)
        return redirect("indicators:overview", request.school.uai)
    try:
        services.ask_refresh(request.school, request.school_year, timezone.localdate(), by=request.user)
    except rules.TooEarly:
        messages.error(request, f"L’année {request.school_year} n’a pas commencé : rien à calculer pour l’instant.")
    return redirect("indicators:overview", request.school.uai)


@require_GET
def rows(request: SchoolRequest, code: str) -> HttpResponse:
    """The rows that make a number: numerator and denominator, each opening its page (C-18)."""
    demand(permissions.may_see_rows(request.membership))
    axis, key = request.GET.get("axe") or None, request.GET.get("cle")
    today = timezone.localdate()
    try:
        indicator = definitions.named(code)
        behind = figures.rows_behind(request.school, request.school_year, today, code, axis, key)
    except (KeyError, rules.TooEarly):
        raise Http404 from None
    model = apps.get_model(behind.model)
    counted = set(behind.numerator)
    others_only = request.GET.get("parmi") == "autres"
    shown = {*behind.denominator} - counted if others_only else {*behind.numerator, *behind.denominator}
    found = model._default_manager.in_school(request.school).filter(pk__in=shown)
    page = Paginator(_in_order(found), 100).get_page(request.GET.get("page"))
    return render(
        request,
        "indicators/rows.html",
        {
            "indicator": indicator,
            "definition": documents.definition_of(code),
            "key_label": labels.key_label(axis, key or "") if axis else "",
            "page": page,
            "lines": [(row, row.pk in counted) for row in page],
            "numerator": len(behind.numerator),
            "denominator": len(behind.denominator),
            "others_only": others_only,
        },
    )


def _in_order(found: QuerySet[Any]) -> QuerySet[Any]:
    """Latest first, with what the text and the address of a row read."""
    return found.select_related(*TEXT_READS.get(found.model._meta.label, ()), "school").order_by("-pk")
