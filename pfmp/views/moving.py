"""The moves of a placement by its buttons, what follows an interruption, and the second placement that it calls for."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices
from core.verdict import demand
from pfmp import moving, permissions, services
from pfmp.enums import InterruptionOutcome, PlacementStatus
from pfmp.forms.interruptions import InterruptionForm, OutcomeForm
from pfmp.models import Placement
from pfmp.moving import Nature
from pfmp.rules import moves
from pfmp.views.placements import PlacementPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

S = PlacementStatus


def _placement(request: SchoolRequest, public_id: UUID) -> Placement:
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    found: Placement = PlacementPages().find(request, public_id)
    return found


SAID = {
    S.CONFIRMED: "Place confirmée. La convention est en préparation.",
    S.ISSUED: "Convention éditée. Son PDF est en préparation.",
    S.ONGOING: "Départ noté : l’élève est en entreprise.",
    S.FINISHED: "Fin du placement notée.",
    S.CANCELLED: "Placement annulé.",
    S.PROSPECT: "Placement rétabli comme piste.",
    S.INTERRUPTED: "Interruption notée.",
}


@require_POST
def placement_move(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One move of the table, by its button."""
    placement = _placement(request, public_id)
    try:
        target = PlacementStatus(request.POST.get("vers", ""))
        if target == S.INTERRUPTED:
            return redirect("pfmp:placement_interrupt", request.school.uai, public_id)
        moving.move(placement, target, by=request.user, membership=request.membership, now=timezone.now())
    except ValueError:
        notices.refused(request, services.STALE_MOVE)
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    else:
        notices.said(request, SAID[target])
    return redirect(placement)


@require_http_methods(["GET", "POST"])
def placement_interrupt(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The placement stops before its end: when, and why."""
    placement = _placement(request, public_id)
    move = moves.find(PlacementStatus(placement.status), S.INTERRUPTED)
    if move is None or move.permission is None:
        notices.refused(request, "Seul un placement commencé s’interrompt.")
        return redirect(placement)
    demand(allows(request.membership, move.permission))
    form = InterruptionForm(request.POST or None, placement=placement, today=timezone.localdate())
    if form.is_valid():
        try:
            moving.move(
                placement,
                S.INTERRUPTED,
                by=request.user,
                membership=request.membership,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notices.said(request, SAID[S.INTERRUPTED])
            return redirect(placement)
    return render(
        request,
        "pfmp/placement_interrupt.html",
        {"form": form, "record": placement, "list_url": PlacementPages().url("list", request)},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def placement_outcome(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What follows an interruption: validated, another way, or postponed (R-INTERR-01)."""
    placement = _placement(request, public_id)
    demand(permissions.may_decide_outcome(request.membership))
    if placement.status != S.INTERRUPTED:
        notices.refused(request, moving.NOT_INTERRUPTED)
        return redirect(placement)
    form = OutcomeForm(request.POST or None, initial={"interruption_outcome": placement.interruption_outcome})
    if form.is_valid():
        outcome = InterruptionOutcome(form.cleaned_data["interruption_outcome"])
        try:
            moving.decide_outcome(
                placement, outcome, by=request.user, membership=request.membership, now=timezone.now()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notices.said(request, f"Suite notée : {outcome.label.lower()}.")
            if outcome is InterruptionOutcome.POSTPONED:
                return redirect("pfmp:placement_extend", request.school.uai, public_id)
            return redirect(placement)
    return render(
        request,
        "pfmp/placement_outcome.html",
        {"form": form, "record": placement, "list_url": PlacementPages().url("list", request)},
        status=422 if form.is_bound else 200,
    )


WORDS = {
    Nature.CATCH_UP: (
        "Rattraper chez {host}",
        "Une prolongation {days} : elle ne compte pas dans le quota de l’entreprise (L124-15). Les dates sortent de la période : vous direz pourquoi.",
    ),
    Nature.ELSEWHERE: ("Finir la période ailleurs", "Un second placement, dans une autre entreprise, {days}."),
    Nature.POSTPONED: (
        "Reporter à une autre année",
        "Dans une période à venir de l’élève ; les jours sont payés au tarif de {year}.",
    ),
}


@require_GET
def placement_extend(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The second placements that this one may call for: each opens the form, filled from it."""
    placement = _placement(request, public_id)
    demand(permissions.may_log(request.membership, placement.student))
    new = PlacementPages().url("new", request)
    found = moving.natures(placement, moving.later_periods(placement))
    return render(
        request,
        "pfmp/placement_extend.html",
        {
            "record": placement,
            "choices": [_choice(placement, nature, new) for nature in found],
            "list_url": PlacementPages().url("list", request),
        },
    )


def _choice(placement: Placement, nature: Nature, new: str) -> dict[str, Any]:
    """One way to go on: its title, what it means, the address of the filled form."""
    title, text = WORDS[nature]
    dates = {Nature.CATCH_UP: moving.to_catch_up, Nature.ELSEWHERE: moving.what_remains}.get(nature)
    span = dates(placement) if dates else None
    words = {
        "host": placement.partner.name,
        "days": french.period(*span) if span else "",
        "year": placement.origin_year or placement.period.year,
    }
    url = f"{new}?eleve={placement.student.public_id}&suite={placement.public_id}&nature={nature.value}"
    if nature is Nature.CATCH_UP:
        url += f"&partenaire={placement.partner.public_id}"
    return {"title": title.format(**words), "text": text.format(**words), "url": url}
