"""The natures of action and the models that ship: which contract type each nature is, and how each is prepared.

Natures are those of `core/data/typologie_actions.csv`; `events/data/kinds.csv` says for each its contract type and its
model, or the page where it is entered when it is no action (a PFMP, a payment, an offer). Models are `events/data/models.toml`.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from core import typography
from core.text import searchable
from events.enums import ActionType, Label, Occasion

HERE = Path(__file__).parent / "data"
NATURES = Path(__file__).parent.parent / "core" / "data" / "typologie_actions.csv"
GENERAL = "general"


@dataclass(frozen=True)
class Step:
    """One thing to do; `days` from the first day of the action, negative before it."""

    days: int
    label: str


@dataclass(frozen=True)
class Letter:
    """The words of a letter, variables not filled (events/letters.py)."""

    subject: str
    body: str


@dataclass(frozen=True)
class Model:
    """How a sort of action is prepared."""

    slug: str
    name: str
    kind: str
    about: str
    hours: Decimal
    steps: tuple[Step, ...]
    letters: Mapping[Occasion, Letter]
    order: int | None = None
    is_at_partner: bool = False


@dataclass(frozen=True)
class Kind:
    """A nature of action. `type` is None for what is no action: `page` is then the URL name of where it is entered."""

    code: str
    label: str
    family: str
    description: str
    papers: str
    type: ActionType | None
    model: str
    event: str
    label_given: Label | None
    for_priority: bool | None
    page: str
    advice: str

    @property
    def is_action(self) -> bool:
        return self.type is not None

    @property
    def words(self) -> str:
        """What it is found by, folded."""
        return searchable(self.label, self.description, self.family)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def kinds() -> Mapping[str, Kind]:
    """Every nature by code, in the order of the typology."""
    ours = {row["code"]: row for row in _rows(HERE / "kinds.csv")}
    found = {}
    for row in _rows(NATURES):
        own = ours[row["code"]]
        found[row["code"]] = Kind(
            code=row["code"],
            label=typography.french(row["libelle"]),
            family=typography.french(row["famille"]),
            description=typography.french(row["description"]),
            papers=typography.french(row["documents_associes"]),
            type=ActionType(own["type"]) if own["type"] else None,
            model=own["model"],
            event=own["event"],
            label_given=Label(own["label"]) if own["label"] else None,
            for_priority=True if own["priority"] else None,
            page=own["page"],
            advice=typography.french(own["advice"]),
        )
    return found


def kind(code: str) -> Kind | None:
    """The nature of a code; None for a code that is none."""
    return kinds().get(code)


def label(code: str) -> str:
    """What a nature is called, "" for a code that is none."""
    found = kind(code)
    return found.label if found else ""


def by_family() -> dict[str, list[Kind]]:
    """The natures under their family, both in the order of the typology."""
    found: dict[str, list[Kind]] = {}
    for one in kinds().values():
        found.setdefault(one.family, []).append(one)
    return found


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The natures that are actions, grouped by family, for a list to choose in."""
    groups = [
        (family, [(one.code, one.label) for one in members if one.is_action]) for family, members in by_family().items()
    ]
    return [group for group in groups if group[1]]


@cache
def models() -> Mapping[str, Model]:
    """The models that ship, by slug."""
    found = {}
    for slug, one in tomllib.loads((HERE / "models.toml").read_text(encoding="utf-8")).items():
        found[slug] = Model(
            slug=slug,
            name=typography.french(one["name"]),
            kind=one["kind"],
            about=typography.french(one["about"]),
            hours=Decimal(str(one["hours"])),
            steps=tuple(Step(days, typography.french(text)) for days, text in one["steps"]),
            letters={
                Occasion(occasion): Letter(letter["subject"], typography.french(letter["body"].strip()))
                for occasion, letter in one.get("letters", {}).items()
            },
            order=one.get("order"),
            is_at_partner=one.get("where") == "partner",
        )
    return found


def model_for(code: str) -> Model:
    """The model of a nature, the general one for a nature that is none."""
    found = kind(code)
    return models()[(found.model if found else "") or GENERAL]


def model_for_type(wanted: str) -> Model:
    """The model of a contract type, for an action that has no nature: that of the first nature of this type."""
    found = next((one for one in kinds().values() if one.type == wanted and wanted != ActionType.OTHER), None)
    return model_for(found.code if found else "")


def first_models() -> list[Model]:
    """Those proposed first, in their order."""
    return sorted((one for one in models().values() if one.order is not None), key=lambda one: one.order or 0)
