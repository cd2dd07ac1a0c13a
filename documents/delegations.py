"""Who signs in the box of the head of the school: the head, and the deputies whose delegation holds that day.

A delegation is an act of the head (code de l'éducation, R421-13: the head may delegate their signature to each deputy):
it gives one person the head's signature for a time, and no role nor right besides.
"""

from dataclasses import dataclass
from datetime import date

from core.text import searchable
from core.verdict import ALLOWED, Denied, Verdict
from documents.models import Delegation, Signature
from schools.enums import Role
from schools.models import Membership, School
from schools.permissions import is_own_only
from schools.roles import PERMISSIONS, Permission

CAPACITY = "par délégation du chef d’établissement, {act}"
NOT_THE_HEAD = "La direction signe ici, ou une personne à qui elle a donné délégation."
ROLES = [role for role in Role if Permission.VIEW_DOCUMENTS in PERMISSIONS[role]]
"""Who may be given a delegation: those who can open the papers."""


@dataclass(frozen=True)
class Standing:
    """In whose name a member signs for the school that day: the delegation that makes them a deputy, None for the head."""

    may: Verdict
    membership: Membership
    delegation: Delegation | None = None

    @property
    def capacity(self) -> str:
        """What the paper says besides the name, "" for the head."""
        return CAPACITY.format(act=" ".join(self.delegation.act.split())) if self.delegation else ""

    def name_on(self, signature: Signature) -> str:
        """The name to write: as the paper spells it when it is the same person."""
        own = self.membership.full_name
        return signature.name if same_person(signature.name, own) else own

    def remark_on(self, signature: Signature) -> str:
        """What the proof adds when the paper names another head than who signs it in that quality; "" otherwise."""
        if self.delegation or not signature.name or same_person(signature.name, self.membership.full_name):
            return ""
        return f"Le document nomme {signature.name} ; {self.membership.full_name} le signe au titre de la direction."


def same_person(first: str, second: str) -> bool:
    """Do two names hold the same words, whatever their order, case and accents?"""
    words = sorted(searchable(first).split())
    return bool(words) and words == sorted(searchable(second).split())


def head_of(school: School) -> Membership | None:
    """The colleague who is the head of the school: the one that the school names, else the first of the direction."""
    heads = list(Membership.objects.in_school(school).filter(role=Role.HEAD, is_active=True).order_by("pk"))
    return next((one for one in heads if same_person(school.head_name, one.full_name)), heads[0] if heads else None)


def holding(membership: Membership, today: date) -> Delegation | None:
    """The delegation of a member that holds today, the latest one; None without any."""
    rows = Delegation.objects.in_school(membership.school_id).filter(membership=membership)
    return rows.on(today).order_by("-since", "-pk").first()


def standing(membership: Membership, today: date) -> Standing:
    """May this member sign in the head's box today, and in whose name?

    A member of the management who is not the named head signs by delegation when they have one, and as the head otherwise:
    a head who has just arrived signs what was issued under the former one's name.
    """
    if not membership.is_active or membership.role_enum not in ROLES:
        return Standing(Denied(NOT_THE_HEAD), membership)
    if membership.role_enum == Role.HEAD and same_person(membership.school.head_name, membership.full_name):
        return Standing(ALLOWED, membership)
    delegation = holding(membership, today)
    if delegation is None and membership.role_enum != Role.HEAD:
        return Standing(Denied(NOT_THE_HEAD), membership)
    return Standing(ALLOWED, membership, delegation)


def problem_of(member: Membership) -> str:
    """Why this member cannot be given a delegation, "" when they can: whoever signs must be able to open every paper."""
    if member.role_enum not in ROLES or is_own_only(member):
        return (
            f"{member.full_name} ne voit pas tous les documents du lycée avec le rôle « {member.role_enum.label} ». "
            "Changez son rôle, ou choisissez une autre personne."
        )
    if not member.is_active:
        return f"L’accès de {member.full_name} est fermé. Ouvrez-le d’abord, ou choisissez une autre personne."
    return ""
