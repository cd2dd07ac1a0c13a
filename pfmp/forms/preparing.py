"""Forms of the team on a pre-convention: to whom it goes, what a teacher validates, the annexes corrected by hand."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core import french
from documents.forms.online import EmailLine, LineField, Plain
from partners.forms.fields import partner_field
from pfmp.forms.company import want_supervisor
from pfmp.forms.placements import periods_of
from pfmp.models import FormationAnnex, Placement, Terms
from pfmp.preparing import Difference
from pfmp.rules import works
from schools.forms import DateInput, RecordForm
from schools.models import Student


class SendForm(Plain):
    """Who fills the pre-convention at the company."""

    name = LineField("Qui la remplit dans l’entreprise", error_messages={"required": "Écrivez son nom."})
    email = EmailLine(
        "Son adresse électronique", most=254, required=False, help_text="Vide : montrez le lien ou imprimez la fiche."
    )


def skill_choices(found: Iterable[FormationAnnex], kept: Iterable[dict[str, str]]) -> list[tuple[str, Any]]:
    """The skills of the annexes as groups of boxes, and those kept that no annex lists any more."""
    groups: list[tuple[str, Any]] = []
    seen: set[str] = set()
    for annex in found:
        skills = [skill for skill in annex.skills.all() if skill.code not in seen]
        seen |= {skill.code for skill in skills}
        if skills:
            groups.append((annex.label, [(skill.code, str(skill)) for skill in skills]))
    if others := [one for one in kept if one["code"] not in seen]:
        groups.append(("Autres", [(one["code"], f"{one['code']} {one['label']}") for one in others]))
    return [(code, label) for _, skills in groups for code, label in skills] if len(groups) == 1 else groups


class SkillsField(forms.MultipleChoiceField):
    """Skills to tick; the value is a list of {"code", "label"}."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, found: Iterable[FormationAnnex], kept: Iterable[dict[str, str]]) -> None:
        kept = list(kept)
        found = list(found)
        self.labels = {one["code"]: one["label"] for one in kept}
        self.labels |= {skill.code: skill.label for annex in found for skill in annex.skills.all()}
        self.choices = skill_choices(found, kept)

    def clean(self, value: Any) -> list[dict[str, str]]:
        return [{"code": code, "label": self.labels[code]} for code in super().clean(value)]


class ReviewForm(Plain):
    """What a teacher validates: the tasks against the skills, how the pupil is followed, what the files take."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    tasks = forms.CharField(
        label="Activités confiées",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Une par ligne. Corrigez-les au besoin : elles sont imprimées sur la convention.",
        error_messages={"required": "Écrivez au moins une activité."},
    )
    skills = SkillsField(label="Compétences visées", required=False)
    supervision = forms.CharField(
        label="Encadrement et suivi", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    evaluation = forms.CharField(
        label="Évaluation", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    taken = forms.MultipleChoiceField(label="À reporter sur les fiches", required=False)

    def __init__(self, *args: Any, annexes: list[FormationAnnex], differences: list[Difference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].offer(annexes, ())
        self.fields["skills"].wanted = True
        if not annexes:
            del self.fields["skills"]
        self.differences = differences
        open_ones = [one for one in differences if not one.refused]
        self.fields["taken"].choices = [(one.key, one.label) for one in open_ones]
        self.initial.setdefault("taken", [one.key for one in open_ones if one.is_new])

    @property
    def ticked(self) -> set[str]:
        """The keys that the page shows ticked."""
        return {str(key) for key in self["taken"].value() or ()}


class SendBackForm(Plain):
    """Why the company corrects."""

    correction = forms.CharField(
        label="Ce qu’il faut corriger",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’entreprise le lit. Rien sur la santé de l’élève.",
        error_messages={"required": "Dites à l’entreprise ce qu’il faut corriger."},
    )


class TermsForm(RecordForm):
    """The annexes of a placement, as a colleague writes or corrects them."""

    skills = SkillsField(label="Compétences visées", required=False)
    regulated_works = forms.MultipleChoiceField(
        label="Travaux réglementés",
        required=False,
        choices=[(work.article, work.sentence) for work in works.DECLARABLE],
        widget=forms.CheckboxSelectMultiple,
    )
    confirm_edition = forms.BooleanField(
        label="Oui, éditer une nouvelle version : les signatures seront à refaire", required=False
    )
    amendment_reason = forms.CharField(
        label="Pourquoi la convention change",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Imprimé sur l’avenant. Rien sur la santé.",
    )
    effective_date = forms.DateField(label="À compter du", required=False, widget=DateInput)

    class Meta:
        model = Terms
        fields = [
            "skills", "supervision", "evaluation", "equipment", "protections", "regulated_works", "works_supervisor",
            "electrical_level", "has_variable_hours", "meals", "transport", "housing", "gratuity", "gratuity_terms",
            "insurer", "insurance_number", "is_no_job",
        ]  # fmt: skip
        paragraphs = ("supervision", "evaluation", "equipment", "protections", "amendment_reason")
        labels = {"is_no_job": "L’entreprise confirme que l’élève ne tient pas un emploi"}

    PAPER_FIELDS = tuple(name for name in Meta.fields if name != "is_no_job")
    """Those that the convention prints."""

    def __init__(
        self, *args: Any, placement: Placement, annexes: list[FormationAnnex], paper: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instance.placement = placement
        self.paper = paper
        self.fields["skills"].offer(annexes, self.instance.skills or ())
        self.initial["skills"] = [one["code"] for one in self.instance.skills or ()]
        if self.instance.gratuity is not None:
            self.initial["gratuity"] = f"{self.instance.gratuity:.2f}"
        if not self.fields["skills"].choices:
            del self.fields["skills"]
        if self.is_new and annexes:
            self.initial.setdefault("supervision", annexes[0].following)
            self.initial.setdefault("evaluation", annexes[0].evaluation)
        if paper != "avenant":
            del self.fields["amendment_reason"], self.fields["effective_date"]
        if paper != "edition":
            del self.fields["confirm_edition"]

    @property
    def changes_paper(self) -> bool:
        return any(name in self.PAPER_FIELDS for name in self.changed_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        want_supervisor(self, cleaned)
        if self.changes_paper and self.paper == "edition" and not cleaned.get("confirm_edition"):
            self.add_error("confirm_edition", "Dites si une nouvelle version de la convention doit être éditée.")
        if self.changes_paper and self.paper == "avenant" and not cleaned.get("amendment_reason", "").strip():
            self.add_error("amendment_reason", "Dites pourquoi la convention change : c’est imprimé sur l’avenant.")
        return cleaned


class FreshForm(RecordForm):
    """A pre-convention from nothing: the period, the company, who fills it. The pupil is the one of the page."""

    partner = forms.Field(required=False)  # set to a lookup of the school's partners
    new_name = forms.CharField(label="Ou une nouvelle entreprise", required=False, max_length=200)
    new_city = forms.CharField(label="Sa commune", required=False, max_length=100)
    name = LineField("Qui la remplit dans l’entreprise", error_messages={"required": "Écrivez son nom."})
    email = EmailLine(
        "Son adresse électronique",
        most=254,
        required=False,
        help_text="Vide : vous imprimez la fiche, ou montrez le lien.",
    )

    class Meta:
        model = Placement
        fields = ["period", "start_date", "end_date"]
        labels = {"start_date": "Premier jour", "end_date": "Dernier jour"}

    field_order = [
        "creation_key",
        "period",
        "start_date",
        "end_date",
        "partner",
        "new_name",
        "new_city",
        "name",
        "email",
    ]

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.student = student
        self.fields["partner"] = partner_field(self.school, label="Entreprise", required=False)
        self.order_fields(self.field_order)
        found = list(periods_of(student, self.school))
        field = self.fields["period"]
        field.queryset = field.queryset.filter(pk__in=[one.pk for one in found]).order_by("-start_date")
        field.label_from_instance = lambda one: f"{one.label}, {french.period(one.start_date, one.end_date)}"
        field.empty_label = None if found else "Aucune période"
        for name in ("start_date", "end_date"):
            self.fields[name].required = False
            self.fields[name].help_text = "Vide : celui de la période."
        self.fields["partner"].wanted = True
        self.fields["email"].wanted = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        period = cleaned.get("period")
        if period is not None:
            cleaned["start_date"] = cleaned.get("start_date") or period.start_date
            cleaned["end_date"] = cleaned.get("end_date") or period.end_date
            if cleaned["end_date"] < cleaned["start_date"]:
                self.add_error("end_date", "La date de fin est avant la date de début.")
        if "partner" not in self.errors and not cleaned.get("partner"):
            if not cleaned.get("new_name", "").strip():
                self.add_error("partner", "Choisissez une entreprise, ou écrivez-en une nouvelle.")
            elif not cleaned.get("new_city", "").strip():
                self.add_error("new_city", "Dites dans quelle commune elle est.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"partner"}
