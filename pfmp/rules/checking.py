"""The one entry: every rule of the register, on the facts of one placement."""

from pfmp.rules import adults, durations, host, minors, observation, paper, referent, safety
from pfmp.rules.facts import Facts
from pfmp.rules.parameters import Parameters, parameters_on
from pfmp.rules.register import RULES
from pfmp.rules.results import CheckResult, Problem, Unchecked

# Each module puts its rules in the register when it is imported.
_MODULES = (durations, minors, adults, host, referent, paper, safety, observation)


def check(facts: Facts, parameters: Parameters | None = None) -> CheckResult:
    """Every problem and gap of a placement, as before its convention is issued whatever its status (G-01).

    A cancelled placement is not checked. Parameters default to those in force on its first day. Problems come strongest
    first; a rule has one problem at most, at its strongest level, and then no gap (G-03, G-04).
    """
    if facts.placement.cancelled:
        return CheckResult([], [])
    parameters = parameters or parameters_on(facts.placement.start)
    problems: dict[str, Problem] = {}
    gaps: dict[str, Unchecked] = {}
    for rule in RULES.values():
        for finding in rule.judge(facts, parameters):
            if isinstance(finding, Unchecked):
                gaps[finding.rule] = finding
            elif finding.rule not in problems or finding.level.strength > problems[finding.rule].level.strength:
                problems[finding.rule] = finding
    return CheckResult(
        problems=sorted(problems.values(), key=lambda problem: -problem.level.strength),
        unchecked=[gap for rule_id, gap in gaps.items() if rule_id not in problems],
    )
