"""The signing book: what waits for a colleague, a code for the batch, one consent, and each paper signed by itself."""

import re
import time
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import OutboxMessage
from documents import circuit, delegations, proof, signing_book
from documents.enums import EventKind, SignatureMeans, SignatureStatus
from documents.models import Signature
from schools import navigation, todo
from tests.documents.parties import NOW, convention, paper, party, row
from tests.factories import DelegationFactory, MembershipFactory, PlacementFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)
S = SignatureStatus


@pytest.fixture(autouse=True)
def february():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def as_head(client, cast):
    client.force_login(cast.head.user)
    return client


def url(cast, name="signing_book", *more):
    return reverse(f"documents:{name}", args=[cast.school.uai, *more])


def ready_papers(cast, count):
    papers = [paper(cast.school, sha256=f"{n:064x}") for n in range(count)]
    for document in papers:
        party(document, "chef_etablissement", name="Nadia Lefèvre")
    return papers


def code() -> str:
    found = re.search(r"\b\d{6}\b", OutboxMessage.objects.order_by("pk").last().body)
    assert found
    return found[0]


def ask(client, cast, papers):
    return client.post(url(cast, "signing_book_code"), {"choix": [str(document.public_id) for document in papers]})


def answer(papers, **changes):
    shown = {f"sha-{document.public_id}": document.sha256 for document in papers}
    return {"consent": "on", "code": code(), **shown, **changes}


def test_thirty_papers_are_read_then_signed_in_one_go(as_head, cast, django_assert_max_num_queries):
    papers = ready_papers(cast, 30)
    with django_assert_max_num_queries(20):
        page = as_head.get(url(cast)).content.decode()
    assert page.count("Meziane Rayan") >= 30 and "Plus de 35 heures." in page and "1re MELEC" in page
    assert as_head.get(url(cast), {"coche": "tout"}).content.decode().count(" checked") == 30
    asked = ask(as_head, cast, papers)
    assert asked.url == url(cast, "signing_book_sign")
    confirm = as_head.get(asked.url).content.decode().replace("\xa0", " ")
    assert "J’ai lu les 30 documents suivants et je les signe" in confirm
    assert all(document.number in confirm for document in papers)
    sent, start = answer(papers), time.process_time()
    with django_assert_max_num_queries(30 * 15 + 20):  # each paper by itself: held, checked, signed, proved
        as_head.post(asked.url, sent)
    assert time.process_time() - start < 2
    assert "30 documents signés." in as_head.get(url(cast)).content.decode().replace("\xa0", " ")
    signed = Signature.objects.in_school(cast.school).filter(status=S.ONLINE)
    assert signed.count() == 30 and set(signed.values_list("means", flat=True)) == {SignatureMeans.ACCOUNT}
    line = next(event for event in proof.lines(papers[0]) if event.kind == EventKind.SIGNED)
    assert papers[7].number in line.payload["accepted"] and line.payload["sha256"] == papers[0].sha256
    assert proof.first_break(papers[0], proof.lines(papers[0])) is None


def test_what_moved_meanwhile_is_said_and_the_rest_is_signed(as_head, cast):
    papers = ready_papers(cast, 3)
    asked = ask(as_head, cast, papers)
    circuit.note_paper(row(papers[0], "chef_etablissement"), signed_on=TODAY, by=None, now=NOW)
    circuit.void(papers[1], by=None, now=NOW)
    page = as_head.post(asked.url, answer(papers), follow=True).content.decode().replace("\xa0", " ")
    assert "1 document signé." in page
    assert f"{papers[0].number} n’est pas signé" in page and f"{papers[1].number} n’est pas signé" in page
    assert row(papers[2], "chef_etablissement").status == S.ONLINE


def test_the_sha_that_was_shown_is_the_one_that_is_signed(as_head, cast):
    papers = ready_papers(cast, 2)
    asked = ask(as_head, cast, papers)
    as_head.post(asked.url, answer(papers, **{f"sha-{papers[0].public_id}": "f" * 64}))
    assert [row(document, "chef_etablissement").status for document in papers] == [S.AWAITED, S.ONLINE]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "000000"}, "Ce code n’est pas le bon"),
        ({"code": ""}, "Recopiez le code"),
        ({"code": "😀" * 10}, "Ce code n’est pas le bon"),
        ({"code": "1" * 300}, "20 caractères"),
        ({"consent": ""}, "sans votre accord"),
    ],
)
def test_without_the_code_or_the_consent_nothing_is_signed(as_head, cast, changes, sentence):
    papers = ready_papers(cast, 2)
    asked = ask(as_head, cast, papers)
    response = as_head.post(asked.url, answer(papers, **changes))
    assert response.status_code == 422 and sentence in response.content.decode().replace("\xa0", " ")
    assert not Signature.objects.in_school(cast.school).exclude(status=S.AWAITED).exists()


def test_a_code_serves_once_and_for_its_own_batch(as_head, cast):
    papers = ready_papers(cast, 3)
    asked = ask(as_head, cast, papers[:1])
    first = answer(papers[:1])
    ask(as_head, cast, papers)
    assert as_head.post(asked.url, answer(papers, code=first["code"])).status_code == 422
    as_head.post(asked.url, answer(papers))
    assert as_head.post(asked.url, answer(papers)).status_code == 302  # nothing is picked any more
    assert Signature.objects.in_school(cast.school).filter(status=S.ONLINE).count() == 3


def test_another_code_can_be_asked_for(as_head, cast):
    papers = ready_papers(cast, 2)
    asked = ask(as_head, cast, papers)
    old = code()
    as_head.post(url(cast, "signing_book_again"))
    assert as_head.post(asked.url, answer(papers, code=old)).status_code == 422
    assert as_head.post(asked.url, answer(papers)).status_code == 302


def test_what_waits_for_others_is_shown_with_who_is_missing(as_head, cast):
    document = convention(cast.school)
    page = as_head.get(url(cast)).content.decode()
    assert "Rien n’attend votre signature" in page and "organisme d’accueil (Inès Vasseur)" in page
    asked = ask(as_head, cast, [document])
    assert asked.url == url(cast) and not OutboxMessage.objects.exists()
    trace = circuit.Trace(SignatureMeans.MAILED_CODE)
    for role in ("organisme_accueil", "tuteur"):
        circuit.sign_online(row(document, role), sha256=document.sha256, accepted="Lu.", trace=trace, now=NOW)
    assert "l’entreprise le 10" in as_head.get(url(cast)).content.decode().replace("\xa0", " ")


def test_a_paper_without_pdf_cannot_be_ticked(as_head, cast):
    document = paper(cast.school, sha256="")
    party(document, "chef_etablissement")
    page = as_head.get(url(cast)).content.decode()
    assert "Son PDF n’est pas prêt." in page and 'name="choix"' not in page
    assert ask(as_head, cast, [document]).url == url(cast)
    assert as_head.post(url(cast, "signing_book_prepare")).status_code == 302


@pytest.mark.parametrize("picked", [[], ["nimporte"], ["00000000-0000-4000-8000-000000000000"]])
def test_nothing_ticked_is_said(as_head, cast, picked):
    page = as_head.post(url(cast, "signing_book_code"), {"choix": picked}, follow=True).content.decode()
    assert "Cochez d’abord les documents que vous signez." in page


def test_a_refusal_says_why_and_stays_typed(as_head, cast):
    document = ready_papers(cast, 1)[0]
    there = url(cast, "signing_book_refuse", document.public_id)
    assert as_head.post(there, {"reason": "  "}).status_code == 422
    assert as_head.post(there, {"reason": "Non\0"}).status_code == 422
    assert "Refuser de signer" in as_head.get(there).content.decode()
    as_head.post(there, {"reason": "<script>Les dates</script> " + "x" * 2000})
    signature = row(document, "chef_etablissement")
    assert signature.status == S.REFUSED and len(signature.reason) <= 1000
    again = as_head.post(there, {"reason": "Encore"})
    assert again.status_code == 422 and "Quelqu’un vient de changer" in again.content.decode()


# ---------------------------------------------------------------------------------------------------- whose box it is


def test_a_teacher_signs_the_boxes_that_bear_their_address_and_no_other(client, cast):
    document = paper(
        cast.school, subject_id=PlacementFactory(school=cast.school, referent_email=cast.teacher.email).dossier_id
    )
    party(document, "enseignant_referent", cast.teacher.email.upper(), name="Camille Roussel")
    party(document, "chef_etablissement", turn=2)
    client.force_login(cast.teacher.user)
    assert [line.signature.role for line in client.get(url(cast)).context["lines"]] == ["enseignant_referent"]
    asked = ask(client, cast, [document])
    client.post(asked.url, answer([document]))
    assert row(document, "enseignant_referent").status == S.ONLINE
    assert row(document, "chef_etablissement").status == S.AWAITED
    assert "Rien n’attend" in client.get(url(cast)).content.decode()


@pytest.mark.parametrize("who", ["bde", "ddfpt", "office"])
def test_colleagues_without_a_delegation_have_nothing_to_sign(client, cast, who):
    document = ready_papers(cast, 1)[0]
    client.force_login(getattr(cast, who).user)
    page = client.get(url(cast)).content.decode()
    assert "Rien n’attend" in page and "À signer</a>" not in page
    assert ask(client, cast, [document]).url == url(cast)
    client.post(url(cast, "signing_book_refuse", document.public_id), {"reason": "Non"})
    assert row(document, "chef_etablissement").status == S.AWAITED


def test_a_deputy_signs_and_the_paper_names_the_act(client, cast):
    document = ready_papers(cast, 1)[0]
    DelegationFactory(school=cast.school, membership=cast.ddfpt, act="arrêté du 1er\nseptembre 2025")
    client.force_login(cast.ddfpt.user)
    assert "Vous signez par délégation" in client.get(url(cast)).content.decode()
    asked = ask(client, cast, [document])
    client.post(asked.url, answer([document]))
    signature = row(document, "chef_etablissement")
    assert (signature.status, signature.name) == (S.ONLINE, cast.ddfpt.full_name)
    assert signature.capacity == "par délégation du chef d’établissement, arrêté du 1er septembre 2025"
    line = next(event for event in proof.lines(document) if event.kind == EventKind.SIGNED)
    assert line.payload["capacity"] == signature.capacity and line.payload["name"] == cast.ddfpt.full_name


def test_a_delegation_that_ends_between_the_code_and_the_click_does_not_sign(client, cast):
    document = ready_papers(cast, 1)[0]
    delegation = DelegationFactory(school=cast.school, membership=cast.ddfpt)
    client.force_login(cast.ddfpt.user)
    asked = ask(client, cast, [document])
    body = answer([document])
    delegation.until = TODAY - timedelta(days=1)
    delegation.save()
    client.post(asked.url, body)
    assert row(document, "chef_etablissement").status == S.AWAITED


def test_a_new_head_signs_what_names_the_former_one_and_the_proof_says_so(as_head, cast):
    cast.school.head_name = cast.head.full_name
    cast.school.save()
    document = ready_papers(cast, 1)[0]
    asked = ask(as_head, cast, [document])
    as_head.post(asked.url, answer([document]))
    signature = row(document, "chef_etablissement")
    assert signature.name == cast.head.full_name and signature.capacity == ""
    line = next(event for event in proof.lines(document) if event.kind == EventKind.SIGNED)
    assert "Le document nomme Nadia Lefèvre" in line.payload["accepted"]


def test_the_name_stays_as_the_paper_spells_it(cast):
    cast.head.first_name, cast.head.last_name = "Nadia", "LEFEVRE"
    standing = delegations.standing(cast.head, TODAY)
    signature = Signature(name="Nadia Lefèvre")
    assert standing.name_on(signature) == "Nadia Lefèvre" and standing.remark_on(signature) == ""


# ------------------------------------------------------------------------------------------------ where it shows


def entries(member):
    groups = navigation.groups_for(member, "/", TODAY)
    return {entry.label: entry.counter for _, shown in groups for entry in shown}


def test_the_navigation_counts_and_hides_when_nothing_waits(cast):
    assert entries(cast.head)["À signer"] == 0 and "À signer" not in entries(cast.bde)
    ready_papers(cast, 12)
    assert entries(cast.head)["À signer"] == 12 and "À signer" not in entries(cast.bde)
    DelegationFactory(school=cast.school, membership=cast.bde)
    assert entries(cast.bde)["À signer"] == 12
    assert "À signer" not in entries(cast.reader)


def test_the_work_list_says_how_many(cast):
    ready_papers(cast, 12)
    titles = [task.title.replace("\xa0", " ") for task in todo.tasks_for(cast.head, TODAY)]
    assert "12 documents à signer" in titles
    assert not any("à signer" in task.title for task in todo.tasks_for(cast.reader, TODAY))


def test_a_refusal_is_in_the_work_list_of_the_bureau(cast):
    document = ready_papers(cast, 1)[0]
    circuit.refuse(row(document, "chef_etablissement"), reason="Les dates ne vont pas.", now=NOW)
    tasks = {task.title: task for task in todo.tasks_for(cast.bde, TODAY)}
    assert "Les dates ne vont pas." in tasks[f"Signature refusée : {document.number}"].text


def test_the_list_costs_as_much_for_two_papers_as_for_thirty(as_head, cast):
    ready_papers(cast, 2)
    as_head.get(url(cast))
    with CaptureQueriesContext(connection) as few:
        as_head.get(url(cast))
    ready_papers(cast, 25)
    with CaptureQueriesContext(connection) as many:
        as_head.get(url(cast))
    assert len(many) <= len(few) + 1  # the page's second number


def test_another_school_s_head_finds_nothing(client, cast):
    document = ready_papers(cast, 1)[0]
    stranger = MembershipFactory(role="direction")
    client.force_login(stranger.user)
    assert client.get(url(cast)).status_code == 404
    there = reverse("documents:signing_book_refuse", args=[stranger.school.uai, document.public_id])
    assert client.post(there, {"reason": "Non"}).status_code == 404
    assert signing_book.chosen(stranger, [document.public_id], TODAY) == []


def test_moments_of_a_signature_are_the_server_s(as_head, cast):
    document = ready_papers(cast, 1)[0]
    asked = ask(as_head, cast, [document])
    as_head.post(asked.url, answer([document]) | {"date": "1999-01-01"})
    assert row(document, "chef_etablissement").date == datetime(2026, 2, 10, 9, 0, tzinfo=NOW.tzinfo)
