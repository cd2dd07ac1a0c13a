"""Spreadsheets that people send, read without trusting them (S-27).

`read(path, name)` gives the rows of a CSV, TXT, XLSX, XLSM or ODS file as texts, or raises `Unreadable` with a French
sentence that says what to do. The file is opened in a child process with a memory, a processor and a time limit
(`core/tables/child.py`), after its size, its kind and, for archives, its entries were looked at: a hostile file ends the
child and nothing else. It works the same from a page and from a worker.

`find_header(rows, known)` says which line holds the names of the columns; see `core/tables/headers.py`.
"""

from core.tables.headers import Header, find_header, header_at
from core.tables.limits import UPLOAD, Limits, Unreadable
from core.tables.reading import Row, Table, read

__all__ = ["UPLOAD", "Header", "Limits", "Row", "Table", "Unreadable", "find_header", "header_at", "read"]
