"""« Passation »: everything under way with its next step, for whoever takes the post; on screen, on paper, in a file."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, french, notices
from core.downloads import FORMATS
from core.verdict import demand
from partners import handing_over
from partners.forms.handover import ReassignForm
from partners.views.followups import tabs_of
from schools import handover as parts
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

HEADERS = ["Partie", "Quoi", "Avec qui", "Prochaine étape", "Quand"]


@require_GET
def handover(request: SchoolRequest) -> HttpResponse:
    """Each app's parts, then who follows which partners."""
    demand(allows(request.membership, Permission.VIEW_HANDOVER))
    followed = handing_over.followed_by(request.school)
    if (wanted := request.GET.get("format", "")) in FORMATS:
        return _export(request, wanted, followed)
    return _draw(request, ReassignForm(school=request.school, followed=followed), followed)


def _draw(
    request: SchoolRequest, form: ReassignForm, followed: list[handing_over.Followed], status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    return render(
        request,
        "partners/handover.html",
        {
            "today": today,
            "parts": parts.parts_for(request.membership, today),
            "followed": followed,
            "form": form,
            "may_reassign": allows(request.membership, Permission.EDIT_PARTNERS),
            "formats": [(code, label) for code, (label, _) in FORMATS.items()],
            "tabs": tabs_of(request),
        },
        status=status,
    )


def _export(request: SchoolRequest, wanted: str, followed: list[handing_over.Followed]) -> HttpResponse:
    """One table: the rows of all parts, then who follows how many partners."""
    rows: list[list[object]] = [
        [part.heading, row.what, row.whom, row.next_step, row.when]
        for part in parts.parts_for(request.membership, timezone.localdate())
        for row in part.rows
    ]
    rows += [
        ["Qui suit les partenaires", french.plural(one.count, "partenaire"), one.name, "", None] for one in followed
    ]
    return downloads.table(wanted, "passation", "Passation", HEADERS, rows)


@require_http_methods(["GET", "POST"])
def owner_reassign(request: SchoolRequest) -> HttpResponse:
    """All the partners of someone, to someone else."""
    demand(allows(request.membership, Permission.VIEW_HANDOVER))
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    if request.method == "GET":  # the links around a form sent back
        return redirect(f"{reverse('partners:handover', args=[request.school.uai])}?{request.GET.urlencode()}")
    followed = handing_over.followed_by(request.school)
    form = ReassignForm(request.POST, school=request.school, followed=followed)
    if not form.is_valid():
        return _draw(request, form, followed, status=422)
    count = handing_over.reassign(request.school, of=form.giver, to=form.taker, by=request.user)
    whom = str(form.taker) if form.taker else "personne"
    notices.said(
        request, f"{french.plural(count, 'partenaire')} : suivi{'s' if count > 1 else ''} par {whom} désormais."
    )
    return redirect("partners:handover", request.school.uai)
