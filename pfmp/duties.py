"""« À faire » from the school's backward calendar and from papers handed over: for the bureau, and for teachers on their own pupils."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from core.french import plural
from pfmp import deliveries, permissions, selectors
from pfmp.enums import MilestoneStep
from pfmp.models import Delivery, Period
from pfmp.situations import UNSIGNED, Situation
from schools import todo
from schools.models import Membership
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

AHEAD = timedelta(days=45)
BACK = timedelta(days=60)
SOON = timedelta(days=14)
MOST = 8
S = MilestoneStep

BEFORE = {
    S.SHEET_GIVEN: ("pré-convention à remettre", "pré-conventions à remettre"),
    S.SHEET_BACK: ("pré-convention à récupérer", "pré-conventions à récupérer"),
    S.ISSUED: ("convention à éditer", "conventions à éditer"),
    S.SIGNED: ("convention à faire signer", "conventions à faire signer"),
}
"""Steps before the departure: one line a class."""

AFTER = {
    S.FILED: ("convention à remettre au bureau", "conventions à remettre au bureau"),
    S.ARRIVED: ("arrivée à vérifier", "arrivées à vérifier"),
    S.VISITED: ("élève à visiter", "élèves à visiter"),
    S.CERTIFIED: ("attestation à recevoir", "attestations à recevoir"),
    S.WELCOME: ("avis d’élève sur l’accueil à recueillir", "avis d’élèves sur l’accueil à recueillir"),
}
"""Steps of pupils who have their paper: one line for all classes."""


def at_hand(membership: Membership, today: date) -> tuple[list[Period], dict[int, list[Situation]]]:
    """The periods that someone prepares, follows or closes these weeks, and where each of their pupils stands.

    Read once for a page that asks several times: kept on the membership, which lives as long as its request.
    """
    known = membership.__dict__.get("_at_hand")
    if known is None or known[0] != today:
        periods = list(
            permissions.visible_periods(membership)
            .filter(start_date__lte=today + AHEAD, end_date__gte=today - BACK)
            .select_related("school_class", "school")
            .order_by("start_date", "school_class__code")
            .distinct()
        )
        pupils = visible_students(membership).values_list("pk", flat=True) if is_own_only(membership) else None
        known = (today, periods, selectors.situations(periods, today, students=pupils))
        membership.__dict__["_at_hand"] = known
    return known[1], known[2]


@todo.provider
def steps_to_take(membership: Membership, today: date) -> Iterable[todo.Task]:
    """What the backward calendar awaits: class by class before the departure, in one line each afterwards."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    own = is_own_only(membership)
    periods, found = at_hand(membership, today)
    after: dict[S, list[Situation]] = defaultdict(list)
    for one in periods:
        rows = found[one.pk]
        if one.start_date > today:
            yield from _before_leaving(one, rows, today)
        for row in rows:
            if row.next_step and row.next_step.due_date and row.next_step.step.code in AFTER:
                after[row.next_step.step.code].append(row)
    if own:
        after.pop(S.VISITED, None)  # a teacher has each visit by its pupil's name
    board = reverse("pfmp:board", args=[membership.school.uai])
    for code, rows in after.items():
        due = min(row.next_step.due_date for row in rows if row.next_step and row.next_step.due_date)
        late = [row for row in rows if row.days_late]
        if due > today + SOON or (not late and code == S.WELCOME):
            continue
        classes = {row.period.pk: row.period for row in rows}
        alone = next(iter(classes.values())) if len(classes) == 1 else None
        yield todo.Task(
            due=due,
            title=plural(len(rows), *AFTER[code]),
            text=names(rows),
            url=f"{alone.get_absolute_url() if alone else board}?attendu={code}"
            + ("" if alone else "&periodes=toutes"),
            action_label="Voir la classe" if alone else "Voir les classes",
        )


def _before_leaving(period: Period, rows: Sequence[Situation], today: date) -> Iterable[todo.Task]:
    """Of a class about to leave: the red list, or else who has no place and which papers are awaited."""
    label = period.school_class.label
    page = period.get_absolute_url()
    waiting = [row for row in rows if row.needs_place]
    if red := [row for row in rows if row.red_day]:
        days = (period.start_date - today).days
        yield todo.Task(
            due=today,
            title=f"Départ {'demain' if days == 1 else f'dans {days} jours'}, {plural(len(red), 'élève')} sans convention complète : {label}",
            text=names(red),
            url=f"{page}?rouge=1",
            action_label="Voir la classe",
            state="alerte",
        )
    if waiting:
        due = [row.next_step.due_date for row in waiting if row.next_step and row.next_step.due_date]
        yield todo.Task(
            due=min(due, default=today),
            title=f"{plural(len(waiting), 'élève')} sans place : {label}",
            text=names(waiting),
            url=page,
            action_label="Voir la classe",
        )
    if red:
        return
    for code, words in BEFORE.items():
        awaited = [row for row in rows if row.step in UNSIGNED and row.next_step and row.next_step.step.code == code]
        due = [row.next_step.due_date for row in awaited if row.next_step and row.next_step.due_date]
        if due and min(due) <= today + SOON:
            yield todo.Task(
                due=min(due),
                title=f"{plural(len(awaited), *words)} : {label}",
                text=names(awaited),
                url=f"{page}?attendu={code}",
                action_label="Voir la classe",
            )


@todo.provider
def papers_handed(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Papers that wait for this person to check them; those that came back to them, with the reason."""
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return
    page = reverse("pfmp:delivery_list", args=[membership.school.uai])
    waiting = list(deliveries.to_check(membership)[:200])
    by_step: dict[str, list[Delivery]] = defaultdict(list)
    for one in waiting:
        by_step[one.get_step_display()].append(one)
    for label, ones in by_step.items():
        yield todo.Task(
            due=timezone.localdate(ones[0].given_at),
            title=f"{label} : {plural(len(ones), 'document')} à vérifier",
            text=people(ones),
            url=page,
            action_label="Vérifier",
        )
    for one in deliveries.to_correct(membership)[:MOST]:
        yield todo.Task(
            due=timezone.localdate(one.received_at) if one.received_at else today,
            title=f"À corriger : {one.get_step_display().lower()}, {one.placement.student}",
            text=f"« {one.reason} »",
            url=one.placement.get_absolute_url(),
            action_label="Ouvrir",
        )


def names(rows: Sequence[Situation]) -> str:
    """« Amrani Hafsa, Carvalho Alan, Guérin Minh et 3 autres »."""
    return _some([str(row.student) for row in rows])


def people(ones: Sequence[Delivery]) -> str:
    return _some([str(one.placement.student) for one in ones])


def _some(found: list[str]) -> str:
    first = ", ".join(found[:3])
    return f"{first} et {plural(len(found) - 3, 'autre')}" if len(found) > 3 else first
