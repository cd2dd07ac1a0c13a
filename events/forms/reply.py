"""What a guest answers on a phone, behind their link."""

from datetime import date
from typing import Any

from django import forms

from core.mail import is_address
from events.enums import InvitationReply
from events.inviting import Answer
from schools.forms import DateInput

OTHER_DATE, SOMEBODY = "autre-date", "autre-personne"
CHOICES = [
    (InvitationReply.ACCEPTED.value, "Oui, je viens"),
    (InvitationReply.DECLINED.value, "Non, je ne peux pas"),
    (OTHER_DATE, "Plutôt une autre date"),
    (SOMEBODY, "Quelqu’un d’autre vient"),
]
MOST_PEOPLE = 50
FARTHEST = 400
"""Days: further than the next school year is a slip of the finger."""


class ReplyForm(forms.Form):
    """One answer of four, and what goes with it; what belongs to another answer is left aside."""

    answer = forms.ChoiceField(label="Votre réponse", choices=CHOICES, widget=forms.RadioSelect)
    people = forms.IntegerField(
        label="Combien serez-vous\N{NARROW NO-BREAK SPACE}?",
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    suggested_date = forms.DateField(label="La date qui vous irait", required=False, widget=DateInput)
    substitute_name = forms.CharField(label="Qui vient à votre place", required=False, max_length=120)
    substitute_email = forms.CharField(
        label="Son adresse électronique",
        required=False,
        max_length=200,
        help_text="Pour lui envoyer l’invitation.",
        widget=forms.EmailInput,
    )
    message = forms.CharField(
        label="Un mot pour le lycée", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("suggested_date", "substitute_name"):
            self.fields[name].wanted = True  # asked for by one of the answers: not « facultatif »

    def clean_substitute_name(self) -> str:
        return " ".join(self.cleaned_data["substitute_name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        answer = cleaned.get("answer")
        if answer == OTHER_DATE:
            day = cleaned.get("suggested_date")
            if day is None and "suggested_date" not in self.errors:
                self.add_error("suggested_date", "Dites quelle date vous irait.")
            elif day is not None and not 0 <= (day - self.today).days <= FARTHEST:
                self.add_error("suggested_date", "Choisissez une date à venir, dans l’année.")
        elif "suggested_date" in self.errors:
            del self.errors["suggested_date"]
        email = str(cleaned.get("substitute_email") or "").strip()
        if answer == SOMEBODY:
            if not cleaned.get("substitute_name") and "substitute_name" not in self.errors:
                self.add_error("substitute_name", "Dites qui vient à votre place.")
            if email and not is_address(email):
                self.add_error("substitute_email", "Cette adresse électronique n’en est pas une.")
        else:
            for name in ("substitute_name", "substitute_email"):
                self.errors.pop(name, None)
        if answer != InvitationReply.ACCEPTED:
            self.errors.pop("people", None)
        return cleaned

    @property
    def said(self) -> Answer:
        """The answer, once the form is valid."""
        data = self.cleaned_data
        answer = data["answer"]
        return Answer(
            reply=answer if answer in InvitationReply.values else "",
            people=data.get("people") if answer == InvitationReply.ACCEPTED else None,
            suggested_date=data.get("suggested_date") if answer == OTHER_DATE else None,
            substitute_name=data.get("substitute_name", "") if answer == SOMEBODY else "",
            substitute_email=str(data.get("substitute_email") or "").strip() if answer == SOMEBODY else "",
            message=data.get("message", "").replace("\r\n", "\n").strip(),
        )
