"""Authorisations to use a pupil's image: kept, corrected, withdrawn (P-09)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import notices
from core.verdict import demand
from events import photos
from events.filters import ConsentFilters
from events.forms.consents import ImageConsentForm
from events.models import ImageConsent
from schools.middleware import SchoolRequest
from schools.models import Student
from schools.pages import Column, Fact, RecordPages, named_in_address
from schools.permissions import allows, visible_students
from schools.roles import Permission


def consent_state(consent: ImageConsent) -> str:
    """The status code of an authorisation today."""
    return photos.state_of(consent, timezone.localdate())


class ImageConsentPages(RecordPages):
    model, app, name, slug = ImageConsent, "events", "image_consent", "autorisations-image"
    view, edit = Permission.VIEW_STUDENTS, Permission.EDIT_STUDENTS
    form, filters = ImageConsentForm, ConsentFilters
    title, new_label = "Autorisations d’image", "Ajouter une autorisation"
    noun = "autorisation"
    saved = "Autorisation enregistrée."
    save_label = "Enregistrer l’autorisation"
    intro = "Écrites, signées avant la photo, pour un projet, un usage et une durée. Sans elles, un élève reconnaissable ne paraît pas."
    empty = "Aucune autorisation pour l’instant. Ajoutez la première dès que la famille l’a signée."
    ordering = ("student__search_text", "-signed_date", "-pk")
    detail_template = "events/consents_detail.html"
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("État", consent_state, "badge", status_kind="consent"),
        Column("Projet", "project", sort="project"),
        Column("Usage", "use"),
        Column("Donnée par", "get_given_by_display"),
        Column("Signée le", "signed_date", "date", sort="signed_date"),
        Column("Jusqu’au", "until_date", "date", sort="until_date"),
        Column("Retirée le", "revoked_date", "date", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[ImageConsent]:
        return super().rows(request).filter(student__in=visible_students(request.membership).values("pk"))

    def list_rows(self, request: SchoolRequest) -> QuerySet[ImageConsent]:
        return self.rows(request).select_related("student", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        pupil = named_in_address(request, Student.objects.in_school(request.school), "eleve")
        return {"student": pupil, "signed_date": timezone.localdate()}

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def change(self, request: SchoolRequest, form: Any) -> ImageConsent:
        return photos.change_consent(
            form.instance,
            version=form.cleaned_data["version"],
            by=request.user,
            changed=[name for name in form.changed_data if name != "version"],
            today=timezone.localdate(),
        )

    def facts(self, request: SchoolRequest, record: ImageConsent) -> Iterable[Fact]:
        yield Fact("élève", str(record.student), link=record.student.get_absolute_url())
        yield from super().facts(request, record)
        yield Fact("retirée le", record.revoked_date, "date")

    def status(self, record: ImageConsent) -> str:
        return f"consent.{consent_state(record)}"

    def detail_context(self, request: SchoolRequest, record: ImageConsent) -> dict[str, Any]:
        return {
            "state": consent_state(record),
            "photo_count": photos.photos_under(record),
            "may_withdraw": allows(request.membership, Permission.EDIT_STUDENTS),
            "withdraw_url": reverse("events:image_consent_withdraw", args=[request.school.uai, record.public_id]),
        }


@require_POST
def image_consent_withdraw(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Withdrawn today: the photographs under it go at once."""
    demand(allows(request.membership, Permission.EDIT_STUDENTS))
    consent = ImageConsentPages().find(request, public_id)
    gone = photos.withdraw(consent, by=request.user, today=timezone.localdate())
    notices.said(request, f"Autorisation retirée. {photos.told(gone)}." if gone else "Autorisation retirée.")
    return redirect(consent)
