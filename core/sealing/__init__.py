"""Sealing files: a certificate of the installation or of a school, a signature that covers the whole file, a time if asked.

A seal says that a file has not changed since the platform made it; it is no person's signature. It is a PAdES signature of
level B-B, B-T when a timestamp service answers, B-LT when the roots of that service are known too (README, « Seals »). The
field is invisible, keeps the file PDF/A-3a and PDF/UA-1, and certifies it: nothing may be added afterwards.

pyHanko takes most of a second to load: it comes with the first seal, so that web pages do not wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.sealing.certificates import Certificate


class Level(StrEnum):
    """What a seal carries, as the European standard (ETSI EN 319 142-1) names it."""

    BASIC = "B-B"  # the certificate, and the time of our own clock
    TIMED = "B-T"  # and the time of a timestamp service
    LONG = "B-LT"  # and what it takes to check that time years later


class Timestamp(StrEnum):
    """Whether a seal has the time of a timestamp service."""

    NONE = "sans"  # this installation asks no service
    GIVEN = "obtenu"
    WAITING = "en attente"  # the service did not answer, or answered nonsense: asked again at night


@dataclass(frozen=True)
class Sealed:
    """A sealed file, and what its seal carries."""

    file: bytes
    level: Level
    timestamp: Timestamp
    fingerprint: str  # SHA-256 of the certificate


@dataclass(frozen=True)
class Reading:
    """What a seal says of a file: `is_whole` when every byte is covered, unchanged, and sealed by a known certificate."""

    is_intact: bool
    is_trusted: bool
    covers_all: bool
    timed_at: datetime | None = None
    trouble: str = ""  # for logs and operators, in a few words

    @property
    def is_whole(self) -> bool:
        return self.is_intact and self.is_trusted and self.covers_all


@cache
def _engine(name: str) -> Any:
    return import_module(f"core.sealing.{name}")


def apart(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call what starts an event loop of its own, as pyHanko does: in a thread beside when a loop runs in this one already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return function(*args, **kwargs)
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(function, *args, **kwargs).result()


def seal(file: bytes, *, certificate: Certificate, reason: str, place: str) -> Sealed:
    """Seal a PDF file. Never fails for the timestamp service: without its answer the seal says WAITING.

    `reason` and `place` are written in the signature, for readers of PDF. Raises ValueError when the file is not a PDF that
    can be sealed, or is sealed already.
    """
    sealed: Sealed = apart(_engine("signing").seal, file, certificate=certificate, reason=reason, place=place)
    return sealed


def read(file: bytes, *, known: Iterable[bytes], at: datetime) -> Reading:
    """Check the seal of a file, as it was `at` the moment it was made. `known`: the certificates that we trust, as DER."""
    reading: Reading = apart(_engine("validating").read, file, known=known, at=at)
    return reading
