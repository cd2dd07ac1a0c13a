"""The pages of the company behind its link: one subject a page, each kept as it is sent; the pupil's name, class and dates only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from core.outside import Unavailable
from partners import register
from partners.rules.register import Establishment
from pfmp import annexes, preparing, rules
from pfmp.enums import LinkPurpose, PreConventionState
from pfmp.forms.company import BY_CODE, RefuseForm, Step
from pfmp.models import Placement, PreConvention
from pfmp.preparing import Answers, Known
from pfmp.rules.preparing import AT_COMPANY, Actor
from pfmp.views.links import Visit, behind_personal_link, opened

S = PreConventionState
TITLES = dict(preparing.STEPS)
CODES = [code for code, _ in preparing.STEPS]
TEMPLATES = {
    "personnes": "pfmp/company/personnes.html",
    "entreprise": "pfmp/company/entreprise.html",
    "horaires": "pfmp/company/horaires.html",
    "activites": "pfmp/company/activites.html",
    "securite": "pfmp/company/securite.html",
    "pratique": "pfmp/company/pratique.html",
    "verification": "pfmp/company/verification.html",
}


@dataclass(frozen=True)
class Desk:
    """What a page of the company needs: the pre-convention, what was answered, what the school knew."""

    visit: Visit
    pre: PreConvention
    answers: Answers
    known: Known

    @property
    def placement(self) -> Placement:
        return self.pre.placement

    @property
    def about(self) -> dict[str, Any]:
        """What the company sees of the pupil: first name, name, class, diploma, dates; nothing else."""
        school_class = self.placement.period.school_class
        return {
            "pupil": str(self.placement.student.full_name),
            "school_class": school_class.label,
            "diploma": school_class.diploma,
            "start_date": self.placement.start_date,
            "end_date": self.placement.end_date,
        }

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        common = {"about": self.about, "company": self.placement.partner.name, "correction": self.correction}
        return self.visit.page(template, status, **{**common, **context})

    @property
    def correction(self) -> str:
        return self.pre.correction if self.pre.state == S.TO_CORRECT else ""


def desk_of(visit: Visit) -> Desk | None:
    """The pre-convention of a link; None when the team has not opened it, or for another company than the link's."""
    placement = visit.link.placement
    assert placement is not None
    pre = (
        PreConvention.objects.in_school(visit.link.school_id)
        .filter(placement=placement)
        .select_related("placement__student", "placement__partner", "placement__period__school_class")
        .select_related("placement__tutor", "placement__signer", "school")
        .first()
    )
    if pre is None or preparing.is_elsewhere(pre):
        return None
    pre.placement.school = pre.school = visit.link.school
    return Desk(visit, pre, Answers.of(pre), preparing.known_of(pre.placement))


View = Callable[..., HttpResponseBase]


def while_filling(view: View) -> View:
    """For pages that write: once it is handed in, taken back or given up, the first page says so instead."""

    @wraps(view)
    def page(request: HttpRequest, visit: Visit, **words: str) -> HttpResponseBase:
        desk = desk_of(visit)
        if desk is None or desk.pre.state not in AT_COMPANY:
            return visit.home()
        return view(request, desk, **words)

    return page


@require_GET
@behind_personal_link
@opened(LinkPurpose.PRE_CONVENTION)
def pre_convention_fill(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whom the company hosts, what it has answered, what is left; or why there is nothing left to do."""
    desk = desk_of(visit)
    if desk is None:
        return visit.page("pfmp/company/closed.html", 410, state="")
    if desk.pre.state not in AT_COMPANY:
        return desk.page("pfmp/company/closed.html", state=desk.pre.state)
    pages = [(code, title, code in desk.answers.clean) for code, title in preparing.STEPS]
    return desk.page(
        "pfmp/company/home.html",
        pages=pages,
        next_code=desk.answers.first_missing,
        has_begun=bool(desk.answers.raw),
    )


def step_of(desk: Desk, code: str, data: QueryDict | None) -> Step:
    """The form of a page."""
    usual: list[str] = []
    if code == "activites":
        for annex in annexes.of_class(desk.placement.period.school_class):
            usual += [line.strip() for line in annex.tasks.splitlines() if line.strip()]
    return BY_CODE[code](data, known=desk.known, answers=desk.answers, usual_tasks=dict.fromkeys(usual))


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.PRE_CONVENTION)
@while_filling
def pre_convention_step(request: HttpRequest, desk: Desk, step: str) -> HttpResponse:
    """One page: what is sent is kept, right or not; a page that holds leads to the next."""
    if step not in BY_CODE:
        raise Http404
    data = request.POST.copy() if request.method == "POST" else None
    found = proposed(desk, data) if step == "entreprise" else None
    if data is not None and found is not None and "reprendre" in data:
        for name in ("name", "address", "postal_code", "city"):
            data[f"entreprise-{name}"] = found.value(name)
        return step_page(desk, step, step_of(desk, step, data), found=found)
    form = step_of(desk, step, data)
    if data is None:
        return step_page(desk, step, form, found=found)
    is_right = form.is_valid()
    try:
        answers = preparing.keep(
            desk.pre, step, raw=form.typed(), clean=form.kept() if is_right else None, actor=Actor.COMPANY
        )
        if not is_right:
            return step_page(desk, step, form, found=found, status=422)
        if step == CODES[-1]:
            preparing.hand_in(
                desk.pre, actor=Actor.COMPANY, filled_by=form.cleaned_data["filled_by"], now=desk.visit.now
            )
            return desk.visit.home()
    except ValidationError as error:
        form.add_error(None, error)
        return step_page(desk, step, form, found=found, status=422)
    if step == "horaires" and not data.get("garder") and told(desk, form):
        return step_page(desk, step, form, asks_twice=True)
    return desk.visit.go("pre_convention_step", next_page(step, answers))


def next_page(step: str, answers: Answers) -> str:
    """The next page to fill after this one; the last one when all hold."""
    after = CODES[CODES.index(step) + 1 :]
    return next((code for code in after if code not in answers.clean), CODES[-1])


def told(desk: Desk, form: Step) -> list[tuple[str, str, str]]:
    """What the rules say of the hours of a form that holds."""
    text = form.cleaned_data.get("timetable", "") if form.is_bound and not form.errors else ""
    return preparing.hour_verdicts(desk.placement, text) if text else []


def step_page(
    desk: Desk,
    step: str,
    form: Step,
    *,
    found: Establishment | None = None,
    status: int = 200,
    asks_twice: bool = False,
) -> HttpResponse:
    number = CODES.index(step)
    verdicts: list[tuple[str, str, str]] = []
    if step == "horaires":
        if not form.is_bound:
            text = desk.placement.timetable
            verdicts = preparing.hour_verdicts(desk.placement, text) if text else []
        elif form.is_sent or step in desk.answers.clean:
            verdicts = told(desk, form) if form.is_valid() else []
    return desk.page(
        TEMPLATES[step],
        status,
        form=form,
        step=step,
        title=TITLES[step],
        number=number + 1,
        total=len(CODES),
        previous=CODES[number - 1] if number else "",
        verdicts=verdicts,
        asks_twice=asks_twice,
        register=found,
        summary=preparing.summary(desk.answers) if step == CODES[-1] else [],
        missing=[(code, title) for code, title in preparing.STEPS[:-1] if code not in desk.answers.clean],
    )


def proposed(desk: Desk, data: QueryDict | None) -> Establishment | None:
    """What the public register says of this SIRET, when it says otherwise; nothing when it does not answer."""
    if not register.is_on(desk.visit.link.school):
        return None
    kept = desk.answers.raw.get("entreprise", {}).get("entreprise-siret", desk.placement.partner.siret)
    number = str(data.get("entreprise-siret", "") if data is not None else kept)
    try:
        found = register.find("".join(number.split()))
    except Unavailable:
        return None
    return None if found is None or found.is_hidden else found


@require_GET
@behind_personal_link
@opened(LinkPurpose.PRE_CONVENTION)
@while_filling
def pre_convention_hours(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the rules say of the hours as they stand on the page: a fragment; keeps nothing."""
    form = step_of(desk, "horaires", request.GET.copy())
    problem = ""
    verdicts = []
    if form.is_valid():
        verdicts = told(desk, form)
    elif errors := form.errors.get("timetable"):
        problem = str(errors[0])
    timetable = rules.parse_timetable(form.cleaned_data.get("timetable", "") if not problem else "")
    total = timetable.weekly_minutes if isinstance(timetable, rules.Timetable) else None
    context = {"verdicts": verdicts, "problem": problem, "total": total}
    return render(request, "pfmp/partials/hour_verdicts.html", context)


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.PRE_CONVENTION)
@while_filling
def pre_convention_refuse(request: HttpRequest, desk: Desk) -> HttpResponse:
    """« Ce n’est pas nous, ou nous ne pouvons plus »: the pupil is looked after by the school again."""
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            preparing.refuse(desk.pre, reason=form.cleaned_data["reason"].strip(), now=desk.visit.now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return desk.page("pfmp/company/closed.html", state=S.ABANDONED.value)
    return desk.page("pfmp/company/refuse.html", 422 if form.errors else 200, form=form)
