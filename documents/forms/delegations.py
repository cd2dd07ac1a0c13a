"""A delegation of the head's signature: to whom, by which act, for how long."""

from django import forms

from documents import delegations
from documents.models import Delegation
from schools.forms import RecordForm
from schools.models import Membership


class DelegationForm(RecordForm):
    class Meta:
        model = Delegation
        fields = ["membership", "act", "since", "until"]

    def clean_membership(self) -> Membership:
        member: Membership = self.cleaned_data["membership"]
        if problem := delegations.problem_of(member):
            raise forms.ValidationError(problem)
        return member
