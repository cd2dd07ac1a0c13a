"""An answer that carries its reason: what a page shows beside a greyed button, what a refusal says."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Verdict:
    """Truthy when allowed; `reason` is a French sentence when it is not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def Denied(reason: str) -> Verdict:  # noqa: N802  reads like the class it stands for
    """A refusal and the sentence that explains it."""
    return Verdict(False, reason)


def demand(verdict: Verdict) -> None:
    """Go on if allowed, else raise PermissionDenied (403) with the reason."""
    if not verdict:
        raise PermissionDenied(verdict.reason)
