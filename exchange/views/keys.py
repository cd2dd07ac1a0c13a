"""Keys of the read API: given, shown once, revoked; and what they open."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import notices, site
from core.verdict import demand
from exchange import tokens
from exchange.definitions import RESOURCES
from exchange.enums import Scope
from exchange.forms import KeyForm
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


@require_http_methods(["GET", "POST"])
def key_list(request: SchoolRequest) -> HttpResponse:
    """The keys that are open, a form to give one, what each scope opens. A key is shown by the answer that makes it only."""
    demand(allows(request.membership, Permission.MAKE_API_TOKEN))
    now = timezone.now()
    posted = request.method == "POST"
    form = KeyForm(request.POST if posted else None, membership=request.membership)
    text = ""
    if posted and form.is_valid():
        asked = form.cleaned_data
        try:
            _, text = tokens.give(
                request.membership,
                label=asked["label"],
                scopes=[Scope(scope) for scope in asked["scopes"]],
                days=asked["days"],
                by=request.user,
                now=now,
            )
            form = KeyForm(membership=request.membership)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    keys = [
        {
            "key": key,
            "scopes": [Scope(value).label for value in key.scopes.split("|") if value in Scope.values],
            "state": "revoque" if key.revoked_at else "expire" if key.expires_at <= now else "ouvert",
        }
        for key in tokens.of_school(request.school)
    ]
    address = f"{site.address()}{reverse('api:about')}"
    return render(
        request,
        "exchange/key_list.html",
        {
            "form": form,
            "text": text,
            "keys": keys,
            "address": address,
            "openapi_url": reverse("api:openapi-json"),
            "opens": [
                (scope, [RESOURCES[name] for name in tokens.RESOURCES[scope]])
                for scope in tokens.may_give(request.membership)
            ],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def key_revoke(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Close a key at once."""
    demand(allows(request.membership, Permission.MAKE_API_TOKEN))
    key = tokens.of_school(request.school).filter(public_id=public_id).first()
    if key is None:
        raise Http404
    tokens.revoke(key, by=request.user, now=timezone.now())
    notices.said(request, f"La clé « {key.label} » est révoquée : elle n’ouvre plus rien.")
    return redirect("exchange:key_list", request.school.uai)
