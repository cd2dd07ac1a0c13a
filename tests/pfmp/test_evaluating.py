"""The tutor's grid: by the link, on paper, read and closed by the team, asked for again; never a mark (P-02)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core import pdf
from core.models import AuditEvent, OutboxMessage
from pfmp import evaluating, links
from pfmp.enums import LinkPurpose
from pfmp.models import Placement, TutorEvaluation
from pfmp.rules import evaluation as rules
from tests.factories import AnnexFactory, SkillFactory, TermsFactory
from tests.pfmp.conftest import Scene, token_of

NOW = datetime(2026, 2, 10, 8, tzinfo=UTC)


@pytest.fixture
def stay(scene: Scene) -> Placement:
    """Under way, with an annex of two skills."""
    annex = AnnexFactory(school=scene.school, formation=scene.school_class.diploma)
    for code, label in (("C1.2", "Préparer le poste de travail"), ("C2", "Câbler une armoire")):
        SkillFactory(school=scene.school, annex=annex, code=code, label=label)
    return scene.placement(start_date=date(2026, 2, 2), end_date=date(2026, 2, 27), status="en_cours")


@pytest.fixture
def token(scene: Scene, stay: Placement) -> str:
    _, url = links.create(
        LinkPurpose.TUTOR, by=None, now=NOW, name="Jean Dupont", email="jean@exemple.fr", placement=stay, contact=stay.tutor
    )  # fmt: skip
    return token_of(url)


@pytest.fixture
def tutor(client: Client, token: str) -> Client:
    client.post(reverse("link_open", args=[token]))
    return client


def answers(**changes: str) -> dict[str, str]:
    """A whole grid, as a browser sends it."""
    lines = {f"c{n}": "3" for n in range(2)} | {f"a{n}": "4" for n in range(len(rules.ATTITUDES))}
    return lines | {"comment": "Motivé, à l’heure.", "author": "Jean Dupont"} | changes


def test_a_draft_then_the_whole_grid_then_a_correction_until_it_is_closed(
    scene: Scene, stay: Placement, tutor: Client, token: str
) -> None:
    url = reverse("tutor_evaluation", args=[token])
    page = tutor.get(url).content.decode()
    assert "C1.2 Préparer le poste de travail" in page and "Non observé" in page and "/20" not in page
    missing = tutor.post(url, answers(c1="", comment="<script>alert(1)</script> 🙂"))
    assert missing.status_code == 422
    assert "&lt;script&gt;" in missing.content.decode() and not TutorEvaluation.objects.in_school(scene.school).exists()
    assert tutor.post(url, answers(c1="", brouillon="1")).status_code == 302
    row = evaluating.of(stay)
    assert row and row.submitted_at is None and row.marks == {"C1.2": 3}
    assert tutor.post(url, answers(c0="17")).status_code == 422
    assert tutor.post(url, answers(author="x" * 300)).status_code == 422
    assert tutor.post(url, answers(c1="0")).status_code == 302
    row = evaluating.of(stay)
    assert row and row.submitted_at and row.marks == {"C1.2": 3, "C2": 0} and set(row.attitudes) == set(rules.ATTITUDES)
    tutor.post(url, answers(c1="1"))
    assert [event.verb for event in AuditEvent.objects.filter(verb__startswith="pfmp.evaluation").order_by("pk")] == [
        "pfmp.evaluation_begun", "pfmp.evaluation_given", "pfmp.evaluation_corrected",
    ]  # fmt: skip
    team = Client()
    team.force_login(scene.teacher.user)
    page = stay.get_absolute_url() + "evaluation/"
    assert "À apprendre" in team.get(page).content.decode()
    team.post(page, {"acte": "clore"})
    refused = tutor.post(url, answers(c1="4"))
    assert refused.status_code == 422 and "Cette grille est close" in refused.content.decode()
    row = evaluating.of(stay)
    assert row and row.marks["C2"] == 1
    assert "Cette grille est close" in tutor.get(url).content.decode()
    team.post(page, {"acte": "rouvrir"})
    assert tutor.post(url, answers(c1="4")).status_code == 302


def test_the_grid_asks_the_skills_agreed_on_else_attitudes_alone(scene: Scene, stay: Placement) -> None:
    TermsFactory(school=scene.school, placement=stay, skills=[{"code": "C9", "label": "Contrôler"}])
    assert evaluating.skills_of(stay) == [rules.Line("C9", "Contrôler")]
    scene.school_class.diploma = "CAP sans annexe"
    scene.school_class.save()
    other = Placement.objects.in_school(scene.school).select_related("period__school_class").exclude(pk=stay.pk)[0]
    assert evaluating.skills_of(other) == []
    # A skill that the annex has lost since keeps its code.
    assert [one.code for one in evaluating.shown([], {"C1": 2})] == ["C1"]


def test_who_reads_who_closes_and_what_the_class_gets(scene: Scene, stay: Placement, client: Client) -> None:
    bare = scene.placement(student=scene.pupil(), start_date=date(2026, 2, 2), status="en_cours", tutor=None)
    client.force_login(scene.teacher.user)
    assert "rien rempli" in client.get(bare.get_absolute_url() + "evaluation/").content.decode()
    evaluating.write(
        stay, marks={"C2": 4}, attitudes={"soin": 3}, comment="=cmd()", author="Jean Dupont", hand_in=True, now=NOW
    )
    page = stay.get_absolute_url() + "evaluation/"
    listed = reverse("pfmp:class_evaluations", args=[scene.school.uai, scene.period.public_id])
    sheet = reverse("pfmp:evaluation_sheet", args=[scene.school.uai, stay.public_id])
    for member, status in (
        (scene.cast.bde, 200), (scene.cast.ddfpt, 200), (scene.teacher, 200), (scene.cast.head, 200),
        (scene.cast.office, 403), (scene.cast.reader, 403), (scene.cast.stranger, 404),
    ):  # fmt: skip
        client.force_login(member.user)
        assert {client.get(url).status_code for url in (page, listed, sheet)} == {status}, member.role
    client.force_login(scene.cast.head.user)
    assert client.post(page, {"acte": "clore"}).status_code == 403
    client.force_login(scene.teacher.user)
    csv = client.get(f"{listed}?fichier=csv").content.decode("utf-8-sig")
    assert "Seul et bien" in csv and "Presque seul" in csv and "'=cmd()" in csv
    assert pdf.page_count(client.get(sheet).content) == 1
    scene.school_class.niveau = "2nde_pro"
    scene.school_class.save()
    assert "R-DUREE-12" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("day", "messages"), [("2026-03-01", 0), ("2026-03-02", 1), ("2026-03-03", 1), ("2026-03-09", 1), ("2026-03-05", 0)]
)
def test_tutors_are_asked_again_some_days_after_the_end(scene: Scene, stay: Placement, day: str, messages: int) -> None:
    """Three days after, then ten; one message for two pupils of one tutor; none for a grid handed in."""
    scene.tutor.email = "dupont@exemple.fr"
    scene.tutor.save()
    Placement.objects.in_school(scene.school).filter(pk=stay.pk).update(status="termine")
    twin = scene.placement(student=scene.pupil(), start_date=stay.start_date, end_date=stay.end_date, status="termine")
    done = scene.placement(student=scene.pupil(), start_date=stay.start_date, end_date=stay.end_date, status="termine")
    evaluating.write(done, marks={}, attitudes={}, comment="", author="J", hand_in=True, now=NOW)
    with time_machine.travel(f"{day}T07:40:00+01:00", tick=False):
        today = date.fromisoformat(day)
        assert evaluating.remind_tutors(today) == messages
        assert evaluating.remind_tutors(today) == 0  # once
    with time_machine.travel(f"{day}T07:40:00+01:00", tick=False) as clock:
        clock.shift(timedelta(days=1))
        assert evaluating.remind_tutors(today + timedelta(days=1)) in (0, 1 - messages)
    sent = list(OutboxMessage.objects.filter(key__startswith="tutor-grid"))
    assert all(message.body.count("/lien/") == 2 and "Meziane" not in message.subject for message in sent)
    assert twin.pk != stay.pk


def test_the_list_of_a_class_costs_the_same_for_two_or_eight(
    scene: Scene, stay: Placement, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(7):
        scene.placement(student=scene.pupil(), start_date=date(2026, 2, 2), status="en_cours")
    client.force_login(scene.teacher.user)
    url = reverse("pfmp:class_evaluations", args=[scene.school.uai, scene.period.public_id])
    client.get(url)
    with django_assert_max_num_queries(14):
        page = client.get(url)
    assert len(page.context["lines"]) == 8
    with django_assert_max_num_queries(20):
        client.get(stay.get_absolute_url() + "evaluation/")
