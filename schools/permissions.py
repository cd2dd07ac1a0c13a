"""May this person do this here? The table of roles, then one's own pupils."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from core.verdict import ALLOWED, Denied, Verdict
from schools.models import Membership, Schooling, Student
from schools.roles import OWN_ONLY, PERMISSIONS, Permission


def allows(membership: Membership | None, permission: Permission) -> Verdict:
    """The table's answer for a member of a school; the refusal names what is refused and who may."""
    if membership and membership.is_active and permission in PERMISSIONS[membership.role_enum]:
        return ALLOWED
    may = [role.label for role, granted in PERMISSIONS.items() if permission in granted]
    of = "d’" if permission.value[0] in "aeiouéê" else "de "
    return Denied(f"Votre rôle ne permet pas {of}{permission.value}. Le peuvent : {', '.join(may).lower()}.")


_followed: list[Callable[[Membership], Q]] = []


def also_own(condition: Callable[[Membership], Q]) -> None:
    """Let an app above say which other pupils are a teacher's own: pfmp adds those of the placements they follow."""
    _followed.append(condition)


def is_own_only(membership: Membership) -> bool:
    """True when the role sees its own pupils only."""
    return membership.role_enum in OWN_ONLY


def followed_students(membership: Membership) -> QuerySet[Student]:
    """The pupils whom this person follows, read live (S-04)."""
    pupils = Student.objects.in_school(membership.school_id)
    conditions = [condition(membership) for condition in _followed]
    return pupils.filter(reduce(or_, conditions)).distinct() if conditions else pupils.none()


def visible_students(membership: Membership) -> QuerySet[Student]:
    """The pupils whom this person may see: all of the school's, or their own classes' and those they follow (S-05)."""
    pupils = Student.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_STUDENTS):
        return pupils.none()
    if not is_own_only(membership):
        return pupils
    taught = pupils.taught_by(membership)
    return pupils.filter(Q(pk__in=taught.values("pk")) | Q(pk__in=followed_students(membership).values("pk")))


def may_see_contacts(membership: Membership, student: Student) -> Verdict:
    """A pupil's own and guardian's contacts: the office; a teacher for pupils they follow or whose head teacher they are."""
    if verdict := allows(membership, Permission.VIEW_STUDENT_CONTACTS):
        return verdict
    if is_own_only(membership) and (
        followed_students(membership).filter(pk=student.pk).exists()
        or Schooling.objects.in_school(membership.school_id)
        .filter(
            student=student,
            school_class__assignments__membership=membership,
            school_class__assignments__is_head_teacher=True,
        )
        .exists()
    ):
        return ALLOWED
    return verdict
