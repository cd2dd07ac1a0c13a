"""How many pupils hosts accept, how many are there already, and how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.verdict import Denied, Verdict
from partners.models import Partner
from pfmp.enums import HostMark, PlacementStatus
from pfmp.models import HostCapacity, HostIncident, HostReview, Period, Placement
from pfmp.permissions import visible_placements
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission

MARKS = ("welcome", "tasks", "safety", "tutoring")


@dataclass(frozen=True)
class Places:
    """What a host accepts of a formation in one period, and the pupils who have a place there already."""

    capacity: HostCapacity
    period: Period
    taken: int

    @property
    def left(self) -> int:
        """Never below zero: more pupils than said were taken."""
        return max(0, self.capacity.places - self.taken)

    @property
    def is_over(self) -> bool:
        return self.taken > self.capacity.places


def places(school: School, capacities: Iterable[HostCapacity], *, only: Period | None = None) -> list[Places]:
    """One line per host, formation and period of that formation, by date; in two queries whatever their number.

    What is said of one period replaces what is said of every period of the year. A place is taken by a placement that is a
    solution (found, issued, signed, under way or done). `only`: the lines of one period.
    """
    said = list(capacities)
    if not said:
        return []
    periods = Period.objects.in_school(school).filter(
        year__in={one.year for one in said}, school_class__diploma__in={one.formation for one in said}
    )
    if only is not None:
        periods = periods.filter(pk=only.pk)
    wanted = list(periods.select_related("school_class").order_by("start_date", "school_class__code"))
    taken = {
        (row["partner"], row["period"]): row["count"]
        for row in Placement.objects.in_school(school)
        .solutions()
        .filter(partner__in={one.partner_id for one in said}, period__in=[period.pk for period in wanted])
        .values("partner", "period")
        .annotate(count=Count("student", distinct=True))
        .order_by()
    }
    own = {(one.partner_id, one.formation, one.period_id) for one in said if one.period_id}
    found = []
    for one in said:
        for period in wanted:
            if (period.year, period.school_class.diploma) != (one.year, one.formation):
                continue
            if one.period_id is None and (one.partner_id, one.formation, period.pk) in own:
                continue
            if one.period_id in (None, period.pk):
                found.append(Places(one, period, taken.get((one.partner_id, period.pk), 0)))
    return sorted(found, key=lambda line: (line.capacity.formation, line.period.start_date, line.period.pk))


def most_taken(school: School) -> Subquery:
    """For a list of capacities: the most pupils that a host has at once among the periods that its line is about."""
    taken = (
        Placement.objects.in_school(school)
        .solutions()
        .filter(
            partner=OuterRef("partner"),
            period__year=OuterRef("year"),
            period__school_class__diploma=OuterRef("formation"),
            period=Coalesce(OuterRef("period"), F("period")),
        )
        .order_by()
        .values("period")
        .annotate(count=Count("student", distinct=True))
        .order_by("-count")
        .values("count")
    )
    return Subquery(taken[:1])


def formations(school: School, year: str) -> list[str]:
    """The diplomas of the year's classes that leave for a period."""
    found = Period.objects.in_school(school).filter(year=year).exclude(school_class__diploma="")
    return sorted(set(found.values_list("school_class__diploma", flat=True)))


# ------------------------------------------------------------------------------------------------------------- quality


def visible_reviews(membership: Membership) -> QuerySet[HostReview]:
    """All reviews for those who may read them, else those of one's own placements."""
    reviews = HostReview.objects.in_school(membership.school_id)
    if allows(membership, Permission.VIEW_HOST_QUALITY):
        return reviews
    if not allows(membership, Permission.LOG_VISIT):
        return reviews.none()
    return reviews.filter(placement__in=visible_placements(membership).values("pk"))


def visible_incidents(membership: Membership) -> QuerySet[HostIncident]:
    """All incidents for those who may read them, else those that one wrote."""
    incidents = HostIncident.objects.in_school(membership.school_id)
    if allows(membership, Permission.VIEW_HOST_QUALITY):
        return incidents
    if not allows(membership, Permission.LOG_VISIT):
        return incidents.none()
    return incidents.filter(author=membership)


def may_review(membership: Membership, placement: Placement, today: date) -> Verdict:
    """A review is written once the pupil has begun, by those who visit."""
    if placement.start_date > today:
        return Denied("L’élève n’est pas encore parti : le bilan d’accueil s’écrit à la fin.")
    if placement.status == PlacementStatus.CANCELLED:
        return Denied("Ce placement est annulé.")
    return allows(membership, Permission.LOG_VISIT)


@dataclass(frozen=True)
class Quality:
    """What the reviews of a host say: how many, the mean of each mark from 1 to 4 (None: never given), take again or not."""

    count: int
    means: dict[str, float | None]
    again: int
    not_again: int
    incidents: int


def quality(partner: Partner, membership: Membership) -> Quality:
    """As far as this person may read reviews and incidents; two queries."""
    row = (
        visible_reviews(membership)
        .filter(placement__partner=partner)
        .aggregate(
            count=Count("pk"),
            again=Count("pk", filter=Q(take_again=True)),
            not_again=Count("pk", filter=Q(take_again=False)),
            **{f"mean_{name}": Avg(name) for name in MARKS},
        )
    )
    return Quality(
        row["count"],
        {name: row[f"mean_{name}"] for name in MARKS},
        row["again"],
        row["not_again"],
        visible_incidents(membership).filter(partner=partner).count(),
    )


def mark_in_words(mean: float | None) -> str:
    """3.4 → « Bien »: the nearest mark's word, "" when nobody gave one."""
    return str(HostMark(min(4, max(1, int(mean + 0.5)))).label) if mean is not None else ""
