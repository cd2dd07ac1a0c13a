"""What the calendar does to placements each night, by the table of moves."""

from datetime import date
from itertools import groupby

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core import audit
from pfmp import certificates
from pfmp.enums import PlacementStatus
from pfmp.models import PfmpSettings, Placement

S = PlacementStatus


@transaction.atomic
def follow_calendar(today: date) -> dict[str, int]:
    """Signed placements whose first day has come are under way; those whose last day is past are over. How many of each.

    A convention that is not signed of all starts nothing (R-CONV-04): it stays where it is, and late. Where the school wants
    the signed attestation before closing (R-ATT-01), what has none stays under way.
    """
    everywhere = Placement.objects.across_schools(why="the calendar is the same for every school")
    stamp = {"version": F("version") + 1, "updated_by": None, "updated_at": timezone.now()}
    begun = everywhere.filter(status=S.SIGNED, start_date__lte=today).update(status=S.ONGOING, **stamp)
    past = everywhere.filter(status=S.ONGOING, end_date__lt=today)
    over = past.exclude(pk__in=_kept_open(past)).update(status=S.FINISHED, **stamp)
    if begun or over:
        audit.record("pfmp.calendar_followed", begun=begun, over=over)
    return {"begun": begun, "over": over}


def _kept_open(past: QuerySet[Placement]) -> set[int]:
    """Those whose school waits for their attestation; three queries a school that does."""
    why = "the calendar is the same for every school"
    asking = PfmpSettings.objects.across_schools(why=why).filter(closes_with_certificate=True).values_list("school")
    found: set[int] = set()
    for _, rows in groupby(past.filter(school__in=asking).order_by("school"), key=lambda row: row.school_id):
        found |= certificates.lacking(rows)
    return found
