"""The pages of PFMP, by their front door."""

import hashlib
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import jobs
from core.models import Job
from documents import circuit
from documents.models import Document, Reminder, Signature
from partners.models import Contact, Partner
from pfmp import selectors, services
from pfmp.models import Placement, Visit
from tests.factories import (
    ClassFactory,
    ContactFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolingFactory,
    StudentFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db


def logged(scene, client: Client, **changes) -> Placement:
    """A placement logged by the form, as the teacher."""
    client.force_login(scene.teacher.user)
    response = client.post(scene.new_url(), scene.form(**changes))
    assert response.status_code == 302, response.context["form"].errors
    return Placement.objects.in_school(scene.school).get(student=scene.student)


def key_of(client: Client, url: str) -> str:
    return client.get(url).context["form"]["creation_key"].value()


# ------------------------------------------------------------------------------------------------- the teacher's story


def test_a_teacher_logs_a_placement_and_opens_its_convention(scene, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    placement = logged(scene, client)
    assert placement.status == "convention_editee"
    assert placement.timetable.startswith("lun 08:00-12:00 13:00-16:00; mar")
    document = Document.objects.in_school(scene.school).get(subject_id=placement.dossier_id)
    assert (document.number, document.edition) == ("PFMP-2026-00001", 1)
    rows = Signature.objects.in_school(scene.school).filter(document=document, optional=False)
    assert {row.role for row in rows} == {
        "organisme_accueil", "tuteur", "responsable_legal", "enseignant_referent", "chef_etablissement",
    }  # fmt: skip
    page = client.get(placement.get_absolute_url())
    assert "est en préparation" in page.content.decode()
    assert jobs.run_waiting() == 1
    document.refresh_from_db()
    file = client.get(f"{document.get_absolute_url()}fichier/")
    content = b"".join(file.streaming_content)
    assert file["Content-Disposition"] == 'attachment; filename="PFMP-2026-00001.pdf"'
    assert content.startswith(b"%PDF") and hashlib.sha256(content).hexdigest() == document.sha256
    progress = client.get(f"{document.get_absolute_url()}preparation/", headers={"HX-Request": "true"})
    assert "Télécharger le PDF" in progress.content.decode()


def test_a_new_company_its_tutor_and_its_signer_are_typed_once(scene, client):
    client.force_login(scene.teacher.user)
    url = scene.new_url()
    typed = scene.form(
        partner=None, partner_id=None, tutor=None, new_name="Garage des Tilleuls", new_postal_code="02000",
        new_city="Laon", new_naf="45.20a", tutor_last_name="Roche", tutor_first_name="Karim",
        signer_last_name="Roche", signer_first_name="Nadia", creation_key=key_of(client, url),
    )  # fmt: skip
    first = client.post(url, typed)
    second = client.post(url, typed)
    assert (first.status_code, first.url) == (302, second.url)
    partner = Partner.objects.in_school(scene.school).get(name="Garage des Tilleuls")
    assert (partner.naf, partner.status, partner.first_contact_date) == ("45.20A", "actif", date(2026, 2, 10))
    people = Contact.objects.in_school(scene.school).filter(partner=partner)
    assert {(one.last_name, one.first_name, one.role) for one in people} == {
        ("Roche", "Karim", "tuteur"), ("Roche", "Nadia", "dirigeant"),
    }  # fmt: skip
    placement = Placement.objects.in_school(scene.school).get(student=scene.student)
    assert placement.tutor.first_name == "Karim"
    document = Document.objects.in_school(scene.school).get()
    assert document.content["host"]["representative_name"] == "Nadia Roche"


@pytest.mark.parametrize("same", [{"new_siret": "732 829 320 00074"}, {"new_postal_code": "02000"}])
def test_a_company_already_there_is_proposed_instead_of_a_twin(scene, client, same):
    Partner.objects.in_school(scene.school).filter(pk=scene.partner.pk).update(postal_code="02000")
    client.force_login(scene.teacher.user)
    typed = {"new_name": "ATELIER Dupont", "new_city": "Laon", "tutor_last_name": "Dupont", "tutor_first_name": "Yann"}
    form = scene.form(partner=None, partner_id=None, tutor=None, **typed | same)
    response = client.post(scene.new_url(), form)
    assert response.status_code == 422
    page = response.content.decode()
    assert str(scene.partner.public_id) in page and "ATELIER Dupont" in page
    assert client.post(scene.new_url(), form | {"partner_id": str(scene.partner.public_id)}).status_code == 302
    assert Partner.objects.in_school(scene.school).count() == 1
    assert Contact.objects.in_school(scene.school).count() == 1  # the tutor's card is found again too


def test_a_company_is_chosen_among_several_whatever_words_found_it(scene, client):
    twin = PartnerFactory(school=scene.school, name="Atelier Dupré", siret="")
    client.force_login(scene.teacher.user)
    several = client.post(scene.new_url(), scene.form(partner="atelier", partner_id=None, tutor=None))
    assert several.status_code == 422 and str(twin.public_id) in several.content.decode()
    chosen = scene.form(partner="atelier", partner_id=str(twin.public_id), tutor=None, tutor_last_name="Petit")
    assert client.post(scene.new_url(), chosen).status_code == 302
    assert Placement.objects.in_school(scene.school).get(student=scene.student).partner == twin


def test_another_company_of_the_same_name_can_be_said_to_be_another(scene, client):
    Partner.objects.in_school(scene.school).filter(pk=scene.partner.pk).update(postal_code="02000", siret="")
    client.force_login(scene.teacher.user)
    form = scene.form(
        partner=None, partner_id=None, tutor=None, new_name="Atelier Dupont", new_postal_code="02000", partner_other="1",
        tutor_last_name="Petit",
    )  # fmt: skip
    assert client.post(scene.new_url(), form).status_code == 302
    assert Partner.objects.in_school(scene.school).filter(name="Atelier Dupont").count() == 2


def test_what_blocks_refuses_and_keeps_what_was_typed_or_a_lead(scene, client):
    client.force_login(scene.teacher.user)
    form = scene.form(tutor=None, timetable_lun_soir_a="19:00")  # no tutor; ten hours on Monday for a minor
    response = client.post(scene.new_url(), form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Aucun tuteur n’est désigné" in page and "Câblage d’armoires électriques" in page and 'value="19:00"' in page
    assert not Placement.objects.in_school(scene.school).filter(student=scene.student).exists()
    assert client.post(scene.new_url(), form | {"sans_editer": "1"}).status_code == 302
    placement = Placement.objects.in_school(scene.school).get(student=scene.student)
    assert placement.status == "pressenti"
    assert not Document.objects.in_school(scene.school).exists() and not Job.objects.exists()


def test_an_alert_asks_for_a_reason_that_is_kept_and_printed(scene, client):
    client.force_login(scene.teacher.user)
    form = scene.form(end_date="2026-03-30")  # outside of the period
    response = client.post(scene.new_url(), form)
    assert response.status_code == 422 and "reason_R-PERIODE-01" in response.content.decode()
    assert client.post(scene.new_url(), form | {"reason_R-PERIODE-01": "Rattrapage d’absences."}).status_code == 302
    placement = Placement.objects.in_school(scene.school).get(student=scene.student)
    assert placement.accepted_alerts == {"R-PERIODE-01": "Rattrapage d’absences."}
    (alert,) = Document.objects.in_school(scene.school).get().content["alerts"]
    assert alert["reason"] == "Rattrapage d’absences."


def test_a_missing_datum_is_named_and_never_conforming(scene, client):
    client.force_login(scene.teacher.user)
    unknown = scene.pupil(birth_date=None)
    response = client.post(
        scene.url(f"placements/regles/{unknown.public_id}/"), scene.form(), headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert "date de naissance" in page and "Conforme" not in page
    assert not Placement.objects.in_school(scene.school).filter(student=unknown).exists()


def test_the_rules_answer_while_one_types_without_writing(scene, client):
    client.force_login(scene.teacher.user)
    url = scene.url(f"placements/regles/{scene.student.public_id}/")
    assert "n’ont rien à signaler" in client.post(url, scene.form()).content.decode()
    late = client.post(url, scene.form(timetable_lun_soir_a="19:00")).content.decode()
    assert "R-MIN-01" in late
    assert "dès que la période et les dates" in client.post(url, scene.form(start_date="32/13/2026")).content.decode()
    assert (
        Placement.objects.in_school(scene.school).count() == 1 and not Document.objects.in_school(scene.school).exists()
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start_date": "2026-03-27", "end_date": "2026-03-02"}, "La date de fin est avant la date de début."),
        ({"start_date": "hier"}, "date valide"),
        ({"end_date": "2036-03-02"}, "plus d’un an"),
        ({"partner": None, "partner_id": None}, "Choisissez une entreprise"),
        ({"partner_id": "pas-un-identifiant", "partner": "Inconnue SARL"}, "Aucun partenaire de ce nom"),
        ({"timetable_lun_soir_a": None}, "Lundi : il manque la fin"),
        ({"timetable_lun_matin_de": "25:00"}, "plage HH:MM-HH:MM"),
        ({"new_siret": "123", "new_name": "X"}, "Ce SIRET n’est pas juste"),
        ({"period": 999999}, "choix"),
        ({"tutor_email": "pas une adresse", "tutor": None, "tutor_last_name": "Roche"}, "adresse"),
        ({"referent_email": "quelquun@ailleurs.example"}, "choix"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(scene, client, changes, sentence):
    client.force_login(scene.teacher.user)
    response = client.post(scene.new_url(), scene.form(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page and "Câblage d’armoires électriques" in page
    assert not Placement.objects.in_school(scene.school).filter(student=scene.student).exists()


def test_the_first_question_is_whose_placement(scene, client):
    client.force_login(scene.teacher.user)
    url = scene.url("placements/nouveau/")
    page = client.get(url, {"partenaire": str(scene.partner.public_id)}).content.decode()
    assert "Meziane Rayan" in page and f"partenaire={scene.partner.public_id}" in page
    found = client.get(url, {"student": "meziane rayan"})
    assert found.status_code == 302 and str(scene.student.public_id) in found.url
    assert "Aucun de vos élèves" in client.get(url, {"student": "inconnu"}).content.decode()


def test_the_last_placement_of_a_company_is_proposed(scene, client):
    client.force_login(scene.teacher.user)
    page = client.get(f"{scene.new_url()}&partenaire={scene.partner.public_id}")
    assert page.context["form"]["timetable"].value().startswith("lun 08:00")
    assert "Atelier Dupont" in page.content.decode()


# ----------------------------------------------------------------------------------------------------------- who sees


def test_a_teacher_meets_only_their_own_pupils(scene, client):
    other_class = ClassFactory(school=scene.school)
    stranger = StudentFactory(school=scene.school)
    SchoolingFactory(school=scene.school, student=stranger, school_class=other_class)
    period = PeriodFactory(school=scene.school, school_class=other_class)
    elsewhere = PlacementFactory(school=scene.school, period=period, student=stranger, partner=scene.partner)
    visit = VisitFactory(school=scene.school, placement=elsewhere)
    client.force_login(scene.teacher.user)
    assert client.get(elsewhere.get_absolute_url()).status_code == 404
    assert client.get(visit.get_absolute_url()).status_code == 404
    assert client.get(period.get_absolute_url()).status_code == 404
    assert client.get(scene.url(f"eleves/{stranger.public_id}/")).status_code == 404
    assert client.post(scene.url(f"placements/regles/{stranger.public_id}/"), scene.form()).status_code == 404
    assert client.post(scene.new_url(stranger), scene.form()).status_code == 200  # asks whose placement, writes nothing
    tab = client.get(scene.url(f"entreprises/{scene.partner.public_id}/")).content.decode()
    assert "Aubry Enzo" in tab and str(stranger) not in tab
    timeline = client.get(scene.partner.get_absolute_url()).content.decode()
    assert "Enzo Aubry" in timeline and stranger.full_name not in timeline
    client.force_login(scene.cast.bde.user)
    assert str(stranger) in client.get(scene.url(f"entreprises/{scene.partner.public_id}/")).content.decode()


def test_following_a_placement_opens_the_pupil_and_the_company_s_people(scene, client):
    other_class = ClassFactory(school=scene.school)
    pupil = StudentFactory(school=scene.school)
    period = PeriodFactory(school=scene.school, school_class=other_class)
    partner = PartnerFactory(school=scene.school)
    followed = PlacementFactory(
        school=scene.school, period=period, student=pupil, partner=partner, referent_email=scene.teacher.email.upper()
    )
    client.force_login(scene.teacher.user)
    assert client.get(followed.get_absolute_url()).status_code == 200
    assert client.get(pupil.get_absolute_url()).status_code == 200


def test_each_role_has_its_door(scene, client):
    placement = scene.placement()
    for member, reads, writes in (
        (scene.cast.bde, 200, 200), (scene.cast.ddfpt, 200, 200), (scene.cast.head, 200, 403),
        (scene.cast.office, 200, 403), (scene.cast.reader, 403, 403), (scene.cast.stranger, 404, 404),
    ):  # fmt: skip
        client.force_login(member.user)
        assert client.get(scene.url("")).status_code == reads
        assert client.get(placement.get_absolute_url()).status_code == reads
        assert client.get(scene.period.get_absolute_url()).status_code == reads
        assert client.get(scene.new_url()).status_code == writes
        assert client.get(f"{placement.get_absolute_url()}modifier/").status_code == writes


# ------------------------------------------------------------------------------------------------------------ the board


def test_the_board_counts_and_names_those_without_a_place(scene, client):
    scene.placement()
    exempted = scene.pupil(last_name="Tessier")
    scene.period.exemptions.create(school=scene.school, student=exempted)
    client.force_login(scene.teacher.user)
    page = client.get(scene.url(""))
    (line,) = page.context["lines"]
    assert (line.sums.expected, line.sums.solved, line.sums.secured) == (2, 1, 0)
    assert [row.student.last_name for row in line.named] == ["Aubry"]  # a lead is not a place
    assert dict(page.context["sums"]) == {"piste_en_cours": 1, "place_trouvee": 1, "dispense": 1}
    filtered = client.get(scene.url(""), {"etape": "place_trouvee"})
    assert [row.student.last_name for row in filtered.context["lines"][0].named] == ["Meziane"]
    assert client.get(scene.url(""), {"etape": "nimporte", "niveau": "x", "periodes": "y"}).status_code == 200


def test_the_board_costs_the_same_for_twenty_pupils_as_for_two(scene, client):
    client.force_login(scene.cast.bde.user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(scene.url("")).status_code == 200
            assert client.get(scene.period.get_absolute_url()).status_code == 200
        return len(found)

    few = cost()
    for number in range(18):
        scene.placement(student=scene.pupil(), status="pressenti" if number % 3 else "confirme")
    for _ in range(3):
        PeriodFactory(school=scene.school, school_class=ClassFactory(school=scene.school))
    assert cost() == few


def test_a_period_s_board_says_the_next_thing_to_do(scene, client):
    placement = scene.placement()
    client.force_login(scene.teacher.user)
    page = client.get(scene.period.get_absolute_url())
    assert [(line.row.student.last_name, line.do[0]) for line in page.context["lines"]] == [
        ("Aubry", "Compléter la piste"),
        ("Meziane", "Éditer la convention"),
    ]
    # a place is expected 35 days before the last day with lessons, Friday 27 February
    assert page.context["lines"][0].row.days_late == 18
    only = client.get(scene.period.get_absolute_url(), {"etape": "place_trouvee"})
    assert [line.row.placement for line in only.context["lines"]] == [placement]


# ------------------------------------------------------------------------------------------------ correcting and moving


def test_a_correction_of_an_issued_convention_makes_a_new_edition_once_confirmed(scene, client):
    placement = logged(scene, client)
    document = Document.objects.in_school(scene.school).get()
    Signature.objects.in_school(scene.school).filter(document=document, role="tuteur").update(status="signee_papier")
    url = f"{placement.get_absolute_url()}modifier/"
    page = client.get(url)
    assert "il faudra la signer de nouveau" in page.content.decode()
    placement.refresh_from_db()
    form = scene.form(version=placement.version, end_date="2026-03-20")
    refused = client.post(url, form)
    assert refused.status_code == 422 and "nouvelle version" in refused.content.decode()
    assert client.post(url, form | {"confirm_edition": "on"}).status_code == 302
    last = Document.objects.in_school(scene.school).order_by("-edition").first()
    assert (last.number, last.edition, last.content["end_date"]) == (document.number, 2, "2026-03-20")
    former = Signature.objects.in_school(scene.school).filter(document=document).values_list("status", flat=True)
    assert set(former) == {"annulee"}
    assert "Version remplacée" in client.get(document.get_absolute_url()).content.decode()


def test_a_correction_that_the_paper_does_not_say_changes_no_paper(scene, client):
    placement = logged(scene, client)
    placement.refresh_from_db()
    url = f"{placement.get_absolute_url()}modifier/"
    assert client.post(url, scene.form(version=placement.version, origin="famille")).status_code == 302
    placement.refresh_from_db()
    assert placement.origin == "famille" and placement.status == "convention_editee"
    assert Document.objects.in_school(scene.school).count() == 1


def test_two_people_editing_the_same_placement_see_both_texts(scene, client):
    placement = scene.placement()
    client.force_login(scene.teacher.user)
    url = f"{placement.get_absolute_url()}modifier/"
    first = scene.form(version=placement.version, tasks="Première saisie", sans_editer="1")
    second = scene.form(version=placement.version, tasks="Seconde saisie", sans_editer="1")
    assert client.post(url, first).status_code == 302
    conflict = client.post(url, second)
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "Première saisie" in page and "Seconde saisie" in page
    placement.refresh_from_db()
    assert placement.tasks == "Première saisie"


def test_a_lead_is_completed_then_confirmed(scene, client):
    lead = scene.placement(status="pressenti", tasks="")
    client.force_login(scene.teacher.user)
    page = client.get(lead.get_absolute_url()).content.decode()
    assert "Compléter le placement" in page and "R-CONV-01" in page
    url = f"{lead.get_absolute_url()}modifier/"
    assert client.post(url, scene.form(version=lead.version)).status_code == 302
    lead.refresh_from_db()
    assert lead.status == "convention_editee"
    assert Document.objects.in_school(scene.school).get().subject_id == lead.dossier_id


def test_a_move_outside_of_the_table_is_refused_in_words(scene, client):
    placement = scene.placement()
    client.force_login(scene.teacher.user)
    url = f"{placement.get_absolute_url()}etape/"
    for target in ("termine", "nimporte", "", "convention_signee"):
        page = client.post(url, {"vers": target}, follow=True).content.decode()
        assert "Regardez où il en est" in page
    placement.refresh_from_db()
    assert placement.status == "confirme"
    client.post(url, {"vers": "convention_editee"})
    client.post(url, {"vers": "convention_editee"})  # a second click
    assert Document.objects.in_school(scene.school).count() == 1


def test_no_departure_without_every_signature_and_an_interruption_has_its_day(scene, client):
    ongoing = scene.placement(status="en_cours", start_date=date(2026, 2, 2), end_date=date(2026, 2, 27))
    client.force_login(scene.teacher.user)
    url = f"{ongoing.get_absolute_url()}interrompre/"
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"interrupted_date": "2026-03-15", "interruption_reason": "eleve"})
    assert wrong.status_code == 422 and "choisissez un de ces jours" in wrong.content.decode()
    future = client.post(url, {"interrupted_date": "2026-02-20", "interruption_reason": "eleve"})
    assert "pas encore venu" in future.content.decode()
    client.post(url, {"interrupted_date": "2026-02-09", "interruption_reason": "eleve"})
    ongoing.refresh_from_db()
    assert (ongoing.status, ongoing.interrupted_date) == ("interrompu", date(2026, 2, 9))
    assert client.get(f"{scene.placement(student=scene.pupil()).get_absolute_url()}interrompre/").status_code == 302


def test_cancelling_voids_the_paper(scene, client):
    placement = logged(scene, client)
    client.post(f"{placement.get_absolute_url()}etape/", {"vers": "annule"})
    placement.refresh_from_db()
    assert placement.status == "annule"
    statuses = Signature.objects.in_school(scene.school).values_list("status", flat=True)
    assert set(statuses) == {"annulee"}
    assert client.get(placement.get_absolute_url()).status_code == 200


def test_a_period_with_placements_is_not_deleted(scene, client):
    client.force_login(scene.cast.bde.user)
    assert client.post(f"{scene.period.get_absolute_url()}supprimer/").status_code == 403
    assert Placement.objects.in_school(scene.school).exists()
    empty = PeriodFactory(school=scene.school, school_class=scene.school_class)
    assert client.post(f"{empty.get_absolute_url()}supprimer/").status_code == 302


def test_a_placement_with_a_paper_is_not_deleted(scene, client):
    placement = logged(scene, client)
    client.force_login(scene.cast.bde.user)
    assert client.post(f"{placement.get_absolute_url()}supprimer/").status_code == 403
    lead = scene.placement(status="pressenti", student=scene.pupil())
    assert client.post(f"{lead.get_absolute_url()}supprimer/").status_code == 302


def test_a_missing_date_of_the_board_is_asked_of_those_who_may_give_it(scene, client):
    placement = logged(scene, client)
    assert "demandez-la au bureau des entreprises" in client.get(placement.get_absolute_url()).content.decode()
    client.force_login(scene.cast.head.user)
    assert "Saisir la date dans les réglages" in client.get(placement.get_absolute_url()).content.decode()


# --------------------------------------------------------------------------------------------------------------- visits


def test_a_visit_is_three_taps(scene, client):
    placement = scene.placement(status="en_cours", start_date=date(2026, 2, 2), end_date=date(2026, 2, 27))
    client.force_login(scene.teacher.user)
    url = scene.url(f"visites/nouveau/?placement={placement.public_id}")
    form = client.get(url).context["form"]
    assert (form["date"].value(), form["mode"].value()) == (date(2026, 2, 10), "sur_place")
    future = client.post(url, {"date": "2026-02-11", "mode": "sur_place"})
    assert future.status_code == 422 and "dans le futur" in future.content.decode()
    assert client.post(url, {"date": "2026-02-10", "mode": "telephone", "report": "Tout va bien."}).status_code == 302
    visit = Visit.objects.in_school(scene.school).get()
    assert (visit.author_email, visit.mode) == (scene.teacher.email, "telephone")
    assert "Tout va bien." in client.get(scene.url(f"placements/{placement.public_id}/suivi/")).content.decode()
    assert client.get(scene.url("visites/nouveau/")).status_code == 404


def test_a_visit_is_corrected_by_its_author_or_the_bureau(scene, client):
    placement = scene.placement(status="en_cours", start_date=date(2026, 2, 2), end_date=date(2026, 2, 27))
    visit = VisitFactory(
        school=scene.school, placement=placement, author_email="autre@lycee.example", date=date(2026, 2, 9)
    )
    client.force_login(scene.teacher.user)
    assert client.get(f"{visit.get_absolute_url()}modifier/").status_code == 403
    client.force_login(scene.cast.bde.user)
    assert client.get(f"{visit.get_absolute_url()}modifier/").status_code == 200


# ------------------------------------------------------------------------------------------------- a class in one file


@pytest.mark.parametrize("form", ["impression", "zip"])
def test_a_class_s_conventions_in_one_file(scene, client, settings, tmp_path, form):
    settings.MEDIA_ROOT = tmp_path
    contacts = [ContactFactory(school=scene.school) for _ in range(2)]
    placements = [scene.placement(student=scene.pupil(), partner=one.partner, tutor=one) for one in contacts]
    held = scene.placement(student=scene.pupil(), tasks="")
    client.force_login(scene.cast.bde.user)
    url = scene.url(f"periodes/{scene.period.public_id}/conventions/")
    page = client.get(url)
    assert dict(page.context["held"])[held].startswith("Mention obligatoire")
    asked = client.post(url, {"forme": form}, follow=True)
    assert [placement.pk for placement in placements] == sorted(
        Placement.objects.in_school(scene.school).filter(status="convention_editee").values_list("pk", flat=True)
    )
    assert "2\u00a0conventions éditées" in asked.content.decode()
    again = client.post(url, {"forme": form})
    assert again.url == asked.redirect_chain[-1][0]  # asking twice is one job
    jobs.run_waiting()
    job = Job.objects.get(kind="documents.make_archive" if form == "zip" else "pfmp.render_class")
    assert (job.state, job.progress_total) == ("done", 2), job.error
    with default_storage.open(job.result_file.name) as file:
        content = file.read()
    if form == "zip":
        names = ZipFile(BytesIO(content)).namelist()
        papers = [name for name in names if name.endswith(".pdf")]
        assert len(papers) == 2 and all("PFMP-2026-0000" in name for name in papers)
    else:
        assert content.startswith(b"%PDF")
    assert "Télécharger le fichier" in client.get(asked.redirect_chain[-1][0]).content.decode()


def class_of(scene, count=2):
    """Issued conventions of the class; the company has signed the first."""
    placements = []
    for _ in range(count):
        tutor = ContactFactory(school=scene.school, email="tuteur@exemple.example")
        placements.append(scene.placement(student=scene.pupil(), partner=tutor.partner, tutor=tutor))
    services.issue_class(placements, by=scene.cast.bde.user, now=timezone.now())
    first = Document.objects.in_school(scene.school).get(subject_id=placements[0].dossier_id)
    row = first.signatures.get(role="organisme_accueil")
    circuit.note_paper(row, signed_on=timezone.localdate(), by=scene.cast.bde.user, now=timezone.now())
    return placements


def test_the_class_page_says_who_is_missing_and_filters_on_it(scene, client):
    placements = class_of(scene)
    client.force_login(scene.cast.bde.user)
    url = scene.url(f"periodes/{scene.period.public_id}/conventions/")
    page = client.get(url)
    assert ("organisme_accueil", "l’entreprise", 1) in page.context["parties"]
    assert ("tuteur", "le tuteur", 2) in page.context["parties"]
    assert len(page.context["lines"]) == 2 and "1 sur 5" in page.content.decode().replace("\u00a0", " ")
    assert "&lt;" not in page.content.decode() and 'class="marks-who"' in page.content.decode()
    only = client.get(f"{url}?manque=organisme_accueil").context
    assert [line.row.placement for line in only["lines"]] == [placements[1]]
    assert str(only["lines"][0].document.public_id) in only["batch_url"]
    assert client.get(f"{url}?manque=%27%3Cscript%3E").status_code == 200


def test_the_class_page_costs_the_same_for_two_pupils_and_for_twelve(scene, client):
    client.force_login(scene.cast.bde.user)
    url = scene.url(f"periodes/{scene.period.public_id}/conventions/")
    counts = []
    for count in (2, 10):
        class_of(scene, count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[1] <= 25, counts


def test_a_class_is_written_to_reminded_and_given_sheets(scene, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    class_of(scene)
    jobs.run_waiting()
    client.force_login(scene.cast.bde.user)
    url = scene.url(f"periodes/{scene.period.public_id}/signatures/")
    sent = client.post(url, {"faire": "liens"})
    assert "travail=" in sent.url
    jobs.run_waiting()
    assert Job.objects.get(kind="documents.send_links").state == "done"
    assert Reminder.objects.in_school(scene.school).filter(signature__role="tuteur").exists()
    again = client.post(url, {"faire": "relancer", "manque": "tuteur"}, follow=True).content.decode()
    assert "48 heures" in again
    given = client.post(url, {"faire": "feuillets"})
    assert given["Content-Type"] == "application/pdf" and given.content.startswith(b"%PDF")
    assert "Choisissez quoi faire" in client.post(url, {"faire": "=cmd()"}, follow=True).content.decode()


def test_nothing_to_print_is_said(scene, client):
    client.force_login(scene.cast.bde.user)
    url = scene.url(f"periodes/{scene.period.public_id}/conventions/")
    assert "il n’y a rien à réunir" in client.post(url, {"forme": "zip"}, follow=True).content.decode()
    assert "Choisissez" in client.post(url, {"forme": "exe"}, follow=True).content.decode()
    assert not Job.objects.exists()


# --------------------------------------------------------------------------------------------------- home and partners


def test_the_work_list_names_who_has_no_place_and_whom_to_visit(scene, client):
    scene.placement(
        student=scene.pupil(last_name="Cherif"),
        status="en_cours",
        start_date=date(2026, 2, 2),
        end_date=date(2026, 2, 20),
    )
    client.force_login(scene.teacher.user)
    page = client.get(scene.school.get_absolute_url()).content.decode()
    assert "2\u00a0élèves sans place" in page or "2 élèves sans place" in page
    assert "Premier contact : Cherif" in page and "Élèves placés" in page


def test_the_head_is_told_what_only_waits_for_them(scene, client):
    placement = logged(scene, client)
    Signature.objects.in_school(scene.school).exclude(role="chef_etablissement").update(status="signee_papier")
    client.force_login(scene.cast.head.user)
    page = client.get(scene.school.get_absolute_url()).content.decode()
    assert "1\u00a0document à signer" in page
    papers = client.get(f"/etablissements/{scene.school.uai}/documents/?signatures=direction").content.decode()
    assert "PFMP-2026-00001" in papers
    assert selectors.latest_papers([placement])


@pytest.mark.parametrize("name", ["periodes", "dispenses", "placements", "visites"])
def test_lists_are_exported_and_refuse_nonsense(scene, client, name):
    scene.placement()
    client.force_login(scene.cast.bde.user)
    assert client.get(scene.url(f"{name}/"), {"format": "csv"})["Content-Type"].startswith("text/csv")
    assert client.get(scene.url(f"{name}/"), {"tri": "school__uai"}).status_code == 400
    assert client.get(scene.url(f"{name}/"), {"q": "meziane"}).status_code == 200
