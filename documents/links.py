"""Personal links to a signature (S-18): made, sent, found again from their token, renewed by the signer, revoked.

A link opens nothing by itself: signing asks for a code besides (`documents.codes`). A new link leaves the older ones of the
same signature alive, so that the mail found first works; signing, refusing or a new version kills them all (`circuit`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core import audit, mail, site, tokens, typography
from core.verdict import ALLOWED, Denied, Verdict
from documents import circuit, ledger, proof, signing_book, subjects
from documents.enums import SIGNED, EventKind, LinkChannel, ReminderKind, SignatureStatus
from documents.models import Document, Reminder, Signature, SigningLink
from schools.models import Membership

RENEWALS_A_DAY = 5
BETWEEN_RENEWALS = timedelta(minutes=10)
NO_ADDRESS = "Aucune adresse électronique n’est connue : donnez le lien ou le feuillet de la main à la main, et le code de vive voix."
BAD_ADDRESS = "L’adresse électronique de cette personne n’en est pas une : corrigez-la, puis recommencez."


class LinkState(StrEnum):
    """What a link is good for today."""

    ALIVE = "ouvert"
    UNKNOWN = "inconnu"
    EXPIRED = "expiré"
    REVOKED = "révoqué"
    SIGNED = "signé"
    REFUSED = "refusé"
    REPLACED = "remplacé"


@dataclass(frozen=True)
class Found:
    """A link, with its signature, paper and school loaded; None when the token is unknown."""

    state: LinkState
    link: SigningLink | None = None

    @property
    def is_alive(self) -> bool:
        return self.state is LinkState.ALIVE


def address_of(link: SigningLink) -> str:
    """Where the codes of a link go: the address written on the link (a second guardian's), else the one on file."""
    return link.email or link.signature.email


def expiry(document: Document, now: datetime) -> datetime:
    """When a link made now dies: the school's setting, and at the latest the evening of the last day for signing."""
    end = now + timedelta(days=circuit.settings_of(document.school).link_days)
    kind = subjects.kind_of(document)
    if kind and (last := kind.sign_before(document)):
        end = min(end, timezone.make_aware(datetime.combine(last, time.max)))
    return end


def may_link(signature: Signature, document: Document, *, now: datetime) -> Verdict:
    """May a link be made for this signature? Not once signed or refused, nor on a replaced version, nor too late."""
    if signature.status == SignatureStatus.REFUSED:
        return Denied("Cette personne a refusé : demandez de nouveau sa signature avant d’envoyer un lien.")
    if signature.status != SignatureStatus.AWAITED:
        return Denied("Cette signature n’est plus attendue.")
    if not circuit.is_latest(document):
        return Denied("Cette version est remplacée : la signature se donne sur la dernière.")
    if expiry(document, now) <= now:
        return Denied("Le dernier jour pour signer en ligne est passé : la signature se fait sur papier.")
    return ALLOWED


def may_send(signature: Signature, document: Document, *, now: datetime) -> Verdict:
    """May the link be mailed now? Besides `may_link`: an address, and their turn come."""
    verdict = may_link(signature, document, now=now)
    if not verdict:
        return verdict
    if not circuit.circumstances(signature, document, today=timezone.localdate(now)).is_their_turn:
        return Denied("D’autres personnes signent avant : le lien part quand vient son tour.")
    return ALLOWED if signature.email else Denied(NO_ADDRESS)


def _plain(*texts: str) -> None:
    """Raise ValidationError when a name or an address holds a line break (S-23)."""
    if any(mail.LINE_BREAK.search(text) for text in texts):
        raise ValidationError("Un nom ou une adresse tient sur une seule ligne.")


def _address(text: str) -> str:
    """The address as it is written to. Raises ValidationError with a sentence when it cannot be one."""
    _plain(text)
    if not mail.is_address(text.strip()):
        raise ValidationError(BAD_ADDRESS if text else NO_ADDRESS)
    return text.strip()


@transaction.atomic
def create(
    signature: Signature, *, channel: LinkChannel, by: Any, now: datetime, name: str = "", email: str = "", phone: str = ""
) -> tuple[SigningLink, str]:  # fmt: skip
    """A fresh link to a signature, and its whole address: the only time anybody sees it.

    `name`, `email`, `phone`: of a second guardian, who signs the same row; left out, they are the signature's own.
    Raises ValidationError with the sentence of `may_link`, or when a name or an address cannot be one.
    """
    _plain(name, email, phone)
    if email:
        email = _address(email)
    document = proof.hold(signature.document)
    current = Signature.objects.in_school(document.school_id).get(pk=signature.pk)
    verdict = may_link(current, document, now=now)
    if not verdict:
        raise ValidationError(verdict.reason)
    token = tokens.fresh()
    link = SigningLink(
        school_id=document.school_id,
        signature=current,
        token_hash=tokens.hashed(token),
        name=name or current.name,
        email=email,
        phone=phone,
        channel=channel,
        expires_at=expiry(document, now),
        created_by=by,
        updated_by=by,
    )
    link.save(force_insert=True)
    proof.add(
        document,
        EventKind.LINK_SENT,
        role=current.role,
        at=now,
        by=by,
        channel=channel.value,
        address=tokens.masked(address_of(link)) if channel == LinkChannel.MAIL else "",
        expires=link.expires_at.isoformat(timespec="seconds"),
    )
    audit.record("documents.link_made", current, by=by, channel=channel.value, role=current.role)
    return link, url_of(token)


def url_of(token: str) -> str:
    """The whole address of a link, on the configured host."""
    return site.address() + reverse("sign_start", args=[token])


@transaction.atomic
def send(
    signature: Signature, *, by: Any, now: datetime, kind: ReminderKind = ReminderKind.FIRST, name: str = "", email: str = ""
) -> SigningLink:  # fmt: skip
    """Mail a fresh link to the person who signs; `name` and `email` for a second guardian.

    Raises ValidationError: no address, a wrong one, not their turn, nothing to sign any more.
    """
    return send_all([signature], by=by, now=now, kind=kind, name=name, email=email)[0]


@transaction.atomic
def send_all(
    signatures: Sequence[Signature],
    *,
    by: Any,
    now: datetime,
    kind: ReminderKind = ReminderKind.FIRST,
    name: str = "",
    email: str = "",
    key: str = "",
) -> list[SigningLink]:
    """One message with a fresh link to each of these signatures, of one school and one address: a digest.

    Writes a line of the ledger (`Reminder`) and of the proof for each. All or nothing: raises ValidationError with the
    sentence of the first that cannot be sent (ask `may_send` before). `key`: the outbox's, when a message must not leave twice.
    """
    school = signatures[0].school
    to = _address(email or signatures[0].email)
    lines: list[tuple[Document, str]] = []
    made: list[SigningLink] = []
    for signature in signatures:
        document = signature.document
        verdict = may_send(signature, document, now=now)
        if not verdict and not (email and verdict.reason == NO_ADDRESS):
            raise ValidationError(verdict.reason)
        if not email and signature.email.strip().lower() != to.lower():
            raise ValidationError("Un message ne va qu’à une personne.")
        link, url = create(signature, channel=LinkChannel.MAIL, by=by, now=now, name=name, email=email)
        made.append(link)
        lines.append((document, url))
    key = key or f"signing-link:{made[0].public_id}"
    mail.send_later(
        to=to,
        subject=subject_line(lines[0][0], len(lines)),
        body=letter(lines, until=min(link.expires_at for link in made), reminds=kind is not ReminderKind.FIRST),
        key=key,
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )
    ledger.write(signatures, kind=kind, key=key, by=by, now=now)
    if kind is not ReminderKind.FIRST:
        for signature in signatures:
            proof.add(
                proof.hold(signature.document), EventKind.REMINDED, role=signature.role, at=now, by=by, means=kind.value
            )
    return made


def subject_line(document: Document, count: int) -> str:
    """The subject of a message: what kind of paper waits, and nobody's name (S-28)."""
    return f"{document.get_type_display()} à signer" if count == 1 else f"{count} documents à signer"


def letter(lines: Sequence[tuple[Document, str]], *, until: datetime, reminds: bool = False) -> str:
    """The words of a message with links: which papers, until when, and the other way, paper."""
    school = lines[0][0].school
    asks = "attend toujours votre signature" if reminds else "vous demande de signer"
    papers = "\n\n".join(f"{document.get_type_display()} n° {document.number}\n{url}" for document, url in lines)
    day = typography.long_date(timezone.localdate(until))
    phone = f" ou appelez le {school.phone}" if school.phone else ""
    several = len(lines) > 1
    return typography.french(
        f"Bonjour,\n\n{school.name} {asks} :\n\n{papers}\n\n"
        f"{'Ces liens vous sont personnels. Ils marchent' if several else 'Ce lien vous est personnel. Il marche'} jusqu'au {day}. "
        "Pour lire puis signer, demandez un code : il arrive à cette même adresse.\n\n"
        f"Vous préférez signer sur papier, ou ce message n'est pas pour vous ? Répondez-y{phone}.\n\n{school.name}\n"
    )


def find(token: str, now: datetime) -> Found:
    """The link of a token, and what it is good for. Changes nothing; the same two steps whatever the token."""
    link = (
        SigningLink.objects.across_schools(why="the token, and not an address of a school, names the link")
        .filter(token_hash=tokens.hashed(token))
        .select_related("school", "signature__school", "signature__document__school")
        .first()
    )
    return Found(LinkState.UNKNOWN) if link is None else Found(state_of(link, now), link)


def _is_of_a_closed_access(link: SigningLink) -> bool:
    """A colleague whose access was closed: their links die with it, on the very next request (S-04)."""
    if link.signature.role not in signing_book.OWN_BOXES:
        return False
    return (
        Membership.objects.in_school(link.school_id)
        .filter(Q(is_active=False) | Q(user__is_active=False), email__iexact=address_of(link))
        .exists()
    )


def state_of(link: SigningLink, now: datetime) -> LinkState:
    """What a link is good for: whose it is and what became of the signature first, then the link's own life."""
    signature = link.signature
    document = signature.document
    if _is_of_a_closed_access(link):
        return LinkState.REVOKED
    if signature.status == SignatureStatus.VOIDED or document.voided_at is not None:
        return LinkState.REPLACED
    if signature.status in SIGNED:
        return LinkState.SIGNED
    if signature.status == SignatureStatus.REFUSED:
        return LinkState.REFUSED
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if link.expires_at <= now else LinkState.ALIVE


def is_renewable(state: LinkState) -> bool:
    """May the signer ask for a fresh link? A link that the bureau revoked is the bureau's to renew."""
    return state in (LinkState.EXPIRED, LinkState.REPLACED)


@transaction.atomic
def renew(found: Found, *, now: datetime) -> bool:
    """The signer asks for a fresh link: mailed to the address on file, of the last version of the paper.

    Returns whether a message left; the page says the same in both cases (S-16). Never raises for a link that cannot be
    renewed: no address, nothing to sign, asked too often.
    """
    link = found.link
    if link is None or not is_renewable(found.state):
        return False
    signature = _current(link)
    if signature is None or _asked_too_often(signature, now):
        return False
    # A second guardian's address stands on the link: it holds for the version it was given for, and no other.
    own = link.email if signature.pk == link.signature_id else ""
    if link.email and not own and link.email.lower() != signature.email.lower():
        return False
    if not (own or signature.email):
        return False
    try:
        with transaction.atomic():
            send(signature, by=None, now=now, kind=ReminderKind.MANUAL, name=link.name if own else "", email=own)
    except (ValidationError, mail.Unsendable):
        return False
    return True


def _current(link: SigningLink) -> Signature | None:
    """The same role's signature on the last version of the paper, when it is still awaited."""
    document = link.signature.document
    return (
        Signature.objects.in_school(link.school_id)
        .filter(
            document__in=Document.objects.in_school(link.school_id).editions_of(document).filter(voided_at=None),
            role=link.signature.role,
            status=SignatureStatus.AWAITED,
        )
        .select_related("school", "document__school")
        .order_by("-document__edition")
        .first()
    )


def _asked_too_often(signature: Signature, now: datetime) -> bool:
    recent = list(
        Reminder.objects.in_school(signature.school_id)
        .filter(signature=signature, created_by=None, sent_at__gt=now - timedelta(days=1))
        .values_list("sent_at", flat=True)
    )
    return len(recent) >= RENEWALS_A_DAY or any(moment > now - BETWEEN_RENEWALS for moment in recent)


@transaction.atomic
def revoke(signature: Signature, *, by: Any, now: datetime) -> int:
    """Kill the links of a signature: a wrong address, a lost phone. Returns how many were alive."""
    revoked = (
        SigningLink.objects.in_school(signature.school_id)
        .filter(signature=signature)
        .alive(now)
        .update(revoked_at=now, updated_by=by, updated_at=now)
    )
    if revoked:
        audit.record("documents.links_revoked", signature, by=by, links=revoked, role=signature.role)
    return revoked
