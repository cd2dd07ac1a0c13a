"""The register of the dossier: its resources, their columns, keys and references, and the model field behind each column.

What the data package of the contract says is read from it (`data/datapackage.json`); only the model paths are written here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import models

from conventions.models import Agreement, Network
from documents.models import Document, Signature
from events.models import Action, ActionPartner, Invitation, Participation
from indicators.models import IndicatorShare
from partners.models import Contact, Contribution, Interaction, Offer, OfferBeneficiary, Partner, TaxCampaign
from pfmp.models import Exemption, Period, Placement, Visit
from schools.models import Membership, School, SchoolClass, Schooling, Student, TeachingAssignment
from surveys.models import LeaverOutcome, Survey, SurveyAnswer

PACKAGE_FILE = Path(__file__).parent / "data" / "datapackage.json"
PACKAGE_NAME = "datapackage.json"
SCHOOLS = "etablissements"

# Resource → model, and column → path from the model to the value. A path through a relation ("student__dossier_id") is read
# by a join, and written by looking the row up and setting the relation.
_DOSSIER_ID = {"id": "dossier_id", "uai": "school__uai"}
_PATHS: dict[str, tuple[type[models.Model], dict[str, str]]] = {
    "etablissements": (
        School,
        {
            "uai": "uai", "nom": "name", "type": "type", "academie": "academy", "adresse": "address",
            "code_postal": "postal_code", "commune": "city", "courriel": "email", "telephone": "phone",
            "chef_etablissement": "head_name",
        },
    ),
    "classes": (
        SchoolClass,
        {
            "uai": "school__uai", "annee": "year", "code": "code", "libelle": "label", "niveau": "niveau",
            "diplome": "diploma", "code_formation": "formation_code", "filiere": "filiere",
        },
    ),
    "eleves": (
        Student,
        _DOSSIER_ID
        | {
            "ine": "ine", "nom": "last_name", "prenom": "first_name", "sexe": "sex", "date_naissance": "birth_date",
            "courriel": "email", "telephone": "phone", "adresse": "address", "code_postal": "postal_code",
            "commune": "city", "responsable_nom": "guardian_name", "responsable_courriel": "guardian_email",
            "responsable_telephone": "guardian_phone",
        },
    ),
    "scolarites": (
        Schooling,
        {
            "eleve_id": "student__dossier_id", "uai": "school__uai", "annee": "year",
            "classe_code": "school_class__code", "date_entree": "entry_date", "date_sortie": "exit_date",
            "public_prioritaire": "priority",
        },
    ),
    "personnels": (
        Membership,
        {"courriel": "email", "uai": "school__uai", "nom": "last_name", "prenom": "first_name", "role": "role"},
    ),
    "affectations": (
        TeachingAssignment,
        {
            "courriel": "membership__email", "uai": "school__uai", "annee": "year",
            "classe_code": "school_class__code", "professeur_principal": "is_head_teacher",
        },
    ),
    "partenaires": (
        Partner,
        _DOSSIER_ID
        | {
            "raison_sociale": "name", "siret": "siret", "type": "type", "naf": "naf", "effectif": "headcount",
            "adresse": "address", "code_postal": "postal_code", "commune": "city", "latitude": "latitude",
            "longitude": "longitude", "telephone": "phone", "courriel": "email", "site_web": "website",
            "statut": "status", "premier_contact_le": "first_contact_date", "notes": "notes",
        },
    ),
    "contacts": (
        Contact,
        {
            "id": "dossier_id", "partenaire_id": "partner__dossier_id", "nom": "last_name", "prenom": "first_name",
            "fonction": "position", "role": "role", "courriel": "email", "telephone": "phone", "actif": "is_active",
            "ancien_eleve": "is_former_student",
        },
    ),
    "echanges": (
        Interaction,
        {
            "id": "dossier_id", "partenaire_id": "partner__dossier_id", "contact_id": "contact__dossier_id",
            "date": "date", "canal": "channel", "initiative": "initiative", "objet": "subject",
            "compte_rendu": "report", "auteur_courriel": "author_email", "relance_le": "call_again_date",
            "relance_faite": "called_again",
        },
    ),
    "conventions": (
        Agreement,
        _DOSSIER_ID
        | {
            "niveau": "level", "academie": "academy", "parente_id": "parent__dossier_id",
            "partenaire_id": "partner__dossier_id", "signataire": "signatory", "titre": "title", "axes": "axes",
            "date_signature": "signed_date", "date_debut": "start_date", "date_fin": "end_date",
            "tacite_reconduction": "tacit_renewal", "resiliee_le": "terminated_date",
            "deliberation_ca_le": "board_vote_date", "suivi": "follow_up", "url": "url",
        },
    ),
    "reseaux": (
        Network,
        _DOSSIER_ID
        | {
            "nom": "name", "type": "type", "date_adhesion": "joined_date", "date_sortie": "left_date",
            "date_formalisation": "formalised_date", "acte": "act",
        },
    ),
    "actions": (
        Action,
        _DOSSIER_ID
        | {
            "type": "type", "intitule": "title", "date_debut": "start_date", "date_fin": "end_date",
            "duree_heures": "hours", "statut": "status", "initiative": "initiative",
            "convention_id": "agreement__dossier_id", "reseau_id": "network__dossier_id", "etiquettes": "tags",
            "public_externe": "outside_public", "evenement_national": "national_event", "lieu": "place",
            "cible_prioritaire": "for_priority", "bilan": "review",
        },
    ),
    "actions_partenaires": (
        ActionPartner,
        {"action_id": "action__dossier_id", "partenaire_id": "partner__dossier_id"},
    ),
    "invitations": (
        Invitation,
        {
            "action_id": "action__dossier_id", "partenaire_id": "partner__dossier_id", "envoyee_le": "sent_date",
            "reponse": "reply", "repondue_le": "replied_date", "present": "present",
        },
    ),
    "participations": (
        Participation,
        {"action_id": "action__dossier_id", "eleve_id": "student__dossier_id", "present": "present"},
    ),
    "periodes_pfmp": (
        Period,
        _DOSSIER_ID
        | {
            "annee": "year", "classe_code": "school_class__code", "libelle": "label", "date_debut": "start_date",
            "date_fin": "end_date",
        },
    ),
    "dispenses": (
        Exemption,
        {"periode_id": "period__dossier_id", "eleve_id": "student__dossier_id", "motif": "reason"},
    ),
    "placements": (
        Placement,
        {
            "id": "dossier_id", "periode_id": "period__dossier_id", "eleve_id": "student__dossier_id",
            "partenaire_id": "partner__dossier_id", "tuteur_id": "tutor__dossier_id",
            "referent_courriel": "referent_email", "date_debut": "start_date", "date_fin": "end_date",
            "statut": "status", "interrompu_le": "interrupted_date", "motif_interruption": "interruption_reason",
            "origine": "origin", "jours_effectues": "days_done", "activites": "tasks",
            "lieu_adresse": "place_address", "horaires": "timetable",
        },
    ),
    "visites": (
        Visit,
        {
            "id": "dossier_id", "placement_id": "placement__dossier_id", "date": "date", "mode": "mode",
            "auteur_courriel": "author_email", "compte_rendu": "report",
        },
    ),
    "offres": (
        Offer,
        _DOSSIER_ID
        | {
            "partenaire_id": "partner__dossier_id", "type": "type", "intitule": "title",
            "recue_le": "received_date", "postes": "positions", "pourvue_le": "filled_date",
            "retiree_le": "withdrawn_date",
        },
    ),
    "offres_beneficiaires": (
        OfferBeneficiary,
        {"offre_id": "offer__dossier_id", "eleve_id": "student__dossier_id", "date": "date"},
    ),
    "taxe_apprentissage": (
        Contribution,
        _DOSSIER_ID
        | {
            "partenaire_id": "partner__dossier_id", "campagne": "campaign", "nature": "nature", "montant": "amount",
            "recu_le": "received_date", "usage": "use",
        },
    ),
    "campagnes_taxe": (
        TaxCampaign,
        {"uai": "school__uai", "campagne": "campaign", "objectif": "target", "close_le": "closing_date"},
    ),
    "enquetes": (
        Survey,
        _DOSSIER_ID
        | {
            "public": "audience", "titre": "title", "ouverte_le": "opened_date", "close_le": "closed_date",
            "sollicites": "asked_count", "action_id": "action__dossier_id", "periode_id": "period__dossier_id",
        },
    ),
    "satisfaction": (
        SurveyAnswer,
        _DOSSIER_ID
        | {
            "public": "audience", "date": "date", "note": "grade", "enquete_id": "survey__dossier_id",
            "action_id": "action__dossier_id", "placement_id": "placement__dossier_id",
            "partenaire_id": "partner__dossier_id", "commentaire": "comment",
        },
    ),
    "insertion": (
        LeaverOutcome,
        {
            "eleve_id": "student__dossier_id", "uai": "school__uai", "annee_sortie": "leaving_year",
            "echeance_mois": "term_months", "date_enquete": "survey_date", "situation": "situation",
            "partenaire_id": "partner__dossier_id",
        },
    ),
    "partages": (
        IndicatorShare,
        _DOSSIER_ID
        | {
            "partenaire_id": "partner__dossier_id", "indicateurs": "indicators", "partage_le": "shared_date",
            "revoque_le": "revoked_date",
        },
    ),
    "documents": (
        Document,
        _DOSSIER_ID
        | {
            "type": "type", "objet": "subject", "objet_id": "subject_id", "numero": "number", "version": "edition",
            "emis_le": "issued_at", "sha256": "sha256", "fichier": "file",
        },
    ),
    "signatures": (
        Signature,
        {
            "document_id": "document__dossier_id", "role": "role", "nom": "name", "statut": "status", "date": "date",
            "motif": "reason",
        },
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: what the contract says of it, and where its value lies in the model."""

    name: str
    index: int
    type: str  # string, date, datetime, boolean, integer, number
    required: bool
    enum: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    pattern: re.Pattern[str] | None
    path: str
    max_length: int | None
    decimals: tuple[int, int] | None  # digits before the point, after it

    @property
    def field(self) -> str:
        """The model field that a write sets."""
        return self.path.partition("__")[0]

    @property
    def is_relation(self) -> bool:
        return "__" in self.path


@dataclass(frozen=True)
class Reference:
    """Columns that name a row of another resource. Errors go to the last of them (B-02)."""

    columns: tuple[str, ...]
    indexes: tuple[int, ...]
    target: str

    @property
    def column(self) -> str:
        return self.columns[-1]


@dataclass(frozen=True)
class Resource:
    """One file of the dossier."""

    name: str
    title: str
    file: str
    order: int
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    by_name: Mapping[str, Column] = field(repr=False)

    @cached_property
    def key_indexes(self) -> tuple[int, ...]:
        return tuple(self.by_name[name].index for name in self.key)

    @cached_property
    def owner(self) -> Reference | None:
        """Without a column `uai`, the reference that says the school: the first one of the contract (A-13)."""
        return None if "uai" in self.by_name else self.references[0]

    def at(self, name: str) -> int:
        """Position of a column."""
        return self.by_name[name].index


def _column(index: int, given: dict[str, Any], model: type[models.Model], path: str) -> Column:
    limits = given.get("constraints", {})
    plain = None if "__" in path else model._meta.get_field(path)
    free_text = isinstance(plain, models.CharField) and not plain.choices
    return Column(
        name=given["name"],
        index=index,
        type=given["type"],
        required=limits.get("required", False),
        enum=tuple(limits.get("enum", ())),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        pattern=re.compile(limits["pattern"].strip("^$"), re.ASCII) if "pattern" in limits else None,
        path=path,
        max_length=plain.max_length if free_text and isinstance(plain, models.CharField) else None,
        decimals=(plain.max_digits - plain.decimal_places, plain.decimal_places)
        if isinstance(plain, models.DecimalField) and plain.max_digits and plain.decimal_places
        else None,
    )


def _resource(order: int, given: dict[str, Any]) -> Resource:
    name, schema = given["name"], given["schema"]
    model, paths = _PATHS[name]
    columns = tuple(_column(i, item, model, paths[item["name"]]) for i, item in enumerate(schema["fields"]))
    by_name = {column.name: column for column in columns}
    references = tuple(
        Reference(
            columns=tuple(link["fields"]),
            indexes=tuple(by_name[column].index for column in link["fields"]),
            target=link["reference"]["resource"] or name,  # "" is the resource itself
        )
        for link in schema.get("foreignKeys", ())
    )
    key = schema["primaryKey"]
    return Resource(
        name=name,
        title=given["title"],
        file=given["path"],
        order=order,
        model=model,
        columns=columns,
        key=tuple([key] if isinstance(key, str) else key),
        references=references,
        by_name=by_name,
    )


RESOURCES: dict[str, Resource] = {
    given["name"]: _resource(order, given)
    for order, given in enumerate(json.loads(PACKAGE_FILE.read_text(encoding="utf-8"))["resources"])
}
DESCRIPTIONS: dict[str, dict[str, str]] = {
    given["name"]: {item["name"]: item.get("description", "") for item in given["schema"]["fields"]}
    for given in json.loads(PACKAGE_FILE.read_text(encoding="utf-8"))["resources"]
}
"""What the contract says of each column, by resource."""
BY_FILE: dict[str, Resource] = {resource.file: resource for resource in RESOURCES.values()}

# documents.objet → the resource that objet_id names. The data package cannot say it.
SUBJECTS = {"placement": "placements", "convention": "conventions", "etablissement": SCHOOLS}

# An end before its start is an error on the end (B-03).
DATE_ORDER: dict[str, tuple[tuple[str, str], ...]] = {
    "scolarites": (("date_entree", "date_sortie"),),
    "conventions": (("date_debut", "date_fin"),),
    "reseaux": (("date_adhesion", "date_sortie"),),
    "actions": (("date_debut", "date_fin"),),
    "periodes_pfmp": (("date_debut", "date_fin"),),
    "placements": (("date_debut", "date_fin"),),
    "enquetes": (("ouverte_le", "close_le"),),
    "partages": (("partage_le", "revoque_le"),),
    "offres": (("recue_le", "pourvue_le"), ("recue_le", "retiree_le")),
}
