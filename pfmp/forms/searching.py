"""Forms of searches: an approach noted in three taps, a yes that becomes a lead."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core import french
from partners import doubles
from partners.enums import PartnerStatus
from partners.forms.fields import SiretField, partner_field, student_field
from partners.models import Partner
from pfmp import services
from pfmp.enums import ApproachMaker, ApproachMeans, ApproachState
from pfmp.forms.placements import next_period, periods_of
from pfmp.models import Approach, Period
from schools.forms import DateInput, RecordForm
from schools.models import Membership, Student

HEALTH = "Des faits utiles à un collègue ; rien sur la santé."
TOO_FAR = 366
"""Days: a search and its reply belong to one school year."""


class ApproachForm(RecordForm):
    """One company asked, for one pupil or for several. `students`: whose search it is; all leave in the periods offered."""

    means = forms.ChoiceField(
        label="Comment",
        required=False,
        choices=[*ApproachMeans.choices, ("", "Je ne sais pas")],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Approach
        fields = [
            "state", "partner", "company", "city", "phone", "means", "made_by", "date", "period", "person", "reply_date",
            "note",
        ]  # fmt: skip
        paragraphs = ("note",)
        labels = {
            "company": "Nom de l’entreprise",
            "phone": "Téléphone",
            "date": "Quel jour",
            "made_by": "Qui a demandé",
            "person": "Personne rencontrée",
        }
        help_texts = {
            "note": HEALTH,
            "reply_date": "Vide : le jour de la démarche, si la réponse est venue tout de suite.",
        }
        widgets = {"state": forms.RadioSelect, "made_by": forms.RadioSelect}

    def __init__(self, *args: Any, students: Sequence[Student], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.students, self.today = students, today
        self.instance.student = students[0]
        self.fields["partner"] = partner_field(self.school, label="Entreprise connue du lycée", required=False)
        self.fields["partner"].wanted = True  # one or the other: not marked « facultatif »
        self._offer_periods()
        for name, choices in (("state", ApproachState.choices), ("made_by", ApproachMaker.choices)):
            self.fields[name].choices = choices
        if self.is_new:
            self.initial.setdefault("date", today)
            self.initial.setdefault("made_by", ApproachMaker.TEAM)
            self.initial.setdefault("means", ApproachMeans.PHONE)
            self.fields["reply_date"].widget = forms.HiddenInput()

    def _offer_periods(self) -> None:
        """Those that all these pupils share."""
        shared: list[Period] = list(periods_of(self.students[0], self.school))
        if len(self.students) > 1:
            of_all = set.intersection(*(set(periods_of(one, self.school)) for one in self.students))
            shared = [period for period in shared if period in of_all]
        if not self.is_new and self.instance.period not in shared:
            shared.append(self.instance.period)
        self.periods = shared
        field = self.fields["period"]
        field.queryset = field.queryset.filter(pk__in=[one.pk for one in shared]).order_by("-start_date")
        field.label_from_instance = lambda one: f"{one.label}, {french.period(one.start_date, one.end_date)}"
        field.empty_label = None if shared else "Aucune période"
        if self.is_new and shared and self.initial.get("period") not in shared:
            self.initial["period"] = next_period(shared, self.today)

    @property
    def has_typed_company(self) -> bool:
        """Is the company typed rather than chosen? Its fields are then open."""
        return any(self[name].value() or self[name].errors for name in ("company", "city", "phone"))

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError(
                "Cette démarche est dans le futur : notez-la « À contacter », à la date du jour."
            )
        if (self.today - day).days > TOO_FAR:
            raise forms.ValidationError("Cette démarche a plus d’un an : vérifiez la date.")
        return day

    def clean_reply_date(self) -> date | None:
        day: date | None = self.cleaned_data["reply_date"]
        if day and day > self.today:
            raise forms.ValidationError("Cette réponse est dans le futur : vérifiez la date.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "partner" not in self.errors:
            if cleaned.get("partner"):
                cleaned["company"] = cleaned["city"] = cleaned["phone"] = ""
            elif not (cleaned.get("company") or "").strip():
                self.add_error("partner", "Choisissez une entreprise, ou écrivez son nom juste en dessous.")
        asked, replied = cleaned.get("date"), cleaned.get("reply_date")
        if asked and replied and replied < asked:
            self.add_error("reply_date", "La réponse est avant la démarche : vérifiez les deux dates.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """« Indiquez l’entreprise » is said by `clean`, beside the field."""
        return super()._get_validation_exclusions() | {"partner"}


class PupilChoice(forms.Form):
    """Whose search it is: found by typing."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(membership)


class SettleForm(forms.Form):
    """A yes that was checked by phone: which company it is, on which days."""

    NEW = "nouveau"
    OTHER = "connue"

    which = forms.ChoiceField(label="De quelle entreprise s’agit-il ?", widget=forms.RadioSelect)
    name = forms.CharField(label="Nom de l’entreprise", required=False, max_length=200)
    siret = SiretField(help_text="14 chiffres. Vide si vous ne l’avez pas encore.")
    postal_code = forms.CharField(label="Code postal", required=False, max_length=10)
    city = forms.CharField(label="Commune", required=False, max_length=200)
    phone = forms.CharField(label="Téléphone", required=False, max_length=200)
    start_date = forms.DateField(label="Premier jour", widget=DateInput)
    end_date = forms.DateField(label="Dernier jour", widget=DateInput)

    def __init__(self, *args: Any, approach: Approach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.approach = approach
        school = approach.school
        typed = Partner(school=school, name=approach.company, city=approach.city, phone=approach.phone)
        known = [approach.partner] if approach.partner else []
        found = [] if known else doubles.candidates(school, typed)
        self.candidates: dict[str, Partner] = {}
        choices: list[tuple[str, str]] = []
        for partner, why in [
            *((one, "") for one in known),
            *((one.partner, one.likeness.reason) for one in found if one.partner.status != PartnerStatus.ARCHIVED),
        ]:
            self.candidates[str(partner.public_id)] = partner
            reason = f" : possible doublon, {why}" if why else ""
            choices.append((str(partner.public_id), f"{partner.name}, {partner.city or 'commune inconnue'}{reason}"))
        choices.append((self.OTHER, "Une autre fiche du lycée"))
        if not known:
            choices.append((self.NEW, f"Une entreprise nouvelle : {approach.company}"))
        self.fields["which"].choices = choices
        for name in ("name", "city"):  # asked of a new company only: not marked « facultatif »
            self.fields[name].wanted = True
        self.fields["other"] = partner_field(school, label="Quelle fiche", required=False)
        period = approach.period
        first: dict[str, Any] = {
            "which": next(iter(self.candidates), self.NEW),
            "name": approach.company,
            "city": approach.city,
            "phone": approach.phone,
            "start_date": approach.start_date or period.start_date,
            "end_date": approach.end_date or period.end_date,
        }
        self.initial = {**first, **self.initial}
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def has_candidates(self) -> bool:
        return bool(self.candidates)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end, period = cleaned.get("start_date"), cleaned.get("end_date"), self.approach.period
        if start and end and end < start:
            self.add_error("end_date", "La date de fin est avant la date de début.")
        elif start and end and (end < period.start_date or start > period.end_date):
            self.add_error(
                "start_date",
                f"Ces jours sont hors de la période, {french.period(period.start_date, period.end_date)}.",
            )
        if cleaned.get("which") == self.OTHER and not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", "Dites quelle fiche.")
        if cleaned.get("which") == self.NEW:
            if not (cleaned.get("name") or "").strip():
                self.add_error("name", "Écrivez le nom de l’entreprise.")
            if not (cleaned.get("city") or cleaned.get("postal_code")):
                self.add_error("city", "Dites dans quelle commune est l’entreprise.")
        return cleaned

    def host(self) -> services.Host:
        """Where the pupil goes, for the service."""
        cleaned = self.cleaned_data
        if cleaned["which"] == self.NEW:
            return services.Host(
                new_partner=services.NewPartner(
                    name=cleaned["name"].strip(),
                    siret=cleaned["siret"],
                    postal_code=cleaned["postal_code"].strip(),
                    city=cleaned["city"].strip(),
                    phone=cleaned["phone"].strip(),
                )
            )
        return services.Host(
            partner=cleaned.get("other") if cleaned["which"] == self.OTHER else self.candidates[cleaned["which"]]
        )
