"""What follow-up is owed to a placement next, and by which day: a first contact, a meeting, a second contact (R-REF-04, R-REF-05).

Not part of `check`, which answers as before the convention is issued (G-01): the board, the page of visits and the work list
ask while the stay lasts and after it. How many contacts and meetings: the dated table of `parameters`. Source: article L124-1
of the code de l’éducation (« à plusieurs reprises ») and article 18 of the standard convention of 2025.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from pfmp.rules.parameters import Parameters, parameters_on

BEFORE_END = timedelta(days=3)
"""A school's habit, not the law: the meeting is made three days before the end at the latest."""


@dataclass(frozen=True)
class Following:
    """A contact of the referent with the tutor: its day, and whether they met the tutor and the pupil there."""

    day: date
    is_meeting: bool


@dataclass(frozen=True)
class Stay:
    """A placement as follow-up sees it; `end` is the day it stopped when it was interrupted."""

    start: date
    end: date
    noted: Sequence[Following] = ()

    @cached_property
    def contacts(self) -> list[Following]:
        """Those made while it lasted."""
        return [one for one in self.noted if self.start <= one.day <= self.end]

    @property
    def middle(self) -> date:
        """The last day of the first half: a stay of one day has it on that day."""
        return self.start + (self.end - self.start) // 2

    @property
    def parameters(self) -> Parameters:
        return parameters_on(self.start)

    @property
    def meeting_due(self) -> date:
        return max(self.start, self.end - BEFORE_END)


class Gap(StrEnum):
    """What is missing; the words are for people."""

    CONTACT = "sans contact à mi-période"
    MEETING = "sans rencontre à la fin"
    CONTACTS = "moins de deux contacts à la fin"


def had_first_contact(stay: Stay) -> bool:
    """Someone of the team had news in the first part (R-REF-05)."""
    return any(one.day <= stay.middle for one in stay.contacts)


def had_meeting(stay: Stay) -> bool:
    """As many meetings of the three as the convention wants (R-REF-05)."""
    return sum(one.is_meeting for one in stay.contacts) >= stay.parameters.referent_meetings


def gaps(stay: Stay, today: date) -> list[Gap]:
    """What was owed by today and was not done: nothing before the day after it was due."""
    found = []
    if today > stay.middle and not had_first_contact(stay):
        found.append(Gap.CONTACT)
    if today > stay.end and not had_meeting(stay):
        found.append(Gap.MEETING)
    if today > stay.end and len(stay.contacts) < stay.parameters.referent_contacts:
        found.append(Gap.CONTACTS)
    return found


@dataclass(frozen=True)
class Due:
    """The next thing that is owed, in words, and by which day."""

    what: str
    day: date
    is_meeting: bool

    def is_late(self, today: date) -> bool:
        return today > self.day


FIRST_CONTACT = "Premier contact"
MEETING = "Visite"
SECOND_CONTACT = "Deuxième contact"


def next_due(stay: Stay) -> Due | None:
    """A first contact by the middle; a meeting three days before the end; a second contact by the end. None when all is done.

    A contact that came after the middle still counts as news: only the meeting is then asked for.
    """
    if not stay.contacts:
        return Due(FIRST_CONTACT, stay.middle, is_meeting=False)
    if not had_meeting(stay):
        return Due(MEETING, stay.meeting_due, is_meeting=True)
    if len(stay.contacts) < stay.parameters.referent_contacts:
        return Due(SECOND_CONTACT, stay.end, is_meeting=False)
    return None
