"""Forms of a pupil's own page: short, « tu », made for a telephone, each sent once."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core import signing

from core import french
from core.text import searchable
from partners.models import Partner
from pfmp.enums import ApproachMeans, ApproachState
from pfmp.models import Approach, Period, PersonalLink
from schools.forms import DateInput

SALT = "pfmp.pupil-form"
OLDEST = timedelta(days=120)
STATES = [
    (ApproachState.ASKED, "J’ai demandé"),
    (ApproachState.WAITING, "J’attends la réponse"),
    (ApproachState.REFUSED, "Ils ont dit non"),
    (ApproachState.ACCEPTED, "Ils ont dit oui"),
    (ApproachState.PLANNED, "Je vais les contacter"),
]
MEANS = [
    (ApproachMeans.VISIT, "Je suis allé sur place"),
    (ApproachMeans.PHONE, "Au téléphone"),
    (ApproachMeans.MAIL, "Par courriel"),
    (ApproachMeans.SITE, "Sur leur site"),
    (ApproachMeans.KNOWN, "Par quelqu’un que je connais"),
]
NO_HEALTH = "N’écris rien sur ta santé."


class OnceForm(forms.Form):
    """A form of one link, whose one-use key makes a second post harmless."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args: Any, link: PersonalLink, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link, self.today = link, today
        words = {"key": uuid.uuid4().hex, "link": str(link.public_id)}
        self.fields["key"].initial = signing.dumps(words, salt=SALT)

    def clean_key(self) -> uuid.UUID | None:
        value = self.cleaned_data.get("key")
        if not value:
            return None
        try:
            read = signing.loads(value, salt=SALT, max_age=86400)
        except signing.BadSignature:
            raise forms.ValidationError("Cette page est trop ancienne : recharge-la, puis recommence.") from None
        if read.get("link") != str(self.link.public_id):
            raise forms.ValidationError("Cette page est à quelqu’un d’autre : ouvre ton lien.")
        return uuid.UUID(read["key"])


class PupilApproachForm(OnceForm):
    """« J’ai demandé » : where, how, what they said. `partner`: a company that the lycée knows, chosen in its list."""

    company = forms.CharField(
        label="Nom de l’entreprise", max_length=200, error_messages={"required": "Écris le nom de l’entreprise."}
    )
    city = forms.CharField(label="Commune", max_length=200, required=False)
    state = forms.ChoiceField(
        label="Où ça en est", choices=STATES, widget=forms.RadioSelect, initial=ApproachState.ASKED,
        error_messages={"required": "Choisis où ça en est."},
    )  # fmt: skip
    means = forms.ChoiceField(label="Comment", choices=[("", "Je ne sais plus"), *MEANS], required=False)
    date = forms.DateField(label="Quel jour", widget=DateInput, error_messages={"required": "Dis quel jour."})
    person = forms.CharField(label="À qui tu as parlé", max_length=200, required=False)
    note = forms.CharField(
        label="Ce qu’on t’a répondu", max_length=1000, required=False, help_text=NO_HEALTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": "1000"}),
    )  # fmt: skip

    def __init__(self, *args: Any, partner: Partner | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner = partner
        self.fields["date"].initial = self.today
        if partner is not None:
            del self.fields["company"], self.fields["city"]

    @classmethod
    def first_values(cls, approach: Approach) -> dict[str, Any]:
        """What the form shows of an approach to correct."""
        return {
            name: getattr(approach, name) for name in ("company", "city", "state", "means", "date", "person", "note")
        }

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError("Ce jour n’est pas encore arrivé. Choisis aujourd’hui, ou un jour passé.")
        if self.today - day > OLDEST:
            raise forms.ValidationError("C’était il y a longtemps : vérifie la date.")
        return day

    def fill(self, approach: Approach) -> Approach:
        """Put what was typed on an approach."""
        cleaned = self.cleaned_data
        for name in ("company", "city", "state", "means", "date", "person", "note"):
            if name in cleaned:
                value = cleaned[name]
                setattr(approach, name, value.strip() if isinstance(value, str) else value)
        if self.partner is not None:
            approach.partner, approach.company, approach.city = self.partner, "", ""
        return approach


class FoundForm(OnceForm):
    """« J’ai trouvé ! »: what the lycée needs to call the company."""

    company = forms.CharField(
        label="Nom de l’entreprise", max_length=200, error_messages={"required": "Écris le nom de l’entreprise."}
    )
    city = forms.CharField(label="Commune", max_length=200, error_messages={"required": "Écris la commune."})
    phone = forms.CharField(
        label="Téléphone de l’entreprise", max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    person = forms.CharField(
        label="La personne qui a dit oui", max_length=200,
        error_messages={"required": "Écris le nom de la personne qui a dit oui."},
    )  # fmt: skip
    start_date = forms.DateField(label="Premier jour", widget=DateInput, required=False)
    end_date = forms.DateField(label="Dernier jour", widget=DateInput, required=False)
    note = forms.CharField(
        label="Autre chose à dire au lycée", max_length=1000, required=False, help_text=NO_HEALTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": "1000"}),
    )  # fmt: skip

    def __init__(self, *args: Any, period: Period, partner: Partner | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period, self.partner = period, partner
        if partner is not None:
            del self.fields["company"], self.fields["city"]

    @property
    def has_other_days(self) -> bool:
        return any(self[name].value() or self[name].errors for name in ("start_date", "end_date"))

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not 6 <= sum(one.isdigit() for one in phone) <= 15:
            raise forms.ValidationError("Ce numéro n’est pas complet : vérifie-le, ou laisse vide.")
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", "Le dernier jour est avant le premier : vérifie les deux dates.")
        outside = [
            name
            for name, day in (("start_date", start), ("end_date", end))
            if day and not self.period.start_date <= day <= self.period.end_date
        ]
        for name in outside:
            if name not in self.errors:
                dates = french.period(self.period.start_date, self.period.end_date)
                self.add_error(name, f"Ta période est {dates}. Si l’entreprise veut d’autres jours, écris-le plus bas.")
        return cleaned

    def fill(self, approach: Approach) -> Approach:
        """Put what was typed on an approach: a yes."""
        cleaned = self.cleaned_data
        approach.state = ApproachState.ACCEPTED
        for name in ("company", "city", "phone", "person", "note"):
            if name in cleaned:
                setattr(approach, name, cleaned[name].strip())
        approach.start_date, approach.end_date = cleaned.get("start_date"), cleaned.get("end_date")
        if self.partner is not None:
            approach.partner, approach.company, approach.city = self.partner, "", ""
        return approach


def is_same_company(approach: Approach, company: str, partner: Partner | None) -> bool:
    """Is it the company that is typed, written another way?"""
    if partner is not None or approach.partner_id:
        return partner is not None and approach.partner_id == partner.pk
    return bool(searchable(company)) and searchable(approach.company) == searchable(company)
