"""What the tests of figures share."""

import pytest
from django.test import Client

from core.school_year import SchoolYear
from schools.middleware import YEAR_KEY


@pytest.fixture
def of_2025(as_bde: Client) -> Client:
    """The bureau's lead, who looks at the year 2025-2026."""
    session = as_bde.session
    session[YEAR_KEY] = SchoolYear(2025).code
    session.save()
    return as_bde
