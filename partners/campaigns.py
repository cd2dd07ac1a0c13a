"""What the pages of a campaign show, read in a few queries whatever the number of partners."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.school_year import SchoolYear
from partners.enums import ContributionNature, TaxIntention
from partners.models import Contribution, Partner, TaxApproach, TaxCampaign
from partners.rules import taxe as rules
from schools.models import School

HISTORY = 5
SHOWN = 8


def payments_since(school: School, campaign: int) -> list[rules.Payment]:
    """The contributions of a campaign and of those after it, as the sums see them; one query."""
    rows = (
        Contribution.objects.in_school(school)
        .filter(campaign__gte=campaign)
        .values_list("partner_id", "campaign", "nature", "amount", "received_date", "use", "thanked_date")
    )
    return [
        rules.Payment(partner, year, nature, amount, received, bool(use.strip()), thanked is not None)
        for partner, year, nature, amount, received, use, thanked in rows
    ]


def running(year: SchoolYear, today: date) -> int:
    """The campaign to open first: that of the civil year while one works in it, else the one of the school year on screen.

    A school year counts the campaign of its second civil year (A-94): in autumn, that one has not begun.
    """
    return today.year if year == SchoolYear.on(today) else year.end.year


@dataclass(frozen=True)
class Year:
    """One campaign of the evolution."""

    campaign: int
    sums: rules.Sums
    target: Decimal | None


@dataclass(frozen=True)
class Use:
    """What money bought, and how much of it."""

    text: str
    amount: Decimal
    count: int


@dataclass(frozen=True)
class Overview:
    """A campaign as its page shows it."""

    campaign: int
    record: TaxCampaign
    sums: rules.Sums
    comparison: rules.Comparison
    years: list[Year]
    forgotten: list[tuple[Partner, Decimal]]  # gave last year, not asked this year, the largest amounts first
    forgotten_count: int
    steps: Counter[str]  # approaches by intention
    to_thank: int  # partners
    without_board: int  # gifts received without the day the board accepted them
    unasked_payers: int  # paid without being on the follow-up list
    uses: list[Use]
    without_use: int

    @property
    def share(self) -> Decimal | None:
        """What was received out of the target; None without a target above zero."""
        return self.sums.received / self.record.target if self.record.target else None

    @property
    def remaining(self) -> Decimal | None:
        if self.record.target is None:
            return None
        return max(Decimal(0), self.record.target - self.sums.received)


def overview(school: School, record: TaxCampaign, today: date) -> Overview:
    """Everything on a campaign's page, in seven queries."""
    campaign = record.campaign
    payments = payments_since(school, campaign - HISTORY)
    records = {
        one.campaign: one for one in TaxCampaign.objects.in_school(school).filter(campaign__gte=campaign - HISTORY)
    }
    by_campaign: dict[int, list[rules.Payment]] = {}
    for payment in payments:
        by_campaign.setdefault(payment.campaign, []).append(payment)
    here = by_campaign.get(campaign, [])
    sums = rules.sums(here, campaign, today)
    comparison = rules.compared(
        [*here, *by_campaign.get(campaign - 1, [])],
        campaign,
        today,
        closings={year: one.closing_date for year, one in records.items()},
    )
    years = [
        Year(
            year, rules.sums(by_campaign.get(year, ()), year, today), records[year].target if year in records else None
        )
        for year in range(campaign - HISTORY + 1, campaign + 1)
        if year in by_campaign or year in records
    ]
    approaches = list(
        TaxApproach.objects.in_school(school)
        .filter(campaign=campaign)
        .values_list("partner_id", "intention", "asked_date")
    )
    forgotten = _forgotten(by_campaign.get(campaign - 1, ()), here, approaches, today)
    partners = Partner.objects.in_school(school).in_use()
    still = dict.fromkeys(partners.filter(pk__in=[pk for pk, _ in forgotten]).values_list("pk", flat=True))
    forgotten = [(pk, amount) for pk, amount in forgotten if pk in still]
    named = {
        one.pk: one for one in partners.filter(pk__in=[pk for pk, _ in forgotten[:SHOWN]]).select_related("school")
    }
    listed = {partner for partner, _, _ in approaches}
    return Overview(
        campaign=campaign,
        record=record,
        sums=sums,
        comparison=comparison,
        years=years,
        forgotten=[(named[pk], amount) for pk, amount in forgotten[:SHOWN] if pk in named],
        forgotten_count=len(forgotten),
        steps=Counter(intention for _, intention, _ in approaches),
        to_thank=len({p.partner for p in here if p.received is not None and p.received <= today and not p.thanked}),
        without_board=_gifts_without_board(school, campaign).count(),
        unasked_payers=len(sums.payers - listed),
        uses=_uses(school, campaign),
        without_use=sums.payments - sums.used,
    )


def _forgotten(
    before: Iterable[rules.Payment],
    now: Iterable[rules.Payment],
    approaches: Iterable[tuple[int, str, date | None]],
    today: date,
) -> list[tuple[int, Decimal]]:
    """Who gave last year, gave and promised nothing this year, and was not asked: (partner, amount), the largest first."""
    amounts: dict[int, Decimal] = {}
    for payment in before:
        if payment.nature == ContributionNature.TAXE and payment.received is not None and payment.received <= today:
            amounts[payment.partner] = amounts.get(payment.partner, Decimal(0)) + payment.amount
    heard = {payment.partner for payment in now if payment.nature == ContributionNature.TAXE}
    heard |= {partner for partner, intention, asked in approaches if asked or intention != TaxIntention.TO_ASK}
    found = [(pk, amount) for pk, amount in amounts.items() if pk not in heard and amount > 0]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def forgotten_partners(school: School, campaign: int, today: date) -> list[int]:
    """All of them, for « les ajouter à la campagne »."""
    payments = payments_since(school, campaign - 1)
    approaches = TaxApproach.objects.in_school(school).filter(campaign=campaign)
    found = _forgotten(
        [p for p in payments if p.campaign == campaign - 1],
        [p for p in payments if p.campaign == campaign],
        approaches.values_list("partner_id", "intention", "asked_date"),
        today,
    )
    return [pk for pk, _ in found]


def _gifts_without_board(school: School, campaign: int) -> QuerySet[Contribution]:
    return (
        Contribution.objects.in_school(school)
        .filter(campaign=campaign, received_date__isnull=False, board_date=None)
        .exclude(nature=ContributionNature.TAXE)
    )


def _uses(school: School, campaign: int) -> list[Use]:
    """What the taxe received for the campaign bought, the largest sums first."""
    rows = (
        Contribution.objects.in_school(school)
        .filter(campaign=campaign, nature=ContributionNature.TAXE, received_date__isnull=False)
        .exclude(use="")
        .values_list("use", "amount")
    )
    amounts: dict[str, Decimal] = {}
    counts: Counter[str] = Counter()
    for text, amount in rows:
        words = " ".join(text.split())
        if words:
            amounts[words] = amounts.get(words, Decimal(0)) + amount
            counts[words] += 1
    found = [Use(text, amount, counts[text]) for text, amount in amounts.items()]
    return sorted(found, key=lambda use: (-use.amount, use.text))


# ---------------------------------------------------------------------------------------------------------- thanks


@dataclass
class Thanks:
    """A partner who gave for a campaign: what was received, whether it was thanked for."""

    partner: Partner
    rows: list[Contribution]
    address: str = ""
    no_address: str = ""

    @property
    def taxe(self) -> Decimal:
        return total(row for row in self.rows if row.nature == ContributionNature.TAXE)

    @property
    def gifts(self) -> Decimal:
        return total(row for row in self.rows if row.nature != ContributionNature.TAXE)

    @property
    def uses(self) -> str:
        return ", ".join(dict.fromkeys(" ".join(row.use.split()) for row in self.rows if row.use.strip()))

    @property
    def thanked_date(self) -> date | None:
        return max((row.thanked_date for row in self.rows if row.thanked_date), default=None)

    @property
    def lacks_board(self) -> bool:
        return any(row.nature != ContributionNature.TAXE and row.board_date is None for row in self.rows)


def to_thank(school: School, campaign: int) -> list[Thanks]:
    """The partners whose payments or gifts of the campaign wait for thanks, by name."""
    return _grouped(_received(school).filter(campaign=campaign, thanked_date=None))


def thanked(school: School, campaign: int, *, most: int) -> list[Thanks]:
    """Those who were thanked, the latest first."""
    found = _grouped(_received(school).filter(campaign=campaign, thanked_date__isnull=False))
    return sorted(found, key=lambda one: one.thanked_date or date.min, reverse=True)[:most]


def gifts_of(school: School, contributions: Iterable[int]) -> dict[tuple[int, int], list[Contribution]]:
    """What was received among these contributions, by partner (in the order of names) and campaign: a letter thanks for each."""
    found: dict[tuple[int, int], list[Contribution]] = {}
    for row in _received(school).filter(pk__in=list(contributions)):
        found.setdefault((row.partner_id, row.campaign), []).append(row)
    return found


def _received(school: School) -> QuerySet[Contribution]:
    return (
        Contribution.objects.in_school(school)
        .filter(received_date__isnull=False)
        .select_related("partner__school")
        .order_by("partner__search_text", "partner_id", "campaign", "received_date", "pk")
    )


def _grouped(rows: Iterable[Contribution]) -> list[Thanks]:
    found: dict[int, Thanks] = {}
    for row in rows:
        found.setdefault(row.partner_id, Thanks(row.partner, [])).rows.append(row)
    return list(found.values())


def total(rows: Iterable[Contribution]) -> Decimal:
    """The exact sum of amounts; SQLite would add floats."""
    return sum((row.amount for row in rows), Decimal(0))
