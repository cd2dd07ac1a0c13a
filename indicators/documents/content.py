"""The figures of a year beside those of the year before, frozen: what every paper on figures is made of.

``ReportContent`` is made of two outputs of the command ``indicators``: this year's and last year's. It computes nothing; what
could not be computed is said with its reason, never as a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core import french, jobs
from core.frozen import Frozen
from core.school_year import SchoolYear
from indicators import figures, labels, publishing, rules, sealing
from indicators.definitions import YearData
from indicators.enums import FigureStatus, ReportVersion
from indicators.models import Decision, Publication, Target, YearSeal
from indicators.rules import secrecy_history
from pfmp.models import Period
from schools.models import School, SchoolClass


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A value as the command gives it; ``value`` is None unless ``status`` is "calcule"."""

    status: str
    value: float | int | bool | str | None = None
    n: float | int | None = None
    d: float | int | None = None
    reason: str | None = None

    @property
    def is_computed(self) -> bool:
        return self.status == FigureStatus.COMPUTED


@dataclass(frozen=True, kw_only=True)
class Row:
    """A key of a breakdown, this year and last."""

    key: str
    label: str
    now: Cell
    before: Cell | None = None


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """An indicator by the keys of one axis (class, sector, month…)."""

    axis: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """An indicator, this year and last. ``completeness`` is the share of rows that hold the datum."""

    code: str
    heading: str
    label: str
    unit: str
    now: Cell
    before: Cell | None = None
    completeness: float | None = None
    breakdowns: tuple[Breakdown, ...] = ()

    def by(self, axis: str) -> tuple[Row, ...]:
        """The rows of a breakdown, none when the indicator has not this axis."""
        return next((breakdown.rows for breakdown in self.breakdowns if breakdown.axis == axis), ())


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What the school aims at for one indicator."""

    code: str
    value: Decimal
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision as it stood: who does it, for when, what came of it."""

    heading: str
    label: str
    owner: str = ""
    due_date: date | None = None
    done_date: date | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportContent(Frozen):
    """All that the report says. `version` says for whom; `sealed_date`, that the figures are those of the closed year (P-04)."""

    school_name: str
    uai: str
    academy: str | None
    city: str | None
    year: str
    previous_year: str | None
    as_of: date
    is_provisional: bool
    is_fictitious: bool
    issued_date: date
    definitions_version: str
    figures: tuple[Figure, ...]
    version: str = ReportVersion.BOARD.value
    sealed_date: date | None = None
    aims: tuple[Aim, ...] = ()
    decisions: tuple[Decided, ...] = ()

    def figure(self, code: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.code == code), None)

    def aim(self, code: str) -> Aim | None:
        return next((aim for aim in self.aims if aim.code == code), None)


def content_of(
    current: Mapping[str, Any],
    previous: Mapping[str, Any] | None,
    *,
    school_name: str,
    issued_date: date,
    academy: str | None = None,
    city: str | None = None,
    is_fictitious: bool = False,
    own_labels: Mapping[str, Mapping[str, str]] | None = None,
    version: ReportVersion = ReportVersion.BOARD,
    sealed_date: date | None = None,
    aims: Sequence[Aim] = (),
    decisions: Sequence[Decided] = (),
) -> ReportContent:
    """The report of a school year from two outputs of the command ``indicators``.

    ``previous`` is last year at the same day for a provisional year, whole otherwise (C-01), or None when there is none.
    ``own_labels`` names the school's own keys by axis: ``{"periode": {"P1": "1TMA, PFMP 1"}}``.
    """
    last = {entry["code"]: entry for entry in previous["indicateurs"]} if previous else {}
    return ReportContent(
        school_name=school_name,
        uai=current["etablissement"],
        academy=academy,
        city=city,
        year=current["annee"],
        previous_year=previous["annee"] if previous else None,
        as_of=date.fromisoformat(current["arrete"]),
        is_provisional=current["provisoire"],
        is_fictitious=is_fictitious,
        issued_date=issued_date,
        definitions_version=current["definitions"],
        figures=tuple(
            _figure(entry, last.get(entry["code"]), own_labels, as_of=current["arrete"])
            for entry in current["indicateurs"]
        ),
        version=version.value,
        sealed_date=sealed_date,
        aims=tuple(aims),
        decisions=tuple(decisions),
    )


def report_of(
    school: School,
    year: SchoolYear,
    today: date,
    *,
    issued_date: date,
    version: ReportVersion = ReportVersion.BOARD,
) -> ReportContent:
    """The report of a school year: this year's figures, and last year's at the same day or whole (C-01).

    They are computed now; those of a closed year are read in its seal when there is one, whatever became of its rows (P-04).
    For the rectorat small counts are taken out, and what people wrote is left out (C-17, P-20 to P-22).
    Raises rules.TooEarly before the year begins.
    """
    read = outside_figures_of if version is ReportVersion.ACADEMY else figures_of
    current, sealed_date = read(school, year, today)
    previous = None
    if SchoolClass.objects.in_school(school).filter(year=year.previous.code).exists() or _seal_of(
        school, year.previous
    ):
        bounds = rules.bounds(year, today)
        previous, _ = read(school, year.previous, rules.day_to_compare(year, bounds.as_of))
    is_outside = version is ReportVersion.ACADEMY
    return content_of(
        current,
        previous,
        school_name=school.name,
        issued_date=issued_date,
        academy=school.academy or None,
        city=school.city or None,
        is_fictitious=school.is_demo,
        own_labels=own_labels_of(school, year.code),
        version=version,
        sealed_date=sealed_date,
        aims=aims_of(school, year, with_reasons=not is_outside),
        decisions=() if is_outside else decisions_of(school, year),
    )


def figures_of(school: School, year: SchoolYear, today: date) -> tuple[dict[str, Any], date | None]:
    """The figures of a year on a day, in the form of the command, and the day they were sealed: None when computed now.

    Raises rules.TooEarly before the year begins, jobs.Failure when a seal does not match its fingerprint (P-04).
    """
    if not rules.bounds(year, today).is_provisional and (seal := _seal_of(school, year)):
        if not sealing.is_intact(seal, school.uai):
            raise jobs.Failure(f"Les chiffres scellés de {year.code} ont été modifiés : ils ne font plus foi.")
        return seal.figures, timezone.localdate(seal.sealed_at)
    return figures.compute(school, year, today).as_json(), None


def outside_figures_of(school: School, year: SchoolYear, today: date) -> tuple[dict[str, Any], date | None]:
    """As `figures_of`, what of them may be read outside after all that was published of that year (P-22).

    A figure too near to one already published is that one, and bears its day.
    """
    figures, sealed_date = figures_of(school, year, today)
    earlier = [
        {"figures": row.figures, **row.behind}
        for row in Publication.objects.in_school(school).filter(year=year.code).order_by("-pk")
    ]
    told = secrecy_history.settle(
        figures,
        earlier,
        volumes=publishing.volumes_of(YearData(school, year, today)),
        least=publishing.thresholds_of(school),
    )
    return told["figures"], sealed_date


def publish(school: School, year: SchoolYear, today: date, *, by: User | None) -> None:
    """Keep as published, for good, what a paper is about to tell outside, so that what follows is compared with it (P-22).

    A paper on a day before the latest publication is compared with that one: it is then what the paper rests on.
    """
    latest = publishing.latest(school, year)
    if latest is None or latest.as_of <= rules.bounds(year, today).as_of:
        data = YearData(school, year, today)
        publishing.publish(data, figures_of(school, year, today)[0], by=by, on_paper=True)
    else:
        publishing.keep_for_paper(latest)


def _seal_of(school: School, year: SchoolYear) -> YearSeal | None:
    return YearSeal.objects.in_school(school).filter(year=year.code).first()


def aims_of(school: School, year: SchoolYear, *, with_reasons: bool = True) -> tuple[Aim, ...]:
    """What the school aims at in a year; one query."""
    found = Target.objects.in_school(school).filter(year=year.code).order_by("code")
    return tuple(
        Aim(code=target.code, value=target.value.normalize(), reason=target.reason if with_reasons else "")
        for target in found
    )


def decisions_of(school: School, year: SchoolYear) -> tuple[Decided, ...]:
    """The decisions of a year, heading by heading, those with a day first; one query."""
    found = (
        Decision.objects.in_school(school)
        .filter(year=year.code)
        .select_related("owner")
        .order_by("heading", F("due_date").asc(nulls_last=True), "pk")
    )
    return tuple(
        Decided(
            heading=row.heading,
            label=row.label,
            owner=str(row.owner or ""),
            due_date=row.due_date,
            done_date=row.done_date,
            outcome=row.outcome,
        )
        for row in found
    )


def own_labels_of(school: School, year: str) -> dict[str, dict[str, str]]:
    """The names of the school's own keys in a year, for ``content_of``; one query."""
    periods = Period.objects.in_school(school).counted().filter(year=year).select_related("school_class")
    return {"periode": {period.dossier_id: f"{period.school_class.code}, {period.label}" for period in periods}}


def _cell(entry: Mapping[str, Any]) -> Cell:
    return Cell(
        status=entry["statut"], value=entry["valeur"], n=entry.get("n"), d=entry.get("d"), reason=entry.get("motif")
    )


def _of_its_day(cell: Cell, day: str, as_of: str) -> Cell:
    """A figure kept from another day says which (P-22)."""
    if day == as_of or not cell.is_computed:
        return cell
    return replace(cell, reason=f"Chiffre arrêté au {french.day(date.fromisoformat(day))}.")


def _figure(
    entry: Mapping[str, Any],
    last: Mapping[str, Any] | None,
    own: Mapping[str, Mapping[str, str]] | None,
    *,
    as_of: str,
) -> Figure:
    lines: dict[str, list[Row]] = {}
    before = {(line["axe"], line["cle"]): _cell(line) for line in last["ventilations"]} if last else {}
    for line in entry["ventilations"]:
        axis, key = line["axe"], line["cle"]
        row = Row(key=key, label=labels.key_label(axis, key, own), now=_cell(line), before=before.get((axis, key)))
        lines.setdefault(axis, []).append(row)
    return Figure(
        code=entry["code"],
        heading=str(entry["rubrique"]),
        label=entry["libelle"],
        unit=entry["unite"],
        now=_of_its_day(_cell(entry), entry.get("arrete", as_of), as_of),
        before=_cell(last) if last else None,
        completeness=entry["renseignement"],
        breakdowns=tuple(Breakdown(axis=axis, rows=tuple(rows)) for axis, rows in lines.items()),
    )
