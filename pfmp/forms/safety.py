"""Forms of safety: declarations of regulated works, opinions and trainings, country sheets."""

from datetime import date
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from core import countries
from partners.forms.fields import partner_field, student_field
from pfmp.enums import MedicalOutcome, TrainingKind, WorksDeclarant
from pfmp.models import CountrySheet, MedicalOpinion, Training, WorksDeclaration
from pfmp.rules import works
from schools.forms import DateInput, RecordForm

OLDEST = date(2000, 1, 1)


class Dated:
    """Days that are neither of another century nor to come."""

    today: date

    def said_day(self, day: date | None) -> date | None:
        if day is not None and day > self.today:
            raise forms.ValidationError("Cette date est dans le futur.")
        if day is not None and day < OLDEST:
            raise forms.ValidationError("Cette date est trop ancienne : vérifiez l’année.")
        return day


class WorksDeclarationForm(Dated, RecordForm):
    """A declaration to the labour inspection: who, when, which works, where and who supervises (R-TRAV-04)."""

    works = forms.MultipleChoiceField(
        label="Travaux déclarés",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un travail."},
    )

    class Meta:
        model = WorksDeclaration
        fields = [
            "declarant", "partner", "sent_date", "works", "formations", "places", "machines", "supervisors", "reference",
            "withdrawn_date",
        ]  # fmt: skip
        paragraphs = ("formations", "places", "machines", "supervisors")
        help_texts = {
            "sent_date": "Elle vaut trois ans à partir de ce jour (R4153-40).",
            "formations": "Un changement de formations, de travaux ou de machines se déclare sous 8 jours (R4153-42).",
            "places": "Un changement de lieux ou d’encadrants se tient à disposition (R4153-43).",
            "supervisors": "La qualité ou la fonction, pas le nom.",
            "withdrawn_date": "Le jour où l’organisme l’a retirée ; vide sinon.",
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["partner"] = partner_field(
            self.school,
            label="Organisme d’accueil",
            required=False,
        )
        self.fields["partner"].wanted = True
        self.fields["partner"].help_text = "Vide : la déclaration du lycée pour ses ateliers."
        self.fields["works"].choices = [(work.article, work.sentence) for work in works.DECLARABLE]
        self.helper.layout = Layout(
            "creation_key" if self.is_new else "version",
            "declarant", "partner", "sent_date", Div("works", css_class="long-choices"), "formations", "places", "machines",
            "supervisors", "reference", "withdrawn_date",
        )  # fmt: skip

    def clean_sent_date(self) -> date | None:
        return self.said_day(self.cleaned_data["sent_date"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        of_school = cleaned.get("declarant") == WorksDeclarant.SCHOOL
        if "partner" not in self.errors and "declarant" not in self.errors:
            if of_school and cleaned.get("partner"):
                self.add_error("partner", "La déclaration du lycée ne nomme pas d’organisme : videz cette case.")
            if not of_school and not cleaned.get("partner"):
                self.add_error("partner", "Choisissez l’organisme qui a déclaré.")
        sent, withdrawn = cleaned.get("sent_date"), cleaned.get("withdrawn_date")
        if sent and withdrawn and withdrawn < sent:
            self.add_error("withdrawn_date", "Elle est retirée avant d’être envoyée : vérifiez les deux dates.")
        return cleaned


class MedicalOpinionForm(Dated, RecordForm):
    """The outcome and its date, never a reason."""

    class Meta:
        model = MedicalOpinion
        fields = ["student", "date", "outcome"]
        widgets = {"outcome": forms.RadioSelect}
        help_texts = {"outcome": "L’avis et sa date seulement : aucun motif n’est gardé.", "date": "Il vaut un an."}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["student"] = student_field(self.membership)
        self.fields["outcome"].choices = MedicalOutcome.choices

    def clean_date(self) -> date | None:
        return self.said_day(self.cleaned_data["date"])


class TrainingForm(Dated, RecordForm):
    """What a pupil was trained to, and evaluated on."""

    class Meta:
        model = Training
        fields = ["student", "kind", "date", "level"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["student"] = student_field(self.membership)
        self.fields["kind"].choices = TrainingKind.choices

    def clean_date(self) -> date | None:
        return self.said_day(self.cleaned_data["date"])


class PupilLine(Dated, forms.Form):
    """A pupil of the class grid. `kind` is a TrainingKind, or "" for the opinion; an empty line writes nothing."""

    outcome = forms.ChoiceField(label="Avis", required=False, choices=[("", "—"), *MedicalOutcome.choices])
    done = forms.BooleanField(label="Validée", required=False)
    level = forms.CharField(label="Niveau ou catégorie", required=False, max_length=100)
    day = forms.DateField(label="Date", required=False, widget=DateInput)

    def __init__(
        self, *args: Any, kind: str, today: date, name: str, common: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.common = today, common
        for left_out in ("done", "level") if not kind else ("outcome",):
            del self.fields[left_out]
        for label in self.fields.values():
            label.widget.attrs["aria-label"] = f"{label.label}, {name}"
            if not isinstance(label, forms.BooleanField):
                label.widget.attrs.setdefault(
                    "class", "form-select" if isinstance(label, forms.ChoiceField) else "form-control"
                )

    def clean_day(self) -> date | None:
        return self.said_day(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_said and "day" not in self.errors:
            cleaned["day"] = cleaned.get("day") or self.common
            if cleaned["day"] is None:
                self.add_error("day", "Donnez la date, ici ou pour toute la classe.")
        return cleaned

    @property
    def is_said(self) -> bool:
        """Whether the line says something."""
        return bool(self.cleaned_data.get("outcome") or self.cleaned_data.get("done"))


class CommonDay(Dated, forms.Form):
    """One date for the lines that give none."""

    pour_tous = forms.DateField(label="Même date pour tous", required=False, widget=DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["pour_tous"].widget.attrs["class"] = "form-control"

    def clean_pour_tous(self) -> date | None:
        return self.said_day(self.cleaned_data["pour_tous"])


class CountrySheetForm(Dated, RecordForm):
    """What an intern must know of the law of a country."""

    country = forms.ChoiceField(label="Pays")

    class Meta:
        model = CountrySheet
        fields = ["country", "text", "checked_date", "source"]
        paragraphs = ("text",)
        help_texts = {
            "text": "Durée du travail, repos, nuit, mineurs, accident, assurance, numéros d’urgence. Annexé à la convention.",
            "source": "Le site ou le service où vous l’avez lu.",
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["country"].choices = countries.choices("Choisissez")
        self.fields["text"].widget.attrs["rows"] = 12

    def clean_checked_date(self) -> date | None:
        return self.said_day(self.cleaned_data["checked_date"])
