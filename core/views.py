"""The pages that belong to no school: the gallery of components, the statements in every footer, help."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import gallery as examples


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, with invented data: for those who build pages, on a development machine or to an operator."""
    if not (settings.DEBUG or getattr(request.user, "is_operator", False)):
        raise Http404
    return render(request, "core/gallery.html", examples.context(request.GET or None))


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, for everyone (A-01)."""
    return render(request, "core/accessibility.html")


@login_not_required
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Who answers for the data, why they are kept, and everyone's rights (P-01)."""
    told = {"publisher": settings.LEGAL_PUBLISHER, "host": settings.LEGAL_HOST, "dpo": settings.LEGAL_DPO}
    return render(request, "core/legal.html", told)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to begin, by role, and what to do when something stops; also for who cannot sign in."""
    return render(request, "core/help.html")
