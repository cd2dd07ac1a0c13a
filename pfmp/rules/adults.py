"""Students of 18 and over."""

from collections.abc import Iterator

from core import typography
from pfmp.enums import PeriodKind
from pfmp.rules import hours, wording
from pfmp.rules.facts import Facts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked

LAST_WORKDAY = 4  # Friday: a week is whole for an average when its working days all lie in the stay


@rule(
    "R-MAJ-01",
    "Travail de nuit d’un majeur nommément désigné",
    Level.BLOCKING,
    source="convention-type, art. 9",
    confidence=Confidence.VERIFIED,
)
def night_without_designation(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MAJ-01: an adult works between 21 h and 6 h without being named for it by the head of the school.

    Source: convention-type art. 9; G-40. Confidence: verified for the rule, to verify for the hours of the night.
    """
    placement = facts.placement
    if placement.night_designation or placement.period.kind == PeriodKind.BTS:
        return
    nights = [
        (worked.day, night)
        for worked in placement.planned_days
        if not placement.is_minor(worked.day)
        and (night := worked.range_outside(parameters.adult_night_end, parameters.adult_night_start))
    ]
    if not nights:
        return
    if placement.age_is_unknown:
        yield Unchecked("R-MAJ-01", "date de naissance")
        return
    day, night = nights[0]
    more = wording.and_more(len(nights) - 1, "autre jour", "autres jours")
    yield Problem(
        "R-MAJ-01",
        Level.BLOCKING,
        wording.sentence(
            f"{wording.day(day)} : travail de {wording.clock(night.start)} à {wording.clock(night.end)}{more}, de nuit "
            f"(entre {wording.clock(parameters.adult_night_start)} et {wording.clock(parameters.adult_night_end)}). Le chef "
            "d’établissement doit désigner nommément l’élève ; sinon, modifiez les horaires."
        ),
    )


@rule(
    "R-MAJ-02",
    "Durée moyenne d’un majeur : la durée légale",
    Level.WARNING,
    source="convention-type, art. 8 et 9",
    confidence=Confidence.VERIFIED,
)
def long_average(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MAJ-02: on average over its whole weeks, an adult works more than the legal duration of 35 h.

    Weeks may vary, their average may not pass it; weeks cut by a bound of the stay or by the majority are left out. Said
    only where the annexes are prepared here. Source: convention-type art. 8, 9. Confidence: verified.
    """
    placement = facts.placement
    if placement.terms is None or placement.age_is_unknown or placement.period.kind == PeriodKind.BTS:
        return
    weeks = {
        monday: minutes
        for monday, minutes in hours.minutes_by_week(placement.planned_days).items()
        if monday >= placement.start
        and not placement.is_minor(monday)
        and (placement.end - monday).days >= LAST_WORKDAY
    }
    if not weeks:
        return
    average = sum(weeks.values()) // len(weeks)
    if average > parameters.adult_week_minutes:
        yield Problem(
            "R-MAJ-02",
            Level.WARNING,
            wording.sentence(
                f"{typography.hours(average)} par semaine en moyenne, au plus {typography.hours(parameters.adult_week_minutes)} "
                "(durée légale). Réduisez les horaires, ou indiquez le motif."
            ),
        )
