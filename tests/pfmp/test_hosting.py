"""Hosts: how many pupils they accept, how placements went, incidents, « à éviter »."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partners.models import Partner
from pfmp import hosting
from pfmp.models import HostCapacity, HostIncident, HostReview
from tests import factories
from tests.conftest import Cast

FORMATION = "Bac pro MELEC"


@pytest.fixture
def hosts(cast: Cast) -> dict[str, Any]:
    """A host with two places for each period of a class, two periods, and pupils who have one."""
    school = cast.school
    klass = factories.ClassFactory(school=school, year="2025-2026", diploma=FORMATION)
    autumn = factories.PeriodFactory(
        school=school, school_class=klass, label="PFMP 1", start_date=date(2025, 11, 3), end_date=date(2025, 11, 28)
    )
    spring = factories.PeriodFactory(
        school=school, school_class=klass, label="PFMP 2", start_date=date(2026, 3, 2), end_date=date(2026, 3, 27)
    )
    partner = factories.PartnerFactory(school=school)
    pupils = [factories.SchoolingFactory(school=school, school_class=klass).student for _ in range(4)]
    return {"class": klass, "autumn": autumn, "spring": spring, "partner": partner, "pupils": pupils}


def go(cast: Cast, hosts: dict[str, Any], period: str, pupil: int, status: str = "confirme") -> Any:
    one = hosts[period]
    return factories.PlacementFactory(
        school=cast.school,
        period=one,
        student=hosts["pupils"][pupil],
        partner=hosts["partner"],
        start_date=one.start_date,
        end_date=one.end_date,
        status=status,
    )


@pytest.mark.django_db
def test_places_taken_are_those_of_solutions_and_a_period_of_its_own_replaces_the_year(
    cast: Cast, hosts: dict[str, Any]
):
    partner, school = hosts["partner"], cast.school
    every = factories.CapacityFactory(school=school, partner=partner, formation=FORMATION, places=2)
    go(cast, hosts, "autumn", 0)
    go(cast, hosts, "autumn", 1, status="pressenti")  # a lead takes no place
    go(cast, hosts, "autumn", 2, status="annule")
    found = hosting.places(school, [every])
    assert [(line.period, line.taken, line.left) for line in found] == [
        (hosts["autumn"], 1, 1),
        (hosts["spring"], 0, 2),
    ]
    only = factories.CapacityFactory(
        school=school, partner=partner, formation=FORMATION, period=hosts["spring"], places=5
    )
    found = hosting.places(school, [every, only])
    assert [(line.period, line.capacity.places) for line in found] == [(hosts["autumn"], 2), (hosts["spring"], 5)]
    for pupil in (1, 2, 3):
        go(cast, hosts, "autumn", pupil)
    (over, _) = hosting.places(school, [every, only])
    assert over.is_over and over.left == 0 and over.taken == 4


@given(st.none() | st.floats(1, 4))
def test_a_mean_is_the_word_of_the_nearest_mark(mean: float | None):
    words = hosting.mark_in_words(mean)
    assert (words == "") == (mean is None)
    if mean is not None and mean.is_integer():
        assert words == {1: "À éviter", 2: "À améliorer", 3: "Bien", 4: "Très bien"}[int(mean)]


@pytest.mark.django_db
def test_the_bureau_notes_places_from_the_partner_and_sees_them_left(
    as_bde: Client, cast: Cast, hosts: dict[str, Any], django_assert_max_num_queries: Any
):
    uai, partner = cast.school.uai, hosts["partner"]
    as_bde.post(reverse("schools:year_switch", args=[uai]), {"year": "2025-2026"})
    go(cast, hosts, "autumn", 0)
    new = reverse("pfmp:capacity_new", args=[uai])
    page = as_bde.get(f"{new}?partenaire={partner.public_id}")
    values = {
        "partner": partner.name,
        "partner_id": str(partner.public_id),
        "formation": FORMATION,
        "places": 2,
        "creation_key": page.context["form"]["creation_key"].value(),
    }
    answer = as_bde.post(new, values)
    assert answer["Location"] == reverse("pfmp:partner_hosting", args=[uai, partner.public_id])
    with django_assert_max_num_queries(30):
        text = as_bde.get(answer["Location"]).content.decode()
    assert "PFMP" in text or hosts["class"].label in text
    again = as_bde.post(new, {**values, "creation_key": ""})
    assert again.status_code == 422 and "déjà notées" in again.content.decode()
    wrong = as_bde.post(new, {**values, "places": 1000, "formation": "CAP inconnu", "creation_key": ""})
    assert wrong.status_code == 422 and "de 1 à 99" in wrong.content.decode()
    listed = as_bde.get(reverse("pfmp:capacity_list", args=[uai]), {"formation": FORMATION})
    assert listed.status_code == 200 and partner.name in listed.content.decode()
    assert HostCapacity.objects.in_school(cast.school).count() == 1


@pytest.fixture
def teacher(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.teacher.user)
    return client


@pytest.mark.django_db
def test_who_followed_the_pupil_writes_the_review_and_only_some_read_those_of_others(
    teacher: Client, as_bde: Client, cast: Cast, hosts: dict[str, Any]
):
    uai = cast.school.uai
    placement = go(cast, hosts, "autumn", 0, status="termine")
    placement.referent_email = cast.teacher.email
    placement.save()
    other = go(cast, hosts, "spring", 1, status="termine")
    factories.ReviewFactory(school=cast.school, placement=other, comment="Tuteur absent un jour sur deux.", tutoring=1)
    new = reverse("pfmp:review_new", args=[uai]) + f"?placement={placement.public_id}"
    page = teacher.get(new)
    key = page.context["form"]["creation_key"].value()
    empty = teacher.post(new, {"creation_key": key})
    assert empty.status_code == 422 and "Donnez au moins une réponse" in empty.content.decode()
    values = {"creation_key": key, "welcome": "4", "tutoring": "3", "take_again": "non", "comment": "Bon accueil."}
    assert teacher.post(new, values).status_code == 302
    review = HostReview.objects.in_school(cast.school).get(placement=placement)
    assert (review.welcome, review.tasks, review.take_again, review.author) == (4, None, False, cast.teacher)
    assert teacher.get(new)["Location"] == reverse("pfmp:review_edit", args=[uai, review.public_id])
    assert "Bon accueil." in teacher.get(placement.get_absolute_url()).content.decode()

    tab = reverse("pfmp:partner_hosting", args=[uai, hosts["partner"].public_id])
    assert "Tuteur absent" not in teacher.get(tab).content.decode()
    assert "Tuteur absent" in as_bde.get(tab).content.decode()
    assert teacher.get(reverse("pfmp:review_new", args=[uai]) + f"?placement={other.public_id}").status_code == 404
    office = Client()
    office.force_login(cast.office.user)
    assert "Tuteur absent" not in office.get(tab).content.decode()


@pytest.mark.django_db
def test_a_review_waits_for_the_departure(teacher: Client, cast: Cast, hosts: dict[str, Any]):
    placement = go(cast, hosts, "autumn", 0)
    placement.referent_email = cast.teacher.email
    placement.start_date = placement.end_date = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    placement.save()
    new = reverse("pfmp:review_new", args=[cast.school.uai]) + f"?placement={placement.public_id}"
    answer = teacher.get(new)
    assert answer.status_code == 403 and "pas encore parti" in answer.content.decode()


@pytest.mark.django_db
def test_an_incident_is_seen_by_its_author_and_the_bureau(
    teacher: Client, as_bde: Client, cast: Cast, hosts: dict[str, Any]
):
    uai, partner = cast.school.uai, hosts["partner"]
    new = reverse("pfmp:incident_new", args=[uai])
    values = {
        "partner": partner.name,
        "partner_id": str(partner.public_id),
        "date": "2026-02-03",
        "kind": "securite",
        "facts": "<script>alert(1)</script> échafaudage sans garde-corps",
    }
    late = teacher.post(new, {**values, "date": "2999-01-01"})
    assert late.status_code == 422 and "dans le futur" in late.content.decode()
    assert teacher.post(new, values).status_code == 302
    theirs = factories.IncidentFactory(school=cast.school, partner=partner, facts="Propos déplacés.")
    tab = reverse("pfmp:partner_hosting", args=[uai, partner.public_id])
    mine, all_of_them = teacher.get(tab).content.decode(), as_bde.get(tab).content.decode()
    assert "garde-corps" in mine and "Propos déplacés." not in mine and "<script>alert" not in mine
    assert "Propos déplacés." in all_of_them and "garde-corps" in all_of_them
    assert teacher.get(theirs.get_absolute_url()).status_code == 404
    assert HostIncident.objects.in_school(cast.school).count() == 2


@pytest.mark.django_db
def test_a_host_to_avoid_says_why_to_some_and_takes_nobody_through_a_teacher(
    teacher: Client, as_bde: Client, cast: Cast, hosts: dict[str, Any]
):
    uai, partner = cast.school.uai, hosts["partner"]
    avoid = reverse("partners:partner_avoid", args=[uai, partner.public_id])
    assert as_bde.post(avoid, {"version": partner.version, "reason": ""}).status_code == 422
    assert as_bde.post(avoid, {"version": partner.version, "reason": "Deux ruptures en un an."}).status_code == 302
    stale = as_bde.post(avoid, {"version": partner.version, "reason": "Autre"})
    assert stale.status_code == 422 and "vient de modifier" in stale.content.decode()
    tab = reverse("pfmp:partner_hosting", args=[uai, partner.public_id])
    assert "Deux ruptures" in as_bde.get(tab).content.decode()
    assert "Deux ruptures" not in teacher.get(tab).content.decode() and "À éviter" in teacher.get(tab).content.decode()
    assert "Deux ruptures" not in teacher.get(partner.get_absolute_url()).content.decode()
    assert teacher.post(avoid, {"version": 9, "reason": "x"}).status_code == 403

    factories.AssignmentFactory(school=cast.school, membership=cast.teacher, school_class=hosts["class"])
    new = reverse("pfmp:placement_new", args=[uai]) + f"?eleve={hosts['pupils'][0].public_id}"
    values = {
        "period": hosts["autumn"].pk,
        "start_date": "2025-11-03",
        "end_date": "2025-11-28",
        "partner": partner.name,
        "partner_id": str(partner.public_id),
    }
    answer = teacher.post(new, values)
    assert answer.status_code == 422 and "à éviter" in answer.content.decode()
    as_bde.post(avoid, {"lift": "1"})
    assert Partner.objects.in_school(cast.school).get(pk=partner.pk).avoid_since is None
    assert "marqué cette entreprise" not in teacher.post(new, values).content.decode()
