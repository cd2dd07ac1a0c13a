"""First and last names of the pupils and adults of today's lycées, written for this project. Nobody is meant."""

GIRLS = (
    "Inès", "Jade", "Louise", "Emma", "Chloé", "Léa", "Manon", "Camille", "Sarah", "Lina", "Yasmine", "Nour", "Assia",
    "Aminata", "Fatou", "Mariam", "Aïcha", "Kadiatou", "Oumou", "Awa", "Salimata", "Rokia", "Hawa", "Djénéba", "Maëlys",
    "Océane", "Lola", "Zoé", "Anaïs", "Clara", "Juliette", "Margaux", "Romane", "Lucie", "Mathilde", "Agathe", "Élise",
    "Alicia", "Mélissa", "Cassandra", "Kenza", "Amira", "Hafsa", "Safia", "Imane", "Samia", "Nawel", "Selma", "Leïla",
    "Ikram", "Wendy", "Priscilla", "Grâce", "Divine", "Merveille", "Naomi", "Esther", "Rebecca", "Ana", "Beatriz",
    "Mariana", "Sofia", "Elena", "Ioana", "Andreea", "Mihaela", "Ekin", "Elif", "Zeynep", "Melike", "Dilara", "Esma",
    "Mai", "Linh", "Thu", "Sreymom", "Meï", "Xinyi", "Priya", "Anjali", "Shanthi", "Tessa", "Noémie", "Solène", "Gwenn",
    "Enora", "Maïwenn", "Lilou", "Eva", "Maëva", "Tiphaine", "Kimberley", "Shaïna", "Leyna", "Rania", "Hanaé", "Capucine",
    "Charlotte", "Pauline", "Justine", "Coralie", "Laura", "Marion", "Orlane", "Syrine", "Fanta", "Bintou", "Nina",
)  # fmt: skip
BOYS = (
    "Lucas", "Nathan", "Enzo", "Théo", "Hugo", "Mathis", "Noah", "Louis", "Gabriel", "Raphaël", "Arthur", "Jules",
    "Adam", "Rayan", "Ilyes", "Yanis", "Mehdi", "Sofiane", "Bilal", "Ayoub", "Youssef", "Amine", "Walid", "Zakaria",
    "Mohamed", "Ibrahim", "Ousmane", "Mamadou", "Moussa", "Boubacar", "Cheikh", "Lamine", "Souleymane", "Issa", "Abdoulaye",
    "Kylian", "Evan", "Ethan", "Tom", "Baptiste", "Quentin", "Maxence", "Antoine", "Clément", "Valentin", "Alexis",
    "Dorian", "Kévin", "Jordan", "Dylan", "Steven", "Loan", "Erwan", "Malo", "Titouan", "Corentin", "Alan", "Yann",
    "Tiago", "Diogo", "Rui", "Miguel", "Alejandro", "Andrei", "Florin", "Ionut", "Emre", "Yusuf", "Kerem", "Mert",
    "Minh", "Huy", "Bao", "Vannak", "Wei", "Haoran", "Arjun", "Nithish", "Timéo", "Sacha", "Nolan", "Axel", "Gabin",
    "Eliott", "Martin", "Robin", "Simon", "Tristan", "Bastien", "Léo", "Mael", "Samuel", "Daniel", "Jérémie", "Emmanuel",
    "Christ", "Junior", "Isaac", "Elie", "Kaïs", "Nassim", "Anis", "Hamza", "Ismaël", "Idriss", "Naël",
)  # fmt: skip
WOMEN = (
    "Isabelle", "Nathalie", "Sylvie", "Catherine", "Valérie", "Christine", "Stéphanie", "Céline", "Sandrine", "Aurélie",
    "Virginie", "Élodie", "Émilie", "Karine", "Laëtitia", "Delphine", "Caroline", "Florence", "Véronique", "Corinne",
    "Fatima", "Nadia", "Samira", "Malika", "Khadija", "Rachida", "Aïssatou", "Mariama", "Fatoumata", "Ndeye", "Maria",
    "Paula", "Carla", "Elena", "Thi Lan", "Hélène", "Anne", "Claire", "Marie", "Sophie", "Julie", "Audrey", "Marine",
    "Vanessa", "Jessica", "Lydia", "Soraya", "Hakima", "Ayşe", "Mireille", "Odile", "Brigitte", "Maud", "Gaëlle", "Nolwenn",
)  # fmt: skip
MEN = (
    "Philippe", "Laurent", "Stéphane", "Christophe", "Frédéric", "Olivier", "Nicolas", "Sébastien", "David", "Éric",
    "Thierry", "Pascal", "Bruno", "Franck", "Jérôme", "Julien", "Guillaume", "Cédric", "Ludovic", "Arnaud", "Mickaël",
    "Fabrice", "Damien", "Romain", "Karim", "Rachid", "Mourad", "Abdel", "Hassan", "Farid", "Samir", "Omar", "Amadou",
    "Seydou", "Ibrahima", "Patrice", "Serge", "Didier", "Yves", "Alain", "José", "Manuel", "António", "Mehmet", "Hakan",
    "Van Duc", "Ronan", "Loïc", "Gaël", "Yannick", "Benoît", "Vincent", "Xavier", "Matthieu", "Florian", "Adrien",
)  # fmt: skip
LAST = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon",
    "Michel", "Lefebvre", "Leroy", "Roux", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Lambert", "Fontaine",
    "Rousseau", "Vincent", "Muller", "Lefèvre", "Faure", "Mercier", "Blanc", "Guérin", "Boyer", "Garnier", "Chevalier",
    "Legrand", "Gauthier", "Garcia", "Perrin", "Robin", "Morin", "Henry", "Roussel", "Gautier", "Masson", "Marchand",
    "Duval", "Denis", "Dumont", "Lemaire", "Noël", "Meyer", "Dufour", "Meunier", "Brun", "Blanchard", "Giraud", "Joly",
    "Rivière", "Lucas", "Brunet", "Gaillard", "Barbier", "Arnaud", "Martinez", "Renard", "Roche", "Schmitt", "Leroux",
    "Colin", "Vidal", "Caron", "Picard", "Aubert", "Lemoine", "Renaud", "Dumas", "Lacroix", "Olivier", "Philippe",
    "Bourgeois", "Pierre", "Benoit", "Rey", "Leclerc", "Payet", "Hoarau", "Grondin", "Lopez", "Fernandez", "Da Silva",
    "Ferreira", "Pereira", "Gonçalves", "Rodrigues", "Dos Santos", "Oliveira", "Ribeiro", "Carvalho", "Popescu", "Ionescu",
    "Benali", "Bouzid", "Haddad", "Khelifi", "Mansouri", "Belkacem", "Cherif", "Saïdi", "Hamdi", "Ziani", "Amrani",
    "El Amrani", "Benjelloun", "Bennani", "El Idrissi", "Ouali", "Ait Saïd", "Belhadj", "Messaoudi", "Slimani", "Trabelsi",
    "Gharbi", "Jaziri", "Diallo", "Traoré", "Coulibaly", "Keïta", "Camara", "Konaté", "Cissé", "Diarra", "Sissoko",
    "Sow", "Ba", "Barry", "Baldé", "Diop", "Ndiaye", "Fall", "Gueye", "Sarr", "Faye", "Kouassi", "Koffi", "Konan",
    "Mbemba", "Nsimba", "Makaya", "Ilunga", "Mukendi", "Tchoumi", "Ngono", "Essomba", "Yilmaz", "Demir", "Kaya", "Aydin",
    "Öztürk", "Nguyen", "Tran", "Pham", "Le Goff", "Le Gall", "Kervella", "Guivarch", "Madec", "Tanguy", "Chen", "Wang",
    "Sok", "Chea", "Kumar", "Sivakumar", "Patel", "Rasolo", "Rakoto", "Toussaint", "Célestin", "Joseph", "Jean-Baptiste",
    "Pottier", "Cousin", "Hubert", "Bouvet", "Gasnier", "Chauvin", "Leduc", "Maillard", "Baron", "Ménard", "Poirier",
    "Texier", "Rousselet", "Coiffard", "Gohier", "Raimbault", "Cesbron", "Ogereau", "Réthoré", "Juret", "Beaumont",
)  # fmt: skip
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
