"""« Ce qui le changerait »: the gaps and contradictions that bear on one figure, and how far filling each could move it.

A span is a bound, never an estimate: whatever the missing data turn out to be, all the rest being as it is, the value stays
between `least` and `most`. There is one only where the definition makes it exact.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from indicators.definitions import Anomaly, Cell, Figure, Value, YearData, anomalies, insertion
from indicators.definitions.follow_up import WORKSHOPS
from schools.enums import Niveau, Sex
from surveys.enums import Situation, Term


@dataclass(frozen=True)
class Span:
    """The least and the most that a value can be once a gap is filled; `most` is None when nothing bounds it."""

    least: Value
    most: Value = None


@dataclass(frozen=True)
class Change:
    """Rows to settle, and what this could do to the figure."""

    anomaly: Anomaly
    span: Span | None


Spans = Callable[[YearData, Cell, Anomaly], Span | None]


def of(data: YearData, code: str, figure: Figure) -> list[Change]:
    """What would change a figure: its own gaps first."""
    found = []
    for anomaly in anomalies.bearing_on(data, code):
        spans = _SPANS.get((code, anomaly.key))
        found.append(Change(anomaly, spans(data, figure.main, anomaly) if spans else None))
    return found


# --------------------------------------------------------------------------------------------------------- the arithmetic


def _counts(cell: Cell) -> tuple[Fraction, int]:
    return Fraction(cell.n or 0), cell.d or 0


def joining(cell: Cell, either: int, *, yes: int = 0, no: int = 0) -> Span | None:
    """Units that join the denominator: `either` of them may join the numerator, `yes` would, `no` would not.

    Each may also stay out, but for those of `either`, whose datum is simply missing.
    """
    n, d = _counts(cell)
    if not d + either + yes + no:
        return None
    least, most = d + either + no, d + either + yes
    return Span(n / least if least else Fraction(1), (n + either + yes) / most if most else Fraction(0))


def within(cell: Cell, more: int) -> Span | None:
    """Units of the denominator that may still join the numerator."""
    n, d = _counts(cell)
    return Span(n / d, min(n + more, Fraction(d)) / d) if d else None


# ------------------------------------------------------------------------------------------------------------- by figure


def _all_join(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    return joining(cell, anomaly.count)


def _all_within(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    return within(cell, anomaly.count)


def _more_rows(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """A headcount to which each row may add one."""
    n, _ = _counts(cell)
    return Span(n, n + anomaly.count)


def _at_least(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """A sum that missing values can only raise."""
    return Span(cell.value) if cell.value is not None else None


def _reached(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """I4.1, I4.5: pupils whose every presence is unnoted may prove to have come."""
    maybe = {student for student, _ in data.presence.unnoted} - data.beneficiaries
    return within(cell, len(maybe))


def _reached_priority(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """I4.6: the same among the priority pupils."""
    maybe = {student for student, _ in data.presence.unnoted} - data.beneficiaries
    return within(cell, sum(data.priority.get(student) is True for student in maybe))


def _priority(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """I4.6: a pupil of whom nothing is known is of a priority public, or not; whether they came is known."""
    came = sum(student in data.beneficiaries for student in anomaly.rows)
    return joining(cell, 0, yes=came, no=anomaly.count - came)


def _girls_reached(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """I4.4.beneficiaires: those without a sex among the pupils reached."""
    return joining(cell, sum(data.enrolled[student] not in Sex.values for student in data.beneficiaries))


def _complete(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    """E20: final-year pupils whose unnoted workshops would make four."""
    final = {stay.student for stay in data.stays_so_far if stay.niveau in (Niveau.CAP2, Niveau.TERMINALE_PRO)}
    unnoted = Counter(student for student, type_ in data.presence.unnoted if type_ == "avenirpro")
    done = data.presence.workshops_by_student
    return within(cell, sum(done[s] < WORKSHOPS <= done[s] + unnoted[s] for s in final))


def _unknown_leavers(data: YearData) -> int:
    """Leavers without a situation at six months, the term of the main value (A-124)."""
    told = [s for s, (situation, _, _) in data.situations[Term.SIX_MONTHS].items() if situation != Situation.NO_ANSWER]
    return len(data.leavers - set(told))


def _is_due(data: YearData) -> bool:
    return data.as_of >= insertion.due(data, Term.SIX_MONTHS)


def _leavers_told(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    return within(cell, _unknown_leavers(data)) if _is_due(data) else None


def _leavers_join(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
    return joining(cell, _unknown_leavers(data)) if _is_due(data) else None


def _visited_when_over(modes: Collection[str] | None) -> Spans:
    """E21: a placement whose end is past becomes finished, and whether it was visited is known; or it was interrupted."""

    def spans(data: YearData, cell: Cell, anomaly: Anomaly) -> Span | None:
        seen = {visit.placement for visit in data.visits if modes is None or visit.mode in modes}
        visited = sum(pk in seen for pk in anomaly.rows)
        return joining(cell, 0, yes=visited, no=anomaly.count - visited)

    return spans


_SPANS: Mapping[tuple[str, str], Spans] = {
    ("I3.1", "to_close"): _more_rows,
    ("I3.3.total", "hours"): _at_least,
    ("I3.4", "to_close"): _at_least,
    ("I3.7", "to_close"): _all_join,
    ("I4.1", "presences"): _reached,
    ("I4.2", "presences"): _all_join,
    ("I4.4.beneficiaires", "sexes"): _girls_reached,
    ("I4.4.inscrits", "sexes"): _all_join,
    ("I4.5", "presences"): _reached,
    ("I4.6", "presences"): _reached_priority,
    ("I4.6", "priorities"): _priority,
    ("I4.8", "aims"): _all_join,
    ("I7.1", "came_unannounced"): _all_within,
    ("I7.3", "guests"): _all_join,
    ("E1", "leavers"): _leavers_told,
    ("E2", "leavers"): _leavers_join,
    ("E3", "leavers"): _leavers_join,
    ("E6", "leavers"): _leavers_join,
    ("E20", "presences"): _complete,
    ("E21.sur_place", "to_finish"): _visited_when_over({"sur_place"}),
    ("E21.contact", "to_finish"): _visited_when_over(None),
    ("E22", "certificates"): _all_within,
    ("E24", "unsigned"): _all_within,
    ("E26", "tutors"): _all_within,
    ("E28", "origins"): _all_join,
}
