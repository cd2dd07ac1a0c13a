"""Words that are nearly those: what a search proposes when nothing holds the words as typed."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz, process

from core.text import searchable

K = TypeVar("K")

SHORTLIST = 40
ROUGH, WORD, WHOLE = 60, 62, 74
"""Of 100: how like a text must be before its words are looked at, then each word typed, then all of them together."""


def nearest(typed: str, texts: Iterable[tuple[K, str]], *, most: int = 3) -> list[K]:
    """The keys of the texts nearest to what was typed, best first; none when nothing is near.

    `texts` are comparable (core.text.searchable). Each word typed must resemble one word of the text, in any order: missing,
    doubled or swapped letters are forgiven, another word is not. 3,000 texts cost some 5 ms: no index, the same answer on
    every database.
    """
    words = [word for word in searchable(typed[:80]).split()[:6] if len(word) > 1]
    if not words or max(len(word) for word in words) < 3:
        return []
    entries = list(texts)
    choices = [text for _, text in entries]
    found = process.extract(
        " ".join(words), choices, scorer=fuzz.partial_token_sort_ratio, score_cutoff=ROUGH, limit=SHORTLIST
    ) + process.extract(" ".join(words), choices, scorer=fuzz.partial_ratio, score_cutoff=ROUGH, limit=SHORTLIST)
    scores = {index: likeness(words, choices[index].split()) for _, _, index in found}
    best = sorted((-score, choices[index], index) for index, score in scores.items() if score)
    return [entries[index][0] for _, _, index in best[:most]]


def likeness(words: Sequence[str], of: Sequence[str]) -> float:
    """How well each word finds its like in a text, 0 when one finds none; the first words of the text count a little more."""
    total = 0.0
    for word in words:
        best = max((fuzz.ratio(word, other) - min(rank, 10) * 0.2 for rank, other in enumerate(of)), default=0.0)
        if best < WORD:
            return 0.0
        total += best
    mean = total / len(words)
    return mean if mean >= WHOLE else 0.0
