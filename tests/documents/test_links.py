"""Personal links: made, sent, found, renewed, revoked; the bureau's page of them; sheets to print."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import tokens
from core.models import OutboxMessage
from documents import circuit, links, sheets, subjects
from documents.enums import LinkChannel, ReminderKind
from documents.models import CircuitSettings, Reminder, SigningLink
from pfmp import services
from tests.documents import signing
from tests.documents.signing import paper, row
from tests.factories import MembershipFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement


@pytest.fixture
def document(cast):
    return paper(cast.school, "tuteur", "eleve", "responsable_legal")


def make(signature, **more):
    return links.create(signature, channel=LinkChannel.COPY, by=None, now=timezone.now(), **more)


@pytest.mark.django_db
def test_the_token_is_long_and_never_kept(document):
    link, url = make(row(document, "tuteur"))
    token = url.rstrip("/").rsplit("/", 1)[1]
    assert len(token) == tokens.LENGTH and len(tokens.ALPHABET) ** tokens.LENGTH > 2**128
    assert url.startswith("http") and f"/signer/{token}/" in url
    assert token not in str(SigningLink.objects.in_school(document.school_id).values().get(pk=link.pk))
    assert links.find(token, timezone.now()).is_alive
    assert links.find(token.upper(), timezone.now()).state is links.LinkState.UNKNOWN
    assert links.find("", timezone.now()).state is links.LinkState.UNKNOWN


@pytest.mark.django_db
def test_a_new_link_leaves_the_older_ones_alive_and_a_signature_kills_all(document, cast):
    tokens = [make(row(document, "tuteur"))[1].split("/")[-2] for _ in range(3)]
    now = timezone.now()
    assert all(links.find(token, now).is_alive for token in tokens)
    circuit.note_paper(row(document, "tuteur"), signed_on=timezone.localdate(now), by=cast.bde.user, now=now)
    assert {links.find(token, now).state for token in tokens} == {links.LinkState.SIGNED}
    with pytest.raises(ValidationError, match="plus attendue"):
        make(row(document, "tuteur"))


@pytest.mark.django_db
def test_a_link_dies_with_the_school_s_setting_and_before_the_placement(document, cast, monkeypatch):
    now = timezone.now()
    assert links.expiry(document, now) == now + timedelta(days=21)
    CircuitSettings.objects.create(school=cast.school, link_days=5)
    assert links.expiry(document, now) == now + timedelta(days=5)
    start = timezone.localdate(now) + timedelta(days=2)
    kind = subjects.Kind(own=None, link=None, sign_before=lambda document: start)  # type: ignore[arg-type]
    monkeypatch.setitem(subjects._kinds, document.subject, kind)
    assert timezone.localdate(links.expiry(document, now)) == start
    assert timezone.localtime(links.expiry(document, now)).hour == 23
    start = timezone.localdate(now) - timedelta(days=1)
    with pytest.raises(ValidationError, match="sur papier"):
        make(row(document, "tuteur"))


@pytest.mark.django_db
def test_a_message_names_nobody_in_its_subject_and_is_in_the_ledger(document, cast):
    cast.school.email = "lycee@exemple.fr"
    cast.school.save()
    links.send(row(document, "tuteur"), by=cast.bde.user, now=timezone.now())
    message = OutboxMessage.objects.get()
    assert message.recipient == "tuteur@exemple.fr" and message.reply_to == "lycee@exemple.fr"
    assert "Nom" not in message.subject and document.number in message.body and "/signer/" in message.body
    kept = Reminder.objects.in_school(cast.school).get()
    assert (kept.kind, kept.message_key) == ("premier", message.key)
    links.send(row(document, "tuteur"), by=cast.bde.user, now=timezone.now(), kind=ReminderKind.AUTOMATIC)
    assert "attend toujours" in OutboxMessage.objects.order_by("-pk")[0].body


@pytest.mark.django_db
def test_a_digest_goes_to_one_address_only(document, cast):
    other = paper(cast.school, "tuteur")
    made = links.send_all([row(document, "tuteur"), row(other, "tuteur")], by=None, now=timezone.now())
    assert len(made) == 2 and OutboxMessage.objects.get().body.count("/signer/") == 2
    assert OutboxMessage.objects.get().subject == "2 documents à signer"
    with pytest.raises(ValidationError, match="une personne"):
        links.send_all([row(document, "tuteur"), row(other, "tuteur"), row(document, "eleve")], by=None, now=timezone.now())  # fmt: skip
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "pas une adresse", "a@b.fr\nBcc: c@d.fr", "a@b.fr, c@d.fr"])
def test_an_address_that_is_none_is_refused_with_a_sentence(document, address):
    signature = row(document, "tuteur")
    signature.email = address
    signature.save()
    with pytest.raises(ValidationError):
        links.send(signature, by=None, now=timezone.now())
    assert not OutboxMessage.objects.exists() and not SigningLink.objects.in_school(document.school_id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{"name": "Anne\nMeziane"}, {"email": "x"}, {"phone": "06\r\n"}])
def test_a_second_guardian_s_name_and_address_are_one_line_each(document, said):
    with pytest.raises(ValidationError):
        make(row(document, "responsable_legal"), **said)


@pytest.mark.django_db
def test_renewing_has_a_pace(document):
    signature = row(document, "tuteur")
    now = timezone.now()
    past = now - timedelta(days=40)
    token = links.create(signature, channel=LinkChannel.MAIL, by=None, now=past)[1].split("/")[-2]
    asked = [links.renew(links.find(token, now + minutes), now=now + minutes)
             for minutes in (timedelta(minutes=5 * step) for step in range(40))]  # fmt: skip
    assert sum(asked) == links.RENEWALS_A_DAY and asked[0] and not asked[1]


@pytest.mark.django_db
def test_a_revoked_link_is_the_bureau_s_to_renew(document):
    signature = row(document, "tuteur")
    token = make(signature)[1].split("/")[-2]
    assert links.revoke(signature, by=None, now=timezone.now()) == 1
    found = links.find(token, timezone.now())
    assert found.state is links.LinkState.REVOKED and not links.renew(found, now=timezone.now())


@given(st.text(max_size=60))
def test_a_masked_address_says_little(text):
    shown = tokens.masked(text)
    assert len(shown) <= len(text) + 4
    local, at, domain = text.strip().rpartition("@")
    if at and len(local) > 1 and local[1:] not in "…@.":
        assert shown.startswith(f"{local[0]}…@") or shown == "…"


def test_masked_addresses_as_people_read_them():
    assert tokens.masked("marie.durand@exemple.fr") == "m…@e….fr"
    assert [tokens.masked(text) for text in ("", "x", "@b.fr", "a@")] == ["…"] * 4


# ------------------------------------------------------------------------------------------------- the bureau's page
@pytest.fixture
def own_paper(scene):  # noqa: F811

    issued = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    row_ = row(issued, "tuteur")
    row_.email = "tuteur@exemple.fr"
    row_.save()
    return issued


def door(document, role="tuteur") -> str:
    return f"{document.get_absolute_url()}signatures/{role}/liens/"


@pytest.mark.django_db
def test_the_bureau_sends_shows_speaks_and_stops(scene, client, own_paper):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    url = door(own_paper)
    assert "Envoyer le lien par courriel" in client.get(url).content.decode()
    assert "Lien envoyé à" in client.post(url, {"geste": "envoyer"}, follow=True).content.decode()
    copied = client.post(url, {"geste": "copier"})
    assert "/signer/" in copied.content.decode() and "no-store" in copied["Cache-Control"]
    assert "/signer/" not in client.get(url).content.decode()  # once
    link = SigningLink.objects.in_school(scene.school).order_by("-pk")[0]
    spoken = client.post(url, {"geste": "code", "lien": link.public_id}).content.decode()
    assert 'class="spoken-code"' in spoken
    assert "Liens arrêtés" in client.post(url, {"geste": "revoquer"}, follow=True).content.decode()
    answer = client.post(url, {"geste": "code", "lien": link.public_id}, follow=True).content.decode()
    assert "Ce lien ne marche plus" in answer
    assert "Choisissez ce qu" in client.post(url, {"geste": "nimporte"}, follow=True).content.decode()


@pytest.mark.django_db
def test_who_may_not_note_the_signature_gives_no_link(scene, client, own_paper):  # noqa: F811
    client.force_login(scene.cast.office.user)
    assert client.get(door(own_paper)).status_code == 403
    client.force_login(MembershipFactory(school=scene.school, role="enseignant").user)
    assert client.post(door(own_paper), {"geste": "copier"}).status_code == 404
    client.force_login(scene.cast.stranger.user)
    assert client.get(door(own_paper)).status_code == 404
    assert not SigningLink.objects.in_school(scene.school).exists()


@pytest.mark.django_db
def test_the_page_of_links_costs_the_same_with_two_or_twenty(scene, client, own_paper, django_assert_max_num_queries):  # noqa: F811
    client.force_login(scene.teacher.user)
    for _ in range(20):
        links.create(row(own_paper, "tuteur"), channel=LinkChannel.COPY, by=None, now=timezone.now())
    with django_assert_max_num_queries(20):
        assert client.get(door(own_paper)).status_code == 200


@pytest.mark.django_db
def test_sheets_have_a_page_a_signer_and_a_link_each(document):
    rows = sheets.rows_of([document])
    pdf = sheets.sheets(rows, by=None, now=timezone.now())
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 3
    text = pages[0].extract_text()
    assert "Nom" in text and document.number in text and "@exemple.fr" not in text
    token = text.split("/signer/")[1].split("/")[0].replace("\n", "")
    assert links.find(token, timezone.now()).is_alive
    assert SigningLink.objects.in_school(document.school_id).filter(channel="feuillet").count() == 3
    for role in ("tuteur", "eleve", "responsable_legal"):
        circuit.refuse(row(document, role), reason="Non.", now=timezone.now())
    with pytest.raises(ValidationError):
        sheets.sheets(rows, by=None, now=timezone.now())


@pytest.mark.django_db
def test_a_sheet_leads_to_the_page_and_the_code_goes_to_the_address_on_file(document, client):
    _, url = links.create(row(document, "tuteur"), channel=LinkChannel.SHEET, by=None, now=timezone.now())
    path = "/signer/" + url.split("/signer/")[1]
    assert client.get(path).status_code == 200
    client.post(f"{path}code/")
    assert signing.last_code("tuteur@exemple.fr")
