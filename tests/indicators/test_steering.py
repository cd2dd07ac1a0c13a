"""Plan, do, check: targets, decisions, answers with their history and proofs, filled on the page of each heading."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.school_year import SchoolYear
from indicators import figures, questions, services, steering
from indicators.documents import Aim, Cell, Figure, reached
from indicators.enums import EIGHT, Phase
from indicators.forms.steering import AimField, typed
from indicators.models import Decision, Evidence, SelfEvaluation, Target
from schools import todo
from tests.conftest import Cast
from tests.factories import (
    DecisionFactory,
    EvidenceFactory,
    MembershipFactory,
    SelfEvaluationFactory,
    TargetFactory,
    YearSealFactory,
)

YEAR = SchoolYear(2025)
QUESTION = "conventions-deployees"

QUOTED = {
    "Quelles sont les conventions nationales et académiques déployées localement ?",
    "Les partenariats ont-ils permis d’accroître le montant de la taxe […]",
    "Les actions financées … sont-elles mises en valeur auprès des employeurs ?",
    "Comment la mise en place […] des périodes de formation en milieu professionnel est-elle facilitée et accompagnée ?",
    "Quelle démarche […] pour capitaliser les contacts issus des PFMP ?",
    "Comment l’accueil des élèves en entreprise est-il pris en compte au travers des partenariats ?",
}
"""The words of the sheet that we know, and no others."""


def url(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=[cast.school.uai, *args])


# ---------------------------------------------------------------------------------------------------------- questions


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_sheet_is_quoted_as_it_is_known_and_all_else_is_said_to_be_ours():
    asked = questions.by_key().values()
    assert {plain(question.text) for question in asked if question.is_from_sheet} == QUOTED
    assert {question.origin for question in asked if not question.is_from_sheet} == {questions.OURS}


@pytest.mark.parametrize("heading", EIGHT)
def test_each_heading_of_the_sheet_is_asked_about_at_its_three_moments(heading):
    assert {question.phase for question in questions.of_heading(heading)} == set(Phase)


# ------------------------------------------------------------------------------------------------------------ targets


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("taux", "62,5 %", "0.625"), ("taux", "80", "0.8"), ("nombre", "1 250", "1250"), ("euros", "25 000 €", "25000"),
        ("points", "− 2,5 pts", "-0.025"), ("note", "3,2 / 4", "3.2"), ("taux", "", None),
    ],
)  # fmt: skip
def test_a_target_is_typed_as_people_write_it(unit, text, value):
    read = AimField(code="I4.1", unit=unit, label="x").clean(text)
    assert read == (Decimal(value) if value else None)


@pytest.mark.parametrize(
    ("unit", "text"),
    [("taux", "120"), ("taux", "-3"), ("nombre", "beaucoup"), ("note", "5"), ("nombre", "9" * 18), ("nombre", "1e5"), ("nombre", "NaN")],
)  # fmt: skip
def test_an_absurd_target_is_a_sentence(unit, text):
    with pytest.raises(ValidationError):
        AimField(code="I4.1", unit=unit, label="x").clean(text)


@given(st.decimals(min_value=0, max_value=1, places=4))
def test_a_target_comes_back_as_it_is_shown(value):
    assert AimField(code="I4.1", unit="taux", label="x").clean(typed("taux", value)) == value


def figure(code: str, unit: str, value: float) -> Figure:
    return Figure(code=code, heading="4", label="x", unit=unit, now=Cell(status="calcule", value=value))


@pytest.mark.parametrize(
    ("code", "unit", "value", "aim", "said"),
    [
        ("I4.1", "taux", 0.8, "0.8", "Atteint"), ("I4.1", "taux", 0.79, "0.8", "Pas atteint"), ("I5.3", "nombre", 4, "5", "Atteint"),
        ("I5.3", "nombre", 6, "5", "Pas atteint"), ("I4.7", "points", -0.05, "0.02", "Pas atteint"), ("I4.7", "points", -0.01, "0.02", "Atteint"),
    ],
)  # fmt: skip
def test_a_target_is_a_least_but_for_what_one_wants_low(code, unit, value, aim, said):
    assert reached(figure(code, unit, value), Aim(code=code, value=aim), is_provisional=False) == said
    assert reached(figure(code, unit, value), Aim(code=code, value=aim), is_provisional=True) in (
        "Atteint",
        "Pas encore",
    )


def test_targets_are_set_changed_and_taken_away_on_the_page(of_2025, cast):
    page = url(cast, "heading", "4")
    sent = {
        "quoi": "objectifs",
        "I4_1": "85 %",
        "I4_1-raison": "Aucune classe oubliée",
        "initial-I4_1": "",
        "initial-I4_1-raison": "",
    }
    assert of_2025.post(page, sent).status_code == 302
    target = Target.objects.in_school(cast.school).get()
    assert (target.code, str(target.value.normalize()), target.reason) == ("I4.1", "0.85", "Aucune classe oubliée")
    wrong = of_2025.post(page, {**sent, "I4_1": "cent", "initial-I4_1": "85"})
    assert wrong.status_code == 422
    assert 'value="cent"' in wrong.content.decode() and "Écrivez un nombre" in wrong.content.decode()
    # somebody else's change of another target is not undone by a page opened before
    TargetFactory(school=cast.school, code="I4.6", value="0.7")
    of_2025.post(page, {"quoi": "objectifs", "I4_1": "", "initial-I4_1": "85", "I4_6": "", "initial-I4_6": ""})
    assert [row.code for row in Target.objects.in_school(cast.school)] == ["I4.6"]


# ------------------------------------------------------------------------------------------------------------ answers


def answers(cast: Cast) -> list[tuple[str, bool]]:
    rows = SelfEvaluation.objects.in_school(cast.school).order_by("pk")
    return [(row.text, row.replaced_at is None) for row in rows]


def test_an_answer_that_is_changed_stays_in_the_history(of_2025, cast):
    page = url(cast, "heading", "1")
    of_2025.post(page, {"quoi": "reponses", QUESTION: "Deux cadres.", f"{QUESTION}-lu": ""})
    read = str(SelfEvaluation.objects.in_school(cast.school).get().public_id)
    of_2025.post(page, {"quoi": "reponses", QUESTION: "Trois cadres.", f"{QUESTION}-lu": read})
    of_2025.post(page, {"quoi": "reponses", QUESTION: "Trois cadres.", f"{QUESTION}-lu": read})  # nothing changed
    assert answers(cast) == [("Deux cadres.", False), ("Trois cadres.", True)]
    history = of_2025.get(url(cast, "answer_history", "1", QUESTION)).content.decode()
    assert history.index("Trois cadres.") < history.index("Deux cadres.") and "remplacée" in history


def test_two_people_who_answer_at_once_lose_nothing(of_2025, cast):
    page = url(cast, "heading", "1")
    theirs = SelfEvaluationFactory(school=cast.school, question=QUESTION, text="La sienne.")
    refused = of_2025.post(page, {"quoi": "reponses", QUESTION: "La mienne.", f"{QUESTION}-lu": ""})
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "La mienne." in shown and "La sienne." in shown and "entre-temps" in shown
    assert f'value="{theirs.public_id}"' in shown  # the next save replaces theirs knowingly
    of_2025.post(page, {"quoi": "reponses", QUESTION: "Les deux.", f"{QUESTION}-lu": str(theirs.public_id)})
    assert answers(cast) == [("La sienne.", False), ("Les deux.", True)]


def test_last_years_answer_stands_beside(of_2025, cast):
    SelfEvaluationFactory(school=cast.school, year="2024-2025", question=QUESTION, text="Celle de l’an passé.")
    SelfEvaluationFactory(
        school=cast.school, year="2024-2025", question=QUESTION, text="Remplacée.", replaced_at=timezone.now()
    )
    page = of_2025.get(url(cast, "heading", "1")).content.decode()
    assert "Celle de l’an passé." in page and "Remplacée." not in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd()", "x" * 300, "🙂 \u202ealfa", "a\nb"])
def test_anything_may_be_answered_and_is_shown_as_typed(of_2025, cast, text):
    of_2025.post(url(cast, "heading", "1"), {"quoi": "reponses", QUESTION: text, f"{QUESTION}-lu": ""})
    page = of_2025.get(url(cast, "heading", "1")).content.decode()
    assert "<script>alert" not in page
    assert SelfEvaluation.objects.in_school(cast.school).get().text == text


def test_a_text_too_long_is_kept_on_the_page(of_2025, cast):
    refused = of_2025.post(url(cast, "heading", "1"), {"quoi": "reponses", QUESTION: "é" * 5001, f"{QUESTION}-lu": ""})
    assert refused.status_code == 422 and "é" * 5001 in refused.content.decode()
    assert of_2025.post(url(cast, "heading", "1"), {"quoi": "autre"}).status_code == 400
    assert of_2025.get(url(cast, "heading", "12")).status_code == 404
    assert of_2025.get(url(cast, "answer_history", "2", QUESTION)).status_code == 404


# ---------------------------------------------------------------------------------------------------------- decisions


def test_a_decision_is_taken_on_the_page_and_comes_back_on_its_owners_work_list(of_2025, cast):
    page = url(cast, "heading", "3")
    sent = {
        "quoi": "decision",
        "heading": "3",
        "label": "Inviter chaque branche",
        "owner": cast.ddfpt.pk,
        "due_date": "2026-01-15",
    }
    assert of_2025.post(page, sent).status_code == 302
    decision = Decision.objects.in_school(cast.school).get()
    assert (decision.year, decision.heading, decision.owner) == (YEAR.code, "3", cast.ddfpt)
    late = date(2026, 1, 20)
    assert "Inviter chaque branche" in [task.title for task in todo.tasks_for(cast.ddfpt, late)]
    assert "Inviter chaque branche" not in [task.title for task in todo.tasks_for(cast.bde, late)]
    assert "Inviter chaque branche" not in [task.title for task in todo.tasks_for(cast.ddfpt, date(2025, 12, 1))]
    assert of_2025.get(url(cast, "steering_home")).content.decode().count("Inviter chaque branche") >= 1
    done = of_2025.post(
        url(cast, "decision_done", decision.public_id), {"done_date": "2026-01-14", "outcome": "Trois venues."}
    )
    assert done.status_code == 302
    assert "Inviter chaque branche" not in [task.title for task in todo.tasks_for(cast.ddfpt, late)]
    assert "Trois venues." in of_2025.get(page).content.decode()


def test_what_a_teacher_carries_is_followed_by_the_bureau(cast):
    DecisionFactory(school=cast.school, label="À la prof", owner=cast.teacher, due_date=date(2026, 1, 15))
    DecisionFactory(school=cast.school, label="À personne", due_date=date(2026, 1, 15))
    titles = [task.title for task in todo.tasks_for(cast.bde, date(2026, 1, 20))]
    assert {"À la prof", "À personne"} <= set(titles)
    assert not {"À la prof", "À personne"} & {task.title for task in todo.tasks_for(cast.teacher, date(2026, 1, 20))}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2019-01-01", "hier"])
def test_a_decision_for_an_absurd_day_is_refused_with_what_was_typed(of_2025, cast, day):
    sent = {"quoi": "decision", "heading": "3", "label": "Inviter <b>", "due_date": day}
    refused = of_2025.post(url(cast, "heading", "3"), sent)
    assert refused.status_code == 422
    assert 'value="Inviter &lt;b&gt;"' in refused.content.decode()
    assert not Decision.objects.in_school(cast.school).exists()


def test_a_decision_is_not_done_tomorrow(of_2025, cast):
    decision = DecisionFactory(school=cast.school)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert of_2025.post(url(cast, "decision_done", decision.public_id), {"done_date": tomorrow}).status_code == 422
    stranger = MembershipFactory(role="bde")
    sent = {"quoi": "decision", "heading": "3", "label": "x", "owner": stranger.pk}
    assert of_2025.post(url(cast, "heading", "3"), sent).status_code == 422


# ----------------------------------------------------------------------------------------------------------- evidence


def photo() -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (60, 40), "white").save(kept, "JPEG")
    return SimpleUploadedFile("affiche.jpg", kept.getvalue(), "image/jpeg")


def test_a_proof_is_an_address_or_a_file_and_leaves_with_its_file(of_2025, cast, django_capture_on_commit_callbacks):
    page = url(cast, "heading", "1")
    both = {"quoi": "preuve", "label": "L’affiche", "url": "https://lycee.example/a", "file": photo()}
    assert of_2025.post(page, both).status_code == 422
    assert of_2025.post(page, {"quoi": "preuve", "label": "Page", "url": "javascript:alert(1)"}).status_code == 422
    assert of_2025.post(page, {"quoi": "preuve", "label": "L’affiche", "file": photo()}).status_code == 302
    proof = Evidence.objects.in_school(cast.school).get()
    assert proof.file_name == "affiche.jpg"
    file = of_2025.get(url(cast, "evidence_file", proof.public_id))
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert "affiche.pdf" in file["Content-Disposition"]
    name = proof.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert of_2025.post(url(cast, "evidence_remove", proof.public_id)).status_code == 302
    assert not Evidence.objects.in_school(cast.school).exists()
    assert not default_storage.exists(name)


def test_a_program_is_no_proof(of_2025, cast):
    sent = SimpleUploadedFile("affiche.jpg", b"MZ\x90\x00", "image/jpeg")
    refused = of_2025.post(url(cast, "heading", "1"), {"quoi": "preuve", "label": "L’affiche", "file": sent})
    assert refused.status_code == 422 and "L’affiche" in refused.content.decode()
    assert not Evidence.objects.in_school(cast.school).exists()


# ----------------------------------------------------------------------------------------------------------- progress


def test_progress_counts_what_stands(cast):
    school, day = cast.school, date(2026, 2, 1)
    TargetFactory(school=school, code="I1.7")
    DecisionFactory(school=school, heading="1", due_date=date(2026, 1, 1))
    DecisionFactory(school=school, heading="1", due_date=date(2026, 1, 1), done_date=date(2026, 1, 3))
    for question in questions.of_heading("1"):
        SelfEvaluationFactory(school=school, heading="1", question=question.key)
    SelfEvaluationFactory(school=school, heading="1", question=QUESTION, replaced_at=timezone.now())
    EvidenceFactory(school=school, heading="1")
    EvidenceFactory(school=school, heading="1", year="2024-2025")
    progress = steering.progress_of(school, YEAR, day, headings_of_codes={"I1.7": "1"})
    one = progress[EIGHT[0]]
    assert (one.targets, one.decisions, one.done, one.late, one.answered, one.asked, one.evidence) == (
        1,
        2,
        1,
        1,
        3,
        3,
        1,
    )
    assert one.is_ready and not progress[EIGHT[1]].is_ready


def test_pages_cost_the_same_with_few_lines_and_many(of_2025, cast, django_assert_max_num_queries):
    for count in (1, 12):
        DecisionFactory.create_batch(
            count, school=cast.school, heading="3", owner=cast.ddfpt, due_date=date(2026, 1, 2)
        )
        EvidenceFactory.create_batch(count, school=cast.school, heading="3")
        for name, args in (("steering_home", ()), ("heading", ("3",)), ("decision_list", ())):
            with django_assert_max_num_queries(20):
                assert of_2025.get(url(cast, name, *args)).status_code == 200


def test_the_page_of_a_sealed_year_reads_the_seal(of_2025, cast):
    services.refresh(cast.school, YEAR, YEAR.end)
    said = figures.compute(cast.school, YEAR, YEAR.end).as_json()
    next(one for one in said["indicateurs"] if one["code"] == "I3.1").update(statut="calcule", valeur=41, n=41)
    YearSealFactory(school=cast.school, year=YEAR.code, as_of=YEAR.end, figures=said)
    page = of_2025.get(url(cast, "heading", "3")).content.decode()
    assert ">41<" in re.sub(r"\s", "", page)


def test_the_reader_of_counts_reads_no_text(client, cast):
    client.force_login(cast.reader.user)
    for name, args in (("steering_home", ()), ("heading", ("1",)), ("decision_list", ())):
        assert client.get(url(cast, name, *args)).status_code == 403


@settings(max_examples=20)
@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_sentence(text):
    field = AimField(code="I4.1", unit="taux", label="x")
    try:
        value = field.clean(text)
    except ValidationError:
        value = None
    assert value is None or 0 <= value <= 1
