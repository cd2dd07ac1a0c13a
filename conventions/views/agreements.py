"""Partnership agreements: the list, the page of one, a partner's tab."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from conventions import commitments, correcting, life, next_step, sections
from conventions.enums import AgreementLevel, AgreementStage
from conventions.filters import AgreementFilters
from conventions.forms.agreements import AgreementForm
from conventions.forms.commitments import CommitmentForm
from conventions.forms.reviews import ReviewForm
from conventions.models import Agreement, AgreementReview, Commitment, Network
from core import charts, french, notices
from core.models import AuditEvent
from core.verdict import Denied, Verdict, demand
from documents import subjects
from documents.enums import SIGNED, SignatureStatus, Subject
from documents.models import Document
from documents.selectors import SIGNERS
from documents.views.papers import preparation, signature_rows
from partners.views.doubles import follows_merges
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages, initial_partner
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages, Section
from schools.permissions import allows
from schools.roles import Permission


class AgreementPages(RecordPages):
    model, app, name, slug = Agreement, "conventions", "agreement", "conventions"
    view, edit = Permission.VIEW_AGREEMENTS, Permission.EDIT_AGREEMENTS
    form, filters = AgreementForm, AgreementFilters
    title, new_label = "Conventions de partenariat", "Ajouter une convention"
    noun = "convention"
    saved = "Convention enregistrée."
    save_label = "Enregistrer la convention"
    intro = "Celles du lycée, et les cadres nationaux ou académiques qu’il décline."
    ordering = ("-signed_date", "title", "pk")
    list_template = "conventions/agreement_list.html"
    detail_template = "conventions/agreement_detail.html"
    form_template = "conventions/agreement_form.html"
    empty = "Aucune convention pour l’instant. Ajoutez la première : un partenaire, un titre, des axes de travail."
    columns = (
        Column("Titre", "title", "name", sort="title"),
        Column("Partenaire ou signataire", lambda row: row.partner or row.signatory, sort="partner__search_text"),
        Column("Niveau", "get_level_display", sort="level"),
        Column("État", lambda row: next_step.state_shown(row, timezone.localdate()), "badge"),
        Column("Signée le", "signed_date", "date", sort="signed_date"),
        Column("Fin", "end_date", "date", sort="end_date"),
        Column("Suivie par", lambda row: str(row.referent or ""), sort="referent__search_text"),
        Column("Axes", lambda row: ", ".join(row.axes_list), screen=False),
        Column("Tacite reconduction", "tacit_renewal", "yesno", screen=False),
        Column("Résiliée le", "terminated_date", "date", screen=False),
        Column("Délibération du CA", "board_vote_date", "date", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Agreement]:
        return super().rows(request).select_related(*RELATIONS)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Agreement]:
        return Agreement.objects.in_school(request.school).select_related("partner", "school", "referent")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request)}

    def create(self, request: SchoolRequest, form: RecordForm) -> Agreement:
        """A new agreement is a project, unless it was signed before it was typed here."""
        agreement = form.instance
        if agreement.level == AgreementLevel.SCHOOL:
            signed = agreement.signed_date is not None
            agreement.stage = AgreementStage.TO_SIGN if signed else AgreementStage.PROJECT
        made: Agreement = super().create(request, form)
        return made

    def change(self, request: SchoolRequest, form: RecordForm) -> Agreement:
        """A correction, and the new edition or the avenant that it makes."""
        paper = correcting.correct(
            form.instance,
            version=form.cleaned_data["version"],
            by=request.user,
            changed=[name for name in form.changed_data if name != "version"],
            now=timezone.now(),
        )
        if paper is not None:
            notices.said(request, correcting.said(paper).strip())
        changed: Agreement = form.instance
        return changed

    def may_delete(self, request: SchoolRequest, record: Agreement) -> Verdict:
        """Not once a paper speaks of it: the paper would speak of nothing."""
        if Document.objects.in_school(request.school).about(Subject.AGREEMENT, record.dossier_id).exists():
            return Denied("Un document a été émis pour cette convention : elle se résilie, elle ne se supprime pas.")
        return super().may_delete(request, record)

    def facts(self, request: SchoolRequest, record: Agreement) -> Iterable[Fact]:
        """Drawn by the template of its page."""
        return ()

    def status(self, record: Agreement) -> str:
        return next_step.state_shown(record, timezone.localdate())

    def subtitle(self, request: SchoolRequest, record: Agreement) -> str:
        level = "" if record.level == AgreementLevel.SCHOOL else record.get_level_display()
        dates = ""
        if record.signed_date:
            dates = f"signée le {french.day(record.signed_date)}"
        return " · ".join(part for part in (level, str(record.partner or record.signatory), dates) if part)

    def sections(self, request: SchoolRequest, record: Agreement) -> Iterable[Section]:
        return sections.AGREEMENT.of(record, request.membership, timezone.localdate())

    def detail_context(self, request: SchoolRequest, record: Agreement) -> dict[str, Any]:
        paper, avenant = life.papers_of(record)
        for one in filter(None, (paper, avenant)):
            one.school = request.school
        state = life.paper_state(paper)
        return {
            **state_context(request, record, paper, avenant, state),
            **promises_context(request, record),
            "paper_warning": correcting.WARNINGS.get(state, ""),
        }


RELATIONS = (
    "school", "partner__school", "parent__parent__parent", "contact__school", "contact__partner", "referent__school", "renews__school",
)  # fmt: skip
LINES_OF_HISTORY = 12
HISTORY = {
    "conventions.agreement.created": "Fiche créée",
    "conventions.agreement.changed": "Fiche modifiée",
}


@dataclass(frozen=True)
class Event:
    """A line of the history."""

    at: datetime
    words: str
    who: str


def history_of(record: Agreement) -> list[Event]:
    """Who did what to it, the latest first."""
    found = (
        AuditEvent.objects.filter(subject_type=Agreement._meta.label, subject_id=record.public_id)
        .filter(verb__in=[life.VERB, *HISTORY])
        .select_related("actor")
        .order_by("-at", "-pk")[:LINES_OF_HISTORY]
    )
    return [
        Event(
            one.at,
            life.history_words(one.payload.get("act", ""), one.payload.get("source", ""))
            if one.verb == life.VERB
            else HISTORY[one.verb],
            str(one.actor) if one.actor else "la plateforme",
        )
        for one in found
    ]


def state_context(
    request: SchoolRequest, record: Agreement, paper: Document | None, avenant: Document | None, paper_state: str
) -> dict[str, Any]:
    """Where it stands, what can be done, its paper, the tree it stands in, its networks and its history."""
    today = timezone.localdate()
    membership, school = request.membership, request.school
    may_read = bool(allows(membership, Permission.VIEW_DOCUMENTS))
    rows = signature_rows(request, paper, is_latest=True) if paper and may_read else []
    waiting = [row.signature for row in rows if row.signature.status == SignatureStatus.AWAITED]
    missing = ", ".join(SIGNERS.get(one.role, one.get_role_display()) for one in waiting if not one.optional)
    renewal = (
        Agreement.objects.in_school(school)
        .filter(renews=record)
        .exclude(stage=AgreementStage.ABANDONED, signed_date=None)
        .select_related("school")
        .first()
    )
    steps = life.choices(record, membership, today, paper=paper_state, is_renewed=renewal is not None)
    url_of = {
        step.act: reverse("conventions:agreement_move", args=[school.uai, record.public_id, step.act.value])
        for step, _ in steps
    }
    may_edit = allows(membership, Permission.EDIT_AGREEMENTS)
    main, others = next_step.choices_of(steps if may_edit else [], url_of)
    refused = [row.signature for row in rows if row.signature.status == SignatureStatus.REFUSED]
    step = next_step.told(
        record, today, main=main, paper=paper, missing=missing, refusal=refused[0] if refused else None, renewal=renewal
    )
    return {
        "today": today,
        "step": step,
        "main": step.choice if step else None,
        "others": others if step and step.choice is main else [one for one in (main, *others) if one],
        "document": paper if may_read else None,
        "avenant": avenant if may_read else None,
        "job": preparation(paper) if paper and may_read else None,
        "may_prepare": subjects.may_prepare(membership, paper) if paper else Verdict(False),
        "rows": rows,
        "signed": sum(row.signature.status in SIGNED for row in rows),
        "missing": missing,
        "renewal": renewal,
        "until": next_step.tacit_end(record, today),
        "parents": chain_above(record),
        "children": list(
            Agreement.objects.in_school(school).filter(parent=record).select_related("school").order_by("title")[:20]
        ),
        "networks": list(
            Network.objects.in_school(school).filter(agreement=record).select_related("school").order_by("search_text")
        ),
        "action_labels": commitments.action_labels(record.action_types),
        "history": history_of(record),
    }


def chain_above(record: Agreement) -> list[Agreement]:
    """The frames above it, the nearest first; a loop in the data stops where it began."""
    found: list[Agreement] = []
    above = record.parent
    while above is not None and above.pk not in {record.pk, *(one.pk for one in found)} and len(found) < 3:
        above.school = record.school
        found.append(above)
        above = above.parent
    return found


@dataclass(frozen=True)
class Line:
    """A commitment on the page: its progress, a bar, and what is behind the number for who may read it."""

    progress: commitments.Progress
    bar: str
    is_shown: bool
    edit_url: str
    remove_url: str


def promises_context(request: SchoolRequest, record: Agreement) -> dict[str, Any]:
    """What was promised against what was done, by axis; the reviews; the forms to add a line."""
    today = timezone.localdate()
    uai = request.school.uai
    may_edit = bool(allows(request.membership, Permission.EDIT_AGREEMENTS))
    lines = [
        Line(
            one,
            charts.share(one.done, one.commitment.target, width=120),
            one.shown_to(request.membership),
            reverse("conventions:commitment_edit", args=[uai, one.commitment.public_id]),
            reverse("conventions:commitment_remove", args=[uai, one.commitment.public_id]),
        )
        for one in commitments.progress_of(record, today)
    ]
    reviews = AgreementReview.objects.in_school(request.school).filter(agreement=record).select_related("school")
    return {
        "axes": [(axis, list(group)) for axis, group in groupby(lines, key=lambda line: line.progress.commitment.axis)],
        "commitment_count": len(lines),
        "late_count": sum(line.progress.is_late for line in lines),
        "reviews": reviews.order_by(F("held_date").desc(nulls_first=True), "planned_date", "pk"),
        "commitment_form": CommitmentForm(
            instance=Commitment(agreement=record), school=request.school, membership=request.membership
        )
        if may_edit
        else None,
        "review_form": ReviewForm(
            instance=AgreementReview(agreement=record),
            school=request.school,
            membership=request.membership,
            today=today,
        )
        if may_edit
        else None,
        "commitment_url": reverse("conventions:commitment_new", args=[uai, record.public_id]),
        "review_url": reverse("conventions:review_new", args=[uai, record.public_id]),
        "edited": None,
        "opened": "",
    }


def agreement_page(
    request: SchoolRequest, agreement: Agreement, *, status: int = 200, **forms: RecordForm
) -> HttpResponse:
    """The page of an agreement with one of its forms open: a line to correct, or what was typed and is not right."""
    pages = AgreementPages()
    context = pages.page_context(request, pages.find(request, agreement.public_id))
    form = next(iter(forms.values()))
    context.update(forms, form=form, opened=next(iter(forms)))
    if not form.is_new:
        context["edited"] = form.instance.pk
        name = next(iter(forms))
        url_name = "commitment_edit" if name == "commitment_form" else "review_edit"
        url = reverse(f"conventions:{url_name}", args=[request.school.uai, form.instance.public_id])
        context["commitment_url" if name == "commitment_form" else "review_url"] = url
    return render(request, pages.detail_template, context, status=status)


def line_found(request: SchoolRequest, model: type[Commitment] | type[AgreementReview], public_id: UUID) -> Any:
    """A line of an agreement's page that this person may change, with its agreement. Raises Http404, or
    PermissionDenied with the reason."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    rows = model.objects.in_school(request.school).select_related(
        "school", *(f"agreement__{name}" for name in ("school", "partner__school", "parent__school"))
    )
    return get_object_or_404(rows, public_id=public_id)


@require_GET
@follows_merges
def partner_agreements(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A partner's agreements: a tab of its page."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    partner = PartnerPages().find(request, public_id)
    agreements = Agreement.objects.in_school(request.school).filter(partner=partner).select_related("school")
    today = timezone.localdate()
    return render(
        request,
        "conventions/partner_agreements.html",
        {
            **partner_frame(request, partner),
            "agreements": [
                (agreement, next_step.state_shown(agreement, today))
                for agreement in agreements.order_by(F("signed_date").desc(nulls_last=True), "pk")
            ],
            "may_edit": allows(request.membership, Permission.EDIT_AGREEMENTS),
        },
    )
