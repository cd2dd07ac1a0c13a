"""Corrections of an agreement and of what it promises, and what they do to its paper (R-CONV-10).

While the paper waits for signatures, a change of what it says makes a new edition; once all have signed, an avenant that
names what changed, and the agreement stays signed. Changes that nothing printed says make nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conventions import commitments, life, papers
from conventions.documents import Change
from conventions.models import Agreement, Commitment, listed
from core import french
from core.errors import StaleEdit
from documents import circuit
from documents.models import Document
from schools.services import change_record, create_record, remove_record


def _bars(value: str) -> str:
    return ", ".join(listed(value))


def _yes(value: bool | None) -> str:
    return "oui" if value else ""


def _counted(noun: str) -> Callable[[int | None], str]:
    return lambda value: french.plural(value, noun, noun) if value else ""


WORDS: dict[str, Callable[[Any], str]] = {
    "title": str,
    "partner": str,
    "purpose": str,
    "axes": _bars,
    "publics": _bars,
    "action_types": lambda value: ", ".join(commitments.action_labels(value)),
    "follow_up": str,
    "start_date": french.day,
    "end_date": french.day,
    "tacit_renewal": _yes,
    "renewal_months": _counted("mois"),
    "notice_days": lambda value: french.plural(value, "jour") if value else "",
}
"""What an avenant says of each field of an agreement, as people read it."""

PRINTED_BESIDE = ("contact", "referent", "parent", "board_vote_date")
"""Also printed: changed before the last signature, they make a new edition; afterwards the signed text stands as it is."""


def changes_between(before: Agreement, after: Agreement) -> list[Change]:
    """What an avenant would name."""
    found = []
    for name, words in WORDS.items():
        old, new = (words(value) if (value := getattr(one, name)) is not None else "" for one in (before, after))
        if old != new:
            label = str(Agreement._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Change(label=label[:1].upper() + label[1:], before=old or "rien", after=new or "rien"))
    return found


@transaction.atomic
def correct(agreement: Agreement, *, version: int, changed: list[str], by: Any, now: datetime) -> Document | None:
    """Save a correction; returns the new edition or the avenant that it made, if any.

    Raises StaleEdit when someone saved in between, ValidationError when the new paper cannot be issued.
    """
    life.hold_paper(agreement)
    before = Agreement.objects.in_school(agreement.school_id).filter(pk=agreement.pk).select_related("partner").first()
    if before is None or before.version != version:
        raise StaleEdit(before)
    beside = any(_raw(before, name) != _raw(agreement, name) for name in PRINTED_BESIDE)
    changes = changes_between(before, agreement)
    change_record(agreement, version=version, by=by, changed=changed)
    return reissue(agreement, changes, beside=beside, by=by, now=now)


def _raw(agreement: Agreement, name: str) -> Any:
    return getattr(agreement, Agreement._meta.get_field(name).attname)  # type: ignore[union-attr]


def reissue(
    agreement: Agreement, changes: Sequence[Change], *, by: Any, now: datetime, beside: bool = False
) -> Document | None:
    """The paper that a change makes: a new edition while signatures are awaited, an avenant afterwards; None for neither.

    An avenant that still waits is replaced by one that names both changes.
    """
    paper, waiting = life.papers_of(agreement)
    state = life.paper_state(paper)
    if paper is None or state not in ("out", "complete") or not (changes or beside):
        return None
    if state == "out":
        return papers.issue_agreement(agreement, by=by, now=now, replaces=paper)
    if not changes:
        return None
    if waiting is not None and waiting.completed_at is None:
        former = [Change(**one) for one in waiting.changes]
        changes = merged([*former, *changes])
        circuit.void(waiting, by=by, now=now, reason="remplacé par un avenant qui dit aussi le changement suivant")
        if not changes:
            return None
    return papers.issue_avenant(
        agreement, paper, changes=changes, effective_date=timezone.localdate(now), by=by, now=now
    )


def merged(changes: Sequence[Change]) -> list[Change]:
    """One line a label: the first « before », the last « after »; what came back to its beginning is not a change."""
    found: dict[str, Change] = {}
    for one in changes:
        first = found.get(one.label)
        found[one.label] = Change(label=one.label, before=first.before if first else one.before, after=one.after)
    return [one for one in found.values() if one.before != one.after]


# --------------------------------------------------------------------------------------------------------- commitments


def promised(commitment: Commitment) -> str:
    """« Le partenaire : 6 visites, avant le 30 juin 2027 »."""
    feed = commitments.feed_of(commitment.kind)
    noun = feed.noun_of(commitment.action_type) if feed else commitments.BY_HAND
    due = f", avant le {french.day(commitment.due_date)}" if commitment.due_date else ""
    return f"{commitment.get_side_display()} : {noun.counted(commitment.target)}{due}"


def _line(label: str, before: str, after: str) -> list[Change]:
    return (
        [Change(label=f"Engagement « {label} »", before=before or "rien", after=after or "rien")]
        if before != after
        else []
    )


@transaction.atomic
def add_commitment(commitment: Commitment, *, by: Any, now: datetime, key: UUID | None = None) -> Document | None:
    """One line more; returns the paper that it made, if any."""
    life.hold_paper(commitment.agreement)
    _, created = create_record(commitment, by=by, key=key)
    if not created:
        return None
    changes = _line(commitment.label, "", promised(commitment))
    return reissue(commitment.agreement, changes, by=by, now=now)


@transaction.atomic
def change_commitment(
    commitment: Commitment, *, version: int, changed: list[str], by: Any, now: datetime
) -> Document | None:
    """A line corrected; what is only counted or noted makes no paper. Raises StaleEdit."""
    life.hold_paper(commitment.agreement)
    before = Commitment.objects.in_school(commitment.school_id).filter(pk=commitment.pk).first()
    if before is None or before.version != version:
        raise StaleEdit(before)
    change_record(commitment, version=version, by=by, changed=changed)
    changes = _line(before.label, promised(before), promised(commitment))
    if before.label != commitment.label or before.axis != commitment.axis:
        changes = _line(
            before.label,
            f"{before.label}, {before.axis} ; {promised(before)}",
            f"{commitment.label}, {commitment.axis} ; {promised(commitment)}",
        )
    return reissue(commitment.agreement, changes, by=by, now=now)


@transaction.atomic
def remove_commitment(commitment: Commitment, *, by: Any, now: datetime) -> Document | None:
    """A line taken off; returns the paper that it made, if any."""
    agreement, changes = commitment.agreement, _line(commitment.label, promised(commitment), "")
    life.hold_paper(agreement)
    remove_record(commitment, by=by)
    return reissue(agreement, changes, by=by, now=now)


def said(paper: Document | None) -> str:
    """What the message adds when a correction made a paper."""
    if paper is None:
        return ""
    if paper.amends_id is not None:
        return f" L’avenant {paper.number} est édité : il attend les signatures."
    return f" La version {paper.edition} de {paper.number} remplace l’ancienne : tous la signent de nouveau."


WARNINGS = {
    "out": "Le document édité attend des signatures. Changer ce qu’il dit fait une nouvelle version : les signatures déjà données "
    "tombent, et tous signent de nouveau.",
    "complete": "La convention est signée de tous. Changer ce qu’elle dit fait un avenant, que les mêmes signent ; la convention "
    "reste signée.",
}
"""What a form says before saving, by the state of the paper."""
