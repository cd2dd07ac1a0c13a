"""What forms on a school's records share: choices of that school only, a version or a one-use key, drawn by crispy."""

import re
import uuid
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import MaxLengthValidator, validate_email
from django.db import models

from core.school_year import SchoolYear
from core.scope import ScopedQuerySet
from schools.models import (
    Membership,
    School,
    SchoolClass,
    Schooling,
    SchoolRecord,
    Student,
    TeachingAssignment,
)
from schools.permissions import allows
from schools.roles import Permission

KEY_SALT = "schools.creation-key"
RULE_CODE = re.compile(r" \(R-[A-Z]+-\d+\)")
"""The code that a column's help ends with: for « Les règles », not for who fills a form."""


class DateInput(forms.DateInput):
    """The browser's own date field, in ISO form whatever the language."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def limited(field: forms.CharField, most: int) -> None:
    """No more than `most` characters, in the browser and here: a field made from a text column has no limit of its own."""
    field.max_length = most
    field.widget.attrs["maxlength"] = str(most)
    field.validators.append(MaxLengthValidator(most))


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
        field.help_text = RULE_CODE.sub("", str(field.help_text))
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
            limited(field, limit)

    def _get_validation_exclusions(self) -> set[str]:
        """The school is set by the request: constraints that name it are checked with the form."""
        return super()._get_validation_exclusions() - {"school"}  # type: ignore[misc]

    def _update_errors(self, errors: forms.ValidationError) -> None:
        """What is refused of a value that the form does not show, the school above all, is said above it."""
        if hasattr(errors, "error_dict"):
            told: dict[str, list[forms.ValidationError]] = {}
            for name, problems in errors.error_dict.items():
                told.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(problems)
            errors = forms.ValidationError(told)
        super()._update_errors(errors)  # type: ignore[misc]

    def clean_creation_key(self) -> uuid.UUID | None:
        value = self.cleaned_data.get("creation_key")
        if not value:
            return None
        try:
            read = signing.loads(value, salt=KEY_SALT, max_age=7 * 86400)
        except signing.BadSignature:
            raise forms.ValidationError(
                "Ce formulaire est trop ancien : rechargez la page, puis recommencez."
            ) from None
        if read["user"] != self.membership.user_id:
            raise forms.ValidationError("Ce formulaire a été ouvert par une autre personne : rechargez la page.")
        return uuid.UUID(read["key"])


class StudentForm(RecordForm):
    class Meta:
        model = Student
        fields = [
            "last_name", "first_name", "sex", "birth_date", "ine", "email", "phone", "address", "postal_code", "city",
            "guardian_name", "guardian_email", "guardian_phone",
            "guardian2_name", "guardian2_email", "guardian2_phone",
        ]  # fmt: skip


class ClassForm(RecordForm):
    class Meta:
        model = SchoolClass
        fields = ["year", "code", "label", "niveau", "diploma", "formation_code", "filiere"]

    def clean_year(self) -> str:
        try:
            return SchoolYear.parse(self.cleaned_data["year"].strip()).code
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class SchoolingForm(RecordForm):
    class Meta:
        model = Schooling
        fields = ["student", "school_class", "entry_date", "exit_date", "priority"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].queryset = self.fields["student"].queryset.order_by("search_text")
        self.fields["school_class"].queryset = self.fields["school_class"].queryset.order_by("-year", "code")
        self.fields["school_class"].label_from_instance = lambda found: f"{found.label} ({found.year})"
        if not allows(self.membership, Permission.EDIT_PRIORITY):
            del self.fields["priority"]

    def _post_clean(self) -> None:
        if school_class := self.cleaned_data.get("school_class"):
            self.instance.year = school_class.year
        super()._post_clean()  # type: ignore[misc]


class StaffForm(RecordForm):
    class Meta:
        model = Membership
        fields = ["last_name", "first_name", "email", "role", "is_active"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        validate_email(email)
        return email

    def clean_role(self) -> str:
        """Nobody raises or lowers their own rights (S-07)."""
        role = self.cleaned_data["role"]
        if self.instance.pk == self.membership.pk and role != self.membership.role:
            raise forms.ValidationError("Vous ne pouvez pas changer votre propre rôle : demandez-le à un collègue.")
        return role


class AssignmentForm(RecordForm):
    class Meta:
        model = TeachingAssignment
        fields = ["membership", "school_class", "is_head_teacher"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = self.fields["membership"].queryset.order_by("search_text")
        self.fields["school_class"].queryset = self.fields["school_class"].queryset.order_by("-year", "code")
        self.fields["school_class"].label_from_instance = lambda found: f"{found.label} ({found.year})"

    def _post_clean(self) -> None:
        if school_class := self.cleaned_data.get("school_class"):
            self.instance.year = school_class.year
        super()._post_clean()  # type: ignore[misc]


class SchoolForm(forms.ModelForm):
    """The school's own settings."""

    class Meta:
        model = School
        fields = [
            "name", "type", "academy", "address", "postal_code", "city", "email", "phone", "head_name", "board_vote_date",
            "holiday_zone", "meetings_goal", "takes_proposals",
        ]  # fmt: skip
        widgets = dict.fromkeys(
            ("name", "academy", "address", "postal_code", "city", "email", "phone", "head_name"), forms.TextInput
        ) | {"board_vote_date": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                limited(field, 200)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
