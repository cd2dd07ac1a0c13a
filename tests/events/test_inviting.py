"""Thirty invitations in one go, answers settled in a click, reminders that do not press, cancelling, thanks."""

import re
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import OutboxMessage
from events import inviting, letters
from events.enums import Occasion
from events.models import ActionLetter, Invitation, InvitationLink
from events.tasks import remind_every_school, remind_school
from tests.conftest import Cast
from tests.factories import ActionFactory, ContactFactory, EventSettingsFactory, InvitationFactory, PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-02T09:00:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture
def forum(cast: Cast, clock: Any):
    """A coming forum, with who prepares it."""
    return ActionFactory(
        school=cast.school, title="Forum des métiers", place="Gymnase", start_date=date(2026, 11, 26), status="prevue"
    )


def companies(cast: Cast, count: int) -> list[Any]:
    return [
        PartnerFactory(school=cast.school, name=f"Atelier {n:02}", email=f"atelier{n}@example.com")
        for n in range(count)
    ]


def post(client: Client, cast: Cast, partners: list[Any], step: str, action: Any, **typed: str) -> Any:
    words = letters.shipped()["invitation"]
    data: dict[str, Any] = {
        "choix": [str(one.public_id) for one in partners],
        "etape": step,
        "action_invited": str(action.public_id),
        "role": "dirigeant",
        "subject": words.subject,
        "body": words.body,
    }
    return client.post(reverse("events:invite", args=[cast.school.uai]), data | typed)


def invited(cast: Cast, **more: Any) -> Invitation:
    """A guest who was written to a week ago."""
    return InvitationFactory(
        school=cast.school, **{"email": "guest@example.com", "sent_date": date(2026, 10, 20)} | more
    )


def tokens_in_mail(recipient: str) -> list[str]:
    bodies = OutboxMessage.objects.filter(recipient=recipient).order_by("pk").values_list("body", flat=True)
    return [token for body in bodies for token in re.findall(r"/invitation/([a-z0-9]+)/", body)]


def test_thirty_are_invited_in_one_go_and_each_reads_their_own(as_bde, cast, forum):
    partners = companies(cast, 30)
    boss = ContactFactory(
        school=cast.school, partner=partners[0], role="dirigeant", first_name="Yann", last_name="Ferrand",
        email="yann@example.com",
    )  # fmt: skip
    page = post(as_bde, cast, partners, "apercu", forum)
    assert page.status_code == 200 and "Inviter 30" in page.content.decode()
    assert not Invitation.objects.in_school(cast.school).exists()
    for _ in range(2):  # a double click
        post(as_bde, cast, partners, "envoyer", forum, destinataires="30")
    rows = Invitation.objects.in_school(cast.school).filter(action=forum)
    assert rows.count() == 30 == OutboxMessage.objects.count()
    first = rows.get(partner=partners[0])
    assert (first.contact, first.email, first.sent_date) == (boss, "yann@example.com", date(2026, 11, 2))
    message = OutboxMessage.objects.get(recipient="yann@example.com")
    assert message.subject == "Invitation : Forum des métiers" and message.reply_to == cast.bde.email
    assert "Bonjour Yann Ferrand," in message.body and "Gymnase" in message.body and "26" in message.body
    assert "Bonjour," in OutboxMessage.objects.get(recipient="atelier1@example.com").body
    token = tokens_in_mail("yann@example.com")[0]
    link = InvitationLink.objects.in_school(cast.school).get(invitation=first)
    assert token not in link.token_hash and link.expires_at <= timezone.now() + inviting.LINK_DAYS
    assert len({one for n in range(1, 30) for one in tokens_in_mail(f"atelier{n}@example.com")}) == 29


def test_nobody_is_invited_against_their_will_or_twice(as_bde, cast, forum):
    here, already, refuses, silent, gone = companies(cast, 5)
    invited(cast, action=forum, partner=already)
    ContactFactory(school=cast.school, partner=refuses, role="dirigeant", email="x@y.example", refuses_mailings=True)
    silent.email = ""
    silent.save()
    gone.status = "archive"
    gone.save()
    page = post(as_bde, cast, [here, already, refuses, silent, gone], "apercu", forum)
    assert {out.partner.name: out.reason for out in page.context["left"]} == {
        refuses.name: "ne veut pas de courriels d’information",
        silent.name: "pas d’adresse électronique",
        gone.name: "archivé",
        already.name: "déjà invité",
    }
    moved = post(as_bde, cast, [here, already], "envoyer", forum, destinataires="2")
    assert moved.status_code == 409 and not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"subject": "Pour {nom}"}, "ne nomme personne"),
        ({"subject": "x" * 300}, "150"),
        ({"body": "Bonjour {prénom}"}, "ne veut rien dire"),
        ({"role": "=cmd()"}, "choix"),
        ({"body": ""}, "champ"),
    ],
)
def test_a_letter_that_cannot_leave_is_said_and_kept(as_bde, cast, forum, typed, said):
    answer = post(as_bde, cast, companies(cast, 1), "apercu", forum, **typed)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_an_action_over_or_of_another_school_invites_nobody(as_bde, cast, forum):
    partners = companies(cast, 1)
    for action in (
        ActionFactory(status="prevue", start_date=date(2026, 12, 1)),
        ActionFactory(school=cast.school, status="annulee", start_date=date(2026, 12, 1)),
        ActionFactory(school=cast.school, status="prevue", start_date=date(2026, 10, 1)),
    ):
        assert post(as_bde, cast, partners, "envoyer", action, destinataires="1").status_code == 422
    assert not OutboxMessage.objects.exists()


def test_the_page_proposes_whom_to_invite(as_bde, cast, forum):
    before = ActionFactory(school=cast.school, title="Forum 2025", start_date=date(2025, 11, 20))
    came = invited(cast, action=before, partner=companies(cast, 1)[0], present=True)
    page = as_bde.get(reverse("events:action_invite", args=[cast.school.uai, forum.public_id])).content.decode()
    assert "Venus à « Forum 2025 »" in page and str(came.partner.public_id) in page and "Tous les partenaires" in page


# ----------------------------------------------------------------------------------------------------------- reminders


def test_a_reminder_waits_for_the_cool_down_and_stops_at_the_most(cast, forum, clock):
    row = invited(cast, action=forum, partner=companies(cast, 1)[0], sent_date=date(2026, 10, 30))
    said = []
    for day in range(2, 26):
        clock.move_to(datetime(2026, 11, day, 9, 0, tzinfo=timezone.get_default_timezone()))
        if inviting.remind_due(cast.school, now=timezone.now()).messages:
            said.append(day)
    # Seven days after 30 October is Friday 6; 13 follows; two at the most.
    assert said == [6, 13]
    row.refresh_from_db()
    assert row.reminders == 2 and len(tokens_in_mail("guest@example.com")) == 2
    assert OutboxMessage.objects.first().subject == "Votre réponse : Forum des métiers"


def test_by_hand_the_cool_down_holds_too_and_one_address_gets_one_message_a_day(as_bde, cast, forum):
    EventSettingsFactory(school=cast.school, reminder_days=5, most_reminders=3)
    one, two, three, four = companies(cast, 4)
    invited(cast, action=forum, partner=one)
    other = ActionFactory(school=cast.school, start_date=date(2026, 12, 1), status="prevue")
    invited(cast, action=other, partner=two)  # the same address, for another action
    invited(cast, action=forum, partner=three, email="trois@example.com", sent_date=date(2026, 10, 30))
    invited(cast, action=forum, partner=four, email="quatre@example.com", reply="declinee")
    url = reverse("events:action_remind", args=[cast.school.uai, forum.public_id])
    for _ in range(2):
        as_bde.post(url)
    as_bde.post(reverse("events:action_remind", args=[cast.school.uai, other.public_id]))
    assert OutboxMessage.objects.count() == 1
    assert OutboxMessage.objects.get().recipient == "guest@example.com"


def test_the_clock_asks_each_school_and_leaves_demonstrations_alone(cast, forum, clock):
    invited(cast, action=forum, partner=companies(cast, 1)[0])
    remind_every_school(date="2026-11-02")
    remind_school(school_id=cast.school.pk, date="2026-11-02")
    assert OutboxMessage.objects.count() == 1
    clock.move_to("2026-11-11T09:00:00+01:00")  # a public holiday
    remind_school(school_id=cast.school.pk, date="2026-11-11")
    assert OutboxMessage.objects.count() == 1


# ------------------------------------------------------------------------------------------------------------ settling


def settled(client: Client, row: Invitation, how: str) -> Invitation:
    client.post(reverse("events:invitation_settle", args=[row.school.uai, row.public_id]), {"comment": how})
    row.refresh_from_db()
    return row


def test_another_date_is_settled_in_one_click(as_bde, cast, forum):
    row = invited(cast, action=forum, partner=companies(cast, 1)[0], suggested_date=date(2026, 12, 3))
    assert inviting.is_pending(row)
    page = as_bde.get(reverse("events:action_guests", args=[cast.school.uai, forum.public_id])).content.decode()
    assert "1 réponse à régler" in page.replace("\xa0", " ") and "3 décembre 2026" in page.replace("\xa0", " ")
    row = settled(as_bde, row, "accepte")
    assert (row.reply, row.replied_date, inviting.is_pending(row)) == ("acceptee", date(2026, 11, 2), False)
    assert settled(as_bde, row, "evil").reply == "acceptee"


def test_somebody_else_is_invited_in_one_click_and_the_first_link_dies(as_bde, cast, forum):
    row = invited(
        cast, action=forum, partner=companies(cast, 1)[0], substitute_name="Nour Haddad", substitute_email="nour@example.com"
    )  # fmt: skip
    first = inviting.fresh_link(row, by=None, now=timezone.now()).rstrip("/").rpartition("/")[2]
    for _ in range(2):
        row = settled(as_bde, row, "inviter-remplacant")
    assert row.email == "nour@example.com" and not row.reply and not inviting.is_pending(row)
    assert OutboxMessage.objects.get().recipient == "nour@example.com"
    assert Client().get(f"/invitation/{first}/").status_code == 410
    assert Client().get(f"/invitation/{tokens_in_mail('nour@example.com')[0]}/").status_code == 200


def test_a_substitute_who_refuses_mail_is_not_written_to(as_bde, cast, forum):
    partner = companies(cast, 1)[0]
    ContactFactory(school=cast.school, partner=partner, email="Nour@example.com", refuses_mailings=True)
    row = invited(cast, action=forum, partner=partner, substitute_name="Nour", substitute_email="nour@example.com")
    assert settled(as_bde, row, "inviter-remplacant").email == "guest@example.com"
    assert not OutboxMessage.objects.exists()


# ---------------------------------------------------------------------------------------------- cancelling and thanking


def test_a_cancelled_action_tells_those_who_did_not_decline_once(cast, forum):
    one, two, three, four = companies(cast, 4)
    invited(cast, action=forum, partner=one, reply="acceptee")
    invited(cast, action=forum, partner=two, email="deux@example.com")
    invited(cast, action=forum, partner=three, email="trois@example.com", reply="declinee")
    invited(cast, action=forum, partner=four, email="")
    for _ in range(2):
        outcome = inviting.tell_cancelled(forum, by=cast.bde.user, now=timezone.now(), sender=cast.bde)
    assert {message.recipient for message in OutboxMessage.objects.all()} == {"guest@example.com", "deux@example.com"}
    assert [row.partner for row, _ in outcome.left] == [four]
    assert "n’aura pas lieu" in OutboxMessage.objects.first().body


def test_those_who_came_are_thanked_once_with_the_survey_that_is_open(as_bde, cast, forum, monkeypatch):
    one, two, three = companies(cast, 3)
    invited(cast, action=forum, partner=one, present=True)
    invited(cast, action=forum, partner=two, email="deux@example.com", present=False)
    invited(cast, action=forum, partner=three, email="", present=True)
    url = reverse("events:action_thank", args=[cast.school.uai, forum.public_id])
    as_bde.post(url)
    assert not OutboxMessage.objects.exists()  # not done yet
    forum.status = "realisee"
    forum.save()
    monkeypatch.setattr(
        inviting, "_asking", [lambda action, rows, now, by: {row.pk: "https://enquete.example/" for row in rows}]
    )
    assert "Remercier 2" in as_bde.get(url).content.decode().replace("\xa0", " ")
    for _ in range(2):
        as_bde.post(url)
    message = OutboxMessage.objects.get()
    assert message.recipient == "guest@example.com" and "https://enquete.example/" in message.body


def test_a_school_writes_its_own_letter_and_takes_the_shipped_one_back(as_bde, cast, forum):
    url = reverse("events:action_letter", args=[cast.school.uai, forum.public_id, "relance"])
    as_bde.post(url, {"subject": "Alors, {action} ?", "body": "Bonjour <script>, {lien}"})
    assert letters.of(forum, Occasion.REMINDER).subject == "Alors, {action} ?"
    assert "<script>" not in as_bde.get(url).content.decode().partition("<main")[2].replace("<script ", "")
    shipped = letters.shipped()["relance"]
    as_bde.post(url, {"subject": shipped.subject, "body": shipped.body})
    assert not ActionLetter.objects.in_school(cast.school).exists()
    assert as_bde.get(url.replace("relance", "evil")).status_code == 404


def test_the_tab_costs_as_many_queries_for_two_guests_as_for_thirty(as_bde, cast, forum, django_assert_max_num_queries):
    url = reverse("events:action_guests", args=[cast.school.uai, forum.public_id])
    for row in companies(cast, 30):
        invited(cast, action=forum, partner=row, email=row.email)
    with django_assert_max_num_queries(20):
        page = as_bde.get(url)
    assert page.content.decode().count('id="invite-') == 30
