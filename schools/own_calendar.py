"""A school makes its zone's holidays its own: copied as rows of a school year, which it then corrects."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import audit
from core.school_year import SchoolYear
from schools import calendar
from schools.enums import DayOffKind
from schools.models import School, SchoolHoliday
from schools.services import create_record


@transaction.atomic
def copy_zone(school: School, year: SchoolYear, *, by: Any) -> list[SchoolHoliday]:
    """Write the zone's holidays of a school year as the school's rows; from then on only these count for that year.

    Raises ValidationError when the school has its own already, or when the zone's are not known.
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two clicks at once copy once
    periods = [
        one for one in calendar.holiday_periods(school, year.start, year.end) if SchoolYear.on(one.start) == year
    ]
    if any(one.is_own and one.kind == DayOffKind.HOLIDAYS for one in periods):
        raise ValidationError(f"Le lycée a déjà ses propres vacances pour {year.code} : modifiez leurs lignes.")
    official = [one for one in periods if not one.is_own]
    if not official:
        raise ValidationError(f"Les vacances de votre zone ne sont pas connues pour {year.code} : saisissez-les.")
    rows = [
        create_record(
            SchoolHoliday(
                school=school, label=one.label, kind=DayOffKind.HOLIDAYS, start_date=one.start, end_date=one.end
            ),
            by=by,
        )[0]
        for one in official
    ]
    audit.record("schools.zone_copied", by=by, scope=school.uai, year=year.code, rows=len(rows))
    return rows
