"""What this app adds to the filters of the list of partners: an agreement in force."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from conventions.models import Agreement
from partners.filters import PartnerFilters
from partners.models import Partner
from schools.filters import OfSchoolFilter
from schools.roles import Permission

IN_FORCE = [("oui", "En vigueur"), ("non", "Aucune en vigueur")]


class InForceFilter(OfSchoolFilter):
    """Partners with an agreement that runs today, or without."""

    def filter(self, qs: QuerySet[Partner], value: str) -> QuerySet[Partner]:
        if not value:
            return qs
        running = Agreement.objects.filter(school=self.parent.request.school, partner=OuterRef("pk"))
        found = Exists(running.local().in_force(timezone.localdate()))
        return qs.filter(found if value == "oui" else ~found)


PartnerFilters.add(
    "convention",
    InForceFilter(label="Convention", offered=lambda request: IN_FORCE, permission=Permission.VIEW_AGREEMENTS),
    after="taxe",
)
