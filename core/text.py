"""Text made comparable: what a search sees when accents, case and punctuation do not matter."""

import re
import unicodedata

_OTHER = re.compile(r"[^0-9a-z]+")


def searchable(*parts: str, limit: int = 400) -> str:
    """`("Énergies Soleil-Haut", "Laon")` → `"energies soleil haut laon"`, at most `limit` characters."""
    joined = " ".join(part for part in parts if part)
    joined = joined.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    plain = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub(" ", plain).strip()[:limit]


def digits(text: str) -> str:
    """`"02 61 91 69 30"` → `"0261916930"`."""
    return "".join(character for character in text if character.isdigit())
