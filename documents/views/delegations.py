"""Who signs for the head of the school, by which act: the pages of delegations."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from documents.forms.delegations import DelegationForm
from documents.models import Delegation
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.roles import Permission


def state_of(delegation: Delegation) -> str:
    """A status code of core.status, on today's date."""
    today = timezone.localdate()
    if delegation.since > today:
        return "delegation.a_venir"
    return "delegation.finie" if delegation.until and delegation.until < today else "delegation.en_cours"


class DelegationPages(RecordPages):
    """A deputy signs the head's box online while the delegation holds; the paper says by which act."""

    model, app, name, slug = Delegation, "documents", "delegation", "delegations"
    view = edit = Permission.EDIT_SCHOOL
    form = DelegationForm
    title, new_label = "Délégations de signature", "Ajouter une délégation"
    noun = "délégation"
    intro = "Qui signe pour le chef d’établissement, par quel acte, jusqu’à quand."
    empty = "Seule la direction signe. Ajoutez une délégation pour qu’une adjointe ou un adjoint signe en son absence."
    save_label, saved = "Enregistrer la délégation", "Délégation enregistrée."
    ordering = ("-since", "-pk")
    keeps_views = False
    columns = (
        Column("Personne", "membership.full_name", "name"),
        Column("Acte", "act"),
        Column("Du", "since", "date", sort="since"),
        Column("Au", "until", "date", sort="until"),
        Column("État", state_of, "badge"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Delegation]:
        found: QuerySet[Delegation] = super().rows(request).select_related("membership", "school")
        return found

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"since": timezone.localdate()}

    def status(self, record: Delegation) -> str:
        return state_of(record)
