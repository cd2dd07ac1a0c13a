"""Files spoilt at random: an import answers with its errors, or is right; it never breaks and leaves nothing by half."""

import random
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from exchange import imports, sources
from tests.exchange import dossiers
from tests.exchange.test_checks import right, two_schools

PIECES = [
    b'"', b";", b"\n", b"\r", b"\0", b"\xff", b'""', b"0755890V", b"p1", b"e1", b"\xef\xbb\xbf", b"2025-09-01", b"-1",
    b"9" * 40, b"nationale", b"etablissement", b"1e5", b"0000-00-00", b"\xc2\x85", b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-12:00", b"9999-12-31", b"0001-01-01",
]  # fmt: skip


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """The same file after one to three accidents: bytes lost or put in, a line twice or gone, a cell replaced."""
    for _ in range(chance.randint(1, 3)):
        lines = data.split(b"\n")
        place, number = chance.randint(0, len(data)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                data = data[:place] + chance.choice(PIECES) + data[place:]
            case 1:
                data = data[:place] + data[place + chance.randint(1, 60) :]
            case 2:
                data = b"\n".join([*lines[:number], chance.choice(lines), *lines[number:]])
            case 3:
                data = b"\n".join(lines[:number] + lines[number + 1 :])
            case _:
                cells = lines[number].split(b";")
                cells[chance.randrange(len(cells))] = chance.choice(PIECES)
                data = b"\n".join([*lines[:number], b";".join(cells), *lines[number + 1 :]])
    return data


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.django_db
def test_an_accident_is_told_or_harmless(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = chance.choice([right, two_schools])()
    folder = dossiers.write(tmp_path / "in", rows)
    if seed % 2:
        assert imports.run(sources.opened(folder), now=timezone.now()).ok
    for name in chance.sample(list(rows), 2):
        file = folder / f"{name}.csv"
        file.write_bytes(spoilt(file.read_bytes(), chance))
    for name in chance.sample(list(rows), chance.choice([0, 0, 4, 20])):
        (folder / f"{name}.csv").unlink()
    asked = {"uai": chance.choice(["", "0755890V"]), "prune": seed % 3 == 0}
    with transaction.atomic():
        outcome = imports.run(sources.opened(folder), now=timezone.now(), **asked)
        connection.check_constraints()
    if outcome.ok:
        again = imports.run(sources.opened(folder), now=timezone.now(), **asked)
        assert (again.ok, again.written) == (True, 0)
    else:
        assert all(
            error.message.endswith(".") and "recommencez." not in error.message for error in outcome.problems.errors
        )
        assert outcome.written == 0
