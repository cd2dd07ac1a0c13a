"""Answering a survey behind a link, without an account: questions at once, thanks; nothing is asked about who answers.

A link for everybody is limited softly: a browser that has answered says thanks first, then lets another person answer, as a
class does with one tablet. It is a signed cookie that says so, and no session: a row of a session would tell the hour.
"""

from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from core.link_pages import behind_link
from schools.link_pages import AccessVisit
from surveys import answering
from surveys.answering import Way
from surveys.enums import Audience
from surveys.forms.answering import SurveyAnswerForm
from surveys.models import SurveyLink

COOKIE = "__Host-enquete" if settings.HTTPS else "enquete"
MOST_HERE = 40
"""Answers of one browser to one survey: a class around one tablet."""
TOO_FAST = "Beaucoup de réponses arrivent de chez vous en même temps. Rien n’est perdu : renvoyez dans une minute."
STATUSES = {Way.TO_COME: 200, Way.CLOSED: 410, Way.REPLACED: 410, Way.ANSWERED: 200, Way.OPEN: 200}


class Visit(AccessVisit[SurveyLink]):
    """One request behind a survey's link. It keeps nothing in the session."""

    session_name = "survey_links"

    def __init__(self, request: HttpRequest, token: str, link: SurveyLink, now: datetime) -> None:
        super().__init__(request, token, link, now)
        self.survey = link.survey
        self.way = answering.way(link, now)

    @classmethod
    def find(cls, token: str) -> SurveyLink | None:
        return answering.find(token)

    @property
    def given_here(self) -> int:
        """How many answers this browser gave by this link, as it says."""
        try:
            key, count = str(self.request.get_signed_cookie(COOKIE, default="", salt=COOKIE)).split(".")
            return int(count) if key == self.link.public_id.hex else 0
        except ValueError:  # BadSignature is one
            return 0

    def common(self) -> dict[str, Any]:
        """Besides: `survey`, and to whom it speaks."""
        return {
            **super().common(),
            "survey": self.survey,
            "to_pupil": self.survey.audience == Audience.STUDENTS,
            "is_own": not self.link.is_open,
        }

    def shut(self, way: Way, status: int | None = None) -> HttpResponse:
        """Why one does not answer by this link."""
        return self.page("surveys/answer_shut.html", status=status or STATUSES[way], way=way.value)


behind_survey_link = behind_link(Visit.of)


@require_http_methods(["GET", "POST"])
@behind_survey_link
def survey_answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The questions. Reading says and changes nothing (S-18); sending keeps one answer."""
    if visit.way is not Way.OPEN:
        return visit.shut(visit.way, 409 if request.method == "POST" and visit.way is Way.TO_COME else None)
    given = visit.given_here if visit.link.is_open else 0
    if given and request.method == "GET" and (given >= MOST_HERE or "encore" not in request.GET):
        return redirect("survey_thanks", visit.token)
    questions = answering.questions_of(visit.survey)
    form = SurveyAnswerForm(
        request.POST if request.method == "POST" else None,
        questions=questions,
        audience=visit.survey.audience,
        link=visit.link,
    )
    if request.method == "GET":
        return visit.page("surveys/answer.html", form=form)
    if not ratelimit.consume(request, action="survey_answer"):
        form.add_error(None, TOO_FAST)
        return visit.page("surveys/answer.html", status=429, form=form)
    if given >= MOST_HERE:
        return redirect("survey_thanks", visit.token)
    if not form.is_valid():
        return visit.page("surveys/answer.html", status=422, form=form)
    way, answer = answering.give(
        visit.link, form.grades(), form.cleaned_data["comment"], now=visit.now, key=form.answer_key()
    )
    if answer is None and way is not Way.ANSWERED:
        return visit.shut(way)
    response = redirect("survey_thanks", visit.token)
    if visit.link.is_open:
        response.set_signed_cookie(
            COOKIE,
            f"{visit.link.public_id.hex}.{given + 1}",
            salt=COOKIE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_GET
@behind_survey_link
def survey_thanks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """After an answer. By a link for everybody, another person may answer with the same device."""
    if visit.way not in (Way.OPEN, Way.ANSWERED):
        return visit.shut(visit.way)
    given = visit.given_here
    if visit.way is Way.OPEN and not given:
        return redirect("survey_answer", visit.token)
    return visit.page("surveys/answer_thanks.html", may_again=visit.way is Way.OPEN and given < MOST_HERE)
