"""What searches add to the apps below: « À faire », and on a company's page what pupils asked there."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Value, When
from django.urls import reverse

from core.french import plural, short_day
from partners import tabs
from pfmp import approaches
from pfmp.enums import ApproachState
from pfmp.models import Approach
from schools import todo
from schools.models import Membership
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

MOST = 8
NAMED = 6
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


@tabs.panel
def asked_here(look: tabs.Look) -> tabs.Panel | None:
    """What pupils asked of a company this year: counts for all who see placements, names to who may read them."""
    if not look.may(Permission.VIEW_PLACEMENTS):
        return None
    may_name: Any = Value(True)
    if is_own_only(look.membership):
        own = visible_students(look.membership).values("pk")
        may_name = Case(When(student__in=own, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = list(
        Approach.objects.in_school(look.membership.school_id)
        .filter(partner=look.partner, period__year=look.year.code)
        .exclude(state=ApproachState.PLANNED)
        .annotate(may_name=may_name)
        .order_by("-date", "-pk")
        .values_list(
            "student__public_id", "student__last_name", "student__first_name", "state", "may_name",
            "period__school_class__label",
        )
    )  # fmt: skip
    if not rows:
        return None
    pupils = {row[0]: row for row in reversed(rows)}  # the latest answer of each
    states = Counter(row[3] for row in rows)
    named = [
        (f"{last} {first}", label, state, reverse("pfmp:student_placements", args=[look.membership.school.uai, key]))
        for key, last, first, state, seen, label in reversed(pupils.values())
        if seen
    ]
    return tabs.Panel(
        "pfmp/partials/asked_here.html",
        {
            "count": plural(len(pupils), "élève a demandé une place", "élèves ont demandé une place"),
            "states": [(state.value, states[state]) for state in ApproachState if states[state]],
            "named": named[:NAMED],
            "more": max(0, len(named) - NAMED),
        },
        order=35,
    )
