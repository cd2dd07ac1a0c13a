"""Forms on what is shared with partners: which indicators, with whom, the school's thresholds."""

from typing import Any

from django import forms

from indicators import sharing
from indicators.models import IndicatorShare, SecrecySettings
from indicators.rules.secrecy import LEAST
from partners import mailing
from partners.enums import ContactRole
from partners.forms.fields import partner_field
from schools.forms import RecordForm

LONGEST_MESSAGE = 2_000


def indicators_field() -> forms.MultipleChoiceField:
    """The indicators that make sense to share, by heading; the usual ones are ticked."""
    return forms.MultipleChoiceField(
        label="Indicateurs partagés",
        choices=sharing.offered(),
        widget=forms.CheckboxSelectMultiple,
        initial=list(sharing.USUAL),
        error_messages={"required": "Choisissez au moins un indicateur."},
    )


def message_field() -> forms.CharField:
    """The words that go with a share."""
    return forms.CharField(
        label="Mot d’accompagnement",
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": 4}),
        help_text="Il se lit dans le courriel et en tête de la page.",
    )


class ShareForm(RecordForm):
    """A share with one partner or with all of them: what is read is frozen when it is saved."""

    class Meta:
        model = IndicatorShare
        fields = ["partner", "indicators", "message", "shared_date"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(
            self.school, required=False, label="Partenaire (vide : tous les partenaires)"
        )
        self.fields["indicators"] = indicators_field()
        self.fields["message"] = message_field()

    def clean_indicators(self) -> str:
        return "|".join(self.cleaned_data["indicators"])


class ShareDatesForm(RecordForm):
    """What may change once it is shared: the days, as they are told to the sheet."""

    class Meta:
        model = IndicatorShare
        fields = ["shared_date", "revoked_date"]


class ShareSendForm(forms.Form):
    """Several partners at once: each receives a link of its own."""

    indicators = indicators_field()
    role = forms.ChoiceField(
        label="À qui, chez chaque partenaire",
        choices=[*ContactRole.choices, (mailing.GENERAL, "L’adresse générale de l’entreprise")],
        help_text="Sans contact de cette fonction, l’adresse générale de l’entreprise.",
    )
    message = message_field()


class SecrecyForm(RecordForm):
    """The school's own thresholds, each at least the legal one."""

    class Meta:
        model = SecrecySettings
        fields = ["small", "pupils", "leavers", "extremes", "answers", "firms"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.IntegerField) and name != "version":
                field.help_text = f"Au moins {getattr(LEAST, name)}."
