"""Offers: received, published to classes, filled; the public form, and what waits for the bureau's acceptance."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices
from core.errors import StaleEdit
from core.verdict import Verdict, demand
from partners import doubles, offers, permissions
from partners.enums import ProposalStatus
from partners.filters import OfferFilters
from partners.forms.offers import AcceptForm, BeneficiaryForm, OfferForm, ProposalForm, PublishForm, RefuseForm
from partners.models import Offer, OfferBeneficiary, OfferClass, OfferProposal, Partner
from partners.rules.offers import OPEN, OfferState, positions_left
from partners.views.records import initial_partner
from schools.middleware import SchoolRequest
from schools.models import School, SchoolClass
from schools.pages import Column, Fact, RecordPages, Section, named_in_address
from schools.permissions import allows, visible_students
from schools.roles import Permission


def state_of(offer: Offer) -> OfferState:
    """Where an offer stands today."""
    return offer.state_on(timezone.localdate())


class OfferPages(RecordPages):
    model, app, name, slug = Offer, "partners", "offer", "offres"
    view, edit = Permission.VIEW_OFFERS, Permission.EDIT_OFFERS
    form, filters = OfferForm, OfferFilters
    title, new_label = "Offres", "Ajouter une offre"
    noun = "offre"
    saved = "Offre enregistrée."
    save_label = "Enregistrer l’offre"
    intro = "Emplois, contrats et places proposés par les partenaires."
    empty = "Aucune offre pour l’instant. Notez la première, ou ouvrez le formulaire public dans les réglages du lycée."
    ordering = ("-received_date", "-pk")
    list_template = "partners/offer_list.html"
    detail_template = "partners/offer_detail.html"
    columns = (
        Column("Intitulé", "title", "name", sort="title"),
        Column("État", state_of, "badge", status_kind="offer"),
        Column("Partenaire", "partner", sort="partner__search_text", link=lambda row: row.partner.get_absolute_url()),
        Column("Type", "get_type_display", sort="type"),
        Column("Reçue le", "received_date", "date", sort="received_date"),
        Column("Places", "positions", "number", sort="positions"),
        Column("Prises", "beneficiary_count", "number"),
        Column("Commune", "partner.city", screen=False),
        Column("Publiée le", "published_date", "date", screen=False),
        Column("Candidatures jusqu’au", "closing_date", "date", sort="closing_date", screen=False),
        Column("Pourvue le", "filled_date", "date", sort="filled_date", screen=False),
        Column("Retirée le", "withdrawn_date", "date", screen=False),
        Column("Description", "description", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Offer]:
        return permissions.visible_offers(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Offer]:
        """With the pupils taken on: counted by index for each line, where a join would count them once per class."""
        taken = (
            OfferBeneficiary.objects.filter(school=request.school, offer=OuterRef("pk"))
            .order_by()
            .values("offer")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return (
            self.rows(request).select_related("partner__school", "school").annotate(beneficiary_count=Subquery(taken))
        )

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        uai = request.school.uai
        may_edit = allows(request.membership, Permission.EDIT_OFFERS)
        waiting = OfferProposal.objects.in_school(request.school).filter(status=ProposalStatus.WAITING)
        return {
            "sheet_url": reverse("partners:offer_sheet", args=[uai]),
            "may_edit": may_edit,
            "waiting": waiting.count() if may_edit else 0,
            "proposals_url": reverse("partners:proposal_list", args=[uai]),
            "public_url": request.build_absolute_uri(reverse("offer_form", args=[uai]))
            if may_edit and request.school.takes_proposals
            else "",
        }

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "received_date": timezone.localdate(), "positions": 1}

    def facts(self, request: SchoolRequest, record: Offer) -> Iterable[Fact]:
        for name, fact in self.named_facts(request, record):
            if name == "contact" and record.contact and not self._sees_contact(request, record):
                continue
            if name != "description":
                yield fact
        if record.published_date:
            yield Fact("publiée le", record.published_date, "date")

    def _sees_contact(self, request: SchoolRequest, record: Offer) -> bool:
        return permissions.visible_contacts(request.membership).filter(offers=record).exists()

    def status(self, record: Offer) -> str:
        return state_of(record)

    def subtitle(self, request: SchoolRequest, record: Offer) -> str:
        return " · ".join(
            part for part in (record.get_type_display(), record.partner.name, record.partner.city) if part
        )

    def detail_context(self, request: SchoolRequest, record: Offer) -> dict[str, Any]:
        membership = request.membership
        taken = OfferBeneficiary.objects.in_school(request.school).filter(offer=record)
        seen = taken.filter(student__in=visible_students(membership).values("pk")).select_related("student", "school")
        return {
            "state": state_of(record),
            "is_open": state_of(record) in OPEN,
            "left": positions_left(record.positions, taken.count()),
            "classes": SchoolClass.objects.in_school(request.school).filter(offers__offer=record).order_by("code"),
            "may_edit": allows(membership, Permission.EDIT_OFFERS),
            "sees_students": allows(membership, Permission.VIEW_STUDENTS),
            "section": Section("", "", {
                "beneficiaries": seen.order_by("date"),
                "may_edit": allows(membership, Permission.EDIT_OFFERS),
                "new_url": f"{BeneficiaryPages().url('new', request)}?offre={record.public_id}",
            }),
        }  # fmt: skip


class BeneficiaryPages(RecordPages):
    model, app, name, slug = OfferBeneficiary, "partners", "beneficiary", "offres-beneficiaires"
    view, edit = Permission.VIEW_OFFERS, Permission.EDIT_OFFERS
    form = BeneficiaryForm
    title, new_label = "Bénéficiaires d’offres", "Ajouter un bénéficiaire"
    saved = "Bénéficiaire enregistré."
    intro = "Les jeunes retenus ou embauchés ; une candidature n’est pas un bénéfice."
    ordering = ("-date", "-pk")
    columns = (
        Column("Élève", "student", "name", sort="student__search_text"),
        Column("Offre", "offer", link=lambda row: row.offer.get_absolute_url()),
        Column("Date", "date", "date", sort="date"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[OfferBeneficiary]:
        """Of the offers and of the pupils that this person may see."""
        return (
            super()
            .rows(request)
            .filter(
                offer__in=permissions.visible_offers(request.membership).values("pk"),
                student__in=visible_students(request.membership).values("pk"),
            )
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[OfferBeneficiary]:
        return self.rows(request).select_related("student", "offer__school", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        offer = named_in_address(request, Offer.objects.in_school(request.school), "offre")
        return {"offer": offer, "date": timezone.localdate()}

    def after_save(self, request: SchoolRequest, record: OfferBeneficiary) -> str:
        return record.offer.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: OfferBeneficiary) -> str:
        return record.offer.get_absolute_url()


def _offer(request: SchoolRequest, public_id: UUID) -> Offer:
    demand(allows(request.membership, Permission.EDIT_OFFERS))
    found: Offer = OfferPages().find(request, public_id)
    return found


@require_http_methods(["GET", "POST"])
def offer_publish(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Choose the classes that an offer is for."""
    offer = _offer(request, public_id)
    shown_to = (
        OfferClass.objects.in_school(request.school)
        .filter(offer=offer)
        .values_list("school_class__public_id", flat=True)
    )
    form = PublishForm(
        request.POST or None,
        school=request.school,
        year=request.school_year.code,
        initial={"classes": list(shown_to), "version": offer.version},
    )
    if form.is_valid():
        classes = form.cleaned_data["classes"]
        try:
            offers.publish(
                offer, classes, version=form.cleaned_data["version"], by=request.user, today=timezone.localdate()
            )
        except ValidationError as error:
            form.add_error(None, error)
        except StaleEdit:
            form.add_error(None, "Quelqu’un vient de modifier cette offre : rechargez la page, puis recommencez.")
        else:
            messages.success(request, f"Offre publiée : {', '.join(one.label for one in classes)}.")
            return redirect(offer.get_absolute_url())
    context = {"form": form, "offer": offer, "list_url": OfferPages().url("list", request)}
    return render(request, "partners/offer_publish.html", context, status=422 if form.is_bound else 200)


@require_POST
def offer_move(request: SchoolRequest, public_id: UUID, move: str) -> HttpResponse:
    """One click: filled, withdrawn, or open again."""
    offer = _offer(request, public_id)
    today = timezone.localdate()
    again = reverse("partners:offer_move", args=[request.school.uai, offer.public_id, "rouvrir"])
    match move:
        case "pourvue":
            offers.fill(offer, by=request.user, today=today)
            notices.said(request, "Offre pourvue.", undo_url=again)
        case "retiree":
            offers.withdraw(offer, by=request.user, today=today)
            notices.said(request, "Offre retirée.", undo_url=again)
        case "rouvrir":
            offers.reopen(offer, by=request.user)
            messages.success(request, "L’offre est de nouveau ouverte.")
        case _:
            raise Http404
    return redirect(offer.get_absolute_url())


@require_GET
def offer_sheet(request: SchoolRequest) -> HttpResponse:
    """The offers published and still open, to print and pin up; of one class when the address names it."""
    demand(allows(request.membership, Permission.VIEW_OFFERS))
    today = timezone.localdate()
    shown = (
        permissions.visible_offers(request.membership)
        .open_on(today)
        .filter(published_date__isnull=False)
        .select_related("partner", "school")
        .order_by("type", "-received_date", "-pk")
    )
    classes = (
        SchoolClass.objects.in_school(request.school)
        .filter(year=request.school_year.code, offers__offer__in=shown.values("pk"))
        .distinct()
        .order_by("code")
    )
    chosen = named_in_address(request, classes, "classe")
    if chosen is not None:
        shown = shown.filter(
            pk__in=OfferClass.objects.in_school(request.school).filter(school_class=chosen).values("offer")
        )
    context = {"offers": shown[:200], "classes": classes, "chosen": chosen, "today": today}
    return render(request, "partners/offer_sheet.html", context)


# ----------------------------------------------------------------------------------------------------- the public form
@login_not_required
@require_http_methods(["GET", "POST"])
def offer_form(request: HttpRequest, lycee: str) -> HttpResponse:
    """The form of one school, for anyone, when the school has opened it; else 404."""
    school = School.objects.filter(uai=lycee, takes_proposals=True).first()
    if school is None:
        raise Http404
    form = ProposalForm(request.POST if request.method == "POST" else None, school=school)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_robot:
            form.open_again()
            form.add_error(
                None,
                "Ce formulaire a été envoyé trop vite, ou est resté ouvert trop longtemps. Relisez-le, puis envoyez-le de nouveau.",
            )
        elif form.is_valid():
            if not ratelimit.consume(request, action="offer_proposal"):
                form.add_error(
                    None,
                    "Beaucoup d’offres viennent d’arriver de chez vous. Réessayez dans une heure, ou appelez le lycée.",
                )
                status = 429
            else:
                try:
                    offers.propose(form.instance, key=None)
                except ValidationError as error:
                    form.add_error(None, error)
                else:
                    return redirect("offer_thanks", lycee)
    return render(request, "partners/offer_form.html", {"form": form, "host": school}, status=status)


@login_not_required
@require_GET
def offer_thanks(request: HttpRequest, lycee: str) -> HttpResponse:
    """After the public form."""
    school = School.objects.filter(uai=lycee, takes_proposals=True).first()
    if school is None:
        raise Http404
    return render(request, "partners/offer_thanks.html", {"host": school})


class ProposalPages(RecordPages):
    """What companies proposed: read and decided, never typed in here."""

    model, app, name, slug = OfferProposal, "partners", "proposal", "offres-proposees"
    view = edit = Permission.EDIT_OFFERS
    title, new_label = "Offres proposées", ""
    noun = "offre proposée,offres proposées"
    intro = "Ce que des entreprises ont écrit sur le formulaire public. Rien ne paraît avant votre accord."
    empty = "Rien pour l’instant. Le formulaire public s’ouvre dans les réglages du lycée."
    ordering = ("-created_at", "-pk")
    can_delete = False
    columns = (
        Column("Intitulé", "title", "name", sort="title"),
        Column("Entreprise", "company", sort="company"),
        Column("Type", "get_type_display"),
        Column("Reçue le", lambda row: timezone.localdate(row.created_at), "date", sort="created_at"),
        Column("État", "status", "badge", sort="status", status_kind="proposal"),
    )

    def may_add(self, request: SchoolRequest) -> Verdict:
        return Verdict(False, "Une offre proposée vient du formulaire public.")

    def urls(self) -> list[Any]:
        """The list and the page: a proposal is decided, not edited."""
        return [found for found in super().urls() if found.name in ("proposal_list", "proposal_detail")]

    def detail_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        demand(self.may_view(request))
        return proposal_page(request, self.find(request, public_id))


def candidates_for(proposal: OfferProposal) -> list[tuple[Partner, str]]:
    """Partners that may be the company that wrote, each with what they have in common."""
    typed = Partner(
        school=proposal.school,
        name=proposal.company,
        siret=proposal.siret,
        postal_code=proposal.postal_code,
        city=proposal.city,
        phone=proposal.contact_phone,
        email=proposal.contact_email,
    )
    return [(found.partner, found.likeness.reason) for found in doubles.candidates(proposal.school, typed)]


def proposal_page(
    request: SchoolRequest,
    proposal: OfferProposal,
    *,
    accepting: AcceptForm | None = None,
    refusing: RefuseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A proposal, with the two decisions below it while it waits."""
    first = {"version": proposal.version}
    waits = proposal.status == ProposalStatus.WAITING
    if waits and accepting is None:
        accepting = AcceptForm(candidates=candidates_for(proposal), company=proposal.company, initial=first)
    context = {
        "proposal": proposal,
        "waits": waits,
        "accept_form": accepting,
        "refuse_form": refusing or RefuseForm(initial=first),
        "list_url": ProposalPages().url("list", request),
        "form": accepting if accepting is not None and accepting.is_bound else refusing,
    }
    return render(request, "partners/proposal_detail.html", context, status=status)


def _proposal(request: SchoolRequest, public_id: UUID) -> OfferProposal:
    demand(allows(request.membership, Permission.EDIT_OFFERS))
    found: OfferProposal = ProposalPages().find(request, public_id)
    return found


@require_POST
def proposal_accept(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Make the offer."""
    proposal = _proposal(request, public_id)
    form = AcceptForm(request.POST, candidates=candidates_for(proposal), company=proposal.company)
    if not form.is_valid():
        return proposal_page(request, proposal, accepting=form, status=422)
    try:
        offer = offers.accept(
            proposal,
            form.cleaned_data["partner"],
            version=form.cleaned_data["version"],
            by=request.user,
            today=timezone.localdate(),
            now=timezone.now(),
            tell=form.cleaned_data["tell"],
        )
    except ValidationError as error:
        form.add_error(
            None,
            [sentence for sentences in error.message_dict.values() for sentence in sentences]
            if hasattr(error, "error_dict")
            else error,
        )
        return proposal_page(request, _proposal(request, public_id), accepting=form, status=422)
    except StaleEdit:
        messages.warning(request, "Quelqu’un vient d’examiner cette offre.")
        return redirect(proposal.get_absolute_url())
    messages.success(request, "Offre acceptée. Choisissez maintenant les classes à qui la montrer.")
    return redirect("partners:offer_publish", request.school.uai, offer.public_id)


@require_POST
def proposal_refuse(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Leave it aside, with a reason."""
    proposal = _proposal(request, public_id)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return proposal_page(request, proposal, refusing=form, status=422)
    try:
        offers.refuse(
            proposal,
            form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
            tell=form.cleaned_data["tell"],
        )
    except StaleEdit:
        messages.warning(request, "Quelqu’un vient d’examiner cette offre.")
        return redirect(proposal.get_absolute_url())
    messages.success(request, "Offre refusée.")
    return redirect("partners:proposal_list", request.school.uai)
