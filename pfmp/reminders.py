"""What the calendar does to placements each night, by the table of moves."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit
from pfmp.enums import PlacementStatus
from pfmp.models import Placement

S = PlacementStatus


@transaction.atomic
def follow_calendar(today: date) -> dict[str, int]:
    """Signed placements whose first day has come are under way; those whose last day is past are over. How many of each.

    A convention that is not signed of all starts nothing (R-CONV-04): it stays where it is, and late.
    """
    everywhere = Placement.objects.across_schools(why="the calendar is the same for every school")
    stamp = {"version": F("version") + 1, "updated_by": None, "updated_at": timezone.now()}
    begun = everywhere.filter(status=S.SIGNED, start_date__lte=today).update(status=S.ONGOING, **stamp)
    over = everywhere.filter(status=S.ONGOING, end_date__lt=today).update(status=S.FINISHED, **stamp)
    if begun or over:
        audit.record("pfmp.calendar_followed", begun=begun, over=over)
    return {"begun": begun, "over": over}
