"""Distance and the map: the filter of the list, the rows around a point, the page, the browser."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import places
from partners import nearby
from partners.models import Partner
from tests.conftest import Cast
from tests.factories import PartnerFactory

LAON = (49.5645, 3.6205)


@pytest.fixture
def around_laon(cast: Cast) -> dict[str, Partner]:
    """Partners of the lycée of Laon: in town, near, far, nowhere; and one of another school."""
    PartnerFactory(school=cast.stranger.school, name="D’une autre école", city="Laon", postal_code="02000")
    towns = {"Laon": "02000", "Athies-sous-Laon": "02840", "Soissons": "02200", "Marseille": "13001", "": ""}
    return {
        city: PartnerFactory(school=cast.school, name=f"Atelier {city or 'sans adresse'}", city=city, postal_code=code)
        for city, code in towns.items()
    }


def names(response) -> list[str]:
    return [row.name for row in response.context["page"]]


def test_the_database_measures_as_the_rule_does(cast, around_laon):
    found = nearby.within(Partner.objects.in_school(cast.school), LAON, 50).order_by("distance")
    assert [partner.city for partner in found] == ["Laon", "Athies-sous-Laon", "Soissons"]
    for partner in found:
        assert partner.distance == pytest.approx(
            places.kilometres(LAON, (partner.map_latitude, partner.map_longitude)), abs=1e-6
        )


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(41, 52), st.floats(-5, 9), st.sampled_from([1, 5, 15, 80]))
def test_within_is_exactly_within(cast, latitude, longitude, km):
    """No partner is lost at the edge of the box, none comes from beyond the distance."""
    Partner.objects.in_school(cast.school).delete()
    PartnerFactory(school=cast.school, latitude=round(latitude, 6), longitude=round(longitude, 6))
    PartnerFactory(school=cast.school, latitude=round(latitude + km / 111.3, 6), longitude=round(longitude, 6))
    rows = Partner.objects.in_school(cast.school)
    expected = {
        one.pk for one in rows if places.kilometres((latitude, longitude), (one.map_latitude, one.map_longitude)) <= km
    }
    assert {one.pk for one in nearby.within(rows, (latitude, longitude), km)} == expected


# ------------------------------------------------------------------------------------------------------------- the list


def test_the_list_keeps_what_is_near_the_lycee(as_bde: Client, cast, around_laon):
    response = as_bde.get(f"/etablissements/{cast.school.uai}/partenaires/", {"distance_km": "10"})
    assert sorted(names(response)) == ["Atelier Athies-sous-Laon", "Atelier Laon"]


def test_the_list_keeps_what_is_near_a_town(as_bde: Client, cast, around_laon):
    url = f"/etablissements/{cast.school.uai}/partenaires/"
    assert names(as_bde.get(url, {"distance_de": "soissons"})) == ["Atelier Soissons"]
    wide = as_bde.get(url, {"distance_km": "50", "distance_de": "Soissons (02)", "tri": "distance"})
    assert names(wide) == ["Atelier Soissons", "Atelier Laon", "Atelier Athies-sous-Laon"]
    assert "Distance (km)" in [column.label for column in wide.context["columns"]]
    assert names(as_bde.get(url, {"distance_km": "50", "distance_de": "Soissons (02)"})) == names(wide)
    assert "Soissons (02)" in wide.content.decode()


def test_without_the_filter_the_distance_is_a_column_to_choose(as_bde: Client, cast, around_laon):
    url = f"/etablissements/{cast.school.uai}/partenaires/"
    assert "Distance (km)" not in [column.label for column in as_bde.get(url).context["columns"]]
    found = as_bde.get(url, {"colonnes": ["distance-km"], "tri": "distance"})
    assert found.context["columns"][1].label == "Distance (km)"
    assert [name for name in names(found) if name != "Atelier sans adresse"] == [
        "Atelier Laon", "Atelier Athies-sous-Laon", "Atelier Soissons", "Atelier Marseille",
    ]  # fmt: skip
    csv = as_bde.get(url, {"distance_km": "10", "format": "csv"}).content.decode("utf-8-sig")
    assert "Distance (km)" in csv
    assert "4,6" in csv
    assert "Marseille" not in csv


def test_two_towns_of_one_name_are_a_choice(as_bde: Client, cast, around_laon):
    response = as_bde.get(f"/etablissements/{cast.school.uai}/partenaires/", {"distance_de": "Saint-Denis"})
    page = response.content.decode()
    assert names(response) == []
    assert "Plusieurs communes répondent à ce nom" in page
    assert 'type="radio" name="distance_de" value="Saint-Denis (93)"' in page


@pytest.mark.parametrize(
    "typed",
    ["Xyzville", "<script>alert(1)</script>", "=cmd()", "é" * 300, "🏭", "%00", "\x00"],
)
def test_a_town_that_nobody_knows_is_said_and_kept(as_bde: Client, cast, around_laon, typed):
    response = as_bde.get(f"/etablissements/{cast.school.uai}/partenaires/", {"distance_de": typed})
    assert response.status_code in (200, 400)
    assert "<script>alert" not in response.content.decode()
    if response.status_code == 200:
        assert names(response) == []


@pytest.mark.parametrize("km", ["7", "-1", "1e9", "nan", "quinze", "15 "])
def test_a_strange_distance_is_no_error(as_bde: Client, cast, around_laon, km):
    response = as_bde.get(f"/etablissements/{cast.school.uai}/partenaires/", {"distance_km": km})
    assert response.status_code in (200, 400)


def test_without_a_town_of_its_own_the_school_is_asked_for_one(as_bde: Client, cast, around_laon):
    cast.school.city = ""
    cast.school.save()
    response = as_bde.get(f"/etablissements/{cast.school.uai}/partenaires/", {"distance_km": "10"})
    assert names(response) == []
    assert "De quelle commune" in response.content.decode()


def test_communes_are_suggested(as_bde: Client, cast):
    url = f"/etablissements/{cast.school.uai}/communes/suggestions/"
    page = as_bde.get(url, {"champ": "distance_de", "distance_de": "lao"}).content.decode()
    assert page.index("Laon (02)") < page.index("Athies-sous-Laon (02)")
    assert "option" not in as_bde.get(url, {"champ": "distance_de"}).content.decode()
