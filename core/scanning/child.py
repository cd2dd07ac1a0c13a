"""The process that opens photographs and PDFs: `python -m core.scanning.child REQUEST`, and dies alone.

It tells how many pages the PDF has that it made, and the PDF.
"""

import io
import json
import sys
import zlib
from dataclasses import dataclass
from typing import Any

from core import child
from core.scanning import limits as said
from core.scanning.limits import HEIC, JPEG, PDF, Limits, Unreadable

A4 = (595.28, 841.89)  # points
HEADER = 1024
MOST_OF_A_PIXEL = 8  # bytes: four colours of sixteen bits
SLACK = 1024 * 1024
MOST_OF_A_JPEG = 64 * 1024 * 1024
ACTIVE = ("/AA", "/OpenAction", "/JS", "/AF", "/Metadata", "/PieceInfo", "/EF", "/Alternates", "/OPI", "/Ref")
ELSEWHERE = ("/F", "/FFilter", "/FDecodeParms")
"""Of a stream: its bytes are in another file, or behind an address."""
INFLATED = frozenset({"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"})
KEPT_OF_A_PAGE = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group", "/Parent"})  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A JPEG of our own making."""

    jpeg: bytes
    width: int
    height: int
    is_grey: bool


def picture(path: str, name: str, kind: str, limits: Limits) -> Picture:
    """A photograph as a JPEG without metadata, upright and no larger than is worth printing. Raises Unreadable."""
    from PIL import Image, ImageOps  # noqa: PLC0415  parsers are imported under the limits

    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked below, before any pixel is decoded
    if kind == HEIC:
        import pi_heif  # noqa: PLC0415

        pi_heif.register_heif_opener(thumbnails=False)
    with Image.open(
        path, formats=["HEIF"] if kind == HEIC else [kind.upper()] + (["MPO"] if kind == JPEG else [])
    ) as opened:
        if opened.width * opened.height > limits.pixels or min(opened.size) < 1:
            raise Unreadable(said.bomb(name))
        if kind == JPEG:
            opened.draft(
                "RGB", (limits.side, limits.side)
            )  # decoded at a fraction of its size: a twentieth of the memory
        upright: Any = opened
        upright.thumbnail((limits.side, limits.side))
        upright = ImageOps.exif_transpose(upright)
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            layer = upright.convert("RGBA")
            upright = Image.new("RGB", layer.size, "white")
            upright.paste(layer, mask=layer.getchannel("A"))
        plain = Image.new("L" if upright.mode in ("1", "L") else "RGB", upright.size)
        plain.paste(upright.convert(plain.mode))  # pixels alone: what the camera wrote beside them stays behind
    into = io.BytesIO()
    plain.save(into, "JPEG", quality=limits.quality, optimize=True)
    return Picture(into.getvalue(), plain.width, plain.height, plain.mode == "L")


def add_picture(pdf: Any, shot: Picture) -> None:
    """A page of A4, upright or lying as the picture is, which it fills as far as its shape allows."""
    import pikepdf  # noqa: PLC0415

    width, height = shot.width, shot.height
    page_width, page_height = A4 if height >= width else A4[::-1]
    scale = min(page_width / width, page_height / height)
    drawn = (width * scale, height * scale)
    image = pikepdf.Stream(pdf, shot.jpeg)
    image.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if shot.is_grey else pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    left, bottom = (page_width - drawn[0]) / 2, (page_height - drawn[1]) / 2
    content = f"q {drawn[0]:.2f} 0 0 {drawn[1]:.2f} {left:.2f} {bottom:.2f} cm /P Do Q".encode()
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, page_width, page_height],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=pdf.make_indirect(image))),
        Contents=pdf.make_stream(content),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def add_pages(pdf: Any, path: str, name: str, limits: Limits) -> None:
    """The pages of a PDF and nothing else of it: no script, form, link, attachment or metadata. Raises Unreadable."""
    import pikepdf  # noqa: PLC0415

    try:
        source = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise Unreadable(said.protected(name)) from None
    with source:
        if source.is_encrypted:
            raise Unreadable(said.protected(name))
        if not len(source.pages):
            raise Unreadable(said.without_pages(name))
        if len(pdf.pages) + len(source.pages) > limits.pages:
            raise Unreadable(said.too_many(limits))
        refuse_bombs(source, name, limits)
        if "/AcroForm" in source.Root:
            source.generate_appearance_streams()
        source.flatten_annotations("all")  # a signature drawn on a tablet is an annotation: it becomes ink of the page
        for page in source.pages:
            for key in set(page.obj.keys()) - KEPT_OF_A_PAGE:
                del page.obj[key]
        pdf.pages.extend(source.pages)


def filters_of(stream: Any) -> list[str]:
    """The names of a stream's filters, in the order they are undone: one name or a list of them, as the file says it."""
    import pikepdf  # noqa: PLC0415

    said = stream.get("/Filter")
    if said is None:
        return []
    return [str(one) for one in said] if isinstance(said, pikepdf.Array) else [str(said)]


def refuse_bombs(source: Any, name: str, limits: Limits) -> None:
    """What a PDF holds is bounded once unpacked: its pictures as those sent alone, the rest together. Raises Unreadable."""
    import pikepdf  # noqa: PLC0415

    together = 0
    for thing in source.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        pixels = 0
        if is_picture := thing.get("/Subtype") == "/Image":
            pixels = int(thing.get("/Width", 0)) * int(thing.get("/Height", 0))
            if pixels > limits.pixels:
                raise Unreadable(said.bomb(name))
        filters = filters_of(thing)
        if not filters or not set(filters) <= INFLATED:
            continue
        inflated = len(thing.read_bytes())  # beyond the memory of this process, it ends here
        if is_picture:
            if inflated > pixels * MOST_OF_A_PIXEL + SLACK:
                raise Unreadable(said.bomb(name))
        else:
            together += inflated
            if together > limits.inflated:
                raise Unreadable(said.too_heavy(name))


def unpacked_jpeg(stream: Any) -> bytes | None:
    """The JPEG of a stream, whether packed once more or not; None for another stream, or one that cannot be unpacked."""
    filters = filters_of(stream)
    if not filters or filters[-1] != "/DCTDecode" or not set(filters[:-1]) <= {"/FlateDecode"}:
        return None
    raw = bytes(stream.read_raw_bytes())
    for _ in filters[:-1]:
        unpacking = zlib.decompressobj()
        raw = unpacking.decompress(raw, MOST_OF_A_JPEG)
        if unpacking.unconsumed_tail:
            raise Unreadable(said.bomb(""))
    return raw if raw[:2] == b"\xff\xd8" else None


def without_metadata(jpeg: bytes) -> bytes:
    """A JPEG without its EXIF, comments and the like: its APP1 to APP13, APP15 and COM segments are left out."""
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept += jpeg[at : at + 2 + length]
        at += 2 + length
    return bytes(kept + jpeg[at:])


def strip(pdf: Any) -> None:
    """What acts or tells on anybody, wherever it hides in the pages kept."""
    import pikepdf  # noqa: PLC0415

    for thing in pdf.objects:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        for key in ACTIVE:
            if key in thing:
                del thing[key]
        if not isinstance(thing, pikepdf.Stream):
            continue
        for key in ELSEWHERE:
            if key in thing:
                del thing[key]
        raw = unpacked_jpeg(thing)
        if raw is not None and (clean := without_metadata(raw)) != raw:
            thing.write(clean, filter=pikepdf.Name.DCTDecode)  # DCTDecode has no parameters worth keeping


def answer(request: dict[str, Any]) -> tuple[bytes, int]:
    limits = Limits(**request["limits"])
    child.bound(memory=limits.memory, processor=limits.processor)
    import pikepdf  # noqa: PLC0415

    pdf = pikepdf.new()
    for file in request["files"]:
        path, name = file["path"], file["name"]
        try:
            with open(path, "rb") as opened:
                kind = said.check_start(name, opened.read(HEADER))
            if kind == PDF:
                add_pages(pdf, path, name, limits)
            else:
                add_picture(pdf, picture(path, name, kind, limits))
            if len(pdf.pages) > limits.pages:
                raise Unreadable(said.too_many(limits))
        except (
            Unreadable,
            MemoryError,
            RecursionError,
            ImportError,
        ):  # a parser that finds no room to load is no damaged file
            raise
        except Exception as error:  # whatever a parser raises on a file that it does not understand
            sys.stderr.write(type(error).__name__ + "\n")  # the class only: a message may quote the file (S-28)
            raise Unreadable(said.damaged(name)) from None
    pdf.remove_unreferenced_resources()
    strip(pdf)
    into = io.BytesIO()
    pdf.save(into, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return into.getvalue(), len(pdf.pages)


def main() -> None:
    try:
        pdf, pages = answer(json.loads(sys.argv[1]))
    except Unreadable as refusal:
        child.refuse(str(refusal))
    except (MemoryError, RecursionError, ImportError):
        child.refuse(said.too_heavy(""))
    except Exception as error:  # pages that cannot be written again
        sys.stderr.write(type(error).__name__ + "\n")
        child.refuse(said.damaged(""))
    else:
        child.tell({"pages": pages}, pdf)


if __name__ == "__main__":
    main()
