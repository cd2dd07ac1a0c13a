"""The allowance: rates, caps and order (R-ALLOC-*, R-APLY-*), what ApLyPro would refuse, and the sheet to type from."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp.rules import allowance
from pfmp.rules.allowance import FileFacts, Line, Rate, Scale, State, Stay, Unclear, Unpaid

COMPLETE = FileFacts(
    has_ine=True, has_sex=True, has_address=True, is_minor=False, is_bank_ready=True, has_decision=True
)
TODAY = date(2026, 4, 10)


def stay(key=1, start=date(2026, 3, 2), days=20, **changes) -> Stay:
    values = {"end": start + timedelta(days=25), "year": "2025-2026", "scale": Scale.PREMIERE, "student": "Rayan"}
    return Stay(key=key, start=start, days=days, **values | changes)


def line(**changes) -> Line:
    first, last = allowance.year_bounds("2025-2026")
    values = {"stay": stay(), "file": COMPLETE, "first_day": first, "last_day": last, "has_certificate": True}
    return Line(**values | {"has_convention": True} | changes)


def rules_broken(of: Line, today: date = TODAY) -> list[str]:
    return [one.rule for one in allowance.obstacles(of, today) if one.is_blocking]


@pytest.mark.parametrize(
    ("year", "scale", "expected"),
    [
        ("2023-2024", Scale.TERMINALE, Rate(20, 800)),
        ("2024-2025", Scale.TERMINALE, Rate(20, 1200)),
        ("2025-2026", Scale.TERMINALE, Rate(20, 1000)),
        ("2025-2026", Scale.PREMIERE, Rate(15, 600)),
        ("2025-2026", Scale.SECONDE, Rate(10, 300)),
        ("2025-2026", Scale.CAP_1, Rate(10, 350)),
        ("2025-2026", Scale.CS_4, Rate(20, 1800)),
        ("2031-2032", Scale.PREMIERE, None),  # a year without values is not given those of another
    ],
)
def test_rates_are_dated(year, scale, expected):
    assert allowance.rate_of(year, scale) == expected


@pytest.mark.parametrize(
    ("niveau", "words", "expected"),
    [
        ("cap1", {}, Scale.CAP_1),
        ("cap1", {"formation_code": "2402214611"}, Scale.CAP_1_YEAR),
        ("cap1", {"formation_code": "40022146"}, Scale.CAP_1),  # a code of the diploma says nothing of the year
        ("tle_pro", {"formation_code": "2472530233"}, Scale.TERMINALE),
        ("cs", {"diploma": "Certificat de spécialisation Zingueur (niveau 3)"}, Scale.CS_3),
        ("cs", {"formation_code": "25833404112"}, Scale.CS_4),
        ("autre", {"diploma": "FCIL Vente, niveau 4"}, Scale.FCIL_4),
        ("autre", {"diploma": "AvenirPro+ niveau 3"}, Scale.AVENIR_3),
    ],
)
def test_the_line_of_a_class(niveau, words, expected):
    assert allowance.scale_of(niveau, **words) == expected


@pytest.mark.parametrize(
    ("niveau", "words", "kind"),
    [
        ("bts1", {}, Unpaid),
        ("2nde_gt", {}, Unpaid),
        ("cap1", {"formation_code": "2422530531"}, Unpaid),  # the first of three years
        ("cs", {"diploma": "Sommellerie"}, Unclear),
        ("autre", {}, Unclear),
    ],
)
def test_classes_without_a_line(niveau, words, kind):
    assert isinstance(allowance.scale_of(niveau, **words), kind)


def test_the_cap_is_reached_in_the_order_of_the_periods():
    first, second, third = stay(1, date(2025, 11, 3)), stay(2, date(2026, 1, 5), 18), stay(3, date(2026, 3, 2), 20)
    found = allowance.amounts([third, first, second])
    assert [(found[key].euros, found[key].cut) for key in (1, 2, 3)] == [(300, 0), (270, 0), (30, 270)]


def test_a_stay_without_days_makes_the_next_ones_provisional():
    found = allowance.amounts([stay(1, date(2025, 11, 3), None), stay(2)])
    assert found[1].euros is None
    assert (found[2].euros, found[2].is_provisional) == (300, True)


def test_a_stay_caught_up_takes_the_rate_and_the_cap_of_its_year_of_origin():
    found = allowance.amounts([stay(1), stay(2, date(2025, 9, 8), 10, year="2024-2025", scale=Scale.SECONDE)])
    assert (found[1].euros, found[2].euros) == (300, 100)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60), st.sampled_from("ab")), max_size=8))
@settings(max_examples=200)
def test_never_above_the_cap_and_never_depends_on_the_order_given(drawn):
    stays = [
        stay(number, date(2025, 9, 1) + timedelta(days=shift), days, student=who)
        for number, (shift, days, who) in enumerate(drawn)
    ]
    found = allowance.amounts(stays)
    assert found == allowance.amounts(reversed(stays))
    for who in "ab":
        mine = [one for one in stays if one.student == who]
        given_in_all = sum(found[one.key].euros or 0 for one in mine)
        assert given_in_all == min(600, sum(15 * int(one.days or 0) for one in mine))


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60)
def test_a_stay_cut_in_two_is_worth_the_whole(first, second):
    whole = allowance.amounts([stay(1, days=first + second)])[1].euros
    halves = allowance.amounts([stay(1, days=first), stay(2, date(2026, 3, 20), second)])
    assert whole == sum(one.euros or 0 for one in halves.values())


def test_a_complete_line_passes():
    assert rules_broken(line()) == []
    assert allowance.state_of(line(), TODAY) is State.READY


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"stay": stay(days=None)}, "R-APLY-01"),
        ({"stay": stay(days=27)}, "R-APLY-01"),  # 26 days of calendar
        ({"stay": stay(days=0)}, "R-APLY-01"),
        ({"stay": stay(days=Decimal("12.5"))}, "R-ALLOC-09"),
        ({"stay": stay(start=date(2025, 8, 31), days=5)}, "R-APLY-02"),
        ({"others": [(date(2026, 3, 27), date(2026, 4, 3), "chez Dupont")]}, "R-APLY-02"),
        ({"has_certificate": False}, "R-ALLOC-04"),
        ({"has_convention": False}, "R-ALLOC-04"),
        ({"file": replace(COMPLETE, has_ine=False)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, has_sex=False)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, has_address=False)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, is_apprentice=True)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, is_bank_ready=None)}, "R-APLY-04"),
        ({"file": replace(COMPLETE, has_decision=False)}, "R-APLY-04"),
        ({"stay": stay(scale=Unclear("?"))}, "R-ALLOC-02"),
    ],
)
def test_what_aplypro_refuses(changes, rule):
    refused = line(**changes)
    assert rules_broken(refused) == [rule]
    assert allowance.state_of(refused, TODAY) is State.TO_COMPLETE


@pytest.mark.parametrize("file", [replace(COMPLETE, is_minor=True), replace(COMPLETE, has_two_schoolings=True)])
def test_what_is_said_without_stopping_the_line(file):
    known = line(file=file)
    assert rules_broken(known) == []
    assert len(allowance.obstacles(known, TODAY)) == 1


def test_nothing_is_validated_on_the_last_day_but_the_next():
    last = stay().end
    assert rules_broken(line(), last) == ["R-APLY-04"]
    assert rules_broken(line(), last + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("code", "first"), [("97410", date(2025, 8, 16)), ("97600", date(2025, 8, 23)), ("75011", date(2025, 9, 1))]
)
def test_the_year_opens_earlier_overseas(code, first):
    assert allowance.year_bounds("2025-2026", code)[0] == first


def test_states_and_lateness():
    last = stay().end
    assert allowance.state_of(line(), TODAY, entered=TODAY) is State.ENTERED
    assert allowance.state_of(line(), TODAY, entered=TODAY, validated=TODAY) is State.VALIDATED
    assert allowance.state_of(line(stay=stay(scale=Unpaid("BTS"))), TODAY) is State.NONE
    assert not allowance.is_late(State.READY, last, last + timedelta(days=45))
    assert allowance.is_late(State.READY, last, last + timedelta(days=46))
    assert not allowance.is_late(State.VALIDATED, last, last + timedelta(days=90))
