"""Absences reported: who hears of them, once a day, and who may look."""

from datetime import date

import pytest
import time_machine

from core.models import OutboxMessage
from pfmp import absences
from pfmp.models import Absence
from tests.factories import AbsenceFactory, MembershipFactory, PfmpSettingsFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


@pytest.fixture
def under_way(scene):
    with time_machine.travel("2026-03-04T10:00:00+01:00", tick=False):
        yield scene.placement(status="en_cours")


def test_school_life_hears_once_a_day_of_what_is_new(scene, under_way):
    AbsenceFactory(school=scene.school, placement=under_way, date=DAY, reported_by="tuteur")
    AbsenceFactory(school=scene.school, placement=under_way, date=date(2026, 3, 3), kind="retard", minutes=20)
    AbsenceFactory(school=scene.school, placement=under_way, date=date(2026, 3, 2), kind="autorisee")
    assert absences.tell_every_school(DAY) == 0  # nobody to write to yet
    PfmpSettingsFactory(school=scene.school, school_life_email="vie.scolaire@lycee.example")
    assert absences.tell_every_school(DAY) == 1
    message = OutboxMessage.objects.get()
    assert "Meziane" not in message.subject
    assert "Meziane Rayan" in message.body
    assert "retard de 20 min" in message.body
    assert message.body.count("\n- ") == 2
    assert absences.tell_every_school(DAY) == 0
    assert Absence.objects.in_school(scene.school).exclude(school_life_told_at=None).count() == 2


def test_a_bad_address_of_school_life_loses_nothing(scene, under_way):
    AbsenceFactory(school=scene.school, placement=under_way, date=DAY)
    PfmpSettingsFactory(school=scene.school, school_life_email="pas une adresse")
    assert absences.tell_every_school(DAY) == 0
    assert Absence.objects.in_school(scene.school).filter(school_life_told_at=None).count() == 1


def test_the_list_of_the_day_shows_ones_own_pupils(scene, under_way, client):
    AbsenceFactory(school=scene.school, placement=under_way, date=DAY)
    client.force_login(scene.teacher.user)
    url = scene.url("absences/")
    assert "Meziane Rayan" in client.get(url).content.decode()
    assert "Meziane" not in client.get(f"{url}?jour=2026-03-05").content.decode()
    assert client.get(f"{url}?jour=<script>").status_code == 200
    assert b"Meziane;Rayan" in client.get(f"{url}?fichier=csv").content
    client.force_login(MembershipFactory(school=scene.school, role="enseignant").user)
    assert "Meziane" not in client.get(url).content.decode()
    client.force_login(scene.cast.reader.user)
    assert client.get(url).status_code == 403
