"""Text made comparable: what a search sees when accents, case and punctuation do not matter."""

import re
import unicodedata

_OTHER = re.compile(r"[^0-9a-z]+")
_ABROAD = re.compile(r"(?:\+|\b00)33[\s.(]*0?\)?")
SPOKEN = 6
"""Digits from which groups written apart are one number: a phone, a SIREN, a SIRET."""


def searchable(*parts: str, limit: int = 400) -> str:
    """`("Énergies Soleil-Haut", "Laon")` → `"energies soleil haut laon"`, at most `limit` characters."""
    joined = " ".join(part for part in parts if part)
    joined = joined.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae").replace("’", " ")
    plain = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub(" ", plain).strip()[:limit]


def digits(text: str) -> str:
    """`"02 61 91 69 30"` → `"0261916930"`."""
    return "".join(character for character in text if character.isdigit())


def dialled(phone: str) -> str:
    """A number as a telephone takes it: `"+33 3 23 00"` → `"+332300"`."""
    return ("+" if phone.strip().startswith("+") else "") + digits(phone)


def search_words(text: str, *, most: int = 8) -> list[str]:
    """The words that a search looks for: comparable, and a number written in groups as one.

    `"Énergies 02 61 91 69 30"` → `["energies", "261916930"]`: without its first zero, so that "+33 2 61…" is found by it too.
    """
    words: list[str] = []
    group: list[str] = []
    for word in [*searchable(_ABROAD.sub("0", text[:400])).split(), ""]:
        if word.isdigit():
            group.append(word)
            continue
        number = "".join(group)
        words += [number.lstrip("0") or number] if len(number) >= SPOKEN else group
        group = []
        words += [word] if word else []
    return words[:most]


def is_number(text: str) -> bool:
    """True for a text that is one phone number or SIRET and nothing else."""
    words = search_words(text)
    return len(words) == 1 and words[0].isdigit() and len(words[0]) >= 9
