"""A message to several partners: who receives it, what each reads, that it leaves once."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.models import OutboxMessage
from partners import mailing
from partners.models import Contact, Interaction, Mailing, Partner
from tests.conftest import Cast
from tests.factories import ContactFactory, MailingFactory, MembershipFactory, PartnerFactory

BODY = "Bonjour {prenom} {nom},\n\nLe forum accueille {entreprise}."


@pytest.fixture
def partners(cast: Cast) -> dict[str, Partner]:
    found = {
        name: PartnerFactory(school=cast.school, name=name, email=f"contact@{name.lower()}.example")
        for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta")
    }
    ContactFactory(
        school=cast.school, partner=found["Alpha"], role="dirigeant", first_name="Yann", last_name="Ferrand",
        email="yann@alpha.example",
    )  # fmt: skip
    ContactFactory(
        school=cast.school, partner=found["Beta"], role="dirigeant", email="non@beta.example", refuses_mailings=True
    )
    table = Partner.objects.in_school(cast.school)
    table.filter(name="Gamma").update(email="")
    table.filter(name="Delta").update(status="archive")
    table.filter(name="Epsilon").update(closed_date="2026-01-01")
    table.filter(name="Zeta").update(email="Contact@Eta.example")  # two sites, one address
    return found


def post(client: Client, cast: Cast, partners: dict[str, Partner], step: str, **typed: str):
    data: dict[str, object] = {"choix": [str(p.public_id) for p in partners.values()], "etape": step}
    if step:
        data |= {"role": "dirigeant", "subject": "Forum des métiers", "body": BODY}
    return client.post(reverse("partners:mailing_new", args=[cast.school.uai]), data | typed)


def key(client: Client, cast: Cast, partners: dict[str, Partner]) -> str:
    page = post(client, cast, partners, "").content.decode()
    return re.search(r'name="creation_key" value="([^"]+)"', page)[1]


def sent(client: Client, cast: Cast, partners: dict[str, Partner], **typed: str):
    return post(
        client,
        cast,
        partners,
        "envoyer",
        **{"destinataires": "2", "creation_key": key(client, cast, partners), **typed},
    )


def test_the_preview_says_who_reads_what_and_who_does_not(as_bde, cast, partners):
    answer = post(as_bde, cast, partners, "apercu", creation_key=key(as_bde, cast, partners))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Bonjour Yann Ferrand," in page and "Bonjour," in page and "Le forum accueille Alpha." in page
    reasons = {out.partner.name: out.reason for out in answer.context["left"]}
    assert reasons == {
        "Beta": "ne veut pas de courriels d’information",
        "Gamma": "pas d’adresse électronique",
        "Delta": "archivé",
        "Epsilon": "établissement fermé",
        "Zeta": "même adresse que Eta",
    }
    assert not Mailing.objects.in_school(cast.school).exists() and not OutboxMessage.objects.exists()


def test_each_receives_their_own_and_the_pages_say_so(as_bde, cast, partners):
    answer = sent(as_bde, cast, partners)
    made = Mailing.objects.in_school(cast.school).get()
    assert answer["Location"] == made.get_absolute_url() and made.recipients == 2
    messages = {message.recipient: message for message in OutboxMessage.objects.all()}
    assert set(messages) == {"yann@alpha.example", "contact@eta.example"}
    assert "Pour ne plus en recevoir" in messages["yann@alpha.example"].body
    assert messages["yann@alpha.example"].scope == cast.school.uai
    said = Interaction.objects.in_school(cast.school).order_by("partner__name")
    assert [(one.partner.name, one.channel, one.initiative) for one in said] == [
        ("Alpha", "courriel", "etablissement"), ("Eta", "courriel", "etablissement"),
    ]  # fmt: skip
    assert said[0].contact.last_name == "Ferrand" and said[0].author_email == cast.bde.email
    assert said[0].dossier_id and said[0].search_text == "forum des metiers"
    page = as_bde.get(made.get_absolute_url()).content.decode()
    assert "En attente" in page and "Forum des métiers" in page


def test_sending_twice_sends_once(as_bde, cast, partners):
    one_key = key(as_bde, cast, partners)
    for _ in range(2):
        answer = sent(as_bde, cast, partners, creation_key=one_key)
        assert answer.status_code == 302
    assert OutboxMessage.objects.count() == 2
    assert Interaction.objects.in_school(cast.school).count() == 2


def test_recipients_who_changed_are_looked_at_again(as_bde, cast, partners):
    answer = sent(as_bde, cast, partners, destinataires="7")
    assert answer.status_code == 409
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"subject": "Pour {prenom}"}, "ne nomme personne"),
        ({"subject": "x" * 200}, "150"),
        ({"body": "Bonjour {prénom}"}, "ne veut rien dire"),
        ({"body": ""}, "champ"),
        ({"role": "evil"}, "choix"),
        ({"creation_key": "faux"}, "trop ancienne"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_bde, cast, partners, typed, said):
    answer = post(as_bde, cast, partners, "envoyer", **{"creation_key": key(as_bde, cast, partners), **typed})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert "Le forum accueille" in answer.content.decode() or "body" in typed
    assert not OutboxMessage.objects.exists()


def test_a_line_break_in_the_subject_goes_no_further(as_bde, cast, partners):
    answer = post(
        as_bde, cast, partners, "envoyer", creation_key=key(as_bde, cast, partners),
        subject="Forum\r\nBcc: tous@ailleurs.example", destinataires="2",
    )  # fmt: skip
    assert answer.status_code in (422, 302)
    assert not any("\n" in message.subject or "\r" in message.subject for message in OutboxMessage.objects.all())


def test_an_address_refused_once_is_refused_wherever_it_stands(as_bde, cast, partners):
    ContactFactory(school=cast.school, partner=partners["Gamma"], email="CONTACT@eta.example", refuses_mailings=True)
    answer = post(as_bde, cast, partners, "apercu", creation_key=key(as_bde, cast, partners))
    assert [one.partner.name for one in answer.context["to"]] == ["Alpha"]


def test_someone_who_asks_for_no_mail_is_ticked_on_their_page_and_receives_none(as_bde, cast, partners):
    yann = Contact.objects.in_school(cast.school).get(last_name="Ferrand")
    edit = reverse("partners:contact_edit", args=[cast.school.uai, yann.public_id])
    form = as_bde.get(edit).context["form"]
    values = {
        "partner": "Alpha",
        "partner_id": str(yann.partner.public_id),
        "last_name": "Ferrand",
        "version": yann.version,
    }
    assert "refuses_mailings" in form.fields
    assert (
        as_bde.post(edit, values | {"email": yann.email, "role": yann.role, "refuses_mailings": "on"}).status_code
        == 302
    )
    assert "Refuse les courriels groupés" in as_bde.get(yann.partner.get_absolute_url()).content.decode()
    answer = post(as_bde, cast, partners, "apercu", creation_key=key(as_bde, cast, partners))
    reasons = {out.partner.name: out.reason for out in answer.context["left"]}
    assert reasons["Alpha"] == "ne veut pas de courriels d’information"


def test_only_who_keeps_the_file_writes(cast, partners, client):
    for role, member in cast.by_role().items():
        client.force_login(member.user)
        assert post(client, cast, partners, "").status_code == (200 if role in ("bde", "ddfpt") else 403)


def test_another_school_s_partners_are_not_written_to(as_bde, cast):
    foreign = PartnerFactory(school=cast.stranger.school, email="contact@ailleurs.example")
    assert post(as_bde, cast, {"Ailleurs": foreign}, "").status_code == 302
    assert as_bde.get(MailingFactory(school=cast.stranger.school).get_absolute_url()).status_code == 404


def test_too_many_at_once_is_refused(as_bde, cast, partners, monkeypatch):
    monkeypatch.setattr(mailing, "MOST", 1)
    assert "Pas plus de" in sent(as_bde, cast, partners).content.decode()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
@given(body=st.text(max_size=200))
def test_any_body_is_written_for_anyone(body: str):
    partner = Partner(name="Alpha {prenom}")
    sender = MembershipFactory.build(user=None, first_name="Sofia", last_name="Benamar", email="s@lycee.example")
    text = mailing.written(body, mailing.Recipient(partner, None, "x@y.example"), sender=sender)
    assert "écrivez à s@lycee.example" in text
