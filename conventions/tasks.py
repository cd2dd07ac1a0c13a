"""Doorways of the background work of agreements."""


from django.urls import reverse

from conventions import documents
from core import jobs
from documents.models import Document


@jobs.task(key="document:{document_id}", label="Convention de partenariat")
def render_agreement(*, document_id: int, **_later: object) -> jobs.Result:
    """The PDF of one issued agreement, stored once."""
    document = Document.objects.select_related("school").get(pk=document_id)
    documents.render_and_store(document)
    url = reverse("documents:document_file", args=[document.school.uai, document.public_id])
    return jobs.Result("La convention est prête.", data={"url": url, "label": "Télécharger la convention"})
