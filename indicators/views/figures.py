"""The page of one figure, and what the school says of it."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import notices
from core.verdict import demand
from indicators import definitions, figure_page, permissions, services
from schools.middleware import SchoolRequest

LONGEST = 4000
"""Characters of a comment: a page, not a report."""


class CommentForm(forms.Form):
    """What the school says of a figure; an empty text takes the comment away."""

    text = forms.CharField(
        label="Commentaire de l’année",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui explique ce chiffre. Il se lit ici et dans les bilans ; n’y nommez aucun élève.",
    )


@require_GET
def figure(request: SchoolRequest, code: str) -> HttpResponse:
    """A figure from all sides: value, five years, breakdowns, rows behind, what would change it (issue: « la page d’un chiffre »)."""
    demand(permissions.may_read(request.membership))
    return _page(request, code)


@require_POST
def figure_comment(request: SchoolRequest, code: str) -> HttpResponse:
    """Write, correct or take away the school's comment."""
    demand(permissions.may_comment(request.membership))
    try:
        definitions.named(code)
    except KeyError:
        raise Http404 from None
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, code, form, status=422)
    services.comment(request.school, request.school_year, code, form.cleaned_data["text"], by=request.user)
    notices.said(request, "Commentaire enregistré." if form.cleaned_data["text"] else "Commentaire retiré.")
    return redirect("indicators:figure", request.school.uai, code)


def _page(request: SchoolRequest, code: str, form: CommentForm | None = None, *, status: int = 200) -> HttpResponse:
    try:
        page = figure_page.read(request.membership, request.school_year, code, timezone.localdate())
    except KeyError:
        raise Http404 from None
    may_comment = permissions.may_comment(request.membership)
    if form is None and may_comment:
        form = CommentForm(initial={"text": page.comment.text if page.comment else ""})
    return render(
        request,
        "indicators/figure.html",
        {
            "page": page,
            "form": form,
            "may_comment": may_comment,
            "may_see_rows": permissions.may_see_rows(request.membership),
            "too_early": timezone.localdate() < request.school_year.start,
        },
        status=status,
    )
