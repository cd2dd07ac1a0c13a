"""What searches and pre-conventions add to the work list before a departure; on a company's page, what pupils asked there."""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from core.french import plural, short_day
from partners import tabs
from pfmp import approaches, permissions, preparing
from pfmp.enums import ApproachState
from pfmp.models import Approach
from schools import todo
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

MOST = 8
CALL_WITHIN = timedelta(days=2)
"""A company that said yes is called within two days: an agreement by word of mouth cools down."""

AHEAD = timedelta(days=60)
"""Departures that a search without any place is told about."""
URGENT = timedelta(days=35)
"""Before the departure: when a place should be found (§ 5.6)."""


@todo.provider
def places_to_confirm(membership: Membership, today: date) -> Iterable[todo.Task]:
    """« J’ai trouvé ! »: each yes that no placement follows yet, for the bureau and the pupil's teachers."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    found = (
        approaches.to_confirm(approaches.visible_approaches(membership))
        .filter(period__end_date__gte=today)
        .select_related("student", "partner", "period__school_class", "school")
        .order_by("reply_date", "pk")[:MOST]
    )
    for one in found:
        yield todo.Task(
            due=(one.reply_date or one.date) + CALL_WITHIN,
            title=f"{one.student} a trouvé : {one.host_name}",
            text=" · ".join(filter(None, (one.period.school_class.label, one.host_city, one.host_phone, one.person))),
            url=reverse("pfmp:approach_settle", args=[membership.school.uai, one.public_id]),
            action_label="Confirmer la place",
        )


@todo.provider
def refused_everywhere(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Pupils without any place whom companies refuse, of the departures to come: one line a person (R-REF-08)."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    coming = approaches.visible_approaches(membership).filter(
        period__start_date__gt=today, period__start_date__lte=today + AHEAD
    )
    for one in approaches.refused(coming)[:MOST]:
        yield todo.Task(
            due=one.start_date - URGENT,
            title=f"{one.name} : {one.tally.in_words}",
            text=f"{one.class_label}, départ {short_day(one.start_date)}. Cherchez avec l’élève.",
            url=reverse("pfmp:student_placements", args=[membership.school.uai, one.public_id]),
            action_label="Voir la recherche",
        )


@todo.provider
def sheets_to_validate(membership: Membership, today: date) -> Iterable[todo.Task]:
    """A teacher has each pupil's; the bureau, which sees the whole school, one line that counts them."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    waiting = preparing.to_validate(membership, permissions.visible_placements)
    if not is_own_only(membership):
        if count := waiting.count():
            several = "s" if count > 1 else ""
            yield todo.Task(
                due=today,
                title=f"{count} pré-convention{several} à valider",
                text="Les entreprises ont rempli leur partie.",
                url=reverse("pfmp:pre_convention_list", args=[membership.school.uai]),
                action_label="Les voir",
            )
        return
    for pre in waiting[:MOST]:
        placement = pre.placement
        yield todo.Task(
            due=min(today, pre.filled_at.date()) if pre.filled_at else today,
            title=f"Valider la pré-convention : {placement.student}",
            text=f"{placement.partner} a rempli sa partie.",
            url=reverse("pfmp:pre_convention_review", args=[membership.school.uai, placement.public_id]),
            action_label="Valider",
        )


def _asked_there(look: tabs.Look) -> dict[str, tabs.Asked]:
    """What pupils asked of a company this year; nothing for who may not see placements."""
    if not look.may(Permission.VIEW_PLACEMENTS):
        return {}
    asked = (
        Approach.objects.in_school(look.membership.school_id)
        .filter(partner=look.partner, period__year=look.year.code)
        .exclude(state=ApproachState.PLANNED)
    )
    states = {state.value: asked.filter(state=state).values("pk") for state in SHOWN_STATES}
    return {"pupils": asked.values("student").distinct(), **states}


SHOWN_STATES = (ApproachState.ASKED, ApproachState.WAITING, ApproachState.REFUSED, ApproachState.ACCEPTED)


@tabs.counting_panel(_asked_there)
def asked_here(look: tabs.Look, counts: tabs.Counts) -> tabs.Panel | None:
    """How many pupils asked, and what was answered: for all who see placements. The names are in the log, for who may read them."""
    if not counts["pupils"]:
        return None
    log = reverse("pfmp:approach_list", args=[look.membership.school.uai])
    return tabs.Panel(
        "pfmp/partials/asked_here.html",
        {
            "count": plural(counts["pupils"], "élève a demandé une place", "élèves ont demandé une place"),
            "states": [(state.value, counts[state.value]) for state in SHOWN_STATES if counts[state.value]],
            "url": f"{log}?{urlencode({'q': look.partner.name[:100]})}",
        },
        order=35,
    )
