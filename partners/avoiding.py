"""« À éviter »: pupils are no longer sent to a partner, and why."""

from datetime import date
from typing import Any

from partners.models import Partner
from schools.services import change_record


def avoid(partner: Partner, reason: str, *, version: int, by: Any, today: date) -> Partner:
    """No more pupils there, from today or since the day already said, for this reason. Raises StaleEdit."""
    partner.avoid_since = partner.avoid_since or today
    partner.avoid_reason = reason
    return change_record(partner, version=version, by=by, changed=["avoid_since", "avoid_reason"])


def lift(partner: Partner, *, version: int, by: Any) -> Partner:
    """Pupils may go there again. Raises StaleEdit."""
    partner.avoid_since, partner.avoid_reason = None, ""
    return change_record(partner, version=version, by=by, changed=["avoid_since", "avoid_reason"])
