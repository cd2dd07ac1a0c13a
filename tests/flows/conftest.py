"""What walks of several days share: the clock of the server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine


@pytest.fixture
def clock() -> Iterator[Any]:
    """The day that everybody believes it is: the walk lasts weeks. Browsers keep their own clock."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller
