"""Forms of « À relancer »: which calls to show, to when one puts off, what was said, who follows from now on."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from partners import followups
from partners.enums import Channel
from partners.models import Interaction
from partners.rules import follow_up
from partners.rules.follow_up import Delay, Due
from schools.filters import SearchFilter
from schools.forms import DateInput, RecordForm
from schools.permissions import allows
from schools.roles import Permission


class FollowUpFilters(django_filters.FilterSet):
    q = SearchFilter(label="Partenaire ou objet", fields=("search_text", "partner__search_text"))
    qui = django_filters.ChoiceFilter(
        label="De qui", choices=[("tous", "Tous"), ("moi", "Moi")], empty_label=None, method="of_whom"
    )
    # Kept by the bar and counted apart: each part of time says its number whichever is shown.
    quand = django_filters.ChoiceFilter(
        choices=[(due.value, due.value) for due in Due], method="any_time", widget=forms.HiddenInput
    )

    class Meta:
        model = Interaction
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not allows(self.request.membership, Permission.VIEW_INTERACTIONS):
            del self.form.fields["qui"]  # their own are all they see

    def of_whom(self, qs: QuerySet[Interaction], name: str, value: str) -> QuerySet[Interaction]:
        return qs.filter(followups.mine(self.request.membership)) if value == "moi" else qs

    def any_time(self, qs: QuerySet[Interaction], name: str, value: str) -> QuerySet[Interaction]:
        return qs


class PostponeForm(forms.Form):
    """One of three delays, each a button, or a date."""

    delai = forms.ChoiceField(choices=[(delay.value, delay.value) for delay in Delay], widget=forms.HiddenInput)
    jour = forms.DateField(label="Rappeler le", widget=DateInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["jour"].widget.attrs["min"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        delay = cleaned.get("delai")
        if delay and delay != Delay.DATE:
            cleaned["jour"] = follow_up.put_off(Delay(delay), self.today)
        elif "jour" not in self.errors:
            if not cleaned.get("jour"):
                self.add_error("jour", "Dites quel jour rappeler.")
            elif problem := follow_up.day_problem(cleaned["jour"], self.today):
                self.add_error("jour", problem)
        return cleaned


class SaidForm(RecordForm):
    """What was said during a call, in one line; and when to call again."""

    class Meta:
        model = Interaction
        fields = ["subject", "channel", "call_again_date"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["subject"].label = "Ce qui s’est dit"
        self.fields["channel"].choices = Channel.choices
        self.fields["channel"].initial = Channel.CALL
        self.fields["call_again_date"].label = "Rappeler le"

    def clean_call_again_date(self) -> date | None:
        day: date | None = self.cleaned_data["call_again_date"]
        if day and (problem := follow_up.day_problem(day, self.today)):
            raise forms.ValidationError(problem)
        return day
