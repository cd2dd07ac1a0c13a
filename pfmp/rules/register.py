"""The register of the rules: each function that judges a placement joins it with its id, title, levels and source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pfmp.rules.facts import Facts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.results import Finding, Level

Judge = Callable[[Facts, Parameters], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule as a page or the documentation lists it; `judge` yields what it finds on a placement."""

    id: str
    title: str
    levels: tuple[Level, ...]
    source: str
    confidence: Confidence
    judge: Judge


RULES: dict[str, Rule] = {}


def rule(rule_id: str, title: str, *levels: Level, source: str, confidence: Confidence) -> Callable[[Judge], Judge]:
    """Put the decorated function in the register, which keeps the order of the modules."""

    def register(judge: Judge) -> Judge:
        RULES[rule_id] = Rule(rule_id, title, levels, source, confidence, judge)
        return judge

    return register
