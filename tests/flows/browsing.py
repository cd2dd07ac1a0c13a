"""What walks on a live server share: a worker's turn, mailed links, what one does behind them."""

import re
from datetime import date, datetime, time
from threading import Thread
from typing import Any

from django.core import mail
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import jobs
from core.models import OutboxMessage
from documents.models import Document
from tests.documents import signing
from tests.servers import look


def at(clock: Any, day: date, hour: int = 9) -> None:
    """That day at that hour, for the fixture `clock`."""
    clock.move_to(timezone.make_aware(datetime.combine(day, time(hour))))


def work() -> None:
    """What a worker would do now; in a thread of its own, as this one runs the browser's event loop."""

    def run() -> None:
        try:
            jobs.run_waiting()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join()


def night() -> None:
    """What the clock does for placements on this day: who leaves, who is back, what tutors are written."""
    jobs.ask_daily([("00:00", "pfmp.follow_calendar"), ("00:01", "pfmp.write_to_tutors")], timezone.now())
    work()


def mailed(address: str, words: str) -> str:
    """The last message to an address with these words: on its way out, or gone (the outbox then forgets what it said)."""
    waiting = OutboxMessage.objects.filter(recipient=address, body__contains=words).order_by("-pk").first()
    if waiting is not None:
        return waiting.body
    return str(next(sent.body for sent in reversed(mail.outbox) if address in sent.to and words in str(sent.body)))


def mailed_link(address: str) -> str:
    """The path of the last personal link that left to an address."""
    found = re.search(r"/signer/\w+/", mailed(address, "/signer/"))
    assert found is not None
    return found[0]


def open_mailed(page: Page, address: str) -> None:
    """The link in the mail, then the code in the other one."""
    page.goto(mailed_link(address))
    page.get_by_role("button", name="Recevoir mon code").click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(signing.last_code(address))
    page.get_by_role("button", name="Ouvrir le document").click()


def answer_as_oneself(page: Page) -> None:
    """« Qui signe ? » me; « Qui est le tuteur ? » the one that the paper names."""
    while page.get_by_role("button", name="Continuer").count():
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Continuer").click()


def sign_here(page: Page) -> None:
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Je signe").click()
    expect(page.locator("h1")).to_have_text("C’est signé", timeout=20_000)


def on_paper(page: Page, papers: list[Document], school_page: str) -> None:
    """Each line of these papers ticked on one screen, one date for all."""
    page.goto(school_page + "?documents=" + ",".join(str(paper.public_id) for paper in papers))
    for paper in papers:
        page.locator("tbody tr", has_text=paper.number).locator("th input").check()
    look(page, "papiers-signes")
    page.get_by_role("button", name="Noter les signatures cochées").click()
    expect(page.locator(".messages")).to_contain_text("noté", timeout=20_000)
