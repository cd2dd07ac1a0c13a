"""The host: how many trainees it may take, and the tutor it names."""

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

from pfmp.rules import hours, wording
from pfmp.rules.facts import Facts, PlacementFacts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.peaks import Peak, peak
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked

# The bounds of each band of workforce; no upper bound for the last.
WORKFORCE_BANDS: Final = MappingProxyType(
    {"0": (0, 0), "1-9": (1, 9), "10-19": (10, 19), "20-49": (20, 49), "50-249": (50, 249), "250+": (250, None)}
)


@rule(
    "R-QUOTA-01",
    "Nombre de stagiaires présents la même semaine",
    Level.WARNING,
    source="code de l’éducation, L124-8, R124-10 et R124-12 (décret 2015-1359)",
    confidence=Confidence.SECOND_HAND,
)
def too_many_trainees(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-QUOTA-01: more placements of the school at the organisation, in a civil week, than its workforce allows.

    The dates are those of the placements, interruptions aside. The workforce is known as a band: certain above what its
    upper bound allows, not to be judged above what its lower bound allows. Other schools' trainees are not seen, so the
    rule never says that the quota is kept.
    Source: code de l'éducation L124-8, R124-10, R124-12; G-33, G-34. Confidence: second hand.
    """
    mine = facts.placement
    found = peak((_weeks(one) for one in (mine, *facts.at_host)), window=_weeks(mine))
    low, high = quota_bounds(mine.host.workforce, parameters)
    if high is not None and found.height > high:
        monday = date.fromordinal(found.at * 7 + 1)
        name = mine.host.name or "cet organisme"
        yield Problem(
            "R-QUOTA-01",
            Level.WARNING,
            wording.sentence(
                f"{wording.week(monday)} : au moins {found.height} placements de l’établissement chez {name}, au plus "
                f"{high} pour un effectif de {mine.host.workforce}. Déplacez un placement, ou vérifiez l’effectif avec "
                "l’organisme."
            ),
        )
    elif found.height > low:
        yield Unchecked("R-QUOTA-01", "effectif")


def quota_bounds(workforce: str, parameters: Parameters) -> tuple[int, int | None]:
    """The quotas of the least and of the greatest workforce of a band; no upper one when unbounded or unknown (G-33)."""
    lowest, highest = WORKFORCE_BANDS.get(workforce, (0, None))
    return _quota(lowest, parameters), None if highest is None else _quota(highest, parameters)


def _quota(workforce: int, parameters: Parameters) -> int:
    if workforce < parameters.quota_threshold:
        return parameters.quota_small
    return -(-workforce * parameters.quota_percent // 100)  # rounded up


def _weeks(placement: PlacementFacts) -> tuple[int, int]:
    """The civil weeks touched by the dates, numbered from the Monday 1 January of year 1."""
    return _week_number(placement.start), _week_number(placement.end)


def _week_number(day: date) -> int:
    return (hours.monday_of(day).toordinal() - 1) // 7


@rule(
    "R-TUT-01",
    "Tuteur désigné, et suivant au plus trois élèves à la fois",
    Level.BLOCKING,
    Level.WARNING,
    source="code de l’éducation, L124-9, L124-10 et R124-13 ; convention-type, art. 4",
    confidence=Confidence.SECOND_HAND,
)
def tutor(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TUT-01: no tutor named, or a tutor of more than three placements on the same day.

    Source: code de l'éducation L124-9, L124-10, R124-13; convention-type art. 4; G-35. Confidence: verified for the
    naming, second hand for the number.
    """
    if facts.placement.tutor_key is None:
        yield Problem(
            "R-TUT-01",
            Level.BLOCKING,
            "Aucun tuteur n’est désigné. Choisissez ou ajoutez le tuteur parmi les contacts de l’organisme.",
        )
        return
    found = simultaneous(facts.placement, facts.of_tutor)
    if found.height > parameters.tutor_maximum:
        yield Problem(
            "R-TUT-01",
            Level.WARNING,
            wording.sentence(
                f"{wording.day(date.fromordinal(found.at))} : le tuteur suit {found.height} élèves à la fois, au plus "
                f"{parameters.tutor_maximum}. Demandez un autre tuteur à l’organisme, ou indiquez le motif."
            ),
        )


def simultaneous(mine: PlacementFacts, others: tuple[PlacementFacts, ...]) -> Peak:
    """The most placements present on one day of this placement, itself included; `at` is an ordinal (G-35, G-36)."""
    return peak((_presence(one) for one in (mine, *others)), window=_presence(mine))


def _presence(placement: PlacementFacts) -> tuple[int, int]:
    return placement.start.toordinal(), placement.last_day.toordinal()
