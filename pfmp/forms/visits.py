"""The forms of follow-up: the report of a visit, filled on a phone in two minutes; planning; the answer to an alert."""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any
from uuid import UUID

from django import forms

from core import pictures
from core.text import searchable
from pfmp.enums import AlertLevel, VisitGrade, VisitMode, VisitPoint
from pfmp.models import PlannedVisit, Visit
from pfmp.visiting import day_problem
from schools.forms import DateInput, RecordForm, limited

WITHOUT_PEOPLE = "Cochez la case : la photo ne montre ni personne, ni écran, ni nom."
POINT = "point_"
HEALTH = re.compile(
    r"\b(malad\w*|medicament\w*|depress\w*|allergi\w*|grossesse|hopital|infirm\w*|asthm\w*|epilep\w*|handicap\w*)\b"
)


def speaks_of_health(text: str) -> str:
    """The first word of a text that is about health, "" when there is none (P-02)."""
    found = HEALTH.search(searchable(text, limit=6000))
    return found[0] if found else ""


class VisitForm(RecordForm):
    """What was seen, in taps: the day, how, who, six points, a few words, an alert. The placement is the one of the page.

    The one-use key is signed when the page draws it; a phone that was without network makes its own, a plain UUID.
    """

    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="Le poste, l’atelier, une réalisation. Elle est réduite, sans lieu ni date. Ni visage, ni écran, ni nom.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    photo_alone = forms.BooleanField(label="La photo ne montre ni personne, ni écran, ni nom", required=False)

    class Meta:
        model = Visit
        fields = ["date", "mode", "met_tutor", "report", "alert_level", "alert_text"]
        paragraphs = ("report", "alert_text")
        labels = {"date": "Jour", "mode": "Comment", "report": "En quelques mots", "alert_text": "Ce qui inquiète"}
        help_texts = {
            "report": "Des faits : activités, demandes, suite à donner. Rien sur la santé.",
            "alert_text": "Des faits, pour le bureau des entreprises. Rien sur la santé.",
        }
        widgets = {"mode": forms.RadioSelect, "alert_level": forms.RadioSelect}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.picture: bytes | None = None
        self.fields["date"].widget.attrs["max"] = today.isoformat()
        self.fields["mode"].choices = VisitMode.choices
        self.fields["met_tutor"] = forms.TypedChoiceField(
            label="Tuteur vu ou entendu",
            choices=[("True", "Oui"), ("False", "Non")],
            coerce=lambda value: value == "True",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )
        self.fields["alert_level"].choices = AlertLevel.choices
        self.fields["alert_level"].required = False
        self.fields["alert_level"].empty_value = AlertLevel.NONE
        for name in ("met_tutor", "alert_level"):
            self.fields[name].wanted = True
        for name in ("report", "alert_text"):
            self.fields[name].widget.attrs["rows"] = 3
        for point in VisitPoint:
            self.fields[f"{POINT}{point.value}"] = forms.TypedChoiceField(
                label=point.label,
                choices=VisitGrade.choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=(self.instance.answers or {}).get(point.value),
                widget=forms.RadioSelect,
            )

    def points(self) -> Iterator[forms.BoundField]:
        """The six points, for the template."""
        return (self[f"{POINT}{point.value}"] for point in VisitPoint)

    def clean_creation_key(self) -> UUID | None:
        try:
            return UUID(self.cleaned_data.get("creation_key") or "")
        except ValueError:
            return super().clean_creation_key()

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError("Cette visite est dans le futur : notez-la quand elle a eu lieu.")
        if day < self.instance.placement.start_date:
            start = self.instance.placement.start_date
            raise forms.ValidationError(f"L’élève n’était pas encore en entreprise : il part le {start:%d/%m/%Y}.")
        return day

    def clean_photo(self) -> Any:
        sent = self.cleaned_data.get("photo")
        if not sent:
            return None
        try:
            self.picture = pictures.reread(sent.read(), sent.name, pictures.PHOTO).content
        except pictures.Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return sent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        level = cleaned.get("alert_level") or AlertLevel.NONE
        text = (cleaned.get("alert_text") or "").strip()
        if level and not text and "alert_text" not in self.errors:
            self.add_error("alert_text", "Dites ce qui inquiète, en une phrase : le bureau la lit.")
        if text and not level and "alert_level" not in self.errors:
            self.add_error("alert_level", "Choisissez « À surveiller » ou « Urgent », ou effacez ce qui inquiète.")
        if cleaned.get("photo") and not cleaned.get("photo_alone"):
            self.add_error("photo_alone", WITHOUT_PEOPLE)
        self.instance.answers = {
            point.value: grade for point in VisitPoint if (grade := cleaned.get(f"{POINT}{point.value}"))
        }
        return cleaned


class PlannedVisitForm(RecordForm):
    """Move a visit to another day, hour or way."""

    class Meta:
        model = PlannedVisit
        fields = ["date", "time", "mode"]
        widgets = {"mode": forms.RadioSelect, "time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["mode"].choices = VisitMode.choices

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day < self.today and day != self.initial.get("date"):
            raise forms.ValidationError("Ce jour est passé : notez la visite plutôt que de la prévoir.")
        if reason := day_problem(self.instance.placement, day):
            raise forms.ValidationError(reason)
        return day

    def _get_validation_exclusions(self) -> set[str]:
        """« Déjà prévue ce jour-là » is checked with the placement and the person."""
        return super()._get_validation_exclusions() - {"placement", "membership"}


class DayForm(forms.Form):
    """One day for several visits. The placements are the boxes of the page; each may have its hour."""

    day = forms.DateField(
        label="Jour",
        widget=DateInput,
        error_messages={"required": "Choisissez le jour.", "invalid": "Écrivez un jour."},
    )
    mode = forms.ChoiceField(label="Comment", choices=VisitMode.choices, initial=VisitMode.ON_SITE)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["day"].widget.attrs["min"] = today.isoformat()

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError("Ce jour est passé : choisissez aujourd’hui ou un jour à venir.")
        return day


def hour(text: str) -> time | None:
    """`"14:30"` → 14 h 30; None for an empty field and for what is no hour."""
    try:
        return time.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return None


class AnswerForm(forms.Form):
    """What was done about an alert."""

    answer = forms.CharField(
        label="Suite donnée",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui a été fait, avec qui. L’enseignant qui a signalé la lit. Rien sur la santé.",
        error_messages={"required": "Dites ce qui a été fait."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limited(self.fields["answer"], 2000)  # type: ignore[arg-type]
