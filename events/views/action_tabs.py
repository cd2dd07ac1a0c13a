"""The pages of one action, as tabs: the action and what to do next, who is invited, which pupils come, what came of it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from events import preparing
from events.models import Action
from schools.middleware import SchoolRequest
from schools.pages import back_to
from schools.permissions import allows
from schools.roles import Permission

PAGES: tuple[tuple[str, str], ...] = (
    ("Action", "events:action_detail"),
    ("Invités", "events:action_guests"),
    ("Élèves", "events:action_pupils"),
    ("Bilan", "events:action_report"),
)
"""(label, URL name taking the school and the action), in the order in which an action is lived."""


def tabs(action: Action) -> list[tuple[str, str, None]]:
    """What `{% tabs "Cette action" entries %}` shows at the head of each page; nothing while there is only one."""
    words = [action.school.uai, action.public_id]
    found = [(label, reverse(name, args=words), None) for label, name in PAGES]
    return found if len(found) > 1 else []


def frame(request: SchoolRequest, action: Action) -> dict[str, Any]:
    """What `events/action_frame.html` needs, on each of the tabs: the action, its state, its line under the title."""
    today = timezone.localdate()
    return {
        "record": action,
        "status": preparing.state_of(action, today),
        "subtitle": preparing.told(action),
        "list_url": back_to(request, "events:action_list"),
        "entries": tabs(action),
        "may_change": allows(request.membership, Permission.EDIT_ACTIONS),
        "today": today,
    }
