"""A model of paper: its shipped texts in TOML, the variables and conditions that they may use, a school's own texts in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from django.utils.safestring import SafeString

from core import typography
from documents.enums import DocumentType
from documents.wording import syntax

OWN = "+lycee-"
"""Between the version of the model and that of the school's own texts: « 1+lycee-3 »."""


class PaperTextError(ValueError):
    """A text of the model cannot be printed; its message says why, in French."""


@dataclass(frozen=True)
class Article:
    number: int
    title: str
    text: str
    shows: str = ""  # what the paper lists under it, from its own content


@dataclass(frozen=True)
class PaperText:
    """All the words of a version of a model."""

    model: Model
    version: str
    title: str
    visas: tuple[str, ...]
    articles: tuple[Article, ...]
    annexes: Mapping[str, str] = field(default_factory=dict)
    openings: Mapping[str, str] = field(default_factory=dict)  # what stands before the first article

    @property
    def words(self) -> dict[str, str]:
        """Each text that a school may replace, in the order of the paper: openings, "1" to the last article, annexes."""
        return {**self.openings, **{str(one.number): one.text for one in self.articles}, **self.annexes}

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.words)

    @property
    def titles(self) -> dict[str, str]:
        """What people call each text: « Article 4. Horaires », « Annexe : suivi »."""
        articles = {str(one.number): f"Article {one.number}. {typography.french(one.title)}" for one in self.articles}
        return {key: articles.get(key) or self.model.titles.get(key, key.replace("_", " ")) for key in self.keys}

    def with_own(self, texts: Mapping[str, str], *, version: str) -> PaperText:
        """This model with a school's own texts, by key; the others stay.

        Raises PaperTextError for an unknown key or a text with a problem.
        """
        for key, text in texts.items():
            if str(key) not in self.keys:
                raise PaperTextError(f"Le modèle n’a pas de texte « {key} ».")
            if problems := self.model.text_problems(text):
                raise PaperTextError(f"Texte « {key} » : {problems[0]}")
        return self.as_stored(texts, version=version)

    def as_stored(self, texts: Mapping[str, str], *, version: str) -> PaperText:
        """The same from texts that were accepted once: a later engine that is stricter still prints them."""
        own = {str(key): text for key, text in texts.items()}
        return replace(
            self,
            version=version,
            articles=tuple(replace(a, text=own.get(str(a.number), a.text)) for a in self.articles),
            annexes={key: own.get(key, text) for key, text in self.annexes.items()},
            openings={key: own.get(key, text) for key, text in self.openings.items()},
        )

    def printed_visas(self, filling: syntax.Filling) -> list[SafeString]:
        """The visas whose conditions hold."""
        return [line for visa in self.visas if (line := syntax.inline(visa, filling)).strip()]


@dataclass(frozen=True, eq=False)
class Model:
    """A kind of paper whose words a school may change.

    `variables` and `conditions`: each name with its meaning in French. `titles`: what texts other than articles are called.
    """

    type: DocumentType
    name: str  # « Convention de PFMP »; a type of paper with several models has one of each name
    folder: Path
    stem: str  # of its files: <stem>_v1.toml; older ones stay beside, papers issued under them are drawn from them
    current: str
    variables: Mapping[str, str]
    conditions: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    own_key: str = ""  # where several models are of one type

    @property
    def key(self) -> str:
        """What addresses and a school's own versions call it."""
        return self.own_key or self.type.value

    def default(self, version: str | None = None) -> PaperText:
        """The texts that are shipped, the current version by default. Raises PaperTextError for another version."""
        return _shipped(self, self.current if version is None else version)

    def text_problems(self, text: str) -> list[str]:
        """What keeps a school's own text from being printed; shown by its form."""
        return syntax.text_problems(text, variables=self.variables, conditions=self.conditions)


@cache
def _shipped(model: Model, version: str) -> PaperText:
    path = model.folder / f"{model.stem}_v{version}.toml"
    if not (version.isascii() and version.isdigit()) or not path.is_file():
        raise PaperTextError(f"Le modèle « {model.name} » n’a pas de version « {version} ».")
    data = tomllib.loads(path.read_text("utf-8"))
    return PaperText(
        model=model,
        version=data["version"],
        title=data["title"],
        visas=tuple(data["visas"]),
        articles=tuple(Article(**article) for article in data["articles"]),
        annexes=MappingProxyType(data.get("annexes", {})),
        openings=MappingProxyType(data.get("openings", {})),
    )
