"""Who may do what: the one table of roles and permissions (S-05). Code, tests, pages and docs read it here."""

from enum import StrEnum

from schools.enums import Role


class Permission(StrEnum):
    """Something that a role may do in a school."""

    VIEW_STUDENTS = "voir les élèves"
    EDIT_STUDENTS = "saisir les élèves et les classes"
    VIEW_STUDENT_CONTACTS = "voir les coordonnées des élèves et des responsables"
    VIEW_PRIORITY = "voir le public prioritaire"
    EDIT_PRIORITY = "saisir le public prioritaire"
    VIEW_PARTNERS = "voir les partenaires"
    EDIT_PARTNERS = "saisir les partenaires et leurs contacts"
    ADD_INTERACTION = "noter un échange"
    VIEW_INTERACTIONS = "lire tous les échanges"
    VIEW_OFFERS = "voir les offres"
    EDIT_OFFERS = "saisir les offres"
    VIEW_TAXE = "voir la taxe et les dons"
    EDIT_TAXE = "saisir la taxe et les dons"
    VIEW_HOST_QUALITY = "lire la qualité d’accueil, les incidents et les raisons d’éviter une entreprise"
    VIEW_AGREEMENTS = "voir les conventions de partenariat et les réseaux"
    EDIT_AGREEMENTS = "saisir les conventions de partenariat et les réseaux"
    VIEW_PLACEMENTS = "voir les placements"
    LOG_PLACEMENT = "saisir un placement"
    MANAGE_PLACEMENTS = "gérer tous les placements et les périodes"
    LOG_VISIT = "noter une visite"
    SIGN_CONVENTION = "signer les conventions"
    VIEW_ACTIONS = "voir les actions"
    EDIT_ACTIONS = "saisir les actions"
    VIEW_SURVEYS = "voir les enquêtes et le devenir des sortants"
    EDIT_SURVEYS = "saisir les enquêtes et le devenir des sortants"
    VIEW_INDICATORS = "voir les indicateurs"
    RUN_INDICATORS = "recalculer les indicateurs et demander le rapport annuel"
    EDIT_SHARES = "partager des indicateurs"
    VIEW_DOCUMENTS = "voir les documents"
    VIEW_STAFF = "voir les personnels"
    VIEW_HANDOVER = "lire la passation du poste"
    EDIT_STAFF = "saisir les personnels et leurs classes"
    EDIT_SCHOOL = "régler le lycée"
    EXCHANGE_DATA = "importer et exporter les données"
    MAKE_API_TOKEN = "donner une clé d’accès aux données en lecture"


P = Permission
_OFFICE_READS = {
    P.VIEW_STUDENTS, P.VIEW_STUDENT_CONTACTS, P.VIEW_PARTNERS, P.VIEW_INTERACTIONS, P.VIEW_OFFERS, P.VIEW_AGREEMENTS,
    P.VIEW_PLACEMENTS, P.VIEW_ACTIONS, P.VIEW_DOCUMENTS, P.VIEW_STAFF,
}  # fmt: skip
_EVERYTHING = set(Permission) - {P.SIGN_CONVENTION}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.BDE: frozenset(_EVERYTHING),
    Role.DDFPT: frozenset(_EVERYTHING),
    Role.HEAD: frozenset(
        _OFFICE_READS
        | {
            P.VIEW_PRIORITY,
            P.VIEW_TAXE,
            P.VIEW_SURVEYS,
            P.VIEW_INDICATORS,
            P.RUN_INDICATORS,
            P.SIGN_CONVENTION,
            P.VIEW_HOST_QUALITY,
            P.VIEW_HANDOVER,  # the post is handed over under the head's eyes
        }
        | {P.EDIT_SCHOOL, P.MAKE_API_TOKEN}
    ),
    Role.OFFICE: frozenset(_OFFICE_READS | {P.EDIT_STUDENTS}),
    # A teacher's pages show their own classes, followed placements, the partners of these and offers to these classes: see permissions.py.
    Role.TEACHER: frozenset(
        {P.VIEW_STUDENTS, P.VIEW_PARTNERS, P.ADD_INTERACTION, P.VIEW_PLACEMENTS, P.LOG_PLACEMENT, P.LOG_VISIT}
        | {P.VIEW_ACTIONS, P.VIEW_DOCUMENTS, P.VIEW_OFFERS}
    ),
    # Counts only: nobody's name, no list of persons.
    Role.READER: frozenset({P.VIEW_INDICATORS}),
}

OWN_ONLY = frozenset({Role.TEACHER})
"""Roles whose rights on pupils, placements and visits stop at their own classes and followed placements."""
