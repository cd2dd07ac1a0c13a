"""Who sees which contacts and exchanges of a partner (S-05)."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from partners.models import Contact, Interaction, Offer, OfferQuerySet
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

_own_contacts: list[Callable[[Membership], Q]] = []


def also_own_contacts(condition: Callable[[Membership], Q]) -> None:
    """Let an app above say which contacts a teacher knows: pfmp adds those of the placements they follow."""
    _own_contacts.append(condition)


def visible_contacts(membership: Membership) -> QuerySet[Contact]:
    """All contacts of the school, or for a teacher those of their own placements."""
    contacts = Contact.objects.in_school(membership.school_id)
    if allows(membership, Permission.VIEW_INTERACTIONS):
        return contacts
    if not allows(membership, Permission.VIEW_PARTNERS) or not _own_contacts:
        return contacts.none()
    return contacts.filter(reduce(or_, (condition(membership) for condition in _own_contacts))).distinct()


def visible_interactions(membership: Membership) -> QuerySet[Interaction]:
    """All exchanges of the school, or for a teacher those they noted."""
    interactions = Interaction.objects.in_school(membership.school_id)
    if allows(membership, Permission.VIEW_INTERACTIONS):
        return interactions
    if not allows(membership, Permission.ADD_INTERACTION):
        return interactions.none()
    return interactions.filter(author_email__iexact=membership.email)


def visible_offers(membership: Membership) -> OfferQuerySet:
    """All offers of the school, or for a teacher those published to the classes they teach."""
    offers = Offer.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_OFFERS):
        return offers.none()
    if is_own_only(membership):
        return offers.filter(
            published_date__isnull=False, classes__school_class__assignments__membership=membership
        ).distinct()
    return offers
