"""A cell made plain: what spreadsheets and copy-paste add to a text goes, the text stays."""

import re

from core.spreadsheets import DANGEROUS

# Controls that no database column wants, and marks that turn the direction of a line round without being seen.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LINES = re.compile(r"\r\n?")


def clean(text: str) -> str:
    """Without edge spaces, unseen controls, nor the apostrophe that exports put before a formula's first sign (S-26)."""
    text = _LINES.sub("\n", text)
    text = text.strip().strip("\u00a0\u202f").strip()
    if text.startswith("'") and text[1:].startswith(DANGEROUS):
        text = text[1:]
    return _UNSEEN.sub("", text).strip()
