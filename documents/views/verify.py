"""The public page that recognises a file: no account, nobody named, nothing kept."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.fingerprints import Fingerprints
from documents import verifying
from documents.forms.verify import MAX_MEGABYTES, VerifyForm

TOO_BIG = f"Ce fichier pèse plus de {MAX_MEGABYTES} Mo : ce n’est pas un document édité ici."
TOO_MANY = "Beaucoup de fichiers viennent d’être vérifiés depuis chez vous. Réessayez dans une heure."
LONGEST_NUMBER = 60

protected = decorator_from_middleware(CsrfViewMiddleware)


@login_not_required
@csrf_exempt  # the check reads the form: it comes once the handler that keeps nothing is in place
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """A number and a file, then what the platform knows of that file."""
    handler = Fingerprints(most=MAX_MEGABYTES * 1024 * 1024)
    request.upload_handlers = [handler]
    return _verify(request, handler)


@protected
def _verify(request: HttpRequest, handler: Fingerprints) -> HttpResponse:
    if request.method == "GET":
        return _page(request, VerifyForm(initial={"number": request.GET.get("n", "")[:LONGEST_NUMBER]}))
    form = VerifyForm(request.POST, request.FILES)
    if handler.is_too_big:
        form.errors.pop("file", None)
        form.add_error("file", TOO_BIG)
        return _page(request, form, status=413)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not ratelimit.consume(request, action="verify"):
        form.add_error(None, TOO_MANY)
        return _page(request, form, status=429)
    number = form.cleaned_data["number"]
    found = verifying.recognise(number, form.cleaned_data["file"].digest)
    return _page(request, VerifyForm(initial={"number": number}), is_answer=True, found=found)


def _page(
    request: HttpRequest, form: VerifyForm, *, is_answer: bool = False, found: verifying.Recognised | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "is_answer": is_answer, "found": found}
    return render(request, "documents/verify.html", context, status=status)
