"""Writing to those who have to sign: the first message, the reminders that people ask for, those of the clock (S-23).

One message a person, with a working link to each paper that waits for them; colleagues get the address of their signing book
instead. The ledger is `Reminder`. Each message is written under the school's lock with the ledger's lines and a key of the
outbox: two workers at once, or one killed and run again, send nothing twice.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import audit, french, holidays_fr, jobs, mail, site, tokens, typography
from core.models import OutboxMessage
from core.verdict import ALLOWED, Denied, Verdict
from documents import circuit, delegations, ledger, links, reminder_rules, rules, signing_book, subjects
from documents.enums import LinkChannel, ReminderKind, SignatureRole, SignatureStatus
from documents.models import Delegation, Document, Reminder, Signature, SigningLink
from schools import calendar
from schools.enums import Role
from schools.models import Membership, School

BETWEEN_LOOKS = timedelta(seconds=30)
"""Between two looks at papers whose PDF is being made."""
CLOSED_AHEAD = timedelta(days=400)
"""How far ahead the school's closed days are read: more than the longest row of reminders on the page of settings."""
MOST_CALLED = 50
"""Signers told of in the work list."""


class Left(StrEnum):
    """Why somebody was not written to."""

    DONE = "n’attend plus de signature"
    REFUSED = "une signature est refusée : traitez d’abord le refus"
    NO_FILE = "le PDF est en préparation"
    NOT_YET = "d’autres personnes signent avant"
    NO_EMAIL = "sans adresse électronique : à appeler"
    COOLING = "relancé il y a moins de 48 heures"
    TODAY = "a déjà reçu un message aujourd’hui"
    TOLD = "a déjà reçu son lien"
    TOO_LATE = "le dernier jour pour signer en ligne est passé : la signature se fait sur papier"


@dataclass(frozen=True)
class Addressee:
    """Someone a message goes to. `member`: a colleague who signs from their account."""

    address: str
    name: str
    second: bool = False  # another person for the same signature: the second guardian
    member: Membership | None = None

    @property
    def how(self) -> tuple[str, bool, bool]:
        """What makes one message of several signatures: a teacher who is also a pupil's father gets two."""
        return self.address.casefold(), self.member is not None, self.second


Parcels = dict[tuple[str, bool, bool], list[tuple[Signature, Addressee]]]


@dataclass
class Outcome:
    """What a sending did."""

    messages: int = 0
    reminded: list[Signature] = field(default_factory=list)
    left: list[tuple[Signature, Left]] = field(default_factory=list)

    @property
    def to_call(self) -> list[Signature]:
        """Whom the bureau has to call: their turn has come and no message can reach them."""
        return [signature for signature, why in self.left if why is Left.NO_EMAIL]

    @property
    def sentence(self) -> str:
        """What to say to who asked."""
        said = []
        if self.messages:
            papers = french.plural(
                len({signature.pk for signature in self.reminded}), "signature demandée", "signatures demandées"
            )
            said.append(f"{french.plural(self.messages, 'message envoyé', 'messages envoyés')} : {papers}.")
        reasons: dict[Left, list[str]] = defaultdict(list)
        for signature, why in self.left:
            if why is not Left.DONE and signature.name not in reasons[why]:
                reasons[why].append(signature.name)
        for why, names in reasons.items():
            shown = ", ".join(names[:4]) + (f" et {len(names) - 4} autres" if len(names) > 4 else "")
            said.append(f"{shown} : {why.value}.")
        return " ".join(said) or "Personne n’attend de message."


# ---------------------------------------------------------------------------------------------- who can be written to now


@dataclass(frozen=True)
class State:
    """What a page says beside « Relancer »."""

    may: Verdict
    last: datetime | None = None
    again: datetime | None = None

    @property
    def sentence(self) -> str:
        """« relancé le 3 mars ; de nouveau possible le 5 mars à 9 h 42 », "" when nothing was sent."""
        if self.last is None:
            return ""
        text = f"Message envoyé le {french.short_day(timezone.localdate(self.last))}"
        if self.again:
            return f"{text} ; relance possible le {french.moment(self.again)}."
        return f"{text.removesuffix('.')}."  # « 17 nov. » ends with its own


def states(signatures: Sequence[Signature], now: datetime) -> dict[int, State]:
    """For each signature of one school, loaded with its paper: may it be asked again, and when was it last?"""
    if not signatures:
        return {}
    told = ledger.stories(signatures[0].school, [row.pk for row in signatures])
    book = _Book.open(signatures[0].school, signatures, now)
    found = {}
    for row in signatures:
        story = told.get(row.pk, ledger.NOTHING)
        cooling = reminder_rules.is_cooling(story.last, now)
        why = book.why_not(row) or (Left.COOLING if cooling else None)
        # Their own address first: asking who else may sign costs a query a row.
        if why is None and not mail.is_address(row.email.strip()) and not book.addressees(row):
            why = Left.NO_EMAIL
        found[row.pk] = State(
            Denied(typography.french(f"{row.name} : {why.value}.")) if why else ALLOWED,
            story.last,
            reminder_rules.again_from(story.last) if cooling else None,
        )
    return found


def _sent_online(school: School | int) -> QuerySet[Signature]:
    """What papers that were sent to somebody still wait for."""
    links_sent = SigningLink.objects.filter(school=OuterRef("school"), signature__document=OuterRef("document"))
    told = Reminder.objects.filter(school=OuterRef("school"), signature__document=OuterRef("document"))
    return _asked(school).filter(Exists(told) | Exists(links_sent.exclude(channel=LinkChannel.SHEET)))


def to_call(school: School, now: datetime) -> list[Signature]:
    """Whom only a call can reach: their turn has come on a paper sent online, and no message can leave."""
    # A second guardian who has an address was written to about the same signature: the ledger says so for all at once.
    told = Reminder.objects.filter(school=OuterRef("school"), signature=OuterRef("pk"))
    rows = _sent_online(school).filter(email="").exclude(role__in=signing_book.OWN_BOXES).exclude(Exists(told))
    found = list(rows[:MOST_CALLED])
    if not found:
        return []
    book = _Book.open(school, found, now)
    return [row for row in found if book.why_not(row) is None]


def expired(school: School, now: datetime) -> list[Signature]:
    """Those whose last link died before they signed."""
    of_row = SigningLink.objects.filter(school=OuterRef("school"), signature=OuterRef("pk"), revoked_at=None)
    rows = _asked(school).filter(Exists(of_row)).exclude(Exists(of_row.filter(expires_at__gt=now)))
    return list(rows[:MOST_CALLED])


# ------------------------------------------------------------------------------------------------------- who is written to


@dataclass(frozen=True)
class _Book:
    """What decides who is written to, read once for many signatures."""

    school: School
    now: datetime
    turns: Mapping[int, list[tuple[int, SignatureStatus]]]
    members: Mapping[str, Membership]  # active, with an account, by lower-case address
    heads: Sequence[Membership]

    @classmethod
    def open(cls, school: School, signatures: Sequence[Signature], now: datetime) -> "_Book":
        turns: dict[int, list[tuple[int, SignatureStatus]]] = defaultdict(list)
        rows = (
            Signature.objects.in_school(school).filter(document__in={row.document_id for row in signatures}).counted()
        )
        for document, turn, status in rows.values_list("document", "turn", "status"):
            turns[document].append((turn, SignatureStatus(status)))
        members = list(
            Membership.objects.in_school(school)
            .filter(is_active=True, user__isnull=False)
            .select_related("school", "user")
        )
        heads = [member for member in members if member.role_enum is Role.HEAD]
        if not heads:
            today = timezone.localdate(now)
            holders = set(Delegation.objects.in_school(school).on(today).values_list("membership", flat=True))
            heads = [member for member in members if member.pk in holders and delegations.standing(member, today).may]
        return cls(school, now, turns, {member.email.casefold(): member for member in members}, heads)

    def why_not(self, signature: Signature) -> Left | None:
        """Why nobody is to be written to about this signature; None when somebody is."""
        document = signature.document
        if signature.status != SignatureStatus.AWAITED or document.voided_at is not None:
            return Left.DONE
        others = self.turns.get(document.pk, [])
        if any(status == SignatureStatus.REFUSED for _, status in others):
            return Left.REFUSED
        if not document.sha256:
            return Left.NO_FILE
        return None if rules.is_their_turn(signature.turn, others) else Left.NOT_YET

    def addressees(self, signature: Signature) -> list[Addressee]:
        """Who gets the message: the colleague who signs from an account, or the person and who may sign in their place."""
        if signature.role == SignatureRole.HEAD and self.heads:
            return [Addressee(member.email, member.full_name, member=member) for member in self.heads]
        own = signature.email.strip()
        if signature.role == SignatureRole.REFERENT and (member := self.members.get(own.casefold())):
            return [Addressee(member.email, member.full_name, member=member)]
        found = [Addressee(own, signature.name)] if mail.is_address(own) else []
        for person in subjects.also_asked(signature.document, SignatureRole(signature.role)):
            if mail.is_address(person.email.strip()) and person.email.strip().casefold() != own.casefold():
                found.append(Addressee(person.email.strip(), person.name, second=True))
        return found


# ------------------------------------------------------------------------------------------------------------------- verbs


def send_first(documents: Sequence[Document], *, by: Any, now: datetime) -> Outcome:
    """Ask everyone whose turn has come on these papers of one school, and who was not asked yet: a link each, by mail."""
    return remind(_awaited(documents), kind=ReminderKind.FIRST, by=by, now=now)


def send_when_ready(document_ids: Sequence[int], *, until: datetime, by_id: int | None, now: datetime) -> jobs.Result:
    """The body of the job that sends the first messages of a batch. Papers without PDF put it off until `until`.

    Called again, it writes to nobody twice: the ledger knows who has their link.
    """
    found = list(Document.objects.filter(pk__in=document_ids, voided_at=None).select_related("school"))
    if not found:
        raise jobs.Failure("Ces documents sont remplacés : ouvrez leur dernière version.")
    by = User.objects.filter(pk=by_id).first() if by_id else None
    ready = [document for document in found if document.sha256]
    outcome = send_first(ready, by=by, now=now)
    if len(ready) < len(found) and now < until:
        said = f"{french.plural(len(found) - len(ready), 'PDF est', 'PDF sont')} en préparation : leurs liens suivent."
        raise jobs.Postponed(now + BETWEEN_LOOKS, said)
    return jobs.Result(outcome.sentence)


def send_next(document: Document, *, now: datetime) -> Outcome:
    """Somebody signed: those whose turn comes get their link, when the paper was sent online at all.

    Colleagues wait for the morning: one message a day tells them of all that came.
    """
    if not ledger.was_sent(document):
        return Outcome()
    return remind(_awaited([document]), kind=ReminderKind.FIRST, by=None, now=now, colleagues=False)


def remind_due(school: School, *, now: datetime) -> Outcome:
    """What the clock does for a school each morning, by its timetable: colleagues told of what came, reminders due."""
    today = timezone.localdate(now)
    timetable = timetable_of(school, today)
    if not timetable.is_open(today):
        return Outcome()
    rows = list(_sent_online(school))
    told = ledger.stories(school, [row.pk for row in rows])
    due = [row for row in rows if (story := told.get(row.pk)) is not None and _is_due(story, timetable, today)]
    # Who is told of a new paper this morning is reminded of the others another one: one message a day.
    first = remind([row for row in rows if row.pk not in told], kind=ReminderKind.FIRST, by=None, now=now)
    again = remind(due, kind=ReminderKind.AUTOMATIC, by=None, now=now)
    return Outcome(first.messages + again.messages, first.reminded + again.reminded, first.left + again.left)


def _is_due(story: ledger.Story, timetable: reminder_rules.Timetable, today: date) -> bool:
    if story.last is None:
        return False
    day = reminder_rules.next_reminder(
        timetable, last=timezone.localdate(story.last), reminded=story.reminded, automatic=story.automatic
    )
    return day is not None and day <= today


def timetable_of(school: School, today: date) -> reminder_rules.Timetable:
    """A school's timetable of reminders, with the public holidays of where it stands and its days without lessons to come.

    Of days that are past nothing is asked: a reminder that fell due in the holidays leaves on the first open day after them.
    """
    chosen = circuit.settings_of(school)
    return reminder_rules.Timetable(
        reminds=chosen.reminds,
        first_after=chosen.first_after,
        every=chosen.every,
        most=chosen.most,
        weekdays=frozenset(chosen.weekdays),
        alsace_moselle=holidays_fr.is_alsace_moselle(school.postal_code),
        closed=frozenset(calendar.days_off(school, today, today + CLOSED_AHEAD)),
    )


def _asked(school: School | int) -> QuerySet[Signature]:
    """Signatures that papers with a PDF still wait for."""
    rows = Signature.objects.in_school(school).awaited().filter(document__voided_at=None).exclude(document__sha256="")
    return rows.select_related("school", "document__school").order_by(
        "document__issued_at", "document__pk", "turn", "pk"
    )


def _awaited(documents: Sequence[Document]) -> list[Signature]:
    if not documents:
        return []
    rows = Signature.objects.in_school(documents[0].school_id).awaited()
    return list(
        rows.filter(document__in=[document.pk for document in documents])
        .select_related("school", "document__school")
        .order_by("document__issued_at", "document__pk", "turn", "pk")
    )


def remind(
    signatures: Sequence[Signature], *, kind: ReminderKind, by: Any, now: datetime, colleagues: bool = True
) -> Outcome:
    """Write to those who are to give these signatures of one school, loaded with their papers: one message a person.

    A reminder carries every other paper sent to the same address that waits as well. Who is left out, and why, is in the
    outcome: nothing raises. `colleagues`: False leaves those who sign from an account to their morning message.
    """
    outcome = Outcome()
    if not signatures:
        return outcome
    school = signatures[0].school
    book = _Book.open(school, signatures, now)
    told = ledger.stories(school, [row.pk for row in signatures])
    parcels: Parcels = defaultdict(list)
    for signature in signatures:
        story = told.get(signature.pk, ledger.NOTHING)
        why = book.why_not(signature)
        if why is None and kind is ReminderKind.MANUAL and reminder_rules.is_cooling(story.last, now):
            why = Left.COOLING
        people = [] if why else book.addressees(signature)
        if why is None and not people:
            why = Left.NO_EMAIL
        if why is not None:
            outcome.left.append((signature, why))
            continue
        for person in people:
            if person.member is None or colleagues:
                parcels[person.how].append((signature, person))
    if kind is not ReminderKind.FIRST:
        told |= _add_what_else_waits(school, parcels, now)
    for (address, _, _), parcel in parcels.items():
        _send(school, address, parcel, told, kind=kind, by=by, now=now, outcome=outcome)
    return outcome


def _add_what_else_waits(school: School, parcels: Parcels, now: datetime) -> dict[int, ledger.Story]:
    """The other papers of each address that were sent and still wait, unless somebody was written to about them lately.

    Added to the parcels; returns what was sent about them.
    """
    people = {how[0]: parcel[0][1] for how, parcel in parcels.items() if not any(how[1:])}
    known = {signature.pk for parcel in parcels.values() for signature, _ in parcel}
    others = list(
        _asked(school).annotate(address=Lower("email")).filter(address__in=list(people)).exclude(pk__in=known)
    )
    if not others:
        return {}
    told = ledger.stories(school, [row.pk for row in others])
    book = _Book.open(school, others, now)
    for row in others:
        story = told.get(row.pk)
        if story is None or reminder_rules.is_cooling(story.last, now) or book.why_not(row):
            continue
        address = row.email.strip().casefold()
        if address in people and all(person.member is None for person in book.addressees(row)):
            parcels[people[address].how].append((row, people[address]))
    return told


def _send(
    school: School,
    address: str,
    parcel: Sequence[tuple[Signature, Addressee]],
    told: Collection[int],
    *,
    kind: ReminderKind,
    by: Any,
    now: datetime,
    outcome: Outcome,
) -> None:
    """One message to one person, with its lines of the ledger; or why not."""
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        mine = f"signer:{school.uai}:{tokens.short(address)}:"
        key = f"{mine}{timezone.localdate(now)}"
        is_colleague = parcel[0][1].member is not None
        if (is_colleague or kind is not ReminderKind.FIRST) and _was_written_today(school, mine, key, now):
            # Somebody outside still gets the first link to a new paper; a colleague finds it in their book.
            outcome.left += [(row, Left.TODAY) for row, _ in parcel if is_colleague or row.pk in told]
            parcel = [(row, person) for row, person in parcel if not is_colleague and row.pk not in told]
        if not any(row.pk in told for row, _ in parcel):
            kind = ReminderKind.FIRST  # nothing to remind them of yet
        if kind is ReminderKind.FIRST:
            known = _told_first(school, mine, parcel)
            outcome.left += [(row, Left.TOLD) for row, _ in parcel if row.pk in known]
            parcel = [(row, person) for row, person in parcel if row.pk not in known]
            key = f"{mine}{tokens.short(','.join(str(row.pk) for row, _ in parcel))}"
        if not parcel:
            return
        if is_colleague:
            key = f"{mine}{timezone.localdate(now)}"
            _tell_colleague(school, parcel, kind=kind, key=key, by=by, now=now, outcome=outcome)
        else:
            _send_links(parcel, kind=kind, key=key, by=by, now=now, outcome=outcome)


def _was_written_today(school: School, mine: str, key: str, now: datetime) -> bool:
    """Was this person written to today, whichever way? Asked under the school's lock."""
    told = Reminder.objects.in_school(school).filter(message_key__startswith=mine, sent_at__gte=_midnight(now))
    return told.exists() or OutboxMessage.objects.filter(key=key).exists()


def _told_first(school: School, mine: str, parcel: Sequence[tuple[Signature, Addressee]]) -> set[int]:
    """The signatures that this person was already asked for. Asked under the school's lock."""
    theirs = Q(message_key__startswith=mine)
    if parcel and not parcel[0][1].second:  # a link that the bureau sent from the paper's page is theirs as well
        theirs |= ~Q(message_key__startswith="signer:")
    rows = Reminder.objects.in_school(school).filter(theirs, signature__in=[row.pk for row, _ in parcel])
    return set(rows.values_list("signature", flat=True))


def _send_links(
    parcel: Sequence[tuple[Signature, Addressee]],
    *,
    kind: ReminderKind,
    key: str,
    by: Any,
    now: datetime,
    outcome: Outcome,
) -> None:
    """The papers that can still be signed online, in one message with a fresh link to each."""
    open_now = []
    for row, person in parcel:
        if links.expiry(row.document, now) > now:
            open_now.append((row, person))
        else:
            outcome.left.append((row, Left.TOO_LATE))
    if not open_now:
        return
    person = open_now[0][1]
    rows = [row for row, _ in open_now]
    second = {"name": person.name, "email": person.address} if person.second else {}
    try:
        with transaction.atomic():
            links.send_all(rows, by=by, now=now, kind=kind, key=key, **second)
    except (ValidationError, mail.Unsendable):  # it moved since it was read
        outcome.left += [(row, Left.DONE) for row in rows]
        return
    outcome.messages += 1
    outcome.reminded += rows


def _tell_colleague(
    school: School,
    parcel: Sequence[tuple[Signature, Addressee]],
    *,
    kind: ReminderKind,
    key: str,
    by: Any,
    now: datetime,
    outcome: Outcome,
) -> None:
    """« 12 documents à signer », with the address of the signing book: no link opens it, the account does."""
    member = parcel[0][1].member
    assert member is not None
    count = max(signing_book.ready(member, timezone.localdate(now)).count(), len(parcel))
    words = french.plural(count, "document à signer", "documents à signer")
    url = site.address() + reverse("documents:signing_book", args=[school.uai])
    mail.send_later(
        to=member.email,
        subject=words.replace("\N{NO-BREAK SPACE}", " "),
        body=typography.french(
            f"Bonjour,\n\n{school.name} : {words} de votre main. Lisez la liste, puis signez en une fois, "
            f"depuis votre compte :\n\n{url}\n\nVous pouvez aussi signer sur papier : le bureau des entreprises le note.\n"
        ),
        key=key,
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )
    rows = [row for row, _ in parcel]
    ledger.write(rows, kind=kind, key=key, by=by, now=now)
    audit.record("documents.colleague_told", scope=school.uai, by=by, signatures=len(parcel), kind=kind.value)
    outcome.messages += 1
    outcome.reminded += rows


def _midnight(now: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
