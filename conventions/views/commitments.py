"""Lines of what an agreement promises: added, corrected and removed on its page."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conventions import correcting
from conventions.forms.commitments import CommitmentForm
from conventions.models import Agreement, Commitment
from conventions.views.agreements import AgreementPages, agreement_page, line_found
from core import notices
from core.errors import StaleEdit
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows
from schools.roles import Permission

PLACE = "engagements"


def _form(request: SchoolRequest, commitment: Commitment) -> CommitmentForm:
    return CommitmentForm(
        request.POST or None, instance=commitment, school=request.school, membership=request.membership
    )


def _back(agreement: Agreement) -> HttpResponse:
    return redirect(f"{agreement.get_absolute_url()}#{PLACE}")


@require_http_methods(["GET", "POST"])
def commitment_new(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One line more; its form stands on the agreement's page."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    agreement = AgreementPages().find(request, public_id)
    form = _form(request, Commitment(agreement=agreement))
    if form.is_valid():
        try:
            key = form.cleaned_data.get("creation_key")
            paper = correcting.add_commitment(form.instance, by=request.user, now=timezone.now(), key=key)
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(request, f"Engagement ajouté : {form.instance}.{correcting.said(paper)}")
            return _back(agreement)
    return agreement_page(request, agreement, commitment_form=form, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def commitment_edit(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Correct a line, in its place on the agreement's page."""
    commitment = line_found(request, Commitment, public_id)
    form = _form(request, commitment)
    agreement = commitment.agreement
    if form.is_valid():
        try:
            paper = correcting.change_commitment(
                form.instance,
                version=form.cleaned_data["version"],
                changed=form.changed_data,
                by=request.user,
                now=timezone.now(),
            )
        except StaleEdit:
            notices.refused(request, "Quelqu’un d’autre vient de modifier cet engagement : relisez, puis recommencez.")
            return _back(agreement)
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(request, f"Engagement enregistré : {form.instance}.{correcting.said(paper)}")
            return _back(agreement)
    return agreement_page(request, agreement, commitment_form=form, status=422 if form.is_bound else 200)


@require_POST
def commitment_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take a line off."""
    commitment = line_found(request, Commitment, public_id)
    said, agreement = str(commitment), commitment.agreement
    try:
        paper = correcting.remove_commitment(commitment, by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, " ".join(error.messages))
    else:
        notices.said(request, f"Engagement retiré : {said}.{correcting.said(paper)}")
    return _back(agreement)
