"""The pages of one placement, as tabs: the placement itself, what prepares it, what follows it, what comes after."""

from django.urls import reverse

from pfmp.models import Placement

PAGES: tuple[tuple[str, str], ...] = (
    ("Placement", "pfmp:placement_detail"),
    ("Préparation", "pfmp:placement_preparation"),
    ("Suivi", "pfmp:placement_following"),
    ("Jours et attestation", "pfmp:placement_days"),
)
"""(label, URL name taking the school and the placement), in the order of a stay."""


def tabs(placement: Placement) -> list[tuple[str, str, None]]:
    """What `{% tabs "Ce placement" entries %}` shows at the head of each page; nothing while there is only one."""
    words = [placement.school.uai, placement.public_id]
    found = [(label, reverse(name, args=words), None) for label, name in PAGES]
    return found if len(found) > 1 else []
