"""Logos and seals that stand on agreements: taken in, kept, named by papers, drawn.

A picture that people send is made again as a PNG by `core.pictures` (S-27): what is kept was never written by someone else. Its
file is neither changed nor taken away when another replaces it: papers already issued name it by its SHA-256.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from conventions.enums import EmblemKind
from conventions.models import Emblem
from core import audit, pictures
from documents import services
from partners.models import Partner
from schools.models import School


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An emblem as an issued paper names it. `of`: "school" or "partner"."""

    of: str
    file: str
    sha256: str
    width: int
    height: int
    alt: str


def read(content: bytes, name: str) -> pictures.Reread:
    """The picture made again. Raises ValidationError with what to do: too heavy, SVG, not a picture."""
    try:
        return pictures.reread(content, name)
    except pictures.Unreadable as refusal:
        raise ValidationError(str(refusal)) from None


def of(school: School, partner: Partner | None) -> dict[str, Emblem]:
    """The emblems of the school itself (no partner) or of one of its partners, by kind."""
    rows = Emblem.objects.in_school(school).filter(partner=partner)
    return {emblem.kind: emblem for emblem in rows}


def of_both(school: School, partner: Partner | None) -> list[Emblem]:
    """The emblems of the school itself, then those of a partner; one query."""
    whose = Q(partner=None) if partner is None else Q(partner=None) | Q(partner=partner)
    return list(Emblem.objects.in_school(school).filter(whose).order_by("partner", "kind"))


@transaction.atomic
def put(school: School, partner: Partner | None, kind: EmblemKind, picture: pictures.Reread, *, by: Any) -> Emblem:
    """Keep a picture as the logo or the seal; it takes the place of the former."""
    services.hold_numbers(school)  # two people at once: the second one's stays
    emblem = of(school, partner).get(kind) or Emblem(school=school, partner=partner, kind=kind, created_by=by)
    emblem.file.save("", ContentFile(picture.content), save=False)
    emblem.width, emblem.height = picture.width, picture.height
    emblem.updated_by = by
    emblem.version += 0 if emblem._state.adding else 1
    emblem.save()
    audit.record("conventions.emblem_put", emblem, by=by, kind=kind.value)
    return emblem


@transaction.atomic
def remove(emblem: Emblem, *, by: Any) -> None:
    """Stop printing a picture. Its file stays for the papers that name it."""
    audit.record("conventions.emblem_removed", emblem, by=by, kind=emblem.kind)
    emblem.delete()


def alt_of(emblem: Emblem) -> str:
    """« Logo de Menuiserie Boisclair »."""
    return f"{emblem.get_kind_display()} : {emblem.partner or emblem.school}"


def pictures_of(school: School, partner: Partner | None, kind: EmblemKind) -> tuple[Picture, ...]:
    """The school's and the partner's picture of a kind, as a paper names them; those whose file is lost are left out."""
    found = []
    rows = {emblem.partner_id: emblem for emblem in of_both(school, partner) if emblem.kind == kind}
    for owner, whose in ((None, "school"), (partner, "partner")):
        emblem = rows.get(owner.pk if owner else None)
        if emblem is None or (owner is None and whose == "partner"):
            continue
        name = emblem.file.name or ""
        if not name or not default_storage.exists(name):
            continue
        with default_storage.open(name) as file:
            sha256 = hashlib.sha256(file.read()).hexdigest()
        emblem.school, emblem.partner = school, owner
        found.append(
            Picture(
                of=whose,
                file=name,
                sha256=sha256,
                width=emblem.width,
                height=emblem.height,
                alt=alt_of(emblem),
            )
        )
    return tuple(found)


def data_url(picture: Picture) -> str | None:
    """The picture itself, for a PDF; None when its file is lost or is no longer the one that the paper names."""
    if not picture.file.startswith("emblems/") or not default_storage.exists(picture.file):
        return None
    with default_storage.open(picture.file) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        return None
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
