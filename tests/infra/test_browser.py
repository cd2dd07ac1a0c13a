"""The browser that the tests drive: it starts, keeps pictures, and axe sees what is wrong in it."""

import pytest

from tests import servers

WRONG = "<!doctype html><html lang='fr'><title>Essai</title><main><h1>Essai</h1><img src='data:,'></main></html>"


@pytest.mark.browser
def test_axe_finds_an_image_without_text(open_page):
    page = open_page("narrow")
    page.set_content(WRONG)
    assert [problem for problem in servers.accessibility_problems(page) if problem.startswith("image-alt")]
    page.set_content(WRONG.replace("<img", "<img alt=''"))
    assert servers.accessibility_problems(page) == []
    assert page.viewport_size == {"width": 320, "height": 640}
