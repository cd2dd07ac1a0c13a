"""Papers handed from one colleague to another: what waits to be checked, what came back, and both answers."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import notices
from core.french import plural
from core.verdict import Denied, Verdict, demand
from pfmp import deliveries, milestones
from pfmp.enums import DeliveryState, MilestoneStep
from pfmp.forms.deliveries import SendBackForm
from pfmp.models import Delivery
from schools.bulk import picked_ids
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

MOST = 200


def is_checker(request: SchoolRequest) -> Verdict:
    """Does this person check any paper at all?"""
    steps = milestones.steps_of(request.school)
    if any(deliveries.may_check(request.membership, step) for step in steps):
        return allows(request.membership, Permission.VIEW_PLACEMENTS)
    return Denied("Les documents remis sont vérifiés par le bureau des entreprises, ou par qui le lycée a désigné.")


@require_http_methods(["GET", "POST"])
def delivery_list(request: SchoolRequest) -> HttpResponse:
    """GET: what waits for me, what came back to me, what I handed over. POST: those ticked are there and right."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    here = reverse("pfmp:delivery_list", args=[request.school.uai])
    waiting = deliveries.to_check(request.membership)
    if request.method == "POST":
        wanted = picked_ids(request)
        if not wanted:
            notices.refused(request, "Cochez au moins un document.")
            return redirect(here)
        demand(is_checker(request))
        done, late = 0, []
        for one in deliveries.visible(request.membership).filter(public_id__in=wanted).order_by("given_at", "pk"):
            demand(may_check(request, one))
            try:
                deliveries.receive(one, by=request.membership, now=timezone.now())
                done += 1
            except ValidationError as error:
                late.append(error.messages[0])
        if done:
            notices.said(request, f"{plural(done, 'document reçu conforme', 'documents reçus conformes')}.")
        for sentence in late:
            notices.warned(request, sentence)
        return redirect(here)
    mine = deliveries.visible(request.membership).filter(given_by=request.membership, state=DeliveryState.GIVEN)
    return render(
        request,
        "pfmp/delivery_list.html",
        {
            "waiting": list(waiting[:MOST]),
            "back": list(deliveries.to_correct(request.membership)[:MOST]),
            "mine": list(mine.order_by("given_at", "pk")[:MOST]),
            "is_checker": is_checker(request),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )


@require_http_methods(["GET", "POST"])
def delivery_check(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One paper: right, or to be corrected with what is wrong."""
    demand(is_checker(request))
    delivery = deliveries.visible(request.membership).filter(public_id=public_id).first()
    if delivery is None:
        raise Http404
    demand(may_check(request, delivery))
    form = SendBackForm(request.POST or None)
    here = reverse("pfmp:delivery_list", args=[request.school.uai])
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "recevoir":
                deliveries.receive(delivery, by=request.membership, now=timezone.now())
                notices.said(request, f"{delivery.get_step_display()} : reçu conforme.")
                return redirect(here)
            if form.is_valid():
                deliveries.send_back(delivery, form.cleaned_data["reason"], by=request.membership, now=timezone.now())
                given_by = delivery.given_by.full_name if delivery.given_by else "La personne qui l’a remis"
                notices.said(request, f"Renvoyé à corriger. {given_by} le voit dans sa liste « À faire ».")
                return redirect(here)
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                form.add_error(None, error)
            else:
                notices.warned(request, error.messages[0])
                return redirect(here)
    return render(
        request,
        "pfmp/delivery_check.html",
        {
            "delivery": delivery,
            "given_by": delivery.given_by.full_name if delivery.given_by else "",
            "seen_by": delivery.received_by.full_name if delivery.received_by else "",
            "form": form,
            "is_given": delivery.state == DeliveryState.GIVEN,
            "list_url": here,
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
        status=422 if request.method == "POST" else 200,
    )


def may_check(request: SchoolRequest, delivery: Delivery) -> Verdict:
    """May this person answer for this paper?"""
    steps = {step.code: step for step in milestones.steps_of(request.school)}
    return deliveries.may_check(request.membership, steps[MilestoneStep(delivery.step)])
