"""Signing behind a personal link: what a mail scanner, a signer, a stranger and a thief of links meet."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.logging import JsonLines
from core.models import AuditEvent, OutboxMessage
from documents import circuit, links, proof
from documents.models import SignatureEvent, SignerProposal
from tests.documents import signing
from tests.documents.signing import enter, link, paper, row, sign

pytestmark = pytest.mark.django_db


def test_the_whole_path(cast, client):
    document = paper(cast.school, "tuteur", "chef_etablissement")
    path = link(row(document, "tuteur"))
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 200 and "Recevoir mon code" in text and cast.school.name in text
    assert "Convention de PFMP" in text and "Nom tuteur" not in text and document.number not in text
    asked = client.post(f"{path}code/", follow=True).content.decode()
    assert "t…@e….fr" in asked and "tuteur@exemple.fr" not in asked
    assert 'autocomplete="one-time-code"' in asked and 'inputmode="numeric"' in asked
    read = client.post(f"{path}code/", {"code": signing.last_code()}, follow=True).content.decode()
    assert "Nom tuteur" in read and document.sha256 in read and "Je signe" in read
    pdf = client.get(f"{path}fichier/")
    assert pdf.getvalue() == signing.PDF and pdf["Content-Disposition"].startswith("inline")
    taken = client.get(f"{path}fichier/?telecharger=1")
    assert taken.getvalue() == signing.PDF and taken["Content-Disposition"].startswith("attachment")
    done = sign(client, path, document)
    assert done.status_code == 302
    assert "C’est signé" in client.get(done["Location"]).content.decode()
    signature = row(document, "tuteur")
    assert (signature.status, signature.means) == ("signee_en_ligne", "code_courriel")
    event = SignatureEvent.objects.in_school(cast.school).get(kind="signature")
    assert event.payload["sha256"] == document.sha256 and event.payload["address"] == "t…@e….fr"
    assert event.payload["ip"] == "127.0.0.1" and "texte 1" in event.payload["accepted"]
    assert proof.first_break(document, proof.lines(document)) is None
    assert [line.kind for line in proof.lines(document)] == ["lien", "code", "ouverture", "signature"]


def test_fifty_gets_of_a_scanner_change_nothing(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    before = list(SignatureEvent.objects.in_school(cast.school).values_list("hash"))
    for _ in range(50):
        for end in ("", "code/", "document/", "fichier/", "merci/", "qui-signe/", "tuteur/", "coordonnees/"):
            found = Client().get(path + end)
            assert found.status_code in (200, 302) and b"Nom tuteur" not in found.content
    assert row(document, "tuteur").status == "attendue"
    assert list(SignatureEvent.objects.in_school(cast.school).values_list("hash")) == before
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("end", ["qui-signe/", "tuteur/", "coordonnees/", "document/"])
def test_a_forwarded_link_is_not_enough(cast, client, end):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(Client(), path)  # the person it is for, elsewhere
    thief = Client()
    answer = thief.post(path + end, {"geste": "signer", "sha256": document.sha256, "accepted": "on"})
    assert answer.status_code == 302 and answer["Location"] == path
    assert thief.get(f"{path}fichier/").status_code == 302
    assert row(document, "tuteur").status == "attendue"


def test_the_session_is_of_one_link_and_ends(cast, client):
    document = paper(cast.school, "tuteur", "eleve")
    mine, other = link(row(document, "tuteur")), link(row(document, "eleve"))
    assert "Je signe" in enter(client, mine).content.decode()
    assert sign(client, other, document)["Location"] == other
    session = client.session
    session["signing"] = {key: {**kept, "until": 1} for key, kept in session["signing"].items()}
    session.save()
    again = client.post(f"{mine}document/", {"geste": "signer", "sha256": document.sha256, "accepted": "on"}, follow=True)  # fmt: skip
    assert "Trente minutes ont passé" in again.content.decode()
    assert row(document, "tuteur").status == row(document, "eleve").status == "attendue"


def test_headers_of_every_page_behind_a_link(cast, client):
    path = link(row(paper(cast.school, "tuteur"), "tuteur"))
    for page in (client.get(path), enter(client, path), client.get(f"{path}fichier/"), client.get(f"{path}merci/")):
        page.close()
        assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]


def test_forms_are_checked_although_browsers_send_no_origin(cast):
    """With no referrer, browsers send « Origin: null » : the form's token and Sec-Fetch-Site tell who asks."""
    path = link(row(paper(cast.school, "tuteur"), "tuteur"))
    browser = Client(enforce_csrf_checks=True)
    browser.get(path)
    token = browser.cookies["csrf"].value
    said = {"csrfmiddlewaretoken": token}
    assert browser.post(f"{path}code/", said, HTTP_ORIGIN="null", HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert browser.post(f"{path}code/", {}, HTTP_ORIGIN="null").status_code == 403
    assert browser.post(f"{path}code/", said, HTTP_ORIGIN="https://ailleurs.example").status_code == 403
    assert not OutboxMessage.objects.exists()
    assert browser.post(f"{path}code/", said, HTTP_ORIGIN="null", HTTP_SEC_FETCH_SITE="same-origin").status_code == 302
    secure = browser.post(f"{path}code/", said, HTTP_ORIGIN="null", secure=True)
    assert secure.status_code == 302


def test_another_sha256_is_not_signed(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    answer = client.post(f"{path}document/", {"geste": "signer", "sha256": "0" * 64, "accepted": "on"})
    assert answer.status_code == 409 and "n’est plus celui" in answer.content.decode()
    assert sign(client, path, document, accepted="").status_code == 422  # without the consent
    assert row(document, "tuteur").status == "attendue"


def test_a_replayed_signature_says_that_it_is_done(cast, client):
    document = paper(cast.school, "tuteur", "eleve")
    path = link(row(document, "tuteur"))
    enter(client, path)
    sign(client, path, document)
    again = client.post(f"{path}document/", {"geste": "signer", "sha256": document.sha256, "accepted": "on"}, follow=True)  # fmt: skip
    assert "C’est signé" in again.content.decode()
    assert SignatureEvent.objects.in_school(cast.school).filter(kind="signature").count() == 1
    stranger = Client().get(path).content.decode()
    assert "C’est déjà signé" in stranger and "Nom tuteur" not in stranger and document.number not in stranger


def test_a_copy_is_taken_later_with_a_code(cast):
    document = paper(cast.school, "tuteur", "eleve")
    path = link(row(document, "tuteur"))
    first = Client()
    enter(first, path)
    sign(first, path, document)
    later = Client()
    assert later.get(f"{path}fichier/").status_code == 302
    page = enter(later, path).content.decode()
    assert "Nom tuteur" not in page.split("<main")[0] and "Je signe" not in page
    assert later.get(f"{path}fichier/").getvalue() == signing.PDF


def test_a_link_revoked_before_the_signature_shows_no_copy(cast, client):
    """A wrong address was written: its link died, and the signature that came otherwise does not revive it."""
    document = paper(cast.school, "tuteur")
    signature = row(document, "tuteur")
    now = timezone.now()
    wrong = link(signature, now=now - timedelta(hours=2), email="autre@exemple.fr", name="Autre Personne")
    links.revoke(signature, by=None, now=now - timedelta(hours=1))
    assert "arrêté ce lien" in client.get(wrong).content.decode()
    circuit.note_paper(signature, signed_on=timezone.localdate(now), by=cast.bde.user, now=now)
    assert "relire" not in client.get(wrong).content.decode()
    client.post(f"{wrong}code/")
    assert not OutboxMessage.objects.exists()


def test_a_refusal_says_why(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    empty = client.post(f"{path}document/", {"geste": "refuser", "reason": " "})
    assert empty.status_code == 422 and "Dites pourquoi" in empty.content.decode()
    client.post(f"{path}document/", {"geste": "refuser", "reason": "Les dates ne vont pas. <script>"})
    assert (row(document, "tuteur").status, row(document, "tuteur").reason) == (
        "refusee",
        "Les dates ne vont pas. <script>",
    )
    assert "Le refus est noté" in client.get(path).content.decode()
    assert row(document, "tuteur").means == "code_courriel"


HOST = {"host": {"name": "Menuiserie Boisclair"}, "pupil": {"first_name": "Rayan", "last_name": "Meziane"}}


def test_the_company_says_who_signs_then_who_is_the_tutor(cast, client):
    document = paper(cast.school, "organisme_accueil", "tuteur", content=HOST)
    path = link(row(document, "organisme_accueil"))
    first = enter(client, path)
    assert "Qui signe pour l’entreprise" in first.content.decode()
    assert "C’est moi\u00a0: Nom organisme_accueil" in first.content.decode()
    assert client.get(f"{path}document/")["Location"] == f"{path}qui-signe/"  # no short cut
    assert sign(client, path, document)["Location"] == f"{path}qui-signe/"
    second = client.post(f"{path}qui-signe/", {"who": "oui"}, follow=True).content.decode()
    assert "Qui est le tuteur" in second and "C’est bien Nom tuteur" in second
    third = client.post(f"{path}tuteur/", {"who": "oui"}, follow=True).content.decode()
    assert "Nom organisme_accueil" in third and "Nom tuteur" in third and "Rayan" in third
    sign(client, path, document)
    assert row(document, "organisme_accueil").status == "signee_en_ligne"


def test_another_person_signs(cast, client):
    document = paper(cast.school, "organisme_accueil", "tuteur", content=HOST)
    path = link(row(document, "organisme_accueil"))
    enter(client, path)
    bad = client.post(f"{path}qui-signe/", {"who": "autre", "first_name": "Paul"})
    assert bad.status_code == 422 and "Écrivez le nom de cette personne" in bad.content.decode()
    assert 'value="Paul"' in bad.content.decode()  # what was typed is kept
    said = {"who": "autre", "last_name": "Martin", "first_name": "Paule", "position": "gérante", "email": "p@ex.fr"}
    page = client.post(f"{path}qui-signe/", said).content.decode()
    assert "Paule Martin" in page and "Vous n’avez rien à signer" in page
    proposal = SignerProposal.objects.in_school(cast.school).get()
    assert (proposal.kind, proposal.last_name, proposal.state) == ("signataire", "Martin", "proposition_attente")
    assert row(document, "organisme_accueil").email == "organisme_accueil@exemple.fr"
    assert client.get(f"{path}document/")["Location"] == f"{path}qui-signe/"
    client.post(f"{path}qui-signe/", {"who": "oui"})  # after all
    proposal.refresh_from_db()
    assert proposal.state == "proposition_refusee"
    client.post(f"{path}tuteur/", {"who": "autre", "last_name": "Roux", "phone": "06 12 34 56 78"})
    assert sign(client, path, document)["Location"] == f"{path}tuteur/"  # the paper changes first
    assert row(document, "organisme_accueil").status == "attendue"


def test_while_another_tutor_is_proposed_nobody_signs_from_another_browser_either(cast, client):
    document = paper(cast.school, "organisme_accueil", "tuteur", content=HOST)
    path = link(row(document, "organisme_accueil"))
    enter(client, path)
    client.post(f"{path}qui-signe/", {"who": "oui"})
    client.post(f"{path}tuteur/", {"who": "oui"})
    other = Client()
    enter(other, path)
    other.post(f"{path}qui-signe/", {"who": "oui"})
    other.post(f"{path}tuteur/", {"who": "autre", "last_name": "Roux", "phone": "06"})
    answer = sign(client, path, document)
    assert answer.status_code == 409 and "le lycée vous répond d’abord" in answer.content.decode()


def test_a_company_that_the_paper_names_alone_says_who_signs(cast, client):
    document = paper(cast.school, "organisme_accueil", content={"host": {"name": "Nom organisme_accueil"}})
    path = link(row(document, "organisme_accueil"))
    enter(client, path)
    assert client.post(f"{path}qui-signe/", {"who": "oui"}).status_code == 422
    said = {"who": "oui", "moi-last_name": "Martin", "moi-first_name": "Paule", "moi-position": "gérante"}
    page = client.post(f"{path}qui-signe/", said, follow=True).content.decode()
    assert "Paule Martin" in page
    sign(client, path, document)
    signature = row(document, "organisme_accueil")
    assert (signature.name, signature.capacity) == ("Paule Martin", "gérante, pour Nom organisme_accueil")


def test_contact_data_are_corrected_and_codes_still_go_to_the_address_on_file(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    assert client.post(f"{path}coordonnees/", {}).status_code == 422
    answer = client.post(f"{path}coordonnees/", {"email": "neuve@exemple.fr"}, follow=True).content.decode()
    assert "Correction envoyée" in answer
    assert row(document, "tuteur").email == "tuteur@exemple.fr"
    enter(client, path)
    assert OutboxMessage.objects.order_by("-pk")[0].recipient == "tuteur@exemple.fr"
    client.post(f"{path}coordonnees/", {"phone": "06"})
    waiting = SignerProposal.objects.in_school(cast.school).filter(state="proposition_attente")
    assert [one.phone for one in waiting] == ["06"]  # the last one counts


@pytest.mark.parametrize("name", ["last_name", "first_name", "position", "email", "phone"])
@pytest.mark.parametrize("text", ["a\r\nBcc: b@c.fr", "a\u2028b", "x" * 300, "a\x00b"])
def test_line_breaks_and_novels_in_names_are_refused(cast, client, name, text):
    document = paper(cast.school, "organisme_accueil", content=HOST)
    path = link(row(document, "organisme_accueil"))
    enter(client, path)
    said = {"who": "autre", "last_name": "Martin", "email": "a@b.fr", name: text}
    assert client.post(f"{path}qui-signe/", said).status_code == 422
    assert not SignerProposal.objects.in_school(cast.school).exists()


def test_odd_names_are_kept_and_escaped(cast, client):
    document = paper(cast.school, "organisme_accueil", content=HOST)
    path = link(row(document, "organisme_accueil"))
    enter(client, path)
    said = {"who": "autre", "last_name": "=cmd()<script>alert(1)</script>", "first_name": "שלום 👷", "phone": "06"}
    page = client.post(f"{path}qui-signe/", said).content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_an_expired_link_is_renewed_in_the_same_words_whatever_happens(cast, client):
    document = paper(cast.school, "tuteur", "eleve")
    past = timezone.now() - timedelta(days=40)
    with_address = link(row(document, "tuteur"), now=past)
    signature = row(document, "eleve")
    signature.email = ""
    signature.save()
    without = link(signature, now=past)
    page = client.get(with_address)
    assert page.status_code == 410 and "Recevoir un nouveau lien" in page.content.decode()
    answers = [client.post(f"{path}nouveau-lien/").content.decode() for path in (with_address, without, with_address)]
    assert len({answer.replace(with_address, "").replace(without, "") for answer in answers}) == 1
    sent = OutboxMessage.objects.get()  # once: asked again at once, nothing more leaves
    assert sent.recipient == "tuteur@exemple.fr"
    fresh = "/signer/" + sent.body.split("/signer/")[1].split()[0]
    assert client.get(fresh).status_code == 200
    assert sign(client, with_address, document)["Location"] == with_address


def test_a_replaced_paper_says_so_and_sends_the_link_of_the_new_version(cast, client):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    enter(client, path)
    circuit.void(document, by=cast.bde.user)
    new = paper(cast.school, "tuteur", number=document.number, edition=2)
    assert sign(client, path, document)["Location"] == path
    page = client.get(path)
    assert page.status_code == 410 and "Ce document est remplacé" in page.content.decode()
    client.post(f"{path}nouveau-lien/")
    sent = OutboxMessage.objects.filter(key__startswith="signing-link").get()
    fresh = "/signer/" + sent.body.split("/signer/")[1].split()[0]
    enter(client, fresh)
    sign(client, fresh, new)
    assert (row(new, "tuteur").status, row(document, "tuteur").status) == ("signee_en_ligne", "annulee")


def test_an_unknown_token_is_any_missing_page(client, cast):
    for end in ("", "code/", "document/", "fichier/", "merci/"):
        answer = client.get(f"/signer/{'2' * 28}/{end}")
        assert answer.status_code == 404 and b"signer" not in answer.content.split(b"<main")[1]


def test_someone_without_an_address_is_told_to_call(cast, client):
    document = paper(cast.school, "tuteur")
    signature = row(document, "tuteur")
    signature.email = ""
    signature.save()
    page = client.post(f"{link(signature)}code/").content.decode()
    assert "de vive voix" in page


def test_those_whose_turn_has_not_come_read_and_wait(cast, client):
    document = paper(cast.school, "tuteur", "chef_etablissement")
    head = row(document, "chef_etablissement")
    head.turn = 2
    head.save()
    path = link(head)
    page = enter(client, path).content.decode()
    assert "D’autres personnes signent avant" in page and "Je signe</button>" not in page
    assert sign(client, path, document).status_code == 409


def test_two_guardians_and_the_first_counts(cast):
    document = paper(cast.school, "responsable_legal", "tuteur")
    signature = row(document, "responsable_legal")
    one, two = link(signature), link(signature, name="Karim Meziane", email="karim@exemple.fr")
    first, second = Client(), Client()
    enter(first, one)
    enter(second, two)
    assert OutboxMessage.objects.order_by("-pk")[0].recipient == "karim@exemple.fr"
    sign(second, two, document)
    late = sign(first, one, document)
    assert "C’est signé" in first.get(late["Location"]).content.decode()
    assert row(document, "responsable_legal").name == "Karim Meziane"


def logged(caplog) -> str:
    """What the installation's log would hold."""
    return "\n".join(JsonLines().format(record) for record in caplog.records if record.name != "factory.generate")


def test_nothing_of_people_or_tokens_in_the_journal_nor_in_logs(cast, client, caplog):
    document = paper(cast.school, "tuteur")
    path = link(row(document, "tuteur"))
    token = path.split("/")[2]
    with caplog.at_level("DEBUG"):
        enter(client, path)
        client.post(f"{path}coordonnees/", {"email": "neuve@exemple.fr"})
        sign(client, path, document)
    journal = str(list(AuditEvent.objects.values()))
    kept = str(list(SignatureEvent.objects.in_school(cast.school).values("payload")))
    for secret in (token, "tuteur@exemple.fr", "neuve@exemple.fr"):
        assert secret not in journal and secret not in kept and secret not in logged(caplog)
    assert "Nom tuteur" not in journal and "Nom tuteur" not in logged(caplog)


def test_a_token_in_a_path_does_not_reach_the_logs():
    """Django writes the path of what it refuses; the line that is kept has no token."""
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": ("/signer/k2p8-secret/document/",)})
    line = JsonLines().format(record)
    assert "secret" not in line and "/signer/…/document/" in line


def test_too_many_posts_on_one_link(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signing": "3/h/key"}
    path = link(row(paper(cast.school, "tuteur"), "tuteur"))
    statuses = [client.post(f"{path}code/", {"code": "000000"}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 429, 429]


def test_a_page_costs_a_few_queries(cast, client, django_assert_max_num_queries):
    document = paper(cast.school, "organisme_accueil", "tuteur", "eleve", content=HOST)
    path = link(row(document, "eleve"))
    enter(client, path)
    with django_assert_max_num_queries(12):
        client.get(f"{path}document/")
    with django_assert_max_num_queries(4):
        Client().get(path)
