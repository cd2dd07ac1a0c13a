"""Plan, do, check by the headings of the sheet: how far each is, one page a heading, decisions, evidence, history of answers."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices, scanning
from core.school_year import SchoolYear
from core.verdict import Verdict, demand
from documents.views.papers import as_attachment
from indicators import definitions, documents, permissions, published, questions, sealing, steering
from indicators.enums import COMPLEMENTS, EIGHT, Heading, Phase
from indicators.forms.steering import (
    AnswersForm,
    DecisionForm,
    DoneForm,
    EvidenceForm,
    NewDecisionForm,
    TargetsForm,
)
from indicators.labels import SHORT_HEADINGS
from indicators.models import Decision, Evidence, SelfEvaluation
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.roles import Permission
from schools.services import edited_by_someone

DECISIONS_SHOWN = 6


@require_GET
def steering_home(request: SchoolRequest) -> HttpResponse:
    """The headings of the sheet with how far each is, and the decisions under way."""
    demand(permissions.may_read_steering(request.membership))
    today = timezone.localdate()
    headings = {indicator.code: indicator.heading for indicator in definitions.in_order()}
    progress = steering.progress_of(request.school, request.school_year, today, headings_of_codes=headings)
    under_way = steering.decisions_to_do(request.school).filter(year=request.school_year.code).select_related("owner")
    shown = list(under_way[:DECISIONS_SHOWN])
    for decision in shown:
        decision.school = request.school
        decision.is_late = decision.due_date is not None and decision.due_date < today
        decision.when = french.short_day(decision.due_date) or "sans date"
    eight = [progress[heading] for heading in EIGHT]
    return render(
        request,
        "indicators/steering_home.html",
        {
            "lines": [_progress_line(request, line) for line in eight],
            "complements": [_progress_line(request, progress[heading]) for heading in COMPLEMENTS],
            "ready": sum(line.is_ready for line in eight),
            "decisions": shown,
            "today": today,
            "may_steer": permissions.may_steer(request.membership),
        },
    )


def _progress_line(request: SchoolRequest, progress: steering.Progress) -> dict[str, Any]:
    return {
        "progress": progress,
        "number": progress.heading.value if progress.heading in EIGHT else "",
        "title": SHORT_HEADINGS[progress.heading],
        "url": reverse("indicators:heading", args=[request.school.uai, progress.heading.value]),
    }


# ------------------------------------------------------------------------------------------------ the page of a heading


class _Page:
    """The page of one heading for one request: its forms, one of which may be bound."""

    def __init__(self, request: SchoolRequest, heading: Heading) -> None:
        self.request, self.heading = request, heading
        self.school, self.year = request.school, request.school_year
        self.today = timezone.localdate()
        self.url = reverse("indicators:heading", args=[self.school.uai, heading.value])
        self.asked = questions.of_heading(heading)
        self.may_steer = permissions.may_steer(request.membership)
        self.posted = request.POST.get("quoi", "") if request.method == "POST" else ""
        standing = steering.answers_of(self.school, (self.year.code, self.year.previous.code), heading.value)
        self.answers = {key: row for (year, key), row in standing.items() if year == self.year.code}
        self.before = {key: row for (year, key), row in standing.items() if year == self.year.previous.code}
        self.content = self._figures()
        figures = [f for f in self.content.figures if f.heading == heading.value] if self.content else []
        self.figures = figures
        self.target_rows = steering.targets_of(self.school, self.year)
        self.targets = TargetsForm(
            self._data("objectifs"), figures=figures or _unknown(heading), targets=self.target_rows
        )
        self.answered = AnswersForm(self._data("reponses"), asked=self.asked, answers=self.answers)
        self.stale: dict[str, SelfEvaluation | None] = {}
        people = {"school": self.school, "membership": request.membership}
        self.decision = NewDecisionForm(
            self._data("decision"),
            year=self.year,
            today=self.today,
            heading=heading.value,
            auto_id="id_decision_%s",
            **people,
        )
        proof = Evidence(school=self.school, year=self.year.code, heading=heading.value)
        files = request.FILES if self.posted == "preuve" else None
        self.evidence = EvidenceForm(self._data("preuve"), files, instance=proof, auto_id="id_preuve_%s", **people)

    def _data(self, what: str) -> Any:
        return self.request.POST if self.posted == what else None

    def _figures(self) -> documents.ReportContent | None:
        here = sealing.standing(self.school, self.year)
        if here is None:
            return None
        return documents.content_of(
            here.figures,
            published.before(self.school, self.year, here, is_leaving=False),
            school_name=self.school.name,
            issued_date=here.as_of,
        )

    # -------------------------------------------------------------------------------------------- what is posted

    def save(self) -> bool:
        """Write what was posted; False when something of it is refused, and the page shows why."""
        match self.posted:
            case "objectifs":
                return self._save_targets()
            case "reponses":
                return self._save_answers()
            case "decision":
                return self._save_decision()
            case "preuve":
                return self._save_evidence()
            case _:
                raise BadRequest("Ce formulaire est incomplet : rechargez la page.")

    def _save_targets(self) -> bool:
        if not self.targets.is_valid():
            return False
        changes = self.targets.changes()
        for code, value, reason in changes:
            steering.set_target(self.school, self.year, code, value, reason, by=self.request.user)
        notices.said(
            self.request,
            f"{french.plural(len(changes), 'objectif enregistré', 'objectifs enregistrés')}."
            if changes
            else "Aucun objectif n’a changé.",
        )
        return True

    def _save_answers(self) -> bool:
        if not self.answered.is_valid():
            return False
        now, kept = timezone.now(), 0
        for question in self.asked:
            text = self.answered.cleaned_data[question.key].strip()
            read = self.answered.cleaned_data[f"{question.key}-lu"]
            standing = self.answers.get(question.key)
            if text == (standing.text if standing else "") or question.key not in self.request.POST:
                continue
            try:
                steering.answer(self.school, self.year, question, text, read=read, by=self.request.user, now=now)
                kept += 1
            except steering.StaleAnswer as refused:
                self._say_stale(question, refused.current)
        if kept:
            notices.said(self.request, f"{french.plural(kept, 'réponse enregistrée', 'réponses enregistrées')}.")
        elif not self.stale:
            notices.said(self.request, "Aucune réponse n’a changé.")
        return not self.stale

    def _say_stale(self, question: questions.Question, current: SelfEvaluation | None) -> None:
        """A colleague answered in between: what was typed stays, theirs is shown, and the next save replaces it knowingly."""
        self.stale[question.key] = current
        if current is not None:
            said = f"{edited_by_someone(current)}, a répondu entre-temps : sa réponse est dessous. Réunissez les deux, puis enregistrez."
        else:
            said = "Un collègue a effacé la réponse entre-temps. Enregistrez de nouveau pour garder la vôtre."
        self.answered.add_error(question.key, said)
        read = str(current.public_id) if current else ""
        self.answered.data = {**self.answered.data, f"{question.key}-lu": read}

    def _save_decision(self) -> bool:
        if not self.decision.is_valid():
            return False
        DecisionPages().create(self.request, self.decision)
        notices.said(self.request, "Décision enregistrée.")
        return True

    def _save_evidence(self) -> bool:
        if not self.evidence.is_valid():
            return False
        sent = self.evidence.cleaned_data["file"]
        try:
            file = _as_pdf(sent) if sent else None
            steering.add_evidence(
                self.evidence.instance,
                file=file,
                file_name=(sent.name or "fichier")[:200] if sent else "",
                by=self.request.user,
            )
        except scanning.Unreadable as refusal:
            self.evidence.add_error("file", str(refusal))
            return False
        notices.said(self.request, "Preuve jointe.")
        return True

    # -------------------------------------------------------------------------------------------- what is shown

    def context(self) -> dict[str, Any]:
        at = list(Heading).index(self.heading)
        around = [*EIGHT, *COMPLEMENTS]
        decisions = list(
            Decision.objects.in_school(self.school)
            .filter(year=self.year.code, heading=self.heading.value)
            .select_related("owner", "action")
            .order_by("done_date", "due_date", "pk")
        )
        proofs = list(
            Evidence.objects.in_school(self.school)
            .filter(year=self.year.code, heading=self.heading.value)
            .select_related("document", "document__school")
            .order_by("pk")
        )
        for decision in decisions:
            decision.school = self.school
            if decision.action:
                decision.action.school = self.school
        for proof in proofs:
            proof.school = self.school
        shown = [figure for figure in self.figures if figure.code in self.target_rows]
        is_provisional = self.content is not None and self.content.is_provisional
        aims = {
            figure.code: documents.reached(
                figure,
                documents.Aim(code=figure.code, value=self.target_rows[figure.code].value),
                is_provisional=is_provisional,
            )
            for figure in shown
        }
        leads = documents.LEADS.get(self.heading, ())
        rows = [
            {
                **row,
                "state": aims.get(code := row["figure"].code, ""),
                "is_main": code in leads or code in self.target_rows or bool(row["aim"].errors) or not leads,
            }
            for row in self.targets.rows()
        ]
        bound = {
            "objectifs": self.targets,
            "reponses": self.answered,
            "decision": self.decision,
            "preuve": self.evidence,
        }
        return {
            "heading": self.heading,
            "number": self.heading.value if self.heading in EIGHT else "",
            "short": SHORT_HEADINGS[self.heading],
            "content": self.content,
            "targets": [row for row in rows if row["is_main"]],
            "other_targets": [row for row in rows if not row["is_main"]],
            "before_label": (self.content and self.content.previous_year) or "L’an dernier",
            "phases": [(phase, self._asked(phase)) for phase in Phase],
            "decisions": decisions,
            "proofs": proofs,
            "targets_form": self.targets,
            "answers_form": self.answered,
            "decision_form": self.decision,
            "evidence_form": self.evidence,
            "form": bound.get(self.posted, self.answered),
            "posted": self.posted,
            "may_steer": self.may_steer,
            "today": self.today,
            "page_url": self.url,
            "previous": around[at - 1] if at else None,
            "next": around[at + 1] if at + 1 < len(around) else None,
        }

    def _asked(self, phase: Phase) -> list[dict[str, Any]]:
        """The questions of a moment, each with its field, what was answered this year, last year, and meanwhile."""
        return [
            {
                "question": question,
                "field": self.answered[question.key],
                "read": self.answered[f"{question.key}-lu"],
                "answer": self.answers.get(question.key),
                "before": self.before.get(question.key),
                "meanwhile": self.stale.get(question.key),
                "history_url": reverse(
                    "indicators:answer_history", args=[self.school.uai, self.heading.value, question.key]
                ),
            }
            for question in self.asked
            if question.phase == phase
        ]


def _unknown(heading: Heading) -> list[documents.Figure]:
    """The indicators of a heading before any figure is computed: targets may be set in September."""
    nothing = documents.Cell(status="non_calculable")
    return [
        documents.Figure(
            code=indicator.code, heading=str(indicator.heading), label=indicator.label, unit=indicator.unit, now=nothing
        )
        for indicator in definitions.in_order()
        if indicator.heading == heading
    ]


@require_http_methods(["GET", "POST"])
def heading(request: SchoolRequest, heading: str) -> HttpResponse:
    """Everything of one heading, filled in place: targets, questions, decisions, evidence; last year's answers beside."""
    demand(permissions.may_read_steering(request.membership))
    if heading not in Heading.values:
        raise Http404
    if request.method == "POST":
        demand(permissions.may_steer(request.membership))
    page = _Page(request, Heading(heading))
    if request.method == "POST" and page.save():
        return redirect(f"{page.url}#{page.posted}")
    return render(request, "indicators/heading.html", page.context(), status=422 if page.posted else 200)


@require_GET
def answer_history(request: SchoolRequest, heading: str, key: str) -> HttpResponse:
    """Every answer to a question, the last first: who wrote it, until when it stood."""
    demand(permissions.may_read_steering(request.membership))
    question = questions.by_key().get(key)
    if question is None or question.heading != heading:
        raise Http404
    return render(
        request,
        "indicators/heading_history.html",
        {
            "question": question,
            "short": SHORT_HEADINGS[question.heading],
            "answers": [
                (given, "Réponse remplacée" if given.replaced_at else "Réponse en vigueur")
                for given in steering.history_of(request.school, question)
            ],
            "heading_url": reverse("indicators:heading", args=[request.school.uai, heading]),
        },
    )


# ---------------------------------------------------------------------------------------------------------- decisions


class DecisionPages(RecordPages):
    model, app, name, slug = Decision, "indicators", "decision", "decisions"
    view = edit = Permission.RUN_INDICATORS
    form = DecisionForm
    title, new_label = "Décisions", "Ajouter une décision"
    noun = "décision"
    saved = "Décision enregistrée."
    save_label = "Enregistrer la décision"
    intro = "Ce que le lycée a décidé pour progresser sur chaque rubrique de la fiche, cette année."
    empty = "Aucune décision cette année. Ajoutez la première depuis la page d’une rubrique."
    ordering = ("done_date", "due_date", "pk")
    columns = (
        Column("Décision", "label", "name"),
        Column("Rubrique", lambda row: SHORT_HEADINGS[row.heading], sort="heading"),
        Column("Par", lambda row: row.owner or "", sort="owner__search_text"),
        Column("Pour le", "due_date", "date", sort="due_date"),
        Column("Faite le", "done_date", "date", sort="done_date"),
        Column("Résultat", "outcome", screen=False),
    )

    def may_view(self, request: SchoolRequest) -> Verdict:
        return permissions.may_read_steering(request.membership)

    def rows(self, request: SchoolRequest) -> QuerySet[Decision]:
        return super().rows(request).filter(year=request.school_year.code)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Decision]:
        return self.rows(request).select_related("owner", "school")

    def find(self, request: SchoolRequest, public_id: UUID) -> Decision:
        """Of any year: a decision's address stays good when the year on screen changes."""
        found: Decision | None = (
            super()
            .rows(request)
            .filter(public_id=public_id)
            .select_related("owner", "action", "action__school")
            .first()
        )
        if found is None:
            raise Http404
        found.school = request.school
        return found

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"year": request.school_year, "today": timezone.localdate()}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        wanted = request.GET.get("rubrique", "")
        return {"heading": wanted} if wanted in Heading.values else {}

    def status(self, record: Any) -> str:
        return "realisee" if record.done_date else ""

    def after_save(self, request: SchoolRequest, record: Any) -> str:
        return reverse("indicators:heading", args=[request.school.uai, record.heading]) + "#decision"

    def home_of(self, request: SchoolRequest, record: Any) -> str:
        return self.after_save(request, record)


@require_http_methods(["GET", "POST"])
def decision_done(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Note that a decision is done, and what came of it."""
    demand(permissions.may_steer(request.membership))
    decision = DecisionPages().find(request, public_id)
    back = reverse("indicators:heading", args=[request.school.uai, decision.heading]) + "#decision"
    form = DoneForm(request.POST or None, year=SchoolYear.parse(decision.year), today=timezone.localdate())
    if form.is_valid():
        if steering.close_decision(
            decision, by=request.user, done_on=form.cleaned_data["done_date"], outcome=form.cleaned_data["outcome"]
        ):
            notices.said(request, "Décision notée comme faite.")
        else:
            notices.warned(request, "Cette décision était déjà notée comme faite.")
        return redirect(back)
    return render(
        request,
        "indicators/decision_done.html",
        {"form": form, "decision": decision, "back_url": back, "short": SHORT_HEADINGS[Heading(decision.heading)]},
        status=422 if form.is_bound else 200,
    )


# ----------------------------------------------------------------------------------------------------------- evidence


def _evidence(request: SchoolRequest, public_id: UUID) -> Evidence:
    found = Evidence.objects.in_school(request.school).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.school = request.school
    return found


@require_GET
def evidence_file(request: SchoolRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The file of a proof, as an attachment; without one, the page that tells where the proof is."""
    demand(permissions.may_read_steering(request.membership))
    evidence = _evidence(request, public_id)
    if not evidence.file:
        return redirect(evidence)
    stem = os.path.splitext(evidence.file_name)[0] or "preuve"
    return as_attachment(evidence.file, f"{stem}.pdf")


@require_POST
def evidence_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take a proof away, with its file."""
    demand(permissions.may_steer(request.membership))
    evidence = _evidence(request, public_id)
    steering.remove_evidence(evidence, by=request.user)
    notices.said(request, f"Preuve retirée : {evidence.label}.")
    return redirect(reverse("indicators:heading", args=[request.school.uai, evidence.heading]) + "#preuve")


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[scanning.Sent]:
    """The file under a path that another process can open."""
    with tempfile.NamedTemporaryFile(prefix="preuve-") as kept:
        for part in file.chunks():
            kept.write(part)
        kept.flush()
        yield scanning.Sent(kept.name, file.name or "", os.stat(kept.name).st_size)


def _as_pdf(file: UploadedFile) -> bytes:
    """What was sent, as one PDF of plain pages made in a process of its own. Raises scanning.Unreadable."""
    with _on_disk(file) as sent:
        return scanning.read([sent]).pdf
