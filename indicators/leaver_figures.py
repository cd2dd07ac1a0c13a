"""What leavers become, to read: the response rate first, then E2, E3 between its bounds, E4 and E6, by year and by formation.

Inside the lycée they are counted from the rows. Who reads from outside reads what is published of E1 to E4 (P-20, P-22) and
nothing else: no formation, no term that no publication holds. InserJeunes is not here: it stands in a box of its own (R-IJ-03).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.school_year import SchoolYear
from indicators import published
from indicators.enums import FigureStatus
from indicators.rules.secrecy import HIDDEN
from indicators.sealing import Standing
from schools.models import School
from surveys import cohorts
from surveys.enums import Term
from surveys.rules import leavers
from surveys.rules.leavers import Cohort, Rate

YEARS = 5
UNPUBLISHED = "n.d."
NOBODY = "non calculable"
NOT_YET = "pas encore mesurable"


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    n: int
    d: int

    @property
    def value(self) -> float | None:
        """None of nobody: never 0 % (C-02)."""
        return self.n / self.d if self.d else None


@dataclass(frozen=True)
class Rates:
    """The rates of a group at one term; None for one that is kept back. `why`: the words in their place when there is none.

    Who works at a partner's is counted for the lycée alone: few are, and the partner knows them.
    """

    term: int
    why: str = ""
    reply: Share | None = None
    placed: Share | None = None
    employed: Share | None = None
    bounds: tuple[float, float] | None = None
    at_partners: Share | None = None

    @property
    def is_due(self) -> bool:
        return self.why != NOT_YET


@dataclass(frozen=True)
class Line:
    """A year, or a formation."""

    label: str
    size: int | None  # None: hidden
    terms: Sequence[Rates]
    kept: Share | None
    kept_why: str = ""


@dataclass(frozen=True)
class Content:
    """What the page and its files say of those who left at the end of one year.

    `as_of`: the day of what is published, for who reads from outside; None when nothing is.
    """

    leaving: SchoolYear
    whole: Line
    formations: Sequence[Line]
    years: Sequence[Line]
    as_of: date | None = None


def content(school: School, leaving: SchoolYear, today: date) -> Content:
    """The figures on a day, as the lycée reads them, in four queries."""
    years = _years(leaving)
    found = cohorts.cohorts(school, years)
    of_student = cohorts.formations(school, [leaving])
    whole = found[leaving]
    groups: dict[str, set[int]] = {}
    for student in whole.leavers:
        groups.setdefault(of_student.get((leaving, student), "Formation non dite"), set()).add(student)
    return Content(
        leaving=leaving,
        whole=_line(_title(leaving), whole, leaving, today),
        formations=[_line(name, whole.only(students), leaving, today) for name, students in sorted(groups.items())],
        years=[_line(str(year), found[year], year, today) for year in years if found[year].leavers],
    )


def _years(leaving: SchoolYear) -> list[SchoolYear]:
    return [SchoolYear(leaving.first - back) for back in range(YEARS)]


def _title(leaving: SchoolYear) -> str:
    return f"Sortants de {leaving}"


def _line(label: str, cohort: Cohort, leaving: SchoolYear, today: date) -> Line:
    due = _due(leaving, today)
    kept = cohort.kept()
    kept_why = NOT_YET if Term.TWELVE_MONTHS not in due else "" if kept.d else NOBODY
    return Line(
        label=label,
        size=len(cohort.leavers),
        terms=[_rates(cohort, term.value, is_due=term.value in due) for term in Term],
        kept=None if kept_why else _share(kept),
        kept_why=kept_why,
    )


def _due(leaving: SchoolYear, today: date) -> set[int]:
    return {term.value for term in Term if leavers.due_date(leaving, term) <= today}


def _share(rate: Rate) -> Share:
    return Share(rate.n, rate.d)


def _rates(cohort: Cohort, term: int, *, is_due: bool) -> Rates:
    if not is_due:
        return Rates(term, NOT_YET)
    bounds = cohort.bounds(term)
    return Rates(
        term,
        "" if cohort.leavers else NOBODY,
        _share(cohort.reply(term)),
        _share(cohort.placed(term)),
        _share(cohort.employed(term)),
        (float(bounds[0]), float(bounds[1])) if bounds else None,
        _share(cohort.at_partners(term)),
    )


# ------------------------------------------------------------------------------------------------ what is published


def published_content(school: School, leaving: SchoolYear, today: date) -> Content:
    """What of them may be read outside, from the publications of the years that count these leavers (A-120): one query."""
    years = _years(leaving)
    found = published.outside(school, [_counting(year) for year in years])
    here = _Told(found.get(_counting(leaving).code))
    lines = {year: _Told(found.get(_counting(year).code)).line(str(year), year, today) for year in years}
    return Content(
        leaving=leaving,
        whole=here.line(_title(leaving), leaving, today),
        formations=(),
        years=[line for line in lines.values() if any(at.reply for at in line.terms)],
        as_of=here.as_of,
    )


def _counting(leaving: SchoolYear) -> SchoolYear:
    return SchoolYear(leaving.first + 1)


class _Told:
    """The cells of one publication on leavers."""

    def __init__(self, here: Standing | None) -> None:
        entries = here.figures["indicateurs"] if here else ()
        self.entries = {entry["code"]: entry for entry in entries}
        self.as_of: date | None = None
        if here and "E1" in self.entries:
            day = self.entries["E1"].get("arrete")  # a figure kept from an earlier day bears it (P-22)
            self.as_of = date.fromisoformat(day) if day else here.as_of

    def cell(self, code: str, term: int) -> Mapping[str, Any] | None:
        cells = self.entries.get(code, {}).get("ventilations", ())
        return next((cell for cell in cells if (cell["axe"], cell["cle"]) == ("echeance", str(term))), None)

    def line(self, label: str, leaving: SchoolYear, today: date) -> Line:
        due = _due(leaving, today)
        terms = [self._rates(term.value) if term.value in due else Rates(term.value, NOT_YET) for term in Term]
        kept, kept_why = None, NOT_YET
        if Term.TWELVE_MONTHS in due:
            kept, kept_why = _read(self.entries.get("E4"))
        sizes = {at.reply.d for at in terms if at.reply}
        return Line(label=label, size=max(sizes, default=None), terms=terms, kept=kept, kept_why=kept_why)

    def _rates(self, term: int) -> Rates:
        reply, why = _read(self.cell("E1", term))
        if reply is None:
            return Rates(term, why)
        placed, employed = (_read(self.cell(code, term)) for code in ("E2", "E3"))
        return Rates(
            term,
            "",
            reply,
            placed[0] or (Share(0, 0) if placed[1] == NOBODY else None),
            employed[0] or (Share(0, 0) if employed[1] == NOBODY else None),
            _bounds(reply, employed[0]) if employed[0] else None,
        )


def _read(cell: Mapping[str, Any] | None) -> tuple[Share | None, str]:
    """What a published cell says, or the words in its place."""
    if cell is None:
        return None, UNPUBLISHED
    if cell["statut"] == FigureStatus.COMPUTED and cell["d"]:
        return Share(cell["n"], cell["d"]), ""
    if cell["statut"] == FigureStatus.NOT_YET:
        return None, NOT_YET
    return None, HIDDEN if cell.get("motif") == HIDDEN else NOBODY


def _bounds(reply: Share, employed: Share) -> tuple[float, float]:
    """As `Cohort.bounds`, from what is published."""
    silent = reply.d - reply.n
    whole = employed.d + silent
    return employed.n / whole, (employed.n + silent) / whole


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
    low, high = at.bounds or (None, None)
    reply = [at.reply.n, _plain(at.reply.value)] if at.reply else [None] * 2
    others = [[share.n, share.d, _plain(share.value)] if share else [None] * 3 for share in (at.placed, at.employed)]
    return [*reply, *others[0], *others[1], _plain(low), _plain(high)]


def _plain(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def by_term(line: Line) -> Mapping[int, Rates]:
    """The rates of a line by months since leaving: 6, 12, 18, 24."""
    return {at.term: at for at in line.terms}
