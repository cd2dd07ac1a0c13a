"""Mark a partner « à éviter », or lift the mark."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.errors import StaleEdit
from core.verdict import demand
from partners import avoiding
from partners.forms.avoid import AvoidForm
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


@require_http_methods(["GET", "POST"])
def partner_avoid(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The form with the reason; the button « Lever » takes the mark away."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    partner = PartnerPages().find(request, public_id)
    first = {"version": partner.version, "reason": partner.avoid_reason}
    lifting = request.method == "POST" and "lift" in request.POST
    form = AvoidForm(request.POST or None, initial=first)
    if lifting or form.is_valid():
        try:
            if lifting:
                avoiding.lift(partner, version=partner.version, by=request.user)
                messages.success(request, f"{partner.name} n’est plus à éviter.")
            else:
                avoiding.avoid(
                    partner,
                    form.cleaned_data["reason"],
                    version=form.cleaned_data["version"],
                    by=request.user,
                    today=timezone.localdate(),
                )
                messages.success(request, f"{partner.name} est marqué « à éviter ».")
        except StaleEdit:
            form.add_error(None, "Quelqu’un vient de modifier cette fiche : rechargez la page, puis recommencez.")
        else:
            return redirect(partner.get_absolute_url())
    context = {**partner_frame(request, partner), "form": form}
    return render(request, "partners/partner_avoid.html", context, status=422 if form.is_bound else 200)
