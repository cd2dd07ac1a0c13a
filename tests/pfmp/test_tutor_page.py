"""The tutor's page behind a link: an absence in three taps, undone within the day; the days and the attestation at the end."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from core.models import OutboxMessage
from documents.models import Document, Signature
from pfmp import days, tutoring
from pfmp.enums import LinkPurpose
from pfmp.models import Absence, PersonalLink, Placement
from tests.factories import ContactFactory, MembershipFactory
from tests.pfmp.conftest import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staying(scene):
    scene.school.phone = "03 22 00 00 00"
    scene.school.save()
    scene.tutor.email, scene.tutor.first_name = "tuteur@dupont.example", "Paule"
    scene.tutor.save()
    with time_machine.travel("2026-03-04T17:00:00+01:00", tick=False) as clock:
        yield scene.placement(status="en_cours"), clock


def opened(client, placement) -> str:
    """The address of a link whose button was pressed."""
    url = tutoring.make_link(placement, by=None, now=timezone.now())
    token = token_of(url)
    shut = client.get(f"/tuteur/{token}/")
    assert shut.status_code == 302
    assert placement.student.last_name not in client.get(shut["Location"]).content.decode()
    assert client.post(f"/lien/{token}/ouvrir/")["Location"] == f"/tuteur/{token}/"
    return f"/tuteur/{token}/"


def test_the_page_says_who_when_whom_to_call(scene, staying, client):
    placement, _ = staying
    page = client.get(opened(client, placement))
    text = page.content.decode()
    for expected in ("Rayan MEZIANE", "03 22 00 00 00", "48 heures", scene.teacher.full_name, "Lundi", "Signaler"):
        assert expected in text, expected
    for hidden in (placement.student.address or "§", "2009", placement.student.guardian_name):
        assert hidden not in text
    assert page["Referrer-Policy"] == "no-referrer"


def test_an_absence_is_reported_and_taken_back_within_the_day(scene, staying, client):
    placement, clock = staying
    url = opened(client, placement)
    assert client.post(f"{url}absence/", {"kind": "absence", "when": "hier"}).status_code == 302
    row = Absence.objects.in_school(scene.school).get()
    assert (row.date, row.kind, row.reported_by, row.created_by) == (date(2026, 3, 3), "absence", "tuteur", None)
    client.post(f"{url}absence/", {"kind": "retard", "when": "aujourdhui", "minutes": "20"})
    assert Absence.objects.in_school(scene.school).get(kind="retard").minutes == 20
    client.post(f"{url}absence/", {"retirer": str(row.public_id)})
    assert Absence.objects.in_school(scene.school).count() == 1
    clock.move_to("2026-03-05T00:30:00+01:00")
    last = Absence.objects.in_school(scene.school).get()
    assert client.post(f"{url}absence/", {"retirer": str(last.public_id)}).status_code == 302
    assert Absence.objects.in_school(scene.school).count() == 1  # the next day, one calls the lycée


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "absence", "when": "autre"}, "Choisissez le jour"),
        ({"kind": "absence", "when": "autre", "other_date": "2026-03-06"}, "pas encore venu"),
        ({"kind": "absence", "when": "autre", "other_date": "2026-03-01"}, "hors des dates"),
        ({"kind": "absence", "when": "autre", "other_date": "0000-00-00"}, "date valide"),
        ({"kind": "autorisee", "when": "hier"}, "choix valide"),
        ({"kind": "retard", "when": "hier", "minutes": "9999"}, "720"),
    ],
)
def test_what_cannot_be_reported_is_said(scene, staying, client, sent, sentence):
    placement, _ = staying
    answer = client.post(f"{opened(client, placement)}absence/", sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Absence.objects.in_school(scene.school).exists()


def test_what_the_lycee_noted_is_not_written_over(scene, staying, client):
    placement, _ = staying
    Absence.objects.create(school=scene.school, placement=placement, date=date(2026, 3, 4), kind="autorisee")
    answer = client.post(f"{opened(client, placement)}absence/", {"kind": "absence", "when": "aujourdhui"})
    assert answer.status_code == 422
    assert Absence.objects.in_school(scene.school).get().kind == "autorisee"


def test_a_tutor_confirms_the_days_and_goes_to_sign(scene, staying, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    placement, clock = staying
    early = opened(client, placement)
    assert client.post(f"{early}jours/", {"days": "20", "signer": "moi"})["Location"] == early
    clock.move_to("2026-03-27T17:00:00+01:00")
    url = opened(client, placement)
    assert "Le stage se termine" in client.get(url).content.decode()
    assert "Jours de l’horaire" in client.get(f"{url}jours/").content.decode()
    wrong = client.post(f"{url}jours/", {"days": "18", "reason": "", "signer": "moi"})
    assert wrong.status_code == 422
    assert "Le calcul donne 20" in wrong.content.decode()
    done = client.post(f"{url}jours/", {"days": "18", "reason": "feuille_presence", "signer": "moi"})
    assert done["Location"].startswith("/signer/")
    placement.refresh_from_db()
    assert (placement.days_done, placement.days_by, placement.days_reason) == (18, None, "feuille_presence")
    row = Signature.objects.in_school(scene.school).get(document__type="attestation_pfmp")
    assert (row.name, row.email, row.status) == ("Paule Dupont", "tuteur@dupont.example", "attendue")
    assert client.get(done["Location"]).status_code == 200
    again = client.post(f"{url}jours/", {"days": "20", "signer": "moi"})
    assert again["Location"] == f"{url}jours/"
    assert Document.objects.in_school(scene.school).filter(type="attestation_pfmp").count() == 1
    assert "Lire et signer" in client.get(f"{url}jours/").content.decode()


def test_another_person_signs_and_the_days_of_the_school_stand(scene, staying, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    placement, clock = staying
    ContactFactory(
        school=scene.school, partner=scene.partner, role="dirigeant", last_name="Durand", email="ana@dupont.example"
    )
    clock.move_to("2026-03-27T17:00:00+01:00")
    days.validate(days.of_one(placement), 20, seen=None, by=None, membership=scene.teacher)
    url = opened(client, placement)
    assert "Le lycée a noté" in client.get(f"{url}jours/").content.decode()
    client.post(f"{url}jours/", {"days": "3", "reason": "autre", "signer": "direction"})
    placement.refresh_from_db()
    assert placement.days_done == 20
    assert OutboxMessage.objects.filter(recipient="ana@dupont.example").exists()


def test_a_link_of_another_kind_or_of_a_cancelled_stay_opens_nothing(scene, staying, client):
    placement, _ = staying
    url = opened(client, placement)
    Placement.objects.in_school(scene.school).filter(pk=placement.pk).update(status="annule")
    assert client.get(url).status_code == 302
    assert client.get("/tuteur/inconnu/").status_code == 404


# ------------------------------------------------------------------------------------------------------- giving the links


def morning(day: str) -> dict[str, int]:
    with time_machine.travel(datetime.fromisoformat(f"{day}T07:30:00+02:00"), tick=False):
        return tutoring.write_to_tutors(date.fromisoformat(day))


def test_a_tutor_of_three_gets_one_message_on_the_first_day(scene, staying):
    placement, _ = staying
    for name in ("Aubin", "Zola"):
        scene.placement(student=scene.pupil(last_name=name), status="convention_signee")
    assert morning("2026-03-01") == {"attestations": 0, "links": 0}
    assert morning("2026-03-02") == {"attestations": 0, "links": 1}
    message = OutboxMessage.objects.get()
    assert message.body.count("/lien/") == 3
    assert "Meziane" not in message.subject + message.body
    assert morning("2026-03-03") == {"attestations": 0, "links": 0}
    assert PersonalLink.objects.in_school(scene.school).filter(purpose=LinkPurpose.TUTOR).count() == 3


def test_the_attestation_is_asked_for_around_the_end_until_it_is_there(scene, staying):
    placement, _ = staying
    asked = [day for day in range(20, 32) if morning(f"2026-03-{day:02d}")["attestations"]]
    assert asked == [25, 27, 29]  # two days before, the last day, two days after
    assert morning("2026-04-01")["attestations"] == 1  # J+5
    assert OutboxMessage.objects.filter(subject="Attestation à signer").count() == 4


def test_nobody_is_asked_twice_within_two_days(scene, staying, client):
    placement, clock = staying
    clock.move_to("2026-03-26T17:00:00+01:00")
    client.force_login(scene.teacher.user)
    url = scene.url(f"placements/{placement.public_id}/jours/")
    assert client.post(url, {"faire": "lien"}).status_code == 302
    assert "/lien/" in client.post(url, {"faire": "lien", "comment": "copier"}).content.decode()
    assert morning("2026-03-27") == {"attestations": 0, "links": 0}


def test_a_class_gets_its_links_at_once(scene, staying, client):
    placement, _ = staying
    mute = ContactFactory(school=scene.school, partner=scene.partner, email="")
    scene.placement(student=scene.pupil(), tutor=mute, status="en_cours")
    client.force_login(scene.teacher.user)
    url = scene.url(f"periodes/{scene.period.public_id}/jours/")
    text = client.post(url, {"faire": "liens"}, follow=True).content.decode()
    assert "1 tuteur sans adresse" in text.replace("\xa0", " ")
    assert OutboxMessage.objects.count() == 1
    client.force_login(MembershipFactory(school=scene.school, role="enseignant").user)
    assert client.post(url, {"faire": "liens"}).status_code == 404
