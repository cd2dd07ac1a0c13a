"""Where an agreement stands and what comes next, in words: the note under its title, the buttons of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conventions import rules
from conventions.enums import AgreementLevel, AgreementState
from conventions.models import Agreement
from conventions.rules import alerts
from conventions.rules.moves import Act, Move
from core import french, typography
from core.verdict import Verdict
from documents.models import Document, Signature

S = AgreementState
MAIN = {
    S.PROJECT: Act.OPEN,
    S.NEGOTIATION: Act.SUBMIT,
    S.BOARD: Act.VOTE,
    S.TO_SIGN: Act.ISSUE,
    S.ENDING: Act.RENEW,
    S.EXPIRED: Act.RENEW,
    S.ABANDONED: Act.RESTORE,
}
"""The one move that a page puts first in each state."""

DIRECT = (Act.OPEN, Act.SUBMIT, Act.REWORK, Act.ISSUE, Act.RENEW, Act.RESTORE, Act.RESUME)
"""Moves of one click; the others have a page that asks, or that says what they undo."""


@dataclass(frozen=True)
class Choice:
    """A button of the page. `may` refused: greyed, with its reason."""

    act: Act
    label: str
    url: str
    may: Verdict
    is_direct: bool


@dataclass(frozen=True)
class NextStep:
    """The note under the title: its tone, a sentence, and the main button when there is one."""

    text: str
    tone: str = "doing"
    choice: Choice | None = None
    link_label: str = ""
    link_url: str = ""


def state_shown(agreement: Agreement, today: date) -> str:
    """The status code of an agreement; a frame above the school that has no date is only a frame."""
    state = agreement.state_on(today)
    is_bare = agreement.level != AgreementLevel.SCHOOL and agreement.signed_date is None
    return "cadre" if is_bare and state != S.UNCONFIRMED else state


def tacit_end(agreement: Agreement, today: date) -> date | None:
    """The last day of the term that runs, for an agreement that goes on by itself; None for the others."""
    if not agreement.tacit_renewal or agreement.end_date is None:
        return None
    months = agreement.renewal_months or alerts.DEFAULT_TERM
    return rules.renewed_until(today, end=agreement.end_date, months=months)


def choices_of(steps: Sequence[tuple[Move, Verdict]], url_of: "dict[Act, str]") -> tuple[Choice | None, list[Choice]]:
    """The main button of a state, and the others."""
    made = [Choice(step.act, step.verb, url_of[step.act], may, step.act in DIRECT) for step, may in steps]
    main = next((one for one, (step, _) in zip(made, steps, strict=True) if MAIN.get(step.source) == one.act), None)
    return main, [one for one in made if one is not main]


def told(
    agreement: Agreement,
    today: date,
    *,
    main: Choice | None,
    paper: Document | None,
    missing: str,
    refusal: Signature | None,
    renewal: Agreement | None,
) -> NextStep | None:
    """The sentence of the note, for the state of a day."""
    state = state_shown(agreement, today)
    partner = agreement.partner
    end = agreement.end_date
    if state == "cadre":
        return NextStep(
            "Un cadre au-dessus du lycée, tel que sa source le dit : s’il est toujours en vigueur est à confirmer.",
            "calm",
        )
    if agreement.level != AgreementLevel.SCHOOL:
        return None
    match state:
        case S.PROJECT:
            text = f"C’est un projet : écrivez son objet et ses axes, puis ouvrez la négociation avec {partner}."
            if agreement.renews is not None:
                text = (
                    f"Elle renouvelle « {agreement.renews} » : relisez ce qui est repris, puis ouvrez la négociation."
                )
            return NextStep(text, "doing", main)
        case S.NEGOTIATION if refusal is not None:
            text = f"{refusal.name} a refusé de signer : « {refusal.reason} ». Corrigez la convention, puis soumettez-la de nouveau."
            return NextStep(text, "stop", main)
        case S.NEGOTIATION:
            return NextStep(
                "Quand le texte est prêt, le conseil d’administration le vote avant toute signature.", "doing", main
            )
        case S.BOARD:
            return NextStep("Le conseil d’administration doit voter. Notez la date de sa délibération.", "wait", main)
        case S.TO_SIGN if paper is not None and missing:
            return NextStep(
                f"Votée et éditée. Il manque la signature de : {missing}.",
                "wait",
                link_label="Voir les signatures",
                link_url="#signatures",
            )
        case S.TO_SIGN:
            voted = (
                f"Votée le {typography.long_date(agreement.board_vote_date)}" if agreement.board_vote_date else "Votée"
            )
            return NextStep(f"{voted} : éditez la convention pour la faire signer.", "doing", main)
        case S.TO_COME:
            return NextStep(f"Signée : elle commence le {french.day(agreement.start_date)}.", "ok")
        case S.ENDING | S.EXPIRED | S.IN_FORCE if renewal is not None:
            return NextStep(
                f"Son renouvellement est commencé : {french.day(end)} est son dernier jour.",
                "doing",
                link_label="Ouvrir le renouvellement",
                link_url=renewal.get_absolute_url(),
            )
        case S.ENDING:
            return (
                NextStep(
                    f"Elle finit le {french.day(end)}, sans tacite reconduction ({french.lateness((end - today).days)}).",
                    "wait",
                    main,
                )
                if end
                else None
            )
        case S.EXPIRED:
            return NextStep(f"Elle a pris fin le {french.day(end)}. Renouvelez-la, ou laissez-la close.", "calm", main)
        case S.IN_FORCE if agreement.terminated_date is not None:
            return NextStep(f"Résiliée à compter du {french.day(agreement.terminated_date)}.", "wait")
        case S.IN_FORCE if (until := tacit_end(agreement, today)) is not None:
            text = f"Reconduite tacitement jusqu’au {french.day(until)}."
            if end is not None and end >= today:
                text = f"Elle se reconduit tacitement après le {french.day(end)}."
            if agreement.notice_days:
                last = rules.notice_deadline(until, agreement.notice_days)
                text += f" Pour l’arrêter là, prévenez le partenaire au plus tard le {french.day(last)}."
            return NextStep(text, "ok")
        case S.TERMINATED:
            why = f" Motif : {agreement.termination_reason}" if agreement.termination_reason else ""
            return NextStep(f"Résiliée : elle a cessé le {french.day(agreement.terminated_date)}.{why}", "calm")
        case S.ABANDONED:
            return NextStep("Abandonnée : elle n’a pas été signée.", "calm", main)
    return None
