"""What a partnership agreement says, and its paper; what was done of it, as a second paper (« Point d'étape »).

``AgreementContent`` holds every name, date and number of the paper. It is frozen when the agreement is issued and kept as JSON
with the version of the text: the PDF is drawn from these two only, so it can be drawn again, the same. What is not known
stays None and becomes a dotted line. Logos are named there by their file and its SHA-256: files of emblems never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from conventions import commitments, emblems, paper_text
from conventions.emblems import Picture
from conventions.enums import AgreementLevel, CommitmentKind, CommitmentSide, EmblemKind
from conventions.models import Agreement, AgreementReview
from core import jobs, pdf, siret, status, typography
from core.frozen import Frozen, SchemaError
from documents import services as papers
from documents import verifying
from documents.enums import SignatureRole
from documents.models import Document
from documents.subjects import Mark
from documents.wording import syntax, versions
from documents.wording.texts import Article, PaperText
from partners.enums import ContactRole
from partners.models import Contact, Partner
from schools.models import Membership
from schools.models import School as SchoolModel

STYLES = ("paper", "agreement")
FIT = pdf.Fit(pages=3, dense="agreement_dense")
LOGO_BOX = (44.0, 17.0)
SEAL_BOX = (30.0, 24.0)
"""Millimetres that a picture never leaves, whatever its proportions."""


@dataclass(frozen=True, kw_only=True)
class School:
    name: str
    uai: str
    academy: str | None = None
    address: str | None = None
    city: str | None = None
    phone: str | None = None
    email: str | None = None
    head_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class PartnerParty:
    name: str
    kind: str | None = None
    siret: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    representative_name: str | None = None
    representative_role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The agreement above that this one declines."""

    level: str
    title: str
    signatory: str | None = None
    signed_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A line of the annexe."""

    axis: str
    side: str
    label: str
    target: str
    due_date: date | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of an avenant, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AgreementContent(Frozen):
    """Every name, date and number that the paper carries."""

    number: str
    version: int
    issued_date: date
    title: str
    school: School
    partner: PartnerParty
    purpose: str | None = None
    axes: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    promised_kinds: tuple[str, ...] = ()
    frame: Frame | None = None
    renews: str | None = None
    board_vote_date: date | None = None
    start_date: date | None = None
    end_date: date | None = None
    tacit_renewal: bool = False
    renewal_months: int | None = None
    notice_days: int | None = None
    follow_up: str | None = None
    contact: str | None = None
    referent: str | None = None
    reviews: tuple[date, ...] = ()
    logos: tuple[Picture, ...] = ()
    seals: tuple[Picture, ...] = ()
    amends_number: str | None = None
    amends_date: date | None = None
    changes: tuple[Change, ...] = ()
    effective_date: date | None = None
    verify_url: str | None = None  # where anyone checks the file


# ------------------------------------------------------------------------------------------------ from the agreement


def with_relations(agreements: Any) -> Any:
    """The agreements with all that ``content_of`` reads in one query."""
    return agreements.select_related("school", "partner", "parent", "renews", "contact", "referent")


def signer_of(agreement: Agreement) -> Contact | None:
    """Who signs for the partner: the contact of the agreement when they lead, else the first who leads, else that contact."""
    chosen = agreement.contact
    if chosen is not None and (chosen.partner_id != agreement.partner_id or chosen.is_active is False):
        chosen = None
    if chosen is not None and chosen.role == ContactRole.LEADER:
        return chosen
    leader: Contact | None = (
        Contact.objects.in_school(agreement.school_id)
        .filter(partner=agreement.partner_id, role=ContactRole.LEADER)
        .exclude(is_active=False)
        .order_by("pk")
        .first()
    )
    return leader or chosen


def content_of(
    agreement: Agreement, *, number: str, version: int, issued_date: date, signer: Contact | None, **amendment: Any
) -> AgreementContent:
    """What the agreement says on the day it is issued. ``signer``: from ``signer_of``. ``amendment``: what makes it an avenant.

    Raises ValueError for an agreement without a partner: a frame above the school is not signed here.
    """
    partner = agreement.partner
    if partner is None:
        raise ValueError("An agreement above the school has no paper.")
    rows = commitments.progress_of(agreement, issued_date)
    contact, referent = agreement.contact, agreement.referent
    return AgreementContent(
        number=number,
        version=version,
        issued_date=issued_date,
        title=agreement.title,
        school=_school_of(agreement.school),
        partner=_partner_of(partner, signer),
        purpose=agreement.purpose.strip() or None,
        axes=tuple(agreement.axes_list),
        publics=tuple(agreement.publics_list),
        actions=tuple(commitments.action_labels(agreement.action_types)),
        promises=tuple(
            Promise(
                axis=row.commitment.axis,
                side=row.commitment.get_side_display(),
                label=row.commitment.label,
                target=row.promised,
                due_date=row.commitment.due_date,
                note=row.commitment.note or None,
            )
            for row in rows
        ),
        promised_kinds=tuple(sorted({row.commitment.kind for row in rows})),
        frame=_frame_of(agreement.parent),
        renews=_named(agreement.renews) if agreement.renews else None,
        board_vote_date=agreement.board_vote_date,
        start_date=agreement.start_date,
        end_date=agreement.end_date,
        tacit_renewal=bool(agreement.tacit_renewal),
        renewal_months=agreement.renewal_months,
        notice_days=agreement.notice_days,
        follow_up=agreement.follow_up.strip() or None,
        contact=_join(contact.full_name, contact.position) if contact else None,
        referent=referent.full_name if referent else None,
        reviews=tuple(
            AgreementReview.objects.in_school(agreement.school_id)
            .filter(agreement=agreement, held_date=None, planned_date__gte=issued_date)
            .order_by("planned_date")
            .values_list("planned_date", flat=True)[:6]
        ),
        logos=emblems.pictures_of(agreement.school, partner, EmblemKind.LOGO),
        seals=emblems.pictures_of(agreement.school, partner, EmblemKind.SEAL),
        **amendment,
    )


def _school_of(school: SchoolModel) -> School:
    return School(
        name=school.name,
        uai=school.uai,
        academy=school.academy or None,
        address=_address(school),
        city=school.city or None,
        phone=school.phone or None,
        email=school.email or None,
        head_name=school.head_name.strip() or None,
    )


def _partner_of(partner: Partner, signer: Contact | None) -> PartnerParty:
    return PartnerParty(
        name=partner.name,
        kind=partner.get_type_display(),
        siret=partner.siret or None,
        address=_address(partner),
        phone=partner.phone or None,
        email=partner.email or None,
        representative_name=signer.full_name if signer else None,
        representative_role=(signer.position or None) if signer else None,
    )


def _address(place: SchoolModel | Partner) -> str | None:
    return _join(place.address, f"{place.postal_code} {place.city}".strip())


def _frame_of(parent: Agreement | None) -> Frame | None:
    if parent is None:
        return None
    return Frame(
        level=parent.level, title=parent.title, signatory=parent.signatory or None, signed_date=parent.signed_date
    )


def _join(*values: str | None) -> str | None:
    return ", ".join(value.strip() for value in values if value and value.strip()) or None


def _named(agreement: Agreement) -> str:
    day = f" du {typography.long_date(agreement.signed_date)}" if agreement.signed_date else ""
    return f"« {agreement.title} »{day}"


# ---------------------------------------------------------------------------------------------------------- the paper


def title_of(content: AgreementContent) -> str:
    """The title of the file, as readers and screen readers announce it."""
    kind = "Avenant à la convention de partenariat" if content.amends_number else "Convention de partenariat"
    return f"{kind} n° {content.number}, {content.partner.name}"


def html(content: AgreementContent, text: PaperText | None = None, marks: Sequence[Mark] = ()) -> str:
    """The page that becomes the paper; ``marks`` fills the boxes of those who signed. ``text``: the shipped one without it."""
    text = text or paper_text.MODEL.default()
    filling = filling_of(content)
    return render_to_string(
        "pdf/agreement.html",
        {
            "content": content,
            "title": title_of(content),
            "heading": "Avenant à la convention de partenariat" if content.amends_number else text.title,
            "text_version": text.version,
            "logos": _drawn(content.logos, LOGO_BOX),
            "parties": _parties(content),
            "visas": text.printed_visas(filling),
            "openings": [syntax.blocks(body, filling) for body in text.openings.values()],
            "articles": [_article(article, content, filling) for article in text.articles],
            "promises": content.promises,
            "promises_note": syntax.blocks(text.annexes.get("engagements", ""), filling),
            "boxes": _boxes(content, {mark.role: mark for mark in marks}),
            "verify": verifying.printed(content.verify_url),
        },
    )


def _article(article: Article, content: AgreementContent, filling: syntax.Filling) -> dict[str, Any]:
    return {
        "number": article.number,
        "title": syntax.inline(article.title),
        "blocks": syntax.blocks(article.text, filling),
        "lists": _lists(article.shows, content),
    }


def _lists(shows: str, content: AgreementContent) -> list[tuple[str, list[str]]]:
    """What is listed under an article: (a lead or "", items)."""
    match shows:
        case "axes":
            return [("", _french_all(content.axes))]
        case "actions":
            found = [("Actions prévues : ", content.actions), ("Publics concernés : ", content.publics)]
            return [(typography.french(lead), _french_all(items)) for lead, items in found if items]
        case "reviews" if content.reviews:
            return [(typography.french("Bilans prévus : "), [typography.long_date(day) for day in content.reviews])]
    return []


def _french_all(items: Iterable[str]) -> list[str]:
    return [typography.french(item) for item in items]


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
        "deliberation": _day(content.board_vote_date),
        "date_debut": _day(content.start_date),
        "date_fin": _day(content.end_date),
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


def _day(day: date | None) -> str | None:
    return typography.long_date(day) if day else None


def _french(text: str | None) -> str | None:
    return typography.french(text) if text else None


def _parties(content: AgreementContent) -> list[dict[str, Any]]:
    school, partner = content.school, content.partner
    number = siret.spaced(partner.siret).replace(" ", typography.NO_BREAK) if partner.siret else None
    head = _join(school.head_name, "chef d’établissement") if school.head_name else None
    return [
        {
            "title": "Le lycée",
            "called": "le lycée",
            "rows": [
                ("Nom", _french(school.name)),
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
                ("Nom", _french(partner.name)),
                *([("Nature", partner.kind)] if partner.kind else []),
                *([("SIRET", number)] if number else []),
                ("Adresse", partner.address),
                *_contact_rows(partner.phone, partner.email),
                ("Représenté par", _join(partner.representative_name, partner.representative_role)),
            ],
        },
    ]


def _contact_rows(phone: str | None, email: str | None) -> list[tuple[str, str]]:
    found = [("Téléphone", phone), ("Courriel", email)]
    return [(label, value) for label, value in found if value]


def _boxes(content: AgreementContent, marks: Mapping[SignatureRole, Mark]) -> list[dict[str, Any]]:
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
                "seal": next(iter(_drawn((seal,), SEAL_BOX)), None) if mark and seal else None,
            }
        )
    return found


def _drawn(pictures: Iterable[Picture], box: tuple[float, float]) -> list[dict[str, str]]:
    """Pictures as the template prints them: their bytes, what they show, a size that keeps their proportions."""
    found = []
    for picture in pictures:
        if (url := emblems.data_url(picture)) is None:
            continue
        ratio = min(box[0] / picture.width, box[1] / picture.height)
        width, height = f"{picture.width * ratio:.2f}", f"{picture.height * ratio:.2f}"
        found.append({"url": url, "alt": picture.alt, "of": picture.of, "width": width, "height": height})
    return found


def render(content: AgreementContent, text: PaperText | None = None) -> bytes:
    """The PDF/UA-1 file of one agreement; the same content and text give the same bytes."""
    return pdf.render(html(content, text), title=title_of(content), styles=STYLES, fit=FIT)


def render_draft(agreement: Agreement, *, today: date) -> bytes:
    """The paper as it would be issued today, marked on each page; ``agreement`` with its relations."""
    content = content_of(agreement, number="À ÉDITER", version=1, issued_date=today, signer=signer_of(agreement))
    return pdf.render(
        html(content, versions.text_for(agreement.school, paper_text.MODEL)),
        title=f"Aperçu, sans valeur : {title_of(content)}",
        styles=(*STYLES, "specimen"),
        fit=FIT,
    )


def render_and_store(document: Document) -> None:
    """Draw an issued agreement from its frozen content and keep it; a second call changes nothing.

    Raises jobs.Failure with a French sentence when the disk is full or the content is of an unknown shape.
    """
    if document.sha256:
        return
    content = frozen(document)
    papers.store(document, render(content, versions.text_of(document, paper_text.MODEL)))


def draw_signed(document: Document, marks: Sequence[Mark]) -> pdf.Drawing:
    """The paper drawn again from its frozen content, with who signed in the boxes. Raises jobs.Failure as above."""
    content = frozen(document)
    page = html(content, versions.text_of(document, paper_text.MODEL), marks)
    return pdf.Drawing(page, title_of(content), STYLES, FIT)


def frozen(document: Document) -> AgreementContent:
    """What an issued agreement says. Raises jobs.Failure when it was not issued here."""
    try:
        return AgreementContent.from_json(document.content)
    except SchemaError:
        raise jobs.Failure(
            f"Le document {document.number} n’a pas le contenu d’une convention éditée ici : il ne peut pas être dessiné."
        ) from None


# ------------------------------------------------------------------------------------------- promised against done


def progress_html(agreement: Agreement, rows: Sequence[commitments.Progress], *, today: date) -> str:
    """The « point d’étape » of an agreement: what each side promised, what is done on a day."""
    sides = [
        {
            "title": CommitmentSide(side).label,
            "rows": [
                {
                    "commitment": row.commitment,
                    "promised": row.promised,
                    "done": row.noun.done(row.done).capitalize(),
                    "state": status.word(row.state),
                }
                for row in rows
                if row.commitment.side == side
            ],
        }
        for side in (CommitmentSide.SCHOOL, CommitmentSide.PARTNER)
    ]
    kept = sum(row.is_kept for row in rows)
    return render_to_string(
        "pdf/agreement_progress.html",
        {
            "agreement": agreement,
            "school": agreement.school,
            "title": progress_title(agreement, today),
            "day": typography.long_date(today),
            "signed": _day(agreement.signed_date),
            "end": _day(agreement.end_date),
            "sides": [side for side in sides if side["rows"]],
            "kept": kept,
            "late": sum(row.is_late for row in rows),
            "total": len(rows),
            "logos": _drawn(emblems.pictures_of(agreement.school, agreement.partner, EmblemKind.LOGO), LOGO_BOX),
        },
    )


def progress_title(agreement: Agreement, today: date) -> str:
    """The title of the file."""
    return f"Point d’étape au {typography.long_date(today)}, {agreement.partner or agreement.signatory}"


def render_progress(agreement: Agreement, *, today: date, membership: Membership) -> bytes:
    """The « point d’étape » as PDF, without the amounts that this person may not read (S-05)."""
    rows = [row for row in commitments.progress_of(agreement, today) if row.shown_to(membership)]
    return pdf.render(
        progress_html(agreement, rows, today=today), title=progress_title(agreement, today), styles=STYLES, fit=FIT
    )
