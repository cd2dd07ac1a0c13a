"""Forms on actions, invitations and participations."""

from typing import Any

from django import forms

from conventions.models import Agreement, Network
from events.models import Action, ActionPartner, Invitation, Participation
from partners.forms.fields import partner_field, student_field
from schools.filters import classes_of_year
from schools.forms import RecordForm


class ActionForm(RecordForm):
    class Meta:
        model = Action
        fields = [
            "type", "title", "start_date", "end_date", "hours", "status", "initiative", "place", "agreement", "network",
            "national_event", "tags", "outside_public", "for_priority", "review",
        ]  # fmt: skip
        paragraphs = ("review",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = (
            Agreement.objects.in_school(self.school).select_related("partner").order_by("title")
        )
        self.fields["network"].queryset = Network.objects.in_school(self.school).order_by("name")


class ActionPartnerForm(RecordForm):
    class Meta:
        model = ActionPartner
        fields = ["action", "partner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].queryset = self.fields["action"].queryset.order_by("-start_date")
        self.fields["partner"] = partner_field(self.school)


class InvitationForm(RecordForm):
    class Meta:
        model = Invitation
        fields = ["action", "partner", "sent_date", "reply", "replied_date", "present"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].queryset = self.fields["action"].queryset.order_by("-start_date")
        self.fields["partner"] = partner_field(self.school)


class ParticipationForm(RecordForm):
    class Meta:
        model = Participation
        fields = ["action", "student", "present"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].queryset = self.fields["action"].queryset.order_by("-start_date")
        self.fields["student"] = student_field(self.membership)


class ExpectClassForm(forms.Form):
    """Expect all the pupils of a class at an action."""

    school_class: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Classe", queryset=None, empty_label="Choisir une classe"
    )

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes_of_year(request)
