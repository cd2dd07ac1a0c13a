"""Models that a pupil copies: a letter to a company, a CV; with the pupil's own name, class and dates in them."""

from collections.abc import Callable
from dataclasses import dataclass

from core import french, typography
from pfmp.models import Period, PfmpSettings
from schools.models import Student

LETTER = """{prénom} {nom}
{commune}

{entreprise}

Objet : demande de stage ({dates})

Madame, Monsieur,

Je suis élève en {classe} au {lycée}. Je prépare : {formation}.

Je cherche une entreprise pour ma période de formation en milieu professionnel, {dates}. Ce stage n'est pas payé par l'entreprise, et le lycée prépare la convention.

Votre métier m'intéresse : … (dis ce que l'entreprise fait et ce qui te plaît).

Je suis … (deux qualités, par exemple : à l'heure, curieux). J'ai déjà … (un stage, un travail à l'atelier, une aide dans la famille).

Je peux venir vous rencontrer quand vous le voulez. Mon téléphone : …

Merci de votre réponse. Recevez, Madame, Monsieur, mes salutations respectueuses.

{prénom} {nom}
"""

CV = """# {prénom} {nom}
{commune}
Téléphone : …
Courriel : … (une adresse simple, avec ton nom)

# Ce que je cherche
Un stage, {dates}

# Ma formation
{classe}, {lycée}
{formation}

# Mes stages et mes expériences
Année, entreprise, commune : ce que j'ai fait (deux ou trois verbes)
…

# Ce que je sais faire
Machines, outils, logiciels vus à l'atelier : …
Langues : …

# Ce que j'aime
Sport, association, loisirs : …
"""

ADVICE = """Prépare ta phrase : « Bonjour, je suis élève en {classe} au {lycée}, je cherche un stage {dates}. À qui puis-je parler ? »
Va sur place quand tu peux, avec ton CV. Le matin tôt est souvent un bon moment.
Demande le nom de la personne, et note la réponse ici.
Pas de réponse ? Rappelle après une semaine.
On te dit non ? Demande : « Connaissez-vous une autre entreprise ? » Puis essaie la suivante.
Parles-en à ta famille, à tes voisins, à tes anciens tuteurs.
Tu bloques ? Viens voir ton professeur ou le bureau des entreprises : ils appellent avec toi."""


BLANKS = ("prénom", "nom", "commune", "classe", "formation", "lycée", "dates", "entreprise")
"""The words between braces that become what is known of a pupil (`of`)."""


@dataclass(frozen=True)
class Filled:
    """The texts of one pupil."""

    letter: str
    cv: str
    advice: list[str]

    @property
    def plain_cv(self) -> str:
        """The CV to copy: titles without their mark."""
        return "\n".join(line.removeprefix("# ") for line in self.cv.splitlines())


def of(student: Student, period: Period | None, settings: PfmpSettings | None, *, company: str = "") -> Filled:
    """The school's own words where it wrote some, else those that ship; blanks become what is known of the pupil."""
    klass = period.school_class if period else None
    words = {
        "prénom": student.first_name,
        "nom": student.last_name,
        "commune": " ".join(filter(None, (student.postal_code, student.city))) or "…",
        "classe": klass.label if klass else "…",
        "formation": (klass.diploma if klass else "") or "…",
        "lycée": student.school.name,
        "dates": french.period(period.start_date, period.end_date) if period else "du … au …",
        "entreprise": company or "Nom de l'entreprise",
    }
    fill = filling(words)
    own = settings or PfmpSettings()
    advice = own.student_advice.strip() or ADVICE
    return Filled(
        fill(own.student_letter.strip() or LETTER),
        fill(CV),
        [line.strip() for line in fill(advice).splitlines() if line.strip()],
    )


def filling(words: dict[str, str]) -> Callable[[str], str]:
    """Put known words in the blanks of a text; what looks like a blank and is none stays as it was written."""

    def fill(text: str) -> str:
        for name, value in words.items():
            text = text.replace(f"{{{name}}}", value)
        return typography.french(text)

    return fill
