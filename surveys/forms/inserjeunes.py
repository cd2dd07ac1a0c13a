"""The form of an official figure of InserJeunes."""

from typing import Any

from schools.forms import RecordForm
from surveys import inserjeunes
from surveys.models import InserJeunesFigure


class InserJeunesForm(RecordForm):
    class Meta:
        model = InserJeunesFigure
        fields = ["vintage", "formation", "measure", "term_months", "percent", "source", "published_date"]

    def clean(self) -> dict[str, Any]:
        """Rates are from 0 to 100; the added value alone may be negative; employment has a term, the others none."""
        cleaned = super().clean() or self.cleaned_data
        measure, percent, term = cleaned.get("measure"), cleaned.get("percent"), cleaned.get("term_months")
        if measure and (problem := inserjeunes.value_problem(measure, percent)):
            self.add_error("percent", problem)
        if measure and term is not None and (problem := inserjeunes.term_problem(measure, term)):
            self.add_error("term_months", problem)
        return cleaned
