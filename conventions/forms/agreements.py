"""Form of an agreement: what it wants, with whom, how long; how far it is comes from its moves."""

from datetime import date
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils import timezone

from conventions import correcting, life
from conventions.enums import ActionType, AgreementLevel
from conventions.models import Agreement, listed
from core import french
from partners.forms.fields import contact_field, partner_field
from schools.forms import RecordForm

FIRST, LAST = date(1980, 1, 1), date(2100, 12, 31)
DATES = ("board_vote_date", "signed_date", "start_date", "end_date", "terminated_date")
LONGEST = 200


class LinesField(forms.CharField):
    """Several short texts, one a line; kept with a bar between them, as the dossier does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=5000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, str) or "\n" in value:
            return value
        return "\n".join(listed(value))

    def clean(self, value: Any) -> str:
        lines = [" ".join(part.split()) for part in super().clean(value).replace("|", "\n").splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if long := next((line for line in found if len(line) > LONGEST), None):
            raise forms.ValidationError(f"Une ligne dépasse {LONGEST} caractères : « {long[:60]}… ».")
        return "|".join(found)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial or ""), (data or "").replace("\r\n", "\n").strip())


class AgreementForm(RecordForm):
    axes = LinesField(label="Axes de travail", help_text="Un par ligne. Les engagements se rangent sous ces axes.")
    publics = LinesField(
        label="Publics", help_text="Un par ligne. Par exemple : élèves de CAP, collégiens, enseignants."
    )
    action_types = forms.MultipleChoiceField(
        label="Actions prévues", choices=ActionType.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Agreement
        fields = [
            "level", "title", "partner", "signatory", "academy", "parent", "purpose", "axes", "publics", "action_types",
            "contact", "referent", "follow_up", "board_vote_date", "signed_date", "start_date", "end_date",
            "tacit_renewal", "renewal_months", "notice_days", "terminated_date", "url",
        ]  # fmt: skip
        paragraphs = ("follow_up", "purpose", "axes", "publics")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school, required=False)
        self.fields["contact"] = contact_field(
            self.membership, required=False, label="Interlocuteur chez le partenaire"
        )
        frames = Agreement.objects.in_school(self.school).exclude(level=AgreementLevel.SCHOOL).order_by("title")
        if self.instance.pk:
            frames = frames.exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = frames
        referents: Any = self.fields["referent"]
        referents.queryset = referents.queryset.filter(Q(is_active=True) | Q(pk=self.instance.referent_id)).order_by(
            "search_text"
        )
        paper = "" if self.is_new else life.paper_state(life.paper_of(self.instance))
        self.warning = correcting.WARNINGS.get(paper, "")
        self._keep_dates_of_moves(is_signed_by_paper=paper == "complete")
        self.helper.layout = self._layout()

    def _keep_dates_of_moves(self, *, is_signed_by_paper: bool) -> None:
        """Dates that moves write are typed here only for what was signed or ended before, outside."""
        signed = self.instance.signed_date is not None
        if self.is_new:
            self.fields["signed_date"].label = "Déjà signée le"
            self.fields["signed_date"].help_text = "Seulement pour une convention signée avant d’être saisie ici."
        elif is_signed_by_paper or (not signed and self.instance.level == AgreementLevel.SCHOOL):
            del self.fields["signed_date"]
        else:
            self.fields["signed_date"].required = signed
        if self.instance.terminated_date is None:
            del self.fields["terminated_date"]
        else:
            self.fields["terminated_date"].required = True

    def _layout(self) -> Layout:
        def row(*names: str) -> list[Div]:
            found = [name for name in names if name in self.fields]
            return [Div(*found[at : at + 2], css_class="form-pair") for at in range(0, len(found), 2)]

        key = "creation_key" if self.is_new else "version"
        return Layout(
            key,
            Fieldset("La convention", "title", "level", "partner", "signatory", "academy", "parent"),
            Fieldset("Ce qu’elle veut faire", "purpose", *row("axes", "publics"), "action_types"),
            Fieldset("Qui la suit", *row("contact", "referent"), "follow_up"),
            Fieldset(
                "Dates",
                *row("board_vote_date", "signed_date"),
                *row("start_date", "end_date"),
                *row("tacit_renewal", "renewal_months", "notice_days", "terminated_date"),
            ),
            "url",
        )

    def clean_url(self) -> str:
        if url := self.cleaned_data["url"].strip():
            URLValidator(schemes=["http", "https"])(url)
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        local = cleaned.get("level") == AgreementLevel.SCHOOL
        partner, contact = cleaned.get("partner"), cleaned.get("contact")
        if local and not partner and "partner" not in self.errors:
            self.add_error("partner", "Dites avec quel partenaire le lycée s’engage.")
        if not local and partner:
            self.add_error(
                "partner", "Un cadre national ou académique n’a pas de partenaire du lycée : écrivez son signataire."
            )
        elif contact and contact.partner_id != (partner.pk if partner else None):
            self.add_error("contact", f"{contact} ne travaille pas chez ce partenaire.")
        self._check_dates(cleaned)
        return cleaned

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        today = timezone.localdate()
        for name in DATES:
            day = cleaned.get(name)
            if day and not FIRST <= day <= LAST:
                self.add_error(name, f"Le {french.day(day)} : vérifiez l’année.")
        if (signed := cleaned.get("signed_date")) and signed > today:
            self.add_error("signed_date", "La date de signature est dans l’avenir.")
        if cleaned.get("notice_days") and cleaned.get("end_date") is None and "end_date" not in self.errors:
            self.add_error("notice_days", "Un préavis se compte avant une date de fin : écrivez-la, ou laissez vide.")
