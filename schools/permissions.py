"""May this person do this here? The table of roles, then one's own pupils."""

from core.verdict import ALLOWED, Denied, Verdict
from schools.models import Membership
from schools.roles import PERMISSIONS, Permission


def allows(membership: Membership | None, permission: Permission) -> Verdict:
    """The table's answer for a member of a school; the refusal names what is refused and who may."""
    if membership and membership.is_active and permission in PERMISSIONS[membership.role_enum]:
        return ALLOWED
    may = [role.label for role, granted in PERMISSIONS.items() if permission in granted]
    return Denied(f"Votre rôle ne permet pas de {permission.value}. Le peuvent : {', '.join(may).lower()}.")
