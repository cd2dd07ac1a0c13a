"""Verbs of the partner file that are more than saving a form."""

from typing import Any

from partners.models import Interaction
from schools.services import change_record


def mark_called_again(interaction: Interaction, *, by: Any) -> Interaction:
    """The call that an exchange had planned has been made. Raises StaleEdit as every change."""
    interaction.called_again = True
    return change_record(interaction, version=interaction.version, by=by, changed=["called_again"])
