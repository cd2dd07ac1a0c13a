"""Declining a frame of the catalogue: the lycée's own copy of it (B-25), then a local agreement in project that names it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import capfirst

from conventions import chains
from conventions.catalogue import full_date
from conventions.comparing import plain
from conventions.enums import AgreementLevel, AgreementStage, AgreementState
from conventions.matching import names_of
from conventions.models import Agreement, Frame
from partners.models import Contact, Partner
from schools.models import Membership, School
from schools.services import change_record, create_record

OVER = frozenset({AgreementState.ABANDONED, AgreementState.EXPIRED, AgreementState.TERMINATED})
"""States in which an agreement no longer declines anything."""

FOLLOW_UP = (
    "Un point par trimestre entre le bureau des entreprises et l’interlocuteur du partenaire.\n"
    "Un bilan en fin d’année scolaire, présenté au conseil d’administration."
)


@dataclass(frozen=True)
class Wanted:
    """What the lycée makes of a frame, as its form says it."""

    partner: Partner
    title: str = ""
    purpose: str = ""
    axes: Sequence[str] = ()
    publics: Sequence[str] = ()
    action_types: Sequence[str] = ()
    follow_up: str = ""
    contact: Contact | None = None
    referent: Membership | None = None


def default_title(partner: Partner) -> str:
    return f"Convention de partenariat avec {partner.name}"


@transaction.atomic
def decline(
    frame: Frame, school: School, wanted: Wanted, *, by: Any, key: UUID | None, make_partner: bool = False
) -> tuple[Agreement, bool]:
    """A local agreement in project that declines the frame; `(agreement, True)`, or the one that this form already made.

    The school's copies of the frame, and of the one that this one declines, are made unless they are there. With
    `make_partner`, the partner is new and saved first. Raises ValidationError when something is not right.
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two people at once make one copy
    if key is not None and (made := Agreement.objects.in_school(school).filter(public_id=key).first()):
        made.school = school
        return made, False
    partner = wanted.partner
    if make_partner:
        partner, _ = create_record(partner, by=by)
    parent = copy_of(frame, school, by=by)
    agreement = Agreement(
        school=school,
        level=AgreementLevel.SCHOOL,
        partner=partner,
        parent=parent,
        frame=frame,
        stage=AgreementStage.PROJECT,
        title=wanted.title or default_title(partner),
        purpose=wanted.purpose,
        axes=" | ".join(wanted.axes),
        publics=" | ".join(wanted.publics),
        action_types=list(wanted.action_types),
        follow_up=wanted.follow_up,
        contact=wanted.contact,
        referent=wanted.referent,
    )
    return create_record(agreement, by=by, key=key)


def copy_of(frame: Frame, school: School, *, by: Any) -> Agreement:
    """The school's copy of a frame, under its copy of the one that it declines: found, or made."""
    above = declined_by(frame, Frame.objects.filter(gone_at=None)) if frame.declines else None
    parent = copy_of(above, school, by=by) if above is not None else None
    known = Agreement.objects.in_school(school).filter(level=frame.level)
    copy = known.filter(frame=frame).order_by("pk").first() or _same_title(known.filter(frame=None), frame)
    if copy is not None:
        changed = []
        if copy.frame_id is None:
            copy.frame = frame
            changed.append("frame")
        if copy.parent_id is None and parent is not None and parent.pk != copy.pk:
            copy.parent = parent
            changed.append("parent")
        if changed:
            copy.school = school
            change_record(copy, version=copy.version, by=by, changed=changed)
        return copy
    made = Agreement(
        school=school,
        level=frame.level,
        academy=frame.academy,
        parent=parent,
        frame=frame,
        title=frame.title,
        signatory=frame.partner_name,
        axes=" | ".join(capfirst(theme) for theme in frame.themes),
        publics=" | ".join(frame.publics),
        signed_date=full_date(frame.signed),
        url=frame.source_url,
        follow_up="Repris du catalogue : à confirmer auprès de la source.",
    )
    return create_record(made, by=by)[0]


def _same_title(copies: Any, frame: Frame) -> Agreement | None:
    """A copy that came from a dossier, where nothing links it to the catalogue."""
    wanted = plain(frame.title)
    return next((copy for copy in copies.order_by("pk") if plain(copy.title) == wanted), None)


def declined_by(frame: Frame, frames: Iterable[Frame]) -> Frame | None:
    """The frame of a level above that this one says it declines: its key, or its partner's name; of several, the last before it."""
    said = plain(frame.declines)
    if not said:
        return None
    order = list(AgreementLevel.values)
    above = [one for one in frames if one.pk != frame.pk and order.index(one.level) < order.index(frame.level)]
    if exact := next((one for one in above if one.key == frame.declines), None):
        return exact
    found = [
        one
        for one in above
        if any(re.search(rf"\b{re.escape(name)}\b", said) for name in names_of(one.partner_name, one.acronym))
        and (not frame.signed or one.signed[:7] <= frame.signed[: max(4, len(one.signed[:7]))])
    ]
    return max(found, key=lambda one: (one.signed, one.pk), default=None)


# ------------------------------------------------------------------------------------------------- what is already declined


@dataclass(frozen=True)
class Link:
    """An agreement as `chains` sees it."""

    pk: int
    level: str
    parent: int | None


@dataclass
class Family:
    """The agreements of a school, with their chains: one query."""

    agreements: Mapping[int, Agreement]
    links: Mapping[int, Link] = field(init=False)

    def __post_init__(self) -> None:
        self.links = {pk: Link(pk, one.level, one.parent_id) for pk, one in self.agreements.items()}

    def frames_above(self, agreement: Agreement) -> list[Agreement]:
        """The copies of frames that an agreement declines, nearest first."""
        return [
            self.agreements[link.pk]
            for link in chains.ancestors(self.links[agreement.pk], self.links)
            if link.level != AgreementLevel.SCHOOL
        ]

    def declining(self, today: date) -> dict[int, list[Agreement]]:
        """Key of a frame of the catalogue → the school's agreements that decline it and are not over."""
        found: dict[int, list[Agreement]] = {}
        for one in self.agreements.values():
            if one.level != AgreementLevel.SCHOOL or one.state_on(today) in OVER:
                continue
            keys = {copy.frame_id for copy in self.frames_above(one)} | {one.frame_id}
            for key in keys:
                if key is not None:
                    found.setdefault(key, []).append(one)
        return found


def family_of(school: School) -> Family:
    """All agreements of a school, by title."""
    rows = Agreement.objects.in_school(school).select_related("partner", "frame").order_by("search_text", "pk")
    found = {}
    for row in rows:
        row.school = school
        found[row.pk] = row
    return Family(found)
