"""Forms on actions, invitations and participations."""

from typing import Any

from django import forms

from events.models import ActionPartner, Invitation, Participation
from partners.forms.fields import partner_field, student_field
from schools.filters import classes_of_year
from schools.forms import RecordForm


class OfActionForm(RecordForm):
    """A row of one of the school's actions, the latest first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].queryset = self.fields["action"].queryset.order_by("-start_date")


class OfPartnerForm(OfActionForm):
    """The same, about a partner found by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)


class ActionPartnerForm(OfPartnerForm):
    """A partner that carries an action."""

    class Meta:
        model = ActionPartner
        fields = ["action", "partner"]


class InvitationForm(OfPartnerForm):
    """An invitation noted by hand, with its answer."""

    class Meta:
        model = Invitation
        fields = ["action", "partner", "sent_date", "reply", "replied_date", "present"]


class ParticipationForm(OfActionForm):
    """A pupil expected at an action, and whether they came."""

    class Meta:
        model = Participation
        fields = ["action", "student", "present"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(self.membership)


class ExpectClassForm(forms.Form):
    """Expect all the pupils of a class at an action."""

    school_class: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Classe", queryset=None, empty_label="Choisir une classe"
    )

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes_of_year(request)
