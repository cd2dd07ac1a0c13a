"""Logos and seals: those of the lycée (EDIT_SCHOOL), those of a partner (EDIT_AGREEMENTS), and the pictures themselves."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conventions import emblems
from conventions.enums import EmblemKind
from conventions.forms.emblems import EmblemForm
from conventions.models import Emblem
from core import downloads, notices
from core.verdict import demand
from partners.models import Partner
from partners.views.records import PartnerPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


@require_http_methods(["GET", "POST"])
def school_emblems(request: SchoolRequest) -> HttpResponse:
    """The lycée's own logo and seal."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    here = reverse("conventions:school_emblems", args=[request.school.uai])
    return _page(request, None, here, (("Réglages", reverse("schools:settings", args=[request.school.uai])),))


@require_http_methods(["GET", "POST"])
def partner_emblems(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A partner's logo and seal."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    partner = PartnerPages().find(request, public_id)
    here = reverse("conventions:partner_emblems", args=[request.school.uai, public_id])
    back = reverse("conventions:partner_agreements", args=[request.school.uai, public_id])
    return _page(request, partner, here, (("Partenaires", PartnerPages().back_url(request)), (str(partner), back)))


def _page(
    request: SchoolRequest, partner: Partner | None, here: str, crumbs: tuple[tuple[str, str], ...]
) -> HttpResponse:
    found = emblems.of(request.school, partner)
    posted = request.POST.get("kind", "") if request.method == "POST" else ""
    bound: EmblemForm | None = None
    blocks = []
    for kind in EmblemKind:
        form = EmblemForm(
            request.POST if posted == kind else None,
            request.FILES if posted == kind else None,
            initial={"kind": kind.value},
            auto_id=f"id_{kind.value}_%s",
        )
        if posted == kind:
            bound = form
            if form.is_valid():
                emblems.put(request.school, partner, kind, form.picture, by=request.user)
                notices.said(request, f"{kind.label} enregistré.")
                return redirect(here)
        blocks.append({"kind": kind, "form": form, "emblem": found.get(kind), "help": HELP[kind]})
    if request.method == "POST" and bound is None:
        notices.refused(request, "Choisissez le logo ou le cachet.")
        return redirect(here)
    context: dict[str, Any] = {
        "blocks": blocks,
        "partner": partner,
        "title": f"Logo et cachet : {partner}" if partner else "Logo et cachet du lycée",
        "crumbs": crumbs,
        "form": bound or EmblemForm(),
    }
    return render(request, "conventions/emblems.html", context, status=422 if bound else 200)


HELP = {
    EmblemKind.LOGO: "En tête des conventions de partenariat, à côté de celui de l’autre partie.",
    EmblemKind.SEAL: "Dans la case de la signature, une fois le document signé. Jamais avant.",
}


def _found(request: SchoolRequest, public_id: UUID) -> Emblem:
    found = Emblem.objects.in_school(request.school).filter(public_id=public_id).select_related("partner").first()
    if found is None:
        raise Http404
    found.school = request.school
    return found


@require_GET
def emblem_image(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The picture, for the members of the school who see agreements."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    emblem = _found(request, public_id)
    shown = downloads.picture(emblem.file, f"{emblem.kind}.png", "image/png")
    if shown is None:
        raise Http404
    return shown


@require_POST
def emblem_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Stop printing a logo or a seal; papers already issued keep theirs."""
    wanted = (Permission.EDIT_AGREEMENTS, Permission.EDIT_SCHOOL)
    if not any(allows(request.membership, one) for one in wanted):
        demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    emblem = _found(request, public_id)
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS if emblem.partner_id else Permission.EDIT_SCHOOL))
    partner, label = emblem.partner, emblem.get_kind_display()
    emblems.remove(emblem, by=request.user)
    notices.said(request, f"{label} retiré. Les documents déjà édités le gardent.")
    if partner is not None:
        return redirect("conventions:partner_emblems", request.school.uai, partner.public_id)
    return redirect("conventions:school_emblems", request.school.uai)
