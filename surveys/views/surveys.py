"""Surveys, from the model that one picks to what came back; answers typed from paper."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import french
from core.school_year import SchoolYear
from core.verdict import Denied, Verdict, demand
from events.models import Action
from pfmp.models import Period
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages, named_in_address
from schools.permissions import allows
from schools.roles import Permission
from surveys import answering, asking, results, templates
from surveys.enums import Audience
from surveys.filters import AnswerFilters, SurveyFilters
from surveys.forms.answering import SurveyAnswerForm
from surveys.forms.surveys import AnswerForm, SurveyForm
from surveys.models import Survey, SurveyAnswer, SurveyLink
from surveys.rules import surveys as rules
from surveys.views.leavers import OutcomePages

SATISFIED = Q(answers__grade__gte=3)
DAYS_OPEN = 14
BLANK = "vierge"
"""In the address of a new survey: without a model."""
ABOUT = {"action": "Après une action", "period": "Après une PFMP", "year": "Sur l’année", "": "Vos modèles"}


def _state_by_days(survey: Survey) -> str:
    """Its state by its days alone, for a list."""
    return rules.state(survey.opened_date, survey.closed_date, timezone.localdate()).value


class SurveyPages(RecordPages):
    model, app, name, slug = Survey, "surveys", "survey", "enquetes"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = SurveyForm, SurveyFilters
    title, new_label = "Enquêtes de satisfaction", "Préparer une enquête"
    noun = "enquête"
    saved = "Enquête enregistrée."
    save_label = "Enregistrer l’enquête"
    empty = "Aucune enquête cette année-là pour l’instant."
    ordering = ("-opened_date", "-pk")
    list_template = "surveys/survey_list.html"
    detail_template = "surveys/survey_detail.html"
    columns = (
        Column("Titre", "title", "name", sort="title"),
        Column("Public", "get_audience_display", sort="audience"),
        Column("État", _state_by_days, "badge", status_kind="survey"),
        Column("Ouverte le", "opened_date", "date", sort="opened_date"),
        Column("Dernier jour", "closed_date", "date", sort="closed_date"),
        Column("Sollicités", "asked_count", "number"),
        Column("Réponses", "answer_count", "number"),
        Column("Satisfaits", "satisfied_count", "number"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Survey]:
        year = request.school_year
        return (
            self.rows(request)
            .filter(opened_date__range=(year.start, year.end))
            .select_related("school")
            .annotate(answer_count=Count("answers"), satisfied_count=Count("answers", filter=SATISFIED))
        )

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "answers_url": AnswerPages().url("list", request),
            "outcomes_url": OutcomePages().url("list", request),
            "models_url": reverse("surveys:template_list", args=[request.school.uai]),
        }

    # ------------------------------------------------------------------------------------------- from a model to a survey
    def new_page(self, request: SchoolRequest) -> HttpResponse:
        demand(self.may_add(request))
        if request.method == "GET" and "modele" not in request.GET:
            query = request.GET.urlencode()
            return redirect(f"{reverse('surveys:survey_pick', args=[request.school.uai])}{'?' if query else ''}{query}")
        return super().new_page(request)

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        today = timezone.localdate()
        found: dict[str, Any] = {
            "opened_date": today,
            "closed_date": today + timedelta(days=DAYS_OPEN),
            "action": about_action(request),
            "period": about_period(request),
        }
        if model := templates.find(request.school, request.GET.get("modele", "")):
            found |= {
                "audience": model.audience.value,
                "title": _titled(model, found["action"], found["period"], SchoolYear.on(today)),
                "introduction": model.introduction,
                # A pupil or a colleague speaks more freely unnamed; a partner's answer helps when one knows whose it is.
                "is_anonymous": model.audience is not Audience.PARTNERS,
            }
        return found

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        if record is None:
            model = templates.find(request.school, request.GET.get("modele", ""))
            more: dict[str, Any] = {"model_questions": list(model.questions) if model else []}
        else:
            more = _so_far(record)
        return SurveyForm(
            request.POST or None,
            instance=record,
            initial=self.initial(request) if record is None else None,
            school=request.school,
            membership=request.membership,
            **more,
        )

    @transaction.atomic
    def create(self, request: SchoolRequest, form: RecordForm) -> Survey:
        assert isinstance(form, SurveyForm)
        survey: Survey = super().create(request, form)
        asking.put_questions(survey, form.questions, by=request.user)
        return survey

    @transaction.atomic
    def change(self, request: SchoolRequest, form: RecordForm) -> Survey:
        assert isinstance(form, SurveyForm)
        survey: Survey = super().change(request, form)
        asking.put_questions(survey, form.questions, by=request.user)
        if "closed_date" in form.changed_data:
            asking.follow_dates(survey, now=timezone.now())
        return survey

    # ----------------------------------------------------------------------------------------------------------- its page
    def find(self, request: SchoolRequest, public_id: UUID) -> Survey:
        survey: Survey = super().find(request, public_id)
        return survey

    def status(self, record: Survey) -> str:
        return asking.state(record, asking.ways(record), timezone.localdate()).value

    def subtitle(self, request: SchoolRequest, record: Survey) -> str:
        said = [record.get_audience_display(), "anonyme" if record.is_anonymous else "avec le nom de qui répond"]
        if record.closed_date:
            said.append(french.period(record.opened_date, record.closed_date))
        else:
            said.append(f"depuis le {french.day(record.opened_date)}, sans dernier jour")
        return " · ".join(said)

    def detail_context(self, request: SchoolRequest, record: Survey) -> dict[str, Any]:
        today = timezone.localdate()
        now = asking.ways(record)
        found = results.of(record, now, today)
        may_edit = allows(request.membership, Permission.EDIT_SURVEYS)
        return {
            "results": found,
            "rate": results.rate_in_words(found),
            "is_thin": found.count < rules.ENOUGH,
            "enough": rules.ENOUGH,
            "ways": now,
            "links": asking.shared_links(record) if now.shared else [],
            "state": asking.state(record, now, today).value,
            "may_edit": may_edit,
            "may_share": asking.may_share(record, now, today),
            "may_mail": asking.may_mail(record, now, today),
            "may_remind": asking.may_remind(record, now, today),
            "answers_url": f"{AnswerPages().url('list', request)}?enquete={record.public_id}",
            "new_answer_url": f"{AnswerPages().url('new', request)}?enquete={record.public_id}",
        }


def about_action(request: SchoolRequest) -> Action | None:
    """The action that the address names."""
    found: Action | None = named_in_address(request, Action.objects.in_school(request.school), "action")
    return found


def about_period(request: SchoolRequest) -> Period | None:
    """The period that the address names."""
    periods = Period.objects.in_school(request.school).select_related("school_class")
    found: Period | None = named_in_address(request, periods, "periode")
    return found


def _titled(model: templates.Model, action: Action | None, period: Period | None, year: SchoolYear) -> str:
    """« Ton avis : Forum des métiers »: what respondents read at the top, 200 characters at most."""
    if action is not None:
        about = action.title
    elif period is not None:
        about = f"{period.school_class.label}, {period}"
    elif model.about == "year":
        return f"{model.title} ({year.code})"
    else:
        return model.title
    return f"{model.title} : {about}"[:200]


def _so_far(survey: Survey) -> dict[str, Any]:
    """What of a survey no longer changes: its public once it left or was answered, its questions once somebody read them."""
    answers = SurveyAnswer.objects.in_school(survey.school_id).filter(survey=survey)
    has_links = SurveyLink.objects.in_school(survey.school_id).filter(survey=survey).exists()
    has_answers = answers.exists()
    return {
        "model_questions": [one.text for one in answering.questions_of(survey) if one.pk],
        "is_under_way": has_links or has_answers,
        "is_answered": has_links and has_answers,
    }


@require_GET
def survey_pick(request: SchoolRequest) -> HttpResponse:
    """Which model to start from: those that suit what the survey is about first."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    action, period = about_action(request), about_period(request)
    about = "action" if action else "period" if period else ""
    kept = [
        model for model in templates.all_for(request.school) if not about or not model.about or model.about == about
    ]
    groups = [
        (label, [model for model in kept if model.about == code])
        for code, label in sorted(ABOUT.items(), key=lambda entry: entry[0] != "")
    ]
    query = f"&action={action.public_id}" if action else f"&periode={period.public_id}" if period else ""
    context = {
        "groups": [(label, models) for label, models in groups if models],
        "about": action or (f"{period.school_class.label}, {period}" if period else ""),
        "new_url": SurveyPages().url("new", request),
        "query": query,
        "blank": BLANK,
        "list_url": SurveyPages().back_url(request),
        "models_url": reverse("surveys:template_list", args=[request.school.uai]),
    }
    return render(request, "surveys/survey_pick.html", context)


@require_GET
def survey_preview(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The survey as its respondents will see it; nothing can be sent from here."""
    pages = SurveyPages()
    demand(pages.may_view(request))
    survey = pages.find(request, public_id)
    form = SurveyAnswerForm(questions=answering.questions_of(survey), audience=survey.audience, link=None)
    context = {
        "survey": survey,
        "host": request.school,
        "form": form,
        "to_pupil": survey.audience == Audience.STUDENTS,
        "is_preview": True,
        "list_url": pages.back_url(request),
    }
    return render(request, "surveys/survey_preview.html", context)


# ----------------------------------------------------------------------------------------------------------------- answers


def _with_comments(rows: QuerySet[SurveyAnswer]) -> QuerySet[SurveyAnswer]:
    """What `_comment` needs: how many answers the survey has, whether it was asked by link."""
    same = SurveyAnswer.objects.filter(survey=OuterRef("survey")).order_by().values("survey")
    return rows.annotate(
        of_survey=Coalesce(Subquery(same.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        by_link=Exists(SurveyLink.objects.filter(survey=OuterRef("survey"))),
    )


def _comment(row: SurveyAnswer) -> str:
    """The comment beside its grade: only where that singles nobody out (P-20)."""
    if row.survey is None or not row.comment:
        return row.comment
    is_thin = row.of_survey < rules.ENOUGH  # type: ignore[attr-defined]
    is_secret = row.survey.is_anonymous and row.by_link  # type: ignore[attr-defined]
    return "" if is_thin or is_secret else row.comment


class AnswerPages(RecordPages):
    model, app, name, slug = SurveyAnswer, "surveys", "answer", "reponses"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = AnswerForm, AnswerFilters
    title, new_label = "Réponses aux enquêtes", "Ajouter une réponse"
    noun = "réponse"
    saved = "Réponse enregistrée."
    save_label = "Enregistrer la réponse"
    ordering = ("-date", "-pk")
    terms = ("enquete",)
    columns = (
        Column("Réponse", str, "name"),
        Column("Public", "get_audience_display", sort="audience"),
        Column("Date", "date", "date", sort="date"),
        Column("Note", "get_grade_display", sort="grade"),
        Column("Enquête", "survey", link=lambda row: row.survey.get_absolute_url() if row.survey else ""),
        Column("Commentaire", _comment, screen=False, load=_with_comments),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[SurveyAnswer]:
        rows = self.rows(request).select_related("survey__school", "school")
        if survey := named_in_address(request, Survey.objects.in_school(request.school), "enquete"):
            return rows.filter(survey=survey)
        year = request.school_year
        return rows.filter(date__range=(year.start, year.end))

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        survey = named_in_address(request, Survey.objects.in_school(request.school), "enquete")
        return {"survey": survey, "audience": survey.audience if survey else "", "date": timezone.localdate()}

    def may_change(self, request: SchoolRequest, record: SurveyAnswer) -> Verdict:
        """What somebody answered behind a link is theirs: nobody rewrites it."""
        if (verdict := super().may_change(request, record)) and was_given(record):
            return Denied("Cette réponse a été donnée par la personne elle-même : elle ne se corrige pas.")
        return verdict

    def named_facts(self, request: SchoolRequest, record: SurveyAnswer) -> Iterable[tuple[str, Fact]]:  # type: ignore[override]
        hidden = record.survey is not None and bool(results.withheld([record.survey], timezone.localdate()))
        for name, fact in super().named_facts(request, record):
            if name == "comment" and hidden:
                yield (
                    name,
                    Fact(fact.label, "Se lit avec les résultats de l’enquête, sans la note" if record.comment else ""),
                )
            else:
                yield name, fact

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        hidden = (
            record is not None
            and record.survey is not None
            and record.created_by_id != request.user.pk
            and bool(results.withheld([record.survey], timezone.localdate()))
        )
        return AnswerForm(
            request.POST or None,
            instance=record,
            initial=self.initial(request) if record is None else None,
            school=request.school,
            membership=request.membership,
            hides_comment=hidden,
        )

    def after_save(self, request: SchoolRequest, record: SurveyAnswer) -> str:
        return record.survey.get_absolute_url() if record.survey else super().after_save(request, record)


def was_given(answer: SurveyAnswer) -> bool:
    """Did it come by a link, and not from the bureau nor a dossier?"""
    if answer.link_id is not None:
        return True
    if answer.survey_id is None or answer.created_by_id is not None:
        return False
    links = SurveyLink.objects.in_school(answer.school_id).filter(survey=answer.survey_id, is_open=False)
    return answer.pk >= answering.FIRST_KEY and links.exists()
