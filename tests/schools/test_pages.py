"""The pages that every kind of record shares, seen through offers."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from events.models import ActionTemplate
from partners.models import Offer, Partner
from schools import services
from tests.conftest import Cast
from tests.factories import (
    ActionTemplateFactory,
    InteractionFactory,
    OfferFactory,
    ParticipationFactory,
    PartnerFactory,
    PlacementFactory,
    SchoolingFactory,
)


def url(cast: Cast, page: str, *args: object) -> str:
    return reverse(f"partners:offer_{page}", args=[cast.school.uai, *args])


def typed(cast: Cast, **changes: object) -> dict[str, object]:
    partner = PartnerFactory(school=cast.school)
    return {
        "partner": partner.name,
        "partner_id": str(partner.public_id),
        "type": "emploi",
        "title": "Électricienne",
        "received_date": "2025-11-12",
        "positions": "2",
        **changes,
    }


def key_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return re.search(r'name="creation_key" value="([^"]+)"', page)[1]


def test_a_record_is_entered_found_and_opened(as_bde, cast):
    answer = as_bde.post(url(cast, "new"), typed(cast))
    offer = Offer.objects.in_school(cast.school).get()
    assert answer["Location"] == offer.get_absolute_url()
    assert (offer.title, offer.positions, offer.created_by) == ("Électricienne", 2, cast.bde.user)
    assert "Électricienne" in as_bde.get(url(cast, "list") + "?q=électr").content.decode()
    assert "Électricienne" in as_bde.get(offer.get_absolute_url()).content.decode()
    event = AuditEvent.objects.get(verb="partners.offer.created")
    assert (event.actor, event.subject_id, event.scope) == (cast.bde.user, offer.public_id, cast.school.uai)


def test_a_wrong_entry_is_refused_in_words_and_what_was_typed_stays(as_bde, cast):
    answer = as_bde.post(url(cast, "new"), typed(cast, filled_date="2025-11-01", title="Monteuse"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "pourvue avant d’être reçue" in page
    assert 'value="Monteuse"' in page
    assert "<title>Erreur" in page
    assert not Offer.objects.in_school(cast.school).exists()


def test_the_same_form_posted_twice_makes_one_record(as_bde, cast):
    form = typed(cast, creation_key=key_of(as_bde, url(cast, "new")))
    first, second = (as_bde.post(url(cast, "new"), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Offer.objects.in_school(cast.school).count() == 1


def test_what_a_school_has_once_is_a_sentence_when_it_is_made_and_when_it_is_changed(as_bde, cast):
    """On the page, and below it, where two people of a school name theirs at once."""
    ActionTemplateFactory(school=cast.school, name="Forum")
    ActionTemplateFactory(name="Visite")  # another school's own
    form = {"name": "Forum", "kind": "FORUM_METIERS", "hours": "2.5", "steps": "J-10 Réserver la salle"}
    new = reverse("events:action_template_new", args=[cast.school.uai])
    answer = as_bde.post(new, form)
    assert answer.status_code == 422
    assert "porte déjà ce nom" in answer.content.decode()
    assert "Réserver la salle" in answer.content.decode()
    assert as_bde.post(new, form | {"name": "Visite"}).status_code == 302
    made = ActionTemplate.objects.in_school(cast.school).get(name="Visite")
    edit = reverse("events:action_template_edit", args=[cast.school.uai, made.public_id])
    assert 'value="2.5"' in as_bde.get(edit).content.decode()
    made.name = "Forum"
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        services.change_record(made, version=made.version, by=cast.bde.user)
    twin = ActionTemplate(school=cast.school, name="Forum", kind="FORUM_METIERS")
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        services.create_record(twin, by=cast.bde.user)
    names = ActionTemplate.objects.in_school(cast.school).order_by("name").values_list("name", "version")
    assert list(names) == [("Forum", 1), ("Visite", 1)]


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_at_once_make_one_record(cast):
    client = Client()
    client.force_login(cast.bde.user)
    form = typed(cast, creation_key=key_of(client, url(cast, "new")))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def post(_: int) -> int:
        mine = Client()
        mine.cookies.load(cookies)
        try:
            return mine.post(url(cast, "new"), form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        codes = set(pool.map(post, range(20)))
    assert codes == {302}
    assert Offer.objects.in_school(cast.school).count() == 1


def test_a_key_of_someone_else_is_refused(as_bde, cast):
    stolen = Client()
    stolen.force_login(cast.ddfpt.user)
    form = typed(cast, creation_key=key_of(stolen, url(cast, "new")))
    answer = as_bde.post(url(cast, "new"), form)
    assert answer.status_code == 422
    assert not Offer.objects.in_school(cast.school).exists()


def test_two_people_on_one_record_meet_both_texts(as_bde, cast):
    offer = OfferFactory(school=cast.school, title="Premier texte")
    edit = url(cast, "edit", offer.public_id)
    mine = typed(cast, version=1, title="Mon texte")
    theirs = typed(cast, version=1, title="Son texte")
    other = Client()
    other.force_login(cast.ddfpt.user)
    assert other.post(edit, theirs).status_code == 302
    answer = as_bde.post(edit, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mon texte" in page and "Son texte" in page and str(cast.ddfpt.user) in page
    assert Offer.objects.in_school(cast.school).get().title == "Son texte"
    again = as_bde.post(edit, mine | {"version": re.search(r'name="version" value="(\d+)"', page)[1]})
    assert again.status_code == 302
    assert Offer.objects.in_school(cast.school).get().title == "Mon texte"


def test_choices_are_the_school_s_own(as_bde, cast):
    foreign = PartnerFactory(school=cast.stranger.school, name="Ailleurs SARL")
    answer = as_bde.post(url(cast, "new"), typed(cast, partner="Ailleurs SARL", partner_id=str(foreign.public_id)))
    assert answer.status_code == 422
    assert not Offer.objects.in_school(cast.school).exists()


def test_several_partners_of_one_name_become_a_choice(as_bde, cast):
    for city in ("Laon", "Soissons"):
        PartnerFactory(school=cast.school, name="Boulangerie Martin", city=city)
    answer = as_bde.post(url(cast, "new"), typed(cast, partner="boulangerie martin", partner_id=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('name="partner_id"') == 2 and "Soissons" in page


def test_a_list_costs_as_many_queries_for_2_rows_as_for_20(as_bde, cast, django_assert_max_num_queries):
    OfferFactory.create_batch(2, school=cast.school)
    with django_assert_max_num_queries(12) as few:
        as_bde.get(url(cast, "list"))
    OfferFactory.create_batch(18, school=cast.school)
    with django_assert_max_num_queries(12) as many:
        as_bde.get(url(cast, "list"))
    assert len(few) == len(many)


def test_a_list_downloads_what_is_on_screen_without_formulas(as_bde, cast):
    OfferFactory(school=cast.school, title="=1+1")
    OfferFactory(school=cast.school, title="Autre", type="stage")
    answer = as_bde.get(url(cast, "list") + "?type=emploi&format=csv")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "'=1+1" in text and "Autre" not in text
    book = as_bde.get(url(cast, "list") + "?format=xlsx")
    assert book.content[:2] == b"PK"


@pytest.mark.parametrize("query", ["tri=password", "par_page=beaucoup", "&".join(f"a{n}=1" for n in range(30))])
def test_a_senseless_address_is_a_400(as_bde, cast, query):
    assert as_bde.get(url(cast, "list") + "?" + query).status_code == 400


def test_a_record_is_deleted_after_being_named(as_bde, cast):
    offer = OfferFactory(school=cast.school, title="Électricien")
    address = url(cast, "delete", offer.public_id)
    assert "Électricien" in as_bde.get(address).content.decode()
    assert Offer.objects.in_school(cast.school).exists()
    as_bde.post(address)
    assert not Offer.objects.in_school(cast.school).exists()


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda school: PlacementFactory(school=school).partner, "placements"),
        (lambda school: PlacementFactory(school=school).student, "placements"),
        (lambda school: InteractionFactory(school=school).partner, "échanges"),
        (lambda school: SchoolingFactory(school=school).school_class, "scolarités"),
        (lambda school: ParticipationFactory(school=school).student, "participations"),
    ],
)
def test_what_others_stand_on_is_kept_and_said(as_bde, cast, make, named):
    record = make(cast.school)
    answer = as_bde.post(f"{record.get_absolute_url()}supprimer/")
    assert answer.status_code == 403
    assert named in answer.content.decode()
    assert type(record).objects.in_school(cast.school).filter(pk=record.pk).exists()
    # The journal tells no removal that did not happen.
    assert not AuditEvent.objects.filter(verb__endswith=".removed").exists()


def test_a_school_leaves_with_all_its_data(cast):
    PlacementFactory(school=cast.school)
    ParticipationFactory(school=cast.school)
    gone = cast.school.pk
    cast.school.delete()
    assert not Partner.objects.in_school(gone).exists()
