"""Former pupils who agreed to be asked again: the list, what each offers, their contact at their employer's, the withdrawal."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import notices
from core.verdict import Denied, Verdict, demand
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows
from schools.roles import Permission
from surveys import former
from surveys.filters import FormerFilters
from surveys.forms.former import EmployerForm, FormerForm
from surveys.models import FormerStudent
from surveys.views.leaver_frame import frame


def offers(row: FormerStudent) -> str:
    """« témoigner, accueillir », or ""."""
    said = ((row.offers_talk, "témoigner"), (row.offers_hosting, "accueillir"))
    return ", ".join(word for offered, word in said if offered)


class FormerPages(RecordPages):
    model, app, name, slug = FormerStudent, "surveys", "former", "anciens-eleves"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = FormerForm, FormerFilters
    title, new_label = "Anciens élèves", "Ajouter un ancien élève"
    noun = "ancien élève,anciens élèves"
    saved = "Ancien élève enregistré."
    save_label = "Enregistrer l’ancien élève"
    intro = "Ceux qui acceptent que le lycée les recontacte, et ce qu’ils proposent. L’accord se retire à tout moment."
    empty = "Personne pour l’instant. La dernière question faite aux sortants demande leur accord."
    ordering = ("search_text", "pk")
    list_template = "surveys/former_list.html"
    detail_template = "surveys/former_detail.html"
    columns = (
        Column("Nom", str, "name", sort="search_text"),
        Column("Sorti en", "leaving_year", sort="leaving_year"),
        Column("Formation", "formation", sort="formation"),
        Column("Métier", "job_title"),
        Column("Employeur", "partner", link=lambda row: row.partner.get_absolute_url() if row.partner else ""),
        Column("Propose", offers),
        Column("Adresse", "email", screen=False),
        Column("Téléphone", "phone", screen=False),
        Column("Accord donné le", "consent_date", "date", sort="consent_date"),
        Column("Accord retiré le", "revoked_date", "date", sort="revoked_date", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[FormerStudent]:
        rows = self.rows(request).select_related("school", "partner__school")
        # Who took their agreement back is asked for by name: nobody calls them by mistake.
        return rows if request.GET.get("accord") == "retire" else rows.filter(revoked_date=None)

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return frame(request)

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"consent_date": timezone.localdate(), "leaving_year": request.school_year.previous.code}

    def create(self, request: SchoolRequest, form: Any) -> FormerStudent:
        form.instance.consent_text = former.BY_VOICE
        found: FormerStudent = super().create(request, form)
        return found

    def may_change(self, request: SchoolRequest, record: FormerStudent) -> Verdict:
        if record.revoked_date is not None:
            return Denied("Cette personne a retiré son accord : il n’y a plus rien à garder d’elle ici.")
        return super().may_change(request, record)

    def may_delete(self, request: SchoolRequest, record: FormerStudent) -> Verdict:
        return self.may_change_some(request)

    def remove(self, request: SchoolRequest, record: FormerStudent) -> None:
        """What the agreement allowed to keep on a contact goes with it."""
        former.withdraw(record, today=timezone.localdate(), by=request.user)
        super().remove(request, record)

    def named_facts(self, request: SchoolRequest, record: FormerStudent) -> Iterable[tuple[str, Fact]]:  # type: ignore[override]
        yield from super().named_facts(request, record)
        yield "revoked_date", Fact("Accord retiré le", record.revoked_date, "date")
        if record.contact is not None:
            record.contact.school = request.school
            yield "contact", Fact("Contact", record.contact.full_name, "text", record.contact.get_absolute_url())

    def detail_context(self, request: SchoolRequest, record: FormerStudent) -> dict[str, Any]:
        return {
            "former": record,
            "may_edit": bool(allows(request.membership, Permission.EDIT_SURVEYS)),
            "may_be_contact": bool(allows(request.membership, Permission.EDIT_PARTNERS))
            and record.revoked_date is None
            and record.contact_id is None,
            "wording": former.WORDINGS.get(record.consent_text),
            "by_voice": record.consent_text == former.BY_VOICE,
        }


def _found(request: SchoolRequest, public_id: UUID) -> FormerStudent:
    found: FormerStudent = FormerPages().find(request, public_id)
    return found


@require_http_methods(["GET", "POST"])
def former_contact(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One click when the employer is known, else the choice of it: the person becomes a contact there."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    record = _found(request, public_id)
    form = EmployerForm(
        request.POST if "partner" in request.POST else None,
        school=request.school,
        initial={"partner": record.partner},
    )
    partner = record.partner if request.method == "POST" and "partner" not in request.POST else None
    if form.is_bound and form.is_valid():
        partner = form.cleaned_data["partner"]
    if partner is not None:
        try:
            contact = former.become_contact(record, partner, by=request.user)
        except ValidationError as refused:
            notices.refused(request, " ".join(refused.messages))
            return redirect(record)
        notices.said(request, f"{contact.full_name} est maintenant un contact de {partner}.")
        return redirect(contact)
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/former_contact.html", {"form": form, "former": record}, status=status)


@require_POST
def former_withdraw(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The person asked for it, aloud or in writing."""
    demand(allows(request.membership, Permission.EDIT_SURVEYS))
    record = _found(request, public_id)
    if former.withdraw(record, today=timezone.localdate(), by=request.user):
        notices.said(request, f"Accord retiré : les coordonnées de {record} sont effacées de cette liste.")
    return redirect(record)
