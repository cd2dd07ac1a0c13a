"""What one asks to find a host for a pupil: formation, period, how far from where."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from core import french
from core.places import Commune
from pfmp.models import Period
from schools.communes import USUAL_REACH, AroundField
from schools.models import School

ANY = "toutes"
LONGEST = 255


class HostSearchForm(forms.Form):
    """Every question has a first answer: the pupil's own formation, next period and town."""

    formation = forms.ChoiceField(label="Formation", required=False)
    periode = forms.ChoiceField(label="Période", required=False)
    distance = AroundField(label="À moins de")

    def __init__(
        self,
        data: QueryDict,
        *,
        school: School,
        formations: Sequence[str],
        formation: str,
        periods: Sequence[Period],
        period: Period | None,
        town: Commune | None,
    ) -> None:
        self.periods = {str(one.public_id): one for one in periods}
        first: dict[str, Any] = {
            "formation": formation or ANY,
            "periode": str(period.public_id) if period else "",
            "distance_km": str(USUAL_REACH),
        }
        asked = data.copy()
        for name, value in first.items():
            if not asked.get(name):
                asked[name] = value
        super().__init__(asked)
        self.fields["formation"].choices = [*((one, one) for one in formations), (ANY, "Toutes les formations")]
        self.fields["periode"].choices = [
            *(
                (key, f"{one.label}, {french.period(one.start_date, one.end_date)}")
                for key, one in self.periods.items()
            ),
            *([] if periods else [("", "Aucune période")]),
        ]
        self.fields["distance"].around(school, town=town)

    @property
    def formation_asked(self) -> str:
        """The diploma, "" for any."""
        chosen: str = self.cleaned_data["formation"]
        return "" if chosen == ANY else chosen

    @property
    def period_asked(self) -> Period | None:
        return self.periods.get(self.cleaned_data["periode"])
