"""The pupil's opinion as a form: six questions on faces with their words, and a free sentence. To a pupil one says « tu »."""

from typing import Any

from django import forms

from pfmp.models import WelcomeOpinion
from pfmp.rules import evaluation as rules


class OpinionForm(forms.Form):
    """A face and its words for each question."""

    comment = forms.CharField(
        label="Tu veux ajouter quelque chose ?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "1000"}),
        help_text="Des faits. Rien sur ta santé ni sur celle des autres.",
    )

    def __init__(self, *args: Any, row: WelcomeOpinion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = row.answers if row else {}
        for code, question in rules.QUESTIONS.items():
            self.fields[code] = forms.TypedChoiceField(
                label=question,
                choices=[(str(level), words) for level, (_, words) in rules.FACES.items()],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choisis une réponse.",
                    "invalid_choice": "Choisis une réponse de la liste.",
                },
            )
            self.initial[code] = str(said.get(code, ""))
        self.order_fields([*rules.QUESTIONS, "comment"])
        self.initial["comment"] = row.comment if row else ""

    @property
    def questions(self) -> list[tuple[forms.BoundField, list[tuple[str, str, str, bool]]]]:
        """Each question with its faces: value, icon, words, chosen."""
        found = []
        for code in rules.QUESTIONS:
            field = self[code]
            chosen = str(field.value() or "")
            faces = [(str(level), icon, words, str(level) == chosen) for level, (icon, words) in rules.FACES.items()]
            found.append((field, faces))
        return found

    def answers(self) -> dict[str, int]:
        return {code: self.cleaned_data[code] for code in rules.QUESTIONS}
