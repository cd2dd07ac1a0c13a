"""How a school gets its papers signed, as its settings page asks it: an order, the life of a link, a timetable of reminders."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms

from documents import reminder_rules, rules, selectors
from documents.enums import SignatureRole
from documents.models import CircuitSettings
from schools.models import School

WEEKDAYS = [
    (0, "lundi"), (1, "mardi"), (2, "mercredi"), (3, "jeudi"), (4, "vendredi"), (5, "samedi"), (6, "dimanche"),
]  # fmt: skip
LAST_TURN = len(SignatureRole)


class CircuitForm(forms.ModelForm):
    """A number for each role says in which turn it signs: the same number, in any order."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Jours où les relances partent",
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Jamais un jour férié.",
    )

    class Meta:
        model = CircuitSettings
        fields = ["link_days", "reminds", "first_after", "every", "most", "weekdays"]

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        known = {role: rules.turn_of(role, self.instance.order) for role in selectors.ORDER}
        names = []
        for role in sorted(known, key=known.__getitem__):
            name = f"turn_{role.value}"
            self.fields[name] = forms.IntegerField(
                label=role.label, min_value=1, max_value=LAST_TURN, initial=known[role]
            )
            names.append(Field(name))
        self.fields[
            "link_days"
        ].help_text = (
            "De 1 à 30 jours. Le lien d’une convention de PFMP s’arrête de toute façon au premier jour du stage."
        )
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(
                "Qui signe quand",
                HTML(
                    "<p class='small muted mb-3'>Le même numéro : dans n’importe quel ordre. Un numéro plus grand attend que "
                    "tous les précédents aient signé. Cela vaut pour la signature en ligne et pour les prochains "
                    "documents ; sur papier, chacun signe quand la feuille lui vient.</p>"
                ),
                Div(*names, css_class="form-pair"),
            ),
            Fieldset("Les liens envoyés par courriel", "link_days"),
            Fieldset(
                "Les relances",
                "reminds",
                Div("first_after", "every", "most", css_class="form-pair"),
                "weekdays",
                HTML(
                    "<p class='small muted'>Aucune relance ne part un jour férié, ni pendant les vacances et les fermetures du "
                    "calendrier du lycée.</p>"
                ),
            ),
        )

    def clean_weekdays(self) -> list[int]:
        return sorted(set(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        problem = reminder_rules.weekdays_problem(cleaned.get("weekdays", [0]), reminds=cleaned.get("reminds", False))
        if problem:
            self.add_error("weekdays", problem)
        return cleaned

    def chosen_order(self) -> list[list[str]]:
        """The groups of roles, in turn: numbers without anybody are left out."""
        numbered = {role.value: self.cleaned_data[f"turn_{role.value}"] for role in SignatureRole}
        return [
            [role for role, turn in numbered.items() if turn == wanted] for wanted in sorted(set(numbered.values()))
        ]
