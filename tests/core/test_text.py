"""Text made comparable, and numbers as a telephone takes them."""

import pytest

from core.text import dialled, searchable


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("03 23 00 00 01", "0323000001"),
        (" +33 3.23.00.00.01", "+33323000001"),
        ("03-23/00 00 01", "0323000001"),
        ("", ""),
    ],
)
def test_a_number_is_dialled_without_what_people_write_between_its_digits(written: str, expected: str) -> None:
    assert dialled(written) == expected


def test_words_stand_apart_on_both_sides_of_an_apostrophe() -> None:
    assert searchable("L’Atelier d'Œuvres, Énergies Soleil-Haut") == "l atelier d oeuvres energies soleil haut"
