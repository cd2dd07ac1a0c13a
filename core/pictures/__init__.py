"""A logo, a seal or a photograph that people send, made again as ours: `reread(content, name)`. Opened in a child process (S-27)."""

import tempfile
from dataclasses import asdict, dataclass

from core import child
from core.pictures.limits import LOGO, NOT_A_PICTURE, PHOTO, Limits, Unreadable, check

__all__ = ["LOGO", "PHOTO", "Limits", "Reread", "Unreadable", "reread"]


@dataclass(frozen=True)
class Reread:
    """A picture made again, without anything that was written beside its pixels."""

    content: bytes
    width: int
    height: int


def reread(content: bytes, name: str, limits: Limits = LOGO) -> Reread:
    """The same picture as a PNG, its transparency kept, or as a JPEG; no longer than the limits say.

    Raises Unreadable with a French sentence: too heavy, SVG, not a picture, out of proportion.
    """
    check(content, name, limits)
    with tempfile.NamedTemporaryFile(prefix="picture-") as file:
        file.write(content)
        file.flush()
        request = {"path": file.name, "limits": asdict(limits)}
        try:
            told, made = child.ask_for_file("core.pictures.child", request, wall=limits.wall)
        except child.Refused as refusal:
            raise Unreadable(str(refusal)) from None
        except child.Died:
            raise Unreadable(NOT_A_PICTURE) from None
    return Reread(made, told["width"], told["height"])
