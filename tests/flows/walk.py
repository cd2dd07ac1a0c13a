"""Walking the site in a browser: signing in, and looking at each page as a careful person would."""

import pytest
from playwright.sync_api import Page

from tests.servers import AXE, Platform, keep

TAGS = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


class Walk:
    """One person in one browser. `look` checks the page that is open; `problems` gathers what is wrong for the end."""

    def __init__(self, page: Page, platform: Platform, name: str) -> None:
        self.page, self.platform, self.name = page, platform, name
        self.titles: dict[str, str] = {}
        self.problems: list[str] = []
        self.step = 0
        page.on("console", lambda said: self._heard(said.text))
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.problems.append(f"{self.page.url}: {text}")

    def sign_in(self, role: str) -> None:
        account = self.platform.accounts[role]
        self.page.goto(self.platform.address)
        self.page.get_by_label("Courriel").fill(account["email"])
        self.page.get_by_label("Mot de passe", exact=True).fill(account["password"])
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.wait_for_url("**/etablissements/**")

    @property
    def school_url(self) -> str:
        return f"{self.platform.address}/etablissements/{self.platform.accounts['bde']['school']}/"

    def go(self, path: str) -> None:
        self.page.goto(self.school_url + path)

    def look(self, what: str) -> None:
        """Title, heading, width, axe and a picture of the page as it stands."""
        page = self.page
        self.step += 1
        keep(page, f"{self.name}-{self.step:02d}-{what}")
        problems = []
        title = page.title()
        if not title.strip():
            problems.append("no title")
        path = page.url.partition("?")[0]
        if self.titles.setdefault(title, path) != path:
            problems.append(f"the title « {title} » is also that of {self.titles[title]}")
        if (count := page.locator("h1").count()) != 1:
            problems.append(f"{count} h1")
        if (over := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) > 0:
            problems.append(f"scrolls sideways by {over} px")
        if not page.evaluate("typeof axe !== 'undefined'"):
            page.evaluate(AXE.read_text())
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
        problems += [
            f"{violation['id']}: {node['target']} {violation['help']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        self.problems += [f"{what} ({page.url}): {problem}" for problem in problems]

    def done(self) -> None:
        """Fails with everything that was seen on the way."""
        if self.problems:
            pytest.fail("\n".join(dict.fromkeys(self.problems)), pytrace=False)
