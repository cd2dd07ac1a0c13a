"""Works that are dangerous for a minor: what must be there before a pupil is set to them (R-TRAV-01 to 13).

Judged only when the annexes of the placement name regulated works or an electrical level: a dossier that comes in has none.
"""

from collections.abc import Iterator
from datetime import date

from core import typography
from pfmp.enums import MedicalOutcome, TrainingKind, WorksDeclarant
from pfmp.rules import wording, works
from pfmp.rules.age import first_day_of_age
from pfmp.rules.facts import MAJORITY, DeclarationFacts, Facts, PlacementFacts
from pfmp.rules.parameters import Confidence, Parameters
from pfmp.rules.register import rule
from pfmp.rules.results import Finding, Level, Problem, Unchecked

BIRTH_DATE = "date de naissance"
DECLARANT_OF = {"administration": WorksDeclarant.STATE, "collectivite": WorksDeclarant.LOCAL_AUTHORITY}
"""Who declares, by type of partner; an employer otherwise (R-TRAV-09)."""


def valid_until(sent: date, years: int) -> date:
    """The last day on which what was dated `sent` still holds: three years from 1 March 2024 end on 28 February 2027."""
    return date.fromordinal(first_day_of_age(sent, years).toordinal() - 1)


def works_of_minor(placement: PlacementFacts) -> list[works.Work]:
    """The regulated works of the annexes, when the pupil is or may be a minor on the first day."""
    if placement.terms is None or not (placement.age_is_unknown or placement.starts_minor):
        return []
    return works.works_of(placement.terms.works)


def last_minor_day(placement: PlacementFacts) -> date:
    """The last day of the stay on which the works need a derogation: the eve of majority, or the end."""
    born = placement.student.birth_date
    if born is None:
        return placement.end
    return min(placement.end, date.fromordinal(first_day_of_age(born, MAJORITY).toordinal() - 1))


@rule(
    "R-TRAV-01",
    "Travaux réglementés : 15 ans au moins, et dérogation possible",
    Level.BLOCKING,
    source="code du travail, R4153-39 et D4153-15 à D4153-37",
    confidence=Confidence.VERIFIED,
)
def forbidden_works(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-01: works that no derogation opens to a minor, or any regulated works under 15.

    Source: code du travail R4153-39, D4153-15 to D4153-37. Confidence: verified (age), code of 2015 (nomenclature).
    """
    placement = facts.placement
    named = works_of_minor(placement)
    if not named:
        return
    if placement.age_is_unknown:
        yield Unchecked("R-TRAV-01", BIRTH_DATE)
        return
    found = []
    if placement.is_younger(parameters.works_age, placement.start):
        found.append(
            f"L’élève n’a pas {parameters.works_age} ans le {wording.day(placement.start)}, premier jour : aucun de ces "
            "travaux ne lui est permis."
        )
    if never := [work.sentence for work in named if not work.may_be_declared]:
        found.append(
            wording.sentence(f"interdit à tout mineur, sans dérogation possible : {wording.enumeration(never)}.")
        )
    if found:
        yield Problem(
            "R-TRAV-01",
            Level.BLOCKING,
            typography.french(" ".join([*found, "Retirez ces travaux des activités confiées."])),
        )


def _declared(placement: PlacementFacts) -> tuple[list[works.Work], list[DeclarationFacts]]:
    """The works that need a declaration, and the host's declarations that were not withdrawn before the stay ends."""
    needed = [work for work in works_of_minor(placement) if work.may_be_declared]
    kept = [
        one for one in placement.host.declarations if one.withdrawn is None or one.withdrawn > last_minor_day(placement)
    ]
    return needed, kept


@rule(
    "R-TRAV-02",
    "Déclaration de dérogation de l’organisme",
    Level.BLOCKING,
    source="code du travail, R4153-41",
    confidence=Confidence.VERIFIED,
)
def works_not_declared(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-02: regulated works that no declaration of the host to the labour inspection names.

    Source: code du travail R4153-41. Confidence: verified.
    """
    placement = facts.placement
    needed, declarations = _declared(placement)
    named = frozenset().union(*(one.works for one in declarations))
    missing = [work.sentence for work in needed if work.article not in named]
    if not missing:
        return
    if placement.age_is_unknown:
        yield Unchecked("R-TRAV-02", BIRTH_DATE)
        return
    yield Problem(
        "R-TRAV-02",
        Level.BLOCKING,
        wording.sentence(
            f"aucune déclaration de dérogation de l’organisme pour : {wording.enumeration(missing)}. L’organisme l’envoie à "
            "l’inspection du travail avant l’arrivée de l’élève ; notez-la sur sa fiche."
        ),
    )


@rule(
    "R-TRAV-03",
    "Déclaration valable pendant toute la période",
    Level.BLOCKING,
    source="code du travail, R4153-40 et R4153-44",
    confidence=Confidence.VERIFIED,
)
def declaration_not_in_force(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-03: a declaration names the works, and none that does covers every day of the stay (three years from its sending).

    Source: code du travail R4153-40, R4153-44. Confidence: verified.
    """
    placement = facts.placement
    needed, declarations = _declared(placement)
    last = last_minor_day(placement)
    late = []
    for work in needed:
        naming = [one for one in declarations if work.article in one.works]
        ends = {one: valid_until(one.sent, parameters.works_declaration_years) for one in naming}
        if naming and not any(one.sent <= placement.start and ends[one] >= last for one in naming):
            end = max(ends.values())
            late.append(f"{work.sentence}, valable jusqu’au {wording.day(end)}")
    if not late:
        return
    if placement.age_is_unknown:
        yield Unchecked("R-TRAV-03", BIRTH_DATE)
        return
    yield Problem(
        "R-TRAV-03",
        Level.BLOCKING,
        wording.sentence(
            f"la déclaration ne couvre pas toute la période {wording.span(placement.start, last)} : "
            f"{wording.enumeration(late)}. Demandez à l’organisme de la renouveler."
        ),
    )


@rule(
    "R-TRAV-06",
    "Formation à la sécurité évaluée avant les travaux réglementés",
    Level.WARNING,
    source="code du travail, R4153-40",
    confidence=Confidence.VERIFIED,
)
def safety_training_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-06: the school has not noted that the pupil was trained to safety, and evaluated, before regulated works.

    Source: code du travail R4153-40 4°. Confidence: code of 2015 for this condition.
    """
    yield from _training(
        facts,
        "R-TRAV-06",
        TrainingKind.SAFETY,
        "la formation à la sécurité de l’élève et son évaluation ne sont pas notées avant le premier jour. Notez-les, ou "
        "indiquez le motif.",
        concerns=bool(works_of_minor(facts.placement)),
        only_minors=True,
    )


def _training(
    facts: Facts, rule_id: str, kind: TrainingKind, message: str, *, concerns: bool, only_minors: bool = False
) -> Iterator[Finding]:
    """A training of this kind must be noted by the first day."""
    placement = facts.placement
    done = placement.student.trainings.get(kind)
    if not concerns or (done is not None and done <= placement.start):
        return
    if only_minors and placement.age_is_unknown:
        yield Unchecked(rule_id, BIRTH_DATE)
    else:
        yield Problem(rule_id, Level.WARNING, wording.sentence(message))


@rule(
    "R-TRAV-07",
    "Avis médical d’aptitude de moins d’un an",
    Level.BLOCKING,
    Level.WARNING,
    source="code du travail, R4153-40 5°",
    confidence=Confidence.VERIFIED_2015,
)
def medical_opinion_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-07: no favourable opinion on fitness that holds over the whole stay; one with reservations is a warning.

    The last opinion before the stay speaks; it holds one year. Only its outcome and its date are kept.
    Source: code du travail R4153-40 5°. Confidence: code of 2015.
    """
    placement = facts.placement
    if not works_of_minor(placement):
        return
    last = last_minor_day(placement)
    opinions = sorted(
        (one for one in placement.student.opinions if one.day <= placement.start), key=lambda one: one.day
    )
    message = ""
    level = Level.BLOCKING
    if not opinions:
        message = "aucun avis médical d’aptitude n’est noté avant le premier jour. Demandez-le au médecin scolaire."
    else:
        opinion = opinions[-1]
        end = valid_until(opinion.day, parameters.medical_opinion_years)
        if opinion.outcome == MedicalOutcome.UNFAVOURABLE:
            message = f"l’avis médical du {typography.long_date(opinion.day)} est défavorable. Retirez les travaux réglementés."
        elif end < last:
            message = (
                f"l’avis médical du {typography.long_date(opinion.day)} vaut jusqu’au {typography.long_date(end)} : il ne "
                "couvre pas toute la période. Demandez le suivant."
            )
        elif opinion.outcome == MedicalOutcome.RESERVED:
            level = Level.WARNING
            message = (
                f"l’avis médical du {typography.long_date(opinion.day)} est favorable avec réserves. Vérifiez que les "
                "travaux les respectent, et indiquez comment, sans rien écrire sur la santé."
            )
    if not message:
        return
    if placement.age_is_unknown:
        yield Unchecked("R-TRAV-07", BIRTH_DATE)
    else:
        yield Problem("R-TRAV-07", level, wording.sentence(message))


@rule(
    "R-TRAV-09",
    "Déclaration faite comme le veut la nature de l’organisme",
    Level.WARNING,
    source="convention-type, art. 13 ; décrets 82-453 et 85-603",
    confidence=Confidence.VERIFIED,
)
def wrong_declarant(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-09: a service of the State declares to its own inspector, a local authority sends a deliberation.

    Source: convention-type art. 13; décrets 82-453, 85-603. Confidence: verified.
    """
    placement = facts.placement
    needed, declarations = _declared(placement)
    expected = DECLARANT_OF.get(placement.host.type, WorksDeclarant.EMPLOYER)
    naming = [one for one in declarations if one.works.intersection(work.article for work in needed)]
    if not naming or any(one.declarant == expected for one in naming) or not placement.host.type:
        return
    papers = {
        WorksDeclarant.STATE: "une déclaration à l’inspecteur santé et sécurité au travail (service de l’État)",
        WorksDeclarant.LOCAL_AUTHORITY: "une délibération adressée à l’agent d’inspection (collectivité territoriale)",
        WorksDeclarant.EMPLOYER: "une déclaration de l’employeur à l’inspection du travail",
    }
    if placement.age_is_unknown:
        yield Unchecked("R-TRAV-09", BIRTH_DATE)
        return
    yield Problem(
        "R-TRAV-09",
        Level.WARNING,
        wording.sentence(
            f"pour cet organisme, il faut {papers[expected]}. Vérifiez la pièce notée, ou indiquez le motif."
        ),
    )


@rule(
    "R-TRAV-11",
    "Préparation à l’habilitation électrique",
    Level.WARNING,
    source="code du travail, D4153-24 et R4153-50 ; convention-type, art. 14",
    confidence=Confidence.VERIFIED,
)
def electrical_training_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-11: an electrical level in the annexes, at any age, without the training that the school attests.

    Source: code du travail D4153-24, R4153-50; convention-type art. 14. Confidence: verified.
    """
    terms = facts.placement.terms
    yield from _training(
        facts,
        "R-TRAV-11",
        TrainingKind.ELECTRICAL,
        "une habilitation électrique est prévue et la préparation de l’élève n’est pas notée avant le premier jour : "
        "l’employeur la délivre au vu du carnet individuel de formation. Notez-la, ou indiquez le motif.",
        concerns=terms is not None and bool(terms.electrical_level.strip()),
    )


@rule(
    "R-TRAV-12",
    "Formation à la conduite d’engins et au levage",
    Level.WARNING,
    source="code du travail, R4153-51, R4323-55 et R4323-56",
    confidence=Confidence.VERIFIED_2015,
)
def driving_training_missing(facts: Facts, parameters: Parameters) -> Iterator[Finding]:
    """R-TRAV-12: driving or lifting in the annexes, at any age, without a training to it.

    Source: code du travail R4153-51, R4323-55, R4323-56. Confidence: code of 2015.
    """
    terms = facts.placement.terms
    yield from _training(
        facts,
        "R-TRAV-12",
        TrainingKind.DRIVING,
        "de la conduite d’engins ou du levage est prévu et la formation de l’élève n’est pas notée avant le premier jour ; "
        "l’employeur donne ensuite une autorisation de conduite. Notez-la, ou indiquez le motif.",
        concerns=terms is not None and works.DRIVING in terms.works,
    )
