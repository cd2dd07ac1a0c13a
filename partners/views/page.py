"""The further pages of a partner: its whole story, its exchanges, offers, payments and papers."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.verdict import demand
from documents.selectors import signature_state, with_signatures
from documents.views.papers import about
from partners import tabs
from partners.models import Contribution
from partners.permissions import visible_contacts, visible_interactions, visible_offers
from partners.rules.offers import positions_left
from partners.views.doubles import follows_merges
from partners.views.overview import kind_links, look, partner_frame, wanted_kind
from partners.views.records import InteractionPages, PartnerPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

PAGE_SIZE = 40


class _Story:
    """The facts as a sequence that a paginator cuts: only those of a page are read."""

    def __init__(self, seen: tabs.Look, kind: tabs.Kind | None, count: int) -> None:
        self.seen, self.kind, self.length = seen, kind, count

    def count(self) -> int:
        return self.length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> list[tabs.Fact]:
        first = part.start or 0
        return tabs.timeline(self.seen, self.kind, first=first, most=(part.stop or self.length) - first)


@require_GET
@follows_merges
def partner_story(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Everything that happened with a partner, page by page."""
    demand(allows(request.membership, Permission.VIEW_PARTNERS))
    partner = PartnerPages().find(request, public_id)
    seen, kind = look(request, partner), wanted_kind(request)
    sources = tabs.sources_of(seen)
    counts = tabs.by_kind(sources, tabs.counted(partner, tabs.asked_by_sources(sources)))
    total = counts.get(kind, 0) if kind else sum(counts.values())
    facts: Any = _Story(seen, kind, total)
    page = Paginator(facts, PAGE_SIZE).get_page(request.GET.get("page"))
    here = reverse("partners:partner_story", args=[request.school.uai, partner.public_id])
    return render(
        request,
        "partners/partner_story.html",
        {
            **partner_frame(request, partner),
            "today": seen.today,
            "page": page,
            "timeline": page.object_list,
            "kinds": kind_links(counts, kind, here),
        },
    )


@require_GET
@follows_merges
def partner_interactions(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The exchanges with a partner that this person may read."""
    demand(InteractionPages().may_view(request))
    partner = PartnerPages().find(request, public_id)
    rows = visible_interactions(request.membership).filter(partner=partner).select_related("school", "contact")
    page = Paginator(rows.order_by("-date", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    new = reverse("partners:interaction_new", args=[request.school.uai])
    return render(
        request,
        "partners/partner_interactions.html",
        {
            **partner_frame(request, partner),
            "page": page,
            "known": set(visible_contacts(request.membership).filter(partner=partner).values_list("pk", flat=True)),
            "may_note": allows(request.membership, Permission.ADD_INTERACTION),
            "new_url": f"{new}?partenaire={partner.public_id}",
        },
    )


@require_GET
@follows_merges
def partner_offers(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The offers of a partner, with the positions left."""
    demand(allows(request.membership, Permission.VIEW_OFFERS))
    partner = PartnerPages().find(request, public_id)
    today = timezone.localdate()
    rows: Any = (
        visible_offers(request.membership)
        .filter(partner=partner)
        .select_related("school")
        .annotate(taken=Count("beneficiaries", distinct=True))
    )
    page = Paginator(rows.order_by("-received_date", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    new = reverse("partners:offer_new", args=[request.school.uai])
    return render(
        request,
        "partners/partner_offers.html",
        {
            **partner_frame(request, partner),
            "page": page,
            "lines": [
                (
                    offer,
                    offer.state_on(today),
                    positions_left(offer.positions, offer.taken),
                )
                for offer in page
            ],
            "may_add": allows(request.membership, Permission.EDIT_OFFERS),
            "new_url": f"{new}?partenaire={partner.public_id}",
        },
    )


@require_GET
@follows_merges
def partner_contributions(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What a partner paid, promised and gave, by campaign."""
    demand(allows(request.membership, Permission.VIEW_TAXE))
    partner = PartnerPages().find(request, public_id)
    rows = Contribution.objects.in_school(request.school).filter(partner=partner).select_related("school")
    page = Paginator(rows.order_by("-campaign", "-received_date", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    new = reverse("partners:contribution_new", args=[request.school.uai])
    return render(
        request,
        "partners/partner_contributions.html",
        {
            **partner_frame(request, partner),
            "page": page,
            "may_add": allows(request.membership, Permission.EDIT_TAXE),
            "new_url": f"{new}?partenaire={partner.public_id}",
        },
    )


@require_GET
@follows_merges
def partner_documents(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The papers of a partner's placements and agreements, as far as this person may open them."""
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    partner = PartnerPages().find(request, public_id)
    rows = with_signatures(tabs.papers_of(partner, request.membership)).select_related("school")
    page = Paginator(rows.order_by("-issued_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "partners/partner_documents.html",
        {
            **partner_frame(request, partner),
            "page": page,
            "lines": [(paper, about(paper), signature_state(paper)) for paper in page],
        },
    )
