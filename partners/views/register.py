"""What the register of companies says of a partner: proposed in its form, beside its page, asked again on demand."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import notices
from core.errors import StaleEdit
from core.outside import Unavailable
from core.verdict import demand
from partners import geocoding, locating, register
from partners.forms import register as asking
from partners.forms.records import PartnerForm
from partners.models import Partner
from partners.rules import register as rules
from partners.views.doubles import partner_of
from schools.middleware import SchoolRequest
from schools.pages import named_in_address
from schools.permissions import allows
from schools.roles import Permission
from schools.services import edited_by_someone

OFF = "Le répertoire Sirene n’est pas branché sur cette installation : saisissez la fiche à la main."
MOST = 200  # addresses listed at once


def helped(request: SchoolRequest, form: PartnerForm) -> PartnerForm:
    """The form as it was typed, with what Sirene says: proposals in its box, or the values that were ticked in its fields."""
    typed: dict[str, Any] = {bound.name: bound.data for bound in form if bound.data or bound.name != "creation_key"}
    record = form.instance if form.instance.pk else None
    asked = request.POST.get(asking.BUTTON, "")
    siret = request.POST.get(asking.CHOSEN, "")
    if not register.is_on(request.school):
        made = asking.Help()
    elif asked == asking.TAKE:
        made, typed = _take(request, record, typed, siret)
    elif asked == asking.CHOOSE and siret:
        made = asking.choose(request.school, record, typed, siret)
    else:
        quiet = request.headers.get("HX-Trigger-Name", "") in ("name", "siret")
        made = asking.search(request.school, record, typed, quiet=quiet)
    return PartnerForm(
        instance=record, initial=typed, school=request.school, membership=request.membership, register_help=made
    )


def _take(
    request: SchoolRequest, record: Partner | None, typed: dict[str, Any], siret: str
) -> tuple[asking.Help, dict[str, Any]]:
    made = asking.choose(request.school, record, typed, siret)
    if made.chosen is None:
        return made, typed
    values, labels = asking.take(made.chosen, request.POST.getlist(asking.TICKED), typed, now=timezone.now())
    return asking.Help(
        sentence=asking.taken_sentence(labels), tone="ok", known=made.known, page=rules.page_of(siret)
    ), values


@require_POST
def register_lookup(request: SchoolRequest) -> HttpResponse:
    """The box alone, for a page that has JavaScript. The form is posted, so that no word stands in an address (S-28)."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    record = named_in_address(request, Partner.objects.in_school(request.school), "fiche")
    if record is not None:
        record.school = request.school
    form = PartnerForm(request.POST, instance=record, school=request.school, membership=request.membership)
    box = helped(request, form).register_help or asking.Help(refused=OFF)
    return render(request, "partners/partials/register_box.html", {"help": box})


def _find(request: SchoolRequest, public_id: UUID) -> Partner:
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    return partner_of(request, public_id)


@require_POST
def register_check(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Vérifier maintenant »."""
    partner = _find(request, public_id)
    if not register.is_on(request.school):
        notices.refused(request, register.DEMO if request.school.is_demo else OFF)
        return redirect(partner.get_absolute_url())
    before = partner.closed_date
    try:
        found = register.check(partner, now=timezone.now(), by=request.user)
    except Unavailable:
        notices.warned(request, "Le répertoire Sirene ne répond pas. Rien n’a changé : réessayez dans une minute.")
    else:
        if found is None:
            notices.warned(request, "Sirene ne connaît pas ce SIRET : vérifiez-le auprès de l’entreprise.")
        elif partner.closed_date and not before:
            notices.warned(request, "Vérifié : Sirene dit que cet établissement est fermé.")
        elif before and not partner.closed_date:
            notices.said(request, "Vérifié : l’établissement est de nouveau ouvert.")
        else:
            notices.said(request, "Vérifié dans Sirene.")
    return redirect(partner.get_absolute_url())


@require_POST
def register_take(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Reprendre »: one field of the page's panel."""
    partner = _find(request, public_id)
    version = request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    field = request.POST.get("champ", "")
    try:
        partner = register.take(partner, field, version=number, by=request.user)
    except StaleEdit as stale:
        if stale.theirs is None:
            raise Http404 from None
        who = edited_by_someone(stale.theirs)  # type: ignore[arg-type]
        notices.warned(request, f"Rien n’a été repris : cette fiche a changé entre-temps ({who}). Relisez-la.")
        return redirect(partner.get_absolute_url())
    locating.locate_soon(partner, by=request.user)
    label = rules.FIELDS["address" if field == rules.PLACE else field]
    notices.said(request, f"Repris de Sirene : {label[0].lower()}{label[1:]}.")
    return redirect(partner.get_absolute_url())


@require_GET
def address_review(request: SchoolRequest) -> HttpResponse:
    """« Adresses à vérifier »: partners that the BAN did not find for sure, kept at the centre of their commune."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    partners = geocoding.unsure(request.school).select_related("school").order_by("search_text", "pk")
    return render(
        request,
        "partners/address_review.html",
        {
            "partners": partners[:MOST],
            "total": partners.count(),
            "waiting": geocoding.waiting(request.school).count(),
            "is_on": geocoding.is_on(request.school),
        },
    )
