"""Forms on hosts: how many pupils they accept, how a placement went, what went wrong."""

from datetime import date
from typing import Any

from django import forms

from partners.forms.fields import partner_field
from pfmp import hosting
from pfmp.models import HostCapacity, HostIncident, HostReview
from schools.forms import RecordForm


class CapacityForm(RecordForm):
    """So many pupils of a formation, for one period or for each period of the year on screen."""

    formation = forms.ChoiceField(label="Formation")

    class Meta:
        model = HostCapacity
        fields = ["partner", "formation", "period", "places", "note"]
        help_texts = {"places": "Combien d’élèves en même temps.", "note": "Par exemple : seulement en 2e année."}

    def __init__(self, *args: Any, year: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_new:
            self.instance.year = year
        year = self.instance.year
        self.fields["partner"] = partner_field(self.school)
        known = hosting.formations(self.school, year)
        if self.instance.formation and self.instance.formation not in known:
            known.append(self.instance.formation)
        self.fields["formation"].choices = [("", "Choisissez"), *((one, one) for one in known)]
        period = self.fields["period"]
        period.queryset = (
            period.queryset.filter(year=year)
            .select_related("school_class")
            .order_by("school_class__code", "start_date")
        )
        period.empty_label = "Chaque période de l’année"
        period.label_from_instance = lambda found: (
            f"{found.school_class.label}, {found.label}, du {found.start_date:%d/%m} au {found.end_date:%d/%m/%Y}"
        )
        self.fields["places"].min_value = 1

    def _get_validation_exclusions(self) -> set[str]:
        """The year is that of the screen: « déjà notées » is checked with it."""
        return super()._get_validation_exclusions() - {"year"}

    def clean_places(self) -> int:
        places = int(self.cleaned_data["places"])
        if not 1 <= places <= 99:
            raise forms.ValidationError("Écrivez un nombre de 1 à 99.")
        return places

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        period, formation = cleaned.get("period"), cleaned.get("formation")
        if period and formation and period.school_class.diploma != formation:
            self.add_error("period", "Cette période est celle d’une autre formation.")
        return cleaned


class ReviewForm(RecordForm):
    """How the host was, in four taps and a sentence. The placement is the one of the page."""

    class Meta:
        model = HostReview
        fields = [*hosting.MARKS, "take_again", "comment"]
        paragraphs = ("comment",)
        labels = {"take_again": "Y envoyer d’autres élèves ?"}
        help_texts = {"comment": "Des faits utiles à un collègue ; rien sur la santé."}
        widgets = dict.fromkeys(hosting.MARKS, forms.RadioSelect)

    take_again = forms.TypedChoiceField(
        label=Meta.labels["take_again"],
        required=False,
        choices=[("oui", "Oui"), ("non", "Non"), ("", "Je ne sais pas")],
        coerce=lambda value: {"oui": True, "non": False}[value],
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in hosting.MARKS:
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0] not in ("", None)]
        if not self.is_new:
            self.initial["take_again"] = {True: "oui", False: "non"}.get(self.instance.take_again, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        said = [cleaned.get(name) not in (None, "") for name in (*hosting.MARKS, "take_again", "comment")]
        if not self.errors and not any(said):
            raise forms.ValidationError("Donnez au moins une réponse, ou revenez plus tard.")
        return cleaned


class IncidentForm(RecordForm):
    """Something went wrong at a host's."""

    class Meta:
        model = HostIncident
        fields = ["partner", "date", "kind", "facts", "decision"]
        paragraphs = ("facts", "decision")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["partner"] = partner_field(self.school, label="Organisme d’accueil")

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError("Cet incident est dans le futur : vérifiez la date.")
        return day
