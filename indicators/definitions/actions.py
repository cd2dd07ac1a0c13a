"""Heading 3: actions led with partners."""

from decimal import Decimal
from fractions import Fraction

from events.enums import ActionStatus
from indicators import rules
from indicators.definitions.register import (
    Cell,
    Figure,
    count,
    divided,
    grouped,
    grouped_once,
    indicator,
    ratio,
    stated,
    summed,
    without,
)
from indicators.definitions.year_data import YearData
from indicators.enums import FigureStatus

NO_ACTION = "Aucune action n’est réalisée dans l’année."
NO_HOURS = "Aucune action réalisée n’a de durée renseignée."
TOO_SHORT = "La période compte moins d’un mois."


@indicator(
    "I3.1",
    rows="events.Action",
    definition="Actions réalisées dont le premier jour est dans l’année, jusqu’à la date d’arrêté. Une action de plusieurs partenaires "
    "compte une fois. Les actions prévues et annulées ne comptent pas.",
)
def done(data: YearData) -> Figure:
    """I3.1, I3.2, C-13, A-09, A-28."""
    rows = data.actions.values()
    return count(
        list(data.actions),
        type_action=grouped((row.type, row.pk) for row in rows),
        initiative=grouped((row.initiative, row.pk) for row in rows),
        mois=grouped((f"{row.start:%Y-%m}", row.pk) for row in rows),
        evenement_national=grouped((event, row.pk) for row in rows if (event := row.national_event.strip())),
    )


def _timed(data: YearData) -> dict[int, Decimal]:
    """Hours of the actions that say theirs; zero hours is said (A-72)."""
    return {row.pk: row.hours for row in data.actions.values() if row.hours is not None}


def _hours(data: YearData, cell: Cell, **axes: dict[str, Cell]) -> Figure:
    known = Fraction(len(_timed(data)), len(data.actions)) if data.actions else None
    return Figure(cell, known, axes)


@indicator(
    "I3.3.total",
    rows="events.Action",
    definition="Somme des durées en heures des actions réalisées qui en ont une. Une durée vide n’est jamais estimée ni comptée pour zéro.",
)
def hours_total(data: YearData) -> Figure:
    """I3.3, A-25, A-72."""
    timed = _timed(data)
    if not timed:
        return _hours(data, without(NO_HOURS if data.actions else NO_ACTION))
    by_type = grouped((data.actions[pk].type, pk) for pk in timed)
    cells = {key: stated(sum(timed[pk] for pk in pks), pks) for key, pks in by_type.items()}
    return _hours(data, stated(sum(timed.values()), list(timed)), type_action=cells)


@indicator(
    "I3.3.moyenne",
    rows="events.Action",
    definition="Durée moyenne en heures des actions réalisées qui ont une durée renseignée.",
)
def hours_mean(data: YearData) -> Figure:
    """I3.3, A-72."""
    timed = _timed(data)
    if not timed:
        return _hours(data, without(NO_HOURS if data.actions else NO_ACTION))
    return _hours(data, stated(Fraction(sum(timed.values())) / len(timed), list(timed)))


@indicator(
    "I3.3.mediane",
    rows="events.Action",
    definition="Durée médiane en heures des actions réalisées qui ont une durée renseignée : la moitié dure moins, la moitié plus.",
)
def hours_median(data: YearData) -> Figure:
    """I3.3, A-31, A-72."""
    timed = _timed(data)
    if not timed:
        return _hours(data, without(NO_HOURS if data.actions else NO_ACTION))
    return _hours(data, stated(rules.median([Fraction(hours) for hours in timed.values()]), list(timed)))


@indicator(
    "I3.4",
    rows="events.Action",
    definition="Somme des jours du premier au dernier jour de chaque action réalisée. Sans date de fin, une action dure un jour. Les jours "
    "ne se convertissent pas en heures.",
)
def span(data: YearData) -> Figure:
    """I3.4, A-09: the whole action, even beyond the date of the figures."""
    days = sum(((row.end or row.start) - row.start).days + 1 for row in data.actions.values())
    return Figure(summed(days, list(data.actions)))


@indicator(
    "I3.5",
    rows="events.Action",
    definition="Actions réalisées par mois écoulé depuis le début de l’année scolaire (12 mois pour une année complète). Avant un mois "
    "écoulé, la fréquence ne se calcule pas.",
)
def frequency(data: YearData) -> Figure:
    """I3.5, A-20, A-70."""
    months = data.bounds.months
    if months is None:
        return Figure(without(TOO_SHORT))
    actions = list(data.actions)
    return Figure(Cell(FigureStatus.COMPUTED, len(actions) / months, len(actions), numerator=actions))


@indicator(
    "I3.5.mois_actifs",
    rows="events.Action",
    definition="Part des mois entamés de l’année scolaire qui ont au moins une action réalisée.",
)
def active_months(data: YearData) -> Figure:
    """I3.5, A-70, A-71."""
    if data.bounds.months is None:
        return Figure(without(TOO_SHORT))
    months = {(row.start.year, row.start.month) for row in data.actions.values()}
    return Figure(divided(len(months), data.bounds.calendar_months, "", list(data.actions)))


@indicator(
    "I3.7",
    rows="events.Action",
    definition="Actions réalisées sur actions réalisées ou annulées, dont le premier jour est dans l’année. Les actions encore prévues ne "
    "comptent pas.",
)
def completion(data: YearData) -> Figure:
    """I3.7."""
    settled = [row.pk for row in data.all_actions if row.status in (ActionStatus.DONE, ActionStatus.CANCELLED)]
    return ratio(list(data.actions), settled, "Aucune action n’est réalisée ni annulée dans l’année.")


@indicator(
    "I3.8",
    rows="partners.Partner",
    definition="Partenaires distincts qui portent au moins une action réalisée dans l’année, quel que soit leur statut.",
)
def engaged_partners(data: YearData) -> Figure:
    """I3.8, A-73."""
    partners = {partner for action in data.actions for partner in data.carriers.get(action, ())}
    by = grouped_once
    return count(
        partners,
        type_partenaire=by((data.partner_type(pk), pk) for pk in partners),
        secteur=by((data.sector(pk), pk) for pk in partners),
    )
