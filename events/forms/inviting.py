"""Forms of invitations: to which action, to whom at each partner, the words of the letters."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from core import french
from events import letters
from events.enums import ActionStatus
from events.models import Action
from partners import mailing
from partners.enums import ContactRole
from schools.models import School


class ChooseActionForm(forms.Form):
    """To which coming action."""

    action_invited = forms.ModelChoiceField(
        Action.objects.none(), label="Action", to_field_name="public_id", empty_label="Choisir…"
    )

    def __init__(self, *args: Any, school: School, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = Action.objects.in_school(school).filter(
            Q(end_date__gte=today) | Q(start_date__gte=today), status=ActionStatus.PLANNED
        )
        field = self.fields["action_invited"]
        field.queryset = coming.select_related("school", "owner").order_by("start_date", "pk")
        field.label_from_instance = lambda found: f"{found.title}, {french.short_day(found.start_date, year=True)}"


class LetterForm(forms.Form):
    """The subject and the text of a letter about an action."""

    subject = forms.CharField(
        label="Objet", max_length=letters.LONGEST_SUBJECT, help_text="Sans nom de personne : il se lit en route."
    )
    body = forms.CharField(
        label="Message",
        max_length=letters.LONGEST_BODY,
        widget=forms.Textarea({"rows": 14}),
        help_text="Chacun lit les siens : "
        + ", ".join(f"{{{name}}} ({words})" for name, words in letters.VARIABLES.items())
        + ". Votre signature s’ajoute à la fin, et le lien pour répondre s’il manque.",
    )

    def clean_subject(self) -> str:
        return self._checked("subject", letters.subject_problems)

    def clean_body(self) -> str:
        return self._checked("body", letters.body_problems).replace("\r\n", "\n")

    def _checked(self, name: str, problems: Any) -> str:
        text: str = self.cleaned_data[name]
        if found := problems(text):
            raise forms.ValidationError(found)
        return text

    @property
    def letter(self) -> letters.Letter:
        """What was written, once the form is valid."""
        return letters.Letter(self.cleaned_data["subject"], self.cleaned_data["body"])


class InviteForm(LetterForm):
    """To whom at each partner, and the letter."""

    role = forms.ChoiceField(
        label="À qui, chez chacun",
        choices=[*ContactRole.choices, (mailing.GENERAL, "L’adresse générale de l’entreprise")],
        help_text="Sans contact de ce rôle, l’invitation part à l’adresse générale.",
    )

    field_order = ("role", "subject", "body")
