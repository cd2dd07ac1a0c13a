"""« À relancer »: who waits, by when, whose; done, undone, put off, and what was said noted at once."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from partners import followups
from partners.models import Interaction
from partners.rules import follow_up
from partners.rules.follow_up import Delay, Due
from tests.factories import ContactFactory, InteractionFactory, PartnerFactory
from tests.outside import forms_of

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def url(cast, name="follow_ups", *args):
    return reverse(f"partners:{name}", args=[cast.school.uai, *args])


def due(cast, day, **more):
    return InteractionFactory(school=cast.school, date=date(2026, 11, 2), call_again_date=day, **more)


# ---------------------------------------------------------------------------------------------------------------- rules


@given(DAYS, DAYS)
def test_a_day_stands_in_one_part_of_time_and_one_only(day, today):
    holding = [due for due in Due if follow_up.days_of(due, today)[0] <= day <= follow_up.days_of(due, today)[1]]
    assert holding == [follow_up.due_on(day, today)]


@given(DAYS)
def test_parts_of_time_follow_each_other(today):
    order = [follow_up.due_on(today + timedelta(days=n), today) for n in (-400, -1, 0)]
    assert order == [Due.LATE, Due.LATE, Due.TODAY]
    ahead = [follow_up.due_on(today + timedelta(days=n), today) for n in range(1, 15)]
    assert ahead == sorted(ahead, key=list(Due).index)
    last = today + timedelta(days=ahead.count(Due.WEEK))
    assert last.weekday() == 6 and 2 <= ahead.count(Due.WEEK) <= 8


@given(DAYS, st.sampled_from([Delay.DAY, Delay.WEEK, Delay.MONTH]))
def test_a_delay_leads_to_a_working_day_to_come(today, delay):
    day = follow_up.put_off(delay, today)
    least, most = {Delay.DAY: (1, 3), Delay.WEEK: (7, 9), Delay.MONTH: (28, 33)}[delay]
    assert least <= (day - today).days <= most
    assert day.weekday() < 5
    assert follow_up.day_problem(day, today) == ""


@pytest.mark.parametrize(
    ("delay", "today", "expected"),
    [
        (Delay.DAY, date(2026, 11, 27), date(2026, 11, 30)),  # a Friday
        (Delay.MONTH, date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (Delay.MONTH, date(2026, 12, 15), date(2027, 1, 15)),
        (Delay.WEEK, date(2026, 12, 28), date(2027, 1, 4)),
    ],
)
def test_delays(delay, today, expected):
    assert follow_up.put_off(delay, today) == expected


# ----------------------------------------------------------------------------------------------------------------- page


def test_the_page_says_whom_to_call_why_and_what_was_said_last(as_bde, cast):
    contact = ContactFactory(
        school=cast.school, partner__school=cast.school, partner__name="Menuiserie Arpin", phone="+33 3 23 00 00 01"
    )
    due(cast, date(2026, 11, 20), partner=contact.partner, contact=contact, subject="Rappeler pour mars")
    InteractionFactory(school=cast.school, partner=contact.partner, date=date(2026, 11, 10), subject="Vu au salon")
    page = as_bde.get(url(cast)).content.decode()
    for said in ("Menuiserie Arpin", "Yann Ferrand", 'href="tel:+33323000001"', "Rappeler pour mars", "Vu au salon"):
        assert said in page, said
    assert "en retard de 5 jours" in page.replace("\xa0", " ").replace("\u202f", " ")


def test_counters_are_filters(as_bde, cast):
    for day in (20, 24, 25, 27, 30):
        due(cast, date(2026, 11, day), subject=f"Le {day}")
    due(cast, date(2026, 11, 20), subject="Déjà fait", called_again=True)
    InteractionFactory(school=cast.school, subject="Sans rappel")
    answer = as_bde.get(url(cast))
    assert dict(answer.context["sums"]) == {Due.LATE: 2, Due.TODAY: 1, Due.WEEK: 1, Due.LATER: 1}
    page = as_bde.get(url(cast) + "?quand=cette_semaine")
    assert [call.exchange.subject for _, _, calls in page.context["parts"] for call in calls] == ["Le 27"]
    assert dict(page.context["sums"])[Due.LATE] == 2, "each part keeps its number"
    assert as_bde.get(url(cast) + "?quand=jamais").status_code == 400
    assert "Déjà fait" not in answer.content.decode()


def test_mine_are_those_i_noted_and_of_partners_i_follow(as_bde, cast):
    due(cast, TODAY, subject="Noté par moi", author_email=cast.bde.email.upper())
    due(cast, TODAY, subject="Suivi par moi", partner=PartnerFactory(school=cast.school, owner=cast.bde))
    due(cast, TODAY, subject="À un autre", author_email=cast.ddfpt.email)
    mine = as_bde.get(url(cast) + "?qui=moi").content.decode()
    assert "Noté par moi" in mine and "Suivi par moi" in mine and "À un autre" not in mine
    assert "À un autre" in as_bde.get(url(cast)).content.decode()
    assert f"par {cast.ddfpt}" in as_bde.get(url(cast)).content.decode()


def test_a_teacher_sees_their_own_calls_and_the_head_none(client, cast):
    due(cast, TODAY, subject="Du professeur", author_email=cast.teacher.email)
    due(cast, TODAY, subject="Du bureau", author_email=cast.bde.email)
    client.force_login(cast.teacher.user)
    page = client.get(url(cast)).content.decode()
    assert "Du professeur" in page and "Du bureau" not in page
    client.force_login(cast.head.user)
    assert client.get(url(cast)).status_code == 403
    client.force_login(cast.stranger.user)
    assert client.get(url(cast)).status_code == 404


def test_the_number_of_a_contact_a_teacher_may_not_see_stays_hidden(as_teacher, cast):
    contact = ContactFactory(school=cast.school, partner__school=cast.school, phone="06 11 11 11 11")
    due(cast, TODAY, partner=contact.partner, contact=contact, author_email=cast.teacher.email)
    page = as_teacher.get(url(cast)).content.decode()
    assert "06 11 11 11 11" not in page and contact.last_name not in page


def test_the_navigation_counts_what_is_late_or_for_today(client, cast):
    for day in (20, 25, 26):
        due(cast, date(2026, 11, day), author_email=cast.bde.email)
    for member, expected in ((cast.bde, 2), (cast.teacher, 0)):
        client.force_login(member.user)
        navigation = client.get(cast.school.get_absolute_url()).context["navigation"]
        entries = {entry.label: entry.counter for _, group in navigation for entry in group}
        assert (entries["À relancer"] or 0) == expected
    client.force_login(cast.office.user)
    navigation = client.get(cast.school.get_absolute_url()).context["navigation"]
    assert "À relancer" not in {entry.label for _, group in navigation for entry in group}


def test_as_many_queries_for_two_as_for_forty(as_bde, cast):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert as_bde.get(url(cast)).status_code == 200
        return len(seen)

    def some(count):
        for _ in range(count):
            contact = ContactFactory(school=cast.school, partner__school=cast.school)
            due(cast, TODAY, partner=contact.partner, contact=contact, author_email=cast.ddfpt.email)

    some(2)
    few = queries()
    some(38)
    assert queries() == few <= 20


# ---------------------------------------------------------------------------------------------------------------- verbs


def test_done_then_what_was_said_is_noted_at_once(as_bde, cast):
    contact = ContactFactory(school=cast.school, partner__school=cast.school)
    call = due(cast, date(2026, 11, 20), partner=contact.partner, contact=contact, subject="Rappeler pour mars")
    answer = as_bde.post(url(cast, "interaction_done", call.public_id), {"retour": url(cast) + "?qui=moi"})
    assert answer["Location"] == f"{url(cast)}?qui=moi&fait={call.public_id}"
    call.refresh_from_db()
    assert call.called_again and call.call_again_date == date(2026, 11, 20)
    page = as_bde.get(answer["Location"]).content.decode()
    assert "Qu’est-ce qui s’est dit" in page and "Rappel fait" in page
    key = re.search(r'name="creation_key" value="([^"]+)"', page)[1]
    said = {"subject": "Deux places promises", "channel": "appel", "call_again_date": "2026-12-10", "creation_key": key}
    for _ in range(2):  # a double click notes once
        answer = as_bde.post(url(cast, "interaction_said", call.public_id), {**said, "retour": url(cast)})
        assert answer["Location"] == url(cast)
    new = Interaction.objects.in_school(cast.school).exclude(pk=call.pk).get()
    assert (new.subject, new.contact, new.date, new.call_again_date) == (
        "Deux places promises", contact, TODAY, date(2026, 12, 10),
    )  # fmt: skip
    assert new.author_email == cast.bde.email


def test_done_by_mistake_waits_again(as_bde, cast):
    call = due(cast, date(2026, 11, 20))
    as_bde.post(url(cast, "interaction_done", call.public_id), {"retour": url(cast)})
    undo = url(cast, "interaction_undone", call.public_id)
    assert undo in as_bde.get(url(cast)).content.decode()
    assert as_bde.post(f"{undo}?retour={url(cast)}")["Location"] == url(cast)
    assert as_bde.get(url(cast)).context["total"] == 1


def test_done_from_elsewhere_goes_back_there_and_nowhere_else(as_bde, cast):
    call = due(cast, TODAY)
    for to in ("", "https://ailleurs.example/", "//ailleurs.example"):
        answer = as_bde.post(url(cast, "interaction_done", call.public_id), {"retour": to})
        assert answer["Location"] == call.partner.get_absolute_url()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"delai": "jour"}, date(2026, 11, 26)),
        ({"delai": "semaine"}, date(2026, 12, 2)),
        ({"delai": "mois"}, date(2026, 12, 25)),
        ({"delai": "date", "jour": "2027-01-05"}, date(2027, 1, 5)),
        ({"delai": "date", "jour": "2026-11-25"}, TODAY),
    ],
)
def test_put_off(as_bde, cast, sent, expected):
    call = due(cast, date(2026, 11, 20))
    answer = as_bde.post(url(cast, "interaction_postpone", call.public_id), {**sent, "retour": url(cast)})
    assert answer["Location"] == url(cast)
    call.refresh_from_db()
    assert call.call_again_date == expected and not call.called_again


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"delai": "date", "jour": "2026-11-24"}, "est passé"),
        ({"delai": "date", "jour": "2226-11-24"}, "plus de deux ans"),
        ({"delai": "date", "jour": ""}, "Dites quel jour"),
        ({"delai": "date", "jour": "demain"}, "date valide"),
        ({"delai": "siècle"}, "siècle"),
        ({}, "obligatoire"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_in_words(as_bde, cast, sent, sentence):
    call = due(cast, date(2026, 11, 20))
    answer = as_bde.post(url(cast, "interaction_postpone", call.public_id), sent or {"x": "1"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    call.refresh_from_db()
    assert call.call_again_date == date(2026, 11, 20)


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "=cmd()", "é" * 200, "🙂 d’accord", "\u202eà l’envers", ""]
)
def test_what_was_said_takes_any_words_and_keeps_those_it_refuses(as_bde, cast, words):
    call = due(cast, TODAY)
    sent = {"subject": words, "channel": "appel", "call_again_date": "2026-11-01"}
    answer = as_bde.post(url(cast, "interaction_said", call.public_id), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<script>alert" not in page and "Erreur" in page and 'value="2026-11-01"' in page
    if words:
        answer = as_bde.post(url(cast, "interaction_said", call.public_id), {**sent, "call_again_date": ""})
        assert answer.status_code == 302
    too_long = as_bde.post(url(cast, "interaction_said", call.public_id), {**sent, "subject": "x" * 201})
    assert too_long.status_code == 422 and "x" * 201 in too_long.content.decode()


def test_a_teacher_does_not_touch_the_calls_of_others(as_teacher, cast):
    call = due(cast, TODAY, author_email=cast.bde.email)
    for name in ("interaction_done", "interaction_undone", "interaction_postpone", "interaction_said"):
        assert as_teacher.post(url(cast, name, call.public_id), {"delai": "jour"}).status_code == 404


# -------------------------------------------------------------------------------------------------------- planned calls


def planned(cast, partner=None, day=date(2026, 12, 3)):
    partner = partner or PartnerFactory(school=cast.school)
    (call,) = followups.plan_calls(
        [(partner, "Demander des places")], day=day, today=TODAY, membership=cast.bde, by=cast.bde.user
    )
    return call


def test_a_planned_call_becomes_the_exchange_of_the_day_it_is_made(as_bde, cast):
    call = planned(cast)
    assert followups.was_planned(call) and call.date == date(2026, 12, 3)
    with time_machine.travel("2026-12-07 10:00:00+01:00", tick=False):
        as_bde.force_login(cast.bde.user)
        answer = as_bde.post(url(cast, "interaction_done", call.public_id), {"retour": url(cast)})
        assert answer["Location"].endswith("&prevu=1")
        call.refresh_from_db()
        assert (call.date, call.called_again) == (date(2026, 12, 7), True)
        assert 'name="prevu"' in as_bde.get(answer["Location"]).content.decode()
        sent = {"subject": "Ils prennent deux élèves", "channel": "visite", "prevu": "1"}
        as_bde.post(url(cast, "interaction_said", call.public_id), sent)
    call = Interaction.objects.in_school(cast.school).get()
    assert (call.subject, call.channel, call.called_again) == ("Ils prennent deux élèves", "visite", True)


def test_a_planned_call_put_off_stays_planned(as_bde, cast):
    call = planned(cast)
    as_bde.post(url(cast, "interaction_postpone", call.public_id), {"delai": "date", "jour": "2027-01-05"})
    call.refresh_from_db()
    assert followups.was_planned(call) and call.date == call.call_again_date == date(2027, 1, 5)


def test_a_partner_already_to_be_called_is_not_planned_twice(cast):
    call = planned(cast)
    again = followups.plan_calls(
        [(call.partner, "Encore")] * 2, day=date(2026, 12, 9), today=TODAY, membership=cast.bde, by=cast.bde.user
    )
    assert again == []


def test_filters_around_a_form_sent_back_lead_to_the_list(as_bde, cast):
    call = due(cast, TODAY)
    answer = as_bde.get(url(cast, "interaction_said", call.public_id) + "?quand=en_retard")
    assert answer["Location"] == url(cast) + "?quand=en_retard"


def test_every_form_of_the_page_carries_its_token(cast):
    """Each POST of the page passes with the token that its own form holds, as in a browser."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bde.user)
    call = due(cast, TODAY)
    for page in (url(cast), url(cast, "interaction_postpone", call.public_id), f"{url(cast)}?fait={call.public_id}"):
        forms = [form for form in forms_of(client.get(page).content.decode()) if form.method == "post"]
        assert forms
        for form in forms:
            assert form.values.get("csrfmiddlewaretoken", [""])[0], (page, form.action)
