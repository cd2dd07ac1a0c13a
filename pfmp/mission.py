"""Mission orders: the rounds that someone planned, as one page that the head signs, and their kilometres (R-REF-06)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.template.loader import render_to_string

from core import french, pdf, typography
from core.places import Point
from documents import delegations
from pfmp import visiting
from pfmp.enums import PlacementStatus, VisitMode
from pfmp.models import PlannedVisit
from pfmp.rules import tours
from schools.models import Membership, School
from schools.permissions import is_own_only

STYLES = ("paper", "mission")


@dataclass(frozen=True)
class Mission:
    """One person's round of one day, on the spot: whom, in which order, how far from the school and back."""

    membership: Membership
    day: date
    visits: tuple[PlannedVisit, ...]  # in the order of the round
    km: float
    has_unknown: bool  # a host without a place: the kilometres are those of the others

    @cached_property
    def made(self) -> int:
        return sum(one.visit_id is not None for one in self.visits)

    @property
    def towns(self) -> str:
        """« Laon, Soissons », in the order of the round."""
        return ", ".join(dict.fromkeys(filter(None, (one.placement.partner.city for one in self.visits))))


def planned(school: School, start: date, end: date, *, of: Membership | None = None) -> QuerySet[PlannedVisit]:
    """The visits on the spot planned between two days, made or not, of placements that still stand."""
    found = (
        PlannedVisit.objects.in_school(school)
        .filter(date__range=(start, end), mode=VisitMode.ON_SITE)
        .exclude(placement__status=PlacementStatus.CANCELLED)
        .select_related("membership", "placement__student", "placement__partner", "placement__period__school_class")
        .order_by("date", "membership__last_name", "membership__first_name", "time", "pk")
    )
    return found.filter(membership=of) if of else found


def missions(school: School, visits: QuerySet[PlannedVisit]) -> list[Mission]:
    """The visits as rounds, one a person and a day. Hours, where there are some for all, give the order; else the shortest way."""
    home = visiting.home_of(school)
    by_day: dict[tuple[int, date], list[PlannedVisit]] = defaultdict(list)
    for one in visits:
        by_day[one.membership_id, one.date].append(one)
    return [_mission(group, home) for group in by_day.values()]


def _mission(group: list[PlannedVisit], home: Point | None) -> Mission:
    stops = {one.pk: tours.Stop(one.pk, one.placement.partner.city, visiting.where(one.placement)) for one in group}
    if all(one.time for one in group):
        ordered, km = group, tours.length([stops[one.pk] for one in group], home)
    else:
        tour = tours.tour(list(stops.values()), home)
        known = {one.pk: one for one in group}
        ordered, km = [known[stop.key] for stop in tour.stops], tour.km
    unknown = any(stop.point is None for stop in stops.values())
    return Mission(group[0].membership, group[0].date, tuple(ordered), km, unknown)


@dataclass
class Total:
    """One person's kilometres over some days."""

    membership: Membership
    rounds: int = 0
    visits: int = 0
    made: int = 0
    km: float = 0.0


def totals(found: list[Mission]) -> list[Total]:
    """The sums of each person, by name."""
    by_person: dict[int, Total] = {}
    for mission in found:
        total = by_person.setdefault(mission.membership.pk, Total(mission.membership))
        total.rounds += 1
        total.visits += len(mission.visits)
        total.made += mission.made
        total.km += mission.km
    return sorted(by_person.values(), key=lambda one: (one.membership.last_name, one.membership.first_name))


def html(school: School, member: Membership, found: list[Mission]) -> str:
    """The page of a mission order: who, where, why, when, how; the head signs it on paper."""
    days = [one.day for one in found]
    head = delegations.head_of(school)
    return render_to_string(
        "pdf/mission.html",
        {
            "title": title_of(member, days),
            "school": school,
            "member": member,
            "capacity": "enseignant" if is_own_only(member) else member.get_role_display(),
            "when": typography.french(french.period(min(days), max(days))),
            "rounds": [(each, [(one, visiting.address_of(one.placement)) for one in each.visits]) for each in found],
            "km": sum(one.km for one in found),
            "has_unknown": any(one.has_unknown for one in found),
            "head": head,
        },
    )


def title_of(member: Membership, days: list[date]) -> str:
    return f"Ordre de mission, {member.full_name}, {french.period(min(days), max(days))}"


def render(school: School, member: Membership, found: list[Mission]) -> bytes:
    """The PDF/UA file of a mission order of at least one round."""
    return pdf.render(html(school, member, found), title=title_of(member, [one.day for one in found]), styles=STYLES)
