"""What stays add to the work list while they run and once they end: absences told by tutors, days, attestations, the allowance."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from core.french import plural
from pfmp import allowance, certificates, permissions
from pfmp.enums import ENDED, PlacementStatus, ReportedBy
from pfmp.models import Absence, Period, Placement
from pfmp.rules.allowance import late_after
from schools import todo
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

S = PlacementStatus
NEWS = timedelta(days=2)
"""Absences that a tutor told in the last days: later they are in the day counts."""
ASKED_FOR = timedelta(days=5)
"""Days and attestations are expected within five days of the end (§ 5.6)."""
BACK = timedelta(days=60)
MOST = 8


@todo.provider
def absences_told(membership: Membership, today: date) -> Iterable[todo.Task]:
    """What tutors reported by their link in the last days, for who follows the pupil and for the bureau."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    rows = list(
        Absence.objects.in_school(membership.school_id)
        .filter(
            date__range=(today - NEWS, today),
            reported_by=ReportedBy.TUTOR,
            placement__in=permissions.visible_placements(membership).values("pk"),
        )
        .select_related("school", "placement__student", "placement__partner")
        .order_by("-date", "placement__student__search_text", "pk")[: MOST + 1]
    )
    if not rows:
        return
    if len(rows) == 1:
        (row,) = rows
        text, url = f"{row.placement.student}, chez {row.placement.partner}", row.get_absolute_url()
    else:
        names = ", ".join(str(row.placement.student) for row in rows[:3])
        text = f"{names} et d’autres" if len(rows) > 3 else names
        url = reverse("pfmp:absence_list", args=[membership.school.uai]) + f"?jour={rows[0].date.isoformat()}"
    yield todo.Task(
        due=rows[0].date,
        title=f"{plural(len(rows), 'absence ou retard signalé', 'absences ou retards signalés')} en entreprise",
        text=text,
        url=url,
        action_label="Voir",
    )


@todo.provider
def days_and_attestations(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Classes back from companies whose days are not validated, or whose attestations are not here."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    placements: list[Placement] = list(
        permissions.visible_placements(membership)
        .filter(status__in=(S.SIGNED, S.ONGOING, S.FINISHED), end_date__range=(today - BACK, today))
        .filter(**({"referent_email__iexact": membership.email} if is_own_only(membership) else {}))
        .select_related("period__school_class", "period__school")
        .order_by("end_date", "pk")
    )
    by_period: dict[Period, list[Placement]] = defaultdict(list)
    for placement in placements:
        by_period[placement.period].append(placement)
    shown = list(by_period.items())[:MOST]
    counted = [rows for _, rows in shown if all(row.days_done is not None for row in rows)]
    here = certificates.received(row for rows in counted for row in rows)  # before the days, nobody asks for them
    for period, rows in shown:
        uai, label = membership.school.uai, period.school_class.label
        due = max(row.end_date for row in rows) + ASKED_FOR
        if waiting := sum(row.days_done is None for row in rows):
            yield todo.Task(
                due=due,
                title=f"Jours de {plural(waiting, 'élève')} à valider : {label}",
                url=reverse("pfmp:class_days", args=[uai, period.public_id]),
                action_label="Valider",
            )
        elif missing := sum(row.pk not in here for row in rows):
            yield todo.Task(
                due=due,
                title=f"{plural(missing, 'attestation')} à recevoir : {label}",
                url=reverse("pfmp:class_certificates", args=[uai, period.public_id]),
                action_label="Voir",
            )


@todo.provider
def allowance_late(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Periods that ended 45 days ago with lines not validated in ApLyPro (R-ALLOC-07)."""
    if not allowance.may_mark(membership):
        return
    found = (
        Placement.objects.in_school(membership.school_id)
        .filter(
            status__in=ENDED,
            allowance_validated_date=None,
            days_done__gt=0,
            end_date__range=(today - timedelta(days=180), today - late_after(today)),
        )
        .exclude(period__kind__in=allowance.NOT_PAID)
        .select_related("period__school_class", "period__school")
        .order_by("end_date", "pk")
    )
    by_period: dict[Period, list[Placement]] = defaultdict(list)
    for placement in found:
        if not isinstance(allowance.scale_of(placement.period.school_class), allowance.Unpaid):
            by_period[placement.period].append(placement)
    for period, rows in list(by_period.items())[:MOST]:
        yield todo.Task(
            due=rows[0].end_date + late_after(rows[0].end_date),
            title=f"Allocation de {plural(len(rows), 'élève')} à valider : {period.school_class.label}",
            text="L’état liquidatif est attendu dans les deux mois qui suivent la fin de la période.",
            url=reverse("pfmp:allowance_sheet", args=[membership.school.uai, period.public_id]),
            action_label="Ouvrir la feuille",
        )
