"""Where a partnership agreement stands on a day (§ 1 of the definitions, A-50), and the school in a network (I2.1, I2.2)."""

from datetime import date, timedelta

from conventions.enums import AgreementStage, AgreementState
from partners.rules import follow_up

RENEWAL_WINDOW = timedelta(days=90)


def state(
    day: date,
    *,
    signed: date | None,
    start: date | None,
    end: date | None,
    tacit_renewal: bool | None,
    terminated: date | None,
    stage: str = AgreementStage.NEGOTIATION,
) -> AgreementState:
    """Where an agreement stands on a day: its stage until it is signed, then its dates alone (A-50)."""
    if signed is None or signed > day:
        return AgreementState(stage)
    if terminated is not None and terminated <= day:
        return AgreementState.TERMINATED
    if start is not None and start > day:
        return AgreementState.TO_COME
    if end is not None and not tacit_renewal:
        if end < day:
            return AgreementState.EXPIRED
        if end - day <= RENEWAL_WINDOW:
            return AgreementState.ENDING
    return AgreementState.IN_FORCE


def renewed_until(day: date, *, end: date, months: int) -> date:
    """The last day of the term that runs on a day, when each term of `months` follows the former tacitly."""
    last, terms = end, 0
    while last < day:
        terms += 1
        last = follow_up.months_later(end, months * terms)
    return last


def carried(day: date, *, began: date, starts: date) -> date:
    """A day of a term that began on a day, as far into the one that starts on another: the same day of the month where it can."""
    months = 12 * (starts.year - began.year) + starts.month - began.month
    if follow_up.months_later(began, months) == starts:
        return follow_up.months_later(day, months)
    return day + (starts - began)


def notice_deadline(end: date, notice_days: int | None) -> date:
    """The last day to say that an agreement will not go on after `end`."""
    return end - timedelta(days=notice_days or 0)


def network_state(day: date, *, joined: date, left: date | None, formalised: date | None) -> str:
    """A status code: a_venir, quitte, formalise or a_formaliser. The last day of membership still counts (I2.2)."""
    if joined > day:
        return "a_venir"
    if left is not None and left < day:
        return "quitte"
    return "formalise" if formalised is not None and formalised <= day else "a_formaliser"


def is_member(day: date, *, since: date | None, until: date | None) -> bool:
    """Is someone of a network on a day? Dates that nobody wrote do not exclude."""
    return (since is None or since <= day) and (until is None or until >= day)
