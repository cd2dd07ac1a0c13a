"""The transfers of SOLTéA, and what each employer chose in them."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import notices
from core.verdict import demand
from partners import campaigns, taxe
from partners.enums import ContributionNature
from partners.filters import TransferFilters
from partners.forms.taxe import TransferForm, TransferLineForm
from partners.models import Contribution, TaxTransfer
from partners.views.taxe.frame import frame, import_url, year_in_view
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, add_errors
from schools.permissions import allows
from schools.roles import Permission


class TransferPages(RecordPages):
    model, app, name, slug = TaxTransfer, "partners", "transfer", "taxe-apprentissage/virements"
    view, edit = Permission.VIEW_TAXE, Permission.EDIT_TAXE
    form, filters = TransferForm, TransferFilters
    title, new_label = "Virements de taxe d’apprentissage", "Noter un virement"
    noun = "virement"
    saved = "Virement enregistré."
    save_label = "Enregistrer le virement"
    intro = "Un virement de SOLTéA réunit ce que plusieurs employeurs ont choisi."
    empty = "Aucun virement pour l’instant. Notez-le avec son relevé, ou importez le tableau."
    ordering = ("-date", "-pk")
    list_template = "partners/transfer_list.html"
    detail_template = "partners/transfer_detail.html"
    columns = (
        Column("Virement", str, "name", sort="label"),
        Column("Campagne", lambda row: str(row.campaign), sort="campaign"),
        Column("Reçu le", "date", "date", sort="date"),
        Column("Montant", "amount", "euros", sort="amount"),
        Column("Somme des lignes", lambda row: campaigns.total(row.contributions.all()), "euros"),
        Column("Employeurs", lambda row: len({one.partner_id for one in row.contributions.all()}), "number"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[TaxTransfer]:
        lines = Contribution.objects.in_school(request.school)
        return self.rows(request).select_related("school").prefetch_related(Prefetch("contributions", lines))

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {**frame(request, year_in_view(request)), "import_url": import_url(request)}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"campaign": year_in_view(request), "date": timezone.localdate()}

    def home_of(self, request: SchoolRequest, record: TaxTransfer) -> str:
        return f"{self.url('list', request)}?campagne={record.campaign}"

    def subtitle(self, request: SchoolRequest, record: TaxTransfer) -> str:
        return f"Campagne {record.campaign}"

    def detail_context(self, request: SchoolRequest, record: TaxTransfer) -> dict[str, Any]:
        lines = list(
            Contribution.objects.in_school(request.school)
            .filter(transfer=record)
            .select_related("partner__school", "school")
            .order_by("partner__search_text", "pk")
        )
        total = campaigns.total(lines)
        return {
            **frame(request, record.campaign),
            "lines": lines,
            "total": total,
            "gap": record.amount - total if record.amount is not None else None,
            "abs_gap": abs(record.amount - total) if record.amount is not None else None,
            "line_form": TransferLineForm(school=request.school),
            "line_url": reverse("partners:transfer_line", args=[request.school.uai, record.public_id]),
            "may_edit": allows(request.membership, Permission.EDIT_TAXE),
            "import_url": import_url(request),
        }


@require_POST
def transfer_line(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One employer of a transfer: a payment received on its day, which settles the employer's promise if there is one."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    pages = TransferPages()
    record: TaxTransfer = pages.find(request, public_id)
    form = TransferLineForm(request.POST, school=request.school)
    if form.is_valid():
        given = form.cleaned_data
        line = Contribution(
            school=request.school,
            partner=given["partner"],
            campaign=record.campaign,
            nature=ContributionNature.TAXE,
            amount=given["amount"],
            received_date=record.date,
            origin=given["origin"],
            transfer=record,
        )
        try:
            receipt = taxe.record_contribution(
                line, by=request.user, twice=bool(given["twice"]), today=timezone.localdate()
            )
        except ValidationError as error:
            if getattr(error, "code", "") == taxe.TWICE:
                form.offer_twice()
            add_errors(form, error)
        else:
            notices.said(request, f"Ligne ajoutée. {receipt.settlement}".strip())
            return redirect(f"{record.get_absolute_url()}#ligne")
    context = {**pages.page_context(request, record), "line_form": form, "form": form}
    return render(request, pages.detail_template, context, status=422)
