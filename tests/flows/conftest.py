"""Browsers for the walks on a live server."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.flows import browsing


@pytest.fixture
def browse(live_server: Any, open_page: Callable[..., Page]) -> browsing.Browse:
    """Gives `browse(user, size)`: a page signed in as someone, or as nobody."""

    def open_one(user: Any = None, size: str = "wide", **options: Any) -> Page:
        return browsing.browser_of(open_page, live_server.url, user, size, **options)

    return open_one
