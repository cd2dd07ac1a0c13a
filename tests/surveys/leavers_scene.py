"""A promotion that has left, for the tests of leavers."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.models import OutboxMessage
from schools.enums import Niveau
from schools.models import School, SchoolClass, SchoolRecord, Student
from surveys.models import LeaverCampaign
from tests.factories import ClassFactory, LeaverCampaignFactory, SchoolingFactory, StudentFactory

YEAR = "2024-2025"
TODAY = date(2026, 2, 16)


def every(model: type[SchoolRecord]) -> Any:
    """The rows of a table, whatever the school."""
    return model._default_manager.across_schools(why="tests look at everything")  # type: ignore[attr-defined]


@dataclass
class Promotion:
    """A final class of a year that is over, and its campaign at six months."""

    school: School
    klass: SchoolClass
    campaign: LeaverCampaign

    def leaver(self, **values: Any) -> Student:
        """Somebody of it, with an address and a telephone unless said otherwise."""
        said = {"email": "lina@exemple.example", "phone": "06 39 98 00 01"} | values
        student = StudentFactory(school=self.school, **said)
        SchoolingFactory(school=self.school, student=student, school_class=self.klass, entry_date=date(2024, 9, 2))
        return student


def promotion(school: School) -> Promotion:
    klass = ClassFactory(
        school=school, year=YEAR, niveau=Niveau.TERMINALE_PRO, diploma="Métiers de l’électricité", code="TMELEC"
    )
    return Promotion(
        school, klass, LeaverCampaignFactory(school=school, leaving_year=YEAR, opened_date=date(2026, 2, 1))
    )


def links_sent() -> list[str]:
    """The addresses of the pages that messages lead to, in their order."""
    bodies = OutboxMessage.objects.order_by("pk").values_list("body", flat=True)
    return [found[1] for body in bodies if (found := re.search(r"https?://[^/\s]+(/ancien-eleve/\S+)", body))]
