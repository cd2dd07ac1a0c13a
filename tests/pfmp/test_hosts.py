"""Hosts near a pupil: who is proposed, in which order, what each role reads of them, and what it costs."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.flows.walk import Walk

TODAY = date(2026, 1, 15)
ELEC = "Bac pro Métiers de l’électricité"
TOWNS = {"Laon": "02000", "Athies-sous-Laon": "02840", "Soissons": "02200", "Tergnier": "02700"}


@pytest.fixture
def _in_january(time_machine):
    time_machine.move_to(TODAY)


@pytest.fixture
def scene(cast, _in_january) -> SimpleNamespace:
    """A pupil of Tergnier in a lycée of Laon; hosts in Laon, Athies and Tergnier (22 km), and one in Soissons."""
    school = cast.school
    klass = factories.ClassFactory(school=school, diploma=ELEC)
    schooling = factories.SchoolingFactory(school=school, school_class=klass)
    pupil = schooling.student
    pupil.city, pupil.postal_code = "Tergnier", "02700"
    pupil.save()
    period = factories.PeriodFactory(school=school, school_class=klass)
    past = factories.PeriodFactory(
        school=school, school_class=klass, start_date=date(2025, 11, 3), end_date=date(2025, 11, 28)
    )
    hosts = {
        town: factories.PartnerFactory(school=school, name=f"Élec {town}", city=town, postal_code=code, phone="0102")
        for town, code in TOWNS.items()
    }
    for host in hosts.values():
        factories.PlacementFactory(school=school, period=past, partner=host)
    return SimpleNamespace(
        school=school, klass=klass, pupil=pupil, period=period, past=past, hosts=hosts,
        url=reverse("pfmp:student_hosts", args=[school.uai, pupil.public_id]),
    )  # fmt: skip


def found(response) -> list[str]:
    return [host.partner.city for host in response.context["found"].hosts]


def test_the_nearest_to_the_pupil_come_first(as_bde: Client, scene):
    response = as_bde.get(scene.url)
    assert found(response) == ["Tergnier"]
    assert response.context["around"].commune.name == "Tergnier"
    wide = as_bde.get(scene.url, {"distance_km": "50"})
    assert found(wide) == ["Tergnier", "Laon", "Athies-sous-Laon", "Soissons"]
    page = wide.content.decode()
    assert f"eleve={scene.pupil.public_id}&amp;periode={scene.period.public_id}&amp;partenaire=" in page
    assert "1\u00a0élève" in page


def test_another_town_another_formation(as_bde: Client, scene):
    other = factories.ClassFactory(school=scene.school, diploma="CAP Peintre")
    factories.PeriodFactory(school=scene.school, school_class=other)
    assert found(as_bde.get(scene.url, {"distance_de": "Soissons"})) == ["Soissons"]
    assert found(as_bde.get(scene.url, {"formation": "CAP Peintre"})) == []
    assert found(as_bde.get(scene.url, {"formation": "toutes"})) == ["Tergnier"]


def test_too_long_ago_and_cancelled_do_not_count(as_bde: Client, scene):
    long_ago = factories.PeriodFactory(
        school=scene.school, school_class=scene.klass, start_date=date(2022, 11, 7), end_date=date(2022, 11, 25)
    )
    scene.hosts["Tergnier"].placements.update(
        period=long_ago, start_date=long_ago.start_date, end_date=long_ago.end_date
    )
    scene.hosts["Laon"].placements.update(status="annule")
    assert found(as_bde.get(scene.url, {"distance_km": "50"})) == ["Athies-sous-Laon", "Soissons"]


def test_places_left_and_full(as_bde: Client, scene):
    """A capacity brings in a host that took nobody, says what is left, and keeps away one that accepts nobody."""
    new = factories.PartnerFactory(school=scene.school, name="Nouvel atelier", city="Tergnier", postal_code="02700")
    factories.CapacityFactory(school=scene.school, partner=new, year="2025-2026", formation=ELEC, places=3)
    factories.PlacementFactory(school=scene.school, period=scene.period, partner=new)
    full = scene.hosts["Laon"]
    factories.CapacityFactory(school=scene.school, partner=full, year="2025-2026", formation=ELEC, places=1)
    factories.PlacementFactory(school=scene.school, period=scene.period, partner=full)
    none = scene.hosts["Soissons"]
    factories.CapacityFactory(
        school=scene.school, partner=none, year="2025-2026", formation=ELEC, places=0, period=scene.period
    )
    response = as_bde.get(scene.url, {"distance_km": "50"})
    hosts = {host.partner.name: host for host in response.context["found"].hosts}
    assert (hosts["Nouvel atelier"].places.left, hosts["Nouvel atelier"].there) == (2, 1)
    assert hosts["Élec Laon"].is_full
    assert "Élec Soissons" not in hosts
    page = response.content.decode()
    assert "Complet" in page
    assert "2\u00a0libres" in page


def test_those_to_avoid_and_the_closed_are_set_aside(client: Client, cast, scene):
    avoided, closed = scene.hosts["Tergnier"], scene.hosts["Laon"]
    avoided.avoid_since, avoided.avoid_reason = date(2025, 12, 1), "Machine sans carter"
    avoided.save()
    closed.closed_date = date(2025, 12, 31)
    closed.save()
    archived = scene.hosts["Soissons"]
    archived.status = "archive"
    archived.save()
    client.force_login(cast.bde.user)
    response = client.get(scene.url, {"distance_km": "50"})
    assert found(response) == ["Athies-sous-Laon"]
    assert {host.partner.city for host in response.context["found"].set_aside} == {"Tergnier", "Laon"}
    assert "Machine sans carter" in response.content.decode()
    client.force_login(cast.office.user)
    page = client.get(scene.url, {"distance_km": "50"}).content.decode()
    assert "À éviter" in page
    assert "Machine sans carter" not in page


def test_the_last_review_and_who_to_call(as_bde: Client, scene):
    host = scene.hosts["Tergnier"]
    placement = host.placements.get()
    factories.ReviewFactory(school=scene.school, placement=placement, welcome=4, tasks=4, safety=3, tutoring=4)
    factories.ContactFactory(school=scene.school, partner=host, role="administratif", last_name="Bureau")
    factories.ContactFactory(school=scene.school, partner=host, role="tuteur", last_name="Tuteur", phone="0611")
    factories.ContactFactory(school=scene.school, partner=host, role="tuteur", last_name="Parti", is_active=False)
    page = as_bde.get(scene.url).content.decode()
    assert "Très bien" in page
    assert "Tuteur" in page
    assert "0611" in page
    assert "Parti" not in page


def test_a_teacher_finds_hosts_for_own_pupils_only(client: Client, cast, scene):
    """And counts from the school when the pupil's home is not theirs to know (S-05); other teachers' contacts stay hidden."""
    factories.ContactFactory(school=scene.school, partner=scene.hosts["Laon"], role="tuteur", last_name="Cachée")
    client.force_login(cast.teacher.user)
    assert client.get(scene.url).status_code == 404
    assignment = factories.AssignmentFactory(school=scene.school, membership=cast.teacher, school_class=scene.klass)
    response = client.get(scene.url)
    assert response.context["around"].commune.name == "Laon"
    assert "Tergnier" not in response.content.decode()
    assert "n’est montrée qu’à qui le suit" in response.content.decode()
    assignment.is_head_teacher = True
    assignment.save()
    response = client.get(scene.url)
    assert response.context["around"].commune.name == "Tergnier"


def test_contacts_as_permitted(client: Client, cast, scene):
    stranger_class = factories.PeriodFactory(
        school=scene.school, start_date=date(2025, 10, 6), end_date=date(2025, 10, 24)
    )
    stranger_class.school_class.diploma = ELEC
    stranger_class.school_class.save()
    unknown = factories.PartnerFactory(school=scene.school, name="Inconnue", city="Laon", postal_code="02000")
    factories.PlacementFactory(school=scene.school, period=stranger_class, partner=unknown)
    factories.ContactFactory(school=scene.school, partner=unknown, role="tuteur", last_name="Cachée")
    factories.AssignmentFactory(school=scene.school, membership=cast.teacher, school_class=scene.klass)
    client.force_login(cast.teacher.user)
    page = client.get(scene.url).content.decode()
    assert "Inconnue" in page
    assert "Cachée" not in page
    client.force_login(cast.bde.user)
    assert "Cachée" in client.get(scene.url, {"distance_de": "Laon"}).content.decode()


def test_other_doors_are_closed(client: Client, cast, scene):
    client.force_login(cast.reader.user)
    assert client.get(scene.url).status_code == 403
    client.force_login(cast.stranger.user)
    assert client.get(scene.url).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"distance_de": "Saint-Denis"},
        {"distance_de": "<script>alert(1)</script>"},
        {"distance_km": "12"},
        {"formation": "=cmd()"},
        {"periode": "zzz"},
        {"formation": "é" * 300, "distance_de": "🏭" * 300},
    ],
)
def test_what_makes_no_sense_is_said(as_bde: Client, scene, asked):
    response = as_bde.get(scene.url, asked)
    assert response.status_code == 200
    assert found(response) == []
    assert response.context["form"].errors
    assert "<script>alert" not in response.content.decode()


def test_a_pupil_without_town_class_nor_period(as_bde: Client, cast, scene):
    alone = factories.StudentFactory(school=scene.school)
    response = as_bde.get(reverse("pfmp:student_hosts", args=[scene.school.uai, alone.public_id]))
    assert found(response) == ["Laon", "Athies-sous-Laon"]
    assert "n’est pas renseignée" in response.content.decode()
    scene.school.city = ""
    scene.school.save()
    response = as_bde.get(reverse("pfmp:student_hosts", args=[scene.school.uai, alone.public_id]))
    assert response.status_code == 200
    assert "De quelle commune" in response.content.decode()


def test_the_page_costs_the_same_for_many_hosts(as_bde: Client, scene, django_assert_max_num_queries):
    for number in range(60):
        host = factories.PartnerFactory(school=scene.school, city="Tergnier", postal_code="02700")
        placement = factories.PlacementFactory(school=scene.school, period=scene.past, partner=host)
        factories.ContactFactory(school=scene.school, partner=host)
        if number % 3 == 0:
            factories.CapacityFactory(school=scene.school, partner=host, year="2025-2026", formation=ELEC, places=2)
            factories.ReviewFactory(school=scene.school, placement=placement)
    with django_assert_max_num_queries(20):
        response = as_bde.get(scene.url)
    assert (len(response.context["found"].hosts), response.context["found"].more) == (50, 11)


# ---------------------------------------------------------------------------------------------------------- the browser


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_a_teacher_goes_from_a_pupil_to_a_host_to_a_placement(platform, open_page, size):
    page = open_page(size)
    walk = Walk(page, platform, f"lieux-accueil-{size}")
    page.on("console", lambda said: walk.problems.append(f"console: {said.text}") if said.type == "error" else None)
    walk.sign_in("enseignant")
    walk.go("eleves/")
    page.locator("#lignes tbody th a").first.click()
    page.get_by_role("link", name="Lieux d’accueil près de chez l’élève").click()
    page.get_by_label("À moins de").select_option("50")
    page.get_by_label("Formation").select_option("toutes")
    page.locator("main").get_by_role("button", name="Chercher").click()
    page.locator(".map-group, .map-pin").first.wait_for()
    walk.look("lieux d’accueil")
    first = page.locator("#liste tbody tr").first
    name = first.locator("th a").inner_text()
    first.get_by_role("link", name="Saisir un placement ici").click()
    expect(page.get_by_label("Entreprise connue du lycée")).to_have_value(name)
    walk.done()
