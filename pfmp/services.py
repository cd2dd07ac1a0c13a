"""Verbs on placements: log one, correct it, move it on, issue its convention, note what is signed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit, jobs
from core.errors import StaleEdit
from core.models import Job
from core.text import searchable
from core.verdict import demand
from documents import circuit
from documents import services as papers
from documents.enums import SIGNED, DocumentType, SignatureRole, SignatureStatus, Subject
from documents.models import Document, PaperModel, Signature
from partners.enums import ContactRole, PartnerStatus, PartnerType
from partners.models import Contact, Partner
from pfmp import documents, paper_text, rules, selectors, tasks
from pfmp.enums import PlacementStatus
from pfmp.models import Period, Placement
from pfmp.rules import moves
from schools.models import Membership, School
from schools.permissions import allows
from schools.services import change_record, create_record

S = PlacementStatus

CONTRACTUAL = (
    "period", "partner", "tutor", "referent_email", "start_date", "end_date", "timetable", "tasks", "place_address",
    "accepted_alerts",
)  # fmt: skip
"""What the convention says: changing it after the issue makes a new edition (R-CONV-10)."""

PRINTED = (S.ISSUED, S.SIGNED, S.ONGOING)
"""Statuses whose convention is in people's hands."""


# --------------------------------------------------------------------------------------- partners and tutors, typed once


@dataclass(frozen=True)
class NewPartner:
    """A company typed with the placement."""

    name: str
    siret: str = ""
    naf: str = ""
    headcount: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class NewContact:
    """Someone of the company typed with the placement."""

    last_name: str
    first_name: str = ""
    position: str = ""
    email: str = ""
    phone: str = ""
    role: ContactRole = ContactRole.TUTOR


def _create_partner(school: School, typed: NewPartner, *, today: date, by: Any) -> Partner:
    partner = Partner(
        school=school,
        type=PartnerType.COMPANY,
        status=PartnerStatus.ACTIVE,
        first_contact_date=today,
        **{name: getattr(typed, name) for name in typed.__dataclass_fields__},
    )
    return create_record(partner, by=by)[0]


def contact_of(partner: Partner, typed: NewContact, *, by: Any) -> Contact:
    """The partner's contact of that name, with what was missing filled in; a new one when there is none."""
    wanted = searchable(typed.last_name, typed.first_name)
    known = next(
        (
            contact
            for contact in Contact.objects.in_school(partner.school_id).filter(partner=partner).order_by("pk")
            if searchable(contact.last_name, contact.first_name) == wanted
        ),
        None,
    )
    if known is None:
        contact = Contact(
            school=partner.school,
            partner=partner,
            is_active=True,
            **{name: getattr(typed, name) for name in typed.__dataclass_fields__},
        )
        return create_record(contact, by=by)[0]
    filled = [
        name for name in ("position", "email", "phone", "role") if getattr(typed, name) and not getattr(known, name)
    ]
    for name in filled:
        setattr(known, name, getattr(typed, name))
    return change_record(known, version=known.version, by=by, changed=filled) if filled else known


# ------------------------------------------------------------------------------------------------------- the placement


@dataclass(frozen=True)
class Host:
    """Where the pupil goes: a known partner or a new one, a known tutor or a new one, who signs for the company."""

    partner: Partner | None = None
    new_partner: NewPartner | None = None
    tutor: Contact | None = None
    new_tutor: NewContact | None = None
    new_signer: NewContact | None = None


@dataclass(frozen=True)
class Logged:
    """What came of logging a placement. `document` is None for a lead; `created` is False for a second post of one form."""

    placement: Placement
    document: Document | None = None
    created: bool = True
    kept_as_lead: bool = False


class _AlreadyLogged(Exception):
    def __init__(self, placement: Placement) -> None:
        super().__init__("already logged")
        self.placement = placement


def log_placement(
    placement: Placement, host: Host, *, as_lead: bool, by: Any, now: datetime, key: UUID | None = None
) -> Logged:
    """Record where a pupil goes, from an unsaved placement and its host.

    The rules are asked again: when nothing blocks and each alert has its reason, the convention is issued and its PDF asked
    for; `as_lead` keeps it as a lead instead, whatever the rules say. One transaction: partner, people, placement and paper
    are all there, or none. `key`: the form's one-use key. Raises ValidationError with the reasons of a refusal.
    """
    try:
        with transaction.atomic():
            papers.hold_numbers(placement.school)
            if key is not None and (existing := logged_before(placement.school, key)):
                return Logged(existing, created=False)
            settle_host(placement, host, today=timezone.localdate(now), by=by)
            placement.status = S.PROSPECT if as_lead else S.CONFIRMED
            saved, created = create_record(placement, by=by, key=key)
            if not created:  # another post of the same form came first: nothing of this one stays
                raise _AlreadyLogged(saved)
            audit.record("pfmp.placement_logged", saved, by=by, as_lead=as_lead)
            document = None if as_lead else issue_convention(saved, by=by, now=now)
            return Logged(saved, document, kept_as_lead=as_lead)
    except _AlreadyLogged as already:
        return Logged(already.placement, created=False)


def logged_before(school: School, key: UUID) -> Placement | None:
    """The placement that a first post of the same form made."""
    found: Placement | None = Placement.objects.in_school(school).filter(public_id=key).select_related("school").first()
    return found


def settle_host(placement: Placement, host: Host, *, today: date, by: Any) -> None:
    """Put partner and tutor on the placement, creating what is new; a company typed twice at once is created once.

    Raises ValidationError when the typed company is already known under this SIRET.
    """
    partner = host.partner
    if partner is None:
        if host.new_partner is None:
            raise ValidationError({"partner": "Choisissez une entreprise, ou saisissez-en une nouvelle."})
        known = Partner.objects.in_school(placement.school).filter(siret=host.new_partner.siret).order_by("pk")
        same = known.first() if host.new_partner.siret else None
        partner = same or _create_partner(placement.school, host.new_partner, today=today, by=by)
    placement.partner = partner
    if host.new_signer:
        contact_of(partner, host.new_signer, by=by)
    if host.tutor is not None and host.tutor.partner_id == partner.pk:
        placement.tutor = host.tutor
    elif host.new_tutor:
        placement.tutor = contact_of(partner, host.new_tutor, by=by)
    else:
        placement.tutor = None


# ------------------------------------------------------------------------------------------------------ what rules say


def obstacles(placement: Placement, checked: rules.CheckResult | None = None) -> list[str]:
    """Why the convention cannot be issued yet: what blocks, and alerts without a written reason; empty when it can.

    The date of the board's vote (R-CONV-07) never blocks here: missing, it leaves a dotted line on the paper.
    """
    checked = checked or selectors.check_placement(placement)
    found = [problem.message for problem in checked.blocking]
    found += [
        f"{problem.message} Écrivez pourquoi passer outre."
        for problem in checked.warnings
        if not str(placement.accepted_alerts.get(problem.rule, "")).strip()
    ]
    return found


def circumstances(
    placement: Placement, today: date, *, checked: rules.CheckResult | None = None, all_signed: bool | None = None
) -> moves.Circumstances:
    """What the guards of the moves look at; the rules are asked only when the status needs them."""
    needs_rules = placement.status in (S.PROSPECT, S.CONFIRMED)
    if all_signed is None:
        all_signed = placement.status in (S.SIGNED, S.ONGOING)
    return moves.Circumstances(
        start=placement.start_date,
        end=placement.end_date,
        today=today,
        obstacles=tuple(obstacles(placement, checked)) if needs_rules else (),
        all_signed=all_signed,
    )


# ---------------------------------------------------------------------------------------------------------- the moves


STALE_MOVE = "Quelqu’un vient de changer l’étape de ce placement. Regardez où il en est, puis recommencez s’il le faut."


def _shift(placement: Placement, source: PlacementStatus, target: PlacementStatus, *, by: Any, **values: Any) -> None:
    """Compare-and-set: one row changes, or ValidationError says that someone was first."""
    changed = (
        Placement.objects.in_school(placement.school_id)
        .filter(pk=placement.pk, status=source)
        .update(status=target, version=F("version") + 1, updated_by=by, updated_at=timezone.now(), **values)
    )
    if not changed:
        raise ValidationError(STALE_MOVE)
    placement.refresh_from_db()
    audit.record("pfmp.placement_moved", placement, by=by, source=source.value, target=target.value)


@transaction.atomic
def move(
    placement: Placement, target: PlacementStatus, *, by: Any, membership: Membership, now: datetime, **values: Any
) -> Placement:
    """Move a placement on by hand, if the table says so. `values`: date and reason of an interruption.

    Raises PermissionDenied with the reason of the role, ValidationError when the guard or another person is in the way.
    """
    source = PlacementStatus(placement.status)
    step = moves.find(source, target)
    if step is None or step.permission is None:
        raise ValidationError(STALE_MOVE)
    demand(allows(membership, step.permission))
    verdict = step.guard(circumstances(placement, timezone.localdate(now)))
    if not verdict:
        raise ValidationError(verdict.reason)
    if target == S.ISSUED:
        issue_convention(placement, by=by, now=now)
        return placement
    if source == S.INTERRUPTED:
        values = {"interrupted_date": None, "interruption_reason": ""}
    _shift(placement, source, target, by=by, **values)
    if target == S.CANCELLED and (document := selectors.latest_papers([placement]).get(placement.dossier_id)):
        circuit.void(document, by=by, now=now, reason="placement annulé")
    if (source, target) == (S.PROSPECT, S.CONFIRMED):
        issue_convention(placement, by=by, now=now)
    return placement


# ---------------------------------------------------------------------------------------------------------- the paper


@transaction.atomic
def issue_convention(placement: Placement, *, by: Any, now: datetime, replaces: Document | None = None) -> Document:
    """Issue the convention of a placement: number, frozen content, five awaited signatures; its PDF is asked for.

    Raises ValidationError with every obstacle (what blocks, alerts without a reason).
    """
    original = placement
    (placement,) = documents.with_relations(Placement.objects.in_school(placement.school_id)).filter(pk=placement.pk)
    checked = selectors.check_placement(placement)
    if found := obstacles(placement, checked):
        raise ValidationError(found)
    text = selectors.paper_text_for(placement.school)
    referents = documents.referents_of([placement])
    printed: list[documents.ConventionContent] = []

    def content(number: str, edition: int) -> dict[str, Any]:
        printed.append(
            documents.content_of(
                placement,
                number=number,
                version=edition,
                issued_date=timezone.localdate(now),
                checked=checked,
                referents=referents,
            )
        )
        return printed[0].to_json()

    document = papers.issue(
        school=placement.school,
        type=DocumentType.PFMP_CONVENTION,
        subject=Subject.PLACEMENT,
        subject_id=placement.dossier_id,
        content=content,
        template_version=text.version,
        parties=lambda: parties(printed[0]),
        by=by,
        now=now,
        replaces=replaces,
    )
    if placement.status in (S.CONFIRMED, S.SIGNED):
        _shift(placement, PlacementStatus(placement.status), S.ISSUED, by=by)
        original.refresh_from_db(fields=["status", "version"])
    prepare_pdf(document, by=by)
    return document


def parties(content: documents.ConventionContent) -> list[papers.Party]:
    """Who has to sign: five parties; the guardian for a minor, or when the age is unknown and a guardian is (R-CONV-02)."""
    pupil = f"{content.pupil.first_name} {content.pupil.last_name}"
    guardian = content.guardian.name if content.guardian else None
    needs_guardian = content.pupil.is_minor or (content.pupil.is_minor is None and guardian)
    return [
        papers.Party(SignatureRole.HOST, content.host.representative_name or content.host.name),
        papers.Party(SignatureRole.TUTOR, content.tutor.name or content.host.name),
        papers.Party(SignatureRole.GUARDIAN, guardian or pupil)
        if needs_guardian
        else papers.Party(SignatureRole.STUDENT, pupil),
        papers.Party(SignatureRole.REFERENT, content.referent.name or content.referent.email or "Enseignant référent"),
        papers.Party(SignatureRole.HEAD, content.school.head_name or "Chef d’établissement"),
    ]


def prepare_pdf(document: Document, *, by: Any) -> Job:
    """Ask for the PDF of an issued convention; asking twice gives the same job."""
    return jobs.enqueue(tasks.render_convention, by=by, scope=document.school.uai, document_id=document.pk)


@transaction.atomic
def correct_placement(
    placement: Placement, host: Host, *, version: int, issue: bool, by: Any, now: datetime, changed: list[str]
) -> Logged:
    """Save a correction. On an issued convention, what it says changed: a new edition replaces it, old signatures fall.

    `issue` turns a lead into a place and issues the convention of a place that has none; without it both stay as they are.
    Raises StaleEdit when someone saved in between, ValidationError when the rules refuse.
    """
    before = Placement.objects.in_school(placement.school_id).filter(pk=placement.pk).first()
    if before is None or before.version != version:
        raise StaleEdit(before)
    source = PlacementStatus(before.status)
    papers.hold_numbers(placement.school)
    settle_host(placement, host, today=timezone.localdate(now), by=by)
    altered = contractual_changes(before, placement)
    placement.status = S.CONFIRMED if issue and source == S.PROSPECT else source
    placement.full_clean(exclude=["school"])
    change_record(placement, version=version, by=by, changed=sorted({*changed, *altered}))
    if issue and placement.status == S.CONFIRMED:
        return Logged(placement, issue_convention(placement, by=by, now=now))
    document = selectors.latest_papers([placement]).get(placement.dossier_id)
    if source in PRINTED and altered and document is not None:
        return Logged(placement, issue_convention(placement, by=by, now=now, replaces=document))
    return Logged(placement, kept_as_lead=placement.status == S.PROSPECT)


def contractual_changes(before: Placement, after: Placement) -> list[str]:
    """The names of the fields that the convention prints and that differ."""
    return [name for name in CONTRACTUAL if _value(before, name) != _value(after, name)]


def _value(placement: Placement, name: str) -> Any:
    model_field = Placement._meta.get_field(name)
    return getattr(placement, model_field.attname)  # type: ignore[union-attr]


def signatures_changed(document: Document, *, by: Any) -> None:
    """When every party has signed the convention it is complete; when a signature is taken back it no longer is."""
    placement = Placement.objects.in_school(document.school_id).filter(dossier_id=document.subject_id).first()
    if placement is None or not circuit.is_latest(document):
        return
    statuses = list(
        Signature.objects.in_school(document.school_id)
        .filter(document=document)
        .exclude(status=SignatureStatus.VOIDED)
        .values_list("status", flat=True)
    )
    complete = bool(statuses) and all(status in SIGNED for status in statuses)
    for source, target in ((S.ISSUED, S.SIGNED), (S.SIGNED, S.ISSUED)):
        if placement.status == source and complete == (target == S.SIGNED):
            _shift(placement, source, target, by=by)
            return


def issue_class(placements: list[Placement], *, by: Any, now: datetime) -> dict[int, str]:
    """Issue the conventions of places that have none yet. Returns why not, by placement, for those that are held back."""
    held = {}
    for placement in placements:
        try:
            issue_convention(placement, by=by, now=now)
        except ValidationError as error:
            held[placement.pk] = error.messages[0]
    return held


def print_class(period: Period, papers_to_print: list[Document], *, form: str, by: Any) -> Job:
    """Ask for the conventions of a class as one file to print or a ZIP; returns the job with its progress."""
    return jobs.enqueue(
        tasks.render_class,
        by=by,
        scope=period.school.uai,
        total=len(papers_to_print),
        period_id=period.pk,
        form=form,
        asked_by=by.pk,
        document_ids=[document.pk for document in papers_to_print],
    )


# ------------------------------------------------------------------------------------------------- the school's wording


@transaction.atomic
def save_paper_text(school: School, key: str, text: str | None, *, based_on: int, by: Any) -> PaperModel:
    """Keep a school's own text of the convention as a new version of its model; None goes back to the model's text.

    Conventions already issued keep the version they were issued with. Raises ValidationError when someone saved a version
    since `based_on`, PaperTextError for a text that cannot be printed.
    """
    papers.hold_numbers(school)
    last = selectors.own_paper_text(school)
    number = last.number if last else 0
    if number != based_on:
        raise ValidationError(
            "Quelqu’un vient d’enregistrer une autre version du modèle. Rechargez la page, puis recommencez."
        )
    articles = dict(last.articles) if last else {}
    if text is None:
        articles.pop(key, None)
    else:
        articles[key] = text
    paper_text.default().with_own(articles, version="")
    model = PaperModel(
        school=school,
        type=DocumentType.PFMP_CONVENTION,
        number=number + 1,
        articles=articles,
        created_by=by,
        updated_by=by,
    )
    model.save(force_insert=True)
    audit.record("pfmp.paper_text_saved", model, by=by, text=key, number=model.number)
    return model
