"""Whom a survey asks and how: a poster, messages, one reminder, the end, a link that leaked."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail as sent
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core import jobs, pdf
from core.models import AuditEvent, Job, OutboxMessage
from events import inviting
from surveys import asking, circles, tasks
from surveys.models import Survey, SurveyAnswer, SurveyLink
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ContactFactory,
    InvitationFactory,
    ParticipationFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    StudentFactory,
    SurveyFactory,
)

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=4)


@pytest.fixture(autouse=True)
def that_morning(db: None):
    with time_machine.travel(NOW, tick=False):
        yield


def survey_of(cast: Cast, **values: object) -> Survey:
    said = {"audience": "eleve", "opened_date": date(2026, 3, 9), "closed_date": date(2026, 3, 20)} | values
    survey: Survey = SurveyFactory(school=cast.school, **said)
    return survey


def came(cast: Cast, count: int) -> tuple[Survey, object]:
    """A survey of the pupils who came to an action, all with an address."""
    action = ActionFactory(school=cast.school, start_date=date(2026, 3, 6))
    for number in range(count):
        pupil = StudentFactory(school=cast.school, email=f"eleve{number}@lycee.example")
        ParticipationFactory(school=cast.school, action=action, student=pupil, present=True)
    return survey_of(cast, action=action), action


def letters() -> dict[str, str]:
    return {message.recipient: message.body for message in OutboxMessage.objects.order_by("pk")}


def address_in(body: str) -> str:
    return next(line for line in body.splitlines() if "/enquete/" in line)


def post(client: Client, survey: Survey, name: str, **data: str):
    return client.post(reverse(f"surveys:{name}", args=[survey.school.uai, survey.public_id]), data)


# ---------------------------------------------------------------------------------------------------------------- who


def test_pupils_who_came_and_those_without_an_address_are_counted(cast: Cast):
    survey, action = came(cast, 2)
    ParticipationFactory(
        school=cast.school, action=action, present=True, student=StudentFactory(school=cast.school, email="")
    )
    ParticipationFactory(school=cast.school, action=action, present=False)
    found = circles.circle(survey)
    assert [person.email for person in found.people] == ["eleve0@lycee.example", "eleve1@lycee.example"]
    assert len(found.without_address) == 1


def test_partners_present_by_their_contact_and_none_who_refuses(cast: Cast):
    action = ActionFactory(school=cast.school)
    partners = [PartnerFactory(school=cast.school, email="") for _ in range(4)]
    guest = ContactFactory(school=cast.school, partner=partners[0], email="guest@un.example")
    ContactFactory(school=cast.school, partner=partners[1], email="non@deux.example", refuses_mailings=True)
    ContactFactory(school=cast.school, partner=partners[2], email="absent@trois.example")
    for partner, present in zip(partners, (True, True, False, True), strict=True):
        InvitationFactory(school=cast.school, action=action, partner=partner, present=present)
    found = circles.circle(survey_of(cast, audience="partenaire", action=action))
    assert [(person.email, person.contact_id) for person in found.people] == [("guest@un.example", guest.pk)]
    assert (len(found.without_address), len(found.refusing)) == (1, 1)


def test_the_referents_and_tutors_of_a_period(cast: Cast):
    period = PeriodFactory(school=cast.school)
    tutor = ContactFactory(school=cast.school, email="tuteur@atelier.example")
    for _ in range(2):
        PlacementFactory(
            school=cast.school,
            period=period,
            partner=tutor.partner,
            tutor=tutor,
            referent_email=cast.teacher.email.upper(),
        )
    team = circles.circle(survey_of(cast, audience="equipe", period=period))
    assert [person.membership_id for person in team.people] == [cast.teacher.pk]
    (host,) = circles.circle(survey_of(cast, audience="partenaire", period=period)).people
    assert (host.partner_id, host.placement_id) == (tutor.partner_id, None), "two pupils: one opinion, of neither"


# ------------------------------------------------------------------------------------------------------------- by mail


def test_each_gets_a_link_of_their_own_and_the_number_asked_is_known(cast: Cast, as_bde: Client):
    survey, _ = came(cast, 6)
    page = as_bde.get(reverse("surveys:survey_ask", args=[cast.school.uai, survey.public_id])).content.decode()
    assert "6 personnes" in page.replace("\xa0", " ") and "Bonjour" in page
    assert post(as_bde, survey, "survey_ask", combien="5").status_code == 302
    assert not Job.objects.filter(kind="surveys.send_survey"), "the list that was read is another one"
    post(as_bde, survey, "survey_ask", combien="6")
    jobs.run_waiting()
    assert len({address_in(str(message.body)) for message in sent.outbox}) == 6
    survey.refresh_from_db()
    assert survey.asked_count == 6
    assert tasks.send_survey(survey_id=survey.pk).message.startswith("0")
    assert SurveyLink.objects.in_school(cast.school).count() == OutboxMessage.objects.count() == 6
    assert not any("eleve" in message.subject for message in OutboxMessage.objects.all())


def test_an_anonymous_survey_is_not_mailed_to_four_people(cast: Cast, as_bde: Client):
    survey, _ = came(cast, 4)
    assert (
        "ne l’est plus"
        in as_bde.get(reverse("surveys:survey_ask", args=[cast.school.uai, survey.public_id])).content.decode()
    )
    with pytest.raises(jobs.Failure):
        asking.send_links(survey, by=None, now=NOW)
    Survey.objects.in_school(cast.school).filter(pk=survey.pk).update(is_anonymous=False)
    survey.refresh_from_db()
    assert asking.send_links(survey, by=None, now=NOW) == 4


def test_an_anonymous_survey_is_asked_in_one_way_only(cast: Cast):
    by_mail, _ = came(cast, 5)
    asking.send_links(by_mail, by=None, now=NOW)
    with pytest.raises(ValidationError, match="partie par courriel"):
        asking.share(by_mail, by=None, now=NOW)
    by_poster = survey_of(cast, action=by_mail.action)
    asking.share(by_poster, by=None, now=NOW)
    with pytest.raises(jobs.Failure, match="lien pour tous"):
        asking.send_links(by_poster, by=None, now=NOW)


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_one_reminder_with_fresh_links(cast: Cast, client: Client, is_anonymous: bool):
    survey, _ = came(cast, 6)
    Survey.objects.in_school(cast.school).filter(pk=survey.pk).update(is_anonymous=is_anonymous)
    survey.refresh_from_db()
    asking.send_links(survey, by=None, now=NOW)
    first = letters()
    done = "eleve2@lycee.example"
    client.post(address_in(first[done]), {"q1": "4"})
    with pytest.raises(jobs.Failure):
        asking.remind(survey, by=None, now=NOW + timedelta(days=1))
    with time_machine.travel(LATER, tick=False):
        assert asking.remind(survey, by=None, now=LATER) == (6 if is_anonymous else 5)
        again = letters()
        assert (again[done] != first[done]) is is_anonymous, "nobody knows who has answered"
        other = "eleve3@lycee.example"
        client.post(address_in(again[other]), {"q1": "1"})
        assert "déjà répondu" in client.get(address_in(first[other])).content.decode()
        if is_anonymous:
            assert "déjà répondu" in client.get(address_in(again[done])).content.decode()
        with pytest.raises(jobs.Failure, match="une seule relance"):
            asking.remind(survey, by=None, now=LATER + timedelta(days=1))
    assert SurveyAnswer.objects.in_school(cast.school).count() == 2
    assert asking.ways(survey).answered == 2


def test_the_clock_reminds_three_days_before_the_end(cast: Cast):
    survey, _ = came(cast, 5)
    asking.send_links(survey, by=None, now=NOW)
    assert asking.to_remind(date(2026, 3, 16)) == []
    assert asking.to_remind(date(2026, 3, 17)) == [survey]
    with time_machine.travel(datetime(2026, 3, 17, 7, tzinfo=UTC), tick=False):
        tasks.remind_every_school(date="2026-03-17")
        jobs.run_waiting()
    assert asking.to_remind(date(2026, 3, 18)) == []
    assert OutboxMessage.objects.count() == 10


def test_guests_are_asked_in_the_letter_that_thanks_them(cast: Cast, client: Client):
    action = ActionFactory(school=cast.school)
    guests = [
        InvitationFactory(school=cast.school, action=action, present=True, email=f"g{n}@x.example") for n in range(5)
    ]
    give = inviting._asking[-1]
    assert give(action, guests, NOW, None) == {}
    named = survey_of(cast, audience="partenaire", action=action, is_anonymous=False)
    given = give(action, guests, NOW, None)
    assert len(set(given.values())) == 5
    client.post(given[guests[0].pk], {"q1": "4"})
    assert SurveyAnswer.objects.in_school(cast.school).get().partner == guests[0].partner
    named.delete()
    survey_of(cast, audience="partenaire", action=action)
    assert len(set(give(action, guests, NOW, None).values())) == 1, "anonymous: everybody's link"


# ------------------------------------------------------------------------------------------------------- poster and end


def test_the_poster_is_one_accessible_page(cast: Cast, as_bde: Client):
    survey = survey_of(cast, title="Ton avis : " + "Forum des métiers " * 8)
    sent = post(as_bde, survey, "survey_share", faire="affiche")
    assert sent["Content-Type"] == "application/pdf" and pdf.page_count(sent.content) == 1
    page = post(as_bde, survey, "survey_share", faire="lien")
    assert "/enquete/" in page.content.decode() and '<svg role="img"' in page.content.decode()
    assert SurveyLink.objects.in_school(cast.school).filter(is_open=True).count() == 2


def test_a_link_that_leaked_is_replaced_and_what_came_by_it_is_removed(cast: Cast, as_bde: Client):
    survey = survey_of(cast)
    _, old = asking.share(survey, by=None, now=NOW)
    for days, count in ((0, 3), (1, 4), (2, 2)):
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            for _ in range(count):
                Client().post(old, {"q1": "1"})
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        as_bde.force_login(cast.bde.user)
        page = post(as_bde, survey, "survey_share", faire="lien", remplacer="1")
        new = page.context["url"]
        assert Client().post(old, {"q1": "1"}).status_code == 410
        Client().post(new, {"q1": "4"})
        link = SurveyLink.objects.in_school(cast.school).exclude(revoked_at=None).get()
        said = {"link": str(link.public_id), "start": "2026-03-11", "end": "2026-03-12", "reason": "lien_publie"}
        counted = post(as_bde, survey, "survey_set_aside", **said)
        assert counted.context["count"] == 6 and SurveyAnswer.objects.in_school(cast.school).count() == 10
        refused = post(as_bde, survey, "survey_set_aside", **said, expected="5", confirmer="1")
        assert refused.status_code == 422 and SurveyAnswer.objects.in_school(cast.school).count() == 10
        assert post(as_bde, survey, "survey_set_aside", **said, expected="6", confirmer="1").status_code == 302
    assert sorted(SurveyAnswer.objects.in_school(cast.school).values_list("grade", flat=True)) == [1, 1, 1, 4]
    event = AuditEvent.objects.get(verb="surveys.answers_set_aside")
    assert event.actor == cast.bde.user and event.payload["answers"] == 6 and event.payload["reason"] == "lien_publie"
    upside_down = post(as_bde, survey, "survey_set_aside", **(said | {"start": "2026-03-12", "end": "2026-03-11"}))
    assert upside_down.status_code == 422


def test_ended_by_hand_or_prolonged(cast: Cast, as_bde: Client, client: Client):
    survey = survey_of(cast)
    _, url = asking.share(survey, by=None, now=NOW)
    assert (
        "Plus personne ne pourra répondre"
        in as_bde.get(reverse("surveys:survey_close", args=[cast.school.uai, survey.public_id])).content.decode()
    )
    post(as_bde, survey, "survey_close")
    assert "Enquête close" in Client().get(url).content.decode()
    post(as_bde, survey, "survey_close")
    assert AuditEvent.objects.filter(verb="surveys.closed").count() == 1
    other = survey_of(cast, closed_date=date(2026, 3, 11))
    _, url = asking.share(other, by=None, now=NOW)
    Survey.objects.in_school(cast.school).filter(pk=other.pk).update(closed_date=date(2026, 3, 30))
    other.refresh_from_db()
    asking.follow_dates(other, now=NOW)
    with time_machine.travel(datetime(2026, 3, 25, 9, tzinfo=UTC), tick=False):
        assert Client().get(url).status_code == 200


def test_an_address_written_otherwise_is_the_same_person(cast: Cast, client: Client):
    survey = survey_of(cast, is_anonymous=False)
    first, second = (
        asking._personal(survey, asking.Person("Lina", email), by=None, now=NOW)[1]
        for email in (" Lina@Eleve.example", "lina@eleve.example ")
    )
    client.post(first, {"q1": "3"})
    assert "déjà répondu" in client.get(second).content.decode()
    assert asking.ways(survey).people == 1
