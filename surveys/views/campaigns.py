"""Campaigns: open one, send the messages, call, see what became of each, recognise employers."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, jobs, notices
from core.job_pages import job_of_the_page
from core.models import OutboxState
from core.verdict import demand
from partners.models import Partner
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission
from surveys import calling, campaigns, employers, former, leaver_answers, tasks
from surveys.campaigns import Person, Step
from surveys.enums import AnswerMeans, CallResult, Situation
from surveys.forms.campaigns import CallForm, CampaignForm, MatchForm
from surveys.models import LeaverCall, LeaverCampaign, LeaverOutcome
from surveys.rules import leavers
from surveys.views.leaver_frame import frame

EMPLOYERS_A_PAGE = 20
PEOPLE_A_PAGE = 50


class CampaignPages(RecordPages):
    model, app, name, slug = LeaverCampaign, "surveys", "campaign", "sortants/campagnes"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form = CampaignForm
    title, new_label = "Sortants", "Préparer une campagne"
    noun = "campagne"
    saved = "Campagne préparée : rien n’est parti pour l’instant."
    save_label = "Préparer la campagne"
    empty = "Aucune campagne pour l’instant. On demande leur situation aux sortants 6 et 12 mois après leur départ."
    intro = "Demander à ceux qui ont quitté le lycée ce qu’ils font, par courriel et par téléphone."
    ordering = ("-leaving_year", "-term_months")
    can_delete = False
    list_template = "surveys/campaign_list.html"
    detail_template = "surveys/campaign_detail.html"
    columns = (
        Column("Campagne", str, "name"),
        Column("Ouverte le", "opened_date", "date", sort="opened_date"),
        Column("Close le", "closed_date", "date", sort="closed_date"),
    )

    def list_rows(self, request: SchoolRequest) -> Any:
        return self.rows(request).select_related("school")

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        new = self.url("new", request)
        asked = campaigns.due(request.school, timezone.localdate())
        return frame(request) | {
            "due": [(year, term, f"{new}?annee={year}&echeance={term.value}") for year, term in asked]
        }

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        first: dict[str, Any] = {"opened_date": timezone.localdate()}
        asked = {"leaving_year": request.GET.get("annee", ""), "term_months": request.GET.get("echeance", "")}
        return first | {name: value for name, value in asked.items() if value}

    def detail_context(self, request: SchoolRequest, record: LeaverCampaign) -> dict[str, Any]:
        now = timezone.now()
        everyone = campaigns.people(record)
        sent = campaigns.outcome(record)
        wanted = request.GET.get("etape", "")
        counts = [(step.name.lower(), step.value, sum(1 for one in everyone if one.step is step)) for step in Step]
        answered = [one for one in everyone if one.is_answered]
        shown = [one for one in everyone if not wanted or one.step.name.lower() == wanted]
        shown.sort(key=lambda one: not one.is_open)  # those to reach first, each group by name
        page = Paginator(shown, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
        return {
            "campaign": record,
            "lead": f"Ceux qui ont quitté le lycée en fin d’année {record.leaving_year} : que font-ils {record.get_term_months_display()} après ?",
            "due_date": leavers.due_date(campaigns.leaving_of(record), record.term_months),
            "may_edit": bool(allows(request.membership, Permission.EDIT_SURVEYS)),
            "is_open": record.closed_date is None,
            "everyone": everyone,
            "page": page,
            "lines": [_line(request, record, one) for one in page],
            "steps": [(code, word, count) for code, word, count in counts if count],
            "wanted": wanted,
            "answered": len(answered),
            "share": len(answered) / len(everyone) if everyone else None,
            "reach": campaigns.reach(everyone),
            "to_write": len(campaigns.to_write(everyone)),
            "to_remind": len(campaigns.to_remind(everyone, now)),
            "remind_from": campaigns.remindable_on(everyone),
            "to_call": len(calling.in_order(everyone, now)),
            "resting": calling.resting(everyone, now),
            "sent_any": any(sent.values()),
            "sent_messages": sent[OutboxState.SENT],
            "waiting_messages": sent[OutboxState.WAITING],
            "failed_messages": sent[OutboxState.FAILED],
            "daily_cap": settings.MAIL_DAILY_CAP,
            "said": _said(answered),
            "job": job_of_the_page(request, scope=request.school.uai) or campaigns.job_of(record),
        } | frame(request)


def _line(request: SchoolRequest, campaign: LeaverCampaign, one: Person) -> dict[str, Any]:
    """A row of the list, with what can be done of this person."""
    uai = request.school.uai
    new_answer = reverse("surveys:outcome_new", args=[uai])
    asked = f"eleve={one.student.public_id}&annee={campaign.leaving_year}&echeance={campaign.term_months}"
    known = one.outcome
    return {
        "person": one,
        "student": one.student,
        "student_url": reverse("schools:student_detail", args=[uai, one.student.public_id]),
        "edit_url": reverse("schools:student_edit", args=[uai, one.student.public_id]),
        "outcome_url": reverse("surveys:outcome_detail", args=[uai, known.public_id]) if known else "",
        "enter_url": reverse("surveys:outcome_edit", args=[uai, known.public_id]) if known else f"{new_answer}?{asked}",
    }


def _said(answered: list[Person]) -> list[tuple[str, int]]:
    """How many said what, the known situations in their order."""
    return [
        (situation.label, count)
        for situation in Situation
        if (count := sum(1 for one in answered if one.outcome and one.outcome.situation == situation))
    ]


def _campaign(request: SchoolRequest, public_id: UUID) -> LeaverCampaign:
    found: LeaverCampaign = get_object_or_404(
        LeaverCampaign.objects.in_school(request.school).select_related("school"), public_id=public_id
    )
    return found


@require_POST
def campaign_send(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Lancer la campagne », « Relancer »: the messages leave by a job, which the page then follows."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    campaign = _campaign(request, public_id)
    if campaign.closed_date is not None:
        notices.refused(request, "Cette campagne est close : rouvrez-la pour écrire de nouveau.")
        return redirect(campaign)
    again = request.POST.get("relance") == "1"
    everyone = campaigns.people(campaign)
    wanted = campaigns.to_remind(everyone, timezone.now()) if again else campaigns.to_write(everyone)
    if not wanted:
        day = campaigns.remindable_on(everyone) if again else None
        why = f" La relance est possible à partir du {french.day(day)}." if day else ""
        notices.refused(request, f"Personne n’a de message à recevoir.{why}")
        return redirect(campaign)
    task = tasks.remind_leavers if again else tasks.write_to_leavers
    with transaction.atomic():
        job = jobs.enqueue(
            task,
            by=request.user,
            scope=request.school.uai,
            total=len(wanted),
            campaign_id=campaign.pk,
            asked_by=request.user.pk,
        )
    notices.said(request, f"Confié à l’envoi : {french.plural(len(wanted), 'message')}.")
    return redirect(f"{campaign.get_absolute_url()}?travail={job.public_id}")


@require_POST
def campaign_close(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Close, or open again."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    campaign = _campaign(request, public_id)
    if campaign.closed_date is None:
        campaigns.close(campaign, today=timezone.localdate(), by=request.user)
        notices.said(request, "Campagne close : les liens ne servent plus, sauf pour retirer un accord.")
    else:
        campaigns.reopen(campaign, by=request.user)
        notices.said(request, "Campagne rouverte.")
    return redirect(campaign)


# ------------------------------------------------------------------------------------------------ calls
@require_POST
def call_next(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Keep the next person for me, or the one that the list names."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    return _next(request, _campaign(request, public_id), request.POST.get("eleve", ""))


def _next(request: SchoolRequest, campaign: LeaverCampaign, wanted: str = "") -> HttpResponse:
    if campaign.closed_date is not None:
        notices.refused(request, "Cette campagne est close : il n’y a plus personne à appeler.")
        return redirect(campaign)
    now = timezone.now()
    everyone = campaigns.people(campaign)
    named = next((one.student for one in everyone if str(one.student.public_id) == wanted), None)
    if wanted and named is None:
        raise Http404
    call = calling.take_next(campaign, everyone, by=request.user, now=now, wanted=named)
    if call is not None:
        return redirect("surveys:call_detail", request.school.uai, call.public_id)
    if named is not None:
        notices.warned(
            request, f"{named} ne s’appelle pas maintenant : un collègue est en ligne, ou il n’y a pas de numéro."
        )
    elif rest := calling.resting(everyone, now):
        people = french.plural(rest, "personne")
        notices.said(request, f"Tout le monde a été appelé. {people} à rappeler dans quelques heures.")
    else:
        notices.said(request, "Il n’y a plus personne à appeler.")
    return redirect(campaign)


@require_http_methods(["GET", "POST"])
def call_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One person on the telephone: the number, what they said before, and the result in one tap; then the next one."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    call = get_object_or_404(
        LeaverCall.objects.in_school(request.school).select_related("campaign", "student", "created_by"),
        public_id=public_id,
    )
    call.school = call.campaign.school = call.student.school = request.school
    campaign = call.campaign
    if call.result or call.created_by_id != request.user.pk:
        notices.warned(request, _taken(call))
        return redirect(campaign)
    if "plus-tard" in request.POST:
        calling.put_back(call, by=request.user)
        return redirect(campaign)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _end(request, call, form)
        except calling.Taken as taken:
            notices.warned(request, _taken(taken.call))
            return redirect(campaign)
        notices.said(request, f"Appel noté : {call.student}.")
        return _next(request, campaign)
    everyone = campaigns.people(campaign)
    person = next((one for one in everyone if one.student.pk == call.student_id), None)
    if person is None:
        raise Http404
    context = {
        "call": call,
        "campaign": campaign,
        "person": person,
        "form": form,
        "situations": [(f"{CallResult.ANSWERED}:{value}", label) for value, label in Situation.choices if value != Situation.NO_ANSWER],
        "results": [(value, label) for value, label in CallResult.choices if value != CallResult.ANSWERED],
        "left": len(calling.in_order(everyone, timezone.now())),
        "list_url": reverse("surveys:campaign_list", args=[request.school.uai]),
        "lead": f"{person.formation}, promotion {campaign.leaving_year}",
        "before_label": f"À {person.before.term_months} mois" if person.before else "",
        "before_words": _in_words(person.before) if person.before else "",
        "past_calls": [
            (f"Appel du {french.short_day(past.called_at)}", past.get_result_display()) for past in person.calls if past.result
        ],
    }  # fmt: skip
    return render(request, "surveys/call_detail.html", context, status=422 if request.method == "POST" else 200)


def _in_words(outcome: LeaverOutcome) -> str:
    """« En emploi chez Menuiserie du Chêne, menuisier »."""
    where = str(outcome.partner or "") or outcome.employer_name
    said = f"{outcome.get_situation_display()} chez {where}" if where else outcome.get_situation_display()
    return f"{said}, {outcome.job_title}" if outcome.job_title else said


def _taken(call: LeaverCall | None) -> str:
    if call is None:
        return "Cet appel n’est plus le vôtre : quelqu’un l’a repris."
    who = str(call.created_by) if call.created_by else "Quelqu’un"
    done = f"a noté « {call.get_result_display()} »" if call.result else "appelle cette personne"
    return f"{who} {done}, à {french.clock(timezone.localtime(call.called_at))}."


@transaction.atomic
def _end(request: SchoolRequest, call: LeaverCall, form: CallForm) -> None:
    result, situation = form.outcome
    calling.end(call, result, by=request.user, now=timezone.now())
    if result is not CallResult.ANSWERED:
        return
    campaign, today = call.campaign, timezone.localdate()
    outcome = leaver_answers.note(
        call.student,
        leaving_year=campaign.leaving_year,
        term=campaign.term_months,
        situation=situation,
        means=AnswerMeans.PHONE,
        today=today,
        by=request.user,
        place=form.place,
    )
    if form.cleaned_data["contact"]:
        year = campaigns.leaving_of(campaign)
        former.agree(
            call.student,
            former.Agreement(talk=form.cleaned_data["talk"], hosting=form.cleaned_data["hosting"]),
            leaving_year=campaign.leaving_year,
            formation=former.formation_of(call.student, year),
            text=former.BY_VOICE,
            today=today,
            by=request.user,
            partner=outcome.partner,
            job_title=outcome.job_title,
        )


# ------------------------------------------------------------------------------------------------ employers
@require_GET
def employer_list(request: SchoolRequest) -> HttpResponse:
    """Employers in people's own words, each with the partners that it may be."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    found = employers.waiting(request.school).select_related("student", "school").order_by("employer_name", "pk")
    page = Paginator(found, EMPLOYERS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "written": employers.with_proposals(request.school, list(page))} | frame(request)
    return render(request, "surveys/employer_list.html", context)


@require_POST
def employer_match(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """This employer is that partner; or a new one to approach; or none that the lycée keeps."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    outcome: LeaverOutcome = get_object_or_404(
        LeaverOutcome.objects.in_school(request.school).select_related("school"), public_id=public_id
    )
    form = MatchForm(request.POST)
    if not form.is_valid() or not employers.waiting(request.school).filter(pk=outcome.pk).exists():
        notices.refused(request, "Cet employeur est déjà rapproché, ou le choix n’est pas dans la liste.")
        return redirect("surveys:employer_list", request.school.uai)
    do = form.cleaned_data["do"]
    if do == "laisser":
        employers.leave_out(outcome, by=request.user)
        notices.said(request, f"« {outcome.employer_name} » reste dans la réponse, sans partenaire.")
    elif do == "prospect":
        demand(allows(request.membership, Permission.EDIT_PARTNERS))
        try:
            partner = employers.make_prospect(outcome, today=timezone.localdate(), by=request.user)
        except ValidationError as refused:
            notices.refused(request, " ".join(refused.messages))
        else:
            notices.said(request, f"{partner} est ajouté aux prospects et rattaché à la réponse.")
    else:
        partner = get_object_or_404(
            Partner.objects.in_school(request.school).select_related("school"), public_id=form.cleaned_data["partner"]
        )
        count = employers.recognise(outcome, partner, by=request.user)
        notices.said(request, f"« {outcome.employer_name} » est {partner} : {french.plural(count, 'réponse rattachée', 'réponses rattachées')}.")  # fmt: skip
    return redirect("surveys:employer_list", request.school.uai)
