"""The taxe d'apprentissage and gifts: what is promised, what came."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core import notices
from core.job_pages import job_of_the_page
from partners import campaigns, taxe
from partners.enums import ContributionNature
from partners.filters import ContributionFilters
from partners.forms.taxe import ContributionForm
from partners.models import Contribution, Partner, TaxApproach
from partners.rules import taxe as rules
from partners.views.records import initial_partner
from partners.views.taxe.frame import frame, import_url, signed_euros, year_in_view
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows
from schools.roles import Permission


class ContributionPages(RecordPages):
    model, app, name, slug = Contribution, "partners", "contribution", "taxe-apprentissage/versements"
    view, edit = Permission.VIEW_TAXE, Permission.EDIT_TAXE
    form, filters = ContributionForm, ContributionFilters
    title, new_label = "Taxe d’apprentissage et dons", "Noter un versement ou un don"
    noun = "versement ou don, versements et dons"
    saved = "Versement enregistré."
    save_label = "Enregistrer le versement"
    ordering = ("-campaign", "-received_date", "-pk")
    list_template = "partners/contribution_list.html"
    detail_template = "partners/contribution_detail.html"
    form_template = "partners/contribution_form.html"
    empty = "Aucun versement pour l’instant. Notez le premier, ou importez le tableau des virements."
    columns = (
        Column("Partenaire", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Campagne", lambda row: str(row.campaign), sort="campaign"),
        Column("Nature", "get_nature_display", sort="nature"),
        Column("Montant", "amount", "euros", sort="amount"),
        Column("Reçu le", "received_date", "date", sort="received_date"),
        Column("Ce que l’argent a permis", "use"),
        Column("Remercié le", "thanked_date", "date", sort="thanked_date"),
        Column("Origine", "get_origin_display", screen=False),
        Column("Virement", lambda row: str(row.transfer) if row.transfer else "", screen=False),
        Column("SIRET", lambda row: row.partner.siret, screen=False),
        Column("Accepté par le conseil d’administration le", "board_date", "date", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Contribution]:
        return self.rows(request).select_related("partner", "school", "transfer__school")

    def find(self, request: SchoolRequest, public_id: UUID) -> Contribution:
        record = self.list_rows(request).filter(public_id=public_id).first()
        if record is None:
            raise Http404
        record.school = request.school
        return record

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "campaign": year_in_view(request)}

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        campaign = year_in_view(request)
        return {
            **frame(request, campaign),
            "sums": rules.sums(campaigns.payments_since(request.school, campaign), campaign, timezone.localdate()),
            "import_url": import_url(request),
        }

    def create(self, request: SchoolRequest, form: RecordForm) -> Contribution:
        try:
            receipt = taxe.record_contribution(
                form.instance,
                by=request.user,
                key=form.cleaned_data.get("creation_key"),
                twice=bool(form.cleaned_data.get("twice")),
                today=timezone.localdate(),
            )
        except ValidationError as error:
            if getattr(error, "code", "") == taxe.TWICE:
                form.offer_twice()  # type: ignore[attr-defined]
            raise
        if receipt.settlement:
            notices.said(request, receipt.settlement)
        return receipt.contribution

    def change(self, request: SchoolRequest, form: RecordForm) -> Contribution:
        return taxe.change_contribution(
            form.instance,
            version=form.cleaned_data["version"],
            by=request.user,
            changed=[name for name in form.changed_data if name != "version"],
            today=timezone.localdate(),
        )

    def remove(self, request: SchoolRequest, record: Contribution) -> None:
        taxe.remove_contribution(record, by=request.user, today=timezone.localdate())

    def home_of(self, request: SchoolRequest, record: Contribution) -> str:
        return f"{self.url('list', request)}?campagne={record.campaign}"

    def subtitle(self, request: SchoolRequest, record: Contribution) -> str:
        return record.partner.name

    def facts(self, request: SchoolRequest, record: Contribution) -> Iterable[Fact]:
        yield Fact("Partenaire", record.partner.name, link=self._partner_url(request, record.partner))
        yield Fact("Campagne", str(record.campaign))
        yield Fact("Nature", record.get_nature_display())
        yield Fact("Montant", record.amount, "euros")
        yield Fact("Reçu le", record.received_date, "date")
        yield Fact("Origine", record.get_origin_display())
        if record.transfer is not None:
            yield Fact("Virement", str(record.transfer), link=record.transfer.get_absolute_url())
        yield Fact("Ce que l’argent a permis", record.use, "paragraph")
        yield Fact("Accepté par le conseil d’administration le", record.board_date, "date")
        yield Fact("Remercié le", record.thanked_date, "date")

    def _partner_url(self, request: SchoolRequest, partner: Partner) -> str:
        return reverse("partners:partner_detail", args=[request.school.uai, partner.public_id])

    def detail_context(self, request: SchoolRequest, record: Contribution) -> dict[str, Any]:
        approach = (
            TaxApproach.objects.in_school(request.school)
            .filter(partner=record.partner_id, campaign=record.campaign)
            .select_related("school")
            .first()
        )
        is_gift = record.nature != ContributionNature.TAXE
        promised = approach.promised_amount if approach and approach.promise_id == record.pk else None
        gap = record.amount - promised if promised is not None else None
        return {
            **frame(request, record.campaign),
            "approach": approach,
            "promised": promised,
            "gap": gap,
            "gap_text": signed_euros(gap) if gap is not None else "",
            "lacks_board": is_gift and record.received_date is not None and record.board_date is None,
            "may_edit": allows(request.membership, Permission.EDIT_TAXE),
            "job": job_of_the_page(request, scope=request.school.uai),
        }
