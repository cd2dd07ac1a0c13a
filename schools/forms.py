"""What forms on a school's records share: choices of that school only, a version or a one-use key, drawn by crispy."""

import uuid
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.db import models

from core.scope import ScopedQuerySet
from schools.models import Membership, School, SchoolRecord

KEY_SALT = "schools.creation-key"


class DateInput(forms.DateInput):
    """The browser's own date field, in ISO form whatever the language."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class RecordForm(forms.ModelForm):
    """A form on one record of a school.

    `school` and `membership` come from the request; a new record carries a signed one-use key, a known one its version.
    """

    creation_key = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, school: School, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school, self.membership = school, membership
        record = cast(SchoolRecord, self.instance)
        record.school = school
        self.is_new = record._state.adding
        if self.is_new:
            self.fields["creation_key"].initial = signing.dumps(
                {"key": uuid.uuid4().hex, "user": membership.user_id}, salt=KEY_SALT
            )
            del self.fields["version"]
        else:
            self.fields["version"].initial = record.version
            self.fields["version"].required = True
            del self.fields["creation_key"]
        for name, field in self.fields.items():
            self._prepare(name, field)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _prepare(self, name: str, field: forms.Field) -> None:
        if isinstance(field, forms.ModelChoiceField):
            queryset = field.queryset
            if isinstance(queryset, ScopedQuerySet):
                field.queryset = queryset.in_school(self.school)
        elif isinstance(field, forms.DateField):
            field.widget = DateInput(field.widget.attrs)
        elif isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea):
            self._size_text(name, field)

    def _size_text(self, name: str, field: forms.CharField) -> None:
        """Texts have no limit in the table; in a form, one line holds 200 characters, a paragraph 5,000 (S-24)."""
        if name in getattr(self.Meta, "paragraphs", ()):
            field.widget.attrs["rows"] = 4
            limit = 5000
        else:
            field.widget = forms.TextInput(field.widget.attrs | {"rows": None, "cols": None})
            field.widget.attrs = {k: v for k, v in field.widget.attrs.items() if v is not None}
            limit = 200
        if not isinstance(self.instance, models.Model) or len(str(getattr(self.instance, name, "") or "")) <= limit:
            field.max_length = limit
            field.widget.attrs["maxlength"] = str(limit)

    def _get_validation_exclusions(self) -> set[str]:
        """The school is set by the request: constraints that name it are checked with the form."""
        return super()._get_validation_exclusions() - {"school"}  # type: ignore[misc]

    def clean_creation_key(self) -> uuid.UUID | None:
        value = self.cleaned_data.get("creation_key")
        if not value:
            return None
        try:
            read = signing.loads(value, salt=KEY_SALT, max_age=7 * 86400)
        except signing.BadSignature:
            raise forms.ValidationError("Ce formulaire est trop ancien : rechargez la page, puis recommencez.") from None
        if read["user"] != self.membership.user_id:
            raise forms.ValidationError("Ce formulaire a été ouvert par une autre personne : rechargez la page.")
        return uuid.UUID(read["key"])
