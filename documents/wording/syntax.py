"""The plain language in which staff write the texts of papers: what it allows, what is wrong with a text, how it prints.

One line is one paragraph, a line that opens with "- " is an item of a list. ``{{ variable }}`` is replaced by its value, or by
a dotted line to fill by hand. ``{% si mineur %}`` … ``{% sinon %}`` … ``{% fin %}`` keeps one passage or the other;
``{% si pas mineur %}`` is the contrary; a condition may hold others, one level deep. Case, accents and spaces inside the braces
do not matter. No HTML is understood: everything is escaped (S-24).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from core import typography

MAX_LENGTH = 6000
MOST = 8
"""Sentences said at once about one text."""

DEPTH = 2
"""A condition, and one inside it."""

BLANK = mark_safe('<span class="blank"></span>')
_VARIABLE = re.compile(r"\{\{[ \t]*(\w[\w ’'-]{0,60}?)[ \t]*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_MARK = re.compile(r"\{%[ \t]*([^\n]{0,80}?)[ \t]*%\}")
_MARK_BRACES = re.compile(r"\{%|%\}")
_ITEM = re.compile(r"\s*[-–•]\s+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
_NOT = ("pas_", "non_")


@dataclass(frozen=True)
class Filling:
    """What a text is printed with: the value of each variable (None: a line to fill by hand), and which conditions hold."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a list (its items), already escaped."""

    lines: tuple[SafeString, ...]
    is_list: bool


def folded(name: str) -> str:
    """« Travaux réglementés » → travaux_reglementes: how names in braces are compared."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


# ------------------------------------------------------------------------------------------------- what is wrong


@dataclass(frozen=True)
class _Mark:
    """A mark ``{% … %}`` of a text: its verb (si, sinon, fin or ""), the condition it names, where it stands."""

    verb: str
    condition: str
    wanted: bool
    typed: str
    start: int
    end: int


def _marks(text: str) -> Iterator[_Mark]:
    for found in _MARK.finditer(text):
        typed = found.group(1)
        words = folded(typed)
        verb, condition, wanted = "", "", True
        if words in ("sinon", "fin", "finsi", "fin_si", "fin_de_si"):
            verb = "sinon" if words == "sinon" else "fin"
        elif words.startswith("fin_"):
            verb, condition = "fin", words.removeprefix("fin_").removeprefix("si_")
        elif words == "si" or words.startswith("si_"):
            verb, condition = "si", words.removeprefix("si").lstrip("_")
            for negation in _NOT:
                if condition.startswith(negation):
                    condition, wanted = condition.removeprefix(negation), False
        yield _Mark(verb, condition, wanted, typed, found.start(), found.end())


def text_problems(text: str, *, variables: Mapping[str, str], conditions: Mapping[str, str]) -> list[str]:
    """What keeps a text from being printed, in French, with the number of the line; [] when nothing does."""
    if not text.strip():
        return ["Le texte est vide."]
    if len(text) > MAX_LENGTH:
        return [f"Le texte dépasse {MAX_LENGTH} caractères."]
    problems = []
    if _UNPRINTABLE.search(text):
        problems.append("Le texte contient un caractère qui ne s’imprime pas : retapez le passage copié.")
    problems += _condition_problems(text, conditions)
    for found in _VARIABLE.finditer(text):
        if folded(found.group(1)) not in variables:
            problems.append(
                f"Ligne {_line(text, found.start())}{typography.NO_BREAK}: « {found.group(1)} » n’est pas une variable du modèle."
            )
    for lost in _BRACES.finditer(_emptied(_VARIABLE, text)):
        problems.append(
            f"Ligne {_line(text, lost.start())}{typography.NO_BREAK}: une accolade double n’est pas refermée, ou entoure autre "
            "chose qu’une variable."
        )
        break
    return problems[:MOST]


def _condition_problems(text: str, conditions: Mapping[str, str]) -> list[str]:
    problems: list[str] = []
    opened: list[tuple[_Mark, bool]] = []  # with whether its « sinon » was met

    def say(at: int, words: str) -> None:
        problems.append(f"Ligne {_line(text, at)}{typography.NO_BREAK}: {words}")

    for mark in _marks(text):
        if mark.verb == "si":
            if not mark.condition:
                say(mark.start, "dites quelle condition suit « si ».")
            elif mark.condition not in conditions:
                say(mark.start, f"« {mark.condition} » n’est pas une condition du modèle.")
            if len(opened) >= DEPTH:
                say(mark.start, "une condition peut en contenir une autre, pas davantage.")
            opened.append((mark, False))
        elif mark.verb == "sinon":
            if not opened or opened[-1][1]:
                say(mark.start, "« sinon » n’a pas de « si » devant lui.")
            else:
                opened[-1] = (opened[-1][0], True)
        elif mark.verb == "fin":
            if not opened:
                say(mark.start, "« fin » n’a pas de « si » devant lui.")
            else:
                closed, _ = opened.pop()
                if mark.condition and mark.condition != closed.condition:
                    say(mark.start, f"« fin » referme « {closed.condition} », pas « {mark.condition} ».")
        else:
            say(mark.start, f"« {mark.typed} » n’est pas compris. Écrivez « si », « sinon » ou « fin ».")
    for mark, _ in opened:
        say(
            mark.start,
            f"la condition « {mark.condition} » n’est pas refermée. Ajoutez {{% fin %}} où le passage s’arrête.",
        )
    for lost in _MARK_BRACES.finditer(_emptied(_MARK, text)):
        say(lost.start(), "« {% » ou « %} » est seul. Une condition s’écrit sur une ligne : {% si … %}.")
        break
    return problems


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _emptied(pattern: re.Pattern[str], text: str) -> str:
    """The text with what the pattern finds blanked out: what is left keeps its place."""
    return pattern.sub(lambda found: " " * len(found.group()), text)


# ------------------------------------------------------------------------------------------------- how it prints


def kept(text: str, conditions: Mapping[str, bool]) -> str:
    """The passages whose conditions hold. A text whose marks cannot be followed stays as it is: it was never accepted so."""
    if _condition_problems(text, dict.fromkeys(conditions, "")):
        return text
    out: list[str] = []
    printed = [True]  # does the passage at each depth print?
    chosen: list[bool] = []  # did the condition at each depth hold?
    position = 0
    for mark in _marks(text):
        out.append(text[position : mark.start] if printed[-1] else "")
        position = mark.end
        match mark.verb:
            case "si":
                chosen.append(conditions[mark.condition] is mark.wanted)
                printed.append(printed[-1] and chosen[-1])
            case "sinon":
                printed[-1] = printed[-2] and not chosen[-1]
            case "fin":
                chosen.pop()
                printed.pop()
    out.append(text[position:])
    return "".join(out)


def blocks(text: str, filling: Filling | None = None) -> tuple[Block, ...]:
    """Paragraphs and lists of a text, escaped; variables are replaced, by a dotted line when they have no value.

    Without ``filling`` braces are printed as they stand (what a teacher types is not a model).
    """
    found: list[Block] = []
    items: list[SafeString] = []
    for line in (kept(text, filling.conditions) if filling else text).splitlines():
        is_item = _ITEM.match(line)
        if items and not is_item:
            found.append(Block(tuple(items), is_list=True))
            items = []
        if is_item:
            items.append(_inline(line[is_item.end() :], filling))
        elif line.strip():
            found.append(Block((_inline(line.strip(), filling),), is_list=False))
    if items:
        found.append(Block(tuple(items), is_list=True))
    return tuple(found)


def inline(text: str, filling: Filling | None = None) -> SafeString:
    """One line of text, escaped, in French typography, with its passages chosen and its variables replaced."""
    return _inline(kept(text, filling.conditions) if filling else text, filling)


def _inline(text: str, filling: Filling | None) -> SafeString:
    if filling is None:
        return conditional_escape(typography.french(text))
    out: list[SafeString] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        name = folded(found.group(1))
        if name not in filling.values:  # of a text that was never accepted: printed as it stands
            continue
        out.append(conditional_escape(typography.french(text[position : found.start()])))
        value = filling.values[name]
        out.append(conditional_escape(typography.french(value)) if value else BLANK)
        position = found.end()
    out.append(conditional_escape(typography.french(text[position:])))
    return mark_safe("".join(out))
