"""Who takes over the partners that someone follows."""

from typing import Any

from django import forms

from partners.handing_over import Followed
from schools.models import Membership, School

NOBODY = "personne"


class ReassignForm(forms.Form):
    """From someone who follows partners, or nobody, to a colleague, or nobody."""

    de = forms.ChoiceField(label="Les partenaires suivis par")
    a = forms.ChoiceField(label="seront suivis par")

    def __init__(self, *args: Any, school: School, followed: list[Followed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.in_school(school).filter(is_active=True).order_by("search_text")
        self.members = {str(one.public_id): one for one in colleagues}
        self.givers = {one.key: one for one in followed}
        self.fields["de"].choices = [("", "Choisir…")] + [(one.key, f"{one.name} ({one.count})") for one in followed]
        self.fields["a"].choices = [
            ("", "Choisir…"),
            *((key, str(one)) for key, one in self.members.items()),
            (NOBODY, "Personne"),
        ]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        giver, taker = cleaned.get("de"), cleaned.get("a")
        if giver and giver == taker:
            self.add_error("a", "Ce sont déjà les siens : choisissez quelqu’un d’autre.")
        return cleaned

    @property
    def giver(self) -> Membership | None:
        return self.givers[self.cleaned_data["de"]].member

    @property
    def taker(self) -> Membership | None:
        return self.members.get(self.cleaned_data["a"])
