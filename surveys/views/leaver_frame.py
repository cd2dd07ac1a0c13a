"""What the pages on leavers share: their tabs, each for who may open it."""

from typing import Any

from django.urls import reverse

from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission
from surveys import employers


def tabs(request: SchoolRequest) -> list[tuple[str, str, int | None]]:
    """(label, address, count) of each page: one count for who may settle what waits."""
    uai, member = request.school.uai, request.membership
    found: list[tuple[str, str, int | None]] = []

    def add(label: str, name: str, count: int | None = None) -> None:
        found.append((label, reverse(name, args=[uai]), count))

    if allows(member, Permission.VIEW_SURVEYS):
        add("Campagnes", "surveys:campaign_list")
        add("Réponses", "surveys:outcome_list")
    if allows(member, Permission.EDIT_SURVEYS):
        add("Employeurs à rapprocher", "surveys:employer_list", employers.waiting(request.school).count() or None)
    if allows(member, Permission.VIEW_SURVEYS):
        add("Anciens élèves", "surveys:former_list")
    add("Résultats", "indicators:leaver_figures")
    if allows(member, Permission.VIEW_SURVEYS):
        add("InserJeunes", "surveys:inserjeunes_list")
    return found


def frame(request: SchoolRequest) -> dict[str, Any]:
    """What `surveys/partials/leaver_tabs.html` needs."""
    return {"leaver_tabs": tabs(request)}
