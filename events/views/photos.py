"""Photographs of an action: added with who is on them, seen through here only, taken away (P-09)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import downloads, notices
from core.verdict import demand
from events import photos
from events.forms.photos import PhotoForm
from events.models import Action, ActionPhoto
from events.views.action_tabs import frame
from events.views.actions import ActionPages
from schools.middleware import SchoolRequest
from schools.permissions import allows, visible_students
from schools.roles import Permission


def photo_box(request: SchoolRequest, action: Action) -> dict[str, Any]:
    """What `events/partials/photos_box.html` needs, on the report of an action: two queries."""
    rows = ActionPhoto.objects.in_school(request.school).filter(action=action)
    found = list(photos.shown(rows, timezone.localdate()).order_by("created_at", "pk"))
    names = photos.names_on(found, visible_students(request.membership)) if found else {}
    return {
        "photos": [
            (photo, reverse("events:action_photo", args=[request.school.uai, photo.public_id]), names.get(photo.pk, []))
            for photo in found
        ],
        "may_add_photo": allows(request.membership, Permission.EDIT_ACTIONS),
        "photo_new_url": reverse("events:action_photo_new", args=[request.school.uai, action.public_id]),
    }


@require_http_methods(["GET", "POST"])
def action_photo_new(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Add a photograph, and say who is on it."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    action: Action = ActionPages().find(request, public_id)
    today = timezone.localdate()
    form = PhotoForm(
        request.POST or None,
        request.FILES or None,
        school=request.school,
        membership=request.membership,
        action=action,
        today=today,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and form.content is not None:
            try:
                photos.add(
                    form.instance,
                    form.content,
                    list(form.cleaned_data["consents"]),
                    by=request.user,
                    key=form.cleaned_data.get("creation_key"),
                    today=today,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                notices.said(request, "Photo ajoutée.")
                return redirect("events:action_report", request.school.uai, action.public_id)
    return render(
        request,
        "events/photos_new.html",
        {
            **frame(request, action),
            "form": form,
            "report_url": reverse("events:action_report", args=[request.school.uai, action.public_id]),
            "consents_url": reverse("events:image_consent_list", args=[request.school.uai]),
            "no_consent": not form.fields["consents"].queryset.exists(),  # type: ignore[attr-defined]
        },
        status=status,
    )


def _photo(request: SchoolRequest, public_id: UUID) -> ActionPhoto:
    """A photograph that may be seen today, or 404: an authorisation that ended this morning counts already."""
    rows = ActionPhoto.objects.in_school(request.school).filter(public_id=public_id)
    found = photos.shown(rows, timezone.localdate()).select_related("action").first()
    if found is None:
        raise Http404
    return found


@require_GET
def action_photo(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The photograph itself, for those who see actions; no cache keeps it."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    shown = downloads.picture(_photo(request, public_id).file, "photo.jpg")
    if shown is None:
        raise Http404
    return shown


@require_POST
def action_photo_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take a photograph away."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    photo = _photo(request, public_id)
    action = photo.action
    photos.remove(photo, by=request.user)
    notices.said(request, "Photo retirée.")
    return redirect("events:action_report", request.school.uai, action.public_id)
