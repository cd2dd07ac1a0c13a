"""The model of the PFMP convention: its texts beside, what they may name. The engine is documents.wording."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from documents.enums import DocumentType
from documents.wording.texts import Model

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "etablissement": "nom de l’établissement",
        "chef_etablissement": "nom du chef d’établissement",
        "organisme": "raison sociale de l’organisme d’accueil",
        "eleve": "prénom et nom de l’élève",
        "classe": "classe de l’élève",
        "diplome": "diplôme préparé",
        "tuteur": "nom du tuteur",
        "referent": "nom de l’enseignant référent",
        "date_debut": "premier jour de la période",
        "date_fin": "dernier jour de la période",
        "duree": "durée totale en heures",
        "duree_hebdomadaire": "durée d’une semaine",
        "annee": "année scolaire",
        "deliberation": "date de la délibération du conseil d’administration",
    }
)

CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "mineur": "l’élève a moins de 18 ans à la signature ou au départ, ou son âge n’est pas connu",
        "majeur": "l’élève a 18 ans ou plus",
        "etranger": "l’organisme d’accueil a un code postal qui n’est pas français",
        "alsace_moselle": "l’organisme d’accueil est en Alsace ou en Moselle",
        "travaux_reglementes": "des travaux réglementés sont prévus",
        "nuit": "des heures de nuit sont prévues",
        "dimanche": "un dimanche est travaillé",
        "gratification": "la gratification est obligatoire, au-delà de 308 heures",
        "avenant": "le document est un avenant",
    }
)

MODEL = Model(
    type=DocumentType.PFMP_CONVENTION,
    name="Convention de PFMP",
    folder=Path(__file__).parent,
    stem="convention",
    current="1",
    variables=VARIABLES,
    conditions=CONDITIONS,
    titles={
        "absences": "Annexe pédagogique : absences",
        "follow_up": "Annexe pédagogique : suivi",
        "evaluation": "Annexe pédagogique : évaluation",
        "tutor_safety": "Annexe pédagogique : santé et sécurité",
    },
)
