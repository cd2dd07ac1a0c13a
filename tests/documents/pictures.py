"""Small real files to deposit: photographs, PDFs, and what hides under their names."""

import base64
import io
from typing import Any

import pikepdf
from PIL import Image

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaptZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "AA5waXRtAAAAAAACAAAAEGlkYXQAAAAAAEAAIAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHOAAEAAAAAAAAAHgACAAEAAAAAAAAA"
    "AQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADVaXBycAAA"
    "ALNpcGNvAAAAc2h2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACdCAQED"
    "cAAAAwCQAAADAAADAB6gIIEFlurkprmwIAAAAwAgAAADACEiAAEABkQBwXPAiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlzcGUA"
    "AAAAAAAAQAAAACAAAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGltZwAC"
    "AAEAAQAAACZtZGF0AAAAGigBrxOA+BDhp//8TSj/+rHPD9PMe/OikM+A"
)
"""A photograph of an iPhone's kind: 64 pixels by 32, red. No library here writes this format."""


def jpeg(
    width: int = 640, height: int = 400, *, orientation: int = 0, place: bool = False, colour: str = "red"
) -> bytes:
    """A photograph, with its EXIF: how the camera was held, where it was."""
    image = Image.new("RGB", (width, height), colour)
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    if place:
        exif[0x010F] = "TelephoneDeMarie"
        exif.get_ifd(0x8825)[1] = "N"
    into = io.BytesIO()
    image.save(into, "JPEG", exif=exif)
    return into.getvalue()


def png(width: int = 300, height: int = 400, mode: str = "RGBA") -> bytes:
    into = io.BytesIO()
    Image.new(mode, (width, height)).save(into, "PNG")
    return into.getvalue()


def pdf(pages: int = 1, *, active: bool = False, encryption: Any = None, mark: str = "") -> bytes:
    """A PDF of blank pages; `active`: with a script, an attachment, a link and metadata."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    if active:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('bonjour')"))
        made.Root.OpenAction = made.make_indirect(script)
        made.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        made.attachments["secret.txt"] = b"piece jointe cachee"
        made.pages[0].obj.Annots = pikepdf.Array(
            [
                made.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Link,
                        Rect=[0, 0, 10, 10],
                        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://piege.example/")),
                    )
                )
            ]
        )
    if mark:
        with made.open_metadata() as metadata:
            metadata["dc:creator"] = [mark]
        made.docinfo["/Author"] = mark
    into = io.BytesIO()
    made.save(into, **({"encryption": encryption} if encryption else {}))
    return into.getvalue()
