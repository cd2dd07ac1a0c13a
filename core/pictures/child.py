"""The process that opens a picture: `python -m core.pictures.child REQUEST`, and dies alone.

It tells the width and the height of the picture that it made, and the picture.
"""

import io
import json
import sys
from typing import Any

from core import child
from core.pictures import limits as said
from core.pictures.limits import Limits, Unreadable


def answer(request: dict[str, Any]) -> tuple[bytes, int, int]:
    limits = Limits(**request["limits"])
    child.bound(memory=limits.memory, processor=limits.processor)
    from PIL import Image, ImageOps  # noqa: PLC0415  parsers are imported under the limits

    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked below, before any pixel is decoded
    with Image.open(request["path"], formats=("PNG", "JPEG", "MPO")) as opened:
        small, large = sorted(opened.size)
        if small * large > limits.pixels:
            raise Unreadable(said.TOO_LARGE)
        if small < limits.least:
            raise Unreadable(said.TOO_SMALL)
        if large > small * limits.ratio:
            raise Unreadable(said.TOO_LONG)
        opened.draft("RGB", (limits.side, limits.side))  # a JPEG is decoded at a fraction of its size
        upright: Any = ImageOps.exif_transpose(opened)
        clear = not limits.jpeg and (upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info)
        upright = upright.convert("RGBA" if clear else "RGB")
    upright.thumbnail((limits.side, limits.side), Image.Resampling.LANCZOS)
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)  # pixels alone: what was written beside them stays behind
    into = io.BytesIO()
    if limits.jpeg:
        plain.save(into, "JPEG", quality=80, optimize=True)
    else:
        plain.save(into, "PNG", optimize=True)
    return into.getvalue(), plain.width, plain.height


def main() -> None:
    try:
        made, width, height = answer(json.loads(sys.argv[1]))
    except Unreadable as refusal:
        child.refuse(str(refusal))
    except Exception as error:  # whatever a parser raises on a file that it does not understand
        sys.stderr.write(type(error).__name__ + "\n")  # the class only: a message may quote the file (S-28)
        child.refuse(said.NOT_A_PICTURE)
    else:
        child.tell({"width": width, "height": height}, made)


if __name__ == "__main__":
    main()
