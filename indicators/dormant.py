"""Dormant partners: the set that E14 counts today, each with its last trace, what the relation was and a next step.

The set comes from YearData, as the indicator's does: the list and the number cannot differ.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.school_year import SchoolYear
from events.enums import ActionStatus, ActionType
from events.models import Action
from indicators.definitions.year_data import YearData
from indicators.enums import TraceKind
from partners import followups
from partners.enums import ContributionNature
from partners.models import Contribution, Interaction, Partner
from partners.rules import next_step
from pfmp.models import Period, Placement
from schools.models import Membership, School

INVITABLE = (ActionType.FORUM, ActionType.JOB_DATING, ActionType.OPEN_DAY)
_LEVEL = re.compile(r"^(?:[0-9]+|T)(?=[A-Z])")


@dataclass(frozen=True)
class Trace:
    """The last thing that happened with a partner."""

    day: date
    kind: TraceKind


@dataclass(frozen=True)
class Dormant:
    """A line of the list."""

    partner: Partner
    last: Trace | None
    facts: next_step.Facts
    step: next_step.Step
    tutor: str
    phone: str
    last_exchange: Interaction | None
    planned: Interaction | None

    @property
    def relation(self) -> list[str]:
        return next_step.relation(self.facts)


class Dormants:
    """The dormant partners of a school today. Raises nothing: today is in its own school year."""

    def __init__(self, school: School, today: date) -> None:
        self.school, self.today = school, today
        self.year = SchoolYear.on(today)
        self.data = YearData(school, self.year, today)
        self.partners: set[int] = self.data.dormant_partners
        self.last, self.by_kind = self._traces()

    def _traces(self) -> tuple[dict[int, Trace], dict[TraceKind, dict[int, date]]]:
        """The last trace of each, and the last of each kind."""
        data = self.data
        kinds: dict[TraceKind, Iterable[tuple[int, date, date]]] = {
            **data.deed_extremes,
            TraceKind.AGREEMENT: data.agreement_extremes,
            TraceKind.EXCHANGE: data.interaction_extremes,
            TraceKind.FIRST_CONTACT: [
                (pk, row.first_contact, row.first_contact)
                for pk, row in data.partners.items()
                if row.first_contact and row.first_contact <= self.today
            ],
        }
        last: dict[int, Trace] = {}
        by_kind: dict[TraceKind, dict[int, date]] = {}
        for kind, extremes in kinds.items():
            mine = by_kind.setdefault(kind, {})
            for partner, _, until in extremes:
                if partner not in self.partners:
                    continue
                mine[partner] = max(until, mine.get(partner, until))
                if partner not in last or until > last[partner].day:
                    last[partner] = Trace(until, kind)
        return last, by_kind

    def in_order(self, partners: Iterable[int]) -> list[int]:
        """The latest lost first: they remember best; those without any trace at the end."""
        never = date.min
        return sorted(partners, key=lambda pk: (-(self.last[pk].day if pk in self.last else never).toordinal(), pk))

    def with_kind(self, kind: TraceKind) -> set[int]:
        """Those with whom something of this kind took place."""
        return set(self.by_kind[kind])

    def lines(self, shown: Sequence[int], membership: Membership) -> list[Dormant]:
        """The lines of some of them, in the order given: a few queries for one or for all."""
        partners = {
            one.pk: one
            for one in Partner.objects.in_school(self.school).filter(pk__in=shown).select_related("school", "owner")
        }
        hosted, expected, tutors = self._hosted(shown)
        departures = self._departures() if hosted else ()
        taxe = self._taxe(shown)
        exchanges = followups.last_exchanges(set(shown), membership, self.today)
        planned = followups.planned_for(set(shown), membership)
        forum = self._forum()
        in_force = self.data.agreed_partners
        found = []
        for pk in shown:
            if pk not in partners:  # gone since
                continue
            partner = partners[pk]
            facts = next_step.Facts(
                hosted=hosted.get(pk, ()),
                departures=departures,
                expected=expected.get(pk),
                agreement_in_force=pk in in_force,
                agreement_end=self.by_kind[TraceKind.AGREEMENT].get(pk),
                taxe_campaign=taxe.get(pk),
                offer=self.by_kind[TraceKind.OFFER].get(pk),
                action=self.by_kind[TraceKind.ACTION].get(pk),
                exchange=self.by_kind[TraceKind.EXCHANGE].get(pk),
                closed=partner.closed_date,
                avoided_since=partner.avoid_since,
                forum=forum,
                campaign=self.data.campaign,
            )
            tutor, phone = tutors.get(pk, ("", ""))
            found.append(
                Dormant(
                    partner=partner,
                    last=self.last.get(pk),
                    facts=facts,
                    step=next_step.next_step(facts),
                    tutor=tutor,
                    phone=phone or partner.phone,
                    last_exchange=exchanges.get(pk),
                    planned=planned.get(pk),
                )
            )
        return found

    def _hosted(
        self, shown: Sequence[int]
    ) -> tuple[dict[int, tuple[next_step.Hosted, ...]], dict[int, date], dict[int, tuple[str, str]]]:
        """By partner: pupils hosted by formation, the latest first; the next one to come; the last tutor still there."""
        rows = (
            Placement.objects.in_school(self.school)
            .not_cancelled()
            .filter(partner__in=shown)
            .order_by("-end_date", "-pk")
            .values_list(
                "partner_id", "student_id", "start_date", "end_date", "period__school_class__code",
                "period__school_class__diploma", "tutor__first_name", "tutor__last_name", "tutor__phone", "tutor__is_active",
            )
        )  # fmt: skip
        pupils: dict[int, dict[str, set[int]]] = {}
        years: dict[tuple[int, str], tuple[str, int]] = {}
        tutors: dict[int, tuple[str, str]] = {}
        expected: dict[int, date] = {}
        for partner, student, start, end, code, diploma, first, last, phone, active in rows:
            if last and active is not False:
                tutors.setdefault(partner, (f"{first} {last}".strip(), phone or ""))
            if start > self.today:
                expected[partner] = min(start, expected.get(partner, start))
                continue
            key = formation_key(code, diploma)
            pupils.setdefault(partner, {}).setdefault(key, set()).add(student)
            years.setdefault((partner, key), (formation_name(code), end.year))
        hosted = {
            partner: tuple(
                next_step.Hosted(key, years[partner, key][0], len(students), years[partner, key][1])
                for key, students in formations.items()
            )
            for partner, formations in pupils.items()
        }
        return hosted, expected, tutors

    def _departures(self) -> tuple[next_step.Departure, ...]:
        rows = (
            Period.objects.in_school(self.school)
            .filter(start_date__gt=self.today)
            .order_by("start_date", "pk")
            .values_list("school_class__code", "school_class__diploma", "start_date")[:300]
        )
        return tuple(next_step.Departure(formation_key(code, diploma), code, start) for code, diploma, start in rows)

    def _taxe(self, shown: Sequence[int]) -> dict[int, int]:
        """The last campaign for which each paid."""
        rows = (
            Contribution.objects.in_school(self.school)
            .filter(partner__in=shown, nature=ContributionNature.TAXE, received_date__isnull=False)
            .order_by("campaign")
            .values_list("partner_id", "campaign")
        )
        return dict(rows)

    def _forum(self) -> str:
        """The next forum, job dating or open day that is planned."""
        coming = (
            Action.objects.in_school(self.school)
            .filter(status=ActionStatus.PLANNED, type__in=INVITABLE, start_date__gt=self.today)
            .order_by("start_date", "pk")
            .values_list("title", flat=True)
            .first()
        )
        return coming or ""


def formation_key(code: str, diploma: str) -> str:
    """What makes two classes the same formation, whatever the level: the diploma, else the code without its level."""
    return diploma.strip().casefold() or formation_name(code).casefold()


def formation_name(code: str) -> str:
    """« 1MELEC » → « MELEC », « TMELEC » → « MELEC », « 1TRPM » → « TRPM »: what the staff say."""
    return _LEVEL.sub("", code, count=1) or code
