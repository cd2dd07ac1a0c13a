"""Models of survey: those that ship are whole, a school makes its own."""

import pytest
from django.test import Client
from django.urls import reverse

from surveys import templates
from surveys.enums import Audience
from surveys.models import SurveyTemplate
from surveys.rules import surveys as rules
from tests.conftest import Cast
from tests.factories import SurveyTemplateFactory


@pytest.mark.parametrize("model", templates.shipped(), ids=lambda model: model.code)
def test_a_shipped_model_can_be_asked(model: templates.Model):
    assert rules.questions_problem(list(model.questions)) == ""
    assert "satisfait" in model.questions[0], "the first one is the grade that the indicators count"
    assert model.introduction and len(model.title) < 80


def test_there_is_one_for_each_public_and_each_subject():
    assert {(model.audience, model.about) for model in templates.shipped()} == {
        (audience, about) for audience in Audience for about in ("action", "period", "year")
    }


@pytest.mark.django_db
def test_a_school_makes_its_own_and_nobody_elses(cast: Cast, as_bde: Client):
    new = reverse("surveys:template_new", args=[cast.school.uai])
    form = as_bde.get(new).context["form"]
    said = {"creation_key": form["creation_key"].value(), "name": "Le nôtre", "audience": "equipe"}
    assert as_bde.post(new, said | {"question_1": "Satisfait ?", "question_2": "Utile ?"}).status_code == 422
    assert as_bde.post(new, said).status_code == 422
    questions = {"question_1": "Satisfait ?", "question_2": "Utile ?", "question_4": "  À   refaire ? "}
    assert as_bde.post(new, said | questions).status_code == 302
    row = SurveyTemplate.objects.in_school(cast.school).get()
    assert row.questions == ["Satisfait ?", "Utile ?", "À refaire ?"]
    assert "À refaire ?" in as_bde.get(row.get_absolute_url()).content.decode()
    assert templates.all_for(cast.school)[0].name == "Le nôtre"
    theirs = SurveyTemplateFactory(school=cast.stranger.school)
    assert templates.find(cast.school, f"{templates.OWN}{theirs.public_id}") is None
    for unknown in ("", "vierge", f"{templates.OWN}xyz", "eleve-\x00"):
        assert templates.find(cast.school, unknown) is None
