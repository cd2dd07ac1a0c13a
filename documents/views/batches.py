"""One screen to note the signatures of many papers that came back signed: a line a paper, a column a party."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from core import notices
from core.french import plural
from core.verdict import Denied, Verdict, demand
from documents import batches, describing, permissions, selectors
from documents.enums import SIGNED, SignatureRole, SignatureStatus
from documents.models import Document, Signature
from documents.views.papers import DocumentPages, as_day
from schools.middleware import SchoolRequest
from schools.pages import back_to
from schools.permissions import allows
from schools.roles import Permission

MOST = 100
"""Papers of one screen."""
LONGEST = 8_000
S = SignatureStatus


@dataclass
class Cell:
    """One party of one paper. `may`: whether this person may tick it."""

    role: str
    signature: Signature | None
    may: bool = False
    ticked: bool = False

    @property
    def label(self) -> str:
        return SignatureRole(self.role).label

    @property
    def is_open(self) -> bool:
        return self.may and self.signature is not None and self.signature.status == S.AWAITED

    @property
    def is_signed(self) -> bool:
        return self.signature is not None and self.signature.status in SIGNED


@dataclass
class Row:
    """A paper of the batch: its cells in the order of the columns, what was typed for it, and what is wrong with that."""

    document: Document
    who: str
    host: str
    cells: list[Cell]
    day: str = ""
    error: str = ""

    @property
    def is_open(self) -> bool:
        return any(cell.is_open for cell in self.cells)


@dataclass
class Typed:
    """What the form holds: the day for all, the day of some, and the boxes ticked."""

    day: str
    days: dict[str, str] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)

    def ticks(self, document: Document, row: Signature | None, role: str) -> bool:
        """A line ticked at once is what everybody had to sign: a minor's own signature is ticked by itself."""
        key = str(document.public_id)
        whole = key in self.lines and row is not None and not row.optional
        return f"{key}:{role}" in self.boxes or role in self.columns or whole

    def day_of(self, document: Document) -> str:
        return self.days.get(str(document.public_id), "").strip() or self.day


def may_note_some(request: SchoolRequest) -> Verdict:
    """Who notes signatures of some party: the pages of each paper say which."""
    for permission in (Permission.LOG_PLACEMENT, Permission.EDIT_AGREEMENTS, Permission.SIGN_CONVENTION):
        if verdict := allows(request.membership, permission):
            return verdict
    return Denied("Les signatures sont notées par le bureau des entreprises, les enseignants et la direction.")


def _named(texts: Iterable[str]) -> list[UUID]:
    """The ids of a list written with commas, once each; what is no id is left out."""
    found: dict[UUID, None] = {}
    for text in ",".join(texts)[:LONGEST].split(","):
        try:
            found[UUID(text.strip())] = None
        except ValueError:
            continue
    return list(found)


def _wanted(request: SchoolRequest) -> tuple[list[Document], bool]:
    """The papers that the address, the form or the list names, as far as this person sees them; and whether any was named."""
    pages = DocumentPages()
    papers = selectors.with_signatures(permissions.visible_documents(request.membership)).select_related("school")
    if request.method == "POST" and (request.POST.get("tout") or request.POST.getlist("choix")):
        rows = papers.filter(pk__in=pages.selection(request).rows.order_by().values("pk"))
        return list(rows.order_by("issued_at", "number", "-edition")[: MOST + 1]), True
    source = request.POST if request.method == "POST" else request.GET
    ids = _named(source.getlist("documents"))
    if not ids:
        return [], False
    rank = {public_id: at for at, public_id in enumerate(ids)}
    found = papers.filter(public_id__in=ids[: MOST + 1])
    return sorted(found, key=lambda paper: rank[paper.public_id]), True


def _rows(request: SchoolRequest, documents: list[Document], typed: Typed) -> tuple[list[str], list[Row]]:
    """The columns, as roles, and the lines."""
    present = {row.role for document in documents for row in document.signing}  # type: ignore[attr-defined]
    roles = [role.value for role in selectors.ORDER if role.value in present]
    former = selectors.replaced(documents)
    lines = []
    for document in documents:
        is_latest = document.pk not in former and document.voided_at is None
        by_role = {row.role: row for row in document.signing}  # type: ignore[attr-defined]
        cells = []
        for role in roles:
            row = by_role.get(role)
            may = row is not None and bool(
                permissions.may_note_signature(request.membership, document, SignatureRole(role), is_latest=is_latest)
            )
            cells.append(Cell(role, row, may, typed.ticks(document, row, role)))
        told = describing.summary(document)
        lines.append(
            Row(document, told.who or told.title, told.host, cells, typed.days.get(str(document.public_id), ""))
        )
    return roles, lines


def _typed(request: SchoolRequest, today: date) -> Typed:
    posted = request.POST
    if posted.get("fait") != "1":
        return Typed(today.isoformat())
    return Typed(
        posted.get("date", "")[:20],
        {name.removeprefix("date-"): posted[name][:20] for name in posted if name.startswith("date-")},
        set(posted.getlist("signe")),
        set(posted.getlist("colonne")),
        set(posted.getlist("ligne")),
    )


def _back(request: SchoolRequest) -> str:
    """Where to go once it is done: a page of this school that the caller names, else the list as it was left."""
    wanted = (request.POST.get("retour") or request.GET.get("retour", ""))[:500]
    home = reverse("schools:home", args=[request.school.uai])
    if wanted.startswith(home) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return back_to(request, "documents:document_list")


@require_http_methods(["GET", "POST"])
def batch_paper(request: SchoolRequest) -> HttpResponse:
    """GET with `?documents=id,id`, or POST of the list's selection: the screen. POST of the screen: note what is ticked.

    Each paper is noted whole or not at all; those refused stay on the screen with what was typed and the reason.
    """
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    demand(may_note_some(request))
    now = timezone.now()
    documents, named = _wanted(request)
    back = _back(request)
    if named and not documents:
        raise Http404
    if not documents:
        notices.refused(request, "Cochez d’abord les documents de la liste.")
        return redirect(back)
    if len(documents) > MOST:
        notices.refused(request, f"Pas plus de {plural(MOST, 'document')} à la fois : ajoutez un filtre à la liste.")
        return redirect(back)
    typed = _typed(request, timezone.localdate(now))
    roles, rows = _rows(request, documents, typed)
    status, note = 200, ""
    if request.method == "POST" and request.POST.get("fait") == "1":
        lines = [
            batches.Line(
                row.document,
                [cell.signature for cell in row.cells if cell.signature is not None and cell.is_open and cell.ticked],
                as_day(typed.day_of(row.document)),
            )
            for row in rows
        ]
        lines = [line for line in lines if line.signatures]
        outcome = batches.note(lines, by=request.user, now=now)
        if outcome.signatures:
            notices.said(
                request,
                f"{plural(outcome.signatures, 'signature notée', 'signatures notées')}"
                f" sur {plural(outcome.papers, 'document')}.",
            )
        if lines and not outcome.refused:
            return redirect(back)
        status = 422
        if not lines:
            note = "Rien n’est coché : cochez les signatures que portent les papiers."
        else:
            left = plural(len(outcome.refused), "document reste à revoir", "documents restent à revoir")
            note = f"{left} : rien n’y a été noté." + (" Les autres sont enregistrés." if outcome.papers else "")
            documents, _ = _wanted(request)
            roles, rows = _rows(request, [one for one in documents if one.pk in outcome.refused], typed)
            for row in rows:
                row.error = outcome.refused[row.document.pk]
    return render(
        request,
        "documents/batch_paper.html",
        {
            "columns": [(role, SignatureRole(role).label) for role in roles],
            "rows": rows,
            "ids": ",".join(str(row.document.public_id) for row in rows),
            "open": sum(row.is_open for row in rows),
            "day": typed.day,
            "today": timezone.localdate(now).isoformat(),
            "note": note,
            "back_url": back,
            "retour": request.POST.get("retour") or request.GET.get("retour", ""),
            "list_url": back_to(request, "documents:document_list"),
        },
        status=status,
    )
