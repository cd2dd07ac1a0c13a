"""The life of a partnership agreement as one table: from, to, verb, who, and what must hold. Buttons, verbs, tests and docs read it.

Until it is signed, an agreement has a stage; once signed, its dates alone say where it stands (`states`). So the moves
between signed states belong to the calendar, and those that people make write dates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from conventions.enums import AgreementState
from core import typography
from core.verdict import ALLOWED, Denied, Verdict
from schools.roles import Permission

S = AgreementState
SIGNED_STATES = (S.TO_COME, S.IN_FORCE, S.ENDING, S.EXPIRED)
RENEWAL_OPENS = timedelta(days=180)
"""How long before its end an agreement can be renewed: when the first alert is sent."""


class Act(StrEnum):
    """What is done to an agreement; the value is the word of the address."""

    OPEN = "negocier"
    SUBMIT = "soumettre"
    VOTE = "voter"
    REWORK = "reprendre"
    ISSUE = "editer"
    COMPLETE = "complete"
    SIGN_OUTSIDE = "signer"
    UNSIGN = "designer"
    RENEW = "renouveler"
    TERMINATE = "resilier"
    RESUME = "maintenir"
    ABANDON = "abandonner"
    RESTORE = "retablir"
    CALENDAR = "calendrier"


@dataclass(frozen=True)
class Circumstances:
    """What a guard may look at. `today` comes from who asks; the last ones are what the person has just said.

    `paper`: "" without one, "out" when it waits for signatures, "refused", "complete".
    """

    today: date
    is_local: bool = True  # the school's own, not a frame above it
    has_title: bool = True
    has_partner: bool = True
    has_axes: bool = True
    start: date | None = None
    end: date | None = None
    is_tacit: bool = False  # its end only starts another term
    board_vote_date: date | None = None
    signed: date | None = None
    terminated: date | None = None
    paper: str = ""
    is_renewed: bool = False
    notice_days: int | None = None
    signed_on: date | None = None
    ends_on: date | None = None
    reason: str = ""
    agreed: bool = False  # the partner agrees to do without the notice


Guard = Callable[[Circumstances], Verdict]
FRAME = "Un cadre national ou académique ne se vote pas ici : le lycée le décline dans une convention à lui."


def _always(seen: Circumstances) -> Verdict:
    return ALLOWED


def _own(seen: Circumstances) -> Verdict:
    return ALLOWED if seen.is_local else Denied(FRAME)


def _ready(seen: Circumstances) -> Verdict:
    """What the board has to read is there."""
    if not seen.is_local:
        return Denied(FRAME)
    if not seen.has_partner:
        return Denied("Dites d’abord avec quel partenaire le lycée s’engage.")
    if not seen.has_title:
        return Denied("Donnez d’abord un titre à la convention.")
    if not seen.has_axes:
        return Denied("Écrivez d’abord au moins un axe de travail : c’est ce que le conseil d’administration vote.")
    return _dates(seen)


def _dates(seen: Circumstances) -> Verdict:
    if seen.start and seen.end and seen.end < seen.start:
        return Denied("La date de fin est avant la date de début : corrigez-les d’abord.")
    return ALLOWED


def _voted(seen: Circumstances) -> Verdict:
    """R-CONV-07: the board agrees to the agreements of the school (R421-20, 6° d)."""
    if not (verdict := _ready(seen)):
        return verdict
    if seen.board_vote_date is None:
        return Denied("Écrivez la date de la délibération du conseil d’administration (R-CONV-07).")
    if seen.board_vote_date > seen.today:
        return Denied("La date de la délibération est dans l’avenir : notez le vote quand il a eu lieu.")
    return ALLOWED


def _to_issue(seen: Circumstances) -> Verdict:
    if not (verdict := _voted(seen)):
        return verdict
    return Denied("Le document est déjà édité : il attend des signatures.") if seen.paper == "out" else ALLOWED


def _complete(seen: Circumstances) -> Verdict:
    return ALLOWED if seen.paper == "complete" else Denied("Il manque des signatures.")


def _signed_elsewhere(seen: Circumstances) -> Verdict:
    """The partners signed a paper that the platform did not issue."""
    if not (verdict := _voted(seen)):
        return verdict
    if seen.paper == "out":
        return Denied(
            "Le document édité ici attend des signatures : notez-les sur sa page, ou reprenez d’abord la négociation."
        )
    if seen.signed_on is None:
        return Denied("Écrivez la date à laquelle la dernière partie a signé.")
    if seen.signed_on > seen.today:
        return Denied("La date de signature est dans l’avenir.")
    if seen.board_vote_date and seen.signed_on < seen.board_vote_date:
        return Denied(
            f"Le conseil d’administration a voté le {typography.long_date(seen.board_vote_date)} : "
            "la signature vient après (R-CONV-07)."
        )
    if seen.end and seen.signed_on > seen.end:
        return Denied("La convention serait signée après sa fin : corrigez d’abord ses dates.")
    return ALLOWED


def _by_mistake(seen: Circumstances) -> Verdict:
    if seen.paper == "complete":
        return Denied("Ses signatures sont sur le document : c’est sur sa page qu’une signature se reprend.")
    return ALLOWED


def _near_end(seen: Circumstances) -> Verdict:
    if not seen.is_local:
        return Denied(FRAME)
    if seen.is_renewed:
        return Denied("Son renouvellement est déjà commencé.")
    if seen.end is None:
        return Denied("Elle n’a pas de date de fin : il n’y a rien à renouveler.")
    if seen.end - seen.today > RENEWAL_OPENS:
        opens = typography.long_date(seen.end - RENEWAL_OPENS)
        return Denied(f"Elle finit le {typography.long_date(seen.end)} : le renouvellement s’ouvre le {opens}.")
    return ALLOWED


def _planned(seen: Circumstances) -> Verdict:
    if seen.terminated is None:
        return Denied("Aucune résiliation n’est prévue.")
    return ALLOWED


def _ended(seen: Circumstances) -> Verdict:
    """A date, a reason, and the notice kept or waived by the partner."""
    if seen.ends_on is None:
        return Denied("Écrivez le jour où la convention prend fin.")
    if not seen.reason.strip():
        return Denied("Écrivez le motif de la résiliation.")
    if seen.signed and seen.ends_on < seen.signed:
        return Denied(f"Elle a été signée le {typography.long_date(seen.signed)} : elle ne finit pas avant.")
    if seen.end and seen.ends_on > seen.end and not seen.is_tacit:
        return Denied(f"Elle finit déjà le {typography.long_date(seen.end)}.")
    if seen.notice_days and not seen.agreed and (seen.ends_on - seen.today).days < seen.notice_days:
        first = typography.long_date(seen.today + timedelta(days=seen.notice_days))
        return Denied(
            f"Le préavis est de {seen.notice_days} jours : au plus tôt le {first}, "
            "sauf si le partenaire est d’accord pour s’en passer."
        )
    return ALLOWED


@dataclass(frozen=True)
class Move:
    """One way on. `targets`: several when the dates say which. Without permission, the calendar or the signatures move."""

    act: Act
    source: AgreementState
    targets: tuple[AgreementState, ...]
    verb: str
    permission: Permission | None
    guard: Guard = _always
    condition: str = ""  # the guard in words, for the docs
    is_new: bool = False  # the target is that of another agreement, which this move makes


_EDIT = Permission.EDIT_AGREEMENTS
_READY = "partenaire, titre, au moins un axe, dates cohérentes"
_VOTED = "date de la délibération, pas dans l’avenir (R-CONV-07)"
_OUTSIDE = f"{_VOTED} ; date de signature entre le vote et aujourd’hui ; aucun document en attente de signatures"
_ENDED = "date, motif ; préavis tenu, ou levé par le partenaire"

TABLE: tuple[Move, ...] = (
    Move(Act.OPEN, S.PROJECT, (S.NEGOTIATION,), "Ouvrir la négociation", _EDIT, _own, "convention du lycée"),
    Move(Act.SUBMIT, S.NEGOTIATION, (S.BOARD,), "Soumettre au conseil d’administration", _EDIT, _ready, _READY),
    Move(Act.VOTE, S.BOARD, (S.TO_SIGN,), "Noter le vote", _EDIT, _voted, _VOTED),
    Move(
        Act.ISSUE, S.TO_SIGN, (S.TO_SIGN,), "Éditer la convention", _EDIT, _to_issue,
        f"{_VOTED} ; aucun document en attente de signatures",
    ),
    Move(Act.COMPLETE, S.TO_SIGN, SIGNED_STATES, "Tous ont signé", None, _complete, "toutes les signatures du document"),
    *(
        Move(
            Act.SIGN_OUTSIDE, source, SIGNED_STATES, "Noter une signature hors plateforme", _EDIT, _signed_elsewhere,
            _OUTSIDE,
        )
        for source in (S.NEGOTIATION, S.BOARD, S.TO_SIGN)
    ),
    Move(Act.REWORK, S.BOARD, (S.NEGOTIATION,), "Reprendre la négociation", _EDIT),
    Move(
        Act.REWORK, S.TO_SIGN, (S.NEGOTIATION,), "Reprendre la négociation", _EDIT,
        condition="ou, sans personne, un signataire refuse ; un document en attente est annulé",
    ),
    Move(
        Act.RESTORE, S.NEGOTIATION, (S.TO_SIGN,), "La signature refusée est de nouveau demandée", None,
        condition="le document refusé n’est pas remplacé",
    ),
    Move(Act.CALENDAR, S.TO_COME, (S.IN_FORCE, S.ENDING), "Le premier jour est venu", None),
    Move(Act.CALENDAR, S.IN_FORCE, (S.ENDING,), "Il reste 90 jours, sans tacite reconduction", None),
    Move(Act.CALENDAR, S.ENDING, (S.EXPIRED,), "Le dernier jour est passé", None),
    *(
        Move(Act.CALENDAR, source, (S.TERMINATED,), "Le jour de la résiliation est venu", None)
        for source in (S.TO_COME, S.IN_FORCE, S.ENDING, S.EXPIRED)
    ),
    *(
        Move(
            Act.RENEW, source, (S.PROJECT,), "Préparer le renouvellement", _EDIT, _near_end,
            "180 jours au plus avant la fin, ou après ; pas déjà renouvelée", is_new=True,
        )
        for source in (S.IN_FORCE, S.ENDING, S.EXPIRED)
    ),
    *(
        Move(Act.TERMINATE, source, (source, S.TERMINATED), "Résilier", _EDIT, _ended, _ENDED)
        for source in (S.TO_COME, S.IN_FORCE, S.ENDING)
    ),
    *(
        Move(Act.RESUME, source, (source,), "Annuler la résiliation", _EDIT, _planned, "résiliation à venir")
        for source in (S.TO_COME, S.IN_FORCE, S.ENDING)
    ),
    Move(Act.RESUME, S.TERMINATED, SIGNED_STATES, "Annuler la résiliation", _EDIT),
    *(
        Move(
            Act.UNSIGN, source, (S.TO_SIGN,), "Reprendre la signature notée par erreur", _EDIT, _by_mistake,
            "pas de document signé de tous ; sinon, sans personne, une signature du document est reprise",
        )
        for source in SIGNED_STATES
    ),
    *(
        Move(Act.ABANDON, source, (S.ABANDONED,), "Abandonner", _EDIT, _own, "un document en attente est annulé")
        for source in (S.PROJECT, S.NEGOTIATION, S.BOARD, S.TO_SIGN)
    ),
    Move(Act.RESTORE, S.ABANDONED, (S.PROJECT,), "Reprendre le projet", _EDIT),
)  # fmt: skip


def moves_from(state: AgreementState) -> list[Move]:
    """What can happen next, in the order of the table."""
    return [move for move in TABLE if move.source == state]


def find(act: Act, source: AgreementState) -> Move | None:
    """The move of the table that people make by this act from this state, or None: what is not in it does not happen."""
    return next((move for move in TABLE if (move.act, move.source) == (act, source)), None)


def leads(source: AgreementState, target: AgreementState) -> list[Move]:
    """The moves of one agreement from a state to another."""
    return [move for move in TABLE if move.source == source and target in move.targets and not move.is_new]


def as_markdown() -> str:
    """The table as docs/conventions.md shows it."""
    lines = ["| De | Vers | Verbe | Qui | Condition |", "|---|---|---|---|---|"]
    for move in TABLE:
        who = move.permission.value if move.permission else "la plateforme"
        target = ", ".join(target.label for target in move.targets if target != move.source or len(move.targets) == 1)
        if move.is_new:
            target = f"{target} (une nouvelle convention)"
        lines.append(f"| {move.source.label} | {target} | {move.verb} | {who} | {move.condition} |")
    return "\n".join(lines)
