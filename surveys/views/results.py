"""What is done with a survey once it is ready: its poster, its messages, the reminder, its end, a link that leaked."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from core import downloads, french, jobs, notices, qr
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission
from surveys import asking, posters, tasks
from surveys.enums import SetAside
from surveys.forms.surveys import SetAsideForm
from surveys.models import Survey, SurveyLink
from surveys.views.surveys import SurveyPages

NAMED = 15


def _survey(request: SchoolRequest, public_id: UUID) -> Survey:
    """The survey that somebody means to ask: the right first, then whether it exists."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    return SurveyPages().find(request, public_id)


@require_POST
def survey_share(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A link for everybody: as a poster to print, or on screen to copy and project. `remplacer`: the earlier ones die."""
    survey = _survey(request, public_id)
    give = asking.renew if "remplacer" in request.POST else asking.share
    try:
        link, url = give(survey, by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return redirect(survey)
    if request.POST.get("faire") == "affiche":
        name = slugify(survey.title)[:60] or "enquete"
        return downloads.attachment(posters.poster(survey, url), "application/pdf", f"affiche-{name}.pdf")
    context = {
        "survey": survey,
        "url": url,
        "code": qr.drawn(url, "Code QR de l’enquête"),
        "until": timezone.localdate(link.expires_at),
        "is_renewed": "remplacer" in request.POST,
        "list_url": SurveyPages().back_url(request),
    }
    return render(request, "surveys/survey_link.html", context)


@require_http_methods(["GET", "POST"])
def survey_ask(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Whom the message goes to and what it says; then it leaves, one message each, by a job."""
    survey = _survey(request, public_id)
    now = timezone.now()
    so_far = asking.ways(survey)
    circle = asking.waiting(survey)
    may = asking.may_mail(survey, so_far, timezone.localdate(now))
    if may:
        may = asking.enough_people(survey, so_far.people + len(circle.people))
    if request.method == "POST":
        if not may or not circle.people:
            notices.refused(request, may.reason if not may else "Il n’y a personne de plus à qui écrire.")
            return redirect(request.path)
        if request.POST.get("combien") != str(len(circle.people)):
            notices.warned(request, "La liste a changé depuis : relisez-la, puis envoyez.")
            return redirect(request.path)
        jobs.enqueue(
            tasks.send_survey,
            by=request.user,
            scope=request.school.uai,
            total=len(circle.people),
            survey_id=survey.pk,
            asked_by=request.user.pk,
        )
        notices.said(request, f"L’enquête part par courriel à {french.plural(len(circle.people), 'personne')}.")
        return redirect(survey)
    context = {
        "survey": survey,
        "circle": circle,
        "named": [person.name for person in circle.people[:NAMED]],
        "others": max(0, len(circle.people) - NAMED),
        "may": may,
        "ways": so_far,
        "letter": asking.letter(survey, asking.shown_url()),
        "list_url": SurveyPages().back_url(request),
    }
    return render(request, "surveys/survey_ask.html", context)


@require_POST
def survey_remind(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The one reminder, by a job."""
    survey = _survey(request, public_id)
    so_far = asking.ways(survey)
    if not (verdict := asking.may_remind(survey, so_far, timezone.localdate())):
        notices.refused(request, verdict.reason)
        return redirect(survey)
    count = so_far.people if survey.is_anonymous else so_far.people - so_far.answered
    jobs.enqueue(
        tasks.remind_survey,
        by=request.user,
        scope=request.school.uai,
        total=count,
        survey_id=survey.pk,
        asked_by=request.user.pk,
    )
    notices.said(request, f"La relance part à {french.plural(count, 'personne')}.")
    return redirect(survey)


@require_http_methods(["GET", "POST"])
def survey_close(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """End it before its last day, after a page that says what that does."""
    survey = _survey(request, public_id)
    if request.method == "POST":
        try:
            asking.close(survey, by=request.user, now=timezone.now())
        except ValidationError as error:
            notices.refused(request, error.messages[0])
        else:
            notices.said(request, "Enquête close. Voici ses résultats.")
        return redirect(survey)
    context = {"survey": survey, "list_url": SurveyPages().back_url(request)}
    return render(request, "surveys/survey_close.html", context)


@require_http_methods(["GET", "POST"])
def survey_set_aside(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Remove what came by one link between two days: counted first, then confirmed."""
    survey = _survey(request, public_id)
    links = asking.shared_links(survey)
    words = {link.pk: _said(link, survey) for link in links}
    today = timezone.localdate()
    form = SetAsideForm(
        request.POST or None,
        survey=survey,
        links=links,
        words=words,
        initial={"start": survey.opened_date, "end": min(today, survey.closed_date or today)},
    )
    count, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            count = asking.came_by(survey, said["link"], said["start"], said["end"]).count()
            if "confirmer" in request.POST:
                try:
                    gone = asking.set_aside(
                        survey,
                        said["link"],
                        start=said["start"],
                        end=said["end"],
                        reason=SetAside(said["reason"]),
                        expected=said["expected"] if said["expected"] is not None else -1,
                        by=request.user,
                    )
                except ValidationError as error:
                    form.add_error(None, error)
                else:
                    notices.said(request, f"{french.plural(gone, 'réponse supprimée', 'réponses supprimées')}.")
                    return redirect(survey)
            else:
                status = 200
    context = {
        "survey": survey,
        "links": links,
        "form": form,
        "count": count,
        "list_url": SurveyPages().back_url(request),
    }
    return render(request, "surveys/survey_set_aside.html", context, status=status)


def _said(link: SurveyLink, survey: Survey) -> str:
    """« Lien du 12 mars à 10 h 05, remplacé : 31 réponses »."""
    made = french.moment(timezone.localtime(link.created_at))
    state = ", remplacé" if link.revoked_at else ""
    return f"Lien du {made}{state} : {french.plural(link.count, 'réponse')}"  # type: ignore[attr-defined]
