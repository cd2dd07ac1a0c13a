"""Saved views: a list as someone likes it, under a name; shared with colleagues or one's own."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect

from core.verdict import ALLOWED, Denied, Verdict, demand
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.models import SavedView
from schools.pages import LISTS, Column, RecordPages
from schools.roles import Permission


class SavedViewForm(RecordForm):
    """The name and who sees it; a new view also carries the list and the query that it keeps."""

    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_000)

    class Meta:
        model = SavedView
        fields = ["label", "is_shared", "opens_first"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].widget.attrs["maxlength"] = "60"
        if not self.is_new:
            del self.fields["page"], self.fields["query"]

    def clean(self) -> dict[str, Any] | None:
        if self.is_new and self.cleaned_data.get("page") not in LISTS:
            raise forms.ValidationError(
                "Une vue se garde depuis une liste : ouvrez-la, filtrez-la, puis gardez la vue."
            )
        return super().clean()


class SavedViewPages(RecordPages):
    model, app, name, slug = SavedView, "schools", "saved_view", "vues"
    view = edit = Permission.VIEW_PARTNERS  # unused: any member keeps views of the lists they may open
    form = SavedViewForm
    title, new_label = "Vues enregistrées", "Garder une vue"
    noun = "vue"
    saved = "Vue gardée."
    save_label = "Enregistrer la vue"
    intro = "Les vôtres, et celles que des collègues partagent. Une vue se garde depuis une liste."
    empty = "Aucune vue encore. Filtrez une liste, puis choisissez « Garder la vue »."
    ordering = ("page", "label")
    columns = (
        Column("Vue", "label", "name", sort="label"),
        Column("Liste", lambda row: LISTS[row.page].title if row.page in LISTS else "Liste disparue", sort="page"),
        Column("De", "membership.full_name", sort="membership__last_name"),
        Column("Partagée", "is_shared", "yesno"),
        Column("S’ouvre en premier", "opens_first", "yesno"),
        Column(
            "Changer",
            lambda row: "Renommer" if row.is_mine else "",
            link=lambda row: f"{row.get_absolute_url()}modifier/",
        ),
        Column(
            "Enlever",
            lambda row: "Supprimer" if row.is_mine else "",
            link=lambda row: f"{row.get_absolute_url()}supprimer/",
        ),
    )
    keeps_views = False

    def rows(self, request: SchoolRequest) -> QuerySet[SavedView]:
        return (
            super()
            .rows(request)
            .filter(Q(membership=request.membership) | Q(is_shared=True))
            .select_related("membership", "school")
            .annotate(is_mine=ExpressionWrapper(Q(membership=request.membership), BooleanField()))
        )

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        """No « Garder une vue » here: that is done from the list that it keeps."""
        return {"may_add": False}

    def may_view(self, request: SchoolRequest) -> Verdict:
        return ALLOWED

    def may_add(self, request: SchoolRequest) -> Verdict:
        """By the button of a list; the list itself asks for its own right when the view is opened."""
        return ALLOWED

    def may_change_some(self, request: SchoolRequest) -> Verdict:
        return ALLOWED

    def may_change(self, request: SchoolRequest, record: SavedView) -> Verdict:
        if record.membership_id == request.membership.pk:
            return ALLOWED
        return Denied(f"Cette vue est à {record.membership} : enregistrez la vôtre pour la changer.")

    def detail_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        """The list, as the view keeps it; what no longer exists of its filters is left out."""
        view = self.find(request, public_id)
        return redirect(self.opened(request, view))

    def opened(self, request: SchoolRequest, view: SavedView) -> str:
        pages = LISTS.get(view.page)
        if pages is None:
            return self.url("list", request)
        demand(pages.may_view(request))
        return f"{pages.url('list', request)}?{pages.known_query(request, view.query) or 'vue=tout'}"

    @transaction.atomic
    def create(self, request: SchoolRequest, form: RecordForm) -> SavedView:
        view: SavedView = form.instance
        pages = LISTS[form.cleaned_data["page"]]
        demand(pages.may_view(request))
        view.membership, view.page = request.membership, pages.list_name
        view.query = pages.known_query(request, form.cleaned_data.get("query", ""))
        self._make_room(request, view)
        made: SavedView = super().create(request, form)
        return made

    @transaction.atomic
    def change(self, request: SchoolRequest, form: RecordForm) -> SavedView:
        self._make_room(request, form.instance)
        form.instance.full_clean(exclude=["school"])
        changed: SavedView = super().change(request, form)
        return changed

    def _make_room(self, request: SchoolRequest, view: SavedView) -> None:
        """One view opens first: the other of this person gives its place."""
        if view.opens_first:
            SavedView.objects.in_school(request.school).filter(
                membership=request.membership, page=view.page, opens_first=True
            ).exclude(pk=view.pk).update(opens_first=False)

    def after_save(self, request: SchoolRequest, record: SavedView) -> str:
        return self.opened(request, record)

    def home_of(self, request: SchoolRequest, record: SavedView) -> str:
        return self.url("list", request)
