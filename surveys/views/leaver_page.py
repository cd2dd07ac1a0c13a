"""A leaver's own page, behind their link: three taps, then thanks; and the way to take an agreement back (S-18).

What the page asks depends on what this browser just answered, never on what the lycée knows: nobody who holds the link reads
a name, an answer or an agreement there.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import notices
from core.link_pages import behind_link
from schools.link_pages import AccessVisit
from schools.links import LinkState
from surveys import campaigns, former, leaver_answers
from surveys.enums import Situation, Term
from surveys.forms.leaver_page import AgreementForm, PlaceForm
from surveys.models import LeaverLink

TOO_FAST = "Beaucoup de réponses viennent d’arriver. Réessaie dans une heure, ou appelle le lycée."
CHOICES = (
    (Situation.JOB, "Je travaille", "briefcase"),
    (Situation.APPRENTICESHIP, "Je suis en apprentissage", "tools"),
    (Situation.STUDIES, "Je fais des études", "mortarboard"),
    (Situation.JOB_SEEKING, "Je cherche du travail", "search"),
    (Situation.OTHER, "Autre chose", "three-dots"),
)
"""The first question, in the words of who answers."""
SOMEWHERE = (Situation.JOB, Situation.APPRENTICESHIP, Situation.STUDIES)
"""Situations that have a « where »."""
FIRST, WHERE, AGAIN, DONE, REFUSED, WITHDRAWN = "situation", "ou", "suite", "fini", "refus", "retrait"


class Visit(AccessVisit[LeaverLink]):
    """One request behind a leaver's link."""

    session_name = "leaver_links"

    @classmethod
    def find(cls, token: str) -> LeaverLink | None:
        return leaver_answers.find(token)

    def state_now(self) -> LinkState:
        return leaver_answers.state_of(self.link, self.now)

    @property
    def step(self) -> str:
        return str(self.kept.get("step", FIRST))

    @property
    def situation(self) -> str:
        """What this browser answered a moment ago."""
        return str(self.kept.get("situation", ""))

    def go(self, step: str, **more: str) -> HttpResponse:
        self.keep(step=step, **more)
        return redirect("leaver_page", self.token)

    def common(self) -> dict[str, Any]:
        """Besides: the step at which this browser is, and the words of the questions."""
        return {
            **super().common(),
            "step": self.step if self.is_alive or self.step == WITHDRAWN else FIRST,
            "ago": campaigns.AGO[Term(self.link.campaign.term_months)],
            "choices": CHOICES,
            "wording": former.WORDING,
        }

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """The one page of the link, at its step."""
        return self.page("surveys/leaver_page.html", status, **context)


behind_leaver_link = behind_link(Visit.of)


@require_http_methods(["GET", "POST"])
@behind_leaver_link
def leaver_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The question of the moment; a GET changes nothing and names nobody."""
    if request.method == "POST":
        if not visit.is_within_limit():
            notices.refused(request, TOO_FAST)
            return redirect("leaver_page", visit.token)
        return _answered(visit)
    if visit.is_alive and visit.step == WHERE:
        return visit.show(form=_place_form(visit))
    if visit.is_alive and visit.step == AGAIN:
        return visit.show(form=AgreementForm())
    return visit.show(status=200 if visit.is_alive or visit.step == WITHDRAWN else 410)


def _answered(visit: Visit) -> HttpResponse:
    """One tap. Taking an agreement back works as long as the link is not revoked, whatever its age."""
    asked = visit.request.POST.get("etape", "")
    if asked == WITHDRAWN and visit.state is not LinkState.REVOKED:
        known = former.of_student(visit.link.student)
        if known is not None:
            former.withdraw(known, today=timezone.localdate(visit.now), by=None)
        return visit.go(WITHDRAWN)
    if not visit.is_alive:
        return visit.show(status=410)
    if asked == FIRST:
        return _situation(visit)
    if asked == WHERE and visit.situation:
        return _where(visit)
    if asked == AGAIN and visit.situation:
        return _again(visit)
    if asked == REFUSED:
        leaver_answers.refuse(visit.link, now=visit.now)
        return visit.go(REFUSED)
    return visit.go(FIRST)


def _situation(visit: Visit) -> HttpResponse:
    situation = visit.request.POST.get("situation", "")
    try:
        leaver_answers.note_by_link(visit.link, situation, now=visit.now, today=timezone.localdate(visit.now))
    except ValidationError as refused:
        return visit.show(status=422, step=FIRST, problem=refused.messages[0])
    return visit.go(WHERE if situation in SOMEWHERE else AGAIN, situation=situation)


def _place_form(visit: Visit) -> PlaceForm:
    return PlaceForm(
        visit.request.POST if visit.request.method == "POST" else None,
        in_studies=visit.situation == Situation.STUDIES,
    )


def _where(visit: Visit) -> HttpResponse:
    form = _place_form(visit)
    if not form.is_valid():
        return visit.show(status=422, step=WHERE, form=form)
    leaver_answers.say_where(visit.link, form.place, today=timezone.localdate(visit.now))
    return visit.go(AGAIN)


def _again(visit: Visit) -> HttpResponse:
    form = AgreementForm(visit.request.POST)
    if not form.is_valid():
        return visit.show(status=422, step=AGAIN, form=form)
    if form.agreement is not None:
        link = visit.link
        year = campaigns.leaving_of(link.campaign)
        known = leaver_answers.said_of(link.campaign, link.student)
        former.agree(
            link.student,
            form.agreement,
            leaving_year=link.campaign.leaving_year,
            formation=former.formation_of(link.student, year),
            text=former.CURRENT,
            today=timezone.localdate(visit.now),
            by=None,
            partner=known.partner if known else None,
            job_title=known.job_title if known else "",
        )
    return visit.go(DONE)


@require_POST
@behind_leaver_link
def leaver_renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A fresh link to the address that the lycée knows; the page says the same whatever happens (S-16)."""
    if visit.is_within_limit():
        campaigns.renew(visit.link, now=visit.now)
    return visit.show(renewed=True)
