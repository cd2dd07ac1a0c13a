"""Form of a school's model of action: its steps as lines of text, its letters."""

import re
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from events import catalogue, leading, letters
from events.catalogue import Step
from events.enums import Occasion
from events.forms.actions import without_zeros
from events.models import ActionTemplate
from schools.forms import RecordForm

LINE = re.compile(r"[Jj]\s*(?:([+\-−–])\s*(\d{1,4}))?\s*[:.]?\s+(\S.*)")
MOST_DAYS, LONGEST = 365, 200
EXAMPLE = "J-30 Réserver la salle"


class StepsField(forms.CharField):
    """Steps as people write them: « J-30 Réserver la salle », one a line; read as a list of `Step`, by day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 12}), required=False, max_length=10_000, strip=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(written(Step(int(one["days"]), one["label"])) for one in value)

    def to_python(self, value: Any) -> Any:
        found = []
        for number, line in enumerate(str(super().to_python(value) or "").splitlines(), start=1):
            if not line.strip():
                continue
            step = read(line)
            if step is None:
                raise forms.ValidationError(f"Ligne {number} : commencez par le jour, par exemple « {EXAMPLE} ».")
            if abs(step.days) > MOST_DAYS:
                raise forms.ValidationError(f"Ligne {number} : pas plus de {MOST_DAYS} jours avant ou après l’action.")
            if len(step.label) > LONGEST:
                raise forms.ValidationError(f"Ligne {number} : pas plus de {LONGEST} caractères.")
            found.append(step)
        if len(found) > leading.MOST_STEPS:
            raise forms.ValidationError(f"Pas plus de {leading.MOST_STEPS} étapes.")
        return [{"days": one.days, "label": one.label} for one in sorted(found, key=lambda one: one.days)]

    def validate(self, value: Any) -> None:
        """Nothing more: an empty list is a model without steps."""

    def run_validators(self, value: Any) -> None:
        """Nothing more: lines have been read one by one."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").replace("\r\n", "\n").strip()


def read(line: str) -> Step | None:
    """`"J-30 : Réserver la salle"` → Step(-30, "Réserver la salle"); None for what does not begin with a day."""
    match = LINE.fullmatch(line.strip())
    if match is None:
        return None
    days = int(match[2] or 0)
    return Step(days if match[1] == "+" else -days, " ".join(match[3].split()))


def written(step: Step) -> str:
    """The same step as a line."""
    day = "J" if step.days == 0 else f"J{'+' if step.days > 0 else '-'}{abs(step.days)}"
    return f"{day} {step.label}"


class ActionTemplateForm(RecordForm):
    """A model's name, nature, steps and letters. A letter without words is the general one."""

    kind = forms.ChoiceField(label="Nature", choices=())
    steps = StepsField(
        label="Étapes",
        help_text=f"Une par ligne, avec le jour compté depuis l’action : « {EXAMPLE} », « J+3 Remercier ».",
    )

    class Meta:
        model = ActionTemplate
        fields = ["name", "kind", "hours", "steps"]
        paragraphs = ("steps",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [("", "Choisir…"), *catalogue.choices()]
        self.initial["hours"] = without_zeros(self.initial.get("hours"))
        fields["steps"].widget.attrs["rows"] = 12
        names = []
        for occasion in Occasion:
            known = self.instance.letters.get(occasion.value, {})
            subject = forms.CharField(
                label=f"{occasion.label} : objet",
                required=False,
                max_length=letters.LONGEST_SUBJECT,
                initial=known.get("subject", ""),
            )
            body = forms.CharField(
                label=f"{occasion.label} : texte",
                required=False,
                max_length=letters.LONGEST_BODY,
                widget=forms.Textarea({"rows": 4}),
                initial=known.get("body", ""),
                help_text="Vide : le courrier général.",
            )
            self.fields[f"{occasion}_subject"], self.fields[f"{occasion}_body"] = subject, body
            names += [f"{occasion}_subject", f"{occasion}_body"]
        self.helper.layout = Layout(
            "creation_key" if self.is_new else "version",
            Fieldset("Le modèle", "name", "kind", "hours", "steps"),
            Fieldset("Ses courriers", *names),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kept = {}
        for occasion in Occasion:
            subject, body = cleaned.get(f"{occasion}_subject", ""), cleaned.get(f"{occasion}_body", "")
            for problem in letters.subject_problems(subject):
                self.add_error(f"{occasion}_subject", problem)
            for problem in letters.body_problems(body):
                self.add_error(f"{occasion}_body", problem)
            if bool(subject) != bool(body) and not {f"{occasion}_subject", f"{occasion}_body"} & set(self.errors):
                self.add_error(
                    f"{occasion}_body" if subject else f"{occasion}_subject",
                    "Écrivez l’objet et le texte, ou aucun des deux.",
                )
            if subject and body:
                kept[occasion.value] = {"subject": subject, "body": body.replace("\r\n", "\n")}
        cleaned["letters"] = kept
        return cleaned

    def _post_clean(self) -> None:
        if "letters" in self.cleaned_data:
            self.instance.letters = self.cleaned_data["letters"]
        super()._post_clean()  # type: ignore[misc]
