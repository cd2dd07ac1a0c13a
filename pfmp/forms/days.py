"""What people write about the days of a placement: absences, late arrivals, days caught up, the number they validate."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from pfmp.days import Days
from pfmp.enums import AbsenceKind, DaysReason, ReportedBy
from schools.forms import DateInput

MOST_DAYS = 400
"""Days of one stay that a page sends at most."""


def iso_days(texts: list[str]) -> set[date]:
    """The days of a list of ISO texts; ValidationError for anything else."""
    if len(texts) > MOST_DAYS:
        raise forms.ValidationError("Trop de jours à la fois.")
    try:
        return {date.fromisoformat(text) for text in texts if text}
    except ValueError:
        raise forms.ValidationError("Une des dates n’en est pas une. Rechargez la page, puis recommencez.") from None


class AbsencesForm(forms.Form):
    """The calendar: the days ticked are read by the view's own boxes, here what goes with them."""

    kind = forms.ChoiceField(
        label="Pour les jours que vous cochez",
        choices=[choice for choice in AbsenceKind.choices if choice[0] != AbsenceKind.LATE],
        initial=AbsenceKind.ABSENT,
        widget=forms.RadioSelect,
    )
    reported_by = forms.ChoiceField(
        label="Dit par",
        choices=[choice for choice in ReportedBy.choices if choice[0] != ReportedBy.TUTOR],
        initial=ReportedBy.TEAM,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["ticked"] = iso_days(self.data.getlist("absent"))
        data["shown"] = iso_days(self.data.getlist("vu"))
        return data


class LateForm(forms.Form):
    """A late arrival: it removes no day, its minutes leave the effective hours."""

    late_date = forms.DateField(label="Jour", widget=DateInput)
    late_minutes = forms.IntegerField(
        label="Minutes de retard",
        min_value=1,
        max_value=720,
        required=False,
        help_text="Vide si on ne sait pas.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class RecoveryForm(forms.Form):
    """A day worked besides the timetable."""

    recovery_date = forms.DateField(label="Jour rattrapé", widget=DateInput)
    recovery_hours = forms.DecimalField(
        label="Durée, en heures",
        min_value=Decimal("0.25"),
        max_value=12,
        max_digits=4,
        decimal_places=2,
        initial=7,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    recovery_note = forms.CharField(
        label="Précision", required=False, max_length=300, help_text="Des faits ; rien sur la santé."
    )

    @property
    def minutes(self) -> int:
        return int(self.cleaned_data["recovery_hours"] * 60)


class DaysForm(forms.Form):
    """The days of presence that the school answers for."""

    days = forms.IntegerField(
        label="Jours de présence",
        min_value=0,
        max_value=MOST_DAYS,
        required=False,
        help_text="Des jours entiers. Vide : pas encore validés.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(
        label="D’où vient ce nombre",
        choices=[("", "C’est celui du calcul"), *DaysReason.choices],
        required=False,
    )
    note = forms.CharField(
        label="Précision",
        required=False,
        max_length=500,
        help_text="Des faits ; rien sur la santé.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def __init__(self, *args: Any, found: Days, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        placement = found.placement
        first = found.written if found.written is not None else found.proposal
        self.fields["days"].initial = first
        self.fields["reason"].initial = placement.days_reason
        self.fields["note"].initial = placement.days_note
        self.fields["seen"].initial = "" if placement.days_done is None else str(placement.days_done)

    def clean_seen(self) -> Decimal | None:
        return seen_of(self.cleaned_data["seen"])


def seen_of(text: str) -> Decimal | None:
    """The number that the page showed; None for none. ValidationError for a text that no page wrote."""
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise forms.ValidationError("Rechargez la page, puis recommencez.")
    return found
