"""What of the indicators is shown to others."""

from datetime import date

from indicators.models import IndicatorShare
from tests.factories.schools import OfSchool


class ShareFactory(OfSchool):
    class Meta:
        model = IndicatorShare

    indicators = "I1.1|I3.1"
    shared_date = date(2025, 11, 2)
