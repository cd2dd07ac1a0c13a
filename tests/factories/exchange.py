"""Keys of the read API."""

from datetime import UTC, datetime

from factory import SelfAttribute, Sequence, SubFactory

from core import tokens
from exchange.models import ApiToken
from tests.factories.schools import MembershipFactory, OfSchool


class ApiTokenFactory(OfSchool):
    class Meta:
        model = ApiToken

    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"))
    label = "Tableau de bord"
    scopes = "indicateurs"
    token_hash = Sequence(lambda n: tokens.hashed(f"api-{n}"))
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)
