"""The life of a signature as one table, and whose turn it is: pure rules that code, pages, tests and docs read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core import typography
from core.verdict import ALLOWED, Denied, Verdict
from documents.enums import SIGNED, SignatureRole, SignatureStatus

S = SignatureStatus


class Who(StrEnum):
    """Who makes a move of the table."""

    SIGNER = "la personne qui signe, avec un code à six chiffres"
    STAFF = "le lycée : qui peut noter cette signature"
    EITHER = "la personne qui signe, ou le lycée"
    PLATFORM = "la plateforme"


@dataclass(frozen=True)
class Circumstances:
    """What a guard may look at."""

    today: date
    issued: date
    is_latest: bool = True  # no newer version of the paper
    has_file: bool = True  # its PDF is made: there is something to read
    is_their_turn: bool = True
    signed_on: date | None = None  # the day written on the paper
    reason: str = ""


Guard = Callable[[Circumstances], Verdict]
REPLACED = "Cette version est remplacée : la signature se donne sur la dernière."


def _latest(seen: Circumstances) -> Verdict:
    return ALLOWED if seen.is_latest else Denied(REPLACED)


def _on_paper(seen: Circumstances) -> Verdict:
    """The day written on the paper is between its issue and today."""
    if not seen.is_latest:
        return Denied(REPLACED)
    if seen.signed_on is None or seen.signed_on > seen.today:
        return Denied("La date de signature est dans l’avenir : écrivez celle du papier.")
    if seen.signed_on < seen.issued:
        return Denied(f"Le document est édité le {typography.long_date(seen.issued)} : la signature vient après.")
    return ALLOWED


def _online(seen: Circumstances) -> Verdict:
    if not seen.is_latest:
        return Denied(REPLACED)
    if not seen.has_file:
        return Denied("Le document est en préparation. Revenez dans une minute.")
    if not seen.is_their_turn:
        return Denied("D’autres personnes signent avant : un message vous préviendra quand ce sera votre tour.")
    return ALLOWED


def _with_reason(seen: Circumstances) -> Verdict:
    if not seen.is_latest:
        return Denied(REPLACED)
    return ALLOWED if seen.reason.strip() else Denied("Dites pourquoi la signature est refusée.")


def _always(seen: Circumstances) -> Verdict:
    return ALLOWED


@dataclass(frozen=True)
class Move:
    """One way from a status to another."""

    source: SignatureStatus
    target: SignatureStatus
    verb: str
    who: Who
    guard: Guard
    condition: str = ""  # the guard in words, for the docs


TABLE: tuple[Move, ...] = (
    Move(S.AWAITED, S.ONLINE, "Signer en ligne", Who.SIGNER, _online, "dernière version, PDF prêt, son tour venu"),
    Move(
        S.AWAITED, S.ON_PAPER, "Noter la signature sur papier", Who.STAFF, _on_paper,
        "dernière version ; date entre l’édition et aujourd’hui",
    ),
    Move(S.AWAITED, S.REFUSED, "Refuser", Who.EITHER, _with_reason, "dernière version ; motif écrit"),
    Move(S.ON_PAPER, S.AWAITED, "Reprendre une signature notée par erreur", Who.STAFF, _latest, "dernière version"),
    Move(S.REFUSED, S.AWAITED, "Demander de nouveau", Who.STAFF, _latest, "dernière version"),
    *(
        Move(source, S.VOIDED, "Annuler", Who.PLATFORM, _always, "nouvelle version, ou objet du document abandonné")
        for source in (S.AWAITED, S.ON_PAPER, S.ONLINE, S.REFUSED)
    ),
)  # fmt: skip

MOVES: dict[tuple[SignatureStatus, SignatureStatus], Move] = {(move.source, move.target): move for move in TABLE}


def sources_of(target: SignatureStatus) -> list[SignatureStatus]:
    """From which statuses the table leads to this one."""
    return [move.source for move in TABLE if move.target == target]


def as_markdown() -> str:
    """The table as docs/signatures.md shows it."""
    lines = ["| De | Vers | Verbe | Qui | Condition |", "|---|---|---|---|---|"]
    lines += [
        f"| {move.source.label} | {move.target.label} | {move.verb} | {move.who.value} | {move.condition} |"
        for move in TABLE
    ]
    return "\n".join(lines)


def turn_of(role: SignatureRole, order: Sequence[Iterable[str]]) -> int:
    """The turn of a role, from 1, in a school's order of groups of roles; a role that the order forgets signs first."""
    return next((rank for rank, group in enumerate(order, start=1) if role.value in group), 1)


def is_their_turn(turn: int, others: Iterable[tuple[int, SignatureStatus]]) -> bool:
    """May the one of this turn sign online? `others`: turn and status of the signatures that count."""
    return all(status in SIGNED for earlier, status in others if earlier < turn)
