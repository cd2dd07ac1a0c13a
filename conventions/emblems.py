"""Logos and seals that stand on agreements: taken in (S-27), kept, named by papers, drawn.

A picture that people send is read by Pillow behind limits, then made again as a PNG: what is kept has never been written by
someone else. Its file is never changed nor taken away when another replaces it: papers already issued name it by its SHA-256.
"""

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from conventions.enums import EmblemKind
from conventions.models import Emblem
from core import audit
from partners.models import Partner
from schools.models import School

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 24_000_000  # counted before anything is decoded
LONGEST = 800
FORMATS = ("PNG", "JPEG")
NOT_A_PICTURE = "Ce fichier n’est pas une image PNG ou JPEG lisible. Enregistrez le logo en PNG, puis recommencez."


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An emblem as an issued paper names it. `of`: "school" or "partner"."""

    of: str
    file: str
    sha256: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Reread:
    """A picture made again."""

    png: bytes
    width: int
    height: int


def reread(content: bytes) -> Reread:
    """The same picture as a PNG of ours: at most 800 pixels, transparency kept, nothing else.

    Raises ValidationError with a French sentence: too heavy, too large, SVG, not a picture.
    """
    if len(content) > MAX_BYTES:
        raise ValidationError("L’image dépasse 5 Mo. Enregistrez-la plus petite, puis recommencez.")
    if b"<svg" in content[:4096].lower():
        raise ValidationError("Les images SVG ne sont pas acceptées. Enregistrez le logo en PNG, puis recommencez.")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise ValidationError("L’image a trop de points. Réduisez-la à 800 points de large, puis recommencez.")
            if min(opened.size) < 16:
                raise ValidationError(
                    "L’image est trop petite pour être imprimée : il lui faut au moins 16 points de côté."
                )
            opened.draft("RGB", (LONGEST * 2, LONGEST * 2))  # a JPEG is decoded at the size it needs
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if _is_transparent(picture) else "RGB")
    except ValidationError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ValidationError(NOT_A_PICTURE) from error
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return Reread(out.getvalue(), clean.width, clean.height)


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def of(school: School, partner: Partner | None) -> dict[str, Emblem]:
    """The emblems of the school itself (no partner) or of one of its partners, by kind."""
    rows = Emblem.objects.in_school(school).filter(partner=partner)
    return {emblem.kind: emblem for emblem in rows}


@transaction.atomic
def put(school: School, partner: Partner | None, kind: EmblemKind, content: bytes, *, by: Any) -> Emblem:
    """Keep a picture as the logo or the seal; it takes the place of the former. Raises the errors of ``reread``."""
    picture = reread(content)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two people at once: the second one's stays
    emblem = of(school, partner).get(kind) or Emblem(school=school, partner=partner, kind=kind, created_by=by)
    emblem.file.save("", ContentFile(picture.png), save=False)
    emblem.width, emblem.height = picture.width, picture.height
    emblem.updated_by = by
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
    for owner, whose in ((None, "school"), (partner, "partner")):
        if whose == "partner" and partner is None:
            continue
        emblem = of(school, owner).get(kind)
        if emblem is None or not default_storage.exists(emblem.file.name):
            continue
        with default_storage.open(emblem.file.name) as file:
            sha256 = hashlib.sha256(file.read()).hexdigest()
        emblem.school, emblem.partner = school, owner
        found.append(
            Picture(
                of=whose,
                file=emblem.file.name,
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
