"""The pages of an import: its file, its columns, its dry run, what came in."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import downloads, french, notices
from core.models import JobState
from core.verdict import demand
from schools.enums import ImportState
from schools.importing import mapping, running, services
from schools.importing.forms import PREFIX, ColumnsForm, FileForm, LayoutForm
from schools.importing.kinds import CREATE, KINDS, SAME, SKIP, Kind, Outcome, by_slug
from schools.middleware import SchoolRequest
from schools.models import TableImport
from schools.permissions import allows

S = ImportState
PAGE = 50
SIZES = ("25", "50", "100", "200")
DOUBLE_PREFIX = "ligne-"
TEMPLATE_FORMATS = ("xlsx", "csv")


def _kind(request: SchoolRequest, slug: str) -> Kind:
    kind = by_slug(slug)
    if kind is None:
        raise Http404
    demand(allows(request.membership, kind.permission))
    return kind


def _record(request: SchoolRequest, public_id: UUID) -> tuple[TableImport, Kind]:
    """An import of this school, and its kind, for who may import that kind: 404 for any other (S-03)."""
    granted = [kind for kind in KINDS.values() if allows(request.membership, kind.permission)]
    if not granted:
        demand(allows(request.membership, next(iter(KINDS.values())).permission))
    record = (
        TableImport.objects.in_school(request.school)
        .filter(public_id=public_id, kind__in=[kind.name for kind in granted])
        .select_related("created_by")
        .first()
    )
    if record is None:
        raise Http404
    record.school = request.school
    services.settle(record, services.job_of(record), keep=request.method == "POST")
    return record, KINDS[record.kind]


def _at(request: SchoolRequest, name: str, *args: object) -> str:
    return reverse(f"schools:table_import_{name}", args=[request.school.uai, *args])


def _to(record: TableImport, **query: str) -> HttpResponseRedirect:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return redirect(f"{record.get_absolute_url()}?{asked}" if asked else record.get_absolute_url())


@require_GET
def table_import_list(request: SchoolRequest) -> HttpResponse:
    """What can be imported, and the imports of the past."""
    kinds = [kind for kind in KINDS.values() if allows(request.membership, kind.permission)]
    if not kinds:
        demand(allows(request.membership, next(iter(KINDS.values())).permission))
    past = (
        TableImport.objects.in_school(request.school)
        .filter(kind__in=[kind.name for kind in kinds])
        .select_related("created_by", "school")
        .defer("layout", "mapping", "options", "report", "journal")
        .order_by("-created_at", "-pk")
    )
    page = Paginator(past, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "schools/table_import_list.html",
        {
            "kinds": [(kind, _at(request, "new", kind.slug)) for kind in kinds],
            "page": page,
            "lines": [(record, KINDS[record.kind].plural) for record in page],
        },
    )


@require_http_methods(["GET", "POST"])
def table_import_new(request: SchoolRequest, slug: str) -> HttpResponse:
    """Choose a file; its reading begins when it is sent."""
    kind = _kind(request, slug)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        return _to(services.receive(request.school, kind, form.cleaned_data["fichier"], by=request.user))
    context = {
        "kind": kind,
        "form": form,
        "list_url": _at(request, "list"),
        "templates": [
            (downloads.FORMATS[format_][0], _at(request, "template", kind.slug, format_))
            for format_ in TEMPLATE_FORMATS
        ],
    }
    return render(request, "schools/table_import_new.html", context, status=422 if form.errors else 200)


@require_GET
def table_import_template(request: SchoolRequest, slug: str, format_: str) -> HttpResponse:
    """An empty file with our headers and one made-up line."""
    kind = _kind(request, slug)
    if format_ not in TEMPLATE_FORMATS:
        raise Http404
    fields = [one for one in kind.fields if one.in_template]
    headers, example = [one.label for one in fields], [[one.example for one in fields]]
    return downloads.table(format_, f"modele-{kind.slug}", kind.plural, headers, example)


@require_GET
def table_import_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Where the import is: the work under way, its columns, its dry run, or what came in."""
    record, kind = _record(request, public_id)
    job = services.job_of(record)
    if "HX-Request" in request.headers and request.headers.get("HX-Target") != "lignes":
        if job is None or not job.is_alive:
            return HttpResponse(headers={"HX-Refresh": "true"})  # the work is over: the page has more to show
        response = render(request, "schools/partials/table_import_job.html", {"job": job, "title": _doing(record)})
        patch_vary_headers(response, ["HX-Request"])
        return response
    if job is not None and job.is_alive:
        return _page(request, record, kind, "schools/table_import_job.html", {"job": job, "title": _doing(record)})
    failed = job if job is not None and job.state != JobState.DONE else None
    match record.state:
        case S.MAPPING:
            return columns_page(request, record, kind, job=failed)
        case S.CHECKED if request.GET.get("etape") == "colonnes":
            return columns_page(request, record, kind)
        case S.CHECKED:
            return checked_page(request, record, kind, job=failed)
        case S.APPLIED | S.UNDONE:
            return done_page(request, record, kind, job=failed)
        case S.REFUSED:
            context = {"refusal": record.report.get("refused", "")}
            return _page(request, record, kind, "schools/table_import_refused.html", context)
        case _:
            return _page(request, record, kind, "schools/table_import_job.html", {"job": job, "title": _doing(record)})


def _doing(record: TableImport) -> str:
    return {
        S.READING: "Lecture du fichier",
        S.CHECKING: "Contrôle des lignes",
        S.APPLYING: "Import des lignes",
        S.APPLIED: "Annulation de l’import",
    }.get(S(record.state), "Travail sur le fichier")


STEPS = {S.READING: 1, S.REFUSED: 1, S.MAPPING: 2, S.CHECKING: 3, S.CHECKED: 3, S.APPLYING: 4}


def _page(
    request: SchoolRequest, record: TableImport, kind: Kind, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    names = ("columns", "layout", "decide", "apply", "undo", "discard", "rejected")
    urls = {f"{name}_url": _at(request, name, record.public_id) for name in names}
    shared = {
        "record": record,
        "kind": kind,
        "step": STEPS.get(S(record.state), 4),
        "list_url": _at(request, "list"),
        "new_url": _at(request, "new", kind.slug),
        "page_url": record.get_absolute_url(),
        "may_discard": record.state in services.OPEN,
        **urls,
    }
    return render(request, template, shared | context, status=status)


# ------------------------------------------------------------------------------------------------ columns
def columns_page(
    request: SchoolRequest,
    record: TableImport,
    kind: Kind,
    *,
    form: ColumnsForm | None = None,
    options: Any = None,
    job: Any = None,
    status: int = 200,
) -> HttpResponse:
    """Each field with its column, three values, and what is left aside."""
    layout = mapping.UNREAD | record.layout
    if form is None:
        form = ColumnsForm(
            kind=kind,
            layout=layout,
            initial={PREFIX + name: str(column) for name, column in record.mapping.items()},
        )
    if options is None:
        kept = record.options.get("form")
        options = kind.options(initial=kept or None, school=request.school)
    chosen = {line["field"].name: int(line["chosen"]) for line in form.lines if line["chosen"].isdigit()}
    context = {
        "step": 2,
        "form": form,
        "found": [line for line in form.lines if line["chosen"] or line["bound"].errors],
        "others": [line for line in form.lines if not line["chosen"] and not line["bound"].errors],
        "options": options,
        "layout": layout,
        "layout_form": LayoutForm(layout=layout),
        "ignored": mapping.ignored(kind, layout, chosen),
        "job": job,
    }
    return _page(request, record, kind, "schools/table_import_columns.html", context, status)


@require_POST
def table_import_layout(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Read the file in another way."""
    record, kind = _record(request, public_id)
    form = LayoutForm(request.POST, layout=record.layout)
    if not form.is_valid():
        notices.refused(request, "Cette façon de lire le fichier n’est pas possible : choisissez dans les listes.")
    elif not services.read_again(record, form.asked(record.layout), by=request.user):
        notices.refused(request, "Cet import est déjà fait : envoyez le fichier de nouveau pour le lire autrement.")
    return _to(record)


@require_POST
def table_import_columns(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Keep the columns; the dry run begins."""
    record, kind = _record(request, public_id)
    if "filled" not in record.layout or record.state not in (S.MAPPING, S.CHECKING, S.CHECKED):
        notices.refused(request, "Les colonnes de cet import ne se changent plus.")
        return _to(record)
    form = ColumnsForm(request.POST, kind=kind, layout=record.layout)
    options = kind.options(request.POST, school=request.school)
    valid = form.is_valid()
    if not options.is_valid() or not valid:
        return columns_page(request, record, kind, form=form, options=options, status=422)
    chosen = {name: options.data.get(name, "") for name in options.fields if name in options.data}
    if not services.choose_columns(record, form.mapping, chosen, by=request.user):
        notices.refused(request, "Les colonnes de cet import ne se changent plus.")
    return _to(record)


# ------------------------------------------------------------------------------------------------ dry run
SHOWN = (Outcome.CREATED, Outcome.UPDATED, Outcome.DOUBLE, Outcome.REJECTED, Outcome.SKIPPED, Outcome.UNCHANGED)
REMARKS = "remarques"


def _choice_word(choice: str, line: dict[str, Any]) -> str:
    if choice == CREATE:
        return "Nouvelle fiche"
    if choice == SKIP:
        return "Ligne ignorée"
    label = next((c["label"] for c in line.get("candidates", ()) if f"{SAME}{c['key']}" == choice), "")
    return f"C’est {label}" if label else ""


def _lines(request: SchoolRequest, record: TableImport) -> tuple[list[dict[str, Any]], str]:
    """The lines of the report that the address asks for."""
    asked = request.GET.get("voir", "")
    lines = record.report.get("lines", [])
    if asked == REMARKS:
        return [line for line in lines if line.get("remarks")], asked
    if asked and asked not in [outcome.value for outcome in Outcome]:
        raise BadRequest
    return [line for line in lines if not asked or line["outcome"] == asked], asked


def _doubles(record: TableImport) -> list[tuple[dict[str, Any], str]]:
    """The probable doubles of the report, each with what was decided of it ("" for nothing yet)."""
    decisions = record.options.get("decisions", {})
    return [
        (line, decisions.get(str(line["line"]), ""))
        for line in record.report.get("lines", ())
        if line["outcome"] == Outcome.DOUBLE
    ]


def _report_context(request: SchoolRequest, record: TableImport) -> dict[str, Any]:
    lines, asked = _lines(request, record)
    decisions = record.options.get("decisions", {})
    size = request.GET.get("par_page", "")
    page = Paginator(lines, int(size) if size in SIZES else PAGE).get_page(request.GET.get("page"))
    for line in page:
        line["decision"] = decisions.get(str(line["line"]), "")
        line["decision_word"] = _choice_word(line["decision"], line)
        line["choices"] = [
            *((f"{SAME}{one['key']}", f"C’est {one['label']}", one["why"]) for one in line.get("candidates", ())),
            (CREATE, "Créer une nouvelle fiche", ""),
            (SKIP, "Ignorer la ligne", ""),
        ]
    counts = {outcome.value: 0 for outcome in Outcome} | record.report.get("counts", {})
    doubles = _doubles(record)
    entries = [(outcome.value, counts[outcome.value]) for outcome in SHOWN if counts.get(outcome.value)]
    if record.report.get("remarks"):
        entries.append((REMARKS, record.report["remarks"]))
    return {
        "page": page,
        "asked": asked,
        "entries": entries,
        "total": sum(counts.values()),
        "counts": counts,
        "undecided": sum("candidates" in line and not decision for line, decision in doubles),
        "doubles": len(doubles),
        "prefix": DOUBLE_PREFIX,
    }


def checked_page(request: SchoolRequest, record: TableImport, kind: Kind, *, job: Any = None) -> HttpResponse:
    """What each line would do; nothing is written yet."""
    context = _report_context(request, record)
    taken = sum(decision not in ("", SKIP) for _, decision in _doubles(record))
    writes = record.report.get("new", 0) + record.report.get("changes", 0) + taken
    context |= {
        "ignored": mapping.ignored(kind, record.layout, record.mapping),
        "is_new": writes > 0,
        "columns_page_url": f"{record.get_absolute_url()}?etape=colonnes",
        "job": job,
    }
    return _page(request, record, kind, "schools/table_import_checked.html", context)


@require_POST
def table_import_decide(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Keep what was said of probable doubles: line by line, or for all that are still open."""
    record, _ = _record(request, public_id)
    choices = {
        int(name.removeprefix(DOUBLE_PREFIX)): str(value)
        for name, value in request.POST.items()
        if name.startswith(DOUBLE_PREFIX) and name.removeprefix(DOUBLE_PREFIX).isdecimal() and len(name) < 20
    }
    everything = request.POST.get("tous", "")
    if everything not in ("", "est", CREATE, SKIP):
        raise BadRequest
    count = services.decide(record, choices, everything=everything)
    if record.state != S.CHECKED:
        notices.refused(request, "Cet import n’attend plus de choix.")
    elif count:
        notices.said(request, "Choix enregistré." if count == 1 else f"{count} choix enregistrés.")
    query = {"voir": Outcome.DOUBLE.value}
    query |= {name: value for name in ("page", "par_page") if (value := request.POST.get(name, "")[:6]).isdecimal()}
    return _to(record, **query)


@require_POST
def table_import_apply(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Write what was checked. The data may have changed since: everything is planned again."""
    record, _ = _record(request, public_id)
    if not services.ask_apply(record, by=request.user):
        notices.refused(request, "Cet import n’est pas prêt : contrôlez-le d’abord.")
    return _to(record)


@require_GET
def table_import_rejected(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The rejected lines and what to correct in each, for a spreadsheet."""
    record, kind = _record(request, public_id)
    headers = ("Ligne", french.both(kind.noun)[0].capitalize(), "Colonne", "Valeur", "À corriger")
    rows = [
        (line["line"], line["title"], remark["column"], remark["value"], remark["sentence"])
        for line in record.report.get("lines", ())
        if line["outcome"] == Outcome.REJECTED
        for remark in line.get("remarks", ())
    ]
    return downloads.table("csv", f"a-corriger-{kind.slug}", kind.plural, headers, rows)


# ------------------------------------------------------------------------------------------------ done
def done_page(request: SchoolRequest, record: TableImport, kind: Kind, *, job: Any = None) -> HttpResponse:
    """What came in, and the way back."""
    context = _report_context(request, record) | {
        "results_url": kind.results_url(record),
        "may_undo": services.may_undo(record, timezone.now()),
        "until": record.applied_at + running.KEEP if record.applied_at else None,
        "undone": record.report.get("undone"),
        "said": _undone_said(record),
        "forgotten": record.report.get("forgotten", False),
        "job": job,
    }
    return _page(request, record, kind, "schools/table_import_done.html", context)


def _undone_said(record: TableImport) -> str:
    undone = record.report.get("undone")
    if not undone:
        return ""
    removed = french.plural(undone["removed"], "fiche retirée", "fiches retirées")
    restored = french.plural(undone["restored"], "fiche remise", "fiches remises")
    return f"{removed}, {restored} comme avant." if undone["restored"] else f"{removed}."


@require_POST
def table_import_undo(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take back what came in."""
    record, _ = _record(request, public_id)
    if verdict := services.may_undo(record, timezone.now()):
        services.ask_undo(record, by=request.user)
    else:
        notices.refused(request, verdict.reason)
    return _to(record)


@require_POST
def table_import_discard(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Forget a file that was not imported."""
    record, _ = _record(request, public_id)
    if not services.give_up(record, by=request.user):
        notices.refused(request, "Cet import est fait : annulez-le plutôt.")
        return _to(record)
    notices.said(request, "Le fichier envoyé est effacé. Les données du lycée n’ont pas changé.")
    return redirect("schools:table_import_list", request.school.uai)
