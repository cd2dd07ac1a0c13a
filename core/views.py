"""The pages that belong to no school: the gallery of components, the accessibility statement."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core import gallery as examples


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, with invented data: for those who build pages, on a development machine or to an operator."""
    if not (settings.DEBUG or getattr(request.user, "is_operator", False)):
        raise Http404
    return render(request, "core/gallery.html", examples.context(request.GET or None))


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, for everyone (A-01)."""
    return render(request, "core/accessibility.html")
