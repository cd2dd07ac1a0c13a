"""Who sees which papers, and who notes a signature (S-05)."""

from django.db.models import Q

from core.verdict import Denied, Verdict
from documents import subjects
from documents.enums import SignatureRole, Subject
from documents.models import Document
from documents.models.papers import DocumentQuerySet
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

NEEDED = {
    Subject.PLACEMENT: Permission.VIEW_PLACEMENTS,
    Subject.AGREEMENT: Permission.VIEW_AGREEMENTS,
    Subject.SCHOOL: Permission.VIEW_INDICATORS,
}
"""To see a paper, the right on papers and the right on what it speaks of."""

DECIDES = {Subject.PLACEMENT: Permission.MANAGE_PLACEMENTS, Subject.AGREEMENT: Permission.EDIT_AGREEMENTS}
"""The bureau's right over what the paper speaks of."""


def visible_documents(membership: Membership) -> DocumentQuerySet:
    """The papers this person may open; a teacher only those of their own pupils' placements."""
    papers = Document.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_DOCUMENTS):
        return papers.none()
    granted = Q(subject__in=[subject for subject, needed in NEEDED.items() if allows(membership, needed)])
    if is_own_only(membership):
        granted &= subjects.own_papers(membership)
    return papers.filter(granted)


def may_note_signature(membership: Membership, document: Document, role: SignatureRole, *, is_latest: bool) -> Verdict:
    """May this person note that a party signed, refused, or did not sign after all?"""
    if not is_latest:
        return Denied("Cette version est remplacée : les signatures se notent sur la dernière.")
    return subjects.may_sign(membership, document, role)


def may_say_who_signs(membership: Membership, document: Document) -> Verdict:
    """May this person accept another signer, give a link to an address of their own, read a code out? The bureau (S-19, S-20)."""
    return allows(membership, DECIDES.get(Subject(document.subject), Permission.MANAGE_PLACEMENTS))
