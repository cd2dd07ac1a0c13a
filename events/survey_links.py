"""Where letters of an action get the address at which its guests say what they thought: given by the app that asks (surveys)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from events.models import Action

Giver = Callable[[Action, Any, datetime], str]
_givers: list[Giver] = []


def giver(function: Giver) -> Giver:
    """Declare who gives the address; called with the action, the User who writes and the moment."""
    _givers.append(function)
    return function


def address_for(action: Action, *, by: Any, now: datetime) -> str:
    """A fresh address, the same for every guest of one sending; "" while no survey asks the partners about this action.

    To be called once for a sending, in the transaction that writes its messages.
    """
    return next((address for give in _givers if (address := give(action, by, now))), "")
