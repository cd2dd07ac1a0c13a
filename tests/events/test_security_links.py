"""What links and public pages let out: tokens in logs, a pupil's name on the public page, a guest's name to a teacher."""

import io
import logging
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import tokens
from core.logging import JsonLines
from events import feeds
from events.models import CalendarFeed
from tests.conftest import Cast
from tests.documents.test_online_races import at_once
from tests.factories import (
    ActionFactory,
    ContactFactory,
    InvitationFactory,
    InvitationLinkFactory,
    PartnerFactory,
    StudentFactory,
)

pytestmark = pytest.mark.django_db
PLACES = (
    "invitation/{}/", "enquete/{}/", "partage/{}/lire/", "ancien-eleve/{}/", "agenda/{}.ics", "lien/{}/", "mon-stage/{}/",
    "tuteur/{}/", "pre-convention/{}/", "signer/{}/",
)  # fmt: skip


@pytest.fixture
def guest(cast: Cast) -> tuple[Any, str]:
    """A guest with a name, and the token of their link."""
    partner = PartnerFactory(school=cast.school, name="Atelier du Port")
    person = ContactFactory(school=cast.school, partner=partner, first_name="Yann", last_name="Ferrand")
    action = ActionFactory(school=cast.school, start_date=date(2025, 11, 20))
    row = InvitationFactory(school=cast.school, action=action, partner=partner, contact=person)
    token = tokens.fresh()
    InvitationLinkFactory(
        school=cast.school,
        invitation=row,
        token_hash=tokens.hashed(token),
        expires_at=datetime(2025, 12, 1, tzinfo=UTC),
    )
    return row, token


def test_no_token_is_written_in_the_logs(client: Client, cast: Cast, guest: tuple[Any, str]) -> None:
    """Django writes the address of every refusal (404, 410…): the tokens of links are struck out of it (S-28)."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        for place in PLACES:
            assert client.get("/" + place.format(guest[1])).status_code in (404, 410), place
        client.force_login(cast.stranger.user)
        elsewhere = reverse("events:guest_arrival", args=[cast.stranger.school.uai, guest[1]])
        assert client.get(elsewhere).status_code == 404
    finally:
        logger.removeHandler(handler)
    assert len(out.getvalue().splitlines()) == len(PLACES) + 1
    assert "/invitation/…/" in out.getvalue() and guest[1] not in out.getvalue()


def test_the_code_of_a_guest_names_them_to_who_may_read_contacts_only(client: Client, cast: Cast, guest: Any) -> None:
    url = reverse("events:guest_arrival", args=[cast.school.uai, guest[1]])
    for member, reads in ((cast.office, True), (cast.teacher, False)):
        client.force_login(member.user)
        page = client.get(url)
        assert page.status_code == 200 and "Atelier du Port" in page.content.decode()
        assert ("Ferrand" in page.content.decode()) is reads, member.role
    client.force_login(cast.reader.user)
    assert client.get(url).status_code == 403


def test_an_action_on_the_public_page_cannot_be_renamed_after_a_pupil(as_bde: Client, cast: Cast) -> None:
    """Putting it there refuses a pupil's name; so does what is corrected afterwards."""
    StudentFactory(school=cast.school, first_name="Rayan", last_name="Meziane")
    action = ActionFactory(school=cast.school, status="prevue", start_date=date(2099, 11, 20), is_public=True)
    url = reverse("events:action_edit", args=[cast.school.uai, action.public_id])
    typed = {
        "version": action.version, "type": action.type, "title": "Portes ouvertes", "start_date": "2099-11-20",
        "status": "prevue", "initiative": "etablissement", "for_priority": "unknown",
    }  # fmt: skip
    for name in ("title", "place"):
        answer = as_bde.post(url, typed | {name: "Témoignage de Rayan MEZIANE"})
        assert answer.status_code == 422 and name in answer.context["form"].errors
    action.refresh_from_db()
    assert "MEZIANE" not in action.title + action.place


@pytest.mark.django_db(transaction=True)
def test_of_twenty_addresses_made_at_once_one_is_followed(cast: Cast) -> None:
    """« The one before stops at once » holds for two colleagues at the same instant too."""
    now = timezone.now()
    made = at_once([lambda: feeds.open_feed(cast.school, None, by=cast.bde.user, now=now)] * 20)
    assert len(set(made)) == 20
    assert CalendarFeed.objects.in_school(cast.school).filter(revoked_at=None).count() == 1
    assert sum(feeds.find(token) is not None for token in made) == 1
