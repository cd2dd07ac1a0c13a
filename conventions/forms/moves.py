"""What some moves of an agreement ask: the vote's date, when it was signed elsewhere, why and when it ends."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from conventions.models import Agreement
from conventions.rules.moves import Act
from core import french
from schools.forms import DateInput, limited


class MoveForm(forms.Form):
    """A move that asks nothing: a page to confirm it, for who comes by the address."""

    def __init__(self, *args: Any, agreement: Agreement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement, self.today = agreement, today
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        return dict(self.cleaned_data)


class VoteForm(MoveForm):
    board_vote_date = forms.DateField(
        label="Date de la délibération",
        widget=DateInput,
        help_text="Le jour où le conseil d’administration a donné son accord (R-CONV-07). La convention la cite.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board_vote_date"].initial = self.agreement.board_vote_date


class SignedOutsideForm(VoteForm):
    signed_on = forms.DateField(
        label="Date de la dernière signature",
        widget=DateInput,
        help_text="Celle du papier : la convention est en vigueur à partir de ce jour, sauf si elle dit un autre début.",
    )


class TerminationForm(MoveForm):
    ends_on = forms.DateField(label="Elle prend fin le", widget=DateInput)
    reason = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label="Le partenaire est d’accord pour se passer du préavis", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limited(self.fields["reason"], 1000)  # type: ignore[arg-type]
        notice = self.agreement.notice_days
        if not notice:
            del self.fields["agreed"]
            self.fields["ends_on"].help_text = "La convention n’écrit pas de préavis. Le dernier jour est la veille."
        else:
            first = french.day(self.today + timedelta(days=notice))
            self.fields[
                "ends_on"
            ].help_text = f"Le préavis est de {french.plural(notice, 'jour')} : au plus tôt le {first}. Le dernier jour est la veille."

    def said(self) -> dict[str, Any]:
        return {"agreed": False, **self.cleaned_data}


FORMS: dict[Act, type[MoveForm]] = {
    Act.VOTE: VoteForm,
    Act.SIGN_OUTSIDE: SignedOutsideForm,
    Act.TERMINATE: TerminationForm,
}
