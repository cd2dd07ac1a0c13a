"""QR codes as pictures that papers and pages hold: vector, black on white, the same bytes for the same text."""

import segno


def picture(text: str) -> str:
    """A `data:` URI of the QR code, with its quiet zone; it stands a stain on paper (error correction M)."""
    uri: str = segno.make(text, error="m", micro=False).svg_data_uri(border=2, omitsize=True, dark="#000", light="#fff")
    return uri
