"""Secrets of personal links (S-18): drawn, kept as a fingerprint only; and how an address is told to whoever knows it already."""

import hashlib
import secrets
from typing import Final

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""What nobody confuses when a link is typed from a sheet of paper."""
LENGTH: Final = 28
"""Characters of a token: 138 random bits."""


def fresh() -> str:
    """A token that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def hashed(token: str) -> str:
    """What is kept of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def short(text: str) -> str:
    """A fingerprint for the keys of messages: an address, even somebody's, does not stand in a key."""
    return hashed(text)[:32]


def masked(address: str) -> str:
    """`marie.durand@exemple.fr` → `m…@e….fr`: enough to know one's own mailbox, too little to learn somebody's."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        return "…"
    name, _, ending = domain.rpartition(".")
    return f"{local[0]}…@{(name or ending)[0]}…" + (f".{ending}" if name else "")
