"""The one door to WeasyPrint: what it opens, what it keeps, that its bytes are stable."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import page
import pikepdf
import pytest

from core import pdf

PAPER = """<html lang="fr"><head><title>x</title></head><body>
<h1>Titre</h1><p>Un élève, une entreprise.</p>
<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></body></html>"""


def paper(body: str) -> str:
    return f'<html lang="fr"><body><h1>Essai</h1>{body}</body></html>'


def opened(file: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(file))


def failed_rules(file: bytes) -> list[str]:
    return [f"{failure.rule_id} {failure.message}" for failure in page.validate_pdf_bytes(file, profile="ua1").failures]


def headings(file: bytes) -> int:
    """H1 elements anywhere in the structure tree."""
    with opened(file) as document:
        found, waiting = 0, [document.Root.StructTreeRoot]
        while waiting:
            element = waiting.pop()
            found += element.get("/S") == "/H1"
            kids = element.get("/K", [])
            kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
            waiting += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]
        return found


def test_a_paper_is_tagged_french_and_titled():
    file = pdf.render(PAPER, title="Convention de PFMP n° 12")
    with opened(file) as document:
        assert document.Root.Lang == "fr"
        assert document.Root.MarkInfo.Marked
        assert document.docinfo["/Title"] == "Convention de PFMP n° 12"
        assert document.Root.ViewerPreferences.DisplayDocTitle
    assert failed_rules(file) == []


def test_the_same_paper_has_the_same_bytes():
    first, second = (hashlib.sha256(pdf.render(PAPER, title="Un titre")).hexdigest() for _ in range(2))
    assert first == second
    assert hashlib.sha256(pdf.render(PAPER, title="Un autre titre")).hexdigest() != first


def test_another_process_gives_the_same_bytes():
    """Nothing depends on the order of sets, on the clock or on a random identifier."""
    code = "import sys, hashlib; from core import pdf; print(hashlib.sha256(pdf.render(sys.argv[1], title='T')).hexdigest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, PAPER],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(pdf.render(PAPER, title="T")).hexdigest() + "\n"}


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/logo.png",
        "https://example.org/logo.png",
        "ftp://example.org/logo.png",
        "asset:../base.css",
        "asset:missing.svg",
        "asset:/etc/hostname",
        "ASSET:dots.svg",
    ],
)
@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{}" alt="">',
        '<link rel="stylesheet" href="{}">',
        '<style>@import url("{}");</style>',
        '<p style="background: url({})">x</p>',
        '<object data="{}"></object>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    ],
)
def test_a_paper_opens_neither_files_nor_the_network(tag, address):
    with pytest.raises(pdf.ForbiddenResource):
        pdf.render(paper(tag.format(address)), title="Essai")


def test_a_paper_may_hold_data_and_our_own_named_files():
    pixel = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/%3E"
    body = f'<img src="{pixel}" alt="point"><p style="background: url(asset:dots.svg)">ligne</p>'
    assert pdf.page_count(pdf.render(paper(body), title="Essai")) == 1


def test_no_font_is_embedded_whole():
    """A whole Liberation Sans weighs 400 kB; the letters of a page some 10 (stack.md: never full_fonts)."""
    assert len(pdf.render(PAPER, title="Essai")) < 40_000


def test_papers_combined_keep_their_tags_and_their_page_numbers():
    two_pages = paper('<p>un</p><p style="break-before: page">deux</p>')
    combined = pdf.combine([PAPER, two_pages, PAPER], title="Classe")
    assert pdf.page_count(combined) == 4
    assert failed_rules(combined) == []
    assert headings(combined) == 3
    assert combined == pdf.combine([PAPER, two_pages, PAPER], title="Classe")


def test_on_both_sides_each_paper_starts_a_sheet():
    combined = pdf.combine([PAPER, PAPER, PAPER], title="Classe", start_on_recto=True)
    assert pdf.page_count(combined) == 5  # one, blank, one, blank, one
    assert failed_rules(combined) == []


def test_nothing_to_combine_is_said():
    with pytest.raises(ValueError, match="no paper"):
        pdf.combine([], title="Classe")


def test_a_long_paper_is_drawn_denser():
    lines = paper("".join(f"<p>ligne {number}</p>" for number in range(70)))
    assert pdf.page_count(pdf.render(lines, title="Essai")) == 2
    fit = pdf.Fit(pages=1, dense="convention_dense")
    assert pdf.page_count(pdf.render(lines, title="Essai", fit=fit)) <= 2
    assert pdf.render(PAPER, title="Essai", fit=fit) == pdf.render(PAPER, title="Essai")


def test_what_is_not_a_pdf_is_refused():
    with pytest.raises(pdf.PdfError):
        pdf.page_count(b"not a pdf")
