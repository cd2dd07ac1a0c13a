"""The pupils of an action: the classes expected, who comes by name, presence by taps on a phone, the sheet to print."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import downloads, french, notices
from core.verdict import demand
from events import presence
from events.forms.records import ExpectClassForm
from events.models import Action, ActionClass
from events.views.action_tabs import frame
from events.views.guests import action_to_change, action_to_read, presence_open
from events.views.taps import moved, said_in
from partners.forms.fields import student_field
from schools.middleware import SchoolRequest
from schools.models import Membership, SchoolClass
from schools.permissions import allows
from schools.roles import Permission


class PupilForm(forms.Form):
    """A pupil who comes without being in an expected class."""

    def __init__(self, *args: object, membership: Membership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["student"] = student_field(membership, label="Ajouter un élève")


def to_pupils(action: Action) -> HttpResponse:
    """Back to the pupils of an action."""
    return redirect("events:action_pupils", action.school.uai, action.public_id)


@require_GET
def action_pupils(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who is expected, by class, and who came: from the first day each line is a tap."""
    action = action_to_read(request, public_id)
    lines = presence.lines_of(action, request.membership)
    expected = ActionClass.objects.in_school(request.school).filter(action=action).select_related("school_class")
    may_note = presence_open(action)
    context = {
        **frame(request, action),
        "groups": presence.grouped(lines),
        "count": presence.counted(lines),
        "may_note": may_note,
        "may_tap": bool(may_note) and any(line.may_note for line in lines),
        "may_add": presence.may_note(request.membership),
        "classes": [one.school_class for one in expected.order_by("school_class__label")],
        "class_form": ExpectClassForm(request=request),
        "pupil_form": PupilForm(membership=request.membership),
        "sees_pupils": allows(request.membership, Permission.VIEW_STUDENTS),
    }
    return render(request, "events/pupils.html", context)


@require_POST
def action_tap(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who came: the lines that changed since the page was drawn; `reste` says the same of all who are left."""
    demand(presence.may_note(request.membership))
    action = action_to_read(request, public_id)
    demand(presence_open(action))
    said, mine = said_in(request), presence.noted_by(request.membership)
    changed = presence.note(action, said, among=mine, by=request.user)
    if request.POST.get("reste") in ("oui", "non"):
        changed += presence.note_rest(action, present=request.POST["reste"] == "oui", among=mine, by=request.user)
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "count": presence.counted(presence.lines_of(action, request.membership)),
            "moved": moved(said),
        }
        return render(request, "events/partials/taps_answer.html", context)
    notices.said(request, f"{french.plural(changed, 'présence notée', 'présences notées')}.")
    return to_pupils(action)


@require_POST
def action_expect_class(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Expect a class: its pupils now, and those who arrive before the day."""
    action = action_to_change(request, public_id)
    form = ExpectClassForm(request.POST, request=request)
    if form.is_valid():
        school_class = form.cleaned_data["school_class"]
        added = presence.expect_class(action, school_class, by=request.user)
        notices.said(request, f"{school_class} est attendue : {french.plural(added, 'élève')} en plus.")
    else:
        notices.refused(request, "Choisissez une classe de l’année affichée.")
    return to_pupils(action)


@require_POST
def action_drop_class(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Expect a class no more; what was written of who came stays."""
    action = action_to_change(request, public_id)
    form = ExpectClassForm(request.POST, request=request)
    expected = SchoolClass.objects.in_school(request.school).filter(
        pk__in=ActionClass.objects.in_school(request.school).filter(action=action).values("school_class")
    )
    form.fields["school_class"].queryset = expected  # type: ignore[attr-defined]
    if form.is_valid():
        school_class = form.cleaned_data["school_class"]
        removed = presence.drop_class(action, school_class, by=request.user)
        notices.said(request, f"{school_class} n’est plus attendue : {french.plural(removed, 'élève')} en moins.")
    else:
        notices.refused(request, "Cette classe n’est pas attendue.")
    return to_pupils(action)


@require_POST
def action_add_pupil(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A pupil by name; once the action has begun, they are there."""
    demand(presence.may_note(request.membership))
    action = action_to_read(request, public_id)
    form = PupilForm(request.POST, membership=request.membership)
    if not form.is_valid():
        notices.refused(request, "Choisissez un élève parmi ceux que la recherche propose.")
        return to_pupils(action)
    student = form.cleaned_data["student"]
    if not presence.noted_by(request.membership).filter(pk=student.pk).exists():
        notices.refused(
            request, "Vous notez la présence des élèves de vos classes : demandez au bureau des entreprises."
        )
        return to_pupils(action)
    there = True if presence_open(action) else None
    if presence.add_pupil(action, student, present=there, by=request.user):
        notices.said(request, f"{student} : {'présent, c’est noté' if there else 'attendu'}.")
    else:
        notices.warned(request, f"{student} est déjà dans la liste.")
    return to_pupils(action)


@require_GET
def action_sheet(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The sheet of presence to print: the pupils whom this person may see, the guests, empty lines."""
    action = action_to_read(request, public_id)
    file = presence.sheet(action, request.membership)
    name = f"presences-{action.start_date.isoformat()}.pdf"
    return downloads.attachment(file, "application/pdf", name)
