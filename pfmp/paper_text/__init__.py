"""The models of convention, one a kind of stay: their texts beside, what they may name. The engine is documents.wording."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from documents.enums import DocumentType
from documents.wording.texts import Model
from pfmp.enums import PeriodKind

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

ANNEXES: Mapping[str, str] = MappingProxyType(
    {
        "absences": "Annexe : absences",
        "follow_up": "Annexe : suivi",
        "evaluation": "Annexe : bilan",
        "tutor_safety": "Annexe : sécurité",
    }
)


def _beside(name: str, stem: str, key: str) -> Model:
    """The model of another kind of stay: the same type of paper, with its own words and its own versions."""
    return Model(
        type=DocumentType.PFMP_CONVENTION,
        name=name,
        folder=Path(__file__).parent,
        stem=stem,
        current="1",
        variables=VARIABLES,
        conditions=CONDITIONS,
        titles=ANNEXES,
        own_key=key,
    )


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        PeriodKind.PFMP.value: MODEL,
        PeriodKind.BTS.value: _beside("Convention de stage de BTS", "stage_bts", "convention_bts"),
        PeriodKind.OBSERVATION_3E.value: _beside(
            "Convention de séquence d’observation de 3e", "observation_3e", "convention_3e"
        ),
        PeriodKind.OBSERVATION_2GT.value: _beside(
            "Convention de séquence d’observation de 2de", "observation_2gt", "convention_2gt"
        ),
        PeriodKind.OBSERVATION.value: _beside(
            "Convention d’observation volontaire", "observation_volontaire", "convention_observation"
        ),
    }
)
"""By kind of period: the convention that its placements get (R-OBS-02, R-DUREE-10)."""


def model_of(kind: str) -> Model:
    """The model of a kind of stay; an unknown kind is a PFMP."""
    return MODELS.get(kind, MODEL)
