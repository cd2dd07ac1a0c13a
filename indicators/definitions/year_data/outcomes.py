"""What is shared with partners, what surveys are answered, what leavers become."""

from functools import cached_property

from django.db.models import Q

from indicators.definitions.year_data.reading import Reading
from indicators.definitions.year_data.rows import AnswerRow, ShareRow, SurveyRow
from indicators.models import IndicatorShare
from schools.enums import Niveau
from schools.models import Schooling
from surveys.enums import DOSSIER_TERMS
from surveys.models import LeaverOutcome, Survey, SurveyAnswer

FINAL_YEAR = (Niveau.CAP2, Niveau.TERMINALE_PRO, Niveau.CS, Niveau.BTS2)
"""Levels whose pupils leave with a diploma (A-122)."""


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
        final = (
            self._of(Schooling.objects)
            .filter(year=self.year.previous.code, school_class__school=self.school)
            .filter(school_class__niveau__in=FINAL_YEAR)
            .values_list("student_id", flat=True)
        )
        back = self._of(Schooling.objects).filter(year=self.year.code).values_list("student_id", flat=True)
        return set(final) - set(back)

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
