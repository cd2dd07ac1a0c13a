"""The questions of a survey as a form for a telephone: four large choices each, « sans avis » but for the first, a free word."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core import signing

from pfmp.rules.evaluation import FACES
from surveys.answering import LONGEST_COMMENT, Asked
from surveys.enums import Audience, Grade
from surveys.models import SurveyLink

KEY_SALT = "surveys.answer-key"
KEY_LIVES = 2 * 86400


class SurveyAnswerForm(forms.Form):
    """One answer. `link` None shows the form as its respondents will see it."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    comment = forms.CharField(required=False, max_length=LONGEST_COMMENT)

    def __init__(
        self, *args: Any, questions: Sequence[Asked], audience: str, link: SurveyLink | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.link = questions, link
        to_pupil = audience == Audience.STUDENTS
        for asked in questions:
            self.fields[_name(asked)] = forms.TypedChoiceField(
                label=asked.text,
                choices=[(str(level), words) for level, (_, words) in FACES.items()],
                coerce=lambda value: Grade(int(value)),
                empty_value=None,
                required=asked.position == 1,
                error_messages={
                    "required": "Choisis une réponse." if to_pupil else "Choisissez une réponse.",
                    "invalid_choice": "Choisis une réponse de la liste."
                    if to_pupil
                    else "Choisissez une réponse de la liste.",
                },
            )
        comment = self.fields["comment"]
        comment.label = "Tu veux ajouter quelque chose ?" if to_pupil else "Souhaitez-vous ajouter quelque chose ?"
        comment.help_text = "Des faits, sans nommer personne."
        comment.widget = forms.Textarea(attrs={"rows": 3, "maxlength": str(LONGEST_COMMENT)})
        if link is not None:
            self.fields["key"].initial = signing.dumps([uuid.uuid4().hex, link.pk], salt=KEY_SALT)

    def asked(self) -> list[tuple[forms.BoundField, list[tuple[str, str, str, bool]], bool]]:
        """Each question with its faces (value, icon, words, chosen), the best first, and whether one may have no opinion."""
        found = []
        for one in self.questions:
            field = self[_name(one)]
            chosen = str(field.value() or "")
            faces = [
                (str(level), icon, words, str(level) == chosen)
                for level, (icon, words) in sorted(FACES.items(), reverse=True)
            ]
            found.append((field, faces, one.position > 1))
        return found

    def grades(self) -> Mapping[int, Grade | None]:
        return {one.position: self.cleaned_data[_name(one)] for one in self.questions}

    def answer_key(self) -> uuid.UUID:
        """The one-use key that this page was drawn with; a fresh one when it is unreadable or too old."""
        try:
            text, link = signing.loads(self.cleaned_data["key"], salt=KEY_SALT, max_age=KEY_LIVES)
            return uuid.UUID(text) if self.link is not None and link == self.link.pk else uuid.uuid4()
        except (signing.BadSignature, ValueError, TypeError):
            return uuid.uuid4()


def _name(asked: Asked) -> str:
    return f"q{asked.position}"
