"""Signing in, and getting back in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.models import OutboxMessage
from tests.conftest import Cast
from tests.factories import PASSWORD, UserFactory

LOGIN = "account_login"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(reverse(LOGIN), {"login": email, "password": password, **more})


def test_a_member_signs_in_and_lands_in_their_school(client, cast: Cast):
    answer = sign_in(client, cast.bde.email.upper())
    assert answer.status_code == 302
    landed = client.get(answer["Location"], follow=True)
    assert landed.redirect_chain[-1][0] == cast.school.get_absolute_url()
    assert landed.status_code == 200
    assert landed["Cache-Control"] == "no-store, private"


def test_a_wrong_password_says_nothing_of_the_account(client, cast: Cast):
    wrong = sign_in(client, cast.bde.email, "pas le bon du tout").content.decode()
    unknown = sign_in(client, "personne@nulle-part.example", "pas le bon du tout").content.decode()
    sentence = re.compile(r"<li[^>]*>[^<]*(?:mot de passe|adresse)[^<]*", re.I)
    assert sentence.findall(wrong) == sentence.findall(unknown)
    assert "sessionid" not in client.cookies and "session" not in client.cookies


def test_a_closed_account_is_out_at_the_very_next_request(as_bde, cast: Cast):
    assert as_bde.get(cast.school.get_absolute_url()).status_code == 200
    cast.bde.user.is_active = False
    cast.bde.user.save()
    assert as_bde.get(cast.school.get_absolute_url()).status_code == 302


def test_a_membership_that_ends_takes_effect_at_the_next_request(as_bde, cast: Cast):
    cast.bde.is_active = False
    cast.bde.save()
    assert as_bde.get(cast.school.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("away", ["https://mechant.example/", "//mechant.example/", "javascript:alert(1)"])
def test_next_stays_on_site(client, cast: Cast, away):
    answer = sign_in(client, cast.bde.email, next=away)
    assert answer.status_code == 302
    assert "mechant" not in answer["Location"] and "javascript" not in answer["Location"]


def test_a_lost_password_goes_through_the_outbox(client, db):
    user = UserFactory()
    before = user.password
    assert client.post(reverse("account_reset_password"), {"email": user.email}).status_code == 302
    message = OutboxMessage.objects.get()
    assert message.recipient == user.email
    assert user.last_name not in message.subject
    link = re.search(r"https?://testserver(\S+)", message.body)[1]
    page = client.get(link, follow=True)
    assert page.status_code == 200
    where = page.redirect_chain[-1][0]
    client.post(where, {"password1": "une autre phrase bien longue", "password2": "une autre phrase bien longue"})
    user.refresh_from_db()
    assert user.password != before
    assert sign_in(Client(), user.email, "une autre phrase bien longue").status_code == 302


def test_nobody_signs_up_by_themselves(client, db):
    assert "signup" not in client.get(reverse(LOGIN)).content.decode()
    client.post(reverse("account_signup"), {"email": "x@y.example", "password1": "une phrase bien longue"})
    assert UserFactory._meta.model.objects.count() == 0


def test_ten_failures_close_the_door_for_a_while(client, cast: Cast):
    for _ in range(10):
        sign_in(client, cast.bde.email, "pas le bon du tout")
    assert sign_in(client, cast.bde.email).status_code != 302
