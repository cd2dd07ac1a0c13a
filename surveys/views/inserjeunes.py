"""The official figures of InserJeunes, kept as published, beside those of the lycée and never mixed with them (R-IJ-03)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission
from surveys import inserjeunes
from surveys.filters import InserJeunesFilters
from surveys.forms.inserjeunes import InserJeunesForm
from surveys.models import InserJeunesFigure
from surveys.views.leaver_frame import frame


class InserJeunesPages(RecordPages):
    model, app, name, slug = InserJeunesFigure, "surveys", "inserjeunes", "sortants/inserjeunes"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = InserJeunesForm, InserJeunesFilters
    title, new_label = "Chiffres InserJeunes", "Ajouter un chiffre"
    noun = "chiffre"
    saved = "Chiffre enregistré."
    save_label = "Enregistrer le chiffre"
    intro = "Les chiffres publiés par le ministère, tels quels, avec leur millésime et leur source."
    empty = "Aucun chiffre pour l’instant. Ils se trouvent sur le site du ministère, par établissement."
    ordering = ("-vintage", "formation", "measure", "term_months")
    list_template = "surveys/inserjeunes_list.html"
    columns = (
        Column("Mesure", "get_measure_display", "name", sort="measure"),
        Column("Échéance", lambda row: row.get_term_months_display() if row.term_months else "", sort="term_months"),
        Column("Formation", lambda row: row.formation or "tout le lycée", sort="formation"),
        Column("Millésime", "vintage", sort="vintage"),
        Column("Valeur", inserjeunes.written),
        Column("Source", "source"),
        Column("Publié le", "published_date", "date", sort="published_date", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[InserJeunesFigure]:
        return self.rows(request).select_related("school")

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        may_edit = allows(request.membership, Permission.EDIT_SURVEYS)
        uai = request.school.uai
        return frame(request) | {
            "import_url": reverse("schools:table_import_new", args=[uai, inserjeunes.SLUG]) if may_edit else "",
            "why": inserjeunes.WHY_APART,
            "definition": inserjeunes.DEFINITION,
        }

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        last = InserJeunesFigure.objects.in_school(request.school).order_by("-created_at").first()
        return {"vintage": last.vintage, "source": last.source, "published_date": last.published_date} if last else {}

    def subtitle(self, request: SchoolRequest, record: InserJeunesFigure) -> str:
        return f"{record.formation or 'Tout le lycée'} · {inserjeunes.written(record)}"
