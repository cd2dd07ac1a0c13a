"""Partners, their people, and what was said with them.

The fictitious companies of `core/data/entreprises_exemple.csv` come first, each with a branch near the lycée; the others
are variations: invented names, SIREN below 000320000 (a range held to be unassigned) with right Luhn keys, real NAF codes.
"""

from datetime import date, timedelta

from stdnum import luhn

from exchange.seeding import names, reference, trades
from exchange.seeding.draw import Draw
from exchange.seeding.people import ascii_word
from exchange.seeding.places import Commune
from exchange.seeding.trades import Trade
from exchange.seeding.world import Host, World
from partners.enums import ContactRole, Headcount, PartnerStatus, PartnerType
from partners.models import Contact, Partner

SIREN_LIMIT = 320_000
HEADCOUNTS = {
    "NN": Headcount.NONE, "00": Headcount.NONE, "01": Headcount.UNDER_10, "02": Headcount.UNDER_10,
    "03": Headcount.UNDER_10, "11": Headcount.UNDER_20, "12": Headcount.UNDER_50, "21": Headcount.UNDER_250,
    "22": Headcount.UNDER_250, "31": Headcount.UNDER_250,
}  # fmt: skip
PLACES_AT_ONCE = {
    Headcount.NONE: 1, Headcount.UNDER_10: 2, Headcount.UNDER_20: 3, Headcount.UNDER_50: 3, Headcount.UNDER_250: 6,
    Headcount.OVER_250: 9, "": 2,
}  # fmt: skip
"""Pupils that a host takes at once, within what R-QUOTA-01 allows on the band alone."""

WORDS_BY_NAF = {
    "43.21A": "Électricité", "43.22B": "Génie climatique", "42.22Z": "Réseaux", "46.69A": "Comptoir électrique",
    "43.29B": "Ascenseurs", "27.12Z": "Tableaux électriques", "33.14Z": "Bobinage", "45.20A": "Garage",
    "45.11Z": "Automobiles", "45.20B": "Poids lourds", "45.40Z": "Motos", "45.32Z": "Pièces auto", "45.31Z": "Équipements auto",
    "47.11D": "Supermarché", "47.11F": "Hypermarché", "47.52B": "Bricolage", "47.71Z": "Prêt-à-porter", "47.78A": "Optique",
    "47.76Z": "Jardinerie", "47.59A": "Meubles", "47.54Z": "Électroménager", "47.19B": "Bazar", "47.24Z": "Pains et gâteaux",
    "69.20Z": "Cabinet comptable", "66.22Z": "Assurances", "68.31Z": "Agence immobilière", "82.11Z": "Secrétariat",
    "78.20Z": "Intérim", "71.12B": "Bureau d’études", "62.02A": "Informatique", "84.11Z": "Mairie annexe", "52.10B": "Entrepôts",
    "49.41A": "Transports", "52.29B": "Affrètement", "53.20Z": "Messagerie", "49.39A": "Autocars", "46.73B": "Négoce sanitaire",
    "87.10A": "Résidence", "88.10A": "Aide à domicile", "86.10Z": "Clinique", "88.99B": "Centre social", "88.91A": "Crèche",
    "85.20Z": "École", "56.10A": "Restaurant", "56.29A": "Restauration collective", "55.10Z": "Hôtel", "10.71D": "Pâtisserie",
    "56.30Z": "Bar",
}  # fmt: skip
FANCY = (
    "du Vieux Pressoir", "Horizon Bleu", "des Mariniers d’Ambre", "Treille Dorée", "du Grand Carillon", "Ligne Claire",
    "des Trois Lavandières", "Brise d’Ouest", "du Clos Tranquille", "Pont de Brume", "Haute-Borne", "Belle-Escale",
    "du Four à Sel", "Vent d’Autan", "Clair-Matin", "du Marronnier Rouge", "Rive Haute", "Petit-Monde", "Sillon Neuf",
    "Fleur de Quai", "de la Cale Verte", "Nord-Étoile", "Paille et Lin", "du Bel Atelier", "Arc-Boutant", "Songe d’Argile",
    "Rouge-Gorge", "de l’Écluse Douce", "Bois-Chantant", "Pierre de Lune", "Vallée d’Osier", "Claire-Fontaine",
    "du Cadran Solaire", "Quatre Saisons d’Anjou", "Île aux Saules", "Terre de Craie",
)  # fmt: skip
LEGAL_FORMS = ("SARL", "SAS", "et Fils", "et Associées", "Services", "")
LARGE = {
    "47.11F": (Headcount.UNDER_250, Headcount.OVER_250), "47.11D": (Headcount.UNDER_50, Headcount.UNDER_250),
    "86.10Z": (Headcount.UNDER_250, Headcount.OVER_250), "87.10A": (Headcount.UNDER_50, Headcount.UNDER_250),
    "52.10B": (Headcount.UNDER_50, Headcount.UNDER_250), "84.11Z": (Headcount.UNDER_50, Headcount.UNDER_250),
}  # fmt: skip
"""Trades that are never small."""
HEADCOUNT_WEIGHTS = {
    Headcount.UNDER_10: 46,
    Headcount.UNDER_20: 20,
    Headcount.UNDER_50: 16,
    Headcount.UNDER_250: 12,
    Headcount.OVER_250: 3,
    "": 3,
}
OTHERS: tuple[tuple[str, PartnerType, str], ...] = (
    ("Opco Bâtisseurs fictif", PartnerType.OPCO, "94.12Z"),
    ("Opco Commerce fictif", PartnerType.OPCO, "94.12Z"),
    ("Chambre de métiers fictive", PartnerType.CHAMBER, "94.11Z"),
    ("Chambre de commerce fictive", PartnerType.CHAMBER, "94.11Z"),
    ("Agence France Travail (fiction)", PartnerType.FRANCE_TRAVAIL, "84.11Z"),
    ("Mission locale du Confluent (fiction)", PartnerType.MISSION_LOCALE, "88.99B"),
    ("CFA des Deux-Rives (fiction)", PartnerType.TRAINING_SCHOOL, "85.32Z"),
    ("Lycée des métiers Roseline-Aubin (fiction)", PartnerType.TRAINING_SCHOOL, "85.32Z"),
    ("Greta du Val d’Osier (fiction)", PartnerType.TRAINING_SCHOOL, "85.32Z"),
    ("Campus des métiers de l’énergie (fiction)", PartnerType.CAMPUS, ""),
    ("CLEE du bassin (fiction)", PartnerType.CLEE, ""),
    ("Fédération des artisans électriciens (fiction)", PartnerType.PROFESSIONAL_BODY, "94.12Z"),
    ("Union des commerçants du centre (fiction)", PartnerType.PROFESSIONAL_BODY, "94.11Z"),
    ("Branche des services de l’automobile (fiction)", PartnerType.BRANCH, "94.12Z"),
    ("Communauté de communes des Saules (fiction)", PartnerType.LOCAL_AUTHORITY, "84.11Z"),
    ("Centre communal d’action sociale (fiction)", PartnerType.LOCAL_AUTHORITY, "88.99B"),
    ("Association Coup de pouce stage (fiction)", PartnerType.ASSOCIATION, "94.99Z"),
    ("Club des entrepreneuses du fleuve (fiction)", PartnerType.ASSOCIATION, "94.99Z"),
    ("Réseau national Passerelle jeunes (fiction)", PartnerType.NATIONAL_NETWORK, "94.99Z"),
    ("Sous-préfecture fictive", PartnerType.ADMINISTRATION, "84.11Z"),
)  # fmt: skip
NOTES = (
    "Préfère être appelé le matin avant 10 h.", "Accueille volontiers deux élèves à la fois, jamais en décembre.",
    "Demande une lettre de motivation avant l’entretien.", "Parking facile, arrêt de bus à 200 m.",
    "Équipements de protection prêtés sur place.", "Souhaite intervenir en classe au second trimestre.",
    "Ancien élève du lycée à l’atelier, très bon accueil.", "Verse la taxe depuis trois ans, à remercier.",
)  # fmt: skip


def siret(siren: str, branch: int) -> str:
    """A SIRET of that SIREN whose key is right."""
    base = f"{siren}{branch:04d}"
    return base + luhn.calc_check_digit(base)


def make_partners(world: World) -> None:
    """Hosts of every trade, prospects, institutions, and their contacts."""
    draw = world.draw("companies")
    known = reference.table("entreprises_exemple")
    taken = {row["siren"] for row in known}
    by_naf: dict[str, list[dict[str, str]]] = {}
    for row in known:
        by_naf.setdefault(row["code_naf"], []).append(row)
    for trade in trades.TRADES:
        pupils = sum(one.plan.size for one in world.classes_of(world.year) if one.plan.trade is trade)
        normally = sum(plan.size for plan in trades.PLANS if plan.trade is trade)
        count = max(8, round(trade.hosts * pupils / normally)) if pupils else 0
        for rank in range(count):
            naf = trade.nafs[rank % len(trade.nafs)]
            example = by_naf[naf].pop(0) if by_naf.get(naf) else None
            world.hosts.append(_host(world, draw, trade, naf, example, taken))
    for rest in [row for rows in by_naf.values() for row in rows][: world.size.of(22)]:
        world.hosts.append(_host(world, draw, None, rest["code_naf"], rest, taken))
    for name, kind, naf in OTHERS[: world.size.of(len(OTHERS), at_least=6)]:
        world.hosts.append(_institution(world, draw, name, kind, naf, taken))


def _invented_siren(draw: Draw, taken: set[str]) -> str:
    while True:
        base = f"{draw.randint(1_000, SIREN_LIMIT // 10 - 1):08d}"
        siren = base + luhn.calc_check_digit(base)
        if siren not in taken:
            taken.add(siren)
            return siren


def _first_contact(world: World, draw: Draw, status: str) -> date:
    oldest = world.years[0].start
    if draw.happens(0.75) or status in (PartnerStatus.DORMANT, PartnerStatus.ARCHIVED):
        return draw.weekday(oldest - timedelta(days=1500), oldest)
    return draw.weekday(oldest, world.today)


def _address(world: World, draw: Draw) -> tuple[str, Commune, float, float]:
    commune = world.place.town if draw.happens(0.45) else draw.choice(world.place.communes)
    return (
        f"{draw.randint(1, 90)} {draw.choice(names.BUSINESS_STREETS)}",
        commune,
        round(commune.latitude + draw.uniform(-0.012, 0.012), 5),
        round(commune.longitude + draw.uniform(-0.016, 0.016), 5),
    )


def _host(
    world: World, draw: Draw, trade: Trade | None, naf: str, example: dict[str, str] | None, taken: set[str]
) -> Host:
    if example:
        name = example["raison_sociale"].replace("'", "’")
        number = siret(example["siren"], 2 + world.rank % 90)
        headcount: str = HEADCOUNTS.get(example["tranche_effectif_code"], Headcount.OVER_250)
    else:
        name = _invented_name(world, draw, naf)
        number = siret(_invented_siren(draw, taken), 1)
        headcount = draw.choice(LARGE.get(naf, ())) if naf in LARGE else draw.one_of(HEADCOUNT_WEIGHTS)
    public = naf in ("84.11Z", "85.20Z")
    kind = PartnerType.LOCAL_AUTHORITY if public else PartnerType.COMPANY
    if naf in ("88.99B", "88.10A") and draw.happens(0.7):
        kind = PartnerType.ASSOCIATION
    status = draw.one_of(
        {PartnerStatus.ACTIVE: 84, PartnerStatus.PROSPECT: 8, PartnerStatus.DORMANT: 6, PartnerStatus.ARCHIVED: 2}
    )
    return _partner(world, draw, name, number, kind, naf, headcount, status, trade)


def _invented_name(world: World, draw: Draw, naf: str) -> str:
    word = WORDS_BY_NAF.get(naf, "Ateliers")
    used = {host.partner.name for host in world.hosts}
    for _ in range(40):
        style = draw.randint(0, 2)
        if style == 0 or naf in ("84.11Z", "85.20Z", "88.91A", "87.10A"):
            name = f"{word} {draw.choice(FANCY)}"
        elif style == 1:
            name = f"{word} {names.last(draw)} {draw.choice(LEGAL_FORMS)}".strip()
        else:
            name = f"{word} {names.last(draw)} et {names.last(draw)}"
        if name not in used:
            return name
    return f"{name} {len(used)}"


def _partner(
    world: World,
    draw: Draw,
    name: str,
    number: str,
    kind: PartnerType,
    naf: str,
    headcount: str,
    status: str,
    trade: Trade | None,
) -> Host:
    address, commune, latitude, longitude = _address(world, draw)
    slug = ascii_word(name)
    partner = world.add(
        Partner,
        "part",
        name=name,
        siret="" if draw.happens(0.05) else number,
        type=kind,
        naf="" if draw.happens(0.03) else naf,
        headcount=headcount,
        address=address,
        postal_code=commune.postal_code,
        city=commune.name,
        latitude=None if draw.happens(0.1) else latitude,
        longitude=longitude,
        phone=world.phone(draw),
        email=f"contact@{slug}.example",
        website=f"https://www.{slug}.example" if draw.happens(0.5) else "",
        status=status,
        first_contact_date=None if draw.happens(0.1) else _first_contact(world, draw, status),
        notes=draw.choice(NOTES) if draw.happens(0.35) else "",
    )
    if partner.latitude is None:
        partner.longitude = None
    host = Host(partner, trade, capacity=PLACES_AT_ONCE[headcount])
    _people(world, draw, host, slug)
    return host


def _institution(world: World, draw: Draw, name: str, kind: PartnerType, naf: str, taken: set[str]) -> Host:
    number = siret(_invented_siren(draw, taken), 1) if naf else ""
    headcount = draw.one_of({Headcount.UNDER_20: 1, Headcount.UNDER_50: 1, Headcount.UNDER_250: 1})
    return _partner(world, draw, name, number, kind, naf, headcount, PartnerStatus.ACTIVE, None)


def _people(world: World, draw: Draw, host: Host, slug: str) -> None:
    """One who signs, tutors enough for the pupils taken at once (three each at most), and the others of larger houses."""
    host.contacts.append(_contact(world, draw, host, slug, ContactRole.LEADER, "Dirigeante ou dirigeant"))
    if host.trade is not None:
        for _ in range(-(-host.capacity // 3) + draw.rounded(0.4)):
            tutor = _contact(world, draw, host, slug, ContactRole.TUTOR, draw.choice(host.trade.tutor_positions))
            host.tutors.append(tutor)
            host.contacts.append(tutor)
    if host.partner.headcount in (Headcount.UNDER_50, Headcount.UNDER_250, Headcount.OVER_250):
        host.contacts.append(_contact(world, draw, host, slug, ContactRole.HR, "Ressources humaines"))
    if draw.happens(0.12):
        host.contacts.append(_contact(world, draw, host, slug, ContactRole.TAXE, "Comptabilité"))


def _contact(world: World, draw: Draw, host: Host, slug: str, role: ContactRole, position: str) -> Contact:
    woman = draw.happens(0.45)
    first_name, last_name = names.adult(draw, woman=woman)
    if "|" in position:
        position = position.split("|")[0 if woman else 1]
    if role is ContactRole.LEADER:
        position = "Gérante" if woman else "Gérant"
        if host.partner.headcount in (Headcount.UNDER_250, Headcount.OVER_250):
            position = "Directrice" if woman else "Directeur"
    return world.add(
        Contact,
        "contact",
        partner=host.partner,
        last_name=last_name,
        first_name=first_name,
        position=position,
        role=role,
        email=f"{ascii_word(first_name)}.{ascii_word(last_name)}@{slug}.example" if draw.happens(0.8) else "",
        phone=world.mobile(draw) if draw.happens(0.75) else world.phone(draw) if draw.happens(0.5) else "",
        is_active=draw.one_of({True: 94, False: 3, None: 3}) if role is not ContactRole.LEADER else True,
        is_former_student=draw.one_of({False: 60, True: 7, None: 33}),
    )
