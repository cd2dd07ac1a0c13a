"""Figures that stand: each night's, and those of closed years, sealed for good (P-04).

A year is closed once its last day and the months that the taxe d'apprentissage still moves are over (`rules.sealed_from`).
Its figures are then kept with n, d, the version of the formulas and a fingerprint of their canonical JSON. Pages and reports of
that year read the seal: rows that change or are purged afterwards change nothing of it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from core import audit, jobs
from core.school_year import SchoolYear
from indicators import figures, publishing, rules
from indicators.definitions import YearData
from indicators.models import Snapshot, YearSeal
from schools.models import School, SchoolClass

NIGHTLY = "the nightly sealing of closed years, school by school"


class NotClosed(ValueError):
    """A year was to be sealed before it is closed."""


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write figures down: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical writing, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def is_intact(seal: YearSeal, uai: str) -> bool:
    """True when the figures are those that were sealed, of this school, year, day and version."""
    said = seal.figures
    return fingerprint(said) == seal.sha256 and (
        said.get("etablissement"), said.get("annee"), said.get("arrete"), said.get("definitions")
    ) == (uai, seal.year, seal.as_of.isoformat(), seal.definitions)  # fmt: skip


def seal(school: School, year: SchoolYear, today: date, *, by: User | None = None) -> YearSeal:
    """Seal the figures of a closed year; the seal that stands when there is one already. Raises NotClosed too early.

    Safe to run twice at once: the first to write wins, nothing is ever replaced. What of them may be read outside is published.
    """
    opens = rules.sealed_from(year)
    if today < opens:
        raise NotClosed(f"L’année {year.code} se scelle à partir du {opens:%d/%m/%Y}, une fois la taxe reçue.")
    standing = YearSeal.objects.in_school(school).filter(year=year.code).first()
    if standing is not None:
        return standing
    data = YearData(school, year, today)
    found = figures.of(data)
    # As it will be read back: what is fingerprinted is what JSON keeps.
    content = json.loads(json.dumps(found.as_json()))
    with jobs.closing(jobs.Result(f"Chiffres {year.code} scellés.")):
        made, is_new = YearSeal.objects.get_or_create(
            school=school,
            year=year.code,
            defaults={
                "as_of": found.as_of,
                "definitions": content["definitions"],
                "figures": content,
                "sha256": fingerprint(content),
                "sealed_at": timezone.now(),
                "created_by": by,
                "updated_by": by,
            },
        )
        if is_new:
            audit.record("indicators.year_sealed", made, by=by, year=year.code, sha256=made.sha256)
            publishing.publish(data, content, by=by)
    return made


def to_seal(today: date) -> dict[int, list[SchoolYear]]:
    """By school, the closed years in which it had classes and that nobody sealed, in two queries."""
    lived = SchoolClass.objects.across_schools(why=NIGHTLY).order_by("school_id", "year")
    sealed = set(YearSeal.objects.across_schools(why=NIGHTLY).values_list("school_id", "year"))
    found: dict[int, list[SchoolYear]] = {}
    for school_id, code in lived.values_list("school_id", "year").distinct():
        year = SchoolYear.parse(code)
        if (school_id, code) not in sealed and today >= rules.sealed_from(year):
            found.setdefault(school_id, []).append(year)
    return found


# ------------------------------------------------------------------------------------------------ reading what stands


@dataclass(frozen=True)
class Standing:
    """The figures of a year as pages and reports read them: sealed, or those last kept."""

    year: str
    as_of: date
    computed_at: datetime
    figures: dict[str, Any]
    seal: YearSeal | None = None

    @property
    def definitions(self) -> str:
        return str(self.figures["definitions"])


def standing(school: School, year: SchoolYear, *, up_to: date | None = None) -> Standing | None:
    """The seal of a year, else its last snapshot; with `up_to`, the last one dated that day at the latest."""
    kept = Snapshot.objects.in_school(school).filter(year=year.code)
    if up_to is not None:
        kept = kept.filter(as_of__lte=up_to)
    if up_to is None or up_to >= year.end:  # seals are of whole years
        one = YearSeal.objects.in_school(school).filter(year=year.code).first()
        if one is not None:
            return _sealed(one)
    last = kept.order_by("-as_of").first()
    return _kept(last) if last else None


def standing_years(school: School, years: Iterable[SchoolYear]) -> dict[str, Standing]:
    """What stands of several years, in two queries."""
    codes = [year.code for year in years]
    found = {one.year: _sealed(one) for one in YearSeal.objects.in_school(school).filter(year__in=codes)}
    latest = (
        Snapshot.objects.in_school(school)
        .filter(year=OuterRef("year"))
        .order_by()
        .values("year")
        .annotate(last=Max("as_of"))
        .values("last")
    )
    kept = Snapshot.objects.in_school(school).filter(year__in=[code for code in codes if code not in found])
    return found | {one.year: _kept(one) for one in kept.filter(as_of=Subquery(latest))}


def _sealed(one: YearSeal) -> Standing:
    return Standing(one.year, one.as_of, one.sealed_at, one.figures, one)


def _kept(one: Snapshot) -> Standing:
    return Standing(one.year, one.as_of, one.computed_at, one.figures)
