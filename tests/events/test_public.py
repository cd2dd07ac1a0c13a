"""The public page: closed until opened; who and what it names; nothing kept about visitors."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from events.models import EventSettings
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ClassFactory,
    EventSettingsFactory,
    ParticipationFactory,
    PartnerFactory,
    StudentFactory,
)

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=9)


@pytest.fixture
def filled(cast: Cast) -> EventSettings:
    school = cast.school
    pupil = StudentFactory(school=school, last_name="MEZIANE", first_name="Rayan")
    shown = ActionFactory(
        school=school, title="Portes ouvertes", start_date=SOON, status="prevue", is_public=True,
        public_text="De 9 h à 17 h.", review="Rayan MEZIANE a guidé.",
    )  # fmt: skip
    ParticipationFactory(school=school, action=shown, student=pupil)
    ActionFactory(school=school, title="Conseil interne", start_date=SOON, status="prevue")
    ActionFactory(school=school, title="Forum annulé", start_date=SOON, status="annulee", is_public=True)
    ActionFactory(school=school, title="Forum passé", start_date=date(2024, 1, 9), status="prevue", is_public=True)
    for name, more in {
        "Fonderie Martel": {"named_since": TODAY},
        "Transports Muets": {},
        "Ancienne Scierie": {"named_since": TODAY, "status": "inactif"},
        "Garage Évité": {"named_since": TODAY, "avoid_since": TODAY},
        "Atelier Demain": {"named_since": TODAY + timedelta(days=2)},
    }.items():
        PartnerFactory(school=school, name=name, **more)
    year = f"{TODAY.year}-{TODAY.year + 1}" if TODAY.month >= 9 else f"{TODAY.year - 1}-{TODAY.year}"
    for code in ("TA", "TB"):
        ClassFactory(school=school, year=year, code=code, diploma="Bac pro Microtechniques")
    return EventSettingsFactory(school=school, page_is_open=True, introduction="Bienvenue à l’atelier.")


@pytest.mark.django_db
def test_only_an_opened_page_answers(cast: Cast, filled: EventSettings) -> None:
    pages = [reverse(name, args=[cast.school.uai]) for name in ("public_page", "public_calendar")]
    assert [Client().get(url).status_code for url in pages] == [200, 200]
    EventSettings.objects.in_school(cast.school).update(page_is_open=False)
    assert [Client().get(url).status_code for url in pages] == [404, 404]
    elsewhere = cast.stranger.school.uai
    assert Client().get(reverse("public_page", args=[elsewhere])).status_code == 404


@pytest.mark.django_db
def test_what_the_page_says_and_what_it_keeps_to_itself(
    cast: Cast, filled: EventSettings, django_assert_max_num_queries: object
) -> None:
    url = reverse("public_page", args=[cast.school.uai])
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        answer = Client().get(url)
    text = answer.content.decode()
    for said in ("Portes ouvertes", "De 9 h à 17 h.", "Fonderie Martel", "Bienvenue à l’atelier.", cast.school.uai):
        assert said in text
    assert text.count("Bac pro Microtechniques") == 1
    for kept in (
        "MEZIANE", "Conseil interne", "Forum annulé", "Forum passé", "Transports Muets", "Ancienne Scierie", "Garage Évité",
        "Atelier Demain", cast.bde.last_name, "Set-Cookie",
    ):  # fmt: skip
        assert kept not in text
    assert not answer.cookies and "public" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert "http://" not in text.replace("http://www.w3.org", "").replace("http://testserver", "")
    events = Calendar.from_ical(Client().get(reverse("public_calendar", args=[cast.school.uai])).content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Portes ouvertes"]

    EventSettings.objects.in_school(cast.school).update(is_listed=True, shows_partners=False, shows_formations=False)
    again = Client().get(url)
    assert "X-Robots-Tag" not in again
    assert "Fonderie Martel" not in again.content.decode() and "Microtechniques" not in again.content.decode()


@pytest.mark.django_db
def test_a_member_who_reads_it_leaves_nothing_in_caches(as_bde: Client, cast: Cast, filled: EventSettings) -> None:
    answer = as_bde.get(reverse("public_page", args=[cast.school.uai]))
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_school_opens_its_page(as_bde: Client, cast: Cast) -> None:
    url = reverse("events:event_settings", args=[cast.school.uai])
    form = as_bde.get(url).context["form"]
    typed = {
        "creation_key": form["creation_key"].initial, "page_is_open": "on", "introduction": "Venez nous voir.",
        "shows_partners": "on", "shows_formations": "on", "taxe_text": "", "reminder_days": "7", "most_reminders": "2",
    }  # fmt: skip
    assert as_bde.post(url, typed | {"reminder_days": "1"}).status_code == 422
    assert as_bde.post(url, typed).status_code == 302
    assert "Venez nous voir." in Client().get(reverse("public_page", args=[cast.school.uai])).content.decode()
    assert as_bde.get(reverse("events:public_preview", args=[cast.school.uai])).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Guidés par Rayan Méziane.", "MEZIANE RAYAN vous attend", "rayan  meziane"])
def test_no_text_of_the_page_names_a_pupil(as_bde: Client, cast: Cast, filled: EventSettings, text: str) -> None:
    action = ActionFactory(school=cast.school, start_date=SOON, status="prevue")
    url = reverse("events:action_public", args=[cast.school.uai, action.public_id])
    answer = as_bde.post(url, {"version": action.version, "is_public": "on", "public_text": text})
    assert answer.status_code == 422 and "nomme un élève" in answer.content.decode()
    assert (
        as_bde.post(url, {"version": action.version, "is_public": "on", "public_text": "Ouvert à tous."}).status_code
        == 302
    )
    action.refresh_from_db()
    assert action.is_public and action.public_text == "Ouvert à tous."


@pytest.mark.django_db
def test_a_partner_agrees_on_a_day_that_has_come(as_bde: Client, cast: Cast) -> None:
    partner = PartnerFactory(school=cast.school, siret="")
    url = reverse("partners:partner_edit", args=[cast.school.uai, partner.public_id])
    form = as_bde.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert as_bde.post(url, typed | {"named_since": (TODAY + timedelta(days=1)).isoformat()}).status_code == 422
    assert as_bde.post(url, typed | {"named_since": TODAY.isoformat()}).status_code == 302
    partner.refresh_from_db()
    assert partner.named_since == TODAY
