"""The referent teacher of a placement."""

from collections.abc import Iterator
from datetime import date

from pfmp.rules import host, wording
from pfmp.rules.facts import Facts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem


@rule(
    "R-REF-01",
    "Enseignant référent désigné",
    Level.BLOCKING,
    source="code de l’éducation, L124-2 3° et D124-3",
    confidence=Confidence.VERIFIED_2015,
)
def referent_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-REF-01: no referent teacher. Source: code de l'éducation L124-2 3°, D124-3; G-36. Confidence: code of 2015."""
    if not facts.placement.referent_key:
        yield Problem(
            "R-REF-01",
            Level.BLOCKING,
            "Aucun enseignant référent n’est désigné. Choisissez-le parmi l’équipe pédagogique de l’élève.",
        )


@rule(
    "R-REF-02",
    "Nombre d’élèves suivis à la fois par un référent",
    Level.WARNING,
    Level.BLOCKING,
    source="code de l’éducation, D124-3 ; page du ministère de l’enseignement supérieur (24)",
    confidence=Confidence.TO_VERIFY,
)
def referent_overloaded(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-REF-02: a referent with more than 16 placements on the same day (warning), more than 24 (blocking).

    All classes and kinds of placement together. The board of the school may have voted another number (R-CONV-08). Source: code de l'éducation D124-3 (16 in 2015; 24 on a page of the
    ministry); G-36, R-REF-03. Confidence: to verify.
    """
    if not facts.placement.referent_key:
        return
    found = host.simultaneous(facts.placement, facts.of_referent)
    warning = min(facts.school.referent_limit or parameters.referent_warning, parameters.referent_blocking)
    if found.height <= warning:
        return
    level, limit = Level.WARNING, warning
    if found.height > parameters.referent_blocking:
        level, limit = Level.BLOCKING, parameters.referent_blocking
    yield Problem(
        "R-REF-02",
        level,
        wording.sentence(
            f"{wording.day(date.fromordinal(found.at))} : le référent suit {found.height} élèves à la fois, au plus "
            f"{limit}. Répartissez les élèves entre d’autres enseignants de la classe."
        ),
    )
