"""Asking for the sealed file of a paper that has none yet."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core import jobs, notices
from documents import sealing, tasks
from documents.views.papers import named_document
from schools.middleware import SchoolRequest


@require_POST
def document_seal(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Seal a paper signed of all; asking twice makes one file."""
    document = named_document(request, public_id)
    if document.sealed_sha256:
        notices.said(request, "Le document est déjà scellé.")
    elif sealing.is_sealable(document):
        jobs.enqueue(tasks.seal_document, by=request.user, scope=request.school.uai, document_id=document.pk)
        notices.said(request, "Le fichier scellé se prépare.")
    else:
        notices.refused(request, "Un document se scelle quand tout le monde l’a signé, s’il a été édité ici.")
    return redirect(document)
