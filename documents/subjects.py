"""What papers speak of. Papers stand below placements and agreements: each app above says here how its own behave."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from core.pdf import Drawing
from core.verdict import ALLOWED, Denied, Verdict
from documents.enums import SignatureRole, Subject
from documents.models import Document
from schools.models import Membership, School


def _nobody(membership: Membership, document: Document, role: SignatureRole) -> Verdict:
    return Denied("Les signatures de ce document ne se notent pas ici.")


def _nothing(document: Document, *, by: Any) -> None:
    return None


def _no_day(document: Document) -> date | None:
    return None


def _no_folder(documents: Iterable[Document]) -> Mapping[int, str]:
    return {}


def _no_class(school: School, class_ids: Iterable[int]) -> Q:
    return Q(pk__in=())


class Person(NamedTuple):
    """Someone to write to: the name, where links and codes go; texts are empty when not on file."""

    name: str
    email: str
    phone: str


def _no_one_else(document: Document, role: SignatureRole) -> Sequence[Person]:
    return ()


@dataclass(frozen=True)
class Mark:
    """What stands in a box of the paper once signed: the role, the words (« Signé en ligne le … »), in whose name."""

    role: SignatureRole
    name: str
    words: str
    capacity: str = ""


DrawSigned = Callable[[Document, Sequence[Mark]], Drawing]
"""The HTML of the paper with the marks in its boxes, its title, styles and fit; `documents.sealing` makes the file: it adds the
page of proof and the attachments, and seals. See `pfmp.documents.draw_signed`."""


@dataclass(frozen=True)
class Kind:
    """How the papers about one kind of thing behave.

    `own`: which of them a role limited to its own pupils sees. `link`: (words, address) of the thing, empty when it is gone.
    `may_sign`: may this person note the signature of that role? `signatures_changed`: called in the same transaction.
    `prepare`: ask for the PDF of a paper from its frozen content; None when this kind cannot be drawn again.
    `draw_signed`: the paper drawn again from its frozen content with who signed in the boxes; None when it cannot be.
    `sign_before`: the last day a link may sign, besides the school's setting (a placement's start, S-18); None without any.
    `apply_proposal`: called as `apply_proposal(proposal, by=user, now=now)` in the transaction that accepts it: what it changes,
    people, then a new version of the paper if its words change. The addresses on the signature of a correction are already
    changed by then. It raises ValidationError when it cannot be done, and nothing is accepted.
    `folders`: the folder of each paper in an archive (its class, its partner), by primary key.
    `of_classes`: which papers speak of pupils of these classes of the school.
    `keep_file`: draw the PDF of a paper and keep it, here and now, when it has none yet; None when it cannot be drawn.
    `also_asked`: who else may give the signature of a role, besides the person of the row: the second guardian. Each gets a
    link of their own to the same row; the first who signs counts.
    """

    own: Callable[[Membership], Q]
    link: Callable[[Document], tuple[str, str]]
    may_sign: Callable[[Membership, Document, SignatureRole], Verdict] = _nobody
    signatures_changed: Callable[..., None] = _nothing
    prepare: Callable[..., Any] | None = None
    draw_signed: DrawSigned | None = None
    sign_before: Callable[[Document], date | None] = _no_day
    apply_proposal: Callable[..., None] | None = None
    folders: Callable[[Iterable[Document]], Mapping[int, str]] = _no_folder
    of_classes: Callable[[School, Iterable[int]], Q] = _no_class
    keep_file: Callable[[Document], None] | None = None
    also_asked: Callable[[Document, SignatureRole], Sequence[Person]] = _no_one_else


_kinds: dict[str, Kind] = {}


def register(subject: Subject, kind: Kind) -> None:
    """Say how the papers about a subject behave: once, when the app above starts."""
    _kinds[subject.value] = kind


def own_papers(membership: Membership) -> Q:
    """The papers that a role limited to its own pupils sees: none of a subject that nobody described."""
    found = Q(pk__in=())
    for subject, kind in _kinds.items():
        found |= Q(subject=subject) & kind.own(membership)
    return found


def link_of(document: Document) -> tuple[str, str]:
    """What the paper is about, in words, and its address; two empty texts when unknown."""
    kind = _kinds.get(document.subject)
    return kind.link(document) if kind else ("", "")


def may_sign(membership: Membership, document: Document, role: SignatureRole) -> Verdict:
    kind = _kinds.get(document.subject)
    return kind.may_sign(membership, document, role) if kind else _nobody(membership, document, role)


def may_prepare(membership: Membership, document: Document) -> Verdict:
    """May the PDF of this paper be asked for? Whoever sees the paper may, when it was issued here."""
    kind = _kinds.get(document.subject)
    if document.content and kind and kind.prepare:
        return ALLOWED
    return Denied("Ce document a été importé sans son contenu : son PDF ne peut pas être refait ici.")


def prepare(document: Document, *, by: Any) -> None:
    """Ask for the PDF; nothing for a kind that cannot be drawn."""
    kind = _kinds.get(document.subject)
    if kind and kind.prepare:
        kind.prepare(document, by=by)


def signatures_changed(document: Document, *, by: Any) -> None:
    """Tell the app above, in the transaction of the change."""
    if kind := _kinds.get(document.subject):
        kind.signatures_changed(document, by=by)


def kind_of(document: Document) -> Kind | None:
    """How the papers about this one's subject behave; None when nobody said."""
    return _kinds.get(document.subject)


def also_asked(document: Document, role: SignatureRole) -> Sequence[Person]:
    """Who else may give the signature of this role: a second guardian with a name; nobody for most papers."""
    kind = _kinds.get(document.subject)
    return kind.also_asked(document, role) if kind else ()


def papers_of_classes(school: School, class_ids: Iterable[int]) -> Q:
    """The papers that speak of pupils of these classes."""
    wanted = list(class_ids)
    found = Q(pk__in=())
    for subject, kind in _kinds.items():
        found |= Q(subject=subject) & kind.of_classes(school, wanted)
    return found


def folders_of(documents: Iterable[Document]) -> dict[int, str]:
    """The folder of each paper in an archive, by primary key; none for a paper whose subject says nothing."""
    by_subject: dict[str, list[Document]] = {}
    for document in documents:
        by_subject.setdefault(document.subject, []).append(document)
    found: dict[int, str] = {}
    for subject, papers in by_subject.items():
        if kind := _kinds.get(subject):
            found |= kind.folders(papers)
    return found
