"""The read API (version 1): one address a resource of the dossier, and the indicators. Described by `openapi.json`.

A request carries a key (`Authorization: Bearer …`); it reads the key's school, what its scopes open and no more than the
rights of who gave it. Every address answers JSON; a refusal says why in French under `motif`.
"""

import logging
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from ninja import Field, NinjaAPI, Path, Query, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle
from pydantic import create_model

from core.school_year import SchoolYear
from exchange import tokens
from exchange.api import pages
from exchange.definitions import DESCRIPTIONS, RESOURCES, Column, Resource
from exchange.enums import Scope
from exchange.models import ApiToken
from indicators import published

log = logging.getLogger(__name__)
PACE = "120/m"
TOO_FAST = "Trop de demandes : pas plus de 120 par minute pour une clé. Attendez une minute."
NO_KEY = (
    "Cette clé est inconnue, passée ou révoquée. Le bureau des entreprises en donne une sur la page « Clés d’accès »."
)


class Key(HttpBearer):
    """The key of a request."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return tokens.find(token, timezone.now())


class ByKey(SimpleRateThrottle):
    """How often one key may ask."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        key: ApiToken | None = getattr(request, "auth", None)
        return f"api:{key.token_hash}" if key else None


api = NinjaAPI(
    title="Plateforme du bureau des entreprises, lecture des données",
    version="1",
    description=(
        "Lecture seule. Chaque demande porte une clé (`Authorization: Bearer …`) donnée par le lycée pour un usage : elle "
        "ouvre ses portées, dans les droits de qui l’a donnée, et pas plus de 120 demandes par minute. Les ressources, les "
        "colonnes et les valeurs sont celles du dossier, le format d’échange ouvert."
    ),
    auth=Key(),
    throttle=ByKey(PACE),
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
)


class Refusal(Schema):
    """Why there is no answer."""

    motif: str


class About(Schema):
    """What the key opens."""

    usage: str
    etablissement: str
    portees: list[str]
    ressources: list[str]
    expire_le: str


class Figures(Schema):
    """The indicators of a school year as the command `indicators` writes them, from the last snapshot."""

    etablissement: str
    annee: str
    arrete: str
    provisoire: bool
    definitions: str
    indicateurs: list[dict[str, Any]]


REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal, 429: Refusal}


def _need(request: HttpRequest, scope: Scope) -> ApiToken:
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if scope not in tokens.scopes_of(token):
        raise HttpError(HTTPStatus.FORBIDDEN, f"Cette clé n’a pas la portée « {scope.value} ».")
    return token


@api.get("/", response={200: About, **REFUSALS}, url_name="about", summary="Ce que la clé ouvre")
def about(request: HttpRequest) -> dict[str, Any]:
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    scopes = [scope for scope in Scope if scope in tokens.scopes_of(token)]
    return {
        "usage": token.label,
        "etablissement": token.school.uai,
        "portees": [scope.value for scope in scopes],
        "ressources": [name for scope in scopes for name in tokens.RESOURCES[scope]],
        "expire_le": timezone.localtime(token.expires_at).isoformat(timespec="seconds"),
    }


def _add_figures(scope: Scope, summary: str, *, is_leaving: bool) -> None:
    def read(
        request: HttpRequest, annee: Annotated[str, Path(description="Année scolaire, par exemple 2025-2026.")]
    ) -> dict[str, Any]:
        token = _need(request, scope)
        try:
            year = SchoolYear.parse(annee)
        except ValueError as refusal:
            raise HttpError(HTTPStatus.NOT_FOUND, str(refusal)) from None
        found = published.figures_of(token.school, year, is_leaving=is_leaving)
        if found is None:
            raise HttpError(HTTPStatus.NOT_FOUND, f"Aucun chiffre n’est gardé pour l’année {year.code}.")
        return found

    api.get(
        f"/{scope.value}/{{annee}}/",
        response={200: Figures, **REFUSALS},
        url_name=scope.value,
        summary=summary,
        tags=[scope.label],
        operation_id=scope.value,
    )(read)


_add_figures(Scope.FIGURES, "Les indicateurs d’une année scolaire", is_leaving=False)
_add_figures(Scope.SAFE_FIGURES, "Les mêmes, petits effectifs masqués", is_leaving=True)


def _type_of(column: Column) -> Any:
    return {"integer": int, "number": float, "boolean": bool}.get(column.type, str)


def _row_schema(resource: Resource) -> type[Schema]:
    fields: dict[str, Any] = {
        column.name: (_type_of(column) | None, Field(None, description=DESCRIPTIONS[resource.name][column.name]))
        for column in resource.columns
    }
    return create_model(f"{resource.name}_ligne", __base__=Schema, __doc__=resource.title, **fields)


def _add(resource: Resource, scope: Scope) -> None:
    row = _row_schema(resource)
    answer: type[Schema] = create_model(
        f"{resource.name}_page",
        __base__=Schema,
        __doc__=f"Une page : {resource.title}.",
        lignes=(list[row], Field(description="Les lignes, dans un ordre qui ne bouge pas.")),  # type: ignore[valid-type]
        suivant=(
            UUID | None,
            Field(None, description="À donner dans « apres » pour la page suivante ; null à la dernière."),
        ),
    )

    def read(
        request: HttpRequest,
        apres: Annotated[UUID | None, Query(description="La valeur « suivant » de la page d’avant.")] = None,
        taille: Annotated[int, Query(ge=1, le=pages.MOST, description="Lignes par page.")] = pages.SIZE,
    ) -> dict[str, Any]:
        token = _need(request, scope)
        found = pages.page(resource, token.school, after=apres, size=taille, today=timezone.localdate())
        log.info("api.read", extra={"key": token.public_id, "resource": resource.name, "rows": len(found.rows)})
        return {"lignes": found.rows, "suivant": found.after}

    read.__name__ = resource.name
    api.get(
        f"/{resource.name}/",
        response={200: answer, **REFUSALS},
        url_name=resource.name,
        summary=resource.title,
        tags=[scope.label],
        operation_id=resource.name,
    )(read)


for _scope, _names in tokens.RESOURCES.items():
    for _name in _names:
        _add(RESOURCES[_name], _scope)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The reason of a refusal, as JSON, with its status."""
    return api.create_response(request, {"motif": str(error)}, status=error.status_code)


@api.exception_handler(Throttled)
def too_fast(request: HttpRequest, error: Throttled) -> HttpResponse:
    """429, and after how many seconds to come back."""
    answer = api.create_response(request, {"motif": TOO_FAST}, status=error.status_code)
    answer["Retry-After"] = str(max(1, round(error.wait or 60)))
    return answer


@api.exception_handler(AuthenticationError)
def unknown_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401, the same for a key that is unknown, expired or revoked."""
    answer = api.create_response(request, {"motif": NO_KEY}, status=HTTPStatus.UNAUTHORIZED)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """400, naming the parameters that cannot be read."""
    wrong = ", ".join(sorted({f"« {one['loc'][-1]} »" for one in error.errors}))
    return api.create_response(
        request, {"motif": f"Ce paramètre n’est pas lisible : {wrong}."}, status=HTTPStatus.BAD_REQUEST
    )


def urls() -> tuple[list[Any], str, str]:
    """The addresses, open to who has no session: the key is the way in, and no cookie is read."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        view: Any = require_safe(_private(pattern.callback))
        view.login_required, view.csrf_exempt = False, True
        pattern.callback = view
    return patterns, app_name, namespace


def _private(view: Any) -> Any:
    """What the API answers stays out of every cache."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "no-store, private")
        return response

    return answered
