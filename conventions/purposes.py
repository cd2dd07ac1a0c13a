"""What an agreement is for, and for whom: a closed list read from its words by rules that anyone can check.

Pure. A rule is a pattern on comparable words (`comparing.plain`: no accent, no case, no punctuation); `\\b` starts a word, so
« metier » meets « métiers ». Nothing is guessed beyond the words: a text without themes has no purpose.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from conventions.comparing import plain
from conventions.enums import ActionType, Audience, Purpose

PURPOSES: Mapping[Purpose, Sequence[str]] = {
    Purpose.DISCOVERY: (
        r"\bdecouvert", r"\borientation", r"\btemoignage", r"\bvisite", r"\bfiches metiers", r"\battractiv", r"\bportes ouvertes",
        r"\b(information|promotion|connaissance|etude|presentation)s? (\w+ ){0,4}metiers", r"\bconnaissance (de l entreprise|du monde)",
        r"\binformation des jeunes", r"\bsensibilisation", r"\bparcours avenir", r"\bvenue de classes", r"\bformations et metiers",
        r"\b(ingenieurs|techniciens|interventions?) (\w+ ){0,4}(classes|professionnels|etablissements)",
        r"\bidentification des metiers", r"^metiers et diplomes", r"; metiers et diplomes", r"\binformation\b(?! des formateurs)",
    ),
    Purpose.PLACEMENTS: (
        r"\bstages?\b", r"\bpfmp\b", r"\bformation en milieu professionnel", r"\bimmersions?\b(?! (professionnelle )?des? enseignants)",
        r"\baccueil (des|d) (jeunes|eleves)", r"\baccueil en (stage|entreprise)",
    ),
    Purpose.APPRENTICESHIP: (r"(?<!taxe d )\bapprenti", r"\balternance"),
    Purpose.INSERTION: (
        r"\binsertion", r"\bavenir ?pro\b", r"\bemploi\b", r"\bdebouche", r"\bvie professionnelle\b", r"\brecrutement",
    ),
    Purpose.MENTORING: (r"\bmentor", r"\bparrain", r"\bmarrain", r"\btutorat", r"\baccompagnement"),
    Purpose.EQUALITY: (
        r"\begalite", r"\bmixite", r"\bfemmes?\b", r"\bfilles?\b", r"\bmodestes?\b", r"\beducation prioritaire", r"\bpublics? prioritaire",
        r"\bquartiers?\b", r"\bruralite", r"\bhandicap", r"\binclusi",
    ),
    Purpose.DROPOUT: (r"\bdecroch", r"\bqualification de tous", r"\bperseverance"),
    Purpose.DIPLOMAS: (
        r"\bdiplome", r"\bcertification", r"\bcarte des formations", r"\bformations? (\w+ ){0,3}(initiale|professionnelle|continue|adultes)",
        r"\bevolution des (diplomes|formations)", r"\benseignement professionnel", r"\bvae\b", r"\bvalidation des acquis", r"\bcompetences\b",
        r"\bcoloration", r"\bclasses? (reseaux|en entreprise)", r"\bformations technologiques et professionnelles", r"\blycee des metiers",
        r"\bvalorisation de la voie", r"\bformation initiale", r"\bformation tout au long", r"\bformation (et|des adultes)",
        r"(^|; )formation( ;|$)", r"\bsuperieur\b", r"\binitiation aeronautique", r"\bpreparation du bia\b",
    ),
    Purpose.TEACHERS: (
        r"\benseignants?\b", r"\bprofesseurs?\b", r"\bformateurs\b", r"\bpersonnels?\b", r"\bingenieurs detaches", r"\bressources \w+ pedagogiques",
    ),
    Purpose.RESOURCES: (
        r"\btaxe\b", r"\bequipement", r"\bmateriel\b", r"\bvehicules\b", r"\bfinancement", r"\b(appui|soutien|aide)s? financ", r"\bmecenat", r"\bdons?\b", r"\bgratification",
    ),
    Purpose.GREEN: (r"\btransition (energetique|ecologique)", r"\becologi", r"\bdeveloppement durable", r"\bclimat"),
    Purpose.MOBILITY: (r"\binternational", r"\beurope", r"\berasmus", r"\bmobilite (internationale|europeenne)"),
    Purpose.ENTERPRISE: (
        r"\bentrepreneu", r"\becole entreprise", r"\brelation \w+ entreprise", r"\beducation (entreprise|artisanat)",
        r"\bentreprises (engagees|de proximite)", r"\bpartenaires educatifs et economiques", r"\bsites industriels",
        r"\bcooperation (education|sur)", r"\bactions (concertees|aupres)", r"\bcampus des metiers", r"\beconomique",
    ),
    Purpose.CONTESTS: (r"\bconcours\b", r"\bcompetitions?\b", r"\bvaloriser les jeunes", r"\bdefis?\b"),
    Purpose.CITIZENSHIP: (
        r"\bcitoyen", r"\bculture (de )?(defense|aeronautique|des sciences)", r"\bdefense\b", r"\bsecurite\b", r"\bresponsabilite",
        r"\bsciences et techniques", r"\beducation economique",
    ),
}  # fmt: skip
"""In the order of pages: what the ministry asks of the bureau des entreprises first."""

AUDIENCES: Mapping[Audience, Sequence[str]] = {
    Audience.MIDDLE_SCHOOL: (r"\bcolleg", r"\b(3e|5e)\b", r"\bscolaires\b", r"\btous (eleves|niveaux)"),
    Audience.VOCATIONAL: (
        r"\blycees? professionnels?", r"\bvoie professionnelle", r"\bbac pro\b", r"\bcap\b", r"\blycees? (et cfa )?hotelier",
        r"\btous (eleves|niveaux)", r"\bscolaires\b", r"\blycees?\b(?! (general|technologique))",
    ),
    Audience.APPRENTICES: (r"\bapprenti", r"\bcfa\b"),
    Audience.HIGHER: (r"\bbts\b", r"\bsuperieur\b", r"\betudiants\b", r"\btous niveaux"),
    Audience.PRIORITY: (r"\beducation prioritaire", r"\bpublics? prioritaire", r"\bmodestes?\b", r"\bdecroch"),
    Audience.STAFF: (r"\bpersonnels?\b", r"\benseignants?\b", r"\bformateurs\b", r"\bprofesseurs?\b"),
}  # fmt: skip

ACTIONS: Mapping[ActionType, Sequence[str]] = {
    ActionType.COMPANY_VISIT: (r"\bvisite", r"\bmetiers de l energie", r"\bsites industriels", r"\bconnaissance de l entreprise"),
    ActionType.PROFESSIONAL_TALK: (
        r"\btemoignage", r"\bintervention", r"\b(ingenieurs|techniciens) (\w+ ){0,4}(classes|etablissements)",
        r"\binformation (\w+ ){0,4}metiers", r"\brencontres avec", r"\bpromotion des metiers", r"\bpresentation",
    ),
    ActionType.OBSERVATION: (r"\bstages? (\w+ ){0,2}(de )?3e", r"\bstages? d observation", r"\bimmersions?\b(?! (professionnelle )?des? enseignants)"),
    ActionType.MIDDLE_SCHOOL: (r"\bcolleg", r"\bde la 5e"),
    ActionType.OPEN_DAY: (r"\bportes ouvertes",),
    ActionType.FORUM: (r"\bforum", r"\bsalon", r"\bsemaines?\b"),
    ActionType.MENTORING: (r"\bmentor", r"\bparrain", r"\btutorat", r"\baccompagnement (des jeunes|jusqu)"),
    ActionType.MOCK_INTERVIEW: (r"\bentretiens\b", r"\bpreparation a l (insertion|emploi)", r"\bvie professionnelle\b"),
    ActionType.AVENIRPRO: (r"\bavenir ?pro\b",),
    ActionType.JOB_DATING: (r"\brecrutement", r"\balternance", r"\brecherche de stages?"),
    ActionType.TEACHER_IMMERSION: (
        r"\bimmersions? (professionnelle )?des? enseignants", r"\bprofesseurs (en entreprise|associes)", r"\baccueil (\w+ ){0,4}(enseignants|personnels)",
    ),
    ActionType.TAILORED_TRAINING: (
        r"\bformation (des|d) (\w+ (et )?)?(enseignants|personnels|cadres)", r"\bateliers?\b", r"\bcoloration", r"\bclasses? (reseaux|en entreprise)",
    ),
    ActionType.CONTEST: (r"\bconcours\b", r"\bcompetitions?\b", r"\bdefis?\b"),
    ActionType.EQUIPMENT_GIFT: (r"\bdons? (de|d) ", r"\bmise a disposition de vehicules", r"\bequipement"),
    ActionType.IMPROVEMENT_COUNCIL: (r"\bevolution des (diplomes|formations)", r"\bcarte des formations"),
    ActionType.MOBILITY: (r"\binternational", r"\bmobilite (internationale|europeenne)"),
    ActionType.NETWORK_MEETING: (r"\bpilotage\b", r"\bclubs?\b", r"\bcorrespondants locaux", r"\breseaux d entreprises"),
    ActionType.EXAM_JURY: (r"\bjury",),
}  # fmt: skip
"""Kinds of action that the words of a theme call for; proposals that people tick or not."""

T = TypeVar("T")


def comparable(texts: Iterable[str]) -> str:
    """Several texts as the rules read them: each its own, so that no pattern runs from one to the next."""
    return " ; ".join(plain(text) for text in texts if text)


def _found(rules: Mapping[T, Sequence[str]], text: str) -> list[T]:
    return [kind for kind, patterns in rules.items() if any(re.search(pattern, text) for pattern in patterns)]


def purposes_of(themes: Iterable[str], *, sector: str = "", title: str = "") -> list[Purpose]:
    """What an agreement is for, by the words of its themes, of its sector, and of a title that does not list its parties.

    None without themes: a title such as « Accord ministère / LEEM apprentissage » says who, not what for.
    """
    themes = [theme for theme in themes if theme.strip()]
    told = "" if "/" in title else title
    return _found(PURPOSES, comparable([*themes, sector, told])) if themes else []


def audiences_of(publics: Iterable[str]) -> list[Audience]:
    """For whom an agreement is, by the words of its publics."""
    return _found(AUDIENCES, comparable(publics))


def actions_for(themes: Iterable[str]) -> list[ActionType]:
    """The kinds of action that these themes call for."""
    return _found(ACTIONS, comparable(themes))
