"""Who sees and writes which placements: all for the office, their own for a teacher (S-04, S-05)."""

from django.db.models import Q, QuerySet

from core.verdict import ALLOWED, Denied, Verdict
from documents.enums import SignatureRole
from documents.models import Document
from pfmp.enums import PlacementStatus
from pfmp.models import Period, Placement, Visit
from schools.models import Membership, Student
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission


def visible_placements(membership: Membership) -> QuerySet[Placement]:
    """The placements this person may open; a teacher those of their classes and those they follow."""
    placements = Placement.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return placements.none()
    return placements.followed_by(membership) if is_own_only(membership) else placements


def visible_periods(membership: Membership) -> QuerySet[Period]:
    """The periods this person may open; a teacher those of the classes they teach and of the placements they follow."""
    periods = Period.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return periods.none()
    if not is_own_only(membership):
        return periods
    followed = Placement.objects.in_school(membership.school_id).filter(referent_email__iexact=membership.email)
    return periods.filter(
        Q(school_class__in=membership.assignments.values("school_class")) | Q(pk__in=followed.values("period"))
    )


def visible_visits(membership: Membership) -> QuerySet[Visit]:
    """The visits of the placements this person may open."""
    visits = Visit.objects.in_school(membership.school_id)
    if not is_own_only(membership):
        return visits if allows(membership, Permission.VIEW_PLACEMENTS) else visits.none()
    return visits.filter(placement__in=visible_placements(membership).values("pk"))


def is_referent(membership: Membership, placement: Placement) -> bool:
    """Is this person the one who follows the placement?"""
    return membership.email.casefold() == placement.referent_email.strip().casefold()


def may_log(membership: Membership, student: Student | None = None) -> Verdict:
    """May this person record where a pupil goes? A teacher for the pupils they see."""
    if not (verdict := allows(membership, Permission.LOG_PLACEMENT)):
        return verdict
    if student is None or visible_students(membership).filter(pk=student.pk).exists():
        return ALLOWED
    return Denied("Cet élève n’est pas dans vos classes, et vous ne le suivez pas.")


def may_change(membership: Membership, placement: Placement) -> Verdict:
    """May this person correct a placement that they see? What is over belongs to the bureau."""
    if placement.status in OVER and not allows(membership, Permission.MANAGE_PLACEMENTS):
        return Denied("Ce placement est clos : seuls le bureau des entreprises et le DDFPT le corrigent.")
    return allows(membership, Permission.LOG_PLACEMENT)


OVER = (PlacementStatus.FINISHED, PlacementStatus.INTERRUPTED, PlacementStatus.CANCELLED)


def may_decide_outcome(membership: Membership) -> Verdict:
    """May this person write what follows an interruption?"""
    return allows(membership, Permission.LOG_PLACEMENT)


def may_remove(membership: Membership, placement: Placement, *, has_paper: bool) -> Verdict:
    """A placement whose convention was issued stays: it is cancelled instead."""
    if has_paper:
        return Denied("Sa convention est éditée : annulez le placement plutôt que de le supprimer.")
    return allows(membership, Permission.MANAGE_PLACEMENTS)


def may_remove_period(membership: Membership, period: Period) -> Verdict:
    """A period where pupils have a placement stays: they would go with it."""
    if verdict := allows(membership, Permission.MANAGE_PLACEMENTS):
        if Placement.objects.in_school(membership.school_id).filter(period=period).exists():
            return Denied("Des élèves ont un placement dans cette période : elle ne se supprime plus.")
    return verdict


def may_note_visit(membership: Membership, placement: Placement) -> Verdict:
    """May this person write down a visit of a placement that they see?"""
    if placement.status == PlacementStatus.CANCELLED:
        return Denied("Ce placement est annulé.")
    return allows(membership, Permission.LOG_VISIT)


def may_change_visit(membership: Membership, visit: Visit) -> Verdict:
    """One's own, or any for the bureau."""
    if visit.author_email.casefold() == membership.email.casefold():
        return allows(membership, Permission.LOG_VISIT)
    return allows(membership, Permission.MANAGE_PLACEMENTS)


def may_note_signature(membership: Membership, document: Document, role: SignatureRole) -> Verdict:
    """Note what came back signed on paper: the bureau any party, a teacher any but the head, the head their own (S-05)."""
    if allows(membership, Permission.MANAGE_PLACEMENTS):
        return ALLOWED
    if role == SignatureRole.HEAD:
        if allows(membership, Permission.SIGN_CONVENTION):
            return ALLOWED
        return Denied("La direction ou le bureau des entreprises la note.")
    if allows(membership, Permission.LOG_PLACEMENT):
        return ALLOWED
    return Denied("L’enseignant ou le bureau des entreprises la note.")
