"""The pages of one kind of record: list, page, new, edit, delete. Declared once per kind, drawn the same everywhere.

A subclass names the model, its form, its filters, the columns of its list and the two permissions; what is special to a
kind is a method to override (`rows`, `create`, `change`, `sections`, `list_context`…). See docs/adr for why one class
serves every kind while other views stay functions.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import downloads, french, notices
from core.downloads import FORMATS
from core.errors import StaleEdit
from core.verdict import Denied, Verdict, demand
from schools import bulk, selectors, services
from schools.forms import RecordForm
from schools.lookups import close_to
from schools.middleware import SchoolRequest
from schools.models import SchoolRecord
from schools.permissions import allows
from schools.roles import Permission

PAGE_SIZE = 25
PAGE_SIZES = (25, 50, 100, 200)
MAX_EXPORT = 20_000
MAX_TERMS = 20
MAX_COLUMNS = 60
REMEMBERED = "lists"  # in the session: the last query of each list, for the way back
MOST_REMEMBERED = 20
LONGEST_QUERY = 2_000
NAMED = 12
"""Records that the page of a bulk action names."""


@dataclass(frozen=True)
class Column:
    """A column of a list and of its export.

    `value`: attribute path ("partner.name") or function of the row. `kind`: how it is written on screen: text, name (bold,
    opens the record), date, number, euros, badge (the value is a status code of core.status), yesno. `link`: the address
    that a text opens.
    `sort`: the ORM field to order by, "" when the column cannot be sorted. `screen`: False for a column that one chooses.
    `load`: what the query needs for this column alone, asked only when it is shown or sorted by.
    """

    label: str
    value: str | Callable[[Any], Any]
    kind: str = "text"
    sort: str = ""
    screen: bool = True
    link: Callable[[Any], str] | None = None
    status_kind: str = ""  # for badges whose code means two things (core.status)
    load: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None

    @property
    def code(self) -> str:
        """How the address names it: « Dernier échange » → dernier-echange."""
        return slugify(self.label)

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "euros")

    def of(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        for name in self.value.split("."):
            if row is None:
                return None
            row = getattr(row, name)
        return row() if callable(row) else row


@dataclass(frozen=True)
class Cell:
    """A value on screen, and how its column writes it."""

    column: Column
    value: Any
    href: str


@dataclass(frozen=True)
class Fact:
    """A line of a record's identity panel. Empty values are left out unless `always`."""

    label: str
    value: Any
    kind: str = "text"
    link: str = ""


@dataclass(frozen=True)
class Section:
    """A panel of a record's page: a table of related rows, with what can be added there."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


class RecordPages:
    """Declares and serves the pages of one kind of record."""

    model: ClassVar[type[SchoolRecord]]
    app: ClassVar[str]
    name: ClassVar[str]  # URL names: <name>_list, _detail, _new, _edit, _delete
    slug: ClassVar[str]  # French path, without slashes
    view: ClassVar[Permission]
    edit: ClassVar[Permission]
    form: ClassVar[type[RecordForm]]
    filters: ClassVar[type[django_filters.FilterSet] | None] = None
    columns: ClassVar[Sequence[Column]]
    ordering: ClassVar[tuple[str, ...]] = ("pk",)
    title: ClassVar[str]  # h1 of the list
    noun: ClassVar[str] = "fiche"  # what a line is, with its plural after a comma when it is not in -s
    intro: ClassVar[str] = ""  # one grey sentence under it
    new_label: ClassVar[str]  # « Ajouter une offre »
    save_label: ClassVar[str] = "Enregistrer"
    saved: ClassVar[str] = "C’est enregistré."
    empty: ClassVar[str] = "Rien ici pour l’instant."
    list_template: ClassVar[str] = "records/list.html"
    detail_template: ClassVar[str] = "records/detail.html"
    form_template: ClassVar[str] = "records/form.html"
    can_delete: ClassVar[bool] = True
    parent: ClassVar[tuple[str, str] | None] = None  # breadcrumb: label, URL name of a list
    filters_shown: ClassVar[int] = 5  # before « Plus de filtres »
    terms: ClassVar[tuple[str, ...]] = ()  # what the address of the list may hold beside filters, order and columns
    keeps_views: ClassVar[bool] = True  # « Garder la vue » above the list
    bulk_actions: ClassVar[bulk.Registry | None] = None  # what can be done to several rows at once

    # ------------------------------------------------------------ what a kind may say differently
    def rows(self, request: SchoolRequest) -> QuerySet[Any]:
        """The records this person may see: the school's, cut further by a role's own limits."""
        return self.model._default_manager.in_school(request.school)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Any]:
        """`rows`, with exactly what a line of the list shows (select_related, annotations)."""
        return self.rows(request)

    def may_view(self, request: SchoolRequest) -> Verdict:
        return allows(request.membership, self.view)

    def may_add(self, request: SchoolRequest) -> Verdict:
        return allows(request.membership, self.edit)

    def may_change_some(self, request: SchoolRequest) -> Verdict:
        """Asked before the record is looked up, so that a role without the right learns nothing from the answer."""
        return allows(request.membership, self.edit)

    def may_change(self, request: SchoolRequest, record: Any) -> Verdict:
        return self.may_change_some(request)

    def may_delete(self, request: SchoolRequest, record: Any) -> Verdict:
        return self.may_change(request, record)

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        """First values of a new record's form, from the address: allow-listed by each kind."""
        return {}

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {}

    def shown_columns(self, request: SchoolRequest) -> Sequence[Column]:
        return self.columns

    def create(self, request: SchoolRequest, form: RecordForm) -> Any:
        """Save a new record; returns it. ValidationError goes back to the form."""
        record, _ = services.create_record(form.instance, by=request.user, key=form.cleaned_data.get("creation_key"))
        return record

    def change(self, request: SchoolRequest, form: RecordForm) -> Any:
        return services.change_record(
            form.instance,
            version=form.cleaned_data["version"],
            by=request.user,
            changed=[name for name in form.changed_data if name != "version"],
        )

    def remove(self, request: SchoolRequest, record: Any) -> None:
        services.remove_record(record, by=request.user)

    def facts(self, request: SchoolRequest, record: Any) -> Iterable[Fact]:
        """The identity panel: by default the fields of the form, less those that the form keeps from this role (S-05)."""
        return (fact for _, fact in self.named_facts(request, record))

    def named_facts(self, request: SchoolRequest, record: Any) -> Iterator[tuple[str, Fact]]:
        """The fields of the form that this person would fill, by name."""
        form = self.form(
            instance=record, school=request.school, membership=request.membership, **self.form_kwargs(request)
        )
        for name in form._meta.fields or ():
            if name not in form.fields:
                continue
            model_field = record._meta.get_field(name)
            if model_field.choices:
                value: Any = getattr(record, f"get_{name}_display")()
            else:
                value = getattr(record, name)
            link = value.get_absolute_url() if hasattr(value, "get_absolute_url") else ""
            yield name, Fact(str(model_field.verbose_name), value, kind_of(value), link)

    def sections(self, request: SchoolRequest, record: Any) -> Iterable[Section]:
        return ()

    def actions(self, request: SchoolRequest, record: Any) -> Iterable[tuple[str, str, str]]:
        """Further buttons of the record's page: (label, icon, url)."""
        return ()

    def status(self, record: Any) -> str:
        """A status code of core.status shown beside the title, or ""."""
        return ""

    def subtitle(self, request: SchoolRequest, record: Any) -> str:
        return ""

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {}

    def close_to(self, request: SchoolRequest, words: str) -> Iterable[Any]:
        """Records whose words are nearly those looked for, when none holds them: read from `search_text` where there is one."""
        if not any(field.name == "search_text" for field in self.model._meta.fields):
            return ()
        return close_to(self.rows(request).select_related("school"), words)

    def detail_context(self, request: SchoolRequest, record: Any) -> dict[str, Any]:
        return {}

    def helped(self, request: SchoolRequest, form: RecordForm) -> RecordForm | None:
        """The form to show again, unsaved, when it was posted to be helped with; None when it is to be saved."""
        return None

    def after_save(self, request: SchoolRequest, record: Any) -> str:
        """Where to go after saving."""
        return record.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Any) -> str:
        """Where to go after deleting."""
        return self.back_url(request)

    @property
    def plural(self) -> str:
        """« partenaires », for the count under a list."""
        return french.both(self.noun)[1]

    @property
    def noun_one(self) -> str:
        """« partenaire », without its plural."""
        return french.both(self.noun)[0]

    # ------------------------------------------------------------ the machinery
    def url(self, page: str, request: SchoolRequest, record: Any = None) -> str:
        args = [request.school.uai] + ([record.public_id] if record is not None else [])
        return reverse(f"{self.app}:{self.name}_{page}", args=args)

    @property
    def list_name(self) -> str:
        """The URL name of the list: what saved views and the way back know it by."""
        return f"{self.app}:{self.name}_list"

    def back_url(self, request: SchoolRequest) -> str:
        """The list as this person last saw it: its filters, order, columns and page."""
        return back_to(request, self.list_name)

    def urls(self) -> list[URLPattern]:
        """The paths of this kind, named <name>_list, _new, _detail, _edit and _delete; _bulk when rows can be picked."""
        LISTS[self.list_name] = self
        found = [
            path(f"{self.slug}/", require_GET(self.list_page), name=f"{self.name}_list"),
            path(
                f"{self.slug}/nouveau/", require_http_methods(["GET", "POST"])(self.new_page), name=f"{self.name}_new"
            ),
            path(f"{self.slug}/<uuid:public_id>/", require_GET(self.detail_page), name=f"{self.name}_detail"),
            path(
                f"{self.slug}/<uuid:public_id>/modifier/",
                require_http_methods(["GET", "POST"])(self.edit_page),
                name=f"{self.name}_edit",
            ),
        ]
        if self.bulk_actions is not None:
            found.append(path(f"{self.slug}/choix/", require_POST(self.bulk_page), name=f"{self.name}_bulk"))
        if self.can_delete:
            found.append(
                path(
                    f"{self.slug}/<uuid:public_id>/supprimer/",
                    require_http_methods(["GET", "POST"])(self.delete_page),
                    name=f"{self.name}_delete",
                )
            )
        return found

    def find(self, request: SchoolRequest, public_id: UUID) -> Any:
        """The record, or 404 when it does not exist, is another school's or is not this person's (S-03)."""
        record = self.rows(request).filter(public_id=public_id).first()
        if record is None:
            raise Http404
        record.school = request.school
        return record

    def list_page(self, request: SchoolRequest) -> HttpResponse:
        demand(self.may_view(request))
        if (
            sum(1 for name, values in request.GET.lists() if name != "colonnes" for value in values if value)
            > MAX_TERMS
        ):
            raise BadRequest
        is_fragment = request.headers.get("HX-Target") == "lignes"
        views = [] if is_fragment else selectors.saved_views_of(request.membership, self.list_name)
        if not request.GET and (first := next((view for view in views if view.opens_first), None)):
            return redirect(f"{self.url('list', request)}?{self.known_query(request, first.query) or 'vue=tout'}")
        columns = self.shown_columns(request)
        chosen = chosen_columns(columns, request.GET.getlist("colonnes"))
        found, filterset = self.filtered(request)
        found = self.ordered(request, found, columns, chosen)
        if (wanted := request.GET.get("format", "")) in FORMATS:
            return self.export(request, wanted, found, chosen)
        try:
            size = int(request.GET.get("par_page") or PAGE_SIZE)
        except ValueError:
            raise BadRequest from None
        paginator = Paginator(found, size if size in PAGE_SIZES else PAGE_SIZE)
        page = paginator.get_page(request.GET.get("page"))
        remember(request, self.list_name)
        query = query_without(request, "page", "format", "vue")
        actions = self.bulk_actions.allowed_to(request.membership) if self.bulk_actions is not None else []
        words = request.GET.get("q", "").strip()
        may_add = self.may_add(request)
        is_filtered = bool(filterset and any(request.GET.get(name) for name in filterset.filters))
        context = {
            "pages": self,
            "columns": chosen,
            "column_choices": [(column, column in chosen) for column in columns if column.kind != "name"],
            "page": page,
            "lines": [
                (row, [Cell(column, column.of(row), column.link(row) if column.link else "") for column in chosen])
                for row in page
            ],
            "filterset": filterset,
            "filter_words": words if is_filtered and not paginator.count else "",
            "close": list(self.close_to(request, words)) if words and is_filtered and not paginator.count else [],
            "query": query,
            "terms": [
                (name, value) for name, values in QueryDict(query).lists() if name != "colonnes" for value in values
            ],
            "formats": [(code, label) for code, (label, _) in FORMATS.items()],
            "views": [(view, self.known_query(request, view.query)) for view in views],
            "saved_view_url": reverse("schools:saved_view_new", args=[request.school.uai]),
            "manage_url": reverse("schools:saved_view_list", args=[request.school.uai]),
            "bulk_actions": [
                (action, reverse(action.url_name, args=[request.school.uai]) if action.url_name else "")
                for action in actions
            ],
            "bulk_url": self.url("bulk", request) if actions else "",
            "width": len(chosen) + bool(actions),
            "is_filtered": is_filtered,
            "may_add": may_add,
            "new_url": self.url("new", request) if may_add else "",
            **self.list_context(request),
        }
        template = "records/partials/table.html" if is_fragment else self.list_template
        return render(request, template, context)

    def filtered(self, request: SchoolRequest) -> tuple[QuerySet[Any], django_filters.FilterSet | None]:
        """The rows that the address asks for, and the filters' form; none when a filter makes no sense, which its form says."""
        rows = self.list_rows(request)
        if self.filters is None:
            return rows, None
        filterset = self.filters(request.GET, queryset=rows, request=request)
        if not filterset.form.is_valid():
            return rows.none(), filterset
        return filterset.qs, filterset

    def ordered(
        self, request: SchoolRequest, rows: QuerySet[Any], columns: Sequence[Column], chosen: Sequence[Column] = ()
    ) -> QuerySet[Any]:
        """By the column the address names (`tri=-Reçue le` → its ORM field), else the kind's own order."""
        wanted = request.GET.get("tri", "")
        by = next((column for column in columns if column.sort and wanted.lstrip("-") == column.sort), None)
        if wanted and (by is None or wanted.startswith("--")):
            raise BadRequest
        for column in columns:
            if column.load is not None and (column in chosen or column is by):
                rows = column.load(rows)
        return rows.order_by(wanted, "pk") if by else rows.order_by(*self.ordering)

    def known_query(self, request: SchoolRequest, query: str) -> str:
        """What this list understands of a query kept from another day: filters, order and columns that still exist."""
        columns = self.shown_columns(request)
        names = {"q", "par_page", *self.terms, *(self.filters.base_filters if self.filters else ())}
        sorts = {column.sort for column in columns if column.sort}
        codes = {column.code for column in columns}
        kept = QueryDict(mutable=True)
        for name, values in QueryDict(query[:LONGEST_QUERY]).lists():
            root = (
                name if name in names else name.rpartition("_")[0]
            )  # two fields of one filter: depuis_min, depuis_max
            if name == "tri":
                values = [value for value in values if value.removeprefix("-") in sorts][:1]
            elif name == "colonnes":
                values = [value for value in values if value in codes]
            elif name == "par_page":
                values = [value for value in values if value in map(str, PAGE_SIZES)][:1]
            elif root not in names:
                continue
            if values := [value for value in values if value]:
                kept.setlist(name, values)
        return kept.urlencode()

    def export(
        self, request: SchoolRequest, wanted: str, rows: QuerySet[Any], columns: Sequence[Column]
    ) -> HttpResponse:
        """What is on screen, all pages, as a file; too much for one file is said, and nothing is left out in silence."""
        found = list(rows[: MAX_EXPORT + 1])
        if len(found) > MAX_EXPORT:
            notices.refused(
                request,
                f"Cette liste dépasse {french.number(MAX_EXPORT)} lignes, le plus qu’un fichier reçoit. "
                "Ajoutez un filtre, puis téléchargez.",
            )
            return redirect(f"{self.url('list', request)}?{query_without(request, 'format')}")
        headers = [column.label for column in columns]
        lines = [[plain(column.of(row)) for column in columns] for row in found]
        return downloads.table(wanted, self.slug.replace("/", "-"), self.title, headers, lines)

    # ------------------------------------------------------------ several rows at once
    def selection(self, request: SchoolRequest) -> bulk.Selection:
        """The records that a form of the list has picked: this person's own rows only, whatever it names."""
        if request.POST.get("tout"):
            if len(request.POST.get("filtres", "")) > LONGEST_QUERY:
                raise BadRequest  # cut short, it would mean more records than were seen
            query = self.known_query(request, request.POST.get("filtres", ""))
            asked = copy.copy(request)
            asked.GET = QueryDict(query)
            rows = self.filtered(asked)[0].order_by(*self.ordering)
        else:
            query = None
            rows = self.rows(request).filter(public_id__in=bulk.picked_ids(request)).order_by(*self.ordering)
        return bulk.Selection(rows, rows.count(), query)

    def nothing_picked(self, request: SchoolRequest, selection: bulk.Selection) -> HttpResponse | None:
        """Back to the list with a sentence, when a selection is empty or too large; None when it can be worked on."""
        if selection.count == 0:
            notices.refused(request, f"Cochez d’abord les {self.plural} de la liste.")
        elif selection.count > bulk.MOST:
            notices.refused(request, f"Pas plus de {french.plural(bulk.MOST, self.noun_one, self.plural)} à la fois.")
        else:
            return None
        return redirect(self.back_url(request))

    def bulk_page(self, request: SchoolRequest) -> HttpResponse:
        """Which records, what will happen to them, then all of them or none."""
        demand(self.may_view(request))
        registry = self.bulk_actions
        assert registry is not None
        allowed = registry.allowed_to(request.membership)
        demand(Verdict(True) if allowed else Denied("Votre rôle ne permet pas d’agir sur plusieurs fiches à la fois."))
        action = registry.find(request.POST.get("action", ""))
        if action is None or action.form is None:
            raise BadRequest
        demand(registry.may(action, request.membership))
        selection = self.selection(request)
        if (answer := self.nothing_picked(request, selection)) is not None:
            return answer
        confirmed = request.POST.get("fait") == "1"
        form = action.form(
            request.POST if confirmed else None,
            rows=selection.rows,
            school=request.school,
            membership=request.membership,
            nouns=(self.noun_one, self.plural),
        )
        moved = confirmed and request.POST.get("combien") != str(selection.count)
        if confirmed and form.is_valid() and not moved:
            with transaction.atomic():
                said = form.run(by=request.user)
            notices.said(request, said)
            return redirect(self.back_url(request))
        counted = french.plural(selection.count, self.noun_one, self.plural)
        context = {
            "pages": self,
            "form": form,
            "action": action,
            "heading": action.title.format(counted),
            "warning": form.warning(),
            "selection": selection,
            "named": list(selection.rows[:NAMED]),
            "others": selection.count - NAMED,
            "moved": moved,
            "list_url": self.back_url(request),
        }
        return render(request, "records/bulk.html", context, status=422 if confirmed else 200)

    def detail_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        demand(self.may_view(request))
        return render(request, self.detail_template, self.page_context(request, self.find(request, public_id)))

    def page_context(self, request: SchoolRequest, record: Any) -> dict[str, Any]:
        """All that the page needs; also for a view that draws it again with a form to correct."""
        return {
            "pages": self,
            "record": record,
            "facts": [fact for fact in self.facts(request, record) if fact.value not in (None, "", [])],
            "sections": list(self.sections(request, record)),
            "buttons": list(self.actions(request, record)),
            "status": self.status(record),
            "subtitle": self.subtitle(request, record),
            "list_url": self.back_url(request),
            "may_change": self.may_change(request, record),
            "edit_url": self.url("edit", request, record),
            "may_delete": self.may_delete(request, record) if self.can_delete else None,
            "delete_url": self.url("delete", request, record) if self.can_delete else "",
            **self.detail_context(request, record),
        }

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        return self.form(
            request.POST or None,
            request.FILES or None,
            instance=record,
            initial=self.initial(request) if record is None else None,
            school=request.school,
            membership=request.membership,
            **self.form_kwargs(request),
        )

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        demand(self.may_add(request))
        return self._form_page(request, self._form(request), self.create, record=None)

    def edit_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        demand(self.may_change_some(request))
        record = self.find(request, public_id)
        demand(self.may_change(request, record))
        return self._form_page(request, self._form(request, record), self.change, record=record)

    def _form_page(
        self, request: SchoolRequest, form: RecordForm, save: Callable[[SchoolRequest, RecordForm], Any], *, record: Any
    ) -> HttpResponse:
        status = 200
        if request.method == "POST" and (asked := self.helped(request, form)) is not None:
            form = asked
        elif request.method == "POST":
            if form.is_valid():
                try:
                    saved = save(request, form)
                except ValidationError as error:
                    add_errors(form, error)
                except StaleEdit as stale:
                    return self.conflict_page(request, form, stale)
                else:
                    messages.success(request, self.saved)
                    return redirect(self.after_save(request, saved))
            status = 422
        context = {
            "pages": self,
            "form": form,
            "record": record,
            "heading": self.new_label if record is None else f"Modifier : {record}",
            "list_url": self.back_url(request),
            "back_url": record.get_absolute_url() if record is not None else self.back_url(request),
        }
        return render(request, self.form_template, context, status=status)

    def conflict_page(self, request: SchoolRequest, form: RecordForm, stale: StaleEdit) -> HttpResponse:
        """Both texts, field by field, and a form that saves mine over theirs knowingly (R-02)."""
        theirs: Any = stale.theirs
        if theirs is None:
            raise Http404
        differences = [
            (bound.label, getattr(theirs, bound.name, ""), form.cleaned_data.get(bound.name))
            for bound in form.visible_fields()
            if hasattr(theirs, bound.name) and getattr(theirs, bound.name) != form.cleaned_data.get(bound.name)
        ]
        context = {
            "pages": self,
            "record": theirs,
            "who": services.edited_by_someone(theirs),
            "differences": differences,
            "posted": [
                (key, value)
                for key, values in request.POST.lists()
                if key not in ("version", "csrfmiddlewaretoken")
                for value in values
            ],
            "current_version": theirs.version,
            "back_url": theirs.get_absolute_url(),
        }
        return render(request, "records/conflict.html", context, status=409)

    def delete_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        demand(self.may_change_some(request))
        record = self.find(request, public_id)
        demand(self.may_delete(request, record))
        if request.method == "POST":
            said = str(record)
            home = self.home_of(request, record)
            self.remove(request, record)
            messages.success(request, f"Supprimé : {said}.")
            return redirect(home)
        return render(
            request, "records/delete.html", {"pages": self, "record": record, "back_url": record.get_absolute_url()}
        )


LISTS: dict[str, RecordPages] = {}
"""The lists of the platform by URL name, filled as their paths are declared."""


def chosen_columns(columns: Sequence[Column], codes: Sequence[str]) -> list[Column]:
    """The name, then the columns that the address names, in its order; those of the kind when it names none that exists."""
    if len(codes) > MAX_COLUMNS:
        raise BadRequest
    by_code = {column.code: column for column in columns}
    chosen = [by_code[code] for code in dict.fromkeys(codes) if code in by_code]
    if not chosen:
        return [column for column in columns if column.screen]
    return [column for column in columns if column.kind == "name"] + [c for c in chosen if c.kind != "name"]


def remember(request: SchoolRequest, list_name: str) -> None:
    """Keep the list's query in the session for the way back; written only when it changes."""
    kept: dict[str, str] = request.session.get(REMEMBERED, {})
    key = f"{request.school.uai} {list_name}"
    query = query_without(request, "format")
    if len(query) > LONGEST_QUERY or kept.get(key, "") == query:
        return
    others = [(name, value) for name, value in kept.items() if name != key and value][-MOST_REMEMBERED:]
    request.session[REMEMBERED] = dict([*others, (key, query)])


def back_to(request: SchoolRequest, list_name: str) -> str:
    """The address of a list with the query this person last gave it."""
    url = reverse(list_name, args=[request.school.uai])
    query = request.session.get(REMEMBERED, {}).get(f"{request.school.uai} {list_name}", "")
    return f"{url}?{query}" if query else url


def add_errors(form: forms.BaseForm, error: ValidationError, **renamed: str) -> None:
    """A service's refusal, put on the fields that the form shows, or above it; `renamed`: those that it calls otherwise."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for given, problems in error.error_dict.items():
        name = renamed.get(given, given)
        form.add_error(name if name in form.fields else None, problems)


def kind_of(value: Any) -> str:
    """How a value is written: date, yesno, number or text."""
    if isinstance(value, bool):
        return "yesno"
    if isinstance(value, date):
        return "date"
    return "number" if isinstance(value, (int, float, Decimal)) else "text"


def plain(value: Any) -> Any:
    """A cell's value for a file: things become their text, numbers and dates stay."""
    if value is None or isinstance(value, (bool, int, float, Decimal, date, datetime)):
        return value
    return str(value)


def named_in_address(request: SchoolRequest, records: QuerySet[Any], name: str) -> Any:
    """The record that the address names by its public id, among those given; None when it names none."""
    try:
        wanted = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    return records.filter(public_id=wanted).first()


def query_without(request: SchoolRequest, *names: str) -> str:
    """The address's query without some names nor empty fields, ready to be followed by `&page=2`."""
    kept = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in names and (said := [value for value in values if value]):
            kept.setlist(name, said)
    return kept.urlencode()
