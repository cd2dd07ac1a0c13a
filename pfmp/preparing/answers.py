"""What the company is asked, and what it wrote: kept in `PreConvention.answers` until a teacher validates it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pfmp.models import PreConvention

STEPS: tuple[tuple[str, str], ...] = (
    ("personnes", "Qui signe, qui accompagne"),
    ("entreprise", "L’entreprise"),
    ("horaires", "Les horaires"),
    ("activites", "Les activités"),
    ("securite", "La sécurité"),
    ("pratique", "Repas, assurance"),
    ("verification", "Vérifier et remettre"),
)
"""What the company is asked, in order: (code, title)."""


LONGEST_ANSWER = 5000


MOST_ANSWERS = 120


@dataclass(frozen=True)
class Answers:
    """What the company wrote. `raw`: each page as it was sent, to be shown again; `clean`: the pages that hold."""

    partner: str = ""
    raw: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    clean: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, pre: PreConvention) -> "Answers":
        """Those of a pre-convention; none when the company of the placement is another one since."""
        kept = pre.answers or {}
        found = cls(kept.get("partner", ""), kept.get("raw", {}), kept.get("clean", {}))
        return cls() if found.partner and found.partner != str(pre.placement.partner.public_id) else found

    def get(self, step: str, name: str, default: Any = "") -> Any:
        return self.clean.get(step, {}).get(name, default)

    def person(self, who: str) -> dict[str, str]:
        """`signer` or `tutor`, by field; empty when nobody is named."""
        found: dict[str, str] = dict(self.get("personnes", who, {}))
        return found if found.get("last_name") else {}

    @property
    def missing(self) -> list[str]:
        """The pages that still have to be filled, by title."""
        return [title for code, title in STEPS if code not in self.clean]

    @property
    def first_missing(self) -> str:
        """The code of the first page to fill; the last page when all are."""
        return next((code for code, _ in STEPS if code not in self.clean), STEPS[-1][0])


def short(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, within bounds: a page holds neither a book nor a thousand fields."""
    return {
        str(name)[:100]: [str(one)[:LONGEST_ANSWER] for one in value[:MOST_ANSWERS]]
        if isinstance(value, list)
        else str(value)[:LONGEST_ANSWER]
        for name, value in list(raw.items())[:MOST_ANSWERS]
    }


def is_elsewhere(pre: PreConvention) -> bool:
    """Was it sent to another company than that of the placement today?"""
    partner = (pre.answers or {}).get("partner", "")
    return bool(partner) and partner != str(pre.placement.partner.public_id)
