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
    cap_cycle_weeks: int
    cap_cycle_most_weeks: int
    cap_one_year_weeks: int
    cap_floor_weeks: int
    bac_pro_cycle_weeks: int
    bac_pro_floor_weeks: int
    bac_pro_2nde_weeks: int
    bac_pro_1re_weeks: int
    bac_pro_tle_weeks: int
    bac_pro_path_weeks: int
    cs_cycle_weeks: int
    cs_cycle_most_weeks: int
    preparation_weeks: int
    quota_percent: int
    quota_threshold: int
    quota_small: int
    tutor_maximum: int
    referent_warning: int
    referent_blocking: int
    hours_day_minutes: int
    hours_month_days: int
    adult_week_minutes: int
    quota_order_percent: int
    quota_order_threshold: int
    quota_order_small: int
    waiting_divisor: int
    leave_months: int
    works_age: int
    works_declaration_years: int
    works_reminder_days: int
    medical_opinion_years: int
    observation_day_minutes: int
    observation_week_minutes: int
    observation_under_15_week_minutes: int
    observation_start: int
    observation_end: int
    observation_3e_days: int
    observation_2gt_weeks: int
    observation_weeks: int
    referent_contacts: int
    referent_meetings: int
    allowance_reminder_days: int
    accident_hours: int


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
_R124_11 = "code de l’éducation, L124-8 al. 2 (décret 2015-1359 ; numéro d’article à vérifier)"
_D124_6 = "code de l’éducation, L124-18 et D124-6"
_SEQUENCES = "modèles de convention des séquences d’observation (3e, 2de générale et technologique)"
_CAP = "arrêté du 21-11-2018 (MENE1831833A), art. 3"
_BAC_PRO = "arrêté du 19-4-2019 modifié en 2024, session 2025"
_BAC_PRO_BEFORE = "arrêté du 19-4-2019, avant la session 2025"
_YEARS = "arrêté du 21-11-2018 modifié le 22-1-2024 ; note de service du 4-3-2024 (MENE2404141N)"
_CS = "code de l’éducation, D337-139 s. ; commentaire du décret de 2001"
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
    # R-DUREE-01 to 13, read by pfmp.rules.cycle: weeks over the cycle, on the day of the exam.
    ParameterValue("cap_cycle_weeks", 12, date(2019, 9, 1), _CAP, Confidence.VERIFIED),
    ParameterValue("cap_cycle_most_weeks", 14, date(2019, 9, 1), _CAP, Confidence.VERIFIED),
    ParameterValue("cap_one_year_weeks", 5, date(2019, 9, 1), "règlement d’examen (non lu)", Confidence.SECOND_HAND),
    ParameterValue(
        "cap_floor_weeks",
        8,
        _MID_2015,
        "code de l’éducation, D337-4 (décret 2019-907 non lu)",
        Confidence.VERIFIED_2015,
    ),
    ParameterValue("bac_pro_cycle_weeks", 22, date(2019, 9, 1), _BAC_PRO_BEFORE, Confidence.VERIFIED),
    ParameterValue("bac_pro_cycle_weeks", 20, date(2024, 9, 1), _BAC_PRO, Confidence.VERIFIED),
    ParameterValue(
        "bac_pro_floor_weeks",
        10,
        _MID_2015,
        "code de l’éducation, D337-65 (décret 2019-907 non lu)",
        Confidence.VERIFIED_2015,
    ),
    ParameterValue("bac_pro_2nde_weeks", 4, date(2019, 9, 1), _YEARS, Confidence.SECOND_HAND),
    ParameterValue("bac_pro_1re_weeks", 6, date(2019, 9, 1), _YEARS, Confidence.SECOND_HAND),
    ParameterValue("bac_pro_tle_weeks", 8, date(2019, 9, 1), _YEARS, Confidence.SECOND_HAND),
    ParameterValue("bac_pro_tle_weeks", 6, date(2024, 9, 1), _YEARS, Confidence.SECOND_HAND),
    ParameterValue("bac_pro_path_weeks", 6, date(2024, 9, 1), "note de service du 4-3-2024", Confidence.VERIFIED),
    ParameterValue(
        "bac_pro_path_weeks", 4, date(2025, 9, 1), "page du ministère (arrêté de 2025 non lu)", Confidence.VERIFIED
    ),
    ParameterValue("cs_cycle_weeks", 12, _MID_2015, _CS, Confidence.SECOND_HAND),
    ParameterValue("cs_cycle_most_weeks", 18, _MID_2015, _CS, Confidence.SECOND_HAND),
    ParameterValue(
        "preparation_weeks", 1, date(2016, 4, 1), "circulaire n° 2016-055 du 29-3-2016", Confidence.SECOND_HAND
    ),
    ParameterValue("quota_percent", 15, _QUOTAS_2015, _R124_10, Confidence.SECOND_HAND),
    ParameterValue("quota_threshold", 20, _QUOTAS_2015, _R124_10, Confidence.SECOND_HAND),
    ParameterValue("quota_small", 3, _QUOTAS_2015, _R124_10, Confidence.SECOND_HAND),
    ParameterValue("tutor_maximum", 3, _QUOTAS_2015, "code de l’éducation, L124-10 et R124-13", Confidence.SECOND_HAND),
    ParameterValue("referent_warning", 16, _MID_2015, _D124_3, Confidence.TO_VERIFY),
    ParameterValue("referent_blocking", 24, _MID_2015, _D124_3, Confidence.TO_VERIFY),
    ParameterValue("hours_day_minutes", 7 * 60, _MID_2015, _D124_6, Confidence.VERIFIED_2015),
    ParameterValue("hours_month_days", 22, _MID_2015, _D124_6, Confidence.VERIFIED_2015),
    ParameterValue("adult_week_minutes", 35 * 60, _MID_2015, "convention-type, art. 8 et 9", Confidence.VERIFIED),
    ParameterValue("quota_order_percent", 20, _QUOTAS_2015, _R124_11, Confidence.SECOND_HAND),
    ParameterValue("quota_order_threshold", 30, _QUOTAS_2015, _R124_11, Confidence.SECOND_HAND),
    ParameterValue("quota_order_small", 5, _QUOTAS_2015, _R124_11, Confidence.SECOND_HAND),
    ParameterValue("waiting_divisor", 3, _MID_2015, "code de l’éducation, L124-11", Confidence.VERIFIED_2015),
    ParameterValue(
        "leave_months", 2, _MID_2015, "code de l’éducation, L124-13 ; convention-type, art. 16", Confidence.VERIFIED
    ),
    ParameterValue("works_age", 15, date(2024, 9, 19), "code du travail, R4153-39", Confidence.VERIFIED),
    ParameterValue(
        "works_declaration_years", 3, date(2017, 1, 1), "code du travail, R4153-40 et R4153-44", Confidence.VERIFIED
    ),
    ParameterValue("works_reminder_days", 60, _MID_2015, "usage : deux mois avant l’échéance", Confidence.TO_VERIFY),
    ParameterValue("medical_opinion_years", 1, _MID_2015, "code du travail, R4153-40 5°", Confidence.VERIFIED_2015),
    ParameterValue("observation_day_minutes", 7 * 60, _MID_2015, _SEQUENCES, Confidence.SECOND_HAND),
    ParameterValue("observation_week_minutes", 35 * 60, _MID_2015, _SEQUENCES, Confidence.SECOND_HAND),
    ParameterValue("observation_under_15_week_minutes", 30 * 60, _MID_2015, _SEQUENCES, Confidence.SECOND_HAND),
    ParameterValue("observation_start", 6 * 60, _MID_2015, _SEQUENCES, Confidence.SECOND_HAND),
    ParameterValue("observation_end", 20 * 60, _MID_2015, _SEQUENCES, Confidence.SECOND_HAND),
    ParameterValue("observation_3e_days", 5, _MID_2015, "code de l’éducation, D332-14", Confidence.VERIFIED_2015),
    ParameterValue(
        "observation_2gt_weeks",
        2,
        date(2024, 3, 28),
        "circulaire du 28 mars 2024 ; décret 2023-1111",
        Confidence.VERIFIED,
    ),
    ParameterValue("observation_weeks", 1, _MID_2015, "code de l’éducation, L332-3-1", Confidence.VERIFIED_2015),
    ParameterValue("referent_contacts", 2, _MID_2015, "code de l’éducation, L124-1", Confidence.VERIFIED_2015),
    ParameterValue("referent_meetings", 1, _MID_2015, "convention-type, art. 18", Confidence.VERIFIED),
    ParameterValue(
        "allowance_reminder_days", 45, date(2023, 9, 1), "guide d’un lycée, d’après la DGESCO", Confidence.SECOND_HAND
    ),
    ParameterValue("accident_hours", 48, _MID_2015, "code de la sécurité sociale, R412-4", Confidence.VERIFIED),
)

LABELS: dict[str, tuple[str, str]] = {
    "minor_day_minutes": ("un mineur, par jour, au plus", "heures"),
    "minor_week_minutes": ("un mineur, par semaine, au plus", "heures"),
    "minor_break_after_minutes": ("une pause au-delà de", "heures"),
    "minor_break_minutes": ("durée de la pause, au moins", "minutes"),
    "minor_night_start": ("la nuit commence, de 16 à 17 ans, à", "heures"),
    "under_16_night_start": ("la nuit commence, avant 16 ans, à", "heures"),
    "minor_night_end": ("la nuit finit à", "heures"),
    "minor_rest_minutes": ("repos quotidien, de 16 à 17 ans, au moins", "heures"),
    "under_16_rest_minutes": ("repos quotidien, avant 16 ans, au moins", "heures"),
    "under_15_day_minutes": ("avant 15 ans, par jour, au plus", "heures"),
    "under_15_week_minutes": ("avant 15 ans, par semaine, au plus", "heures"),
    "placement_age_blocking": ("âge au-dessous duquel aucun placement n’est possible", "ans"),
    "placement_age_warning": ("âge au-dessous duquel il faut vérifier", "ans"),
    "adult_night_start": ("la nuit d’un majeur commence à", "heures"),
    "adult_night_end": ("la nuit d’un majeur finit à", "heures"),
    "same_host_minutes": ("dans le même organisme et la même année, au plus", "heures"),
    "gratuity_minutes": ("gratification due au-delà de", "heures"),
    "gratuity_hourly_cents": ("gratification minimale, par heure", "euros"),
    "bac_pro_period_weeks": ("une période, au moins", "semaines"),
    "cap_cycle_weeks": ("CAP en 2 ans, au moins", "semaines"),
    "cap_cycle_most_weeks": ("CAP en 2 ans, au plus", "semaines"),
    "cap_one_year_weeks": ("CAP en 1 an, au moins", "semaines"),
    "cap_floor_weeks": ("CAP aménagé, au moins", "semaines"),
    "bac_pro_cycle_weeks": ("bac pro, pour l’examen", "semaines"),
    "bac_pro_floor_weeks": ("bac pro aménagé, au moins", "semaines"),
    "bac_pro_2nde_weeks": ("2de, au moins", "semaines"),
    "bac_pro_1re_weeks": ("1re, au moins", "semaines"),
    "bac_pro_tle_weeks": ("terminale, obligatoires", "semaines"),
    "bac_pro_path_weeks": ("parcours de fin de terminale", "semaines"),
    "cs_cycle_weeks": ("certificat de spécialisation, au moins", "semaines"),
    "cs_cycle_most_weeks": ("certificat de spécialisation, au plus", "semaines"),
    "preparation_weeks": ("préparation avant la première période", "semaine"),
    "quota_percent": ("part de l’effectif, au plus", "%"),
    "quota_threshold": ("la part vaut à partir d’un effectif de", "personnes"),
    "quota_small": ("au-dessous de cet effectif, au plus", "stagiaires"),
    "tutor_maximum": ("conventions suivies à la fois par un tuteur, au plus", ""),
    "referent_warning": ("élèves suivis à la fois, alerte au-delà de", ""),
    "referent_blocking": ("élèves suivis à la fois, bloquant au-delà de", ""),
    "hours_day_minutes": ("un jour vaut", "heures"),
    "hours_month_days": ("un mois vaut", "jours"),
    "adult_week_minutes": ("durée légale, en moyenne par semaine", "heures"),
    "quota_order_percent": ("avec un arrêté académique, part de l’effectif, au plus", "%"),
    "quota_order_threshold": ("avec un arrêté, la part vaut à partir d’un effectif de", "personnes"),
    "quota_order_small": ("avec un arrêté, au-dessous de cet effectif, au plus", "stagiaires"),
    "waiting_divisor": ("carence : durée du stage précédent divisée par", ""),
    "leave_months": ("congés à prévoir au-delà de", "mois"),
    "works_age": ("travaux réglementés à partir de", "ans"),
    "works_declaration_years": ("validité d’une déclaration", "ans"),
    "works_reminder_days": ("rappel avant l’échéance d’une déclaration", "jours"),
    "medical_opinion_years": ("validité d’un avis d’aptitude", "an"),
    "observation_day_minutes": ("observation, par jour, au plus", "heures"),
    "observation_week_minutes": ("observation, par semaine à partir de 15 ans, au plus", "heures"),
    "observation_under_15_week_minutes": ("observation, par semaine avant 15 ans, au plus", "heures"),
    "observation_start": ("observation, pas avant", "heures"),
    "observation_end": ("observation, pas après", "heures"),
    "observation_3e_days": ("séquence de 3e, au plus", "jours"),
    "observation_2gt_weeks": ("séquence de 2de générale et technologique, au plus", "semaines"),
    "observation_weeks": ("observation volontaire, au plus", "semaine"),
    "referent_contacts": ("contacts du référent pendant la période, au moins", ""),
    "referent_meetings": ("rencontres à trois, au moins", ""),
    "allowance_reminder_days": ("rappel de l’allocation après la fin", "jours"),
    "accident_hours": ("déclaration d’accident, dimanches et fériés non comptés", "heures"),
}
"""For people: what each key says in French, and its unit (`heures` are written from minutes, `euros` from cents)."""


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
