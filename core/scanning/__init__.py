"""Paper that people photograph or scan, made into one PDF of plain pages: `read(files)`. Opened in a child process (S-27)."""

from core.scanning.limits import ACCEPTED, SCAN, Limits, Sent, Unreadable
from core.scanning.reading import Scanned, check, read

__all__ = ["ACCEPTED", "SCAN", "Limits", "Scanned", "Sent", "Unreadable", "check", "read"]
