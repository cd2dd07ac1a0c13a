"""What the convention must say before it is issued."""

from collections.abc import Iterator

from pfmp.rules import wording
from pfmp.rules.facts import BoardApproval, Facts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked
from pfmp.rules.timetable import UnreadableTimetable


@rule(
    "R-HOR-02",
    "Horaires indiqués",
    Level.BLOCKING,
    source="code de l’éducation, D124-4 6° ; annexe pédagogique",
    confidence=Confidence.VERIFIED,
)
def timetable_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-HOR-02: the weekly timetable is missing or cannot be read.

    Source: code de l'éducation D124-4 6°; G-10, G-42. Confidence: verified.
    """
    timetable = facts.placement.timetable
    if isinstance(timetable, UnreadableTimetable):
        reason = f"Horaires illisibles. {timetable.reason}" if timetable.text else timetable.reason
        yield Problem(
            "R-HOR-02", Level.BLOCKING, f"{reason} Indiquez les jours et les heures de travail de chaque semaine."
        )


@rule(
    "R-CONV-01",
    "Mentions obligatoires de la convention",
    Level.BLOCKING,
    source="code de l’éducation, D124-4",
    confidence=Confidence.VERIFIED_2015,
)
def mentions_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-CONV-01: a mandatory mention that comes from the data is missing: diploma (1), activities (3, 4), hours (5, 6).

    The tutor and the referent are judged by R-TUT-01 and R-REF-01; the other mentions are in the model convention.
    Source: code de l'éducation D124-4; G-37. Confidence: code of 2015.
    """
    placement = facts.placement
    missing = []
    if not placement.period.diploma.strip():
        missing.append("l’intitulé du diplôme (fiche de la classe)")
    if not placement.activities.strip():
        missing.append("les activités confiées et les compétences visées")
    if isinstance(placement.timetable, UnreadableTimetable):
        missing.append("les horaires et la durée de présence")
    if missing:
        yield Problem(
            "R-CONV-01",
            Level.BLOCKING,
            wording.sentence(
                f"mention{'s' if len(missing) > 1 else ''} obligatoire{'s' if len(missing) > 1 else ''} à compléter avant "
                f"d’éditer la convention : {wording.enumeration(missing)}."
            ),
        )


@rule(
    "R-CONV-02",
    "Responsable légal d’un élève mineur",
    Level.BLOCKING,
    source="code de l’éducation, D124-4 ; convention-type, art. 3",
    confidence=Confidence.VERIFIED,
)
def guardian_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-CONV-02: a student who is a minor on the first day, without a legal guardian to sign.

    Source: code de l'éducation D124-4; convention-type art. 3; G-38. Confidence: verified.
    """
    placement = facts.placement
    if placement.student.guardian_name.strip():
        return
    if placement.age_is_unknown:
        yield Unchecked("R-CONV-02", "date de naissance")
    elif placement.starts_minor:
        yield Problem(
            "R-CONV-02",
            Level.BLOCKING,
            "L’élève est mineur au premier jour et son responsable légal, qui signe la convention, n’est pas renseigné. "
            "Complétez la fiche de l’élève.",
        )


@rule(
    "R-CONV-07",
    "Délibération du conseil d’administration",
    Level.BLOCKING,
    source="code de l’éducation, R421-20 6° d ; visas de la convention-type",
    confidence=Confidence.VERIFIED,
)
def board_approval_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-CONV-07: the board has not approved the model convention; not judged when the caller does not know.

    Source: code de l'éducation R421-20 6° d); visas of the convention-type; G-39. Confidence: verified (visas).
    """
    if facts.board_approval is BoardApproval.MISSING:
        yield Problem(
            "R-CONV-07",
            Level.BLOCKING,
            "La date de la délibération du conseil d’administration approuvant la convention-type n’est pas renseignée. "
            "Complétez les réglages de l’établissement pour cette année scolaire.",
        )
