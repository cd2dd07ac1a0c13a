"""What a tutor writes behind their link: an absence in three taps, then the days at the end."""

from datetime import date, timedelta
from typing import Any

from django import forms

from pfmp.days import Days
from pfmp.enums import AbsenceKind, DaysReason
from schools.forms import DateInput

KINDS = (
    (AbsenceKind.ABSENT.value, "Absent"),
    (AbsenceKind.LATE.value, "En retard"),
    (AbsenceKind.CLOSED.value, "L’entreprise était fermée"),
)


class ReportForm(forms.Form):
    """An absence or a late arrival: today, yesterday, or another day of the stay."""

    kind = forms.ChoiceField(label="Que s’est-il passé ?", choices=KINDS, widget=forms.RadioSelect)
    when = forms.ChoiceField(
        label="Quel jour ?",
        choices=(("aujourdhui", "Aujourd’hui"), ("hier", "Hier"), ("autre", "Un autre jour")),
        initial="aujourdhui",
        widget=forms.RadioSelect,
    )
    other_date = forms.DateField(label="Lequel, si c’est un autre jour", required=False, widget=DateInput)
    minutes = forms.IntegerField(
        label="Combien de minutes, si c’est un retard",
        required=False,
        min_value=1,
        max_value=720,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        match data.get("when"):
            case "aujourdhui":
                data["day"] = self.today
            case "hier":
                data["day"] = self.today - timedelta(days=1)
            case "autre" if data.get("other_date"):
                data["day"] = data["other_date"]
            case "autre" if "other_date" not in self.errors:
                self.add_error("other_date", "Choisissez le jour.")
        if data.get("day") and data["day"] > self.today:
            self.add_error("other_date", "Ce jour n’est pas encore venu.")
        return data


class ConfirmForm(forms.Form):
    """The days at the end, and who signs the attestation for the company."""

    days = forms.IntegerField(
        label="Jours de présence", min_value=0, max_value=400, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    reason = forms.ChoiceField(
        label="Si vous changez le nombre, d’où vient-il ?",
        choices=[("", "C’est celui du calcul")]
        + [choice for choice in DaysReason.choices if choice[0] != DaysReason.CERTIFICATE],
        required=False,
    )
    note = forms.CharField(
        label="Précision", required=False, max_length=300, help_text="Des faits ; rien sur la santé."
    )
    signer = forms.ChoiceField(label="Qui signe l’attestation pour l’entreprise ?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, found: Days, tutor: str, leader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("moi", f"Moi, {tutor} : je suis autorisé à signer")] if tutor else []
        if leader and leader != tutor:
            choices.append(("direction", leader))
        if not choices:
            choices = [("direction", "La direction de l’entreprise")]
        self.fields["signer"].choices = choices
        self.fields["signer"].initial = choices[0][0]
        known = found.written if found.written is not None else found.proposal
        self.fields["days"].initial = known
        if found.placement.days_by_id is not None:  # the school answers for it: the tutor signs or calls
            del self.fields["days"], self.fields["reason"], self.fields["note"]
