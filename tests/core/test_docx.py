"""A letter for a word processor: read back by the library that others read it with."""

from datetime import UTC, datetime
from io import BytesIO

import docx as word

from core import docx

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_lines_titles_and_what_xml_cannot_hold():
    made = word.Document(BytesIO(docx.letter(["# Objet : stage & <b>", "Bonjour\u0007 🙂", ""], now=NOW)))
    assert [one.text for one in made.paragraphs] == ["Objet : stage & <b>", "Bonjour 🙂", ""]
    assert [bool(run.bold) for one in made.paragraphs for run in one.runs if run.text] == [True, False]
    (page,) = made.sections
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_a_letter_is_in_french_and_signed_by_nobody():
    made = word.Document(BytesIO(docx.letter(["Bonjour"], now=NOW)))
    about = made.core_properties
    assert (about.author, about.comments, about.language) == ("", "", "fr-FR")
    assert about.created == about.modified == NOW
    assert 'w:lang w:val="fr-FR"' in made.styles.element.xml
