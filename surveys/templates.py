"""Models of survey: those that ship with the platform, and the school's own."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from schools.models import School
from surveys.enums import Audience
from surveys.models import SurveyTemplate

DATA = Path(__file__).parent / "data" / "models.toml"
OWN = "lycee-"
"""A school's own model is named by this and its identifier; the others by their code."""


@dataclass(frozen=True)
class Model:
    """What a survey starts from. `about`: action, period or year; "" when it suits any."""

    code: str
    audience: Audience
    about: str
    name: str
    title: str
    introduction: str
    questions: tuple[str, ...]


@cache
def shipped() -> tuple[Model, ...]:
    """Those of the platform, in their order."""
    return tuple(
        Model(
            row["code"],
            Audience(row["audience"]),
            row["about"],
            row["name"],
            row["title"],
            row["introduction"],
            tuple(row["questions"]),
        )
        for row in tomllib.loads(DATA.read_text("utf-8"))["model"]
    )


def of(row: SurveyTemplate) -> Model:
    """A school's own model as the others."""
    return Model(
        f"{OWN}{row.public_id}",
        Audience(row.audience),
        "",
        row.name,
        row.name,
        row.introduction,
        tuple(str(question) for question in row.questions),
    )


def all_for(school: School) -> list[Model]:
    """The school's own first, then those that ship."""
    return [*map(of, SurveyTemplate.objects.in_school(school).order_by("search_text", "pk")), *shipped()]


def find(school: School, code: str) -> Model | None:
    """The model of a code; None for an unknown one or another school's."""
    if code.startswith(OWN):
        try:
            wanted = UUID(code.removeprefix(OWN))
        except ValueError:
            return None
        row = SurveyTemplate.objects.in_school(school).filter(public_id=wanted).first()
        return of(row) if row else None
    return next((model for model in shipped() if model.code == code), None)
