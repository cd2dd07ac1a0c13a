"""The wording of papers: the models, their texts, one text with its preview, the versions and the way back to one (EDIT_SCHOOL)."""

from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices
from core.verdict import demand
from documents.forms.wording import WordingForm
from documents.models import PaperModel
from documents.wording import catalogue, syntax, versions
from documents.wording.catalogue import Entry
from documents.wording.texts import PaperText
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

SAVED = "Texte enregistré. Il vaut pour les documents édités à partir de maintenant."


def _entry(request: SchoolRequest, type: str) -> Entry:
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    entry = catalogue.entry_of(type)
    if entry is None:
        raise Http404
    return entry


def _url(request: SchoolRequest, page: str, *args: object) -> str:
    return reverse(f"documents:wording_{page}", args=[request.school.uai, *args])


@require_GET
def wording_list(request: SchoolRequest) -> HttpResponse:
    """The models of paper, and how much of each is in the school's own words."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    latest: dict[str, PaperModel] = {}
    for version in PaperModel.objects.in_school(request.school).order_by("number"):
        latest[version.type] = version
    lines = [
        {
            "entry": entry,
            "count": len(entry.model.default().keys),
            "own": latest.get(entry.model.key),
            "own_count": len(latest[entry.model.key].articles) if entry.model.key in latest else 0,
            "url": _url(request, "detail", entry.model.key),
        }
        for entry in catalogue.entries()
    ]
    return render(request, "documents/wording_list.html", {"lines": lines})


@require_GET
def wording_detail(request: SchoolRequest, type: str) -> HttpResponse:
    """Every text of a model, with the school's own words where it has some, and its versions."""
    entry = _entry(request, type)
    history = versions.history(request.school, entry.model)
    own = history[0] if history else None
    text = versions.with_version(entry.model.default(), own) if own else entry.model.default()
    titles, words = text.titles, text.words
    filling = entry.examples.filling(request.school, next(iter(entry.examples.labels)))
    return render(
        request,
        "documents/wording_detail.html",
        {
            "entry": entry,
            "own": own,
            "lines": [
                {
                    "title": titles[key],
                    "text": plain(words[key], filling),
                    "is_own": bool(own and key in own.articles),
                    "url": _url(request, "edit", type, key),
                }
                for key in text.keys
            ],
            "history": told(request, entry, history),
            "may_return_to_model": bool(own and own.articles),
            "restore_model_url": _url(request, "restore", type, 0),
            "examples": [
                {"label": label, "url": f"{_url(request, 'sample', type)}?exemple={key}"}
                for key, label in entry.examples.labels.items()
            ],
            "list_url": _url(request, "list"),
        },
    )


def plain(text: str, filling: syntax.Filling) -> str:
    """A text as it prints on an example, on one line and without marks."""
    lines = (line.replace(syntax.BLANK, "…") for block in syntax.blocks(text, filling) for line in block.lines)
    return unescape(" ".join(lines))


def told(request: SchoolRequest, entry: Entry, history: list[PaperModel]) -> list[dict[str, Any]]:
    """Each version with what it changed from the one before, in words, and how to return to it."""
    titles = entry.model.default().titles
    found = []
    for position, version in enumerate(history):
        before = history[position + 1] if position + 1 < len(history) else None
        then = before.articles if before else {}
        changed = [titles[key] for key in titles if version.articles.get(key) != then.get(key)]
        found.append(
            {
                "version": version,
                "changed": changed,
                "is_current": position == 0,
                "url": _url(request, "restore", entry.model.key, version.number),
            }
        )
    return found


@require_http_methods(["GET", "POST"])
def wording_edit(request: SchoolRequest, type: str, key: str) -> HttpResponse:
    """One text in the school's own words, or back to the one that is shipped; how it prints stands beside."""
    entry = _entry(request, type)
    own = versions.latest(request.school, entry.model)
    text = versions.with_version(entry.model.default(), own) if own else entry.model.default()
    if key not in text.keys:
        raise Http404
    here = _url(request, "detail", type)
    asked = next((name for name in ("modele", "apercu", "pdf") if name in request.POST), "save")
    initial = {"text": text.words[key].strip(), "based_on": own.number if own else 0}
    form = WordingForm(request.POST if request.method == "POST" else None, initial=initial, entry=entry)
    example = entry.examples.known(request.POST.get("exemple", ""))
    to_model = request.method == "POST" and asked == "modele"
    if request.method == "POST" and (form.is_valid() or (to_model and "based_on" in form.cleaned_data)):
        if asked == "pdf":
            trial = text.as_stored({key: form.cleaned_data["text"]}, version=text.version)
            return _paper(entry, request, example, trial)
        if asked != "apercu":
            try:
                versions.save(
                    request.school,
                    entry.model,
                    key,
                    None if to_model else form.cleaned_data["text"],
                    based_on=form.cleaned_data["based_on"],
                    by=request.user,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                notices.said(request, SAVED)
                return redirect(here)
    return render(
        request,
        "documents/wording_edit.html",
        {
            "form": form,
            "entry": entry,
            "title": text.titles[key],
            "is_own": bool(own and key in own.articles),
            "sample_condition": next(iter(entry.model.conditions), ""),
            "preview_url": _url(request, "preview", type, key),
            "back_url": here,
            "list_url": _url(request, "list"),
            **_preview(entry, request, text, key, form["text"].value() or "", example),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def wording_preview(request: SchoolRequest, type: str, key: str) -> HttpResponse:
    """How what is being typed prints: the fragment beside the text, asked for while one types. Nothing is saved."""
    entry = _entry(request, type)
    text = entry.model.default()
    if key not in text.keys:
        raise Http404
    typed = request.POST.get("text", "")[: syntax.MAX_LENGTH + 1].replace("\r\n", "\n")
    example = entry.examples.known(request.POST.get("exemple", ""))
    return render(
        request, "documents/partials/wording_preview.html", _preview(entry, request, text, key, typed, example)
    )


def _preview(
    entry: Entry, request: SchoolRequest, text: PaperText, key: str, typed: str, example: str
) -> dict[str, Any]:
    problems = entry.model.text_problems(typed)
    filling = entry.examples.filling(request.school, example)
    return {
        "title": text.titles[key],
        "problems": problems,
        "blocks": [] if problems else syntax.blocks(typed, filling),
    }


@require_GET
def wording_sample(request: SchoolRequest, type: str) -> HttpResponse:
    """The whole paper on an example, as the school words it today. It is worth nothing and says so on each page."""
    entry = _entry(request, type)
    text = versions.text_for(request.school, entry.model)
    return _paper(entry, request, entry.examples.known(request.GET.get("exemple", "")), text)


def _paper(entry: Entry, request: SchoolRequest, example: str, text: PaperText) -> HttpResponse:
    response = HttpResponse(entry.examples.draw(request.school, example, text), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="apercu-{entry.model.key}.pdf"'
    return response


@require_POST
def wording_restore(request: SchoolRequest, type: str, number: int) -> HttpResponse:
    """Make an older version the current one; 0 is the model as it is shipped."""
    entry = _entry(request, type)
    try:
        based_on = int(request.POST.get("based_on", ""))
        versions.restore(request.school, entry.model, number, based_on=based_on, by=request.user)
    except ValueError:
        notices.refused(request, versions.STALE)
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    else:
        notices.said(request, "C’est fait : le texte de cette version vaut de nouveau pour les prochains documents.")
    return redirect(_url(request, "detail", type))
