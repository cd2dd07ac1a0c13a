"""Who left, and the rates of a cohort: the rule that the indicators and the campaigns share."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.school_year import SchoolYear
from schools.enums import Niveau
from surveys import cohorts
from surveys.enums import Situation, Term
from surveys.rules import leavers
from surveys.rules.leavers import Cohort
from tests.factories import ClassFactory, OutcomeFactory, SchoolFactory, SchoolingFactory, StudentFactory

LEFT = SchoolYear(2024)
told = st.dictionaries(st.integers(1, 12), st.tuples(st.sampled_from(Situation.values), st.none() | st.just(7)))


@pytest.mark.parametrize(
    ("term", "day"),
    [(6, date(2026, 2, 28)), (12, date(2026, 8, 31)), (18, date(2027, 2, 28)), (24, date(2027, 8, 31))],
)
def test_a_term_counts_on_its_day_and_is_asked_a_month_around(term: int, day: date) -> None:
    assert leavers.due_date(LEFT, term) == day
    first, last = leavers.window(LEFT, term)
    assert first < day < last
    assert 60 <= (last - first).days <= 62


def test_six_months_fall_on_the_29th_of_a_leap_year() -> None:
    assert leavers.due_date(SchoolYear(2022), 6) == date(2024, 2, 29)


@given(st.sets(st.integers(1, 12)), told, told)
@settings(max_examples=50)
def test_rates_are_of_the_cohort_and_within_their_bounds(left: set[int], six: dict, twelve: dict) -> None:  # type: ignore[type-arg]
    cohort = Cohort(left, {Term.SIX_MONTHS: six, Term.TWELVE_MONTHS: twelve})
    for rate in (cohort.reply(6), cohort.placed(6), cohort.employed(6), cohort.at_partners(6), cohort.kept()):
        assert set(rate.counted) <= set(rate.among) <= left
    bounds, share = cohort.bounds(6), cohort.employed(6).share
    assert (bounds is None) == (not cohort.employed(6).among and len(cohort.known(6)) == len(left))
    if bounds is not None and share is not None:
        assert 0 <= bounds[0] <= share <= bounds[1] <= 1


def test_bounds_put_the_silent_on_each_side() -> None:
    six = {1: (Situation.JOB, None), 2: (Situation.JOB_SEEKING, None), 3: (Situation.STUDIES, None)}
    cohort = Cohort({1, 2, 3, 4, 5}, {6: six})
    assert cohort.employed(6).share == Fraction(1, 2)
    assert cohort.bounds(6) == (Fraction(1, 4), Fraction(3, 4))
    assert cohort.situation(4, 6) == Situation.NO_ANSWER


@pytest.mark.django_db
def test_the_cohort_is_of_final_classes_and_not_back() -> None:
    school = SchoolFactory()
    final = ClassFactory(school=school, year="2024-2025", niveau=Niveau.TERMINALE_PRO, diploma="Bac pro MELEC")
    first = ClassFactory(school=school, year="2024-2025", niveau=Niveau.SECONDE_PRO)
    after = ClassFactory(school=school, year="2025-2026", niveau=Niveau.CS)
    gone, back, young = (StudentFactory(school=school) for _ in range(3))
    for student, klass in ((gone, final), (back, final), (young, first), (back, after)):
        SchoolingFactory(school=school, student=student, school_class=klass)
    elsewhere = SchoolingFactory(school_class__year="2024-2025", school_class__niveau=Niveau.CAP2)
    OutcomeFactory(school=school, student=gone, leaving_year="2024-2025", situation="emploi")
    OutcomeFactory(school=school, student=young, leaving_year="2024-2025", situation="emploi")
    assert set(cohorts.leavers(school, LEFT)) == {gone}
    assert elsewhere.student_id not in cohorts.leaver_ids(school, [LEFT])[LEFT]
    found = cohorts.cohort(school, LEFT)
    assert (found.reply(6).n, found.reply(6).d) == (1, 1)
    assert cohorts.formations(school, [LEFT])[LEFT, gone.pk] == "Bac pro MELEC"
    assert cohorts.cohorts(school, [LEFT, LEFT.next])[LEFT.next].leavers == {back.pk}
