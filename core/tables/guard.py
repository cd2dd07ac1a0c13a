"""Is it what its name says? Extension, first bytes, and for archives every entry, before anything is parsed (S-27)."""

import os
import zipfile
import zlib
from pathlib import Path

from core.tables.limits import DAMAGED, EMPTY, MB, Limits, Unreadable, too_big

TEXTS = (".csv", ".txt", ".tsv")
BOOKS = (".xlsx", ".xlsm")
OPEN_DOCUMENT = (".ods",)
ACCEPTED = (*TEXTS, *BOOKS, *OPEN_DOCUMENT)

SAVE_AS = "Enregistrez-le en XLSX ou CSV."
KINDS: dict[str, str] = {
    ".xls": f"Ce classeur est dans l’ancien format d’Excel (.xls). Ouvrez-le dans votre tableur. {SAVE_AS}",
    ".doc": f"Un document Word n’est pas un tableau : copiez le tableau dans un tableur. {SAVE_AS}",
    ".docx": f"Un document Word n’est pas un tableau : copiez le tableau dans un tableur. {SAVE_AS}",
    ".odt": f"Un document texte n’est pas un tableau : copiez le tableau dans un tableur. {SAVE_AS}",
    ".pdf": f"Un PDF n’est pas un tableau : demandez le fichier du tableur d’où il vient. {SAVE_AS}",
    ".zip": "Une archive ZIP n’est pas un tableau : sortez-en le fichier et envoyez-le seul.",
    ".numbers": f"Un classeur Numbers ne se lit pas ici : exportez-le. {SAVE_AS}",
}
IMAGE = "Une image n’est pas un tableau : demandez le fichier du tableur d’où elle vient."
HTML = f"Ce fichier est une page web sous un nom de tableur. Ouvrez-le dans votre tableur. {SAVE_AS}"
OLD_XML = f"Ce fichier est un classeur XML. Ouvrez-le dans votre tableur. {SAVE_AS}"
PASSWORD = "Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."
OTHER = "Ce fichier n’est ni un CSV, ni un XLSX, ni un ODS : ouvrez-le dans votre tableur. " + SAVE_AS
DTD = "Ce classeur contient des définitions XML qu’aucun tableur n’écrit : il est refusé. " + SAVE_AS
BOMB = "Ce classeur se déploie de plus de cent fois sa taille : il est refusé. Enregistrez la feuille utile en CSV."

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", KINDS[".pdf"]),
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF8", IMAGE),
    (b"RIFF", IMAGE),
    (b"BM", ""),  # a bitmap, or a text that begins with these letters: told apart below
    (b"{\\rtf", KINDS[".doc"]),
)
WEB = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<script", b"<svg")
DEFINITIONS = tuple(
    mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


def extension(name: str) -> str:
    """`"Liste 2026.XLSX"` → `".xlsx"`."""
    return Path(name).suffix.lower()


def check_name_and_size(name: str, size: int, limits: Limits) -> None:
    """What can be said before a byte is read. Raises Unreadable."""
    kind = extension(name)
    if kind in KINDS:
        raise Unreadable(KINDS[kind])
    if kind in (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".bmp", ".svg"):
        raise Unreadable(IMAGE)
    if kind not in ACCEPTED:
        raise Unreadable(OTHER)
    if size > limits.size:
        raise Unreadable(too_big(limits))
    if size == 0:
        raise Unreadable(EMPTY)


def check_content(path: str, name: str, limits: Limits) -> str:
    """ "text", "xlsx" or "ods", from the bytes as much as from the name. Raises Unreadable."""
    check_name_and_size(name, os.stat(path).st_size, limits)
    kind = extension(name)
    with open(path, "rb") as file:
        start = file.read(4096)
    if start.startswith(OLE):
        raise Unreadable(PASSWORD if kind in BOOKS else KINDS[".xls"])
    for magic, sentence in STARTS:
        if sentence and start.startswith(magic):
            raise Unreadable(sentence)
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith(WEB):
        raise Unreadable(HTML)
    if plain.startswith(b"<?xml"):
        raise Unreadable(HTML if b"<html" in plain else OLD_XML)
    if start.startswith(ZIP):
        if kind in TEXTS:
            raise Unreadable("Ce fichier est un classeur sous un nom de CSV : rendez-lui son nom en .xlsx ou .ods.")
        return _check_archive(path, limits)
    if kind not in TEXTS:
        raise Unreadable(DAMAGED)
    return "text"


def _check_archive(path: str, limits: Limits) -> str:
    """Names, sizes and ratios of the entries, then their real content, streamed: no definitions in any XML."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                raise Unreadable(DAMAGED)
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise Unreadable(PASSWORD)
            for entry in entries:
                if entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(entry.compress_size, 1):
                    raise Unreadable(BOMB)
            if sum(entry.file_size for entry in entries) > limits.inflated:
                raise Unreadable(f"Ce classeur dépasse {limits.inflated // MB} Mo une fois ouvert : {SAVE_AS}")
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" in names:
                found = "xlsx"
            elif "content.xml" in names:
                found = "ods"
                if b"spreadsheet" not in archive.read("mimetype")[:200]:
                    raise Unreadable(KINDS[".odt"])
            elif "word/document.xml" in names:
                raise Unreadable(KINDS[".docx"])
            elif any(name.startswith("Index/") for name in names):
                raise Unreadable(KINDS[".numbers"])
            elif "xl/workbook.bin" in names:
                raise Unreadable(f"Ce classeur est au format binaire d’Excel (.xlsb). {SAVE_AS}")
            else:
                raise Unreadable(KINDS[".zip"])
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _refuse_definitions(archive, entry)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise Unreadable(DAMAGED) from None
    return found


def _refuse_definitions(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    longest = max(map(len, DEFINITIONS))
    kept = b""
    with archive.open(entry) as file:  # never more than the size checked above
        while chunk := file.read(1 << 20):
            window = kept + chunk
            if any(mark in window for mark in DEFINITIONS):
                raise Unreadable(DTD)
            kept = window[-longest:]
