"""The map of the partners: the same filters and the same result as the list, by distance; the map itself comes with JavaScript."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import french, naf, places
from core.verdict import demand
from partners import mapping
from partners.nearby import in_words
from partners.permissions import visible_interactions
from partners.views.records import PartnerPages
from schools.communes import Around, town_of
from schools.middleware import SchoolRequest
from schools.pages import MAX_TERMS, PAGE_SIZE, PAGE_SIZES, query_without
from schools.permissions import allows
from schools.roles import Permission

MOST = 3000
"""Points on one map; the nearest, when there are more."""
FIRST = ("q", "distance", "statut", "type", "secteur")
"""Filters in sight, in this order."""
HOMELESS = 40
"""Partners without a place that the page names."""


@dataclass(frozen=True, slots=True)
class Line:
    """A partner of the list below the map. `km` is None without a place, or when the school's town is not known."""

    public_id: UUID
    name: str
    status: str
    town: str
    trade: str
    last: date | None
    spot: mapping.Spot | None
    km: float | None

    @property
    def way(self) -> str:
        return "" if self.km is None else in_words(self.km)


@require_GET
def partner_map(request: SchoolRequest) -> HttpResponse:
    """Partners by distance from the school, or from the town that the filter names; those without a place are named apart."""
    pages = PartnerPages()
    demand(pages.may_view(request))
    if sum(len(values) for name, values in request.GET.lists() if name != "colonnes") > MAX_TERMS:
        raise BadRequest
    try:
        size = int(request.GET.get("par_page", PAGE_SIZE))
    except ValueError:
        raise BadRequest from None
    found, filterset = pages.filtered(request)
    if filterset is not None:
        filterset.form.order_fields(FIRST)
    around: Around | None = filterset.form.cleaned_data.get("distance") if filterset else None
    town = around.commune if around else town_of(request.school)
    middle = town.centre if town else None
    lines = lines_of(request, found, middle)
    placed = [line for line in lines if line.spot]
    homeless = [line for line in lines if not line.spot]
    spots = [line.spot for line in placed[:MOST] if line.spot]
    query = query_without(request, "page", "tri", "format")
    return render(
        request,
        "partners/partner_map.html",
        {
            "pages": pages,
            "filterset": filterset,
            "page": Paginator(placed, size if size in PAGE_SIZES else PAGE_SIZE).get_page(request.GET.get("page")),
            "town": town,
            "lead": f"Du plus proche au plus lointain, à vol d’oiseau depuis {town.name}." if town else "",
            "around": around,
            "homeless": homeless[:HOMELESS],
            "homeless_count": len(homeless),
            "left_out": max(0, len(placed) - MOST),
            "may_set_town": allows(request.membership, Permission.EDIT_SCHOOL),
            "may_edit": pages.may_change_some(request),
            "is_filtered": bool(query),
            "list_url": pages.url("list", request) + (f"?{query}" if query else ""),
            "map_url": reverse("partners:partner_map", args=[request.school.uai]),
            "legend": mapping.legend(spots),
            "drawing": mapping.drawing(
                spots,
                uai=request.school.uai,
                middle=middle,
                name=around.commune.name if around else "Le lycée",
                around=f"Autour {around.commune.of}" if around else "Autour du lycée",
                icon="geo-alt" if around else "mortarboard",
                ring=around.km if around else None,
            ),
        },
    )


COLUMNS = (
    "public_id", "name", "status", "type", "city", "naf", "map_latitude", "map_longitude", "has_address", "last_seen",
)  # fmt: skip


def lines_of(request: SchoolRequest, partners: object, middle: places.Point | None) -> list[Line]:
    """The partners as lines, the nearest first; one query. The last exchange is the last that this person may read."""
    latest = visible_interactions(request.membership).filter(partner=OuterRef("pk")).order_by("-date").values("date")
    rows = (
        partners.annotate(  # type: ignore[attr-defined]
            last_seen=latest[:1],
            has_address=ExpressionWrapper(
                Q(latitude__isnull=False, longitude__isnull=False), output_field=BooleanField()
            ),
        )
        .order_by("search_text", "pk")
        .values_list(*COLUMNS)
    )
    found = []
    for public_id, name, state, kind, city, code, latitude, longitude, has_address, last in rows:
        trade = naf.label(code)
        spot, km = None, None
        if latitude is not None and longitude is not None:
            said = f"Dernier échange le {french.day(last)}" if last else ""
            spot = mapping.Spot(public_id, name, state, kind, city, latitude, longitude, has_address, (trade, said))
            km = places.kilometres(middle, spot.point) if middle else None
        found.append(Line(public_id, name, state, city, trade, last, spot, km))
    return sorted(found, key=lambda line: line.km if line.km is not None else 0.0)
