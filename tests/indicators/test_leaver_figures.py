"""The page of figures on leavers: the same numbers as the indicators, and nothing small leaves the lycée."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.school_year import SchoolYear
from indicators import figures, leaver_figures, services
from tests.conftest import Cast
from tests.factories import OutcomeFactory
from tests.surveys.leavers_scene import YEAR, Promotion, promotion

TODAY = date(2026, 8, 31)


@pytest.fixture
def scene(cast: Cast) -> Promotion:
    found = promotion(cast.school)
    for situation, term in product(("emploi", "recherche_emploi", "poursuite_etudes"), (6, 12)):
        student = found.leaver()
        OutcomeFactory(school=cast.school, student=student, leaving_year=YEAR, term_months=term, situation=situation)
    return found


def test_the_page_counts_as_the_indicators_do(scene: Promotion) -> None:
    found = leaver_figures.content(scene.school, SchoolYear(2024), TODAY)
    computed = figures.compute(scene.school, SchoolYear(2025), TODAY).as_json()
    said = {(entry["code"], cell["cle"]): (cell["n"], cell["d"]) for entry in computed["indicateurs"] for cell in entry["ventilations"] if cell["axe"] == "echeance"}  # fmt: skip
    for at in found.whole.terms[:2]:
        for code, rate in (("E1", at.reply), ("E2", at.placed), ("E3", at.employed), ("E6", at.at_partners)):
            assert rate is not None
            assert said[code, str(at.term)] == (rate.n, rate.d)
    assert [at.why for at in found.whole.terms[2:]] == ["pas encore mesurable"] * 2


def test_outside_reads_what_is_published_and_nothing_else(cast: Cast) -> None:
    scene = promotion(cast.school)
    for situation, count in (("emploi", 22), ("recherche_emploi", 11), ("poursuite_etudes", 9), ("", 8)):
        for _ in range(count):
            student = scene.leaver()
            for term in (6, 12) if situation else ():
                OutcomeFactory(
                    school=cast.school, student=student, leaving_year=YEAR, term_months=term, situation=situation
                )
    nothing = leaver_figures.published_content(cast.school, SchoolYear(2024), TODAY)
    assert ({at.why for at in nothing.whole.terms[:2]}, nothing.whole.size, nothing.years) == ({"n.d."}, None, [])
    services.refresh(cast.school, SchoolYear(2025), TODAY)
    told = leaver_figures.published_content(cast.school, SchoolYear(2024), TODAY)
    inside = leaver_figures.content(cast.school, SchoolYear(2024), TODAY)
    assert told.as_of == TODAY
    assert told.whole.size == inside.whole.size == 50
    for seen, true in zip(told.whole.terms[:2], inside.whole.terms[:2], strict=True):
        assert (seen.reply, seen.placed, seen.employed, seen.bounds) == (
            true.reply,
            true.placed,
            true.employed,
            true.bounds,
        )
        assert seen.at_partners is None
    # One leaver more is no news to tell outside, on the page or in a file, before a publication says so.
    OutcomeFactory(school=cast.school, student=scene.leaver(), leaving_year=YEAR, term_months=6, situation="emploi")
    services.refresh(cast.school, SchoolYear(2025), TODAY)
    after = leaver_figures.published_content(cast.school, SchoolYear(2024), TODAY)
    assert after.whole == told.whole
    assert leaver_figures.content(cast.school, SchoolYear(2024), TODAY).whole.size == 51


def test_small_groups_are_for_the_lycee_alone(client: Client, cast: Cast, scene: Promotion) -> None:
    services.refresh(cast.school, SchoolYear(2025), TODAY)
    here = reverse("indicators:leaver_figures", args=[cast.school.uai]) + f"?promotion={YEAR}"
    client.force_login(cast.head.user)
    inside = client.get(here)
    assert [line.label for line in inside.context["content"].formations] == ["Métiers de l’électricité"]
    file = client.get(f"{here}&format=csv").content.decode("utf-8-sig")
    assert "Métiers de l’électricité" not in file
    assert "n.d. (effectif < 5)" in file
    client.force_login(cast.reader.user)
    page = client.get(here).content.decode()
    assert "Métiers de l’électricité" not in page
    assert "Les taux par formation ne sont pas publiés" in page


def test_the_page_costs_the_same_whatever_the_number(
    as_bde: Client, cast: Cast, scene: Promotion, django_assert_max_num_queries: Any
) -> None:
    here = reverse("indicators:leaver_figures", args=[cast.school.uai])
    as_bde.get(here)
    with django_assert_max_num_queries(20):
        as_bde.get(here)
