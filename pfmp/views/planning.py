"""Planning the year: periods for several classes at once, a band moved on the calendar, placements that kept old dates."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices
from core.verdict import demand
from pfmp import permissions, planning
from pfmp.forms.periods import LEAVE, PeriodForm, PeriodsPlanForm
from pfmp.models import Period
from pfmp.views.periods import PeriodPages
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows, visible_students
from schools.roles import Permission


@require_http_methods(["GET", "POST"])
def periods_plan(request: SchoolRequest) -> HttpResponse:
    """One form, one period for each class ticked: all are there, or none and why."""
    demand(allows(request.membership, Permission.MANAGE_PLACEMENTS))
    form = PeriodsPlanForm(
        request.POST or None, school=request.school, membership=request.membership, year=request.school_year.code
    )
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in PeriodsPlanForm.Meta.fields}
        try:
            made = planning.create_periods(
                request.school,
                list(form.cleaned_data["classes"]),
                **values,
                by=request.user,
                key=form.cleaned_data["creation_key"],
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            said = french.plural(len(made), "période est posée", "périodes sont posées")
            notices.said(request, f"{said} : les élèves de ces classes sont attendus sur le tableau des PFMP.")
            return redirect("pfmp:year_calendar", request.school.uai)
    return render(
        request,
        "pfmp/periods_plan.html",
        {"form": form, "back_url": reverse("pfmp:year_calendar", args=[request.school.uai])},
        status=422 if form.is_bound else 200,
    )


@require_POST
def period_move(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """New dates from the calendar: saved at once when nothing is to be said, else the whole form with what there is to read."""
    demand(allows(request.membership, Permission.MANAGE_PLACEMENTS))
    pages = PeriodPages()
    record = pages.find(request, public_id)
    typed = QueryDict(mutable=True)
    typed.update(_as_it_is(record))
    for name, values in request.POST.lists():
        typed.setlist(name, values)
    form = PeriodForm(typed, instance=record, school=request.school, membership=request.membership)
    return pages._form_page(request, form, pages.change, record=record)


def _as_it_is(record: Period) -> dict[str, Any]:
    """The fields of the form that a drag does not send."""
    return {
        "school_class": str(record.school_class_id),
        "label": record.label,
        "kind": record.kind,
        "note": record.note,
        "follow": LEAVE,
        **({"counts_for_exam": "on"} if record.counts_for_exam else {}),
    }


@require_GET
def period_dates(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The placements of a period whose dates are not the period's, those with a convention first."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    period = get_object_or_404(
        permissions.visible_periods(request.membership).select_related("school_class", "school").distinct(),
        public_id=public_id,
    )
    seen = set(visible_students(request.membership).values_list("pk", flat=True))
    found = planning.standing(period, period.start_date, period.end_date)
    papered = {one.pk for one in found.with_paper}
    rows = [one for one in found.elsewhere if one.student_id in seen]
    return render(
        request,
        "pfmp/period_dates.html",
        {
            "period": period,
            "today": timezone.localdate(),
            "with_paper": [one for one in rows if one.pk in papered],
            "without": [one for one in rows if one.pk not in papered],
            "may_change": allows(request.membership, Permission.MANAGE_PLACEMENTS),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )
