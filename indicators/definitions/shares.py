"""Heading 6: indicators shared with partners."""

from indicators.definitions.agreements import NO_AGREEMENT
from indicators.definitions.register import Figure, count, indicator, ratio, stated, without
from indicators.definitions.year_data import YearData


@indicator(
    "I6.1",
    rows="indicators.IndicatorShare",
    definition="Oui s’il existe au moins un partage d’indicateurs fait avant la date d’arrêté et non arrêté depuis, avec un partenaire ou avec "
    "tous. « Non » est une réponse.",
)
def exist(data: YearData) -> Figure:
    """I6.1, A-100."""
    return Figure(stated(bool(data.active_shares), [row.pk for row in data.active_shares]))


def _recipients(data: YearData) -> set[int]:
    """Partners named by a share that holds; a share with all names none (I6.2, A-102)."""
    return {row.partner for row in data.active_shares if row.partner is not None}


@indicator(
    "I6.2",
    rows="partners.Partner",
    definition="Partenaires distincts nommés par un partage d’indicateurs en cours. Un partage général, sans destinataire, ne compte pas ici.",
)
def recipients(data: YearData) -> Figure:
    """I6.2, A-102."""
    return count(_recipients(data))


@indicator(
    "I6.3",
    rows="partners.Partner",
    definition="Part des partenaires conventionnés à la date d’arrêté qui sont nommés par un partage d’indicateurs en cours.",
)
def agreed_recipients(data: YearData) -> Figure:
    """I6.3, A-102."""
    return ratio(_recipients(data) & data.agreed_partners, data.agreed_partners, NO_AGREEMENT)


@indicator(
    "I6.4",
    rows="indicators.IndicatorShare",
    definition="Date du dernier partage d’indicateurs en cours à la date d’arrêté.",
)
def latest(data: YearData) -> Figure:
    """I6.4, A-101."""
    if not data.active_shares:
        return Figure(without("Aucun partage d’indicateurs n’est en cours."))
    last = max(row.shared for row in data.active_shares)
    return Figure(stated(last, [row.pk for row in data.active_shares if row.shared == last]))
