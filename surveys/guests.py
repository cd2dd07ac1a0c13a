"""The address at which the guests of an action say what they thought, in the letter that thanks them (events.inviting)."""

from events import inviting
from surveys import asking

inviting.asks_opinion(asking.addresses_for_guests)
