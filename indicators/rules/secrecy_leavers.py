"""What of a cohort's rates may leave the lycée, by formation (P-20, P-22).

A rate of leavers is said of twenty at least, and when no group of one to four can be worked out of it: those counted, the
others, and what two rates of one formation differ by. Formations that are kept back must together be safe too, and be two at
least: the total less what is shown tells what is not.
"""

from collections.abc import Iterable, Mapping

from surveys.enums import Situation, Term
from surveys.rules.leavers import PLACED, Cohort

SMALL = 5
LEAST_LEAVERS = 20
"""Thresholds of P-20; the second as InserJeunes."""


def is_safe(cohort: Cohort, terms: Iterable[int]) -> bool:
    """May the response rate, E2 and E3 of these leavers be said at these terms?"""
    return all(_is_safe_at(cohort, term) for term in terms)


def _is_safe_at(cohort: Cohort, term: int) -> bool:
    reply, placed, employed = cohort.reply(term), cohort.placed(term), cohort.employed(term)
    if not all(rate.d == 0 or rate.d >= LEAST_LEAVERS for rate in (reply, placed, employed)):
        return False
    jobs = set(cohort.in_situation(term, (Situation.JOB,)))
    groups = (
        len(jobs),
        reply.d - reply.n,  # silent
        placed.d - placed.n,  # neither a job, nor an apprenticeship, nor studies
        len(set(cohort.in_situation(term, PLACED)) - jobs),  # E2 less E3: apprentices and students
    )
    return not any(0 < group < SMALL for group in groups)


def is_safe_kept(cohort: Cohort) -> bool:
    """May E4 be said, beside E3: who was in a job and is not followed can be worked out?"""
    kept = cohort.kept()
    jobs, jobs_after = (
        len(cohort.in_situation(term, (Situation.JOB,))) for term in (Term.SIX_MONTHS, Term.TWELVE_MONTHS)
    )
    groups = (
        kept.n,
        kept.d - kept.n,  # a job at 6 months, no longer at 12
        jobs - kept.d,  # a job at 6 months, silent at 12
        jobs_after - kept.n,  # no job at 6 months, one at 12
        len(cohort.known(Term.TWELVE_MONTHS)) - kept.d,  # known at 12 months, without a job at 6
    )
    return (kept.d == 0 or kept.d >= LEAST_LEAVERS) and not any(0 < group < SMALL for group in groups)


def shown_formations(whole: Cohort, parts: Mapping[str, Cohort], terms: Iterable[int]) -> set[str]:
    """The formations whose rates may leave the lycée beside those of the whole; none when the whole may not."""
    terms = list(terms)
    if not is_safe(whole, terms):
        return set()
    shown = {name for name, part in parts.items() if is_safe(part, terms)}
    while shown:
        hidden = [name for name in parts if name not in shown]
        rest = whole.only(student for name in hidden for student in parts[name].leavers)
        if not hidden or (len(hidden) > 1 and is_safe(rest, terms)):
            return shown
        # One formation more is kept back: the smallest, until what is hidden hides well.
        shown.remove(min(shown, key=lambda name: (len(parts[name].leavers), name)))
    return shown
