"""No lost company, no double: what typing, saving, listing, merging and old addresses answer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners import doubles, merging
from partners.merging import Wanted
from partners.models import Contact, Interaction, Merge, NotDouble, Partner
from partners.tasks import tidy_doubles
from tests.conftest import Cast
from tests.factories import (
    ContactFactory,
    InteractionFactory,
    MergeFactory,
    NotDoubleFactory,
    PartnerFactory,
    PlacementFactory,
)

SIRET = "73282932000074"


def url(cast: Cast, name: str, *args: Any) -> str:
    return reverse(f"partners:{name}", args=[cast.school.uai, *args])


def form_of(client: Client, address: str) -> dict[str, str]:
    """The first values of a record's form, as a browser posts them."""
    form = client.get(address).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def typed(client: Client, cast: Cast, **values: str) -> dict[str, str]:
    return form_of(client, url(cast, "partner_new")) | values


def count(cast: Cast) -> int:
    return Partner.objects.in_school(cast.school).count()


# ------------------------------------------------------------------------------------------------ on entry
def test_a_company_that_is_probably_there_is_proposed_and_nothing_typed_is_lost(as_bde: Client, cast: Cast) -> None:
    known = PartnerFactory(school=cast.school, name="Garage Petit", postal_code="02000", city="Laon")
    post = typed(as_bde, cast, name="SARL Garage Pettit", postal_code="02000", notes="Vu au forum.")
    answer = as_bde.post(url(cast, "partner_new"), post)
    page = answer.content.decode()
    assert answer.status_code == 422 and count(cast) == 1
    assert "peut-être déjà là" in page and known.get_absolute_url() in page
    assert "même nom à une lettre près, même code postal" in page and "C’est elle" in page
    assert "SARL Garage Pettit" in page and "Vu au forum." in page
    seen = re.search(r'name="creer_quand_meme" value="([^"]*)"', page)
    assert seen and str(known.public_id) in seen[1]
    assert as_bde.post(url(cast, "partner_new"), post | {"creer_quand_meme": seen[1]}).status_code == 302
    assert count(cast) == 2


def test_what_was_not_shown_is_shown_before_it_is_passed_over(as_bde: Client, cast: Cast) -> None:
    """« Créer quand même » says it of the companies on the page, not of others that the name was changed to."""
    first = PartnerFactory(school=cast.school, name="Garage Petit", postal_code="02000")
    other = PartnerFactory(school=cast.school, name="Boisclair", postal_code="02000")
    post = typed(as_bde, cast, name="Boisclair", postal_code="02000", creer_quand_meme=str(first.public_id))
    answer = as_bde.post(url(cast, "partner_new"), post)
    assert answer.status_code == 422 and other.get_absolute_url() in answer.content.decode()


def test_one_siret_is_refused_unless_two_services_are_meant(as_bde: Client, cast: Cast) -> None:
    known = PartnerFactory(school=cast.school, name="Mairie", siret=SIRET)
    post = typed(as_bde, cast, name="Service des espaces verts", siret="732 829 320 00074")
    for more in ({}, {"creer_quand_meme": str(known.public_id)}):
        answer = as_bde.post(url(cast, "partner_new"), post | more)
        page = answer.content.decode()
        assert answer.status_code == 422 and "deux services du même établissement" in page
        assert known.get_absolute_url() in page
    assert as_bde.post(url(cast, "partner_new"), post | {"deux_services": "1"}).status_code == 302
    assert count(cast) == 2


def test_a_double_click_makes_one_partner_and_no_reproach(as_bde: Client, cast: Cast) -> None:
    post = typed(as_bde, cast, name="Garage Petit", siret=SIRET)
    first, second = (as_bde.post(url(cast, "partner_new"), post) for _ in range(2))
    assert (
        (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, first["Location"])
    )
    assert count(cast) == 1


def test_a_siret_given_to_a_known_partner_is_compared_too_and_other_edits_are_not(as_bde: Client, cast: Cast) -> None:
    PartnerFactory(school=cast.school, name="Garage Petit", siret=SIRET, postal_code="02000")
    mine = PartnerFactory(school=cast.school, name="Garage Petit", postal_code="02000")
    address = url(cast, "partner_edit", mine.public_id)
    assert as_bde.post(address, form_of(as_bde, address) | {"phone": "0323000102"}).status_code == 302
    refused = as_bde.post(address, form_of(as_bde, address) | {"siret": SIRET})
    assert refused.status_code == 422 and "deux services" in refused.content.decode()
    again = form_of(as_bde, address) | {"siret": SIRET, "deux_services": "1"}
    assert as_bde.post(address, again).status_code == 302


def test_a_double_of_another_school_is_nobody_s_business(as_bde: Client, cast: Cast) -> None:
    PartnerFactory(school=cast.stranger.school, name="Garage Petit", siret=SIRET)
    post = typed(as_bde, cast, name="Garage Petit", siret=SIRET)
    assert as_bde.post(url(cast, "partner_new"), post).status_code == 302


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", "🏭🏭", "\u202eediorp", "x" * 200])
def test_strange_names_are_compared_without_a_fault(as_bde: Client, cast: Cast, name: str) -> None:
    PartnerFactory(school=cast.school, name=name, postal_code="02000")
    answer = as_bde.post(url(cast, "partner_new"), typed(as_bde, cast, name=name, postal_code="02000"))
    assert answer.status_code in (302, 422)
    assert "<script>alert" not in answer.content.decode()
    assert as_bde.post(url(cast, "double_hints"), {"name": name, "postal_code": "02000"}).status_code == 200
    assert "<script>alert" not in as_bde.get(url(cast, "double_list")).content.decode()


def test_proposals_follow_what_one_types(as_bde: Client, cast: Cast) -> None:
    known = PartnerFactory(school=cast.school, name="Garage Petit", postal_code="02000", siret=SIRET)
    hints = url(cast, "double_hints")
    assert known.get_absolute_url() in as_bde.post(hints, {"siret": "732 829 320 00074"}).content.decode()
    assert (
        known.get_absolute_url()
        in as_bde.post(hints, {"name": "garage petit", "postal_code": "02000"}).content.decode()
    )
    for nothing in ({}, {"name": "ga"}, {"name": "Duvivier", "postal_code": "02000"}, {"siret": "732"}):
        assert as_bde.post(hints, nothing).content.decode().strip() == ""
    choice = as_bde.post(hints, {"prefixe": "new_", "new_name": "Garage Petit", "new_postal_code": "02000"})
    assert f'name="partner_id" value="{known.public_id}"' in choice.content.decode()


def test_the_box_of_a_new_partner_is_asked_for_by_post(as_bde: Client, cast: Cast) -> None:
    """No word that is typed stands in an address."""
    page = as_bde.get(url(cast, "partner_new")).content.decode()
    assert f'hx-post="{url(cast, "double_hints")}"' in page
    assert as_bde.get(url(cast, "double_hints")).status_code == 405


# ------------------------------------------------------------------------------------------------ the list
def test_pairs_come_with_their_reason_and_what_each_record_holds(as_bde: Client, cast: Cast) -> None:
    one = PartnerFactory(school=cast.school, name="Garage Petit", siret=SIRET)
    other = PartnerFactory(school=cast.school, name="Petit SARL", siret=SIRET)
    InteractionFactory.create_batch(2, school=cast.school, partner=one)
    PlacementFactory(school=cast.school, partner=other)
    ContactFactory(school=cast.school, partner=other)
    PartnerFactory(school=cast.stranger.school, name="Garage Petit", siret=SIRET)
    page = as_bde.get(url(cast, "double_list")).content.decode()
    assert "Même SIRET" in page and "Sûr" in page
    assert "2\u00a0échanges" in page and "1\u00a0contact" in page and "1\u00a0placement" in page
    assert f"{url(cast, 'partner_merge', one.public_id)}?avec={other.public_id}" in page
    assert doubles.known_count(cast.school) == 1


def test_a_pair_said_to_be_two_companies_leaves_the_list_and_comes_back(as_bde: Client, cast: Cast) -> None:
    one, other = (PartnerFactory(school=cast.school, name="Boisclair", postal_code="02000") for _ in range(2))
    pair = {"a": str(other.public_id), "b": str(one.public_id)}
    for _ in range(2):  # a second press says the same
        assert as_bde.post(url(cast, "double_dismiss"), pair).status_code == 302
    told = NotDouble.objects.in_school(cast.school).get()
    assert (told.first, told.second) == (one, other)
    assert doubles.pairs(cast.school) == [] and doubles.of_partner(one) == []
    page = as_bde.get(url(cast, "double_list")).content.decode()
    assert "Aucune fiche n’en répète une autre" in page and "Proposer de nouveau" in page
    assert as_bde.post(url(cast, "double_restore", told.public_id)).status_code == 302
    assert len(doubles.pairs(cast.school)) == 1


@pytest.mark.parametrize("words", [{}, {"a": "x", "b": "y"}, {"a": "same", "b": "same"}])
def test_a_pair_that_makes_no_sense_is_a_bad_request(as_bde: Client, cast: Cast, words: dict[str, str]) -> None:
    partner = PartnerFactory(school=cast.school)
    post = {name: str(partner.public_id) if value == "same" else value for name, value in words.items()}
    assert as_bde.post(url(cast, "double_dismiss"), post).status_code == 400


def test_pairs_are_kept_until_a_partner_or_a_contact_changes(cast: Cast, django_assert_max_num_queries: Any) -> None:
    one = PartnerFactory(school=cast.school, name="Boisclair", postal_code="02000")
    assert doubles.pairs(cast.school) == []
    PartnerFactory(school=cast.school, name="Boisclair", postal_code="02000")
    assert len(doubles.pairs(cast.school)) == 1
    with django_assert_max_num_queries(3):
        assert len(doubles.pairs(cast.school)) == 1
    Partner.objects.in_school(cast.school).filter(pk=one.pk).update(name="Duvivier", version=2)
    assert doubles.pairs(cast.school) == []
    third = PartnerFactory(school=cast.school, name="Oméga")
    for partner in (one, third):
        ContactFactory(school=cast.school, partner=partner, phone="03 23 00 01 02")
    assert [found.reason for *_, found in doubles.pairs(cast.school)] == ["même téléphone"]


def test_the_list_costs_the_same_for_two_pairs_and_for_twenty(
    as_bde: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        for _ in range(2):
            partner = PartnerFactory(school=cast.school, name=f"Boisclair{number}", postal_code=f"{80000 + number}")
            InteractionFactory(school=cast.school, partner=partner)
            MergeFactory(school=cast.school, kept=partner)
    for _ in range(3):
        first, second = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school)
        NotDoubleFactory(school=cast.school, first=first, second=second)
    as_bde.get(url(cast, "double_list"))
    with django_assert_max_num_queries(20):
        page = as_bde.get(url(cast, "double_list")).content.decode()
    assert page.count("Comparer et fusionner") == 20


def test_the_night_counts_for_the_home_page_and_forgets_old_stories(as_bde: Client, cast: Cast) -> None:
    home = reverse("schools:home", args=[cast.school.uai])
    for _ in range(2):
        PartnerFactory(school=cast.school, name="Boisclair", postal_code="02000")
    old = MergeFactory(school=cast.school, story={"kept": 1})
    Merge.objects.in_school(cast.school).update(created_at=timezone.now() - timedelta(days=31))
    assert "Doublons probables" not in as_bde.get(home).content.decode()
    tidy_doubles.body(date="2026-11-22")
    page = as_bde.get(home).content.decode()
    assert "Doublons probables" in page and url(cast, "double_list") in page
    old.refresh_from_db()
    assert (old.story, old.removed_name) == ({}, "")
    as_bde.force_login(cast.head.user)
    assert "Doublons probables" not in as_bde.get(home).content.decode()


# ------------------------------------------------------------------------------------------------ merging
@pytest.fixture
def pair(cast: Cast) -> tuple[Partner, Partner]:
    one = PartnerFactory(school=cast.school, name="Garage Petit", siret=SIRET, postal_code="02000", phone="")
    other = PartnerFactory(school=cast.school, name="GARAGE PETIT SARL", postal_code="02000", phone="0323000102")
    InteractionFactory.create_batch(2, school=cast.school, partner=other)
    return one, other


def compare_url(cast: Cast, a: Partner, b: Partner) -> str:
    return f"{url(cast, 'partner_merge', a.public_id)}?avec={b.public_id}"


def chosen(client: Client, address: str) -> dict[str, Any]:
    """What the page proposes, as a browser posts it."""
    form = client.get(address).context["form"]
    return {bound.html_name: bound.value() for bound in form}


@pytest.mark.parametrize("other_way", [False, True])
def test_what_is_proposed_keeps_the_siret_and_loses_no_telephone(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner], other_way: bool
) -> None:
    one, other = pair
    address = compare_url(cast, other, one) if other_way else compare_url(cast, one, other)
    page = as_bde.get(address).content.decode()
    assert "2\u00a0échanges" in page and "La fusion se défait pendant 30 jours." in page
    answer = as_bde.post(address, chosen(as_bde, address), follow=True)
    assert answer.redirect_chain[-1][0] == one.get_absolute_url()
    assert "ne font plus qu’une fiche" in answer.content.decode()
    one.refresh_from_db()
    assert (one.name, one.siret, one.phone) == ("Garage Petit", SIRET, "0323000102")
    assert Interaction.objects.in_school(cast.school).filter(partner=one).count() == 2
    assert count(cast) == 1


def test_each_choice_counts_and_undoing_brings_both_back(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    address = compare_url(cast, one, other)
    as_bde.post(address, chosen(as_bde, address) | {"garder": "b", "name": "b", "siret": "a"})
    kept = Partner.objects.in_school(cast.school).get()
    assert (kept.pk, kept.name, kept.siret, kept.phone) == (other.pk, "GARAGE PETIT SARL", SIRET, "0323000102")
    merged = Merge.objects.in_school(cast.school).get()
    detail = as_bde.get(merged.get_absolute_url()).content.decode()
    assert "Garage Petit" in detail and "Défaire la fusion" in detail
    undone = as_bde.post(url(cast, "merge_undo", merged.public_id), follow=True)
    assert undone.redirect_chain[-1][0] == one.get_absolute_url()
    assert "a retrouvé sa fiche" in undone.content.decode()
    assert count(cast) == 2
    again = as_bde.post(url(cast, "merge_undo", merged.public_id), follow=True).content.decode()
    assert "déjà défaite" in again


def test_one_person_in_both_records_is_joined_unless_unticked(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    for partner in pair:
        ContactFactory(school=cast.school, partner=partner, last_name="Ferrand", first_name="Yann")
    address = compare_url(cast, one, other)
    post = chosen(as_bde, address)
    assert len(post["personnes"]) == 1
    as_bde.post(address, post | {"personnes": []})
    assert Contact.objects.in_school(cast.school).count() == 2
    as_bde.post(url(cast, "merge_undo", Merge.objects.in_school(cast.school).get().public_id))
    as_bde.post(address, chosen(as_bde, address))
    assert Contact.objects.in_school(cast.school).get().partner == one


def test_a_record_that_changed_meanwhile_shows_the_page_again_with_the_choices(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    address = compare_url(cast, one, other)
    post = chosen(as_bde, address) | {"garder": "b", "name": "b"}
    Partner.objects.in_school(cast.school).filter(pk=other.pk).update(phone="0611111111", version=2)
    answer = as_bde.post(address, post)
    page = answer.content.decode()
    assert answer.status_code == 409 and count(cast) == 2
    assert "a changé pendant que vous compariez" in page and "0611111111" in page
    form = answer.context["form"]
    assert (form["garder"].value(), form["name"].value(), form["version_b"].value()) == ("b", "b", 2)
    again = {bound.html_name: bound.value() for bound in form}
    assert as_bde.post(address, again).status_code == 302


@pytest.mark.parametrize("bad", [{"garder": "c"}, {"name": ""}, {"version_a": "x"}, {"personnes": ["zz"]}, None])
def test_a_choice_that_makes_no_sense_merges_nothing(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner], bad: dict[str, Any] | None
) -> None:
    for partner in pair:
        ContactFactory(school=cast.school, partner=partner, last_name="Ferrand")
    address = compare_url(cast, *pair)
    answer = as_bde.post(address, chosen(as_bde, address) | bad if bad else {"rien": "1"})
    assert answer.status_code == 422 and "error-summary" in answer.content.decode()
    assert count(cast) == 2


def test_the_other_record_is_chosen_by_its_name(as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]) -> None:
    one, other = pair
    here = url(cast, "partner_merge", one.public_id)
    assert compare_url(cast, one, other).split("?")[1] in as_bde.get(here).content.decode()
    assert as_bde.post(here, {"partner": "garage petit sarl"})["Location"].endswith(f"?avec={other.public_id}")
    itself = as_bde.post(here, {"partner": "x", "partner_id": str(one.public_id)})
    assert itself.status_code == 422
    for nobody in ("rien", str(one.public_id), str(PartnerFactory(school=cast.stranger.school).public_id)):
        assert as_bde.get(f"{here}?avec={nobody}")["Location"] == here


def test_two_windows_on_one_pair_make_one_merge(as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]) -> None:
    address = compare_url(cast, *pair)
    post = chosen(as_bde, address)
    assert as_bde.post(address, post).status_code == 302
    for window in (address, compare_url(cast, pair[1], pair[0])):
        answer = as_bde.post(window, post, follow=True)
        assert answer.status_code == 200
    assert Merge.objects.in_school(cast.school).count() == 1


# ------------------------------------------------------------------------------------------------ old addresses
def test_the_address_of_a_merged_record_leads_to_the_kept_one_for_those_who_may_see_it(
    client: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    merging.merge(one, other, Wanted(), by=cast.bde.user)
    client.force_login(cast.teacher.user)
    answer = client.get(other.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, one.get_absolute_url())
    client.force_login(cast.reader.user)
    assert client.get(other.get_absolute_url()).status_code == 403
    client.force_login(cast.stranger.user)
    assert client.get(other.get_absolute_url()).status_code == 404
    client.force_login(cast.bde.user)
    edit = client.get(url(cast, "partner_edit", other.public_id))
    assert edit["Location"] == url(cast, "partner_edit", one.public_id)
    assert client.get(url(cast, "partner_merge", other.public_id))["Location"] == one.get_absolute_url()


def test_each_tab_of_a_merged_record_leads_to_the_tab_of_the_kept_one(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    merging.merge(one, other, Wanted(), by=cast.bde.user)
    tabs = [address for _, address, _ in as_bde.get(one.get_absolute_url()).context["tabs"]]
    assert len(tabs) >= 8
    for address in [*tabs, url(cast, "partner_story", one.public_id)]:
        old = address.replace(str(one.public_id), str(other.public_id))
        answer = as_bde.get(old)
        assert (answer.status_code, answer.get("Location")) == (302, address)
        assert as_bde.post(old).status_code in (404, 405)
    assert "a été fusionnée avec celle-ci" in as_bde.get(old, follow=True).content.decode()
    old = tabs[-1].replace(str(one.public_id), str(other.public_id))
    as_bde.force_login(cast.stranger.user)
    assert as_bde.get(old).status_code == 404
    as_bde.force_login(cast.reader.user)
    assert as_bde.get(old).status_code == 403


def test_an_exchange_noted_on_the_page_of_a_merged_record_goes_to_the_kept_one(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    form = as_bde.get(other.get_absolute_url()).context["quick"]
    post = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    merging.merge(one, other, Wanted(), by=cast.head.user)
    answer = as_bde.post(url(cast, "exchange_quick", other.public_id), post | {"subject": "Deux places en mai"})
    assert answer["Location"] == one.get_absolute_url()
    assert Interaction.objects.in_school(cast.school).filter(partner=one, subject="Deux places en mai").exists()


def test_what_was_typed_on_a_record_merged_meanwhile_is_compared_with_the_kept_one(
    as_bde: Client, cast: Cast, pair: tuple[Partner, Partner]
) -> None:
    one, other = pair
    address = url(cast, "partner_edit", other.public_id)
    post = form_of(as_bde, address) | {"notes": "Vu au forum."}
    merging.merge(one, other, Wanted(frozenset({"phone"})), by=cast.head.user)
    answer = as_bde.post(address, post)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Vu au forum." in page
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert as_bde.post(address, hidden | {"csrfmiddlewaretoken": ""})["Location"] == one.get_absolute_url()
    one.refresh_from_db()
    assert one.notes == "Vu au forum."
