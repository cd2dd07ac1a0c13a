"""The networks that the lycée is part of, and who is in them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conventions import networks, sections
from conventions.filters import NetworkFilters
from conventions.forms.networks import NetworkForm, NetworkMemberForm
from conventions.models import Network, NetworkMember
from core import french, notices
from core.errors import StaleEdit
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, Section
from schools.permissions import allows
from schools.roles import Permission
from schools.services import change_record, create_record, remove_record


def network_state(network: Network) -> str:
    """Where the school stands in it today."""
    return networks.state_of(network, timezone.localdate())


class NetworkPages(RecordPages):
    model, app, name, slug = Network, "conventions", "network", "reseaux"
    view, edit = Permission.VIEW_AGREEMENTS, Permission.EDIT_AGREEMENTS
    form, filters = NetworkForm, NetworkFilters
    title, new_label = "Réseaux", "Ajouter un réseau"
    noun = "réseau,réseaux"
    saved = "Réseau enregistré."
    save_label = "Enregistrer le réseau"
    intro = "Campus, CLEE, cordées, anciens élèves : les réseaux dont le lycée est partie prenante."
    empty = "Aucun réseau pour l’instant. Ajoutez le premier : campus, CLEE, club d’entreprises, anciens élèves."
    ordering = ("search_text", "pk")
    detail_template = "conventions/network_detail.html"
    list_template = "conventions/network_list.html"
    columns = (
        Column("Nom", "name", "name", sort="search_text"),
        Column("Type", "get_type_display", sort="type"),
        Column("État", network_state, "badge"),
        Column("Adhésion", "joined_date", "date", sort="joined_date"),
        Column("Formalisé le", "formalised_date", "date", sort="formalised_date"),
        Column("Acte", "act"),
        Column("Membres", "member_count", "number", sort="member_count"),
        Column("Sortie", "left_date", "date", sort="left_date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Network]:
        """With how many members each has today."""
        today = timezone.localdate()
        now = ~Q(members__since__gt=today) & ~Q(members__until__lt=today)
        return self.rows(request).select_related("school").annotate(member_count=Count("members", filter=now))

    def status(self, record: Network) -> str:
        return network_state(record)

    def subtitle(self, request: SchoolRequest, record: Network) -> str:
        return f"{record.get_type_display()} · depuis le {french.day(record.joined_date)}"

    def sections(self, request: SchoolRequest, record: Network) -> Iterable[Section]:
        return sections.NETWORK.of(record, request.membership, timezone.localdate())

    def detail_context(self, request: SchoolRequest, record: Network) -> dict[str, Any]:
        lines = networks.members_of(record, timezone.localdate())
        return {
            "members": lines,
            "current_count": sum(line.is_current for line in lines),
            "member_form": _member_form(request, record) if self.may_change(request, record) else None,
        }


def _member_form(request: SchoolRequest, network: Network, member: NetworkMember | None = None) -> NetworkMemberForm:
    return NetworkMemberForm(
        request.POST or None,
        instance=member or NetworkMember(network=network),
        school=request.school,
        membership=request.membership,
    )


def _member(request: SchoolRequest, public_id: UUID) -> NetworkMember:
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    members = NetworkMember.objects.in_school(request.school)
    return get_object_or_404(members.select_related("school", "network__school"), public_id=public_id)


@require_http_methods(["GET", "POST"])
def network_member_new(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Someone more in a network: the form of its page posts here; alone on a page when something is to be corrected."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    network = NetworkPages().find(request, public_id)
    form = _member_form(request, network)
    if form.is_valid():
        create_record(form.instance, by=request.user, key=form.cleaned_data.get("creation_key"))
        notices.said(request, f"Ajouté au réseau : {_who(form.instance)}.")
        return redirect(network)
    return _member_page(request, network, form, "Ajouter un membre")


@require_http_methods(["GET", "POST"])
def network_member_edit(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Their role, since when, until when."""
    member = _member(request, public_id)
    form = _member_form(request, member.network, member)
    if form.is_valid():
        try:
            change_record(
                form.instance, version=form.cleaned_data["version"], by=request.user, changed=form.changed_data
            )
        except StaleEdit:
            notices.refused(request, "Quelqu’un d’autre vient de modifier ce membre : relisez, puis recommencez.")
        else:
            notices.said(request, f"Enregistré : {_who(member)}.")
        return redirect(member.network)
    return _member_page(request, member.network, form, f"Modifier : {_who(member)}")


def _member_page(request: SchoolRequest, network: Network, form: NetworkMemberForm, heading: str) -> HttpResponse:
    context = {"network": network, "form": form, "heading": heading, "list_url": NetworkPages().url("list", request)}
    return render(request, "conventions/network_member.html", context, status=422 if form.is_bound else 200)


@require_POST
def network_member_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take a line that was a mistake off; someone who leaves gets a last day instead."""
    member = _member(request, public_id)
    said = _who(member)
    remove_record(member, by=request.user)
    notices.said(request, f"Retiré du réseau : {said}.")
    return redirect(member.network)


def _who(member: NetworkMember) -> str:
    return str(member.contact or member.partner or member.membership or "membre")
