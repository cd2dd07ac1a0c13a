"""What a report for a word processor is made of, whatever its format: `core.docx` and `core.odt` write the same blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _CONTROL.sub("", text)


def lines(text: str) -> list[str]:
    """The lines of a text that somebody typed: at least one, without what XML cannot hold."""
    return plain(text).splitlines() or [""]


@dataclass(frozen=True)
class Heading:
    """`level` 0 is the title of the whole report, 1 to 3 its parts."""

    text: str
    level: int = 1
    opens_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A text, whose line breaks are kept. `tone`: "", strong, or soft for what is said beside."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A head, repeated on each page, and rows of as many texts. `widths` in centimetres; columns of `numbers` stand right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numbers: frozenset[int] = frozenset()


Block = Heading | Paragraph | Bullets | Table
