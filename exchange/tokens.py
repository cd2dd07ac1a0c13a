"""Keys of the read API: given for one use, with scopes, within the rights of who gives them; shown once, revocable."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from core import audit, tokens
from exchange.enums import Scope
from exchange.models import ApiToken
from schools.models import Membership, School
from schools.roles import PERMISSIONS, Permission

MOST_ALIVE = 20
"""Keys of one school: beyond, nobody knows any longer what reads what."""
LIVES = (30, 90, 365)
"""Days that a key may live."""

P = Permission
NEEDS: dict[Scope, frozenset[Permission]] = {
    Scope.FIGURES: frozenset({P.VIEW_INDICATORS}),
    Scope.SAFE_FIGURES: frozenset({P.VIEW_INDICATORS}),
    Scope.PARTNERS: frozenset({P.VIEW_PARTNERS, P.VIEW_INTERACTIONS, P.VIEW_AGREEMENTS}),
    Scope.ACTIONS: frozenset({P.VIEW_ACTIONS, P.VIEW_PARTNERS}),
    Scope.OFFERS: frozenset({P.VIEW_OFFERS}),
    Scope.TAXE: frozenset({P.VIEW_TAXE}),
    Scope.PUPILS: frozenset({P.VIEW_STUDENTS, P.VIEW_STUDENT_CONTACTS, P.VIEW_PRIORITY}),
    Scope.PFMP: frozenset({P.VIEW_PLACEMENTS, P.VIEW_STUDENTS}),
    Scope.OPINIONS: frozenset({P.VIEW_SURVEYS}),
    Scope.LEAVERS: frozenset({P.VIEW_SURVEYS, P.VIEW_STUDENTS}),
    Scope.PAPERS: frozenset({P.VIEW_DOCUMENTS, P.VIEW_STUDENTS, P.VIEW_AGREEMENTS}),
}
"""All the rights that a role must have for a scope: what it opens holds nothing that the role may not read (S-05)."""

RESOURCES: dict[Scope, tuple[str, ...]] = {
    Scope.FIGURES: (),
    Scope.SAFE_FIGURES: (),
    Scope.PARTNERS: ("partenaires", "contacts", "echanges", "conventions", "reseaux", "partages"),
    Scope.ACTIONS: ("actions", "actions_partenaires", "invitations"),
    Scope.OFFERS: ("offres",),
    Scope.TAXE: ("taxe_apprentissage", "campagnes_taxe"),
    Scope.PUPILS: ("classes", "eleves", "scolarites", "participations", "offres_beneficiaires"),
    Scope.PFMP: ("periodes_pfmp", "dispenses", "placements", "visites"),
    Scope.OPINIONS: ("enquetes", "satisfaction"),
    Scope.LEAVERS: ("insertion",),
    Scope.PAPERS: ("documents", "signatures"),
}
"""Resources of the dossier that each scope opens; accounts of the team and their classes are in none."""


def may_give(membership: Membership) -> list[Scope]:
    """The scopes that this person may put on a key: none for a role that gives no keys.

    Such a role may read its own pupils only, or counts without the small ones: a key would read them all.
    """
    granted = PERMISSIONS[membership.role_enum]
    if P.MAKE_API_TOKEN not in granted:
        return []
    return [scope for scope in Scope if NEEDS[scope] <= granted]


def scopes_of(token: ApiToken) -> frozenset[Scope]:
    """What a key opens today: its scopes, less what the role of who gave it no longer allows (S-04)."""
    kept = {Scope(value) for value in token.scopes.split("|") if value in Scope.values}
    return frozenset(kept.intersection(may_give(token.membership)))


@transaction.atomic
def give(
    membership: Membership, *, label: str, scopes: Collection[Scope], days: int, by: Any, now: datetime
) -> tuple[ApiToken, str]:
    """A fresh key and its text: the only time anybody sees it.

    Raises ValidationError for no scope, a scope that this person may not give, a life out of `LIVES`, too many keys.
    """
    wanted = [scope for scope in Scope if scope in scopes]
    if not wanted:
        raise ValidationError("Choisissez au moins une portée : sans elle, la clé n’ouvre rien.")
    if not set(wanted) <= set(may_give(membership)):
        raise ValidationError("Votre rôle ne permet pas de donner une de ces portées.")
    if days not in LIVES:
        raise ValidationError("Choisissez une durée de la liste.")
    School.objects.select_for_update(no_key=True).get(
        pk=membership.school_id
    )  # keys are counted one gift after the other
    if (
        ApiToken.objects.in_school(membership.school_id).filter(revoked_at=None, expires_at__gt=now).count()
        >= MOST_ALIVE
    ):
        raise ValidationError(f"Le lycée a déjà {MOST_ALIVE} clés ouvertes : révoquez celles qui ne servent plus.")
    text = tokens.fresh()
    token = ApiToken.objects.create(
        school_id=membership.school_id,
        membership=membership,
        label=label.strip(),
        scopes="|".join(wanted),
        token_hash=tokens.hashed(text),
        expires_at=now + timedelta(days=days),
        created_by=by,
        updated_by=by,
    )
    audit.record("exchange.api_token_given", token, by=by, scopes=token.scopes, days=days)
    return token, text


@transaction.atomic
def revoke(token: ApiToken, *, by: Any, now: datetime) -> bool:
    """Close a key at once. Returns False when it was closed already."""
    alive = ApiToken.objects.in_school(token.school_id).filter(pk=token.pk, revoked_at=None)
    if not alive.update(revoked_at=now, updated_by=by, updated_at=now):
        return False
    audit.record("exchange.api_token_revoked", token, by=by)
    return True


def find(text: str, now: datetime) -> ApiToken | None:
    """The key of a text, with its school and who gave it; None when it is unknown, past, revoked, or its giver left (S-04)."""
    found = (
        ApiToken.objects.across_schools(why="the key, and not an address of a school, names the school")
        .filter(token_hash=tokens.hashed(text), revoked_at=None, expires_at__gt=now, membership__is_active=True)
        .select_related("school", "membership__school", "membership__user")
        .first()
    )
    user = found.membership.user if found else None
    return found if found and user is not None and user.is_active else None


def of_school(school: School) -> QuerySet[ApiToken]:
    """The keys of a school, the latest first."""
    return ApiToken.objects.in_school(school).select_related("membership", "school").order_by("-created_at")
