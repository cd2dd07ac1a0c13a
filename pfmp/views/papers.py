"""The conventions of a whole class: issue those that can be, print them, have them signed, see who is missing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import downloads, jobs, notices
from core.french import plural
from core.job_pages import job_of_the_page
from core.models import Job
from core.text import searchable
from core.verdict import demand
from documents import reminding, sheets
from documents import selectors as signing
from documents import tasks as signing_tasks
from documents.enums import ReminderKind, SignatureStatus
from documents.models import Document, Reminder, Signature
from documents.views import archives
from documents.views.papers import Marks, Missing, last_reminded
from pfmp import avenants, permissions, rules, selectors, services
from pfmp.models import Period, Placement
from pfmp.views.periods import PeriodPages
from schools.middleware import SchoolRequest
from schools.permissions import allows, visible_students
from schools.roles import Permission

FORMS = ("impression", "zip")
PDF_WAITED_FOR = timedelta(minutes=30)
"""How long links wait for the PDF of the last paper of a class."""


@dataclass(frozen=True)
class Line:
    """A paper of the class that goes round: whose, and who is missing."""

    row: selectors.Situation
    document: Document
    is_avenant: bool

    @property
    def marks(self) -> str:
        return Marks(self.document).__html__()

    @property
    def missing(self) -> str:
        """A mark for each party that is missing or refuses; empty when everyone has signed."""
        found = Missing(self.document)
        return found.__html__() if found else ""

    @property
    def reminded(self) -> object:
        return last_reminded(self.document)

    @property
    def awaited(self) -> list[Signature]:
        return signing.missing(self.document)


def lines_of(rows: list[selectors.Situation]) -> list[Line]:
    """The conventions of a class that count, and the avenants that wait: some six queries, however many pupils."""
    placements = [row.placement for row in rows if row.placement and row.document]
    found = avenants.papers_of(placements) if placements else {}
    lines = []
    for row in rows:
        if row.placement is None or row.document is None or row.document.voided_at is not None:
            continue
        lines.append(Line(row, row.document, is_avenant=False))
        if waiting := found[row.placement.dossier_id].waiting:
            lines.append(Line(row, waiting, is_avenant=True))
    signatures = selectors.signatures_of(line.document for line in lines)
    for line in lines:
        line.document.signing = signatures[line.document.pk]  # type: ignore[attr-defined]
    asked = [signature for ones in signatures.values() for signature in ones]
    sent = Reminder.objects.only("signature_id", "school_id", "sent_at").order_by("-sent_at")
    prefetch_related_objects(asked, Prefetch("reminders", queryset=sent, to_attr="sent"))
    return lines


def class_rows(request: SchoolRequest, period: Period) -> list[selectors.Situation]:
    """The pupils of a period whom this person sees."""
    pupils = visible_students(request.membership).values_list("pk", flat=True)
    return selectors.situations([period], timezone.localdate(), students=pupils)[period.pk]


def named_missing(request: SchoolRequest, lines: Iterable[Line]) -> list[Line]:
    """The lines where the party that the address names is missing; all of them without one."""
    role = (request.POST if request.method == "POST" else request.GET).get("manque", "")
    return [line for line in lines if not role or any(one.role == role for one in line.awaited)]


@require_http_methods(["GET", "POST"])
def class_conventions(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """GET: who is missing on each paper, what is held back and why, the job under way. POST: issue what can be, ask for the file."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    period = PeriodPages().find(request, public_id)
    rows = class_rows(request, period)
    may_issue = permissions.may_log(request.membership)
    waiting = [row.placement for row in rows if row.placement and row.step == "place_trouvee"]
    here = reverse("pfmp:class_conventions", args=[request.school.uai, public_id])
    if request.method == "POST":
        form = request.POST.get("forme", "")
        if form not in FORMS:
            notices.refused(request, "Choisissez un fichier à imprimer, ou un fichier ZIP.")
            return redirect(here)
        if may_issue and waiting:
            held = services.issue_class(waiting, by=request.user, now=timezone.now())
            if issued := len(waiting) - len(held):
                notices.said(request, f"{plural(issued, 'convention éditée', 'conventions éditées')}.")
            rows = class_rows(request, period)
        papers = [line.document for line in lines_of(rows) if line.document.content]
        if not papers:
            notices.warned(request, "Aucune convention n’est éditée dans cette classe : il n’y a rien à réunir.")
            return redirect(here)
        job: Job | None
        if form == "zip":
            name = f"Conventions {period.school_class.label} {period.label}"
            wanted = Document.objects.in_school(request.school).filter(pk__in=[paper.pk for paper in papers])
            job = archives.ask(request, wanted, name.replace("/", "-"))
        else:
            job = services.print_class(period, papers, by=request.user)
        return redirect(f"{here}?travail={job.public_id}" if job else here)
    lines = lines_of(rows)
    counts = Counter(one.role for line in lines for one in line.awaited)
    shown = named_missing(request, lines)
    unsigned = [line for line in shown if line.awaited]
    job = job_of_the_page(request, scope=request.school.uai)
    return render(
        request,
        "pfmp/class_conventions.html",
        {
            "period": period,
            "lines": shown,
            "complete": sum(not line.is_avenant and not line.missing for line in lines),
            "total": sum(not line.is_avenant for line in lines),
            "parties": [
                (role.value, signing.SIGNERS[role], counts[role.value]) for role in signing.ORDER if counts[role]
            ],
            "missing_role": request.GET.get("manque", ""),
            "to_sign": len(unsigned),
            "batch_url": batch_url(request, unsigned, here),
            "signatures_url": reverse("pfmp:class_signatures", args=[request.school.uai, public_id]),
            "held": held_back(waiting),
            "without": sum(row.needs_place for row in rows),
            "may_issue": may_issue,
            "may_write": allows(request.membership, Permission.EDIT_SCHOOL),
            "job": job,
            "job_title": jobs.label(job) if job else "",
            "job_heading": "Les liens demandés"
            if job and job.kind == signing_tasks.send_links.name
            else "Le fichier demandé",
            "here": here,
            "back_url": period.get_absolute_url(),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )


def batch_url(request: SchoolRequest, lines: list[Line], here: str) -> str:
    """The screen where the signatures of these papers are noted at once; it comes back here."""
    ids = ",".join(str(line.document.public_id) for line in lines)
    return f"{reverse('documents:batch_paper', args=[request.school.uai])}?documents={ids}&retour={here}"


@require_POST
def class_signatures(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Have the papers of a class signed: send the links, remind who is missing, or print the sheets with their QR codes."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    demand(permissions.may_log(request.membership))
    period = PeriodPages().find(request, public_id)
    here = reverse("pfmp:class_conventions", args=[request.school.uai, public_id])
    lines = [line for line in named_missing(request, lines_of(class_rows(request, period))) if line.awaited]
    documents = [line.document for line in lines]
    if not documents:
        notices.warned(request, "Aucune convention de cette classe n’attend de signature.")
        return redirect(here)
    match request.POST.get("faire", ""):
        case "liens":
            return redirect(f"{here}?travail={send_links(request, documents).public_id}")
        case "relancer":
            outcome = reminding.remind(
                asked_of(request, documents), kind=ReminderKind.MANUAL, by=request.user, now=timezone.now()
            )
            (notices.said if outcome.messages else notices.warned)(request, outcome.sentence)
        case "feuillets":
            try:
                pdf = sheets.sheets(sheets.rows_of(documents), by=request.user, now=timezone.now())
            except ValidationError as error:
                notices.refused(request, error.messages[0])
            else:
                words = searchable(period.school_class.code, period.label, limit=80).replace(" ", "-")
                return downloads.attachment(pdf, "application/pdf", f"feuillets-{words}.pdf")
        case _:
            notices.refused(request, "Choisissez quoi faire : envoyer les liens, relancer, ou imprimer les feuillets.")
    return redirect(here)


def asked_of(request: SchoolRequest, documents: list[Document]) -> list[Signature]:
    """The signatures that these papers wait for; only the named party's when the page is filtered."""
    role = request.POST.get("manque", "")
    rows = Signature.objects.in_school(request.school).filter(document__in=documents, status=SignatureStatus.AWAITED)
    rows = rows.filter(optional=False)
    return list(
        (rows.filter(role=role) if role else rows)
        .select_related("school", "document__school")
        .order_by("document__issued_at", "document", "turn", "pk")
    )


def send_links(request: SchoolRequest, documents: list[Document]) -> Job:
    """Ask for the first message to everyone whose turn has come; a paper whose PDF is being made is waited for."""
    return jobs.enqueue(
        signing_tasks.send_links,
        by=request.user,
        scope=request.school.uai,
        document_ids=[document.pk for document in documents],
        batch=str(uuid4()),
        until=(timezone.now() + PDF_WAITED_FOR).isoformat(),
        by_id=request.user.pk,
    )


def held_back(waiting: list[Placement]) -> list[tuple[Placement, str]]:
    """Places found whose convention is not issued yet: with the first reason that holds it back, or none."""
    found = []
    if waiting:
        for placement, facts in zip(waiting, selectors.placement_facts(waiting), strict=True):
            obstacles = services.obstacles(placement, rules.check(facts))
            found.append((placement, obstacles[0] if obstacles else ""))
    return found
