"""Networks: where the school stands in each, who is of it, what is done under it, and who may see that."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conventions import rules
from conventions.models import NetworkMember
from tests.factories import ActionFactory, ContactFactory, NetworkFactory, NetworkMemberFactory, PartnerFactory

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def url(cast, name, *args):
    return reverse(f"conventions:{name}", args=[cast.school.uai, *args])


# ---------------------------------------------------------------------------------------------------------------- rules


@given(DAYS, DAYS, st.integers(0, 4000), st.none() | DAYS)
def test_a_network_is_counted_on_the_days_that_its_state_says(day, joined, length, formalised):
    left = joined + timedelta(days=length)
    state = rules.network_state(day, joined=joined, left=left, formalised=formalised)
    assert (state in {"formalise", "a_formaliser"}) == (joined <= day <= left)  # I2.2
    if state == "formalise":
        assert formalised <= day  # I2.1


@given(DAYS, st.none() | DAYS, st.none() | DAYS)
def test_a_member_is_one_between_their_dates_both_included(day, since, until):
    expected = (since or date.min) <= day <= (until or date.max)
    assert rules.is_member(day, since=since, until=until) == expected


# ---------------------------------------------------------------------------------------------------------------- pages


def test_one_page_says_who_is_of_it_and_what_is_done(as_bde, cast):
    network = NetworkFactory(
        school=cast.school, name="CLEE du bassin", formalised_date=date(2024, 10, 1), act="Charte du CLEE"
    )
    contact = ContactFactory(school=cast.school, partner__school=cast.school, partner__name="Menuiserie Arpin")
    NetworkMemberFactory(school=cast.school, network=network, partner=contact.partner, contact=contact, role="Anime")
    NetworkMemberFactory(school=cast.school, network=network, partner=None, membership=cast.ddfpt)
    NetworkMemberFactory(school=cast.school, network=network, partner__name="Ancienne Maison", until=date(2025, 6, 30))
    ActionFactory(school=cast.school, network=network, title="Petit déjeuner des métiers")
    ActionFactory(
        school=cast.school, network=network, title="Réunion passée", start_date=date(2026, 10, 1), planned=True
    )
    ActionFactory(school=cast.school, title="Sans réseau")
    answer = as_bde.get(network.get_absolute_url())
    page = answer.content.decode()
    for said in ("Menuiserie Arpin", str(contact), "Anime", str(cast.ddfpt), "Charte du CLEE", "Formalisé"):
        assert said in page, said
    assert "Petit déjeuner des métiers" in page and "À clôturer" in page and "Sans réseau" not in page
    lines = answer.context["members"]
    assert [line.is_current for line in lines] == [True, True, False]
    assert answer.context["current_count"] == 2


def test_the_list_is_filtered_by_type_membership_and_act(as_bde, cast):
    def named(query):
        return [row.name for row in as_bde.get(url(cast, "network_list") + query).context["page"]]

    NetworkFactory(school=cast.school, name="A campus", formalised_date=date(2025, 1, 1))
    NetworkFactory(school=cast.school, name="B club", type="reseau_entreprises")
    NetworkFactory(school=cast.school, name="C quitté", left_date=date(2026, 6, 30))
    NetworkFactory(school=cast.school, name="D à venir", joined_date=date(2027, 1, 1))
    NetworkFactory(school=cast.school, name="E signe demain", formalised_date=date(2026, 11, 26))
    assert len(named("")) == 5
    assert named("?adhesion=en_cours") == ["A campus", "B club", "E signe demain"]
    assert named("?adhesion=quitte") == ["C quitté"]
    assert named("?adhesion=a_venir") == ["D à venir"]
    assert named("?acte=signe") == ["A campus"]
    assert "A campus" not in named("?acte=a_signer")
    assert named("?type=reseau_entreprises") == ["B club"]


def test_the_list_counts_the_members_of_today(as_bde, cast):
    network = NetworkFactory(school=cast.school)
    for dates in ({}, {"since": date(2020, 1, 1)}, {"since": date(2027, 1, 1)}, {"until": date(2026, 11, 24)}):
        NetworkMemberFactory(school=cast.school, network=network, **dates)
    (row,) = as_bde.get(url(cast, "network_list")).context["page"]
    assert row.member_count == 2


def test_people_are_added_changed_and_taken_off_in_place(as_bde, cast):
    network = NetworkFactory(school=cast.school)
    contact = ContactFactory(school=cast.school, partner__school=cast.school)
    answer = as_bde.post(
        url(cast, "network_member_new", network.public_id),
        {"contact": "", "contact_id": contact.public_id, "role": "Animatrice", "since": "2026-01-10"},
    )
    assert answer["Location"] == network.get_absolute_url()
    member = NetworkMember.objects.in_school(cast.school).get()
    assert (member.partner, member.contact, member.role) == (contact.partner, contact, "Animatrice")
    answer = as_bde.post(
        url(cast, "network_member_edit", member.public_id),
        {
            "contact_id": contact.public_id,
            "role": "Animatrice",
            "since": "2026-01-10",
            "until": "2026-11-01",
            "version": 1,
        },
    )
    assert answer.status_code == 302
    member.refresh_from_db()
    assert member.until == date(2026, 11, 1) and member.partner == contact.partner
    as_bde.post(url(cast, "network_member_remove", member.public_id))
    assert not NetworkMember.objects.in_school(cast.school).exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Dites qui"),
        ({"since": "2026-10-02", "until": "2026-10-01", "partner_id": "it"}, "avant la date de début"),
        ({"partner_id": "it", "membership": "me"}, "Une ligne par personne"),
        ({"partner_id": "it", "contact_id": "other"}, "ne travaille pas chez"),
        ({"partner": "<script>alert(1)</script>"}, "Aucun partenaire de ce nom"),
        ({"partner_id": "it", "role": "x" * 201}, "200"),
        ({"partner_id": "it", "since": "0000-13-45"}, "date valide"),
        ({"partner_id": "theirs"}, "Dites qui"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_and_kept(as_bde, cast, sent, sentence):
    network = NetworkFactory(school=cast.school)
    named = {
        "it": PartnerFactory(school=cast.school).public_id,
        "other": ContactFactory(school=cast.school, partner__school=cast.school).public_id,
        "theirs": PartnerFactory(school=cast.stranger.school).public_id,
        "me": cast.bde.pk,
    }
    sent = {key: named.get(value, value) for key, value in sent.items()}
    answer = as_bde.post(url(cast, "network_member_new", network.public_id), {"role": "Rôle tapé", **sent})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "<script>alert" not in page
    assert sent.get("role", "Rôle tapé") in page
    assert not NetworkMember.objects.in_school(cast.school).exists()


def test_a_colleague_represents_the_school(as_bde, cast):
    network = NetworkFactory(school=cast.school)
    as_bde.post(url(cast, "network_member_new", network.public_id), {"membership": cast.teacher.pk, "role": "🙂"})
    member = NetworkMember.objects.in_school(cast.school).get()
    assert (member.membership, member.partner) == (cast.teacher, None)
    assert str(cast.teacher) in as_bde.get(network.get_absolute_url()).content.decode()


def test_reading_is_for_those_who_see_agreements_and_writing_for_fewer(client, cast):
    network = NetworkFactory(school=cast.school)
    member = NetworkMemberFactory(school=cast.school, network=network)
    for who, reads, writes in (
        (cast.bde, 200, 200), (cast.ddfpt, 200, 200), (cast.head, 200, 403), (cast.office, 200, 403),
        (cast.teacher, 403, 403), (cast.reader, 403, 403), (cast.stranger, 404, 404),
    ):  # fmt: skip
        client.force_login(who.user)
        assert client.get(network.get_absolute_url()).status_code == reads
        assert client.get(url(cast, "network_member_edit", member.public_id)).status_code == writes
    client.force_login(cast.head.user)
    assert "Ajouter un membre" not in client.get(network.get_absolute_url()).content.decode()


def test_the_partner_s_page_names_its_networks_to_those_who_may_know(client, cast):
    member = NetworkMemberFactory(school=cast.school, network__name="Club du bassin")
    old = NetworkMemberFactory(
        school=cast.school, network__name="Club d’antan", partner=member.partner, until=date(2026, 11, 24)
    )
    client.force_login(cast.head.user)
    page = client.get(member.partner.get_absolute_url()).content.decode()
    assert "Club du bassin" in page and old.network.name not in page
    client.force_login(cast.teacher.user)
    assert "Club du bassin" not in client.get(member.partner.get_absolute_url()).content.decode()


def test_as_many_queries_for_two_members_as_for_thirty(as_bde, cast):
    network = NetworkFactory(school=cast.school)

    def queries(address):
        with CaptureQueriesContext(connection) as seen:
            assert as_bde.get(address).status_code == 200
        return len(seen)

    def some(count):
        for _ in range(count):
            contact = ContactFactory(school=cast.school, partner__school=cast.school)
            NetworkMemberFactory(school=cast.school, network=network, partner=contact.partner, contact=contact)
            ActionFactory(school=cast.school, network=network)
            NetworkFactory(school=cast.school)

    addresses = (network.get_absolute_url(), url(cast, "network_list"))
    some(2)
    few = [queries(address) for address in addresses]
    some(15)
    assert [queries(address) for address in addresses] == few
    assert max(few) <= 20


def test_contacts_are_found_by_typing(client, cast):
    contact = ContactFactory(school=cast.school, partner__school=cast.school, partner__name="Menuiserie Arpin")
    address = reverse("partners:contact_lookup", args=[cast.school.uai]) + f"?contact={contact.last_name[:5]}"
    client.force_login(cast.bde.user)
    page = client.get(address).content.decode()
    assert contact.full_name in page and "Menuiserie Arpin" in page
    chosen = ContactFactory(
        school=cast.school, partner__school=cast.school, partner__name="Atelier Zed", last_name=contact.last_name,
        first_name="Zoé",
    )  # fmt: skip
    page = client.get(f"{address}&partner_id={chosen.partner.public_id}").content.decode()
    assert page.index("Atelier Zed") < page.index("Menuiserie Arpin")
    assert "Atelier Zed" in client.get(f"{address}&partner_id=x").content.decode()
    client.force_login(cast.teacher.user)
    assert contact.full_name not in client.get(address).content.decode()
