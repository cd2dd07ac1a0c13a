"""Students under 18: hours, breaks, nights, rest, holidays, minimum age, bars.

Everything is judged day by day with the age of that day, on the days planned by the timetable. The exceptions that labour
law opens to employees and apprentices (R-MIN-02, R-MIN-06) are not open to a student in PFMP: the activity of the host changes
nothing, save for holidays.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from core import holidays_fr, typography
from pfmp.rules import hours, wording
from pfmp.rules.age import age_on
from pfmp.rules.facts import Facts, PlacementFacts
from pfmp.rules.hours import WorkedDay
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked
from pfmp.rules.timetable import DAY, Range, UnreadableTimetable

BIRTH_DATE = "date de naissance"
SATURDAY, SUNDAY = 5, 6

# Activities where agreements may let a minor work on a holiday (R3164-2): whole divisions, then sub-classes.
HOLIDAY_DIVISIONS = ("55", "56")
HOLIDAY_CODES = frozenset(
    {
        "1013B", "1071B", "1071C", "1071D", "4721Z", "4722Z", "4723Z", "4724Z", "4726Z", "4729Z", "4776Z", "4781Z",
        "9001Z", "9002Z",
    }
)  # fmt: skip
BAR_CODE = "5630Z"


def naf_code(naf: str) -> str:
    """A NAF code without dot or spaces, in capitals; empty when absent or unreadable."""
    code = re.sub(r"[\s.]", "", naf).upper()
    return code if re.fullmatch(r"[0-9]{4}[A-Z]", code) else ""


def _missing(placement: PlacementFacts) -> str:
    """What the rules on a minor's hours lack: birth date (G-41), timetable of a minor (G-42), both, or nothing."""
    missing = [BIRTH_DATE] if placement.age_is_unknown else []
    if isinstance(placement.timetable, UnreadableTimetable) and (missing or placement.starts_minor):
        missing.append(placement.timetable.missing)
    return wording.enumeration(missing)


def _minor_days(placement: PlacementFacts) -> list[WorkedDay]:
    return [worked for worked in placement.planned_days if placement.is_minor(worked.day)]


def _more_days(days: Sequence[object]) -> str:
    return wording.and_more(len(days) - 1, "autre jour", "autres jours")


def _long_days(placement: PlacementFacts, age: int, limit: int) -> str:
    """« Mardi 3 mars 2026 : 9 h 30 de travail, au plus 8 h avant 18 ans », or nothing."""
    long = [
        worked for worked in placement.planned_days if worked.minutes > limit and placement.is_younger(age, worked.day)
    ]
    if not long:
        return ""
    first = long[0]
    return wording.sentence(
        f"{wording.day(first.day)} : {typography.hours(first.minutes)} de travail, au plus {typography.hours(limit)} "
        f"avant {age} ans{_more_days(long)}."
    )


def _long_weeks(placement: PlacementFacts, age: int, limit: int) -> str:
    """The same for civil weeks: the whole week counts when the student has that age on one day worked (G-21)."""
    concerned = {
        hours.monday_of(worked.day) for worked in placement.planned_days if placement.is_younger(age, worked.day)
    }
    weeks = hours.minutes_by_week(placement.planned_days)
    long = [(monday, minutes) for monday, minutes in weeks.items() if monday in concerned and minutes > limit]
    if not long:
        return ""
    monday, minutes = long[0]
    more = wording.and_more(len(long) - 1, "autre semaine", "autres semaines")
    return wording.sentence(
        f"{wording.week(monday)} : {typography.hours(minutes)} de travail, au plus {typography.hours(limit)} avant "
        f"{age} ans{more}."
    )


@rule(
    "R-MIN-01",
    "Durée du travail d’un mineur : 8 h par jour, 35 h par semaine",
    Level.BLOCKING,
    source="code du travail, L3162-1 ; convention-type, art. 10",
    confidence=Confidence.VERIFIED,
)
def long_hours(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-01: a minor works more than 8 h in a day or 35 h in a civil week.

    Source: code du travail L3162-1; convention-type art. 10; G-16, G-21, G-24. Confidence: verified.
    """
    placement = facts.placement
    if missing := _missing(placement):
        yield Unchecked("R-MIN-01", missing)
        return
    found = [
        _long_days(placement, 18, parameters.minor_day_minutes),
        _long_weeks(placement, 18, parameters.minor_week_minutes),
    ]
    if any(found):
        message = " ".join(filter(None, [*found, "Réduisez les horaires."]))
        yield Problem("R-MIN-01", Level.BLOCKING, message)


@rule(
    "R-MIN-04",
    "Pause de 30 minutes au-delà de 4 h 30",
    Level.BLOCKING,
    source="code du travail, L3162-3 ; convention-type, art. 10",
    confidence=Confidence.VERIFIED,
)
def no_break(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-04: a minor works more than 4 h 30 on end, or more than 4 h 30 in a day without a break of 30 minutes.

    Source: code du travail L3162-3; convention-type art. 10; G-23. Confidence: verified.
    """
    placement = facts.placement
    if missing := _missing(placement):
        yield Unchecked("R-MIN-04", missing)
        return
    without = [worked for worked in _minor_days(placement) if _lacks_break(worked, parameters)]
    if without:
        yield Problem(
            "R-MIN-04",
            Level.BLOCKING,
            wording.sentence(
                f"{wording.day(without[0].day)} : plus de {typography.hours(parameters.minor_break_after_minutes)} de "
                f"travail sans pause d’au moins {parameters.minor_break_minutes} minutes{_more_days(without)}. Prévoyez "
                "une pause."
            ),
        )


def _lacks_break(worked: WorkedDay, parameters: Parameters) -> bool:
    limit = parameters.minor_break_after_minutes
    if any(part.minutes > limit for part in _joined(worked.ranges)):
        return True
    breaks = [after.start - before.end for before, after in zip(worked.ranges, worked.ranges[1:], strict=False)]
    return worked.minutes > limit and not any(minutes >= parameters.minor_break_minutes for minutes in breaks)


def _joined(ranges: Sequence[Range]) -> list[Range]:
    """Ranges that touch (08:00-12:00 12:00-14:00) are one stretch of work."""
    joined: list[Range] = []
    for part in ranges:
        if joined and joined[-1].end == part.start:
            joined[-1] = Range(joined[-1].start, part.end)
        else:
            joined.append(part)
    return joined


@rule(
    "R-MIN-05",
    "Pas de travail de nuit d’un mineur",
    Level.BLOCKING,
    source="code du travail, L3163-1 et L3163-2 ; convention-type, art. 10",
    confidence=Confidence.VERIFIED,
)
def night_work(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-05: a minor works between 22 h and 6 h, or between 20 h and 6 h under 16.

    Source: code du travail L3163-1, L3163-2; convention-type art. 10; G-24. Confidence: verified.
    """
    placement = facts.placement
    if missing := _missing(placement):
        yield Unchecked("R-MIN-05", missing)
        return
    nights = [
        (worked.day, night)
        for worked in _minor_days(placement)
        if (night := worked.range_outside(parameters.minor_night_end, _night_start(placement, worked.day, parameters)))
    ]
    if nights:
        day, night = nights[0]
        yield Problem(
            "R-MIN-05",
            Level.BLOCKING,
            wording.sentence(
                f"{wording.day(day)} : travail de {wording.clock(night.start)} à {wording.clock(night.end)}, "
                f"interdit entre {wording.clock(_night_start(placement, day, parameters))} et "
                f"{wording.clock(parameters.minor_night_end)} avant {_age_limit(placement, day)} ans"
                f"{_more_days(nights)}. Modifiez les horaires."
            ),
        )


def _night_start(placement: PlacementFacts, day: date, parameters: Parameters) -> int:
    return parameters.under_16_night_start if placement.is_younger(16, day) else parameters.minor_night_start


def _age_limit(placement: PlacementFacts, day: date) -> int:
    return 16 if placement.is_younger(16, day) else 18


@rule(
    "R-MIN-07",
    "Repos quotidien d’un mineur : 12 h, 14 h avant 16 ans",
    Level.BLOCKING,
    source="code du travail, L3164-1 ; convention-type, art. 10",
    confidence=Confidence.VERIFIED,
)
def short_rest(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-07: less than 12 h (14 h under 16) between the last work of a day and the first of the next.

    The age is that of the first of the two days. Source: code du travail L3164-1; convention-type art. 10; G-22.
    Confidence: verified.
    """
    placement = facts.placement
    if missing := _missing(placement):
        yield Unchecked("R-MIN-07", missing)
        return
    days = placement.planned_days
    short = [
        (worked, rest)
        for worked, after in itertools.pairwise(days)
        if (after.day - worked.day).days == 1
        and placement.is_minor(worked.day)
        and (rest := DAY + after.start - worked.end) < _rest_needed(placement, worked.day, parameters)
    ]
    if short:
        worked, rest = short[0]
        yield Problem(
            "R-MIN-07",
            Level.BLOCKING,
            wording.sentence(
                f"du {wording.day(worked.day)} au lendemain : {typography.hours(max(rest, 0))} de repos, au moins "
                f"{typography.hours(_rest_needed(placement, worked.day, parameters))} avant "
                f"{_age_limit(placement, worked.day)} ans{wording.and_more(len(short) - 1, 'autre fois', 'autres fois')}. "
                "Finissez plus tôt ou commencez plus tard."
            ),
        )


def _rest_needed(placement: PlacementFacts, day: date, parameters: Parameters) -> int:
    return parameters.under_16_rest_minutes if placement.is_younger(16, day) else parameters.minor_rest_minutes


@rule(
    "R-MIN-08",
    "Repos hebdomadaire d’un mineur : deux jours consécutifs dont le dimanche",
    Level.BLOCKING,
    source="code du travail, L3164-2 ; convention-type, art. 10",
    confidence=Confidence.VERIFIED,
)
def weekly_rest(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-08: a minor works on a Sunday, or on a Saturday and the Monday that follows, both in the placement.

    Saturday and Monday are judged with the age of the Saturday, as daily rest is with the age of its first day (G-22).
    Source: code du travail L3164-2; convention-type art. 10; academic correction on Sundays; G-25. Confidence: verified.
    """
    placement = facts.placement
    if missing := _missing(placement):
        yield Unchecked("R-MIN-08", missing)
        return
    days = _minor_days(placement)
    worked_days = {worked.day for worked in placement.planned_days}
    sundays = [worked.day for worked in days if worked.day.weekday() == SUNDAY]
    saturdays = [
        worked.day
        for worked in days
        if worked.day.weekday() == SATURDAY
        and (placement.end - worked.day).days >= 2
        and worked.day + timedelta(days=2) in worked_days
    ]
    found = []
    if sundays:
        more = wording.and_more(len(sundays) - 1, "autre dimanche", "autres dimanches")
        found.append(wording.sentence(f"{wording.day(sundays[0])} : travail interdit le dimanche avant 18 ans{more}."))
    if saturdays:
        more = wording.and_more(len(saturdays) - 1, "autre fois", "autres fois")
        found.append(
            wording.sentence(
                f"{wording.day(saturdays[0])} et le lundi suivant : travail les deux jours{more}, avant 18 ans le repos "
                "est de deux jours consécutifs dont le dimanche."
            )
        )
    if found:
        yield Problem("R-MIN-08", Level.BLOCKING, " ".join([*found, "Libérez le dimanche, et le samedi ou le lundi."]))


@rule(
    "R-MIN-09",
    "Pas de travail d’un mineur un jour férié",
    Level.BLOCKING,
    Level.WARNING,
    source="code du travail, L3164-6, L3164-8 et R3164-2",
    confidence=Confidence.VERIFIED_2015,
)
def holiday_work(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-09: a minor works on a legal holiday: blocking, or a warning where an agreement may allow it (R3164-2).

    Source: code du travail L3164-6, L3164-8, R3164-2; G-26, G-27, G-41, G-42. Confidence: code of 2015.
    """
    placement = facts.placement
    if isinstance(placement.timetable, UnreadableTimetable):
        if _has_holiday_to_judge(placement):
            yield Unchecked("R-MIN-09", _missing(placement))
        return
    holidays = [worked for worked in placement.planned_days if worked.holiday]
    if placement.age_is_unknown:
        if holidays:
            yield Unchecked("R-MIN-09", BIRTH_DATE)
        return
    worked_holidays = [worked for worked in holidays if placement.is_minor(worked.day)]
    if not worked_holidays:
        return
    code = naf_code(placement.host.naf)
    if not code:
        level, remedy = Level.WARNING, "Le code NAF de l’organisme manque : vérifiez qu’un accord le permet"
    elif code.startswith(HOLIDAY_DIVISIONS) or code in HOLIDAY_CODES:
        level, remedy = Level.WARNING, "Vérifiez qu’un accord collectif de ce secteur le permet"
    else:
        level, remedy = Level.BLOCKING, "Modifiez les horaires"
    first = worked_holidays[0]
    yield Problem(
        "R-MIN-09",
        level,
        wording.sentence(
            f"{wording.day(first.day)} ({first.holiday}) : jour férié travaillé avant 18 ans{_more_days(worked_holidays)}. "
            f"{remedy}, ou terminez les horaires par « sauf fériés »."
        ),
    )


def _has_holiday_to_judge(placement: PlacementFacts) -> bool:
    """Whether a holiday falls from Monday to Saturday on a day when the student is, or may be, a minor (G-42)."""
    holidays = holidays_fr.holidays_between(
        placement.start, placement.end, alsace_moselle=placement.host.alsace_moselle
    )
    return any(day.weekday() != SUNDAY and (placement.age_is_unknown or placement.is_minor(day)) for day in holidays)


@rule(
    "R-MIN-10",
    "Âge minimal en PFMP",
    Level.BLOCKING,
    Level.WARNING,
    source="code du travail, L4153-1 3° et L4153-2 ; code de l’éducation, D331-1 s.",
    confidence=Confidence.VERIFIED_2015,
)
def too_young(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-10: under 14 on the first day (blocking), or 14 (warning: last two years of compulsory schooling only).

    Sequences of observation are open to younger pupils (R-3E-01).
    Source: code du travail L4153-1 3°, L4153-2; code de l'éducation D331-1 s.; G-28. Confidence: code of 2015.
    """
    placement = facts.placement
    if placement.period.is_observation:
        return
    if placement.student.birth_date is None:
        yield Unchecked("R-MIN-10", BIRTH_DATE)
        return
    age = age_on(placement.student.birth_date, placement.start)
    if age < parameters.placement_age_blocking:
        yield Problem(
            "R-MIN-10",
            Level.BLOCKING,
            wording.sentence(
                f"l’élève n’a pas {parameters.placement_age_blocking} ans le {wording.day(placement.start)}, premier jour : "
                "aucun placement possible. Vérifiez sa date de naissance ou reportez le placement."
            ),
        )
    elif age < parameters.placement_age_warning:
        yield Problem(
            "R-MIN-10",
            Level.WARNING,
            wording.sentence(
                f"l’élève a {age} ans le {wording.day(placement.start)}, premier jour : placement possible seulement "
                "pendant les deux dernières années de la scolarité obligatoire. Vérifiez-le et indiquez le motif."
            ),
        )


@rule(
    "R-MIN-11",
    "Horaires avant 15 ans : 7 h par jour, 30 h par semaine",
    Level.WARNING,
    source="régime des séquences d’observation, par prudence ; code du travail, D4153-3",
    confidence=Confidence.TO_VERIFY,
)
def long_hours_under_15(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-11: a student under 15 works more than 7 h in a day or 30 h in a civil week; beside R-MIN-01.

    A birth date that is missing leaves no ground to apply the rule (G-41 does not list it).
    Source: model convention of observation periods, code du travail D4153-3, by caution; G-21, G-28. Confidence: to verify.
    """
    placement = facts.placement
    if placement.period.is_observation or not placement.is_younger(15, placement.start):
        return  # a sequence of observation has hours of its own (R-3E-02)
    if isinstance(placement.timetable, UnreadableTimetable):
        yield Unchecked("R-MIN-11", placement.timetable.missing)
        return
    found = [
        _long_days(placement, 15, parameters.under_15_day_minutes),
        _long_weeks(placement, 15, parameters.under_15_week_minutes),
    ]
    if any(found):
        message = " ".join(filter(None, [*found, "Réduisez les horaires, ou indiquez le motif."]))
        yield Problem("R-MIN-11", Level.WARNING, message)


@rule(
    "R-MIN-13",
    "Mineur dans un débit de boissons",
    Level.WARNING,
    source="code du travail, L4153-6",
    confidence=Confidence.VERIFIED_2015,
)
def bar(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-MIN-13: a minor, on at least one day, in a host whose activity is serving drinks (NAF 56.30Z).

    Source: code du travail L4153-6 (narrowed since to the service at the bar: to verify); G-26, G-29. Confidence: code of
    2015.
    """
    placement = facts.placement
    code = naf_code(placement.host.naf)
    if code not in {BAR_CODE, ""} or not (placement.age_is_unknown or placement.starts_minor):
        return
    missing = [BIRTH_DATE] if placement.age_is_unknown else []
    if not code:
        missing.append("NAF")
    if missing:
        yield Unchecked("R-MIN-13", wording.enumeration(missing))
        return
    yield Problem(
        "R-MIN-13",
        Level.WARNING,
        "L’organisme est un débit de boissons (NAF 56.30Z) et l’élève est mineur : il ne peut pas être affecté au service "
        "du bar, sauf agrément de l’établissement. Vérifiez les activités confiées et indiquez le motif.",
    )
