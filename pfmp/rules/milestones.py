"""A school's backward calendar: by when each step of a placement is expected, which one comes next, who is late.

The delays are one real lycée's (reglementation-pfmp § 5.6), for a school to change: no text gives any (R-CONV-05). Those
before the departure are counted from the last day with lessons before the period.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pfmp.enums import MilestoneAnchor, MilestoneStep
from schools.enums import Role

S, A = MilestoneStep, MilestoneAnchor


@dataclass(frozen=True)
class Step:
    """A line of the calendar: so many days after an anchor (before it when negative); who does it, who checks it."""

    code: MilestoneStep
    anchor: MilestoneAnchor
    days: int
    owner: str = ""
    checker: str = ""
    is_active: bool = True


DEFAULTS: Final = (
    Step(S.PLACE_FOUND, A.START, -35, Role.TEACHER, Role.BDE),
    Step(S.SHEET_GIVEN, A.START, -30, Role.TEACHER),
    Step(S.SHEET_BACK, A.START, -21, Role.TEACHER, Role.BDE),
    Step(S.ISSUED, A.START, -18, Role.BDE),
    Step(S.SIGNED, A.START, -11, Role.TEACHER, Role.BDE),
    Step(S.FILED, A.START, -10, Role.TEACHER, Role.BDE),
    Step(S.ARRIVED, A.FIRST_DAY, 1, Role.TEACHER),
    Step(S.VISITED, A.END, -3, Role.TEACHER),
    Step(S.CERTIFIED, A.END, 5, Role.TEACHER, Role.BDE),
    Step(S.WELCOME, A.END, 12, Role.TEACHER),
)
"""§ 5.6. Who does and who checks is the school's to say: these are the most common."""

HANDED: Final = (S.SHEET_GIVEN, S.SHEET_BACK, S.FILED, S.ARRIVED, S.CERTIFIED)
"""Steps that people note by hand: a paper handed over, or an arrival checked."""

WELCOME_FORGOTTEN: Final = timedelta(days=56)
"""A pupil who has said nothing of their welcome eight weeks after the end is no longer waited for."""

RED_DAYS: Final = (7, 3, 1)
"""Days before the departure at which a convention that is not complete goes on the red list (R-CONV-04)."""


@dataclass(frozen=True)
class Anchors:
    """The days from which the steps of one pupil's period are counted."""

    last_lesson_day: date
    first_day: date
    end: date

    def of(self, anchor: MilestoneAnchor) -> date:
        return {A.START: self.last_lesson_day, A.FIRST_DAY: self.first_day, A.END: self.end}[anchor]


@dataclass(frozen=True)
class Awaited:
    """The next step of a pupil. `due_date` is None for one to be placed again: nobody gave that a day."""

    step: Step
    due_date: date | None

    def days_late(self, today: date) -> int:
        """Days since it was due, 0 when it is not past."""
        return max(0, (today - self.due_date).days) if self.due_date else 0

    @property
    def words(self) -> str:
        """« convention signée de tous »."""
        label = self.step.code.label
        return label[0].lower() + label[1:]


def steps_with(rows: Iterable[Step]) -> tuple[Step, ...]:
    """All the steps: the school's own line where it has one, else the default; in the order of a placement."""
    own = {row.code: row for row in rows}
    return tuple(own.get(step.code, step) for step in DEFAULTS)


def due_date(step: Step, anchors: Anchors) -> date:
    """The day by which a step should be behind."""
    return anchors.of(step.anchor) + timedelta(days=step.days)


_FOUND = frozenset({S.PLACE_FOUND})
_ISSUABLE = _FOUND | {S.SHEET_GIVEN, S.SHEET_BACK}
_ISSUED = _ISSUABLE | {S.ISSUED}
_SIGNED = _ISSUED | {S.SIGNED}
_AWAY = _SIGNED | {S.FILED}
_BACK = _AWAY | {S.ARRIVED, S.VISITED}

BEHIND: Final[Mapping[str, frozenset[MilestoneStep]]] = {
    "sans_place": frozenset(),
    "a_replacer": frozenset(),
    "piste_en_cours": frozenset(),
    "place_trouvee": _ISSUABLE,  # all that the convention says is there, with a sheet or without
    "convention_refusee": _ISSUABLE,
    "convention_editee": _ISSUED,
    "a_signer": _ISSUED,
    "convention_complete": _SIGNED,
    "en_entreprise": _AWAY,  # nobody leaves without the paper (R-CONV-04)
    "termine": _BACK,  # too late to check an arrival or to visit
    "attestation_remise": _BACK | {S.CERTIFIED},
    "dispense": frozenset(S),
}
"""By step of the board: what is behind, whatever else is known."""


def awaited(
    board_step: str,
    noted: Collection[MilestoneStep],
    steps: Sequence[Step],
    anchors: Anchors,
    today: date,
) -> Awaited | None:
    """The step that comes next for a pupil who stands at a step of the board; None when nothing is awaited any more.

    `steps` in the order of a placement (`steps_with`). `noted`: steps that something else shows to be behind: a paper received, a visit, what the pupil said of the welcome.
    """
    behind = BEHIND[board_step] | frozenset(noted)
    left = [step for step in steps if step.is_active and step.code not in behind]
    if today > anchors.end + WELCOME_FORGOTTEN:
        left = [step for step in left if step.code != S.WELCOME]
    if not left:
        return None
    first = left[0]
    if board_step == "a_replacer":
        return Awaited(first, None)
    return Awaited(first, due_date(first, anchors))


def red_day(board_step: str, first_day: date, today: date) -> int | None:
    """7, 3 or 1: which red list a pupil without a complete convention is on; None for none.

    Source: R-CONV-04: no departure without the convention complete and signed. The first day itself still counts as 1.
    """
    if S.SIGNED in BEHIND[board_step]:
        return None
    left = (first_day - today).days
    if left < 0:
        return None
    return next((day for day in reversed(RED_DAYS) if left <= day), None)
