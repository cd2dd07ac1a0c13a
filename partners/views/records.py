"""Partners: find one, open its page, note what is said, offered and given."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Case, OuterRef, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.verdict import Verdict, demand
from partners import doubles, locating, nearby, permissions
from partners.bulk import PARTNERS
from partners.enums import Initiative
from partners.filters import ContactFilters, InteractionFilters, PartnerFilters
from partners.forms import register as asking
from partners.forms.records import (
    ContactForm,
    InteractionForm,
    PartnerForm,
)
from partners.models import Contact, Interaction, Partner
from partners.search import everything, only_one
from partners.views.doubles import FollowsMerges
from partners.views.overview import overview
from partners.views.register import helped
from schools.communes import town_of
from schools.forms import RecordForm
from schools.lookups import suggestions
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages, named_in_address
from schools.permissions import allows
from schools.roles import Permission


@require_GET
def search(request: SchoolRequest) -> HttpResponse:
    """The search of the bar: partners, contacts and pupils at once, each as the role may see them."""
    words = request.GET.get("q", "").strip()
    if len(words) > 200:
        raise BadRequest
    found = everything(request.membership, words) if words else None
    if found is not None and (partner := only_one(found, words)) is not None:
        return redirect(partner)
    return render(request, "partners/search.html", {"words": words, "found": found})


@require_GET
def partner_lookup(request: SchoolRequest) -> HttpResponse:
    demand(allows(request.membership, Permission.VIEW_PARTNERS))
    records = Partner.objects.in_school(request.school).in_use().order_by("search_text", "pk")
    return suggestions(request, records, "partner")


@require_GET
def contact_lookup(request: SchoolRequest) -> HttpResponse:
    """People by name; those of the partner that the form has chosen (`partner_id`) come first."""
    demand(allows(request.membership, Permission.VIEW_PARTNERS))
    order: list[Any] = ["search_text", "pk"]
    if chosen := named_in_address(request, Partner.objects.in_school(request.school), "partner_id"):
        order.insert(0, Case(When(partner=chosen, then=0), default=1))
    contacts = permissions.visible_contacts(request.membership).select_related("partner").order_by(*order)
    return suggestions(request, contacts, "contact")


def initial_partner(request: SchoolRequest) -> Partner | None:
    """The partner that the address names, for a form's first values."""
    found: Partner | None = named_in_address(request, Partner.objects.in_school(request.school), "partenaire")
    return found


def tag_words(partner: Partner) -> str:
    """The words put on a partner, in order."""
    return ", ".join(sorted(tag.label for tag in partner.tags.all()))


class PartnerPages(FollowsMerges, RecordPages):
    model, app, name, slug = Partner, "partners", "partner", "partenaires"
    view, edit = Permission.VIEW_PARTNERS, Permission.EDIT_PARTNERS
    form, filters = PartnerForm, PartnerFilters
    title, new_label = "Partenaires", "Ajouter un partenaire"
    noun = "partenaire"
    saved = "Partenaire enregistré."
    save_label = "Enregistrer le partenaire"
    empty = "Aucun partenaire pour l’instant. Ajoutez le premier, ou importez le dossier du lycée."
    ordering = ("search_text", "pk")
    list_template = "partners/partner_list.html"
    filters_shown = 6
    bulk_actions = PARTNERS
    detail_template = "partners/partner_detail.html"
    columns = (
        Column("Nom", "name", "name", sort="search_text"),
        Column("Commune", "city", sort="city"),
        Column("Métier", "trade"),
        Column("Statut", "status", "badge", sort="status"),
        Column("Dernier échange", "last_interaction", "date", sort="last_interaction"),
        Column("SIRET", "siret", screen=False),
        Column("Type", "get_type_display", screen=False),
        Column("NAF", "naf", screen=False),
        Column("Effectif", "get_headcount_display", screen=False),
        Column("Adresse", "address", screen=False),
        Column("Code postal", "postal_code", screen=False),
        Column("Téléphone", "phone", screen=False),
        Column("Adresse électronique", "email", screen=False),
        Column("Enseigne", "brand", screen=False),
        Column("Site web", "website", screen=False),
        Column("Suivi par", "owner", screen=False, load=lambda rows: rows.select_related("owner")),
        Column("Étiquettes", tag_words, screen=False, load=lambda rows: rows.prefetch_related("tags")),
        Column("Premier contact", "first_contact_date", "date", sort="first_contact_date", screen=False),
        Column("Établissement fermé le", "closed_date", "date", sort="closed_date", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Partner]:
        """With who follows each: every page of a partner names them."""
        return super().rows(request).select_related("owner")

    def list_rows(self, request: SchoolRequest) -> QuerySet[Partner]:
        """With the date of the last exchange: looked up by index for each line, where a join would group the whole table."""
        latest = Interaction.objects.filter(school=request.school, partner=OuterRef("pk")).order_by("-date")
        return self.rows(request).select_related("school").annotate(last_interaction=latest.values("date")[:1])

    def shown_columns(self, request: SchoolRequest) -> Sequence[Column]:
        """With the distance to the town that the filter names, or to the school: on screen when one filters by it."""
        filtered = bool(request.GET.get("distance_km") or request.GET.get("distance_de"))
        measured = Column(
            "Distance (km)",
            nearby.of_row,
            "number",
            sort="distance",
            screen=filtered,
            load=lambda rows: nearby.measured(rows, town_of(request.school)),
        )
        return (*self.columns[:2], measured, *self.columns[2:])

    def ordered(
        self, request: SchoolRequest, rows: QuerySet[Any], columns: Sequence[Column], chosen: Sequence[Column] = ()
    ) -> QuerySet[Any]:
        """The nearest first when one filters by distance."""
        found = super().ordered(request, rows, columns, chosen)
        near_first = "distance" in rows.query.annotations and not request.GET.get("tri")
        return found.order_by("distance", *self.ordering) if near_first else found

    def helped(self, request: SchoolRequest, form: RecordForm) -> RecordForm | None:
        """« Chercher dans Sirene » posts the form to see proposals beside it."""
        if asking.BUTTON in request.POST and isinstance(form, PartnerForm):
            return helped(request, form)
        return None

    def create(self, request: SchoolRequest, form: RecordForm) -> Partner:
        record: Partner = super().create(request, form)
        locating.locate_soon(record, by=request.user)
        return record

    def change(self, request: SchoolRequest, form: RecordForm) -> Partner:
        record: Partner = super().change(request, form)
        locating.locate_soon(record, by=request.user)
        return record

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {"may_merge": self.may_add(request), "doubles": doubles.known_count(request.school)}

    def status(self, record: Partner) -> str:
        return record.status

    def facts(self, request: SchoolRequest, record: Partner) -> Iterable[Fact]:
        """The page has its own identity panel."""
        return ()

    def detail_context(self, request: SchoolRequest, record: Partner) -> dict[str, Any]:
        return overview(request, record)


class ContactPages(RecordPages):
    model, app, name, slug = Contact, "partners", "contact", "contacts"
    view, edit = Permission.VIEW_PARTNERS, Permission.EDIT_PARTNERS
    form, filters = ContactForm, ContactFilters
    title, new_label = "Contacts", "Ajouter un contact"
    noun = "contact"
    saved = "Contact enregistré."
    save_label = "Enregistrer le contact"
    ordering = ("search_text", "pk")
    columns = (
        Column("Nom", lambda row: f"{row.last_name} {row.first_name}".strip(), "name", sort="search_text"),
        Column("Partenaire", "partner", sort="partner__search_text", link=lambda row: row.partner.get_absolute_url()),
        Column("Fonction", "position"),
        Column("Rôle", "get_role_display", sort="role"),
        Column("Téléphone", "phone"),
        Column("Adresse électronique", "email"),
        Column("Refuse les courriels groupés", "refuses_mailings", "yesno", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Contact]:
        return permissions.visible_contacts(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Contact]:
        return self.rows(request).select_related("partner__school", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "is_active": True}

    def after_save(self, request: SchoolRequest, record: Contact) -> str:
        return record.partner.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Contact) -> str:
        return record.partner.get_absolute_url()


class InteractionPages(RecordPages):
    model, app, name, slug = Interaction, "partners", "interaction", "echanges"
    view, edit = Permission.ADD_INTERACTION, Permission.EDIT_PARTNERS
    form, filters = InteractionForm, InteractionFilters
    title, new_label = "Échanges", "Noter un échange"
    noun = "échange"
    saved = "Échange noté."
    save_label = "Enregistrer l’échange"
    ordering = ("-date", "-pk")
    columns = (
        Column("Objet", "subject", "name"),
        Column("Partenaire", "partner", sort="partner__search_text", link=lambda row: row.partner.get_absolute_url()),
        Column("Date", "date", "date", sort="date"),
        Column("Par", "get_channel_display", sort="channel"),
        Column("À l’initiative de", "get_initiative_display", sort="initiative"),
        Column("Rappeler le", "call_again_date", "date", sort="call_again_date"),
        Column("Rappel fait", "called_again", "yesno", screen=False),
        Column("Noté par", "author_email", screen=False),
        Column("Compte rendu", "report", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Interaction]:
        return permissions.visible_interactions(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Interaction]:
        return self.rows(request).select_related("partner__school", "school")

    def may_view(self, request: SchoolRequest) -> Verdict:
        reads = allows(request.membership, Permission.VIEW_INTERACTIONS)
        return reads or allows(request.membership, Permission.ADD_INTERACTION)

    def may_add(self, request: SchoolRequest) -> Verdict:
        return allows(request.membership, Permission.ADD_INTERACTION)

    def may_change_some(self, request: SchoolRequest) -> Verdict:
        return self.may_add(request)

    def may_change(self, request: SchoolRequest, record: Interaction) -> Verdict:
        """One's own, or any for those who keep the partner file."""
        if record.author_email.casefold() == request.membership.email.casefold():
            return self.may_add(request)
        return allows(request.membership, Permission.EDIT_PARTNERS)

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "partner": initial_partner(request),
            "date": timezone.localdate(),
            "initiative": Initiative.SCHOOL,
        }

    def create(self, request: SchoolRequest, form: RecordForm) -> Interaction:
        form.instance.author_email = request.membership.email
        return super().create(request, form)

    def after_save(self, request: SchoolRequest, record: Interaction) -> str:
        return record.partner.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Interaction) -> str:
        return record.partner.get_absolute_url()
