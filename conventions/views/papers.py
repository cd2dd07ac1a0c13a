"""The paper of an agreement as it would be issued today, and what was promised against what is done: two PDF made at once."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from conventions import documents
from conventions.models import Agreement
from conventions.views.agreements import AgreementPages
from core import downloads, notices
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


def _found(request: SchoolRequest, public_id: UUID) -> Agreement:
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    found = AgreementPages().find(request, public_id)
    agreement: Agreement = documents.with_relations(Agreement.objects.in_school(request.school)).get(pk=found.pk)
    return agreement


@require_GET
def agreement_draft(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The paper from what is known today, marked on each page: nothing is issued."""
    agreement = _found(request, public_id)
    if agreement.partner is None:
        notices.refused(request, "Un cadre national ou académique ne s’édite pas ici : déclinez-le d’abord.")
        return redirect(agreement)
    response = HttpResponse(
        documents.render_draft(agreement, today=timezone.localdate()), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'inline; filename="apercu-convention.pdf"'
    return response


@require_GET
def agreement_progress(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The « point d’étape »: each commitment with what is done of it, for the meeting that takes stock."""
    agreement = _found(request, public_id)
    today = timezone.localdate()
    file = documents.render_progress(agreement, today=today, membership=request.membership)
    return downloads.attachment(file, "application/pdf", f"point-d-etape-{today.isoformat()}.pdf")
