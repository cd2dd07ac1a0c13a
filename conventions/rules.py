"""Where a partnership agreement stands on a day (§ 1 of the definitions, A-50)."""

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
