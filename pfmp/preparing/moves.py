"""How a pre-convention goes from one state to the next, along `pfmp.rules.preparing`: one way, compare-and-set."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse

from core import audit, mail, site, typography
from pfmp import documents
from pfmp.enums import PreConventionState
from pfmp.models import Placement, PreConvention
from pfmp.rules import preparing as moves
from pfmp.rules.preparing import Actor
from schools.models import School

STALE = "Quelqu’un vient de changer cette pré-convention. Regardez où elle en est, puis recommencez s’il le faut."


CLOSED = (
    "Le lycée a repris cette pré-convention : elle ne se remplit plus ici. Appelez-le s’il reste quelque chose à dire."
)


def shift(
    pre: PreConvention, target: PreConventionState, actor: Actor, *, by: Any, now: datetime, **values: Any
) -> None:
    """Compare-and-set along the table, or ValidationError says that someone was first."""
    source = PreConventionState(pre.state)
    if not moves.may(source, target, actor):
        raise ValidationError(STALE if actor is Actor.TEAM else CLOSED)
    changed = (
        PreConvention.objects.in_school(pre.school_id)
        .filter(pk=pre.pk, state=source)
        .update(state=target, version=F("version") + 1, updated_by=by, updated_at=now, **values)
    )
    if not changed:
        raise ValidationError(STALE if actor is Actor.TEAM else CLOSED)
    for name, value in values.items():
        setattr(pre, name, value)
    pre.state = target
    pre.version += 1
    audit.record("pfmp.pre_convention_moved", pre, by=by, source=source.value, target=target.value)


def tell_team(pre: PreConvention, subject: str, words: str, *, now: datetime) -> None:
    """A message to the referent, else to the school: the subject names nobody (S-28)."""
    placement = pre.placement
    to = placement.referent_email.strip() or placement.school.email.strip()
    if not mail.is_address(to):
        return
    url = site.address() + reverse("pfmp:placement_preparation", args=[placement.school.uai, placement.public_id])
    mail.send_later(
        to=to,
        subject=subject,
        body=typography.french(f"Bonjour,\n\n{words} :\n\n{url}\n\n{placement.school.name}\n"),
        key=f"pre-convention:{pre.public_id}:{pre.state}:{now:%Y%m%d%H%M}",
        scope=placement.school.uai,
    )


def current(school: School, pk: int) -> Placement:
    """The placement as it is now, with all that its paper reads."""
    (found,) = documents.with_relations(Placement.objects.in_school(school)).filter(pk=pk)
    found.school = school
    return found
