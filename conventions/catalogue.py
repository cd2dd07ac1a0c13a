"""The catalogue of national, regional and academic agreements: models to confirm, each with its source.

What ships is `core/data/conventions_nationales.csv` and `conventions_academiques_exemples.csv` (one copy, which the demo data
read too). `refresh_shipped` stores them after each `migrate`; `frames_import` adds an académie's own, or a newer list.
Rows of an import win over those shipped; a row that a newer list no longer holds is marked, never deleted.
"""

import csv
import re
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from conventions.comparing import plain
from conventions.enums import AgreementLevel, FrameSource, Standing
from conventions.models import Frame
from core import french, tables, typography
from core.text import searchable

DATA = Path(settings.BASE_DIR) / "core" / "data"
SHIPPED = ("conventions_nationales", "conventions_academiques_exemples")
NAMES = uuid.UUID("6f0f7f0a-3b0e-5c55-9d6b-6d0a54b1c9a4")
"""So that a frame has the same address on every installation, and again after a test emptied the tables."""

COLUMNS = {
    "cle": "key", "niveau": "level", "academie": "academy", "partenaire": "partner_name", "sigle": "acronym",
    "type_partenaire": "partner_type", "secteur": "sector", "nature_texte": "nature", "intitule": "title",
    "date_signature": "signed", "validite": "validity", "statut_estime": "estimated_status", "themes_actions": "themes",
    "public": "publics", "decline_de": "declines", "source_titre": "source_title", "source_url": "source_url",
    "date_source": "source_date", "niveau_preuve": "evidence", "remarques": "remarks",
}  # fmt: skip
"""Column of a file → field of a frame."""
REQUIRED = ("partenaire", "source_titre")
LISTS = ("themes", "publics")
LONGEST = 2_000
MOST_ITEMS = 40

FORMULA = re.compile(r"^\s*[=+@\t]|^\s*-\S")
IN_FORCE = re.compile(r"\ben vigueur\b", re.IGNORECASE)
MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")


@dataclass(frozen=True)
class Refusal:
    """A line of a file that is not taken, and why."""

    line: int
    reason: str


@dataclass
class Outcome:
    """What storing a list did, or would do: keys by fate."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    same: int = 0


class BadFile(Exception):
    """A file without the columns of a catalogue: the sentence says what is missing."""


# --------------------------------------------------------------------------------------------------------- what is read


def shipped() -> list[Frame]:
    """The frames that ship, unsaved."""
    found = []
    for name in SHIPPED:
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found += [frame_of(row, FrameSource.SHIPPED) for row in csv.DictReader(file)]
    return found


def frame_of(row: Mapping[str, str], source: FrameSource) -> Frame:
    """An unsaved frame from the columns of a file; its key is its `cle`, else made of what names the text."""
    values: dict[str, Any] = {name: _text(row.get(column) or "") for column, name in COLUMNS.items()}
    values["source_url"] = (row.get("source_url") or "").strip()
    for name in LISTS:
        separators = r";" if name == "themes" else r"[;,]"
        values[name] = [item.replace("|", "/") for part in re.split(separators, values[name]) if (item := part.strip())]
    values["level"] = values["level"] or level_of(values["academy"])
    values["title"] = values["title"] or _title_of(values)
    key = slugify(values.pop("key"))[:120] or key_of(values)
    return Frame(key=key, source=source, public_id=uuid.uuid5(NAMES, key), **values)


def _text(raw: str) -> str:
    return " ".join(raw.split()).replace("'", "’")


def _title_of(values: Mapping[str, Any]) -> str:
    """« Convention de partenariat Académie de Lyon / UIMM », for a row that has no title of its own."""
    nature = values["nature"] or "convention"
    parties = " / ".join(part for part in (values["academy"], values["partner_name"]) if part)
    return f"{nature[:1].upper()}{nature[1:]} {parties}"


def level_of(academy: str) -> str:
    """The level that a territory's name tells: a région académique, an académie, or the nation when there is none."""
    if not academy:
        return AgreementLevel.NATIONAL
    return AgreementLevel.REGION if plain(academy).startswith("region") else AgreementLevel.ACADEMY


def key_of(values: Mapping[str, Any]) -> str:
    """The same text gives the same key, file after file: its level, territory, partner and title.

    Dates and status are what a better source corrects, so they are no part of it. Two texts of one title need a `cle` each.
    """
    name = slugify(" ".join(values[part] for part in ("level", "academy", "partner_name", "title")))
    return f"{name[:100].rstrip('-')}-{zlib.crc32(name.encode()):08x}"


def read_file(path: Path) -> tuple[list[Frame], list[Refusal]]:
    """The frames of a file and the lines refused. Raises BadFile; core.tables.Unreadable for what is no table."""
    rows = tables.read(path, path.name).rows
    if not rows:
        raise BadFile("Ce fichier est vide.")
    header = tables.find_header(rows, [name.replace("_", " ") for name in COLUMNS])
    names = [re.sub(r"[^a-z]+", "_", searchable(label)).strip("_") for label in header.labels]
    if missing := [name for name in REQUIRED if name not in names]:
        raise BadFile(f"Il manque la colonne {' et la colonne '.join(missing)}. Colonnes lues : {', '.join(names)}.")
    if twice := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise BadFile(f"La colonne {twice[0]} est là deux fois.")
    frames: list[Frame] = []
    refused: list[Refusal] = []
    lines: dict[str, int] = {}
    for row in rows:
        if row.line <= header.line:
            continue
        cells = {name: row.at(place) for place, name in enumerate(names) if name in COLUMNS}
        frame = frame_of(cells, FrameSource.IMPORTED)
        reasons = list(problems(cells, frame))
        if not reasons and frame.key in lines:
            reasons = [f"c’est la même convention qu’à la ligne {lines[frame.key]}"]
        if reasons:
            refused.append(Refusal(row.line, " ; ".join(reasons)))
        else:
            lines[frame.key] = row.line
            frames.append(frame)
    return frames, refused


def problems(cells: Mapping[str, str], frame: Frame) -> Iterable[str]:
    """What makes a line no frame."""
    for column, text in cells.items():
        if FORMULA.search(text):
            yield f"{column} commence comme une formule de tableur"
        elif len(text) > LONGEST:
            yield f"{column} dépasse {LONGEST} caractères"
        elif IN_FORCE.search(text) and column != "statut_estime":
            yield f"{column} affirme « en vigueur » : le catalogue ne l’annonce d’aucun texte, dites ce que la source établit"
    for column in REQUIRED:
        if not cells.get(column, "").strip():
            yield f"{column} est vide"
    if frame.level not in AgreementLevel.values or frame.level == AgreementLevel.SCHOOL:
        yield f"niveau « {frame.level} » : écrivez nationale, region_academique ou academique"
    elif (frame.level == AgreementLevel.NATIONAL) != (frame.academy == ""):
        yield "une convention nationale n’a pas d’académie, une autre nomme la sienne (colonne academie)"
    if frame.source_url and not frame.source_url.startswith(("http://", "https://")):
        yield "source_url ne commence pas par http:// ou https://"
    if frame.signed and not _is_partial_date(frame.signed):
        yield f"date_signature « {frame.signed[:20]} » : écrivez AAAA-MM-JJ, AAAA-MM ou AAAA"
    if len(frame.themes) > MOST_ITEMS or len(frame.publics) > MOST_ITEMS:
        yield f"plus de {MOST_ITEMS} thèmes ou publics"


def _is_partial_date(text: str) -> bool:
    return bool(MONTH.fullmatch(text)) and (len(text) < 10 or full_date(text) is not None)


def full_date(text: str) -> date | None:
    """The day that a source gives in full; None when it only gives a month or a year."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------------ what is stored

KEPT = tuple(name for name in COLUMNS.values() if name != "key")
BATCH = 500


def store(
    frames: Sequence[Frame],
    *,
    source: FrameSource,
    now: datetime,
    whole: bool = False,
    dry_run: bool = False,
    using: str = "default",
) -> Outcome:
    """Writes what differs, and nothing else: the same list again costs one query.

    A list shipped leaves alone what came by import. Of a list imported, the rows of its levels and territories that came by
    an earlier import and are no longer there are marked gone; with `whole`, those shipped too.
    """
    with transaction.atomic(using=using):
        known = {frame.key: frame for frame in Frame.objects.using(using).select_for_update()}
        found = Outcome()
        new: list[Frame] = []
        changed: list[Frame] = []
        for frame in frames:
            row = known.get(frame.key)
            if row is None:
                new.append(frame)
                found.created.append(frame.key)
            elif source == FrameSource.SHIPPED and row.source == FrameSource.IMPORTED:
                found.same += 1
            elif _take(row, frame):
                changed.append(row)
                found.updated.append(row.key)
            else:
                found.same += 1
        held = {frame.key for frame in frames}
        scopes = {(frame.level, plain(frame.academy)) for frame in frames}
        for row in known.values():
            if row.key in held or row.gone_at is not None:
                continue
            ours = row.source == source or (whole and source == FrameSource.IMPORTED)
            if ours and (source == FrameSource.SHIPPED or (row.level, plain(row.academy)) in scopes):
                row.gone_at, row.source = now, source
                changed.append(row)
                found.gone.append(row.key)
        if not dry_run:
            Frame.objects.using(using).bulk_create(new, batch_size=BATCH)
            _save(changed, now, using)
    return found


def _take(row: Frame, frame: Frame) -> bool:
    """Copy what differs onto the known row; did anything?"""
    names = [name for name in (*KEPT, "source") if getattr(row, name) != getattr(frame, name)]
    for name in names:
        setattr(row, name, getattr(frame, name))
    came_back, row.gone_at = row.gone_at is not None, None
    return bool(names) or came_back


def _save(rows: Sequence[Frame], now: datetime, using: str) -> None:
    search = Frame._meta.get_field("search_text")
    for row in rows:
        search.fill(row)
        row.version, row.updated_at = row.version + 1, now
    written = [*KEPT, "source", "gone_at", "search_text", "version", "updated_at"]
    Frame.objects.using(using).bulk_update(rows, written, batch_size=BATCH)


def refresh_shipped(*, using: str = "default", apps: Any = None, **_signal: Any) -> None:
    """After `migrate` (and after a test emptied the tables): the catalogue is what this version ships.

    Called by the signal of this app's migrations; a state of the tables without the catalogue is left alone.
    """
    if apps is not None:
        try:
            columns = {column.name for column in apps.get_model("conventions", "Frame")._meta.local_fields}
        except LookupError:
            return
        if columns != {column.name for column in Frame._meta.local_fields}:
            return  # half-way through its migrations
    store(shipped(), source=FrameSource.SHIPPED, now=timezone.now(), using=using)


# ----------------------------------------------------------------------------------------------------------- what is said


def standing_of(frame: Frame) -> Standing:
    """What the source lets one guess, in words that never announce a text as running."""
    said = plain(frame.estimated_status)
    if re.search(r"\b(historique|depasse|ancien|termine|echu|expire|abroge)", said):
        return Standing.PAST
    return Standing.RECENT if re.search(r"\b(probable|recent|en vigueur)", said) else Standing.UNKNOWN


def said_date(text: str) -> str:
    """`2021-12-10` → « 10 décembre 2021 », `2021-11` → « novembre 2021 », `2015` → « 2015 »; anything else as it is."""
    if day := full_date(text):
        return french.day(day)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return f"{typography.MONTHS[int(text[5:]) - 1]} {text[:4]}"
    return text


def said_validity(frame: Frame) -> str:
    """What the source says of how long it holds, "" for nothing."""
    return re.sub(r"\d{4}-\d\d-\d\d", lambda found: said_date(found[0]), frame.validity)
