"""Forms about one's own account."""

from typing import Any

from django.contrib.auth.forms import SetPasswordForm
from django.core.validators import MaxLengthValidator

from accounts.models import User

LONGEST_PASSWORD = 128
"""More brings nothing and costs hashing (S-11)."""


class FirstPasswordForm(SetPasswordForm):
    """A password, twice. The rules of AUTH_PASSWORD_VALIDATORS are said by the page, in words."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        for name, label in (("new_password1", "Mot de passe"), ("new_password2", "Le même, une deuxième fois")):
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs["autocomplete"] = "new-password"
            field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))

    def clean(self) -> dict[str, Any]:
        """As Django's, with what is weak said of the first field, where it is typed."""
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return dict(self.cleaned_data)
