"""What this app adds to the home page and to a partner's page."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from events.enums import ActionStatus
from events.models import Action, ActionPartner, Invitation
from partners import tabs
from partners.models import Partner
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

AHEAD = timedelta(days=14)


def _count(partner: Partner, membership: Membership) -> int:
    return (
        Action.objects.in_school(membership.school_id)
        .filter(
            Q(pk__in=ActionPartner.objects.in_school(membership.school_id).filter(partner=partner).values("action"))
            | Q(pk__in=Invitation.objects.in_school(membership.school_id).filter(partner=partner).values("action"))
        )
        .count()
    )


tabs.register(tabs.Tab("Actions", "events:partner_actions", Permission.VIEW_ACTIONS, _count))


@todo.provider
def actions_to_close(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Planned actions: those of the coming fortnight, and those of the past that nobody has closed (C-13)."""
    if not allows(membership, Permission.EDIT_ACTIONS):
        return
    planned = (
        Action.objects.in_school(membership.school_id)
        .filter(status=ActionStatus.PLANNED, start_date__range=(today - timedelta(days=200), today + AHEAD))
        .select_related("school")
        .order_by("start_date")[:20]
    )
    for action in planned:
        past = action.last_date < today
        yield todo.Task(
            due=action.start_date,
            title=f"Clôturer « {action} »" if past else str(action),
            text="Dites si elle a eu lieu, et qui est venu." if past else action.get_type_display(),
            url=action.get_absolute_url(),
            action_label="Clôturer" if past else "Ouvrir",
        )


@tabs.facts
def led_together(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    if not allows(membership, Permission.VIEW_ACTIONS):
        return
    actions = (
        Action.objects.in_school(membership.school_id)
        .filter(
            pk__in=ActionPartner.objects.in_school(membership.school_id).filter(partner=partner).values("action"),
            status=ActionStatus.DONE,
        )
        .select_related("school")
        .order_by("-start_date")[:most]
    )
    for action in actions:
        yield tabs.Fact(
            action.start_date, action.title, "calendar-event", action.get_type_display(), action.get_absolute_url()
        )
