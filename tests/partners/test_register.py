"""Sirene from the form to the partner's page: proposed, taken field by field, checked at night; every failure is a sentence."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bdeplatform.celery import CLOCK
from core import jobs
from core.models import AuditEvent, Job
from partners import register, tasks
from partners.models import Partner
from schools import todo
from schools.models import Membership, School
from tests import factories, outside, outside_services
from tests.conftest import Cast
from tests.outside_services import StandIn

pytestmark = pytest.mark.django_db

HEAD_OFFICE, WORKSHOP, CLOSED = "99991201700012", "99991201700020", "99991201700038"
LORRIES, HIDDEN, BARE = "99999977400014", "99991301500015", "99991401300019"
UNKNOWN = "99991501000014"
FICTITIOUS = "00002984300018"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SORRY = "Le répertoire Sirene ne répond pas. Saisissez la fiche à la main : rien n’est perdu."
TYPED = {"type": "entreprise", "status": "actif", "notes": "Demander Élodie", "phone": "03 23 00 00 00"}
EVERYTHING = ["name", "brand", "naf", "headcount", "address", "postal_code", "city", "coordinates"]


@pytest.fixture
def standin(settings: Any) -> Iterator[StandIn]:
    caches["outside"].clear()
    with outside_services.running() as found:
        settings.SIRENE_URL = found.sirene
        yield found
    caches["outside"].clear()


@pytest.fixture
def school(cast: Cast) -> School:
    cast.school.postal_code = "02000"
    cast.school.save()
    return cast.school


@pytest.fixture
def new_url(school: School) -> str:
    return reverse("partners:partner_new", args=[school.uai])


def posted(client: Client, url: str, **changed: Any) -> str:
    response = client.post(url, TYPED | changed)
    assert response.status_code == 200
    return response.content.decode()


def box(page: str) -> str:
    """What the box says, less its tags."""
    found = re.search(r'id="sirene".*?(?=<div class="field" id="div_id_brand")', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[0] if found else page).replace("&#x27;", "'").split())


def form_of(page: str) -> outside.Form:
    return next(form for form in outside.forms_of(page) if "name" in form.values)


# ------------------------------------------------------------------------------------------------------------ the form


def test_a_name_proposes_establishments_of_the_department(as_bde: Client, standin: StandIn, new_url: str):
    page = posted(as_bde, new_url, name="garage dupont", sirene="chercher")
    said = box(page)
    assert "Auto Service du Plateau , 02000 Laon" in said
    assert "Entretien et réparation de véhicules automobiles légers" in said
    assert "999 912 017 00020" in said
    assert "75011" not in said, "another department"
    assert "Saint-Quentin Fermé" in said
    assert standin.calls[0][1]["departement"] == "02"
    form = form_of(page)
    assert form.values["notes"][0].strip() == "Demander Élodie", "what was typed stays"
    assert form.values["name"] == ["garage dupont"]
    assert Partner.objects.in_school(Partner().school_id or 0).count() == 0


def test_a_name_unknown_here_is_looked_for_everywhere(as_bde: Client, standin: StandIn, new_url: str):
    said = box(posted(as_bde, new_url, name="longue route", sirene="chercher"))
    assert "Rien de ce nom dans le département 02 : voici ailleurs en France." in said
    assert "Transports Longue Route , 13800 Istres" in said


def test_a_school_without_address_asks_everywhere_at_once(as_bde: Client, standin: StandIn, cast: Cast):
    cast.school.city = ""
    cast.school.save()
    posted(as_bde, reverse("partners:partner_new", args=[cast.school.uai]), name="longue route", sirene="chercher")
    assert ["departement" in asked for _, asked in standin.calls] == [False]


def test_a_siret_takes_its_establishment_and_not_the_head_office(as_bde: Client, standin: StandIn, new_url: str):
    page = posted(as_bde, new_url, siret="999 912 017 00020", sirene="chercher")
    said = box(page)
    assert "ZI du Champ du Roy rue Arago" in said
    assert "Voltaire" not in said and "75011" not in said
    ticked = form_of(page).values["sirene_champ"]
    assert sorted(ticked) == sorted(EVERYTHING), "we have nothing: all is ticked"
    assert "https://annuaire-entreprises.data.gouv.fr/entreprise/999912017" in page


def test_no_director_is_ever_asked_for(as_bde: Client, standin: StandIn, new_url: str):
    """P-02: what is not asked for is not kept."""
    posted(as_bde, new_url, siret=WORKSHOP, sirene="chercher")
    asked = standin.calls[0][1]
    assert (asked["minimal"], asked["include"]) == ("true", "siege,matching_etablissements")


def test_what_is_ticked_is_taken_and_the_rest_stays(as_bde: Client, standin: StandIn, new_url: str, cast: Cast):
    page = posted(
        as_bde, new_url, name="Chez Dupont", city="Chambry", sirene="reprendre", sirene_siret=WORKSHOP,
        sirene_champ=["brand", "naf", "headcount", "address", "postal_code", "coordinates"],
    )  # fmt: skip
    assert "Repris de Sirene : enseigne, code NAF" in page
    form = form_of(page)
    taken = {name: form.values[name][0] for name in ("siret", "brand", "naf", "headcount", "address", "postal_code")}
    assert taken == {
        "siret": WORKSHOP, "brand": "Auto Service du Plateau", "naf": "45.20A", "headcount": "10-19",
        "address": "ZI du Champ du Roy rue Arago", "postal_code": "02000",
    }  # fmt: skip
    assert (form.values["name"], form.values["city"]) == (["Chez Dupont"], ["Chambry"])
    response = as_bde.post(
        new_url, {name: values for name, values in form.data(city="Laon").items() if name != "sirene"}
    )
    assert response.status_code == 302
    partner = Partner.objects.in_school(cast.school).get()
    assert (partner.name, partner.brand, partner.siret, partner.naf) == (
        "Chez Dupont", "Auto Service du Plateau", WORKSHOP, "45.20A",
    )  # fmt: skip
    assert (float(partner.latitude or 0), float(partner.longitude or 0)) == (49.5764, 3.6412)
    assert partner.map_latitude == 49.5764
    assert partner.register_checked_at is not None
    assert partner.register_data["city"] == "Laon"
    assert partner.notes == "Demander Élodie"


def test_a_place_of_another_address_is_not_taken(as_bde: Client, standin: StandIn, new_url: str, cast: Cast):
    """Ticked, then the address corrected by hand before saving: the register's point is no longer that of the record."""
    form = form_of(
        posted(as_bde, new_url, name="x", sirene="reprendre", sirene_siret=WORKSHOP, sirene_champ=EVERYTHING)
    )
    as_bde.post(new_url, form.data(address="1 rue du Moulin", city="Chambry"))
    assert Partner.objects.in_school(cast.school).get().latitude is None


def test_what_is_sealed_cannot_be_forged(as_bde: Client, standin: StandIn, new_url: str, cast: Cast):
    for answer in ("x", "a:b:c", "{}", "é" * 300):
        as_bde.post(new_url, TYPED | {"name": "Chez Dupont", "siret": WORKSHOP, "register_answer": answer})
    assert {one.register_data for one in Partner.objects.in_school(cast.school)} == {None}


def test_an_answer_sealed_for_another_siret_is_left_aside(as_bde: Client, standin: StandIn, new_url: str, cast: Cast):
    form = form_of(
        posted(as_bde, new_url, name="x", sirene="reprendre", sirene_siret=WORKSHOP, sirene_champ=EVERYTHING)
    )
    as_bde.post(new_url, form.data(siret=LORRIES))
    partner = Partner.objects.in_school(cast.school).get()
    assert (partner.register_data, partner.register_checked_at) == (None, None)


def test_a_partner_that_is_already_there_is_said_with_a_link(
    as_bde: Client, standin: StandIn, new_url: str, school: School
):
    known = factories.PartnerFactory(school=school, siret=WORKSHOP, name="Garage du plateau")
    elsewhere = factories.PartnerFactory(siret=CLOSED, name="Chez les voisins")
    page = posted(as_bde, new_url, name="garage dupont", sirene="chercher")
    assert "déjà dans vos partenaires" in box(page)
    page = posted(as_bde, new_url, siret=WORKSHOP, sirene="chercher")
    assert known.get_absolute_url() in page
    assert "Garage du plateau" in box(page)
    assert elsewhere.name not in posted(as_bde, new_url, siret=CLOSED, sirene="chercher"), "another school's"


def test_the_form_of_a_partner_does_not_call_it_a_double_of_itself(as_bde: Client, standin: StandIn, school: School):
    partner = factories.PartnerFactory(school=school, siret=WORKSHOP, name="Garage Dupont et fils")
    url = reverse("partners:partner_edit", args=[school.uai, partner.public_id])
    page = posted(as_bde, url, name=partner.name, siret=WORKSHOP, version=partner.version, sirene="chercher")
    assert "déjà dans vos partenaires" not in page
    assert form_of(page).values["version"] == [str(partner.version)]


def test_a_locked_name_is_not_proposed(as_bde: Client, standin: StandIn, school: School):
    partner = factories.PartnerFactory(school=school, siret=WORKSHOP, name="Chez Dupont", name_locked=True)
    url = reverse("partners:partner_edit", args=[school.uai, partner.public_id])
    typed = {"name": partner.name, "siret": WORKSHOP, "version": partner.version, "name_locked": "on"}
    form = form_of(posted(as_bde, url, **typed, sirene="chercher"))
    assert "name" not in form.choices["sirene_champ"]
    page = posted(as_bde, url, **typed, sirene="reprendre", sirene_siret=WORKSHOP, sirene_champ=["name", "naf"])
    assert form_of(page).values["name"] == ["Chez Dupont"]


def test_partial_diffusion_overwrites_nothing(as_bde: Client, standin: StandIn, new_url: str):
    page = posted(as_bde, new_url, name="Chez Marthe", siret=HIDDEN, sirene="chercher")
    assert "a demandé que ses informations ne soient pas diffusées" in box(page)
    assert "ND" not in box(page)
    page = posted(as_bde, new_url, name="Chez Marthe", sirene="reprendre", sirene_siret=HIDDEN, sirene_champ=EVERYTHING)
    assert form_of(page).values["name"] == ["Chez Marthe"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "ab"}, "Tapez au moins trois lettres du nom, ou les 14 chiffres du SIRET."),
        ({"name": ""}, "Tapez au moins trois lettres du nom, ou les 14 chiffres du SIRET."),
        ({"siret": "123"}, "Ce SIRET n’est pas complet ou pas juste"),
        ({"siret": "99991201700021"}, "Ce SIRET n’est pas complet ou pas juste"),
        ({"siret": FICTITIOUS}, "Ce SIRET est fictif"),
    ],
)
def test_what_is_not_worth_a_call_is_not_sent(
    as_bde: Client, standin: StandIn, new_url: str, typed: dict[str, str], sentence: str
):
    assert sentence in box(posted(as_bde, new_url, **typed, sirene="chercher"))
    assert standin.calls == []


def test_nothing_found_is_told(as_bde: Client, standin: StandIn, new_url: str):
    assert "Sirene ne connaît aucune entreprise de ce nom" in box(
        posted(as_bde, new_url, name="Personne d’ici", sirene="chercher")
    )
    assert "Sirene ne connaît pas ce SIRET" in box(posted(as_bde, new_url, siret=UNKNOWN, sirene="chercher"))


def test_an_answer_is_kept_by_siret(as_bde: Client, standin: StandIn, new_url: str):
    posted(as_bde, new_url, name="garage dupont", sirene="chercher")
    posted(as_bde, new_url, name="garage dupont", sirene="choisir", sirene_siret=WORKSHOP)
    posted(as_bde, new_url, siret=WORKSHOP, sirene="chercher")
    posted(as_bde, new_url, siret=WORKSHOP, sirene="reprendre", sirene_siret=WORKSHOP)
    assert len(standin.calls) == 1


@pytest.mark.parametrize(
    "plays",
    [
        "busy_long", "busy_date", "busy_mute", "broken", "html", "html_as_json", "truncated", "nested", "cut", "huge",
        "wrong_types", "not_an_object", "hangs_up", "garbage", "elsewhere", "round", "refused",
    ],
)  # fmt: skip
@pytest.mark.parametrize("typed", [{"name": "garage dupont"}, {"siret": WORKSHOP}])
def test_each_failure_is_one_sentence_and_the_form_is_saved_by_hand(
    as_bde: Client, standin: StandIn, new_url: str, cast: Cast, plays: str, typed: dict[str, str]
):
    standin.plays = plays
    page = posted(as_bde, new_url, **typed, sirene="chercher")
    assert SORRY in box(page)
    form = form_of(page)
    assert form.values["notes"][0].strip() == "Demander Élodie"
    response = as_bde.post(new_url, form.data(name="Saisi à la main"))
    assert response.status_code == 302
    assert Partner.objects.in_school(cast.school).get().name == "Saisi à la main"


@pytest.mark.parametrize("plays", ["silent", "slow", "slow_head"])
def test_slowness_is_one_sentence_too(
    as_bde: Client, standin: StandIn, new_url: str, plays: str, monkeypatch: pytest.MonkeyPatch
):
    kept = register.Service._ask.__kwdefaults__
    monkeypatch.setattr(register.Service._ask, "__kwdefaults__", kept | {"seconds": 0.3})
    standin.plays = plays
    assert SORRY in box(posted(as_bde, new_url, siret=WORKSHOP, sirene="chercher"))


@pytest.mark.parametrize("plays", ["nulls", "few_fields", "more_fields", "busy_once", "next_door"])
def test_gaps_in_an_answer_are_survived(as_bde: Client, standin: StandIn, new_url: str, plays: str):
    standin.plays = plays
    page = posted(as_bde, new_url, name="Chez Dupont", siret=WORKSHOP, sirene="chercher")
    assert SORRY not in page
    assert "sirene_siret" in page


def test_a_service_at_rest_is_not_asked_again(as_bde: Client, standin: StandIn, new_url: str):
    standin.plays = "broken"
    for _ in range(3):
        assert SORRY in posted(as_bde, new_url, siret=WORKSHOP, sirene="chercher")
    assert len(standin.calls) == 1


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "=cmd()", "é" * 300, "🚜🚜🚜", "مطعم الشرق", "a\x00bc", "' OR 1=1 --"]
)
def test_anything_typed_is_survived(as_bde: Client, standin: StandIn, new_url: str, words: str):
    for values in ({"name": words}, {"siret": words}, {"sirene_siret": words, "name": words}):
        for step in ("chercher", "choisir", "reprendre", words):
            page = posted(as_bde, new_url, **{**values, "sirene": step, "sirene_champ": [words]})
            assert "<script>alert" not in page


def test_where_it_is_off_the_form_says_nothing_of_it(as_bde: Client, new_url: str):
    page = as_bde.get(new_url).content.decode()
    assert "Sirene" not in page
    assert "sirene" not in form_html(page)
    assert as_bde.post(new_url, TYPED | {"name": "Chez Dupont", "sirene": "chercher"}).status_code == 200


def form_html(page: str) -> str:
    return page.partition('<form class="form-page')[2].partition("</form>")[0]


def test_a_demonstration_school_never_asks(as_bde: Client, standin: StandIn, new_url: str, school: School):
    School.objects.filter(pk=school.pk).update(is_demo=True)
    page = posted(as_bde, new_url, name="garage dupont", siret=WORKSHOP, sirene="chercher")
    assert "Lycée de démonstration" in box(page)
    posted(as_bde, new_url, name="garage dupont", sirene="reprendre", sirene_siret=WORKSHOP, sirene_champ=EVERYTHING)
    partner = factories.PartnerFactory(school=school, siret=WORKSHOP)
    as_bde.post(reverse("partners:register_check", args=[school.uai, partner.public_id]))
    register.check_school(School.objects.get(pk=school.pk), now=NOW)
    assert standin.calls == []


def test_the_enter_key_saves(as_bde: Client, standin: StandIn, new_url: str):
    """The first button of a form is what Enter presses: it has no name, hence it saves."""
    first = re.search(r"<button[^>]*>", form_html(as_bde.get(new_url).content.decode()))
    assert first and "name=" not in first[0]


# ------------------------------------------------------------------------------------------------- the box alone (htmx)


def test_the_box_alone_says_what_the_page_says(as_bde: Client, standin: StandIn, school: School, new_url: str):
    url = reverse("partners:register_lookup", args=[school.uai])
    typed = TYPED | {"name": "garage dupont"}
    alone = as_bde.post(url, typed, headers={"HX-Request": "true", "HX-Trigger-Name": "name"}).content.decode()
    assert "<html" not in alone
    assert box(alone) in box(posted(as_bde, new_url, **typed, sirene="chercher"))


def test_while_one_types_there_is_no_reproach(as_bde: Client, standin: StandIn, school: School):
    url = reverse("partners:register_lookup", args=[school.uai])
    for typed in ({"name": "ga"}, {"name": "garage", "siret": "9999"}):
        said = box(as_bde.post(url, typed, headers={"HX-Trigger-Name": "siret"}).content.decode())
        assert said == "Chercher dans Sirene par le SIRET, sinon par le nom"
    assert standin.calls == []


def test_the_box_knows_the_record_of_its_form(as_bde: Client, standin: StandIn, school: School, cast: Cast):
    partner = factories.PartnerFactory(school=school, siret=WORKSHOP)
    url = reverse("partners:register_lookup", args=[school.uai])
    typed = {"siret": WORKSHOP, "name": "x y z"}
    assert "déjà dans" not in as_bde.post(f"{url}?fiche={partner.public_id}", typed).content.decode()
    assert "déjà dans" in as_bde.post(url, typed).content.decode()
    theirs = factories.PartnerFactory(school=cast.stranger.school)
    for about in (theirs.public_id, "x"):
        assert as_bde.post(f"{url}?fiche={about}", typed).status_code == 200


# --------------------------------------------------------------------------------------------------- the partner's page


def page_of(client: Client, partner: Partner) -> str:
    response = client.get(partner.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.fixture
def partner(school: School) -> Partner:
    return factories.PartnerFactory(
        school=school, siret=WORKSHOP, name="Garage Dupont et fils", address="1 rue du Moulin", postal_code="02000",
        city="Laon", naf="45.20A",
    )  # fmt: skip


def test_check_now_shows_what_differs(as_bde: Client, standin: StandIn, partner: Partner):
    assert "Pas encore vérifié" in page_of(as_bde, partner)
    url = reverse("partners:register_check", args=[partner.school.uai, partner.public_id])
    assert "Vérifié dans Sirene." in as_bde.post(url, follow=True).content.decode()
    page = page_of(as_bde, partner)
    assert "depuis le 1 septembre 2015" in page or "depuis le 1er septembre 2015" in page
    for words in (
        "Enseigne",
        "Auto Service du Plateau",
        "Votre fiche : 1 rue du Moulin",
        "ZI du Champ du Roy rue Arago",
    ):
        assert words in page
    event = AuditEvent.objects.get(verb="partners.register_checked")
    assert (event.scope, event.subject_id) == (partner.school.uai, partner.public_id)
    before = partner.version
    partner.refresh_from_db()
    assert partner.version == before, "a check does not disturb an open form"
    assert partner.name == "Garage Dupont et fils"


def test_take_writes_one_field(as_bde: Client, standin: StandIn, partner: Partner):
    register.check(partner, now=NOW)
    url = reverse("partners:register_take", args=[partner.school.uai, partner.public_id])
    response = as_bde.post(url, {"champ": "brand", "version": partner.version}, follow=True)
    assert "Repris de Sirene : enseigne." in response.content.decode()
    partner.refresh_from_db()
    assert (partner.brand, partner.version) == ("Auto Service du Plateau", 2)
    assert "auto service du plateau" in partner.search_text
    assert AuditEvent.objects.get(verb="partners.partner.changed").payload == {"fields": ["brand"]}


def test_taking_the_address_brings_its_place(as_bde: Client, standin: StandIn, partner: Partner):
    partner.latitude, partner.longitude = 48, 2  # type: ignore[assignment]
    partner.save()
    register.check(partner, now=NOW)
    url = reverse("partners:register_take", args=[partner.school.uai, partner.public_id])
    response = as_bde.post(url, {"champ": "place", "version": partner.version}, follow=True)
    assert "Repris de Sirene : adresse." in response.content.decode()
    partner.refresh_from_db()
    assert (partner.address, float(partner.latitude or 0)) == ("ZI du Champ du Roy rue Arago", 49.5764)
    assert AuditEvent.objects.get(verb="partners.partner.changed").payload == {"fields": ["address", "coordinates"]}


def test_a_stale_page_takes_nothing(as_bde: Client, standin: StandIn, partner: Partner):
    register.check(partner, now=NOW)
    url = reverse("partners:register_take", args=[partner.school.uai, partner.public_id])
    response = as_bde.post(url, {"champ": "brand", "version": "7"}, follow=True)
    assert "Rien n’a été repris" in response.content.decode()
    partner.refresh_from_db()
    assert partner.brand == ""


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"champ": "notes"},
        {"champ": "status", "version": "1"},
        {"champ": "<script>"},
        {"champ": "city", "version": "x"},
    ],
)
def test_what_the_register_does_not_propose_is_not_taken(
    as_bde: Client, standin: StandIn, partner: Partner, data: dict[str, str]
):
    register.check(partner, now=NOW)
    url = reverse("partners:register_take", args=[partner.school.uai, partner.public_id])
    assert as_bde.post(url, data).status_code == 400


def test_a_failure_changes_nothing_and_says_so(as_bde: Client, standin: StandIn, partner: Partner):
    standin.plays = "broken"
    url = reverse("partners:register_check", args=[partner.school.uai, partner.public_id])
    assert "Le répertoire Sirene ne répond pas. Rien n’a changé" in as_bde.post(url, follow=True).content.decode()
    partner.refresh_from_db()
    assert partner.register_checked_at is None


def test_an_unknown_siret_is_told(as_bde: Client, standin: StandIn, partner: Partner):
    Partner.objects.in_school(partner.school).update(siret=UNKNOWN)
    url = reverse("partners:register_check", args=[partner.school.uai, partner.public_id])
    as_bde.post(url)
    assert "Sirene ne connaît pas ce SIRET" in page_of(as_bde, partner)


def test_who_may_not_edit_reads_and_cannot_ask(client: Client, cast: Cast, standin: StandIn, partner: Partner):
    register.check(partner, now=NOW)
    for role, member in cast.by_role().items():
        client.force_login(member.user)
        may = role in ("bde", "ddfpt")
        response = client.get(partner.get_absolute_url())
        if response.status_code == 200:
            page = response.content.decode()
            assert ("Vérifier maintenant" in page) is may, role
            assert ("Reprendre" in page) is may, role
            assert "Sirene" in page
        for name in ("register_check", "register_take"):
            url = reverse(f"partners:{name}", args=[partner.school.uai, partner.public_id])
            assert (client.post(url).status_code == 403) is not may, role
        lookup = reverse("partners:register_lookup", args=[partner.school.uai])
        assert client.post(lookup, {"siret": WORKSHOP}).status_code == (200 if may else 403), role


def test_another_siret_forgets_what_was_known(as_bde: Client, standin: StandIn, partner: Partner):
    register.check(partner, now=NOW)
    url = reverse("partners:partner_edit", args=[partner.school.uai, partner.public_id])
    form = form_of(as_bde.get(url).content.decode())
    assert as_bde.post(url, form.data(siret=LORRIES)).status_code == 302
    partner.refresh_from_db()
    assert (partner.register_data, partner.register_checked_at, partner.closed_date) == (None, None, None)


def test_a_partner_without_siret_has_no_panel(as_bde: Client, standin: StandIn, school: School):
    assert "Sirene" not in page_of(as_bde, factories.PartnerFactory(school=school)).partition("<main")[2]


# -------------------------------------------------------------------------------------------------------------- at night


def closed_now(standin: StandIn, siret: str = WORKSHOP, **more: Any) -> None:
    standin.changed[siret] = {"etat_administratif": "F", "date_fermeture": "2026-10-31"} | more


def test_the_night_marks_what_has_closed_and_keeps_the_rest(standin: StandIn, partner: Partner):
    factories.InteractionFactory(school=partner.school, partner=partner)
    closed_now(standin)
    done = register.check_school(partner.school, now=NOW)
    assert (done.asked, done.closed) == (1, 1)
    before = (partner.name, partner.address, partner.status)
    partner.refresh_from_db()
    assert partner.closed_date == date(2026, 10, 31)
    assert (partner.name, partner.address, partner.status) == before, "nothing else changes by itself"
    assert partner.interactions.in_school(partner.school).count() == 1
    event = AuditEvent.objects.get(verb="partners.establishment_closed")
    assert (event.subject_id, event.actor) == (partner.public_id, None)


def test_a_closure_without_a_date_is_of_the_day_it_was_learnt(standin: StandIn, partner: Partner):
    closed_now(standin, date_fermeture=None)
    register.check_school(partner.school, now=NOW)
    partner.refresh_from_db()
    assert partner.closed_date == NOW.date()
    register.check_school(partner.school, now=NOW + timedelta(days=40))
    partner.refresh_from_db()
    assert partner.closed_date == NOW.date(), "and stays so"


def test_what_opens_again_is_un_marked(standin: StandIn, partner: Partner):
    closed_now(standin)
    register.check_school(partner.school, now=NOW)
    standin.changed.clear()
    done = register.check_school(partner.school, now=NOW + timedelta(days=31))
    assert done.reopened == 1
    partner.refresh_from_db()
    assert partner.closed_date is None
    assert AuditEvent.objects.filter(verb="partners.establishment_reopened").count() == 1


def test_a_silent_partner_register_leaves_the_closure_as_it_was(standin: StandIn, partner: Partner):
    """Unknown is not open: an establishment that disappears from the register stays as it was last told."""
    closed_now(standin)
    register.check_school(partner.school, now=NOW)
    standin.plays = "nothing"
    register.check_school(partner.school, now=NOW + timedelta(days=31))
    partner.refresh_from_db()
    assert partner.closed_date == date(2026, 10, 31)


def test_only_what_waits_is_checked(standin: StandIn, school: School):
    for day, siret in ((None, HEAD_OFFICE), (31, WORKSHOP), (29, CLOSED), (None, ""), (None, FICTITIOUS)):
        factories.PartnerFactory(
            school=school, siret=siret, register_checked_at=NOW - timedelta(days=day) if day else None
        )
    factories.PartnerFactory(school=school, siret=LORRIES, status="archive")
    factories.PartnerFactory(siret=BARE)  # another school's
    assert register.check_school(school, now=NOW).asked == 2
    assert [asked["q"] for _, asked in standin.calls] == [HEAD_OFFICE, WORKSHOP], "never checked first"
    assert register.check_school(school, now=NOW).asked == 0, "done once"


def test_a_night_has_its_limit_and_the_next_goes_on(standin: StandIn, school: School):
    for siret in (HEAD_OFFICE, WORKSHOP, CLOSED):
        factories.PartnerFactory(school=school, siret=siret)
    first = register.check_school(school, now=NOW, most=2)
    assert (first.asked, first.waiting, first.stopped) == (2, 1, False)
    assert "Il en reste 1" in first.sentence
    assert register.check_school(school, now=NOW + timedelta(days=1), most=2).asked == 1


@pytest.mark.parametrize("plays", ["busy_long", "busy_mute", "broken", "html", "hangs_up", "truncated"])
def test_an_outage_stops_the_night_politely(standin: StandIn, school: School, plays: str):
    for siret in (HEAD_OFFICE, WORKSHOP, CLOSED):
        factories.PartnerFactory(school=school, siret=siret)
    standin.plays = plays
    done = register.check_school(school, now=NOW)
    assert (done.asked, done.stopped, len(standin.calls)) == (0, True, 1)
    assert "la suite la nuit prochaine" in done.sentence
    standin.plays = "well"
    caches["outside"].clear()
    assert register.check_school(school, now=NOW + timedelta(days=1)).asked == 3


def test_one_answer_that_cannot_be_read_does_not_hold_the_others_up(standin: StandIn, school: School):
    odd = factories.PartnerFactory(school=school, siret=HEAD_OFFICE)
    factories.PartnerFactory(school=school, siret=WORKSHOP)
    standin.odd = {HEAD_OFFICE}
    done = register.check_school(school, now=NOW)
    assert (done.asked, done.stopped) == (1, False)
    odd.refresh_from_db()
    assert odd.register_checked_at == NOW, "and it waits its turn"


def test_who_saves_meanwhile_is_not_overwritten(standin: StandIn, partner: Partner):
    closed_now(standin)
    stale = Partner.objects.in_school(partner.school).get()
    stale.school = partner.school
    Partner.objects.in_school(partner.school).update(version=5)
    assert register.keep(stale, register.find(WORKSHOP), now=NOW) is False
    partner.refresh_from_db()
    assert (partner.closed_date, partner.version) == (None, 5)


def test_the_night_is_a_job_for_each_school(standin: StandIn, partner: Partner, cast: Cast):
    factories.PartnerFactory(school=cast.stranger.school, siret=LORRIES)
    demo = factories.SchoolFactory(is_demo=True)
    asked = jobs.ask_daily([(at, name) for at, name in CLOCK if name.startswith("partners.check")], NOW)
    assert [job.kind for job in asked] == ["partners.check_every_school"]
    jobs.run_waiting()
    done = {job.scope: job.message for job in Job.objects.filter(kind="partners.check_school")}
    assert set(done) >= {partner.school.uai, cast.stranger.school.uai}
    assert demo.uai not in done
    assert done[partner.school.uai] == "1 partenaire vérifié dans Sirene."
    assert jobs.ask_daily([(at, name) for at, name in CLOCK if name.startswith("partners.check")], NOW) == []


def test_the_night_asks_nothing_where_it_is_off(partner: Partner):
    tasks.check_every_school(date="2026-11-22")
    assert not Job.objects.filter(kind="partners.check_school").exists()


def test_a_closure_waits_on_the_home_page_of_who_keeps_the_file(standin: StandIn, partner: Partner, cast: Cast):
    student = factories.StudentFactory(school=partner.school)
    today = timezone.localdate()
    period = factories.PeriodFactory(school=partner.school, start_date=today, end_date=today + timedelta(days=20))
    factories.PlacementFactory(
        school=partner.school, partner=partner, student=student, period=period, start_date=today,
        end_date=today + timedelta(days=20),
    )  # fmt: skip
    action = factories.ActionFactory(school=partner.school, start_date=today + timedelta(days=9), status="prevue")
    factories.ActionPartnerFactory(school=partner.school, action=action, partner=partner)
    closed_now(standin)
    register.check_school(partner.school, now=timezone.now())

    def told(member: Membership) -> list[todo.Task]:
        return [task for task in todo.tasks_for(member, today) if task.title.startswith("Entreprise fermée")]

    [task] = told(cast.bde)
    assert task.title == "Entreprise fermée : Garage Dupont et fils"
    said = task.text.replace("\xa0", " ")
    assert "1 placement en cours ou à venir" in said
    assert "1 action prévue" in said
    assert told(cast.teacher) == told(cast.stranger) == []
    Partner.objects.in_school(partner.school).update(status="archive")
    assert told(cast.bde) == []


def test_the_page_costs_no_query_more(
    as_bde: Client, standin: StandIn, partner: Partner, django_assert_max_num_queries: Any
):
    register.check(partner, now=NOW)
    as_bde.get(partner.get_absolute_url())
    with django_assert_max_num_queries(20):
        as_bde.get(partner.get_absolute_url())


def test_what_is_kept_is_only_what_is_used(standin: StandIn, partner: Partner):
    register.check(partner, now=NOW)
    partner.refresh_from_db()
    assert set(partner.register_data) <= set(register.Establishment.__dataclass_fields__)
    assert "PERSONNE" not in json.dumps(partner.register_data).upper()
