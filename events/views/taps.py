"""What a page of taps sends: for each line what was shown (`etait-…`) and what is said now (`est-…`)."""

from uuid import UUID

from events.presence import Said
from schools.middleware import SchoolRequest

SHOWN, NOW = "etait-", "est-"
WORDS: dict[str, bool | None] = {"oui": True, "non": False, "": None}
MOST = 2_000
"""Lines read from one post."""


def said_in(request: SchoolRequest) -> dict[str, tuple[bool | None, bool | None]]:
    """Public id → (what the page showed, what is said); lines that say nothing readable are left out."""
    found: dict[str, tuple[bool | None, bool | None]] = {}
    for name, value in list(request.POST.items())[: 2 * MOST]:
        key = name.removeprefix(NOW)
        if not name.startswith(NOW) or value not in WORDS or not _is_uuid(key):
            continue
        shown = request.POST.get(SHOWN + key, "")
        if shown in WORDS:
            found[str(UUID(key))] = (WORDS[shown], WORDS[value])
    return found


def moved(said: Said) -> list[tuple[str, str]]:
    """The lines that a post changed, with the word that the page now shows."""
    words = {value: word for word, value in WORDS.items()}
    return [(key, words[new]) for key, (old, new) in said.items() if old != new]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
