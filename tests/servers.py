"""Fixtures that start things: the platform as bin/run starts it, and Debian's Chromium, signed in; a look at a page."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from machine import services
from machine.places import BIN, ROOT

ARTIFACTS = ROOT / "tests" / "artifacts"  # screenshots, kept by CI
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 180  # seconds for migrations, the demo school and the first answer
SIZES = {"wide": (1280, 800), "narrow": (320, 640)}


@dataclass(frozen=True)
class Platform:
    """A running site with its worker: where it is, its data folder, who can sign in on the demo school."""

    address: str
    data: Path
    accounts: dict[str, dict[str, str]]  # by role


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """bin/run on a data folder of its own, with the demo school; tests that use it are in `tests.conftest.GROUNDS`."""
    folder = tmp_path_factory.mktemp("platform")
    port = services.free_port()
    ours = ("DJANGO_", "PYTEST_", "BDE_", "DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    child = subprocess.Popen(
        [BIN / "run", "--port", str(port), "--data", str(folder)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    clock = threading.Timer(PATIENCE, child.terminate)
    clock.start()
    try:
        said = ""
        assert child.stdout
        for line in child.stdout:
            said += line
            if "est prête" in line:
                break
        else:
            pytest.fail(f"bin/run did not start:\n{said}")
        clock.cancel()
        accounts = json.loads((folder / "demo.json").read_text())["accounts"]
        yield Platform(f"http://127.0.0.1:{port}", folder, {account["role"]: account for account in accounts})
    finally:
        clock.cancel()
        child.terminate()
        child.wait(30)
        if child.stdout:
            child.stdout.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless, asking nothing of the network by itself."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.fail("Chromium is missing: bin/test installs it")
    # Playwright keeps an event loop running in this thread; Django would refuse the database to every test after it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    quiet += ["--disable-dev-shm-usage", "--font-render-hinting=none"]
    with tempfile.TemporaryDirectory(prefix="bde-chromium-") as home, sync_playwright() as driver:
        env: dict[str, Any] = os.environ | {"HOME": home}
        # as root Chromium refuses its sandbox; as anyone else it keeps it
        browser = driver.chromium.launch(executable_path=found, args=quiet, env=env, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Gives `open_page(size="wide"|"narrow")`: a new page with its own cookies, in French; a failed test leaves its picture."""
    pages: list[Page] = []

    def open_one(size: str = "wide", **options: Any) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="fr-FR", timezone_id="Europe/Paris", **options
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        pages.append(page)
        return page

    yield open_one
    for number, page in enumerate(pages):
        if request.node.stash.get(FAILED, False) and not page.is_closed():
            keep(page, f"failed-{request.node.name}-{number}")
        page.context.close()


FAILED = pytest.StashKey[bool]()

Browse = Callable[..., Page]


@pytest.fixture
def browse(live_server: Any, open_page: Callable[..., Page]) -> Browse:
    """Gives `browse(user, size)`: a page on the live server, of a colleague who is signed in, or of nobody."""

    def open_one(user: Any = None, size: str = "wide", **options: Any) -> Page:
        page = open_page(size, base_url=live_server.url, **options)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return page

    return open_one


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Lets a fixture know at its end whether its test failed."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


def keep(page: Page, name: str) -> Path:
    """A full-page screenshot among CI's artefacts."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    file = ARTIFACTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.png"
    page.screenshot(path=file, full_page=True)
    # The picture leaves an empty style on fields, which htmx would copy and the policy refuse: not the page's doing.
    page.evaluate("document.querySelectorAll('[style=\"\"]').forEach(found => found.removeAttribute('style'))")
    return file


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds against RGAA 4 on the page as it stands: one line each, none when it is well."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {runOnly: {type: 'tag', values: ['RGAAv4']}})")
    return [
        f"{violation['id']}: {node['target']} {violation['help']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def look(page: Page, name: str, *, script: bool = True) -> None:
    """A picture; nothing wrong for axe, nothing that scrolls sideways, when the page may run scripts."""
    keep(page, name)
    if script:
        assert accessibility_problems(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
