"""What is done to several pupils of a class at once: each moves or is held back with its reason, nothing in silence."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from pfmp import moving, services
from pfmp.deliveries import Line
from pfmp.enums import ENDED, PlacementStatus
from pfmp.situations import Situation
from schools.models import Membership

S = PlacementStatus
ALREADY = "Déjà clos."
JUST_CLOSED = "Quelqu’un vient de le clore."


def issue(rows: Sequence[Situation], *, by: Membership, now: datetime) -> list[Line]:
    """Issue the conventions that nothing holds back."""
    ready = [row.placement for row in rows if row.placement and row.step == "place_trouvee"]
    held = services.issue_class(ready, by=by.user, now=now)
    tried = {placement.pk for placement in ready}
    return [
        Line(row.student, held.get(row.placement.pk, ""))
        if row.placement and row.placement.pk in tried
        else Line(row.student, _not_issuable(row))
        for row in rows
    ]


def _not_issuable(row: Situation) -> str:
    if row.is_exempted:
        return "Dispensé de cette période."
    if row.needs_place:
        return "Pas encore de place confirmée."
    if row.step == "convention_refusee":
        return "Refusée : corrigez d’abord ce qui ne va pas."
    return "Sa convention est déjà éditée."


def close(rows: Sequence[Situation], *, by: Membership, now: datetime) -> list[Line]:
    """Note the end of placements that are over. Each moves once, whoever clicks at the same time."""
    return [Line(row.student, _close(row, by=by, now=now)) for row in rows]


def _close(row: Situation, *, by: Membership, now: datetime) -> str:
    """ "" when closed, else why not."""
    placement = row.placement
    if placement is None:
        return "Pas de placement à clore."
    if placement.status in ENDED:
        return ALREADY
    if placement.status not in services.AGREED:
        return "Pas encore parti : sa convention n’est pas complète."
    try:
        if placement.status == S.SIGNED and placement.end_date <= timezone.localdate(now):
            moving.move(placement, S.ONGOING, by=by.user, membership=by, now=now)
        moving.move(placement, S.FINISHED, by=by.user, membership=by, now=now)
    except (ValidationError, PermissionDenied) as error:
        placement.refresh_from_db(fields=["status"])
        if placement.status == S.FINISHED:
            return JUST_CLOSED
        return error.messages[0] if isinstance(error, ValidationError) else str(error)
    return ""
