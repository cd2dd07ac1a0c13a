"""Pedagogical annexes of the formations: list, page, form; a new one may start as the copy of another."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from core.verdict import Verdict
from pfmp import annexes
from pfmp.forms.annexes import AnnexForm
from pfmp.models import FormationAnnex
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, named_in_address
from schools.roles import Permission

COPIED = ("formation", "label", "aims", "tasks", "following", "evaluation")


class AnnexPages(RecordPages):
    model, app, name, slug = FormationAnnex, "pfmp", "annex", "annexes-pedagogiques"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_PLACEMENT
    form = AnnexForm
    title, new_label = "Annexes pédagogiques", "Écrire une annexe"
    parent = ("PFMP", "pfmp:board")
    noun = "annexe"
    intro = "Les compétences et les activités de chaque formation en entreprise : écrites une fois, reprises sur chaque convention."
    save_label, saved = "Enregistrer l’annexe", "Annexe enregistrée."
    empty = "Aucune annexe pour l’instant. Écrivez la première : collez les compétences du référentiel, une par ligne."
    detail_template = "pfmp/annexes/detail.html"
    ordering = ("formation", "label")
    columns = (
        Column("Annexe", "label", "name", sort="label"),
        Column("Formation", "formation", sort="formation"),
        Column("Compétences", lambda row: row.skill_count, "number"),
        Column("Proposée", "is_active", "yesno", sort="is_active"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[FormationAnnex]:
        return self.rows(request).annotate(skill_count=Count("skills")).select_related("school")

    def may_change(self, request: SchoolRequest, record: FormationAnnex) -> Verdict:
        return annexes.may_edit(request.membership, record)

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        """The first values of a copy, or of an annex for the formation that the address names."""
        model = named_in_address(request, self.rows(request), "depuis")
        if model is None:
            return {"formation": request.GET.get("formation", "")[:255]}
        copied = {name: getattr(model, name) for name in COPIED}
        return {**copied, "label": f"{model.label} (copie)"[:200], "skill_lines": annexes.written(model.skills.all())}

    def create(self, request: SchoolRequest, form: RecordForm) -> FormationAnnex:
        with transaction.atomic():
            annex: FormationAnnex = super().create(request, form)
            annexes.set_skills(annex, form.cleaned_data["skill_lines"], by=request.user)
        return annex

    def change(self, request: SchoolRequest, form: RecordForm) -> FormationAnnex:
        with transaction.atomic():
            annex: FormationAnnex = super().change(request, form)
            annexes.set_skills(annex, form.cleaned_data["skill_lines"], by=request.user)
        return annex

    def subtitle(self, request: SchoolRequest, record: FormationAnnex) -> str:
        return record.formation if record.is_active else f"{record.formation} · n’est plus proposée"

    def detail_context(self, request: SchoolRequest, record: FormationAnnex) -> dict[str, Any]:
        return {
            "skills": list(record.skills.all()),
            "may_copy": annexes.may_edit(request.membership),
            "copy_url": f"{self.url('new', request)}?depuis={record.public_id}",
        }

    def facts(self, request: SchoolRequest, record: FormationAnnex) -> Iterable[Any]:
        return ()  # the page of an annex is drawn by its own template
