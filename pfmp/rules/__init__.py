"""The regulation of PFMP as pure functions: no Django, no clock, no database.

Fill `PlacementFacts`, let `gather` find what surrounds each placement, and ask `check`. Sources and confidence are in
`RULES`, thresholds in the dated table of `parameters`.
"""

from pfmp.rules.age import age_on
from pfmp.rules.checking import check
from pfmp.rules.facts import (
    BoardApproval,
    DeclarationFacts,
    Facts,
    HostFacts,
    OpinionFacts,
    PeriodFacts,
    PlacementFacts,
    SchoolFacts,
    StudentFacts,
    TermsFacts,
    gather,
)
from pfmp.rules.hours import Presence, counted_minutes, minutes_by_week, monday_of, planned_days, presence_of
from pfmp.rules.parameters import Confidence, Parameters, parameter_values_on, parameters_on
from pfmp.rules.register import RULES, Rule
from pfmp.rules.results import CheckResult, Level, Problem, Unchecked
from pfmp.rules.timetable import (
    Timetable,
    UnreadableTimetable,
    describe_day,
    describe_timetable,
    parse_timetable,
    write_timetable,
)

__all__ = [
    "RULES",
    "BoardApproval",
    "CheckResult",
    "Confidence",
    "DeclarationFacts",
    "Facts",
    "HostFacts",
    "Level",
    "OpinionFacts",
    "Parameters",
    "PeriodFacts",
    "PlacementFacts",
    "Presence",
    "Problem",
    "Rule",
    "SchoolFacts",
    "StudentFacts",
    "TermsFacts",
    "Timetable",
    "Unchecked",
    "UnreadableTimetable",
    "age_on",
    "check",
    "counted_minutes",
    "describe_day",
    "describe_timetable",
    "gather",
    "minutes_by_week",
    "monday_of",
    "parameter_values_on",
    "parameters_on",
    "parse_timetable",
    "planned_days",
    "presence_of",
    "write_timetable",
]
