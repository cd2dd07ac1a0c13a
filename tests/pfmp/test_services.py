"""Verbs on placements: what they leave, what they refuse, and that nothing is half done."""

import threading
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from core.models import AuditEvent, Job
from documents import circuit
from documents import services as papers
from documents.models import Document, PaperModel, Signature
from documents.wording import versions
from partners.models import Contact, Partner
from pfmp import documents, moving, paper_text, selectors, services
from pfmp.enums import PlacementStatus
from pfmp.models import Placement
from pfmp.rules import moves
from schools.models import Membership
from tests.factories import (
    ClassFactory,
    ContactFactory,
    MembershipFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolFactory,
    StudentFactory,
)
from tests.pfmp.conftest import Scene
from tests.pfmp.rules_cast import WEEK_35H

S = PlacementStatus


def issue(scene: Scene, placement: Placement, **more) -> Document:
    return services.issue_convention(placement, by=scene.teacher.user, now=timezone.now(), **more)


def sign(document: Document, by: Membership, *, but: str = "") -> None:
    for row in Signature.objects.in_school(document.school_id).filter(document=document).exclude(role=but):
        circuit.note_paper(row, signed_on=timezone.localdate(), by=by.user, now=timezone.now())


@pytest.mark.django_db
def test_nothing_stays_of_a_placement_that_the_rules_refuse(scene):
    placement = Placement(
        school=scene.school, student=scene.student, period=scene.period, start_date=scene.period.start_date,
        end_date=scene.period.end_date, tasks="", timetable=WEEK_35H,
    )  # fmt: skip
    host = services.Host(new_partner=services.NewPartner("Garage des Tilleuls", city="Laon"))
    with pytest.raises(ValidationError, match="référent"):
        services.log_placement(placement, host, as_lead=False, by=scene.teacher.user, now=timezone.now())
    assert not Partner.objects.in_school(scene.school).filter(name="Garage des Tilleuls").exists()
    assert Placement.objects.in_school(scene.school).count() == 1 and not Job.objects.exists()


@pytest.mark.django_db
def test_a_known_tutor_typed_again_is_the_same_person_with_what_was_missing(scene):
    typed = services.NewContact("DUPONT", "yann", position="Chef d’atelier", phone="03 23 00 00 00")
    found = services.contact_of(scene.partner, typed, by=scene.teacher.user)
    assert found.pk == scene.tutor.pk
    assert (found.position, found.phone, found.last_name) == ("Chef d’atelier", "03 23 00 00 00", "Dupont")
    kept = services.contact_of(scene.partner, services.NewContact("Dupont", "Yann", position="Autre"), by=None)
    assert kept.position == "Chef d’atelier"
    assert Contact.objects.in_school(scene.school).count() == 1


@pytest.mark.django_db
def test_numbers_follow_each_other_by_school_and_year(scene):
    other = SchoolFactory()
    assert papers.next_number(other, "convention_pfmp", 2026) == "PFMP-2026-00001"
    first = issue(scene, scene.placement())
    contact = ContactFactory(school=scene.school)
    second = issue(scene, scene.placement(student=scene.pupil(), partner=contact.partner, tutor=contact))
    assert (first.number, second.number) == ("PFMP-2026-00001", "PFMP-2026-00002")
    assert papers.next_number(scene.school, "convention_pfmp", 2027) == "PFMP-2027-00001"
    Document.objects.in_school(scene.school).filter(pk=second.pk).update(number="PFMP-2026-importé")
    assert papers.next_number(scene.school, "convention_pfmp", 2026) == "PFMP-2026-00002"


@pytest.mark.django_db
def test_the_last_signature_completes_the_convention_and_taking_one_back_undoes_it(scene):
    placement = scene.placement()
    document = issue(scene, placement)
    sign(document, scene.cast.bde, but="chef_etablissement")
    placement.refresh_from_db()
    assert placement.status == S.ISSUED
    head = Signature.objects.in_school(scene.school).get(document=document, role="chef_etablissement")
    circuit.note_paper(head, signed_on=timezone.localdate(), by=scene.cast.head.user, now=timezone.now())
    placement.refresh_from_db()
    assert placement.status == S.SIGNED
    assert head.date == timezone.now() and head.updated_by == scene.cast.head.user
    circuit.reopen(head, by=scene.cast.head.user, now=timezone.now())
    placement.refresh_from_db()
    assert placement.status == S.ISSUED and head.date is None


@pytest.mark.django_db
def test_a_new_edition_voids_the_former_signatures_and_is_signed_afresh(scene):
    placement = scene.placement()
    first = issue(scene, placement)
    sign(first, scene.cast.bde)
    placement.refresh_from_db()
    second = issue(scene, placement, replaces=first)
    placement.refresh_from_db()
    assert (second.number, second.edition, placement.status) == (first.number, 2, S.ISSUED)
    assert set(first.signatures.values_list("status", flat=True)) == {"annulee"}
    assert set(second.signatures.values_list("status", flat=True)) == {"attendue"}
    row = first.signatures.first()
    with pytest.raises(ValidationError):
        circuit.note_paper(row, signed_on=timezone.localdate(), by=scene.teacher.user, now=timezone.now())
    assert selectors.latest_papers([placement]) == {placement.dossier_id: second}


@pytest.mark.django_db
def test_what_was_frozen_does_not_follow_the_data(scene):
    document = issue(scene, scene.placement())
    Partner.objects.in_school(scene.school).filter(pk=scene.partner.pk).update(name="Autre nom")
    document.refresh_from_db()
    assert documents.ConventionContent.from_json(document.content).host.name == "Atelier Dupont"


@pytest.mark.django_db
def test_a_school_s_own_text_is_frozen_by_its_version(scene):
    PaperModel.objects.create(school=scene.school, type="convention_pfmp", number=3, articles={"1": "Notre objet."})
    document = issue(scene, scene.placement())
    assert document.template_version.endswith("+lycee-3")
    PaperModel.objects.create(school=scene.school, type="convention_pfmp", number=4, articles={"1": "Plus tard."})
    assert versions.text_of(document, paper_text.MODEL).articles[0].text == "Notre objet."
    assert versions.text_for(scene.school, paper_text.MODEL).articles[0].text == "Plus tard."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "guardian", "role"),
    [
        (date(2009, 1, 15), "Anne Meziane", "responsable_legal"),
        (date(2007, 1, 15), "Anne Meziane", "eleve"),
        (None, "", "eleve"),
    ],
)
def test_the_guardian_signs_for_a_minor(scene, born, guardian, role):
    pupil = scene.pupil(birth_date=born, guardian_name=guardian)
    document = issue(scene, scene.placement(student=pupil))
    roles = set(document.signatures.filter(optional=False).values_list("role", flat=True))
    assert role in roles and len(roles) == 5


@pytest.mark.django_db
def test_only_the_table_moves_a_placement(scene):
    """Every pair of statuses: outside of the table, nothing changes and the reason is a sentence."""
    placement = scene.placement()
    for source, target in product(S, S):
        if moves.find(source, target) is not None:
            continue
        Placement.objects.in_school(scene.school).filter(pk=placement.pk).update(status=source)
        placement.refresh_from_db()
        with pytest.raises(ValidationError):
            moving.move(placement, target, by=scene.cast.bde.user, membership=scene.cast.bde, now=timezone.now())
        placement.refresh_from_db()
        assert placement.status == source


@pytest.mark.django_db
def test_a_move_is_compare_and_set(scene):
    placement = scene.placement(status="pressenti")
    stale = Placement.objects.in_school(scene.school).get(pk=placement.pk)
    bde = {"by": scene.cast.bde.user, "membership": scene.cast.bde, "now": timezone.now()}
    moving.move(placement, S.CANCELLED, **bde)
    with pytest.raises(ValidationError, match="vient de changer"):
        moving.move(stale, S.CANCELLED, **bde)
    assert AuditEvent.objects.filter(verb="pfmp.placement_moved").count() == 1


@pytest.mark.django_db
def test_nobody_leaves_without_the_complete_convention(scene):
    """R-CONV-04."""
    placement = scene.placement(
        start_date=date(2026, 2, 2), end_date=date(2026, 2, 27), accepted_alerts={"R-PERIODE-01": "Oui."}
    )
    document = issue(scene, placement)
    bde = {"by": scene.cast.bde.user, "membership": scene.cast.bde, "now": timezone.now()}
    placement.refresh_from_db()
    with pytest.raises(ValidationError):
        moving.move(placement, S.ONGOING, **bde)
    sign(document, scene.cast.bde)
    placement.refresh_from_db()
    moving.move(placement, S.ONGOING, **bde)
    assert placement.status == S.ONGOING
    with pytest.raises(ValidationError, match="dernier jour"):
        moving.move(placement, S.FINISHED, **bde)


@pytest.mark.django_db(transaction=True)
def test_papers_issued_at_once_have_numbers_of_their_own(settings):
    """Race-safe on both databases."""
    school = SchoolFactory()
    school_class = ClassFactory(school=school, diploma="Bac pro")
    period = PeriodFactory(school=school, school_class=school_class)
    author = MembershipFactory(school=school)
    placements = []
    for _ in range(6):
        contact = ContactFactory(school=school)
        student = StudentFactory(school=school, birth_date=date(2007, 1, 1))
        placements.append(
            PlacementFactory(
                school=school,
                period=period,
                student=student,
                partner=contact.partner,
                tutor=contact,
                timetable=WEEK_35H,
                tasks="Câblage",
                referent_email=f"{student.last_name}@lycee.example",
            )
        )
    failures: list[Exception] = []

    def work(placement: Placement) -> None:
        try:
            services.issue_convention(placement, by=author.user, now=timezone.now())
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[placement]) for placement in placements]
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        for thread in threads:  # one shared memory database: threads would share its connection
            thread.run()
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    numbers = sorted(Document.objects.in_school(school).values_list("number", flat=True))
    assert len(set(numbers)) == 6 and numbers[-1].endswith("00006")
    assert Job.objects.filter(kind="pfmp.render_convention").count() == 6


def test_the_table_of_moves_is_the_one_of_the_docs():
    assert moves.as_markdown() in (Path(__file__).parents[2] / "docs" / "placements.md").read_text("utf-8")
