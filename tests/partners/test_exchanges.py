"""An exchange noted in one line, on a partner's page and from anywhere."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import french
from partners.models import Interaction, Partner
from tests.conftest import Cast
from tests.factories import InteractionFactory, PartnerFactory

TODAY = timezone.localdate()


@pytest.fixture
def partner(cast: Cast) -> Partner:
    return PartnerFactory(school=cast.school, name="Énergies Soleil-Haut")


def url_of(partner: Partner) -> str:
    return reverse("partners:exchange_quick", args=[partner.school.uai, partner.public_id])


def typed(client: Client, partner: Partner, **more: Any) -> dict[str, Any]:
    """What the form of the page sends, with its one-use key."""
    form = client.get(partner.get_absolute_url()).context["quick"]
    return {
        "creation_key": form["creation_key"].value(),
        "subject": "Deux places en mars",
        "channel": "appel",
        "call_again_date": "",
        **more,
    }


def messages_of(response: Any) -> str:
    return " ".join(str(one) for one in response.context["messages"])


def test_one_line_is_an_exchange_of_today_by_me(as_bde: Client, cast: Cast, partner: Partner):
    response = as_bde.post(url_of(partner), typed(as_bde, partner), follow=True)
    assert response.redirect_chain == [(partner.get_absolute_url(), 302)]
    assert messages_of(response) == "Échange noté."
    noted = Interaction.objects.in_school(cast.school).get()
    assert (noted.partner, noted.subject, noted.channel) == (partner, "Deux places en mars", "appel")
    assert (noted.date, noted.initiative, noted.author_email) == (TODAY, "etablissement", cast.bde.email)
    assert "Deux places en mars" in [fact.title for fact in response.context["past"]]


def test_with_a_day_to_call_again_the_page_says_it(as_bde: Client, cast: Cast, partner: Partner):
    day = TODAY + timedelta(days=9)
    response = as_bde.post(
        url_of(partner), typed(as_bde, partner, call_again_date=day.isoformat(), theirs="on"), follow=True
    )
    said = french.day(day, weekday=True)
    if day.year == TODAY.year:
        said = said.removesuffix(str(day.year)).rstrip()
    assert messages_of(response) == f"Échange noté. Rappel prévu {said}."
    noted = Interaction.objects.in_school(cast.school).get()
    assert noted.initiative == "partenaire"
    assert response.context["next_call"] == noted


def test_the_same_form_sent_twice_makes_one_exchange(as_bde: Client, cast: Cast, partner: Partner):
    sent = typed(as_bde, partner)
    for _ in range(2):
        assert as_bde.post(url_of(partner), sent).status_code == 302
    assert Interaction.objects.in_school(cast.school).count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"subject": ""}, "Dites ce que vous avez convenu."),
        ({"subject": "é" * 300}, "200"),
        ({"channel": "pigeon"}, "pigeon"),
        ({"call_again_date": "2020-01-01"}, "est passé"),
        ({"call_again_date": "9999-12-31"}, "deux ans"),
        ({"call_again_date": "pas une date"}, "date"),
        ({"creation_key": "forgée"}, "rechargez"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_bde: Client, cast: Cast, partner: Partner, wrong: dict[str, str], words: str
):
    sent = typed(as_bde, partner, subject="Deux <b>places</b> 🎉") | wrong
    response = as_bde.post(url_of(partner), sent)
    assert response.status_code == 422
    content = response.content.decode()
    assert words in content
    assert "<title>Erreur" in content
    assert response.context["quick"]["subject"].value() == sent["subject"]
    assert "<b>places</b>" not in content
    assert not Interaction.objects.in_school(cast.school).exists()


def test_the_call_that_was_due_may_be_settled_at_once(as_bde: Client, cast: Cast, partner: Partner):
    due = InteractionFactory(school=cast.school, partner=partner, call_again_date=TODAY - timedelta(2))
    as_bde.post(url_of(partner), typed(as_bde, partner, settles="on"))
    due.refresh_from_db()
    assert due.called_again
    assert as_bde.get(partner.get_absolute_url()).context["next_call"] is None


def test_without_the_box_the_call_still_waits(as_bde: Client, cast: Cast, partner: Partner):
    due = InteractionFactory(school=cast.school, partner=partner, call_again_date=TODAY - timedelta(2))
    as_bde.post(url_of(partner), typed(as_bde, partner))
    due.refresh_from_db()
    assert not due.called_again


def test_a_teacher_notes_and_reads_back_their_own(as_teacher: Client, cast: Cast, partner: Partner):
    response = as_teacher.post(url_of(partner), typed(as_teacher, partner), follow=True)
    assert [fact.title for fact in response.context["past"]] == ["Deux places en mars"]


@pytest.mark.parametrize("role", ["direction", "secretariat", "consultation"])
def test_who_may_not_note_sees_no_form_and_is_refused(client: Client, cast: Cast, partner: Partner, role: str):
    member = cast.by_role()[role]
    client.force_login(member.user)
    assert client.post(url_of(partner), {"subject": "Non", "channel": "appel"}).status_code == 403
    assert client.get(reverse("partners:exchange_note", args=[cast.school.uai])).status_code == 403
    if role != "consultation":
        response = client.get(partner.get_absolute_url())
        assert response.context["quick"] is None
        assert "Noter un échange" not in response.content.decode()


def test_another_school_s_partner_is_not_found(as_bde: Client, cast: Cast):
    other = PartnerFactory(school=cast.stranger.school)
    address = reverse("partners:exchange_quick", args=[cast.school.uai, other.public_id])
    assert as_bde.post(address, {"subject": "Non", "channel": "appel"}).status_code == 404


def test_from_anywhere_the_partner_is_found_by_its_name(as_bde: Client, cast: Cast, partner: Partner):
    anywhere = reverse("partners:exchange_note", args=[cast.school.uai])
    home = as_bde.get(reverse("schools:home", args=[cast.school.uai]))
    assert anywhere in home.content.decode()
    form = as_bde.get(anywhere).context["form"]
    sent = {
        "creation_key": form["creation_key"].value(),
        "partner": "energies soleil",
        "subject": "Passe au forum",
        "channel": "salon",
    }
    assert as_bde.post(anywhere, sent).headers["Location"] == partner.get_absolute_url()
    assert as_bde.post(anywhere, sent).status_code == 302
    assert Interaction.objects.in_school(cast.school).get().partner == partner


@pytest.mark.parametrize(
    ("name", "words"), [("", "Dites avec quel partenaire."), ("inconnu", "Aucun partenaire de ce nom")]
)
def test_from_anywhere_a_name_that_says_nothing_is_asked_again(
    as_bde: Client, cast: Cast, partner: Partner, name: str, words: str
):
    anywhere = reverse("partners:exchange_note", args=[cast.school.uai])
    response = as_bde.post(anywhere, {"partner": name, "subject": "Gardez-moi", "channel": "appel"})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Gardez-moi" in response.content.decode()


def test_from_anywhere_another_school_s_partner_is_unknown(as_bde: Client, cast: Cast):
    PartnerFactory(school=cast.stranger.school, name="Chez le voisin")
    anywhere = reverse("partners:exchange_note", args=[cast.school.uai])
    response = as_bde.post(anywhere, {"partner": "Chez le voisin", "subject": "Non", "channel": "appel"})
    assert response.status_code == 422
    assert not Interaction.objects.exclude(date=date.min).filter(school=cast.school).exists()


def test_the_message_undoes_what_was_noted(as_bde: Client, cast: Cast, partner: Partner):
    response = as_bde.post(url_of(partner), typed(as_bde, partner), follow=True)
    noted = Interaction.objects.in_school(cast.school).get()
    undo = reverse("partners:interaction_delete", args=[cast.school.uai, noted.public_id])
    assert undo in response.content.decode()
    assert as_bde.post(undo).headers["Location"] == partner.get_absolute_url()
    assert not Interaction.objects.in_school(cast.school).exists()
