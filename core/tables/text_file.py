"""CSV and TXT: which encoding, which separator, then the records with their physical line."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from statistics import median

from charset_normalizer import from_bytes

from core.tables.limits import DAMAGED, Limits, Unreadable

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859_15": "ISO-8859-15",
    "mac_roman": "Mac OS",
    "cp850": "MS-DOS",
}
"""Those that people may choose, by Python's name."""

DELIMITERS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
SNIFFED = 64 * 1024
RECORDS = 60

_FRENCH = frozenset("éèêëàâäçîïôöùûüœæÉÈÊËÀÂÇÎÏÔÙÛŒ’‘“”«»–—…•€°²\u00a0")
_EIGHT_BITS = ("cp1252", "iso8859_15", "mac_roman", "cp850")


def encoding_of(data: bytes) -> str:
    """The encoding, by its mark, else UTF-8 when every byte agrees, else the eight-bit one that the bytes look like."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:4096]
    if b"\0" in head:  # every other byte of a Latin text in UTF-16 is zero
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd > len(head) // 8 and odd > 4 * even:
            return "utf-16-le"
        if even > len(head) // 8 and even > 4 * odd:
            return "utf-16-be"
        raise Unreadable(DAMAGED)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bits(data)
    return "utf-8"


def _eight_bits(data: bytes) -> str:
    """The one under which the bytes read as French; charset-normalizer when they are not French at all."""
    sample = bytes(byte for byte in data[: 4 * SNIFFED] if byte >= 0x80)
    scores = {}
    for encoding in _EIGHT_BITS:
        letters = sample.decode(encoding, errors="replace")
        scores[encoding] = sum(1 if letter in _FRENCH else -2 for letter in letters)
    best = max(_EIGHT_BITS, key=lambda encoding: scores[encoding])  # the first of equals
    if scores[best] > 0:
        return best
    found = from_bytes(data[: 4 * SNIFFED], cp_isolation=list(_EIGHT_BITS)).best()
    return found.encoding if found is not None else "cp1252"


def decoded(data: bytes, encoding: str) -> tuple[str, str]:
    """(text, encoding). An asked encoding that does not fit gives way to what the bytes say."""
    chosen = encoding if encoding in ENCODINGS else encoding_of(data)
    try:
        text = data.decode("utf-8-sig" if chosen == "utf-8" else chosen)
    except UnicodeDecodeError:
        chosen = encoding_of(data)
        text = data.decode("utf-8-sig" if chosen == "utf-8" else chosen, errors="replace")
    if text.count("\0") > 0:
        raise Unreadable(DAMAGED)
    return text.removeprefix("\ufeff"), "utf-16" if chosen.startswith("utf-16") else chosen


def delimiter_of(text: str) -> str:
    """The separator under which most lines have the same number of cells, and many of them."""
    sample = text[:SNIFFED]
    if len(text) > SNIFFED:
        sample = sample[: sample.rfind("\n") + 1] or sample
    scores: dict[str, float] = {}
    for delimiter in DELIMITERS:
        widths = []
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                if number >= RECORDS:
                    break
                if any(cell.strip() for cell in cells):
                    widths.append(len(cells))
        except csv.Error:
            pass
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual, times = Counter(wide).most_common(1)[0]
        scores[delimiter] = (times / len(widths)) ** 2 * min(usual, median(wide) + 1) ** 0.5
    return max(scores, key=lambda delimiter: scores[delimiter]) if scores else ";"


def records(text: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(physical line, cells) of each record, blank ones included. Raises Unreadable."""
    csv.field_size_limit(limits.cell)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise Unreadable(
                    f"Ligne {line} : une cellule dépasse {limits.cell} caractères. Un guillemet ouvert n’est sans doute "
                    "pas fermé : corrigez cette ligne."
                ) from None
            raise Unreadable(f"Ligne {line} : cette ligne ne se lit pas. Enregistrez le fichier à nouveau.") from None
        yield line, cells


def told(text: str) -> tuple[str, int]:
    """(separator that the file itself announces on its first line as Excel does, lines that it takes)."""
    first = text[:8].splitlines()[0] if text else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    return "", 0
