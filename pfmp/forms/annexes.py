"""The form of a pedagogical annex: its formation, its texts, its skills one a line."""

from typing import Any

from django import forms

from pfmp import annexes
from pfmp.models import FormationAnnex
from schools.forms import RecordForm


class AnnexForm(RecordForm):
    """Skills are pasted as the referential names them: « C1.2 Préparer le poste de travail »."""

    formation = forms.ChoiceField(
        label="Formation", help_text="L’annexe est proposée pour chaque élève des classes de cette formation."
    )
    skill_lines = forms.CharField(
        label="Compétences visées",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Une par ligne, le code d’abord : collez-les depuis le référentiel.",
    )

    class Meta:
        model = FormationAnnex
        fields = ["formation", "label", "aims", "tasks", "following", "evaluation", "is_active"]
        paragraphs = ("aims", "tasks", "following", "evaluation", "skill_lines")
        labels = {"is_active": "Proposée quand un placement se prépare"}
        help_texts = {
            "following": "Imprimé sur la convention : contacts, visites, qui et quand.",
            "evaluation": "Imprimé sur la convention : grille, moment, qui évalue.",
        }

    field_order = ["formation", "label", "skill_lines", "tasks", "aims", "following", "evaluation", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = annexes.formations(self.school, self.membership)
        if not self.is_new and self.instance.formation not in known:
            known.append(self.instance.formation)
        self.fields["formation"].choices = [("", "Choisissez"), *((one, one) for one in known)]
        if not self.is_new:
            self.initial["skill_lines"] = annexes.written(self.instance.skills.all())

    def _size_text(self, name: str, field: forms.CharField) -> None:
        """Eighty skills do not fit in a paragraph."""
        if name != "skill_lines":
            super()._size_text(name, field)

    def clean_skill_lines(self) -> list[annexes.SkillLine]:
        return annexes.read_skills(self.cleaned_data["skill_lines"])
