"""Forms on what leaves the school's walls: the settings of actions, and one action on the public page."""

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django.core.exceptions import ValidationError

from events import public
from events.models import Action, EventSettings
from schools.forms import RecordForm


class EventSettingsForm(RecordForm):
    """How a school invites, whose agreement an image needs, and what its public page says."""

    class Meta:
        model = EventSettings
        fields = [
            "page_is_open", "is_listed", "introduction", "shows_formations", "shows_partners", "taxe_text",
            "reminder_days", "most_reminders", "needs_both_guardians",
        ]  # fmt: skip
        paragraphs = ("introduction", "taxe_text")
        labels = {
            "page_is_open": "Ouvrir la page publique",
            "is_listed": "La proposer aux moteurs de recherche",
            "introduction": "Présentation",
            "taxe_text": "Comment verser la taxe d’apprentissage",
        }
        help_texts = {
            "page_is_open": "Tout le monde la lit, sans compte. Aucune personne n’y est nommée.",
            "introduction": "Deux ou trois phrases pour une entreprise qui ne vous connaît pas.",
            "shows_partners": "Ceux dont la fiche dit depuis quand ils acceptent d’être cités, et eux seuls.",
            "taxe_text": "Votre code UAI est déjà indiqué. Ajoutez ce qu’elle a permis d’acheter, par exemple.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "creation_key" if self.is_new else "version",
            Fieldset(
                "La page publique",
                "page_is_open",
                "introduction",
                "taxe_text",
                "shows_formations",
                "shows_partners",
                "is_listed",
            ),
            Fieldset("Les invitations", Div("reminder_days", "most_reminders", css_class="form-pair")),
            Fieldset("Les photos", "needs_both_guardians"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("introduction", "taxe_text"):
            _refuse_pupils(self, name)
        return cleaned


class PublicActionForm(RecordForm):
    """One action on the public page: shown or not, and in which words."""

    class Meta:
        model = Action
        fields = ["is_public", "public_text"]
        paragraphs = ("public_text",)
        labels = {"is_public": "Montrer cette action sur la page publique", "public_text": "Ce qu’en lit le public"}
        help_texts = {
            "is_public": "Son intitulé, sa nature, ses dates et son lieu paraissent tels quels.",
            "public_text": "Pour qui, comment s’inscrire. Sans nom de personne.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _refuse_pupils(self, "public_text")
        if cleaned.get("is_public") and (
            name := public.pupil_named(self.school, self.instance.title, self.instance.place)
        ):
            raise ValidationError(f"L’intitulé ou le lieu nomme un élève, {name} : corrigez l’action d’abord.")
        return cleaned


def _refuse_pupils(form: RecordForm, field: str) -> None:
    if name := public.pupil_named(form.school, form.cleaned_data.get(field) or ""):
        form.add_error(field, f"Ce texte nomme un élève, {name}. Une page publique ne nomme personne.")
