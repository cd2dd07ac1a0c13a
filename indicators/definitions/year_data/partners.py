"""Partners, the agreements signed with them, and the networks the school is part of."""

from datetime import date
from functools import cached_property

from conventions import chains
from conventions.enums import AgreementLevel
from conventions.models import Agreement, Network
from core import naf
from indicators import rules
from indicators.definitions.year_data.reading import Reading
from indicators.definitions.year_data.rows import AgreementRow, NetworkRow, PartnerRow
from indicators.enums import UNKNOWN_SECTOR
from partners.enums import PartnerType
from partners.models import Partner


class Partners(Reading):
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
