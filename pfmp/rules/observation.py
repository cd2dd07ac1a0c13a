"""Sequences of observation: no PFMP, hours and lengths of their own (R-3E-01, R-3E-02, R-2GT-01, R-OBS-01)."""

from collections.abc import Iterator

from core import typography
from pfmp.enums import PeriodKind
from pfmp.rules import hours, wording
from pfmp.rules.facts import Facts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked
from pfmp.rules.timetable import UnreadableTimetable

UNDER = 15


@rule(
    "R-3E-01",
    "Séquence d’observation de 3e : cinq jours, sans travaux ni machines",
    Level.BLOCKING,
    Level.WARNING,
    source="code de l’éducation, D332-14 et D331-9",
    confidence=Confidence.VERIFIED_2015,
)
def sequence_of_3e(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-3E-01: more than five days (warning), or regulated works (blocking: a pupil who observes does none).

    Source: code de l'éducation D332-14, D331-9. Confidence: code of 2015.
    """
    placement = facts.placement
    if placement.period.kind != PeriodKind.OBSERVATION_3E:
        return
    if placement.terms is not None and placement.terms.works:
        yield Problem(
            "R-3E-01",
            Level.BLOCKING,
            "L’élève observe : aucun travail réglementé, aucune machine, aucun produit interdit aux mineurs. Retirez-les.",
        )
    if isinstance(placement.timetable, UnreadableTimetable):
        yield Unchecked("R-3E-01", placement.timetable.missing)
    elif len(placement.planned_days) > parameters.observation_3e_days:
        yield Problem(
            "R-3E-01",
            Level.WARNING,
            wording.sentence(
                f"{len(placement.planned_days)} jours, au plus {parameters.observation_3e_days}. Réduisez les dates, ou "
                "indiquez le motif."
            ),
        )


@rule(
    "R-3E-02",
    "Horaires d’une séquence d’observation",
    Level.WARNING,
    source="modèles de convention des séquences d’observation",
    confidence=Confidence.SECOND_HAND,
)
def observation_hours(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-3E-02: more than 7 h a day, 30 h a week under 15 or 35 h from 15, or hours before 6 h or after 20 h.

    A whole week counts for under 15 when the pupil has that age on one day worked (G-21).
    Source: model conventions of 3e and of 2de GT. Confidence: second hand.
    """
    placement = facts.placement
    if not placement.period.is_observation:
        return
    if isinstance(placement.timetable, UnreadableTimetable):
        yield Unchecked("R-3E-02", placement.timetable.missing)
        return
    days = placement.planned_days
    found = []
    long = [worked for worked in days if worked.minutes > parameters.observation_day_minutes]
    if long:
        found.append(
            f"{wording.day(long[0].day)} : {typography.hours(long[0].minutes)}, au plus "
            f"{typography.hours(parameters.observation_day_minutes)} par jour"
        )
    early = [
        worked for worked in days if worked.range_outside(parameters.observation_start, parameters.observation_end)
    ]
    if early:
        found.append(
            f"{wording.day(early[0].day)} : présence seulement entre {wording.clock(parameters.observation_start)} et "
            f"{wording.clock(parameters.observation_end)}"
        )
    younger = {hours.monday_of(worked.day) for worked in days if placement.is_younger(UNDER, worked.day)}
    age_matters = False
    for monday, minutes in hours.minutes_by_week(days).items():
        limit = parameters.observation_week_minutes
        if monday in younger:
            limit = parameters.observation_under_15_week_minutes
        age_matters = age_matters or minutes > parameters.observation_under_15_week_minutes
        if minutes > limit:
            found.append(
                f"{wording.week(monday)} : {typography.hours(minutes)}, au plus {typography.hours(limit)} par semaine à cet âge"
            )
            break
    if found:
        yield Problem(
            "R-3E-02",
            Level.WARNING,
            wording.sentence(f"{' ; '.join(found)}. Réduisez les horaires, ou indiquez le motif."),
        )
    elif age_matters and placement.age_is_unknown:
        yield Unchecked("R-3E-02", "date de naissance")


def _weeks(facts: Facts) -> int:
    placement = facts.placement
    return (hours.monday_of(placement.end) - hours.monday_of(placement.start)).days // 7 + 1


@rule(
    "R-2GT-01",
    "Séquence d’observation de 2de générale et technologique : deux semaines",
    Level.WARNING,
    source="circulaire du 28 mars 2024 ; décret 2023-1111",
    confidence=Confidence.VERIFIED,
)
def sequence_of_2gt(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-2GT-01: the sequence touches more than two civil weeks. Source: circulaire of 28 March 2024. Confidence: verified."""
    weeks = _weeks(facts)
    if facts.placement.period.kind == PeriodKind.OBSERVATION_2GT and weeks > parameters.observation_2gt_weeks:
        yield Problem(
            "R-2GT-01",
            Level.WARNING,
            wording.sentence(
                f"la séquence touche {weeks} semaines, elle en dure {parameters.observation_2gt_weeks}. Corrigez les dates, "
                "ou indiquez le motif."
            ),
        )


@rule(
    "R-OBS-01",
    "Période d’observation volontaire : une semaine au plus",
    Level.WARNING,
    source="code de l’éducation, L332-3-1",
    confidence=Confidence.VERIFIED_2015,
)
def volunteer_observation(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-OBS-01: a volunteer's observation lasts at most a week, during holidays. Source: L332-3-1. Confidence: code of 2015."""
    placement = facts.placement
    limit = parameters.observation_weeks * 7
    length = (placement.end - placement.start).days + 1
    if placement.period.kind == PeriodKind.OBSERVATION and length > limit:
        yield Problem(
            "R-OBS-01",
            Level.WARNING,
            wording.sentence(
                f"{length} jours, au plus {limit} (une semaine, pendant les vacances). Corrigez les dates, ou indiquez le motif."
            ),
        )
