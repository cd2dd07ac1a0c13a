"""The process that opens what people send: `python -m core.tables.child REQUEST` writes JSON lines, and dies alone.

REQUEST is JSON: path, name, sheet, encoding, delimiter, limits. The answer is one line that says how the file was read
(or `{"refused": sentence}`), a line `[number, [cells]]` for each row that holds something, and a last `{"end": rows}`: an
answer without its end is a child that died.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from core import child
from core.tables.limits import DAMAGED, EMPTY, TOO_HEAVY, Limits, Unreadable

MOST_MERGES = 20_000
FILLED_BY_MERGES = 200_000
Rows = Iterable[tuple[int, dict[int, str]]]


def opened(request: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], Rows, Any]:
    """What is said of the file, its rows, and the workbook if it is one. Raises Unreadable."""
    # Parsers are imported under the limits, and only the one that is needed.
    from core.tables import guard  # noqa: PLC0415

    kind = guard.check_content(request["path"], request["name"], limits)
    if kind == "text":
        from core.tables import text_file  # noqa: PLC0415

        with open(request["path"], "rb") as file:
            text, encoding = text_file.decoded(file.read(limits.size + 1), request["encoding"])
        announced, taken = text_file.told(text)
        delimiter = request["delimiter"] or announced or text_file.delimiter_of(text)
        read = text_file.records(text, delimiter, limits)
        rows = ((line, {at: cell for at, cell in enumerate(cells) if cell}) for line, cells in read if line > taken)
        return {"format": "csv", "encoding": encoding, "delimiter": delimiter, "sheets": [], "sheet": 0}, rows, None
    book: Any
    if kind == "xlsx":
        from core.tables import xlsx_file  # noqa: PLC0415

        book = xlsx_file.Book(request["path"])
    else:
        from core.tables import ods_file  # noqa: PLC0415

        book = ods_file.Book(request["path"], limits)
    if not book.names:
        raise Unreadable(EMPTY)
    asked = request["sheet"]
    sheet = asked if asked is not None and asked < len(book.names) else _fullest(book)
    head = {"format": kind, "encoding": "", "delimiter": "", "sheets": [n[:200] for n in book.names], "sheet": sheet}
    return head, book.rows(sheet), book


def _fullest(book: Any) -> int:
    """The first sheet that looks like a table: several lines of several cells; else the one with most lines."""
    most, best = -1, 0
    for number in range(min(len(book.names), 10)):
        lines = 0
        for _, cells in book.rows(number):
            lines += len(cells) > 1
            if lines >= 3:
                book.merges.clear()
                return number
        if lines > most:
            most, best = lines, number
    book.merges.clear()
    return best


def kept(rows: Rows, limits: Limits) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows that hold something, cleaned and within the limits. Raises Unreadable."""
    from core.tables.cells import clean  # noqa: PLC0415

    count = total = 0
    for line, cells in rows:
        found = {}
        for column, text in cells.items():
            if len(text) > limits.cell:
                raise Unreadable(f"Ligne {line} : une cellule dépasse {limits.cell} caractères. Raccourcissez-la.")
            if cleaned := clean(text):
                found[column] = cleaned
                total += len(cleaned)
        if not found:
            continue
        count += 1
        if count > limits.rows:
            raise Unreadable(
                f"Ce tableau a plus de {limits.rows:,} lignes : envoyez-le en plusieurs fichiers.".replace(
                    ",", "\u202f"
                )
            )
        if max(found) >= limits.columns:
            raise Unreadable(
                f"Ligne {line} : ce tableau a plus de {limits.columns} colonnes. Gardez celles qui servent."
            )
        if total > limits.text:
            raise Unreadable(TOO_HEAVY)
        yield line, found


def spread(rows: list[tuple[int, dict[int, str]]], merges: list[tuple[int, int, int, int]]) -> None:
    """A merged range says its value in each of its cells that stand in a row which holds something."""
    by_line = dict(rows)
    lines = sorted(by_line)
    if not lines:
        return
    wide = max(max(cells) for cells in by_line.values())
    written = 0
    for top, left, bottom, right in merges[:MOST_MERGES]:
        value = by_line.get(top, {}).get(left - 1)
        if value is None:
            continue
        for line in range(top, min(bottom, lines[-1]) + 1):
            if line not in by_line:
                continue
            for column in range(left - 1, min(right - 1, wide) + 1):
                by_line[line].setdefault(column, value)
                written += 1
                if written > FILLED_BY_MERGES:
                    raise Unreadable(TOO_HEAVY)


def answer(request: dict[str, Any]) -> None:
    limits = Limits(**request["limits"])
    child.bound(memory=limits.memory, processor=limits.processor)
    head, rows, book = opened(request, limits)
    found = list(kept(rows, limits))
    if not found:
        raise Unreadable(EMPTY)
    if book is not None:
        spread(found, book.merges)
    write = sys.stdout.write
    write(json.dumps(head) + "\n")
    width = max(max(cells) for _, cells in found) + 1
    for line, cells in found:
        write(json.dumps([line, [cells.get(column, "") for column in range(width)]], ensure_ascii=False) + "\n")
    write(json.dumps({"end": len(found)}) + "\n")


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        answer(json.loads(sys.argv[1]))
    except Unreadable as refusal:
        sys.stdout.write(json.dumps({"refused": str(refusal)}) + "\n")
    except (MemoryError, RecursionError):
        sys.stdout.write(json.dumps({"refused": TOO_HEAVY}) + "\n")
    except Exception as error:  # whatever a parser raises on a file that it does not understand
        sys.stderr.write(type(error).__name__ + "\n")  # the class only: a message may quote the file (S-28)
        sys.stdout.write(json.dumps({"refused": DAMAGED}) + "\n")


if __name__ == "__main__":
    main()
