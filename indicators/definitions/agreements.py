"""Heading 1: partnership agreements."""

from datetime import timedelta

from conventions import chains
from indicators.definitions.register import Figure, count, grouped, indicator, ratio
from indicators.definitions.year_data import AgreementRow, YearData
from partners.enums import PartnerType

NO_AGREEMENT = "Aucune convention de partenariat n’est en vigueur à la date d’arrêté."
SOON_DAYS = 90
ONE_DAY = timedelta(days=1)


@indicator(
    "I1.1",
    rows="conventions.Agreement",
    definition="Conventions de partenariat du lycée signées et en vigueur à la date d’arrêté. Plusieurs conventions avec un "
    "même partenaire comptent chacune. Une convention non signée est un projet : elle ne compte pas. Une convention nationale "
    "ou académique n’est jamais comptée ici.",
)
def in_force(data: YearData) -> Figure:
    """I1.1, A-50."""
    rows = data.agreements_in_force
    return count(
        [row.pk for row in rows],
        type_partenaire=grouped((data.partner_type(row.partner), row.pk) for row in rows),
        secteur=grouped((data.sector(row.partner), row.pk) for row in rows),
    )


@indicator(
    "I1.2",
    rows="conventions.Agreement",
    definition="Parmi les conventions en vigueur, celles dont le partenaire est un établissement de formation. Les campus des "
    "métiers n’en font pas partie : ce sont des réseaux (rubrique 2).",
)
def with_training_schools(data: YearData) -> Figure:
    """I1.2, A-35: n is the number the sheet asks for, the value its share."""
    rows = data.agreements_in_force
    schools = [row.pk for row in rows if data.partner_type(row.partner) == PartnerType.TRAINING_SCHOOL]
    return ratio(schools, [row.pk for row in rows], NO_AGREEMENT)


@indicator(
    "I1.3",
    rows="conventions.Agreement",
    definition="Conventions de partenariat du lycée en vigueur au moins un jour entre le début de l’année scolaire et la date "
    "d’arrêté.",
)
def held_in_year(data: YearData) -> Figure:
    """I1.3, A-55."""
    return count([row.pk for row in data.held_between(data.start, data.as_of)])


@indicator(
    "I1.4.signees",
    rows="conventions.Agreement",
    definition="Conventions de partenariat du lycée dont la date de signature est dans l’année, quel que soit leur sort ensuite.",
)
def signed(data: YearData) -> Figure:
    """I1.4, A-53."""
    return count([row.pk for row in data.local_agreements if data.bounds.hold(row.signed)])


def _is_signed(row: AgreementRow, data: YearData) -> bool:
    return row.signed is not None and row.signed <= data.as_of


@indicator(
    "I1.4.echues",
    rows="conventions.Agreement",
    definition="Conventions signées, sans tacite reconduction, arrivées à leur terme dans l’année sans avoir été résiliées avant.",
)
def expired(data: YearData) -> Figure:
    """I1.4, A-51: the day after the last one is in the period."""
    return count(
        [
            row.pk
            for row in data.local_agreements
            if _is_signed(row, data)
            and row.end is not None
            and not row.tacit
            and data.start <= row.end + ONE_DAY <= data.as_of
            and not (row.terminated and row.terminated <= row.end)
        ]
    )


@indicator(
    "I1.4.resiliees",
    rows="conventions.Agreement",
    definition="Conventions signées et résiliées dans l’année, avant leur terme. Une convention n’est jamais à la fois échue "
    "et résiliée.",
)
def terminated(data: YearData) -> Figure:
    """I1.4, A-52."""
    return count(
        [
            row.pk
            for row in data.local_agreements
            if _is_signed(row, data)
            and row.terminated is not None
            and data.bounds.hold(row.terminated)
            and (row.tacit or row.end is None or row.terminated <= row.end)
        ]
    )


@indicator(
    "I1.4.a_echeance",
    rows="conventions.Agreement",
    definition="Conventions en vigueur, sans tacite reconduction, dont le terme est dans les 90 jours qui suivent la date "
    "d’arrêté : leur renouvellement est à préparer.",
)
def ending_soon(data: YearData) -> Figure:
    """I1.4, A-54."""
    return count(
        [
            row.pk
            for row in data.agreements_in_force
            if row.end is not None and not row.tacit and 0 <= (row.end - data.as_of).days <= SOON_DAYS
        ]
    )


@indicator(
    "I1.5",
    rows="partners.Partner",
    definition="Partenaires distincts qui ont au moins une convention en vigueur à la date d’arrêté.",
)
def agreed_partners(data: YearData) -> Figure:
    """I1.5."""
    return count(data.agreed_partners)


def _declined(data: YearData) -> dict[int, list[int]]:
    """Agreements in force that come from a frame, with the frames of their chain (A-56)."""
    return chains.declined(data.agreements_in_force, data.agreements)


@indicator(
    "I1.6.declinaisons",
    rows="conventions.Agreement",
    definition="Conventions du lycée en vigueur qui déclinent, directement ou par étapes, une convention nationale, de région "
    "académique ou académique.",
)
def declined(data: YearData) -> Figure:
    """I1.6, A-56."""
    return count(list(_declined(data)))


@indicator(
    "I1.6.cadres",
    rows="conventions.Agreement",
    definition="Cadres nationaux, de région académique ou académiques distincts que le lycée mobilise : ceux que ses "
    "conventions en vigueur déclinent, et ceux qu’au moins une action réalisée dans l’année cite.",
)
def frames(data: YearData) -> Figure:
    """I1.6, A-57: every ancestor of the declined ones, and the frames cited themselves, without theirs."""
    cited = {action.agreement for action in data.actions.values() if action.agreement}
    return count(chains.mobilised(_declined(data), cited, data.agreements))


@indicator(
    "I1.7",
    rows="conventions.Agreement",
    definition="Part des conventions en vigueur qui vivent : dans l’année, au moins une action réalisée les cite (ou, si l’action ne "
    "cite aucune convention, leur partenaire la porte), ou au moins un échange a eu lieu avec leur partenaire.",
)
def alive(data: YearData) -> Figure:
    """I1.7, A-58: an action that cites another agreement proves nothing through its partner."""
    cited = {action.agreement for action in data.actions.values()}
    carried = {
        partner
        for pk, action in data.actions.items()
        if action.agreement is None
        for partner in data.carriers.get(pk, ())
    }
    talked = {interaction.partner for interaction in data.interactions}
    rows = data.agreements_in_force
    living = [row.pk for row in rows if row.pk in cited or row.partner in carried or row.partner in talked]
    return ratio(living, [row.pk for row in rows], NO_AGREEMENT)
