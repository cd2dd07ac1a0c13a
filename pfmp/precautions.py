"""What safety adds to the work list and to a partner's page: open accidents, declarations that end, works declared."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core import french
from partners import tabs
from pfmp import accidents, rules, safety
from pfmp.models import WorksDeclaration
from schools import todo
from schools.enums import Role
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

MOST = 10


@todo.provider
def accidents_to_follow(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Open accidents, for the bureau, the DDFPT and the head."""
    if membership.role_enum not in (Role.BDE, Role.DDFPT, Role.HEAD):
        return
    for accident in accidents.open_accidents(membership)[:MOST]:
        by = accidents.deadline(accident)
        waits = accidents.state_of(accident) == "accident_a_declarer"
        yield todo.Task(
            due=by.date() if waits else timezone.localtime(accident.happened_at).date() + timedelta(days=7),
            title=f"Accident : {accident.placement.student}",
            text=(
                f"L’entreprise déclare avant le {french.day(by)} à {french.clock(by)}."
                if waits
                else accidents.awaited(accident)
            ),
            url=accident.get_absolute_url(),
            action_label="Ouvrir",
            state="alerte",
        )


@todo.provider
def declarations_to_renew(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Declarations of regulated works that end within sixty days, for who manages placements (R-TRAV-03)."""
    if not allows(membership, Permission.MANAGE_PLACEMENTS):
        return
    for declaration in safety.to_renew(membership.school_id, today)[:MOST]:
        end = safety.valid_until(declaration)
        name = declaration.partner.name if declaration.partner else "les ateliers du lycée"
        yield todo.Task(
            due=end - timedelta(days=rules.parameters_on(today).works_reminder_days),
            title=f"Travaux réglementés : {name}",
            text=f"La déclaration de dérogation vaut jusqu’au {french.day(end)} : demandez la suivante.",
            url=declaration.get_absolute_url(),
            action_label="Ouvrir",
        )


def _declared_there(look: tabs.Look) -> dict[str, QuerySet[WorksDeclaration]]:
    """The declarations of a host; nothing for who may not see placements."""
    if not look.may(Permission.VIEW_PLACEMENTS):
        return {}
    return {"declarations": WorksDeclaration.objects.in_school(look.membership.school_id).filter(partner=look.partner)}


@tabs.counting_panel(_declared_there)
def declared_works(look: tabs.Look, counts: tabs.Counts) -> tabs.Panel | None:
    """The declarations of regulated works of a host, and whether they still hold; read only when there are some."""
    if not counts["declarations"]:
        return None
    found = _declared_there(look)["declarations"].select_related("school").order_by("-sent_date")[:MOST]
    uai = look.membership.school.uai
    new_url = f"{reverse('pfmp:works_declaration_new', args=[uai])}?partenaire={look.partner.public_id}"
    return tabs.Panel(
        "pfmp/partials/safety_declarations.html",
        {
            "declarations": [(row, safety.state_of(row, look.today), safety.valid_until(row)) for row in found],
            "new_url": new_url if look.may(Permission.MANAGE_PLACEMENTS) else "",
        },
        order=40,
    )
