"""The rules of the taxe: amounts as people write them, sums, comparison with last year, turns, dates of SOLTéA."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.french import euros
from partners.enums import ContributionNature, TaxIntention
from partners.rules import taxe as rules

TODAY = date(2026, 11, 22)
NATURES = [nature.value for nature in ContributionNature]
cents = st.integers(0, 10**8).map(lambda n: Decimal(n) / 100)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
payments = st.builds(
    rules.Payment,
    partner=st.integers(1, 6),
    campaign=st.integers(2024, 2027),
    nature=st.sampled_from(NATURES),
    amount=cents,
    received=st.none() | days,
    used=st.booleans(),
    thanked=st.booleans(),
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,56 €", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234", "1234"),
        ("1.234.567", "1234567"),
        ("250 euros", "250"),
        ("250 EUR", "250"),
        ("0,5", "0.5"),
        ("12,3", "12.3"),
        ("1234.5600000001", "1234.56"),
        ("+ 12", "12"),
    ],
)
def test_an_amount_as_people_write_it(text: str, amount: str):
    assert rules.read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "-3", "(12)", "1,234", "1.234", "12,345,6", "1,23,4", "9" * 12, "=cmd()", "1 €2", "١٢٣", "1.5678"],
)
def test_what_is_no_amount_is_refused_with_a_sentence(text: str):
    with pytest.raises(ValueError, match=r"\w"):
        rules.read_amount(text)


def test_what_may_be_read_in_two_ways_is_not_guessed():
    with pytest.raises(ValueError, match="deux façons"):
        rules.read_amount("1,234")


@given(cents)
def test_an_amount_that_the_platform_writes_reads_back(amount: Decimal):
    assert rules.read_amount(euros(amount)) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_in_cents_or_refused(text: str):
    try:
        amount = rules.read_amount(text)
    except ValueError:
        return
    assert 0 <= amount < rules.MOST
    assert amount == round(amount, 2)


# ------------------------------------------------------------------------------------------------------------- sums


@given(st.lists(payments, max_size=30), st.integers(2024, 2027), days)
def test_each_euro_is_counted_once(rows: list[rules.Payment], campaign: int, by: date):
    """Received, promised and gifts share the campaign's money out, to the cent; the gifts never join the taxe (R-TA-06)."""
    found = rules.sums(rows, campaign, by)
    mine = [row for row in rows if row.campaign == campaign]
    assert found.received + found.promised + found.gifts + found.gifts_promised == sum(
        (row.amount for row in mine), Decimal(0)
    )
    taxe = [row for row in mine if row.nature == ContributionNature.TAXE]
    assert found.received + found.promised == sum((row.amount for row in taxe), Decimal(0))
    assert found.payments == sum(row.received is not None and row.received <= by for row in taxe)
    assert found.used <= found.payments


@given(st.lists(payments, max_size=30), st.integers(2025, 2027), days)
def test_the_comparison_agrees_with_the_sums(rows: list[rules.Payment], campaign: int, today: date):
    closings: dict[int, date | None] = {campaign: None, campaign - 1: None}
    found = rules.compared(rows, campaign, today, closings=closings)
    assert found.now == rules.sums(rows, campaign, today).received
    assert found.before == rules.sums(rows, campaign - 1, rules.one_year_before(today)).received
    assert found.gap == found.now - (found.before or 0)
    assert (found.change is None) == (not found.before)


def test_a_closed_campaign_is_compared_as_a_whole():
    rows = [
        rules.Payment(1, 2025, "solde_taxe", Decimal(100), date(2025, 12, 20), False, False),
        rules.Payment(1, 2026, "solde_taxe", Decimal(300), date(2026, 7, 11), False, False),
    ]
    is_open = rules.compared(rows, 2026, TODAY, closings={2025: None, 2026: None})
    closed = rules.compared(rows, 2026, TODAY, closings={2025: None, 2026: date(2026, 11, 13)})
    assert (is_open.before, is_open.change) == (0, None)
    assert "n’avait rien rapporté" in is_open.why
    assert (closed.before, closed.gap, closed.change) == (100, 200, 2)


def test_a_campaign_that_nobody_wrote_is_no_zero():
    found = rules.compared([], 2026, TODAY, closings={2026: None})
    assert found.before is None
    assert found.gap is None
    assert "2025" in found.why


def test_a_leap_day_is_compared_with_the_28th():
    assert rules.one_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


# ------------------------------------------------------------------------------------------------------------- turns


def test_one_asks_once():
    assert rules.may_ask(TaxIntention.TO_ASK, None)
    assert not rules.may_ask(TaxIntention.ASKED, TODAY)
    assert rules.may_ask(TaxIntention.REFUSED, None).reason == "a déjà répondu"


@pytest.mark.parametrize("since", [0, 1, 13, 14, 400])
def test_a_fortnight_between_two_messages(since: int):
    last = TODAY - timedelta(days=since)
    turn = rules.may_remind(TaxIntention.ASKED, last - timedelta(days=60), last, TODAY)
    assert bool(turn) == (since >= 14)
    assert turn.from_day == (None if since >= 14 else last + timedelta(days=14))


@pytest.mark.parametrize("intention", [TaxIntention.PAID, TaxIntention.REFUSED])
def test_nobody_reminds_who_paid_or_refused(intention: TaxIntention):
    assert not rules.may_remind(intention, date(2020, 1, 1), None, TODAY)


def test_who_was_never_asked_is_not_reminded():
    assert rules.may_remind(TaxIntention.TO_ASK, None, None, TODAY).reason == "pas encore sollicité"


# ------------------------------------------------------------------------------------------------------------- SOLTéA


def test_the_dates_of_soltea_are_said_with_their_state():
    assert rules.calendar_of(2025).is_confirmed
    assert len(rules.calendar_of(2025).milestones) == 6
    assert not rules.calendar_of(2026).is_confirmed
    assert "à vérifier" in rules.calendar_of(2026).missing
    unknown = rules.calendar_of(2031)
    assert (unknown.milestones, unknown.is_confirmed) == ((), False)
    latest = rules.latest_confirmed(2031)
    assert latest is not None
    assert latest.campaign == 2025
    assert rules.latest_confirmed(2025) is None


@pytest.mark.parametrize(
    ("academy", "postal_code", "without"),
    [
        ("Strasbourg", "", True),
        ("Académie de Strasbourg", "67000", True),
        ("Nancy-Metz", "57000", True),
        ("Nancy-Metz", "54000", False),
        ("Amiens", "02000", False),
        ("", "", False),
    ],
)
def test_no_balance_in_alsace_and_moselle(academy: str, postal_code: str, without: bool):
    assert rules.is_without_balance(academy=academy, postal_code=postal_code) is without
