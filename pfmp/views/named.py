"""The placement that an address names: `?placement=…`, for what is noted about it."""

from django.http import Http404

from pfmp import permissions
from pfmp.models import Placement
from schools.middleware import SchoolRequest
from schools.pages import named_in_address


def placement_named(request: SchoolRequest, *related: str) -> Placement:
    """The one named, with these relations besides the usual ones; 404 when this person may not see it, or none is named."""
    seen = permissions.visible_placements(request.membership).select_related("student", "partner", "school", *related)
    found: Placement | None = named_in_address(request, seen, "placement")
    if found is None:
        raise Http404
    return found
