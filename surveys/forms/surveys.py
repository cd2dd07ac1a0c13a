"""Forms on surveys and answers, and on what is done with a survey's links."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from events.models import Action
from partners.forms.fields import partner_field
from pfmp.models import Period
from schools.forms import DateInput, RecordForm
from surveys.enums import SetAside
from surveys.models import Survey, SurveyAnswer, SurveyLink, SurveyTemplate
from surveys.rules import surveys as rules

LONGEST_QUESTION = 200
QUESTIONS = tuple(f"question_{rank}" for rank in range(1, rules.MOST_QUESTIONS + 1))


class WithQuestions(RecordForm):
    """A record's form that ends with up to eight questions."""

    needs_questions = True

    def add_questions(self, given: list[str], *, are_fixed: bool) -> None:
        """One line a question; `are_fixed`: somebody has answered them."""
        for rank, name in enumerate(QUESTIONS, 1):
            self.fields[name] = forms.CharField(
                label=f"Question {rank}",
                required=False,
                max_length=LONGEST_QUESTION,
                disabled=are_fixed,
                initial=given[rank - 1] if rank <= len(given) else "",
            )
        self.fields[QUESTIONS[0]].help_text = "Elle compte dans les indicateurs : demandez si l’on est satisfait."
        self.helper.layout = Layout(
            *[name for name in self.fields if name not in QUESTIONS],
            Fieldset("Questions, chacune notée de « pas du tout » à « tout à fait »", *QUESTIONS),
        )

    @property
    def questions(self) -> list[str]:
        """Those that were typed, in order."""
        typed = (" ".join((self.cleaned_data.get(name) or "").split()) for name in QUESTIONS)
        return [text for text in typed if text]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(name in self.errors for name in QUESTIONS):
            return cleaned
        if problem := rules.questions_problem(self.questions):
            self.add_error(QUESTIONS[len(self.questions[: rules.MOST_QUESTIONS - 1])], problem)
        elif self.needs_questions and not self.questions:
            self.add_error(QUESTIONS[0], f"Posez au moins {rules.FEWEST_QUESTIONS} questions.")
        return cleaned


class SurveyForm(WithQuestions):
    """A survey. `model_questions`: those of the model it starts from; `is_under_way`: links or answers exist."""

    needs_questions = False  # those of a dossier have none

    class Meta:
        model = Survey
        fields = [
            "audience", "title", "introduction", "opened_date", "closed_date", "is_anonymous", "asked_count", "action", "period",
        ]  # fmt: skip
        paragraphs = ("introduction",)
        widgets = {"audience": forms.RadioSelect}

    def __init__(
        self,
        *args: Any,
        model_questions: list[str] | None = None,
        is_under_way: bool = False,
        is_answered: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = [choice for choice in self.fields["audience"].choices if choice[0]]
        self.fields["closed_date"].label = "Dernier jour pour répondre"
        self.fields[
            "asked_count"
        ].help_text = "Vide : inconnu, et pas de taux de réponse. Se remplit seul quand l’enquête part par courriel."
        self.fields["action"].queryset = Action.objects.in_school(self.school).order_by("-start_date")
        periods = Period.objects.in_school(self.school).counted().select_related("school_class").order_by("-start_date")
        self.fields["period"].queryset = periods
        self.fields["period"].label_from_instance = lambda period: f"{period.school_class} : {period} ({period.year})"
        if is_under_way:
            for name in ("audience", "is_anonymous"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "Ne change plus : l’enquête est partie, ou a des réponses."
        self.add_questions(model_questions or [], are_fixed=is_answered)
        self.helper.layout = Layout(
            "creation_key" if self.is_new else "version",
            "title",
            "audience",
            "introduction",
            Div("opened_date", "closed_date", css_class="form-pair"),
            "is_anonymous",
            Fieldset("Questions, chacune notée de « pas du tout » à « tout à fait »", *QUESTIONS),
            Fieldset("À propos de", "action", "period", "asked_count"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("action") and cleaned.get("period"):
            self.add_error("period", "Choisissez l’action ou la période, pas les deux.")
        return cleaned


class TemplateForm(WithQuestions):
    """A school's own model of survey."""

    class Meta:
        model = SurveyTemplate
        fields = ["name", "audience", "introduction"]
        paragraphs = ("introduction",)
        widgets = {"audience": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = [choice for choice in self.fields["audience"].choices if choice[0]]
        self.add_questions([str(text) for text in self.instance.questions], are_fixed=False)

    def _post_clean(self) -> None:
        self.instance.questions = self.questions
        super()._post_clean()  # type: ignore[misc]


class AnswerForm(RecordForm):
    """An answer on paper, typed by the bureau. `hides_comment`: it is not to be read beside its grade."""

    class Meta:
        model = SurveyAnswer
        fields = ["survey", "audience", "date", "grade", "action", "partner", "comment"]
        paragraphs = ("comment",)
        widgets = {"grade": forms.RadioSelect}

    def __init__(self, *args: Any, hides_comment: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = Survey.objects.in_school(self.school).order_by("-opened_date")
        self.fields["action"].queryset = Action.objects.in_school(self.school).order_by("-start_date")
        self.fields["partner"] = partner_field(self.school, required=False)
        self.fields["grade"].choices = [choice for choice in self.fields["grade"].choices if choice[0] != ""]
        if hides_comment:
            del self.fields["comment"]

    def clean(self) -> dict[str, Any]:
        """An answer is of its survey's audience (A-116), and names nobody when that survey is anonymous."""
        cleaned = super().clean() or self.cleaned_data
        survey, audience = cleaned.get("survey"), cleaned.get("audience")
        if survey and audience and survey.audience != audience:
            self.add_error("audience", f"Cette enquête s’adresse à un autre public : {survey.get_audience_display()}.")
        if survey and survey.is_anonymous and cleaned.get("partner") and {"partner", "survey"} & set(self.changed_data):
            self.add_error("partner", "Cette enquête est anonyme : ses réponses ne nomment pas de partenaire.")
        return cleaned


class SetAsideForm(forms.Form):
    """Which answers to remove: those that came by one link, from a day to another, and why."""

    link = forms.ModelChoiceField(label="Arrivées par", queryset=SurveyLink.objects.none(), empty_label=None)
    start = forms.DateField(label="Du", widget=DateInput)
    end = forms.DateField(label="Au", widget=DateInput)
    reason = forms.ChoiceField(
        label="Pourquoi",
        choices=SetAside.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi ces réponses partent."},
    )
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, survey: Survey, links: list[SurveyLink], words: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["link"]
        field.queryset = SurveyLink.objects.in_school(survey.school_id).filter(
            survey=survey, is_open=True, pk__in=[link.pk for link in links]
        )
        field.to_field_name = "public_id"
        field.label_from_instance = lambda link: words[link.pk]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "Le dernier jour est avant le premier.")
        return cleaned
