"""Dates and durations: period, overlap, length of a bac pro period, hours at the same host."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from core import typography
from pfmp.rules import hours, wording
from pfmp.rules.facts import Facts, PlacementFacts
from pfmp.rules.parameters import Confidence, Parameters, parameters_on
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked
from pfmp.rules.timetable import UnreadableTimetable

PUBLIC_BODIES = frozenset({"administration", "collectivite"})
BAC_PRO_LEVELS = frozenset({"2nde_pro", "1re_pro", "tle_pro"})


@rule(
    "R-PERIODE-01",
    "Dates dans la période de la classe",
    Level.WARNING,
    source="calendrier des PFMP de l’établissement",
    confidence=Confidence.VERIFIED,
)
def outside_period(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-PERIODE-01: a date outside the period of the class, bounds allowed.

    Source: G-30; catching up, postponing and prolonging are legitimate (R-ABS-02, R-INTERR-01). Confidence: verified.
    """
    placement, period = facts.placement, facts.placement.period
    if period.start <= placement.start and placement.end <= period.end:
        return
    name = f" « {period.label} »" if period.label else ""
    yield Problem(
        "R-PERIODE-01",
        Level.WARNING,
        wording.sentence(
            f"placement {wording.span(placement.start, placement.end)}, période{name} de la classe "
            f"{wording.span(period.start, period.end)} : corrigez les dates, ou indiquez le motif (rattrapage, report, "
            "prolongation)."
        ),
    )


@rule(
    "R-CHEVAUCHE-01",
    "Un seul placement à la fois pour un élève",
    Level.WARNING,
    source="cohérence des placements de l’élève",
    confidence=Confidence.VERIFIED,
)
def overlapping_placements(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-CHEVAUCHE-01: another placement of the student, not cancelled, has a day in common, whatever its period or year.

    Source: G-31. Confidence: verified.
    """
    others = sorted(filter(facts.placement.overlaps, facts.of_student), key=lambda one: (one.start, one.last_day))
    if not others:
        return
    first = others[0]
    more = wording.and_more(len(others) - 1, "autre placement", "autres placements")
    yield Problem(
        "R-CHEVAUCHE-01",
        Level.WARNING,
        wording.sentence(
            f"l’élève a déjà un placement{_at(first)} {wording.span(first.start, first.last_day)}{more} : corrigez les "
            "dates, annulez l’un des placements, ou indiquez le motif."
        ),
    )


@rule(
    "R-DUREE-08",
    "Période de baccalauréat professionnel d’au moins trois semaines",
    Level.WARNING,
    source="note de service n° 2019-023 ; arrêtés de spécialité",
    confidence=Confidence.SECOND_HAND,
)
def short_bac_pro_period(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-DUREE-08: the period of a bac pro class touches fewer than three civil weeks.

    Source: note de service 2019-023 (not read), specialty orders; G-32. Confidence: second hand.
    """
    period = facts.placement.period
    if period.level not in BAC_PRO_LEVELS:
        return
    weeks = (hours.monday_of(period.end) - hours.monday_of(period.start)).days // 7 + 1
    if weeks >= parameters.bac_pro_period_weeks:
        return
    yield Problem(
        "R-DUREE-08",
        Level.WARNING,
        wording.sentence(
            f"la période de la classe, {wording.span(period.start, period.end)}, touche {weeks} "
            f"semaine{'s' if weeks > 1 else ''} : au moins {parameters.bac_pro_period_weeks} semaines par période en "
            "baccalauréat professionnel. Corrigez la période de la classe, ou indiquez le motif."
        ),
    )


@rule(
    "R-DUREE-20",
    "Six mois au plus dans le même organisme par année",
    Level.BLOCKING,
    source="code de l’éducation, L124-5 et D124-6",
    confidence=Confidence.VERIFIED_2015,
)
def too_long_at_host(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-DUREE-20: more than 924 h of presence of the student at the same organisation in the school year.

    Source: code de l'éducation L124-5, D124-6; G-13 to G-15, G-42. Confidence: verified in the code of 2015.
    """
    limit = parameters.same_host_minutes
    yield from _cumulated(
        facts,
        "R-DUREE-20",
        Level.BLOCKING,
        limit,
        lambda: (
            f"au plus {typography.hours(limit)} (six mois) dans le même organisme. Réduisez les dates ou les horaires, ou "
            "choisissez un autre organisme pour une partie de l’année."
        ),
    )


@rule(
    "R-GRAT-01",
    "Gratification obligatoire au-delà de deux mois",
    Level.WARNING,
    Level.INFORMATION,
    source="code de l’éducation, L124-6 et D124-8 ; convention-type, art. 7",
    confidence=Confidence.VERIFIED,
)
def gratuity_due(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-GRAT-01: more than 308 h of presence at the same organisation in the school year: the gratuity is due.

    From the first hour, at the minimum of each civil year (R-GRAT-02). When the annexes already carry at least that amount,
    it is said for information. A sequence of observation is never paid (R-OBS-02).
    Source: code de l'éducation L124-6, D124-8; convention-type art. 7; G-13 to G-15, G-42. Confidence: verified.
    """
    placement = facts.placement
    if placement.period.is_observation:
        return
    limit = parameters.gratuity_minutes
    terms = placement.terms
    is_paid = terms is not None and terms.gratuity_cents is not None and terms.gratuity_cents >= _rate(placement)

    def consequence() -> str:
        due = typography.number(gratuity_cents(facts.same_host_and_year) / 100, 2)
        remedy = "Inscrivez-la à l’annexe financière avec l’accord de l’organisme, ou réduisez la durée."
        if is_paid:
            remedy = "Celle qui est inscrite à l’annexe financière y suffit."
        return (
            f"au-delà de {typography.hours(limit)} (44 jours de 7 h), la gratification est obligatoire dès la première "
            f"heure, au moins {due} € pour ces heures. {remedy}"
        )

    yield from _cumulated(facts, "R-GRAT-01", Level.INFORMATION if is_paid else Level.WARNING, limit, consequence)


def gratuity_cents(placements: Iterable[PlacementFacts]) -> Decimal:
    """The least gratuity for the hours known of these placements, in cents: each hour at the rate of its civil year.

    Source: code de l'éducation L124-6; R-GRAT-02. Holidays are left out (G-13); a placement without hours adds nothing.
    """
    return sum((_gratuity(one) for one in placements), Decimal(0))


def _gratuity(placement: PlacementFacts) -> Decimal:
    if isinstance(placement.timetable, UnreadableTimetable):
        return Decimal(0)
    total = Decimal(0)
    for year in range(placement.start.year, placement.last_day.year + 1):
        first, last = max(placement.start, date(year, 1, 1)), min(placement.last_day, date(year, 12, 31))
        minutes = hours.counted_minutes(placement.timetable, first, last, alsace_moselle=placement.host.alsace_moselle)
        if minutes:
            total += Decimal(minutes * parameters_on(first).gratuity_hourly_cents) / 60
    return total


def _rate(placement: PlacementFacts) -> int:
    """The hourly minimum, in cents, of the latest year that the placement touches."""
    return parameters_on(placement.last_day).gratuity_hourly_cents


@rule(
    "R-GRAT-02",
    "Montant minimal de la gratification",
    Level.WARNING,
    source="code de l’éducation, L124-6 : 15 % du plafond horaire de la sécurité sociale",
    confidence=Confidence.SECOND_HAND,
)
def gratuity_too_low(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-GRAT-02: the gratuity is due (R-GRAT-01) and the one in the annexes is under the hourly minimum of the year.

    Source: code de l'éducation L124-6. Confidence: second hand for the amounts.
    """
    placement = facts.placement
    if placement.period.is_observation or placement.terms is None or placement.terms.gratuity_cents is None:
        return
    known = sum(one.counted_minutes or 0 for one in facts.same_host_and_year)
    if known > parameters.gratuity_minutes and placement.terms.gratuity_cents < _rate(placement):
        yield Problem(
            "R-GRAT-02",
            Level.WARNING,
            wording.sentence(
                f"gratification de {typography.number(placement.terms.gratuity_cents / 100, 2)} € par heure, au moins "
                f"{typography.number(Decimal(_rate(placement)) / 100, 2)} € par heure. Corrigez l’annexe financière avec "
                "l’organisme."
            ),
        )


@rule(
    "R-GRAT-04",
    "Gratification dans un organisme public",
    Level.INFORMATION,
    source="code de l’éducation, D124-8",
    confidence=Confidence.VERIFIED_2015,
)
def gratuity_of_public_body(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-GRAT-04: a public body adds no pay to the gratuity and does not pass the legal rate.

    Said when the annexes carry a gratuity. Source: code de l'éducation D124-8. Confidence: code of 2015.
    """
    terms = facts.placement.terms
    if terms is not None and terms.gratuity_cents and facts.placement.host.type in PUBLIC_BODIES:
        yield Problem(
            "R-GRAT-04",
            Level.INFORMATION,
            wording.sentence(
                "dans un organisme public, la gratification ne se cumule pas avec une rémunération du même organisme et "
                f"s’arrête au taux légal ({typography.number(Decimal(_rate(facts.placement)) / 100, 2)} € par heure)."
            ),
        )


def _cumulated(
    facts: Facts, rule_id: str, level: Level, limit: int, consequence: Callable[[], str]
) -> Iterator[Finding]:
    """Judge the hours added up at one host over a year: what is known may be enough to say the limit is passed (G-03),
    and the dates may be enough to say that it cannot be (G-42)."""
    placements = facts.same_host_and_year
    known = sum(one.counted_minutes or 0 for one in placements)
    unknown = [one for one in placements if isinstance(one.timetable, UnreadableTimetable)]
    if known > limit:
        several = f" sur {len(placements)} placements" if len(placements) > 1 else ""
        at_least = "au moins " if unknown else ""
        yield Problem(
            rule_id,
            level,
            wording.sentence(
                f"{at_least}{typography.hours(known)} de présence{_at(facts.placement)} en "
                f"{facts.placement.period.year}{several} : {consequence()}"
            ),
        )
    elif known + sum(one.longest_possible_minutes for one in unknown) > limit:
        own = facts.placement.timetable
        missing = own.missing if isinstance(own, UnreadableTimetable) else "horaires d’un autre placement"
        yield Unchecked(rule_id, missing)


def _at(placement: PlacementFacts) -> str:
    return f" chez {placement.host.name}" if placement.host.name else " dans le même organisme"
