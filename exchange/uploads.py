"""Dossiers sent by people: kept outside the web root under a random name, for seven days at most (S-27)."""

import json
import os
import shutil
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from exchange import sources
from exchange.imports import Outcome

KEEP = timedelta(days=7)
MAX_BYTES = 20 * 1024 * 1024
ZIP_START = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Upload:
    """One dossier sent, and what its check said. `name` is what the person called it."""

    public_id: uuid.UUID
    uai: str
    name: str
    sent_at: datetime
    sent_by: str

    @property
    def folder(self) -> Path:
        return _root() / self.uai / self.public_id.hex

    @property
    def archive(self) -> Path:
        return self.folder / "dossier.zip"

    def open(self) -> sources.Source:
        """The dossier, within the limits of what people send. Raises sources.Unreadable."""
        return sources.opened(self.archive, sources.UPLOAD, name=self.name)

    def keep(self, outcome: Outcome) -> None:
        """Keep the report of the last check or import, for the page and its download."""
        partial = self.folder / f"outcome.{uuid.uuid4().hex}"
        partial.write_text(json.dumps(outcome.as_json(), ensure_ascii=False), encoding="utf-8")
        partial.replace(self.folder / "outcome.json")

    @property
    def outcome(self) -> dict[str, Any] | None:
        """The last report, in the shape of the command's answer."""
        try:
            return json.loads((self.folder / "outcome.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None


def _root() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def receive(files: Sequence[UploadedFile], *, uai: str, by: str, now: datetime) -> Upload:
    """Keep a ZIP, or several CSV files made into one. Raises sources.Unreadable, and then keeps nothing."""
    name = files[0].name or "dossier" if len(files) == 1 else f"{len(files)} fichiers"
    upload = Upload(uuid.uuid4(), uai, name[:200], now, by)
    upload.folder.mkdir(parents=True, mode=0o700)
    try:
        if name.lower().endswith(".zip"):
            with upload.archive.open("wb") as target:
                for chunk in files[0].chunks():
                    target.write(chunk)
        else:
            with zipfile.ZipFile(upload.archive, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in files:
                    archive.writestr(Path(file.name or "").name, file.read())
        upload.open().close()
        about = asdict(upload) | {"public_id": upload.public_id.hex, "sent_at": now.isoformat()}
        (upload.folder / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    except BaseException:
        discard(upload)
        raise
    return upload


def _load(folder: Path) -> Upload | None:
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Upload(
        uuid.UUID(about["public_id"]),
        about["uai"],
        about["name"],
        datetime.fromisoformat(about["sent_at"]),
        about["sent_by"],
    )


def find(uai: str, public_id: uuid.UUID) -> Upload | None:
    """A dossier sent to this school, None when it was never sent or is gone."""
    return _load(_root() / uai / public_id.hex)


def of_school(uai: str) -> list[Upload]:
    """What this school sent in the last days, latest first."""
    folder = _root() / uai
    found = [upload for path in (folder.iterdir() if folder.is_dir() else ()) if (upload := _load(path))]
    return sorted(found, key=lambda upload: upload.sent_at, reverse=True)


def discard(upload: Upload) -> None:
    """Remove a dossier and its report."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def forget_old(now: datetime) -> int:
    """Remove what was sent more than seven days ago, and what was never received whole; returns how many."""
    removed = 0
    for folder in _root().glob("*/*"):
        changed = datetime.fromtimestamp(os.stat(folder).st_mtime, tz=timezone.get_current_timezone())
        if min(changed, now) < now - KEEP or ((upload := _load(folder)) and upload.sent_at < now - KEEP):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
