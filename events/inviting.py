"""Inviting partners to an action: who receives what, reminders with their cool-down, answers, cancellation, thanks.

Each message is written in one transaction with what it says happened, under a key of the outbox: a second click, or a job run
again, sends nothing twice. Tokens are kept as fingerprints: each message carries a fresh link, and the older ones still open.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import audit, french, mail, site, tokens
from core.models import OutboxMessage, OutboxState
from documents import reminding
from events import letters
from events.enums import ActionStatus, InvitationReply, Occasion
from events.models import Action, EventSettings, Invitation, InvitationLink
from partners import mailing
from partners.mailing import LeftOut, Recipient
from partners.models import Partner
from schools import links
from schools.links import LinkState
from schools.models import Membership, School

LINK_DAYS = timedelta(days=30)
"""The longest life of a link (S-18)."""
LATEST_REMINDER = timedelta(days=1)
"""Before the action: the day itself is too late to remind anybody by mail."""


class Left(StrEnum):
    """Why somebody was not written to."""

    ANSWERED = "a déjà répondu"
    PENDING = "propose autre chose : réglez-le d’abord"
    NO_EMAIL = "sans adresse électronique : à appeler"
    REFUSES = "ne veut pas de courriels d’information"
    COOLING = "relance trop récente"
    MOST = "relances épuisées : à appeler"
    TODAY = "a déjà reçu un message aujourd’hui"
    OVER = "l’action est passée ou annulée"


@dataclass
class Outcome:
    """What a sending did: how many messages left, and who was left out."""

    messages: int = 0
    left: list[tuple[Invitation, Left]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What to say to who asked."""
        said = [f"{french.plural(self.messages, 'message confié à l’envoi', 'messages confiés à l’envoi')}."]
        reasons: dict[Left, list[str]] = defaultdict(list)
        for row, why in self.left:
            reasons[why].append(row.partner.name)
        for why, names in reasons.items():
            shown = ", ".join(names[:4]) + (f" et {len(names) - 4} autres" if len(names) > 4 else "")
            said.append(f"{shown} : {why.value}.")
        return " ".join(said)


# ------------------------------------------------------------------------------------------------------- who can be invited


def settings_of(school: School) -> EventSettings:
    """How a school invites: its own settings, else the first ones."""
    return EventSettings.objects.in_school(school).first() or EventSettings(school=school)


def why_closed(action: Action, today: date) -> str:
    """Why nobody can be invited to this action any more; "" when they can."""
    if action.status == ActionStatus.CANCELLED:
        return "Cette action est annulée."
    if action.status == ActionStatus.DONE or action.last_date < today:
        return "Cette action est passée : notez plutôt qui est venu."
    return ""


def guests_among(action: Action, partners: QuerySet[Partner], *, role: str) -> tuple[list[Recipient], list[LeftOut]]:
    """For each partner who would receive the invitation, and who would not: those invited already, then P-08."""
    invited = Invitation.objects.in_school(action.school_id).filter(action=action).values("partner")
    to, left = mailing.recipients_among(partners.exclude(pk__in=invited), role=role, school=action.school)
    known = partners.filter(pk__in=invited).order_by("search_text", "pk")
    return to, [*left, *(LeftOut(partner, "déjà invité") for partner in known)]


@transaction.atomic
def invite(
    action: Action,
    recipients: Sequence[Recipient],
    letter: letters.Letter,
    *,
    sender: Membership,
    by: Any,
    now: datetime,
) -> int:
    """Invite these partners by mail, each with a link to answer; returns how many messages leave.

    A partner whom a colleague invited in between, or the same form sent twice, is invited once and written to once.
    Raises ValidationError for an action that is over or cancelled, without recipients, or with too many.
    """
    Action.objects.in_school(action.school_id).select_for_update(no_key=True).get(pk=action.pk)
    action.refresh_from_db(fields=["status", "start_date", "end_date"])
    if why := why_closed(action, timezone.localdate(now)):
        raise ValidationError(why)
    if not recipients:
        raise ValidationError("Personne ne peut recevoir cette invitation.")
    if len(recipients) > mailing.MOST:
        raise ValidationError(f"Pas plus de {mailing.MOST} invitations à la fois : filtrez davantage.")
    rows = [
        Invitation(
            school=action.school,
            action=action,
            partner=one.partner,
            contact=one.contact,
            email=one.address,
            sent_date=timezone.localdate(now),
            created_by=by,
            updated_by=by,
        )
        for one in recipients
    ]
    Invitation.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)
    mine = {row.public_id: row for row in rows}
    saved = Invitation.objects.in_school(action.school_id).filter(action=action, public_id__in=mine)
    for row in saved.select_related("partner", "contact", "school").order_by("pk"):
        row.action = action
        _write(row, letter, Occasion.INVITATION, key="invitation", sender=sender, by=by, now=now)
    audit.record_each(
        "events.partner_invited",
        Invitation,
        [row.public_id for row in saved],
        by=by,
        scope=action.school.uai,
        action=str(action.public_id),
    )
    return len(saved)


# ---------------------------------------------------------------------------------------------------------------- links


def expiry(action: Action, now: datetime) -> datetime:
    """When a link made now dies: after thirty days, and at the latest the evening of the action's last day."""
    return min(now + LINK_DAYS, timezone.make_aware(datetime.combine(action.last_date, time.max)))


def fresh_link(invitation: Invitation, *, by: Any, now: datetime) -> str:
    """The whole address of a new link; its token is seen nowhere else."""
    link, token = links.made(
        InvitationLink,
        school_id=invitation.school_id,
        invitation=invitation,
        expires_at=expiry(invitation.action, now),
        created_by=by,
        updated_by=by,
    )
    link.save(force_insert=True)
    return site.address() + reverse("invitation_reply", args=[token])


def state_of(link: InvitationLink, now: datetime) -> LinkState:
    """What a link is good for: over once the action is cancelled, done or past."""
    state = links.state_of(link, now)
    if state is not LinkState.REVOKED and why_closed(link.invitation.action, timezone.localdate(now)):
        return LinkState.OVER
    return state


@transaction.atomic
def renew(link: InvitationLink, *, now: datetime) -> None:
    """A fresh link to the address that the invitation left to, once a day; nothing for one that is over or revoked."""
    row = link.invitation
    if state_of(link, now) not in (LinkState.EXPIRED, LinkState.ALIVE) or not mail.is_address(row.email):
        return
    key = f"renouvellement:{timezone.localdate(now)}"
    if OutboxMessage.objects.filter(key=_key(row, key)).exists():
        return
    _write(row, letters.of(row.action, Occasion.REMINDER), Occasion.REMINDER, key=key, by=None, now=now)


def _key(row: Invitation, what: str) -> str:
    return f"invitation:{row.action.public_id}:{row.public_id}:{what}"


def _write(
    row: Invitation,
    letter: letters.Letter,
    occasion: Occasion,
    *,
    key: str,
    by: Any,
    now: datetime,
    sender: Membership | None = None,
    survey: str = "",
    whole_key: str = "",
) -> None:
    """Write one letter to one guest, with a fresh link when it asks for an answer."""
    url = fresh_link(row, by=by, now=now) if occasion in letters.LINKED else ""
    mail.send_later(
        to=row.email,
        subject=letters.subject(letter, row.action),
        body=letters.body(
            letter, letters.Reader.of(row), row.action, occasion=occasion, url=url, survey=survey, sender=sender
        ),
        key=whole_key or _key(row, key),
        scope=row.school.uai,
        reply_to=sender.email if sender else _answers_to(row.action),
        by=by,
    )


def _answers_to(action: Action) -> str:
    owner = action.owner
    return owner.email if owner is not None and owner.is_active else action.school.email


def undelivered(action: Action) -> set[str]:
    """The public ids of the invitations whose address refused a message."""
    failed = OutboxMessage.objects.filter(
        scope=action.school.uai, key__startswith=f"invitation:{action.public_id}:", state=OutboxState.FAILED
    ).values_list("key", flat=True)
    return {key.split(":")[2] for key in failed}


# -------------------------------------------------------------------------------------------------------------- answers


@dataclass(frozen=True)
class Answer:
    """What a guest says behind their link. `reply` is empty when they propose another date or somebody else."""

    reply: str = ""
    people: int | None = None
    suggested_date: date | None = None
    substitute_name: str = ""
    substitute_email: str = ""
    message: str = ""


def is_pending(row: Invitation) -> bool:
    """Does the guest propose something that the bureau has not settled?"""
    if row.reply:
        return False
    somebody = bool(row.substitute_name) and row.email != (row.substitute_email or None)
    return row.suggested_date is not None or somebody


@transaction.atomic
def answer(invitation: Invitation, said: Answer, *, now: datetime) -> bool:
    """Keep a guest's answer; the last one counts, and the same one twice changes nothing. Returns whether it changed.

    Raises ValidationError once the action is cancelled or past.
    """
    row = _held(invitation)
    if why := why_closed(row.action, timezone.localdate(now)):
        raise ValidationError(why)
    before = _said_by(row)
    if before == said:
        return False
    if said.reply != row.reply:
        row.replied_date = timezone.localdate(now) if said.reply else None
    for name in ("reply", "people", "suggested_date", "substitute_name", "substitute_email", "message"):
        setattr(row, name, getattr(said, name))
    _save(row, by=None, now=now)
    audit.record("events.invitation_answered", row, fields=["reply"])
    return True


def _said_by(row: Invitation) -> Answer:
    return Answer(row.reply, row.people, row.suggested_date, row.substitute_name, row.substitute_email, row.message)


class Settling(StrEnum):
    """What the bureau does with an answer, or for a guest who said it by phone."""

    ACCEPT = "accepte"
    DECLINE = "decline"
    SUBSTITUTE = "inviter-remplacant"
    FORGET = "effacer"


@transaction.atomic
def settle(invitation: Invitation, how: Settling, *, sender: Membership, by: Any, now: datetime) -> str:
    """Settle an answer in one click; returns the sentence that says what was done.

    Raises ValidationError when whoever is proposed cannot be written to.
    """
    row = _held(invitation)
    if how is Settling.SUBSTITUTE:
        return _invite_substitute(row, sender=sender, by=by, now=now)
    said = {
        Settling.ACCEPT: InvitationReply.ACCEPTED,
        Settling.DECLINE: InvitationReply.DECLINED,
        Settling.FORGET: "",
    }[how]
    if how is Settling.FORGET:
        row.suggested_date, row.substitute_name, row.substitute_email = None, "", ""
    if row.reply != said:
        row.replied_date = timezone.localdate(now) if said else None
    row.reply = said
    _save(row, by=by, now=now)
    audit.record("events.invitation_settled", row, by=by, how=how.value)
    return {
        Settling.ACCEPT: f"{row.partner} vient : c’est noté.",
        Settling.DECLINE: f"{row.partner} ne vient pas : c’est noté.",
        Settling.FORGET: f"Réponse de {row.partner} effacée.",
    }[how]


def _invite_substitute(row: Invitation, *, sender: Membership, by: Any, now: datetime) -> str:
    address = row.substitute_email.strip()
    if why := why_closed(row.action, timezone.localdate(now)):
        raise ValidationError(why)
    if not row.substitute_name or not mail.is_address(address):
        raise ValidationError("L’adresse de la personne proposée manque ou n’en est pas une : appelez l’entreprise.")
    if address.casefold() in mailing.refused_addresses(row.school):
        raise ValidationError("Cette personne ne veut pas de courriels d’information : appelez-la.")
    if row.email == address:
        return f"{row.substitute_name} a déjà son invitation."
    # The first guest hands over: their links no longer answer for somebody else.
    InvitationLink.objects.in_school(row.school_id).filter(invitation=row, revoked_at=None).update(revoked_at=now)
    row.contact, row.email, row.substitute_email, row.reminded_at = None, address, address, now
    _save(row, by=by, now=now)
    _write(
        row,
        letters.of(row.action, Occasion.INVITATION),
        Occasion.INVITATION,
        key=f"remplacant:{tokens.short(address)}",
        sender=sender,
        by=by,
        now=now,
    )
    audit.record("events.substitute_invited", row, by=by)
    return f"Invitation envoyée à {row.substitute_name}, {row.partner}."


def _held(invitation: Invitation) -> Invitation:
    """The row as it is now, held until the end of the transaction, with its action, partner and school."""
    rows = Invitation.objects.in_school(invitation.school_id)
    rows.select_for_update(no_key=True).get(pk=invitation.pk)
    return rows.select_related("action__school", "action__owner", "partner", "contact", "school").get(pk=invitation.pk)


def _save(row: Invitation, *, by: Any, now: datetime) -> None:
    row.version, row.updated_at, row.updated_by = row.version + 1, now, by or row.updated_by
    row.save()


# ------------------------------------------------------------------------------------------------------------ reminders


def waiting(action: Action) -> QuerySet[Invitation]:
    """The invitations of an action without an answer."""
    return _loaded(Invitation.objects.in_school(action.school_id).filter(action=action, reply=""))


def _loaded(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return rows.select_related("action__school", "action__owner", "partner", "contact", "school").order_by(
        "partner__search_text", "pk"
    )


def told_on(row: Invitation) -> date:
    """The day of the last message, or of the invitation."""
    return timezone.localdate(row.reminded_at) if row.reminded_at else row.sent_date


def again_from(row: Invitation, chosen: EventSettings) -> date:
    """The first day when a reminder may leave."""
    return told_on(row) + timedelta(days=chosen.reminder_days)


def why_not(row: Invitation, chosen: EventSettings, refused: frozenset[str], today: date) -> Left | None:
    """Why this guest is not reminded today; None when they can be (S-23, P-08)."""
    if why_closed(row.action, today) or row.action.start_date - LATEST_REMINDER < today:
        return Left.OVER
    if row.reply:
        return Left.ANSWERED
    if is_pending(row):
        return Left.PENDING
    if not mail.is_address(row.email):
        return Left.NO_EMAIL
    if row.email.casefold() in refused or (row.contact is not None and row.contact.refuses_mailings):
        return Left.REFUSES
    if row.reminders >= chosen.most_reminders:
        return Left.MOST
    return Left.COOLING if today < again_from(row, chosen) else None


def remind(rows: Iterable[Invitation], *, by: Any, now: datetime, sender: Membership | None = None) -> Outcome:
    """Ask these guests of one school again, each with a fresh link: one message a day to one address, whatever the action."""
    outcome = Outcome()
    words: dict[int, letters.Letter] = {}
    for row in rows:
        with transaction.atomic():
            School.objects.select_for_update(no_key=True).get(pk=row.school_id)
            held = _held(row)
            chosen, today = settings_of(held.school), timezone.localdate(now)
            why = why_not(held, chosen, mailing.refused_addresses(held.school), today)
            key = f"invitation-relance:{held.school.uai}:{tokens.short(held.email.casefold())}:{today}"
            if why is None and OutboxMessage.objects.filter(key=key).exists():
                why = Left.TODAY
            if why is not None:
                outcome.left.append((held, why))
                continue
            letter = words.setdefault(held.action_id, letters.of(held.action, Occasion.REMINDER))
            Invitation.objects.in_school(held.school_id).filter(pk=held.pk).update(
                reminders=F("reminders") + 1, reminded_at=now
            )
            _write(held, letter, Occasion.REMINDER, key="", whole_key=key, sender=sender, by=by, now=now)
            audit.record("events.invitation_reminded", held, by=by)
            outcome.messages += 1
    return outcome


def remind_due(school: School, *, now: datetime) -> Outcome:
    """What the clock does each morning: those who did not answer, after the school's cool-down, on days when it writes."""
    today = timezone.localdate(now)
    if not reminding.timetable_of(school, today).is_open(today):
        return Outcome()
    chosen = settings_of(school)
    rows = _loaded(
        Invitation.objects.in_school(school)
        .filter(
            action__status=ActionStatus.PLANNED,
            action__start_date__gte=today + LATEST_REMINDER,
            reply="",
            suggested_date=None,
            reminders__lt=chosen.most_reminders,
            sent_date__lte=today - timedelta(days=chosen.reminder_days),
        )
        .exclude(email="")
    )
    refused = mailing.refused_addresses(school)
    due = [row for row in rows if why_not(row, chosen, refused, today) is None]
    outcome = remind(due, by=None, now=now)
    return Outcome(outcome.messages, [(row, why) for row, why in outcome.left if why is not Left.TODAY])


# ----------------------------------------------------------------------------------------------- cancellation and thanks


def to_tell_of_cancelling(action: Action) -> list[Invitation]:
    """Those who were invited and did not decline: they are told when the action is cancelled. With or without an address."""
    rows = Invitation.objects.in_school(action.school_id).filter(action=action)
    return list(_loaded(rows.exclude(reply=InvitationReply.DECLINED)))


@transaction.atomic
def tell_cancelled(action: Action, *, by: Any, now: datetime, sender: Membership | None = None) -> Outcome:
    """Tell them that the action is off, once each, in the caller's transaction. It is no information mail: P-08 does not stop it."""
    outcome = Outcome()
    letter = letters.of(action, Occasion.CANCELLATION)
    for row in to_tell_of_cancelling(action):
        if not mail.is_address(row.email):
            outcome.left.append((row, Left.NO_EMAIL))
            continue
        row.action = action
        _write(row, letter, Occasion.CANCELLATION, key="annulation", sender=sender, by=by, now=now)
        outcome.messages += 1
    audit.record("events.guests_told_of_cancelling", action, by=by, messages=outcome.messages)
    return outcome


Asking = Callable[[Action, Sequence[Invitation], datetime, Any], Mapping[int, str]]
_asking: list[Asking] = []


def asks_opinion(function: Asking) -> Asking:
    """Let an app above give each guest who came the address of an open survey: (action, invitations, now, by) → {pk: address}."""
    _asking.append(function)
    return function


def to_thank(action: Action) -> QuerySet[Invitation]:
    """The guests who came and were not thanked."""
    rows = Invitation.objects.in_school(action.school_id).filter(action=action, present=True, thanked_at=None)
    return _loaded(rows)


@transaction.atomic
def thank(action: Action, letter: letters.Letter, *, sender: Membership, by: Any, now: datetime) -> Outcome:
    """Thank those who came, once each, with the address of a survey when one is open for them.

    Raises ValidationError while the action is not done.
    """
    Action.objects.in_school(action.school_id).select_for_update(no_key=True).get(pk=action.pk)
    if action.status != ActionStatus.DONE:
        raise ValidationError("Dites d’abord que l’action a eu lieu, et qui est venu.")
    outcome = Outcome()
    refused = mailing.refused_addresses(action.school)
    going = []
    for row in to_thank(action):
        row.action = action
        if not mail.is_address(row.email):
            outcome.left.append((row, Left.NO_EMAIL))
        elif row.email.casefold() in refused:
            outcome.left.append((row, Left.REFUSES))
        else:
            going.append(row)
    surveys: dict[int, str] = {}
    for ask in _asking:
        surveys |= ask(action, going, now, by)
    for row in going:
        _write(
            row,
            letter,
            Occasion.THANKS,
            key="remerciement",
            sender=sender,
            survey=surveys.get(row.pk, ""),
            by=by,
            now=now,
        )
    thanked = Invitation.objects.in_school(action.school_id).filter(pk__in=[row.pk for row in going])
    thanked.update(thanked_at=now, updated_at=now, version=F("version") + 1)
    outcome.messages = len(going)
    audit.record("events.guests_thanked", action, by=by, messages=len(going))
    return outcome


# --------------------------------------------------------------------------------------------------------- what it gives


@dataclass(frozen=True)
class Tally:
    """Where the answers of an action stand."""

    invited: int = 0
    accepted: int = 0
    declined: int = 0
    pending: int = 0
    came: int = 0
    people: int = 0

    @property
    def answered(self) -> int:
        return self.accepted + self.declined

    @property
    def silent(self) -> int:
        return self.invited - self.answered - self.pending

    @property
    def rate(self) -> float | None:
        """Share of those invited who said yes or no; None without invitations."""
        return self.answered / self.invited if self.invited else None


def tally(rows: Iterable[Invitation]) -> Tally:
    """Count the answers of these invitations. A refusal is an answer; another date is none yet (I7.1)."""
    found = list(rows)
    accepted = [row for row in found if row.reply == InvitationReply.ACCEPTED]
    return Tally(
        invited=len(found),
        accepted=len(accepted),
        declined=sum(row.reply == InvitationReply.DECLINED for row in found),
        pending=sum(is_pending(row) for row in found),
        came=sum(bool(row.present) for row in found),
        people=sum(row.people or 1 for row in accepted),
    )


def waiting_for_bureau(school: School, today: date) -> QuerySet[Invitation]:
    """The guests of coming actions who propose another date or somebody else."""
    rows = Invitation.objects.in_school(school).filter(
        Q(suggested_date__isnull=False) | ~Q(substitute_name=""),
        reply="",
        action__status=ActionStatus.PLANNED,
        action__start_date__gte=today,
    )
    return _loaded(rows.exclude(~Q(substitute_email=""), suggested_date=None, email=F("substitute_email")))
