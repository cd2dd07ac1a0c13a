"""An exchange noted in one line, on a partner's page or from anywhere."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import french, notices
from core.verdict import demand
from partners import followups
from partners.forms.exchanges import ExchangeForm, QuickExchangeForm
from partners.models import Interaction
from partners.views.records import PartnerPages, initial_partner
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows
from schools.roles import Permission
from schools.services import create_record


@require_POST
def exchange_quick(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One line on a partner's page; with an error, the page comes back with what was typed."""
    demand(allows(request.membership, Permission.ADD_INTERACTION))
    pages = PartnerPages()
    partner = pages.find_kept(request, public_id)
    due = followups.waiting(request.membership).filter(partner=partner).order_by("call_again_date", "pk").first()
    form = QuickExchangeForm(
        request.POST,
        instance=Interaction(partner=partner),
        school=request.school,
        membership=request.membership,
        due=due,
    )
    if form.is_valid() and (saved := _save(request, form)):
        if due and form.cleaned_data.get("settles"):
            followups.mark_done(due, today=timezone.localdate(), by=request.user)
        _say(request, saved)
        return redirect(partner)
    context = {**pages.page_context(request, partner), "quick": form, "form": form}
    return render(request, pages.detail_template, context, status=422)


@require_http_methods(["GET", "POST"])
def exchange_note(request: SchoolRequest) -> HttpResponse:
    """From anywhere: the partner's name, and the sentence."""
    demand(allows(request.membership, Permission.ADD_INTERACTION))
    form = ExchangeForm(
        request.POST or None,
        initial={"partner": initial_partner(request)},
        school=request.school,
        membership=request.membership,
    )
    if form.is_valid() and (saved := _save(request, form)):
        _say(request, saved)
        return redirect(saved.partner)
    return render(
        request,
        "partners/exchange_note.html",
        {"form": form, "long_url": reverse("partners:interaction_new", args=[request.school.uai])},
        status=422 if form.is_bound else 200,
    )


def _save(request: SchoolRequest, form: QuickExchangeForm) -> Interaction | None:
    """The exchange, made once however often the form is sent; None when it is not right, which the form then says."""
    try:
        saved, _ = create_record(form.instance, by=request.user, key=form.cleaned_data.get("creation_key"))
    except ValidationError as error:
        add_errors(form, error)
        return None
    return saved


def _say(request: SchoolRequest, saved: Interaction) -> None:
    """« Échange noté. Rappel prévu mardi 24 novembre. », and its undo."""
    text = "Échange noté."
    if day := saved.call_again_date:
        said = french.day(day, weekday=True)
        if day.year == timezone.localdate().year:
            said = said.removesuffix(str(day.year)).rstrip()
        text += f" Rappel prévu {said}."
    notices.said(
        request, text, undo_url=reverse("partners:interaction_delete", args=[request.school.uai, saved.public_id])
    )
