"""The models of paper that a school may reword, with examples to look at them. Each app above registers its own when it starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from documents.wording.syntax import Filling
from documents.wording.texts import Model, PaperText
from schools.models import School


@dataclass(frozen=True)
class Examples:
    """Fictitious cases of a paper, in a school's own name.

    `labels`: what each is called, by its key; the first is shown at once. `filling(school, key)`: what its variables and
    conditions are. `draw(school, key, text)`: the whole paper as PDF, marked as an example.
    """

    labels: Mapping[str, str]
    filling: Callable[[School, str], Filling]
    draw: Callable[[School, str, PaperText], bytes]

    def known(self, key: str) -> str:
        """The key of an example, the first one for a key that is not."""
        return key if key in self.labels else next(iter(self.labels))


@dataclass(frozen=True)
class Entry:
    model: Model
    examples: Examples
    lead: str  # one sentence on what the paper is


_entries: dict[str, Entry] = {}


def register(model: Model, examples: Examples, *, lead: str) -> None:
    """Offer a model on the pages: once, when the app above starts."""
    _entries[model.key] = Entry(model, examples, lead)


def entries() -> list[Entry]:
    """Every model, by name."""
    return sorted(_entries.values(), key=lambda entry: entry.model.name)


def entry_of(type: str) -> Entry | None:
    return _entries.get(type)
