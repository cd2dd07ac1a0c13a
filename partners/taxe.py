"""Verbs of the taxe d'apprentissage: who is asked, what they answer, what comes, who is thanked.

Two people may do the same at once: each verb takes the rows first (a lock on PostgreSQL, the write transaction on SQLite)
and does only what is still to do, so that nobody is asked, counted or thanked twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core import audit, french, jobs
from core.models import Job
from partners import tasks, taxe_mail
from partners.enums import Channel, ContributionNature, Initiative, TaxIntention
from partners.mailing import note_exchanges, refused_addresses
from partners.models import Contribution, Interaction, Mailing, Partner, TaxApproach
from partners.rules import taxe as rules
from schools.models import Membership, School
from schools.services import change_record, create_record, remove_record

TWICE = "deja_note"
"""Code of the refusal of a payment that is already written."""


# ------------------------------------------------------------------------------------------------------- who is asked


@transaction.atomic
def add_partners(school: School, campaign: int, partners: Iterable[int], *, by: Any) -> int:
    """Put partners on the follow-up list of a campaign; those who are there stay as they are. Returns how many are new.

    Each comes with the contact to ask, and with what it has already paid or promised for the campaign.
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    known = TaxApproach.objects.in_school(school).filter(campaign=campaign).values_list("partner_id", flat=True)
    wanted = set(partners) - set(known)
    found = set(Partner.objects.in_school(school).in_use().filter(pk__in=wanted).values_list("pk", flat=True))
    contacts = taxe_mail.contacts_to_ask(school, found)
    given = Contribution.objects.in_school(school).filter(
        campaign=campaign, nature=ContributionNature.TAXE, partner__in=found
    )
    fresh = {
        partner: TaxApproach(
            school=school,
            campaign=campaign,
            partner_id=partner,
            contact=contacts.get(partner),
            created_by=by,
            updated_by=by,
        )
        for partner in sorted(found)
    }
    for row in given.order_by("pk"):
        _reflect(fresh[row.partner_id], row)
    TaxApproach.objects.bulk_create(fresh.values())
    if fresh:
        audit.record("partners.taxapproach.added", by=by, scope=school.uai, campaign=campaign, count=len(fresh))
    return len(fresh)


def _reflect(approach: TaxApproach, row: Contribution) -> None:
    """What a contribution says of where the partner stands; a payment says more than a promise."""
    if row.received_date is not None:
        approach.intention = TaxIntention.PAID
    elif approach.promise_id is None:
        approach.promise = row
        approach.promised_amount = row.amount
        if approach.intention != TaxIntention.PAID:
            approach.intention = TaxIntention.PROMISED


@transaction.atomic
def note_answer(
    approach: TaxApproach,
    *,
    version: int,
    intention: TaxIntention,
    amount: Decimal | None,
    channel: str,
    note: str | None,
    member: Membership,
    today: date,
) -> TaxApproach:
    """What a partner says, in one line: asked, promises (with an amount, a contribution without date), refuses.

    Raises ValidationError when the answer cannot be (an amount without a promise, « a versé » without a payment), StaleEdit.
    """
    by = member.user
    if amount is not None and intention != TaxIntention.PROMISED:
        raise ValidationError(
            {"amount": "Un montant accompagne une promesse. Un versement reçu se note dans les versements."}
        )
    paid = _payments_of(approach).filter(received_date__isnull=False).exists()
    if intention == TaxIntention.PAID and not paid:
        raise ValidationError({"intention": "Notez d’abord le versement reçu : la réponse suivra d’elle-même."})
    if paid and intention != TaxIntention.PAID:
        raise ValidationError({"intention": "Un versement est déjà reçu pour cette campagne."})
    promise = approach.promise
    if intention == TaxIntention.PROMISED and amount is not None:
        approach.promise = _promised(approach, amount, by=by)
        approach.promised_amount = amount
    elif intention != TaxIntention.PROMISED and intention != TaxIntention.PAID:
        approach.promise = approach.promised_amount = None
    approach.intention = intention
    if note is not None:
        approach.note = note
    if intention == TaxIntention.TO_ASK:
        approach.asked_date = approach.asked_by = approach.answered_date = None
        approach.channel = ""
    else:
        if approach.asked_date is None:
            approach.asked_date, approach.asked_by = today, member
            approach.channel = channel
        approach.answered_date = today if intention in rules.ANSWERED else None
    saved = change_record(approach, version=version, by=by, changed=["intention"])
    if promise is not None and approach.promise_id is None and promise.received_date is None:
        remove_record(promise, by=by)
    if channel:
        create_record(_exchange(approach, channel, today, member, "réponse notée"), by=by)
    return saved


def _payments_of(about: TaxApproach | Contribution) -> QuerySet[Contribution]:
    """The payments and promises of taxe of this partner for this campaign."""
    found: QuerySet[Contribution] = Contribution.objects.in_school(about.school_id).filter(
        partner=about.partner_id, campaign=about.campaign, nature=ContributionNature.TAXE
    )
    return found


def _promise_of(about: TaxApproach | Contribution) -> Contribution | None:
    """The oldest promise of this partner for this campaign that nothing has settled."""
    return _payments_of(about).filter(received_date=None).order_by("pk").first()


def _promised(approach: TaxApproach, amount: Decimal, *, by: Any) -> Contribution:
    """The contribution without date that says the promise: the one there is, or a new one."""
    row = approach.promise or _promise_of(approach)
    if row is None:
        row = Contribution(
            school=approach.school,
            partner_id=approach.partner_id,
            campaign=approach.campaign,
            nature=ContributionNature.TAXE,
            amount=amount,
        )
        return create_record(row, by=by)[0]
    if row.amount != amount:
        row.amount = amount
        change_record(row, version=row.version, by=by, changed=["amount"])
    return row


def _exchange(approach: TaxApproach, channel: str, day: date, member: Membership, what: str) -> Interaction:
    """The exchange on the partner's page: never an amount, since more people read exchanges than the taxe."""
    return Interaction(
        school=approach.school,
        partner_id=approach.partner_id,
        contact_id=approach.contact_id,
        date=day,
        channel=channel,
        initiative=Initiative.SCHOOL,
        subject=f"Taxe d’apprentissage {approach.campaign} : {what}",
        author_email=member.email,
    )


# ---------------------------------------------------------------------------------------------------------- what comes


@dataclass(frozen=True)
class Receipt:
    """A payment that was written: the record, and what had been promised when it settles a promise."""

    contribution: Contribution
    promised: Decimal | None = None

    @property
    def settlement(self) -> str:
        """What became of the promise; "" when there was none."""
        if self.promised is None:
            return ""
        if self.promised == self.contribution.amount:
            return f"La promesse de {french.euros(self.promised)} est tenue."
        return f"{french.euros(self.contribution.amount)} reçus pour {french.euros(self.promised)} promis."


@transaction.atomic
def record_contribution(
    contribution: Contribution, *, by: Any, key: UUID | None = None, twice: bool = False, today: date
) -> Receipt:
    """A payment, a promise or a gift, new. A payment of taxe settles the partner's promise of that campaign: same record.

    Raises ValidationError (code `deja_note`) when the same payment is written already, unless `twice` says that it really
    came twice.
    """
    school = contribution.school
    if contribution.partner_id:
        Partner.objects.in_school(school).select_for_update(no_key=True).get(pk=contribution.partner_id)
    if key is not None:
        found = Contribution.objects.in_school(school).filter(public_id=key).first()
        if found is not None:
            return Receipt(found)
    _demand_new(contribution, twice=twice)
    promise = _promise_to_settle(contribution)
    if promise is None:
        saved = create_record(contribution, by=by, key=key)[0]
        follow(saved, by=by, today=today)
        return Receipt(saved)
    promised = promise.amount
    for name in ("amount", "received_date", "origin", "transfer", "thanked_date"):
        setattr(promise, name, getattr(contribution, name))
    promise.use = contribution.use or promise.use
    promise.full_clean(exclude=["school"])
    change_record(promise, version=promise.version, by=by, changed=["amount", "received_date"])
    follow(promise, by=by, today=today)
    return Receipt(promise, promised)


def same_payment(contribution: Contribution) -> Contribution | None:
    """The payment already written for this partner, campaign, nature, amount and day, if any."""
    if contribution.received_date is None:
        return None
    found: Contribution | None = (
        Contribution.objects.in_school(contribution.school_id)
        .filter(
            partner=contribution.partner_id,
            campaign=contribution.campaign,
            nature=contribution.nature,
            amount=contribution.amount,
            received_date=contribution.received_date,
        )
        .select_related("updated_by")
        .first()
    )
    return found


def _demand_new(contribution: Contribution, *, twice: bool) -> None:
    if twice or (same := same_payment(contribution)) is None:
        return
    who = f"par {same.updated_by} " if same.updated_by else ""
    raise ValidationError(
        f"Ce versement est déjà noté, {who}le {french.moment(same.updated_at)} : rien n’est ajouté. "
        "S’il est bien arrivé deux fois, cochez la case et enregistrez de nouveau.",
        code=TWICE,
    )


def _promise_to_settle(contribution: Contribution) -> Contribution | None:
    if contribution.nature != ContributionNature.TAXE or contribution.received_date is None:
        return None
    return _promise_of(contribution)


@transaction.atomic
def change_contribution(
    contribution: Contribution, *, version: int, by: Any, changed: list[str], today: date
) -> Contribution:
    """Save a correction; the follow-up of the partners and campaigns concerned says the same afterwards."""
    before = Contribution.objects.in_school(contribution.school_id).get(pk=contribution.pk)
    saved = change_record(contribution, version=version, by=by, changed=changed)
    follow(saved, by=by, today=today)
    if (before.partner_id, before.campaign) != (saved.partner_id, saved.campaign):
        follow(before, by=by, today=today)
    return saved


@transaction.atomic
def remove_contribution(contribution: Contribution, *, by: Any, today: date) -> None:
    """Delete a payment or a promise; the follow-up of the partner goes back to what is left."""
    remove_record(contribution, by=by)
    follow(contribution, by=by, today=today)


def follow(contribution: Contribution, *, by: Any, today: date) -> None:
    """Make the approach of this partner and campaign say what its payments of taxe say: paid, promised, or neither.

    A promise puts the partner on the list, so that it can be reminded; a payment that nobody asked for does not.
    """
    if contribution.nature != ContributionNature.TAXE:
        return
    approach = (
        TaxApproach.objects.in_school(contribution.school_id)
        .filter(partner=contribution.partner_id, campaign=contribution.campaign)
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    paid = _payments_of(contribution).filter(received_date__isnull=False).exists()
    promise = _promise_of(contribution)
    if approach is None:
        if promise is None:
            return
        approach = TaxApproach(
            school=contribution.school, campaign=contribution.campaign, partner_id=contribution.partner_id
        )
        approach.contact = taxe_mail.contacts_to_ask(contribution.school, [contribution.partner_id]).get(
            contribution.partner_id
        )
        _stand(approach, paid=paid, promise=promise, today=today)
        create_record(approach, by=by)
        return
    version = approach.version
    if _stand(approach, paid=paid, promise=promise, today=today):
        change_record(approach, version=version, by=by, changed=["intention"])


def _stand(approach: TaxApproach, *, paid: bool, promise: Contribution | None, today: date) -> bool:
    """Set intention and promise from the payments; True when something changed."""
    before = (approach.intention, approach.promise_id, approach.promised_amount)
    if promise is not None:
        approach.promise, approach.promised_amount = promise, promise.amount
    if paid:
        approach.intention = TaxIntention.PAID
    elif promise is not None:
        approach.intention = TaxIntention.PROMISED
    elif approach.intention in (TaxIntention.PAID, TaxIntention.PROMISED) and (
        approach.intention == TaxIntention.PAID or approach.promised_amount is not None
    ):
        approach.intention = TaxIntention.ASKED if approach.asked_date else TaxIntention.TO_ASK
        approach.promise = approach.promised_amount = None
        approach.answered_date = None
    after = (approach.intention, approach.promise_id, approach.promised_amount)
    if before != after and approach.intention in rules.ANSWERED and approach.answered_date is None:
        approach.answered_date = today
    return before != after


# --------------------------------------------------------------------------------------------------------- messages


@dataclass(frozen=True)
class Sent:
    """What a bulk message did: how many leave, the job that sends them, and who was left aside with the reason."""

    count: int
    left: list[tuple[Partner, str]]
    job: Job | None = None


@transaction.atomic
def write_to(
    school: School,
    approaches: Sequence[int],
    *,
    reminder: bool,
    subject: str,
    body: str,
    member: Membership,
    today: date,
) -> Sent:
    """Ask partners, or remind them: one message each, one exchange each, the date on the follow-up list.

    Those who may not be written to now (answered, asked a few days ago, no address, do not want mail) are left aside.
    """
    rows = list(
        TaxApproach.objects.in_school(school)
        .filter(pk__in=approaches)
        .select_related("partner", "contact", "school")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    going, left = sorted_out(rows, reminder=reminder, today=today)
    if not going:
        return Sent(0, left)
    ids = [row.pk for row, _ in going]
    now = timezone.now()
    common: dict[str, Any] = {"version": F("version") + 1, "updated_by": member.user, "updated_at": now}
    chosen = TaxApproach.objects.in_school(school).filter(pk__in=ids)
    if reminder:
        chosen.update(reminded_date=today, **common)
    else:
        chosen.update(asked_date=today, asked_by=member, channel=Channel.MAIL, intention=TaxIntention.ASKED, **common)
    what = "relance" if reminder else "sollicitation"
    exchanges = [_exchange(row, Channel.MAIL, today, member, f"{what} par courriel") for row, _ in going]
    note_exchanges(exchanges, by=member.user, scope=school.uai)
    mailing = _mailing(school, subject, body, len(going), by=member.user)
    job = jobs.enqueue(
        tasks.send_taxe_messages,
        by=member.user,
        scope=school.uai,
        total=len(going),
        mailing_id=mailing.pk,
        approach_ids=ids,
    )
    return Sent(len(going), left, job)


def sorted_out(
    rows: Iterable[TaxApproach], *, reminder: bool, today: date
) -> tuple[list[tuple[TaxApproach, str]], list[tuple[Partner, str]]]:
    """Those who may be written to today with the address, and the others with the reason; one address receives one message."""
    rows = list(rows)
    refused = refused_addresses(rows[0].school) if rows else frozenset()
    taken: dict[str, Partner] = {}
    going, left = [], []
    for row in rows:
        turn = (
            rules.may_remind(row.intention, row.asked_date, row.reminded_date, today)
            if reminder
            else rules.may_ask(row.intention, row.asked_date)
        )
        address, reason = taxe_mail.address_of(row.partner, row.contact, refused)
        if turn and address and address.casefold() in taken:
            left.append((row.partner, f"même adresse que {taken[address.casefold()]}"))
        elif turn and address:
            taken[address.casefold()] = row.partner
            going.append((row, address))
        else:
            left.append((row.partner, reason if turn else turn.reason))
    return going, left


def _mailing(school: School, subject: str, body: str, recipients: int, *, by: Any) -> Mailing:
    mailing = Mailing(school=school, subject=subject, body=body, recipients=recipients)
    return create_record(mailing, by=by)[0]


# --------------------------------------------------------------------------------------------------------- thanks


@transaction.atomic
def thank_on_paper(school: School, contributions: Iterable[int], *, form: str, by: Any, today: date) -> Sent:
    """Letters for what was received and nobody was thanked for yet: marked thanked today, drawn by a job.

    `form`: « impression » (one PDF to print) or « zip » (one PDF each).
    """
    ids = _claim_thanks(school, contributions, by=by, today=today)
    if not ids:
        return Sent(0, [])
    job = _letters(school, ids, form=form, by=by, today=today, batch=uuid4().hex)
    return Sent(_partners_of(school, ids), [], job)


def print_again(school: School, contributions: Iterable[int], *, by: Any, today: date) -> Job:
    """The letter of payments that were thanked for already, drawn once more; no date changes."""
    ids = sorted(set(contributions))
    return _letters(school, ids, form="impression", by=by, today=today, batch=f"encore-{ids[0]}-{len(ids)}")


def _letters(school: School, ids: list[int], *, form: str, by: Any, today: date, batch: str) -> Job:
    return jobs.enqueue(
        tasks.render_thanks,
        by=by,
        scope=school.uai,
        school_id=school.pk,
        contribution_ids=ids,
        form=form,
        today=today,
        batch=batch,
    )


@transaction.atomic
def thank_by_mail(
    school: School, contributions: Iterable[int], *, subject: str, body: str, member: Membership, today: date
) -> Sent:
    """Thank by message, one to each partner, with an exchange on its page; those without address keep waiting."""
    wanted = list(_to_thank(school, contributions).select_related("partner"))
    partners = {row.partner_id: row.partner for row in wanted}
    contacts = taxe_mail.contacts_to_ask(school, partners)
    refused = refused_addresses(school)
    left, reached = [], set()
    for pk, partner in partners.items():
        address, reason = taxe_mail.address_of(partner, contacts.get(pk), refused)
        if address:
            reached.add(pk)
        else:
            left.append((partner, reason))
    ids = _claim_thanks(school, [row.pk for row in wanted if row.partner_id in reached], by=member.user, today=today)
    if not ids:
        return Sent(0, left)
    count = _partners_of(school, ids)
    mailing = _mailing(school, subject, body, count, by=member.user)
    exchanges = [
        Interaction(
            school=school,
            partner_id=pk,
            contact=contacts.get(pk),
            date=today,
            channel=Channel.MAIL,
            initiative=Initiative.SCHOOL,
            subject="Remerciements du lycée",
            author_email=member.email,
        )
        for pk in sorted({row.partner_id for row in wanted if row.pk in set(ids)})
    ]
    note_exchanges(exchanges, by=member.user, scope=school.uai)
    job = jobs.enqueue(
        tasks.send_thanks,
        by=member.user,
        scope=school.uai,
        total=count,
        mailing_id=mailing.pk,
        contribution_ids=ids,
        today=today,
    )
    return Sent(count, left, job)


def _to_thank(school: School, contributions: Iterable[int]) -> QuerySet[Contribution]:
    found: QuerySet[Contribution] = Contribution.objects.in_school(school).filter(
        pk__in=list(contributions), received_date__isnull=False, thanked_date=None
    )
    return found.order_by("pk")


def _claim_thanks(school: School, contributions: Iterable[int], *, by: Any, today: date) -> list[int]:
    """Mark as thanked those that are not yet, under lock: two people who ask at once share them out."""
    ids = list(
        _to_thank(school, contributions).select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    )
    if ids:
        Contribution.objects.in_school(school).filter(pk__in=ids).update(
            thanked_date=today, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
        )
        audit.record("partners.contribution.thanked", by=by, scope=school.uai, count=len(ids))
    return ids


def _partners_of(school: School, ids: list[int]) -> int:
    rows = Contribution.objects.in_school(school).filter(pk__in=ids)
    return len(set(rows.values_list("partner_id", "campaign")))


@transaction.atomic
def unthank(school: School, contributions: Iterable[int], day: date, *, by: Any) -> int:
    """« Annuler »: these payments were not thanked for, if they still bear that day. Returns how many."""
    count = (
        Contribution.objects.in_school(school)
        .filter(pk__in=list(contributions), thanked_date=day)
        .update(thanked_date=None, version=F("version") + 1, updated_by=by, updated_at=timezone.now())
    )
    if count:
        audit.record("partners.contribution.unthanked", by=by, scope=school.uai, count=count)
    return count


@transaction.atomic
def write_use(school: School, contributions: Iterable[int], use: str, *, by: Any) -> int:
    """Say what several payments bought, at once. Returns how many changed."""
    count = (
        Contribution.objects.in_school(school)
        .filter(pk__in=list(contributions))
        .exclude(use=use)
        .update(use=use, version=F("version") + 1, updated_by=by, updated_at=timezone.now())
    )
    if count:
        audit.record("partners.contribution.use_written", by=by, scope=school.uai, count=count)
    return count
