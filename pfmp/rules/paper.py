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
    if not placement.period.diploma.strip() and not placement.period.is_observation:
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


@rule(
    "R-CONV-11",
    "Fiche d’information sur le pays d’accueil",
    Level.BLOCKING,
    source="code de l’éducation, L124-19 et L124-20 ; circulaire 2003-203",
    confidence=Confidence.VERIFIED_2015,
)
def country_sheet_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-CONV-11: a stay abroad whose country has no sheet on what the law says there.

    Source: code de l'éducation L124-19, L124-20; circulaire 2003-203. Confidence: code of 2015.
    """
    country = facts.placement.country
    if country and country not in facts.school.country_sheets:
        yield Problem(
            "R-CONV-11",
            Level.BLOCKING,
            "Ce placement est à l’étranger et la fiche d’information sur la réglementation du pays, annexée à la convention, "
            "n’est pas écrite. Écrivez-la dans « Fiches pays ».",
        )


@rule(
    "R-ABS-01",
    "Congés et absences prévus au-delà de deux mois",
    Level.INFORMATION,
    source="code de l’éducation, L124-13 ; convention-type, art. 16",
    confidence=Confidence.VERIFIED,
)
def leave_to_provide(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-ABS-01: beyond two months the convention must provide leave and allowed absences.

    Two months are 44 days of 7 h (R-DECOMPTE-01). Said only where the annexes are prepared here.
    Source: code de l'éducation L124-13; convention-type art. 16. Confidence: verified.
    """
    placement = facts.placement
    minutes = placement.counted_minutes
    if placement.terms is None or minutes is None:
        return
    if minutes > parameters.leave_months * parameters.hours_month_days * parameters.hours_day_minutes:
        yield Problem(
            "R-ABS-01",
            Level.INFORMATION,
            "La période dépasse deux mois de présence : la convention prévoit des congés et des autorisations d’absence. "
            "Écrivez-les dans les annexes avec l’organisme.",
        )
