"""Finding a company: the bar, the list's filters, the words that are nearly right."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import finding
from partners.models import Partner, PartnerTag, TaxApproach
from tests.conftest import Cast
from tests.factories import (
    AgreementFactory,
    ContactFactory,
    ContributionFactory,
    InteractionFactory,
    OfferFactory,
    PartnerFactory,
    PlacementFactory,
    SchoolingFactory,
    StudentFactory,
)

TODAY = date(2026, 3, 31)


@pytest.fixture
def names(cast: Cast) -> dict[str, Partner]:
    def made(name: str, **more: object) -> Partner:
        return PartnerFactory(school=cast.school, name=name, **more)

    return {
        "soleil": made("Énergies Soleil-Haut", siret="12345678900011", phone="02 61 91 69 30", naf="43.21A"),
        "martin": made("Boulangerie Martin", brand="Le Fournil", city="Soissons", postal_code="02200", naf="10.71C"),
        "laon": made("Garage de Laon", city="Aubercy", naf="45.20A", status="dormant"),
    }


def search(client: Client, cast: Cast, words: str, **more: object):
    return client.get(reverse("partners:search", args=[cast.school.uai]), {"q": words}, **more)


def listed(client: Client, cast: Cast, **query: str) -> set[str]:
    """The names on the list."""
    answer = client.get(reverse("partners:partner_list", args=[cast.school.uai]), query)
    assert answer.status_code == 200
    return {row.name for row in answer.context["page"]}


# ------------------------------------------------------------------------------------------------------------ the bar


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("energies soleil", "Énergies Soleil-Haut"),
        ("SOLEIL ÉNERGIES", "Énergies Soleil-Haut"),
        ("fournil", "Boulangerie Martin"),
        ("soissons", "Boulangerie Martin"),
        ("ferrand", "Énergies Soleil-Haut"),
        ("ferrand laon", "Énergies Soleil-Haut"),
        ("yann@soleil.example", "Énergies Soleil-Haut"),
    ],
)
def test_one_box_finds_by_name_brand_town_and_contact(as_bde, cast, names, words, found):
    ContactFactory(
        school=cast.school,
        partner=names["soleil"],
        last_name="Ferrand",
        email="yann@soleil.example",
        phone="0700000001",
    )
    assert found in search(as_bde, cast, words).content.decode()


@pytest.mark.parametrize(
    "words",
    ["12345678900011", "123 456 789 00011", "0261916930", "02.61.91.69.30", "+33 2 61 91 69 30", "07 00 00 00 01"],
)
def test_a_siret_or_a_phone_number_leads_straight_to_its_company(as_bde, cast, names, words):
    ContactFactory(school=cast.school, partner=names["soleil"], phone="0700000001")
    assert search(as_bde, cast, words)["Location"] == names["soleil"].get_absolute_url()


def test_a_number_of_two_companies_is_a_choice(as_bde, cast, names):
    PartnerFactory(school=cast.school, name="Soleil-Haut Sud", phone="02 61 91 69 30")
    page = search(as_bde, cast, "0261916930").content.decode()
    assert "Soleil-Haut Sud" in page and "Énergies Soleil-Haut" in page


def test_a_misspelt_name_is_proposed_and_said(as_bde, cast, names):
    page = search(as_bde, cast, "Énergis solielle").content.decode()
    assert "Rien pour « Énergis solielle ». Vouliez-vous dire :" in page
    assert names["soleil"].get_absolute_url() in page and names["martin"].get_absolute_url() not in page


def test_nothing_near_is_said_too(as_bde, cast, names):
    assert "Rien ne répond à ces mots" in search(as_bde, cast, "xylophone wagnérien").content.decode()


def test_a_name_that_starts_with_the_words_comes_first(as_bde, cast):
    for name in ("Atelier du Pont", "Pontoise Services", "Café Dupontel"):
        PartnerFactory(school=cast.school, name=name)
    found = search(as_bde, cast, "pont").context["found"].partners
    assert [partner.name for partner in found] == ["Pontoise Services", "Atelier du Pont", "Café Dupontel"]


def test_pupils_contacts_and_offers_come_as_the_role_allows(cast, names, client):
    pupil = StudentFactory(school=cast.school, last_name="Ferrand")
    SchoolingFactory(school=cast.school, student=pupil)
    ContactFactory(school=cast.school, partner=names["soleil"], last_name="Ferrand")
    OfferFactory(school=cast.school, partner=names["martin"], title="Ferrandier")
    seen = {}
    for role, member in cast.by_role().items():
        client.force_login(member.user)
        found = search(client, cast, "ferrand").context["found"]
        seen[role] = (len(found.contacts), len(found.students), len(found.offers))
    assert seen["bde"] == seen["ddfpt"] == seen["direction"] == seen["secretariat"] == (1, 1, 1)
    assert seen["enseignant"] == (0, 0, 0)
    assert seen["consultation"] == (0, 0, 0)


def test_another_school_s_companies_are_neither_found_nor_near(as_bde, cast):
    PartnerFactory(school=cast.stranger.school, name="Énergies Soleil-Haut")
    for words in ("energies soleil", "energis solielle"):
        page = search(as_bde, cast, words).content.decode()
        assert "Rien ne répond" in page and "Soleil-Haut" not in page


@pytest.mark.parametrize(
    "words", ["😀", "مرحبا", "<script>alert(1)</script>", "'; DROP TABLE", "%", "_", "é" * 200, "\x00a"]
)
def test_strange_words_have_an_answer(as_bde, cast, names, words):
    answer = search(as_bde, cast, words)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_name_of_another_alphabet_is_found_as_typed(as_bde, cast):
    PartnerFactory(school=cast.school, name="مخبز مارتان")
    PartnerFactory(school=cast.school, name="Autre")
    assert "مخبز" in search(as_bde, cast, "مخبز").content.decode()
    assert listed(as_bde, cast, q="مخبز") == {"مخبز مارتان"}


def test_three_hundred_letters_are_a_400(as_bde, cast):
    assert search(as_bde, cast, "a" * 300).status_code == 400


def test_the_search_costs_few_queries_whatever_it_finds(as_bde, cast, django_assert_max_num_queries):
    PartnerFactory.create_batch(30, school=cast.school)
    for words in ("energies", "enregies solel", "rien du tout"):
        with django_assert_max_num_queries(16):
            search(as_bde, cast, words)


# ------------------------------------------------------------------------------------------------------------ the list


def test_the_list_finds_by_contact_and_proposes_near_names(as_bde, cast, names):
    ContactFactory(school=cast.school, partner=names["martin"], last_name="Zanetti", phone="06 01 02 03 04")
    assert listed(as_bde, cast, q="zanetti") == listed(as_bde, cast, q="06.01.02.03.04") == {"Boulangerie Martin"}
    address = reverse("partners:partner_list", args=[cast.school.uai])
    page = as_bde.get(address, {"q": "Énergis solielle"}).content.decode()
    assert "Rien pour « Énergis solielle ». Vouliez-vous dire :" in page and "Énergies Soleil-Haut</a>" in page


def test_a_teacher_does_not_find_by_a_contact_whom_they_may_not_see(as_teacher, cast, names):
    ContactFactory(school=cast.school, partner=names["martin"], last_name="Zanetti")
    assert listed(as_teacher, cast, q="zanetti") == set()


def test_trade_by_section_or_division(as_bde, cast, names):
    assert listed(as_bde, cast, secteur="C") == listed(as_bde, cast, secteur="10") == {"Boulangerie Martin"}
    page = as_bde.get(reverse("partners:partner_list", args=[cast.school.uai])).content.decode()
    assert 'value="43"' in page and 'value="F"' in page and 'value="A"' not in page


def test_town_is_the_town_alone(as_bde, cast, names):
    assert listed(as_bde, cast, commune="laon") == {"Énergies Soleil-Haut"}
    assert listed(as_bde, cast, commune="022") == {"Boulangerie Martin"}
    assert listed(as_bde, cast, commune="ici et là") == set()


def test_last_exchange(as_bde, cast, names):
    today = timezone.localdate()
    InteractionFactory(school=cast.school, partner=names["soleil"], date=today)
    InteractionFactory(school=cast.school, partner=names["martin"], date=finding.months_before(today, 5))
    assert listed(as_bde, cast, echange="jamais") == {"Garage de Laon"}
    assert listed(as_bde, cast, echange="mois") == {"Énergies Soleil-Haut"}
    assert listed(as_bde, cast, echange="3") == {"Boulangerie Martin"}
    assert listed(as_bde, cast, echange="6") == set()


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_months_before_is_in_that_month_and_never_later(day: date, months: int):
    found = finding.months_before(day, months)
    assert day.year * 12 + day.month - (found.year * 12 + found.month) == months
    assert found.day <= day.day and (found.day == day.day or found.day >= 28)


def test_owner_tag_closed_and_avoided(as_bde, cast, names):
    Partner.objects.in_school(cast.school).filter(pk=names["soleil"].pk).update(owner=cast.bde)
    Partner.objects.in_school(cast.school).filter(pk=names["martin"].pk).update(closed_date=TODAY, avoid_since=TODAY)
    PartnerTag.objects.create(school=cast.school, partner=names["laon"], label="forum 2027")
    assert listed(as_bde, cast, suivi="moi") == listed(as_bde, cast, suivi=str(cast.bde.public_id))
    assert listed(as_bde, cast, suivi="moi") == {"Énergies Soleil-Haut"}
    assert listed(as_bde, cast, suivi="personne") == {"Boulangerie Martin", "Garage de Laon"}
    assert listed(as_bde, cast, etiquette="forum 2027") == {"Garage de Laon"}
    assert listed(as_bde, cast, ferme="oui") == listed(as_bde, cast, eviter="oui") == {"Boulangerie Martin"}


def test_taxe_given_promised_never(as_bde, cast, names):
    ContributionFactory(school=cast.school, partner=names["soleil"], campaign=2026, received_date=TODAY)
    ContributionFactory(school=cast.school, partner=names["martin"], campaign=2026, received_date=None)
    TaxApproach.objects.create(school=cast.school, partner=names["laon"], campaign=2026, intention="promet")
    assert listed(as_bde, cast, taxe="verse-2026") == {"Énergies Soleil-Haut"}
    assert listed(as_bde, cast, taxe="promis") == {"Boulangerie Martin", "Garage de Laon"}
    assert listed(as_bde, cast, taxe="jamais") == {"Boulangerie Martin", "Garage de Laon"}


def test_agreement_and_formation_hosted_come_from_the_apps_above(as_bde, cast, names):
    AgreementFactory(school=cast.school, partner=names["martin"], signed_date=date(2020, 1, 1), end_date=None)
    placement = PlacementFactory(school=cast.school, partner=names["laon"])
    placement.period.school_class.diploma = "CAP Maintenance"
    placement.period.school_class.save()
    assert listed(as_bde, cast, convention="oui") == {"Boulangerie Martin"}
    assert listed(as_bde, cast, formation="CAP Maintenance") == {"Garage de Laon"}


def test_a_role_has_only_the_filters_of_what_it_may_read(as_teacher, cast, names):
    ContributionFactory(school=cast.school, partner=names["soleil"], campaign=2026, received_date=TODAY)
    Partner.objects.in_school(cast.school).filter(pk=names["martin"].pk).update(avoid_since=TODAY)
    everyone = {partner.name for partner in names.values()}
    assert listed(as_teacher, cast, taxe="verse-2026") == listed(as_teacher, cast, eviter="oui") == everyone
    page = as_teacher.get(reverse("partners:partner_list", args=[cast.school.uai])).content.decode()
    assert 'name="taxe"' not in page and 'name="eviter"' not in page


def test_what_filters_is_said_and_removed_one_by_one_or_all_at_once(as_bde, cast, names):
    address = reverse("partners:partner_list", args=[cast.school.uai])
    page = as_bde.get(address, {"statut": "dormant", "secteur": "45", "tri": "city"}).content.decode()
    assert "Statut : Dormant" in page and 'href="?secteur=45&amp;tri=city"' in page
    assert "Effacer les filtres" in page and 'href="?vue=tout&amp;tri=city"' in page


def test_the_list_costs_as_many_queries_for_3_companies_as_for_60(as_bde, cast, names, django_assert_max_num_queries):
    address = reverse("partners:partner_list", args=[cast.school.uai])
    as_bde.get(address)
    with django_assert_max_num_queries(20) as few:
        as_bde.get(address)
    PartnerFactory.create_batch(57, school=cast.school)
    with django_assert_max_num_queries(20) as many:
        as_bde.get(address)
    assert len(few) == len(many)


# ------------------------------------------------------------------------------------------------------------- a field


def test_a_field_proposes_near_names(as_bde, cast, names):
    lookup = reverse("partners:partner_lookup", args=[cast.school.uai])
    assert "Énergies Soleil-Haut" in as_bde.get(lookup, {"partner": "energis solielle"}).content.decode()
    form = {
        "partner": "energis solielle",
        "type": "emploi",
        "title": "Monteuse",
        "received_date": "2026-01-05",
        "positions": 1,
    }
    answer = as_bde.post(reverse("partners:offer_new", args=[cast.school.uai]), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Est-ce l’une de ces fiches" in page and str(names["soleil"].public_id) in page
