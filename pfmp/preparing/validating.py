"""A teacher validates: the answers reach the partner, the people, the placement and its annexes with the convention, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from documents import services as papers
from documents.models import Document
from partners import register
from partners.models import Contact
from pfmp import links, services
from pfmp.enums import LinkPurpose, PreConventionState
from pfmp.models import Placement, PreConvention
from pfmp.preparing.answers import Answers, is_elsewhere
from pfmp.preparing.comparing import PARTNER_FIELDS, PERSON_FIELDS, WHO, differences, known_contact
from pfmp.preparing.moves import current, shift
from pfmp.preparing.terms import amount, write_terms
from pfmp.rules import preparing as moves
from pfmp.rules import works
from pfmp.rules.preparing import Actor
from schools.models import Membership
from schools.services import change_record

S = PreConventionState


OTHER_COMPANY = "L’entreprise du placement a changé depuis : envoyez-lui une nouvelle pré-convention."


@dataclass(frozen=True)
class Choice:
    """What the teacher decides: which differences to take, the tasks as they stand, the skills, how pupils are followed."""

    taken: frozenset[str] = frozenset()
    tasks: str = ""
    skills: Sequence[Mapping[str, str]] = ()
    supervision: str = ""
    evaluation: str = ""


@dataclass(frozen=True)
class Validated:
    """What came of it: the convention, or why it could not be issued yet."""

    placement: Placement
    document: Document | None = None
    obstacles: tuple[str, ...] = ()


@transaction.atomic
def validate(pre: PreConvention, choice: Choice, *, membership: Membership, by: Any, now: datetime) -> Validated:
    """Write what the company said where it belongs, and issue the convention when no rule is in the way.

    All or nothing. Raises ValidationError when someone was first, when the placement is already further, or when a field
    cannot be what was ticked.
    """
    papers.hold_numbers(pre.school)
    placement = current(pre.school, pre.placement_id)
    pre.placement = placement
    if placement.status not in moves.OPENS:
        raise ValidationError("La convention est déjà éditée, ou le placement annulé : rien n’est changé.")
    if is_elsewhere(pre):
        raise ValidationError(OTHER_COMPANY)
    if missing := Answers.of(pre).missing:
        raise ValidationError(f"L’entreprise n’a pas tout rempli : {', '.join(missing).lower()}.")
    shift(pre, S.VALIDATED, Actor.TEAM, by=by, now=now, validated_by=membership, validated_at=now)
    wanted = {one.key for one in differences(pre) if one.key in choice.taken and not one.refused}
    _write_partner(pre, wanted, by=by)
    people = {who: _write_person(pre, who, wanted, by=by) for who in WHO}
    write_terms(placement, _terms_of(pre, choice), by=by)
    links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=placement)

    def settle(*, issue: bool) -> services.Logged:
        fresh = current(pre.school, pre.placement_id)
        answers = Answers.of(pre)
        fresh.timetable = answers.get("horaires", "timetable")
        fresh.place_address = answers.get("entreprise", "place_address")
        fresh.tasks = choice.tasks.strip()
        host = services.Host(partner=fresh.partner, signer=people["signer"], tutor=people["tutor"])
        return services.correct_placement(
            fresh, host, version=fresh.version, issue=issue, by=by, now=now, changed=["tasks", "timetable"]
        )

    try:
        with transaction.atomic():
            logged = settle(issue=True)
    except ValidationError as refused:
        logged = settle(issue=False)
        return Validated(logged.placement, None, tuple(refused.messages))
    return Validated(logged.placement, logged.document)


def _write_partner(pre: PreConvention, wanted: Iterable[str], *, by: Any) -> None:
    partner, answers = pre.placement.partner, Answers.of(pre)
    changed = [name for name in PARTNER_FIELDS if name in wanted]
    if not changed:
        return
    partner.school = pre.school
    for name in changed:
        setattr(partner, name, answers.get("entreprise", name))
    register.follow_form(partner, changed=changed, taken=None)
    partner.full_clean(exclude=["school"])
    change_record(partner, version=partner.version, by=by, changed=changed)


def _write_person(pre: PreConvention, who: str, wanted: Iterable[str], *, by: Any) -> Contact | None:
    person, partner = Answers.of(pre).person(who), pre.placement.partner
    if not person:
        return None
    role = WHO[who][1]
    known = known_contact(partner, person)
    if known is None:
        return services.contact_of(
            partner,
            services.NewContact(**{name: person.get(name, "") for name in ("last_name", *PERSON_FIELDS)}, role=role),
            by=by,
        )
    changed = [name for name in PERSON_FIELDS if f"{who}.{name}" in wanted]
    for name in changed:
        setattr(known, name, person[name])
    if not known.role:
        known.role = role
        changed.append("role")
    return change_record(known, version=known.version, by=by, changed=changed) if changed else known


def _terms_of(pre: PreConvention, choice: Choice) -> dict[str, Any]:
    """The annexes that the answers and the teacher make together."""
    get = Answers.of(pre).get
    values: dict[str, Any] = {
        name: get("securite", name) for name in ("equipment", "protections", "works_supervisor", "electrical_level")
    }
    practical = ("meals", "transport", "housing", "gratuity_terms", "insurer", "insurance_number")
    values |= {name: get("pratique", name) for name in practical}
    return {
        **values,
        "regulated_works": [code for code in get("securite", "regulated_works", []) if code in works.BY_ARTICLE],
        "gratuity": amount(get("pratique", "gratuity")),
        "has_variable_hours": bool(get("horaires", "has_variable_hours", False)),
        "is_no_job": bool(get("verification", "is_no_job", False)) or None,
        "skills": [{"code": str(one["code"]), "label": str(one["label"])} for one in choice.skills],
        "supervision": choice.supervision.strip(),
        "evaluation": choice.evaluation.strip(),
    }
