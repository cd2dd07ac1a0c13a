"""The verbs of the circuit: every pair of statuses through them, once whatever the concurrency, and what follows each."""

from datetime import date, timedelta
from itertools import product
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from core.models import AuditEvent
from documents import circuit, links, proof
from documents.enums import EventKind, LinkChannel, SignatureMeans, SignatureStatus
from documents.models import Document, Signature, SigningLink
from tests.documents.parties import NOW, convention, paper, party, row
from tests.factories import SchoolFactory

S = SignatureStatus
TODAY = date(2026, 2, 10)
TRACE = circuit.Trace(SignatureMeans.MAILED_CODE, address="i…@v….example", ip="192.0.2.1", browser="Firefox")
ALLOWED = {
    S.ONLINE: {S.AWAITED}, S.ON_PAPER: {S.AWAITED}, S.REFUSED: {S.AWAITED}, S.AWAITED: {S.ON_PAPER, S.REFUSED},
    S.VOIDED: {S.AWAITED, S.ON_PAPER, S.ONLINE, S.REFUSED},
}  # fmt: skip


def move(signature: Signature, target: S) -> None:
    """The verb that leads there."""
    match target:
        case S.ONLINE:
            circuit.sign_online(signature, sha256=signature.document.sha256, accepted="Lu.", trace=TRACE, now=NOW)
        case S.ON_PAPER:
            circuit.note_paper(signature, signed_on=TODAY, by=None, now=NOW)
        case S.REFUSED:
            circuit.refuse(signature, reason="Les dates.", now=NOW)
        case S.AWAITED:
            circuit.reopen(signature, by=None, now=NOW)
        case S.VOIDED:
            circuit.void(signature.document, by=None, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), list(product(S, S)))
def test_every_pair_of_statuses_through_the_verbs(source, target):
    document = paper(SchoolFactory())
    signature = party(document, "tuteur", status=source)
    if target is S.VOIDED:
        move(signature, target)
        assert row(document, "tuteur").status == S.VOIDED
    elif source in ALLOWED[target]:
        move(signature, target)
        assert row(document, "tuteur").status == target
        assert proof.lines(document) and AuditEvent.objects.filter(subject_id=signature.public_id).exists()
    else:
        with pytest.raises(ValidationError, match="vient de changer"):
            move(signature, target)
        assert row(document, "tuteur").status == source and not proof.lines(document)


@pytest.mark.django_db
@pytest.mark.parametrize("target", [S.ONLINE, S.ON_PAPER, S.REFUSED])
def test_nothing_is_signed_on_a_version_that_is_replaced(target):
    document = convention(SchoolFactory())
    Document.objects.in_school(document.school).filter(pk=document.pk).update(voided_at=NOW)
    with pytest.raises(ValidationError, match="remplacée"):
        move(row(document, "tuteur"), target)


@pytest.mark.django_db
@pytest.mark.parametrize(("sha256", "sentence"), [("", "en préparation"), ("a" * 64, "plus celui qui est conservé")])
def test_the_file_signed_is_the_one_that_is_kept(sha256, sentence):
    document = paper(SchoolFactory(), sha256=sha256)
    signature = party(document, "tuteur")
    with pytest.raises(ValidationError, match=sentence):
        circuit.sign_online(signature, sha256="b" * 64, accepted="Lu.", trace=TRACE, now=NOW)


@pytest.mark.django_db
def test_online_waits_for_its_turn_and_paper_does_not():
    document = convention(SchoolFactory())
    with pytest.raises(ValidationError, match="signent avant"):
        move(row(document, "chef_etablissement"), S.ONLINE)
    move(row(document, "chef_etablissement"), S.ON_PAPER)
    assert row(document, "chef_etablissement").status == S.ON_PAPER


@pytest.mark.django_db
def test_the_last_signature_completes_and_an_undo_takes_it_back():
    document = convention(SchoolFactory())
    party(document, "eleve", optional=True)
    seen: list[int] = []
    circuit._completed.append(lambda complete: seen.append(complete.pk))
    try:
        for role, how in (("organisme_accueil", S.ONLINE), ("tuteur", S.ON_PAPER), ("chef_etablissement", S.ONLINE)):
            move(row(document, role), how)
    finally:
        circuit._completed.pop()
    document.refresh_from_db()
    assert document.completed_at == NOW and seen == [document.pk]
    assert proof.lines(document)[-1].kind == EventKind.COMPLETED
    move(row(document, "tuteur"), S.AWAITED)
    document.refresh_from_db()
    assert document.completed_at is None
    assert proof.first_break(document, proof.lines(document)) is None


@pytest.mark.django_db
def test_the_whole_sheet_is_noted_once_and_what_is_signed_stays():
    document = convention(SchoolFactory())
    move(row(document, "tuteur"), S.ONLINE)
    roles = [one.role for one in Signature.objects.in_school(document.school).filter(document=document)]
    assert circuit.note_all_on_paper(document, roles=roles, signed_on=TODAY, by=None, now=NOW) == 2
    assert circuit.note_all_on_paper(document, roles=roles, signed_on=TODAY, by=None, now=NOW) == 0
    assert row(document, "tuteur").status == S.ONLINE


@pytest.mark.django_db
@pytest.mark.parametrize("how", [S.ONLINE, S.ON_PAPER, S.REFUSED])
def test_the_links_of_who_answered_are_dead_and_the_others_live(how):
    document = convention(SchoolFactory())
    for role in ("tuteur", "organisme_accueil"):
        links.create(row(document, role), channel=LinkChannel.COPY, by=None, now=NOW)
    move(row(document, "tuteur"), how)
    alive = SigningLink.objects.in_school(document.school).alive(NOW + timedelta(seconds=1))
    assert [link.signature.role for link in alive.select_related("signature")] == ["organisme_accueil"]


@pytest.mark.django_db
def test_one_changed_letter_in_the_proof_is_seen():
    document = convention(SchoolFactory())
    for role in ("organisme_accueil", "tuteur"):
        move(row(document, role), S.ONLINE)
    lines = proof.lines(document)
    assert proof.first_break(document, lines) is None
    lines[0].payload["name"] = "Inès Vasseuр"  # a Cyrillic letter
    assert proof.first_break(document, lines) == lines[0].number
    assert proof.first_break(document, proof.lines(document)[1:]) is not None


def at_once(count: int, work) -> list[str]:
    """The sentence of each of `count` calls at the same time, "" for the one that went through."""
    start, outcomes = Barrier(count), []

    def one(rank: int) -> None:
        try:
            start.wait()
            work(rank)
            outcomes.append("")
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=(rank,)) for rank in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    return outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("target", [S.ON_PAPER, S.ONLINE, S.REFUSED])
def test_twenty_at_once_count_once(target):
    document = convention(SchoolFactory())
    copies = [row(document, "tuteur") for _ in range(20)]
    outcomes = at_once(20, lambda rank: move(copies[rank], target))
    assert outcomes.count("") == 1 and len(outcomes) == 20
    lines = proof.lines(document)
    assert len(lines) == 1 and proof.first_break(document, lines) is None
    assert row(document, "tuteur").status == target


@pytest.mark.django_db(transaction=True)
def test_two_parties_at_once_both_count_and_the_chain_holds():
    school = SchoolFactory()
    for number in range(5):
        document = convention(school, number)
        copies = [row(document, role) for role in ("tuteur", "organisme_accueil")]
        assert at_once(2, lambda rank, copies=copies: move(copies[rank], S.ONLINE)) == ["", ""]
        assert proof.first_break(document, proof.lines(document)) is None
        assert {row(document, role).status for role in ("tuteur", "organisme_accueil")} == {S.ONLINE}


@pytest.mark.django_db(transaction=True)
def test_a_new_version_and_a_signature_at_once_leave_no_signature_on_the_old_one():
    document = convention(SchoolFactory())
    signature = row(document, "tuteur")
    at_once(2, lambda rank: move(signature, S.ONLINE) if rank else circuit.void(document, by=None, now=NOW))
    assert set(Signature.objects.in_school(document.school).values_list("status", flat=True)) == {S.VOIDED}
