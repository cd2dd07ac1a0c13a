"""What is accepted as a logo or a seal, and what is said of the rest. No Django here: the child process imports it too."""

from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024
NOT_A_PICTURE = "Ce fichier n’est pas une image PNG ou JPEG lisible. Enregistrez l’image en PNG, puis recommencez."
VECTOR = (
    "Les dessins SVG ne sont pas acceptés : ils peuvent cacher du code. Enregistrez l’image en PNG, puis recommencez."
)
TOO_SMALL = "L’image est trop petite pour être imprimée : il lui faut au moins 16 points de côté."
TOO_LONG = "L’image est trop étirée : son grand côté dépasse vingt fois le petit. Recadrez-la, puis recommencez."
TOO_LARGE = "L’image a trop de points. Réduisez-la à 800 points de large, puis recommencez."
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
EXTENSIONS = (".png", ".jpg", ".jpeg")


class Unreadable(Exception):
    """The picture is not kept; the French sentence says why and what to do."""


@dataclass(frozen=True)
class Limits:
    """Bounds checked before or while the file is read. Sizes in bytes, times in seconds."""

    size: int = 5 * MB
    pixels: int = 24_000_000  # before a pixel is decoded
    least: int = 16
    ratio: int = 20
    side: int = 800  # pixels of the longest side that is kept
    jpeg: bool = False  # made again as a JPEG: a photograph is ten times lighter so, and has no transparency
    memory: int = 1024 * MB
    processor: int = 10
    wall: int = 20


LOGO = Limits()
PHOTO = Limits(size=15 * MB, pixels=64_000_000, side=1600, jpeg=True)


def check(content: bytes, name: str, limits: Limits) -> None:
    """What can be said before the file is parsed: size, name, first bytes. Raises Unreadable."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    extension = Path(name).suffix.lower()
    if extension == ".svg" or start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in start:
        raise Unreadable(VECTOR)
    if len(content) > limits.size:
        raise Unreadable(f"L’image dépasse {limits.size // MB} Mo. Enregistrez-la plus petite, puis recommencez.")
    if extension not in EXTENSIONS or not content.startswith(STARTS):
        raise Unreadable(NOT_A_PICTURE)
