"""Pupils of the year: their schoolings, and where each is on a day."""

from datetime import date
from functools import cached_property

from indicators.definitions.year_data.reading import Reading
from indicators.definitions.year_data.rows import Stay
from schools.models import Schooling


class Pupils(Reading):
    @cached_property
    def stays(self) -> list[Stay]:
        """Schoolings of the year that hold at least one of its days (A-05), pupils together, C-07's winner first."""
        rows = (
            self._of(Schooling.objects)
            .filter(year=self.year.code, student__school=self.school, school_class__school=self.school)
            .values_list(
                "student_id", "school_class_id", "school_class__code", "school_class__niveau", "student__sex",
                "entry_date", "exit_date", "priority", "pk",
            )
        )  # fmt: skip
        kept = []
        for student, klass, code, niveau, sex, entry, exit_, priority, pk in rows:
            first, last = max(entry, self.start), min(exit_ or self.end, self.end)
            if first <= last:
                kept.append(
                    (
                        (student, -entry.toordinal(), code),
                        Stay(student, klass, code, niveau, sex, first, last, priority, pk),
                    )
                )
        return [stay for _, stay in sorted(kept)]

    @cached_property
    def stays_by_student(self) -> dict[int, list[Stay]]:
        by: dict[int, list[Stay]] = {}
        for stay in self.stays:
            by.setdefault(stay.student, []).append(stay)
        return by

    @cached_property
    def stays_so_far(self) -> list[Stay]:
        """Those begun on `as_of`: the classes and levels attended (A-75)."""
        return [stay for stay in self.stays if stay.first <= self.as_of]

    @cached_property
    def enrolled(self) -> dict[int, str]:
        """Pupils enrolled at some time of the period (C-06), with their sex ("" when unknown)."""
        return {stay.student: stay.sex for stay in self.stays_so_far}

    @cached_property
    def priority(self) -> dict[int, bool | None]:
        """Enrolled pupils: of a priority public, or not, or unknown (C-12, A-12)."""
        found: dict[int, bool | None] = {}
        for stay in self.stays_so_far:
            known = found.get(stay.student, False)
            found[stay.student] = (
                True if True in (known, stay.priority) else None if None in (known, stay.priority) else False
            )
        return found

    def stay_on(self, student: int, day: date) -> Stay | None:
        """The pupil's schooling on a day: of several, the one entered last, then the smallest class code (C-07, A-07)."""
        for stay in self.stays_by_student.get(student, ()):
            if stay.first <= day <= stay.last:
                return stay
        return None

    def stay_during(self, student: int, first: date, last: date) -> Stay | None:
        """The schooling of the first day, between two, on which the pupil is enrolled (A-10, A-11); None: outside (C-09)."""
        stays = self.stays_by_student.get(student, ())
        if len(stays) == 1:  # nearly all pupils
            return stays[0] if stays[0].first <= last and first <= stays[0].last else None
        days = [max(first, stay.first) for stay in stays if stay.first <= last and first <= stay.last]
        return self.stay_on(student, min(days)) if days else None
