"""One thing done to many records of a list at once: which ones, what it will do, then all of them or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core import audit
from core.verdict import Verdict
from schools.middleware import SchoolRequest
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission

MOST = 5_000
"""Records of one bulk action."""


@dataclass(frozen=True)
class Selection:
    """The records picked on a list: those ticked, or all that its filters find (`query`)."""

    rows: QuerySet[Any]
    count: int
    query: str | None = None

    def posted(self) -> Iterator[tuple[str, str]]:
        """What the next form carries to mean the same records."""
        yield "combien", str(self.count)
        if self.query is not None:
            yield "tout", "1"
            yield "filtres", self.query
        else:
            for public_id in self.rows.values_list("public_id", flat=True):
                yield "choix", str(public_id)


def picked_ids(request: SchoolRequest) -> list[UUID]:
    """The boxes ticked; what is no identifier is left out."""
    found = []
    for text in request.POST.getlist("choix")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


class BulkForm(forms.Form):
    """What a bulk action asks before it is done. A subclass adds fields, says what it will do, and does it."""

    def __init__(
        self, *args: Any, rows: QuerySet[Any], school: School, membership: Membership, nouns: tuple[str, str]
    ) -> None:
        self.rows, self.school, self.membership, self.nouns = rows, school, membership, nouns
        super().__init__(*args)

    def warning(self) -> str:
        """A sentence on what the person may not expect, known before it is done; "" when there is nothing to say."""
        return ""

    def run(self, *, by: Any) -> str:
        """Do it to every record, in the caller's transaction; the sentence that says what was done, with its count.

        Each subclass says how: no action has this class itself as its form.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class BulkAction:
    """A button of the bar under a list: its form, on the list's `_bulk` page, or `url_name`, a page of its own, takes the
    selection."""

    code: str
    label: str  # « Confier à quelqu’un », on the button
    title: str  # « Confier {} », the page's title with « 12 partenaires »
    effect: str  # one sentence: what it will do
    permission: Permission
    icon: str = ""
    form: type[BulkForm] | None = None
    url_name: str = ""
    danger: bool = False


class Registry:
    """The bulk actions of one list; apps above add theirs."""

    def __init__(self) -> None:
        self._actions: dict[str, BulkAction] = {}

    def register(self, action: BulkAction) -> None:
        self._actions[action.code] = action

    def find(self, code: str) -> BulkAction | None:
        return self._actions.get(code)

    def allowed_to(self, membership: Membership) -> list[BulkAction]:
        return [action for action in self._actions.values() if self.may(action, membership)]

    @staticmethod
    def may(action: BulkAction, membership: Membership) -> Verdict:
        return allows(membership, action.permission)


@transaction.atomic
def change_each(rows: QuerySet[Any], *, verb: str, by: Any, school: School, **changes: Any) -> int:
    """Set the same values on many records: versions go up, the journal has a line for each; how many there were."""
    found = list(rows.order_by().values_list("pk", "public_id"))
    model = rows.model
    table = model._default_manager.in_school(school)
    table.filter(pk__in=[pk for pk, _ in found]).update(
        **changes, version=F("version") + 1, updated_at=timezone.now(), updated_by=by
    )
    audit.record_each(
        verb, model, (public_id for _, public_id in found), by=by, scope=school.uai, fields=sorted(changes), bulk=True
    )
    return len(found)
