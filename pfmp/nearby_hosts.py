"""Who could take this pupil, near home: the hosts that took the formation lately or say that they accept it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When

from core.places import Point
from partners import nearby
from partners.enums import ContactRole
from partners.models import Contact, Partner
from partners.permissions import visible_contacts
from pfmp import approaches, hosting
from pfmp.enums import OBSERVATIONS
from pfmp.models import HostCapacity, HostReview, Period, Placement
from schools.models import Membership, Student

LATELY = timedelta(days=3 * 365 + 1)
"""How far back a placement says that a host takes a formation."""
MOST = 50
"""Hosts on one page, the nearest: a list longer than that is no help to choose."""
CALL_FIRST = (ContactRole.TUTOR, ContactRole.HR, ContactRole.LEADER, ContactRole.OFFICE)
"""Whom one calls for a place, in this order."""


@dataclass(frozen=True)
class Search:
    """Hosts for a formation ("" for any), at most so many kilometres from a point, for a period when it is known."""

    formation: str
    period: Period | None
    year: str
    point: Point
    km: int


@dataclass
class Host:
    """A host and what helps to choose it. `places` is None when it never said how many pupils it accepts."""

    partner: Partner
    km: float
    pupils: int = 0
    last_date: date | None = None
    there: int = 0
    observers: int = 0
    places: hosting.Places | None = None
    accepts: bool = False
    review: HostReview | None = None
    contact: Contact | None = None
    asked: approaches.Asked = field(default_factory=approaches.Asked)

    @property
    def left(self) -> int | None:
        """Places still free: those of the formation, less the pupils in observation there in these days (R-OBS-02)."""
        return None if self.places is None else max(0, self.places.left - self.observers)

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def way(self) -> str:
        return nearby.in_words(self.km)

    @property
    def mark(self) -> str:
        """What the last review says in one word."""
        if self.review is None:
            return ""
        given = [mark for name in hosting.MARKS if (mark := getattr(self.review, name)) is not None]
        return hosting.mark_in_words(sum(given) / len(given) if given else None)


@dataclass(frozen=True)
class Found:
    """Who can be asked, the nearest first; those with a reason not to; how many more were left out beyond `MOST`."""

    hosts: list[Host]
    set_aside: list[Host]
    more: int


def find(search: Search, membership: Membership | None, today: date, *, student: Student) -> Found:
    """The hosts of a search for a pupil, in a few queries whatever their number.

    Reviews and contacts are there as far as this person may read them; without a membership (the pupil's own page), none.
    A host whose places for the period are all taken stays, marked: a place may come free. One that says it accepts nobody
    of this formation is left out, whatever it took before.
    """
    school = student.school_id
    taken = Placement.objects.in_school(school).solutions().filter(start_date__gte=today - LATELY)
    said = HostCapacity.objects.in_school(school).filter(year=search.year)
    if search.period is not None:
        said = said.filter(Q(period=None) | Q(period=search.period))
    if search.formation:
        taken = taken.filter(period__school_class__diploma=search.formation)
        said = said.filter(formation=search.formation)
    accepting = said.filter(places__gt=0)
    partners = nearby.within(Partner.objects.in_school(school).in_use(), search.point, search.km).filter(
        Q(pk__in=taken.values("partner")) | Q(pk__in=accepting.values("partner"))
    )
    rows = list(partners.select_related("school").order_by("distance", "search_text", "pk"))
    hosts = {row.pk: Host(row, row.distance) for row in rows}
    _tell_history(hosts, taken.filter(start_date__lte=today))
    refusing = _tell_places(hosts, said, search)
    asked = [host for pk, host in hosts.items() if pk not in refusing]
    shown = [host for host in asked if not host.partner.warning][:MOST]
    if search.period is not None:
        _tell_presence(shown, search.period)
        _tell_approaches(shown, student, search.period)
    if membership is not None:
        _tell_reviews(shown, membership)
        _tell_contacts(shown, membership)
    aside = [host for host in asked if host.partner.warning]
    return Found(shown, aside, len(asked) - len(aside) - len(shown))


def _tell_history(hosts: dict[int, Host], taken: QuerySet[Placement]) -> None:
    """How many pupils of the formation each took, and when the last one left for it."""
    rows = (
        taken.filter(partner__in=hosts)
        .values("partner")
        .annotate(pupils=Count("student", distinct=True), last=Max("start_date"))
        .order_by()
    )
    for row in rows:
        host = hosts[row["partner"]]
        host.pupils, host.last_date = row["pupils"], row["last"]


def _tell_places(hosts: dict[int, Host], said: QuerySet[HostCapacity], search: Search) -> set[int]:
    """Places of the period, where a host said how many; returns those that accept nobody."""
    capacities = list(said.filter(partner__in=hosts))
    for line in hosting.places(search.period.school, capacities, only=search.period) if search.period else ():
        hosts[line.capacity.partner_id].places = line
    for capacity in capacities:
        hosts[capacity.partner_id].accepts |= capacity.places > 0
    if search.period is None:
        return set()
    return {pk for pk, host in hosts.items() if host.places is not None and host.places.capacity.places == 0}


def _tell_presence(hosts: Iterable[Host], period: Period) -> None:
    """How many pupils, of any class, will already be there during the period."""
    by_key = {host.partner.pk: host for host in hosts}
    rows = (
        Placement.objects.in_school(period.school_id)
        .not_cancelled()
        .filter(partner__in=by_key, start_date__lte=period.end_date, end_date__gte=period.start_date)
        .values("partner")
        .annotate(
            pupils=Count("student", distinct=True),
            observers=Count("student", distinct=True, filter=Q(period__kind__in=OBSERVATIONS)),
        )
        .order_by()
    )
    for row in rows:
        by_key[row["partner"]].there = row["pupils"]
        by_key[row["partner"]].observers = row["observers"]


def _tell_approaches(hosts: Iterable[Host], student: Student, period: Period) -> None:
    """Whether this pupil asked there for these days, and how many others did."""
    by_key = {host.partner.pk: host for host in hosts}
    for key, asked in approaches.asked_at(by_key, student, period).items():
        by_key[key].asked = asked


def _tell_reviews(hosts: Iterable[Host], membership: Membership) -> None:
    """The latest review of each that this person may read."""
    by_key = {host.partner.pk: host for host in hosts}
    rows = (
        hosting.visible_reviews(membership)
        .filter(placement__partner__in=by_key)
        .annotate(host=F("placement__partner"))
        .order_by("date", "pk")
    )
    for review in rows:
        by_key[review.host].review = review


def _tell_contacts(hosts: Iterable[Host], membership: Membership) -> None:
    """Whom to call first, among the contacts that this person may see."""
    by_key = {host.partner.pk: host for host in hosts}
    order = Case(
        *(When(role=role, then=Value(rank)) for rank, role in enumerate(CALL_FIRST)),
        default=Value(len(CALL_FIRST)),
        output_field=IntegerField(),
    )
    rows = (
        visible_contacts(membership)
        .filter(partner__in=by_key)
        .exclude(is_active=False)
        .annotate(call_rank=order)
        .order_by("-call_rank", "-search_text", "-pk")
    )
    for contact in rows:
        by_key[contact.partner_id].contact = contact
