"""Placements for the tests of the rules: a complete one that breaks nothing, changed one fact at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

from pfmp import rules

WEEK_35H = "; ".join(f"{day} 08:00-12:00 13:00-16:00" for day in ("lun", "mar", "mer", "jeu", "ven"))
FOUR_WEEKS = (date(2026, 3, 2), date(2026, 3, 27))
STUDENT = rules.StudentFacts("student", birth_date=date(2009, 1, 15), guardian_name="Anne Martin")
HOST = rules.HostFacts("host", name="Atelier Dupont", siret="73282932000074", naf="43.21A", workforce="10-19")
PERIOD = rules.PeriodFacts(*FOUR_WEEKS, year="2025-2026", level="1re_pro", diploma="Bac pro MELEC", label="PFMP 3")


def placement(**changes: Any) -> rules.PlacementFacts:
    """A complete placement of four weeks of a student of 17; `birth`, `naf`… reach into student, host and period."""
    facts: dict[str, Any] = {
        "key": "mine",
        "start": FOUR_WEEKS[0],
        "end": FOUR_WEEKS[1],
        "tutor_key": "tutor",
        "referent_email": "referent@lycee.example",
        "timetable_text": WEEK_35H,
        "activities": "Câblage d’armoires électriques",
    }
    student = {
        "birth_date": "birth", "guardian_name": "guardian", "key": "student_key", "opinions": "opinions",
        "trainings": "trainings",
    }  # fmt: skip
    host = {
        "naf": "naf", "workforce": "workforce", "postal_code": "postal_code", "siret": "siret", "key": "host_key",
        "type": "host_type", "is_avoided": "is_avoided", "declarations": "declarations",
    }  # fmt: skip
    period = {
        "start": "period_start", "end": "period_end", "year": "year", "level": "level", "diploma": "diploma",
        "kind": "kind",
    }  # fmt: skip
    for owner, base, names in (("student", STUDENT, student), ("host", HOST, host), ("period", PERIOD, period)):
        facts[owner] = replace(base, **{name: changes.pop(alias) for name, alias in names.items() if alias in changes})
    return rules.PlacementFacts(**facts | changes)


def check(mine: rules.PlacementFacts, *others: rules.PlacementFacts) -> rules.CheckResult:
    """The check of a placement among others."""
    return rules.check(rules.gather([mine], others)[0])


def levels(mine: rules.PlacementFacts, *others: rules.PlacementFacts) -> dict[str, str]:
    """Rule → level of each problem."""
    return {problem.rule: problem.level.value for problem in check(mine, *others).problems}


def gaps(mine: rules.PlacementFacts, *others: rules.PlacementFacts) -> dict[str, str]:
    """Rule → missing datum of each rule that could not be judged."""
    return {gap.rule: gap.missing for gap in check(mine, *others).unchecked}


def message(rule: str, mine: rules.PlacementFacts, *others: rules.PlacementFacts) -> str:
    """The message of one rule, with plain spaces."""
    found = [problem.message for problem in check(mine, *others).problems if problem.rule == rule]
    assert found, f"{rule} is not broken"
    return found[0].replace("\u00a0", " ").replace("\u202f", " ")
