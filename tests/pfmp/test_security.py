"""What an attacker tries on the pages of PFMP: old links, other people's links, rows of others, lists read too wide."""

from datetime import date, timedelta
from unittest import mock

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import pdf
from core.models import OutboxMessage
from pfmp import booklet, days, evaluating, inviting, links, preparing, tutoring
from pfmp.enums import LinkPurpose
from pfmp.models import Approach, Period, PersonalLink, Placement, PreConvention, Recovery, TutorEvaluation
from schools.models import SchoolClass, Student
from tests.factories import (
    AccidentFactory,
    AssignmentFactory,
    ContactFactory,
    PartnerFactory,
    PeriodFactory,
    PlannedVisitFactory,
    StudentFactory,
)
from tests.pfmp.conftest import Scene, token_of

pytestmark = pytest.mark.django_db

SOON = timedelta(days=1)


# ------------------------------------------------------------------------------------------------------ personal links


@pytest.fixture
def stay(scene: Scene) -> Placement:
    scene.tutor.email = "tuteur@dupont.example"
    scene.tutor.save()
    return scene.placement(start_date=date(2026, 2, 2), end_date=date(2026, 2, 27), status="en_cours")


@pytest.mark.parametrize("gone", ["changed", "removed", "deleted"])
def test_a_former_tutor_reads_and_writes_nothing_more(scene: Scene, stay: Placement, client: Client, gone: str) -> None:
    """On every page of the link, its door and its renewal included (S-04)."""
    token = token_of(tutoring.make_link(stay, by=None, now=timezone.now()))
    client.post(reverse("link_open", args=[token]))
    evaluating.write(
        stay, marks={}, attitudes={}, comment="MARQUEUR du suivant", author="Ana", hand_in=True, now=timezone.now()
    )
    successor = ContactFactory(school=scene.school, partner=scene.partner) if gone == "changed" else None
    Placement.objects.in_school(scene.school).filter(pk=stay.pk).update(tutor=successor)
    if gone == "deleted":
        PersonalLink.objects.in_school(scene.school).update(contact=None)
    for name in ("tutor_home", "tutor_days", "tutor_evaluation"):
        page = client.get(reverse(name, args=[token]), follow=True)
        assert page.status_code == 410
        assert "Meziane" not in page.content.decode() and "MARQUEUR" not in page.content.decode()
    client.post(reverse("tutor_evaluation", args=[token]), {"author": "Ancien", "comment": "écrasé", "brouillon": "1"})
    assert TutorEvaluation.objects.in_school(scene.school).get().comment == "MARQUEUR du suivant"
    client.post(reverse("link_open", args=[token]))
    PersonalLink.objects.in_school(scene.school).update(expires_at=timezone.now() - SOON)
    client.post(reverse("link_renew", args=[token]))
    assert PersonalLink.objects.in_school(scene.school).count() == 1


def test_a_stopped_link_that_was_past_its_days_is_not_renewed(scene: Scene, client: Client) -> None:
    """A wrong address is stopped for good: the old message cannot ask for a fresh link (S-18)."""
    scene.student.email = "mauvaise@adresse.example"
    scene.student.save()
    now = timezone.now()
    inviting.send(scene.student, by=None, now=now)
    _, url = links.create(
        LinkPurpose.STUDENT, by=None, now=now, name="Rayan", email=scene.student.email, student=scene.student
    )
    with time_machine.travel(now + links.LIFE + SOON, tick=False):
        assert links.revoke(LinkPurpose.STUDENT, by=None, now=timezone.now(), student=scene.student) == 0
        client.post(reverse("link_renew", args=[token_of(url)]))
    assert PersonalLink.objects.in_school(scene.school).count() == 2


@pytest.mark.parametrize("address", ["juste@adresse.example", ""])
def test_a_fresh_link_goes_to_the_address_on_file_only(scene: Scene, client: Client, address: str) -> None:
    """The address was somebody else's and was corrected, or erased: its holder gets nothing more."""
    scene.student.email = "mauvaise@adresse.example"
    scene.student.save()
    now = timezone.now()
    _, url = links.create(
        LinkPurpose.STUDENT, by=None, now=now, name="Rayan", email=scene.student.email, student=scene.student
    )
    scene.student.email = address
    scene.student.save()
    with time_machine.travel(now + links.LIFE + SOON, tick=False):
        for _ in range(3):  # within ten minutes, one leaves
            client.post(reverse("link_renew", args=[token_of(url)]))
    sent = OutboxMessage.objects.values_list("recipient", flat=True)
    assert list(sent) == ([address] if address else [])


# --------------------------------------------------------------------------------------------- a company after another


def test_a_former_company_opens_nothing_of_the_next_one(scene: Scene, client: Client) -> None:
    """Its link dies when a colleague types the next company's sheet, and what is to correct is not mailed to it."""
    placement = scene.placement(status="pressenti", tutor=None, timetable="", tasks="")
    now = timezone.now()
    pre = preparing.opened(placement, by=None)
    former = preparing.send(pre, name="Ancienne", email="ancienne@exemple.example", by=None, now=now)
    _, url = links.create(
        LinkPurpose.PRE_CONVENTION, by=None, now=now, name="Ancienne", email=former.email, placement=placement
    )
    token = token_of(url)
    client.post(reverse("link_open", args=[token]))
    assert client.get(reverse("pre_convention_fill", args=[token])).status_code == 200
    Placement.objects.in_school(scene.school).filter(pk=placement.pk).update(
        partner=PartnerFactory(school=scene.school, name="Nouvelle MARQUEUR")
    )
    pre = PreConvention.objects.in_school(scene.school).select_related("placement__partner", "school").get()
    pages = [(code, {}, {"signer": {"last_name": "MARQUEUR"}}) for code, _ in preparing.STEPS]
    preparing.typed(pre, pages, filled_by="Un collègue", by=None, now=now)
    for code in ("", "personnes/", "renoncer/"):
        page = client.get(reverse("pre_convention_fill", args=[token]) + code, follow=True)
        assert page.status_code == 410 and "MARQUEUR" not in page.content.decode()
    assert pre.state == "remplie"
    assert preparing.send_back(pre, reason="Les horaires", by=None, now=now) is None
    assert OutboxMessage.objects.filter(recipient=former.email).count() == 1


# ----------------------------------------------------------------------------------------------- what a role may not read


def test_who_may_not_read_the_grid_prints_it_blank(scene: Scene, stay: Placement) -> None:
    """The secretariat prints booklets and reads no grid."""
    evaluating.write(
        stay, marks={}, attitudes={"soin": 2}, comment="MARQUEUR", author="Ana", hand_in=True, now=timezone.now()
    )
    desk = booklet.desk_of([stay])
    assert "MARQUEUR" in booklet.html(stay, desk, with_grid=True)
    assert "MARQUEUR" not in booklet.html(stay, desk, with_grid=False)
    with mock.patch.object(booklet, "render", return_value=b"%PDF") as printed:
        for member, reads in ((scene.cast.office, False), (scene.cast.head, True), (scene.teacher, True)):
            reader = Client()
            reader.force_login(member.user)
            address = reverse("pfmp:placement_booklet", args=[scene.school.uai, stay.public_id])
            assert reader.get(address).status_code == 200
            assert printed.call_args.kwargs == {"with_grid": reads}


def test_the_sheet_of_an_accident_keeps_contacts_from_who_only_teaches(scene: Scene, stay: Placement) -> None:
    """A colleague of the class reports it; the birth date and the address come from the lycée (S-05)."""
    Student.objects.in_school(scene.school).filter(pk=scene.student.pk).update(address="12 rue MARQUEUR")
    Placement.objects.in_school(scene.school).filter(pk=stay.pk).update(referent_email="autre@lycee.example")
    accident = AccidentFactory(school=scene.school, placement=stay)
    address = reverse("pfmp:accident_sheet", args=[scene.school.uai, accident.public_id])
    with mock.patch.object(pdf, "render", return_value=b"%PDF") as printed:
        for member, reads in ((scene.teacher, False), (scene.cast.bde, True)):
            reader = Client()
            reader.force_login(member.user)
            assert reader.get(address).status_code == 200
            html = printed.call_args.args[0]
            assert ("MARQUEUR" in html, "2009" in html) == (reads, reads)


def test_a_mission_order_names_no_pupil_that_one_follows_no_more(scene: Scene) -> None:
    """A removed assignment holds on the very next request (S-04)."""
    lost = scene.placement(student=StudentFactory(school=scene.school, last_name="Perdu"), partner=scene.partner)
    PlannedVisitFactory(
        school=scene.school, placement=lost, membership=scene.teacher, date=date(2026, 3, 4), mode="sur_place"
    )
    reader = Client()
    reader.force_login(scene.teacher.user)
    address = reverse("pfmp:mission_order", args=[scene.school.uai]) + "?du=2026-03-04"
    with mock.patch.object(pdf, "render", return_value=b"%PDF") as printed:
        assert reader.get(address).status_code == 200
        assert "perdu" in printed.call_args.args[0].lower()
        scene.teacher.assignments.all().delete()
        Placement.objects.in_school(scene.school).filter(pk=lost.pk).update(referent_email="autre@lycee.example")
        assert reader.get(address).status_code == 302


# ------------------------------------------------------------------------------------------------------ posted by hand


def test_one_click_names_no_period_of_another_class(scene: Scene) -> None:
    """The pupil and the period are both one's own to see, and do not go together."""
    other = AssignmentFactory(school=scene.school, membership=scene.teacher).school_class
    elsewhere = PeriodFactory(school=scene.school, school_class=other)
    teacher = Client()
    teacher.force_login(scene.teacher.user)
    address = reverse("pfmp:approach_quick", args=[scene.school.uai])
    sent = {"eleve": str(scene.student.public_id), "partenaire": str(scene.partner.public_id)}
    assert teacher.post(address, sent | {"periode": str(elsewhere.public_id)}).status_code == 404
    assert not Approach.objects.in_school(scene.school).exists()
    assert teacher.post(address, sent | {"periode": str(scene.period.public_id)}).status_code == 302


def test_what_is_typed_in_a_label_stays_in_the_name_of_a_file(scene: Scene, stay: Placement) -> None:
    """A class and a period named by who wants another header: the file comes, with one header of one line."""
    SchoolClass.objects.in_school(scene.school).filter(pk=scene.school_class.pk).update(code='X"; filename=piege.html')
    Period.objects.in_school(scene.school).filter(pk=scene.period.pk).update(label="é\r\nSet-Cookie: a=b\u202e")
    bureau = Client()
    bureau.force_login(scene.cast.bde.user)
    evaluating.write(stay, marks={}, attitudes={}, comment="=cmd()", author="@Ana", hand_in=True, now=timezone.now())
    address = reverse("pfmp:class_evaluations", args=[scene.school.uai, scene.period.public_id])
    for wanted in ("csv", "xlsx", "ods"):
        file = bureau.get(f"{address}?fichier={wanted}")
        assert file.status_code == 200 and "Set-Cookie" not in file.headers
        said = file["Content-Disposition"]
        assert said.startswith("attachment; filename") and "\r" not in said and '"; filename=piege' not in said
        if wanted == "csv":
            assert b"'=cmd()" in file.content and b"'@Ana" in file.content


def test_a_day_caught_up_twice_in_the_same_second_is_a_sentence(scene: Scene, stay: Placement) -> None:
    """The second click passes the form before the first one is written."""
    found = days.of_one(stay)
    days.add_recovery(found, date(2026, 2, 7), 240, note="", by=None)
    with mock.patch.object(Recovery, "full_clean"), pytest.raises(ValidationError, match="vient d’être noté"):
        days.add_recovery(found, date(2026, 2, 7), 240, note="", by=None)
