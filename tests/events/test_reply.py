"""A guest answers on a phone, behind a link: reading says nothing, the last answer counts, a code opens the door."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import tokens
from core.models import OutboxMessage
from events import inviting
from events.forms.reply import ReplyForm
from events.models import Invitation, InvitationLink
from tests import outside
from tests.conftest import Cast
from tests.documents.test_online_races import at_once
from tests.factories import ActionFactory, ContactFactory, InvitationFactory, PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-02T09:00:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture
def guest(cast: Cast, clock: Any) -> Invitation:
    action = ActionFactory(
        school=cast.school, title="Forum des métiers", place="Gymnase", start_date=date(2026, 11, 26), status="prevue"
    )
    partner = PartnerFactory(school=cast.school, name="Énergies Soleil-Haut")
    contact = ContactFactory(school=cast.school, partner=partner, first_name="Yann", last_name="Ferrand")
    return InvitationFactory(
        school=cast.school, action=action, partner=partner, contact=contact, email="yann@example.com"
    )


@pytest.fixture
def url(guest: Invitation) -> str:
    return urlsplit(inviting.fresh_link(guest, by=None, now=timezone.now())).path


def test_reading_names_nobody_changes_nothing_and_leaves_no_referrer(client, guest, url):
    before = Invitation.objects.in_school(guest.school).values().get()
    for _ in range(3):
        page = client.get(url)
    text = page.content.decode()
    assert page.status_code == 200 and "Forum des métiers" in text and "Gymnase" in text
    for name in ("Ferrand", "Yann", "Soleil-Haut", "yann@"):
        assert name not in text
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    assert Invitation.objects.in_school(guest.school).values().get() == before
    assert InvitationLink.objects.in_school(guest.school).get().opened_at is None
    assert client.get("/invitation/unknown/").status_code == 404


ANSWERS = [
    ({"answer": "acceptee", "people": "3", "message": "Avec\r\nplaisir"}, ("acceptee", 3, None, "", date(2026, 11, 2))),
    ({"answer": "declinee", "people": "pas un nombre"}, ("declinee", None, None, "", date(2026, 11, 2))),
    ({"answer": "autre-date", "suggested_date": "2026-12-03"}, ("", None, date(2026, 12, 3), "", None)),
    ({"answer": "autre-personne", "substitute_name": "Nour  Haddad"}, ("", None, None, "Nour Haddad", None)),
]


@pytest.mark.parametrize(("typed", "kept"), ANSWERS, ids=["yes", "no", "other date", "somebody else"])
def test_each_answer_is_kept_with_what_goes_with_it(client, guest, url, typed, kept):
    answer = client.post(url, typed)
    assert answer.status_code == 302 and client.get(answer["Location"]).status_code == 200
    guest.refresh_from_db()
    assert (guest.reply, guest.people, guest.suggested_date, guest.substitute_name, guest.replied_date) == kept
    assert inviting.is_pending(guest) is (kept[0] == "")


def test_answering_twice_keeps_the_last_and_the_same_again_changes_nothing(client, guest, url, clock):
    client.post(url, {"answer": "autre-date", "suggested_date": "2026-12-03"})
    client.post(url, {"answer": "acceptee"})
    guest.refresh_from_db()
    assert (guest.reply, guest.suggested_date, guest.replied_date) == ("acceptee", None, date(2026, 11, 2))
    version = guest.version
    clock.move_to("2026-11-04T09:00:00+01:00")
    client.post(url, {"answer": "acceptee"})
    guest.refresh_from_db()
    assert (guest.version, guest.replied_date) == (version, date(2026, 11, 2))
    client.post(url, {"answer": "declinee"})
    guest.refresh_from_db()
    assert (guest.reply, guest.replied_date) == ("declinee", date(2026, 11, 4))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "champ"),
        ({"answer": "peut-être"}, "choix"),
        ({"answer": "acceptee", "people": "9999"}, "50"),
        ({"answer": "autre-date"}, "quelle date"),
        ({"answer": "autre-date", "suggested_date": "2026-02-31"}, "date valide"),
        ({"answer": "autre-date", "suggested_date": "1999-01-01"}, "à venir"),
        ({"answer": "autre-personne"}, "qui vient"),
        ({"answer": "autre-personne", "substitute_name": "Nour", "substitute_email": "a@b\r\nCc: x"}, "adresse"),
        ({"answer": "acceptee", "message": "x" * 1001}, "1000"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(client, guest, url, typed, said):
    answer = client.post(url, typed | {"message": typed.get("message", "\u202e=cmd() 🎉 <script>")})
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text.replace("\xa0", "").replace("\u202f", "")
    assert ("Erreur" in text and "&lt;script&gt;" in text) or "x" * 100 in text
    guest.refresh_from_db()
    assert guest.reply == "" and not inviting.is_pending(guest)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
            | st.sampled_from(["acceptee", "autre-date", "autre-personne", "2026-12-01", "3", "-1", "9" * 30, "\0"])
            for name in ("answer", "people", "suggested_date", "substitute_name", "substitute_email", "message")
        },
    )
)
def test_any_form_gives_an_answer_or_a_sentence(typed):
    form = ReplyForm(typed, today=date(2026, 11, 2))
    if form.is_valid():
        said = form.said
        assert sum([bool(said.reply), said.suggested_date is not None, bool(said.substitute_name)]) == 1
    else:
        assert all(str(message) for messages in form.errors.values() for message in messages)


def test_a_link_dies_with_its_action_and_an_old_one_is_renewed_once_a_day(client, guest, url, clock):
    clock.move_to("2026-11-26T23:30:00+01:00")
    assert client.post(url, {"answer": "acceptee"}).status_code == 302  # the evening itself
    clock.move_to("2026-11-27T00:30:00+01:00")
    page = client.post(url, {"answer": "declinee"})
    assert page.status_code == 410 and "passée" in page.content.decode()
    clock.move_to("2026-11-02T09:00:00+01:00")
    guest.action.status = "annulee"
    guest.action.save()
    assert "annulée" in client.get(url).content.decode()
    client.post(f"{url}nouveau-lien/")
    assert not OutboxMessage.objects.exists()
    guest.action.status = "prevue"
    guest.action.save()
    InvitationLink.objects.in_school(guest.school).update(expires_at=timezone.now())
    assert "Recevoir un nouveau lien" in client.get(url).content.decode()
    for _ in range(3):
        assert client.post(f"{url}nouveau-lien/").status_code == 200
    assert OutboxMessage.objects.get().recipient == "yann@example.com"


def test_the_code_of_who_comes_is_noted_by_a_colleague_only(client, cast, guest, url, clock):
    said = client.post(url, {"answer": "acceptee"})["Location"]
    assert "reply-code" in client.get(said).content.decode()
    assert "reply-code" not in Client().get(said).content.decode()  # not in another browser
    door = f"/etablissements/{cast.school.uai}/accueil/{url.split('/')[2]}/"
    assert client.get(door).status_code == 302  # signs in first
    assert outside.signed_in(cast.stranger).get(door).status_code == 404
    office = outside.signed_in(cast.office)
    assert office.post(door).status_code == 403  # not the day yet
    clock.move_to("2026-11-26T09:12:00+01:00")
    office = outside.signed_in(cast.office)
    page = office.get(door).content.decode()
    assert "Ferrand" in page and "Noter l’arrivée" in page
    guest.refresh_from_db()
    assert guest.present is None
    office.post(door)
    guest.refresh_from_db()
    assert guest.present is True and guest.arrived_at == timezone.now()


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_the_same_instant_leave_one_whole_answer(cast):
    now = timezone.now()
    row = InvitationFactory(
        school=cast.school,
        action=ActionFactory(school=cast.school, status="prevue", start_date=date(2099, 1, 1)),
        email="a@example.com",
    )
    answers = [
        inviting.Answer(reply="acceptee", people=3),
        inviting.Answer(suggested_date=date(2099, 2, 1), message="Plutôt en février"),
    ]
    at_once([lambda said=said: inviting.answer(row, said, now=now) for said in answers])
    row.refresh_from_db()
    assert inviting._said_by(row) in answers


def test_a_token_is_never_stored(guest, url):
    link = InvitationLink.objects.in_school(guest.school).get()
    assert link.token_hash == tokens.hashed(url.split("/")[2])
