"""What the taxe d'apprentissage puts on the work list: a campaign about to close, thanks that have waited a month."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Min
from django.urls import reverse

from core.french import plural
from partners.models import Contribution, TaxCampaign
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

AHEAD = timedelta(days=14)
THANKS_WITHIN = timedelta(days=30)


@todo.provider
def taxe_to_finish(membership: Membership, today: date) -> Iterable[todo.Task]:
    """For those who write the taxe: the campaign that closes within a fortnight, and this year's payments to thank for."""
    if not allows(membership, Permission.EDIT_TAXE):
        return
    closing = (
        TaxCampaign.objects.in_school(membership.school_id)
        .filter(closing_date__range=(today, today + AHEAD))
        .select_related("school")
        .order_by("closing_date")[:3]
    )
    for record in closing:
        yield todo.Task(
            due=record.closing_date or today,
            title=f"{record} de taxe d’apprentissage : elle se clôt",
            text="Relancez ceux qui ont promis, notez les derniers virements.",
            url=record.get_absolute_url(),
            action_label="Ouvrir la campagne",
        )
    waiting = (
        Contribution.objects.in_school(membership.school_id)
        .filter(campaign=today.year, received_date__lte=today, thanked_date=None)
        .aggregate(first=Min("received_date"), partners=Count("partner", distinct=True))
    )
    if waiting["first"] and waiting["first"] + THANKS_WITHIN <= today + AHEAD:
        yield todo.Task(
            due=waiting["first"] + THANKS_WITHIN,
            title=f"Remercier {plural(waiting['partners'], 'partenaire')} de leur soutien"
            if waiting["partners"] > 1
            else "Remercier un partenaire de son soutien",
            text="Taxe d’apprentissage et dons reçus, sans lettre ni courriel pour l’instant.",
            url=f"{reverse('partners:taxe_home', args=[membership.school.uai])}?campagne={today.year}",
            action_label="Ouvrir la campagne",
        )
