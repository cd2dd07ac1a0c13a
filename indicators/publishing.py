"""What of a year's figures may be read outside the school: kept as publications, each compared with those before (P-20 to P-22)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import audit
from core.school_year import SchoolYear
from indicators import rules
from indicators.definitions import YearData
from indicators.definitions.year_data.rows import ContributionRow
from indicators.models import Publication, SecrecySettings
from indicators.rules import secrecy_history
from indicators.rules.secrecy import LEAST, Thresholds
from indicators.rules.secrecy_firms import BEFORE, Volumes
from partners.enums import ContributionNature
from schools.models import School

Weights = defaultdict[str, Decimal]


def thresholds_of(school: School) -> Thresholds:
    """Those of P-20 and P-21, raised where the school asked."""
    own = SecrecySettings.objects.in_school(school).first()
    if own is None:
        return LEAST
    return Thresholds(**{name: max(least, getattr(own, name, least)) for name, least in asdict(LEAST).items()})


def volumes_of(data: YearData) -> Volumes:
    """What each company weighs in the amounts and in the offers (P-21), from rows already chosen."""
    found: defaultdict[str, Weights] = defaultdict(lambda: defaultdict(Decimal))
    amounts = {
        "I5.9": data.received(ContributionNature.TAXE),
        "I5.12.numeraire": data.received(ContributionNature.GIFT_MONEY),
        "I5.12.nature": data.received(ContributionNature.GIFT_KIND),
        "I5.9.promis": [
            row
            for row in data.contributions
            if row.nature == ContributionNature.TAXE
            and row.campaign == data.campaign
            and (row.received is None or row.received > data.bounds.today)
        ],
        BEFORE: _last_campaign(data),
    }
    for place, rows in amounts.items():
        for row in rows:
            found[place][str(row.partner)] += row.amount
    for row in amounts["I5.9"]:
        if row.amount > 0:
            found["I5.11"][str(row.partner)] = Decimal(1)
    for offer in data.job_offers.values():
        for suffix in ("", f"|type_offre|{offer.type}", f"|secteur|{data.sector(offer.partner)}"):
            found[f"I5.6.offres{suffix}"][str(offer.partner)] += 1
            found[f"I5.6.postes{suffix}"][str(offer.partner)] += offer.positions
    return found


def _last_campaign(data: YearData) -> list[ContributionRow]:
    """What I5.10 compares with: the campaign before, at the same day while this one is open (A-90)."""
    today = data.bounds.today
    closing = data.campaigns.get(data.campaign)
    is_open = closing is None or closing > today
    by = rules.one_year_before(today) if is_open else today
    return data.received(ContributionNature.TAXE, campaign=data.campaign - 1, by=by)


def latest(school: School, year: SchoolYear) -> Publication | None:
    """What may be read outside of a year; None when its figures were never computed."""
    return Publication.objects.in_school(school).filter(year=year.code).order_by("-pk").first()


def publish(
    data: YearData, figures: Mapping[str, Any], *, by: User | None = None, on_paper: bool = False
) -> Publication:
    """Keep what may be read outside of these figures, after what already was: the latest publication and those shared.

    The same publication again when nothing that may be read moved. Publications that no share refers to and no issued paper
    tells (`on_paper`) are forgotten when another follows.
    """
    school = data.school
    kept = list(Publication.objects.in_school(school).filter(year=data.year.code).order_by("-pk"))
    earlier = [{"figures": row.figures, **row.behind} for row in kept]
    told = secrecy_history.settle(figures, earlier, volumes=volumes_of(data), least=thresholds_of(school))
    behind = {name: told[name] for name in ("counts", "volumes", "days")}
    if kept and kept[0].figures == told["figures"]:
        if on_paper:
            keep_for_paper(kept[0])
        return kept[0]
    fresh = Publication.objects.create(
        school=school,
        year=data.year.code,
        as_of=data.as_of,
        figures=told["figures"],
        behind=behind,
        is_on_paper=on_paper,
        created_by=by,
        updated_by=by,
    )
    audit.record("indicators.published", fresh, by=by, year=data.year.code, as_of=data.as_of.isoformat())
    old = Publication.objects.in_school(school).filter(year=data.year.code, shares=None, is_on_paper=False)
    old.exclude(pk=fresh.pk).delete()
    return fresh


def keep_for_paper(publication: Publication) -> None:
    """An issued paper rests on it from now on."""
    Publication.objects.in_school(publication.school_id).filter(pk=publication.pk).update(is_on_paper=True)
