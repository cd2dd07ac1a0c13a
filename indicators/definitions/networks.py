"""Heading 2: networks, and partners with an agreement."""

from indicators.definitions.register import Figure, count, grouped, indicator, ratio
from indicators.definitions.year_data import YearData

NO_NETWORK = "Le lycée n’est partie prenante d’aucun réseau à la date d’arrêté."


@indicator(
    "I2.1",
    rows="conventions.Network",
    definition="Part des réseaux formalisés (convention, charte ou label signé à la date d’arrêté) parmi les réseaux dont le lycée "
    "est partie prenante à cette date.",
)
def formalised(data: YearData) -> Figure:
    """I2.1: a date without a described act is formalised, and listed as an anomaly."""
    rows = data.joined_networks
    done = [row.pk for row in rows if row.formalised is not None and row.formalised <= data.as_of]
    return ratio(done, [row.pk for row in rows], NO_NETWORK)


@indicator(
    "I2.2",
    rows="conventions.Network",
    definition="Réseaux dont le lycée est partie prenante à la date d’arrêté. Un réseau compte une fois, quel que soit le nombre de "
    "ses membres.",
)
def joined(data: YearData) -> Figure:
    """I2.2."""
    rows = data.joined_networks
    return count([row.pk for row in rows], type_reseau=grouped((row.type, row.pk) for row in rows))


@indicator(
    "I2.3",
    rows="conventions.Network",
    definition="Part des réseaux du lycée qu’au moins une action réalisée dans l’année, de tout type, désigne.",
)
def active(data: YearData) -> Figure:
    """I2.3, A-59: 0 of d is a rate."""
    cited = {action.network for action in data.actions.values()}
    rows = [row.pk for row in data.joined_networks]
    return ratio([pk for pk in rows if pk in cited], rows, NO_NETWORK)


@indicator(
    "I2.4",
    rows="partners.Partner",
    definition="Part des partenaires actifs qui ont une convention en vigueur à la date d’arrêté. Un partenaire est actif s’il n’est ni "
    "archivé ni à démarcher, et si l’année garde une trace de lui : convention en vigueur, action réalisée, placement, échange, "
    "offre, versement ou don.",
)
def agreed(data: YearData) -> Figure:
    """I2.4, C-15, A-40, A-41, A-60."""
    return ratio(
        data.active_partners & data.agreed_partners, data.active_partners, "Aucun partenaire n’est actif dans l’année."
    )
