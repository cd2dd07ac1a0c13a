"""What the demo lycées teach, and where their pupils go: classes, trades, tasks and hours."""

from dataclasses import dataclass

from schools.enums import Niveau


@dataclass(frozen=True)
class Trade:
    """A field of work: the companies that take its pupils (NAF codes), what pupils do there, at which hours."""

    key: str
    nafs: tuple[str, ...]
    tasks: tuple[str, ...]
    hours: tuple[str, ...]
    early_hours: str
    """Hours that anyone may keep, even before 16."""
    hosts: int
    """Companies of this trade among 300 partners."""
    jobs: tuple[str, ...]
    tutor_positions: tuple[str, ...]
    """What a tutor does there, for a woman and for a man when the words differ: « Vendeuse|Vendeur »."""


OFFICE = "lun 09:00-12:30 14:00-17:30; mar 09:00-12:30 14:00-17:30; mer 09:00-12:30 14:00-17:30; jeu 09:00-12:30 14:00-17:30; ven 09:00-12:30 14:00-17:30; sauf fériés"
OFFICE_EARLY = "lun 08:30-12:00 13:30-17:00; mar 08:30-12:00 13:30-17:00; mer 08:30-12:00 13:30-17:00; jeu 08:30-12:00 13:30-17:00; ven 08:30-12:00 13:30-17:00; sauf fériés"
WORKS = "lun 08:00-12:00 13:00-16:30; mar 08:00-12:00 13:00-16:30; mer 08:00-12:00 13:00-16:30; jeu 08:00-12:00 13:00-16:30; ven 08:00-12:00; sauf fériés"
GARAGE = "lun 08:30-12:00 14:00-17:30; mar 08:30-12:00 14:00-17:30; mer 08:30-12:00 14:00-17:30; jeu 08:30-12:00 14:00-17:30; ven 08:30-12:00 14:00-17:00; sauf fériés"
SHOP = "mar 09:30-12:30 14:00-18:00; mer 09:30-12:30 14:00-18:00; jeu 09:30-12:30 14:00-18:00; ven 09:30-12:30 14:00-18:00; sam 09:30-12:30 14:00-18:00; sauf fériés"
SHOP_LATE = "mar 10:00-13:00 15:00-19:00; mer 10:00-13:00 15:00-19:00; jeu 10:00-13:00 15:00-19:00; ven 10:00-13:00 15:00-19:00; sam 10:00-13:00 15:00-19:00; sauf fériés"
STORE = "lun 07:00-10:30 11:00-14:30; mar 07:00-10:30 11:00-14:30; mer 07:00-10:30 11:00-14:30; jeu 07:00-10:30 11:00-14:30; ven 07:00-10:30 11:00-14:30; sauf fériés"
CARE = "lun 07:00-11:00 11:30-14:30; mar 07:00-11:00 11:30-14:30; mer 07:00-11:00 11:30-14:30; jeu 07:00-11:00 11:30-14:30; ven 07:00-11:00 11:30-14:30; sauf fériés"
NURSERY = "lun 08:00-12:00 13:00-16:00; mar 08:00-12:00 13:00-16:00; mer 08:00-12:00 13:00-16:00; jeu 08:00-12:00 13:00-16:00; ven 08:00-12:00 13:00-16:00; sauf fériés"
KITCHEN = "mar 10:00-14:00 18:00-21:00; mer 10:00-14:00 18:00-21:00; jeu 10:00-14:00 18:00-21:00; ven 10:00-14:00 18:00-21:00; sam 10:00-14:00 18:00-21:00; sauf fériés"
CANTEEN = "lun 07:30-11:30 12:00-14:30; mar 07:30-11:30 12:00-14:30; mer 07:30-11:30 12:00-14:30; jeu 07:30-11:30 12:00-14:30; ven 07:30-11:30 12:00-14:30; sauf fériés"

FORBIDDEN_TO_MINORS = (
    "mar 10:00-14:30 18:00-22:30; mer 10:00-14:30 18:00-22:30; jeu 10:00-14:30 18:00-22:30; ven 10:00-14:30 18:00-22:30",
    "lun 09:00-12:30 14:00-19:00; mar 09:00-12:30 14:00-19:00; jeu 09:00-12:30 14:00-19:00; ven 09:00-12:30 14:00-19:00; sam 09:00-12:30 14:00-19:00",
    "lun 08:00-12:00 13:00-17:00; mar 08:00-12:00 13:00-17:00; mer 08:00-12:00 13:00-17:00; jeu 08:00-12:00 13:00-17:00; ven 08:00-12:00 13:00-16:00",
    "lun 07:00-13:00; mar 07:00-13:00; mer 07:00-13:00; jeu 07:00-13:00; ven 07:00-13:00; sauf fériés",
)
"""Hours that a minor may not keep (R-MIN-01, -04, -05, -08): a few placements have them, so that the rules have work."""
UNREADABLE_HOURS = "Horaires de l’atelier, à préciser avec le tuteur"

ELECTRICITY = Trade(
    "electricite",
    ("43.21A", "43.21A", "43.21A", "43.22B", "42.22Z", "46.69A", "43.29B", "27.12Z", "33.14Z"),
    (
        "Préparer le chantier, poser les conduits et les appareillages, raccorder sous la responsabilité du tuteur.",
        "Câbler une armoire, repérer les circuits, contrôler la continuité des masses.",
        "Installer une borne de recharge et la mettre en service avec le tuteur, remplir le carnet de contrôle.",
        "Tirer et raccorder un réseau de communication, configurer des objets connectés d’un logement.",
    ),
    (WORKS, GARAGE), WORKS, 44,
    ("Électricien du bâtiment", "Technicienne ou technicien courants faibles", "Monteur câbleur"),
    ("Cheffe de chantier|Chef de chantier", "Conductrice de travaux|Conducteur de travaux", "Électricienne|Électricien"),
)  # fmt: skip
VEHICLES = Trade(
    "automobile",
    ("45.20A", "45.20A", "45.20A", "45.11Z", "45.20B", "45.40Z", "45.32Z", "45.31Z"),
    (
        "Réceptionner le véhicule, effectuer l’entretien périodique, contrôler les organes de sécurité.",
        "Remplacer plaquettes, disques et pneumatiques, régler la géométrie avec le tuteur.",
        "Lire les codes défaut, mesurer, proposer un diagnostic, consigner l’intervention.",
        "Préparer les véhicules d’occasion et tenir le magasin de pièces.",
    ),
    (GARAGE,), GARAGE, 34,
    ("Mécanicienne ou mécanicien automobile", "Technicien de maintenance", "Réceptionnaire d’atelier"),
    ("Cheffe d’atelier|Chef d’atelier", "Mécanicienne|Mécanicien", "Réceptionnaire", "Responsable après-vente"),
)  # fmt: skip
SHOPS = Trade(
    "commerce",
    ("47.11D", "47.11F", "47.52B", "47.71Z", "47.78A", "47.76Z", "47.59A", "47.54Z", "47.19B", "47.24Z"),
    (
        "Accueillir la clientèle, la conseiller, encaisser avec le tuteur, tenir le rayon.",
        "Réceptionner les livraisons, contrôler les bons, mettre en rayon, suivre les dates.",
        "Préparer une animation commerciale, relever les ventes, en rendre compte.",
        "Mettre à jour la boutique en ligne et préparer les commandes retirées en magasin.",
    ),
    (SHOP, SHOP_LATE, SHOP), SHOP, 50,
    ("Vendeuse ou vendeur conseil", "Employé polyvalent de commerce", "Conseillère relation client"),
    ("Responsable de magasin", "Cheffe de rayon|Chef de rayon", "Vendeuse|Vendeur"),
)  # fmt: skip
OFFICES = Trade(
    "gestion",
    ("69.20Z", "66.22Z", "68.31Z", "82.11Z", "78.20Z", "71.12B", "62.02A", "84.11Z", "84.11Z"),
    (
        "Accueillir au téléphone et au comptoir, trier le courrier, tenir l’agenda du service.",
        "Saisir les factures, relancer les clients en retard, classer les pièces.",
        "Mettre à jour les dossiers du personnel, préparer une réunion, rédiger le compte rendu.",
        "Mettre en forme des documents, suivre les commandes, tenir le tableau de bord.",
    ),
    (OFFICE, OFFICE_EARLY), OFFICE_EARLY, 36,
    ("Assistante ou assistant administratif", "Gestionnaire de dossiers", "Chargé d’accueil"),
    ("Responsable administrative|Responsable administratif", "Comptable", "Assistante de direction|Assistant de direction"),
)  # fmt: skip
STORES = Trade(
    "logistique",
    ("52.10B", "49.41A", "52.29B", "53.20Z", "46.69A", "49.39A", "46.73B"),
    (
        "Réceptionner, contrôler et ranger les marchandises, tenir le stock à jour.",
        "Préparer les commandes, filmer et étiqueter les palettes, charger sous la conduite du tuteur.",
        "Inventorier une zone, relever les écarts, proposer un rangement.",
    ),
    (STORE, OFFICE_EARLY), OFFICE_EARLY, 24,
    ("Préparatrice ou préparateur de commandes", "Magasinier", "Agent de quai"),
    ("Cheffe de quai|Chef de quai", "Responsable d’entrepôt", "Magasinière|Magasinier"),
)  # fmt: skip
HEALTH = Trade(
    "soins",
    ("87.10A", "88.10A", "86.10Z", "87.10A", "88.99B", "88.91A"),
    (
        "Aider aux repas et aux déplacements, entretenir le cadre de vie, animer un temps d’activité.",
        "Participer aux soins d’hygiène avec le tuteur, transmettre les observations à l’équipe.",
        "Préparer et distribuer les collations, tenir compagnie, repérer les besoins.",
    ),
    (CARE, NURSERY), NURSERY, 30,
    ("Accompagnante ou accompagnant de personnes âgées", "Aide à domicile", "Agent de service hospitalier"),
    ("Infirmière coordinatrice|Infirmier coordinateur", "Aide-soignante|Aide-soignant", "Cadre de santé"),
)  # fmt: skip
CHILDHOOD = Trade(
    "petite_enfance",
    ("88.91A", "88.91A", "85.20Z", "88.99B"),
    (
        "Accueillir les enfants et les familles, préparer les repas, accompagner la sieste et l’éveil.",
        "Seconder l’enseignante dans la classe, préparer les ateliers, entretenir les locaux.",
        "Proposer une activité d’éveil, l’animer avec le tuteur, en faire le bilan.",
    ),
    (NURSERY,), NURSERY, 24,
    ("Agent de crèche", "Animatrice ou animateur périscolaire"),
    ("Éducatrice de jeunes enfants|Éducateur de jeunes enfants", "Atsem", "Auxiliaire de puériculture"),
)  # fmt: skip
KITCHENS = Trade(
    "cuisine",
    ("56.10A", "56.10A", "56.29A", "55.10Z", "56.10A", "10.71D", "56.30Z"),
    (
        "Éplucher, tailler, préparer les bases, dresser les entrées et les desserts.",
        "Tenir le poste des garnitures pendant le service, nettoyer et ranger selon le plan d’hygiène.",
        "Contrôler les températures à la réception, ranger les denrées, suivre les allergènes.",
    ),
    (KITCHEN, CANTEEN, KITCHEN), CANTEEN, 28,
    ("Commis de cuisine", "Employée ou employé de restauration collective"),
    ("Cheffe de cuisine|Chef de cuisine", "Seconde de cuisine|Second de cuisine", "Responsable de production"),
)  # fmt: skip
TRADES = (ELECTRICITY, VEHICLES, SHOPS, OFFICES, STORES, HEALTH, CHILDHOOD, KITCHENS)


@dataclass(frozen=True)
class ClassPlan:
    """A class as it is every year. `formation_code` names its diploma in `core/data/diplomes_pro.csv`."""

    code: str
    label: str
    niveau: Niveau
    trade: Trade
    formation_code: str
    size: int
    girls: float
    then: tuple[str, ...] = ()
    """Codes of the classes that its pupils join the year after."""
    periods: tuple[tuple[int, int], ...] = ()
    """Periods of PFMP as (school week, weeks)."""


N = Niveau
_TWO = ((15, 3), (31, 3))
PLANS = (
    ClassPlan("2TNE", "2de transitions numérique et énergétique", N.SECONDE_PRO, ELECTRICITY, "40020008", 30, 0.10, ("1MELEC",), _TWO),
    ClassPlan("1MELEC", "1re métiers de l’électricité", N.PREMIERE_PRO, ELECTRICITY, "40025520", 26, 0.08, ("TMELEC",), ((9, 4), (27, 4))),
    ClassPlan("TMELEC", "Terminale métiers de l’électricité", N.TERMINALE_PRO, ELECTRICITY, "40025520", 24, 0.08, ("CSER",), ((3, 3), (18, 3))),
    ClassPlan("2MMV", "2de maintenance des matériels et des véhicules", N.SECONDE_PRO, VEHICLES, "40025222", 28, 0.07, ("1MV",), _TWO),
    ClassPlan("1MV", "1re maintenance des véhicules", N.PREMIERE_PRO, VEHICLES, "40025224", 24, 0.07, ("TMV",), ((11, 4), (28, 4))),
    ClassPlan("TMV", "Terminale maintenance des véhicules", N.TERMINALE_PRO, VEHICLES, "40025224", 22, 0.06, (), ((4, 3), (18, 3))),
    ClassPlan("2MRC", "2de métiers de la relation client", N.SECONDE_PRO, SHOPS, "40031211", 30, 0.58, ("1MCV",), ((14, 3), (30, 3))),
    ClassPlan("1MCV", "1re métiers du commerce et de la vente", N.PREMIERE_PRO, SHOPS, "40031213", 27, 0.57, ("TMCV",), ((10, 4), (27, 4))),
    ClassPlan("TMCV", "Terminale métiers du commerce et de la vente", N.TERMINALE_PRO, SHOPS, "40031213", 25, 0.56, ("BTSMCO1",), ((5, 3), (17, 3))),
    ClassPlan("2GATL", "2de gestion administrative, transport et logistique", N.SECONDE_PRO, OFFICES, "40030003", 32, 0.52, ("1AGORA", "1LOG"), ((16, 3), (31, 3))),
    ClassPlan("1AGORA", "1re assistance à la gestion des organisations", N.PREMIERE_PRO, OFFICES, "40030004", 25, 0.66, ("TAGORA",), ((12, 4), (28, 4))),
    ClassPlan("TAGORA", "Terminale assistance à la gestion des organisations", N.TERMINALE_PRO, OFFICES, "40030004", 23, 0.66, (), ((6, 3), (19, 3))),
    ClassPlan("1LOG", "1re métiers de la logistique", N.PREMIERE_PRO, STORES, "40031116", 20, 0.22, ("TLOG",), ((11, 4), (29, 4))),
    ClassPlan("TLOG", "Terminale métiers de la logistique", N.TERMINALE_PRO, STORES, "40031116", 18, 0.20, (), ((4, 3), (20, 3))),
    ClassPlan("2ASSP", "2de accompagnement, soins et services à la personne", N.SECONDE_PRO, HEALTH, "40033007", 30, 0.88, ("1ASSP",), ((17, 3), (32, 3))),
    ClassPlan("1ASSP", "1re accompagnement, soins et services à la personne", N.PREMIERE_PRO, HEALTH, "40033007", 26, 0.88, ("TASSP",), ((9, 4), (28, 4))),
    ClassPlan("TASSP", "Terminale accompagnement, soins et services à la personne", N.TERMINALE_PRO, HEALTH, "40033007", 24, 0.88, (), ((2, 3), (20, 3))),
    ClassPlan("1CAPELEC", "CAP électricien, 1re année", N.CAP1, ELECTRICITY, "50025524", 16, 0.06, ("2CAPELEC",), ((13, 3), (30, 4))),
    ClassPlan("2CAPELEC", "CAP électricien, 2e année", N.CAP2, ELECTRICITY, "50025524", 14, 0.06, (), ((8, 3), (20, 4))),
    ClassPlan("1CAPCUI", "CAP cuisine, 1re année", N.CAP1, KITCHENS, "50022146", 22, 0.40, ("2CAPCUI",), ((13, 3), (31, 4))),
    ClassPlan("2CAPCUI", "CAP cuisine, 2e année", N.CAP2, KITCHENS, "50022146", 20, 0.40, (), ((6, 3), (21, 4))),
    ClassPlan("1CAPPE", "CAP accompagnant éducatif petite enfance, 1re année", N.CAP1, CHILDHOOD, "50033205", 20, 0.92, ("2CAPPE",), ((14, 3), (30, 4))),
    ClassPlan("2CAPPE", "CAP accompagnant éducatif petite enfance, 2e année", N.CAP2, CHILDHOOD, "50033205", 18, 0.92, (), ((8, 4), (22, 3))),
    ClassPlan("CSER", "CS technicien en énergies renouvelables", N.CS, ELECTRICITY, "46122704", 12, 0.08, (), ((5, 4), (13, 4), (21, 4), (28, 3))),
    ClassPlan("BTSMCO1", "BTS management commercial opérationnel, 1re année", N.BTS1, SHOPS, "32031213", 24, 0.55, ("BTSMCO2",), ((29, 4),)),
    ClassPlan("BTSMCO2", "BTS management commercial opérationnel, 2e année", N.BTS2, SHOPS, "32031213", 20, 0.55, (), ((13, 4),)),
)  # fmt: skip
STORY_ONGOING = ("TMELEC", "2CAPCUI", "TASSP")
"""Classes that are in companies on the day of the seed, when the school calendar allows."""
STORY_SOON = ("1MELEC", "2CAPELEC", "1MCV", "1ASSP")
"""Classes that leave in the next weeks; the first two are the demo teacher's."""
COMMON_SECONDES = {
    "40020008": "2de professionnelle, métiers des transitions numérique et énergétique",
    "40025222": "2de professionnelle, métiers de la maintenance des matériels et des véhicules",
    "40031211": "2de professionnelle, métiers de la relation client",
    "40030003": "2de professionnelle, métiers de la gestion administrative, du transport et de la logistique",
}
"""Common secondes have no diploma of their own: `core/data/familles_metiers_2de_pro.csv` names them."""
