"""What this app adds to the home page and to a partner's page."""

from collections.abc import Iterable
from datetime import date, timedelta

from conventions.models import Agreement
from partners import tabs
from partners.models import Partner
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

WINDOW = timedelta(days=90)


def _count(partner: Partner, membership: Membership) -> int:
    return Agreement.objects.in_school(membership.school_id).filter(partner=partner).count()


tabs.register(tabs.Tab("Conventions", "conventions:partner_agreements", Permission.VIEW_AGREEMENTS, _count))


@todo.provider
def agreements_to_renew(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Agreements in force that end within 90 days, without tacit renewal (I1.4)."""
    if not allows(membership, Permission.EDIT_AGREEMENTS):
        return
    ending = (
        Agreement.objects.in_school(membership.school_id)
        .local()
        .in_force(today)
        .filter(end_date__range=(today, today + WINDOW))
        .exclude(tacit_renewal=True)
        .select_related("partner", "school")
        .order_by("end_date")[:20]
    )
    for agreement in ending:
        yield todo.Task(
            due=agreement.end_date or today,
            title=f"Renouveler la convention avec {agreement.partner}",
            text=f"{agreement.title} : elle finit le {agreement.end_date:%d/%m/%Y}, sans tacite reconduction.",
            url=agreement.get_absolute_url(),
            action_label="Préparer",
        )


@tabs.facts
def signatures(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    if not allows(membership, Permission.VIEW_AGREEMENTS):
        return
    signed = (
        Agreement.objects.in_school(membership.school_id)
        .filter(partner=partner, signed_date__isnull=False)
        .select_related("school")
        .order_by("-signed_date")[:most]
    )
    for agreement in signed:
        yield tabs.Fact(
            agreement.signed_date or date.min,
            "Convention de partenariat signée",
            "file-earmark-text",
            agreement.title,
            agreement.get_absolute_url(),
        )
