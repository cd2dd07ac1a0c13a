"""A correction once everyone has signed: what it says, what holds, what becomes of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import pdf
from documents import circuit, subjects
from documents.enums import ProposalKind
from documents.models import Document, Signature, SignerProposal
from pfmp import avenants, documents, moving, services
from pfmp.documents import ConventionContent, Host, Person
from pfmp.models import Placement
from tests.factories import ContactFactory
from tests.pfmp.conftest import Scene
from tests.pfmp.papers import ADULT, BARE, EXTREME, ORDINARY, week

REASON = "Accord de l’entreprise et de la famille."
MORNINGS = "lun 08:00-12:00; mar 08:00-12:00; mer 08:00-12:00; jeu 08:00-12:00; ven 08:00-12:00"


# ------------------------------------------------------------------------------------------- what two papers differ by

names = st.text(min_size=1, max_size=30) | st.none()
contents = st.builds(
    lambda base, tutor, host, referent, signer, workplace, start, days, tasks, hours, note: replace(
        base,
        tutor=Person(name=tutor),
        host=Host(name=host, representative_name=signer, workplace=workplace),
        referent=Person(name=referent),
        start_date=start,
        end_date=start + timedelta(days=days),
        activities=tasks,
        days=hours,
        timetable_note=note,
    ),
    st.sampled_from([ORDINARY, ADULT, BARE, EXTREME]), names, st.text(min_size=1, max_size=30), names, names, names,
    st.dates(date(2025, 9, 1), date(2027, 7, 1)), st.integers(0, 200), names,
    st.sampled_from([(), week(("08:00", "12:00")), week(("08:00", "12:00"), ("13:00", "16:00"), days=4)]), names,
)  # fmt: skip


@given(contents, contents)
def test_what_was_said_and_what_changes_make_what_is_said(before: ConventionContent, after: ConventionContent):
    changes = avenants.changes(before, after)
    said = avenants.lines(before)
    assert all(said[change.label] == change.before != change.after for change in changes)
    assert said | {change.label: change.after for change in changes} == avenants.lines(after)


@given(contents, contents, contents)
def test_avenants_that_follow_each_other_lead_to_the_last(first, second, third):
    said = avenants.lines(first)
    for before, after in ((first, second), (second, third)):
        said |= {change.label: change.after for change in avenants.changes(before, after)}
    assert said == avenants.lines(third)


@given(contents)
def test_nothing_changed_makes_no_avenant(content):
    moved = replace(
        content, number="autre", version=7, tutor=replace(content.tutor, phone="0600000000", email="a@b.example")
    )
    assert avenants.changes(content, moved) == ()


def test_the_week_is_said_in_words():
    assert avenants.week(ORDINARY).startswith("lundi à vendredi : 8")
    assert avenants.week(ORDINARY).endswith("jours fériés non travaillés")
    assert avenants.week(replace(BARE, timetable_note="à voir")) == "à voir"


# ------------------------------------------------------------------------------------------------- from the form's door


def signed(scene: Scene, **changes: Any) -> Placement:
    """A placement whose convention everyone has signed."""
    placement = scene.placement(**changes)
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    sign(scene, document)
    placement.refresh_from_db()
    assert placement.status == "convention_signee"
    return placement


def sign(scene: Scene, document: Document) -> None:
    for row in Signature.objects.in_school(scene.school).filter(document=document, status="attendue", optional=False):
        circuit.note_paper(row, signed_on=timezone.localdate(), by=scene.cast.bde.user, now=timezone.now())
    document.refresh_from_db()


def correct(scene: Scene, placement: Placement, *, host: services.Host | None = None, reason: str = REASON,
            on: date | None = None, **changes: Any) -> Document | None:  # fmt: skip
    placement = Placement.objects.in_school(scene.school).select_related("school").get(pk=placement.pk)
    for name, value in changes.items():
        setattr(placement, name, value)
    return services.correct_placement(
        placement,
        host or services.Host(partner=placement.partner, signer=placement.signer, tutor=placement.tutor),
        version=placement.version,
        issue=False,
        by=scene.teacher.user,
        now=timezone.now(),
        changed=list(changes),
        amendment=services.Amendment(reason, on),
    ).document


def said(document: Document) -> dict[str, tuple[str, str]]:
    return {change["label"]: (change["before"], change["after"]) for change in document.changes}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "label", "after"),
    [
        ({"end_date": date(2026, 3, 20)}, "Dates", "du 2 au 20 mars 2026"),
        ({"place_address": "Chantier, 3 rue Haute, 02000 Laon"}, "Lieu d’accueil", "Chantier, 3 rue Haute, 02000 Laon"),
        ({"timetable": MORNINGS}, "Horaires", "lundi à vendredi : 8"),
        ({"tasks": "Pose de chemins de câbles"}, "Activités confiées", "Pose de chemins de câbles"),
    ],
)
def test_each_kind_of_change_is_an_avenant_and_the_convention_stays_signed(scene, changes, label, after):
    placement = signed(scene)
    convention = avenants.papers_of([placement])[placement.dossier_id].convention
    avenant = correct(scene, placement, **changes)
    assert avenant is not None and convention is not None
    assert (avenant.type, avenant.number, avenant.edition) == ("avenant_pfmp", "AVENANT-2026-00001", 1)
    assert avenant.amends == convention and avenant.effective_date == date(2026, 3, 2)
    assert said(avenant)[label][1].replace("\xa0", " ").startswith(after)
    placement.refresh_from_db()
    convention.refresh_from_db()
    assert placement.status == "convention_signee" and convention.completed_at and not convention.voided_at
    before = documents.ConventionContent.from_json(convention.content)
    now = documents.ConventionContent.from_json(avenant.content)
    assert avenants.lines(before) | {key: pair[1] for key, pair in said(avenant).items()} == avenants.lines(now)


@pytest.mark.django_db
def test_another_tutor_signs_the_avenant_and_the_paper_says_from_when(scene):
    placement = signed(scene)
    other = ContactFactory(school=scene.school, partner=scene.partner, first_name="Lise", last_name="Martin")
    avenant = correct(scene, placement, host=services.Host(partner=scene.partner, tutor=other), on=date(2026, 3, 9))
    assert said(avenant)["Tuteur"] == ("Yann Dupont", "Lise Martin")
    rows = {row.role: row for row in avenant.signatures.all()}
    assert rows["tuteur"].name == "Lise Martin" and len(rows) == 6
    html = documents.html(documents.ConventionContent.from_json(avenant.content))
    words = html.replace("\xa0", " ").replace("\u202f", " ")
    assert "Tuteur : Yann Dupont → Lise Martin, à compter du 9 mars 2026." in words
    assert f"Avenant n° <strong>{avenant.number}</strong> à la convention n° <strong>PFMP-2026-00001</strong>" in words
    assert REASON in words


@pytest.mark.django_db
def test_another_signer_and_another_referent_are_avenants_too(scene):
    placement = signed(scene)
    boss = ContactFactory(school=scene.school, partner=scene.partner, first_name="Ali", last_name="Petit", role="rh")
    host = services.Host(partner=scene.partner, signer=boss, tutor=scene.tutor)
    avenant = correct(scene, placement, host=host, referent_email=scene.cast.bde.email)
    assert said(avenant)["Signe pour l’entreprise"] == ("", "Ali Petit")
    assert said(avenant)["Enseignant référent"] == (scene.teacher.full_name, scene.cast.bde.full_name)


@pytest.mark.django_db
def test_avenants_follow_each_other_each_from_what_was_last_agreed(scene):
    placement = signed(scene)
    first = correct(scene, placement, tasks="Pose", on=date(2026, 3, 2))
    again = correct(scene, placement, tasks="Pose et réglage", on=date(2026, 3, 2))
    first.refresh_from_db()
    assert (again.number, again.edition, first.voided_at is not None) == (first.number, 2, True)
    assert said(again)["Activités confiées"] == ("Câblage", "Pose et réglage")
    found = avenants.papers_of([placement])[placement.dossier_id]
    assert found.waiting == again and found.in_force(date(2026, 3, 10)) == found.convention
    sign(scene, again)
    second = correct(scene, placement, tasks="Réglage", on=date(2026, 3, 16))
    assert (second.number, second.edition) == ("AVENANT-2026-00002", 1)
    assert said(second)["Activités confiées"] == ("Pose et réglage", "Réglage")
    assert second.content["earlier_avenants"] == [again.number]
    sign(scene, second)
    found = avenants.papers_of([placement])[placement.dossier_id]
    assert found.waiting is None and found.coming(date(2026, 3, 10)) == [second]
    assert [found.in_force(day) for day in (date(2026, 2, 20), date(2026, 3, 10), date(2026, 3, 16))] == [
        found.convention, again, second,
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="ne vaut pas avant"):
        correct(scene, placement, tasks="Autre", on=date(2026, 3, 4))


@pytest.mark.django_db
def test_a_change_taken_back_gives_the_waiting_avenant_up(scene):
    placement = signed(scene)
    avenant = correct(scene, placement, tasks="Pose")
    assert correct(scene, placement, tasks="Câblage") is None
    avenant.refresh_from_db()
    assert avenant.voided_at and set(avenant.signatures.values_list("status", flat=True)) == {"annulee"}
    assert avenants.papers_of([placement])[placement.dossier_id].avenants == ()


@pytest.mark.django_db
def test_an_avenant_needs_a_reason_and_a_day_that_can_be(scene):
    placement = signed(scene)
    for wrong in ({"reason": "  "}, {"on": date(2025, 1, 1)}, {"on": date(2026, 4, 1)}):
        with pytest.raises(ValidationError):
            correct(scene, placement, tasks="Pose", **wrong)
    placement.refresh_from_db()
    assert placement.tasks == "Câblage"
    assert not Document.objects.in_school(scene.school).filter(type="avenant_pfmp").exists()


@pytest.mark.django_db
def test_another_company_is_another_placement(scene):
    placement = signed(scene)
    elsewhere = ContactFactory(school=scene.school)
    with pytest.raises(ValidationError, match="annulez ce placement"):
        correct(scene, placement, host=services.Host(partner=elsewhere.partner, tutor=elsewhere))
    placement.refresh_from_db()
    assert placement.partner == scene.partner


@pytest.mark.django_db
def test_a_refused_avenant_moves_nothing_and_says_why(scene):
    placement = signed(scene)
    avenant = correct(scene, placement, tasks="Pose")
    row = avenant.signatures.get(role="tuteur")
    circuit.refuse(row, reason="Pas ces tâches.", by=scene.cast.bde.user, now=timezone.now())
    placement.refresh_from_db()
    assert placement.status == "convention_signee"
    found = avenants.papers_of([placement])[placement.dossier_id]
    assert found.waiting == avenant and found.in_force(date(2026, 3, 10)) == found.convention


@pytest.mark.django_db
def test_a_cancelled_placement_voids_its_avenants_too(scene):
    placement = signed(scene)
    agreed = correct(scene, placement, tasks="Pose")
    sign(scene, agreed)
    waiting = correct(scene, placement, tasks="Réglage")
    moving.move(placement, services.S.CANCELLED, by=scene.cast.bde.user, membership=scene.cast.bde, now=timezone.now())
    for paper in Document.objects.in_school(scene.school).filter(subject_id=placement.dossier_id):
        assert paper.voided_at and set(paper.signatures.values_list("status", flat=True)) == {"annulee"}
    assert {agreed.number, waiting.number} == {"AVENANT-2026-00001", "AVENANT-2026-00002"}


@pytest.mark.django_db
def test_in_the_company_an_avenant_holds_from_today_and_may_be_signed_until_the_end(scene):
    placement = signed(scene)
    with time_machine.travel("2026-03-10T09:00:00+01:00", tick=False):
        bde = {"by": scene.cast.bde.user, "membership": scene.cast.bde, "now": timezone.now()}
        moving.move(placement, services.S.ONGOING, **bde)
        avenant = correct(scene, placement, end_date=date(2026, 3, 20))
        assert avenant.effective_date == date(2026, 3, 10)
        kind = subjects.kind_of(avenant)
        assert kind.sign_before(avenant) == date(2026, 3, 20)
        placement.refresh_from_db()
        assert placement.status == "en_cours"


@pytest.mark.django_db
def test_the_form_asks_why_and_its_page_says_what_waits(scene, client):
    placement = signed(scene)
    client.force_login(scene.teacher.user)
    url = scene.url(f"placements/{placement.public_id}/modifier/")
    page = client.get(url).content.decode()
    assert "Tout le monde a signé la convention PFMP-2026-00001" in page and "AVENANT-2026-00001" in page
    form = scene.form(version=placement.version, tasks="Pose de goulottes")
    refused = client.post(url, form)
    assert refused.status_code == 422 and "Dites pourquoi la convention change" in refused.content.decode()
    done = client.post(url, form | {"amendment_reason": REASON, "effective_date": "2026-03-05"}, follow=True)
    shown = done.content.decode()
    assert "L’avenant AVENANT-2026-00001 est en préparation" in shown
    assert "Attend des signatures." in shown and "sans changement" in shown and "Pose de goulottes" in shown
    again = client.get(url).content.decode()
    assert "L’avenant AVENANT-2026-00001 attend encore des signatures" in again and REASON in again


@pytest.mark.django_db
def test_the_form_says_how_many_signatures_a_new_version_annuls(scene, client):
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    for role in ("tuteur", "enseignant_referent"):
        row = document.signatures.get(role=role)
        circuit.note_paper(row, signed_on=timezone.localdate(), by=scene.cast.bde.user, now=timezone.now())
    client.force_login(scene.teacher.user)
    page = client.get(scene.url(f"placements/{placement.public_id}/modifier/")).content.decode()
    assert "annulera les 2 signatures déjà données" in page


@pytest.mark.django_db
def test_the_paper_is_drawn_with_who_signed_in_the_boxes(scene):
    placement = signed(scene)
    avenant = correct(scene, placement, timetable=MORNINGS)
    marks = [subjects.Mark("tuteur", "Yann Dupont", "Signé en ligne le 11 février 2026"),
             subjects.Mark("chef_etablissement", "Marc Adam", "Signé sur papier", capacity="par délégation")]  # fmt: skip
    drawing = documents.draw_signed(avenant, marks)
    assert "Signé en ligne le 11 février 2026" in drawing.html
    assert "<strong>Marc Adam</strong>, par délégation" in drawing.html
    file = pdf.render(drawing.html, title=drawing.title, styles=drawing.styles, fit=drawing.fit)
    assert file.startswith(b"%PDF")


# --------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.django_db
def test_a_refusal_takes_the_placement_back_to_be_corrected_and_its_reason_is_told(scene, client):
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    row = document.signatures.get(role="organisme_accueil")
    circuit.refuse(row, reason="Les horaires ne vont pas.", by=scene.cast.bde.user, now=timezone.now())
    placement.refresh_from_db()
    assert placement.status == "confirme"
    client.force_login(scene.teacher.user)
    for url in (placement.get_absolute_url(), f"/etablissements/{scene.school.uai}/"):
        assert "Les horaires ne vont pas." in client.get(url).content.decode(), url
    board = client.get(scene.period.get_absolute_url()).content.decode()
    assert "Convention refusée" in board and "Les horaires ne vont pas." in board
    circuit.reopen(row, by=scene.cast.bde.user, now=timezone.now())
    placement.refresh_from_db()
    assert placement.status == "convention_editee"


@pytest.mark.django_db
def test_a_refused_convention_corrected_is_its_next_version(scene):
    placement = scene.placement()
    first = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    row = first.signatures.get(role="tuteur")
    circuit.refuse(row, reason="Non.", by=scene.cast.bde.user, now=timezone.now())
    assert correct(scene, placement, tasks="Pose") is None  # saved without issuing: the former one no longer counts
    first.refresh_from_db()
    assert first.voided_at
    placement.refresh_from_db()
    moving.move(placement, services.S.ISSUED, by=scene.cast.bde.user, membership=scene.cast.bde, now=timezone.now())
    last = avenants.papers_of([placement])[placement.dossier_id].convention
    assert (last.number, last.edition) == (first.number, 2)
    placement.refresh_from_db()
    assert placement.status == "convention_editee"


# -------------------------------------------------------------------------------------------------------- proposals


def propose(signature: Signature, kind: ProposalKind, **said: str) -> SignerProposal:
    return SignerProposal.objects.create(school=signature.school, signature=signature, kind=kind, **said)


def accept(scene: Scene, proposal: SignerProposal) -> None:
    kind = subjects.kind_of(proposal.signature.document)
    kind.apply_proposal(proposal, by=scene.cast.bde.user, now=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("everyone", [False, True])
def test_another_tutor_proposed_is_a_new_version_or_an_avenant(scene, everyone):
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    if everyone:
        sign(scene, document)
    row = document.signatures.get(role="tuteur")
    accept(scene, propose(row, ProposalKind.TUTOR, last_name="Martin", first_name="Lise", email="lise@x.example"))
    placement.refresh_from_db()
    assert str(placement.tutor) == "Lise Martin"
    found = avenants.papers_of([placement])[placement.dossier_id]
    paper = found.waiting if everyone else found.convention
    assert paper.signatures.get(role="tuteur").email == "lise@x.example"
    assert (paper.type, paper.edition) == (("avenant_pfmp", 1) if everyone else ("convention_pfmp", 2))
    assert placement.status == ("convention_signee" if everyone else "convention_editee")


@pytest.mark.django_db
def test_another_signer_proposed_signs_the_new_version(scene):
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    row = document.signatures.get(role="organisme_accueil")
    accept(scene, propose(row, ProposalKind.SIGNER, last_name="Roche", first_name="Nadia", position="Gérante"))
    placement.refresh_from_db()
    assert str(placement.signer) == "Nadia Roche"
    last = avenants.papers_of([placement])[placement.dossier_id].convention
    assert last.edition == 2 and last.signatures.get(role="organisme_accueil").name == "Nadia Roche"


@pytest.mark.django_db
def test_a_corrected_address_follows_in_the_files_and_on_the_signature_without_a_new_version(scene):
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    row = document.signatures.get(role="tuteur")
    accept(scene, propose(row, ProposalKind.CORRECTION, email="yann.neuf@x.example", phone="0611223344"))
    scene.tutor.refresh_from_db()
    row.refresh_from_db()
    assert scene.tutor.email == row.email == "yann.neuf@x.example" and row.phone == "0611223344"
    guardian = document.signatures.get(role="responsable_legal")
    accept(scene, propose(guardian, ProposalKind.CORRECTION, email="anne.neuf@x.example"))
    scene.student.refresh_from_db()
    assert scene.student.guardian_email == "anne.neuf@x.example"
    assert avenants.papers_of([placement])[placement.dossier_id].convention == document


@pytest.mark.django_db
def test_a_corrected_name_is_printed_on_a_new_version(scene):
    placement = scene.placement()
    document = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    row = document.signatures.get(role="tuteur")
    accept(scene, propose(row, ProposalKind.CORRECTION, last_name="Dupond", first_name="Yann"))
    last = avenants.papers_of([placement])[placement.dossier_id].convention
    assert last.edition == 2 and last.content["tutor"]["name"] == "Yann Dupond"
