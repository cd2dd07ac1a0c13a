"""The taxe d'apprentissage and gifts: campaigns, who was asked, what came, who is thanked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import charts, french, jobs, notices
from core.errors import StaleEdit
from core.models import Job
from core.typography import NARROW, NO_BREAK
from core.verdict import demand
from partners import askable, campaigns, taxe, taxe_mail
from partners.enums import ContributionNature, TaxIntention
from partners.filters import ApproachFilters, ContributionFilters, TransferFilters
from partners.forms.taxe import (
    AddForm,
    AnswerForm,
    ApproachForm,
    CampaignForm,
    ContributionForm,
    MessageForm,
    TransferForm,
    TransferLineForm,
    UseForm,
)
from partners.mailing import refused_addresses
from partners.models import Contact, Contribution, Partner, TaxApproach, TaxCampaign, TaxTransfer
from partners.rules import taxe as rules
from partners.taxe_imports import Transfers
from partners.views.records import initial_partner
from schools import bulk
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import PAGE_SIZES, Column, Fact, RecordPages, add_errors
from schools.permissions import allows
from schools.roles import Permission

THANKED_SHOWN = 100
WAITING_SHOWN = 100
MOST_AT_ONCE = 500
"""Messages of one sending: the outbox has a cap a day, and a form a number of fields."""
CHART_WIDTH = 264


# ------------------------------------------------------------------------------------------------- the frame of a campaign


def year_in_view(request: SchoolRequest) -> int:
    """The campaign that the address names, else the one to open first."""
    wanted = request.GET.get("campagne", "")
    if wanted.isdecimal() and rules.FIRST_CAMPAIGN <= int(wanted[:6]) <= rules.LAST_CAMPAIGN:
        return int(wanted)
    return campaigns.running(request.school_year, timezone.localdate())


def frame(request: SchoolRequest, campaign: int, record: TaxCampaign | None = None) -> dict[str, Any]:
    """What `partners/taxe_tabs.html` needs: the pages of a campaign, as tabs."""
    if record is None:
        record = TaxCampaign.objects.in_school(request.school).filter(campaign=campaign).first()
    uai = request.school.uai
    query = f"?campagne={campaign}"
    if record is not None:
        first = reverse("partners:campaign_detail", args=[uai, record.public_id])
        last = [("Remerciements", reverse("partners:campaign_thanks", args=[uai, record.public_id]), None)]
    else:
        first, last = f"{reverse('partners:taxe_home', args=[uai])}{query}", []
    return {
        "campaign": campaign,
        "campaign_text": str(campaign),
        "tax_campaign": record,
        "taxe_tabs": [
            (f"Campagne {campaign}", first, None),
            ("Suivi", reverse("partners:approach_list", args=[uai]) + query, None),
            ("Versements et dons", reverse("partners:contribution_list", args=[uai]) + query, None),
            ("Virements", reverse("partners:transfer_list", args=[uai]) + query, None),
            *last,
        ],
        "campaigns_url": reverse("partners:campaign_list", args=[uai]),
    }


@require_GET
def taxe_home(request: SchoolRequest) -> HttpResponse:
    """The page of the campaign in hand; without one, the sentence that says how to open it."""
    demand(allows(request.membership, Permission.VIEW_TAXE))
    campaign = year_in_view(request)
    record = TaxCampaign.objects.in_school(request.school).filter(campaign=campaign).first()
    if record is not None:
        return redirect("partners:campaign_detail", request.school.uai, record.public_id)
    context = {
        **frame(request, campaign),
        "is_without_balance": _is_without_balance(request),
        "may_edit": allows(request.membership, Permission.EDIT_TAXE),
        "new_url": f"{reverse('partners:campaign_new', args=[request.school.uai])}?campagne={campaign}",
        "others": TaxCampaign.objects.in_school(request.school).select_related("school").order_by("-campaign")[:10],
    }
    return render(request, "partners/taxe_home.html", context)


def _is_without_balance(request: SchoolRequest) -> bool:
    return rules.is_without_balance(academy=request.school.academy, postal_code=request.school.postal_code)


class CampaignPages(RecordPages):
    model, app, name, slug = TaxCampaign, "partners", "campaign", "taxe-apprentissage/campagnes"
    view, edit = Permission.VIEW_TAXE, Permission.EDIT_TAXE
    form = CampaignForm
    title, new_label = "Campagnes de taxe d’apprentissage", "Ouvrir une campagne"
    noun = "campagne"
    saved = "Campagne enregistrée."
    save_label = "Enregistrer la campagne"
    ordering = ("-campaign",)
    detail_template = "partners/taxe_campaign.html"
    columns = (
        Column("Campagne", str, "name", sort="campaign"),
        Column("Objectif", "target", "euros"),
        Column("Close le", "closing_date", "date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[TaxCampaign]:
        return self.rows(request).select_related("school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"campaign": year_in_view(request)}

    def detail_context(self, request: SchoolRequest, record: TaxCampaign) -> dict[str, Any]:
        today = timezone.localdate()
        seen = campaigns.overview(request.school, record, today)
        may_edit = allows(request.membership, Permission.EDIT_TAXE)
        calendar = rules.calendar_of(record.campaign)
        return {
            **frame(request, record.campaign, record),
            "today": today,
            "seen": seen,
            "may_edit": may_edit,
            "closing_in": (record.closing_date - today).days if record.closing_date else None,
            "steps": steps_of(request, record.campaign, seen.steps),
            "follow_url": f"{reverse('partners:approach_list', args=[request.school.uai])}?campagne={record.campaign}",
            "receipt_url": f"{reverse('partners:contribution_new', args=[request.school.uai])}?campagne={record.campaign}",
            "gifts_url": f"{reverse('partners:contribution_list', args=[request.school.uai])}"
            f"?campagne={record.campaign}&sans_acceptation=true",
            "gap": gap_text(seen.comparison),
            "add_url": reverse("partners:campaign_add", args=[request.school.uai, record.public_id]),
            "progress_max": f"{max(record.target or 0, seen.sums.received):.2f}",
            "progress_value": f"{seen.sums.received:.2f}",
            "chart": _evolution(seen.years),
            "calendar": calendar,
            "last_calendar": None if calendar.is_confirmed else rules.latest_confirmed(record.campaign),
            "soltea": rules.SOLTEA_SITE,
            "is_without_balance": _is_without_balance(request),
            "use_form": UseForm(),
            "others": TaxCampaign.objects.in_school(request.school)
            .filter(campaign__in=range(record.campaign - 2, record.campaign + 3))
            .exclude(pk=record.pk)
            .select_related("school")
            .order_by("campaign"),
        }


def steps_of(request: SchoolRequest, campaign: int, counted: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """(step, how many, where they are listed), in the order of a campaign."""
    url = f"{reverse('partners:approach_list', args=[request.school.uai])}?campagne={campaign}"
    return [(step.value, counted.get(step.value, 0), f"{url}&reponse={step.value}") for step in TaxIntention]


def gap_text(comparison: rules.Comparison) -> str:
    """« + 1 250 €, soit + 17,4 % »; "" without a year before."""
    if comparison.gap is None:
        return ""
    text = _signed_euros(comparison.gap)
    if comparison.change is None:
        return text
    share = Decimal(comparison.change.numerator) * 100 / Decimal(comparison.change.denominator)
    return f"{text}, soit {french.signed(share, 1)}{NARROW}%"


def _signed_euros(gap: Decimal) -> str:
    """« + 1 250 € », « − 12,50 € »."""
    return f"{french.signed(gap, 0 if gap == int(gap) else 2)}{NO_BREAK}€"


def _evolution(years: Sequence[campaigns.Year]) -> str:
    """A bar a campaign, the latest first, at a width that a phone has too."""
    rows = [charts.Bar(str(year.campaign), year.sums.received) for year in reversed(years)]
    if len(rows) < 2:
        return ""
    return charts.bars(rows, label="Taxe d’apprentissage reçue par campagne", width=CHART_WIDTH, write=french.euros)


def _campaign(request: SchoolRequest, public_id: UUID) -> TaxCampaign:
    found: TaxCampaign = CampaignPages().find(request, public_id)
    return found


# ------------------------------------------------------------------------------------------------- payments and gifts


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
        payments = [p for p in campaigns.payments_since(request.school, campaign) if p.campaign == campaign]
        return {
            **frame(request, campaign),
            "sums": rules.sums(payments, campaign, timezone.localdate()),
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
            "gap_text": _signed_euros(gap) if gap is not None else "",
            "lacks_board": is_gift and record.received_date is not None and record.board_date is None,
            "may_edit": allows(request.membership, Permission.EDIT_TAXE),
            "job": job_of_the_page(request),
        }


def import_url(request: SchoolRequest) -> str:
    """Where a spreadsheet of transfers is given; "" for those who may not write."""
    if not allows(request.membership, Permission.EDIT_TAXE):
        return ""
    return reverse("schools:table_import_new", args=[request.school.uai, Transfers.slug])


@require_POST
def contribution_letter(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The letter of one payment or gift: thanks its partner for all that waits for thanks, or prints the letter again."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = ContributionPages().find(request, public_id)
    today = timezone.localdate()
    if record.received_date is None:
        notices.refused(request, "On remercie de ce qui est reçu : ce montant n’est que promis.")
        return redirect(record.get_absolute_url())
    gifts = Contribution.objects.in_school(request.school).filter(
        partner=record.partner_id, campaign=record.campaign, received_date__isnull=False
    )
    if record.thanked_date is None:
        waiting = gifts.filter(thanked_date=None).values_list("pk", flat=True)
        sent = taxe.thank_on_paper(request.school, list(waiting), form="impression", by=request.user, today=today)
        if sent.job is not None:
            notices.said(
                request,
                "La lettre se prépare, et le partenaire est noté remercié aujourd’hui.",
                undo_url=undo_url(request, frame(request, record.campaign)["tax_campaign"], sent.job),
            )
            return redirect(f"{record.get_absolute_url()}?travail={sent.job.public_id}")
    again = gifts.filter(thanked_date=record.thanked_date).values_list("pk", flat=True)
    job = taxe.print_again(request.school, [*again, record.pk], by=request.user, today=today)
    return redirect(f"{record.get_absolute_url()}?travail={job.public_id}")


# -------------------------------------------------------------------------------------------------------- the follow-up


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
        found = frame(request, campaign)
        record = found["tax_campaign"]
        uai = request.school.uai
        return {
            **found,
            "step_counts": [(step.value, counted.get(step.value, 0)) for step in TaxIntention],
            "may_edit": allows(request.membership, Permission.EDIT_TAXE),
            "add_url": reverse("partners:campaign_add", args=[uai, record.public_id]) if record else "",
            "remind_url": f"{reverse('partners:approach_write', args=[uai])}?campagne={campaign}&action=relancer",
            "job": job_of_the_page(request),
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
        return approach_context(request, record, AnswerForm(approach=record))


def approach_context(request: SchoolRequest, record: TaxApproach, form: AnswerForm) -> dict[str, Any]:
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
        "answer": form,
        "answer_url": reverse("partners:approach_answer", args=[request.school.uai, record.public_id]),
        "receipt_url": f"{reverse('partners:contribution_new', args=[request.school.uai])}"
        f"?partenaire={record.partner.public_id}&campagne={record.campaign}",
        "given": given,
        "received": received,
        "promised": promised,
        "gap": received - promised if promised is not None and received else None,
        "gap_text": _signed_euros(received - promised) if promised is not None else "",
        "may_edit": allows(request.membership, Permission.EDIT_TAXE),
        "may_ask": ask,
        "may_remind": remind,
        "address": address,
        "no_address": no_address,
        "write_url": reverse("partners:approach_write", args=[request.school.uai]),
        "status": record.intention,
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
            add_errors(form, error)  # type: ignore[arg-type]
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
    context = {
        "pages": pages,
        "record": pages.find(request, public_id),
        "facts": [fact for fact in pages.facts(request, record) if fact.value not in (None, "", [])],
        "sections": [],
        "buttons": [],
        "subtitle": pages.subtitle(request, record),
        "list_url": pages.url("list", request),
        "may_change": pages.may_change_some(request),
        "edit_url": pages.url("edit", request, record),
        "may_delete": pages.may_change_some(request),
        "delete_url": pages.url("delete", request, record),
        **approach_context(request, record, form),
    }
    return render(request, "partners/approach_detail.html", context, status=422)


@require_http_methods(["GET", "POST"])
def campaign_add(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Ajouter à la campagne »: last year's payers, the hosts of the year, the partners of a word."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = _campaign(request, public_id)
    known = set(
        TaxApproach.objects.in_school(request.school)
        .filter(campaign=record.campaign)
        .values_list("partner_id", flat=True)
    )
    in_use = set(Partner.objects.in_school(request.school).in_use().values_list("pk", flat=True))
    sets = {
        source.key: (set(source.partners(request.school, record.campaign)) & in_use) - known
        for source in askable.sources()
    }
    form = AddForm(
        request.POST if request.method == "POST" else None,
        sources=[(source, len(sets[source.key])) for source in askable.sources()],
        campaign=record.campaign,
        school=request.school,
        initial={"sources": [askable.sources()[0].key]} if askable.sources() else None,
    )
    if form.is_valid():
        wanted = set().union(*(sets[key] for key in form.cleaned_data["sources"]))
        if tag := form.cleaned_data.get("tag"):
            wanted |= set(
                Partner.objects.in_school(request.school).filter(tags__label=tag).values_list("pk", flat=True)
            )
        count = taxe.add_partners(request.school, record.campaign, wanted, by=request.user)
        if count:
            notices.said(request, f"{french.plural(count, 'partenaire ajouté', 'partenaires ajoutés')} à la campagne.")
        else:
            notices.warned(request, "Ils sont déjà tous dans la campagne : rien n’est ajouté.")
        return redirect(f"{reverse('partners:approach_list', args=[request.school.uai])}?campagne={record.campaign}")
    context = {**frame(request, record.campaign, record), "form": form, "record": record, "known": len(known)}
    return render(request, "partners/campaign_add.html", context, status=422 if form.is_bound else 200)


# ------------------------------------------------------------------------------------------------------------ messages

MESSAGES = {
    "solliciter": ("Solliciter par courriel", taxe_mail.ASK_SUBJECT, taxe_mail.ASK_BODY),
    "relancer": ("Relancer par courriel", taxe_mail.REMIND_SUBJECT, taxe_mail.REMIND_BODY),
    "remercier": ("Remercier par courriel", taxe_mail.THANK_SUBJECT, taxe_mail.THANK_BODY),
}


@dataclass(frozen=True)
class Recipient:
    """A partner that a message goes to: the rows it is about, who reads it where, the words of its own."""

    public_id: UUID
    rows: list[int]
    partner: Partner
    contact: Contact | None
    address: str
    values: dict[str, str]


def picked(request: SchoolRequest) -> list[UUID] | None:
    """The boxes ticked; None when the form says « tous »."""
    return None if request.POST.get("qui") == "tous" else bulk.picked_ids(request)


@require_http_methods(["GET", "POST"])
def approach_write(request: SchoolRequest) -> HttpResponse:
    """Ask partners of a follow-up list, or remind them. GET: all whose turn it is; POST: those of the list's boxes."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    pages = ApproachPages()
    given = request.POST if request.method == "POST" else request.GET
    what = given.get("action", "solliciter")
    if what not in ("solliciter", "relancer"):
        raise BadRequest
    if request.method == "POST":
        selection = pages.selection(request)
        if (answer := pages.nothing_picked(request, selection)) is not None:
            return answer
        rows = selection.rows
    else:
        rows = pages.rows(request).filter(campaign=year_in_view(request))
    listed = list(
        rows.select_related("partner", "contact", "school").order_by("-campaign", "partner__search_text", "pk")
    )
    campaign = listed[0].campaign if listed else year_in_view(request)
    listed = [row for row in listed if row.campaign == campaign]
    going, left = taxe.sorted_out(listed, reminder=what == "relancer", today=timezone.localdate())
    common = taxe_mail.common_values(request.school, campaign)
    recipients = [
        Recipient(
            row.public_id,
            [row.pk],
            row.partner,
            row.contact,
            taxe_mail.address_of(row.partner, row.contact, frozenset())[0],
            common | taxe_mail.partner_values(row.partner, row.contact),
        )
        for row in going
    ]
    back = f"{pages.url('list', request)}?campagne={campaign}"
    if request.method == "GET":  # all whose turn it is: the others were not asked for
        left = []

    def send(ids: list[int], text: dict[str, str]) -> taxe.Sent:
        return taxe.write_to(
            request.school,
            ids,
            reminder=what == "relancer",
            member=request.membership,
            today=timezone.localdate(),
            **text,
        )

    return _message_page(request, campaign, what, recipients, left, back=back, send=send)


@require_http_methods(["GET", "POST"])
def campaign_write(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Thank by message those ticked, or all who wait for thanks (GET, and « tous »)."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = _campaign(request, public_id)
    waiting = campaigns.to_thank(request.school, record.campaign)
    chosen = picked(request) if request.method == "POST" else None
    if chosen is not None:
        wanted = set(chosen)
        waiting = [one for one in waiting if one.partner.public_id in wanted]
    contacts = taxe_mail.contacts_to_ask(request.school, [one.partner.pk for one in waiting])
    common = taxe_mail.common_values(request.school, record.campaign)
    refused = refused_addresses(request.school)
    recipients: list[Recipient] = []
    left: list[tuple[Partner, str]] = []
    for one in waiting:
        contact = contacts.get(one.partner.pk)
        address, reason = taxe_mail.address_of(one.partner, contact, refused)
        if not address:
            left.append((one.partner, reason))
            continue
        values = common | taxe_mail.partner_values(one.partner, contact) | taxe_mail.thanks_values(one.rows)
        rows = [row.pk for row in one.rows]
        recipients.append(Recipient(one.partner.public_id, rows, one.partner, contact, address, values))
    back = reverse("partners:campaign_thanks", args=[request.school.uai, record.public_id])

    def send(ids: list[int], text: dict[str, str]) -> taxe.Sent:
        return taxe.thank_by_mail(request.school, ids, member=request.membership, today=timezone.localdate(), **text)

    return _message_page(request, record.campaign, "remercier", recipients, left, back=back, send=send, record=record)


def _message_page(
    request: SchoolRequest,
    campaign: int,
    what: str,
    recipients: list[Recipient],
    left: list[tuple[Partner, str]],
    *,
    back: str,
    send: Callable[[list[int], dict[str, str]], taxe.Sent],
    record: TaxCampaign | None = None,
) -> HttpResponse:
    """Who gets the message, who is left aside and why, the text, what the first one will read.

    `etape` of the form: none when one comes from a list, « voir » shows the message again, « envoyer » sends it.
    """
    recipients, beyond = recipients[:MOST_AT_ONCE], recipients[MOST_AT_ONCE:]
    left += [(one.partner, f"au-delà de {MOST_AT_ONCE} messages : au prochain envoi") for one in beyond]
    heading, subject, body = MESSAGES[what]
    variables = taxe_mail.THANK_VARIABLES if what == "remercier" else taxe_mail.ASK_VARIABLES
    step = request.POST.get("etape", "")
    form = MessageForm(request.POST if step else None, variables=variables, initial={"subject": subject, "body": body})
    is_valid = bool(step) and form.is_valid()
    text = {"subject": subject, "body": body}
    if is_valid:
        text = {"subject": form.cleaned_data["subject"], "body": form.cleaned_data["body"]}
        if step == "envoyer":
            ids = [pk for one in recipients for pk in one.rows]
            return _after_sending(request, record, send(ids, text), back)
    preview = None
    if recipients and (not step or is_valid):
        first = recipients[0]
        preview = {
            "to": first.address,
            "subject": taxe_mail.subject_line(text["subject"], first.values),
            "body": taxe_mail.filled(text["body"], first.values),
        }
    context = {
        **frame(request, campaign, record),
        "form": form,
        "heading": heading,
        "what": what,
        "recipients": recipients,
        "left": left,
        "variables": list(variables.items()),
        "preview": preview,
        "back_url": back,
    }
    return render(request, "partners/taxe_message.html", context, status=422 if step and not is_valid else 200)


def _after_sending(request: SchoolRequest, record: TaxCampaign | None, sent: taxe.Sent, back: str) -> HttpResponse:
    if sent.job is None:
        notices.warned(request, "Rien n’est parti : aucun de ces partenaires n’attend de message aujourd’hui.")
        return redirect(back)
    said = f"{french.plural(sent.count, 'message part', 'messages partent')}, un par partenaire."
    notices.said(request, said, undo_url=undo_url(request, record, sent.job))
    if sent.left:
        partner, reason = sent.left[0]
        others = f", et {french.plural(len(sent.left) - 1, 'autre')}" if len(sent.left) > 1 else ""
        notices.warned(request, f"Laissé de côté : {partner} ({reason}){others}.")
    return redirect(f"{back}{'&' if '?' in back else '?'}travail={sent.job.public_id}")


# -------------------------------------------------------------------------------------------------------------- thanks


def job_of_the_page(request: SchoolRequest) -> Job | None:
    """The job that the address names, when this person may see it."""
    try:
        wanted = UUID(request.GET.get("travail", ""))
    except ValueError:
        return None
    job = Job.objects.filter(public_id=wanted, scope=request.school.uai).first()
    return job if job and jobs.visible_to(job, request.user) else None


def undo_url(request: SchoolRequest, record: TaxCampaign | None, job: Job) -> str:
    """« Annuler » of thanks: those of this job are waiting for thanks again."""
    if record is None:
        return ""
    url = reverse("partners:thanks_undo", args=[request.school.uai, record.public_id])
    return f"{url}?travail={job.public_id}"


@require_http_methods(["GET", "POST"])
def campaign_thanks(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who waits for thanks, and who was thanked. POST: the letters of those ticked, or of all."""
    demand(allows(request.membership, Permission.VIEW_TAXE))
    record = _campaign(request, public_id)
    may_edit = allows(request.membership, Permission.EDIT_TAXE)
    here = reverse("partners:campaign_thanks", args=[request.school.uai, record.public_id])
    waiting = campaigns.to_thank(request.school, record.campaign)
    if request.method == "POST":
        demand(may_edit)
        form = request.POST.get("forme") or request.GET.get("forme", "")
        if form not in ("impression", "zip"):
            raise BadRequest
        chosen = picked(request)
        ids = [row.pk for one in waiting if chosen is None or one.partner.public_id in chosen for row in one.rows]
        sent = taxe.thank_on_paper(request.school, ids, form=form, by=request.user, today=timezone.localdate())
        if sent.job is None:
            notices.warned(request, "Cochez au moins un partenaire qui attend un remerciement.")
            return redirect(here)
        notices.said(
            request,
            f"{french.plural(sent.count, 'lettre se prépare', 'lettres se préparent')}. Ces partenaires sont notés remerciés aujourd’hui.",
            undo_url=undo_url(request, record, sent.job),
        )
        return redirect(f"{here}?travail={sent.job.public_id}")
    asked = request.GET.get("par_page", "")
    size = int(asked) if asked in map(str, PAGE_SIZES) else WAITING_SHOWN
    page = Paginator(waiting, size).get_page(request.GET.get("page"))
    contacts = taxe_mail.contacts_to_ask(request.school, [one.partner.pk for one in page])
    refused = refused_addresses(request.school)
    for one in page:
        one.address, one.no_address = taxe_mail.address_of(one.partner, contacts.get(one.partner.pk), refused)
    job = job_of_the_page(request)
    context = {
        **frame(request, record.campaign, record),
        "record": record,
        "page": page,
        "waiting_count": len(waiting),
        "thanked": campaigns.thanked(request.school, record.campaign, most=THANKED_SHOWN),
        "may_edit": may_edit,
        "job": job,
        "undo_url": undo_url(request, record, job) if job and "contribution_ids" in job.arguments else "",
        "write_url": reverse("partners:campaign_write", args=[request.school.uai, record.public_id]),
        "all_print_url": f"{here}?forme=impression",
        "all_zip_url": f"{here}?forme=zip",
        "has_head": bool(request.school.head_name.strip()),
        "may_set": allows(request.membership, Permission.EDIT_SCHOOL),
    }
    return render(request, "partners/campaign_thanks.html", context)


@require_POST
def thanks_undo(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Annuler »: the partners of a batch wait for thanks again."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = _campaign(request, public_id)
    job = job_of_the_page(request)
    ids = job.arguments.get("contribution_ids") if job else None
    if job is None or not ids:
        notices.refused(request, "Il n’y a plus rien à annuler.")
    else:
        count = taxe.unthank(request.school, ids, date.fromisoformat(job.arguments["today"]), by=request.user)
        if jobs.cancel(job):
            notices.said(request, "Annulé : rien n’est envoyé ni imprimé.")
        else:
            notices.said(
                request,
                f"{french.plural(count, 'versement attend', 'versements attendent')} de nouveau un remerciement.",
            )
    return redirect("partners:campaign_thanks", request.school.uai, record.public_id)


@require_POST
def campaign_use(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What the payments that say nothing yet have bought: written on all of them."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = _campaign(request, public_id)
    form = UseForm(request.POST)
    if form.is_valid():
        silent = Contribution.objects.in_school(request.school).filter(
            campaign=record.campaign, nature=ContributionNature.TAXE, received_date__isnull=False, use=""
        )
        count = taxe.write_use(
            request.school, list(silent.values_list("pk", flat=True)), form.cleaned_data["use"], by=request.user
        )
        notices.said(request, f"Écrit sur {french.plural(count, 'versement')}.")
    else:
        notices.refused(request, "Écrivez ce que l’argent a permis, en 1 000 signes au plus.")
    return redirect(record.get_absolute_url())


# ------------------------------------------------------------------------------------------------------------ transfers


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
        return transfer_context(request, record, TransferLineForm(school=request.school))


def transfer_context(request: SchoolRequest, record: TaxTransfer, form: TransferLineForm) -> dict[str, Any]:
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
        "line_form": form,
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
            add_errors(form, error)  # type: ignore[arg-type]
        else:
            notices.said(request, f"Ligne ajoutée. {receipt.settlement}".strip())
            return redirect(f"{record.get_absolute_url()}#ligne")
    context = {
        "pages": pages,
        "record": record,
        "facts": list(pages.facts(request, record)),
        "sections": [],
        "buttons": [],
        "subtitle": pages.subtitle(request, record),
        "list_url": pages.url("list", request),
        "may_change": pages.may_change_some(request),
        "edit_url": pages.url("edit", request, record),
        "may_delete": pages.may_change_some(request),
        "delete_url": pages.url("delete", request, record),
        "form": form,
        **transfer_context(request, record, form),
    }
    return render(request, "partners/transfer_detail.html", context, status=422)
