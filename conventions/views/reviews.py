"""Taking stock of an agreement: meetings planned, then held, on its page."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conventions.forms.reviews import ReviewForm
from conventions.models import Agreement, AgreementReview
from conventions.views.agreements import AgreementPages, agreement_page, line_found
from core import french, notices
from core.errors import StaleEdit
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows
from schools.roles import Permission
from schools.services import change_record, create_record, remove_record


def _form(request: SchoolRequest, review: AgreementReview) -> ReviewForm:
    return ReviewForm(
        request.POST or None,
        instance=review,
        school=request.school,
        membership=request.membership,
        today=timezone.localdate(),
    )


def _back(agreement: Agreement) -> HttpResponse:
    return redirect(f"{agreement.get_absolute_url()}#bilans")


def _said(review: AgreementReview) -> str:
    if review.held_date:
        return f"Bilan du {french.day(review.held_date)} noté."
    return f"Bilan prévu le {french.day(review.planned_date)}."


@require_http_methods(["GET", "POST"])
def review_new(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Plan a review, or note one that took place."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    agreement = AgreementPages().find(request, public_id)
    form = _form(request, AgreementReview(agreement=agreement))
    if form.is_valid():
        try:
            create_record(form.instance, by=request.user, key=form.cleaned_data.get("creation_key"))
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(request, _said(form.instance))
            return _back(agreement)
    return agreement_page(request, agreement, review_form=form, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def review_edit(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Hold it: the day, what was said, what was decided; or plan it for another day."""
    review = line_found(request, AgreementReview, public_id)
    form = _form(request, review)
    agreement = review.agreement
    if form.is_valid():
        try:
            change_record(
                form.instance, version=form.cleaned_data["version"], by=request.user, changed=form.changed_data
            )
        except StaleEdit:
            notices.refused(request, "Quelqu’un d’autre vient de modifier ce bilan : relisez, puis recommencez.")
        else:
            notices.said(request, _said(form.instance))
        return _back(agreement)
    return agreement_page(request, agreement, review_form=form, status=422 if form.is_bound else 200)


@require_POST
def review_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take a review off: planned by mistake."""
    review = line_found(request, AgreementReview, public_id)
    agreement = review.agreement
    remove_record(review, by=request.user)
    notices.said(request, f"Bilan retiré : celui du {french.day(review.held_date or review.planned_date)}.")
    return _back(agreement)
