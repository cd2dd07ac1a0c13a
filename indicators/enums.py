"""Closed lists of the indicators."""

from django.db.models import TextChoices


class FigureStatus(TextChoices):
    """What an indicator could say (A-21)."""

    COMPUTED = "calcule", "Calculé"
    NOT_COMPUTABLE = "non_calculable", "Non calculable"
    NOT_YET = "pas_encore_mesurable", "Pas encore mesurable"


class Heading(TextChoices):
    """The eight headings of sheet 2.5, then the complements (§ 9), in their order."""

    AGREEMENTS = "1", "Nombre de conventions de partenariat (dont celles avec les établissements de formations)"
    NETWORKS = "2", "Part de formalisation des réseaux dont l’établissement est partie prenante"
    ACTIONS = "3", "Nombre, typologie, durée, fréquence des actions engagées"
    STUDENTS = (
        "4",
        (
            "Taux d’élèves qui bénéficient des actions, taux de participation. Mixité filles-garçons, inclusion, actions pour "
            "les publics prioritaires"
        ),
    )
    IMPACT = (
        "5",
        (
            "Impact par action et selon leur nature : nombre de jeunes ayant une solution pour une période de PFMP donnée, "
            "nombre d’offres d’emploi reçues des entreprises, nombre de jeunes qui en ont bénéficié, montant de taxe "
            "d’apprentissage perçu et évolution…"
        ),
    )
    SHARES = "6", "Existence d’indicateurs partagés avec les partenaires"
    INVOLVEMENT = (
        "7",
        (
            "Implication des entreprises, par secteur professionnel : taux de réponse aux invitations du lycée, taux "
            "d’actions déployées à l’initiative des partenaires…"
        ),
    )
    SATISFACTION = "8", "Taux de satisfaction des parties prenantes : équipe pédagogique, élèves, partenaires"
    INSERTION = "insertion", "Insertion des sortants"
    RECIPROCITY = "reciprocite", "Réciprocité avec les partenaires"
    FOLLOW_UP = "suivi", "AvenirPro et suivi des PFMP"


EIGHT = (
    Heading.AGREEMENTS, Heading.NETWORKS, Heading.ACTIONS, Heading.STUDENTS,
    Heading.IMPACT, Heading.SHARES, Heading.INVOLVEMENT, Heading.SATISFACTION,
)  # fmt: skip
"""The headings of the sheet itself, in its order."""

COMPLEMENTS = (Heading.INSERTION, Heading.RECIPROCITY, Heading.FOLLOW_UP)


class ReportVersion(TextChoices):
    """Whom a report is written for: the school's own board reads all of it, the rectorat no small count (C-17, P-20)."""

    BOARD = "conseil", "Conseil d’administration"
    ACADEMY = "rectorat", "Rectorat"


class Phase(TextChoices):
    """The three moments of the sheet."""

    PLAN = "plan", "Prévoir"
    DO = "do", "Agir"
    CHECK = "check", "Vérifier"


UNKNOWN_SECTOR = "non_renseigne"
"""Key of partners without a readable NAF code (A-43), and of interruptions without a reason (A-27)."""


class TraceKind(TextChoices):
    """What proves that a relation lives (A-40); and the first contact, which E14 counts with them (A-132)."""

    PLACEMENT = "placement", "PFMP"
    AGREEMENT = "convention", "Convention"
    CONTRIBUTION = "versement", "Taxe ou don"
    OFFER = "offre", "Offre"
    ACTION = "action", "Action"
    EXCHANGE = "echange", "Échange"
    FIRST_CONTACT = "premier_contact", "Premier contact"
