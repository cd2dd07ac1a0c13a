"""Rows of a school for the tests that read the database: a complete placement, and variations on it."""

from datetime import date
from itertools import count
from typing import Any

from partners.models import Contact, Partner
from pfmp.models import Period, Placement
from schools.models import School, SchoolClass, Student
from tests.pfmp.rules_cast import WEEK_35H

_numbers = count(1)


class House:
    """A school with one class, one period and one company; `place` adds a placement that breaks no rule."""

    def __init__(self, uai: str = "0755890V") -> None:
        self.school = School.objects.create(uai=uai, name="LP", type="lp", board_vote_date=date(2025, 10, 1))
        self.school_class = SchoolClass.objects.create(
            school=self.school, year="2025-2026", code="1MELEC", label="1re MELEC", niveau="1re_pro", diploma="Bac pro"
        )
        self.period = Period.objects.create(
            school=self.school,
            school_class=self.school_class,
            year="2025-2026",
            label="PFMP 3",
            start_date=date(2026, 3, 2),
            end_date=date(2026, 3, 27),
        )
        self.partner = self.company()

    def company(self, **changes: Any) -> Partner:
        values = {"name": "Atelier Dupont", "siret": "73282932000074", "naf": "43.21A", "headcount": "10-19"}
        return Partner.objects.create(school=self.school, **values | changes)

    def student(self, **changes: Any) -> Student:
        values = {"last_name": f"Martin{next(_numbers)}", "first_name": "Lou", "birth_date": date(2009, 1, 15)}
        return Student.objects.create(school=self.school, **values | {"guardian_name": "Anne Martin"} | changes)

    def tutor(self, partner: Partner) -> Contact:
        return Contact.objects.create(school=self.school, partner=partner, last_name="Dupont")

    def place(self, *, saved: bool = True, **changes: Any) -> Placement:
        partner = changes.get("partner") or self.partner
        values: dict[str, Any] = {
            "period": self.period,
            "partner": partner,
            "start_date": date(2026, 3, 2),
            "end_date": date(2026, 3, 27),
            "referent_email": f"referent{next(_numbers)}@lycee.example",
            "tasks": "Câblage d’armoires",
            "timetable": WEEK_35H,
        } | changes
        values.setdefault("student", None)
        values["student"] = values["student"] or self.student()
        if "tutor" not in values:
            values["tutor"] = self.tutor(partner)
        placement = Placement(school=self.school, **values)
        if saved:
            placement.save()
        return placement
