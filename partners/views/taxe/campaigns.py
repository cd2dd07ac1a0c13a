"""The campaigns of the taxe d'apprentissage: the page of each, who joins its list, what the money is for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import charts, french, notices
from core.typography import NARROW
from core.verdict import demand
from partners import askable, campaigns, taxe
from partners.enums import ContributionNature, TaxIntention
from partners.forms.taxe import AddForm, CampaignForm, UseForm
from partners.models import Contribution, Partner, TaxApproach, TaxCampaign
from partners.rules import taxe as rules
from partners.views.taxe.frame import frame, record_of, signed_euros, year_in_view
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission

CHART_WIDTH = 264


@require_GET
def taxe_home(request: SchoolRequest) -> HttpResponse:
    """The page of the campaign in hand; without one, the sentence that says how to open it."""
    demand(allows(request.membership, Permission.VIEW_TAXE))
    campaign = year_in_view(request)
    record = record_of(request, campaign)
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
    text = signed_euros(comparison.gap)
    if comparison.change is None:
        return text
    share = Decimal(comparison.change.numerator) * 100 / Decimal(comparison.change.denominator)
    return f"{text}, soit {french.signed(share, 1)}{NARROW}%"


def _evolution(years: Sequence[campaigns.Year]) -> str:
    """A bar a campaign, the latest first, at a width that a phone has too."""
    rows = [charts.Bar(str(year.campaign), year.sums.received) for year in reversed(years)]
    if len(rows) < 2:
        return ""
    return charts.bars(rows, label="Taxe d’apprentissage reçue par campagne", width=CHART_WIDTH, write=french.euros)


def campaign_of(request: SchoolRequest, public_id: UUID) -> TaxCampaign:
    found: TaxCampaign = CampaignPages().find(request, public_id)
    return found


@require_http_methods(["GET", "POST"])
def campaign_add(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Ajouter à la campagne »: last year's payers, the hosts of the year, the partners of a word."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = campaign_of(request, public_id)
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


@require_POST
def campaign_use(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What the payments that say nothing yet have bought: written on all of them."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = campaign_of(request, public_id)
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
