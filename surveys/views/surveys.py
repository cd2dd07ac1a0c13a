"""Satisfaction surveys and their answers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, Section, named_in_address
from schools.permissions import allows
from schools.roles import Permission
from surveys.filters import AnswerFilters, SurveyFilters
from surveys.forms.surveys import AnswerForm, SurveyForm
from surveys.models import Survey, SurveyAnswer
from surveys.views.leavers import OutcomePages

SATISFIED = Q(answers__grade__gte=3)


class SurveyPages(RecordPages):
    model, app, name, slug = Survey, "surveys", "survey", "enquetes"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = SurveyForm, SurveyFilters
    title, new_label = "Enquêtes de satisfaction", "Ouvrir une enquête"
    saved = "Enquête enregistrée."
    save_label = "Enregistrer l’enquête"
    empty = "Aucune enquête cette année-là pour l’instant."
    ordering = ("-opened_date", "-pk")
    list_template = "surveys/survey_list.html"
    columns = (
        Column("Titre", "title", "name", sort="title"),
        Column("Public", "get_audience_display", sort="audience"),
        Column("Ouverte le", "opened_date", "date", sort="opened_date"),
        Column("Close le", "closed_date", "date", sort="closed_date"),
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
        }

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"opened_date": timezone.localdate()}

    def sections(self, request: SchoolRequest, record: Survey) -> Iterable[Section]:
        answers = SurveyAnswer.objects.in_school(request.school).filter(survey=record)
        yield Section(
            "Réponses",
            "surveys/partials/answers.html",
            {
                "answers": answers.select_related("school").order_by("-date")[:100],
                "count": answers.count(),
                "mean": answers.aggregate(mean=Avg("grade"))["mean"],
                "may_edit": allows(request.membership, Permission.EDIT_SURVEYS),
                "new_url": f"{AnswerPages().url('new', request)}?enquete={record.public_id}",
            },
        )


class AnswerPages(RecordPages):
    model, app, name, slug = SurveyAnswer, "surveys", "answer", "reponses"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = AnswerForm, AnswerFilters
    title, new_label = "Réponses aux enquêtes", "Ajouter une réponse"
    saved = "Réponse enregistrée."
    save_label = "Enregistrer la réponse"
    ordering = ("-date", "-pk")
    columns = (
        Column("Réponse", str, "name"),
        Column("Public", "get_audience_display", sort="audience"),
        Column("Date", "date", "date", sort="date"),
        Column("Note", "get_grade_display", sort="grade"),
        Column("Enquête", "survey", link=lambda row: row.survey.get_absolute_url() if row.survey else ""),
        Column("Commentaire", "comment", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[SurveyAnswer]:
        year = request.school_year
        return self.rows(request).filter(date__range=(year.start, year.end)).select_related("survey__school", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        survey = named_in_address(request, Survey.objects.in_school(request.school), "enquete")
        return {"survey": survey, "audience": survey.audience if survey else "", "date": timezone.localdate()}

    def after_save(self, request: SchoolRequest, record: SurveyAnswer) -> str:
        return record.survey.get_absolute_url() if record.survey else super().after_save(request, record)
