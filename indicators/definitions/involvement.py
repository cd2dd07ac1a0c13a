"""Heading 7: how far partners take part, by sector."""

from collections.abc import Iterable

from events.enums import ActionStatus, InvitationReply
from indicators.definitions.actions import NO_ACTION
from indicators.definitions.register import Figure, Split, fraction, grouped, grouped_once, indicator, ratio
from indicators.definitions.year_data import InvitationRow, YearData
from partners.enums import Initiative


def _invited(data: YearData, n: list[InvitationRow], d: list[InvitationRow], empty: str, **known: object) -> Figure:
    """A rate of invitations, by the sector of the partner invited (A-42)."""

    def sectors(rows: Iterable[InvitationRow]) -> dict[str, list[int]]:
        return grouped((data.sector(row.partner), row.pk) for row in rows)

    return ratio([row.pk for row in n], [row.pk for row in d], empty, secteur=Split(sectors(n), sectors(d)), **known)  # type: ignore[arg-type]


@indicator(
    "I7.1",
    rows="events.Invitation",
    definition="Invitations qui ont reçu une réponse, favorable ou non, sur les invitations envoyées dans l’année à des actions non annulées. "
    "Une invitation est un couple action-partenaire : les relances ne comptent pas. Tous partenaires confondus.",
)
def reply(data: YearData) -> Figure:
    """I7.1, A-42, A-110: coming without a reply is not a reply."""
    rows = data.invitations
    return _invited(data, [row for row in rows if row.reply], rows, "Aucune invitation n’est envoyée dans l’année.")


@indicator(
    "I7.2",
    rows="events.Invitation",
    definition="Invitations acceptées sur les invitations de l’année qui ont reçu une réponse.",
)
def acceptance(data: YearData) -> Figure:
    """I7.2."""
    replied = [row for row in data.invitations if row.reply]
    accepted = [row for row in replied if row.reply == InvitationReply.ACCEPTED]
    return _invited(data, accepted, replied, "Aucune invitation de l’année n’a reçu de réponse.")


@indicator(
    "I7.3",
    rows="events.Invitation",
    definition="Invités venus sur les invitations acceptées à une action réalisée et dont la présence est renseignée.",
)
def presence(data: YearData) -> Figure:
    """I7.3, A-111."""
    accepted = [
        row
        for row in data.invitations
        if row.reply == InvitationReply.ACCEPTED and row.action_status == ActionStatus.DONE
    ]
    known = [row for row in accepted if row.present is not None]
    return _invited(
        data,
        [row for row in known if row.present],
        known,
        "La présence d’aucun invité ayant accepté n’est renseignée.",
        known=fraction(len(known), len(accepted)),
    )


@indicator(
    "I7.4",
    rows="events.Action",
    definition="Actions à l’initiative d’un partenaire sur les actions réalisées de l’année. Une action compte une fois dans chacun des secteurs "
    "de ses partenaires : le total n’est pas la somme des secteurs.",
)
def partners_initiative(data: YearData) -> Figure:
    """I7.4, C-14, A-112."""
    rows = data.actions
    theirs = [pk for pk, row in rows.items() if row.initiative == Initiative.PARTNER]

    def sectors(actions: Iterable[int]) -> dict[str, set[int]]:
        return grouped_once((data.sector(partner), pk) for pk in actions for partner in data.carriers.get(pk, ()))

    return ratio(theirs, list(rows), NO_ACTION, secteur=Split(sectors(theirs), sectors(rows)))


@indicator(
    "I7.5",
    rows="partners.Interaction",
    definition="Échanges à l’initiative du partenaire sur les échanges de l’année.",
)
def exchanges_initiative(data: YearData) -> Figure:
    """I7.5."""
    rows = data.interactions
    theirs = [row.pk for row in rows if row.initiative == Initiative.PARTNER]
    return ratio(theirs, [row.pk for row in rows], "Aucun échange avec un partenaire n’est noté dans l’année.")


@indicator(
    "I7.6",
    rows="partners.Partner",
    definition="Part des partenaires actifs de l’année qui ont fait plus que signer une convention ou échanger : une action, un placement, une "
    "offre, un versement ou un don.",
)
def engaged(data: YearData) -> Figure:
    """I7.6, C-15, A-40, A-113."""
    active = data.active_partners
    doing = active & data.deed_traces.in_year
    return ratio(
        doing,
        active,
        "Aucun partenaire n’est actif dans l’année.",
        secteur=Split(grouped((data.sector(pk), pk) for pk in doing), grouped((data.sector(pk), pk) for pk in active)),
    )
