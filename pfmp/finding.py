"""What this app adds to the filters of the list of partners: the formations whose pupils they hosted."""

from django.db.models import Exists, OuterRef, QuerySet

from partners.filters import PartnerFilters
from partners.models import Partner
from pfmp.enums import PlacementStatus
from pfmp.models import Placement
from schools.filters import OfSchoolFilter
from schools.middleware import SchoolRequest
from schools.models import SchoolClass
from schools.roles import Permission


def hosted_formations(request: SchoolRequest) -> list[tuple[str, str]]:
    """The diplomas of the classes that went somewhere, in any year."""
    placed = Placement.objects.filter(school=request.school, period__school_class=OuterRef("pk"))
    diplomas = (
        SchoolClass.objects.in_school(request.school)
        .exclude(diploma="")
        .filter(Exists(placed))
        .order_by("diploma")
        .values_list("diploma", flat=True)
        .distinct()
    )
    return [(diploma, diploma) for diploma in diplomas]


class HostedFilter(OfSchoolFilter):
    """Partners who hosted a pupil of the formation, whatever became of the placement but its cancellation."""

    def filter(self, qs: QuerySet[Partner], value: str) -> QuerySet[Partner]:
        if not value:
            return qs
        placed = Placement.objects.filter(
            school=self.parent.request.school, partner=OuterRef("pk"), period__school_class__diploma=value
        )
        return qs.filter(Exists(placed.exclude(status=PlacementStatus.CANCELLED)))


PartnerFilters.add(
    "formation",
    HostedFilter(label="A accueilli", offered=hosted_formations, permission=Permission.VIEW_PLACEMENTS),
    after="secteur",
)
