"""The inbox of signers' proposals: accepted, the people and the paper follow; refused, an answer leaves; decided once."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from core.models import Job, OutboxMessage
from documents import links, proof, proposals, reminding
from documents.enums import EventKind, ProposalState, SignatureStatus
from documents.models import Document, Signature, SignerProposal, SigningLink
from partners.models import Contact
from pfmp import services
from schools import todo
from tests.documents.parties import NOW, convention, row
from tests.factories import MembershipFactory, SchoolFactory, SignerProposalFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(scene) -> Document:  # noqa: F811
    document = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    document.sha256, document.file = "a" * 64, "documents/x.pdf"
    document.save()
    Signature.objects.in_school(scene.school).filter(document=document).update(email="ancienne@dupont.example")
    reminding.send_first([document], by=None, now=timezone.now())
    return document


def proposal_of(document, role="organisme_accueil", **said) -> SignerProposal:
    made: SignerProposal = SignerProposalFactory(
        school=document.school, signature=row(document, role), **({"email": ""} | said)
    )
    return made


def url(proposal, name):
    return reverse(f"documents:signer_proposal_{name}", args=[proposal.school.uai, proposal.public_id])


def mails(to: str) -> list[str]:
    return list(OutboxMessage.objects.filter(recipient=to).order_by("pk").values_list("body", flat=True))


def test_a_corrected_address_gets_a_working_link_and_the_old_ones_die(as_bde, scene, issued):  # noqa: F811
    proposal = proposal_of(
        issued, "tuteur", kind="coordonnees", email="nouvelle@dupont.example", phone="06 39 98 00 07"
    )
    page = as_bde.get(proposal.get_absolute_url()).content.decode()
    assert "ancienne@dupont.example" in page and "nouvelle@dupont.example" in page and "reste le même" in page
    done = as_bde.post(url(proposal, "accept"), follow=True).content.decode()
    assert "Proposition acceptée. Le document reste le même." in done
    signature = row(issued, "tuteur")
    assert (signature.email, signature.phone) == ("nouvelle@dupont.example", "06 39 98 00 07")
    (body,) = mails("nouvelle@dupont.example")
    token = re.search(r"/([^/\s]+)/\s", body)
    assert token and links.find(token[1], timezone.now()).is_alive
    alive = SigningLink.objects.in_school(scene.school).filter(signature=signature).alive(timezone.now())
    assert alive.count() == 1
    assert Contact.objects.in_school(scene.school).filter(email="nouvelle@dupont.example").exists()
    line = proof.lines(issued)[-3:]
    assert EventKind.PROPOSAL_ANSWERED in {event.kind for event in line}


def test_another_tutor_makes_a_new_version_whose_links_leave_with_its_pdf(as_bde, scene, issued):  # noqa: F811
    proposal = proposal_of(issued, kind="tuteur", last_name="Ferrand", first_name="Inès", email="ines@dupont.example")
    done = as_bde.post(url(proposal, "accept"), follow=True)
    assert "La version 2 remplace la précédente." in done.content.decode().replace("\xa0", " ")
    latest = Document.objects.in_school(scene.school).get(edition=2)
    assert row(latest, "tuteur").name == "Inès Ferrand" and row(issued, "tuteur").status == SignatureStatus.VOIDED
    assert (
        not SigningLink.objects.in_school(scene.school)
        .filter(signature__document=issued)
        .alive(timezone.now())
        .exists()
    )
    assert Job.objects.filter(kind="documents.send_links").exists()
    latest.file.save("x.pdf", ContentFile(b"%PDF"), save=False)
    latest.sha256 = "b" * 64
    latest.save()
    reminding.send_when_ready([latest.pk], until=timezone.now(), by_id=None, now=timezone.now())
    assert mails("ines@dupont.example")
    assert any("est corrigé" in body for body in mails("ancienne@dupont.example"))


def test_a_refusal_answers_with_a_working_link(as_bde, issued):
    proposal = proposal_of(issued, kind="signataire", last_name="Ferrand")
    assert as_bde.post(url(proposal, "refuse"), {"answer": "   "}).status_code == 422
    before = len(mails("ancienne@dupont.example"))
    as_bde.post(url(proposal, "refuse"), {"answer": "C’est bien à vous de signer 😀 <b>merci</b>."})
    body = mails("ancienne@dupont.example")[-1]
    assert len(mails("ancienne@dupont.example")) == before + 1 and "C’est bien à vous de signer" in body
    token = re.search(r"/([^/\s]+)/\s", body)
    assert token and links.find(token[1], timezone.now()).is_alive
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.REFUSED and proposal.decided_at is not None
    page = as_bde.get(proposal.get_absolute_url()).content.decode()
    assert "&lt;b&gt;merci" in page and "Accepter cette proposition" not in page


def test_decided_once(as_bde, issued):
    proposal = proposal_of(issued, kind="coordonnees", phone="06 39 98 00 07")
    as_bde.post(url(proposal, "accept"))
    for name in ("accept", "refuse"):
        page = as_bde.post(url(proposal, name), {"answer": "Non."}, follow=True).content.decode()
        assert "vient d’être traitée" in page
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED


def test_an_address_corrected_after_signing_still_reaches_the_file(scene, issued):  # noqa: F811
    proposal = proposal_of(issued, "tuteur", kind="coordonnees", phone="06 39 98 00 07")
    Signature.objects.in_school(scene.school).filter(pk=proposal.signature_id).update(status=SignatureStatus.ON_PAPER)
    proposals.accept(proposal, by=scene.cast.bde.user, now=timezone.now())
    assert Contact.objects.in_school(scene.school).filter(phone="06 39 98 00 07").exists()


def test_another_signer_of_a_signature_already_given_is_without_object(scene, issued):  # noqa: F811
    proposal = proposal_of(issued, kind="signataire", last_name="Ferrand", first_name="Inès")
    Signature.objects.in_school(scene.school).filter(pk=proposal.signature_id).update(status=SignatureStatus.ON_PAPER)
    with pytest.raises(ValidationError, match="sans objet"):
        proposals.accept(proposal, by=scene.cast.bde.user, now=timezone.now())
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


@pytest.mark.parametrize("address", ["pas une adresse", "a@b.example\nBcc: c@d.example", "<script>@x"])
def test_a_bad_address_is_not_accepted(as_bde, issued, address):
    proposal = proposal_of(issued, "tuteur", kind="coordonnees", email=address)
    page = as_bde.post(url(proposal, "accept"), follow=True).content.decode()
    assert "corrigez-la" in page and row(issued, "tuteur").email == "ancienne@dupont.example"
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


def test_the_second_guardian_s_correction_leaves_the_first_one_s_address(scene, issued):  # noqa: F811
    scene.student.guardian2_name = "Karim Meziane"
    scene.student.save()
    proposal = proposal_of(
        issued,
        "responsable_legal",
        kind="coordonnees",
        last_name="Meziane",
        first_name="Karim",
        email="karim@m.example",
    )
    proposals.accept(proposal, by=scene.cast.bde.user, now=timezone.now())
    scene.student.refresh_from_db()
    assert row(issued, "responsable_legal").email == "ancienne@dupont.example"
    assert scene.student.guardian2_email == "karim@m.example"


def test_the_inbox_lists_and_the_work_list_tells(as_bde, scene, issued):  # noqa: F811
    proposal = proposal_of(
        issued, kind="signataire", last_name="Ferrand", first_name="Inès", message="Je suis en congé."
    )
    listed = as_bde.get(reverse("documents:signer_proposal_list", args=[scene.school.uai])).content.decode()
    assert "Une autre personne signe" in listed and "Inès Ferrand" in listed
    assert "Je suis en congé." in as_bde.get(proposal.get_absolute_url()).content.decode()
    titles = {task.title for task in todo.tasks_for(scene.cast.bde, timezone.localdate())}
    assert f"Une autre personne signe : {issued.number}" in titles
    assert not any("Une autre personne" in task.title for task in todo.tasks_for(scene.teacher, timezone.localdate()))


def test_another_school_does_not_find_it(client, issued):
    proposal = proposal_of(issued, kind="coordonnees", phone="1")
    stranger = MembershipFactory(role="bde")
    client.force_login(stranger.user)
    there = reverse("documents:signer_proposal_accept", args=[stranger.school.uai, proposal.public_id])
    assert client.post(there).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one():
    school = SchoolFactory()
    member = MembershipFactory(school=school)
    document = convention(school)
    for attempt in range(4):
        proposal = SignerProposalFactory(
            school=school,
            signature=row(document, "tuteur"),
            kind="coordonnees",
            email="",
            phone=f"06 39 98 00 0{attempt}",
        )
        outcomes: list[str] = []
        start = Barrier(2)

        def decide(name: str, proposal=proposal, outcomes=outcomes, start=start) -> None:
            mine = (
                SignerProposal.objects.in_school(school)
                .select_related("school", "signature__document__school")
                .get(pk=proposal.pk)
            )
            start.wait()
            try:
                if name == "accept":
                    proposals.accept(mine, by=member.user, now=NOW + timedelta(hours=1))
                else:
                    proposals.refuse(mine, answer="Non.", by=member.user, now=NOW + timedelta(hours=1))
                outcomes.append(name)
            except ValidationError as error:
                outcomes.append(error.messages[0])
            finally:
                connections.close_all()

        threads = [Thread(target=decide, args=(name,)) for name in ("accept", "refuse")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connection.close()
        assert sorted(outcome == proposals.DECIDED for outcome in outcomes) == [False, True]
