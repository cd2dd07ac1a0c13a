"""Heading 5: places for the PFMP, job offers, taxe d'apprentissage."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from indicators import rules
from indicators.definitions.register import (
    Cell,
    Figure,
    Split,
    count,
    counted,
    divided,
    grouped,
    grouped_once,
    indicator,
    ratio,
    stated,
    summed,
    without,
)
from indicators.definitions.year_data import Couple, YearData
from partners.enums import ContributionNature

NO_EXPECTED = "Aucun élève n’est attendu en PFMP dans l’année."


def _by_period(data: YearData, couples: Iterable[Couple]) -> dict[str, list[int]]:
    periods = data.periods
    return grouped((periods[couple.period].key, couple.student) for couple in couples)


def _by_class(data: YearData, couples: Iterable[Couple]) -> dict[str, list[int]]:
    periods = data.periods
    return grouped((periods[couple.period].code, couple.student) for couple in couples)


def _share(data: YearData, holds: Callable[[Couple], bool]) -> Figure:
    """Couples (pupil, period) for which something holds, over those expected, by period and class (A-44)."""
    found = [couple for couple in data.couples if holds(couple)]
    return ratio(
        [couple.student for couple in found],
        [couple.student for couple in data.couples],
        NO_EXPECTED,
        periode=Split(_by_period(data, found), _by_period(data, data.couples)),
        classe=Split(_by_class(data, found), _by_class(data, data.couples)),
    )


@indicator(
    "I5.1",
    rows="schools.Student",
    definition="Élèves attendus en PFMP qui ont au moins une place trouvée (confirmée, convention éditée ou signée, en cours, terminée ou "
    "interrompue), sur les élèves attendus. Le total additionne les périodes de l’année, à venir comprises : un élève compte une fois par "
    "période. Les élèves dispensés d’une période n’y sont pas attendus. Une piste ou un placement annulé n’est pas une solution.",
)
def solved(data: YearData) -> Figure:
    """I5.1, A-08, A-44, A-80, A-81, A-82."""
    return _share(data, lambda couple: couple.is_solved)


@indicator(
    "I5.2",
    rows="schools.Student",
    definition="Élèves attendus en PFMP dont la place est sécurisée : convention signée, placement en cours, terminé ou interrompu, sur les "
    "élèves attendus.",
)
def secured(data: YearData) -> Figure:
    """I5.2, A-44."""
    return _share(data, lambda couple: couple.is_secured)


@indicator(
    "I5.3",
    rows="schools.Student",
    definition="Élèves attendus en PFMP sans aucune place trouvée, toutes périodes de l’année additionnées.",
)
def unsolved(data: YearData) -> Figure:
    """I5.3, A-23, A-44: a period or a class with pupils expected shows its 0."""
    found = [couple for couple in data.couples if not couple.is_solved]
    return Figure(
        counted([couple.student for couple in found]),
        axes={
            "periode": _all_counted(_by_period(data, found), _by_period(data, data.couples)),
            "classe": _all_counted(_by_class(data, found), _by_class(data, data.couples)),
        },
    )


def _all_counted(found: dict[str, list[int]], expected: dict[str, list[int]]) -> dict[str, Cell]:
    return {key: counted(found.get(key, ())) for key in expected}


@indicator(
    "I5.4",
    rows="schools.Student",
    definition="Élèves attendus dont toutes les places d’une période non achevée sont interrompues à la date d’arrêté : ils sont à replacer. "
    "Ils restent comptés parmi les jeunes ayant une solution.",
)
def to_replace(data: YearData) -> Figure:
    """I5.4, A-23, A-83."""
    found = [couple for couple in data.couples if couple.is_to_replace]
    return Figure(
        counted([couple.student for couple in found]),
        axes={"periode": _all_counted(_by_period(data, found), _by_period(data, data.couples))},
    )


@indicator(
    "I5.5",
    rows="schools.Student",
    definition="Jours de placement des élèves attendus, bornés à la période, sur les jours de la période multipliés par les élèves attendus. "
    "Deux placements successifs s’additionnent, un chevauchement ne compte qu’une fois, un placement interrompu s’arrête le jour de "
    "l’interruption.",
)
def coverage(data: YearData) -> Figure:
    """I5.5, A-44, A-84: calendar days, ends included, days to come too."""
    covered: dict[str, int] = {}
    asked: dict[str, int] = {}
    students: dict[str, list[int]] = {}
    for couple in data.couples:
        period = data.periods[couple.period]
        covered[period.key] = covered.get(period.key, 0) + couple.days
        asked[period.key] = asked.get(period.key, 0) + (period.end - period.start).days + 1
        students.setdefault(period.key, []).append(couple.student)
    main = divided(
        sum(covered.values()),
        sum(asked.values()),
        NO_EXPECTED,
        [couple.student for couple in data.couples if couple.days],
        [couple.student for couple in data.couples],
    )
    cells = {key: divided(covered[key], asked[key], "", (), students[key]) for key in asked}
    return Figure(main, axes={"periode": cells})


# ---------------------------------------------------------------------------------------------- offers


@indicator(
    "I5.6.offres",
    rows="partners.Offer",
    definition="Offres d’emploi, d’apprentissage, de contrat de professionnalisation ou d’emploi saisonnier reçues d’entreprises dans l’année. "
    "Une offre retirée reste reçue. Les places de PFMP et de stage ne comptent pas ici.",
)
def offers(data: YearData) -> Figure:
    """I5.6, C-16, A-42."""
    rows = data.job_offers.values()
    return count(
        list(data.job_offers),
        type_offre=grouped((row.type, row.pk) for row in rows),
        secteur=grouped((data.sector(row.partner), row.pk) for row in rows),
    )


@indicator(
    "I5.6.postes",
    rows="partners.Offer",
    definition="Somme des postes des offres d’emploi reçues d’entreprises dans l’année.",
)
def positions(data: YearData) -> Figure:
    """I5.6, C-16, A-42."""
    rows = data.job_offers.values()

    def total(groups: dict[str, list[int]]) -> dict[str, Cell]:
        return {key: summed(sum(data.job_offers[pk].positions for pk in pks), pks) for key, pks in groups.items()}

    return Figure(
        summed(sum(row.positions for row in rows), list(data.job_offers)),
        axes={
            "type_offre": total(grouped((row.type, row.pk) for row in rows)),
            "secteur": total(grouped((data.sector(row.partner), row.pk) for row in rows)),
        },
    )


@indicator(
    "I5.7",
    rows="schools.Student",
    definition="Élèves distincts retenus ou embauchés, dans l’année, grâce à une offre d’emploi reçue d’une entreprise dans l’année. Une candidature "
    "n’est pas un bénéfice ; un élève retenu pour deux offres compte une fois.",
)
def hired(data: YearData) -> Figure:
    """I5.7, A-85."""
    rows = [row for row in data.benefits if data.bounds.hold(row.date)]
    return count(
        {row.student for row in rows},
        type_offre=grouped_once((data.job_offers[row.offer].type, row.student) for row in rows),
    )


@indicator(
    "I5.8",
    rows="partners.OfferBeneficiary",
    definition="Jeunes retenus, à toute date, sur les offres d’emploi reçues d’entreprises dans l’année, sur le nombre de postes de ces offres.",
)
def filled(data: YearData) -> Figure:
    """I5.8, A-86: by the date an offer came; more benefits than positions is an anomaly, not cut."""
    places = sum(row.positions for row in data.job_offers.values())
    rows = [row.pk for row in data.benefits]
    return Figure(divided(len(rows), places, "Aucun poste n’est offert par une entreprise dans l’année.", rows))


# ---------------------------------------------------------------------------------------------- taxe d'apprentissage


def _euros(rows: Iterable[tuple[int, Decimal]]) -> Figure:
    """A sum of amounts, 0 by default (A-88)."""
    pairs = list(rows)
    return Figure(stated(sum((amount for _, amount in pairs), Decimal(0)), [pk for pk, _ in pairs]))


@indicator(
    "I5.9",
    rows="partners.Contribution",
    definition="Somme du solde de la taxe d’apprentissage reçu pour la campagne de l’année (l’année civile où finit l’année scolaire), au jour "
    "demandé. Les dons ne s’y ajoutent jamais.",
)
def taxe(data: YearData) -> Figure:
    """I5.9, A-87, A-88, A-94."""
    return _euros((row.pk, row.amount) for row in data.received(ContributionNature.TAXE))


@indicator(
    "I5.9.promis",
    rows="partners.Contribution",
    definition="Somme du solde de la taxe d’apprentissage promis pour la campagne de l’année, et non reçu au jour demandé.",
)
def taxe_promised(data: YearData) -> Figure:
    """I5.9, A-87, A-88."""
    return _euros(
        (row.pk, row.amount)
        for row in data.contributions
        if row.nature == ContributionNature.TAXE
        and row.campaign == data.campaign
        and (row.received is None or row.received > data.bounds.today)
    )


def _compared(data: YearData) -> tuple[Decimal, Decimal] | Cell:
    """What two campaigns brought, this one and the one before, at comparable dates (A-89, A-90)."""
    for campaign in (data.campaign, data.campaign - 1):
        if not data.has_campaign(campaign):
            return without(f"La campagne {campaign} de taxe d’apprentissage n’est pas saisie.")
    today = data.bounds.today
    closing = data.campaigns.get(data.campaign)
    is_open = closing is None or closing > today
    before = rules.one_year_before(today) if is_open else today
    return (
        sum((row.amount for row in data.received(ContributionNature.TAXE)), Decimal(0)),
        sum(
            (row.amount for row in data.received(ContributionNature.TAXE, campaign=data.campaign - 1, by=before)),
            Decimal(0),
        ),
    )


@indicator(
    "I5.10",
    rows="partners.Contribution",
    definition="Évolution du solde de la taxe d’apprentissage reçu d’une campagne à la suivante. Tant que la campagne n’est pas close, la "
    "précédente est prise au même jour de l’année.",
)
def taxe_change(data: YearData) -> Figure:
    """I5.10, A-87, A-89, A-90."""
    compared = _compared(data)
    if isinstance(compared, Cell):
        return Figure(compared)
    now, before = compared
    if not before:
        return Figure(without(f"La campagne {data.campaign - 1} n’a rien rapporté à la date comparée."))
    return Figure(stated((Fraction(now) - Fraction(before)) / Fraction(before)))


@indicator(
    "I5.10.ecart",
    rows="partners.Contribution",
    definition="Différence en euros entre le solde de la taxe d’apprentissage reçu pour la campagne et pour la précédente, aux mêmes dates que "
    "l’évolution.",
)
def taxe_gap(data: YearData) -> Figure:
    """I5.10, A-89, A-90."""
    compared = _compared(data)
    return Figure(compared if isinstance(compared, Cell) else stated(compared[0] - compared[1]))


@indicator(
    "I5.11",
    rows="partners.Partner",
    definition="Partenaires distincts dont le lycée a reçu un solde de taxe d’apprentissage supérieur à zéro pour la campagne.",
)
def payers(data: YearData) -> Figure:
    """I5.11, A-91."""
    return count({row.partner for row in data.received(ContributionNature.TAXE) if row.amount > 0})


@indicator(
    "I5.12.numeraire",
    rows="partners.Contribution",
    definition="Somme des dons en argent reçus pour la campagne, à part de la taxe d’apprentissage.",
)
def gifts_money(data: YearData) -> Figure:
    """I5.12, A-92."""
    return _euros((row.pk, row.amount) for row in data.received(ContributionNature.GIFT_MONEY))


@indicator(
    "I5.12.nature",
    rows="partners.Contribution",
    definition="Valeur estimée des dons en nature reçus pour la campagne, à part de la taxe d’apprentissage.",
)
def gifts_kind(data: YearData) -> Figure:
    """I5.12, A-92."""
    return _euros((row.pk, row.amount) for row in data.received(ContributionNature.GIFT_KIND))


@indicator(
    "I5.13",
    rows="partners.Contribution",
    definition="Part des versements de taxe d’apprentissage reçus pour la campagne dont l’emploi est écrit, et peut être montré à l’employeur.",
)
def usage_shown(data: YearData) -> Figure:
    """I5.13, A-93."""
    rows = data.received(ContributionNature.TAXE)
    return ratio(
        [row.pk for row in rows if row.use.strip()],
        [row.pk for row in rows],
        "Aucun versement de taxe d’apprentissage n’est reçu pour la campagne.",
    )
