"""What is shared with partners, what surveys are answered, what leavers become."""

from functools import cached_property

from django.db.models import Q

from indicators.definitions.year_data.reading import Reading
from indicators.definitions.year_data.rows import AnswerRow, ShareRow, SurveyRow
from indicators.models import IndicatorShare
from surveys import cohorts
from surveys.enums import DOSSIER_TERMS
from surveys.models import LeaverOutcome, Survey, SurveyAnswer
from surveys.rules.leavers import Cohort


class Outcomes(Reading):
    @cached_property
    def active_shares(self) -> list[ShareRow]:
        """Shares that hold on `as_of`, with one partner or (None) with all (I6.1, A-100)."""
        rows = (
            self._of(IndicatorShare.objects)
            .filter(Q(revoked_date=None) | Q(revoked_date__gt=self.as_of), shared_date__lte=self.as_of)
            .values_list("pk", "partner_id", "shared_date", "indicators")
        )
        return [row for row in map(ShareRow._make, rows) if row.codes.strip()]

    @cached_property
    def answers(self) -> list[AnswerRow]:
        rows = (
            self._of(SurveyAnswer.objects)
            .filter(date__range=(self.start, self.as_of))
            .values_list("pk", "audience", "grade", "survey_id")
        )
        return list(map(AnswerRow._make, rows))

    @cached_property
    def surveys(self) -> list[SurveyRow]:
        rows = (
            self._of(Survey.objects)
            .filter(opened_date__range=(self.start, self.as_of))
            .values_list("pk", "audience", "asked_count")
        )
        return list(map(SurveyRow._make, rows))

    @cached_property
    def leavers(self) -> set[int]:
        """Pupils in a final year the year before, and not enrolled this one (A-120, A-121)."""
        year = self.year.previous
        return cohorts.leaver_ids(self.school, [year])[year]

    @cached_property
    def situations(self) -> dict[int, dict[int, tuple[str, int | None, int]]]:
        """By term (6 or 12 months) and leaver of the cohort: situation, partner who employs, row."""
        rows = (
            self._of(LeaverOutcome.objects)
            .filter(leaving_year=self.year.previous.code, term_months__in=DOSSIER_TERMS)
            .values_list("student_id", "term_months", "situation", "partner_id", "pk")
        )
        found: dict[int, dict[int, tuple[str, int | None, int]]] = {6: {}, 12: {}}
        for student, term, situation, partner, pk in rows:
            if student in self.leavers:
                found[term][student] = (situation, partner, pk)
        return found

    @cached_property
    def cohort(self) -> Cohort:
        """The leavers and their situations, as the rules of § 9.1 count them."""
        told = {
            term: {student: (situation, partner) for student, (situation, partner, _) in rows.items()}
            for term, rows in self.situations.items()
        }
        return Cohort(self.leavers, told)
