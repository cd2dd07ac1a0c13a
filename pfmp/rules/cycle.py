"""Weeks in companies over a whole cycle (R-DUREE-01 to 13): how many a diploma asks, how many a pupil has, what is missing.

A week is five days from Monday to Friday: the dates of a period say how many it has, public holidays inside take nothing
away. What a placement gives is that, in the proportion of the days attested to the days that the timetable plans.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from core.school_year import SchoolYear
from core.text import searchable
from pfmp.rules.hours import monday_of
from pfmp.rules.parameters import Confidence, ParameterValue, parameter_values_on

ZERO: Final = Decimal(0)
_TENTH: Final = Decimal("0.1")
_FRIDAY = 4


class Cycle(StrEnum):
    """What a pupil studies for."""

    CAP = "cap"
    CAP_ONE_YEAR = "cap_1_an"
    BAC_PRO = "bac_pro"
    CS = "cs"
    BTS = "bts"


LEVELS: Final[dict[Cycle, tuple[str, ...]]] = {
    Cycle.CAP: ("cap1", "cap2"),
    Cycle.CAP_ONE_YEAR: ("cap1", "cap2"),
    Cycle.BAC_PRO: ("2nde_pro", "1re_pro", "tle_pro"),
    Cycle.CS: ("cs",),
    Cycle.BTS: ("bts1", "bts2"),
}
"""The levels of each cycle, in order."""

PATH_SINCE: Final = SchoolYear(2024)
"""The first school year that ends with a path of its own for pupils of terminale (note de service du 4-3-2024)."""

_WEEKS_KEY = {
    Cycle.CAP: "cap_cycle_weeks",
    Cycle.CAP_ONE_YEAR: "cap_one_year_weeks",
    Cycle.BAC_PRO: "bac_pro_cycle_weeks",
    Cycle.CS: "cs_cycle_weeks",
}
_MOST_KEY = {Cycle.CAP: "cap_cycle_most_weeks", Cycle.CS: "cs_cycle_most_weeks"}
_FLOOR_KEY = {
    Cycle.CAP: "cap_floor_weeks",
    Cycle.CAP_ONE_YEAR: "cap_floor_weeks",
    Cycle.BAC_PRO: "bac_pro_floor_weeks",
}
_RULES = {
    Cycle.CAP: "R-DUREE-01",
    Cycle.CAP_ONE_YEAR: "R-DUREE-02",
    Cycle.BAC_PRO: "R-DUREE-03",
    Cycle.CS: "R-DUREE-09",
    Cycle.BTS: "R-DUREE-10",
}
_INDICATIVE = {"2nde_pro": ("bac_pro_2nde_weeks",), "1re_pro": ("bac_pro_2nde_weeks", "bac_pro_1re_weeks")}
"""What the classes up to this one are expected to have done, at least (R-DUREE-04)."""


@dataclass(frozen=True)
class Requirement:
    """What a diploma asks over the cycle. `weeks` None: no text that holds for every specialty is known (BTS).

    `most`: the other end of the range. `block`: the shortest period. `floor`: least weeks of a reduced path, on a reasoned
    decision (R-DUREE-13). `is_own`: a row of the school says so.
    """

    cycle: Cycle
    rule: str
    weeks: int | None
    most: int | None = None
    block: int | None = None
    floor: int | None = None
    source: str = ""
    confidence: Confidence = Confidence.TO_VERIFY
    is_own: bool = False


@dataclass(frozen=True)
class OwnDuration:
    """What a school entered for a formation, from a school year on."""

    formation: str
    weeks: int
    block: int | None
    since: str
    source: str = ""


def weekdays_between(start: date, end: date) -> int:
    """Days from Monday to Friday between two dates, both included; none when the end comes first."""
    days = (end - start).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((start.weekday() + ahead) % 7 <= _FRIDAY for ahead in range(rest))


def weeks_between(start: date, end: date) -> Decimal:
    """Weeks of five days between two dates, to the tenth: a whole civil week is 1, from Wednesday to Friday 0.6."""
    return (Decimal(weekdays_between(start, end)) / 5).quantize(_TENTH, ROUND_HALF_UP)


def cycle_of(level: str, diploma: str = "") -> Cycle | None:
    """What a class studies for, from its level; None for a level without PFMP. A CAP says « en 1 an » in its diploma."""
    if level in ("cap1", "cap2"):
        words = f" {searchable(diploma)} "
        return Cycle.CAP_ONE_YEAR if " 1 an " in words or " un an " in words else Cycle.CAP
    return next((one for one, levels in LEVELS.items() if level in levels), None)


def session_of(level: str, year: SchoolYear, cycle: Cycle) -> date:
    """The day of the exam of a class: June of the year when a pupil who repeats nothing ends the cycle."""
    levels = LEVELS[cycle]
    ahead = 0 if cycle is Cycle.CAP_ONE_YEAR or level not in levels else len(levels) - 1 - levels.index(level)
    return date(year.first + 1 + ahead, 6, 1)


def requirement_of(level: str, diploma: str, year: SchoolYear, own: Iterable[OwnDuration] = ()) -> Requirement | None:
    """What the cycle of a class asks for its exam (R-DUREE-01, 02, 03, 08, 09, 10, 13); None for a level without PFMP.

    A row that the school entered for this formation wins, the latest that began by this year.
    """
    cycle = cycle_of(level, diploma)
    if cycle is None:
        return None
    values = parameter_values_on(session_of(level, year, cycle))
    block = values["bac_pro_period_weeks"].value if cycle is Cycle.BAC_PRO else None
    floor = values[_FLOOR_KEY[cycle]].value if cycle in _FLOOR_KEY else None
    mine = [one for one in own if one.formation == diploma and one.since <= year.code]
    if mine:
        chosen = max(mine, key=lambda one: one.since)
        return Requirement(
            cycle, _RULES[cycle], chosen.weeks, block=chosen.block or block, floor=floor,
            source=chosen.source or "saisi par le lycée", confidence=Confidence.VERIFIED, is_own=True,
        )  # fmt: skip
    if cycle not in _WEEKS_KEY:
        return Requirement(
            cycle, _RULES[cycle], None, source="code de l’éducation, D643-4 : l’arrêté de chaque spécialité",
            confidence=Confidence.VERIFIED_2015,
        )  # fmt: skip
    line: ParameterValue = values[_WEEKS_KEY[cycle]]
    most = values[_MOST_KEY[cycle]].value if cycle in _MOST_KEY else None
    return Requirement(cycle, _RULES[cycle], line.value, most, block, floor, line.source, line.confidence)


def indicative_weeks(level: str, year: SchoolYear) -> int | None:
    """The weeks that a pupil of bac pro is expected to have by the end of this class, at least (R-DUREE-04)."""
    if level not in _INDICATIVE:
        return None
    values = parameter_values_on(year.end)
    return sum(values[key].value for key in _INDICATIVE[level])


def notes_of(level: str, year: SchoolYear) -> tuple[str, ...]:
    """What the texts say of a class beside the sum of its weeks: R-DUREE-04 to 06, 11 and 12, with the values of the year."""
    values = {key: line.value for key, line in parameter_values_on(year.end).items()}
    found = []
    if level in ("2nde_pro", "cap1"):
        weeks = weeks_text(Decimal(values["preparation_weeks"]))
        found.append(f"{weeks} de préparation avant la première PFMP (R-DUREE-11).")
        found.append("Bilan formatif à chaque période, aucune évaluation certificative en entreprise (R-DUREE-12).")
    if level == "2nde_pro":
        found.append(f"Au moins {values['bac_pro_2nde_weeks']} semaines cette année, d’habitude (R-DUREE-04).")
    elif level == "1re_pro":
        found.append(f"Au moins {values['bac_pro_1re_weeks']} semaines cette année, d’habitude (R-DUREE-04).")
    elif level == "tle_pro":
        found.append(f"{values['bac_pro_tle_weeks']} semaines obligatoires cette année (R-DUREE-04).")
        if year >= PATH_SINCE:
            rule = "R-DUREE-05" if year == PATH_SINCE else "R-DUREE-06"
            found.append(
                f"Parcours de fin d’année : {values['bac_pro_path_weeks']} semaines, hors examen, payées ({rule}, R-DUREE-07)."
            )
    return tuple(found)


# ------------------------------------------------------------------------------------------------------------- one pupil


@dataclass(frozen=True)
class Stay:
    """A time in a company, as dates and attested days say. `scheduled`: days that the timetable plans, holidays left out.

    `counts`: for the exam (R-DUREE-07). `is_validated`: interrupted, and validated all the same (L124-15).
    """

    start: date
    end: date
    counts: bool = True
    days_done: Decimal | None = None
    scheduled: int | None = None
    interrupted_on: date | None = None
    is_over: bool = False
    is_validated: bool = False

    @property
    def weeks(self) -> Decimal:
        return weeks_between(self.start, self.end)

    def done(self, today: date) -> Decimal:
        """Weeks done by today: in the proportion of the attested days, else by the dates that are past."""
        if self.is_validated:
            return self.weeks
        if self.days_done is not None:
            days = self.scheduled or weekdays_between(self.start, self.end)
            share = min(Decimal(1), self.days_done / days) if days else ZERO
            return (self.weeks * share).quantize(_TENTH, ROUND_HALF_UP)
        last = min(self.end, self.interrupted_on or self.end)
        return weeks_between(self.start, last if self.is_over else min(last, today - timedelta(days=1)))

    def planned(self, today: date) -> Decimal:
        """Weeks still to come."""
        if self.is_over or self.is_validated or self.interrupted_on or self.days_done is not None:
            return ZERO
        return weeks_between(max(self.start, today), self.end)


class State(StrEnum):
    """Where a pupil stands over the cycle."""

    MISSING = "manque"
    WATCH = "a_surveiller"
    TO_VERIFY = "a_verifier"
    ON_TRACK = "en_cours"
    DONE = "complet"


AT_RISK: Final = (State.MISSING, State.WATCH)


@dataclass(frozen=True)
class Balance:
    """The weeks of a pupil over the cycle: done, planned, required, missing, and why."""

    done: Decimal
    planned: Decimal
    beyond: Decimal  # done or planned, not for the exam
    required: int | None
    missing: Decimal
    state: State
    reasons: tuple[str, ...]


def balance(
    requirement: Requirement,
    stays: Iterable[Stay],
    today: date,
    *,
    level: str,
    year: SchoolYear,
    to_come: Sequence[tuple[date, date]] = (),
    unknown_levels: Sequence[str] = (),
    is_reduced: bool = False,
    was_apprentice: bool = False,
) -> Balance:
    """Add up a pupil's cycle (R-DUREE-01 to 13) and say what is missing (R-ABS-03: an alert in the last year).

    `to_come`: periods of the class where the pupil has no place yet, not over. `unknown_levels`: names of classes of the
    cycle of which nothing is known. `is_reduced`: a decision shortens the path, the floor is asked instead.
    """
    known = list(stays)
    done = sum((one.done(today) for one in known if one.counts), ZERO)
    planned = sum((one.planned(today) for one in known if one.counts), ZERO)
    planned += sum((weeks_between(max(start, today), end) for start, end in to_come), ZERO)
    beyond = sum((one.done(today) + one.planned(today) for one in known if not one.counts), ZERO)
    required, reasons = requirement.weeks, []
    if required is not None and is_reduced and requirement.floor is not None:
        required = min(required, requirement.floor)
        reasons.append(f"durée réduite : au moins {required} semaines")
    missing = max(ZERO, required - done - planned) if required is not None else ZERO
    is_last = level == LEVELS[requirement.cycle][-1] or requirement.cycle is Cycle.CAP_ONE_YEAR
    if required is None:
        reasons.append("durée à saisir : elle dépend de la spécialité")
        state = State.TO_VERIFY
    elif done >= required:
        state = State.DONE
    elif not is_last:
        expected = indicative_weeks(level, year)
        state = State.ON_TRACK
        if expected is not None and not is_reduced and done + planned < expected and not unknown_levels:
            state = State.WATCH
            reasons.append(f"d’habitude {expected} semaines au moins à la fin de cette classe")
    elif not missing:
        state = State.ON_TRACK
    else:
        state = State.MISSING
    if beyond:
        reasons.append(f"{weeks_text(beyond)} hors examen, en plus")
    if missing and is_last and was_apprentice:
        state = State.TO_VERIFY
        reasons.append("semaines d’apprentissage à ajouter")
    if missing and unknown_levels:
        if is_last:
            state = State.TO_VERIFY
        reasons.append(f"rien de connu en {' ni en '.join(unknown_levels)}")
    return Balance(done, planned, beyond, required, missing, state, tuple(reasons))


def weeks_text(weeks: Decimal) -> str:
    """« 3 semaines », « 0,6 semaine »."""
    text = f"{weeks.normalize():f}".replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}semaine{'s' if weeks >= 2 else ''}"


# --------------------------------------------------------------------------------------------------------- a new period


def block_problem(start: date, end: date, requirement: Requirement | None) -> str:
    """Why a period is too short for its diploma (R-DUREE-08), "" when it is not."""
    if requirement is None or requirement.block is None:
        return ""
    weeks = (monday_of(end) - monday_of(start)).days // 7 + 1  # civil weeks touched, as the rule on placements counts
    if weeks >= requirement.block:
        return ""
    touched = f"{weeks} semaine{'s' if weeks > 1 else ''}"
    return f"Cette période touche {touched} : au moins {requirement.block} sont attendues dans ce diplôme (R-DUREE-08)."
