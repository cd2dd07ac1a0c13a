"""Distance and the map: the filter of the list, the rows around a point, the page, the browser."""

import os
import subprocess
import sys
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from core import places
from partners import nearby
from partners.models import Partner
from tests.conftest import Cast
from tests.factories import InteractionFactory, PartnerFactory
from tests.flows.walk import Walk
from tests.servers import keep

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
@example(45.0, 5e-324, 1)
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


# ------------------------------------------------------------------------------------------------------------- the map


def map_url(cast: Cast) -> str:
    return f"/etablissements/{cast.school.uai}/partenaires/carte/"


def test_the_map_says_the_same_as_its_list(as_bde: Client, cast, around_laon):
    response = as_bde.get(map_url(cast))
    assert [line.name for line in response.context["page"]] == [
        "Atelier Laon", "Atelier Athies-sous-Laon", "Atelier Soissons", "Atelier Marseille",
    ]  # fmt: skip
    assert [line.name for line in response.context["homeless"]] == ["Atelier sans adresse"]
    drawing = response.context["drawing"]
    assert [point[1] for point in drawing["points"]] == [line.name for line in response.context["page"]]
    assert drawing["middle"]["at"] == LAON
    assert drawing["tiles"] is None
    page = response.content.decode()
    assert "1\u00a0partenaire sans commune connue" in page
    assert "D’une autre école" not in page


def test_the_map_takes_the_filters_of_the_list_and_gives_them_back(as_bde: Client, cast, around_laon):
    around_laon["Laon"].status = "dormant"
    around_laon["Laon"].save()
    response = as_bde.get(map_url(cast), {"distance_km": "10", "distance_de": "Laon", "statut": "dormant"})
    assert [line.name for line in response.context["page"]] == ["Atelier Laon"]
    assert response.context["drawing"]["rings"] == [[10, "10\u202fkm"]]
    assert response.context["list_url"].endswith("?distance_km=10&distance_de=Laon&statut=dormant")
    page = as_bde.get(f"/etablissements/{cast.school.uai}/partenaires/", {"statut": "dormant"}).content.decode()
    assert f'{map_url(cast)}?statut=dormant"' in page


def test_a_school_without_a_known_town_still_has_its_map(as_bde: Client, cast, around_laon):
    cast.school.city = "Nulle-Part"
    cast.school.save()
    response = as_bde.get(map_url(cast))
    assert response.context["drawing"]["middle"] is None
    assert len(response.context["page"]) == 4
    assert "Dire où est le lycée" in response.content.decode()


def test_a_teacher_reads_no_colleague_s_exchange_on_the_map(client: Client, cast, around_laon):
    InteractionFactory(school=cast.school, partner=around_laon["Laon"], date=date(2025, 11, 12))

    def said(member) -> tuple[date | None, list[str]]:
        client.force_login(member.user)
        context = client.get(map_url(cast)).context
        return context["page"][0].last, [words for words in context["drawing"]["words"] if "échange" in words]

    assert said(cast.bde) == (date(2025, 11, 12), ["Dernier échange le 12\u00a0novembre\u00a02025"])
    assert said(cast.teacher) == (None, [])
    InteractionFactory(
        school=cast.school, partner=around_laon["Laon"], date=date(2025, 10, 3), author_email=cast.teacher.email
    )
    assert said(cast.teacher)[0] == date(2025, 10, 3)


def test_names_cannot_break_out_of_the_data(as_bde: Client, cast):
    PartnerFactory(school=cast.school, name="</script><script>alert(1)</script>", city="Laon", postal_code="02000")
    PartnerFactory(school=cast.school, name="=cmd()" + "é" * 300 + "\u202e🏭", city="Laon", postal_code="02000")
    page = as_bde.get(map_url(cast)).content.decode()
    assert "<script>alert" not in page
    assert "</script><script>" not in page.replace("\n", "")


@pytest.mark.parametrize(
    "asked", [{"page": "0"}, {"page": "x"}, {"par_page": "x"}, {"statut": "zzz"}, {"distance_de": "Saint-Denis"}]
)
def test_a_strange_address_is_no_error(as_bde: Client, cast, around_laon, asked):
    assert as_bde.get(map_url(cast), asked).status_code in (200, 400)


def test_the_map_costs_the_same_for_many(as_bde: Client, cast, django_assert_max_num_queries):
    towns = [("Laon", "02000"), ("Soissons", "02200"), ("Tergnier", "02700"), ("", "")]
    for number in range(60):
        city, code = towns[number % 4]
        partner = PartnerFactory(school=cast.school, city=city, postal_code=code)
        InteractionFactory(school=cast.school, partner=partner)
    with django_assert_max_num_queries(15):
        response = as_bde.get(map_url(cast))
    assert len(response.context["drawing"]["points"]) == 45


def read_policy(**environment: str) -> str:
    """The policy on pictures, as the settings of an installation write it."""
    code = "from bdeplatform.settings import base; print(*base.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    env = {**os.environ, **environment, "SECRET_KEY": "essai"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_the_policy_opens_to_the_background_s_host_and_to_nothing_else():
    assert read_policy() == "'self'"
    assert read_policy(MAP_TILES_URL="https://fond.example/{z}/{x}/{y}.png") == "'self' https://fond.example"
    assert read_policy(MAP_TILES_URL="https://{s}.fond.example/{z}/{x}/{y}.png") == "'self' https://*.fond.example"
    assert "ImproperlyConfigured" in read_policy(MAP_TILES_URL="javascript:alert(1)")
    assert "ImproperlyConfigured" in read_policy(MAP_TILES_URL="https://x; script-src */{z}")


# ---------------------------------------------------------------------------------------------------------- the browser


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_the_map_in_a_browser(platform, open_page, size):
    """Drawn under the site's own policy, without an error nor a call outside; by keyboard alone from a group to a page."""
    page = open_page(size)
    walk = Walk(page, platform, f"carte-{size}")
    outside = []
    page.on("console", lambda said: walk.problems.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("request", lambda request: outside.append(request.url))
    walk.sign_in("bde")
    walk.go("partenaires/carte/")
    page.locator(".map-group, .map-pin-actif").first.wait_for()
    walk.look("carte")
    assert page.get_by_role("button", name="Agrandir").is_visible()
    assert page.locator(".map-name-ring").count() >= 1

    # the way past the map, then into it
    page.locator(".skip-map").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "liste"
    page.evaluate("history.replaceState(null, '', location.pathname)")
    assert page.locator(".map-mark[role=button]").first.get_attribute("aria-label")
    for _ in range(20):
        mark = page.locator(".map-mark[role=button]").first
        mark.focus()
        page.keyboard.press("Enter")
        if page.locator(".leaflet-popup").count():
            break
        page.wait_for_timeout(400)  # the map has moved
    link = page.locator(".leaflet-popup-content a").first
    assert link.evaluate("node => node === document.activeElement")
    assert page.locator(".leaflet-popup-close-button").get_attribute("aria-label") == "Fermer"
    walk.look("carte, un repère ouvert")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)  # it fades
    assert {urlsplit(url).netloc for url in outside} == {urlsplit(platform.address).netloc}
    walk.done()


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_the_map_page_without_a_script(platform, open_page, size):
    page = open_page(size, java_script_enabled=False)
    account = platform.accounts["bde"]
    page.goto(platform.address)
    page.get_by_label("Courriel").fill(account["email"])
    page.get_by_label("Mot de passe", exact=True).fill(account["password"])
    page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{platform.address}/etablissements/{account['school']}/partenaires/carte/")
    assert not page.locator(".map-box").is_visible()
    page.get_by_label("À moins de").select_option("10")
    page.get_by_role("button", name="Appliquer").click()
    assert "distance_km=10" in page.url
    assert page.locator("#liste tbody tr").count() > 3
    keep(page, f"carte-sans-script-{size}")
