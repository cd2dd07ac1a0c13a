"""One message to several partners: who receives it and who does not, what each reads, the sending and its outcome."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from core import audit, mail
from partners.enums import Channel, Initiative, PartnerStatus
from partners.models import Contact, Interaction, Mailing, Partner
from schools.models import Membership, School
from schools.services import create_record

MOST = 500
"""Recipients of one message: beyond, it is a campaign, and the day's cap of the outbox would hold it back anyway."""
VARIABLES = {"prenom": "prénom du contact", "nom": "nom du contact", "entreprise": "nom de l’entreprise"}
VARIABLE = re.compile(r"\{([^{}\n]{0,40})\}")
GENERAL = "general"
"""The company's own address rather than somebody's."""


@dataclass(frozen=True)
class Recipient:
    """Who receives the message, at which address; without a contact, the company itself."""

    partner: Partner
    contact: Contact | None
    address: str


@dataclass(frozen=True)
class LeftOut:
    """A partner who will not receive it, and why."""

    partner: Partner
    reason: str


def recipients_among(
    partners: QuerySet[Partner], *, role: str, school: School
) -> tuple[list[Recipient], list[LeftOut]]:
    """For each partner the contact of that role, else the company's own address; nobody who asked not to (P-08).

    An address that a contact of the school refuses mail at is refused for every partner that gives it; one address
    receives one message.
    """
    found = list(partners.order_by("search_text", "pk"))
    contacts: dict[int, list[Contact]] = defaultdict(list)
    here = Contact.objects.in_school(school)
    for contact in here.filter(partner__in=[partner.pk for partner in found]).exclude(is_active=False).order_by("pk"):
        contacts[contact.partner_id].append(contact)
    refused = refused_addresses(school)
    chosen: list[Recipient] = []
    left: list[LeftOut] = []
    taken: dict[str, Partner] = {}
    for partner in found:
        answer = _choose(partner, contacts[partner.pk], role, refused)
        if isinstance(answer, Recipient) and (other := taken.get(answer.address.casefold())) is not None:
            answer = LeftOut(partner, f"même adresse que {other}")
        if isinstance(answer, LeftOut):
            left.append(answer)
        else:
            taken[answer.address.casefold()] = partner
            chosen.append(answer)
    return chosen, left


def refused_addresses(school: School) -> frozenset[str]:
    """The addresses where someone asked for no mail, whichever partner gives them (P-08)."""
    refusing = Contact.objects.in_school(school).filter(refuses_mailings=True).values_list("email", flat=True)
    return frozenset(email.strip().casefold() for email in refusing) - {""}


def _choose(partner: Partner, contacts: Sequence[Contact], role: str, refused: frozenset[str]) -> Recipient | LeftOut:
    if partner.status == PartnerStatus.ARCHIVED:
        return LeftOut(partner, "archivé")
    if partner.closed_date is not None:
        return LeftOut(partner, "établissement fermé")
    of_role = [contact for contact in contacts if contact.role == role] if role != GENERAL else []
    asked_not_to = any(contact.refuses_mailings for contact in of_role)
    for contact in of_role:
        address = contact.email.strip()
        if not contact.refuses_mailings and address.casefold() not in refused and mail.is_address(address):
            return Recipient(partner, contact, address)
    # Whoever has the role asked for no mail: the company's own address does not go around it.
    if asked_not_to or (partner.email.strip().casefold() in refused):
        return LeftOut(partner, "ne veut pas de courriels d’information")
    if mail.is_address(partner.email.strip()):
        return Recipient(partner, None, partner.email.strip())
    return LeftOut(partner, "adresse illisible" if partner.email.strip() else "pas d’adresse électronique")


def unknown_variables(text: str, known: Collection[str] = VARIABLES) -> list[str]:
    """Words between braces that stand for nothing, each once."""
    return [word for word in dict.fromkeys(VARIABLE.findall(text)) if word not in known]


def written(body: str, recipient: Recipient, *, sender: Membership) -> str:
    """What this recipient reads: the variables filled, the signature, and whom to write to for no more of it."""
    contact = recipient.contact
    values = {
        "prenom": contact.first_name if contact else "",
        "nom": contact.last_name if contact else "",
        "entreprise": recipient.partner.name,
    }
    text = VARIABLE.sub(lambda found: values.get(found[1], found[0]), body.replace("\r\n", "\n"))
    # « Bonjour {prenom} {nom}, » to a company without a contact is « Bonjour, »
    text = re.sub(r"[ \t]+([,.])", r"\1", re.sub(r"[ \t]{2,}", " ", text))
    return (
        f"{text.strip()}\n\n{sender.full_name}\n{sender.school.name}\n{sender.email}\n\n--\n"
        f"Vous recevez ce message parce que {recipient.partner.name} est en relation avec notre lycée. "
        f"Pour ne plus en recevoir, écrivez à {sender.email}."
    )


@transaction.atomic
def send(
    mailing: Mailing, recipients: Sequence[Recipient], *, sender: Membership, by: Any, key: UUID | None, today: date
) -> Mailing:
    """Write the messages, and an exchange on each partner's page, all or none. The same key again sends nothing more.

    Raises ValidationError when nobody is left to write to, or too many.
    """
    if not recipients:
        raise ValidationError("Personne ne peut recevoir ce message.")
    if len(recipients) > MOST:
        raise ValidationError(f"Pas plus de {MOST} destinataires à la fois : filtrez davantage.")
    mailing.recipients = len(recipients)
    mailing, is_new = create_record(mailing, by=by, key=key)
    if not is_new:
        return mailing
    said = []
    for recipient in recipients:
        text = written(mailing.body, recipient, sender=sender)
        mail.send_later(
            to=recipient.address,
            subject=mailing.subject,
            body=text,
            key=message_key(mailing, recipient.partner),
            scope=sender.school.uai,
            reply_to=sender.email,
            by=by,
        )
        said.append(
            Interaction(
                school=sender.school,
                partner=recipient.partner,
                contact=recipient.contact,
                date=today,
                channel=Channel.MAIL,
                initiative=Initiative.SCHOOL,
                subject=mailing.subject,
                report=text,
                author_email=sender.email,
            )
        )
    note_exchanges(said, by=by, scope=sender.school.uai)
    return mailing


def note_exchanges(exchanges: Sequence[Interaction], *, by: Any, scope: str) -> None:
    """Save the exchange of each partner that was written to, and its line of the journal, in a few statements."""
    for exchange in exchanges:
        exchange.created_by = exchange.updated_by = by
        exchange.dossier_id = str(exchange.public_id)
    Interaction.objects.bulk_create(exchanges, batch_size=500)
    audit.record_each(
        "partners.interaction.created", Interaction, (one.public_id for one in exchanges), by=by, scope=scope
    )


def message_key(mailing: Mailing, partner: Partner, campaign: int | None = None) -> str:
    """What the outbox knows a message by: one to each partner, or one for each campaign. `outcome` finds them again."""
    about = "" if campaign is None else f"{campaign}:"
    return f"{_prefix(mailing)}{about}{partner.public_id}"


def _prefix(mailing: Mailing) -> str:
    return f"mailing:{mailing.public_id}:"


def outcome(mailing: Mailing) -> dict[str, int]:
    """How many messages wait, left, or did not: messages are forgotten after six months."""
    return mail.states(mailing.school.uai, _prefix(mailing))


def not_delivered(mailing: Mailing) -> list[Partner]:
    """The partners whose address refused the message."""
    ids = mail.refused_of(mailing.school.uai, _prefix(mailing))
    return list(
        Partner.objects.in_school(mailing.school_id)
        .filter(public_id__in=ids)
        .select_related("school")
        .order_by("search_text")
    )
