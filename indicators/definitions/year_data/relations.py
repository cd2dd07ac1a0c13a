"""What proves that the relation with a partner lives: its traces, and the days on which it was met."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Max, Min, TextField, Value

from events.enums import ActionStatus
from events.models import ActionPartner
from indicators.definitions.year_data.actions import Actions
from indicators.definitions.year_data.partners import Partners
from indicators.definitions.year_data.placements import Placements
from indicators.definitions.year_data.rows import InteractionRow, PartnerRow, Traces
from indicators.enums import TraceKind
from partners.enums import Channel, PartnerStatus
from partners.models import Contribution, Interaction, Offer
from pfmp.enums import PlacementStatus, VisitMode
from pfmp.models import Placement

ENCOUNTER_CHANNELS = frozenset({Channel.VISIT, Channel.MEETING, Channel.FAIR})
"""Exchanges that are encounters; calls and mails are contacts (§ 9.2)."""

_GROUPED = (TraceKind.ACTION, TraceKind.PLACEMENT, TraceKind.OFFER, TraceKind.CONTRIBUTION, TraceKind.EXCHANGE)
_ON_SITE = VisitMode.ON_SITE.value  # plain text, for a loop over many rows


class Relations(Partners, Actions, Placements):
    @cached_property
    def interactions(self) -> list[InteractionRow]:
        rows = (
            self._of(Interaction.objects)
            .filter(date__range=(self.start, self.as_of))
            .values_list("pk", "partner_id", "date", "channel", "initiative")
        )
        return list(map(InteractionRow._make, rows))

    def _extremes(self, kind: TraceKind, rows: Any, first: str, last: str) -> Any:
        """For each partner, the first and last day of a kind of trace, up to `as_of`."""
        grouped = rows.filter(**{f"{first}__lte": self.as_of}).values("partner_id")
        return grouped.annotate(
            kind=Value(kind.value, output_field=TextField()), since=Min(first), until=Max(last)
        ).values_list("kind", "partner_id", "since", "until")

    @cached_property
    def _all_extremes(self) -> dict[TraceKind, list[tuple[int, date, date]]]:
        """By kind of trace other than agreements (A-40), in one query that the database groups."""
        carried = self._of(ActionPartner.objects).filter(action__school=self.school, action__status=ActionStatus.DONE)
        placed = self._of(Placement.objects).counted().exclude(status=PlacementStatus.CANCELLED)
        asked = (
            self._extremes(TraceKind.ACTION, carried, "action__start_date", "action__start_date"),
            self._extremes(TraceKind.PLACEMENT, placed, "start_date", "end_date"),
            self._extremes(TraceKind.OFFER, self._of(Offer.objects), "received_date", "received_date"),
            self._extremes(TraceKind.CONTRIBUTION, self._of(Contribution.objects), "received_date", "received_date"),
            self._extremes(TraceKind.EXCHANGE, self._of(Interaction.objects), "date", "date"),
        )
        found: dict[TraceKind, list[tuple[int, date, date]]] = {kind: [] for kind in _GROUPED}
        for kind, partner, since, until in asked[0].union(*asked[1:], all=True):
            found[TraceKind(kind)].append((partner, since, until))
        return found

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

    @property
    def deed_extremes(self) -> dict[TraceKind, list[tuple[int, date, date]]]:
        """By kind of trace other than agreements and exchanges (A-40): each partner's first and last day, up to `as_of` for the first."""
        return {kind: found for kind, found in self._all_extremes.items() if kind is not TraceKind.EXCHANGE}

    @cached_property
    def agreement_extremes(self) -> list[tuple[int, date, date]]:
        """First and last day in force of each agreement begun by `as_of`, with its partner."""
        return [
            (row.partner, *self.intervals[row.pk])
            for row in self.local_agreements
            if row.partner and row.pk in self.intervals and self.intervals[row.pk][0] <= self.as_of
        ]

    @property
    def interaction_extremes(self) -> list[tuple[int, date, date]]:
        return self._all_extremes[TraceKind.EXCHANGE]

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
