"""An exchange noted in one line: what was agreed, by which channel, and when to call again."""

from typing import Any

from django import forms
from django.utils import timezone

from partners.enums import Channel, Initiative
from partners.forms.fields import partner_field
from partners.models import Interaction
from partners.rules.follow_up import day_problem
from schools.forms import RecordForm


class QuickExchangeForm(RecordForm):
    """On the partner's own page. `due`: the call-back that waits there, which this exchange may be."""

    theirs = forms.BooleanField(label="À leur initiative", required=False)
    settles = forms.BooleanField(label="C’était le rappel prévu", required=False)

    class Meta:
        model = Interaction
        fields = ["subject", "channel", "call_again_date"]
        labels = {"subject": "Noter un échange"}

    def __init__(self, *args: Any, due: Interaction | None = None, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **kwargs)
        self.fields["subject"].widget.attrs["placeholder"] = "Qu’avez-vous convenu ?"
        self.fields["subject"].error_messages["required"] = "Dites ce que vous avez convenu."
        self.fields["channel"].choices = Channel.choices
        self.fields["channel"].initial = Channel.CALL
        if due is None:
            self.fields.pop("settles", None)

    def clean_call_again_date(self) -> Any:
        day = self.cleaned_data["call_again_date"]
        if day and (problem := day_problem(day, timezone.localdate())):
            raise forms.ValidationError(problem)
        return day

    def _post_clean(self) -> None:
        self.instance.date = timezone.localdate()
        self.instance.initiative = Initiative.PARTNER if self.cleaned_data.get("theirs") else Initiative.SCHOOL
        self.instance.author_email = self.membership.email
        super()._post_clean()  # type: ignore[misc]


class ExchangeForm(QuickExchangeForm):
    """From anywhere: the partner is found by typing its name."""

    settles = None  # type: ignore[assignment]  # Django: a field of the parent form that this one does not have

    class Meta(QuickExchangeForm.Meta):
        fields = ["partner", "subject", "channel", "call_again_date"]
        labels = {"subject": "Ce que vous avez convenu"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)
        self.fields["partner"].error_messages["required"] = "Dites avec quel partenaire."
        self.order_fields(["partner", "subject", "channel", "theirs", "call_again_date"])
        del self.fields["subject"].widget.attrs["placeholder"]
