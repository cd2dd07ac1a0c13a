"""By when a host must have declared an accident: 48 hours, Sundays and legal holidays left out (R-AT-02).

Source: code de la sécurité sociale R412-4; convention-type art. 15. Confidence: verified.
"""

from datetime import datetime, time, timedelta

from core import holidays_fr
from pfmp.rules.parameters import Parameters, parameters_on

SUNDAY = 6


def declaration_deadline(
    known_at: datetime, *, alsace_moselle: bool = False, parameters: Parameters | None = None
) -> datetime:
    """The moment when the hours are over, counted from when the host knew.

    Hours are those of the wall, in the zone of `known_at` (aware or naive): the clock stops on a Sunday or a holiday and
    goes on at the next midnight. Clocks change on Sundays, which do not count: an hour more or less changes nothing.
    """
    parameters = parameters or parameters_on(known_at.date())
    zone, now = known_at.tzinfo, known_at.replace(tzinfo=None)
    left = timedelta(hours=parameters.accident_hours)
    while True:
        midnight = datetime.combine(now.date() + timedelta(days=1), time())
        day = now.date()
        if day.weekday() != SUNDAY and day not in holidays_fr.legal_holidays(day.year, alsace_moselle=alsace_moselle):
            if left <= midnight - now:
                return (now + left).replace(tzinfo=zone)
            left -= midnight - now
        now = midnight
