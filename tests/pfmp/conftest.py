"""A scene for the pages of PFMP: a teacher, their class that leaves on 2 March, a pupil, a company."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader

from partners.models import Contact, Partner
from pfmp.models import Period, Placement
from schools.models import Membership, School, SchoolClass, Student
from tests.conftest import Cast
from tests.factories import (
    AssignmentFactory,
    ClassFactory,
    ContactFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolingFactory,
    StudentFactory,
)
from tests.pfmp.rules_cast import WEEK_35H

DAYS = ("lun", "mar", "mer", "jeu", "ven")


@dataclass
class Scene:
    """Who and what a story needs; `form` is what a browser would send for a placement that breaks no rule."""

    cast: Cast
    school: School
    teacher: Membership
    school_class: SchoolClass
    period: Period
    student: Student
    partner: Partner
    tutor: Contact

    def pupil(self, **changes: Any) -> Student:
        values: dict[str, Any] = {"birth_date": date(2009, 1, 15), "guardian_name": "Anne Meziane"}
        student = StudentFactory(school=self.school, **values | changes)
        SchoolingFactory(school=self.school, student=student, school_class=self.school_class)
        return student

    def form(self, **changes: Any) -> dict[str, Any]:
        week = {
            f"timetable_{day}_{cell}": clock
            for day in DAYS
            for cell, clock in (("matin_de", "08:00"), ("matin_a", "12:00"), ("soir_de", "13:00"), ("soir_a", "16:00"))
        }
        values = {
            "period": self.period.pk,
            "start_date": "2026-03-02",
            "end_date": "2026-03-27",
            "partner": self.partner.name,
            "partner_id": str(self.partner.public_id),
            "tutor": self.tutor.pk,
            "tasks": "Câblage d’armoires électriques",
            "referent_email": self.teacher.email,
            "origin": "equipe",
        }
        return {key: value for key, value in (values | week | changes).items() if value is not None}

    def new_url(self, student: Student | None = None) -> str:
        return self.url(f"placements/nouveau/?eleve={(student or self.student).public_id}")

    def url(self, path: str) -> str:
        return f"/etablissements/{self.school.uai}/pfmp/{path}"

    def placement(self, **changes: Any) -> Placement:
        """A saved place that no rule holds back."""
        values: dict[str, Any] = {
            "school": self.school,
            "student": self.student,
            "period": self.period,
            "partner": self.partner,
            "tutor": self.tutor,
            "timetable": WEEK_35H,
            "tasks": "Câblage",
            "referent_email": self.teacher.email,
            "status": "confirme",
        }
        placement: Placement = PlacementFactory(**values | changes)
        return placement


def printed(file: bytes) -> str:
    """The words of a PDF, with plain spaces."""
    return " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(BytesIO(file)).pages)


def said(answer: Any) -> list[str]:
    """The messages of a page, with plain spaces."""
    return [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]


def token_of(url: str) -> str:
    """That of a personal link, from its address."""
    return url.rstrip("/").rpartition("/")[2]


@pytest.fixture
def february() -> Iterator[None]:
    """Three weeks before the class of the scene leaves."""
    with time_machine.travel("2026-02-10T09:00:00+01:00", tick=False):
        yield


@pytest.fixture
def scene(cast: Cast, february: None) -> Scene:
    school = cast.school
    school_class = ClassFactory(school=school, diploma="Bac pro Métiers de l’électricité", label="1re MELEC")
    AssignmentFactory(school=school, membership=cast.teacher, school_class=school_class)
    partner = PartnerFactory(school=school, name="Atelier Dupont", siret="73282932000074", headcount="20-49")
    scene = Scene(
        cast=cast,
        school=school,
        teacher=cast.teacher,
        school_class=school_class,
        period=PeriodFactory(school=school, school_class=school_class),
        student=None,  # type: ignore[arg-type]
        partner=partner,
        tutor=ContactFactory(school=school, partner=partner, last_name="Dupont"),
    )
    scene.student = scene.pupil(last_name="Meziane", first_name="Rayan")
    # A teacher knows the people of the companies where their pupils already are.
    scene.placement(student=scene.pupil(last_name="Aubry", first_name="Enzo"), status="pressenti")
    return scene
