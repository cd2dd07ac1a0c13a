"""Every threshold of the regulation, dated: the law changes, a placement of last year keeps the value of last year.

A value holds from its effective date until the next value of the same key. `effective_date` is the first day from which the
source is known to say so; before the first value of a key, that first value applies. Durations are in minutes, times of day in
minutes since midnight, amounts in cents.
"""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache


class Confidence(StrEnum):
    """How well a value is known."""

    VERIFIED = "vérifié"
    VERIFIED_2015 = "vérifié dans le code de mi-2015"
    SECOND_HAND = "lu dans une source secondaire"
    TO_VERIFY = "à vérifier"


@dataclass(frozen=True)
class ParameterValue:
    """One line of the table: the value of a key from a day on, and where it was read."""

    key: str
    value: int
    effective_date: date
    source: str
    confidence: Confidence
    entered_by: str = "bdeplatform"


@dataclass(frozen=True)
class Parameters:
    """The thresholds in force on a day; one field a key of the table."""

    minor_day_minutes: int
    minor_week_minutes: int
    minor_break_after_minutes: int
    minor_break_minutes: int
    minor_night_start: int
    under_16_night_start: int
    minor_night_end: int
    minor_rest_minutes: int
    under_16_rest_minutes: int
    under_15_day_minutes: int
    under_15_week_minutes: int
    placement_age_blocking: int
    placement_age_warning: int
    adult_night_start: int
    adult_night_end: int
    same_host_minutes: int
    gratuity_minutes: int
    gratuity_hourly_cents: int
    bac_pro_period_weeks: int
    quota_percent: int
    quota_threshold: int
    quota_small: int
    tutor_maximum: int
    referent_warning: int
    referent_blocking: int


_MID_2015 = date(2015, 7, 1)
_QUOTAS_2015 = date(2015, 10, 26)
_L3162 = "code du travail, L3162-1 ; convention-type, art. 10"
_L3162_3 = "code du travail, L3162-3 ; convention-type, art. 10"
_L3163 = "code du travail, L3163-1 et L3163-2 ; convention-type, art. 10"
_L3164_1 = "code du travail, L3164-1 ; convention-type, art. 10"
_OBSERVATION = "séquences d’observation des moins de 15 ans ; code du travail, D4153-3 (par prudence)"
_L4153 = "code du travail, L4153-1 3° ; code de l’éducation, D331-1 s."
_NIGHT = "code du travail, L3122-2 (repère de nuit) ; convention-type, art. 9"
_R124_10 = "code de l’éducation, L124-8 et R124-10 (décret 2015-1359)"
_D124_3 = "code de l’éducation, D124-3 ; page du ministère de l’enseignement supérieur (24)"

TABLE: tuple[ParameterValue, ...] = (
    ParameterValue("minor_day_minutes", 8 * 60, date(2019, 1, 1), _L3162, Confidence.VERIFIED),
    ParameterValue("minor_week_minutes", 35 * 60, date(2019, 1, 1), _L3162, Confidence.VERIFIED),
    ParameterValue("minor_break_after_minutes", 4 * 60 + 30, _MID_2015, _L3162_3, Confidence.VERIFIED),
    ParameterValue("minor_break_minutes", 30, _MID_2015, _L3162_3, Confidence.VERIFIED),
    ParameterValue("minor_night_start", 22 * 60, _MID_2015, _L3163, Confidence.VERIFIED),
    ParameterValue("under_16_night_start", 20 * 60, _MID_2015, _L3163, Confidence.VERIFIED),
    ParameterValue("minor_night_end", 6 * 60, _MID_2015, _L3163, Confidence.VERIFIED),
    ParameterValue("minor_rest_minutes", 12 * 60, _MID_2015, _L3164_1, Confidence.VERIFIED),
    ParameterValue("under_16_rest_minutes", 14 * 60, _MID_2015, _L3164_1, Confidence.VERIFIED),
    ParameterValue("under_15_day_minutes", 7 * 60, _MID_2015, _OBSERVATION, Confidence.TO_VERIFY),
    ParameterValue("under_15_week_minutes", 30 * 60, _MID_2015, _OBSERVATION, Confidence.TO_VERIFY),
    ParameterValue("placement_age_blocking", 14, _MID_2015, _L4153, Confidence.VERIFIED_2015),
    ParameterValue("placement_age_warning", 15, _MID_2015, _L4153, Confidence.VERIFIED_2015),
    ParameterValue("adult_night_start", 21 * 60, _MID_2015, _NIGHT, Confidence.TO_VERIFY),
    ParameterValue("adult_night_end", 6 * 60, _MID_2015, _NIGHT, Confidence.TO_VERIFY),
    ParameterValue(
        "same_host_minutes", 924 * 60, _MID_2015, "code de l’éducation, L124-5 et D124-6", Confidence.VERIFIED_2015
    ),
    ParameterValue(
        "gratuity_minutes", 308 * 60, _MID_2015, "code de l’éducation, L124-6 et D124-8", Confidence.VERIFIED
    ),
    ParameterValue(
        "gratuity_hourly_cents", 435, date(2025, 1, 1), "15 % du plafond horaire 2025", Confidence.SECOND_HAND
    ),
    ParameterValue(
        "gratuity_hourly_cents", 450, date(2026, 1, 1), "15 % du plafond horaire 2026", Confidence.SECOND_HAND
    ),
    ParameterValue("bac_pro_period_weeks", 3, date(2019, 9, 1), "note de service n° 2019-023", Confidence.SECOND_HAND),
    ParameterValue("quota_percent", 15, _QUOTAS_2015, _R124_10, Confidence.SECOND_HAND),
    ParameterValue("quota_threshold", 20, _QUOTAS_2015, _R124_10, Confidence.SECOND_HAND),
    ParameterValue("quota_small", 3, _QUOTAS_2015, _R124_10, Confidence.SECOND_HAND),
    ParameterValue("tutor_maximum", 3, _QUOTAS_2015, "code de l’éducation, L124-10 et R124-13", Confidence.SECOND_HAND),
    ParameterValue("referent_warning", 16, _MID_2015, _D124_3, Confidence.TO_VERIFY),
    ParameterValue("referent_blocking", 24, _MID_2015, _D124_3, Confidence.TO_VERIFY),
)


def parameter_values_on(day: date) -> dict[str, ParameterValue]:
    """For each key, the line of the table in force on that day, with its source and confidence."""
    chosen: dict[str, ParameterValue] = {}
    for line in sorted(TABLE, key=lambda one: one.effective_date):
        if line.key not in chosen or line.effective_date <= day:
            chosen[line.key] = line
    return {one.name: chosen[one.name] for one in fields(Parameters)}


@lru_cache(maxsize=512)
def parameters_on(day: date) -> Parameters:
    """The thresholds in force on that day."""
    return Parameters(**{key: line.value for key, line in parameter_values_on(day).items()})
