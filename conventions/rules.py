"""Where a partnership agreement stands on a day (§ 1 of the definitions, A-50), and the school in a network (I2.1, I2.2)."""

from datetime import date, timedelta

RENEWAL_WINDOW = timedelta(days=90)


def state(
    day: date,
    *,
    signed: date | None,
    start: date | None,
    end: date | None,
    tacit_renewal: bool | None,
    terminated: date | None,
) -> str:
    """A status code of core.status: en_negociation, a_venir, en_vigueur, a_echeance, echue or resiliee."""
    if signed is None or signed > day:
        return "en_negociation"
    if terminated is not None and terminated <= day:
        return "resiliee"
    if start is not None and start > day:
        return "a_venir"
    if end is not None and not tacit_renewal:
        if end < day:
            return "echue"
        if end - day <= RENEWAL_WINDOW:
            return "a_echeance"
    return "en_vigueur"


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
