"""How an action is prepared: its state, what it is in one line, its checklist counted back from the day, what comes next."""

from datetime import date

from core import french
from events.enums import ActionStatus
from events.models import Action


def state_of(action: Action, today: date) -> str:
    """Its status code; a planned action whose last day is past is « à clôturer » (C-13)."""
    if action.status == ActionStatus.PLANNED and action.last_date < today:
        return "a_cloturer"
    return action.status


def told(action: Action) -> str:
    """« Forum ou salon · jeudi 20 novembre 2025, de 9 h à 12 h · salle polyvalente »."""
    return " · ".join(part for part in (action.get_type_display(), when(action), action.place) if part)


def when(action: Action) -> str:
    """Its days, and its hours when they are known."""
    days = (
        french.period(action.start_date, action.end_date)
        if action.end_date
        else french.day(action.start_date, weekday=True)
    )
    hours = ""
    if action.start_time and action.end_time:
        hours = f", de {french.clock(action.start_time)} à {french.clock(action.end_time)}"
    elif action.start_time:
        hours = f", à {french.clock(action.start_time)}"
    return f"{days}{hours}"
