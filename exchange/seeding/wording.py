"""Texts that a demo lycée has put in its own words: a version or two of each model of paper."""

from conventions.paper_text import MODEL as AGREEMENT
from documents.models import PaperModel
from exchange.seeding.world import World
from pfmp.paper_text import MODEL as PFMP

FOLLOW_UP = (
    "Les parties se réunissent en juin, au lycée ou chez le partenaire. Elles comparent ce qui a été promis et ce qui a été "
    "fait. Le bureau des entreprises rédige le compte rendu.\n{% si suivi %}\n{{ suivi }}\n{% fin %}"
)
ABSENCES = (
    "Toute absence est signalée le jour même au bureau de la vie scolaire de {{ etablissement }}.\n"
    "{% si mineur %}\nLe lycée prévient la famille.\n{% sinon %}\nL’élève majeur prévient lui-même son tuteur.\n{% fin %}"
)

PREAMBLE = (
    "{{ etablissement }} forme des élèves aux métiers avec ceux qui les exercent. {{ partenaire }} souhaite y prendre part, "
    "dans l’intérêt des élèves."
)


def reword_papers(world: World) -> None:
    """Each model of paper in the school's own words, after the papers of the past were issued under the shipped one."""
    for model, versions in (
        (PFMP, ({"absences": ABSENCES},)),
        (AGREEMENT, ({"6": FOLLOW_UP}, {"6": FOLLOW_UP, "preambule": PREAMBLE})),
    ):
        for number, articles in enumerate(versions, start=1):
            model.default().with_own(articles, version="")
            world.add(PaperModel, type=model.type, number=number, articles=articles)
