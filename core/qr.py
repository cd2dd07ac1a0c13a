"""QR codes as pictures that papers and pages hold: vector, black on white, the same bytes for the same text."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def picture(text: str) -> str:
    """A `data:` URI of the QR code for a paper, with its quiet zone; it stands a stain (error correction M).

    A page shows `drawn`: its policy lets no `data:` picture through (S-15).
    """
    uri: str = segno.make(text, error="m", micro=False).svg_data_uri(border=2, omitsize=True, dark="#000", light="#fff")
    return uri


def drawn(text: str, label: str) -> SafeString:
    """The QR code as an SVG element of a page, named `label` for who does not see it."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, dark="#000", light="#fff", title=label,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    svg = out.getvalue().decode().strip().replace("<svg ", '<svg role="img" ', 1)
    return mark_safe(svg)
