"""What a company is asked before it hosts a pupil: one short form a subject, each kept as soon as it is sent.

Names of fields carry the code of their page, so that the same forms stand one by one behind the company's link and all
together on the screen where a colleague types the paper sheet.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from documents.forms.online import EmailLine, LineField, PaperLine, Plain
from partners.forms.fields import SiretField
from pfmp import preparing
from pfmp.forms.timetable import TimetableField
from pfmp.preparing import Answers, Known
from pfmp.rules import works


def lines(label: str, *, most: int = 2000, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """Several lines of free text."""
    return forms.CharField(
        label=label, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class Step(Plain):
    """One page of the company. `kept` is what its answers become, in plain JSON."""

    code: ClassVar[str]
    wanted: ClassVar[tuple[str, ...]] = ()  # optional, yet expected: not marked « facultatif »

    def __init__(self, data: Any, *, known: Known, answers: Answers, usual_tasks: Iterable[str] = ()) -> None:
        self.known, self.answers, self.usual_tasks = known, answers, tuple(usual_tasks)
        kept = answers.raw.get(self.code)
        first = self.again(answers.clean[self.code]) if self.code in answers.clean else self.first(known)
        super().__init__(data if data is not None else kept, prefix=self.code, initial=first)
        self.is_sent = data is not None
        for name in self.wanted:
            self.fields[name].wanted = True
        self.offer()
        if not self.is_sent and self.code not in answers.clean:
            self.blank_errors()

    def blank_errors(self) -> None:
        """A page kept unfinished is shown again as it was typed; its faults are told when it is sent."""
        if self.is_bound:
            self._errors = forms.utils.ErrorDict()
            self.cleaned_data = {}

    def first(self, known: Known) -> dict[str, Any]:
        """What the school knows already, for the company to check."""
        return {}

    def again(self, clean: Mapping[str, Any]) -> dict[str, Any]:
        """What was answered, as the fields show it: `kept`, backwards."""
        return dict(clean)

    def offer(self) -> None:
        """Choices that depend on the placement."""

    def kept(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def typed(self) -> dict[str, Any]:
        """What was sent, field by field, to show the page again as it was."""
        found: dict[str, Any] = {}
        for name in self.data:
            if name.startswith(f"{self.code}-"):
                given = self.data.getlist(name) if hasattr(self.data, "getlist") else self.data[name]
                given = [given] if isinstance(given, str) else given
                values = [value.replace("\0", "") for value in given]  # PostgreSQL keeps no NUL
                found[name] = values if len(values) != 1 or name in self.many() else values[0]
        return found

    def many(self) -> set[str]:
        """Fields whose value is a list, however short."""
        return {
            self.add_prefix(name) for name, field in self.fields.items() if isinstance(field, forms.MultipleChoiceField)
        }


class PeopleStep(Step):
    """Who signs is asked first; the tutor may be the same person."""

    code = "personnes"
    wanted = ("signer_email", "tutor_last_name", "tutor_first_name", "tutor_position", "tutor_email", "tutor_phone")

    signer_last_name = PaperLine("Nom", error_messages={"required": "Dites qui signe pour l’entreprise."})
    signer_first_name = PaperLine("Prénom", error_messages={"required": "Écrivez son prénom."})
    signer_position = PaperLine("Fonction", error_messages={"required": "Dites sa fonction, par exemple gérant."})
    signer_email = EmailLine("Adresse électronique", most=254, required=False)
    signer_phone = LineField("Téléphone", most=40, required=False)
    same = forms.BooleanField(label="Cette personne est aussi le tuteur", required=False)
    tutor_last_name = PaperLine("Nom", required=False)
    tutor_first_name = PaperLine("Prénom", required=False)
    tutor_position = PaperLine("Fonction", required=False)
    tutor_email = EmailLine("Adresse électronique", most=254, required=False)
    tutor_phone = LineField("Téléphone", most=40, required=False)

    FIELDS = ("last_name", "first_name", "position", "email", "phone")

    def first(self, known: Known) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for who, contact in (("signer", known.signer), ("tutor", known.tutor)):
            if contact is not None:
                found |= {f"{who}_{name}": getattr(contact, name) for name in self.FIELDS}
        if known.signer is not None and known.signer == known.tutor:
            found = {name: value for name, value in found.items() if not name.startswith("tutor_")} | {"same": True}
        return found

    def again(self, clean: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {
            f"{who}_{name}": value for who in ("signer", "tutor") for name, value in clean[who].items()
        }
        return found | {"same": clean["signer"] == clean["tutor"]}

    def offer(self) -> None:
        for who in ("signer", "tutor"):
            self.fields[f"{who}_phone"].widget.input_type = "tel"
            for name in self.FIELDS:
                self.fields[f"{who}_{name}"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("same"):
            if not cleaned.get("tutor_last_name") and "tutor_last_name" not in self.errors:
                self.add_error("tutor_last_name", "Dites qui est le tuteur : il suit l’élève sur place.")
            if not cleaned.get("tutor_position") and "tutor_position" not in self.errors:
                self.add_error("tutor_position", "Dites sa fonction.")
        return cleaned

    def kept(self) -> dict[str, Any]:
        people = {
            who: {name: self.cleaned_data[f"{who}_{name}"] for name in self.FIELDS} for who in ("signer", "tutor")
        }
        if self.cleaned_data["same"]:
            people["tutor"] = people["signer"]
        return people


class CompanyStep(Step):
    """Its own identity, as the convention will print it."""

    code = "entreprise"
    wanted = ("siret", "phone", "email")

    siret = SiretField(help_text="14 chiffres, sur vos factures. Vide si vous n’en avez pas.")
    name = PaperLine("Nom ou raison sociale", most=200, error_messages={"required": "Écrivez le nom de l’entreprise."})
    address = PaperLine("Adresse", most=200, error_messages={"required": "Écrivez l’adresse."})
    postal_code = PaperLine("Code postal", most=10, error_messages={"required": "Écrivez le code postal."})
    city = PaperLine("Commune", most=100, error_messages={"required": "Écrivez la commune."})
    phone = LineField("Téléphone", most=40, required=False)
    email = EmailLine("Adresse électronique de l’entreprise", most=254, required=False)
    place_address = PaperLine(
        "Lieu où l’élève travaille, s’il est ailleurs", most=200, required=False, help_text="Chantier, agence, magasin…"
    )

    def first(self, known: Known) -> dict[str, Any]:
        found = {name: getattr(known.partner, name) for name in preparing.PARTNER_FIELDS}
        return {**found, "place_address": known.placement.place_address}

    def offer(self) -> None:
        self.fields["phone"].widget.input_type = "tel"
        self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"
        self.fields["siret"].widget.attrs["inputmode"] = "numeric"


class HoursStep(Step):
    """The week, day by day."""

    code = "horaires"

    timetable = TimetableField(label="Horaires de la semaine", required=False)
    has_variable_hours = forms.BooleanField(
        label="Les horaires varient : nous communiquons le planning au lycée chaque semaine", required=False
    )

    def first(self, known: Known) -> dict[str, Any]:
        if known.placement.timetable:
            return {"timetable": known.placement.timetable}
        return {"timetable": {"feries": "1"}} if known.is_minor is not False else {}

    def clean_timetable(self) -> str:
        text: str = self.cleaned_data["timetable"]
        if not text:
            raise forms.ValidationError("Indiquez les heures d’au moins un jour.")
        return text


class TasksStep(Step):
    """What the pupil will do: usual tasks of the formation to tick, and others."""

    code = "activites"

    usual = forms.MultipleChoiceField(label="Activités habituelles de la formation", required=False)
    others = lines("D’autres activités", rows=4, help_text="Une par ligne.")

    def first(self, known: Known) -> dict[str, Any]:
        return {"others": known.placement.tasks}

    def offer(self) -> None:
        field = self.fields["usual"]
        field.wanted = self.fields["others"].wanted = True
        field.widget = forms.CheckboxSelectMultiple()
        field.choices = [(task, task) for task in self.usual_tasks]
        if not self.usual_tasks:
            del self.fields["usual"]
            self.fields["others"].label = "Les activités confiées à l’élève"

    def again(self, clean: Mapping[str, Any]) -> dict[str, Any]:
        said = clean["tasks"].splitlines()
        return {
            "usual": [line for line in said if line in self.usual_tasks],
            "others": "\n".join(line for line in said if line not in self.usual_tasks),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("usual") and not cleaned.get("others", "").strip():
            self.add_error("others", "Dites au moins une activité que l’élève fera.")
        return cleaned

    def kept(self) -> dict[str, Any]:
        others = [line.strip() for line in self.cleaned_data.get("others", "").splitlines()]
        usual = self.cleaned_data.get("usual", [])
        return {"tasks": "\n".join(dict.fromkeys([*usual, *(line for line in others if line)]))}


def want_supervisor(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Regulated works that are ticked name who supervises them."""
    named = cleaned.get("works_supervisor") or "works_supervisor" in form.errors
    if cleaned.get("regulated_works") and not named:
        form.add_error("works_supervisor", "Dites qui encadre les travaux cochés.")


class SafetyStep(Step):
    """Equipment, protections; for a minor, the works that need a declaration."""

    code = "securite"
    wanted = ("equipment", "protections", "works_supervisor")

    equipment = lines("Équipements et machines que l’élève utilisera")
    protections = lines("Protections que vous lui fournissez", help_text="Chaussures, casque, gants, lunettes…")
    regulated_works = forms.MultipleChoiceField(
        label="Travaux réglementés que l’élève ferait",
        required=False,
        choices=[(work.article, work.sentence) for work in works.DECLARABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text="Interdits avant 18 ans sans déclaration à l’inspection du travail. Ne cochez rien s’il n’en fait pas.",
    )
    works_supervisor = PaperLine(
        "Qui encadre ces travaux", most=200, required=False, help_text="Qualité ou fonction de la personne compétente."
    )
    electrical_level = PaperLine("Habilitation électrique prévue", most=60, required=False)

    def first(self, known: Known) -> dict[str, Any]:
        names = ("equipment", "protections", "electrical_level")
        found = {name: getattr(known.terms, name) for name in names} if known.terms else {}
        if known.terms and known.is_own:  # which works another pupil did says nothing of this one
            found |= {name: getattr(known.terms, name) for name in ("regulated_works", "works_supervisor")}
        return found

    def offer(self) -> None:
        if not self.known.asks_works:
            del self.fields["regulated_works"], self.fields["works_supervisor"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        want_supervisor(self, cleaned)
        return cleaned


class PracticalStep(Step):
    """Meals, transport, housing, gratuity, insurance: the financial annex."""

    code = "pratique"
    wanted = ("insurer", "insurance_number")

    meals = PaperLine("Repas", most=200, required=False, help_text="Par exemple : cantine, prise en charge à moitié.")
    transport = PaperLine("Transport", most=200, required=False)
    housing = PaperLine("Hébergement", most=200, required=False)
    gratuity = forms.DecimalField(
        label="Gratification, en euros par heure",
        required=False,
        min_value=Decimal("0"),
        max_value=Decimal("100"),
        decimal_places=2,
        localize=True,
        help_text="Facultative jusqu’à 308 heures dans l’année ; au-delà, la loi fixe un minimum.",
    )
    gratuity_terms = PaperLine("Comment elle est versée", most=200, required=False)
    insurer = PaperLine(
        "Assureur, responsabilité civile", most=120, error_messages={"required": "Écrivez le nom de votre assureur."}
    )
    insurance_number = PaperLine("Numéro de contrat", most=60, required=False)

    def first(self, known: Known) -> dict[str, Any]:
        names = ("meals", "transport", "housing", "insurer", "insurance_number")
        found = {name: getattr(known.terms, name) for name in names} if known.terms else {}
        if known.terms and known.is_own and known.terms.gratuity:
            found |= {"gratuity": f"{known.terms.gratuity:.2f}", "gratuity_terms": known.terms.gratuity_terms}
        return found

    def kept(self) -> dict[str, Any]:
        rate = self.cleaned_data.get("gratuity")
        return {**self.cleaned_data, "gratuity": "" if rate is None else str(rate)}


class ConfirmStep(Step):
    """Who answered, and R-USAGE-01 in plain words."""

    code = "verification"

    is_no_job = forms.BooleanField(
        label="L’élève ne remplace personne et n’occupe pas un poste permanent ou saisonnier",
        error_messages={"required": "Un élève en stage ne tient pas un emploi : confirmez-le, ou appelez le lycée."},
    )
    filled_by = PaperLine("Votre nom", error_messages={"required": "Écrivez votre nom."})


STEPS: tuple[type[Step], ...] = (
    PeopleStep, CompanyStep, HoursStep, TasksStep, SafetyStep, PracticalStep, ConfirmStep,
)  # fmt: skip
BY_CODE: Mapping[str, type[Step]] = {step.code: step for step in STEPS}


class RefuseForm(Plain):
    """« Nous ne pouvons plus »: why, for the school."""

    reason = forms.CharField(
        label="Ce que le lycée doit savoir",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Rien sur la santé de quelqu’un.",
    )
