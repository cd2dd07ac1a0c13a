"""What this app adds to calendars (schools.agenda): the periods of classes, and the visits that a person means to make."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from pfmp import permissions
from pfmp.enums import VisitMode
from pfmp.models import Period, PlannedVisit
from schools import agenda
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission

TITLES = {VisitMode.ON_SITE: "Visite", VisitMode.PHONE: "Visite par téléphone", VisitMode.VIDEO: "Visite en visio"}


def _entries(periods: QuerySet[Period], uai: str) -> Iterable[agenda.Entry]:
    for period in periods.select_related("school_class"):
        yield agenda.Entry(
            kind=agenda.Kind.OUT,
            key=f"periode-{period.public_id}",
            start=period.start_date,
            end=period.end_date,
            title=f"{period.school_class} : {period}",
            url=reverse("pfmp:period_detail", args=[uai, period.public_id]),
            changed_at=period.updated_at,
            class_id=period.school_class_id,
            class_label=str(period.school_class),
            class_code=period.school_class.code,
        )


@agenda.adds_for_classes
def periods_of_classes(
    school: School, start: date, end: date, classes: Collection[int] | None
) -> Iterable[agenda.Entry]:
    """The periods that touch these days: when a class is out is no secret inside its school."""
    periods = Period.objects.in_school(school).touching(start, end)
    if classes is not None:
        periods = periods.filter(school_class__in=classes)
    return _entries(periods, school.uai)


@agenda.adds_for_member
def periods_seen(membership: Membership, start: date, end: date) -> Iterable[agenda.Entry]:
    """The periods that a person may open."""
    seen = permissions.visible_periods(membership).touching(start, end).distinct()  # type: ignore[attr-defined]
    return _entries(seen, membership.school.uai)


@agenda.adds_for_member
def visits_to_make(membership: Membership, start: date, end: date) -> Iterable[agenda.Entry]:
    """The visits that a person planned and has not made, by company: no pupil is named."""
    if not allows(membership, Permission.LOG_VISIT):
        return
    visits = (
        PlannedVisit.objects.in_school(membership.school_id)
        .filter(membership=membership, visit=None, date__range=(start, end))
        .select_related("placement__partner")
    )
    url = reverse("pfmp:planned_visit_list", args=[membership.school.uai])
    for visit in visits:
        company = visit.placement.partner
        yield agenda.Entry(
            kind=agenda.Kind.VISIT,
            key=f"visite-{visit.public_id}",
            start=visit.date,
            end=visit.date,
            title=f"{TITLES[VisitMode(visit.mode)]} : {company.name}",
            url=url,
            changed_at=visit.updated_at,
            at=visit.time,
            place=company.city,
        )
