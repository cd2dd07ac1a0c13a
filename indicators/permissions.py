"""Who reads the figures, and the rows behind them."""

from core.verdict import Denied, Verdict
from schools.enums import Role
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission


def may_read(membership: Membership) -> Verdict:
    """Read the figures of the school."""
    return allows(membership, Permission.VIEW_INDICATORS)


def may_ask(membership: Membership) -> Verdict:
    """Recompute, or have the yearly report made."""
    return allows(membership, Permission.RUN_INDICATORS)


def may_comment(membership: Membership) -> Verdict:
    """Say beside a figure what explains it: those who answer for it."""
    return allows(membership, Permission.RUN_INDICATORS)


def may_see_rows(membership: Membership) -> Verdict:
    """The list behind a number: for those who may read everything it can hold (C-18, S-05)."""
    if sees_counts_only(membership):
        return Denied("Votre rôle lit les totaux, sans les listes qui les composent.")
    return may_read(membership)


def sees_counts_only(membership: Membership) -> bool:
    """Small counts are hidden from this role (C-17, P-20)."""
    return membership.role_enum is Role.READER


def may_read_steering(membership: Membership) -> Verdict:
    """Targets, decisions, answers and evidence: what colleagues wrote, with names; not for who reads counts only."""
    if sees_counts_only(membership):
        return Denied("Votre rôle lit les totaux, sans ce que les équipes en écrivent.")
    return may_read(membership)


def may_steer(membership: Membership) -> Verdict:
    """Set targets, decide, answer the sheet's questions, add evidence, have the quality file made."""
    return allows(membership, Permission.RUN_INDICATORS)
