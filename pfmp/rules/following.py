"""What follows a departure: the referent's contacts, the allowance (R-REF-04, R-REF-05, R-ALLOC-07).

Not part of `check`, which answers as before the convention is issued (G-01): the board, the page of visits and the work list
ask these while the stay lasts and after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pfmp.rules import wording
from pfmp.rules.parameters import Parameters, parameters_on
from pfmp.rules.results import Level, Problem


@dataclass(frozen=True)
class Following:
    """A contact of the referent with the tutor: its day, and whether they met the tutor and the pupil there."""

    day: date
    is_meeting: bool


def middle_of(start: date, end: date) -> date:
    """The last day of the first half: a stay of one day has it on that day."""
    return start + (end - start) // 2


def following_problems(
    start: date, end: date, contacts: Iterable[Following], today: date, parameters: Parameters | None = None
) -> list[Problem]:
    """What the follow-up of a stay lacks today: no contact in its first half, fewer than two contacts or no meeting at its end.

    `end` is the last day of presence (an interruption included). Contacts outside the dates do not count.
    Sources: code de l'éducation L124-1 (R-REF-04, code of 2015); convention-type art. 18 (R-REF-05, verified).
    """
    parameters = parameters or parameters_on(start)
    made = [one for one in contacts if start <= one.day <= end and one.day <= today]
    middle = middle_of(start, end)
    found = []
    if today > middle and not any(one.day <= middle for one in made) and today <= end:
        found.append(
            Problem(
                "R-REF-05",
                Level.WARNING,
                wording.sentence(
                    f"aucun contact avec le tuteur dans la première partie de la période (jusqu’au {wording.day(middle)})."
                ),
            )
        )
    if today > end:
        if sum(one.is_meeting for one in made) < parameters.referent_meetings:
            found.append(
                Problem("R-REF-05", Level.WARNING, "Aucune rencontre notée entre le référent, l’élève et le tuteur.")
            )
        if len(made) < parameters.referent_contacts:
            found.append(
                Problem(
                    "R-REF-04",
                    Level.WARNING,
                    wording.sentence(
                        f"{len(made)} contact{'s' if len(made) > 1 else ''} noté{'s' if len(made) > 1 else ''} pendant la "
                        f"période, au moins {parameters.referent_contacts}."
                    ),
                )
            )
    return found


def allowance_reminder(end: date, parameters: Parameters | None = None) -> date:
    """The day from which an allowance not yet asked for is late (R-ALLOC-07: within two months; reminded at 45 days)."""
    return end + timedelta(days=(parameters or parameters_on(end)).allowance_reminder_days)


def allowance_is_late(end: date, today: date, *, is_validated: bool) -> bool:
    """Whether the days of a stay that ended should have been validated by now. Source: R-ALLOC-07. Confidence: second hand."""
    return not is_validated and today >= allowance_reminder(end)
