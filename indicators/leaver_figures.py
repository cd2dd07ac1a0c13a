"""What leavers become, to read: the response rate first, then E2, E3 between its bounds, E4 and E6, by year and by formation.

One count for the lycée and for who reads from outside, whose small groups are kept back (P-20, P-22). InserJeunes is not here:
it stands in a box of its own (R-IJ-03).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.school_year import SchoolYear
from indicators.rules import secrecy_leavers
from schools.models import School
from surveys import cohorts
from surveys.enums import Term
from surveys.rules import leavers
from surveys.rules.leavers import Cohort, Rate

YEARS = 5
HIDDEN = "n.d. (effectif < 5)"
NOBODY = "non calculable"
NOT_YET = "pas encore mesurable"


@dataclass(frozen=True)
class Rates:
    """The rates of a group at one term. `why`: the words in their place when there is none to read.

    Who works at a partner's is counted for the lycée alone: few are, and the partner knows them.
    """

    term: int
    why: str = ""
    reply: Rate | None = None
    placed: Rate | None = None
    employed: Rate | None = None
    bounds: tuple[float, float] | None = None
    at_partners: Rate | None = None

    @property
    def is_due(self) -> bool:
        return self.why != NOT_YET


@dataclass(frozen=True)
class Line:
    """A year, or a formation."""

    label: str
    size: int | None  # None: hidden
    terms: Sequence[Rates]
    kept: Rate | None
    kept_why: str = ""


@dataclass(frozen=True)
class Content:
    """What the page and its files say of those who left at the end of one year."""

    leaving: SchoolYear
    whole: Line
    formations: Sequence[Line]
    years: Sequence[Line]
    hidden_formations: int


def content(school: School, leaving: SchoolYear, today: date, *, outside: bool) -> Content:
    """The figures on a day, in four queries. `outside`: as who is not of the lycée may read them."""
    years = [SchoolYear(leaving.first - back) for back in range(YEARS)]
    found = cohorts.cohorts(school, years)
    of_student = cohorts.formations(school, [leaving])
    whole = found[leaving]
    groups: dict[str, set[int]] = {}
    for student in whole.leavers:
        groups.setdefault(of_student.get((leaving, student), "Formation non dite"), set()).add(student)
    parts = {name: whole.only(students) for name, students in sorted(groups.items())}
    due = [term.value for term in Term if leavers.due_date(leaving, term) <= today]
    shown = secrecy_leavers.shown_formations(whole, parts, due) if outside else set(parts)
    return Content(
        leaving=leaving,
        whole=_line(f"Sortants de {leaving}", whole, leaving, today, outside=outside),
        formations=[_line(name, parts[name], leaving, today, outside=outside) for name in parts if name in shown],
        years=[_line(str(year), found[year], year, today, outside=outside) for year in years if found[year].leavers],
        hidden_formations=len(parts) - len(shown),
    )


def _line(label: str, cohort: Cohort, leaving: SchoolYear, today: date, *, outside: bool) -> Line:
    due = [term.value for term in Term if leavers.due_date(leaving, term) <= today]
    hidden = [term for term in due if outside and not secrecy_leavers.is_safe(cohort, [term])]
    kept = cohort.kept()
    if Term.TWELVE_MONTHS not in due:
        kept_why = NOT_YET
    elif outside and (hidden or not secrecy_leavers.is_safe_kept(cohort)):
        kept_why = HIDDEN
    else:
        kept_why = "" if kept.d else NOBODY
    return Line(
        label=label,
        size=None if outside and len(cohort.leavers) < secrecy_leavers.LEAST_LEAVERS else len(cohort.leavers),
        terms=[_rates(cohort, term.value, term.value in due, term.value in hidden, outside) for term in Term],
        kept=None if kept_why else kept,
        kept_why=kept_why,
    )


def _rates(cohort: Cohort, term: int, is_due: bool, hidden: bool, outside: bool) -> Rates:
    if not is_due:
        return Rates(term, NOT_YET)
    if hidden:
        return Rates(term, HIDDEN)
    bounds = cohort.bounds(term)
    return Rates(
        term,
        "" if cohort.leavers else NOBODY,
        cohort.reply(term),
        cohort.placed(term),
        cohort.employed(term),
        (float(bounds[0]), float(bounds[1])) if bounds else None,
        None if outside else cohort.at_partners(term),
    )


def table(found: Content) -> tuple[list[str], list[list[object]]]:
    """Headers and lines of the file: one line a group and a term."""
    headers = [
        "Groupe", "Sortants", "Échéance", "Réponses", "Taux de réponse", "Placement : n", "Placement : d",
        "Taux de placement", "Emploi : n", "Emploi : d", "Taux d’emploi", "Borne basse", "Borne haute", "Note",
    ]  # fmt: skip
    rows: list[list[object]] = []
    for line in (found.whole, *found.formations):
        for at in line.terms:
            rows.append([line.label, line.size, f"{at.term} mois", *_numbers(at), at.why])
    return headers, rows


def _numbers(at: Rates) -> list[object]:
    if at.reply is None or at.placed is None or at.employed is None:
        return [None] * 10
    low, high = at.bounds or (None, None)
    return [
        at.reply.n, _plain(at.reply.value), at.placed.n, at.placed.d, _plain(at.placed.value), at.employed.n,
        at.employed.d, _plain(at.employed.value), _plain(low), _plain(high),
    ]  # fmt: skip


def _plain(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def by_term(line: Line) -> Mapping[int, Rates]:
    return {at.term: at for at in line.terms}
