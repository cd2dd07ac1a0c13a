"""What this app adds to the apps below: own pupils and contacts, papers, the work list, a partner's page."""

from django.db.models import Q
from django.urls import reverse

from core.verdict import Verdict
from documents import subjects
from documents.enums import SignatureRole, Subject
from documents.models import Document
from partners.permissions import also_own_contacts
from pfmp import permissions, services
from pfmp.models import Placement
from schools.models import Membership
from schools.permissions import also_own

# A teacher's own pupils are also those whose placement they follow; they know the people of the companies where these are.
also_own(lambda membership: Q(placements__referent_email__iexact=membership.email))
also_own_contacts(
    lambda membership: Q(
        partner__in=Placement.objects.in_school(membership.school_id).followed_by(membership).values("partner")
    )
)


# --------------------------------------------------------------------------------------------- papers about placements


def _own_papers(membership: Membership) -> Q:
    return Q(subject_id__in=Placement.objects.in_school(membership.school_id).followed_by(membership).values("dossier_id"))


def _link(document: Document) -> tuple[str, str]:
    placement = (
        Placement.objects.in_school(document.school_id)
        .filter(dossier_id=document.subject_id)
        .select_related("student", "partner")
        .first()
    )
    if placement is None:
        return "", ""
    return str(placement), reverse("pfmp:placement_detail", args=[document.school.uai, placement.public_id])


def _may_sign(membership: Membership, document: Document, role: SignatureRole) -> Verdict:
    return permissions.may_note_signature(membership, document, role)


subjects.register(
    Subject.PLACEMENT,
    subjects.Kind(
        own=_own_papers,
        link=_link,
        may_sign=_may_sign,
        signatures_changed=services.signatures_changed,
        prepare=services.prepare_pdf,
    ),
)
