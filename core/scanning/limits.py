"""What is accepted as a scan, and what is said of the rest. No Django here: the child process imports it too."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MB = 1024 * 1024


class Unreadable(Exception):
    """The file is not kept; the French sentence names it and says what to do."""


@dataclass(frozen=True)
class Limits:
    """Bounds checked before or while files are read. Sizes in bytes, times in seconds."""

    size: int = 20 * MB  # of one file
    together: int = 80 * MB  # of all those of a scan
    pages: int = 30
    pixels: int = 210_000_000  # of one picture, before it is decoded: the largest that a telephone takes
    inflated: int = 200 * MB  # what a PDF holds besides its pictures, once unpacked
    side: int = 2400  # pixels of the longest side that is kept: 200 dots an inch on A4
    quality: int = 80
    memory: int = 1536 * MB
    processor: int = 60
    wall: int = 90

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


SCAN = Limits()


@dataclass(frozen=True)
class Sent:
    """A file as it was sent: where it lies here, and the name that people know."""

    path: str
    name: str
    size: int


JPEG, PNG, HEIC, PDF = "jpeg", "png", "heic", "pdf"
KINDS: dict[str, str] = {
    ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".heic": HEIC, ".heif": HEIC, ".pdf": PDF,
}  # fmt: skip
ACCEPTED = tuple(KINDS)
TAKE = "Envoyez une photo (JPEG, PNG, HEIC) ou un PDF."
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")


def shown(name: str) -> str:
    """The name of a file in a sentence: short, without controls nor marks that turn the reading round."""
    plain = "".join(
        c for c in name if c.isprintable() and not "\u202a" <= c <= "\u202e" and not "\u2066" <= c <= "\u2069"
    )
    return f"« {plain if len(plain) <= 60 else plain[:57] + '…'} »" if plain else "Ce fichier"


def extension(name: str) -> str:
    return Path(name).suffix.lower()


def magic(start: bytes) -> str:
    """What the first bytes are: jpeg, png, heic, pdf, web, or "" for anything else."""
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start[4:8] == b"ftyp" and start[8:12] in HEIF_BRANDS:
        return HEIC
    if b"%PDF-" in start[:1024]:
        return PDF
    return "web" if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(WEB) else ""


def too_many(limits: Limits) -> str:
    return f"Cela fait plus de {limits.pages} pages : gardez celles qui portent les signatures."


def check_name_and_size(file: Sent, limits: Limits) -> None:
    """What can be said before a byte is read. Raises Unreadable."""
    name, kind = shown(file.name), extension(file.name)
    if kind in (".svg", ".html", ".htm"):
        raise Unreadable(
            f"{name} n’est pas une numérisation : une page web ou un dessin SVG peut cacher du code. {TAKE}"
        )
    if kind not in KINDS:
        raise Unreadable(f"{name} n’est ni une photo ni un PDF. {TAKE}")
    if file.size == 0:
        raise Unreadable(f"{name} est vide : prenez la photo de nouveau.")
    if file.size > limits.size:
        raise Unreadable(
            f"{name} pèse {-(-file.size // MB)} Mo ; {limits.size // MB} Mo au plus. "
            "Numérisez en gris, à 200 points par pouce, ou envoyez une photo."
        )


def check_start(name: str, start: bytes) -> str:
    """What a file is, from its bytes as much as from its name. Raises Unreadable."""
    found, said = magic(start), KINDS[extension(name)]
    if found == "web":
        raise Unreadable(f"{shown(name)} est une page web ou un dessin SVG sous un autre nom. {TAKE}")
    if not found or (found == PDF) is not (said == PDF):
        raise Unreadable(f"{shown(name)} n’est pas ce que dit son nom ({extension(name)}). {TAKE}")
    return found


def damaged(name: str) -> str:
    return f"{shown(name)} ne s’ouvre pas : prenez la photo ou numérisez de nouveau."


def too_heavy(name: str) -> str:
    return f"{shown(name)} demande trop de place ou de temps pour être lu. Prenez une photo ordinaire de chaque page."


def protected(name: str) -> str:
    return f"{shown(name)} est protégé par un mot de passe : enregistrez-le sans protection, ou envoyez une photo."


def bomb(name: str) -> str:
    return f"{shown(name)} est une image démesurée : elle est refusée. Prenez une photo ordinaire de la page."


def without_pages(name: str) -> str:
    return f"{shown(name)} n’a aucune page."
