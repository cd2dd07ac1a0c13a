"""The table of moves of a signature: every pair of statuses, each guard on both sides, turns; the docs show the same table."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import rules
from documents.enums import SIGNED, SignatureRole, SignatureStatus

S = SignatureStatus
TODAY = date(2026, 2, 10)
MOVES = {
    (S.AWAITED, S.ONLINE), (S.AWAITED, S.ON_PAPER), (S.AWAITED, S.REFUSED), (S.ON_PAPER, S.AWAITED), (S.REFUSED, S.AWAITED),
    (S.AWAITED, S.VOIDED), (S.ON_PAPER, S.VOIDED), (S.ONLINE, S.VOIDED), (S.REFUSED, S.VOIDED),
}  # fmt: skip
"""Written by hand, beside the table and not from it."""


@pytest.mark.parametrize(("source", "target"), list(product(S, S)))
def test_every_pair_of_statuses(source, target):
    assert ((source, target) in rules.MOVES) is ((source, target) in MOVES)


def test_each_pair_stands_once_and_nothing_leaves_what_is_voided_or_signed_online_but_its_end():
    assert len(rules.TABLE) == len(rules.MOVES)
    assert {move.target for move in rules.TABLE if move.source == S.ONLINE} == {S.VOIDED}
    assert not [move for move in rules.TABLE if move.source == S.VOIDED]
    assert all(move.verb and move.who and (move.condition or move.guard) for move in rules.TABLE)


def seen(**values):
    return rules.Circumstances(**({"today": TODAY, "issued": TODAY - timedelta(days=5)} | values))


@pytest.mark.parametrize(
    ("target", "good", "bad"),
    [
        (S.ONLINE, {}, {"is_latest": False}),
        (S.ONLINE, {}, {"has_file": False}),
        (S.ONLINE, {}, {"is_their_turn": False}),
        (S.ON_PAPER, {"signed_on": TODAY}, {"signed_on": TODAY + timedelta(days=1)}),
        (S.ON_PAPER, {"signed_on": TODAY - timedelta(days=5)}, {"signed_on": TODAY - timedelta(days=6)}),
        (S.ON_PAPER, {"signed_on": TODAY}, {}),
        (S.ON_PAPER, {"signed_on": TODAY}, {"signed_on": TODAY, "is_latest": False}),
        (S.REFUSED, {"reason": "Les dates."}, {"reason": "  "}),
        (S.REFUSED, {"reason": "Les dates."}, {"reason": "Les dates.", "is_latest": False}),
    ],
)
def test_each_guard_of_an_awaited_signature(target, good, bad):
    guard = rules.MOVES[S.AWAITED, target].guard
    assert guard(seen(**good))
    refused = guard(seen(**bad))
    assert not refused and refused.reason.endswith(".")


@pytest.mark.parametrize("source", [S.ON_PAPER, S.REFUSED])
def test_only_the_last_version_is_taken_up_again(source):
    guard = rules.MOVES[source, S.AWAITED].guard
    assert guard(seen()) and not guard(seen(is_latest=False))


@pytest.mark.parametrize("source", [S.AWAITED, S.ON_PAPER, S.ONLINE, S.REFUSED])
def test_a_change_voids_whatever_the_circumstances(source):
    assert rules.MOVES[source, S.VOIDED].guard(seen(is_latest=False, has_file=False, is_their_turn=False))


def test_sources_of_a_status():
    assert set(rules.sources_of(S.AWAITED)) == {S.ON_PAPER, S.REFUSED}
    assert set(rules.sources_of(S.VOIDED)) == {S.AWAITED, S.ON_PAPER, S.ONLINE, S.REFUSED}


STATUSES = st.sampled_from(list(S))


@given(st.integers(1, 7), st.lists(st.tuples(st.integers(1, 7), STATUSES), max_size=7))
def test_a_turn_comes_when_all_the_earlier_ones_are_signed(turn, others):
    earlier = [status for rank, status in others if rank < turn]
    assert rules.is_their_turn(turn, others) == all(status in SIGNED for status in earlier)


@given(st.permutations(list(SignatureRole)), st.integers(0, 6))
def test_the_turn_of_a_role_is_the_rank_of_its_group(roles, cut):
    order = [group for group in ([role.value for role in roles[:cut]], [role.value for role in roles[cut:]]) if group]
    for role in SignatureRole:
        assert role.value in order[rules.turn_of(role, order) - 1]
    assert rules.turn_of(SignatureRole.TUTOR, []) == 1


def test_the_docs_show_the_same_table():
    assert rules.as_markdown() in (Path(__file__).parents[2] / "docs" / "signatures.md").read_text("utf-8")
