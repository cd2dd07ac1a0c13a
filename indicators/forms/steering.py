"""The forms of steering: targets in the unit of each indicator, answers, decisions, evidence, papers to ask for."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core import scanning, typography
from core.school_year import SchoolYear
from documents.enums import Subject
from documents.models import Document
from events.models import Action
from indicators import documents, quarterly, questions
from indicators.enums import ReportVersion
from indicators.labels import SHORT_HEADINGS
from indicators.models import Decision, Evidence, SelfEvaluation, Target
from schools.forms import DateInput, RecordForm, limited
from schools.models import Membership, School

ANSWER = 5000
REASON = 300
PAPERS_SHOWN = 200
"""Of the school and of its agreements, in the choice of a proof: the last ones."""

SHARES = ("taux", "points")
WITHOUT_TARGET = ("oui_non", "date")
"""Units that no number aims at."""

ANY_SIGN = frozenset({"I5.10", "I5.10.ecart"})
MOST = Decimal(100_000_000)
_NUMBER = re.compile(r"^([+-]?\d+(?:[.,]\d+)?)\s*(?:%|€|pts?|points?|h|heures?|jours?|/\s*4)?$")


class AimField(forms.CharField):
    """A number as people write it, in the indicator's unit: « 62,5 », « 62,5 % », « 1 250 € ». Gives a Decimal or None."""

    def __init__(self, *, code: str, unit: str, label: str) -> None:
        self.code, self.unit = code, unit
        super().__init__(label=label, required=False, max_length=20, show_hidden_initial=True)
        self.widget.attrs |= {"inputmode": "decimal", "class": "short"}

    def clean(self, value: Any) -> Decimal | None:
        text = re.sub(r"[\s\u00a0\u202f]", "", super().clean(value).replace("−", "-"))
        if not text:
            return None
        read = _NUMBER.match(text)
        if read is None:
            raise ValidationError("Écrivez un nombre, par exemple 62,5.")
        try:
            number = Decimal(read[1].replace(",", "."))
        except InvalidOperation:
            raise ValidationError("Écrivez un nombre, par exemple 62,5.") from None
        if abs(number) > MOST:
            raise ValidationError("Ce nombre est trop grand.")
        if number < 0 and self.unit != "points" and self.code not in ANY_SIGN:
            raise ValidationError("L’objectif ne peut pas être négatif.")
        if self.unit in SHARES and self.code not in ANY_SIGN and abs(number) > 100:
            raise ValidationError("Un taux va de 0 à 100.")
        if self.unit == "note" and not 1 <= number <= 4:
            raise ValidationError("La note va de 1 à 4.")
        return number / 100 if self.unit in SHARES else number


def typed(unit: str, value: Decimal) -> str:
    """A target as its field holds it: 0.625 of a rate is « 62,5 »."""
    number = value * 100 if unit in SHARES else value
    return f"{number.normalize():f}".replace(".", ",")


def field_name(code: str) -> str:
    """The name of an indicator in a form: `I1.4.signees` → `I1_4_signees`."""
    return code.replace(".", "_")


UNITS = {
    "taux": "%", "points": "points", "euros": "€", "heures": "heures", "jours": "jours", "note": "sur 4", "nombre": "",
}  # fmt: skip


class TargetsForm(forms.Form):
    """What the school aims at for each indicator of a heading. Only what this person changed is written."""

    def __init__(self, data: Any = None, *, figures: Sequence[documents.Figure], targets: dict[str, Target]) -> None:
        super().__init__(data, auto_id="id_%s")
        self.figures = [figure for figure in figures if figure.unit not in WITHOUT_TARGET]
        for figure in self.figures:
            name, target = field_name(figure.code), targets.get(figure.code)
            aim = AimField(code=figure.code, unit=figure.unit, label=typography.french(f"Objectif : {figure.label}"))
            aim.initial = typed(figure.unit, target.value) if target else ""
            reason = forms.CharField(
                label=typography.french(f"Pourquoi cet objectif : {figure.label}"),
                required=False,
                max_length=REASON,
                show_hidden_initial=True,
                initial=target.reason if target else "",
            )
            self.fields[name], self.fields[f"{name}-raison"] = aim, reason

    def rows(self) -> Iterable[dict[str, Any]]:
        """Each indicator with its two fields, its unit and its values."""
        for figure in self.figures:
            name = field_name(figure.code)
            yield {
                "figure": figure,
                "unit": UNITS[figure.unit],
                "aim": self[name],
                "reason": self[f"{name}-raison"],
                "aim_was": self[name].as_hidden(only_initial=True),
                "reason_was": self[f"{name}-raison"].as_hidden(only_initial=True),
                "now": documents.shown(figure.unit, figure.now),
                "before": documents.shown(figure.unit, figure.before)
                if figure.before and figure.before.is_computed
                else "",
            }

    def clean(self) -> dict[str, Any]:
        for figure in self.figures:
            name = field_name(figure.code)
            if name not in self.errors and self.cleaned_data.get(f"{name}-raison") and self.cleaned_data[name] is None:
                self.add_error(name, "Donnez l’objectif, ou effacez sa raison.")
        return self.cleaned_data

    def changes(self) -> list[tuple[str, Decimal | None, str]]:
        """The code, the value and the reason of each target that this person changed."""
        return [
            (figure.code, self.cleaned_data[name], self.cleaned_data[f"{name}-raison"])
            for figure in self.figures
            if {name := field_name(figure.code), f"{name}-raison"} & set(self.changed_data)
        ]


class AnswersForm(forms.Form):
    """The answers to a heading's questions; beside each, which answer the person had before their eyes."""

    def __init__(
        self, data: Any = None, *, asked: Sequence[questions.Question], answers: dict[str, SelfEvaluation]
    ) -> None:
        super().__init__(data, auto_id="id_%s")
        for question in asked:
            standing = answers.get(question.key)
            self.fields[question.key] = forms.CharField(
                label=question.text,
                required=False,
                max_length=ANSWER,
                initial=standing.text if standing else "",
                widget=forms.Textarea(attrs={"rows": 5, "maxlength": ANSWER}),
            )
            self.fields[f"{question.key}-lu"] = forms.UUIDField(
                required=False, initial=standing.public_id if standing else None, widget=forms.HiddenInput
            )


def _plausible(day: date | None, year: SchoolYear) -> date | None:
    """Raises ValidationError for a day that has nothing to do with the year."""
    if day and not year.start - timedelta(days=366) <= day <= year.end + timedelta(days=731):
        raise ValidationError(f"Cette date est loin de l’année {year.code} : vérifiez-la.")
    return day


class DecisionForm(RecordForm):
    class Meta:
        model = Decision
        fields = ["heading", "label", "owner", "due_date", "action", "done_date", "outcome"]
        paragraphs = ("outcome",)

    def __init__(self, *args: Any, year: SchoolYear, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_new:
            self.instance.year = year.code
        year = SchoolYear.parse(self.instance.year)  # a decision keeps its year, whichever is on screen
        self.year, self.today = year, today
        self.fields["heading"].choices = [
            (heading, f"{heading}. {label}" if heading.isdigit() else label)
            for heading, label in SHORT_HEADINGS.items()
        ]
        self.fields["owner"].queryset = staff_of(self.school)
        self.fields["owner"].empty_label = "Personne pour l’instant"
        self.fields["owner"].help_text = "Qui la mène. Elle apparaît dans son « À faire »."
        if "action" in self.fields:
            self.fields["action"].queryset = (
                Action.objects.in_school(self.school)
                .filter(start_date__range=(year.start, year.next.end))
                .order_by("-start_date", "-pk")
            )
            self.fields["action"].empty_label = "Aucune"
            self.fields["action"].help_text = "L’action avec des partenaires qui la met en œuvre, s’il y en a une."

    def clean_due_date(self) -> date | None:
        return _plausible(self.cleaned_data["due_date"], self.year)

    def clean_done_date(self) -> date | None:
        day = _plausible(self.cleaned_data["done_date"], self.year)
        if day and day > self.today:
            raise ValidationError("La date est à venir : notez la décision comme faite une fois qu’elle l’est.")
        return day


class NewDecisionForm(DecisionForm):
    """On the page of a heading: what is decided, by whom, for when."""

    class Meta(DecisionForm.Meta):
        fields = ["heading", "label", "owner", "due_date"]

    def __init__(self, *args: Any, heading: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].widget = forms.HiddenInput()
        self.fields["heading"].initial = heading


class DoneForm(forms.Form):
    """A decision that is done: when, and what came of it."""

    done_date = forms.DateField(label="Faite le", widget=DateInput)
    outcome = forms.CharField(label="Résultat", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, year: SchoolYear, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.today = year, today
        self.fields["done_date"].initial = today
        limited(self.fields["outcome"], ANSWER)  # type: ignore[arg-type]

    def clean_done_date(self) -> date:
        day: date = self.cleaned_data["done_date"]
        if day > self.today:
            raise ValidationError("La date est à venir : notez-la une fois la décision faite.")
        _plausible(day, self.year)
        return day


class EvidenceForm(RecordForm):
    """A proof: its words, and at most one of a paper of the platform, a file, an address."""

    file = forms.FileField(
        label="Fichier",
        required=False,
        help_text="Une photo ou un PDF, 20\u00a0Mo au plus.",
        widget=forms.FileInput(attrs={"accept": f"image/*,{','.join(scanning.ACCEPTED)}"}),
        error_messages={"empty": "Ce fichier est vide : choisissez-en un autre."},
    )
    url = forms.URLField(
        label="Adresse",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        error_messages={"invalid": "Écrivez une adresse entière, par exemple https://lycee.example/forum."},
    )

    class Meta:
        model = Evidence
        fields = ["label", "document", "url"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = Document.objects.in_school(self.school).filter(
            subject__in=[Subject.SCHOOL, Subject.AGREEMENT], voided_at=None
        )
        last = papers.order_by("-issued_at").values_list("pk", flat=True)[:PAPERS_SHOWN]
        self.fields["document"].queryset = papers.filter(pk__in=list(last)).order_by("-issued_at")
        self.fields["document"].empty_label = "Aucun"
        self.fields["label"].label = "Ce que c’est"
        self.fields["label"].help_text = "Par exemple : compte rendu du conseil de perfectionnement du 12 mars."

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent:
            try:
                scanning.check([scanning.Sent("", sent.name or "", sent.size or 0)])
            except scanning.Unreadable as refusal:
                raise ValidationError(str(refusal)) from None
        return sent

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.lower().startswith(("https://", "http://")):
            raise ValidationError("Cette adresse doit commencer par https://.")
        return url

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if sum(bool(cleaned.get(name)) for name in ("document", "url", "file")) > 1:
            raise ValidationError("Donnez un document, un fichier ou une adresse : un seul des trois.")
        return cleaned


class ReportForm(forms.Form):
    """For whom a report is written; the board when nothing is said."""

    version = forms.ChoiceField(
        label="Pour qui",
        choices=ReportVersion.choices,
        initial=ReportVersion.BOARD,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez le conseil d’administration ou le rectorat."},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None and "version" not in data:
            data = {**data.dict(), "version": ReportVersion.BOARD.value}
        super().__init__(data, **kwargs)


class NoteForm(ReportForm):
    """Which quarter, for whom."""

    quarter = forms.ChoiceField(
        label="Trimestre",
        error_messages={
            "required": "Choisissez le trimestre.",
            "invalid_choice": "Choisissez un trimestre qui a commencé.",
        },
    )

    def __init__(self, data: Any = None, *, quarters: Sequence[quarterly.Quarter], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["quarter"].choices = [(str(one.number), one.label) for one in reversed(quarters)]


def staff_of(school: School) -> Any:
    """Colleagues whose access is open, by name."""
    return Membership.objects.in_school(school).filter(is_active=True).order_by("search_text")
