"""The tutor's grid as a form: a line of levels for each skill and attitude, a comment."""

from collections.abc import Iterable
from typing import Any

from django import forms

from pfmp.models import TutorEvaluation
from pfmp.rules import evaluation as rules
from pfmp.rules.evaluation import Line

LEVELS = [(str(level), words) for level, words in rules.LEVELS.items()]
DRAFT = "brouillon"


class EvaluationForm(forms.Form):
    """Levels in words. A draft may be half empty; handed in, each line has its answer, « non observé » among them."""

    comment = forms.CharField(
        label="Ce que vous voulez ajouter",
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": "1500"}),
        help_text="Ce que l’élève sait faire, ce qu’il peut travailler. Ni note sur 20, ni rien sur sa santé.",
    )
    author = forms.CharField(label="Votre nom", max_length=120)

    def __init__(
        self, *args: Any, skills: Iterable[Line], attitudes: Iterable[Line], row: TutorEvaluation | None, name: str,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.lines: dict[str, tuple[str, Line]] = {}
        for kind, lines, said in (
            ("c", skills, row.marks if row else {}),
            ("a", attitudes, row.attitudes if row else {}),
        ):
            for rank, line in enumerate(lines):
                field = f"{kind}{rank}"
                self.lines[field] = kind, line
                label = f"{line.code} {line.label}" if kind == "c" else line.label
                self.fields[field] = forms.ChoiceField(
                    label=label, choices=LEVELS, required=False, widget=forms.RadioSelect
                )
                level = said.get(line.code)
                self.initial[field] = "" if level is None else str(level)
        self.order_fields([*self.lines, "comment", "author"])
        self.initial["comment"] = row.comment if row else ""
        self.initial["author"] = (row.author_name if row else "") or name

    @property
    def is_draft(self) -> bool:
        return DRAFT in self.data

    def clean_author(self) -> str:
        return " ".join(self.cleaned_data["author"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_draft:
            for field in self.lines:
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, "Choisissez un niveau, ou « non observé ».")
        return cleaned

    @property
    def questions(self) -> list[tuple[str, forms.BoundField, list[tuple[str, str, bool]]]]:
        """Each line with its kind ("c" or "a") and its levels: value, words, chosen."""
        found = []
        for name, (kind, _) in self.lines.items():
            field = self[name]
            said = field.value()
            chosen = "" if said is None else str(said)
            found.append((kind, field, [(value, words, value == chosen) for value, words in LEVELS]))
        return found

    def levels(self, kind: str) -> dict[str, int]:
        """What was answered of the skills ("c") or of the attitudes ("a"), by code."""
        return {
            line.code: int(self.cleaned_data[field])
            for field, (of, line) in self.lines.items()
            if of == kind and self.cleaned_data.get(field)
        }
