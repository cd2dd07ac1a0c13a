"""Partners around a point: an index cuts a box, the database measures what is in it."""

import math
from typing import Any

from django.db.models import ExpressionWrapper, F, FloatField, QuerySet, Value
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from core import places
from core.places import Commune, Point
from partners.models import Partner, PartnerQuerySet


def distance_from(point: Point) -> ExpressionWrapper:
    """Kilometres from a point to where the map draws a partner, as an expression (`core.places.kilometres`).

    Made of functions that SQLite and PostgreSQL both have. The point is taken to the tenth of a millimetre, since PostgreSQL
    refuses the square of what is nearly nothing.
    """
    point = round(point[0], 9), round(point[1], 9)
    latitude, longitude = F("map_latitude"), F("map_longitude")
    high = Power(Sin(Radians(latitude - Value(point[0])) / 2), 2)
    wide = Power(Sin(Radians(longitude - Value(point[1])) / 2), 2)
    half = high + Value(math.cos(math.radians(point[0]))) * Cos(Radians(latitude)) * wide
    return ExpressionWrapper(Value(2 * places.EARTH_KM) * ASin(Sqrt(half)), output_field=FloatField())


def within(partners: PartnerQuerySet, point: Point, km: float) -> PartnerQuerySet:
    """The partners at most so many kilometres from a point, each with its `distance`; those without a place are not.

    A partner whose address is not geocoded stands at the centre of its commune.
    """
    south, north, west, east = places.box(point, km)
    return (
        partners.filter(map_latitude__range=(south, north), map_longitude__range=(west, east))
        .annotate(distance=distance_from(point))
        .filter(distance__lte=km)
    )


def measured(partners: QuerySet[Any], town: Commune | None) -> QuerySet[Any]:
    """Each with its `distance`: the one that a filter gave, else from this town; None for who has no place."""
    if "distance" in partners.query.annotations:
        return partners
    if town is None:
        return partners.annotate(distance=Value(None, output_field=FloatField()))
    return partners.annotate(distance=distance_from(town.centre))


def of_row(partner: Partner) -> float | None:
    """The distance that a query gave to a row, to the hundred metres."""
    km: float | None = getattr(partner, "distance", None)
    return None if km is None else round(km, 1)


def in_words(km: float) -> str:
    """`6.3` → « 6 km »: places are those of communes, a decimal would say more than is known."""
    return "moins de 1\u202fkm" if km < 1 else f"{km:.0f}\u202fkm"
