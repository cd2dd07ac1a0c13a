"""Form of a line of what an agreement promises."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from conventions.enums import ActionType, CommitmentKind
from conventions.models import Commitment
from schools.forms import RecordForm

ACTIONS = CommitmentKind.ACTIONS.value


def whats() -> list[Any]:
    """« Sur quoi »: the types of action, then what is counted otherwise."""
    others = [(kind.value, kind.label) for kind in CommitmentKind if kind != CommitmentKind.ACTIONS]
    types = [(f"{ACTIONS}:{kind.value}", kind.label) for kind in ActionType]
    return [("", "Choisissez…"), ("Autres engagements", others), ("Actions", [(f"{ACTIONS}:", "Toute action"), *types])]


class CommitmentForm(RecordForm):
    """One line: who promises what under which axis, how much, by when."""

    what = forms.ChoiceField(label="Sur quoi", help_text="Ce que la plateforme compte, ou « compté à la main ».")

    class Meta:
        model = Commitment
        fields = ["axis", "side", "label", "target", "due_date", "done", "note"]
        widgets = {"side": forms.RadioSelect}
        labels = {"due_date": "Avant le", "target": "Objectif", "done": "Déjà fait"}
        help_texts = {
            "target": "Un nombre, ou des euros pour la taxe.",
            "done": "Seulement pour un engagement compté à la main.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "engagement_%s")  # beside another form on the page of the agreement
        super().__init__(*args, **kwargs)
        agreement = self.instance.agreement
        axes = agreement.axes_list
        if self.instance.axis and self.instance.axis not in axes:
            axes = [*axes, self.instance.axis]
        self.fields["axis"] = forms.ChoiceField(
            label="Axe",
            required=False,
            choices=[("", "Toute la convention"), *((axis, axis) for axis in axes)],
        )
        self.fields["side"].choices = [c for c in self.fields["side"].choices if c[0]]
        self.fields["what"].choices = whats()
        if not self.is_new:
            code = f"{ACTIONS}:{self.instance.action_type}" if self.instance.kind == ACTIONS else self.instance.kind
            self.fields["what"].initial = code
        key = "creation_key" if self.is_new else "version"
        self.helper.layout = Layout(
            key,
            "label",
            "side",
            Div("axis", "what", css_class="form-pair"),
            Div("target", "due_date", css_class="form-pair"),
            Div("done", "note", css_class="form-pair"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, _, action_type = cleaned.get("what", "").partition(":")
        if kind and kind != CommitmentKind.OTHER:
            cleaned["done"] = None
        self.instance.kind, self.instance.action_type = kind, action_type
        return cleaned
