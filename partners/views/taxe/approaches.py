"""The follow-up of a campaign: who was asked, what each answers."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import french, notices
from core.errors import StaleEdit
from core.job_pages import job_of_the_page
from core.verdict import demand
from partners import campaigns, taxe, taxe_mail
from partners.enums import ContributionNature, TaxIntention
from partners.filters import ApproachFilters
from partners.forms.taxe import AnswerForm, ApproachForm
from partners.mailing import refused_addresses
from partners.models import Contribution, TaxApproach
from partners.rules import taxe as rules
from partners.views.records import initial_partner
from partners.views.taxe.frame import frame, record_of, signed_euros, year_in_view
from schools import bulk
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages, add_errors
from schools.permissions import allows
from schools.roles import Permission

ACTIONS = bulk.Registry()
for code, label, icon, effect in (
    ("solliciter", "Solliciter par courriel", "envelope", "Écrire à chacun, un message par partenaire."),
    ("relancer", "Relancer par courriel", "arrow-repeat", "Écrire de nouveau à ceux qui n’ont pas répondu."),
):
    ACTIONS.register(
        bulk.BulkAction(code, label, label, effect, Permission.EDIT_TAXE, icon=icon, url_name="partners:approach_write")
    )


def paid_for(approach: TaxApproach) -> list[Contribution]:
    """The payments of a follow-up line's partner, that the list prefetched."""
    found: list[Contribution] = getattr(approach.partner, "paid", [])
    return found


def row_received(approach: TaxApproach) -> Any:
    """What the partner of a follow-up line paid for its campaign, from what the list prefetched."""
    paid = paid_for(approach)
    return campaigns.total(paid) if paid else None


def next_step(approach: TaxApproach) -> str:
    """What one does next with a partner of the list, in two or three words."""
    if approach.intention == TaxIntention.TO_ASK:
        return "Solliciter"
    if approach.intention == TaxIntention.PAID:
        return "Remercier" if any(row.thanked_date is None for row in paid_for(approach)) else "Remercié"
    turn = rules.may_remind(approach.intention, approach.asked_date, approach.reminded_date, timezone.localdate())
    if turn.from_day is not None:
        return f"Relance dès le {french.short_day(turn.from_day)}"
    return "Relancer" if turn else ""


class ApproachPages(RecordPages):
    model, app, name, slug = TaxApproach, "partners", "approach", "taxe-apprentissage/suivi"
    view, edit = Permission.VIEW_TAXE, Permission.EDIT_TAXE
    form, filters = ApproachForm, ApproachFilters
    title, new_label = "Suivi de la campagne", "Suivre un partenaire de plus"
    noun = "partenaire"
    saved = "Suivi enregistré."
    ordering = ("partner__search_text", "pk")
    list_template = "partners/approach_list.html"
    terms = ("campagne",)
    bulk_actions = ACTIONS
    detail_template = "partners/approach_detail.html"
    columns = (
        Column("Partenaire", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Interlocuteur", "contact"),
        Column("Réponse", "intention", "badge", sort="intention", status_kind="approach"),
        Column("Promis", "promised_amount", "euros", sort="promised_amount"),
        Column("Reçu", row_received, "euros"),
        Column("Sollicité le", "asked_date", "date", sort="asked_date"),
        Column("Sollicité par", "asked_by"),
        Column("Par", "get_channel_display", screen=False),
        Column("Relancé le", "reminded_date", "date", sort="reminded_date"),
        Column("Suite", next_step, link=lambda row: f"{row.get_absolute_url()}#reponse"),
        Column("Réponse le", "answered_date", "date", screen=False),
        Column("Note", "note", screen=False),
        Column("Campagne", lambda row: str(row.campaign), screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[TaxApproach]:
        """The follow-up of one campaign, with what each partner paid for it."""
        campaign = year_in_view(request)
        paid = Contribution.objects.in_school(request.school).filter(
            campaign=campaign, nature=ContributionNature.TAXE, received_date__isnull=False
        )
        return (
            self.rows(request)
            .filter(campaign=campaign)
            .select_related("partner", "contact", "asked_by", "school")
            .prefetch_related(Prefetch("partner__contributions", paid, to_attr="paid"))
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "campaign": year_in_view(request)}

    def create(self, request: SchoolRequest, form: RecordForm) -> TaxApproach:
        """The same verb as « Ajouter à la campagne », for one: with its contact and what it paid or promised already."""
        approach = form.instance
        same = TaxApproach.objects.in_school(request.school).filter(
            campaign=approach.campaign, partner=approach.partner_id
        )
        taxe.add_partners(request.school, approach.campaign, [approach.partner_id], by=request.user)
        found: TaxApproach = same.get()
        if approach.note and not found.note:
            found.note = approach.note
            found.save(update_fields=["note"])
        return found

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        campaign = year_in_view(request)
        rows = self.rows(request).filter(campaign=campaign)
        counted = dict(rows.order_by().values_list("intention").annotate(n=Count("pk")))
        record = record_of(request, campaign)
        uai = request.school.uai
        return {
            **frame(request, campaign, record),
            "step_counts": [(step.value, counted.get(step.value, 0)) for step in TaxIntention],
            "may_edit": allows(request.membership, Permission.EDIT_TAXE),
            "add_url": reverse("partners:campaign_add", args=[uai, record.public_id]) if record else "",
            "remind_url": f"{reverse('partners:approach_write', args=[uai])}?campagne={campaign}&action=relancer",
            "job": job_of_the_page(request, scope=request.school.uai),
        }

    def find(self, request: SchoolRequest, public_id: UUID) -> TaxApproach:
        found = self.rows(request).filter(public_id=public_id)
        record = found.select_related("partner", "contact", "asked_by", "promise", "school").first()
        if record is None:
            raise Http404
        record.school = request.school
        record.partner.school = request.school
        return record

    def subtitle(self, request: SchoolRequest, record: TaxApproach) -> str:
        return f"Campagne {record.campaign}"

    def home_of(self, request: SchoolRequest, record: TaxApproach) -> str:
        return f"{self.url('list', request)}?campagne={record.campaign}"

    def facts(self, request: SchoolRequest, record: TaxApproach) -> Iterable[Fact]:
        yield Fact("Partenaire", record.partner.name, link=record.partner.get_absolute_url())
        yield Fact("Interlocuteur", record.contact)
        yield Fact("Sollicité le", record.asked_date, "date")
        yield Fact("Sollicité par", record.asked_by)
        yield Fact("Par", record.get_channel_display())
        yield Fact("Relancé le", record.reminded_date, "date")
        yield Fact("Réponse le", record.answered_date, "date")
        yield Fact("Note", record.note, "paragraph")

    def detail_context(self, request: SchoolRequest, record: TaxApproach) -> dict[str, Any]:
        today = timezone.localdate()
        given = list(
            Contribution.objects.in_school(request.school)
            .filter(partner=record.partner_id, campaign__in=range(record.campaign - 4, record.campaign + 1))
            .select_related("school")
            .order_by("-campaign", "-received_date", "pk")
        )
        here = [row for row in given if row.campaign == record.campaign and row.nature == ContributionNature.TAXE]
        received = campaigns.total([row for row in here if row.received_date is not None])
        promised = record.promised_amount
        ask = rules.may_ask(record.intention, record.asked_date)
        remind = rules.may_remind(record.intention, record.asked_date, record.reminded_date, today)
        refused = refused_addresses(request.school)
        address, no_address = taxe_mail.address_of(record.partner, record.contact, refused)
        return {
            **frame(request, record.campaign),
            "answer": AnswerForm(approach=record),
            "follow_url": self.home_of(request, record),
            "answer_url": reverse("partners:approach_answer", args=[request.school.uai, record.public_id]),
            "receipt_url": f"{reverse('partners:contribution_new', args=[request.school.uai])}"
            f"?partenaire={record.partner.public_id}&campagne={record.campaign}",
            "given": given,
            "received": received,
            "promised": promised,
            "gap": received - promised if promised is not None and received else None,
            "gap_text": signed_euros(received - promised) if promised is not None else "",
            "may_edit": allows(request.membership, Permission.EDIT_TAXE),
            "may_ask": ask,
            "may_remind": remind,
            "address": address,
            "no_address": no_address,
            "write_url": reverse("partners:approach_write", args=[request.school.uai]),
        }


@require_POST
def approach_answer(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What the partner says, in one line."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    pages = ApproachPages()
    record = pages.find(request, public_id)
    form = AnswerForm(request.POST, approach=record)
    if form.is_valid():
        given = form.cleaned_data
        try:
            saved = taxe.note_answer(
                record,
                version=given["version"],
                intention=TaxIntention(given["intention"]),
                amount=given["amount"] if given["intention"] == TaxIntention.PROMISED else None,
                channel=given["channel"],
                note=given["note"] if "note" in request.POST else None,
                member=request.membership,
                today=timezone.localdate(),
            )
        except ValidationError as error:
            add_errors(form, error)
        except StaleEdit:
            notices.warned(
                request, "Quelqu’un vient de noter une réponse de ce partenaire : la voici. Corrigez-la s’il le faut."
            )
            return redirect(record.get_absolute_url())
        else:
            notices.said(request, f"Réponse notée : {saved.partner}, {saved.get_intention_display().lower()}.")
            if request.POST.get("liste"):
                return redirect(f"{pages.url('list', request)}?campagne={record.campaign}")
            return redirect(record.get_absolute_url())
    context = {**pages.page_context(request, pages.find(request, public_id)), "answer": form, "form": form}
    return render(request, pages.detail_template, context, status=422)
