"""A full disk, said in words that help."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from core import jobs

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def said_when_full(what: str) -> Iterator[None]:
    """Around what writes a file: a full disk raises jobs.Failure with `what` was not done; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise jobs.Failure(
            f"Le disque du serveur est plein : {what}. Prévenez la personne qui administre la plateforme, puis recommencez."
        ) from error
