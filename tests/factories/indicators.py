"""What of the indicators is dated, sealed, said, decided and shown to others."""

from datetime import UTC, date, datetime

from factory import SelfAttribute, Sequence, SubFactory

from core import tokens
from indicators.models import (
    Decision,
    Evidence,
    FigureComment,
    IndicatorShare,
    KeyNumber,
    Publication,
    SecrecySettings,
    SelfEvaluation,
    ShareLink,
    Target,
    YearSeal,
)
from tests.factories.schools import YEAR, OfSchool


class ShareFactory(OfSchool):
    class Meta:
        model = IndicatorShare

    indicators = "I1.1|I3.1"
    shared_date = date(2025, 11, 2)


class PublicationFactory(OfSchool):
    class Meta:
        model = Publication

    year = YEAR
    as_of = date(2025, 11, 2)
    figures = {"annee": YEAR, "arrete": "2025-11-02", "indicateurs": []}
    behind = {"counts": {}, "volumes": {}, "days": {}}


class SecrecySettingsFactory(OfSchool):
    class Meta:
        model = SecrecySettings

    pupils = 12


class ShareLinkFactory(OfSchool):
    class Meta:
        model = ShareLink

    share = SubFactory(ShareFactory, school=SelfAttribute("..school"))
    token_hash = Sequence(lambda n: tokens.hashed(f"share-{n}"))
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class YearSealFactory(OfSchool):
    class Meta:
        model = YearSeal

    year = "2023-2024"
    as_of = date(2024, 8, 31)
    definitions = "1"
    figures: dict[str, object] = {}
    sha256 = "0" * 64
    sealed_at = datetime(2024, 9, 15, tzinfo=UTC)


class FigureCommentFactory(OfSchool):
    class Meta:
        model = FigureComment

    year = YEAR
    code = "I3.1"
    text = "Deux forums reportés."


class KeyNumberFactory(OfSchool):
    class Meta:
        model = KeyNumber

    day = date(2025, 11, 2)
    key = Sequence(lambda n: f"nombre-{n}")
    value = 12


class TargetFactory(OfSchool):
    class Meta:
        model = Target

    year = YEAR
    code = "I4.1"
    value = "0.8"


class DecisionFactory(OfSchool):
    class Meta:
        model = Decision

    year = YEAR
    heading = "3"
    label = "Inviter chaque branche une fois dans l’année"


class SelfEvaluationFactory(OfSchool):
    class Meta:
        model = SelfEvaluation

    year = YEAR
    heading = "1"
    question = Sequence(lambda n: f"question-{n}")
    text = "Les conventions sont relues chaque année."


class EvidenceFactory(OfSchool):
    class Meta:
        model = Evidence

    year = YEAR
    heading = "1"
    label = "Compte rendu du conseil de perfectionnement"
