"""Who follows whom: a balanced proposal for a class, the load of each teacher, and saving what people made of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.errors import StaleEdit
from pfmp import permissions, rules, selectors, services
from pfmp.deliveries import Line
from pfmp.enums import PlacementStatus
from pfmp.models import Period, PfmpSettings, Placement
from pfmp.rules import assigning
from pfmp.rules.assigning import Span, Stay
from schools.enums import Role
from schools.models import Membership, School, TeachingAssignment
from schools.services import change_record

PRINTED = "Sa convention est déjà éditée : changez le référent depuis la page du placement, la convention suit."
STALE = "Quelqu’un vient de modifier ce placement : rouvrez la page."


@dataclass(frozen=True)
class Limits:
    """How many pupils one person follows at once: `most`, the school's own or D124-3's; above `never`, nothing is saved."""

    most: int
    never: int
    is_own: bool


def limits_of(school: School, today: date) -> Limits:
    """R-REF-02, R-CONV-08."""
    known = rules.parameters_on(today)
    own = PfmpSettings.objects.in_school(school).values_list("referent_limit", flat=True).first()
    return Limits(own or known.referent_warning, known.referent_blocking, own is not None)


def teachers_of(period: Period) -> list[Membership]:
    """The active teachers of the class; the head teacher last, who does not follow by default (R-REF-07)."""
    rows = (
        TeachingAssignment.objects.in_school(period.school_id)
        .filter(school_class=period.school_class_id, membership__is_active=True, membership__role=Role.TEACHER)
        .select_related("membership")
        .order_by("is_head_teacher", "membership__last_name", "membership__first_name", "pk")
    )
    return list({row.membership_id: row.membership for row in rows}.values())


def followed_besides(school_id: int, placements: Iterable[Placement]) -> dict[str, list[Span]]:
    """What everyone follows in the dates of these placements, all classes and these left out: by address without case."""
    mine = list(placements)
    if not mine:
        return {}
    first, last = min(one.start_date for one in mine), max(one.end_date for one in mine)
    rows = (
        Placement.objects.in_school(school_id)
        .not_cancelled()
        .filter(start_date__lte=last, end_date__gte=first)
        .exclude(pk__in=[one.pk for one in mine])
        .exclude(referent_email="")
        .values_list("referent_email", "start_date", "end_date", "status", "interrupted_date")
    )
    found: dict[str, list[Span]] = defaultdict(list)
    for email, start, end, status, interrupted in rows:
        if status == PlacementStatus.INTERRUPTED and interrupted:
            end = min(end, interrupted)
        if start <= end:
            found[email.strip().casefold()].append((start.toordinal(), end.toordinal()))
    return dict(found)


def proposal(
    placements: Sequence[Placement],
    teachers: Sequence[Membership],
    others: Mapping[str, Sequence[Span]],
    most: int,
    *,
    again: bool = False,
) -> dict[int, str]:
    """A referent's address for each placement, by primary key; those that have one keep it, unless `again`. "" for nobody."""
    kept = {
        one.pk: one.referent_email.strip().casefold() for one in placements if one.referent_email.strip() and not again
    }
    loads = {email: list(spans) for email, spans in others.items()}
    for one in placements:
        if one.pk in kept:
            loads.setdefault(kept[one.pk], []).append(span_of(one))
    free = [Stay(str(one.pk), one.start_date, one.end_date) for one in placements if one.pk not in kept]
    found = assigning.propose(free, [one.email.casefold() for one in teachers], loads, most)
    return kept | {one.pk: found.chosen.get(str(one.pk), "") for one in placements if one.pk not in kept}


def span_of(placement: Placement) -> Span:
    return placement.start_date.toordinal(), placement.end_date.toordinal()


@dataclass(frozen=True)
class Load:
    """What one person follows on the worst day of these dates, today and with what is chosen."""

    email: str
    name: str
    before: int
    after: int
    here: int  # of this class
    most: int

    @property
    def is_over(self) -> bool:
        return self.after > self.most


def loads(
    placements: Sequence[Placement],
    chosen: Mapping[int, str],
    people: Mapping[str, str],
    others: Mapping[str, Sequence[Span]],
    most: int,
) -> list[Load]:
    """Of everyone who may be chosen, who is chosen or who follows one of these now. `people`: names by address."""
    window = (
        min((one.start_date.toordinal() for one in placements), default=1),
        max((one.end_date.toordinal() for one in placements), default=1),
    )
    now: dict[str, list[Span]] = defaultdict(list)
    then: dict[str, list[Span]] = defaultdict(list)
    for one in placements:
        now[one.referent_email.strip().casefold()].append(span_of(one))
        then[chosen.get(one.pk, "")].append(span_of(one))
    found = []
    for email, name in people.items():
        besides = list(others.get(email, ()))
        found.append(
            Load(
                email, name, assigning.at_once([*besides, *now[email]], window),
                assigning.at_once([*besides, *then[email]], window), len(then[email]), most,
            )
        )  # fmt: skip
    return found


def assign(
    placements: Sequence[Placement],
    chosen: Mapping[int, tuple[int, str]],
    *,
    by: Membership,
    now: datetime,
) -> list[Line]:
    """Save who follows whom: (version seen, address) by primary key. One line for each that changes: done, or why not."""
    papers = selectors.latest_papers(placements)
    found = []
    for placement in placements:
        version, email = chosen.get(placement.pk, (placement.version, placement.referent_email))
        if email.casefold() == placement.referent_email.strip().casefold():
            continue
        has_paper = placement.dossier_id in papers
        found.append(Line(placement.student, _assign(placement, version, email, has_paper=has_paper, by=by, now=now)))
    return found


def _assign(placement: Placement, version: int, email: str, *, has_paper: bool, by: Membership, now: datetime) -> str:
    """ "" when saved, else why not."""
    if not (verdict := permissions.may_change(by, placement)):
        return verdict.reason
    if has_paper and placement.status in services.PRINTED:
        return PRINTED
    user: Any = by.user
    try:
        with transaction.atomic():
            before = Placement.objects.in_school(placement.school_id).get(pk=placement.pk)
            placement.referent_email = email
            change_record(placement, version=version, by=user, changed=["referent_email"])
            if has_paper:  # refused, then corrected: what it says is no longer what is wanted
                services.settle_paper(placement, before, services.Amendment(), by=user, now=now)
    except StaleEdit:
        return STALE
    return ""
