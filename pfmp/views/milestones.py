"""« Jalons » and « Réglages des PFMP »: what a school decides; the bureau and the DDFPT write, the others read."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import notices
from core.french import plural
from core.verdict import demand
from pfmp import assigning
from pfmp import milestones as steps
from pfmp.forms.milestones import MilestonesForm, PfmpSettingsForm, when
from pfmp.models import PfmpSettings
from schools import settings_pages
from schools.enums import Role
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


@require_http_methods(["GET", "POST"])
def milestones(request: SchoolRequest) -> HttpResponse:
    """The backward calendar: each step with its delay, who does it, who checks it."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    may_change = allows(request.membership, Permission.MANAGE_PLACEMENTS)
    now = steps.steps_of(request.school)
    form = None
    if request.method == "POST":
        demand(may_change)
        form = MilestonesForm(request.POST, steps=now)
        if form.is_valid():
            changed = steps.save_steps(request.school, form.chosen(), by=request.user)
            notices.said(
                request,
                f"{plural(len(changed), 'jalon enregistré', 'jalons enregistrés')}." if changed else "Rien n’a changé.",
            )
            return redirect("pfmp:milestones", request.school.uai)
    elif may_change:
        form = MilestonesForm(steps=now)
    return render(
        request,
        "pfmp/milestones.html",
        {
            "form": form,
            "lines": []
            if form
            else [(step, when(step), said_role(step.owner), said_role(step.checker)) for step in now],
            "may_change": may_change,
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
            "settings_url": reverse("pfmp:pfmp_settings", args=[request.school.uai]),
        },
        status=422 if form is not None and form.errors else 200,
    )


def said_role(code: str) -> str:
    return Role(code).label if code else ""


@require_http_methods(["GET", "POST"])
def pfmp_settings(request: SchoolRequest) -> HttpResponse:
    """What the school or its académie decided: votes, orders, addresses, texts for pupils."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    may_change = allows(request.membership, Permission.MANAGE_PLACEMENTS)
    record = PfmpSettings.objects.in_school(request.school).first()
    made = record or PfmpSettings(school=request.school)
    status = HTTPStatus.OK
    if request.method == "POST":
        demand(may_change)
        form = PfmpSettingsForm(request.POST, instance=made, school=request.school, membership=request.membership)
        status = settings_pages.save(request, form)
        if status is HTTPStatus.OK:
            notices.said(request, "Réglages des PFMP enregistrés.")
            return redirect("pfmp:pfmp_settings", request.school.uai)
    else:
        form = PfmpSettingsForm(instance=made, school=request.school, membership=request.membership)
    known = record or made
    return render(
        request,
        "pfmp/pfmp_settings.html",
        {
            "form": form,
            "may_change": may_change,
            "facts": [(field.verbose_name, getattr(known, field.name)) for field in shown_fields()],
            "limits": assigning.limits_of(request.school, timezone.localdate()),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
            "milestones_url": reverse("pfmp:milestones", args=[request.school.uai]),
        },
        status=status,
    )


def shown_fields() -> list[Any]:
    """The columns that the form fills, in its order."""
    return [PfmpSettings._meta.get_field(name) for name in PfmpSettingsForm.Meta.fields]
