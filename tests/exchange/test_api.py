"""The read API: what a key opens, page after page, in the words of the dossier; and what it never says."""

import csv
import io
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import tokens as secrets
from core.models import AuditEvent
from core.school_year import SchoolYear
from exchange import exports, tokens
from exchange.definitions import RESOURCES
from exchange.enums import Scope
from exchange.models import ApiToken
from indicators import figures
from schools.enums import Role
from schools.models import Membership
from schools.roles import PERMISSIONS, Permission
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
NAMES = [name for names in tokens.RESOURCES.values() for name in names]


def key_for(member: Membership, *scopes: Scope, now: datetime | None = None) -> str:
    now = now or timezone.now()
    return tokens.give(member, label="Essai", scopes=scopes or tuple(Scope), days=30, by=member.user, now=now)[1]


def asked(key: str, path: str = "", **query: Any) -> Any:
    return Client().get(f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {key}"} if key else {})


def test_every_resource_of_the_dossier_is_opened_by_one_scope_or_by_none():
    assert len(NAMES) == len(set(NAMES))
    assert set(RESOURCES) - set(NAMES) == {"etablissements", "personnels", "affectations"}


def test_rows_are_those_of_the_dossier(cast: Cast):
    """Each resource read whole, two rows at a time, is the table of the export: same rows, same values."""
    school = cast.school
    for _ in range(5):
        factories.ParticipationFactory(school=school)
    factories.InvitationFactory(school=school, reply="acceptee", replied_date="2025-11-04", present=True)
    factories.ContributionFactory(school=school, amount="1250.50")
    factories.PlacementFactory(school=school)
    factories.OutcomeFactory(school=school)
    factories.OutcomeFactory(school=school, term_months=18)  # the dossier does not know it
    factories.AnswerFactory(school=school, survey=None, audience="eleve", comment="=cmd()")
    factories.ParticipationFactory(school=cast.stranger.school)
    table = exports.collect(school).tables
    keys = {
        name: key for scope, names in tokens.RESOURCES.items() for key in [key_for(cast.bde, scope)] for name in names
    }
    for name, key in keys.items():
        rows, after = [], None
        while True:
            answer = asked(key, f"{name}/", taille=2, **({"apres": after} if after else {}))
            assert answer.status_code == 200, answer.content
            rows += answer.json()["lignes"]
            after = answer.json()["suivant"]
            if after is None:
                break
        written = list(csv.DictReader(io.StringIO(table[RESOURCES[name].file].decode("utf-8-sig")), delimiter=";"))
        assert sorted(map(as_written, rows)) == sorted(json.dumps(row) for row in written), name
    assert "sortant" not in name


def as_written(row: dict[str, Any]) -> str:
    """A row of the API in the text of the export."""

    def text(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return f"{value:g}" if isinstance(value, float) else str(value)

    return json.dumps({name: text(value) for name, value in row.items()})


def test_a_key_opens_its_scopes_and_nothing_else(cast: Cast):
    factories.PartnerFactory(school=cast.school, name="Menuiserie Lemaire")
    factories.StudentFactory(school=cast.school)
    key = key_for(cast.bde, Scope.PARTNERS)
    told = asked(key).json()
    assert told["etablissement"] == cast.school.uai
    assert told["ressources"] == list(tokens.RESOURCES[Scope.PARTNERS])
    assert asked(key, "partenaires/").json()["lignes"][0]["raison_sociale"] == "Menuiserie Lemaire"
    refused = asked(key, "eleves/")
    assert refused.status_code == 403
    assert "eleves" in refused.json()["motif"]


def test_the_rights_are_those_of_who_gave_it_today(cast: Cast):
    """S-04: a role that changes, a member who leaves, a closed account act on the very next request."""
    key = key_for(cast.bde, Scope.TAXE, Scope.PARTNERS)
    assert asked(key, "taxe_apprentissage/").status_code == 200
    Membership.objects.in_school(cast.school).filter(pk=cast.bde.pk).update(role="secretariat")
    assert asked(key, "taxe_apprentissage/").status_code == 403
    Membership.objects.in_school(cast.school).filter(pk=cast.bde.pk).update(role="direction")
    assert asked(key, "partenaires/").status_code == 200
    Membership.objects.in_school(cast.school).filter(pk=cast.bde.pk).update(is_active=False)
    assert asked(key, "partenaires/").status_code == 401
    head = key_for(cast.head, Scope.FIGURES)
    cast.head.user.is_active = False
    cast.head.user.save()
    assert asked(head).status_code == 401


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_more_than_they_may_read(cast: Cast, role: Role):
    member = cast.by_role()[role]
    granted = PERMISSIONS[role]
    for scope in Scope:
        if tokens.NEEDS[scope] | {Permission.MAKE_API_TOKEN} <= granted:
            assert scope in tokens.may_give(member)
        else:
            with pytest.raises(ValidationError):
                key_for(member, scope)
    assert (Permission.MAKE_API_TOKEN in granted) == (role in (Role.BDE, Role.DDFPT, Role.HEAD))


def test_a_key_that_is_past_revoked_or_unknown_answers_alike(cast: Cast):
    now = timezone.now()
    past = key_for(cast.bde, now=now - timedelta(days=31))
    revoked = key_for(cast.bde)
    token = ApiToken.objects.in_school(cast.school).get(token_hash=secrets.hashed(revoked))
    assert tokens.revoke(token, by=cast.bde.user, now=now)
    assert not tokens.revoke(token, by=cast.bde.user, now=now)
    answers = [asked(key) for key in (past, revoked, "inconnue", "")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert "Clés d’accès" in answers[0].json()["motif"]
    assert answers[0]["WWW-Authenticate"] == "Bearer"
    signed_in = Client()
    signed_in.force_login(cast.bde.user)
    assert signed_in.get("/api/v1/partenaires/").status_code == 401, "a session is not a key"


def test_figures_are_the_kept_ones_whole_or_with_small_counts_hidden(cast: Cast):
    reached = factories.ActionFactory(school=cast.school)
    klass = factories.ClassFactory(school=cast.school)
    for rank in range(12):
        pupil = factories.SchoolingFactory(school=cast.school, school_class=klass).student
        factories.ParticipationFactory(school=cast.school, action=reached, student=pupil, present=rank < 3)
    key = key_for(cast.bde)
    assert asked(key, "indicateurs/2025-2026/").status_code == 404
    assert "2025-2026" in asked(key, "indicateurs/2025-2026/").json()["motif"]
    assert asked(key, "indicateurs/bientot/").status_code == 404
    kept = figures.refresh(cast.school, SchoolYear.parse("2025-2026"), date(2026, 8, 31))
    assert asked(key, "indicateurs/2025-2026/").json() == kept.figures
    hidden = asked(key, "indicateurs_masques/2025-2026/").json()
    cell = next(one for one in hidden["indicateurs"] if one["code"] == "I4.1")
    assert next(one for one in kept.figures["indicateurs"] if one["code"] == "I4.1")["n"] == 3
    assert (cell["valeur"], cell["n"], cell["motif"]) == (None, None, "n.d. (effectif < 5)")


@pytest.mark.parametrize("query", [{"taille": 0}, {"taille": 201}, {"taille": "x"}, {"apres": "1 OR 1=1"}])
def test_a_parameter_that_cannot_be_read_is_named(cast: Cast, query: dict[str, Any]):
    answer = asked(key_for(cast.bde), "actions/", **query)
    assert answer.status_code == 400
    assert f"« {next(iter(query))} »" in answer.json()["motif"]


def test_a_program_that_asks_too_fast_is_told_to_wait(cast: Cast):
    key = key_for(cast.bde)
    answers = [asked(key).status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]
    late = asked(key)
    assert 1 <= int(late["Retry-After"]) <= 60
    assert "minute" in late.json()["motif"]


def test_a_page_costs_few_queries_however_many_rows(cast: Cast, django_assert_max_num_queries: Any):
    for _ in range(30):
        factories.ParticipationFactory(school=cast.school)
    key = key_for(cast.bde)
    with django_assert_max_num_queries(5):
        assert len(asked(key, "participations/", taille=200).json()["lignes"]) == 30


def test_the_description_names_each_address_column_and_refusal():
    described = Client().get("/api/v1/openapi.json").json()
    for name in NAMES:
        operation = described["paths"][f"/api/v1/{name}/"]["get"]
        assert {"200", "401", "403", "429"} <= set(operation["responses"])
        columns = described["components"]["schemas"][f"{name}_ligne"]["properties"]
        assert list(columns) == [column.name for column in RESOURCES[name].columns]
    assert described["components"]["securitySchemes"]["Key"]["scheme"] == "bearer"


def test_a_key_is_given_shown_once_and_revoked_on_the_page(as_bde: Client, cast: Cast):
    page = reverse("exchange:key_list", args=[cast.school.uai])
    refused = as_bde.post(page, {"label": "Tableau de bord", "days": "90"})
    assert refused.status_code == 422
    assert "Choisissez au moins une portée" in refused.content.decode()
    given = as_bde.post(page, {"label": "Tableau de bord", "scopes": ["actions"], "days": "90"})
    key = given.context["text"]
    assert asked(key, "actions/").status_code == 200
    later = as_bde.get(page).content.decode()
    assert "Tableau de bord" in later
    assert key not in later
    token = ApiToken.objects.in_school(cast.school).get()
    assert key not in json.dumps(list(AuditEvent.objects.values()), default=str)
    as_bde.post(reverse("exchange:key_revoke", args=[cast.school.uai, token.public_id]))
    assert asked(key, "actions/").status_code == 401
