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

    The dates are those of the placements, interruptions aside; prolongations after an interruption are left out (R-INTERR-03,
    R-QUOTA-04). An order of the académie raises the ceilings (R-QUOTA-02). The workforce is known as a band: certain above what its
    upper bound allows, not to be judged above what its lower bound allows. Other schools' trainees are not seen, so the
    rule never says that the quota is kept.
    Source: code de l'éducation L124-8, R124-10, R124-12; G-33, G-34. Confidence: second hand.
    """
    mine = facts.placement
    if mine.is_extension:
        return
    found = peak(
        (_weeks(one) for one in (mine, *facts.at_host) if not one.is_extension),
        window=_weeks(mine),
    )
    with_order = facts.school.quota_order_holds(mine.start)
    low, high = quota_bounds(mine.host.workforce, parameters, with_order=with_order)
    if high is not None and found.height > high:
        monday = date.fromordinal(found.at * 7 + 1)
        name = mine.host.name or "cet organisme"
        yield Problem(
            "R-QUOTA-01",
            Level.WARNING,
            wording.sentence(
                f"{wording.week(monday)} : au moins {found.height} placements de l’établissement chez {name}, au plus "
                f"{high} pour un effectif de {mine.host.workforce}{' et l’arrêté académique' if with_order else ''}. Les "
                "stagiaires des autres lycées ne se voient pas d’ici. Déplacez un placement, ou vérifiez l’effectif avec "
                "l’organisme."
            ),
        )
    elif found.height > low:
        yield Unchecked("R-QUOTA-01", "effectif")


def quota_bounds(workforce: str, parameters: Parameters, *, with_order: bool = False) -> tuple[int, int | None]:
    """The quotas of the least and of the greatest workforce of a band; no upper one when unbounded or unknown (G-33).

    `with_order`: those that an order of the académie allows for PFMP (R-QUOTA-02, G-34).
    """
    lowest, highest = WORKFORCE_BANDS.get(workforce, (0, None))
    return (
        _quota(lowest, parameters, with_order),
        None if highest is None else _quota(highest, parameters, with_order),
    )


def _quota(workforce: int, parameters: Parameters, with_order: bool) -> int:
    percent, threshold, small = parameters.quota_percent, parameters.quota_threshold, parameters.quota_small
    if with_order:
        percent = parameters.quota_order_percent
        threshold, small = parameters.quota_order_threshold, parameters.quota_order_small
    if workforce < threshold:
        return small
    return -(-workforce * percent // 100)  # rounded up


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


@rule(
    "R-MIN-12",
    "Organisme où l’on n’envoie plus d’élève",
    Level.BLOCKING,
    source="code du travail, L4153-2, étendu par prudence à tous les élèves",
    confidence=Confidence.VERIFIED_2015,
)
def avoided_host(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-12: the school marked the host as one to avoid, with a reason.

    Source: code du travail L4153-2 (a host where an inspection found an attack on safety, health or integrity), extended to
    every pupil by caution. Confidence: code of 2015.
    """
    host = facts.placement.host
    if not host.is_avoided:
        return
    yield Problem(
        "R-MIN-12",
        Level.BLOCKING,
        wording.sentence(
            f"{host.name or 'cet organisme'} est marqué « à éviter » par le lycée. Choisissez un autre organisme, ou faites "
            "lever cette mention sur sa fiche par le bureau des entreprises."
        ),
    )


@rule(
    "R-CAR-01",
    "Délai de carence entre deux stages sur le même poste",
    Level.INFORMATION,
    source="code de l’éducation, L124-11 (le texte dit « stages » : application aux PFMP à vérifier)",
    confidence=Confidence.TO_VERIFY,
)
def short_waiting(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-CAR-01: another pupil left the host less than a third of that stay before this one begins.

    The post is not known, the host stands for it; a stay that the trainee broke off leaves no delay, so one interrupted is
    left out. Never blocking, said only where the annexes are prepared here. Source: code de l'éducation L124-11.
    """
    mine = facts.placement
    if mine.terms is None:
        return
    for other in sorted(facts.at_host, key=lambda one: one.end, reverse=True):
        if other.interrupted_on or other.end >= mine.start or other.student.key == mine.student.key:
            continue
        length = (other.end - other.start).days + 1
        waiting = -(-length // parameters.waiting_divisor)
        if (mine.start - other.end).days - 1 < waiting:
            yield Problem(
                "R-CAR-01",
                Level.INFORMATION,
                wording.sentence(
                    f"un autre élève y était jusqu’au {wording.day(other.end)} ({length} jours) : sur le même poste, le code "
                    f"de l’éducation prévoit {waiting} jours entre deux stages. Vérifiez qu’il s’agit d’un autre poste."
                ),
            )
            return


@rule(
    "R-USAGE-01",
    "Pas un emploi",
    Level.BLOCKING,
    source="code de l’éducation, L124-7",
    confidence=Confidence.VERIFIED_2015,
)
def is_a_job(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-USAGE-01: the host does not confirm that the pupil replaces nobody and holds no permanent post.

    Source: code de l'éducation L124-7. Confidence: code of 2015.
    """
    terms = facts.placement.terms
    if terms is not None and terms.is_no_job is False:
        yield Problem(
            "R-USAGE-01",
            Level.BLOCKING,
            "L’entreprise ne confirme pas que l’élève ne remplace personne et n’occupe pas un poste permanent. Revoyez les "
            "activités confiées avec elle.",
        )
