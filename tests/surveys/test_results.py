"""What a survey says to the bureau: counts, rate, comments when nobody is singled out; what its forms refuse."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from surveys import asking, results, survey_todo
from surveys.models import Survey, SurveyAnswer, SurveyQuestion
from surveys.rules import surveys as rules
from surveys.rules.surveys import State
from tests import outside
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    AnswerFactory,
    PartnerFactory,
    SurveyFactory,
    SurveyLinkFactory,
    SurveyQuestionFactory,
    SurveyReplyFactory,
)

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
WORD = "Zzyxmot"


@pytest.fixture(autouse=True)
def that_morning():
    with time_machine.travel(NOW, tick=False):
        yield


# ---------------------------------------------------------------------------------------------------------------- rules


@given(st.dates(), st.none() | st.dates(), st.dates())
def test_a_survey_is_open_from_its_first_day_to_its_last(opened: date, closed: date | None, today: date):
    now = rules.state(opened, closed, today)
    assert (now is State.OPEN) is (opened <= today and (closed is None or today <= closed))


@given(st.integers(0, 4), st.booleans(), st.booleans(), st.sampled_from(State))
def test_under_five_no_comment_is_ever_read(answers: int, anonymous: bool, by_link: bool, now: State):
    assert rules.comments_problem(answers=answers, is_anonymous=anonymous, is_asked_by_link=by_link, now=now)


@pytest.mark.parametrize(
    ("anonymous", "by_link", "now", "shown"),
    [
        (True, True, State.OPEN, False),  # whoever looks twice would see one arrive
        (True, True, State.CLOSED, True),
        (True, False, State.OPEN, True),  # on paper: the bureau has read them
        (False, True, State.OPEN, True),
    ],
)
def test_from_five_on_comments_of_an_anonymous_survey_wait_for_its_end(
    anonymous: bool, by_link: bool, now: State, shown: bool
):
    problem = rules.comments_problem(answers=5, is_anonymous=anonymous, is_asked_by_link=by_link, now=now)
    assert (not problem) is shown


# ----------------------------------------------------------------------------------------------------------------- page


def survey_of(cast: Cast, grades: list[int], **values: object) -> Survey:
    said = {"audience": "eleve", "opened_date": date(2026, 3, 2), "closed_date": date(2026, 3, 20)} | values
    survey: Survey = SurveyFactory(school=cast.school, **said)
    asked = [
        SurveyQuestionFactory(school=cast.school, survey=survey, position=rank, text=f"Question {rank} ?")
        for rank in (1, 2, 3)
    ]
    for rank, grade in enumerate(grades):
        answer = AnswerFactory(
            school=cast.school, survey=survey, date=date(2026, 3, 3), grade=grade, comment=f"{WORD}{rank}"
        )
        for question in asked[1:]:
            SurveyReplyFactory(
                school=cast.school, answer=answer, question=question, grade=None if grade == 1 else 5 - grade
            )
    return survey


@pytest.mark.django_db
def test_each_question_is_counted(cast: Cast, as_bde: Client):
    survey = survey_of(cast, [4, 4, 3, 2, 1], asked_count=8)
    found = results.of(survey, asking.ways(survey), date(2026, 3, 10))
    assert [line.cells for line in found.lines] == [[2, 1, 1, 1], [0, 1, 1, 2], [0, 1, 1, 2]]
    assert [line.without for line in found.lines] == [0, 1, 1]
    assert found.lines[1].mean is None, "four grades"
    page = outside.text_of(as_bde.get(survey.get_absolute_url()))
    assert "5 réponses sur 8, soit 63 %" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "2,8" in page and "60" in page


@pytest.mark.django_db
@pytest.mark.parametrize("count", [4, 5])
def test_comments_are_withheld_everywhere_under_five_answers(cast: Cast, as_bde: Client, count: int):
    survey = survey_of(cast, [3] * count)
    SurveyLinkFactory(school=cast.school, survey=survey)
    Survey.objects.in_school(cast.school).filter(pk=survey.pk).update(closed_date=date(2026, 3, 9))
    answer = SurveyAnswer.objects.in_school(cast.school).filter(survey=survey).latest("pk")
    answers = reverse("surveys:answer_list", args=[cast.school.uai])
    page = outside.text_of(as_bde.get(survey.get_absolute_url()))
    assert (WORD in page) is (count >= 5), "its own page is the one place where comments are read"
    for url in (
        f"{answers}?colonnes=commentaire&annee=2025-2026",
        f"{answers}?colonnes=commentaire&enquete={survey.public_id}&format=csv",
        answer.get_absolute_url(),
        reverse("surveys:answer_edit", args=[cast.school.uai, answer.public_id]),
    ):
        assert WORD not in outside.text_of(as_bde.get(url)), url
    if count == 5:
        assert "note 3" not in page, "a comment has no grade beside it"


@pytest.mark.django_db
def test_comments_come_in_an_order_that_says_nothing(cast: Cast):
    survey = survey_of(cast, [3] * 12, closed_date=date(2026, 3, 9))
    said = [comment.text for comment in results.comments(survey)]
    assert sorted(said) == sorted(f"{WORD}{rank}" for rank in range(12))
    assert said != [f"{WORD}{rank}" for rank in range(12)]
    named = survey_of(cast, [3], is_anonymous=False, audience="partenaire")
    partner = PartnerFactory(school=cast.school)
    SurveyAnswer.objects.in_school(cast.school).filter(survey=named).update(partner=partner)
    assert [comment.who for comment in results.comments(named)] == [partner.name]


@pytest.mark.django_db
def test_nobody_rewrites_what_somebody_answered(cast: Cast, as_bde: Client):
    survey = survey_of(cast, [])
    _, url = asking.share(survey, by=None, now=NOW)
    Client().post(url, {"q1": "2"})
    answer = SurveyAnswer.objects.in_school(cast.school).get()
    for page in ("edit", "delete"):
        assert (
            as_bde.get(reverse(f"surveys:answer_{page}", args=[cast.school.uai, answer.public_id])).status_code == 403
        )


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["office", "teacher", "reader", "head"])
def test_the_secretariat_and_teachers_read_none(cast: Cast, who: str):
    survey = survey_of(cast, [3])
    page = outside.signed_in(getattr(cast, who)).get(survey.get_absolute_url())
    assert page.status_code == (200 if who == "head" else 403)
    if who == "head":
        assert "Affiche à imprimer" not in page.content.decode()


@pytest.mark.django_db
def test_the_page_costs_the_same_for_ten_and_three_hundred_answers(cast: Cast, as_bde: Client):
    counts = []
    for size in (5, 60):
        survey = survey_of(cast, [3] * size, closed_date=date(2026, 3, 9))
        for _ in range(3):
            SurveyLinkFactory(school=cast.school, survey=survey)
        as_bde.get(survey.get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_bde.get(survey.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20, counts


# ---------------------------------------------------------------------------------------------------------------- forms


def filled(client: Client, url: str, **changed: object) -> dict[str, object]:
    return outside.forms_of(client.get(url).content.decode())[-1].data(**changed)


@pytest.mark.django_db
def test_from_a_model_to_the_preview(cast: Cast, as_bde: Client):
    action = ActionFactory(school=cast.school, title="Forum <b>des métiers</b>")
    new = reverse("surveys:survey_new", args=[cast.school.uai])
    picked = as_bde.get(f"{new}?action={action.public_id}", follow=True)
    said = outside.text_of(picked).replace("\xa0", " ")
    assert "Élèves : après une action" in said and "après une PFMP" not in said
    url = f"{new}?modele=eleve-action&action={action.public_id}"
    page = as_bde.get(url)
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "", False)}
    assert str(data["title"]).startswith("Ton avis : Forum") and data["closed_date"] == date(2026, 3, 24)
    sent = as_bde.post(url, data | {"question_2": "", "question_5": "Et <i>après</i> ?"})
    survey = Survey.objects.in_school(cast.school).get()
    assert sent["Location"] == survey.get_absolute_url() and survey.is_anonymous
    asked = SurveyQuestion.objects.in_school(cast.school).order_by("position")
    assert [one.position for one in asked] == [1, 2, 3, 4] and asked[3].text == "Et <i>après</i> ?"
    preview = as_bde.get(reverse("surveys:survey_preview", args=[cast.school.uai, survey.public_id])).content.decode()
    assert "Et &lt;i&gt;après&lt;/i&gt;" in preview and "Envoyer ma réponse" not in preview
    again = as_bde.post(url, data)
    assert again.status_code == 302 and Survey.objects.in_school(cast.school).count() == 1, "sent twice"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"question_2": "", "question_3": "", "question_4": ""}, "au moins 3 questions"),
        ({"question_2": "Es-tu satisfait de cette action ?"}, "posée deux fois"),
        ({"closed_date": "2020-01-01"}, "avant l’ouverture"),
        ({"closed_date": "99999-01-01"}, "date"),
        ({"title": "x" * 300}, "200"),
        ({"question_1": "x" * 300}, "200"),
    ],
)
def test_what_a_survey_cannot_be(cast: Cast, as_bde: Client, changed: dict[str, str], said: str):
    url = reverse("surveys:survey_new", args=[cast.school.uai]) + "?modele=eleve-action"
    form = as_bde.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    page = as_bde.post(url, data | changed)
    assert page.status_code == 422 and said in page.content.decode()
    assert Survey.objects.in_school(cast.school).count() == 0


@pytest.mark.django_db
def test_once_answered_the_questions_the_public_and_the_secrecy_stay(cast: Cast, as_bde: Client):
    survey = survey_of(cast, [])
    _, url = asking.share(survey, by=None, now=NOW)
    Client().post(url, {"q1": "2", "q2": "4"})
    edit = reverse("surveys:survey_edit", args=[cast.school.uai, survey.public_id])
    form = as_bde.get(edit).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    data |= {"audience": "equipe", "question_1": "Autre ?", "closed_date": "2026-04-15"}
    data.pop("is_anonymous")
    assert as_bde.post(edit, data).status_code == 302
    survey.refresh_from_db()
    assert (survey.audience, survey.is_anonymous, survey.closed_date) == ("eleve", True, date(2026, 4, 15))
    assert [one.text for one in survey.questions.all()] == ["Question 1 ?", "Question 2 ?", "Question 3 ?"]
    with time_machine.travel(NOW + timedelta(days=35), tick=False):
        assert Client().get(url).status_code == 200, "the link follows the last day"


@pytest.mark.django_db
def test_an_anonymous_survey_takes_no_named_answer_from_paper(cast: Cast, as_bde: Client):
    survey, partner = survey_of(cast, [], audience="partenaire"), PartnerFactory(school=cast.school)
    new = f"{reverse('surveys:answer_new', args=[cast.school.uai])}?enquete={survey.public_id}"
    form = as_bde.get(new).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    data |= {"survey": survey.pk, "grade": 3}
    assert (
        "ne nomment pas de partenaire"
        in as_bde.post(new, data | {"partner": partner.name, "partner_id": str(partner.public_id)}).content.decode()
    )
    assert "autre public" in as_bde.post(new, data | {"audience": "eleve"}).content.decode()
    assert as_bde.post(new, data).status_code == 302


@pytest.mark.django_db
def test_the_work_list_says_which_to_ask_and_which_to_read(cast: Cast):
    ready = survey_of(cast, [], opened_date=date(2026, 3, 9))
    over = survey_of(cast, [3, 4], closed_date=date(2026, 3, 8))
    survey_of(cast, [], closed_date=date(2026, 3, 8))
    asked = survey_of(cast, [], opened_date=date(2026, 3, 9))
    SurveyLinkFactory(school=cast.school, survey=asked)
    said = {task.url: task.action_label for task in survey_todo.surveys_to_do(cast.bde, date(2026, 3, 10))}
    assert said == {ready.get_absolute_url(): "Faire répondre", over.get_absolute_url(): "Lire les résultats"}
    assert list(survey_todo.surveys_to_do(cast.office, date(2026, 3, 10))) == []
    assert over.get_absolute_url() not in {task.url for task in survey_todo.surveys_to_do(cast.bde, date(2026, 3, 20))}
