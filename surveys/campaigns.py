"""Asking those who left at the end of a year: whom, how they can be reached, the messages, what became of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core import audit, french, jobs, mail, site, typography
from core.models import Job
from core.school_year import SchoolYear
from schools import links
from schools.models import School, Student
from schools.services import change_record
from surveys import cohorts
from surveys.enums import DOSSIER_TERMS, CallResult, Situation, Term
from surveys.models import LeaverCall, LeaverCampaign, LeaverLink, LeaverOutcome
from surveys.rules import leavers

LINK_LIFE = timedelta(days=30)
BETWEEN_MESSAGES = timedelta(days=7)
MOST_MESSAGES = 2
"""A message, and one reminder."""
AT_ONCE = 20
SUBJECT = "Que fais-tu maintenant ? Trois questions de ton ancien lycée"
"""Names nobody (S-28)."""
AGO = {
    Term.SIX_MONTHS: "il y a six mois",
    Term.TWELVE_MONTHS: "il y a un an",
    Term.EIGHTEEN_MONTHS: "il y a un an et demi",
    Term.TWENTY_FOUR_MONTHS: "il y a deux ans",
}


class Step(StrEnum):
    """Where one leaver stands in a campaign; the words are those of the screen."""

    TO_ASK = "À joindre"
    WRITTEN = "Message parti"
    CALLED = "Appelé, sans réponse"
    UNREACHABLE = "Ni adresse ni téléphone"
    REFUSED = "Ne veut pas répondre"
    ANSWERED = "A répondu"


@dataclass(frozen=True)
class Person:
    """A leaver of the cohort, what they said, how they can be reached and what was tried."""

    student: Student
    klass: str
    formation: str
    outcome: LeaverOutcome | None
    before: LeaverOutcome | None  # what they said at the last term asked earlier
    messages: int
    last_message: datetime | None
    bounced: bool
    calls: Sequence[LeaverCall]  # latest first
    objects: bool = False  # wrote, in a campaign before, that they want no more of these messages (P-08)

    @property
    def is_answered(self) -> bool:
        return self.outcome is not None and self.outcome.situation != Situation.NO_ANSWER

    @property
    def under_way(self) -> LeaverCall | None:
        """The call that somebody is making now."""
        return next((call for call in self.calls if not call.result), None)

    @property
    def last_call(self) -> LeaverCall | None:
        return next((call for call in self.calls if call.result), None)

    @property
    def refuses(self) -> bool:
        return self.objects or any(call.result == CallResult.REFUSES for call in self.calls)

    @property
    def address(self) -> str:
        """Where to write; none once a message came back."""
        address = self.student.email.strip()
        return address if mail.is_address(address) and not self.bounced else ""

    @property
    def phone(self) -> str:
        """The number to call; none once somebody found it wrong."""
        wrong = any(call.result == CallResult.WRONG_NUMBER for call in self.calls)
        return "" if wrong else self.student.phone.strip()

    @property
    def step(self) -> Step:
        if self.is_answered:
            return Step.ANSWERED
        if self.refuses:
            return Step.REFUSED
        if not self.address and not self.phone:
            return Step.UNREACHABLE
        if self.last_call is not None:
            return Step.CALLED
        return Step.WRITTEN if self.messages else Step.TO_ASK

    @property
    def is_open(self) -> bool:
        """May they still be asked?"""
        return not self.is_answered and not self.refuses


@dataclass(frozen=True)
class Reach:
    """How those who were not asked yet can be."""

    by_mail: int
    by_phone_only: int
    neither: int


def leaving_of(campaign: LeaverCampaign) -> SchoolYear:
    """The school year at whose end the people of a campaign left."""
    return SchoolYear.parse(campaign.leaving_year)


def people(campaign: LeaverCampaign) -> list[Person]:
    """Everyone of the cohort by name, in eight queries whatever their number."""
    school, year = campaign.school, leaving_of(campaign)
    students = list(cohorts.leavers(school, year).order_by("search_text", "pk"))
    classes = cohorts.final_classes(school, [year])
    mine = {"school": school, "student__in": [one.pk for one in students]}
    now_said: dict[int, LeaverOutcome] = {}
    earlier: dict[int, LeaverOutcome] = {}
    rows = LeaverOutcome.objects.in_school(school).filter(**mine, term_months__lte=campaign.term_months)
    for row in rows.select_related("partner").order_by("term_months"):
        if row.term_months == campaign.term_months:
            # Of another year of leaving, it is not of this cohort's answers.
            if row.leaving_year == campaign.leaving_year:
                now_said[row.student_id] = row
        elif row.situation != Situation.NO_ANSWER:
            earlier[row.student_id] = row
    sent: dict[int, list[datetime]] = {}
    for student, moment in (
        LeaverLink.objects.in_school(school).filter(campaign=campaign).values_list("student_id", "created_at")
    ):
        sent.setdefault(student, []).append(moment)
    calls: dict[int, list[LeaverCall]] = {}
    said_no: dict[int, date] = {}
    by_link = Q(result=CallResult.REFUSES, created_by=None, student__in=mine["student__in"])
    for call in (
        LeaverCall.objects.in_school(school)
        .filter(Q(campaign=campaign) | by_link)
        .select_related("created_by")
        .order_by("-called_at", "-pk")
    ):
        if call.campaign_id == campaign.pk:
            calls.setdefault(call.student_id, []).append(call)
        else:
            said_no.setdefault(call.student_id, timezone.localdate(call.called_at))
    lost = bounced(campaign)
    return [
        Person(
            student=one,
            klass=classes[year, one.pk].code,
            formation=classes[year, one.pk].formation,
            outcome=now_said.get(one.pk),
            before=earlier.get(one.pk),
            messages=len(sent.get(one.pk, ())),
            last_message=max(sent[one.pk]) if one.pk in sent else None,
            bounced=one.public_id in lost,
            calls=calls.get(one.pk, ()),
            objects=one.pk in said_no and not _answered_since(earlier.get(one.pk), said_no[one.pk]),
        )
        for one in students
    ]


def _answered_since(said: LeaverOutcome | None, day: date) -> bool:
    """« Répondre quand même », after all."""
    return said is not None and said.survey_date is not None and said.survey_date >= day


def reach(everyone: Iterable[Person]) -> Reach:
    """Of those who may still be asked: how many have an address, a telephone only, neither."""
    kinds = Counter("mail" if one.address else "phone" if one.phone else "neither" for one in everyone if one.is_open)
    return Reach(kinds["mail"], kinds["phone"], kinds["neither"])


def to_write(everyone: Iterable[Person]) -> list[Person]:
    """Those who have an address and received nothing yet."""
    return [one for one in everyone if one.is_open and one.address and not one.messages]


def to_remind(everyone: Iterable[Person], now: datetime) -> list[Person]:
    """Those whose first message is a week old without an answer: one reminder, not two."""
    return [
        one
        for one in everyone
        if one.is_open
        and one.address
        and 0 < one.messages < MOST_MESSAGES
        and one.last_message is not None
        and one.last_message <= now - BETWEEN_MESSAGES
    ]


def remindable_on(everyone: Iterable[Person]) -> date | None:
    """The first day on which somebody may be reminded; None when nobody waits for that."""
    moments = [
        one.last_message
        for one in everyone
        if one.is_open and one.address and 0 < one.messages < MOST_MESSAGES and one.last_message is not None
    ]
    return timezone.localdate(min(moments) + BETWEEN_MESSAGES) if moments else None


# ------------------------------------------------------------------------------------------------ messages
def url_of(token: str) -> str:
    """The whole address of a leaver's page, on the configured host."""
    return site.address() + reverse("leaver_page", args=[token])


def letter(campaign: LeaverCampaign, first_name: str, url: str, *, until: datetime, again: bool) -> str:
    """What a leaver reads: « tu », who asks, what for, how to say no."""
    school = campaign.school
    opening = (
        "Nous t’avons écrit il y a quelques jours, et ta réponse nous manque encore."
        if again
        else f"Tu as quitté notre lycée {AGO[Term(campaign.term_months)]}. Que fais-tu maintenant ?"
    )
    phone = f", ou appelle le {school.phone}" if school.phone else ""
    return typography.french(
        f"Bonjour {first_name},\n\n{opening} Trois touches suffisent, sans mot de passe :\n\n{url}\n\n"
        "Ta réponse aide le lycée à savoir ce que deviennent ses élèves, et à mieux préparer les suivants. Tu n’es pas "
        "obligé de répondre : la même page permet de ne plus recevoir ce message.\n\n"
        f"Ce lien est à toi seul, il marche jusqu'au {typography.long_date(timezone.localdate(until))}. "
        f"Une question ? Réponds à ce message{phone}.\n\nLe bureau des entreprises\n{school.name}\n"
    )


def message_key(campaign: LeaverCampaign, student: Student, rank: int | str) -> str:
    """What the outbox knows a message by: at most one of each rank to a person."""
    return f"{_prefix(campaign)}{rank}:{student.public_id}"


def _prefix(campaign: LeaverCampaign) -> str:
    return f"leaver:{campaign.public_id}:"


def write_to(campaign: LeaverCampaign, student: Student, *, rank: int | str, again: bool, now: datetime) -> None:
    """One message with a fresh link, in the caller's transaction: tokens are not kept, so that a reminder has its own."""
    school = campaign.school
    link, token = links.made(
        LeaverLink,
        school=school,
        campaign=campaign,
        student=student,
        email=student.email.strip(),
        expires_at=now + LINK_LIFE,
        created_at=now,
    )
    link.save(force_insert=True)
    mail.send_later(
        to=link.email,
        subject=SUBJECT,
        body=letter(campaign, student.first_name, url_of(token), until=link.expires_at, again=again),
        key=message_key(campaign, student, rank),
        scope=school.uai,
        reply_to=school.email,
    )


def send(campaign: LeaverCampaign, *, again: bool, now: datetime, by: Any = None) -> jobs.Result:
    """The body of the job: a message to each who may have one. Run again after a crash, it goes on where it was."""
    if campaign.closed_date is not None:
        return jobs.Result("La campagne est close : aucun message n’est parti.")
    everyone = people(campaign)
    wanted = to_remind(everyone, now) if again else to_write(everyone)
    for start in range(0, len(wanted), AT_ONCE):
        jobs.progress(start, len(wanted), "Les messages partent un à un.")
        with transaction.atomic():
            for one in wanted[start : start + AT_ONCE]:
                write_to(campaign, one.student, rank=one.messages + 1, again=again, now=now)
    with transaction.atomic():
        audit.record("surveys.leavers_written", campaign, by=by, messages=len(wanted), again=again)
    return jobs.Result(f"{french.plural(len(wanted), 'message écrit', 'messages écrits')}.")


def renew(link: LeaverLink, *, now: datetime) -> bool:
    """A fresh link to the address on file for who holds an old one, once a day at most. Returns whether one left (S-16)."""
    student = link.student
    if links.state_of(link, now) is not links.LinkState.EXPIRED or link.campaign.closed_date is not None:
        return False
    if not mail.is_address(student.email.strip()):
        return False
    mine = LeaverLink.objects.in_school(link.school_id).filter(campaign=link.campaign, student=student)
    if mine.filter(created_at__gt=now - timedelta(days=1)).exists():
        return False
    with transaction.atomic():
        rank = f"demande-{timezone.localdate(now)}"
        write_to(link.campaign, student, rank=rank, again=False, now=now)
    return True


def outcome(campaign: LeaverCampaign) -> dict[str, int]:
    """How many messages wait, left, or came back: messages are forgotten after six months."""
    return mail.states(campaign.school.uai, _prefix(campaign))


def bounced(campaign: LeaverCampaign) -> set[UUID]:
    """The pupils whose address refused a message."""
    return mail.refused_of(campaign.school.uai, _prefix(campaign))


def job_of(campaign: LeaverCampaign) -> Job | None:
    """The sending that is under way."""
    keys = [f"leaver-mail:{campaign.pk}:{rank}" for rank in ("premier", "relance")]
    return Job.objects.filter(scope=campaign.school.uai, key__in=keys).alive().first()


# ------------------------------------------------------------------------------------------------ the campaign itself
@transaction.atomic
def close(campaign: LeaverCampaign, *, today: date, by: Any) -> LeaverCampaign:
    """Nothing more is asked: links say so, calls that nobody ended are put back."""
    LeaverCall.objects.in_school(campaign.school_id).filter(campaign=campaign, result="").delete()
    campaign.closed_date = max(today, campaign.opened_date)
    return change_record(campaign, version=campaign.version, by=by, changed=["closed_date"])


@transaction.atomic
def reopen(campaign: LeaverCampaign, *, by: Any) -> LeaverCampaign:
    """It was closed too soon: links that are not too old serve again."""
    campaign.closed_date = None
    return change_record(campaign, version=campaign.version, by=by, changed=["closed_date"])


def due(school: School, today: date) -> list[tuple[SchoolYear, Term]]:
    """The cohorts to ask now at 6 and 12 months, that have no campaign yet and someone in them."""
    current = SchoolYear.on(today)
    wanted = [
        (year, term)
        for year in (current.previous.previous, current.previous, current)
        for term in DOSSIER_TERMS
        if leavers.window(year, term)[0] <= today <= leavers.window(year, term)[1]
    ]
    if not wanted:
        return []
    made = set(LeaverCampaign.objects.in_school(school).values_list("leaving_year", "term_months"))
    missing = [(year, term) for year, term in wanted if (year.code, term.value) not in made]
    left = cohorts.leaver_ids(school, [year for year, _ in missing]) if missing else {}
    return [(year, term) for year, term in missing if left[year]]
