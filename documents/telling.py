"""The proof of a paper in plain French: a line each, for the page. The proof itself is `documents.proof`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core import french
from documents.enums import EventKind, LinkChannel, SignatureMeans
from documents.models import SignatureEvent
from documents.selectors import SIGNERS

K = EventKind

ICONS: dict[str, str] = {
    K.ISSUED: "file-earmark-text",
    K.LINK_SENT: "envelope",
    K.CODE_SENT: "key",
    K.CODE_FAILED: "exclamation-triangle",
    K.OPENED: "eye",
    K.SIGNED: "patch-check",
    K.NOTED: "file-earmark-check",
    K.REFUSED: "x-circle",
    K.REOPENED: "arrow-counterclockwise",
    K.PROPOSED: "chat-text",
    K.PROPOSAL_ANSWERED: "chat-text",
    K.REMINDED: "envelope",
    K.COMPLETED: "check2-circle",
    K.SEALED: "lock",
    K.VOIDED: "slash-circle",
}


@dataclass(frozen=True)
class Told:
    """A line of the proof as a page says it."""

    number: int
    at: datetime
    title: str
    text: str
    icon: str

    @property
    def when(self) -> str:
        """« 22/11/26 8 h 11 », short enough for the margin."""
        return f"{timezone.localdate(self.at):%d/%m/%y} {french.clock(self.at)}"


def _word(payload: dict[str, Any], name: str) -> str:
    value = payload.get(name)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _day(text: str) -> str:
    try:
        return french.day(date.fromisoformat(text))
    except ValueError:
        return text


def _label(choices: Any, value: str) -> str:
    return dict(choices.choices).get(value, value)


def _title(event: SignatureEvent) -> str:
    who = SIGNERS.get(event.role, "")
    name = _word(event.payload, "name")
    said = f"{who} ({name})" if who and name else who or name
    match event.kind:
        case K.LINK_SENT:
            return f"Lien de signature pour {said}" if said else "Lien de signature"
        case K.CODE_SENT:
            return f"Code envoyé à {said}" if said else "Code envoyé"
        case K.CODE_FAILED:
            return f"Code faux : {said}" if said else "Code faux"
        case K.OPENED:
            return f"Document ouvert par {said}" if said else "Document ouvert"
        case K.SIGNED:
            return f"Signé en ligne par {said}"
        case K.NOTED if _word(event.payload, "removed"):
            return f"Numérisation retirée : {said}"
        case K.NOTED if not _word(event.payload, "signed_on"):
            return f"Numérisation déposée : {said}"
        case K.NOTED:
            return f"Signé sur papier par {said}"
        case K.REFUSED:
            return f"Refusé par {said}"
        case K.REOPENED:
            return f"Signature de nouveau attendue : {said}"
        case K.REMINDED:
            return f"Relance de {said}" if said else "Relance"
    label = EventKind(event.kind).label if event.kind in EventKind.values else event.kind
    return f"{label} : {said}" if said else label


def _text(event: SignatureEvent) -> str:
    payload = event.payload
    said: list[str] = []
    match event.kind:
        case K.ISSUED:
            said.append(f"{_word(payload, 'number')}, version {_word(payload, 'edition')}")
        case K.NOTED:
            if _word(payload, "signed_on"):
                said.append(f"le papier porte la date du {_day(_word(payload, 'signed_on'))}")
                said.append("numérisation déposée" if _word(payload, "scan") else "")
        case K.VOIDED:
            said.append(_word(payload, "reason"))
    means = _word(payload, "means")
    if event.kind == K.SIGNED and means:
        said.append(SignatureMeans(means).beside if means in SignatureMeans.values else means)
    if _word(payload, "channel"):
        said.append(_label(LinkChannel, _word(payload, "channel")).lower())
    if _word(payload, "address"):
        said.append(_word(payload, "address"))
    if _word(payload, "capacity"):
        said.append(_word(payload, "capacity"))
    if event.created_by is not None and event.kind in (
        K.ISSUED, K.NOTED, K.REOPENED, K.REFUSED, K.LINK_SENT, K.REMINDED, K.VOIDED, K.PROPOSAL_ANSWERED,
    ):  # fmt: skip
        said.append(f"par {event.created_by}")
    text = ", ".join(part for part in said if part)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('…') else '.'}" if text else ""


def told(event: SignatureEvent) -> Told:
    """One line of the proof in words."""
    return Told(event.number, event.at, _title(event), _text(event), ICONS.get(event.kind, "info-circle"))
