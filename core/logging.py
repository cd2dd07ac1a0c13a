"""One JSON line per event, in UTC, with ids only (S-28): no name, no address, no search text, no message of an exception.

    log = logging.getLogger(__name__)
    log.info("job.started", extra={"job": job.public_id})

The event is a fixed word; what varies goes into `extra`, as ids and numbers.
"""

import json
import logging
import re
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from core import tokens

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Addresses, what follows "?" in a path, the token of a link wherever it stands in one.
_PERSONAL = re.compile(
    rf"[^\s@<>\"']+@[^\s@<>\"']+|(?<=\?)\S+|(?<=/signer/)[\w-]+|(?<=/)[{tokens.ALPHABET}]{{{tokens.LENGTH}}}(?![\w-])"
)
_KEPT = (str, int, float, bool, type(None), uuid.UUID)


def _clean(text: str) -> str:
    return _PERSONAL.sub("…", text)


class JsonLines(logging.Formatter):
    """A record as one line. Exceptions keep their type and their places in the code; their message may quote data."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _clean(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD and isinstance(value, _KEPT):
                event[name] = _clean(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[1] is not None:
            event |= _exception(record.exc_info[1])
        return json.dumps(event, ensure_ascii=False, default=str)


def _exception(error: BaseException) -> dict[str, Any]:
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 5:
        chain.append(type(seen).__qualname__)
        seen = seen.__cause__ or seen.__context__
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": chain, "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-25:]]}


def logging_settings(level: str = "INFO") -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, through one formatter."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "core.logging.JsonLines"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # Django's own handlers would write a second, longer version, or mail it.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "pyhanko": {"level": "CRITICAL"},  # it quotes certificates; what went wrong is told by core.sealing
            "pyhanko_certvalidator": {"level": "CRITICAL"},
            "urllib3": {"level": "WARNING"},  # it quotes addresses, hence words that were looked for
            "weasyprint": {"level": "ERROR"},
        },
    }
