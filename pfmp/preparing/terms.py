"""The annexes of a placement: written from a pre-convention, corrected by a colleague with the paper that this needs."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from documents import services as papers
from documents.models import Document
from pfmp import services
from pfmp.models import Placement, Terms
from pfmp.preparing.moves import current
from schools.services import change_record, create_record


def amount(text: str) -> Decimal | None:
    """An amount kept as text; None for none."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def write_terms(placement: Placement, values: Mapping[str, Any], *, by: Any) -> Terms:
    """Make the annexes of a placement say these values."""
    known = Terms.objects.in_school(placement.school_id).filter(placement=placement).first()
    if known is None:
        return create_record(Terms(school=placement.school, placement=placement, **values), by=by)[0]
    changed = [name for name, value in values.items() if getattr(known, name) != value]
    if not changed:
        return known
    for name in changed:
        setattr(known, name, values[name])
    known.school, known.placement = placement.school, placement
    return change_record(known, version=known.version, by=by, changed=changed)


@transaction.atomic
def correct_terms(
    placement: Placement, terms: Terms, *, version: int | None, by: Any, now: datetime, changed: list[str],
    amendment: services.Amendment | None = None,
) -> Document | None:  # fmt: skip
    """Save the annexes as a colleague corrects them, and give the convention the paper that this needs: a new edition, or an
    avenant once everyone has signed. Raises StaleEdit, or ValidationError as `services.settle_paper`."""
    papers.hold_numbers(placement.school)
    if terms._state.adding:
        create_record(terms, by=by)
    elif changed:
        change_record(terms, version=terms.version if version is None else version, by=by, changed=changed)
    else:
        return None
    fresh = current(placement.school, placement.pk)
    return services.settle_paper(fresh, fresh, amendment or services.Amendment(), by=by, now=now)
