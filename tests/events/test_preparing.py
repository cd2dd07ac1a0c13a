"""An action from a model to its report: what is filled, what comes next, what is refused and said."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import OutboxMessage
from events import catalogue, preparing
from events.catalogue import Step
from events.models import Action, ActionLetter, ActionStep, ActionTemplate
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    ActionStepFactory,
    ClassFactory,
    ContactFactory,
    InvitationFactory,
    PartnerFactory,
    SchoolingFactory,
)


def soon(days: int = 60) -> date:
    return timezone.localdate() + timedelta(days=days)


def url(cast: Cast, name: str, *words: Any) -> str:
    return reverse(f"events:{name}", args=[cast.school.uai, *words])


def typed(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form of a page sends, with these changes."""
    form = client.get(address).context["form"]
    found = {}
    for field in form:
        value = field.value()
        if value is None or value is False or hasattr(value, "public_id"):
            continue
        found[field.html_name] = value
    return {**found, **changes}


@pytest.mark.parametrize("kind", ["FORUM_METIERS", "VISITE_ENT", "AUTRE"])
def test_an_action_begins_from_a_model(as_bde: Client, cast: Cast, kind: str):
    partner = PartnerFactory(school=cast.school)
    new = f"{url(cast, 'action_new')}?nature={kind}"
    answer = as_bde.post(
        new, typed(as_bde, new, start_date=soon(120), partner=partner.name, partner_id=str(partner.public_id))
    )
    action = Action.objects.in_school(cast.school).get()
    assert answer.status_code == 302, answer.context["form"].errors
    model = catalogue.model_for(kind)
    assert (action.kind, action.type) == (kind, catalogue.kind(kind).type)
    assert action.hours == model.hours and action.owner == cast.bde
    steps = list(ActionStep.objects.in_school(cast.school).order_by("due_date", "pk"))
    assert [step.label for step in steps] == [step.label for step in model.steps]
    assert all(step.due_date >= timezone.localdate() for step in steps)
    assert {row.occasion for row in ActionLetter.objects.in_school(cast.school)} == set(model.letters)
    page = as_bde.get(action.get_absolute_url()).content.decode()
    assert steps[0].label in page and "Prochaine étape" in page and partner.name in page


# ------------------------------------------------------------------------------------------------------------------ the days


@given(
    day=st.dates(date(2024, 9, 1), date(2028, 8, 31)),
    today=st.dates(date(2024, 9, 1), date(2028, 8, 31)),
    gaps=st.lists(st.integers(-200, 200), max_size=8),
    off=st.sets(st.integers(0, 6), max_size=5),
)
def test_steps_fall_on_lesson_days_and_never_before_today(day: date, today: date, gaps: list[int], off: set[int]):
    steps = [Step(gap, str(gap)) for gap in sorted(gaps)]
    found = preparing.due_dates(steps, day, today, lambda one: one.weekday() not in off)
    for step, due in found:
        assert due >= today
        if due > today and step.days:
            assert due.weekday() not in off
            counted = day + timedelta(days=step.days)
            assert (due <= counted) if step.days < 0 else (due >= counted)
            assert abs((due - counted).days) <= 5
    kept = [step for step, _ in found]
    assert kept == (steps if day >= today else [step for step in steps if step.days > 0])
    dues = [due for _, due in found]
    assert dues == sorted(dues)


def test_moving_an_action_moves_what_is_left_to_do(as_bde: Client, cast: Cast):
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(60), hours=2)
    left = ActionStepFactory(school=cast.school, action=action, due_date=soon(30))
    done = ActionStepFactory(school=cast.school, action=action, due_date=soon(-5), done_date=soon(-6))
    edit = url(cast, "action_edit", action.public_id)
    answer = as_bde.post(edit, typed(as_bde, edit, start_date=soon(67)), follow=True)
    assert "1 étape décalée" in answer.content.decode().replace("\xa0", " ")
    left.refresh_from_db(), done.refresh_from_db()
    assert (left.due_date, done.due_date) == (soon(37), soon(-5))


# -------------------------------------------------------------------------------------------------------------- what comes next


def next_on(client: Client, action: Action) -> str:
    found = client.get(action.get_absolute_url()).context["next"]
    return f"{found.strong} {found.text}" if found else ""


def test_the_page_says_what_to_do_next_until_nothing_is_left(as_bde: Client, cast: Cast):
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(20), hours=2)
    assert next_on(as_bde, action) == ""
    assert as_bde.post(url(cast, "action_fill", action.public_id)).status_code == 302
    steps = list(ActionStep.objects.in_school(cast.school).order_by("due_date", "pk"))
    assert len(steps) == len(catalogue.models()["forum"].steps)
    as_bde.post(url(cast, "action_fill", action.public_id))
    assert ActionStep.objects.in_school(cast.school).count() == len(steps)
    assert steps[0].label in next_on(as_bde, action)
    as_bde.post(url(cast, "action_step_done", steps[0].public_id))
    as_bde.post(url(cast, "action_step_done", steps[0].public_id))
    assert steps[1].label in next_on(as_bde, action)
    as_bde.post(url(cast, "action_step_undone", steps[0].public_id))
    assert steps[0].label in next_on(as_bde, action)
    Action.objects.filter(school=cast.school).update(start_date=soon(-3))
    assert "La date est passée" in next_on(as_bde, action)
    InvitationFactory(school=cast.school, action=action, present=True)
    report = url(cast, "action_report", action.public_id)
    as_bde.post(report, typed(as_bde, report, status="realisee", hours="3.5"))
    action.refresh_from_db()
    assert (action.status, action.hours) == ("realisee", 3.5)
    assert "Remercier" in next_on(as_bde, action)
    action.invitations.update(thanked_at=timezone.now())
    assert "Le bilan" in next_on(as_bde, action)
    lines = {"happened": "Six stands.", "gained": "Deux places.", "next_time": "Plus tôt.\nEt plus long."}
    as_bde.post(report, typed(as_bde, report, **lines))
    action.refresh_from_db()
    assert action.review == "Six stands.\nDeux places.\nPlus tôt.\nEt plus long."
    assert as_bde.get(report).context["form"]["next_time"].value() == "Plus tôt.\nEt plus long."
    ActionStep.objects.filter(school=cast.school).update(done_date=soon(-1))
    assert next_on(as_bde, action) == ""


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12), min_size=3, max_size=3))
def test_three_lines_are_read_back_as_they_were_written(lines: list[str]):
    assert preparing.report_lines(preparing.review_of(lines)) == lines


def test_a_step_that_is_due_is_on_the_work_list_of_who_answers_for_it(client: Client, cast: Cast):
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(40))
    ActionStepFactory(
        school=cast.school, action=action, label="Inviter les exposants", due_date=soon(2), owner=cast.ddfpt
    )
    ActionStepFactory(school=cast.school, action=action, label="Réserver la salle", due_date=soon(30))
    for member, seen in ((cast.ddfpt, True), (cast.bde, False), (cast.teacher, False)):
        client.force_login(member.user)
        page = client.get(reverse("schools:home", args=[cast.school.uai])).content.decode()
        assert ("Inviter les exposants" in page) is seen
        assert "Réserver la salle" not in page


# ----------------------------------------------------------------------------------------------------------------- bad input


def test_without_partner_without_duration_the_page_says_what_it_costs(as_bde: Client, cast: Cast):
    action = ActionFactory(school=cast.school, hours=None)
    page = as_bde.get(action.get_absolute_url())
    assert [gap.text for gap in page.context["gaps"]] == [
        "Aucun partenaire",
        "Durée inconnue",
        "Aucun élève attendu",
        "Publics prioritaires : à dire",
    ]
    ActionPartnerFactory(school=cast.school, action=action)
    Action.objects.filter(pk=action.pk).update(hours=0, outside_public=30, for_priority=False)
    assert as_bde.get(action.get_absolute_url()).context["gaps"] == []


def test_an_action_across_two_years_counts_in_the_year_of_its_first_day(as_bde: Client, cast: Cast):
    edit = f"{url(cast, 'action_new')}?nature=PROJET_COLLAB"
    answer = as_bde.post(edit, typed(as_bde, edit, start_date="2027-06-10", end_date="2027-10-20"), follow=True)
    said = "elle compte une fois, en 2026-2027, l’année de son premier jour"
    assert said in answer.content.decode()
    action = Action.objects.in_school(cast.school).get()
    assert said in as_bde.get(action.get_absolute_url()).content.decode()
    assert (
        preparing.counted_in(date(2026, 9, 1), None) == preparing.counted_in(date(2026, 9, 1), date(2027, 8, 31)) == ""
    )


@pytest.mark.parametrize(
    ("typed_in", "field"),
    [
        ({"start_date": "0001-01-01"}, "start_date"),
        ({"start_date": "9999-12-31"}, "start_date"),
        ({"start_date": "pas une date"}, "start_date"),
        ({"end_date": "2026-01-01"}, "end_date"),
        ({"end_date": "2028-12-01"}, "end_date"),
        ({"start_time": "14:00", "end_time": "09:00"}, "end_time"),
        ({"end_time": "09:00"}, "start_time"),
        ({"hours": "-1"}, "hours"),
        ({"hours": "1e30"}, "hours"),
        ({"cost": "99999999"}, "cost"),
        ({"kind": "=cmd()"}, "kind"),
        ({"title": "x" * 300}, "title"),
        ({"kind": ""}, "kind"),
        ({"status": "annulee"}, "status"),
        ({"status": "realisee"}, "status"),
        ({"partner": "Personne de ce nom"}, "partner"),
        ({"national_event": "<script>"}, "national_event"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(as_bde: Client, cast: Cast, typed_in: dict[str, str], field: str):
    new = f"{url(cast, 'action_new')}?nature=FORUM_METIERS"
    sent = typed(as_bde, new, start_date="2027-11-20", title="\u202eForum 🛠 <script>") | typed_in
    if typed_in == {"kind": ""}:
        sent.pop("type", None)
    answer = as_bde.post(new, sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "<script>" not in answer.content.decode().split("<main")[1]
    assert not Action.objects.in_school(cast.school).exists()


def test_an_unknown_model_is_a_plain_form(as_bde: Client, cast: Cast):
    for asked in (
        "?nature=PFMP",
        "?nature=RIEN",
        "?modele=00000000-0000-4000-8000-000000000000",
        "?atelier=9&classe=x",
    ):
        assert as_bde.get(f"{url(cast, 'action_new')}{asked}").status_code == 200


# ------------------------------------------------------------------------------------------------------------------ cancelling


def test_cancelling_tells_those_who_were_invited_and_did_not_decline(as_bde: Client, cast: Cast):
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(20))
    for reply, email in (("acceptee", "a@ex.example"), ("", "b@ex.example"), ("declinee", "c@ex.example"), ("", "")):
        partner = PartnerFactory(school=cast.school)
        ContactFactory(school=cast.school, partner=partner)
        InvitationFactory(school=cast.school, action=action, partner=partner, reply=reply, email=email)
    cancel = url(cast, "action_cancel", action.public_id)
    page = as_bde.get(cancel)
    assert "3 invités attendent" in page.content.decode().replace("\xa0", " ")
    assert not OutboxMessage.objects.exists()
    answer = as_bde.post(cancel, {"cancel_reason": "Grève", "tells": "on", "version": action.version}, follow=True)
    said = answer.content.decode().replace("\xa0", " ")
    assert "2 invités prévenus" in said and "à prévenir vous-même" in said
    assert sorted(message.recipient for message in OutboxMessage.objects.all()) == ["a@ex.example", "b@ex.example"]
    assert not any("Grève" in message.body for message in OutboxMessage.objects.all())
    action.refresh_from_db()
    assert (action.status, action.cancel_reason) == ("annulee", "Grève")
    assert "déjà annulée" in as_bde.post(cancel, {"version": action.version}, follow=True).content.decode()
    assert as_bde.post(url(cast, "action_step_new", action.public_id), {"label": "x"}).status_code == 403
    assert as_bde.post(url(cast, "action_report", action.public_id), {"status": "realisee"}).status_code == 403
    as_bde.post(url(cast, "action_reopen", action.public_id))
    action.refresh_from_db()
    assert (action.status, action.cancel_reason) == ("prevue", "")
    assert OutboxMessage.objects.count() == 2


def test_a_colleague_who_saved_in_between_is_not_overwritten(as_bde: Client, cast: Cast):
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(20))
    report, cancel = url(cast, "action_report", action.public_id), url(cast, "action_cancel", action.public_id)
    old = typed(as_bde, report, happened="Le mien", status="prevue")
    Action.objects.filter(pk=action.pk).update(version=9, title="Le sien")
    for address, sent in ((report, old), (cancel, {"version": action.version})):
        answer = as_bde.post(address, sent)
        assert answer.status_code == 422 and "entre-temps" in answer.content.decode()
    action.refresh_from_db()
    assert (action.title, action.review, action.status) == ("Le sien", "", "prevue")


# ------------------------------------------------------------------------------------------------------------ models of one's own


def test_an_action_becomes_a_model_and_the_model_an_action(as_bde: Client, cast: Cast):
    action = ActionFactory(school=cast.school, kind="FORUM_METIERS", start_date=date(2026, 3, 12), hours=4)
    ActionStepFactory(school=cast.school, action=action, label="Réserver", due_date=date(2026, 2, 10))
    ActionStepFactory(school=cast.school, action=action, label="Remercier", due_date=date(2026, 3, 15))
    keep = url(cast, "action_keep", action.public_id)
    assert as_bde.post(keep, {"name": "Notre forum"}).status_code == 302
    assert as_bde.post(keep, {"name": "Notre forum"}).status_code == 422
    model = ActionTemplate.objects.in_school(cast.school).get()
    assert model.steps == [{"days": -30, "label": "Réserver"}, {"days": 3, "label": "Remercier"}]
    assert "Notre forum" in as_bde.get(url(cast, "action_choose")).content.decode()
    new = f"{url(cast, 'action_new')}?modele={model.public_id}"
    as_bde.post(new, typed(as_bde, new, start_date=soon(100), title="Forum suivant"))
    made = Action.objects.in_school(cast.school).get(title="Forum suivant")
    assert [step.label for step in made.steps.order_by("due_date")] == ["Réserver", "Remercier"]
    assert (made.kind, made.hours) == ("FORUM_METIERS", 4)


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("Réserver la salle", "Ligne 1"),
        ("J-30 Réserver\nJ+3", "Ligne 2"),
        ("J-900 Réserver", "365"),
        (f"J-3 {'x' * 300}", "200"),
        ("\n".join(f"J-{n} Étape" for n in range(1, 80)), "60"),
    ],
)
def test_steps_that_cannot_be_read_are_named_by_line(as_bde: Client, cast: Cast, steps: str, problem: str):
    new = url(cast, "action_template_new")
    answer = as_bde.post(new, {"name": "Le nôtre", "kind": "AUTRE", "steps": steps})
    assert answer.status_code == 422 and problem in str(answer.context["form"].errors["steps"])
    assert answer.context["form"]["steps"].value() == steps


def test_a_model_is_written_as_lines_and_its_letters_are_checked(as_bde: Client, cast: Cast):
    new = url(cast, "action_template_new")
    sent = {"name": "Le nôtre", "kind": "AUTRE", "steps": "J+2 : Remercier\nJ − 10 Réserver\nJ Accueillir"}
    wrong = sent | {"invitation_subject": "Venez", "invitation_body": "Bonjour {inconnu}"}
    assert "invitation_body" in as_bde.post(new, wrong).context["form"].errors
    assert "relance_body" in as_bde.post(new, sent | {"relance_subject": "Seul"}).context["form"].errors
    assert (
        as_bde.post(new, sent | {"annulation_subject": "Non", "annulation_body": "Merci {prenom}"}).status_code == 302
    )
    model = ActionTemplate.objects.in_school(cast.school).get()
    assert [(one["days"], one["label"]) for one in model.steps] == [
        (-10, "Réserver"),
        (0, "Accueillir"),
        (2, "Remercier"),
    ]
    assert model.letters == {"annulation": {"subject": "Non", "body": "Merci {prenom}"}}
    shown = as_bde.get(url(cast, "action_template_edit", model.public_id)).context["form"]["steps"].value()
    assert "J-10 Réserver" in str(shown) or shown == model.steps
    assert as_bde.get(model.get_absolute_url()).status_code == 200


# -------------------------------------------------------------------------------------------------------------------- its cost


def test_the_page_costs_the_same_for_many_steps_guests_and_pupils(
    as_bde: Client, cast: Cast, django_assert_max_num_queries: Any
):
    school_class = ClassFactory(school=cast.school)
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(30), kind="FORUM_METIERS")
    for number in range(12):
        ActionStepFactory(school=cast.school, action=action, due_date=soon(number))
        InvitationFactory(school=cast.school, action=action)
        ActionPartnerFactory(school=cast.school, action=action)
        SchoolingFactory(school=cast.school, school_class=school_class)
    as_bde.get(action.get_absolute_url())
    with django_assert_max_num_queries(20):
        assert as_bde.get(action.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(20):
        assert as_bde.get(url(cast, "action_report", action.public_id)).status_code == 200


def test_a_series_of_labels_keeps_the_tags_of_the_school():
    assert preparing.with_labels("orientation | inclusion", ["égalité"]) == "égalité | orientation"
    assert preparing.tags_of("a|b | a| ") == ["a", "b"]


def test_the_list_finds_what_is_to_close_and_what_is_missing(as_bde: Client, cast: Cast):
    today = timezone.localdate()
    past = ActionFactory(
        school=cast.school, planned=True, start_date=today - timedelta(days=2), title="Passée", hours=2
    )
    ActionFactory(school=cast.school, planned=True, start_date=today, title="Du jour", hours=1, outside_public=4)
    ActionFactory(school=cast.school, start_date=today - timedelta(days=1), title="Sans bilan", hours=None)
    ActionPartnerFactory(school=cast.school, action=past)
    found = {
        f"{name}={value}": {row.title for row in as_bde.get(url(cast, "action_list"), {name: value}).context["page"]}
        for name, value in (
            ("statut", "a_cloturer"), ("statut", "prevue"), ("manque", "partenaire"), ("manque", "duree"),
            ("manque", "eleves"), ("manque", "bilan"),
        )
    }  # fmt: skip
    assert found == {
        "statut=a_cloturer": {"Passée"},
        "statut=prevue": {"Passée", "Du jour"},
        "manque=partenaire": {"Du jour", "Sans bilan"},
        "manque=duree": {"Sans bilan"},
        "manque=eleves": {"Passée", "Sans bilan"},
        "manque=bilan": {"Sans bilan"},
    }


def test_a_partner_s_page_begins_an_action_with_it(as_bde: Client, cast: Cast):
    partner = PartnerFactory(school=cast.school, name="Ateliers Brume")
    choose = as_bde.get(reverse("events:partner_actions", args=[cast.school.uai, partner.public_id])).context["new_url"]
    page = as_bde.get(choose).content.decode()
    assert f"nature=VISITE_ENT&amp;partenaire={partner.public_id}" in page or (
        f"nature=VISITE_ENT&partenaire={partner.public_id}" in page
    )
    form = as_bde.get(url(cast, "action_new"), {"nature": "VISITE_ENT", "partenaire": str(partner.public_id)}).context[
        "form"
    ]
    assert form["title"].value() == "Visite d’entreprise : Ateliers Brume"


def test_a_teacher_reads_without_a_button_nor_a_link_that_is_refused(client: Client, cast: Cast):
    action = ActionFactory(school=cast.school, planned=True, start_date=soon(10), owner=cast.bde)
    ActionStepFactory(school=cast.school, action=action, due_date=soon(3))
    client.force_login(cast.teacher.user)
    page = client.get(action.get_absolute_url()).content.decode()
    main = page[page.index("<main") :]
    assert "Réserver la salle" in main and cast.bde.full_name in main
    assert "C’est fait" not in main and "Annuler" not in main and "/personnels/" not in main
    report = client.get(url(cast, "action_report", action.public_id))
    assert report.status_code == 200 and report.context["form"] is None
