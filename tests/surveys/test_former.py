"""Former pupils who agreed: the list, their contact at their employer's, what a withdrawal erases."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from partners.models import Contact
from surveys import former
from surveys.models import FormerStudent
from tests.conftest import Cast
from tests.factories import ContactFactory, FormerStudentFactory, InteractionFactory, PartnerFactory, StudentFactory
from tests.surveys.leavers_scene import every

TODAY = date(2026, 3, 2)


@pytest.fixture
def lina(cast: Cast) -> FormerStudent:
    found: FormerStudent = FormerStudentFactory(
        school=cast.school, last_name="Aubertin", email="lina@exemple.example", phone="06 39 98 00 01",
        job_title="soudeuse", partner=PartnerFactory(school=cast.school), offers_talk=True,
    )  # fmt: skip
    return found


def url(person: FormerStudent, name: str) -> str:
    return reverse(f"surveys:{name}", args=[person.school.uai, person.public_id])


def test_one_click_makes_a_contact_of_the_employer(as_bde: Client, lina: FormerStudent) -> None:
    assert "En faire un contact de" in as_bde.get(url(lina, "former_detail")).content.decode()
    as_bde.post(url(lina, "former_contact"))
    as_bde.post(url(lina, "former_contact"))
    contact = every(Contact).get()
    assert (contact.partner, contact.is_former_student, contact.email) == (lina.partner, True, "lina@exemple.example")
    lina.refresh_from_db()
    assert lina.contact == contact


def test_without_an_employer_the_page_asks_where(as_bde: Client, lina: FormerStudent) -> None:
    partner, lina.partner = lina.partner, None
    lina.save()
    assert as_bde.post(url(lina, "former_contact")).status_code == 422
    assert partner is not None
    as_bde.post(url(lina, "former_contact"), {"partner": partner.name, "partner_id": str(partner.public_id)})
    assert every(Contact).get().partner == partner


def test_a_withdrawal_erases_what_was_given(as_bde: Client, lina: FormerStudent) -> None:
    as_bde.post(url(lina, "former_contact"))
    as_bde.post(url(lina, "former_withdraw"))
    lina.refresh_from_db()
    assert (lina.email, lina.phone, lina.job_title, lina.contact, lina.offers_talk) == ("", "", "", None, False)
    assert "soudeuse" not in lina.search_text
    contact = every(Contact).get()
    assert (contact.email, contact.phone, contact.is_active, contact.refuses_mailings) == ("", "", False, True)
    assert not as_bde.get(reverse("surveys:former_list", args=[lina.school.uai])).context["page"].object_list
    assert as_bde.get(url(lina, "former_edit")).status_code == 403
    with pytest.raises(ValidationError):
        former.become_contact(lina, contact.partner, by=None)
    assert not former.withdraw(lina, today=TODAY, by=None)


def test_a_contact_known_otherwise_only_stops_receiving_mail(cast: Cast, lina: FormerStudent) -> None:
    known = ContactFactory(
        school=cast.school,
        partner=lina.partner,
        first_name="Lina",
        last_name="Aubertin",
        email=lina.email,
        is_active=True,
    )
    InteractionFactory(school=cast.school, partner=lina.partner, contact=known)
    assert lina.partner is not None
    assert former.become_contact(lina, lina.partner, by=None).pk == known.pk
    former.withdraw(lina, today=TODAY, by=None)
    known.refresh_from_db()
    assert (known.is_active, known.email, known.refuses_mailings) == (True, "lina@exemple.example", True)


def test_the_list_is_filtered_and_taken_as_a_file(as_bde: Client, lina: FormerStudent) -> None:
    FormerStudentFactory(school=lina.school, last_name="Brunet", offers_hosting=True)
    here = reverse("surveys:former_list", args=[lina.school.uai])
    page = as_bde.get(f"{here}?propose=temoigner").content.decode()
    assert "Aubertin" in page
    assert "Brunet" not in page
    file = as_bde.get(f"{here}?format=csv").content.decode("utf-8-sig")
    assert "Aubertin" in file
    assert "Brunet" in file


def test_an_agreement_given_again_takes_the_place_of_the_withdrawn_one(cast: Cast) -> None:
    student = StudentFactory(school=cast.school, email="lina@exemple.example")
    said: dict[str, Any] = {
        "leaving_year": "2024-2025",
        "formation": "CAP",
        "text": former.CURRENT,
        "today": TODAY,
        "by": None,
    }
    first = former.agree(student, former.Agreement(talk=True), **said)
    former.withdraw(first, today=TODAY, by=None)
    again = former.agree(student, former.Agreement(hosting=True, phone="06 39 98 22 22"), **said)
    assert again.pk == first.pk
    assert (again.revoked_date, again.offers_talk, again.offers_hosting) == (None, False, True)
    assert (again.email, again.phone) == ("lina@exemple.example", "06 39 98 22 22")
