"""The page of figures on leavers: the same numbers as the indicators, and nothing small leaves the lycée."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.school_year import SchoolYear
from indicators import figures, leaver_figures
from indicators.rules import secrecy_leavers
from surveys.enums import Situation
from surveys.rules.leavers import Cohort
from tests.conftest import Cast
from tests.factories import OutcomeFactory
from tests.surveys.leavers_scene import YEAR, Promotion, promotion

TODAY = date(2026, 8, 31)
sizes = st.lists(st.tuples(*[st.integers(0, 30)] * 6), min_size=1, max_size=4)


def of_sizes(counts: Sequence[Sequence[int]]) -> tuple[Cohort, dict[str, Cohort]]:
    """Formations with so many in each situation at six months."""
    told: dict[int, tuple[str, int | None]] = {}
    parts: dict[str, set[int]] = {}
    for rank, row in enumerate(counts):
        parts[f"F{rank}"] = set()
        for situation, count in zip(Situation.values, row, strict=True):
            for _ in range(count):
                parts[f"F{rank}"].add(len(told))
                told[len(told)] = (situation, None)
    whole = Cohort(set(told), {6: told})
    return whole, {name: whole.only(students) for name, students in parts.items()}


@given(sizes)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_kept_back_cannot_be_worked_out(counts: Sequence[Sequence[int]]) -> None:
    whole, parts = of_sizes(counts)
    shown = secrecy_leavers.shown_formations(whole, parts, [6])
    hidden = [parts[name] for name in parts if name not in shown]
    for name in shown:
        assert secrecy_leavers.is_safe(parts[name], [6])
    if shown and hidden:
        rest = whole.only(student for one in hidden for student in one.leavers)
        assert len(hidden) > 1
        for group in (rest.known(6), rest.in_situation(6, ["emploi"])):
            assert not 0 < len(group) < 5


def test_one_small_formation_takes_another_with_it() -> None:
    big = [10, 10, 10, 10, 10, 10]
    whole, parts = of_sizes([big, big, [1, 1, 0, 0, 0, 0]])
    assert len(secrecy_leavers.shown_formations(whole, parts, [6])) == 1
    whole, parts = of_sizes([big, big])
    assert secrecy_leavers.shown_formations(whole, parts, [6]) == {"F0", "F1"}


def test_who_lost_a_job_is_not_told_by_what_stands_beside() -> None:
    jobs = dict.fromkeys(range(25), (Situation.JOB, None))
    one_less = jobs | {0: (Situation.JOB_SEEKING, None)}
    assert secrecy_leavers.is_safe(Cohort(set(jobs), {6: jobs, 12: jobs}), [6, 12])
    assert secrecy_leavers.is_safe_kept(Cohort(set(jobs), {6: jobs, 12: jobs}))
    assert not secrecy_leavers.is_safe_kept(Cohort(set(jobs), {6: jobs, 12: one_less}))


@pytest.fixture
def scene(cast: Cast) -> Promotion:
    found = promotion(cast.school)
    for situation, term in product(("emploi", "recherche_emploi", "poursuite_etudes"), (6, 12)):
        student = found.leaver()
        OutcomeFactory(school=cast.school, student=student, leaving_year=YEAR, term_months=term, situation=situation)
    return found


def test_the_page_counts_as_the_indicators_do(scene: Promotion) -> None:
    found = leaver_figures.content(scene.school, SchoolYear(2024), TODAY, outside=False)
    computed = figures.compute(scene.school, SchoolYear(2025), TODAY).as_json()
    said = {(entry["code"], cell["cle"]): (cell["n"], cell["d"]) for entry in computed["indicateurs"] for cell in entry["ventilations"] if cell["axe"] == "echeance"}  # fmt: skip
    for at in found.whole.terms[:2]:
        for code, rate in (("E1", at.reply), ("E2", at.placed), ("E3", at.employed), ("E6", at.at_partners)):
            assert rate is not None
            assert said[code, str(at.term)] == (rate.n, rate.d)
    assert [at.why for at in found.whole.terms[2:]] == ["pas encore mesurable"] * 2


def test_small_groups_are_for_the_lycee_alone(client: Client, cast: Cast, scene: Promotion) -> None:
    here = reverse("indicators:leaver_figures", args=[cast.school.uai]) + f"?promotion={YEAR}"
    client.force_login(cast.head.user)
    inside = client.get(here)
    assert [line.label for line in inside.context["content"].formations] == ["Métiers de l’électricité"]
    file = client.get(f"{here}&format=csv").content.decode("utf-8-sig")
    assert "Métiers de l’électricité" not in file
    assert "n.d. (effectif < 5)" in file
    client.force_login(cast.reader.user)
    outside = client.get(here)
    assert outside.context["content"].formations == []
    assert outside.context["content"].hidden_formations == 1


def test_the_page_costs_the_same_whatever_the_number(
    as_bde: Client, cast: Cast, scene: Promotion, django_assert_max_num_queries: Any
) -> None:
    here = reverse("indicators:leaver_figures", args=[cast.school.uai])
    as_bde.get(here)
    with django_assert_max_num_queries(20):
        as_bde.get(here)
