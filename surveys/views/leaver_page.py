"""A leaver's own page, behind their link: three taps, then thanks; and the way to take an agreement back (S-18).

What the page asks depends on what this browser just answered, never on what the lycée knows: nobody who holds the link reads
a name, an answer or an agreement there.
"""

from datetime import datetime

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import notices
from core.link_pages import LinkVisit, behind_link
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


class Visit(LinkVisit):
    """One request behind a leaver's link."""

    session_name = "leaver_links"

    def __init__(self, request: HttpRequest, token: str, link: LeaverLink, now: datetime) -> None:
        super().__init__(request, token, str(link.public_id), now)
        self.link = link
        self.state = leaver_answers.state_of(link, now)

    @classmethod
    def of(cls, request: HttpRequest, token: str, now: datetime) -> "Visit | None":
        link = leaver_answers.find(token)
        return cls(request, token, link, now) if link is not None else None

    @property
    def is_alive(self) -> bool:
        return self.state is LinkState.ALIVE

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

    def page(self, status: int = 200, **context: object) -> HttpResponse:
        common = {
            "token": self.token,
            "host": self.link.school,
            "state": self.state.name,
            "step": self.step if self.is_alive or self.step in (WITHDRAWN,) else FIRST,
            "ago": campaigns.AGO[Term(self.link.campaign.term_months)],
            "choices": CHOICES,
            "wording": former.WORDING,
        }
        return render(self.request, "surveys/leaver_page.html", {**common, **context}, status=status)

    def is_within_limit(self) -> bool:
        return bool(ratelimit.consume(self.request, action="personal_link", key=self.link.token_hash))


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
        return visit.page(form=_place_form(visit))
    if visit.is_alive and visit.step == AGAIN:
        return visit.page(form=AgreementForm())
    return visit.page(status=200 if visit.is_alive or visit.step == WITHDRAWN else 410)


def _answered(visit: Visit) -> HttpResponse:
    """One tap. Taking an agreement back works as long as the link is not revoked, whatever its age."""
    asked = visit.request.POST.get("etape", "")
    if asked == WITHDRAWN and visit.state is not LinkState.REVOKED:
        known = former.of_student(visit.link.student)
        if known is not None:
            former.withdraw(known, today=timezone.localdate(visit.now), by=None)
        return visit.go(WITHDRAWN)
    if not visit.is_alive:
        return visit.page(status=410)
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
        return visit.page(status=422, step=FIRST, problem=refused.messages[0])
    return visit.go(WHERE if situation in SOMEWHERE else AGAIN, situation=situation)


def _place_form(visit: Visit) -> PlaceForm:
    return PlaceForm(
        visit.request.POST if visit.request.method == "POST" else None,
        in_studies=visit.situation == Situation.STUDIES,
    )


def _where(visit: Visit) -> HttpResponse:
    form = _place_form(visit)
    if not form.is_valid():
        return visit.page(status=422, step=WHERE, form=form)
    leaver_answers.say_where(visit.link, form.place, today=timezone.localdate(visit.now))
    return visit.go(AGAIN)


def _again(visit: Visit) -> HttpResponse:
    form = AgreementForm(visit.request.POST)
    if not form.is_valid():
        return visit.page(status=422, step=AGAIN, form=form)
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
    return visit.page(renewed=True)
