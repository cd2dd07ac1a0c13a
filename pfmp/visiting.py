"""Follow-up in the field: what each referent has to see, visits noted once, alerts that reach the bureau."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from core import audit, mail, places, site
from core.places import Point
from partners.nearby import in_words
from pfmp import permissions
from pfmp.enums import SECURED, AlertLevel, PlacementStatus, VisitMode
from pfmp.models import Placement, PlannedVisit, Visit
from pfmp.rules import owed, tours
from pfmp.rules.owed import Following
from schools import todo
from schools.communes import town_of
from schools.enums import Role
from schools.models import Membership, School
from schools.permissions import allows, is_own_only
from schools.roles import Permission
from schools.services import change_record, create_record

S = PlacementStatus
FOLLOWED = (S.SIGNED, S.ONGOING)
"""Statuses of a placement that someone visits."""
SEEN = SECURED
"""Statuses whose follow-up is counted."""
AHEAD = timedelta(days=60)
"""This period and the next: how far the plan of visits looks."""
KEPT = timedelta(days=7)
"""How far the page of the day looks, and how long a phone keeps it."""
FORGOTTEN = timedelta(days=14)
"""Planned visits that were not made are shown that long."""
RECENT = timedelta(days=30)
MOST = 8
BUREAU = (Role.BDE, Role.DDFPT)


# --------------------------------------------------------------------------------------------------- what is to be seen


@dataclass
class Line:
    """A placement to follow: who was seen when, what is planned, what is owed."""

    placement: Placement
    visits: list[Visit]
    planned: list[PlannedVisit]
    today: date
    stop: tours.Stop
    km: float | None  # from the school, in a straight line
    stay: owed.Stay = field(init=False)

    def __post_init__(self) -> None:
        self.stay = stay_of(self.placement, self.visits)

    @property
    def due(self) -> owed.Due | None:
        return owed.next_due(self.stay)

    @property
    def is_late(self) -> bool:
        """Something is owed since before today, and no day is planned for it."""
        return self.due is not None and self.due.is_late(self.today) and not self.planned

    @property
    def way(self) -> str:
        """« 6 km », "" when nobody knows where it is."""
        return "" if self.km is None else in_words(self.km)

    @property
    def last(self) -> Visit | None:
        return self.visits[0] if self.visits else None

    @property
    def alert(self) -> Visit | None:
        """The alert that waits for an answer."""
        return next((one for one in self.visits if one.alert_level and one.alert_closed_date is None), None)


def is_meeting(mode: str, met_tutor: bool | None) -> bool:
    """On the spot or on a screen, and the tutor was there as far as one knows: « rencontre à trois » (R-REF-05)."""
    return mode in (VisitMode.ON_SITE, VisitMode.VIDEO) and met_tutor is not False


def stay_of(placement: Placement, visits: Iterable[Visit]) -> owed.Stay:
    end = placement.end_date
    if placement.status == S.INTERRUPTED and placement.interrupted_date:
        end = max(placement.start_date, placement.interrupted_date)
    contacts = [Following(one.date, is_meeting(one.mode, one.met_tutor)) for one in visits]
    return owed.Stay(placement.start_date, end, contacts)


def home_of(school: School) -> Point | None:
    """Where rounds start: the school's town; None when its address does not tell."""
    town = town_of(school)
    return town.centre if town else None


def where(placement: Placement) -> Point | None:
    """Where the pupil is: the commune of the place written on the placement, else the host on the map."""
    if placement.place_address and (found := places.centre("", placement.place_address)):
        return found
    partner = placement.partner
    point = partner.map_latitude, partner.map_longitude
    return None if None in point else point


def address_of(placement: Placement) -> str:
    """The address to drive to, on one line."""
    if placement.place_address:
        return " ".join(placement.place_address.split())
    partner = placement.partner
    return ", ".join(part for part in (partner.address, partner.place) if part)


def stop_of(placement: Placement) -> tours.Stop:
    """Hosts of one commune go together; a work site elsewhere goes by where it is."""
    town = "" if placement.place_address else placement.partner.city
    return tours.Stop(placement.pk, town, where(placement))


def lines(placements: QuerySet[Placement], school: School, today: date) -> list[Line]:
    """Each placement with its visits, latest first, and the visits planned and not made; three queries."""
    home = home_of(school)
    visits = Visit.objects.in_school(school).select_related("school").order_by("-date", "-pk")
    planned = (
        PlannedVisit.objects.in_school(school)
        .filter(visit=None)
        .select_related("school", "membership")
        .order_by("date", "time", "pk")
    )
    found = placements.select_related(
        "student", "partner__school", "tutor", "school", "period__school_class"
    ).prefetch_related(
        Prefetch("visits", queryset=visits, to_attr="made"),
        Prefetch("planned_visits", queryset=planned, to_attr="awaited"),
    )
    made = []
    one: Any  # with what was prefetched under other names
    for one in found:
        stop = stop_of(one)
        km = places.kilometres(home, stop.point) if home and stop.point else None
        awaited = [visit for visit in one.awaited if visit.date >= today]
        made.append(Line(one, one.made, awaited, today, stop, km))
    return made


def to_follow(membership: Membership, email: str, today: date) -> QuerySet[Placement]:
    """The placements of a referent that this person may see: under way, or that start within two months."""
    return (
        permissions.visible_placements(membership)
        .filter(referent_email__iexact=email, status__in=FOLLOWED, end_date__gte=today, start_date__lte=today + AHEAD)
        .order_by("start_date", "student__search_text", "pk")
    )


@dataclass(frozen=True)
class Round:
    """Lines that are visited together, in the order of the visit."""

    title: str
    lines: list[Line]
    km: float

    @property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)


def rounds(found: Sequence[Line], home: Point | None) -> list[Round]:
    """The lines by place, the round with the nearest due date first."""
    by_key = {line.stop.key: line for line in found}
    made = []
    for group in tours.groups([line.stop for line in found], home):
        tour = tours.tour(group, home)
        ordered = [by_key[stop.key] for stop in tour.stops]
        towns = list(dict.fromkeys(line.placement.partner.city or "Commune à préciser" for line in ordered))
        title = towns[0] if len(towns) == 1 else f"{', '.join(towns[:2])}{'…' if len(towns) > 2 else ''}"
        made.append(Round(title, ordered, tour.km))
    never = date.max
    return sorted(made, key=lambda one: min((line.due.day if line.due else never for line in one.lines), default=never))


# ---------------------------------------------------------------------------------------------------- one day, on a phone


def planned_for(membership: Membership, today: date) -> list[PlannedVisit]:
    """The visits this person means to make within a week, and those of the last two weeks that were not made.

    Only of pupils that they may still see and whose placement is not cancelled. Each with `placement.made`, its visits.
    """
    visits = Visit.objects.in_school(membership.school_id).select_related("school").order_by("-date", "-pk")
    return list(
        PlannedVisit.objects.in_school(membership.school_id)
        .filter(
            membership=membership,
            visit=None,
            date__range=(today - FORGOTTEN, today + KEPT - timedelta(days=1)),
            placement__in=permissions.visible_placements(membership).not_cancelled().values("pk"),  # type: ignore[attr-defined]
        )
        .select_related(
            "school", "placement__school", "placement__student", "placement__partner__school", "placement__tutor",
            "placement__period__school_class",
        )
        .prefetch_related(Prefetch("placement__visits", queryset=visits, to_attr="made"))
        .order_by("date", "time", "pk")
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ the verbs

CANCELLED = "Ce placement est annulé : cette visite n’est pas enregistrée. Copiez votre texte s’il doit aller ailleurs."
USED = "Cet envoi porte la clé d’un autre compte rendu. Copiez votre texte, puis notez la visite depuis sa page."


@transaction.atomic
def note_visit(
    visit: Visit, *, membership: Membership, by: Any, key: UUID | None = None, picture: bytes | None = None
) -> tuple[Visit, bool]:
    """Keep a report; `(visit, True)`, or `(the first one, False)` when this key was already sent: nothing is entered twice.

    The visit that was planned is tied to it; an urgent alert is mailed at once. Raises ValidationError when the placement
    was cancelled, or when the key is that of another report.
    """
    placement = visit.placement
    sent = Visit.objects.in_school(visit.school)
    visit.author_email = membership.email
    if key is not None and (known := sent.filter(public_id=key).first()):
        return _same(known, visit), False
    status = (
        Placement.objects.in_school(visit.school)
        .select_for_update()
        .filter(pk=placement.pk)
        .values_list("status")
        .first()
    )
    if status is None or status[0] == S.CANCELLED:
        raise ValidationError(CANCELLED)
    saved, created = create_record(visit, by=by, key=key)
    if not created:
        return _same(saved, visit), False
    if picture:
        put_picture(saved, picture)
    _make_planned(saved, membership)
    tell_bureau(saved, by=by)
    return saved, True


def _same(known: Visit, sent: Visit) -> Visit:
    if known.placement_id != sent.placement_id or known.author_email.casefold() != sent.author_email.casefold():
        raise ValidationError(USED)
    return known


@transaction.atomic
def correct_visit(visit: Visit, *, version: int, by: Any, changed: list[str], picture: bytes | None = None) -> Visit:
    """Save a corrected report. An alert that became another one waits for an answer again. Raises StaleEdit."""
    if {"alert_level", "alert_text"} & set(changed) and visit.alert_level:
        visit.alert_closed_date = None
    saved = change_record(visit, version=version, by=by, changed=changed)
    if picture:
        put_picture(saved, picture)
    tell_bureau(saved, by=by)
    return saved


def put_picture(visit: Visit, picture: bytes) -> None:
    """Keep the photograph, made again beforehand (core.pictures); the former goes away once this one is kept."""
    former = visit.picture.name
    visit.picture.save("photo.jpg", ContentFile(picture), save=False)
    Visit.objects.in_school(visit.school).filter(pk=visit.pk).update(picture=visit.picture.name)
    if former:
        storage = visit.picture.storage
        transaction.on_commit(lambda: storage.delete(former))


@transaction.atomic
def remove_picture(visit: Visit, *, by: Any) -> None:
    """Take the photograph away at once, file and all (P-09)."""
    storage, name = visit.picture.storage, visit.picture.name
    Visit.objects.in_school(visit.school).filter(pk=visit.pk).update(picture="")
    visit.picture = ""
    audit.record("pfmp.visit_picture_removed", visit, by=by)
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _make_planned(visit: Visit, membership: Membership) -> None:
    """The visit that this person had planned is made: the nearest in time; a call does not stand for a meeting."""
    waiting = PlannedVisit.objects.in_school(visit.school).filter(
        placement=visit.placement_id, membership=membership, visit=None
    )
    if not is_meeting(visit.mode, visit.met_tutor):
        waiting = waiting.filter(mode=visit.mode)
    nearest = min(waiting, key=lambda one: (abs((one.date - visit.date).days), one.pk), default=None)
    if nearest is not None:
        PlannedVisit.objects.in_school(visit.school).filter(pk=nearest.pk, visit=None).update(visit=visit)


def tell_bureau(visit: Visit, *, by: Any) -> None:
    """An urgent alert leaves at once to the bureau and the DDFPT, once each; the message names nobody (S-28)."""
    if visit.alert_level != AlertLevel.URGENT or visit.alert_closed_date is not None:
        return
    page = site.address() + reverse("pfmp:visit_detail", args=[visit.school.uai, visit.public_id])
    people = Membership.objects.in_school(visit.school).filter(role__in=BUREAU, is_active=True).order_by("pk")
    for member in people:
        if mail.is_address(member.email):
            mail.send_later(
                to=member.email,
                subject="Suivi de PFMP : une alerte urgente à lire",
                body="Bonjour,\n\nUne visite en entreprise signale une alerte urgente. Elle se lit et se traite ici, "
                f"une fois connecté :\n{page}\n\nCe message ne nomme personne.\n",
                key=f"visit-alert:{visit.public_id}:{member.public_id}",
                scope=visit.school.uai,
                urgent=True,
                by=by,
            )


ANSWERED = "Quelqu’un vient de traiter cette alerte : voici la suite qui a été donnée."


@transaction.atomic
def answer_alert(visit: Visit, answer: str, *, by: Any, today: date) -> Visit:
    """Close an alert with what was done about it. Raises ValidationError when it is closed already, or was never raised."""
    if not visit.alert_level:
        raise ValidationError("Cette visite ne signale rien.")
    closed = (
        Visit.objects.in_school(visit.school)
        .filter(pk=visit.pk, alert_closed_date=None)
        .update(alert_closed_date=today, alert_answer=answer, version=visit.version + 1, updated_by=by)
    )
    if not closed:
        raise ValidationError(ANSWERED)
    visit.refresh_from_db()
    audit.record("pfmp.visit_alert_answered", visit, by=by)
    return visit


@dataclass(frozen=True)
class Planning:
    """What came of planning several visits: how many are new, and which cannot be, in words."""

    planned: int
    refused: list[str]


@transaction.atomic
def plan_visits(
    wanted: Sequence[tuple[Placement, time | None]], *, membership: Membership, day: date, mode: VisitMode, by: Any
) -> Planning:
    """Plan one day of visits for one person. One already planned that day keeps its line; its hour follows."""
    known = {
        one.placement_id: one
        for one in PlannedVisit.objects.in_school(membership.school_id).filter(
            membership=membership, date=day, placement__in=[placement for placement, _ in wanted]
        )
    }
    fresh, refused = [], []
    for placement, at in wanted:
        if reason := day_problem(placement, day):
            refused.append(reason)
        elif (same := known.get(placement.pk)) is None:
            fresh.append(
                PlannedVisit(
                    school=membership.school, placement=placement, membership=membership, date=day, time=at, mode=mode,
                    created_by=by, updated_by=by,
                )
            )  # fmt: skip
        elif same.time != at and same.visit_id is None:
            same.time = at
            change_record(same, version=same.version, by=by, changed=["time"])
    PlannedVisit.objects.bulk_create(fresh, ignore_conflicts=True)
    audit.record_each(
        "pfmp.visit_planned", PlannedVisit, [one.public_id for one in fresh], by=by, scope=membership.school.uai
    )
    return Planning(len(fresh), refused)


def day_problem(placement: Placement, day: date) -> str:
    """Why a pupil cannot be seen that day, "" when they can."""
    if placement.status == S.CANCELLED:
        return f"{placement.student} : le placement est annulé."
    end = stay_of(placement, ()).end
    if not placement.start_date <= day <= end:
        return f"{placement.student} est en entreprise du {placement.start_date:%d/%m/%Y} au {end:%d/%m/%Y}."
    return ""


# ------------------------------------------------------------------------------------------------ what each one carries


@dataclass
class Load:
    """One referent and one year: pupils, contacts and meetings made, visits planned, what is late."""

    email: str
    member: Membership | None
    pupils: set[int] = field(default_factory=set)
    here: int = 0
    contacts: int = 0
    met: int = 0
    planned: int = 0
    late: int = 0
    alerts: int = 0

    @property
    def name(self) -> str:
        return self.member.full_name if self.member else self.email or "Sans référent"


@dataclass(frozen=True)
class Follow:
    """The year's follow-up: by referent, and the placements where something is missing."""

    loads: list[Load]
    missing: dict[owed.Gap, list[int]]  # primary keys of placements, the latest start first


def follow_up(school: School, year: str, today: date) -> Follow:
    """Who has how many, done and late; four queries whatever the number of placements.

    `missing` looks at placements that are under way or ended within a month: what is older is no longer mended.
    """
    placements = list(
        Placement.objects.in_school(school)
        .in_year(year)
        .filter(status__in=SEEN)
        .only("pk", "school_id", "student_id", "referent_email", "start_date", "end_date", "status", "interrupted_date")
        .order_by("-start_date", "pk")
    )
    visits: dict[int, list[Visit]] = defaultdict(list)
    for one in (
        Visit.objects.in_school(school)
        .filter(placement__period__year=year)
        .only("pk", "placement_id", "date", "mode", "met_tutor", "alert_level", "alert_closed_date")
    ):
        visits[one.placement_id].append(one)
    planned = set(
        PlannedVisit.objects.in_school(school)
        .filter(placement__period__year=year, visit=None, date__gte=today)
        .values_list("placement_id", flat=True)
    )
    members = {one.email.casefold(): one for one in Membership.objects.in_school(school).select_related("school")}
    loads: dict[str, Load] = {}
    missing: dict[owed.Gap, list[int]] = {gap: [] for gap in owed.Gap}
    for placement in placements:
        email = placement.referent_email.strip().casefold()
        load = loads.setdefault(email, Load(placement.referent_email.strip(), members.get(email)))
        stay = stay_of(placement, visits[placement.pk])
        load.pupils.add(placement.student_id)
        load.contacts += len(stay.contacts)
        load.met += owed.had_meeting(stay)
        load.alerts += any(one.alert_level and one.alert_closed_date is None for one in visits[placement.pk])
        load.here += stay.start <= today <= stay.end
        load.planned += placement.pk in planned
        due = owed.next_due(stay)
        load.late += bool(
            due and stay.start <= today <= stay.end and due.is_late(today) and placement.pk not in planned
        )
        if stay.end >= today - RECENT:
            for gap in owed.gaps(stay, today):
                missing[gap].append(placement.pk)
    ranked = sorted(loads.values(), key=lambda one: (-one.late, -one.here, one.name.casefold()))
    return Follow(ranked, missing)


# -------------------------------------------------------------------------------------------------------- the work list


@todo.provider
def visits_to_make(membership: Membership, today: date) -> Iterable[todo.Task]:
    """The pupils that a teacher follows, in a company now: whom nobody called or saw yet, by the day it is owed."""
    if not is_own_only(membership):
        return
    now = to_follow(membership, membership.email, today).filter(start_date__lte=today)
    waiting = [line for line in lines(now, membership.school, today) if line.due and not line.planned]
    for line in sorted(waiting, key=lambda one: one.due.day if one.due else today)[:MOST]:
        placement, due = line.placement, line.due
        assert due is not None
        partner = placement.partner
        yield todo.Task(
            due=due.day,
            title=f"Visiter {placement.student}" if due.is_meeting else f"{due.what} : {placement.student}",
            text=" · ".join(filter(None, (partner.name, partner.city, partner.phone))),
            url=reverse("pfmp:placement_following", args=[membership.school.uai, placement.public_id]),
            action_label="Ouvrir",
        )


@todo.provider
def planned_today(membership: Membership, today: date) -> Iterable[todo.Task]:
    """One line for the visits of the day: the page to take along."""
    if not allows(membership, Permission.LOG_VISIT):
        return
    count = (
        PlannedVisit.objects.in_school(membership.school_id)
        .filter(membership=membership, visit=None, date=today)
        .exclude(placement__status=S.CANCELLED)
        .count()
    )
    if count:
        yield todo.Task(
            due=today,
            title="1 visite prévue aujourd’hui" if count == 1 else f"{count} visites prévues aujourd’hui",
            text="La page s’ouvre aussi sans réseau, une fois gardée sur votre téléphone.",
            url=reverse("pfmp:my_visits", args=[membership.school.uai]),
            action_label="Mes visites du jour",
        )


@todo.provider
def alerts_to_answer(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Alerts of visits that wait for the bureau or the DDFPT, urgent first."""
    if not allows(membership, Permission.MANAGE_PLACEMENTS):
        return
    for visit in (
        open_alerts(membership)
        .select_related("placement__student", "placement__partner", "school")
        .order_by("-alert_level", "date", "pk")[:MOST]
    ):
        yield todo.Task(
            due=visit.date,
            title=f"{'Alerte urgente' if visit.alert_level == AlertLevel.URGENT else 'À surveiller'} : "
            f"{visit.placement.student}",
            text=f"{visit.placement.partner.name}. « {visit.alert_text[:200]} »",
            url=visit.get_absolute_url(),
            action_label="Répondre",
            state="alerte" if visit.alert_level == AlertLevel.URGENT else "a_surveiller",
        )


def open_alerts(membership: Membership) -> QuerySet[Visit]:
    """The alerts that nobody has answered, as far as this person may see them."""
    return permissions.visible_visits(membership).filter(alert_level__gt=0, alert_closed_date=None)


def answers_for(membership: Membership, today: date) -> QuerySet[Visit]:
    """What the bureau answered to this person's alerts within two weeks."""
    return (
        permissions.visible_visits(membership)
        .filter(author_email__iexact=membership.email, alert_level__gt=0, alert_closed_date__gte=today - FORGOTTEN)
        .select_related("placement__student", "school")
        .order_by("-alert_closed_date", "-pk")
    )
