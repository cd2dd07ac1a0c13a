"""What this app adds to the home page and to a partner's page."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from conventions import mobilising
from core.french import plural
from events import inviting
from events.enums import ActionStatus, ActionType
from events.models import Action, ActionPartner, ActionStep, Invitation
from partners import tabs
from partners.enums import Initiative
from partners.register import also_at_stake
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

AHEAD = timedelta(days=14)
SOON, BEHIND = timedelta(days=7), timedelta(days=200)
MOST_STEPS, MOST_TOLD = 200, 12


@also_at_stake
def actions_at_stake(school_id: int, partner_ids: list[int], today: date) -> dict[int, str]:
    """When a company closes: the actions planned with it."""
    rows = (
        ActionPartner.objects.in_school(school_id)
        .filter(partner__in=partner_ids, action__start_date__gte=today, action__status=ActionStatus.PLANNED)
        .values_list("partner")
        .annotate(count=Count("pk"))
    )
    return {pk: plural(count, "action prévue", "actions prévues") for pk, count in rows}


@mobilising.cites
def cited_agreements(school_id: int, first: date, last: date) -> Iterable[int]:
    """The agreements that the actions done in a period cite (A-57)."""
    done = Action.objects.in_school(school_id).filter(status=ActionStatus.DONE, start_date__range=(first, last))
    cited = done.filter(agreement__isnull=False).order_by()
    return set(cited.values_list("agreement", flat=True))


tabs.register(
    tabs.Tab(
        "Actions",
        "events:partner_actions",
        Permission.VIEW_ACTIONS,
        lambda partner, membership: Action.objects.in_school(membership.school_id).with_partner(partner).values("pk"),
        order=30,
    )
)


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


@todo.provider
def guests_to_answer(membership: Membership, today: date) -> Iterable[todo.Task]:
    """The guests who propose another date or somebody else: one line an action."""
    if not allows(membership, Permission.EDIT_ACTIONS):
        return
    waiting: dict[Action, list[Invitation]] = {}
    for row in inviting.waiting_for_bureau(membership.school, today)[:50]:
        waiting.setdefault(row.action, []).append(row)
    for action, rows in waiting.items():
        names = ", ".join(row.partner.name for row in rows[:3])
        yield todo.Task(
            due=min(today, action.start_date),
            title=plural(len(rows), "invité propose autre chose", "invités proposent autre chose"),
            text=f"{action} : {names}{'…' if len(rows) > 3 else ''}",
            url=reverse("events:action_guests", args=[membership.school.uai, action.public_id]),
            action_label="Régler",
        )


@todo.provider
def steps_due(membership: Membership, today: date) -> Iterable[todo.Task]:
    """The next step of each action, mine or nobody's by name, once it is due within the week: one line an action."""
    if not allows(membership, Permission.EDIT_ACTIONS):
        return
    steps = (
        ActionStep.objects.in_school(membership.school_id)
        .filter(Q(owner=None) | Q(owner=membership), done_date=None, due_date__lte=today + SOON)
        .filter(action__start_date__gte=today - BEHIND)
        .exclude(action__status=ActionStatus.CANCELLED)
        .select_related("action__school")
        .order_by("due_date", "pk")[:MOST_STEPS]
    )
    told: dict[int, ActionStep] = {}
    for step in steps:
        told.setdefault(step.action_id, step)
    for step in list(told.values())[:MOST_TOLD]:
        yield todo.Task(
            due=step.due_date or today,
            title=step.label,
            text=str(step.action),
            url=f"{step.action.get_absolute_url()}#etapes",
            action_label="Ouvrir",
        )


def _led_together(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_ACTIONS):
        return None
    carried = ActionPartner.objects.in_school(look.membership.school_id).filter(partner=look.partner)
    rows = (
        Action.objects.in_school(look.membership.school_id)
        .filter(pk__in=carried.values("action"))
        .exclude(status=ActionStatus.CANCELLED)
    )
    return tabs.dated(
        rows,
        day="start_date",
        title="title",
        text=tabs.beginning("review"),
        code="type",
        more=Concat("status", Value("|"), "initiative", output_field=TextField()),
    )


@tabs.happens(tabs.Kind.ACTIONS, _led_together)
def tell_led_together(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    """The actions that a partner carried, as facts of its story."""
    for row in rows:
        state, _, initiative = row.more.partition("|")
        said = [f"{ActionType(row.code).label}{', à leur initiative' if initiative == Initiative.PARTNER else ''}."]
        if row.text:
            said.append(tabs.shortened(row.text))
        yield tabs.Fact(
            row.day,
            row.title,
            "calendar-event",
            " ".join(said),
            reverse("events:action_detail", args=[look.membership.school.uai, row.id]),
            state="" if state == ActionStatus.DONE else "prevue" if row.day >= look.today else "a_cloturer",
        )


def _invited(look: tabs.Look) -> QuerySet[Any] | None:
    """Invitations to actions that the partner does not carry: on the day they came, else on the day they were asked."""
    if not look.may(Permission.VIEW_ACTIONS):
        return None
    carried = ActionPartner.objects.in_school(look.membership.school_id).filter(partner=look.partner)
    rows = (
        Invitation.objects.in_school(look.membership.school_id)
        .filter(partner=look.partner)
        .exclude(action__status=ActionStatus.CANCELLED)
        .exclude(action__in=carried.values("action"))
    )
    return tabs.dated(
        rows,
        day=Case(When(present=True, then=F("action__start_date")), default=F("sent_date"), output_field=DateField()),
        id="action__public_id",
        title="action__title",
        text="action__type",
        code="reply",
        more=Case(When(present=True, then=Value("oui")), When(present=False, then=Value("non")), default=Value("")),
    )


@tabs.happens(tabs.Kind.ACTIONS, _invited)
def tell_invited(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    """The invitations of a partner, as facts of its story: came, declined, or did not answer."""
    for row in rows:
        came = row.more == "oui"
        if row.more == "non":
            state = "absent"
        else:
            state = "present" if came else row.code or "sans_reponse"
        yield tabs.Fact(
            row.day,
            row.title if came else f"Invité : {row.title}",
            "calendar-event" if came else "envelope-open",
            f"{ActionType(row.text).label}.",
            reverse("events:action_detail", args=[look.membership.school.uai, row.id]),
            state=state,
        )
