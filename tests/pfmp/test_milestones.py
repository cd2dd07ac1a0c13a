"""The backward calendar: due dates, the step awaited, the red list; the pages of milestones and of PFMP settings."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from pfmp import milestones, selectors
from pfmp.enums import MilestoneAnchor, MilestoneStep
from pfmp.models import Delivery, Milestone, PfmpSettings, WelcomeOpinion
from pfmp.rules import milestones as rules
from pfmp.situations import STEPS
from schools import todo
from schools.enums import Role
from tests.factories import DeliveryFactory, MilestoneFactory, PeriodFactory, SchoolHolidayFactory, VisitFactory

S, A = MilestoneStep, MilestoneAnchor
ANCHORS = rules.Anchors(date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 27))
DAYS = st.dates(date(2024, 9, 1), date(2027, 8, 31))


def test_the_default_steps_are_those_of_the_guide():
    """reglementation-pfmp § 5.6."""
    assert {step.code.value: rules.due_date(step, ANCHORS).isoformat() for step in rules.DEFAULTS} == {
        "place_trouvee": "2026-01-23", "fiche_remise": "2026-01-28", "fiche_rendue": "2026-02-06",
        "convention_editee": "2026-02-09", "convention_signee": "2026-02-16", "convention_remise": "2026-02-17",
        "arrivee_verifiee": "2026-03-03", "visite_faite": "2026-03-24", "attestation_recue": "2026-04-01",
        "accueil_evalue": "2026-04-08",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("board_step", "noted", "expected"),
    [
        ("sans_place", (), S.PLACE_FOUND),
        ("piste_en_cours", (), S.PLACE_FOUND),
        ("piste_en_cours", (S.PLACE_FOUND, S.SHEET_GIVEN), S.SHEET_BACK),
        ("place_trouvee", (), S.ISSUED),
        ("convention_refusee", (), S.ISSUED),
        ("convention_editee", (), S.SIGNED),
        ("a_signer", (), S.SIGNED),
        ("convention_complete", (), S.FILED),
        ("convention_complete", (S.FILED,), S.ARRIVED),
        ("en_entreprise", (), S.ARRIVED),
        ("en_entreprise", (S.ARRIVED, S.VISITED), S.CERTIFIED),
        ("termine", (), S.CERTIFIED),
        ("attestation_remise", (), S.WELCOME),
        ("attestation_remise", (S.WELCOME,), None),
        ("dispense", (), None),
    ],
)
def test_the_next_step_is_the_first_that_is_not_behind(board_step, noted, expected):
    found = rules.awaited(board_step, noted, rules.DEFAULTS, ANCHORS, date(2026, 3, 1))
    assert (found and found.step.code) == expected


def test_a_step_that_the_school_does_not_follow_is_never_awaited():
    steps = rules.steps_with([rules.Step(S.FILED, A.START, -10, is_active=False)])
    found = rules.awaited("convention_complete", (), steps, ANCHORS, date(2026, 3, 1))
    assert found is not None and found.step.code == S.ARRIVED


def test_who_is_to_be_placed_again_has_no_day_to_be_late_from():
    found = rules.awaited("a_replacer", (), rules.DEFAULTS, ANCHORS, date(2026, 3, 20))
    assert found is not None and (found.step.code, found.days_late(date(2026, 3, 20))) == (S.PLACE_FOUND, 0)


def test_an_opinion_is_no_longer_waited_for_after_eight_weeks():
    def awaited(day):
        return rules.awaited("attestation_remise", (), rules.DEFAULTS, ANCHORS, day)

    assert awaited(ANCHORS.end + rules.WELCOME_FORGOTTEN) is not None
    assert awaited(ANCHORS.end + rules.WELCOME_FORGOTTEN + timedelta(days=1)) is None


@given(step=st.sampled_from(STEPS), noted=st.sets(st.sampled_from(list(S))), today=DAYS)
def test_noting_a_step_never_makes_a_pupil_later(step, noted, today):
    before = rules.awaited(step, (), rules.DEFAULTS, ANCHORS, today)
    after = rules.awaited(step, noted, rules.DEFAULTS, ANCHORS, today)
    late = [one.days_late(today) if one else 0 for one in (before, after)]
    assert late[1] <= late[0]
    assert after is None or after.step.code not in noted


@pytest.mark.parametrize(("days", "expected"), [(8, None), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-1, None)])
def test_the_red_list_opens_a_week_before(days, expected):
    """R-CONV-04."""
    start = date(2026, 3, 2)
    for step in STEPS:
        late = step in ("sans_place", "a_replacer", "convention_refusee", "piste_en_cours", "place_trouvee", "convention_editee", "a_signer")  # fmt: skip
        assert rules.red_day(step, start, start - timedelta(days=days)) == (expected if late else None)


# ------------------------------------------------------------------------------------------------------- on the board


def situation(scene, today=date(2026, 2, 10)):
    rows = selectors.situations([scene.period], today)[scene.period.pk]
    return next(row for row in rows if row.student == scene.student)


def test_delays_are_counted_from_the_last_lesson_day(scene):
    row = situation(scene)
    assert (row.step, row.next_step.due_date, row.days_late) == ("sans_place", date(2026, 1, 23), 18)
    SchoolHolidayFactory(
        school=scene.school, start_date=date(2026, 2, 23), end_date=date(2026, 3, 1), label="Pont", kind="fermeture"
    )
    assert situation(scene).next_step.due_date == date(2026, 1, 16)


def test_the_school_s_own_delay_wins(scene):
    MilestoneFactory(school=scene.school, step="place_trouvee", anchor="debut", days=-7)
    assert situation(scene).days_late == 0


def test_what_is_noted_puts_steps_behind(scene):
    placement = scene.placement(status="en_cours")
    today = date(2026, 3, 10)
    assert situation(scene, today).next_step.step.code == S.ARRIVED
    DeliveryFactory(school=scene.school, placement=placement, step="arrivee_verifiee", state="recu_conforme")
    assert situation(scene, today).next_step.step.code == S.VISITED
    VisitFactory(school=scene.school, placement=placement)
    assert situation(scene, today).next_step.step.code == S.CERTIFIED


def test_days_written_after_the_end_are_an_attestation(scene):
    placement = scene.placement(status="termine")
    after = date(2026, 4, 2)
    assert (situation(scene, after).step, situation(scene, after).days_late) == ("termine", 1)
    placement.days_done = 20
    placement.save()
    row = situation(scene, after)
    assert (row.step, row.next_step.step.code) == ("attestation_remise", S.WELCOME)
    WelcomeOpinion.objects.create(school=scene.school, placement=placement, submitted_at="2026-04-02T10:00:00Z")
    assert situation(scene, after).next_step is None


def test_a_certificate_received_is_an_attestation(scene):
    placement = scene.placement(status="termine")
    handed = DeliveryFactory(school=scene.school, placement=placement, step="attestation_recue", state="remis")
    assert situation(scene, date(2026, 4, 2)).step == "termine"
    Delivery.objects.in_school(scene.school).filter(pk=handed.pk).update(state="recu_conforme")
    assert situation(scene, date(2026, 4, 2)).step == "attestation_remise"


# ---------------------------------------------------------------------------------------------------------- the pages


def form_of(**changes):
    """What the form posts when nothing was changed."""
    found = {}
    for step in rules.DEFAULTS:
        code = step.code.value
        found |= {
            f"{code}-days": abs(step.days), f"{code}-side": "apres" if step.days > 0 else "avant",
            f"{code}-anchor": step.anchor.value, f"{code}-owner": str(step.owner), f"{code}-checker": str(step.checker),
            f"{code}-active": "on",
        }  # fmt: skip
    found |= changes
    return {name: value for name, value in found.items() if value is not None}


def test_only_what_differs_from_the_default_is_kept(as_bde, cast):
    url = reverse("pfmp:milestones", args=[cast.school.uai])
    assert as_bde.get(url).status_code == 200
    as_bde.post(url, form_of())
    assert not Milestone.objects.in_school(cast.school).exists()
    as_bde.post(
        url, form_of(**{"place_trouvee-days": 42, "place_trouvee-checker": "ddfpt", "fiche_remise-active": None})
    )
    steps = {step.code: step for step in milestones.steps_of(cast.school)}
    assert Milestone.objects.in_school(cast.school).count() == 2
    assert (steps[S.PLACE_FOUND].days, steps[S.PLACE_FOUND].checker) == (-42, Role.DDFPT)
    assert not steps[S.SHEET_GIVEN].is_active
    as_bde.post(url, form_of())
    assert not Milestone.objects.in_school(cast.school).exists()


@pytest.mark.parametrize("typed", ["", "-3", "121", "demain", "9" * 300, "=cmd()", "<script>", "٣٤٥"])
def test_a_number_of_days_that_is_none_is_said(as_bde, cast, typed):
    url = reverse("pfmp:milestones", args=[cast.school.uai])
    answer = as_bde.post(url, form_of(**{"convention_signee-days": typed}))
    assert answer.status_code == 422
    assert "Convention signée de tous" in answer.content.decode()
    assert not Milestone.objects.in_school(cast.school).exists()


def test_others_read_the_milestones_and_the_settings(client, cast):
    for name in ("pfmp:milestones", "pfmp:pfmp_settings"):
        url = reverse(name, args=[cast.school.uai])
        for member, reads, writes in ((cast.teacher, 200, 403), (cast.head, 200, 403), (cast.reader, 403, 403)):
            client.force_login(member.user)
            assert (client.get(url).status_code, client.post(url).status_code) == (reads, writes)


def test_the_settings_are_one_row_that_two_people_do_not_overwrite(as_bde, cast):
    url = reverse("pfmp:pfmp_settings", args=[cast.school.uai])
    page = as_bde.get(url)
    key = page.context["form"]["creation_key"].value()
    values = {"creation_key": key, "referent_limit": "12", "referent_vote_date": "2025-06-20", "school_life_email": "vs@lycee.example"}  # fmt: skip
    assert as_bde.post(url, values).status_code == 302
    record = PfmpSettings.objects.in_school(cast.school).get()
    assert record.referent_limit == 12
    again = {"version": record.version, "referent_limit": "10"}
    assert as_bde.post(url, again).status_code == 302
    assert as_bde.post(url, again).status_code == 409
    assert as_bde.post(url, {"version": record.version + 1, "school_life_email": "pas une adresse", "student_letter": "<script>"}).status_code == 422  # fmt: skip
    assert as_bde.post(url, {"version": record.version + 1, "referent_limit": "25"}).status_code == 422
    assert PfmpSettings.objects.in_school(cast.school).get().referent_limit == 10


# -------------------------------------------------------------------------------------------------------- « À faire »


def titles(member, today):
    return [task.title.replace("\u00a0", " ") for task in todo.tasks_for(member, today)]


def test_late_steps_are_in_the_work_list_of_who_may_act(scene):
    scene.placement()
    found = titles(scene.teacher, date(2026, 2, 10))
    assert "1 élève sans place : 1re MELEC" in found
    assert "1 convention à éditer : 1re MELEC" in found
    assert not [title for title in titles(scene.cast.head, date(2026, 2, 10)) if "MELEC" in title]


def test_a_few_days_before_the_red_list_says_who_cannot_leave(scene):
    scene.placement(status="convention_editee")
    found = titles(scene.cast.bde, date(2026, 2, 27))
    assert "Départ dans 3 jours, 2 élèves sans convention complète : 1re MELEC" in found


def test_steps_after_the_return_are_one_line_for_all_classes(scene):
    scene.placement(status="termine")
    other = PeriodFactory(school=scene.school)
    scene.placement(status="termine", period=other, student=scene.pupil())
    found = titles(scene.cast.bde, date(2026, 4, 2))
    assert "2 attestations à recevoir" in found
