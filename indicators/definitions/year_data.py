"""The rows of a school year, each table read once, and the sets that several indicators share.

Queries are few, set-based and lazy: an indicator alone reads the tables it needs. Rows are aggregated in one pass of Python,
which keeps who was counted and gives the same result on both databases; what grows with the school's history (traces of
partners) is grouped by the database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q

from conventions import chains
from conventions.enums import AgreementLevel
from conventions.models import Agreement, Network
from core import naf
from core.school_year import SchoolYear
from documents.enums import SIGNED, DocumentType, SignatureStatus, Subject
from documents.models import Document, Signature
from events.enums import ActionStatus, ActionType
from events.models import Action, ActionPartner, Invitation, Participation
from indicators import rules
from indicators.enums import UNKNOWN_SECTOR, TraceKind
from indicators.models import IndicatorShare
from partners.enums import Channel, ContributionNature, OfferType, PartnerStatus, PartnerType
from partners.models import Contribution, Interaction, Offer, OfferBeneficiary, Partner, TaxCampaign
from pfmp.enums import SECURED, SOLUTION, PlacementStatus, VisitMode
from pfmp.models import Exemption, Period, Placement, Visit
from schools.enums import Niveau
from schools.models import School, Schooling
from surveys.models import LeaverOutcome, Survey, SurveyAnswer

PARIS = ZoneInfo("Europe/Paris")

FINAL_YEAR = (Niveau.CAP2, Niveau.TERMINALE_PRO, Niveau.CS, Niveau.BTS2)
"""Levels whose pupils leave with a diploma (A-122)."""

JOB_OFFERS = (OfferType.JOB, OfferType.APPRENTICESHIP, OfferType.PROFESSIONAL_CONTRACT, OfferType.SEASONAL)
"""Offers of a job in the wide sense (I5.6)."""

ENCOUNTER_CHANNELS = frozenset({Channel.VISIT, Channel.MEETING, Channel.FAIR})
"""Exchanges that are encounters; calls and mails are contacts (§ 9.2)."""

# Plain text for loops over many rows: looking a member up in its class costs more than comparing it.
_SOLUTION = frozenset(status.value for status in SOLUTION)
_SECURED = frozenset(status.value for status in SECURED)
_INTERRUPTED = PlacementStatus.INTERRUPTED.value
_FINISHED = PlacementStatus.FINISHED.value
_ON_SITE = VisitMode.ON_SITE.value
_AVENIRPRO = ActionType.AVENIRPRO.value


class Stay(NamedTuple):
    """A schooling, its days cut to the school year (A-05)."""

    student: int
    klass: int
    code: str
    niveau: str
    sex: str
    first: date
    last: date
    priority: bool | None
    pk: int


class PartnerRow(NamedTuple):
    pk: int
    type: str
    sector: str
    status: str
    first_contact: date | None


class AgreementRow(NamedTuple):
    pk: int
    level: str
    parent: int | None
    partner: int | None
    signed: date | None
    start: date | None
    end: date | None
    tacit: bool | None
    terminated: date | None


class NetworkRow(NamedTuple):
    pk: int
    type: str
    joined: date
    left: date | None
    formalised: date | None
    act: str


class ActionRow(NamedTuple):
    pk: int
    type: str
    start: date
    end: date | None
    hours: Decimal | None
    status: str
    initiative: str
    agreement: int | None
    network: int | None
    national_event: str
    for_priority: bool | None


class InvitationRow(NamedTuple):
    pk: int
    action: int
    partner: int
    sent: date
    reply: str
    present: bool | None
    action_status: str
    action_start: date


class InteractionRow(NamedTuple):
    pk: int
    partner: int
    date: date
    channel: str
    initiative: str


class PeriodRow(NamedTuple):
    pk: int
    key: str
    klass: int
    code: str
    start: date
    end: date


class PlacementRow(NamedTuple):
    pk: int
    key: str
    period: int
    student: int
    partner: int
    tutor_email: str | None
    tutor_phone: str | None
    referent: str
    start: date
    end: date
    status: str
    interrupted: date | None
    reason: str
    origin: str
    days_done: Decimal | None

    @property
    def last_day(self) -> date:
        """The last day in the company: an interrupted placement stops on its date, when it is written (A-84)."""
        if self.status == _INTERRUPTED and self.interrupted:
            return min(self.end, self.interrupted)
        return self.end


class SignatureRow(NamedTuple):
    """The lines of signature of a paper: those not voided, those of them signed on a date, the last of these moments."""

    asked: int
    signed: int
    last: datetime | None

    def stands_before(self, day: date) -> bool:
        """Every signature asked for is given, on a day strictly before, in Paris (A-144)."""
        return self.asked == self.signed and self.last is not None and self.last.astimezone(PARIS).date() < day


class VisitRow(NamedTuple):
    pk: int
    placement: int
    partner: int
    date: date
    mode: str


class OfferRow(NamedTuple):
    pk: int
    partner: int
    type: str
    positions: int


class BenefitRow(NamedTuple):
    pk: int
    offer: int
    student: int
    date: date


class ContributionRow(NamedTuple):
    pk: int
    partner: int
    campaign: int
    nature: str
    amount: Decimal
    received: date | None
    use: str


class AnswerRow(NamedTuple):
    pk: int
    audience: str
    grade: int
    survey: int | None


class SurveyRow(NamedTuple):
    pk: int
    audience: str
    asked: int | None


class ShareRow(NamedTuple):
    pk: int
    partner: int | None
    shared: date
    codes: str


class Traces(NamedTuple):
    """Partners by what proves that the relation lives (A-40): in the year, in the last twelve months, before the year."""

    in_year: set[int]
    in_twelve_months: set[int]
    before_year: set[int]


class Couple(NamedTuple):
    """A pupil expected for a period, and what became of it (§ 5.1)."""

    period: int
    student: int
    is_solved: bool
    is_secured: bool
    is_to_replace: bool
    days: int


class Presence(NamedTuple):
    """Pupils present at actions, counted once for all that heading 4 needs."""

    valid: list[int]
    known: list[int]
    present: list[int]
    outside: list[int]
    known_by_type: dict[str, list[int]]
    present_by_type: dict[str, list[int]]
    actions_by_student: Counter[int]
    students_by_type: dict[str, set[int]]
    students_by_class: dict[str, set[int]]
    students_by_niveau: dict[str, set[int]]
    workshops_by_student: Counter[int]


class YearData:
    """One school, one year, as the rows stand now, counted on the days of `bounds`. Raises rules.TooEarly (A-02)."""

    def __init__(self, school: School, year: SchoolYear, today: date) -> None:
        self.school = school
        self.year = year
        self.bounds = rules.bounds(year, today)
        self.start, self.end, self.as_of = self.bounds.start, self.bounds.end, self.bounds.as_of

    def _of(self, manager: Any) -> Any:
        """The school's rows of a table, without the default order that would join or sort for nothing."""
        return manager.in_school(self.school).order_by()

    # ------------------------------------------------------------------------------------------ pupils

    @cached_property
    def stays(self) -> list[Stay]:
        """Schoolings of the year that hold at least one of its days (A-05), pupils together, C-07's winner first."""
        rows = (
            self._of(Schooling.objects)
            .filter(year=self.year.code, student__school=self.school, school_class__school=self.school)
            .values_list(
                "student_id", "school_class_id", "school_class__code", "school_class__niveau", "student__sex",
                "entry_date", "exit_date", "priority", "pk",
            )
        )  # fmt: skip
        kept = []
        for student, klass, code, niveau, sex, entry, exit_, priority, pk in rows:
            first, last = max(entry, self.start), min(exit_ or self.end, self.end)
            if first <= last:
                kept.append(
                    (
                        (student, -entry.toordinal(), code),
                        Stay(student, klass, code, niveau, sex, first, last, priority, pk),
                    )
                )
        return [stay for _, stay in sorted(kept)]

    @cached_property
    def stays_by_student(self) -> dict[int, list[Stay]]:
        by: dict[int, list[Stay]] = {}
        for stay in self.stays:
            by.setdefault(stay.student, []).append(stay)
        return by

    @cached_property
    def stays_so_far(self) -> list[Stay]:
        """Those begun on `as_of`: the classes and levels attended (A-75)."""
        return [stay for stay in self.stays if stay.first <= self.as_of]

    @cached_property
    def enrolled(self) -> dict[int, str]:
        """Pupils enrolled at some time of the period (C-06), with their sex ("" when unknown)."""
        return {stay.student: stay.sex for stay in self.stays_so_far}

    @cached_property
    def priority(self) -> dict[int, bool | None]:
        """Enrolled pupils: of a priority public, or not, or unknown (C-12, A-12)."""
        found: dict[int, bool | None] = {}
        for stay in self.stays_so_far:
            known = found.get(stay.student, False)
            found[stay.student] = (
                True if True in (known, stay.priority) else None if None in (known, stay.priority) else False
            )
        return found

    def stay_on(self, student: int, day: date) -> Stay | None:
        """The pupil's schooling on a day: of several, the one entered last, then the smallest class code (C-07, A-07)."""
        for stay in self.stays_by_student.get(student, ()):
            if stay.first <= day <= stay.last:
                return stay
        return None

    def stay_during(self, student: int, first: date, last: date) -> Stay | None:
        """The schooling of the first day, between two, on which the pupil is enrolled (A-10, A-11); None: outside (C-09)."""
        stays = self.stays_by_student.get(student, ())
        if len(stays) == 1:  # nearly all pupils
            return stays[0] if stays[0].first <= last and first <= stays[0].last else None
        days = [max(first, stay.first) for stay in stays if stay.first <= last and first <= stay.last]
        return self.stay_on(student, min(days)) if days else None

    # ------------------------------------------------------------------------------------------ partners, agreements

    @cached_property
    def partners(self) -> dict[int, PartnerRow]:
        rows = self._of(Partner.objects).values_list("pk", "type", "naf", "status", "first_contact_date")
        return {
            pk: PartnerRow(pk, type_, naf.section(code) or UNKNOWN_SECTOR, status, first)
            for pk, type_, code, status, first in rows
        }

    def sector(self, partner: int | None) -> str:
        row = self.partners.get(partner) if partner else None
        return row.sector if row else UNKNOWN_SECTOR

    def partner_type(self, partner: int | None) -> str:
        row = self.partners.get(partner) if partner else None
        return row.type if row else PartnerType.OTHER.value

    @cached_property
    def agreements(self) -> dict[int, AgreementRow]:
        """Agreements of the school and the frames above them."""
        rows = self._of(Agreement.objects).values_list(
            "pk",
            "level",
            "parent_id",
            "partner_id",
            "signed_date",
            "start_date",
            "end_date",
            "tacit_renewal",
            "terminated_date",
        )
        return {row[0]: AgreementRow(*row) for row in rows}

    @cached_property
    def local_agreements(self) -> list[AgreementRow]:
        return [row for row in self.agreements.values() if row.level == AgreementLevel.SCHOOL]

    @cached_property
    def intervals(self) -> dict[int, tuple[date, date]]:
        """Days in force of the school's agreements that ever are (A-55)."""
        found = {}
        for row in self.local_agreements:
            days = rules.in_force_interval(
                signed=row.signed, start=row.start, end=row.end, tacit=row.tacit, terminated=row.terminated
            )
            if days:
                found[row.pk] = days
        return found

    def held_between(self, first: date, last: date) -> list[AgreementRow]:
        """The school's agreements in force at least one day of [first, last]."""
        return [
            row
            for row in self.local_agreements
            if (days := self.intervals.get(row.pk)) and days[0] <= last and first <= days[1]
        ]

    @cached_property
    def agreements_in_force(self) -> list[AgreementRow]:
        return self.held_between(self.as_of, self.as_of)

    @cached_property
    def agreed_partners(self) -> set[int]:
        """Partners with an agreement in force on `as_of` (I1.5)."""
        return {row.partner for row in self.agreements_in_force if row.partner is not None}

    def ancestors(self, agreement: AgreementRow) -> list[AgreementRow]:
        """The chain of parents to its end, or to the first one already seen (A-56)."""
        return chains.ancestors(agreement, self.agreements)

    @cached_property
    def networks(self) -> list[NetworkRow]:
        rows = self._of(Network.objects).values_list("pk", "type", "joined_date", "left_date", "formalised_date", "act")
        return list(map(NetworkRow._make, rows))

    @cached_property
    def joined_networks(self) -> list[NetworkRow]:
        """Networks the school is part of on `as_of` (denominator of I2.1)."""
        return [
            row for row in self.networks if row.joined <= self.as_of and (row.left is None or row.left >= self.as_of)
        ]

    # ------------------------------------------------------------------------------------------ actions

    @cached_property
    def all_actions(self) -> list[ActionRow]:
        """Actions whose first day is in the period, whatever their status."""
        rows = (
            self._of(Action.objects)
            .filter(start_date__range=(self.start, self.as_of))
            .values_list(
                "pk", "type", "start_date", "end_date", "hours", "status", "initiative", "agreement_id", "network_id",
                "national_event", "for_priority",
            )
        )  # fmt: skip
        return list(map(ActionRow._make, rows))

    @cached_property
    def actions(self) -> dict[int, ActionRow]:
        """Actions of the period: done, begun in it (C-13, A-09)."""
        return {row.pk: row for row in self.all_actions if row.status == ActionStatus.DONE}

    @cached_property
    def carriers(self) -> dict[int, list[int]]:
        """Partners that carry each action of the period."""
        rows = (
            self._of(ActionPartner.objects)
            .filter(
                action__school=self.school,
                action__status=ActionStatus.DONE,
                action__start_date__range=(self.start, self.as_of),
            )
            .values_list("action_id", "partner_id")
        )
        found: dict[int, list[int]] = {}
        for action, partner in rows:
            found.setdefault(action, []).append(partner)
        return found

    @cached_property
    def presence(self) -> Presence:
        """One pass over the pupils expected at the actions of the period."""
        rows = (
            self._of(Participation.objects)
            .filter(
                action__school=self.school,
                action__status=ActionStatus.DONE,
                action__start_date__range=(self.start, self.as_of),
            )
            .values_list("pk", "action_id", "student_id", "present")
        )
        seen = Presence([], [], [], [], defaultdict(list), defaultdict(list), Counter(), defaultdict(set), defaultdict(set), defaultdict(set), Counter())  # fmt: skip
        days = {row.pk: (row.start, min(row.end or row.start, self.as_of), row.type) for row in self.actions.values()}
        valid, known, found_on = seen.valid, seen.known, self.stay_during
        for pk, action, student, present in rows:
            if action not in days:
                continue
            first, last, type_ = days[action]
            stay = found_on(student, first, last)
            if stay is None:
                seen.outside.append(pk)
                continue
            valid.append(pk)
            if present is None:
                continue
            known.append(pk)
            seen.known_by_type[type_].append(pk)
            if present:
                seen.present.append(pk)
                seen.present_by_type[type_].append(pk)
                seen.actions_by_student[student] += 1
                seen.students_by_type[type_].add(student)
                seen.students_by_class[stay.code].add(student)
                seen.students_by_niveau[stay.niveau].add(student)
                if type_ == _AVENIRPRO:
                    seen.workshops_by_student[student] += 1
        return seen

    @cached_property
    def beneficiaries(self) -> set[int]:
        """Pupils present at one action of the period at least (I4.1)."""
        return set(self.presence.actions_by_student)

    @cached_property
    def _invitations(self) -> list[InvitationRow]:
        rows = (
            self._of(Invitation.objects)
            .filter(
                Q(sent_date__range=(self.start, self.as_of))
                | Q(present=True, action__start_date__range=(self.start, self.as_of)),
                action__school=self.school,
            )
            .exclude(action__status=ActionStatus.CANCELLED)
            .values_list(
                "pk", "action_id", "partner_id", "sent_date", "reply", "present", "action__status", "action__start_date"
            )
        )
        return list(map(InvitationRow._make, rows))

    @cached_property
    def invitations(self) -> list[InvitationRow]:
        """Invitations sent in the period to an action that was not cancelled (§ 7, A-110)."""
        return [row for row in self._invitations if self.bounds.hold(row.sent)]

    # ------------------------------------------------------------------------------------------ traces and encounters

    @cached_property
    def interactions(self) -> list[InteractionRow]:
        rows = (
            self._of(Interaction.objects)
            .filter(date__range=(self.start, self.as_of))
            .values_list("pk", "partner_id", "date", "channel", "initiative")
        )
        return list(map(InteractionRow._make, rows))

    def _extremes(self, rows: Any, first: str, last: str) -> list[tuple[int, date, date]]:
        """For each partner, the first and last day of a kind of trace, up to `as_of`."""
        grouped = rows.filter(**{f"{first}__lte": self.as_of}).values("partner_id")
        return list(grouped.annotate(since=Min(first), until=Max(last)).values_list("partner_id", "since", "until"))

    def _traces(self, extremes: Iterable[tuple[int, date, date]]) -> Traces:
        found, twelve_months_ago = Traces(set(), set(), set()), self.bounds.dormant_from
        for partner, first, last in extremes:
            if last >= self.start:
                found.in_year.add(partner)
            if last >= twelve_months_ago:
                found.in_twelve_months.add(partner)
            if first < self.start:
                found.before_year.add(partner)
        return found

    @cached_property
    def deed_extremes(self) -> dict[TraceKind, list[tuple[int, date, date]]]:
        """By kind of trace other than agreements and exchanges (A-40): each partner's first and last day, up to `as_of` for the first."""
        carried = self._of(ActionPartner.objects).filter(action__school=self.school, action__status=ActionStatus.DONE)
        placed = self._of(Placement.objects).exclude(status=PlacementStatus.CANCELLED)
        return {
            TraceKind.ACTION: self._extremes(carried, "action__start_date", "action__start_date"),
            TraceKind.PLACEMENT: self._extremes(placed, "start_date", "end_date"),
            TraceKind.OFFER: self._extremes(self._of(Offer.objects), "received_date", "received_date"),
            TraceKind.CONTRIBUTION: self._extremes(self._of(Contribution.objects), "received_date", "received_date"),
        }

    @cached_property
    def agreement_extremes(self) -> list[tuple[int, date, date]]:
        """First and last day in force of each agreement begun by `as_of`, with its partner."""
        return [
            (row.partner, *self.intervals[row.pk])
            for row in self.local_agreements
            if row.partner and row.pk in self.intervals and self.intervals[row.pk][0] <= self.as_of
        ]

    @cached_property
    def interaction_extremes(self) -> list[tuple[int, date, date]]:
        return self._extremes(self._of(Interaction.objects), "date", "date")

    @cached_property
    def agreement_traces(self) -> Traces:
        return self._traces(self.agreement_extremes)

    @cached_property
    def interaction_traces(self) -> Traces:
        return self._traces(self.interaction_extremes)

    @cached_property
    def deed_traces(self) -> Traces:
        """Traces other than agreements and exchanges: actions, placements, offers, payments and gifts (A-113)."""
        return self._traces(extremes for kind in self.deed_extremes.values() for extremes in kind)

    @cached_property
    def _all_traces(self) -> Traces:
        kinds = (self.agreement_traces, self.interaction_traces, self.deed_traces)
        return Traces(*(set().union(*sets) for sets in zip(*kinds, strict=True)))

    @cached_property
    def in_relation(self) -> dict[int, PartnerRow]:
        """Partners neither archived nor still to approach."""
        asleep = (PartnerStatus.ARCHIVED, PartnerStatus.PROSPECT)
        return {pk: row for pk, row in self.partners.items() if row.status not in asleep}

    @cached_property
    def active_partners(self) -> set[int]:
        """Those with a trace in the period, whatever status was written (C-15, A-41)."""
        return self._all_traces.in_year & self.in_relation.keys()

    @cached_property
    def dormant_partners(self) -> set[int]:
        """Those without trace nor first contact in the twelve months up to `as_of` (A-132)."""
        return {
            pk
            for pk, row in self.in_relation.items()
            if pk not in self._all_traces.in_twelve_months
            and not (row.first_contact and self.bounds.dormant_from <= row.first_contact <= self.as_of)
        }

    @cached_property
    def known_partners(self) -> set[int]:
        """Active partners known before the year began (A-131)."""
        return {
            pk
            for pk in self.active_partners
            if pk in self._all_traces.before_year
            or ((first := self.partners[pk].first_contact) is not None and first <= self.start)
        }

    @cached_property
    def encounters(self) -> dict[int, set[date]]:
        """Distinct dates on which each partner was met in the period (§ 9.2, A-130)."""
        met: dict[int, set[date]] = defaultdict(set)
        for action, partners in self.carriers.items():
            if action in self.actions:
                for partner in partners:
                    met[partner].add(self.actions[action].start)
        for invitation in self._invitations:
            if invitation.present and invitation.action in self.actions:
                met[invitation.partner].add(invitation.action_start)
        for interaction in self.interactions:
            if interaction.channel in ENCOUNTER_CHANNELS:
                met[interaction.partner].add(interaction.date)
        for visit in self.visits:
            if visit.mode == _ON_SITE and self.bounds.hold(visit.date):
                met[visit.partner].add(visit.date)
        return met

    # ------------------------------------------------------------------------------------------ placements

    @cached_property
    def periods(self) -> dict[int, PeriodRow]:
        rows = (
            self._of(Period.objects)
            .filter(year=self.year.code, school_class__school=self.school)
            .values_list("pk", "dossier_id", "school_class_id", "school_class__code", "start_date", "end_date")
        )
        return {row[0]: PeriodRow(*row) for row in rows}

    @cached_property
    def placements(self) -> list[PlacementRow]:
        """Placements of the periods of the year (A-14)."""
        rows = (
            self._of(Placement.objects)
            .in_year(self.year.code)
            .values_list(
                "pk", "dossier_id", "period_id", "student_id", "partner_id", "tutor__email", "tutor__phone", "referent_email",
                "start_date", "end_date", "status", "interrupted_date", "interruption_reason", "origin", "days_done",
            )
        )  # fmt: skip
        return list(map(PlacementRow._make, rows))

    @cached_property
    def expected(self) -> dict[int, list[int]]:
        """Pupils expected for each period: in its class on the reference day, staying until it begins, not exempted (A-80)."""
        rows = self._of(Exemption.objects).filter(period__school=self.school, period__year=self.year.code)
        exempted = set(rows.values_list("period_id", "student_id"))
        by_class: dict[int, list[Stay]] = {}
        for stay in self.stays:
            by_class.setdefault(stay.klass, []).append(stay)
        found = {}
        for period in self.periods.values():
            day = min(period.start, self.as_of)
            found[period.pk] = [
                stay.student
                for stay in by_class.get(period.klass, ())
                if stay.first <= day <= stay.last
                and stay.last >= period.start
                and (period.pk, stay.student) not in exempted
                and self.stay_on(stay.student, day) is stay
            ]
        return found

    @cached_property
    def couples(self) -> list[Couple]:
        """Every pupil expected for a period of the year, those to come included (A-44)."""
        placed: dict[tuple[int, int], list[PlacementRow]] = {}
        for row in self.placements:
            if row.status in _SOLUTION:
                placed.setdefault((row.period, row.student), []).append(row)
        return [
            self._couple(self.periods[period], student, placed.get((period, student), []))
            for period, students in self.expected.items()
            for student in students
        ]

    def _couple(self, period: PeriodRow, student: int, solutions: list[PlacementRow]) -> Couple:
        if not solutions:
            return Couple(period.pk, student, False, False, False, 0)
        stopped = all(
            row.status == _INTERRUPTED and row.interrupted is not None and row.interrupted <= self.as_of
            for row in solutions
        )
        spans = [(max(row.start, period.start), min(row.last_day, period.end)) for row in solutions]
        return Couple(
            period=period.pk,
            student=student,
            is_solved=True,
            is_secured=any(row.status in _SECURED for row in solutions),
            is_to_replace=stopped and self.as_of < period.end,
            days=rules.covered_days([span for span in spans if span[0] <= span[1]]),
        )

    @cached_property
    def started(self) -> list[PlacementRow]:
        """Placements begun, of a status that counts (A-140)."""
        return [row for row in self.placements if row.status in _SOLUTION and row.start <= self.as_of]

    @cached_property
    def finished(self) -> list[PlacementRow]:
        return [row for row in self.placements if row.status == _FINISHED and row.end <= self.as_of]

    @cached_property
    def interrupted(self) -> list[PlacementRow]:
        return [
            row
            for row in self.started
            if row.status == _INTERRUPTED and (row.interrupted is None or row.interrupted <= self.as_of)
        ]

    @cached_property
    def hosts_before(self) -> set[int]:
        """Partners with a placement begun, of a period of the year before (A-133)."""
        rows = self._of(Placement.objects).in_year(self.year.previous.code).filter(start_date__lte=self.as_of)
        return set(rows.filter(status__in=SOLUTION).values_list("partner_id", flat=True))

    @cached_property
    def visits(self) -> list[VisitRow]:
        """Visits dated up to `as_of`: of the placements of the year, and of any other during the period (A-130, A-142)."""
        rows = (
            self._of(Visit.objects)
            .filter(
                Q(date__gte=self.start) | Q(placement__period__year=self.year.code),
                date__lte=self.as_of,
                placement__school=self.school,
                placement__period__school=self.school,
            )
            .values_list("pk", "placement_id", "placement__partner_id", "date", "mode")
        )
        return list(map(VisitRow._make, rows))

    @cached_property
    def signatures(self) -> dict[str, SignatureRow]:
        """By placement (dossier id): the signatures of its latest convention, when it has any line of them (A-144)."""
        of_the_year = self._of(Placement.objects).in_year(self.year.code).values("dossier_id")
        editions = (
            self._of(Document.objects)
            .filter(type=DocumentType.PFMP_CONVENTION, subject=Subject.PLACEMENT, subject_id__in=of_the_year)
            .order_by("edition", "issued_at", "pk")
            .values_list("subject_id", "pk")
        )
        latest = dict(editions)
        asked = ~Q(status=SignatureStatus.VOIDED)
        lines = (
            self._of(Signature.objects)
            .counted()
            # Named one by one: joined, PostgreSQL without statistics once took minutes for what takes milliseconds.
            .filter(document__in=list(latest.values()))
            .values("document_id")
            .annotate(
                asked=Count("pk", filter=asked),
                signed=Count("date", filter=Q(status__in=SIGNED)),
                last=Max("date", filter=asked),
            )
            .values_list("document_id", "asked", "signed", "last")
        )
        by_document = {document: SignatureRow(*found) for document, *found in lines}
        return {placement: by_document[pk] for placement, pk in latest.items() if pk in by_document}

    # ------------------------------------------------------------------------------------------ offers and taxe

    @cached_property
    def job_offers(self) -> dict[int, OfferRow]:
        """Offers of a job received in the period from companies (I5.6, A-42)."""
        rows = (
            self._of(Offer.objects)
            .filter(received_date__range=(self.start, self.as_of), type__in=JOB_OFFERS)
            .filter(partner__school=self.school, partner__type=PartnerType.COMPANY)
            .values_list("pk", "partner_id", "type", "positions")
        )
        return {row[0]: OfferRow(*row) for row in rows}

    @cached_property
    def benefits(self) -> list[BenefitRow]:
        """Pupils taken on through these offers, at any date (A-86)."""
        rows = (
            self._of(OfferBeneficiary.objects)
            .filter(
                offer__school=self.school,
                offer__received_date__range=(self.start, self.as_of),
                offer__type__in=JOB_OFFERS,
                offer__partner__school=self.school,
                offer__partner__type=PartnerType.COMPANY,
            )
            .values_list("pk", "offer_id", "student_id", "date")
        )
        return [row for row in map(BenefitRow._make, rows) if row.offer in self.job_offers]

    @property
    def campaign(self) -> int:
        """The campaign of the school year: its second calendar year (A-94)."""
        return self.year.first + 1

    @cached_property
    def contributions(self) -> list[ContributionRow]:
        """Payments and gifts of the campaign and of the one before, promised ones included."""
        rows = (
            self._of(Contribution.objects)
            .filter(campaign__in=(self.campaign - 1, self.campaign))
            .values_list("pk", "partner_id", "campaign", "nature", "amount", "received_date", "use")
        )
        return list(map(ContributionRow._make, rows))

    def received(
        self, nature: ContributionNature, *, campaign: int | None = None, by: date | None = None
    ) -> list[ContributionRow]:
        """Rows of a campaign (this one) received on `by` at the latest (the day asked for: A-87)."""
        day = by or self.bounds.today
        return [
            row
            for row in self.contributions
            if row.nature == nature
            and row.campaign == (campaign or self.campaign)
            and row.received is not None
            and row.received <= day
        ]

    @cached_property
    def campaigns(self) -> dict[int, date | None]:
        """Campaigns written, this one and the one before, with their closing date."""
        rows = self._of(TaxCampaign.objects).filter(campaign__in=(self.campaign - 1, self.campaign))
        return dict(rows.values_list("campaign", "closing_date"))

    def has_campaign(self, campaign: int) -> bool:
        """Is anything written for it (A-89)?"""
        return campaign in self.campaigns or any(
            row.campaign == campaign and row.nature == ContributionNature.TAXE for row in self.contributions
        )

    # ------------------------------------------------------------------------------------------ shares, surveys, leavers

    @cached_property
    def active_shares(self) -> list[ShareRow]:
        """Shares that hold on `as_of`, with one partner or (None) with all (I6.1, A-100)."""
        rows = (
            self._of(IndicatorShare.objects)
            .filter(Q(revoked_date=None) | Q(revoked_date__gt=self.as_of), shared_date__lte=self.as_of)
            .values_list("pk", "partner_id", "shared_date", "indicators")
        )
        return [row for row in map(ShareRow._make, rows) if row.codes.strip()]

    @cached_property
    def answers(self) -> list[AnswerRow]:
        rows = (
            self._of(SurveyAnswer.objects)
            .filter(date__range=(self.start, self.as_of))
            .values_list("pk", "audience", "grade", "survey_id")
        )
        return list(map(AnswerRow._make, rows))

    @cached_property
    def surveys(self) -> list[SurveyRow]:
        rows = (
            self._of(Survey.objects)
            .filter(opened_date__range=(self.start, self.as_of))
            .values_list("pk", "audience", "asked_count")
        )
        return list(map(SurveyRow._make, rows))

    @cached_property
    def leavers(self) -> set[int]:
        """Pupils in a final year the year before, and not enrolled this one (A-120, A-121)."""
        final = (
            self._of(Schooling.objects)
            .filter(year=self.year.previous.code, school_class__school=self.school)
            .filter(school_class__niveau__in=FINAL_YEAR)
            .values_list("student_id", flat=True)
        )
        back = self._of(Schooling.objects).filter(year=self.year.code).values_list("student_id", flat=True)
        return set(final) - set(back)

    @cached_property
    def situations(self) -> dict[int, dict[int, tuple[str, int | None, int]]]:
        """By term (6 or 12 months) and leaver of the cohort: situation, partner who employs, row."""
        rows = (
            self._of(LeaverOutcome.objects)
            .filter(leaving_year=self.year.previous.code)
            .values_list("student_id", "term_months", "situation", "partner_id", "pk")
        )
        found: dict[int, dict[int, tuple[str, int | None, int]]] = {6: {}, 12: {}}
        for student, term, situation, partner, pk in rows:
            if student in self.leavers:
                found[term][student] = (situation, partner, pk)
        return found
