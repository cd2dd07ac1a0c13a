"""The life of a pre-convention, as one table: from, to, who (S-08). Buttons and services read it."""

from dataclasses import dataclass
from enum import StrEnum

from pfmp.enums import PlacementStatus, PreConventionState

S = PreConventionState


class Actor(StrEnum):
    """Who moves it."""

    TEAM = "l’équipe"
    COMPANY = "l’entreprise, par son lien"


@dataclass(frozen=True)
class Move:
    """One way from a state to another, and who may go it."""

    source: PreConventionState
    target: PreConventionState
    verb: str
    actors: frozenset[Actor]


_TEAM, _BOTH = frozenset({Actor.TEAM}), frozenset(Actor)

TABLE: tuple[Move, ...] = (
    Move(S.DRAFT, S.SENT, "Envoyer à l’entreprise", _TEAM),
    Move(S.DRAFT, S.FILLED, "Saisir la fiche revenue sur papier", _TEAM),
    Move(S.SENT, S.FILLED, "Remettre au lycée", _BOTH),
    Move(S.FILLED, S.TO_CORRECT, "Demander une correction", _TEAM),
    Move(S.TO_CORRECT, S.FILLED, "Remettre au lycée", _BOTH),
    Move(S.FILLED, S.VALIDATED, "Valider", _TEAM),
    Move(S.DRAFT, S.ABANDONED, "Abandonner", _TEAM),
    Move(S.SENT, S.ABANDONED, "Abandonner", _BOTH),
    Move(S.FILLED, S.ABANDONED, "Abandonner", _TEAM),
    Move(S.TO_CORRECT, S.ABANDONED, "Abandonner", _BOTH),
    Move(S.ABANDONED, S.DRAFT, "Reprendre", _TEAM),
)
"""What is validated stays: the convention exists, and is corrected like any convention."""

MOVES: dict[tuple[PreConventionState, PreConventionState], Move] = {(move.source, move.target): move for move in TABLE}

OPENS = (PlacementStatus.PROSPECT, PlacementStatus.CONFIRMED)
"""Statuses of a placement that a pre-convention prepares: later, a correction makes a new edition or an avenant."""

AT_COMPANY = (S.SENT, S.TO_CORRECT)
"""States in which the company writes."""


def may(source: PreConventionState, target: PreConventionState, actor: Actor) -> bool:
    """Does the table let this actor go from one state to the other?"""
    move = MOVES.get((source, target))
    return move is not None and actor in move.actors
