"""Closed lists of the exchange of data."""

from django.db.models import TextChoices


class Scope(TextChoices):
    """What a key of the read API opens, within the rights of who gave it."""

    FIGURES = "indicateurs", "Indicateurs de la fiche 2.5"
    SAFE_FIGURES = "indicateurs_masques", "Indicateurs, petits effectifs masqués (pour qui n’est pas du lycée)"
    PARTNERS = "partenaires", "Partenaires, contacts, échanges, conventions, réseaux"
    ACTIONS = "actions", "Actions, partenaires et invitations"
    OFFERS = "offres", "Offres"
    TAXE = "taxe", "Taxe d’apprentissage et dons"
    PUPILS = "eleves", "Classes, élèves, scolarités, participations (noms d’élèves)"
    PFMP = "pfmp", "Périodes, placements, visites (noms d’élèves)"
    OPINIONS = "enquetes", "Enquêtes et réponses"
    LEAVERS = "devenir", "Devenir des sortants (noms d’élèves)"
    PAPERS = "documents", "Documents et signatures, sans les fichiers"
