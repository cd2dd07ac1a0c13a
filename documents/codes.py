"""Codes of six digits (S-19): ten minutes, five tries, one use, of a link or of an account that signs a batch.

Only an HMAC under the installation's key is kept. A try is counted before the digits are looked at, by an update that
names its condition: tries sent in parallel are five at the most.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from core import audit, mail, tokens
from documents import links, proof
from documents.enums import EventKind, SignatureMeans
from documents.models import Document, SigningCode, SigningLink
from schools.models import School

LIFE = timedelta(minutes=10)
TRIES = 5
AN_HOUR, A_DAY = 5, 12
"""Codes mailed for one signature to one address, whatever the links, and codes of one account."""
WRONG_A_DAY = 100
"""Wrong tries on all that one address has to sign: beyond, no code leaves. A guess succeeds once in ten thousand days."""
TOO_MANY = "Vous avez demandé beaucoup de codes. Attendez une heure, ou appelez le lycée."
NO_ADDRESS = (
    "Le lycée n’a pas d’adresse électronique où vous envoyer un code. Appelez-le : il vous en donne un de vive voix."
)


@dataclass(frozen=True)
class Outcome:
    """What became of a try. `left`: tries left on this code; 0 when a new one is needed. `counted`: a living code was tried."""

    code: SigningCode | None = None
    left: int = 0
    counted: bool = False

    def __bool__(self) -> bool:
        return self.code is not None

    @property
    def means(self) -> SignatureMeans:
        """How the right code reached its person."""
        spoken = self.code is not None and self.code.spoken_by_id is not None
        return SignatureMeans.SPOKEN_CODE if spoken else SignatureMeans.MAILED_CODE

    @property
    def sentence(self) -> str:
        """What to say after a wrong try."""
        if self.left:
            return f"Ce code n’est pas le bon. Il vous reste {self.left} essai{'s' if self.left > 1 else ''}."
        return "Ce code ne vaut plus : il a servi, il a plus de dix minutes, ou il a été essayé cinq fois. Demandez-en un nouveau."


def target_of(*papers: Document) -> str:
    """What a code is for: the SHA-256 of the PDF, or of the sorted list of those of a batch."""
    if len(papers) == 1:
        return papers[0].sha256
    return hashlib.sha256("\n".join(sorted(paper.sha256 for paper in papers)).encode()).hexdigest()


def _digest(code: SigningCode, digits: str) -> str:
    return salted_hmac(
        f"documents.codes:{code.public_id}", f"{code.target}:{digits}", algorithm="sha256"
    ).hexdigest()  # fmt: skip


def _issue(now: datetime, *, school_id: int, target: str, owner: dict[str, Any], by: Any = None) -> str:
    """A fresh code: the former ones of the owner die. Call it with the owner's row, or its paper, locked.

    Codes read out keep a pace of their own: whoever asks for many by mail does not shut out the person who calls.
    """
    everything = SigningCode.objects.in_school(school_id)
    rows = everything.filter(**owner)
    link = owner.get("link")
    paced = everything.filter(link__signature=link.signature_id, link__email=link.email) if link else rows
    day_ago = now - timedelta(days=1)
    recent = list(
        paced.filter(created_at__gt=day_ago, spoken_by__isnull=by is None).values_list("created_at", flat=True)
    )
    if len(recent) >= A_DAY or sum(moment > now - timedelta(hours=1) for moment in recent) >= AN_HOUR:
        raise ValidationError(TOO_MANY)
    if link and by is None and _wrong_tries(links.address_of(link), school_id=school_id, since=day_ago) >= WRONG_A_DAY:
        raise ValidationError(TOO_MANY)
    rows.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    digits = f"{secrets.randbelow(1_000_000):06d}"
    code = SigningCode(
        school_id=school_id, target=target, expires_at=now + LIFE, spoken_by=by, created_by=by, updated_by=by, **owner
    )
    code.code_hash = _digest(code, digits)
    code.save(force_insert=True)
    return digits


def _wrong_tries(address: str, *, school_id: int, since: datetime) -> int:
    """On the codes of every link whose codes go to this address."""
    theirs = Q(link__email__iexact=address) | Q(link__email="", link__signature__email__iexact=address)
    found = (
        SigningCode.objects.in_school(school_id)
        .filter(theirs, created_at__gt=since)
        .aggregate(tries=Sum("tries"), used=Count("used_at"))
    )
    return int((found["tries"] or 0) - found["used"])


@transaction.atomic
def send(link: SigningLink, *, now: datetime) -> str:
    """Mail a code to the address on file; returns that address, masked.

    Raises ValidationError: no address, or too many codes asked for.
    """
    address = links.address_of(link).strip()
    if not mail.is_address(address):
        raise ValidationError(NO_ADDRESS)
    document = proof.hold(link.signature.document)
    digits = _issue(now, school_id=link.school_id, target=target_of(document), owner={"link": link})
    seen = tokens.masked(address)
    proof.add(document, EventKind.CODE_SENT, role=link.signature.role, at=now, address=seen)
    _mail(digits, to=address, school=link.school, now=now)
    return seen


@transaction.atomic
def speak(link: SigningLink, *, by: Any, now: datetime) -> str:
    """A code that a colleague of the bureau reads out to somebody without e-mail; returns the digits, shown once.

    Raises ValidationError when too many were asked for.
    """
    document = proof.hold(link.signature.document)
    digits = _issue(now, school_id=link.school_id, target=target_of(document), owner={"link": link}, by=by)
    proof.add(document, EventKind.CODE_SENT, role=link.signature.role, at=now, by=by, spoken=True)
    audit.record("documents.code_spoken", link.signature, by=by, role=link.signature.role)
    return digits


@transaction.atomic
def send_to_account(user: User, school: School, *, papers: list[Document], now: datetime) -> str:
    """Mail a code for a batch of papers to a colleague's own address; returns it, masked.

    Raises ValidationError when too many were asked for.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    digits = _issue(now, school_id=school.pk, target=target_of(*papers), owner={"user": user})
    _mail(digits, to=user.email, school=school, now=now)
    return tokens.masked(user.email)


def _mail(digits: str, *, to: str, school: School, now: datetime) -> None:
    mail.send_later(
        to=to,
        subject="Votre code pour signer",
        body=(
            f"Bonjour,\n\nVotre code pour lire et signer le document de {school.name} :\n\n    {digits}\n\n"
            "Il vaut dix minutes et ne sert qu’une fois. Ne le donnez à personne : le lycée ne vous le demande jamais.\n\n"
            "Vous n’avez rien demandé ? Ne faites rien, rien n’est signé.\n"
        ),
        key=f"signing-code:{secrets.token_hex(16)}",
        scope=school.uai,
        urgent=True,
        reply_to=school.email,
    )


@transaction.atomic
def check(digits: str, *, now: datetime, target: str, link: SigningLink | None = None, user: User | None = None, school_id: int) -> Outcome:  # fmt: skip
    """Try six digits, of a link or of an account. True once only, for the last code issued, alive and made for `target`.

    Never raises: anything typed is a try. The try counts even when it is wrong, and is committed with this transaction.
    """
    owner: dict[str, Any] = {"link": link} if link is not None else {"user": user}
    document = proof.hold(link.signature.document) if link is not None else None
    outcome = _try(digits, now=now, target=target, owner=owner, school_id=school_id)
    if document is not None and link is not None and outcome.counted and not outcome:
        proof.add(document, EventKind.CODE_FAILED, role=link.signature.role, at=now, left=outcome.left)
    return outcome


def _try(digits: str, *, now: datetime, target: str, owner: dict[str, Any], school_id: int) -> Outcome:
    rows = SigningCode.objects.in_school(school_id)
    code = rows.filter(**owner).order_by("-pk").first()
    if code is None:
        return Outcome()
    alive = {"used_at": None, "tries__lt": TRIES, "expires_at__gt": now}
    if not rows.filter(pk=code.pk, **alive).update(tries=F("tries") + 1):
        return Outcome()
    code.refresh_from_db(fields=["tries"])
    typed = "".join(character for character in digits if character.isdecimal())[:12]
    good = constant_time_compare(_digest(code, typed), code.code_hash)
    if good and code.target == target and rows.filter(pk=code.pk, used_at=None).update(used_at=now):
        return Outcome(code)
    if good:
        return Outcome(counted=True)  # right digits, of a paper that changed meanwhile, or used by another try
    return Outcome(left=TRIES - code.tries, counted=True)
