"""A paper handed from one colleague to another: « remis → reçu conforme / à corriger, motif », as one table."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from core import typography
from core.verdict import ALLOWED, Denied, Verdict
from pfmp.enums import DeliveryState, MilestoneStep
from pfmp.rules.milestones import Step

S, D = MilestoneStep, DeliveryState


class Act(StrEnum):
    """What a colleague does with a paper."""

    GIVE = "remettre"
    RECEIVE = "recevoir"
    SEND_BACK = "renvoyer"


TABLE: Final[Mapping[tuple[DeliveryState | None, Act], DeliveryState]] = {
    (None, Act.GIVE): D.GIVEN,
    (D.TO_CORRECT, Act.GIVE): D.GIVEN,
    (D.GIVEN, Act.RECEIVE): D.RECEIVED,
    (D.GIVEN, Act.SEND_BACK): D.TO_CORRECT,
    (D.RECEIVED, Act.SEND_BACK): D.TO_CORRECT,  # a mistake seen later
}
"""From the last state of a paper (None: never handed over) and an act, the next one. What is not here does not happen."""

REFUSALS: Final[Mapping[tuple[DeliveryState | None, Act], str]] = {
    (D.GIVEN, Act.GIVE): "déjà remis : il attend d’être reçu.",
    (D.RECEIVED, Act.GIVE): "déjà remis et reçu conforme.",
    (None, Act.RECEIVE): "pas encore remis.",
    (None, Act.SEND_BACK): "pas encore remis.",
    (D.RECEIVED, Act.RECEIVE): "déjà reçu conforme.",
    (D.TO_CORRECT, Act.RECEIVE): "renvoyé à corriger : il attend d’être remis de nouveau.",
    (D.TO_CORRECT, Act.SEND_BACK): "déjà renvoyé à corriger.",
}
"""Why not, for every other pair."""


def next_state(state: DeliveryState | None, act: Act, *, is_checked: bool = True) -> DeliveryState | None:
    """Where a paper goes; None when the act cannot be (`REFUSALS` says why). Nobody to check it: given is received."""
    found = TABLE.get((state, act))
    return D.RECEIVED if found == D.GIVEN and not is_checked else found


_BEFORE_ISSUE = ("piste_en_cours", "place_trouvee", "convention_refusee")
_ISSUED = ("convention_editee", "a_signer", "convention_complete", "en_entreprise")
_AWAY = ("convention_complete", "en_entreprise")
_BACK = ("en_entreprise", "termine", "attestation_remise")


def ready(step: Step, board_step: str, first_day: date, last_day: date, today: date) -> Verdict:
    """Can this paper be handed over for a pupil who stands there? The reason when it cannot."""
    if not step.is_active:
        return Denied("Le lycée ne suit pas cette étape.")
    match step.code:
        case S.SHEET_GIVEN | S.SHEET_BACK:
            return ALLOWED if board_step in _BEFORE_ISSUE else Denied("La convention est déjà éditée.")
        case S.FILED:
            return ALLOWED if board_step in _ISSUED else Denied("Il n’y a pas de convention éditée à remettre.")
        case S.ARRIVED:
            if today < first_day:
                return Denied(f"Le départ est le {typography.long_date(first_day)}.")
            return ALLOWED if board_step in _AWAY else Denied("L’élève n’est pas en entreprise.")
        case S.CERTIFIED:
            if today < last_day:
                return Denied(f"Le dernier jour est le {typography.long_date(last_day)}.")
            return ALLOWED if board_step in _BACK else Denied("L’élève n’a pas été en entreprise.")
    return Denied("Cette étape ne se remet pas de main en main.")
