"""What the templates print: labels and values in French, boxes, pictures; None where a line is left to fill by hand."""

from collections.abc import Iterable, Mapping
from typing import Any

from conventions import emblems
from conventions.documents.content import AgreementContent, Frame
from conventions.emblems import Picture
from conventions.enums import AgreementLevel, CommitmentKind
from core import typography
from documents.enums import SignatureRole
from documents.printing import french, joined, long_day, siret_in_groups
from documents.subjects import Mark
from documents.wording import syntax

LOGO_BOX = (44.0, 17.0)
SEAL_BOX = (30.0, 24.0)
"""Millimetres that a picture never leaves, whatever its proportions."""


def filling_of(content: AgreementContent) -> syntax.Filling:
    """The values of the variables and the conditions that hold: what conventions.paper_text names."""
    return syntax.Filling(_variables(content), _conditions(content))


def _variables(content: AgreementContent) -> dict[str, str | None]:
    return {
        "etablissement": content.school.name,
        "chef_etablissement": content.school.head_name,
        "academie": content.school.academy,
        "partenaire": content.partner.name,
        "representant": content.partner.representative_name,
        "titre": content.title,
        "objet": content.purpose,
        "cadre": _frame_words(content.frame),
        "deliberation": long_day(content.board_vote_date),
        "date_debut": long_day(content.start_date),
        "date_fin": long_day(content.end_date),
        "reconduction": months(content.renewal_months) or "la même durée",
        "preavis": days(content.notice_days),
        "interlocuteur": content.contact,
        "referent": content.referent,
        "suivi": content.follow_up,
        "precedente": content.renews,
    }


def _conditions(content: AgreementContent) -> dict[str, bool]:
    level = content.frame.level if content.frame else ""
    kinds = content.promised_kinds
    return {
        "cadre_national": level == AgreementLevel.NATIONAL,
        "cadre_regional": level == AgreementLevel.REGION,
        "cadre_academique": level == AgreementLevel.ACADEMY,
        "renouvellement": content.renews is not None,
        "objet": content.purpose is not None,
        "deliberation": content.board_vote_date is not None,
        "date_debut": content.start_date is not None,
        "date_fin": content.end_date is not None,
        "tacite_reconduction": content.tacit_renewal and content.end_date is not None,
        "preavis": bool(content.notice_days),
        "stages": CommitmentKind.PLACEMENTS in kinds,
        "offres": CommitmentKind.OFFERS in kinds,
        "taxe": CommitmentKind.TAXE in kinds,
        "materiel": CommitmentKind.GIFTS in kinds,
        "engagements": bool(content.promises),
        "interlocuteur": content.contact is not None,
        "referent": content.referent is not None,
        "suivi": content.follow_up is not None,
        "avenant": content.amends_number is not None,
    }


def _frame_words(frame: Frame | None) -> str | None:
    if frame is None:
        return None
    signed = f" du {typography.long_date(frame.signed_date)}" if frame.signed_date else ""
    return f"« {frame.title} »{f' ({frame.signatory})' if frame.signatory else ''}{signed}"


def months(count: int | None) -> str:
    """`12` → « un an », `24` → « deux ans », `6` → « 6 mois »; "" without a length."""
    if not count:
        return ""
    years = {12: "un an", 24: "deux ans", 36: "trois ans"}
    return years.get(count) or f"{count}{typography.NO_BREAK}mois"


def days(count: int | None) -> str | None:
    """`30` → « un mois », `90` → « trois mois », `45` → « 45 jours »; None without a length."""
    if not count:
        return None
    whole = {30: "un mois", 60: "deux mois", 90: "trois mois", 180: "six mois"}
    return whole.get(count) or f"{count}{typography.NO_BREAK}jour{'s' if count > 1 else ''}"


def parties(content: AgreementContent) -> list[dict[str, Any]]:
    """Who is bound by the agreement: a title, a short name, and rows of labels and values each."""
    school, partner = content.school, content.partner
    number = siret_in_groups(partner.siret)
    head = joined(school.head_name, "chef d’établissement") if school.head_name else None
    return [
        {
            "title": "Le lycée",
            "called": "le lycée",
            "rows": [
                ("Nom", french(school.name)),
                ("UAI", school.uai),
                *([("Académie", school.academy)] if school.academy else []),
                ("Adresse", school.address),
                *_contact_rows(school.phone, school.email),
                ("Représenté par", head),
            ],
        },
        {
            "title": "Le partenaire",
            "called": "le partenaire",
            "rows": [
                ("Nom", french(partner.name)),
                *([("Nature", partner.kind)] if partner.kind else []),
                *([("SIRET", number)] if number else []),
                ("Adresse", partner.address),
                *_contact_rows(partner.phone, partner.email),
                ("Représenté par", joined(partner.representative_name, partner.representative_role)),
            ],
        },
    ]


def _contact_rows(phone: str | None, email: str | None) -> list[tuple[str, str]]:
    found = [("Téléphone", phone), ("Courriel", email)]
    return [(label, value) for label, value in found if value]


def boxes(content: AgreementContent, marks: Mapping[SignatureRole, Mark]) -> list[dict[str, Any]]:
    """Two boxes; the head of the school signs last (R-CONV-03). A seal stands with a signature, never before."""
    seals = {seal.of: seal for seal in content.seals}
    boxes = [
        (SignatureRole.PARTNER, "partner", "Pour le partenaire", content.partner.representative_name, content.partner.representative_role),
        (SignatureRole.HEAD, "school", "Pour le lycée", content.school.head_name, "chef d’établissement"),
    ]  # fmt: skip
    found = []
    for role, of, label, name, position in boxes:
        mark = marks.get(role)
        seal = seals.get(of)
        found.append(
            {
                "role": label,
                "of": content.partner.name if of == "partner" else content.school.name,
                "name": mark.name if mark else name,
                "position": None if mark and mark.name != name else position,
                "words": mark.words if mark else "",
                "capacity": mark.capacity if mark else "",
                "seal": next(iter(drawn((seal,), SEAL_BOX)), None) if mark and seal else None,
            }
        )
    return found


def drawn(pictures: Iterable[Picture], box: tuple[float, float]) -> list[dict[str, str]]:
    """Pictures as the template prints them: their bytes, what they show, a size that keeps their proportions."""
    found = []
    for picture in pictures:
        if (url := emblems.data_url(picture)) is None:
            continue
        ratio = min(box[0] / picture.width, box[1] / picture.height)
        width, height = f"{picture.width * ratio:.2f}", f"{picture.height * ratio:.2f}"
        found.append({"url": url, "alt": picture.alt, "of": picture.of, "width": width, "height": height})
    return found
