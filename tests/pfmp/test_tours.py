"""Rounds of visits and what follow-up is owed: pure functions."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.places import kilometres
from pfmp.rules import owed, tours
from pfmp.rules.owed import Following, Gap, Stay
from pfmp.rules.tours import Stop

LAON = (49.564, 3.624)
points = st.tuples(st.floats(48.5, 50.5), st.floats(2.5, 4.5))
stops = st.lists(
    st.builds(Stop, st.integers(1, 10_000), st.sampled_from(["", "Laon", "Soissons", "Vervins"]), st.none() | points),
    max_size=7,
    unique_by=lambda stop: stop.key,
)


@given(stops, st.none() | points)
@settings(max_examples=100, deadline=None)
def test_a_tour_sees_each_stop_once_and_is_no_longer_than_any_other_order_of_two_or_three(found, home):
    tour = tours.tour(found, home)
    assert sorted(stop.key for stop in tour.stops) == sorted(stop.key for stop in found)
    known = [stop for stop in found if stop.point]
    assert tour.km == pytest.approx(tours.length([stop for stop in tour.stops if stop.point], home))
    if home and len(known) <= 3:
        assert tour.km <= min(tours.length(order, home) for order in permutations(known)) + 1e-6
    path = [stop for stop in tour.stops if stop.point]
    for start in range(0 if home else 1, len(path)):  # 2-opt: no stretch turned around makes it shorter
        for end in range(start + 2, len(path) + 1):
            turned = [*path[:start], *reversed(path[start:end]), *path[end:]]
            assert tours.length(turned, home) >= tour.km - 1e-6


@given(stops, st.randoms())
@settings(max_examples=100, deadline=None)
def test_groups_hold_each_stop_once_close_to_the_first_whatever_the_order(found, random):
    grouped = tours.groups(found, LAON)
    assert sorted(stop.key for group in grouped for stop in group) == sorted(stop.key for stop in found)
    for group in grouped:
        seed = group[0]
        for stop in group[1:]:
            same_town = bool(seed.town) and seed.town == stop.town
            assert same_town or kilometres(seed.point, stop.point) <= tours.TOGETHER_KM
    shuffled = list(found)
    random.shuffle(shuffled)
    assert tours.groups(shuffled, LAON) == grouped


def test_the_same_commune_is_one_round_however_far():
    one, other, elsewhere = Stop(1, "Laon", LAON), Stop(2, "laon", (49.60, 3.75)), Stop(3, "Soissons", (49.38, 3.32))
    assert tours.groups([one, other, elsewhere], LAON) == [[elsewhere], [other, one]]


START, END = date(2026, 11, 2), date(2026, 11, 27)
MIDDLE = date(2026, 11, 14)


@pytest.mark.parametrize(
    ("contacts", "today", "expected"),
    [
        ([], MIDDLE, []),
        ([], MIDDLE + timedelta(days=1), [Gap.CONTACT]),
        ([(MIDDLE, False)], END, []),
        ([(MIDDLE + timedelta(days=1), True)], END, [Gap.CONTACT]),
        ([(MIDDLE, False)], END + timedelta(days=1), [Gap.MEETING, Gap.CONTACTS]),
        ([(MIDDLE, False), (END, True)], END + timedelta(days=1), []),
        ([(START, True)], END + timedelta(days=1), [Gap.CONTACTS]),
        ([], END + timedelta(days=1), [Gap.CONTACT, Gap.MEETING, Gap.CONTACTS]),
    ],
)
def test_what_is_missing_the_day_after_it_was_due(contacts, today, expected):
    stay = Stay(START, END, [Following(*one) for one in contacts])
    assert stay.middle == MIDDLE
    assert owed.gaps(stay, today) == expected


def test_what_is_due_next():
    def due(*contacts):
        found = owed.next_due(Stay(START, END, [Following(*one) for one in contacts]))
        return found and (found.what, found.day)

    assert due() == ("Premier contact", MIDDLE)
    assert due((START, False)) == ("Visite", END - timedelta(days=3))
    assert due((START, True)) == ("Deuxième contact", END)
    assert due((START, False), (END, True)) is None
    one_day = Stay(START, START)
    assert (one_day.middle, one_day.meeting_due) == (START, START)
