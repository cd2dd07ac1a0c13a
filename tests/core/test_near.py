"""What a search proposes when a word is misspelt."""

import time

from hypothesis import given
from hypothesis import strategies as st

from core.near import nearest
from core.text import is_number, search_words

NAMES = [
    (1, "energies soleil haut laon installation electrique"),
    (2, "boulangerie martin soissons boulangerie et boulangerie patisserie"),
    (3, "garage dupont laon entretien et reparation de vehicules automobiles legers"),
]


def test_missing_doubled_and_swapped_letters_are_forgiven_in_any_order():
    assert nearest("Énergis solielle", NAMES) == [1]
    assert nearest("dupond garrage", NAMES) == [3]
    assert nearest("boulangrie", NAMES) == [2]


def test_another_word_is_not_near():
    assert nearest("plomberie", NAMES) == []
    assert nearest("boulangerie xylophone", NAMES) == []
    assert nearest("x", NAMES) == []


@given(st.text(max_size=300))
def test_any_text_has_an_answer(typed: str):
    assert set(nearest(typed, NAMES)) <= {1, 2, 3}


def test_three_thousand_names_are_read_in_no_time():
    many = [(n, f"entreprise {n} {text}") for n in range(1000) for _, text in NAMES]
    started = time.process_time()
    for _ in range(10):
        assert nearest("energis solielle", many)
    assert (time.process_time() - started) / 10 < 0.05  # 5 ms on a calm machine


def test_a_number_written_in_groups_is_one_word():
    assert search_words("Énergies 02 61 91 69 30") == ["energies", "261916930"]
    assert search_words("+33 (0)2 61 91 69 30") == search_words("02.61.91.69.30") == ["261916930"]
    assert search_words("123 456 789 00011") == ["12345678900011"]
    assert search_words("12 rue du 8 mai") == ["12", "rue", "du", "8", "mai"]


def test_what_is_one_number_is_told_from_words():
    assert is_number("02 61 91 69 30") and is_number("123 456 789 00011")
    assert not is_number("02100 Laon") and not is_number("02100") and not is_number("")


@given(st.text(max_size=300))
def test_any_text_has_its_words(typed: str):
    assert all(word and word.isascii() for word in search_words(typed))
