"""The backward calendar of a school as one form, and what it decides about PFMP."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pfmp import pupil_letters
from pfmp.enums import MilestoneAnchor, MilestoneStep
from pfmp.models import PfmpSettings
from pfmp.rules.milestones import DEFAULTS, Step
from schools.enums import Role
from schools.forms import RecordForm

BEFORE, AFTER = "avant", "apres"
MOST_BEFORE, MOST_AFTER = 120, 60
PEOPLE = [("", "Personne")] + [(role.value, role.label) for role in Role if role != Role.READER]
ANCHORS = (
    (MilestoneAnchor.START.value, "dernier jour de cours"),
    (MilestoneAnchor.FIRST_DAY.value, "premier jour"),
    (MilestoneAnchor.END.value, "fin de la période"),
)
"""Short enough for a line; the page says the last lesson day is the one before the period."""
BLANKS = f"Ces mots s’y remplissent seuls\u00a0: {', '.join(f'{{{name}}}' for name in pupil_letters.BLANKS)}."


class MilestonesForm(forms.Form):
    """For each step: how many days before or after what, who does it, who checks it, whether it is followed."""

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        for step in steps:
            name, code = step.code.label, step.code.value
            self.fields[f"{code}-days"] = forms.IntegerField(
                label=f"{name} : jours",
                min_value=0,
                max_value=MOST_BEFORE,
                initial=abs(step.days),
                error_messages={
                    "required": f"{name} : écrivez un nombre de jours, 0 pour le jour même.",
                    "invalid": f"{name} : écrivez un nombre entier de jours.",
                    "min_value": f"{name} : écrivez un nombre positif, puis choisissez avant ou après.",
                    "max_value": f"{name} : {MOST_BEFORE} jours au plus.",
                },
            )
            self.fields[f"{code}-side"] = forms.ChoiceField(
                label=f"{name} : avant ou après",
                choices=[(BEFORE, "avant"), (AFTER, "après")],
                initial=AFTER if step.days > 0 else BEFORE,
            )
            self.fields[f"{code}-anchor"] = forms.ChoiceField(
                label=f"{name} : compté depuis", choices=ANCHORS, initial=step.anchor
            )
            self.fields[f"{code}-owner"] = forms.ChoiceField(
                label=f"{name} : qui fait", choices=PEOPLE, required=False, initial=step.owner
            )
            self.fields[f"{code}-checker"] = forms.ChoiceField(
                label=f"{name} : qui vérifie", choices=PEOPLE, required=False, initial=step.checker
            )
            self.fields[f"{code}-active"] = forms.BooleanField(
                label=f"{name} : suivre cette étape", required=False, initial=step.is_active
            )
        for bound in self.fields.values():
            kind = "form-select" if isinstance(bound, forms.ChoiceField) else "form-control"
            if isinstance(bound, forms.BooleanField):
                kind = "form-check-input"
            bound.widget.attrs["class"] = kind

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for step in self.steps:
            code = step.code.value
            if values.get(f"{code}-side") == AFTER and (values.get(f"{code}-days") or 0) > MOST_AFTER:
                self.add_error(f"{code}-days", f"{step.code.label} : {MOST_AFTER} jours après, au plus.")
        return values

    def chosen(self) -> list[Step]:
        """The steps as the form has them."""
        values = self.cleaned_data
        found = []
        for step in self.steps:
            code = step.code.value
            days = values[f"{code}-days"]
            found.append(
                Step(
                    step.code,
                    MilestoneAnchor(values[f"{code}-anchor"]),
                    days if values[f"{code}-side"] == AFTER else -days,
                    values[f"{code}-owner"],
                    values[f"{code}-checker"],
                    values[f"{code}-active"],
                )
            )
        return found

    def lines(self) -> Iterator[tuple[MilestoneStep, str, list[forms.BoundField]]]:
        """For the page: each step, what it is by default, its fields in order."""
        default = {step.code: step for step in DEFAULTS}
        for step in self.steps:
            names = ("days", "side", "anchor", "owner", "checker", "active")
            yield step.code, when(default[step.code]), [self[f"{step.code.value}-{name}"] for name in names]


def when(step: Step) -> str:
    """« 35 jours avant le dernier jour de cours avant la période »."""
    if step.days == 0:
        return step.anchor.label
    count = abs(step.days)
    return f"{count} jour{'s' if count > 1 else ''} {'après' if step.days > 0 else 'avant'} {step.anchor.label}"


class PfmpSettingsForm(RecordForm):
    """What the school or its académie decided about PFMP: every line may stay empty."""

    class Meta:
        model = PfmpSettings
        fields = [
            "referent_limit", "referent_vote_date", "quota_order", "quota_order_date", "closes_with_certificate",
            "school_life_email", "school_insurance", "accident_text", "student_letter", "student_advice",
        ]  # fmt: skip
        paragraphs = ("accident_text", "student_letter", "student_advice")
        help_texts = {
            "referent_limit": "Le nombre voté par le conseil d’administration. Vide\u00a0: 16, la limite du code de l’éducation (D.\u00a0124-3).",
            "quota_order": "La référence de l’arrêté de l’autorité académique qui porte le quota à 20\u00a0%. Vide\u00a0: aucun.",
            "closes_with_certificate": "Un placement reste «\u00a0En entreprise\u00a0» tant que son attestation n’est pas signée.",
            "accident_text": "Remplace la consigne de la fiche d’urgence.",
            "school_life_email": "Y partent les absences en entreprise.",
            "school_insurance": "Imprimée sur les conventions.",
            "student_letter": "L’élève la trouve sur sa page, à recopier et à compléter. " + BLANKS,
            "student_advice": "Affichés sur la page de l’élève qui cherche, un par ligne. Les mêmes mots entre accolades y servent.",
        }

    def clean_school_life_email(self) -> str:
        email = str(self.cleaned_data["school_life_email"]).strip()
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise forms.ValidationError("Cette adresse électronique n’est pas complète.") from None
        return email

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("quota_order_date") and not values.get("quota_order"):
            self.add_error("quota_order", "Écrivez la référence de l’arrêté de cette date.")
        if (
            values.get("referent_vote_date")
            and not values.get("referent_limit")
            and "referent_limit" not in self.errors
        ):
            self.add_error("referent_limit", "Écrivez le nombre d’élèves que le conseil a voté ce jour-là.")
        return values
