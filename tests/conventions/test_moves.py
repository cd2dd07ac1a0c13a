"""The table of an agreement's moves: all pairs of states, each guard on both sides, and dates that agree with the indicators."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions import rules
from conventions.enums import AgreementStage, AgreementState
from conventions.models import Agreement
from conventions.rules import moves
from conventions.rules.moves import Act, Circumstances
from schools.roles import Permission
from tests.factories import AgreementFactory, SchoolFactory

S = AgreementState
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))

BY_PEOPLE = {
    (S.PROJECT, S.NEGOTIATION), (S.NEGOTIATION, S.BOARD), (S.BOARD, S.TO_SIGN), (S.TO_SIGN, S.TO_SIGN),
    (S.BOARD, S.NEGOTIATION), (S.TO_SIGN, S.NEGOTIATION), (S.ABANDONED, S.PROJECT),
    *product((S.NEGOTIATION, S.BOARD, S.TO_SIGN), moves.SIGNED_STATES),
    *product(moves.SIGNED_STATES, (S.TO_SIGN,)),
    *product((S.PROJECT, S.NEGOTIATION, S.BOARD, S.TO_SIGN), (S.ABANDONED,)),
    *((state, state) for state in (S.TO_COME, S.IN_FORCE, S.ENDING)),
    *product((S.TO_COME, S.IN_FORCE, S.ENDING), (S.TERMINATED,)),
    *product((S.TERMINATED,), moves.SIGNED_STATES),
}  # fmt: skip
BY_PLATFORM = {
    (S.NEGOTIATION, S.TO_SIGN),
    *product((S.TO_SIGN,), moves.SIGNED_STATES),
    (S.TO_COME, S.IN_FORCE), (S.TO_COME, S.ENDING), (S.IN_FORCE, S.ENDING), (S.ENDING, S.EXPIRED),
    *product((S.TO_COME, S.IN_FORCE, S.ENDING, S.EXPIRED), (S.TERMINATED,)),
}  # fmt: skip
READY = Circumstances(today=TODAY, board_vote_date=TODAY - 30 * DAY)


@pytest.mark.parametrize(("source", "target"), list(product(AgreementState, AgreementState)))
def test_what_leads_from_each_state_to_each_other(source, target):
    found = moves.leads(source, target)
    assert any(step.permission is not None for step in found) == ((source, target) in BY_PEOPLE)
    assert any(step.permission is None for step in found) == ((source, target) in BY_PLATFORM)


def test_each_act_is_found_once_a_state_and_asks_the_right_of_agreements():
    keys = [(step.act, step.source) for step in moves.TABLE if step.act != Act.CALENDAR]
    assert len(keys) == len(set(keys))
    for step in moves.TABLE:
        assert step.verb
        assert step.permission in (None, Permission.EDIT_AGREEMENTS)
        assert moves.find(step.act, step.source) is not None


def test_the_documentation_shows_the_table():
    assert moves.as_markdown() in (Path(__file__).parents[2] / "docs" / "conventions.md").read_text("utf-8")


def test_renewing_makes_a_project_of_another_agreement():
    assert {step.source for step in moves.TABLE if step.is_new} == {S.IN_FORCE, S.ENDING, S.EXPIRED}
    assert all(step.targets == (S.PROJECT,) for step in moves.TABLE if step.is_new)


# ---------------------------------------------------------------------------------------------------------------- guards


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ({"has_partner": False}, "partenaire"),
        ({"has_title": False}, "titre"),
        ({"has_axes": False}, "axe de travail"),
        ({"start": TODAY, "end": TODAY - DAY}, "avant la date de début"),
        ({"is_local": False}, "cadre national"),
    ],
)
def test_the_board_is_asked_only_what_it_can_read(lacks, said):
    guard = moves.find(Act.SUBMIT, S.NEGOTIATION).guard
    assert guard(READY)
    refused = guard(replace(READY, **lacks))
    assert not refused and said in refused.reason


@given(days=st.integers(-400, 400) | st.none())
def test_a_vote_is_noted_once_it_took_place(days):
    day = None if days is None else TODAY + days * DAY
    verdict = moves.find(Act.VOTE, S.BOARD).guard(replace(READY, board_vote_date=day))
    assert bool(verdict) == (days is not None and days <= 0)
    assert verdict or "délibération" in verdict.reason


@pytest.mark.parametrize(("paper", "may"), [("", True), ("refused", True), ("out", False)])
def test_a_paper_is_issued_when_none_waits(paper, may):
    assert bool(moves.find(Act.ISSUE, S.TO_SIGN).guard(replace(READY, paper=paper))) == may


def test_only_a_complete_paper_signs_by_itself():
    guard = moves.find(Act.COMPLETE, S.TO_SIGN).guard
    assert [bool(guard(replace(READY, paper=paper))) for paper in ("", "out", "refused", "complete")] == [
        False, False, False, True,
    ]  # fmt: skip


@given(vote=st.integers(-60, 0), signed=st.integers(-90, 30), end=st.none() | st.integers(-90, 900))
def test_a_signature_outside_is_between_the_vote_and_today_and_before_the_end(vote, signed, end):
    seen = replace(
        READY,
        board_vote_date=TODAY + vote * DAY,
        signed_on=TODAY + signed * DAY,
        end=None if end is None else TODAY + end * DAY,
    )
    for source in (S.NEGOTIATION, S.BOARD, S.TO_SIGN):
        verdict = moves.find(Act.SIGN_OUTSIDE, source).guard(seen)
        assert bool(verdict) == (vote <= signed <= 0 and (end is None or signed <= end))


def test_a_signature_outside_asks_its_date_and_no_paper_in_the_circuit():
    guard = moves.find(Act.SIGN_OUTSIDE, S.TO_SIGN).guard
    assert "date" in guard(READY).reason
    assert "attend des signatures" in guard(replace(READY, signed_on=TODAY, paper="out")).reason
    assert "R-CONV-07" in guard(replace(READY, signed_on=TODAY, board_vote_date=None)).reason


@given(left=st.integers(-800, 800))
def test_a_renewal_opens_180_days_before_the_end(left):
    seen = replace(READY, end=TODAY + left * DAY)
    verdict = moves.find(Act.RENEW, S.IN_FORCE).guard(seen)
    assert bool(verdict) == (left <= 180)
    assert verdict or "s’ouvre le" in verdict.reason
    assert not moves.find(Act.RENEW, S.EXPIRED).guard(replace(seen, is_renewed=True))


def test_nothing_is_renewed_without_an_end():
    assert not moves.find(Act.RENEW, S.IN_FORCE).guard(READY)


@given(notice=st.none() | st.integers(0, 200), ends=st.integers(-10, 300), agreed=st.booleans())
def test_a_termination_keeps_its_notice_unless_the_partner_waives_it(notice, ends, agreed):
    seen = replace(
        READY, signed=TODAY - 5 * DAY, notice_days=notice, ends_on=TODAY + ends * DAY, reason="fermeture", agreed=agreed
    )
    verdict = moves.find(Act.TERMINATE, S.IN_FORCE).guard(seen)
    assert bool(verdict) == (ends >= -5 and (agreed or ends >= (notice or 0) or not notice))


@pytest.mark.parametrize(("said", "word"), [({"reason": "x"}, "jour"), ({"ends_on": TODAY, "reason": " "}, "motif")])
def test_a_termination_has_a_day_and_a_reason(said, word):
    verdict = moves.find(Act.TERMINATE, S.IN_FORCE).guard(replace(READY, **said))
    assert not verdict and word in verdict.reason


def test_a_signature_of_a_paper_is_taken_back_on_the_paper():
    guard = moves.find(Act.UNSIGN, S.IN_FORCE).guard
    assert guard(READY)
    assert not guard(replace(READY, paper="complete"))


# ----------------------------------------------------------------------------------------------------------------- dates


@st.composite
def dated(draw):
    start = draw(st.none() | DAYS)
    end = draw(st.none() | DAYS)
    if start and end and end < start:
        start, end = end, start
    return {
        "signed": draw(st.none() | DAYS),
        "start": start,
        "end": end,
        "tacit_renewal": draw(st.sampled_from([None, True, False])),
        "terminated": draw(st.none() | DAYS),
    }


@given(dated(), DAYS, st.sampled_from(AgreementStage.values))
def test_from_a_day_to_the_next_an_agreement_moves_as_the_table_says(dates, day, stage):
    before, after = (rules.state(one, **dates, stage=stage) for one in (day, day + DAY))
    if before != after and dates["signed"] is not None and dates["signed"] <= day:
        assert any(step.act == Act.CALENDAR for step in moves.leads(before, after))


@given(st.lists(dated(), min_size=1, max_size=6), DAYS)
@settings(max_examples=60, deadline=None)
@pytest.mark.django_db
def test_the_state_agrees_with_the_indicators(drawn, day):
    school = SchoolFactory()
    Agreement.objects.in_school(school).delete()
    for dates in drawn:
        AgreementFactory(
            school=school,
            signed_date=dates["signed"],
            start_date=dates["start"],
            end_date=dates["end"],
            tacit_renewal=dates["tacit_renewal"],
            terminated_date=dates["terminated"],
            stage=AgreementStage.TO_SIGN,
        )
    running = set(Agreement.objects.in_school(school).in_force(day))
    for one in Agreement.objects.in_school(school):
        assert (one in running) == (one.state_on(day) in (S.IN_FORCE, S.ENDING))


@given(end=DAYS, months=st.integers(1, 60), days=st.integers(-100, 4000))
def test_a_tacit_term_holds_the_day_and_is_the_first_that_does(end, months, days):
    day = end + days * DAY
    until = rules.renewed_until(day, end=end, months=months)
    assert until >= day or until == end >= day
    assert until == end or (until - day).days <= 31 * months + 3
