"""Where the demo lycées stand: real communes, invented lycées.

Coordinates are those of the commune's centre to about a kilometre, which is enough for a map of fictitious companies.
Telephone numbers are in the ranges that the Arcep keeps for fiction (plan de numérotation: 01 99 00, 02 61 91, 03 53 01,
04 65 71, 05 36 49, 06 39 98).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Commune:
    name: str
    postal_code: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Place:
    """A town with its lycée: communes in order of closeness, the lycée's own first."""

    lycee: str
    slug: str
    academy: str
    region: str
    phone_prefix: str
    communes: tuple[Commune, ...]

    @property
    def town(self) -> Commune:
        return self.communes[0]


def _communes(*rows: tuple[str, str, float, float]) -> tuple[Commune, ...]:
    return tuple(Commune(*row) for row in rows)


PLACES = (
    Place(
        "Jeanne-Varennes", "jeanne-varennes", "Nantes", "Pays de la Loire", "02 61 91",
        _communes(
            ("Angers", "49000", 47.474, -0.552), ("Avrillé", "49240", 47.507, -0.589),
            ("Trélazé", "49800", 47.445, -0.466), ("Les Ponts-de-Cé", "49130", 47.424, -0.524),
            ("Saint-Barthélemy-d’Anjou", "49124", 47.468, -0.494), ("Beaucouzé", "49070", 47.474, -0.631),
            ("Bouchemaine", "49080", 47.420, -0.610), ("Écouflant", "49000", 47.530, -0.529),
            ("Montreuil-Juigné", "49460", 47.542, -0.612), ("Mûrs-Erigné", "49610", 47.397, -0.541),
            ("Verrières-en-Anjou", "49480", 47.506, -0.460), ("Loire-Authion", "49250", 47.430, -0.400),
            ("Chalonnes-sur-Loire", "49290", 47.351, -0.764), ("Brissac Loire Aubance", "49320", 47.354, -0.449),
            ("Beaufort-en-Anjou", "49250", 47.439, -0.216), ("Segré-en-Anjou Bleu", "49500", 47.686, -0.871),
            ("Cholet", "49300", 47.061, -0.879), ("Saumur", "49400", 47.260, -0.077),
        ),
    ),
    Place(
        "Émile-Roussanne", "emile-roussanne", "Lyon", "Auvergne-Rhône-Alpes", "04 65 71",
        _communes(
            ("Saint-Étienne", "42000", 45.439, 4.387), ("Saint-Chamond", "42400", 45.477, 4.515),
            ("Firminy", "42700", 45.388, 4.287), ("Le Chambon-Feugerolles", "42500", 45.396, 4.325),
            ("La Ricamarie", "42150", 45.407, 4.368), ("Villars", "42390", 45.467, 4.354),
            ("Roche-la-Molière", "42230", 45.434, 4.324), ("Andrézieux-Bouthéon", "42160", 45.526, 4.260),
        ),
    ),
    Place(
        "Colette-Ardennois", "colette-ardennois", "Reims", "Grand Est", "03 53 01",
        _communes(
            ("Troyes", "10000", 48.297, 4.074), ("La Chapelle-Saint-Luc", "10600", 48.313, 4.043),
            ("Sainte-Savine", "10300", 48.296, 4.047), ("Saint-André-les-Vergers", "10120", 48.280, 4.056),
            ("Romilly-sur-Seine", "10100", 48.515, 3.727), ("Pont-Sainte-Marie", "10150", 48.318, 4.095),
        ),
    ),
    Place(
        "Simone-Lartigau", "simone-lartigau", "Bordeaux", "Nouvelle-Aquitaine", "05 36 49",
        _communes(
            ("Pau", "64000", 43.295, -0.371), ("Billère", "64140", 43.303, -0.394), ("Lons", "64140", 43.315, -0.410),
            ("Jurançon", "64110", 43.288, -0.387), ("Lescar", "64230", 43.333, -0.434), ("Gelos", "64110", 43.283, -0.371),
        ),
    ),
    Place(
        "Marcel-Boisgontier", "marcel-boisgontier", "Créteil", "Île-de-France", "01 99 00",
        _communes(
            ("Créteil", "94000", 48.790, 2.455), ("Maisons-Alfort", "94700", 48.807, 2.438),
            ("Alfortville", "94140", 48.805, 2.420), ("Bonneuil-sur-Marne", "94380", 48.774, 2.488),
            ("Saint-Maur-des-Fossés", "94100", 48.799, 2.499), ("Choisy-le-Roi", "94600", 48.764, 2.410),
        ),
    ),
)  # fmt: skip
MOBILE_PREFIX = "06 39 98"
