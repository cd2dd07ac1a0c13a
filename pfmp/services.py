"""Verbs on placements: log one, correct it, move it on, issue its convention, note what is signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.utils import timezone

from core import audit, jobs
from core.errors import StaleEdit
from core.models import Job
from core.text import searchable
from documents import circuit, delegations, verifying
from documents import services as papers
from documents.enums import SIGNED, DocumentType, SignatureStatus, Subject
from documents.models import Document, Signature
from documents.wording import versions
from partners.enums import ContactRole, PartnerStatus, PartnerType
from partners.models import Contact, Partner
from pfmp import annexes, avenants, documents, paper_text, parties, rules, safety, selectors, tasks
from pfmp.enums import PlacementStatus
from pfmp.models import FormationAnnex, Period, Placement
from schools.models import Membership, School
from schools.services import change_record, create_record

S = PlacementStatus

CONTRACTUAL = (
    "period", "partner", "signer", "tutor", "referent_email", "start_date", "end_date", "timetable", "tasks",
    "place_address", "accepted_alerts",
)  # fmt: skip
"""What the convention says: changing it after the issue makes a new edition, or an avenant once all have signed (R-CONV-10)."""

PRINTED = (S.ISSUED, S.SIGNED, S.ONGOING)
"""Statuses whose convention is in people's hands."""

AGREED = (S.SIGNED, S.ONGOING)
"""Statuses whose convention everyone has signed: a correction is an avenant."""


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
    """Where the pupil goes: a known partner or a new one, who signs for it, who is the tutor; each known or new."""

    partner: Partner | None = None
    new_partner: NewPartner | None = None
    tutor: Contact | None = None
    new_tutor: NewContact | None = None
    signer: Contact | None = None
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
    if host.signer is not None and host.signer.partner_id == partner.pk:
        placement.signer = host.signer
    else:
        placement.signer = contact_of(partner, host.new_signer, by=by) if host.new_signer else None
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


# ------------------------------------------------------------------------------------------------------- from a step to another


STALE_MOVE = "Quelqu’un vient de changer l’étape de ce placement. Regardez où il en est, puis recommencez s’il le faut."


def shift(placement: Placement, source: PlacementStatus, target: PlacementStatus, *, by: Any, **values: Any) -> None:
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


# ---------------------------------------------------------------------------------------------------------- the paper


@dataclass(frozen=True)
class Desk:
    """What the papers of one school share: asked for once for a whole class."""

    text_versions: Mapping[str, str]  # by kind of period
    referents: Mapping[str, Membership]
    head: Membership | None
    insurance: str = ""
    country_sheets: Mapping[str, str] = field(default_factory=dict)
    annexes: Mapping[str, FormationAnnex] = field(default_factory=dict)  # of the formations that have one only


def desk_of(school: School, placements: list[Placement]) -> Desk:
    """The school's texts of the convention, who follows these placements, who is the head, the insurance, countries' sheets."""
    prefetch_related_objects(placements, "period__school_class")
    return Desk(
        {
            kind: versions.text_for(school, paper_text.model_of(kind)).version
            for kind in {placement.period.kind for placement in placements}
        },
        documents.referents_of(placements),
        delegations.head_of(school),
        selectors.school_insurance(school),
        safety.country_texts(school, {placement.country for placement in placements}),
        annexes.only_ones(school, {placement.period.school_class.diploma for placement in placements}),
    )


@transaction.atomic
def issue_convention(
    placement: Placement,
    *,
    by: Any,
    now: datetime,
    replaces: Document | None = None,
    desk: Desk | None = None,
    checked: rules.CheckResult | None = None,
) -> Document:
    """Issue the convention of a placement: number, frozen content, awaited signatures; its PDF is asked for.

    One that was issued before, then refused or given up, keeps its number: this is its next edition. `desk` and `checked`
    spare a class from asking the same things for each pupil. Raises ValidationError with every obstacle (what blocks,
    alerts without a reason), or when someone else has just issued it.
    """
    papers.hold_numbers(placement.school)
    original = placement
    (placement,) = documents.with_relations(Placement.objects.in_school(placement.school_id)).filter(pk=placement.pk)
    if replaces is None:
        if placement.status in PRINTED:
            raise ValidationError(STALE_MOVE)
        replaces = selectors.latest_papers([placement]).get(placement.dossier_id)
    checked = checked or selectors.check_placement(placement)
    if found := obstacles(placement, checked):
        raise ValidationError(found)
    desk = desk or desk_of(placement.school, [placement])
    annex = desk.annexes.get(placement.period.school_class.diploma)
    if annex is not None and replaces is None and documents.terms_of(placement) is None:
        annexes.begin(placement, annex, by=by)
    document = _issue(placement, desk, checked, by=by, now=now, replaces=replaces)
    if placement.status in (S.CONFIRMED, S.SIGNED):
        shift(placement, PlacementStatus(placement.status), S.ISSUED, by=by)
        original.refresh_from_db(fields=["status", "version"])
    return document


def _issue(
    placement: Placement, desk: Desk, checked: rules.CheckResult, *, by: Any, now: datetime, replaces: Document | None,
    amends: Document | None = None, effective_date: date | None = None, **amendment: Any,
) -> Document:  # fmt: skip
    """The convention of a placement, or the avenant that `amends` it."""
    referent = desk.referents.get(placement.referent_email.strip().casefold())

    def content(number: str, edition: int) -> documents.ConventionContent:
        return documents.content_of(
            placement,
            number=number,
            version=edition,
            issued_date=timezone.localdate(now),
            checked=checked,
            referents=desk.referents,
            insurance=desk.insurance,
            country_sheet=desk.country_sheets.get(placement.country, ""),
            effective_date=effective_date,
            verify_url=verifying.address(number),
            **amendment,
        )

    document = papers.issue(
        school=placement.school,
        type=DocumentType.PFMP_AVENANT if amends else DocumentType.PFMP_CONVENTION,
        subject=Subject.PLACEMENT,
        subject_id=placement.dossier_id,
        content=content,
        template_version=desk.text_versions[placement.period.kind],
        parties=lambda content: parties.of(content, placement, referent=referent, head=desk.head),
        by=by,
        now=now,
        replaces=replaces,
        amends=amends,
        changes=amendment.get("changes", ()),
        effective_date=effective_date,
    )
    prepare_pdf(document, by=by)
    return document


def prepare_pdf(document: Document, *, by: Any) -> Job:
    """Ask for the PDF of an issued convention; asking twice gives the same job."""
    return jobs.enqueue(tasks.render_convention, by=by, scope=document.school.uai, document_id=document.pk)


@dataclass(frozen=True)
class Amendment:
    """What the form asks of a correction that everyone will have to sign again: why, and from which day."""

    reason: str = ""
    effective_date: date | None = None


ELSEWHERE = {
    S.SIGNED: "Tout le monde a signé avec l’entreprise d’avant : annulez ce placement, puis saisissez le nouveau.",
    S.ONGOING: "L’élève est déjà dans l’entreprise d’avant : interrompez ce placement, puis saisissez le suivant.",
}
"""Another company is another convention: no avenant makes one of the other."""


@transaction.atomic
def correct_placement(
    placement: Placement,
    host: Host,
    *,
    version: int,
    issue: bool,
    by: Any,
    now: datetime,
    changed: list[str],
    amendment: Amendment | None = None,
) -> Logged:
    """Save a correction, and give it the paper that it needs.

    What an issued convention says changed: a new edition replaces it, signatures given fall. Once everyone has signed, an
    avenant says what changes, and the convention stays signed.
    `issue` turns a lead into a place and issues the convention of a place that has none; without it both stay as they are.
    Raises StaleEdit when someone saved in between, ValidationError when the rules refuse.
    """
    before = documents.with_relations(Placement.objects.in_school(placement.school_id)).filter(pk=placement.pk).first()
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
    if altered and (document := settle_paper(placement, before, amendment or Amendment(), by=by, now=now)):
        return Logged(placement, document)
    return Logged(placement, kept_as_lead=placement.status == S.PROSPECT)


def settle_paper(
    placement: Placement, before: Placement, amendment: Amendment, *, by: Any, now: datetime
) -> Document | None:
    """The paper that a saved change needs: an avenant, a new edition, or none.

    `before` is the placement as it was, with the relations of `documents.with_relations`.
    """
    found = avenants.papers_of([placement]).get(placement.dossier_id)
    if found is None or found.convention is None:
        return None
    source = PlacementStatus(before.status)
    if source in AGREED:
        if before.partner_id != placement.partner_id:
            raise ValidationError({"partner": ELSEWHERE[source]})
        return _amend(placement, before, found, amendment, by=by, now=now)
    if source == S.ISSUED:
        return issue_convention(placement, by=by, now=now, replaces=found.convention)
    if (
        source == S.CONFIRMED and found.convention.voided_at is None
    ):  # refused: what it says is no longer what is wanted
        circuit.void(found.convention, by=by, now=now, reason="placement corrigé")
    return None


def _amend(
    placement: Placement, before: Placement, found: avenants.Papers, amendment: Amendment, *, by: Any, now: datetime
) -> Document | None:
    """The avenant that says what differs from what was last agreed. One still to be signed is replaced by the new one.

    None when nothing differs any more: an avenant that waited is given up. Raises ValidationError as issue_convention, and
    for a missing reason or a day that cannot be.
    """
    convention, agreed, waiting = found.convention, found.agreed, found.waiting
    assert convention is not None and agreed is not None
    (placement,) = documents.with_relations(Placement.objects.in_school(placement.school_id)).filter(pk=placement.pk)
    checked = selectors.check_placement(placement)
    today = timezone.localdate(now)
    desk = desk_of(placement.school, [placement, before])
    base = documents.content_in(agreed) or documents.content_of(
        before, number=agreed.number, version=agreed.edition, issued_date=timezone.localdate(agreed.issued_at),
        checked=selectors.check_placement(before), referents=desk.referents, insurance=desk.insurance,
        country_sheet=desk.country_sheets.get(before.country, ""),
    )  # fmt: skip
    wanted = documents.content_of(
        placement,
        number="",
        version=1,
        issued_date=today,
        checked=checked,
        referents=desk.referents,
        insurance=desk.insurance,
        country_sheet=desk.country_sheets.get(placement.country, ""),
    )
    changes = avenants.changes(base, wanted)
    if not changes:
        if waiting:
            circuit.void(waiting, by=by, now=now, reason="plus rien ne change")
        return None
    if problems := obstacles(placement, checked):
        raise ValidationError(problems)
    if not amendment.reason.strip():
        raise ValidationError({"amendment_reason": NO_REASON})
    issued, since = timezone.localdate(convention.issued_at), agreed.effective_date
    day = amendment.effective_date or avenants.default_date(base, wanted, today, since=since)
    last_day = max(base.end_date, wanted.end_date)
    if wrong := avenants.date_problems(day, issued=issued, since=since, number=agreed.number, end=last_day):
        raise ValidationError({"effective_date": wrong})
    return _issue(
        placement, desk, checked, by=by, now=now, replaces=waiting, amends=convention, effective_date=day,
        amends_number=convention.number, amends_date=issued, changes=changes, amendment_reason=amendment.reason.strip(),
        earlier_avenants=tuple(one.number for one in found.signed_avenants),
    )  # fmt: skip


NO_REASON = "Dites pourquoi la convention change : c’est imprimé sur l’avenant."


def void_papers(placement: Placement, *, by: Any, now: datetime, reason: str) -> None:
    """The convention and its avenants no longer count."""
    found = avenants.papers_of([placement]).get(placement.dossier_id, avenants.Papers(None))
    for one in (*found.avenants, found.convention):
        if one is not None:
            circuit.void(one, by=by, now=now, reason=reason)


def contractual_changes(before: Placement, after: Placement) -> list[str]:
    """The names of the fields that the convention prints and that differ."""
    return [name for name in CONTRACTUAL if _value(before, name) != _value(after, name)]


def _value(placement: Placement, name: str) -> Any:
    if name == "signer":  # nobody chosen is the one who leads the company
        signer = documents.signer_of(placement) if placement.partner_id else None
        return signer.pk if signer else None
    model_field = Placement._meta.get_field(name)
    return getattr(placement, model_field.attname)  # type: ignore[union-attr]


def signatures_changed(document: Document, *, by: Any) -> None:
    """What signatures of a convention do to its placement: complete, to correct when one is refused, else to be signed.

    Those of an avenant move nothing: the convention stays signed, whatever becomes of the avenant.
    """
    if document.type != DocumentType.PFMP_CONVENTION:
        return
    placement = Placement.objects.in_school(document.school_id).filter(dossier_id=document.subject_id).first()
    if placement is None or document.voided_at is not None or not circuit.is_latest(document):
        return
    statuses = set(
        Signature.objects.in_school(document.school_id)
        .filter(document=document)
        .counted()
        .exclude(status=SignatureStatus.VOIDED)
        .values_list("status", flat=True)
    )
    target = (
        S.CONFIRMED
        if SignatureStatus.REFUSED in statuses
        else S.SIGNED
        if statuses and statuses <= set(SIGNED)
        else S.ISSUED
    )
    source = PlacementStatus(placement.status)
    if source in (S.CONFIRMED, S.ISSUED, S.SIGNED) and source != target:
        shift(placement, source, target, by=by)


def issue_class(placements: list[Placement], *, by: Any, now: datetime) -> dict[int, str]:
    """Issue the conventions of places that have none yet. Returns why not, by placement, for those that are held back."""
    held: dict[int, str] = {}
    if not placements:
        return held
    desk = desk_of(placements[0].school, placements)
    facts = selectors.placement_facts(placements)
    for placement, known in zip(placements, facts, strict=True):
        try:
            issue_convention(placement, by=by, now=now, desk=desk, checked=rules.check(known))
        except ValidationError as error:
            held[placement.pk] = error.messages[0]
    return held


def print_class(
    period: Period, papers_to_print: list[Document], *, by: Any, task: jobs.Task = tasks.render_class
) -> Job:
    """Ask for the papers of a class as one file to print; returns the job with its progress. `task` draws them."""
    return jobs.enqueue(
        task,
        by=by,
        scope=period.school.uai,
        total=len(papers_to_print),
        period_id=period.pk,
        asked_by=by.pk,
        document_ids=[document.pk for document in papers_to_print],
    )
