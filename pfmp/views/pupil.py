"""A pupil's own page, behind their personal link: where they are, whom to ask, what they noted, « j’ai trouvé »."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import docx, downloads, notices
from core.errors import StaleEdit
from partners.models import Partner
from pfmp import opinions, pupil_letters, pupil_page, rules, searching
from pfmp.enums import ApproachState, LinkPurpose
from pfmp.forms.pupil import STATES, FoundForm, PupilApproachForm, is_same_company
from pfmp.models import Approach, Period, Placement
from pfmp.rules.timetable import week_in_words
from pfmp.views.links import Visit, behind_personal_link, opened
from schools.models import Student

ANSWERS = [(state, words) for state, words in STATES if state != ApproachState.PLANNED]
NO_PERIOD = "Le lycée n’a pas encore donné les dates de ton stage. Reviens plus tard."
STALE = "Cette démarche vient de changer. Regarde-la, puis recommence s’il le faut."


def pupil_of(visit: Visit) -> Student:
    """The pupil of a link, with their school."""
    student = visit.link.student
    assert student is not None  # the table says so of links of this purpose
    student.school = visit.link.school
    return student


def hours_of(placement: Placement) -> list[str]:
    """The hours of a stay: by day when they can be read, else as they were written."""
    week = rules.parse_timetable(placement.timetable)
    return week_in_words(week) if isinstance(week, rules.Timetable) else placement.timetable.splitlines()


def frame(visit: Visit, here: str) -> dict[str, Any]:
    """What every page of a pupil has: whose it is, where one is among its pages."""
    return {"student": pupil_of(visit), "here": here}


@require_GET
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_home(request: object, visit: Visit) -> HttpResponse:
    """Where I am, what comes next, by which day; my log; my company once it is found."""
    today = timezone.localdate(visit.now)
    page = pupil_page.page_of(pupil_of(visit), today)
    placement = page.placement
    asked = opinions.asked_of(pupil_of(visit), today)
    return visit.page(
        "pfmp/pupil/home.html",
        page=page,
        week=hours_of(placement) if placement else [],
        answers=ANSWERS,
        fresh={one.pk for one in page.mine if searching.is_fresh(one, today)},
        asks_opinion=placement in asked,
        past_opinion=next((one for one in asked if one != placement), None),
        is_away=placement is not None and placement.start_date <= today <= placement.end_date,
        **frame(visit, "pupil_home"),
    )


def _partner(visit: Visit, text: str) -> Partner | None:
    """The company that a list of hosts named; None for none, or for one that pupils are not sent to."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    found = Partner.objects.in_school(visit.link.school_id).in_use().filter(public_id=wanted).first()
    return None if found is None or found.warning else found


def _own(visit: Visit, text: str) -> Approach | None:
    """One of the approaches that the pupil noted."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    found: Approach | None = (
        searching.own_of(visit.link).filter(public_id=wanted).select_related("partner", "school").first()
    )
    return found


def _period(visit: Visit) -> Period | None:
    return pupil_page.period_of(pupil_of(visit), timezone.localdate(visit.now))


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_approach_new(request: object, visit: Visit) -> HttpResponse:
    """I asked somewhere. `entreprise`: one of the hosts to try."""
    period, today = _period(visit), timezone.localdate(visit.now)
    if period is None:
        notices.refused(visit.request, NO_PERIOD)
        return visit.home()
    posted = visit.request.POST if visit.request.method == "POST" else None
    asked = posted if posted is not None else visit.request.GET
    partner = _partner(visit, asked.get("entreprise", ""))
    form = PupilApproachForm(posted, link=visit.link, today=today, partner=partner)
    if form.is_valid():
        approach = form.fill(Approach(period=period))
        try:
            saved, created = searching.note_by_link(approach, visit.link, now=visit.now, key=form.cleaned_data["key"])
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            return _after(visit, saved, created)
    return visit.page(
        "pfmp/pupil/approach.html", status=422 if form.is_bound else 200, form=form, partner=partner, record=None,
        **frame(visit, "pupil_home"),
    )  # fmt: skip


def _after(visit: Visit, approach: Approach, created: bool = True) -> HttpResponse:
    """A yes asks for what the lycée needs to call; else back home."""
    if approach.state == ApproachState.ACCEPTED:
        response = visit.go("pupil_found")
        response["Location"] += f"?demarche={approach.public_id}"
        return response
    notices.said(visit.request, "C’est noté." if created else "C’était déjà noté.")
    return visit.home()


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_approach_edit(request: object, visit: Visit, public_id: UUID) -> HttpResponse:
    """Correct what I noted today; later only the answer changes. What the lycée noted is read."""
    approach = _own(visit, str(public_id))
    if approach is None:
        raise Http404
    today = timezone.localdate(visit.now)
    if not searching.is_fresh(approach, today):
        notices.warned(visit.request, "Cette démarche n’est plus d’aujourd’hui : tu peux encore noter la réponse.")
        return visit.home()
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = PupilApproachForm(
        posted, link=visit.link, today=today, partner=approach.partner, initial=PupilApproachForm.first_values(approach)
    )
    if form.is_valid():
        version = approach.version
        try:
            searching.correct(form.fill(approach), version=version, by=None, today=today, changed=form.changed_data)
        except (ValidationError, StaleEdit):
            form.add_error(None, STALE)
        else:
            return _after(visit, approach)
    return visit.page(
        "pfmp/pupil/approach.html", status=422 if form.is_bound else 200, form=form, partner=approach.partner,
        record=approach, **frame(visit, "pupil_home"),
    )  # fmt: skip


@require_POST
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_approach_answer(request: object, visit: Visit, public_id: UUID) -> HttpResponse:
    """One button: what the company answered me."""
    approach = _own(visit, str(public_id))
    if approach is None:
        raise Http404
    try:
        state = ApproachState(visit.request.POST.get("vers", ""))
    except ValueError:
        notices.refused(visit.request, "Choisis ce que l’entreprise a répondu.")
        return visit.home()
    if state == ApproachState.ACCEPTED:  # noted with what the lycée needs to call
        return _after(visit, Approach(public_id=approach.public_id, state=state))
    try:
        searching.answer(approach, state, by=None, today=timezone.localdate(visit.now))
    except ValidationError:
        notices.refused(visit.request, STALE)
        return visit.home()
    return _after(visit, approach)


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_found(request: object, visit: Visit) -> HttpResponse:
    """« J’ai trouvé ! » A yes that the lycée checks: it makes neither a partner nor a placement by itself."""
    period, today = _period(visit), timezone.localdate(visit.now)
    if period is None:
        notices.refused(visit.request, NO_PERIOD)
        return visit.home()
    posted = visit.request.POST if visit.request.method == "POST" else None
    asked = posted if posted is not None else visit.request.GET
    known = _own(visit, asked.get("demarche", ""))
    partner = known.partner if known is not None else _partner(visit, asked.get("entreprise", ""))
    first = {name: getattr(known, name) for name in ("company", "city", "phone", "person", "note")} if known else None
    form = FoundForm(posted, link=visit.link, today=today, period=period, partner=partner, initial=first)
    if form.is_valid():
        try:
            _found(visit, form, known, period)
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        except StaleEdit:
            form.add_error(None, STALE)
        else:
            notices.said(visit.request, "Bravo ! C’est noté.")
            return visit.home()
    return visit.page(
        "pfmp/pupil/found.html", status=422 if form.is_bound else 200, form=form, partner=partner, known=known,
        period=period, **frame(visit, "pupil_found"),
    )  # fmt: skip


def _found(visit: Visit, form: FoundForm, known: Approach | None, period: Period) -> None:
    """The yes goes on the approach that it answers, else on the one about the same company, else on a new one."""
    today = timezone.localdate(visit.now)
    if known is None:
        company = form.cleaned_data.get("company", "")
        own = searching.own_of(visit.link).filter(period=period).select_related("partner", "school")
        known = next((one for one in own.order_by("-pk") if is_same_company(one, company, form.partner)), None)
    if known is None:
        approach = form.fill(Approach(period=period, date=today))
        searching.note_by_link(approach, visit.link, now=visit.now, key=form.cleaned_data["key"])
    else:
        version = known.version
        searching.correct(form.fill(known), version=version, by=None, today=today, changed=["state"])


@require_GET
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_hosts(request: object, visit: Visit) -> HttpResponse:
    """Companies to try: name, city, trade and telephone, nobody's name."""
    asked = visit.request.GET.get("km", "")
    km = int(asked) if asked in map(str, pupil_page.REACHES) else pupil_page.USUAL_REACH
    student, today = pupil_of(visit), timezone.localdate(visit.now)
    period = pupil_page.period_of(student, today)
    return visit.page(
        "pfmp/pupil/hosts.html",
        hosts=pupil_page.hosts_for(student, period, km, today),
        reaches=pupil_page.REACHES,
        period=period,
        **frame(visit, "pupil_hosts"),
    )


@require_GET
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_letter(request: object, visit: Visit) -> HttpResponse:
    """The letter and the CV to copy or to keep as files."""
    return visit.page("pfmp/pupil/letter.html", texts=_texts(visit), **frame(visit, "pupil_letter"))


def _texts(visit: Visit) -> pupil_letters.Filled:
    student = pupil_of(visit)
    period = pupil_page.period_of(student, timezone.localdate(visit.now))
    return pupil_letters.of(student, period, pupil_page.settings_of(student))


@require_GET
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_letter_file(request: object, visit: Visit, what: str) -> HttpResponse:
    """The letter or the CV, for a word processor."""
    texts = _texts(visit)
    text = {"lettre": texts.letter, "cv": texts.cv}.get(what)
    if text is None:
        raise Http404
    return downloads.attachment(docx.letter(text.strip().splitlines(), now=visit.now), docx.TYPE, f"{what}.docx")


@require_GET
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_advice(request: object, visit: Visit) -> HttpResponse:
    """How to ask; what to bring on the first day; what to do when something goes wrong."""
    return visit.page("pfmp/pupil/advice.html", texts=_texts(visit), **frame(visit, "pupil_advice"))
