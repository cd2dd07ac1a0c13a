"""Offers: where each stands, who sees them, the public form and what becomes of a proposal."""

import time
from datetime import date, timedelta
from ipaddress import IPv6Address
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import jobs
from core.models import OutboxMessage
from partners import offers as verbs
from partners.enums import ProposalStatus
from partners.forms.offers import OPENED_SALT
from partners.models import Contact, Offer, OfferClass, OfferProposal, Partner
from partners.rules.offers import OPEN, OfferState, state
from tests import factories
from tests.conftest import Cast

TODAY = date(2026, 11, 20)
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(days, days, days, days)
def test_an_offer_is_in_one_state_and_open_only_while_nobody_closed_it(
    published: date | None, closing: date | None, filled: date | None, withdrawn: date | None
):
    found = state(published=published, closing=closing, filled=filled, withdrawn=withdrawn, today=TODAY)
    if found in OPEN:
        assert not filled and not withdrawn and not (closing and closing < TODAY)
        assert (found == OfferState.PUBLISHED) == (published is not None)
    if withdrawn:
        assert found == OfferState.WITHDRAWN


@pytest.mark.django_db
def test_the_list_filters_by_the_same_states(as_bde: Client, cast: Cast):
    today = timezone.localdate()
    made = {
        "a_publier": {},
        "publiee": {"published_date": today, "closing_date": today},
        "close": {"published_date": today - timedelta(9), "closing_date": today - timedelta(1)},
        "pourvue": {"filled_date": today},
        "retiree": {"filled_date": today, "withdrawn_date": today},
    }
    for code, values in made.items():
        factories.OfferFactory(school=cast.school, title=f"Offre {code}", received_date=today - timedelta(10), **values)
    url = reverse("partners:offer_list", args=[cast.school.uai])
    for code in made:
        text = as_bde.get(url, {"etat": code}).content.decode()
        shown = [other for other in made if f"Offre {other}<" in text]
        assert shown == [code]


@pytest.mark.django_db
def test_the_bureau_shows_an_offer_to_classes_and_their_teachers_see_it(as_bde: Client, client: Client, cast: Cast):
    from_class = factories.ClassFactory(school=cast.school, year=current_year())
    other = factories.ClassFactory(school=cast.school, year=current_year())
    factories.AssignmentFactory(school=cast.school, membership=cast.teacher, school_class=from_class)
    offer = factories.OfferFactory(school=cast.school, title="Soudeuse ou soudeur", received_date=timezone.localdate())
    hidden = factories.OfferFactory(school=cast.school, title="Autre offre")
    url = reverse("partners:offer_publish", args=[cast.school.uai, offer.public_id])

    nothing = as_bde.post(url, {"version": offer.version})
    assert nothing.status_code == 422 and "Cochez au moins une classe." in nothing.content.decode()
    answer = as_bde.post(
        url, {"version": offer.version, "classes": [from_class.public_id, other.public_id]}, follow=True
    )
    assert f"Offre publiée : {from_class.label}, {other.label}." in answer.content.decode()
    stale = as_bde.post(url, {"version": offer.version, "classes": [other.public_id]})
    assert stale.status_code == 422 and OfferClass.objects.in_school(cast.school).count() == 2
    offer.refresh_from_db()
    as_bde.post(url, {"version": offer.version, "classes": [from_class.public_id]})
    assert [row.school_class for row in OfferClass.objects.in_school(cast.school)] == [from_class]

    teacher = Client()
    teacher.force_login(cast.teacher.user)
    text = teacher.get(reverse("partners:offer_list", args=[cast.school.uai])).content.decode()
    assert offer.title in text and hidden.title not in text
    assert teacher.get(offer.get_absolute_url()).status_code == 200
    assert teacher.get(hidden.get_absolute_url()).status_code == 404
    assert teacher.post(url, {"version": 1, "classes": [other.public_id]}).status_code == 403
    sheet = teacher.get(reverse("partners:offer_sheet", args=[cast.school.uai]), {"classe": from_class.public_id})
    assert offer.title in sheet.content.decode() and hidden.title not in sheet.content.decode()


def current_year() -> str:
    from core.school_year import SchoolYear  # noqa: PLC0415

    return SchoolYear.on(timezone.localdate()).code


@pytest.mark.django_db
def test_a_class_of_another_school_cannot_be_chosen(as_bde: Client, cast: Cast):
    offer = factories.OfferFactory(school=cast.school)
    theirs = factories.ClassFactory(school=cast.stranger.school, year=current_year())
    url = reverse("partners:offer_publish", args=[cast.school.uai, offer.public_id])
    assert as_bde.post(url, {"version": offer.version, "classes": [theirs.public_id]}).status_code == 422
    assert not OfferClass.objects.in_school(cast.school).exists()


@pytest.mark.django_db
def test_filled_withdrawn_and_open_again_in_one_click(as_bde: Client, cast: Cast):
    offer = factories.OfferFactory(school=cast.school)
    uai = cast.school.uai
    for move, found in (
        ("pourvue", OfferState.FILLED),
        ("rouvrir", OfferState.TO_PUBLISH),
        ("retiree", OfferState.WITHDRAWN),
        ("rouvrir", OfferState.TO_PUBLISH),
    ):
        assert as_bde.post(reverse("partners:offer_move", args=[uai, offer.public_id, move])).status_code == 302
        offer.refresh_from_db()
        dates: dict[str, Any] = {"filled": offer.filled_date, "withdrawn": offer.withdrawn_date}
        assert state(published=None, closing=None, today=timezone.localdate(), **dates) == found
    assert as_bde.post(reverse("partners:offer_move", args=[uai, offer.public_id, "ailleurs"])).status_code == 404


# ----------------------------------------------------------------------------------------------------- the public form
def filled_form(seconds: int = 30, **values: Any) -> dict[str, Any]:
    opened = signing.dumps(int(timezone.now().timestamp()) - seconds, salt=OPENED_SALT)
    return {
        "company": "Serrurerie du Canal",
        "siret": "",
        "postal_code": "02000",
        "city": "Laon",
        "contact_name": "Odile Marchetti",
        "contact_email": "odile@serrurerie-canal.example",
        "contact_phone": "03 53 01 87 17",
        "type": "apprentissage",
        "title": "Apprentie ou apprenti métallier",
        "description": "Deux ans, atelier et chantier.",
        "positions": 1,
        "website": "",
        "opened": opened,
        **values,
    }


def visitor(**kwargs: Any) -> Client:
    """A browser at an address of its own: what it sends counts for no other test, in this process or another."""
    return Client(REMOTE_ADDR=str(IPv6Address(uuid4().int)), **kwargs)


@pytest.mark.django_db
def test_a_company_proposes_and_nothing_shows_before_the_bureau_accepts(as_bde: Client, cast: Cast):
    url = reverse("offer_form", args=[cast.school.uai])
    company = visitor()
    assert company.get(url).status_code == 200
    assert company.post(url, filled_form()).status_code == 302
    proposal = OfferProposal.objects.in_school(cast.school).get()
    assert not Offer.objects.in_school(cast.school).exists() and not Partner.objects.in_school(cast.school).exists()
    home = as_bde.get(cast.school.get_absolute_url()).content.decode()
    assert "Apprentie ou apprenti métallier" in home

    page = as_bde.get(proposal.get_absolute_url()).content.decode()
    assert "Une entreprise nouvelle : Serrurerie du Canal" in page
    accept = reverse("partners:proposal_accept", args=[cast.school.uai, proposal.public_id])
    answer = as_bde.post(accept, {"version": proposal.version, "partner": "nouveau", "tell": "on"})
    offer = Offer.objects.in_school(cast.school).get()
    assert answer["Location"] == reverse("partners:offer_publish", args=[cast.school.uai, offer.public_id])
    assert (offer.title, offer.partner.name, offer.partner.city) == (proposal.title, "Serrurerie du Canal", "Laon")
    assert offer.contact and offer.contact.last_name == "Marchetti" and offer.contact.first_name == "Odile"
    assert OutboxMessage.objects.get().recipient == "odile@serrurerie-canal.example"
    again = as_bde.post(accept, {"version": proposal.version, "partner": "nouveau"})
    assert again.status_code == 403 and Offer.objects.in_school(cast.school).count() == 1
    jobs.run_waiting()
    assert [message.subject for message in mail.outbox] == ["Votre offre a bien été retenue"]


@pytest.mark.django_db
def test_a_known_company_keeps_its_page_and_its_contact(as_bde: Client, cast: Cast):
    partner = factories.PartnerFactory(school=cast.school, name="Serrurerie du Canal", city="Laon", postal_code="02000")
    known = factories.ContactFactory(school=cast.school, partner=partner, email="Odile@Serrurerie-Canal.example")
    proposal = factories.ProposalFactory(
        school=cast.school,
        company="SERRURERIE DU CANAL",
        postal_code="02000",
        contact_email="odile@serrurerie-canal.example",
    )
    page = as_bde.get(proposal.get_absolute_url()).content.decode()
    assert str(partner.public_id) in page
    accept = reverse("partners:proposal_accept", args=[cast.school.uai, proposal.public_id])
    as_bde.post(accept, {"version": proposal.version, "partner": str(partner.public_id)})
    offer = Offer.objects.in_school(cast.school).get()
    assert offer.partner == partner and offer.contact == known
    assert Partner.objects.in_school(cast.school).count() == 1
    assert Contact.objects.in_school(cast.school).count() == 1
    assert not OutboxMessage.objects.exists(), "the bureau did not ask to tell"


@pytest.mark.django_db
def test_a_refusal_says_why(as_bde: Client, cast: Cast):
    proposal = factories.ProposalFactory(school=cast.school)
    refuse = reverse("partners:proposal_refuse", args=[cast.school.uai, proposal.public_id])
    silent = as_bde.post(refuse, {"version": proposal.version, "reason": "", "tell": "on"})
    assert silent.status_code == 422 and "Dites pourquoi" in silent.content.decode()
    as_bde.post(refuse, {"version": proposal.version, "reason": "Ce métier n’est pas enseigné ici.", "tell": "on"})
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.REFUSED
    assert "Ce métier n’est pas enseigné ici." in OutboxMessage.objects.get().body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"website": "https://spam.example"}, "trop vite"),
        ({"seconds": 0}, "trop vite"),
        ({"seconds": 200_000}, "trop longtemps"),
        ({"opened": "forgé"}, "trop vite"),
        ({"description": "http://a.example http://b.example www.c.example"}, "Gardez au plus 2 adresses"),
        ({"siret": "12345678901234"}, "SIRET n’est pas juste"),
        ({"contact_email": "pas une adresse"}, "adresse"),
        ({"company": "x" * 201}, "200"),
        ({"company": ""}, "Écrivez le nom de votre entreprise."),
        ({"positions": "1000000"}, "99"),
        ({"positions": "-1"}, "1"),
        ({"type": "n’importe quoi"}, "choix"),
    ],
)
def test_what_is_wrong_or_comes_from_a_robot_is_said_and_kept_on_the_page(
    cast: Cast, wrong: dict[str, Any], sentence: str
):
    url = reverse("offer_form", args=[cast.school.uai])
    answer = visitor(raise_request_exception=False).post(url, filled_form(**wrong))
    text = answer.content.decode()
    assert answer.status_code == 422 and sentence in text
    assert "Apprentie ou apprenti métallier" in text, "what was typed is kept"
    assert not OfferProposal.objects.in_school(cast.school).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=cmd()", "شركة النجارة", "🔧 Atelier 🔧", "a\u202egpj.exe"]
)
def test_strange_names_stay_texts(as_bde: Client, cast: Cast, name: str):
    assert visitor().post(reverse("offer_form", args=[cast.school.uai]), filled_form(company=name)).status_code == 302
    proposal = OfferProposal.objects.in_school(cast.school).get()
    page = as_bde.get(proposal.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    accept = reverse("partners:proposal_accept", args=[cast.school.uai, proposal.public_id])
    assert as_bde.post(accept, {"version": proposal.version, "partner": "nouveau"}).status_code == 302


@pytest.mark.django_db
def test_a_flood_from_one_address_stops_and_a_full_table_too(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    url = reverse("offer_form", args=[cast.school.uai])
    company = visitor()
    answers = [company.post(url, filled_form(title=f"Offre {n}")).status_code for n in range(22)]
    assert answers == [302] * 20 + [429] * 2
    monkeypatch.setattr(verbs, "MAX_WAITING", 20)
    full = visitor().post(url, filled_form())
    assert full.status_code == 422 and "beaucoup d’offres à lire" in full.content.decode()


@pytest.mark.django_db
def test_a_page_left_open_for_days_can_be_sent_again(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    url, company = reverse("offer_form", args=[cast.school.uai]), visitor()
    late = company.post(url, filled_form(seconds=200_000))
    again = late.context["form"]["opened"].value()
    later = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: later)
    assert company.post(url, filled_form(opened=again)).status_code == 302


@pytest.mark.django_db
def test_an_empty_answer_is_a_form_to_fill(cast: Cast):
    assert visitor().post(reverse("offer_form", args=[cast.school.uai]), {}).status_code == 422


@pytest.mark.django_db
def test_a_closed_form_and_an_unknown_school_are_the_same_404(cast: Cast):
    closed = factories.SchoolFactory()
    for uai in (closed.uai, "9999999X"):
        assert Client().get(f"/proposer-une-offre/{uai}/").status_code == 404
        assert Client().post(f"/proposer-une-offre/{uai}/", filled_form()).status_code == 404


@pytest.mark.django_db
def test_what_was_decided_long_ago_is_forgotten(cast: Cast):
    now = timezone.now()
    old = factories.ProposalFactory(school=cast.school, status="refusee", decided_at=now - timedelta(days=91))
    recent = factories.ProposalFactory(school=cast.school, status="refusee", decided_at=now - timedelta(days=89))
    waiting = factories.ProposalFactory(school=cast.school)
    assert verbs.forget_old(now) == 1
    left = set(OfferProposal.objects.in_school(cast.school))
    assert left == {recent, waiting} and old not in left
