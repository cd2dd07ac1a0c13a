"""One JSON line per event, UTC, ids only (S-28)."""

import io
import json
import logging
import uuid
from datetime import datetime

import pytest

from core.logging import JsonLines, logging_settings


@pytest.fixture
def line():
    """Log once; get the line as JSON reads it."""

    def write(event: str, *args: object, level: int = logging.INFO, **options: object) -> dict:
        out = io.StringIO()
        handler = logging.StreamHandler(out)
        handler.setFormatter(JsonLines())
        logger = logging.getLogger("test")
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        try:
            logger.log(level, event, *args, **options)
        finally:
            logger.removeHandler(handler)
        [text] = out.getvalue().splitlines()
        return json.loads(text)

    return write


def test_an_event_with_its_ids(line):
    job = uuid.uuid4()
    written = line("job.started", extra={"job": job, "attempt": 2, "request": object()})
    assert datetime.fromisoformat(written.pop("at")).utcoffset().total_seconds() == 0
    assert written == {"level": "info", "logger": "test", "event": "job.started", "job": str(job), "attempt": 2}


def test_line_breaks_stay_in_one_line(line):
    assert line("a\nb", extra={"path": "x\n{}"})["event"] == "a\nb"


def test_addresses_and_searches_are_struck_out(line):
    written = line("Not Found: %s for rayan.meziane@exemple.fr", "/eleves/?q=Meziane", extra={"who": "a@b.fr"})
    assert written["event"] == "Not Found: /eleves/?… for …"
    assert written["who"] == "…"


def test_an_exception_keeps_its_place_and_loses_its_words(line):
    try:
        try:
            int("Rayan Meziane")
        except ValueError as error:
            raise LookupError("tuteur@exemple.fr") from error
    except LookupError:
        written = line("job.crashed", level=logging.ERROR, exc_info=True)
    assert written["error"] == ["LookupError", "ValueError"]
    assert "test_logging.py" in written["trace"][0]
    assert "Rayan" not in json.dumps(written)
    assert "exemple" not in json.dumps(written)


def test_every_logger_writes_through_the_one_formatter():
    configuration = logging_settings()
    assert [handler["formatter"] for handler in configuration["handlers"].values()] == ["json"]
    assert all(not logger.get("handlers") for logger in configuration["loggers"].values())
    assert not logging.getLogger("django.server").handlers, "Django's own handlers would write each event twice"
