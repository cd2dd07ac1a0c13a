"""What this app hands over (schools.handover): agreements to sign or renew, networks."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from conventions.models import Agreement, Network, NetworkMember
from conventions.networks import state_of
from conventions.rules import is_member
from core import status
from schools.handover import MOST, Part, Row, inside, provider
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

JUST_OVER = timedelta(days=365)
NEXT = {
    "projet": "Ouvrir la négociation",
    "en_negociation": "Faire signer",
    "au_vote": "Noter le vote du conseil d’administration",
    "votee": "Éditer, faire signer",
    "a_echeance": "Renouveler avant la fin",
    "echue": "Renouveler, ou clore",
}


@provider
def agreements(membership: Membership, today: date) -> Iterable[Part]:
    """The school's agreements that wait for a signature, end within 90 days, or ended less than a year ago."""
    if not allows(membership, Permission.VIEW_AGREEMENTS):
        return
    found = (
        Agreement.objects.in_school(membership.school_id)
        .local()
        .filter(
            Q(signed_date=None) | Q(signed_date__gt=today) | Q(end_date__range=(today - JUST_OVER, today + JUST_OVER))
        )
        .select_related("partner", "school")
        .order_by("end_date", "pk")
    )
    waiting = [(one, state) for one in found if (state := one.state_on(today)) in NEXT]
    rows = [
        Row(
            f"{one.title} ({inside(status.word(state))})",
            str(one.partner),
            NEXT[state],
            one.end_date,
            one.get_absolute_url(),
        )
        for one, state in waiting
    ]
    url = reverse("conventions:agreement_list", args=[membership.school.uai])
    yield Part("Conventions à signer ou à renouveler", rows[:MOST], len(rows), 20, url)


@provider
def networks(membership: Membership, today: date) -> Iterable[Part]:
    """The networks of today, who stands there for the school, and whether they are formalised."""
    if not allows(membership, Permission.VIEW_AGREEMENTS):
        return
    school = membership.school_id
    found = Network.objects.in_school(school).select_related("school").order_by("search_text", "pk")
    current = [(one, state) for one in found if (state := state_of(one, today)) in ("formalise", "a_formaliser")]
    ours: dict[int, list[str]] = {}
    colleagues = NetworkMember.objects.in_school(school).filter(membership__isnull=False).select_related("membership")
    for one in colleagues.order_by("pk"):
        if is_member(today, since=one.since, until=one.until):
            ours.setdefault(one.network_id, []).append(str(one.membership))
    rows = [
        Row(
            one.name,
            ", ".join(ours.get(one.pk, ())) or "personne pour le lycée",
            "Formaliser : charte, convention ou label" if state == "a_formaliser" else "Y tenir la place du lycée",
            None,
            one.get_absolute_url(),
        )
        for one, state in current
    ]
    url = reverse("conventions:network_list", args=[membership.school.uai])
    yield Part(
        "Réseaux",
        rows[:MOST],
        len(rows),
        80,
        url,
        columns=("Réseau", "Qui y représente le lycée", "Prochaine étape", ""),
    )
