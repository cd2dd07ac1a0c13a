"""The rules: every one of the regulation in plain French, and the placements of the year that meet one today."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import typography
from core.text import searchable
from core.verdict import demand
from pfmp import facts, permissions, rules
from pfmp.models import Placement
from pfmp.rules import catalogue, parameters
from schools.middleware import SchoolRequest
from schools.permissions import allows, is_own_only
from schools.roles import Permission

LONGEST_SEARCH = 100
CODES = {
    rules.Level.BLOCKING: "bloquant",
    rules.Level.WARNING: "a_justifier",
    rules.Level.INFORMATION: "a_savoir",
}
"""How core.status says each level."""


@dataclass(frozen=True)
class Threshold:
    """A dated value of the table, in words."""

    label: str
    value: str
    since: date
    source: str
    confidence: str


@dataclass(frozen=True)
class Line:
    """A rule as the page shows it. `met`, `unknown`: placements of the year that break it, or that it cannot judge."""

    entry: catalogue.Entry
    thresholds: list[Threshold]
    met: int
    unknown: int


@require_GET
def rule_list(request: SchoolRequest) -> HttpResponse:
    """Every rule by subject; `q` keeps those that say these words. Counts are those of the placements one may open."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    met, unknown = counts(list(checked_placements(request)))
    values = values_by_key()
    groups = []
    for subject, entries in catalogue.SUBJECTS:
        lines = [
            Line(entry, thresholds_of(entry, values), met[entry.id], unknown[entry.id])
            for entry in entries
            if says(entry, subject, words)
        ]
        if lines:
            groups.append((subject, lines))
    context = {
        "groups": groups,
        "words": words,
        "count": sum(len(lines) for _, lines in groups),
        "own_only": is_own_only(request.membership),
        "year": request.school_year.code,
    }
    return render(request, "pfmp/rule_list.html", context)


@require_GET
def rule_placements(request: SchoolRequest, rule_id: str) -> HttpResponse:
    """The placements of the year that break one rule, or that it cannot judge, with what it says of each."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    entry = catalogue.ENTRIES.get(rule_id)
    if entry is None or entry.rule is None:
        raise Http404
    found: list[dict[str, Any]] = []
    for placement, result in checked_placements(request):
        problem = next((one for one in result.problems if one.rule == rule_id), None)
        gap = next((one for one in result.unchecked if one.rule == rule_id), None)
        if problem:
            code = CODES[problem.level]
            found.append({"placement": placement, "code": code, "message": problem.message})
        elif gap:
            found.append({"placement": placement, "code": "non_controlable", "message": gap.message})
    order = ("bloquant", "a_justifier", "non_controlable", "a_savoir")
    found.sort(key=lambda one: (order.index(one["code"]), str(one["placement"].student)))
    return render(
        request,
        "pfmp/rule_placements.html",
        {"entry": entry, "rows": found, "year": request.school_year.code},
    )


def checked_placements(request: SchoolRequest) -> list[tuple[Placement, rules.CheckResult]]:
    """What the rules say of each placement of the year on screen that this person may open: one pass, a few queries."""
    placements = list(
        permissions.visible_placements(request.membership)
        .in_year(request.school_year.code)  # type: ignore[attr-defined]
        .not_cancelled()
        .select_related("student__school", "partner__school", "period__school_class", "school")
    )
    found = facts.placement_facts(placements, approval=facts.board_approval(request.school))
    return [(placement, rules.check(one)) for placement, one in zip(placements, found, strict=True)]


def counts(checked: list[tuple[Placement, rules.CheckResult]]) -> tuple[Counter[str], Counter[str]]:
    """By rule, how many placements break it and how many it cannot judge."""
    return (
        Counter(problem.rule for _, result in checked for problem in result.problems),
        Counter(gap.rule for _, result in checked for gap in result.unchecked),
    )


def says(entry: catalogue.Entry, subject: str, words: str) -> bool:
    """Whether each word stands in the rule, whatever its accents and case."""
    rule = entry.rule
    levels = " ".join(level.label for level in rule.levels) if rule else ""
    text = searchable(
        entry.id, entry.title, entry.text, entry.who, entry.source, entry.where.label, entry.how, subject, levels,
        limit=3000,
    )  # fmt: skip
    return all(word in text for word in searchable(words).split())


def values_by_key() -> dict[str, list[parameters.ParameterValue]]:
    """Every value of each parameter, the newest first."""
    values: dict[str, list[parameters.ParameterValue]] = {}
    for line in sorted(parameters.TABLE, key=lambda one: one.effective_date, reverse=True):
        values.setdefault(line.key, []).append(line)
    return values


def thresholds_of(entry: catalogue.Entry, values: dict[str, list[parameters.ParameterValue]]) -> list[Threshold]:
    """The dated values that a rule reads, in words."""
    return [
        Threshold(
            parameters.LABELS[key][0], in_words(line.value, parameters.LABELS[key][1]), line.effective_date, line.source,
            line.confidence.value,
        )
        for key in entry.keys
        for line in values[key]
    ]  # fmt: skip


def in_words(value: int, unit: str) -> str:
    """« 35 h » from minutes, « 4,50 € » from cents, « 3 semaines »."""
    if unit == "heures" and value > HOURS_WRITTEN_AS_SUCH:
        return typography.hours(value)
    if unit == "euros":
        return f"{typography.number(value / 100, 2)}\u00a0€"
    return f"{value}\u00a0{'h' if unit == 'heures' else unit}".strip()


HOURS_WRITTEN_AS_SUCH = 48
"""A duration of `heures` in minutes is always longer; only the 48 hours of an accident are written in hours."""
