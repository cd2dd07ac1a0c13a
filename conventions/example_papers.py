"""Fictitious partnership agreements in a school's own name, to look at its wording. They are worth nothing, and say so."""

from dataclasses import replace
from datetime import date

from conventions import documents, paper_text
from conventions.documents import AgreementContent, Frame, PartnerParty, Promise
from conventions.enums import ActionType, AgreementLevel, CommitmentKind, CommitmentSide
from documents.wording import catalogue
from documents.wording.syntax import Filling
from documents.wording.texts import PaperText
from schools.models import School

LABELS = {
    "national": "Avec une entreprise, cadre national, tacite reconduction",
    "simple": "Avec une association, sans cadre ni engagement chiffré",
    "academique": "Qui en renouvelle une autre, cadre académique, taxe et matériel",
}


def example(school: School, key: str) -> AgreementContent:
    """What the agreement of one of the examples says."""
    simple = AgreementContent(
        number="EXEMPLE",
        version=1,
        issued_date=date(2026, 9, 21),
        title="Partenariat pour les métiers du bois",
        school=documents.school_of(school),
        partner=PartnerParty(
            name="Association Exemple",
            kind="Association",
            address="12 rue du Modèle, 02000 Laon",
            email="contact@association.example",
            representative_name="Claude Exemple",
            representative_role="présidence",
        ),
        purpose="Faire découvrir les métiers du bois aux élèves et les aider à trouver un premier emploi.",
        axes=("Découverte des métiers", "Insertion"),
        publics=("Élèves de 2de et de 1re",),
        actions=(ActionType.COMPANY_VISIT.label, ActionType.JOB_DATING.label),
        board_vote_date=date(2026, 9, 14),
        start_date=date(2026, 10, 1),
        end_date=date(2027, 8, 31),
        referent="Sacha Référent",
    )
    if key == "simple":
        return simple
    national = replace(
        simple,
        partner=replace(
            simple.partner,
            name="Menuiserie Exemple",
            kind="Entreprise",
            email="contact@menuiserie.example",
            representative_role="gérance",
        ),
        frame=Frame(
            level=AgreementLevel.NATIONAL,
            title="Convention de coopération pour la filière bois",
            signatory="Fédération exemple",
            signed_date=date(2024, 5, 6),
        ),
        promises=(
            promise("Découverte des métiers", CommitmentSide.SCHOOL, "Préparer chaque visite en classe", "6"),
            promise("Découverte des métiers", CommitmentSide.PARTNER, "Recevoir des classes en visite", "6 visites"),
            promise("Insertion", CommitmentSide.PARTNER, "Accueillir des élèves en PFMP", "8 élèves"),
        ),
        promised_kinds=(CommitmentKind.ACTIONS.value, CommitmentKind.PLACEMENTS.value),
        tacit_renewal=True,
        renewal_months=12,
        notice_days=90,
        contact="Maxime Modèle, ressources humaines",
        follow_up="Un point par téléphone chaque trimestre, un bilan en juin.",
        reviews=(date(2027, 6, 15),),
    )
    if key == "national":
        return national
    return replace(
        national,
        frame=Frame(
            level=AgreementLevel.ACADEMY,
            title="Convention de la filière bois",
            signatory="Fédération exemple",
            signed_date=date(2025, 3, 10),
        ),
        renews="« Partenariat pour les métiers du bois » du 1er octobre 2023",
        promises=(
            *national.promises,
            promise("Moyens", CommitmentSide.PARTNER, "Soutien par la taxe d’apprentissage", "1 500 €"),
            promise("Moyens", CommitmentSide.PARTNER, "Don d’une scie à format", "1 don de matériel"),
        ),
        promised_kinds=(*national.promised_kinds, CommitmentKind.TAXE.value, CommitmentKind.GIFTS.value),
        tacit_renewal=False,
        renewal_months=None,
    )


def promise(axis: str, side: CommitmentSide, label: str, target: str) -> Promise:
    """A line of the annexe of an example."""
    return Promise(axis=axis, side=side.label, label=label, target=target, due_date=date(2027, 6, 30))


def filling(school: School, key: str) -> Filling:
    """The values and the conditions of an example."""
    return documents.filling_of(example(school, key))


def draw(school: School, key: str, text: PaperText) -> bytes:
    """The example as PDF, marked on each page."""
    return documents.render_specimen(example(school, key), text)


catalogue.register(
    paper_text.MODEL,
    catalogue.Examples(LABELS, filling, draw),
    lead="Signée avec une entreprise, une association, une branche… pour plusieurs années, après le vote du conseil d’administration.",
)
