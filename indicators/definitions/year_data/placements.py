"""Periods of the year: pupils expected, their placements, the visits paid and the conventions signed."""

from functools import cached_property

from django.db.models import Count, Max, Q

from documents.enums import SIGNED, DocumentType, SignatureStatus, Subject
from documents.models import Document, Signature
from indicators.definitions.year_data.pupils import Pupils
from indicators.definitions.year_data.rows import (
    INTERRUPTED,
    Couple,
    PeriodRow,
    PlacementRow,
    SignatureRow,
    Stay,
    VisitRow,
)
from pfmp.enums import OBSERVATIONS, SOLUTION, PlacementStatus
from pfmp.models import Exemption, Period, Placement, Visit
from pfmp.rules import solutions

# Plain text for loops over many rows: looking a member up in its class costs more than comparing it.
_SOLUTION = frozenset(status.value for status in SOLUTION)
_FINISHED = PlacementStatus.FINISHED.value


class Placements(Pupils):
    @cached_property
    def periods(self) -> dict[int, PeriodRow]:
        rows = (
            self._of(Period.objects)
            .counted()
            .filter(year=self.year.code, school_class__school=self.school)
            .values_list("pk", "dossier_id", "school_class_id", "school_class__code", "start_date", "end_date")
        )
        return {row[0]: PeriodRow(*row) for row in rows}

    @cached_property
    def placements(self) -> list[PlacementRow]:
        """Placements of the periods of the year (A-14)."""
        rows = (
            self._of(Placement.objects)
            .counted()
            .in_year(self.year.code)
            .values_list(
                "pk", "dossier_id", "period_id", "student_id", "partner_id", "tutor__email", "tutor__phone", "referent_email",
                "start_date", "end_date", "status", "interrupted_date", "interruption_reason", "origin", "days_done",
            )
        )  # fmt: skip
        return list(map(PlacementRow._make, rows))

    @cached_property
    def expected(self) -> dict[int, list[int]]:
        """Pupils expected for each period: in its class on the reference day, staying until it begins, not exempted (A-80)."""
        rows = self._of(Exemption.objects).filter(period__school=self.school, period__year=self.year.code)
        exempted = set(rows.values_list("period_id", "student_id"))
        by_class: dict[int, list[Stay]] = {}
        for stay in self.stays:
            by_class.setdefault(stay.klass, []).append(stay)
        found = {}
        for period in self.periods.values():
            day = min(period.start, self.as_of)
            found[period.pk] = [
                stay.student
                for stay in by_class.get(period.klass, ())
                if stay.first <= day <= stay.last
                and stay.last >= period.start
                and (period.pk, stay.student) not in exempted
                and self.stay_on(stay.student, day) is stay
            ]
        return found

    @cached_property
    def couples(self) -> list[Couple]:
        """Every pupil expected for a period of the year, those to come included (A-44)."""
        placed: dict[tuple[int, int], list[PlacementRow]] = {}
        for row in self.placements:
            if row.status in _SOLUTION:
                placed.setdefault((row.period, row.student), []).append(row)
        return [
            self._couple(self.periods[period], student, placed.get((period, student), []))
            for period, students in self.expected.items()
            for student in students
        ]

    def _couple(self, period: PeriodRow, student: int, rows: list[PlacementRow]) -> Couple:
        found = solutions.outcome(rows, (period.start, period.end), self.as_of)
        return Couple(period.pk, student, *found)

    @cached_property
    def started(self) -> list[PlacementRow]:
        """Placements begun, of a status that counts (A-140)."""
        return [row for row in self.placements if row.status in _SOLUTION and row.start <= self.as_of]

    @cached_property
    def finished(self) -> list[PlacementRow]:
        return [row for row in self.placements if row.status == _FINISHED and row.end <= self.as_of]

    @cached_property
    def interrupted(self) -> list[PlacementRow]:
        return [
            row
            for row in self.started
            if row.status == INTERRUPTED and (row.interrupted is None or row.interrupted <= self.as_of)
        ]

    @cached_property
    def hosts_before(self) -> set[int]:
        """Partners with a placement begun, of a period of the year before (A-133)."""
        rows = self._of(Placement.objects).counted().in_year(self.year.previous.code).filter(start_date__lte=self.as_of)
        return set(rows.filter(status__in=SOLUTION).values_list("partner_id", flat=True))

    @cached_property
    def visits(self) -> list[VisitRow]:
        """Visits dated up to `as_of`: of the placements of the year, and of any other during the period (A-130, A-142)."""
        rows = (
            self._of(Visit.objects)
            .filter(
                Q(date__gte=self.start) | Q(placement__period__year=self.year.code),
                date__lte=self.as_of,
                placement__school=self.school,
                placement__period__school=self.school,
            )
            .exclude(placement__period__kind__in=OBSERVATIONS)
            .values_list("pk", "placement_id", "placement__partner_id", "date", "mode")
        )
        return list(map(VisitRow._make, rows))

    @cached_property
    def signatures(self) -> dict[str, SignatureRow]:
        """By placement (dossier id): the signatures of its latest convention, when it has any line of them (A-144)."""
        of_the_year = self._of(Placement.objects).counted().in_year(self.year.code).values("dossier_id")
        editions = (
            self._of(Document.objects)
            .filter(type=DocumentType.PFMP_CONVENTION, subject=Subject.PLACEMENT, subject_id__in=of_the_year)
            .order_by("edition", "issued_at", "pk")
            .values_list("subject_id", "pk")
        )
        latest = dict(editions)
        asked = ~Q(status=SignatureStatus.VOIDED)
        lines = (
            self._of(Signature.objects)
            .counted()
            # Named one by one: joined, PostgreSQL without statistics once took minutes for what takes milliseconds.
            .filter(document__in=list(latest.values()))
            .values("document_id")
            .annotate(
                asked=Count("pk", filter=asked),
                signed=Count("date", filter=Q(status__in=SIGNED)),
                last=Max("date", filter=asked),
            )
            .values_list("document_id", "asked", "signed", "last")
        )
        by_document = {document: SignatureRow(*found) for document, *found in lines}
        return {placement: by_document[pk] for placement, pk in latest.items() if pk in by_document}
