"""The model of the partnership agreement: its texts beside, what they may name. The engine is documents.wording."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from documents.enums import DocumentType
from documents.wording.texts import Model

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "etablissement": "nom du lycée",
        "chef_etablissement": "nom du chef d’établissement",
        "academie": "académie du lycée",
        "partenaire": "nom du partenaire",
        "representant": "personne qui signe pour le partenaire",
        "titre": "titre de la convention",
        "objet": "objet, tel qu’il est saisi",
        "cadre": "intitulé, signataire et date de la convention déclinée",
        "deliberation": "date de la délibération du conseil d’administration",
        "date_debut": "premier jour",
        "date_fin": "dernier jour",
        "reconduction": "durée d’une reconduction",
        "preavis": "durée du préavis",
        "interlocuteur": "interlocuteur chez le partenaire",
        "referent": "personne qui suit la convention au lycée",
        "suivi": "modalités de suivi, telles qu’elles sont saisies",
        "precedente": "convention que celle-ci renouvelle",
    }
)

CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "cadre_national": "la convention décline une convention nationale",
        "cadre_regional": "la convention décline une convention de la région académique",
        "cadre_academique": "la convention décline une convention de l’académie",
        "renouvellement": "la convention en renouvelle une autre",
        "objet": "l’objet est saisi",
        "deliberation": "la date de la délibération est connue",
        "date_debut": "le premier jour est fixé",
        "date_fin": "le dernier jour est fixé",
        "tacite_reconduction": "la tacite reconduction est prévue",
        "preavis": "un préavis est prévu",
        "stages": "des élèves sont accueillis en PFMP",
        "offres": "des offres sont promises",
        "taxe": "la taxe d’apprentissage est un des engagements",
        "materiel": "un don de matériel est un des engagements",
        "engagements": "au moins un engagement est chiffré dans l’annexe",
        "interlocuteur": "l’interlocuteur du partenaire est nommé",
        "referent": "la personne qui suit au lycée est nommée",
        "suivi": "les modalités de suivi sont saisies",
        "avenant": "le document est un avenant",
    }
)

MODEL = Model(
    type=DocumentType.AGREEMENT,
    name="Convention de partenariat",
    folder=Path(__file__).parent,
    stem="convention_partenariat",
    current="1",
    variables=VARIABLES,
    conditions=CONDITIONS,
    titles={"preambule": "Préambule", "engagements": "Annexe : engagements"},
)
