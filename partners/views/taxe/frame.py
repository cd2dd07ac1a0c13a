"""What the pages of a campaign share: the year in view, their tabs, the job just asked for."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core import french
from core.models import Job
from core.typography import NO_BREAK
from partners import campaigns
from partners.models import TaxCampaign
from partners.rules import taxe as rules
from partners.taxe_imports import Transfers
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


def year_in_view(request: SchoolRequest) -> int:
    """The campaign that the address names, else the one to open first."""
    wanted = request.GET.get("campagne", "")
    if wanted.isdecimal() and rules.FIRST_CAMPAIGN <= int(wanted[:6]) <= rules.LAST_CAMPAIGN:
        return int(wanted)
    return campaigns.running(request.school_year, timezone.localdate())


def record_of(request: SchoolRequest, campaign: int) -> TaxCampaign | None:
    """The campaign of a year, when it was opened."""
    found: TaxCampaign | None = TaxCampaign.objects.in_school(request.school).filter(campaign=campaign).first()
    return found


def frame(request: SchoolRequest, campaign: int, record: TaxCampaign | None = None) -> dict[str, Any]:
    """What `partners/partials/taxe_tabs.html` needs: the pages of a campaign, as tabs."""
    record = record or record_of(request, campaign)
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
        "taxe_tabs": [
            (f"Campagne {campaign}", first, None),
            ("Suivi", reverse("partners:approach_list", args=[uai]) + query, None),
            ("Versements et dons", reverse("partners:contribution_list", args=[uai]) + query, None),
            ("Virements", reverse("partners:transfer_list", args=[uai]) + query, None),
            *last,
        ],
        "campaigns_url": reverse("partners:campaign_list", args=[uai]),
    }


def signed_euros(gap: Decimal) -> str:
    """« + 1 250 € », « − 12,50 € »."""
    return f"{french.signed(gap, 0 if gap == int(gap) else 2)}{NO_BREAK}€"


def import_url(request: SchoolRequest) -> str:
    """Where a spreadsheet of transfers is given; "" for those who may not write."""
    if not allows(request.membership, Permission.EDIT_TAXE):
        return ""
    return reverse("schools:table_import_new", args=[request.school.uai, Transfers.slug])


def undo_url(request: SchoolRequest, record: TaxCampaign | None, job: Job) -> str:
    """« Annuler » of thanks: those of this job are waiting for thanks again."""
    if record is None:
        return ""
    url = reverse("partners:thanks_undo", args=[request.school.uai, record.public_id])
    return f"{url}?travail={job.public_id}"
