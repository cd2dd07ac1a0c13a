"""What leavers have become, counted: the rates of a cohort at each term (indicators E1 to E6, A-120 to A-126).

The indicators, the pages on leavers and the campaigns count here: there is one rule.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.school_year import SchoolYear
from surveys.enums import Situation, Term

PLACED = (Situation.JOB, Situation.APPRENTICESHIP, Situation.STUDIES)
"""A solution, in the broad sense (E2)."""
ACTIVE = (Situation.JOB, Situation.JOB_SEEKING, Situation.OTHER)
"""The denominator of E3: neither in studies nor in apprenticeship."""
HIRED = (Situation.JOB, Situation.APPRENTICESHIP)
"""Those who have an employer."""
KNOWN = tuple(one for one in Situation if one is not Situation.NO_ANSWER)

Told = tuple[str, int | None]
"""What one leaver said at one term: situation, partner who employs."""


def due_date(leaving: SchoolYear, term: int) -> date:
    """The day on which a term counts for those who left at the end of a year: the last of February for 6 and 18 months,
    31 August for 12 and 24 (A-120)."""
    years_later, months = divmod(term, 12)
    if months == 0:
        return SchoolYear(leaving.first + years_later).end
    return date(leaving.first + years_later + 2, 3, 1) - timedelta(days=1)


def window(leaving: SchoolYear, term: int) -> tuple[date, date]:
    """When to ask: one month before the day that counts, to one month after (§ 9.1)."""
    day = due_date(leaving, term)
    return day - timedelta(days=30), day + timedelta(days=31)


@dataclass(frozen=True)
class Rate:
    """The leavers counted, among those of the denominator."""

    counted: list[int]
    among: list[int]

    @property
    def n(self) -> int:
        return len(self.counted)

    @property
    def d(self) -> int:
        return len(self.among)

    @property
    def share(self) -> Fraction | None:
        """None of nobody: never 0 % (C-02)."""
        return Fraction(self.n, self.d) if self.d else None

    @property
    def value(self) -> float | None:
        """The share, for a page to write."""
        return self.n / self.d if self.d else None


@dataclass(frozen=True)
class Cohort:
    """Those who left at the end of one year, and what each said at each term. Others' rows are ignored (A-121)."""

    leavers: Collection[int]
    told: Mapping[int, Mapping[int, Told]]

    def only(self, students: Iterable[int]) -> "Cohort":
        """The same for some of them: those of a formation."""
        return Cohort(set(self.leavers) & set(students), self.told)

    def situation(self, student: int, term: int) -> str:
        """« sans_reponse » of whoever has no row (A-121)."""
        return self.told.get(term, {}).get(student, (Situation.NO_ANSWER.value, None))[0]

    def in_situation(self, term: int, situations: Collection[str]) -> list[int]:
        """Leavers in one of these situations at a term."""
        return [
            student
            for student, (situation, _) in self.told.get(term, {}).items()
            if situation in situations and student in self.leavers
        ]

    def known(self, term: int) -> list[int]:
        return self.in_situation(term, KNOWN)

    def reply(self, term: int) -> Rate:
        """E1: to be read before any other rate."""
        return Rate(self.known(term), list(self.leavers))

    def placed(self, term: int) -> Rate:
        """E2."""
        return Rate(self.in_situation(term, PLACED), self.known(term))

    def employed(self, term: int) -> Rate:
        """E3."""
        return Rate(self.in_situation(term, (Situation.JOB,)), self.in_situation(term, ACTIVE))

    def bounds(self, term: int) -> tuple[Fraction, Fraction] | None:
        """What E3 would be if none of those who did not answer, or all of them, had a job; None when there is nobody."""
        employed, silent = self.employed(term), len(self.leavers) - len(self.known(term))
        whole = employed.d + silent
        return (Fraction(employed.n, whole), Fraction(employed.n + silent, whole)) if whole else None

    def kept(self) -> Rate:
        """E4: in a job at 6 and at 12 months, among those in a job at 6 whose situation at 12 is known."""
        first = set(self.in_situation(Term.SIX_MONTHS, (Situation.JOB,)))
        followed = first.intersection(self.known(Term.TWELVE_MONTHS))
        still = followed.intersection(self.in_situation(Term.TWELVE_MONTHS, (Situation.JOB,)))
        return Rate(list(still), list(followed))

    def at_partners(self, term: int) -> Rate:
        """E6: apprentices are not counted (A-126)."""
        jobs = self.in_situation(term, (Situation.JOB,))
        return Rate([student for student in jobs if self.told[term][student][1] is not None], jobs)
