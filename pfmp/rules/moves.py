"""The life of a placement, as one table: from, to, who, and what must hold (S-08). Buttons, services and docs read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core import typography
from core.verdict import ALLOWED, Denied, Verdict
from pfmp.enums import PlacementStatus
from schools.roles import Permission

S = PlacementStatus


@dataclass(frozen=True)
class Circumstances:
    """What a guard may look at. `obstacles`: why the rules or a missing reason forbid to issue the convention."""

    start: date
    end: date
    today: date
    obstacles: tuple[str, ...] = ()
    all_signed: bool = False
    is_refused: bool = False
    lacks_certificate: bool = False  # the school wants the attestation before closing, and it is not signed


Guard = Callable[[Circumstances], Verdict]


def _always(seen: Circumstances) -> Verdict:
    return ALLOWED


def _clear(seen: Circumstances) -> Verdict:
    """Nothing blocks, and each alert has its written reason."""
    return Denied(seen.obstacles[0]) if seen.obstacles else ALLOWED


def _signed_by_all(seen: Circumstances) -> Verdict:
    return ALLOWED if seen.all_signed else Denied("Il manque des signatures.")


def _refused(seen: Circumstances) -> Verdict:
    return ALLOWED if seen.is_refused else Denied("Personne ne refuse de signer.")


def _signed_and_begun(seen: Circumstances) -> Verdict:
    """R-CONV-04: no departure without the complete, signed convention."""
    if not seen.all_signed:
        return Denied("Pas de départ sans convention signée de tous (R-CONV-04).")
    if seen.today < seen.start:
        return Denied(f"Le départ est le {typography.long_date(seen.start)}.")
    return ALLOWED


def _begun(seen: Circumstances) -> Verdict:
    return ALLOWED if seen.today >= seen.start else Denied("Il n’a pas commencé : annulez-le plutôt.")


def _over(seen: Circumstances) -> Verdict:
    """R-ATT-01, where the school wants it: nothing closes without the signed attestation."""
    if seen.today < seen.end:
        return Denied(f"Le dernier jour est le {typography.long_date(seen.end)}.")
    if seen.lacks_certificate:
        return Denied("Le lycée attend l’attestation signée de l’entreprise avant de clore (R-ATT-01).")
    return ALLOWED


@dataclass(frozen=True)
class Move:
    """One way from a status to another. Without permission the platform itself moves (a signature, the calendar)."""

    source: PlacementStatus
    target: PlacementStatus
    verb: str
    permission: Permission | None
    guard: Guard = _always
    condition: str = ""  # the guard in words, for the docs


_LOG, _MANAGE = Permission.LOG_PLACEMENT, Permission.MANAGE_PLACEMENTS
_RULES = "aucune règle bloquante, chaque alerte justifiée"
_OVER = "dernier jour venu ; attestation signée, si le lycée la veut"
_STOPPED = "premier jour venu ; date et motif, puis la suite"
_AGAIN = f"{_RULES} ; ou la plateforme, quand le refus est levé"

TABLE: tuple[Move, ...] = (
    Move(S.PROSPECT, S.CONFIRMED, "Confirmer la place", _LOG, _clear, _RULES),
    Move(S.CONFIRMED, S.ISSUED, "Éditer la convention", _LOG, _clear, _AGAIN),
    Move(S.ISSUED, S.SIGNED, "Tous ont signé", None, _signed_by_all, "toutes les signatures attendues sont là"),
    Move(
        S.ISSUED,
        S.CONFIRMED,
        "Une signature est refusée",
        None,
        _refused,
        "une signature attendue est refusée, avec son motif",
    ),
    Move(
        S.SIGNED,
        S.ISSUED,
        "Une signature est reprise",
        None,
    ),
    Move(
        S.SIGNED, S.ONGOING, "Noter le départ", _LOG, _signed_and_begun, "convention signée de tous, premier jour venu"
    ),
    Move(S.ONGOING, S.FINISHED, "Noter la fin", _LOG, _over, _OVER),
    Move(S.SIGNED, S.INTERRUPTED, "Interrompre", _LOG, _begun, _STOPPED),
    Move(S.ONGOING, S.INTERRUPTED, "Interrompre", _LOG, _begun, _STOPPED),
    Move(S.INTERRUPTED, S.ONGOING, "Reprendre", _LOG),
    Move(S.FINISHED, S.ONGOING, "Rouvrir", _MANAGE),
    Move(S.PROSPECT, S.CANCELLED, "Annuler le placement", _LOG),
    Move(S.CONFIRMED, S.CANCELLED, "Annuler le placement", _LOG),
    Move(S.ISSUED, S.CANCELLED, "Annuler le placement", _LOG),
    Move(S.SIGNED, S.CANCELLED, "Annuler le placement", _LOG),
    Move(S.CANCELLED, S.PROSPECT, "Rétablir comme piste", _MANAGE),
)

MOVES: dict[tuple[PlacementStatus, PlacementStatus], Move] = {(move.source, move.target): move for move in TABLE}


def moves_from(status: PlacementStatus) -> list[Move]:
    """What can happen next, in the order of the table."""
    return [move for move in TABLE if move.source == status]


def find(source: PlacementStatus, target: PlacementStatus) -> Move | None:
    """The move of the table, or None: what is not in it does not happen."""
    return MOVES.get((source, target))


def as_markdown() -> str:
    """The table as docs/placements.md shows it."""
    lines = ["| De | Vers | Verbe | Qui | Condition |", "|---|---|---|---|---|"]
    for move in TABLE:
        who = move.permission.value if move.permission else "la plateforme"
        lines.append(f"| {move.source.label} | {move.target.label} | {move.verb} | {who} | {move.condition} |")
    return "\n".join(lines)
