"""The rules of agreements and networks: where they stand on a day (`states`), how an agreement moves (`moves`)."""

from conventions.rules.states import (
    RENEWAL_WINDOW,
    carried,
    is_member,
    network_state,
    notice_deadline,
    renewed_until,
    state,
)

__all__ = ["RENEWAL_WINDOW", "carried", "is_member", "network_state", "notice_deadline", "renewed_until", "state"]
