"""An action walked from the idea to the thanks: thirty guests by links, sixty pupils by taps, a survey by its code, the figures.

Seen by the bureau, a teacher on a phone, guests on theirs; the days pass by the clock of the server.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import jobs
from core.school_year import SchoolYear
from events.models import Action, ActionStep, Invitation, Participation
from indicators import figures
from surveys.models import Survey, SurveyAnswer
from tests import factories
from tests.conftest import Cast
from tests.flows.browsing import at, mailed, work
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.slow]  # forty seconds: with --full
GUESTS, PUPILS = 30, 60
TITLE = "Forum des métiers du bassin"


def morning(clock: Any, day: date) -> None:
    """What the clock does with invitations that day."""
    at(clock, day, 8)
    jobs.ask_daily([("00:00", "events.remind_every_school")], timezone.now())
    work()


def a_thursday() -> date:
    """Some four weeks ahead, in the school year that runs: neither in July nor in August."""
    day = timezone.localdate() + timedelta(days=28)
    day += timedelta(days=(3 - day.weekday()) % 7)
    return day if day.month not in (7, 8) else date(day.year, 9, 17)


def the_school(cast: Cast, year: str) -> list[Any]:
    """Thirty companies with somebody to write to, two classes of thirty; the teacher has the first."""
    school = cast.school
    school.phone, school.email = "02 41 00 00 00", "bureau@brisson.example"
    school.save()
    for rank in range(GUESTS):
        company = factories.PartnerFactory(
            school=school, name=f"Atelier {rank:02d}", status="actif", naf="43.21A" if rank % 2 else "47.11B",
            email=f"accueil{rank}@atelier.example",
        )  # fmt: skip
        factories.ContactFactory(
            school=school, partner=company, first_name="Inès", last_name=f"Gérante{rank:02d}", role="dirigeant",
            email=f"gerante{rank}@atelier.example",
        )  # fmt: skip
    classes = []
    for code in ("1MELEC", "1MCV"):
        klass = factories.ClassFactory(school=school, year=year, code=code, label=f"Première {code}", niveau="1re_pro")
        for rank in range(PUPILS // 2):
            pupil = factories.StudentFactory(school=school, last_name=f"Élève {code} {rank:02d}", sex="FM"[rank % 2])
            factories.SchoolingFactory(school=school, student=pupil, school_class=klass, year=year)
        classes.append(klass)
    factories.AssignmentFactory(school=school, membership=cast.teacher, school_class=classes[0], year=year)
    return classes


def reply_path(rank: int) -> str:
    found = re.search(r"/invitation/\w+/", mailed(f"gerante{rank}@atelier.example", "/invitation/"))
    assert found is not None
    return found[0]


def answer(page: Page, rank: int, choice: str, **typed: str) -> None:
    """What a guest taps on a phone."""
    page.goto(reply_path(rank))
    page.get_by_text(choice).click()
    for label, text in typed.items():
        page.locator(f"#id_{label}").fill(text)
    page.get_by_role("button", name="Répondre").click()


def prepare(page: Page, cast: Cast, day: date) -> Action:
    """From the list of natures to a prepared action."""
    page.goto(reverse("events:action_list", args=[cast.school.uai]))
    page.get_by_role("link", name="Préparer une action").first.click()
    look(page, "action-nature")
    page.get_by_role("link", name=re.compile("^Forum ou salon")).first.click()
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_start_date").fill(day.isoformat())
    page.locator("#id_place").fill("Gymnase du lycée")
    for box in page.locator("[name=classes]").all():
        box.check()
    look(page, "action-preparation")
    page.locator("main form button.btn-primary").last.click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    return Action.objects.in_school(cast.school).get(title=TITLE)


@pytest.mark.django_db(transaction=True)
def test_an_action_from_the_idea_to_the_thanks(browse: Browse, cast: Cast, clock: Any, mailoutbox: Any):
    day = a_thursday()
    at(clock, day - timedelta(days=28))
    year = SchoolYear.on(day)
    the_school(cast, year.code)
    office = browse(cast.bde.user)
    phone = browse(None, "narrow")
    action = prepare(office, cast, day)
    look(office, "action-preparee")
    assert ActionStep.objects.in_school(cast.school).filter(action=action, due_date__isnull=False).count() >= 5
    assert Participation.objects.in_school(cast.school).filter(action=action).count() == PUPILS

    # Thirty invitations in one go, each with a link of its own.
    guests_url = reverse("events:action_guests", args=[cast.school.uai, action.public_id])
    office.goto(guests_url)
    office.get_by_role("link", name="Inviter des partenaires").first.click()
    office.get_by_role("button", name="Choisir : Tous les partenaires actifs").click()
    office.get_by_role("button", name="Voir l’aperçu").click()
    look(office, "invitation-apercu")
    office.get_by_role("button", name=f"Inviter {GUESTS} partenaires").click()
    expect(office.locator(".messages")).to_contain_text(f"{GUESTS} invitations")
    work()

    # Guests answer from their phone: twenty-two yes, four no, one another date, one somebody else, two say nothing.
    clock.shift(timedelta(days=1))
    phone.goto(reply_path(0))
    assert "Gérante" not in phone.content(), "the page of a link names nobody (S-18)"
    look(phone, "invitation-reponse")
    answer(phone, 0, "Oui, je viens", people="2")
    look(phone, "invitation-code")
    assert phone.get_by_role("img", name="Code QR à montrer à l’accueil").bounding_box()["width"] > 150  # type: ignore[index]
    answer(phone, 1, "Non, je ne peux pas", message="Inventaire ce jour-là.")
    answer(phone, 2, "Plutôt une autre date", suggested_date=(day + timedelta(days=7)).isoformat())
    answer(phone, 3, "Quelqu’un d’autre vient", substitute_name="Paul Martin", substitute_email="paul@atelier.example")
    for rank in range(4, 28):
        said = "acceptee" if rank < 25 else "declinee"
        assert Client().post(reply_path(rank), {"answer": said}).status_code == 302
    invitations = Invitation.objects.in_school(cast.school).filter(action=action)
    assert invitations.filter(reply="acceptee").count() == 22
    assert invitations.filter(reply="declinee").count() == 4

    # The bureau settles the two others in one click each. A session does not last the night.
    office = browse(cast.bde.user)
    office.goto(guests_url)
    look(office, "invites")
    office.locator("tr", has_text="Atelier 03").get_by_role("button", name="Inviter Paul Martin").click()
    office.locator("tr", has_text="Atelier 02").get_by_role("button", name="Ne vient pas").click()
    work()
    assert "/invitation/" in mailed("paul@atelier.example", "/invitation/")

    # Silence is reminded once the days of the school have passed, by the clock, and not before.
    before = len(mailoutbox)
    morning(clock, day - timedelta(days=25))
    assert len(mailoutbox) == before
    sent = invitations.get(partner__name="Atelier 29").sent_date
    later = sent + timedelta(days=8)
    while later.weekday() > 4:
        later += timedelta(days=1)
    morning(clock, later)
    reminded = {one.to[0] for one in mailoutbox[before:]}
    assert {"gerante28@atelier.example", "gerante29@atelier.example"} <= reminded
    assert not any(f"gerante{rank}@" in address for address in reminded for rank in range(4, 28))

    # The day: a guest's code is scanned, the others are tapped; the teacher taps her class, the bureau the other one.
    at(clock, day)
    host = browse(cast.ddfpt.user, "narrow")
    host.goto(reverse("events:action_door", args=[cast.school.uai, action.public_id]))
    for row in range(1, 19):
        host.locator(".tap-list li").nth(row).locator("label.tap-yes").click()
    expect(host.locator("#taps-count")).to_contain_text("18 présents")
    look(host, "accueil-des-invites")
    teacher = browse(cast.teacher.user, "narrow")
    teacher.goto(reverse("events:action_pupils", args=[cast.school.uai, action.public_id]))
    look(teacher, "presences-au-doigt")
    assert teacher.locator(".tap-list li").count() == PUPILS // 2, "their own class"
    for row in range(4):
        teacher.locator(".tap-list li").nth(row).locator("label.tap-no").click()
    expect(teacher.locator("#taps-count")).to_contain_text("4 absents")
    teacher.get_by_role("button", name="Tous les autres sont présents").click()
    office = browse(cast.bde.user)
    office.goto(reverse("events:action_pupils", args=[cast.school.uai, action.public_id]))
    office.get_by_role("button", name="Tous les autres sont présents").click()
    came = Participation.objects.in_school(cast.school).filter(action=action)
    assert (came.filter(present=True).count(), came.filter(present=False).count()) == (PUPILS - 4, 4)

    # A survey for those pupils, by its code on the wall.
    office.goto(reverse("surveys:survey_pick", args=[cast.school.uai]) + f"?action={action.public_id}")
    look(office, "enquete-modele")
    survey, link = opened_survey(office, action)
    pupils = browse(None, "narrow")
    for rank in range(3):
        pupils.context.clear_cookies()
        pupils.goto(link)
        if rank == 0:
            look(pupils, "enquete-telephone")
        for question in pupils.locator("fieldset").all():
            question.locator("label").nth(rank % 2).click()
        pupils.locator("main form button.btn-primary").last.click()
        expect(pupils.locator("h1")).to_contain_text("Merci")
    assert SurveyAnswer.objects.in_school(cast.school).filter(survey=survey).count() == 3

    # It took place: three lines, then thanks to those who came.
    at(clock, day + timedelta(days=1))
    office = browse(cast.bde.user)
    office.goto(reverse("events:action_report", args=[cast.school.uai, action.public_id]))
    office.get_by_text("Oui, elle a eu lieu").click()
    office.locator("textarea").first.fill("Vingt entreprises, six ateliers ouverts.")
    look(office, "action-bilan")
    office.get_by_role("button", name="Enregistrer le bilan").click()
    office.goto(reverse("events:action_thank", args=[cast.school.uai, action.public_id]))
    look(office, "action-merci")
    office.get_by_role("button", name=re.compile("Remercier 18")).click()
    work()
    assert invitations.exclude(thanked_at=None).count() == 18

    # What the sheet counts of it.
    told = figures.compute(cast.school, year, day + timedelta(days=1)).as_json()
    by_code = {entry["code"]: entry for entry in told["indicateurs"]}
    assert (by_code["I3.1"]["n"], by_code["I4.1"]["n"], by_code["I4.1"]["d"]) == (1, PUPILS - 4, PUPILS)
    assert (by_code["I4.2"]["n"], by_code["I4.2"]["d"]) == (PUPILS - 4, PUPILS)
    assert (by_code["I7.1"]["n"], by_code["I7.1"]["d"]) == (27, GUESTS)
    assert by_code["I8.1"]["d"] == SurveyAnswer.objects.in_school(cast.school).count()


def opened_survey(page: Page, action: Action) -> tuple[Survey, str]:
    """The survey of an action's pupils from its model, opened; and the address that its poster shows."""
    page.locator("main").get_by_role("link", name=re.compile("^Élèves : après une action")).click()
    page.locator("main form button.btn-primary").last.click()
    page.get_by_role("button", name="Lien à copier ou projeter").click()
    look(page, "enquete-lien")
    address = page.locator("#lien").input_value()
    return Survey.objects.in_school(action.school_id).get(action=action), "/enquete/" + address.split("/enquete/")[1]
