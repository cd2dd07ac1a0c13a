"""First and last names of the pupils and adults of today's lycées, written for this project. Nobody is meant.

Names go together by where families come from, most of the time: a first name of one list, a last name of the same.
"""

from dataclasses import dataclass

from exchange.seeding.draw import Draw


@dataclass(frozen=True)
class Names:
    """The names of families with one history: of how many families in a hundred, and which."""

    weight: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


FAMILIES = (
    Names(
        56,
        (
            "Jade", "Louise", "Emma", "Chloé", "Léa", "Manon", "Camille", "Sarah", "Maëlys", "Océane", "Lola", "Zoé",
            "Anaïs", "Clara", "Juliette", "Margaux", "Romane", "Lucie", "Mathilde", "Agathe", "Élise", "Alicia",
            "Mélissa", "Cassandra", "Tessa", "Noémie", "Solène", "Gwenn", "Enora", "Maïwenn", "Lilou", "Eva",
            "Maëva", "Tiphaine", "Kimberley", "Capucine", "Charlotte", "Pauline", "Justine", "Coralie", "Laura",
            "Marion", "Orlane", "Inès", "Lina", "Nina", "Ambre", "Rose", "Alice", "Anna", "Célia", "Elsa", "Fanny",
            "Flavie", "Héloïse", "Jeanne", "Lisa", "Lou", "Luna", "Marine", "Nolwenn", "Ophélie", "Perrine",
            "Salomé", "Valentine", "Wendy", "Zélie",
        ),
        (
            "Lucas", "Nathan", "Enzo", "Théo", "Hugo", "Mathis", "Noah", "Louis", "Gabriel", "Raphaël", "Arthur",
            "Jules", "Adam", "Kylian", "Evan", "Ethan", "Tom", "Baptiste", "Quentin", "Maxence", "Antoine",
            "Clément", "Valentin", "Alexis", "Dorian", "Kévin", "Jordan", "Dylan", "Steven", "Loan", "Erwan", "Malo",
            "Titouan", "Corentin", "Alan", "Yann", "Timéo", "Sacha", "Nolan", "Axel", "Gabin", "Eliott", "Martin",
            "Robin", "Simon", "Tristan", "Bastien", "Léo", "Maël", "Samuel", "Rémi", "Mathéo", "Paul", "Victor",
            "Thomas", "Maxime", "Romain", "Gaëtan", "Esteban", "Lenny", "Noa", "Liam", "Aaron", "Marius", "Mathys",
            "Tony", "Yohan",
        ),
        (
            "Isabelle", "Nathalie", "Sylvie", "Catherine", "Valérie", "Christine", "Stéphanie", "Céline", "Sandrine",
            "Aurélie", "Virginie", "Élodie", "Émilie", "Karine", "Laëtitia", "Delphine", "Caroline", "Florence",
            "Véronique", "Corinne", "Hélène", "Anne", "Claire", "Marie", "Sophie", "Julie", "Audrey", "Marine",
            "Vanessa", "Jessica", "Mireille", "Odile", "Brigitte", "Maud", "Gaëlle", "Nolwenn", "Séverine", "Magali",
            "Estelle", "Pascale", "Agnès", "Cécile", "Lydie", "Muriel",
        ),
        (
            "Philippe", "Laurent", "Stéphane", "Christophe", "Frédéric", "Olivier", "Nicolas", "Sébastien", "David",
            "Éric", "Thierry", "Pascal", "Bruno", "Franck", "Jérôme", "Julien", "Guillaume", "Cédric", "Ludovic",
            "Arnaud", "Mickaël", "Fabrice", "Damien", "Romain", "Patrice", "Serge", "Didier", "Yves", "Alain",
            "Ronan", "Loïc", "Gaël", "Yannick", "Benoît", "Vincent", "Xavier", "Matthieu", "Florian", "Adrien",
            "Gilles", "Hervé", "Emmanuel", "Régis", "Tanguy",
        ),
        (
            "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent",
            "Simon", "Michel", "Lefebvre", "Leroy", "Roux", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet",
            "Lambert", "Fontaine", "Rousseau", "Vincent", "Muller", "Lefèvre", "Faure", "Mercier", "Blanc", "Guérin",
            "Boyer", "Garnier", "Chevalier", "Legrand", "Gauthier", "Perrin", "Robin", "Morin", "Henry", "Roussel",
            "Gautier", "Masson", "Marchand", "Duval", "Denis", "Dumont", "Lemaire", "Noël", "Meyer", "Dufour",
            "Meunier", "Brun", "Blanchard", "Giraud", "Joly", "Rivière", "Lucas", "Brunet", "Gaillard", "Barbier",
            "Arnaud", "Renard", "Roche", "Schmitt", "Leroux", "Colin", "Vidal", "Caron", "Picard", "Aubert",
            "Lemoine", "Renaud", "Dumas", "Lacroix", "Bourgeois", "Benoit", "Rey", "Leclerc", "Le Goff", "Le Gall",
            "Kervella", "Guivarch", "Madec", "Tanguy", "Pottier", "Cousin", "Hubert", "Bouvet", "Gasnier", "Chauvin",
            "Leduc", "Maillard", "Baron", "Ménard", "Poirier", "Texier", "Rousselet", "Coiffard", "Gohier",
            "Raimbault", "Cesbron", "Ogereau", "Réthoré", "Juret", "Beaumont", "Bellanger", "Delaunay", "Gourdon",
            "Hamon", "Jouanneau", "Lebrun", "Pineau", "Tessier", "Vaillant",
        ),
    ),
    Names(
        15,
        (
            "Yasmine", "Nour", "Assia", "Kenza", "Amira", "Hafsa", "Safia", "Imane", "Samia", "Nawel", "Selma",
            "Leïla", "Ikram", "Rania", "Hanaé", "Syrine", "Shaïna", "Leyna", "Inès", "Lina", "Farah", "Dounia",
            "Sirine", "Maïssa", "Chaïma", "Aya",
        ),
        (
            "Rayan", "Ilyes", "Yanis", "Mehdi", "Sofiane", "Bilal", "Ayoub", "Youssef", "Amine", "Walid", "Zakaria",
            "Mohamed", "Kaïs", "Nassim", "Anis", "Hamza", "Ismaël", "Idriss", "Naël", "Adam", "Karim", "Ilyan",
            "Yacine", "Riyad", "Aymen", "Wassim",
        ),
        (
            "Fatima", "Nadia", "Samira", "Malika", "Khadija", "Rachida", "Lydia", "Soraya", "Hakima", "Naïma",
            "Zohra", "Farida", "Leïla", "Karima", "Yamina", "Souad",
        ),
        (
            "Karim", "Rachid", "Mourad", "Abdel", "Hassan", "Farid", "Samir", "Omar", "Mustapha", "Kamel", "Nabil",
            "Aziz", "Djamel", "Hicham", "Larbi", "Tarik",
        ),
        (
            "Benali", "Bouzid", "Haddad", "Khelifi", "Mansouri", "Belkacem", "Cherif", "Saïdi", "Hamdi", "Ziani",
            "Amrani", "El Amrani", "Benjelloun", "Bennani", "El Idrissi", "Ouali", "Ait Saïd", "Belhadj",
            "Messaoudi", "Slimani", "Trabelsi", "Gharbi", "Jaziri", "Benamar", "Zerrouki", "Rahmani", "Toumi",
            "Bensaïd",
        ),
    ),
    Names(
        9,
        (
            "Aminata", "Fatou", "Mariam", "Aïcha", "Kadiatou", "Oumou", "Awa", "Salimata", "Rokia", "Hawa",
            "Djénéba", "Fanta", "Bintou", "Aïssata", "Coumba", "Ramata", "Nafissatou", "Maïmouna",
        ),
        (
            "Ibrahim", "Ousmane", "Mamadou", "Moussa", "Boubacar", "Cheikh", "Lamine", "Souleymane", "Issa",
            "Abdoulaye", "Amadou", "Bakary", "Sékou", "Modibo", "Idrissa", "Alassane",
        ),
        (
            "Aïssatou", "Mariama", "Fatoumata", "Ndeye", "Adama", "Ramatoulaye", "Kadidia", "Assetou", "Binta",
            "Oumy",
        ),
        (
            "Amadou", "Seydou", "Ibrahima", "Demba", "Mamadou", "Alioune", "Boubacar", "Oumar", "Samba", "Yaya",
        ),
        (
            "Diallo", "Traoré", "Coulibaly", "Keïta", "Camara", "Konaté", "Cissé", "Diarra", "Sissoko", "Sow", "Ba",
            "Barry", "Baldé", "Diop", "Ndiaye", "Fall", "Gueye", "Sarr", "Faye", "Kouassi", "Koffi", "Konan",
            "Touré", "Sylla", "Kanté",
        ),
    ),
    Names(
        4,
        (
            "Grâce", "Divine", "Merveille", "Naomi", "Esther", "Rebecca", "Priscilla", "Benie", "Exaucée", "Ruth",
            "Déborah", "Dorcas",
        ),
        (
            "Christ", "Junior", "Isaac", "Elie", "Emmanuel", "Jérémie", "Daniel", "Samuel", "Exaucé", "Gloire",
            "Merdi", "Josué",
        ),
        (
            "Chantal", "Solange", "Béatrice", "Clémentine", "Honorine", "Pélagie", "Bernadette", "Angélique",
        ),
        (
            "Jean-Claude", "Dieudonné", "Patient", "Célestin", "Fidèle", "Gaston", "Aimé", "Blaise",
        ),
        (
            "Mbemba", "Nsimba", "Makaya", "Ilunga", "Mukendi", "Tchoumi", "Ngono", "Essomba", "Kabongo", "Loemba",
            "Massamba", "Ndongo",
        ),
    ),
    Names(
        6,
        (
            "Ana", "Beatriz", "Mariana", "Sofia", "Lara", "Inês", "Carolina", "Leonor", "Matilde", "Diana",
        ),
        (
            "Tiago", "Diogo", "Rui", "Miguel", "Rafael", "João", "André", "Nuno", "Leandro", "Fábio",
        ),
        (
            "Maria", "Paula", "Carla", "Elena", "Lurdes", "Fernanda", "Teresa", "Sandra",
        ),
        (
            "José", "Manuel", "António", "Carlos", "Paulo", "Fernando", "Joaquim", "Luís",
        ),
        (
            "Da Silva", "Ferreira", "Pereira", "Gonçalves", "Rodrigues", "Dos Santos", "Oliveira", "Ribeiro",
            "Carvalho", "Garcia", "Martinez", "Lopez", "Fernandez", "Lopes", "Tavares", "Moreira",
        ),
    ),
    Names(
        4,
        (
            "Ekin", "Elif", "Zeynep", "Melike", "Dilara", "Esma", "Sena", "Ceren", "Büşra", "Ilayda",
        ),
        (
            "Emre", "Yusuf", "Kerem", "Mert", "Berkay", "Efe", "Ozan", "Enes", "Furkan", "Kaan",
        ),
        (
            "Ayşe", "Fatma", "Emine", "Hatice", "Sevgi", "Meryem", "Gülay", "Nuray",
        ),
        (
            "Mehmet", "Hakan", "Mustafa", "Ali", "Murat", "Osman", "Kemal", "Serkan",
        ),
        (
            "Yilmaz", "Demir", "Kaya", "Aydin", "Öztürk", "Çelik", "Şahin", "Arslan", "Doğan", "Polat",
        ),
    ),
    Names(
        4,
        (
            "Mai", "Linh", "Thu", "Sreymom", "Meï", "Xinyi", "Priya", "Anjali", "Shanthi", "Lan", "Kim", "Sothea",
        ),
        (
            "Minh", "Huy", "Bao", "Vannak", "Wei", "Haoran", "Arjun", "Nithish", "Duc", "Long", "Sokha", "Ravi",
        ),
        (
            "Thi Lan", "Hoa", "Sophea", "Mei", "Lakshmi", "Ngoc", "Phally", "Yan",
        ),
        (
            "Van Duc", "Tuan", "Sothy", "Jian", "Rajan", "Hung", "Sarath", "Ming",
        ),
        (
            "Nguyen", "Tran", "Pham", "Chen", "Wang", "Sok", "Chea", "Kumar", "Sivakumar", "Patel", "Le Van",
            "Huynh",
        ),
    ),
    Names(
        2,
        (
            "Orlane", "Maéva", "Kelya", "Ioana", "Andreea", "Mihaela", "Elena", "Mélinda",
        ),
        (
            "Andrei", "Florin", "Ionut", "Mickaël", "Teddy", "Ludovic", "Loïc", "Ruben",
        ),
        (
            "Marie-Laure", "Josiane", "Gladys", "Mihaela", "Elena", "Ginette",
        ),
        (
            "Jean-Marc", "Gilbert", "Teddy", "Radu", "Ion", "Fred",
        ),
        (
            "Payet", "Hoarau", "Grondin", "Toussaint", "Célestin", "Joseph", "Jean-Baptiste", "Popescu", "Ionescu",
            "Rasolo", "Rakoto",
        ),
    ),
)  # fmt: skip
_WEIGHTS = [names.weight for names in FAMILIES]


def young(draw: Draw, *, girl: bool) -> tuple[str, str, Names]:
    """First name, last name and family of a pupil."""
    family = draw.choices(FAMILIES, _WEIGHTS)[0]
    given = family if draw.happens(0.8) else FAMILIES[0]
    return draw.choice(given.girls if girl else given.boys), draw.choice(family.last), family


def adult(draw: Draw, *, woman: bool, family: Names | None = None) -> tuple[str, str]:
    """First and last name of a grown-up, of that family's history when it is given."""
    family = family or draw.choices(FAMILIES, _WEIGHTS)[0]
    return draw.choice(family.women if woman else family.men), draw.choice(family.last)


def last(draw: Draw) -> str:
    return draw.choice(draw.choices(FAMILIES, _WEIGHTS)[0].last)


STREETS = (
    "rue des Tilleuls-d’Encre", "allée du Grand-Carillon", "rue de la Fontaine-aux-Merles", "avenue des Compagnons-du-Vent",
    "impasse du Marronnier-Rouge", "rue du Four-à-Sel", "boulevard de l’Horloge-Bleue", "rue des Trois-Lavandières",
    "chemin des Vignes-Hautes", "place du Vieux-Pressoir", "rue de l’Atelier-Neuf", "avenue de la Gare-aux-Pins",
    "rue des Mariniers-d’Ambre", "square des Hirondelles-Blanches", "rue de la Treille-Dorée", "allée des Peupliers-Gris",
    "rue du Clos-Tranquille", "rue des Écoliers-Rieurs", "chemin de la Cale-Verte", "rue de l’Ancienne-Forge",
)  # fmt: skip
BUSINESS_STREETS = (
    "zone artisanale des Peupliers-Gris", "parc d’activités du Grand-Sillon", "rue de l’Industrie-Douce",
    "avenue des Compagnons-du-Vent", "zone industrielle de la Haute-Borne", "rue des Entrepreneurs-Unis",
    "place du Vieux-Pressoir", "boulevard de l’Horloge-Bleue", "rue de l’Ancienne-Forge", "rue des Artisans-d’Ambre",
)  # fmt: skip
"""Streets that no town has."""
