"""Students of 18 and over."""

from collections.abc import Iterator

from pfmp.rules import wording
from pfmp.rules.facts import Facts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked


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
    if placement.night_designation:
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
