"""The Base Adresse Nationale: companies placed in bulk at night and one by one when saved; what is unsure is listed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bdeplatform.celery import CLOCK
from core import jobs, places
from core.models import AuditEvent, Job
from core.outside import Unavailable
from partners import geocoding
from partners.models import Partner
from partners.rules import geocoding as rules
from partners.rules.geocoding import Address, Found
from schools.models import School
from tests import factories, outside, outside_services
from tests.conftest import Cast
from tests.outside_services import StandIn

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LANNION = Address("25 rue Victor-Hugo", "22300", "Lannion")
LATER = timedelta(days=400)  # after any moment at which the tests write


@pytest.fixture
def standin(settings: Any) -> Iterator[StandIn]:
    caches["outside"].clear()
    with outside_services.running() as found:
        settings.BAN_URL = found.ban
        yield found
    caches["outside"].clear()


def company(school: School, **values: Any) -> Partner:
    found = {"address": "25 rue Victor-Hugo", "postal_code": "22300", "city": "Lannion"} | values
    return factories.PartnerFactory(school=school, **found)


# -------------------------------------------------------------------------------------------------------------- the rules


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (LANNION, "25 rue Victor-Hugo 22300 Lannion"),
        (Address("  , (ZI)  rue Arago ", "02000", "Laon"), "ZI) rue Arago 02000 Laon"),
        (Address("", "02000", "Laon"), ""),
        (Address("12", "02000", "Laon"), ""),
        (Address("rue Arago", "", ""), ""),
        (Address("rue Arago", "", "Laon"), "rue Arago Laon"),
    ],
)
def test_what_is_asked(address: Address, line: str):
    assert address.line == line


@given(st.builds(Address, st.text(max_size=300), st.text(max_size=12), st.text(max_size=60)))
def test_what_is_asked_is_what_the_service_takes(address: Address):
    """`q`: 3 to 200 characters, a letter or a digit first."""
    assert address.line == "" or (3 <= len(address.line) <= 200 and address.line[0].isalnum())
    assert address.short_postal_code == "" or len(address.short_postal_code) == 5


@pytest.mark.parametrize(
    ("kind", "score", "sure"),
    [
        ("housenumber", 0.7, True), ("street", 0.7, True), ("housenumber", 0.69, False), ("street", 0.5, False),
        ("municipality", 0.99, False), ("locality", 0.99, False), ("", 1.0, False),
    ],
)  # fmt: skip
def test_sure_enough(kind: str, score: float, sure: bool):
    assert Found(48.7, -3.4, score, kind).is_precise is sure


@pytest.mark.parametrize(
    "answer",
    [None, [], "x", {}, {"features": None}, {"features": "x"}, {"features": [1]}, {"features": [{"geometry": None}]}],
)
def test_an_answer_of_another_shape_is_refused(answer: object):
    with pytest.raises(ValueError):
        rules.of_json(answer)


def feature(longitude: Any, latitude: Any, score: Any = 0.9, kind: Any = "street") -> dict[str, Any]:
    return {"geometry": {"coordinates": [longitude, latitude]}, "properties": {"score": score, "type": kind}}


def test_the_first_feature_that_can_be_read_is_taken():
    answer = {"features": [feature("x", 48), feature(None, None), feature(2, 99), feature(2, 48), feature(3, 49)]}
    assert rules.of_json(answer) == Found(48.0, 2.0, 0.9, "street")
    assert rules.of_json({"features": []}) is None


def test_the_file_goes_and_comes_back():
    sent = rules.as_csv({7: LANNION, 9: Address("=cmd()", "", 'L"aon'), 11: Address("x\ny", "0200", "Laon")}).decode()
    assert sent.splitlines()[:2] == ["ligne,adresse,code_postal,commune", "7,25 rue Victor-Hugo,22300,Lannion"]
    back = "ligne,latitude,longitude,result_score,result_type\n7,48.7,-3.4,0.9,street\n9,,,,\n11,x,y,z,t\n55,1,1,1,street\n"
    found = rules.of_csv(back.encode("utf-8-sig"), [7, 9, 11])
    assert found == {7: Found(48.7, -3.4, 0.9, "street"), 9: None, 11: None}


@pytest.mark.parametrize(
    "back",
    [
        b"", b"\xff\xfe", b"bonjour", b"ligne,latitude\n7,48\n", b'ligne,latitude,longitude,result_score,result_type\n7,"48',
        b"ligne,latitude,longitude,result_score,result_type\n", b"ligne,latitude,longitude,result_score,result_type\n7,1,1,1,street,more\n",
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_one_described_is_refused(back: bytes):
    """Above all a file cut in the middle: its missing lines are not addresses that do not exist."""
    with pytest.raises(ValueError):
        rules.of_csv(back, [7])


# ---------------------------------------------------------------------------------------------------------------- at night


@pytest.mark.django_db
def test_the_night_places_what_has_no_place(standin: StandIn, cast: Cast):
    school = cast.school
    first, second = company(school), company(school, address="3 rue des Lilas")
    company(school, address="")  # nothing to look for
    company(school, latitude=48, longitude=2)  # a place of its own
    company(school, status="archive")
    company(cast.stranger.school)
    done = geocoding.locate_school(school, now=NOW + LATER)
    assert (done.placed, done.unsure, done.stopped) == (2, 0, False)
    assert len(standin.calls) == 1, "one file for all"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (float(first.latitude), float(first.longitude)) == (48.7, -3.46228)
    assert (first.map_latitude, first.geocode_score, first.geocoded_at) == (48.7, 0.95, NOW + LATER)
    assert float(second.latitude) == 48.701
    assert first.version == 1, "an open form is not disturbed"
    assert AuditEvent.objects.get(verb="partners.located").payload == {"partners": 2}
    geocoding.locate_school(school, now=NOW + LATER)
    assert len(standin.calls) == 1, "nothing waits any more"


@pytest.mark.django_db
@pytest.mark.parametrize(("score", "kind"), [(0.69, "housenumber"), (0.95, "municipality")])
def test_what_is_unsure_stays_at_the_centre_and_is_listed(
    standin: StandIn, cast: Cast, as_bde: Client, score: float, kind: str
):
    partner = company(cast.school)
    standin.score, standin.kind = score, kind
    assert geocoding.locate_school(cast.school, now=NOW + LATER).unsure == 1
    partner.refresh_from_db()
    assert (partner.latitude, partner.geocode_score) == (None, score)
    assert (partner.map_latitude, partner.map_longitude) == places.centre("22300", "Lannion")
    page = as_bde.get(reverse("partners:address_review", args=[cast.school.uai])).content.decode()
    assert partner.name in page
    assert "Base Adresse Nationale" in page
    geocoding.locate_school(cast.school, now=NOW + LATER)
    assert len(standin.calls) == 1, "not asked again every night"


@pytest.mark.django_db
def test_an_address_nobody_knows_is_listed_too(standin: StandIn, cast: Cast):
    partner = company(cast.school, address="rue introuvable")
    standin.lost = {"introuvable"}
    assert geocoding.locate_school(cast.school, now=NOW + LATER).unsure == 1
    partner.refresh_from_db()
    assert (partner.latitude, partner.geocode_score, partner.geocoded_at) == (None, 0.0, NOW + LATER)


@pytest.mark.django_db
def test_an_address_that_changed_is_looked_for_anew(standin: StandIn, cast: Cast):
    partner = company(cast.school)
    geocoding.locate_school(cast.school, now=timezone.now())
    partner.refresh_from_db()
    partner.address = "3 rue des Lilas"
    partner.save()
    assert geocoding.locate_school(cast.school, now=timezone.now()).placed == 1
    assert len(standin.calls) == 2


@pytest.mark.django_db
def test_files_hold_two_hundred_lines(standin: StandIn, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "CHUNK", 2)
    for number in range(5):
        company(cast.school, address=f"{number} rue des Lilas")
    assert geocoding.locate_school(cast.school, now=NOW + LATER).placed == 5
    assert len(standin.calls) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plays", ["busy_long", "busy_mute", "broken", "html", "hangs_up", "garbage", "elsewhere", "truncated", "refused"]
)
def test_an_outage_stops_the_night_and_writes_nothing(standin: StandIn, cast: Cast, plays: str):
    partner = company(cast.school)
    standin.plays = plays
    done = geocoding.locate_school(cast.school, now=NOW + LATER)
    assert done.stopped
    assert "la suite la nuit prochaine" in done.sentence
    partner.refresh_from_db()
    assert (partner.latitude, partner.geocoded_at) == (None, None)
    standin.plays = "well"
    caches["outside"].clear()
    assert geocoding.locate_school(cast.school, now=NOW + LATER).placed == 1


@pytest.mark.django_db
def test_who_changes_the_address_meanwhile_is_not_placed_elsewhere(standin: StandIn, cast: Cast):
    partner = company(cast.school)
    asked = geocoding.address_of(partner)
    Partner.objects.in_school(cast.school).update(address="3 rue des Lilas")
    geocoding.place(partner, asked, Found(48.7, -3.4, 0.9, "street"), now=NOW)
    partner.refresh_from_db()
    assert (partner.latitude, partner.geocoded_at) == (None, None)


@pytest.mark.django_db
def test_a_demonstration_school_sends_nothing(standin: StandIn, cast: Cast):
    School.objects.filter(pk=cast.school.pk).update(is_demo=True)
    company(School.objects.get(pk=cast.school.pk))
    geocoding.locate_school(School.objects.get(pk=cast.school.pk), now=NOW)
    assert standin.calls == []


@pytest.mark.django_db
def test_no_pupil_s_address_ever_leaves(standin: StandIn, cast: Cast):
    """P-02: companies only."""
    factories.StudentFactory(school=cast.school, address="8 impasse du Secret", postal_code="02000", city="Laon")
    company(cast.school)
    geocoding.locate_school(cast.school, now=NOW + LATER)
    sent = rules.as_csv({one.pk: geocoding.address_of(one) for one in Partner.objects.in_school(cast.school)})
    assert b"Secret" not in sent
    assert len(standin.calls) == 1


@pytest.mark.django_db
def test_the_night_is_a_job_for_each_school(standin: StandIn, cast: Cast):
    company(cast.school)
    company(factories.SchoolFactory(is_demo=True))
    jobs.ask_daily([(at, name) for at, name in CLOCK if name.startswith("partners.locate")], NOW)
    jobs.run_waiting()
    done = {job.scope: job.message for job in Job.objects.filter(kind="partners.locate_school")}
    assert done[cast.school.uai] == "1 partenaire placé par la Base Adresse Nationale."
    assert len(done) == School.objects.filter(is_demo=False).count()


# ---------------------------------------------------------------------------------------------------- when one is saved


@pytest.mark.django_db
def test_a_partner_that_is_saved_is_placed_in_the_background(standin: StandIn, as_bde: Client, cast: Cast):
    url = reverse("partners:partner_new", args=[cast.school.uai])
    data = {"name": "Menuiserie", "type": "entreprise", "status": "actif", "address": "25 rue Victor-Hugo"}
    as_bde.post(url, data | {"postal_code": "22300", "city": "Lannion"})
    assert standin.calls == [], "nobody waits for it"
    jobs.run_waiting()
    partner = Partner.objects.in_school(cast.school).get()
    assert float(partner.latitude or 0) == 48.74571
    [(path, asked)] = standin.calls
    assert (path, asked["q"], asked["postcode"], asked["autocomplete"]) == (
        "/ban/search", "25 rue Victor-Hugo 22300 Lannion", "22300", "0",
    )  # fmt: skip


@pytest.mark.django_db
def test_another_address_forgets_the_former_place(standin: StandIn, as_bde: Client, cast: Cast):
    partner = company(cast.school, latitude=48, longitude=2)
    url = reverse("partners:partner_edit", args=[cast.school.uai, partner.public_id])
    form = next(form for form in outside.forms_of(as_bde.get(url).content.decode()) if "name" in form.values)
    as_bde.post(url, form.data(phone="03 23 00 00 00"))
    partner.refresh_from_db()
    assert partner.latitude == 48, "only an address moves"
    as_bde.post(url, form.data(address="3 rue des Lilas", version=str(partner.version)))
    partner.refresh_from_db()
    assert partner.latitude is None
    jobs.run_waiting()
    partner.refresh_from_db()
    assert float(partner.latitude) == 48.74571


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plays", ["broken", "html", "truncated", "wrong_types", "not_an_object", "busy_long", "hangs_up", "refused", "huge"]
)
def test_a_failure_waits_for_the_night(standin: StandIn, cast: Cast, plays: str):
    partner = company(cast.school)
    standin.plays = plays
    with pytest.raises(Unavailable, match="Base Adresse Nationale"):
        geocoding.locate_partner(partner, now=NOW)
    partner.refresh_from_db()
    assert partner.geocoded_at is None


@pytest.mark.django_db
def test_where_it_is_off_nothing_is_asked_for(as_bde: Client, cast: Cast):
    url = reverse("partners:partner_new", args=[cast.school.uai])
    as_bde.post(
        url, {"name": "Menuiserie", "type": "entreprise", "status": "actif", "address": "25 rue Hugo", "city": "Laon"}
    )
    assert Partner.objects.in_school(cast.school).count() == 1
    assert not Job.objects.filter(kind="partners.locate_partner").exists()
    page = as_bde.get(reverse("partners:address_review", args=[cast.school.uai])).content.decode()
    assert "n’est pas branchée ici" in page


def test_the_stand_in_answers_what_the_example_says():
    example = json.loads((outside_services.DATA / "ban" / "geocodage.json").read_text())
    assert rules.of_json(example) == Found(48.74571, -3.46228, 0.958, "housenumber")


@pytest.mark.django_db
def test_maps_name_their_source(standin: StandIn, as_bde: Client, cast: Cast):
    """Licence Ouverte 2.0: whoever reuses says whose data it is."""
    company(cast.school)
    url = reverse("partners:partner_map", args=[cast.school.uai])
    page = as_bde.get(url).content.decode()
    assert "Base Adresse Nationale, Licence Ouverte 2.0" in page
    assert reverse("partners:address_review", args=[cast.school.uai]) in page


@pytest.mark.django_db
def test_where_it_is_off_maps_name_nobody(as_bde: Client, cast: Cast):
    company(cast.school)
    page = as_bde.get(reverse("partners:partner_map", args=[cast.school.uai])).content.decode()
    assert "Base Adresse Nationale" not in page


@pytest.mark.django_db
def test_the_list_of_addresses_costs_as_many_queries_for_two_as_for_twenty(
    as_bde: Client, cast: Cast, django_assert_max_num_queries: Any
):
    url = reverse("partners:address_review", args=[cast.school.uai])
    for number in range(20):
        company(cast.school, address=f"{number} rue des Lilas", geocoded_at=NOW, geocode_score=0.2)
    with django_assert_max_num_queries(12):
        assert as_bde.get(url).content.decode().count("rue des Lilas") == 20
