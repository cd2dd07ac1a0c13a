"""Where a dossier lies: a folder or a ZIP, opened without trusting it (B-06, S-27)."""

import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from exchange.definitions import BY_FILE, PACKAGE_NAME

MB = 1024 * 1024


class Unreadable(Exception):
    """The dossier cannot be opened; the French sentence says why. `file` is the name of the ZIP or of the folder."""

    def __init__(self, file: str, message: str) -> None:
        super().__init__(message)
        self.file = file


@dataclass(frozen=True)
class Limits:
    """What is accepted before anything is parsed."""

    inflated: int  # bytes of the whole, attached papers included
    tables: int = 200 * MB  # bytes of the CSV files
    ratio: int = 100  # inflated on stored, of an entry above `ratio_from`: small repetitive tables are no bomb
    ratio_from: int = 1 * MB
    entries: int = 20_000
    only_pdf: bool = False


COMMAND = Limits(inflated=8 * 1024 * MB)
UPLOAD = Limits(inflated=200 * MB, tables=50 * MB, entries=5_000, only_pdf=True)


def is_safe(path: str) -> bool:
    """A path inside the dossier: relative, without `..` (B-06, B-18)."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    drive = len(path) > 1 and path[1] == ":"
    return bool(parts) and not path.startswith(("/", "\\")) and not drive and ".." not in parts and "\0" not in path


class Source:
    """The files of a dossier by their path from its root."""

    def __init__(self, name: str, paths: dict[str, int], limits: Limits) -> None:
        self.name = name
        self.limits = limits
        tables = {str(PurePosixPath(path).parent) for path in paths if PurePosixPath(path).name in BY_FILE}
        if len(tables) > 1:
            raise Unreadable(
                name, "Les fichiers CSV sont dans plusieurs dossiers : rangez-les à la racine ou dans un seul dossier."
            )
        self._base = "" if tables <= {"."} else f"{tables.pop()}/"
        self._sizes = {
            path.removeprefix(self._base): size for path, size in paths.items() if path.startswith(self._base)
        }
        self.outside = sorted(path for path in paths if not path.startswith(self._base))
        if sum(size for path, size in self._sizes.items() if path in BY_FILE) > limits.tables:
            raise Unreadable(
                name, f"Les fichiers CSV dépassent {limits.tables // MB} Mo : envoyez le dossier en plusieurs fois."
            )

    @property
    def paths(self) -> list[str]:
        return sorted(self._sizes)

    def __contains__(self, path: object) -> bool:
        return path in self._sizes

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises Unreadable when it is damaged."""
        return self._read(self._base + path)

    def _read(self, path: str) -> bytes:
        raise NotImplementedError

    def close(self) -> None:
        """Give back what is open."""

    @property
    def unknown(self) -> list[str]:
        """Files that no resource explains: reported, and ignored."""
        known = {*BY_FILE, PACKAGE_NAME}
        return [path for path in (*self.outside, *self.paths) if path not in known]


class Folder(Source):
    """A folder on disk. Links that lead out of it are not followed."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._root = path.resolve()
        found: dict[str, int] = {}
        for folder, _, names in os.walk(self._root):
            for name in names:
                file = Path(folder) / name
                if file.resolve().is_relative_to(self._root) and file.is_file():
                    found[file.relative_to(self._root).as_posix()] = file.stat().st_size
                if len(found) > limits.entries:
                    raise Unreadable(path.name, f"Ce dossier contient plus de {limits.entries} fichiers.")
        super().__init__(path.name, found, limits)

    def _read(self, path: str) -> bytes:
        try:
            return (self._root / path).read_bytes()
        except OSError:
            raise Unreadable(path, "Ce fichier ne s’ouvre pas : vérifiez ses droits de lecture.") from None


class Zip(Source):
    """A ZIP archive: names and sizes are checked before a byte is inflated."""

    def __init__(self, path: Path, limits: Limits, *, name: str = "") -> None:
        name = name or path.name
        try:
            self._zip = zipfile.ZipFile(path)
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise Unreadable(
                name, "Ce fichier n’est pas une archive ZIP lisible : refaites l’archive et recommencez."
            ) from None
        try:
            self._check(name, entries, limits)
            super().__init__(name, {entry.filename.replace("\\", "/"): entry.file_size for entry in entries}, limits)
        except Unreadable:
            self._zip.close()
            raise
        self._entries = {entry.filename.replace("\\", "/"): entry for entry in entries}

    @staticmethod
    def _check(name: str, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
        seen: set[str] = set()
        if len(entries) > limits.entries:
            raise Unreadable(name, f"Cette archive contient plus de {limits.entries} fichiers.")
        for entry in entries:
            if not is_safe(entry.filename) or not is_safe(entry.orig_filename.rstrip("\0") or "/"):
                raise Unreadable(
                    name,
                    f"L’archive contient un chemin absolu ou qui remonte (« {entry.filename[:100]} ») : refaites-la.",
                )
            if entry.flag_bits & 0x1:
                raise Unreadable(
                    name, "Cette archive est protégée par un mot de passe : refaites-la sans mot de passe."
                )
            if entry.filename in seen:
                raise Unreadable(name, f"L’archive contient deux fois « {entry.filename[:100]} » : refaites-la.")
            seen.add(entry.filename)
            if entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(entry.compress_size, 1):
                raise Unreadable(
                    name, "Un fichier de cette archive se déploie de plus de cent fois sa taille : il est refusé."
                )
        if sum(entry.file_size for entry in entries) > limits.inflated:
            raise Unreadable(name, f"Cette archive dépasse {limits.inflated // MB} Mo une fois ouverte.")

    def _read(self, path: str) -> bytes:
        try:
            return self._zip.read(self._entries[path])  # never more than the size checked above
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise Unreadable(self.name, "Cette archive ZIP est abîmée : refaites l’archive et recommencez.") from None

    def close(self) -> None:
        self._zip.close()


def opened(path: Path, limits: Limits = COMMAND, *, name: str = "") -> Source:
    """The dossier at a path; `name` is what reports call it. Raises Unreadable."""
    if path.is_dir():
        return Folder(path, limits)
    if not path.exists():
        raise Unreadable(name or path.name, "Ce dossier n’existe pas : vérifiez le chemin.")
    return Zip(path, limits, name=name)
