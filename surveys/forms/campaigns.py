"""Forms of campaigns and of calls to leavers."""

from typing import Any

from django import forms
from django.utils import timezone

from core.school_year import SchoolYear
from schools.forms import RecordForm
from surveys.campaigns import due
from surveys.enums import CallResult, Situation
from surveys.leaver_answers import Place
from surveys.models import LeaverCampaign

BACK = 3
"""Years of leaving that a campaign may still be about: at 24 months, two have passed."""
MOST = 200


class CampaignForm(RecordForm):
    """Who, by the year they left, and how long after."""

    leaving_year = forms.ChoiceField(label="Sortis à la fin de")

    class Meta:
        model = LeaverCampaign
        fields = ["leaving_year", "term_months", "opened_date"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = SchoolYear.on(timezone.localdate())
        years = [SchoolYear(current.first - back) for back in range(1, BACK + 1)]
        known = self.instance.leaving_year
        codes = dict.fromkeys([known] if known else []) | dict.fromkeys(year.code for year in years)
        self.fields["leaving_year"].choices = [(code, code) for code in codes]
        if self.is_new and not self.initial.get("leaving_year"):
            asked = due(self.school, timezone.localdate())
            if asked:
                self.initial = dict(self.initial, leaving_year=asked[0][0].code, term_months=asked[0][1].value)


class CallForm(forms.Form):
    """How a call went. Every button posts the whole form: one tap ends the call."""

    result = forms.ChoiceField(
        choices=[(f"{CallResult.ANSWERED}:{value}", label) for value, label in Situation.choices if value != Situation.NO_ANSWER]
        + [(value, label) for value, label in CallResult.choices if value != CallResult.ANSWERED],
        error_messages={"required": "Touchez le résultat de l’appel.", "invalid_choice": "Ce résultat n’est pas dans la liste."},
    )  # fmt: skip
    name = forms.CharField(label="Employeur, ou école", max_length=MOST, required=False)
    city = forms.CharField(label="Commune", max_length=MOST, required=False)
    job = forms.CharField(label="Métier, ou formation", max_length=MOST, required=False)
    contact = forms.BooleanField(label="Accepte d’être recontacté par le lycée", required=False)
    talk = forms.BooleanField(label="Accepte de venir parler de son métier", required=False)
    hosting = forms.BooleanField(label="Accepte d’accueillir un élève en stage", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("talk") or cleaned.get("hosting")) and not cleaned.get("contact"):
            self.add_error("contact", "Cochez aussi que la personne accepte d’être recontactée.")
        return cleaned

    @property
    def outcome(self) -> tuple[CallResult, str]:
        """The result and, of somebody who answered, what they do."""
        result, _, situation = self.cleaned_data["result"].partition(":")
        return CallResult(result), situation

    @property
    def place(self) -> Place | None:
        said = self.cleaned_data
        return Place(said["name"], said["city"], said["job"]) or None


class MatchForm(forms.Form):
    """What to do with an employer in somebody's words."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("partenaire", "prospect", "laisser")])
    partner = forms.UUIDField(required=False)
