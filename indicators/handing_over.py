"""What this app hands over (schools.handover): dormant partners, each with a next step."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from indicators import permissions
from indicators.dormant import Dormants
from schools.handover import Part, Row, provider
from schools.models import Membership

SHOWN = 20


@provider
def dormant(membership: Membership, today: date) -> Iterable[Part]:
    """The latest lost of those that E14 counts."""
    if not permissions.may_see_rows(membership):
        return
    found = Dormants(membership.school, today)
    lines = found.lines(found.in_order(found.partners)[:SHOWN], membership)
    rows = [
        Row(
            line.partner.name,
            ", ".join(line.relation) or "rien de noté",
            line.step.text,
            line.last.day if line.last else None,
            line.partner.get_absolute_url(),
        )
        for line in lines
    ]
    url = reverse("indicators:dormant_partners", args=[membership.school.uai])
    yield Part(
        "Partenaires dormants",
        rows,
        len(found.partners),
        85,
        url,
        "Sans trace depuis douze mois, le dernier perdu de vue d’abord.",
        ("Avec qui", "Ce que l’on faisait ensemble", "Prochaine étape", "Dernière trace"),
    )
