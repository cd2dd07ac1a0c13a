"""The editable text of the PFMP convention: the default model, a school's own version, and the variables of both.

Users write plain text: one line is one paragraph, a line that opens with "- " is an item of a list, and
``{{ variable }}`` is replaced. No HTML is understood: everything is escaped (S-24).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from core import typography

FOLDER = Path(__file__).parent
CURRENT = "1"  # older files stay beside: a paper issued under their version is drawn from them
MAX_LENGTH = 6000

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "etablissement": "nom de l’établissement",
        "chef_etablissement": "nom du chef d’établissement",
        "organisme": "raison sociale de l’organisme d’accueil",
        "eleve": "prénom et nom de l’élève",
        "classe": "classe de l’élève",
        "diplome": "diplôme préparé",
        "tuteur": "nom du tuteur",
        "referent": "nom de l’enseignant référent",
        "date_debut": "premier jour de la période",
        "date_fin": "dernier jour de la période",
        "duree": "durée totale en heures",
        "duree_hebdomadaire": "durée d’une semaine",
        "annee": "année scolaire",
        "deliberation": "date de la délibération du conseil d’administration",
    }
)

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_ITEM = re.compile(r"\s*[-–•]\s+")
BLANK = mark_safe('<span class="blank"></span>')


class PaperTextError(ValueError):
    """A text of the model cannot be printed; its message says why, in French."""


@dataclass(frozen=True)
class Article:
    number: int
    title: str
    text: str


@dataclass(frozen=True)
class PaperText:
    """All the words of a version of the model."""

    version: str
    title: str
    visas: tuple[str, ...]
    articles: tuple[Article, ...]
    annexes: Mapping[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        """What a school may replace: "1" to "21", then the names of the annexes' texts."""
        return (*(str(article.number) for article in self.articles), *self.annexes)

    def with_own(self, texts: Mapping[str, str], *, version: str) -> PaperText:
        """This model with a school's own texts, by key; the others stay.

        Raises PaperTextError for an unknown key or a text with a problem (see ``text_problems``).
        """
        own = {str(key): text for key, text in texts.items()}
        for key, text in own.items():
            if key not in self.keys:
                raise PaperTextError(f"Le modèle n’a pas de texte « {key} ».")
            if problems := text_problems(text):
                raise PaperTextError(f"Texte « {key} » : {problems[0]}")
        return replace(
            self,
            version=version,
            articles=tuple(replace(a, text=own.get(str(a.number), a.text)) for a in self.articles),
            annexes={key: own.get(key, text) for key, text in self.annexes.items()},
        )


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a list (its items), already escaped."""

    lines: tuple[SafeString, ...]
    is_list: bool


@lru_cache(maxsize=8)
def default(version: str = CURRENT) -> PaperText:
    """The model that is shipped: 21 articles and the texts of the annexes. Raises PaperTextError for another version."""
    path = FOLDER / f"convention_v{version}.toml"
    if not version.isdigit() or not path.is_file():
        raise PaperTextError(f"Le modèle de convention n’a pas de version « {version} ».")
    data = tomllib.loads(path.read_text("utf-8"))
    return PaperText(
        version=data["version"],
        title=data["title"],
        visas=tuple(data["visas"]),
        articles=tuple(Article(**article) for article in data["articles"]),
        annexes=MappingProxyType(data["annexes"]),
    )


def text_problems(text: str) -> list[str]:
    """What keeps a school's own text from being printed; shown by its form."""
    problems = []
    if not text.strip():
        problems.append("Le texte est vide.")
    if len(text) > MAX_LENGTH:
        problems.append(f"Le texte dépasse {MAX_LENGTH} caractères.")
    unknown = sorted({name for name in _VARIABLE.findall(text) if name not in VARIABLES})
    problems += [f"« {name} » n’est pas une variable du modèle." for name in unknown]
    if _BRACES.search(_VARIABLE.sub("", text)):
        problems.append("Une accolade double n’est pas refermée, ou entoure autre chose qu’une variable.")
    return problems


def blocks(text: str, values: Mapping[str, str | None] | None = None) -> tuple[Block, ...]:
    """Paragraphs and lists of a text, escaped; variables are replaced, by a dotted line when they have no value.

    Without ``values`` braces are printed as they stand (what a teacher types is not a model).
    """
    found: list[Block] = []
    items: list[SafeString] = []
    for line in text.splitlines():
        is_item = _ITEM.match(line)
        if items and not is_item:
            found.append(Block(tuple(items), is_list=True))
            items = []
        if is_item:
            items.append(inline(line[is_item.end() :], values))
        elif line.strip():
            found.append(Block((inline(line.strip(), values),), is_list=False))
    if items:
        found.append(Block(tuple(items), is_list=True))
    return tuple(found)


def inline(text: str, values: Mapping[str, str | None] | None = None) -> SafeString:
    """One line of text, escaped, in French typography, with the variables replaced."""
    if values is None:
        return conditional_escape(typography.french(text))
    parts = _VARIABLE.split(text)  # text, name, text, name, …, text
    out = [
        conditional_escape(typography.french(part)) if i % 2 == 0 else _value(part, values)
        for i, part in enumerate(parts)
    ]
    return mark_safe("".join(out))


def _value(name: str, values: Mapping[str, str | None]) -> SafeString:
    if name not in VARIABLES:
        raise PaperTextError(f"« {name} » n’est pas une variable du modèle.")
    value = values.get(name)
    return conditional_escape(typography.french(value)) if value else BLANK
