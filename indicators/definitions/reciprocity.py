"""How often the school and its partners meet, and whether the bond lasts (§ 9.2)."""

from indicators import rules
from indicators.definitions.register import Figure, count, grouped, indicator, rated, ratio, stated, without
from indicators.definitions.students import INTENSITIES, times
from indicators.definitions.year_data import YearData

NO_KNOWN_PARTNER = "Aucun partenaire actif n’était connu avant le début de l’année."


def _met(data: YearData, least: int) -> Figure:
    known = data.known_partners
    return ratio([pk for pk in known if len(data.encounters.get(pk, ())) >= least], known, NO_KNOWN_PARTNER)


@indicator(
    "E10",
    rows="partners.Partner",
    definition="Partenaires rencontrés au moins deux fois dans l’année, sur les partenaires actifs déjà connus avant qu’elle commence. Une rencontre "
    "est un jour distinct : action réalisée, invitation honorée, visite, rendez-vous, salon, visite d’élève sur place. Les appels et "
    "courriels n’en sont pas.",
)
def met_twice(data: YearData) -> Figure:
    """E10, A-130, A-131."""
    return _met(data, 2)


@indicator(
    "E11",
    rows="partners.Partner",
    definition="Partenaires rencontrés au moins trois fois dans l’année, sur les partenaires actifs déjà connus avant qu’elle commence.",
)
def met_thrice(data: YearData) -> Figure:
    """E11, A-130, A-131."""
    return _met(data, 3)


@indicator(
    "E12",
    rows="partners.Partner",
    definition="Nombre médian de rencontres dans l’année par partenaire actif déjà connu, et part des partenaires rencontrés 0, 1, 2, 3 fois et plus.",
)
def encounters(data: YearData) -> Figure:
    """E12, A-20, A-26, A-31."""
    known = data.known_partners
    met = {pk: len(data.encounters.get(pk, ())) for pk in known}
    main = stated(rules.median(list(met.values())), list(known)) if known else without(NO_KNOWN_PARTNER)
    by_times = grouped((times(number), pk) for pk, number in met.items())
    cells = {key: rated(by_times.get(key, ()), known, NO_KNOWN_PARTNER) for key in INTENSITIES}
    return Figure(main, axes={"rencontres": cells})


@indicator(
    "E14",
    rows="partners.Partner",
    definition="Partenaires ni archivés ni à démarcher dont il n’y a aucune trace (convention en vigueur, action, placement, échange, offre, "
    "versement, premier contact) dans les douze mois avant la date d’arrêté : ils sont à relancer.",
)
def dormant(data: YearData) -> Figure:
    """E14, A-40, A-132."""
    return count(data.dormant_partners)


@indicator(
    "E15",
    rows="partners.Partner",
    definition="Organismes qui ont accueilli un élève en PFMP l’an passé et en accueillent encore cette année, sur ceux de l’an passé.",
)
def faithful_hosts(data: YearData) -> Figure:
    """E15, A-133, A-140, A-149."""
    before = data.hosts_before
    now = {row.partner for row in data.started}
    return ratio(before & now, before, "Aucun organisme n’a accueilli d’élève en PFMP l’année précédente.")
