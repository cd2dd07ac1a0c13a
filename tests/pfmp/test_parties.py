"""Who signs a convention, and where their links go."""

from datetime import date

import pytest
from django.utils import timezone

from documents import circuit, subjects
from documents.enums import SignatureRole
from documents.models import Document, Signature
from pfmp import services
from tests.factories import ContactFactory
from tests.pfmp.conftest import Scene


def issue(scene: Scene, **changes) -> tuple[Document, dict[str, Signature]]:
    placement = scene.placement(**changes)
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    return document, {row.role: row for row in Signature.objects.in_school(scene.school).filter(document=document)}


@pytest.mark.django_db
def test_each_party_is_asked_at_the_address_on_file(scene):
    ContactFactory(
        school=scene.school, partner=scene.partner, last_name="Roche", first_name="Nadia", role="dirigeant",
        position="Gérante", email="nadia@roche.example", phone="0323000001",
    )  # fmt: skip
    scene.tutor.email, scene.tutor.position = "yann@dupont.example", "Chef d’atelier"
    scene.tutor.save()
    scene.student.guardian_email, scene.student.guardian_phone = "anne@famille.example", "0600000001"
    scene.student.save()
    _, rows = issue(scene)
    said = {role: (row.name, row.position, row.email) for role, row in rows.items()}
    assert said["organisme_accueil"] == ("Nadia Roche", "Gérante", "nadia@roche.example")
    assert said["tuteur"] == ("Yann Dupont", "Chef d’atelier", "yann@dupont.example")
    assert said["responsable_legal"] == ("Anne Meziane", "", "anne@famille.example")
    assert rows["responsable_legal"].phone == "0600000001"
    assert said["enseignant_referent"] == (scene.teacher.full_name, "", scene.teacher.email)
    assert said["chef_etablissement"][2] == scene.cast.head.email


@pytest.mark.django_db
def test_who_is_chosen_to_sign_passes_before_who_leads_the_company(scene):
    ContactFactory(school=scene.school, partner=scene.partner, last_name="Roche", role="dirigeant")
    chosen = ContactFactory(
        school=scene.school,
        partner=scene.partner,
        last_name="Petit",
        first_name="Ali",
        role="rh",
        email="ali@x.example",
    )
    document, rows = issue(scene, signer=chosen)
    assert (rows["organisme_accueil"].name, rows["organisme_accueil"].email) == ("Ali Petit", "ali@x.example")
    assert document.content["host"]["representative_name"] == "Ali Petit"


@pytest.mark.django_db
def test_without_an_address_of_their_own_the_company_s_mailbox_is_written_to(scene):
    scene.partner.email = "accueil@dupont.example"
    scene.partner.save()
    _, rows = issue(scene)
    assert rows["organisme_accueil"].email == "accueil@dupont.example"
    assert rows["tuteur"].email == scene.tutor.email


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "guardian", "asked", "besides"),
    [
        (date(2009, 1, 15), "Anne Meziane", "responsable_legal", {"eleve"}),
        (date(2007, 1, 15), "Anne Meziane", "eleve", set()),
        (None, "Anne Meziane", "responsable_legal", set()),
        (None, "", "eleve", set()),
    ],
)
def test_a_minor_may_sign_beside_the_guardian_and_nobody_waits_for_it(scene, born, guardian, asked, besides):
    _, rows = issue(scene, student=scene.pupil(birth_date=born, guardian_name=guardian))
    needed = {role for role, row in rows.items() if not row.optional}
    assert asked in needed and len(needed) == 5
    assert {role for role, row in rows.items() if row.optional} == besides


@pytest.mark.django_db
def test_a_minor_s_own_signature_is_counted_once_given_and_holds_nothing_back(scene):
    document, rows = issue(scene)
    own = rows.pop("eleve")
    by, now = scene.cast.bde.user, timezone.now()
    circuit.refuse(own, reason="Je ne veux pas.", by=by, now=now)
    placement = services.Placement.objects.in_school(scene.school).get(dossier_id=document.subject_id)
    assert placement.status == "convention_editee"  # a refusal that nobody waits for moves nothing
    for row in rows.values():
        circuit.note_paper(row, signed_on=timezone.localdate(), by=by, now=now)
    placement.refresh_from_db()
    assert placement.status == "convention_signee"
    assert Signature.objects.in_school(scene.school).filter(document=document).counted().count() == 5
    circuit.reopen(own, by=by, now=now)
    circuit.note_paper(own, signed_on=timezone.localdate(), by=by, now=now)
    assert Signature.objects.in_school(scene.school).filter(document=document).counted().count() == 6
    placement.refresh_from_db()
    assert placement.status == "convention_signee"


@pytest.mark.django_db
def test_the_second_guardian_may_give_the_guardian_s_signature(scene):
    document, _ = issue(scene)
    assert list(subjects.also_asked(document, SignatureRole.GUARDIAN)) == []
    scene.student.guardian2_name, scene.student.guardian2_email = "Karim Meziane", "karim@famille.example"
    scene.student.save()
    (other,) = subjects.also_asked(document, SignatureRole.GUARDIAN)
    assert (other.name, other.email, other.phone) == ("Karim Meziane", "karim@famille.example", "")
    assert list(subjects.also_asked(document, SignatureRole.TUTOR)) == []


@pytest.mark.django_db
def test_links_die_on_the_first_day_of_the_placement(scene):
    document, _ = issue(scene)
    kind = subjects.kind_of(document)
    assert kind is not None and kind.sign_before(document) == date(2026, 3, 2)
