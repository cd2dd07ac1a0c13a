"""Pedagogical annexes: the skills and usual tasks of a formation, written once and taken up by each placement (§ 5.4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.verdict import ALLOWED, Denied, Verdict
from pfmp.models import FormationAnnex, Placement, Skill, Terms
from schools.models import Membership, School, SchoolClass
from schools.permissions import allows, is_own_only
from schools.roles import Permission
from schools.services import create_record

MOST_SKILLS = 80
_LINE = re.compile(
    r"(?P<code>[^\W\d_]{0,5}\s?\d{1,3}(?:[.\-]\d{1,3})*[a-z]?)\s*(?:[:.)]|[\u2010-\u2015-](?=\s))?\s+(?P<label>\S.*)"
)


@dataclass(frozen=True)
class SkillLine:
    """A skill as somebody wrote it: « C1.2 Préparer le poste de travail »."""

    code: str
    label: str

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


def read_skills(text: str) -> list[SkillLine]:
    """The skills of a pasted text, one a line, its code first. Raises ValidationError that names each line it cannot read."""
    found: list[SkillLine] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = " ".join(raw.strip().lstrip("-•·*▪").split())
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None or len(match["label"]) > 300:
            problems.append(
                f"Ligne {number} : commencez par le code, puis la compétence, par exemple « C1.2 Préparer le poste »."
            )
            continue
        code = match["code"].replace(" ", "")
        if code in seen:
            problems.append(f"Ligne {number} : le code {code} est déjà ligne {seen[code]}.")
            continue
        seen[code] = number
        found.append(SkillLine(code, match["label"]))
    if len(found) > MOST_SKILLS:
        problems.append(f"Une annexe reçoit {MOST_SKILLS} compétences au plus.")
    if problems:
        raise ValidationError(problems[:6])
    return found


def written(skills: Iterable[Skill]) -> str:
    """The skills of an annex as the form shows them: `read_skills` reads them back."""
    return "\n".join(str(skill) for skill in skills)


def taught_formations(membership: Membership) -> set[str]:
    """The formations of the classes that a person teaches, of every year: an annex is written for the next one too."""
    return set(membership.assignments.values_list("school_class__diploma", flat=True)) - {""}


def may_edit(membership: Membership, annex: FormationAnnex | None = None) -> Verdict:
    """The bureau and the DDFPT edit every annex; a teacher those of the formations that they teach."""
    if not (verdict := allows(membership, Permission.LOG_PLACEMENT)):
        return verdict
    if annex is None or not is_own_only(membership) or annex.formation in taught_formations(membership):
        return ALLOWED
    return Denied("Vous n’enseignez pas dans cette formation : demandez au bureau des entreprises ou au DDFPT.")


def of_class(school_class: SchoolClass) -> list[FormationAnnex]:
    """The annexes proposed for the pupils of a class, with their skills: two queries."""
    return list(
        FormationAnnex.objects.in_school(school_class.school_id)
        .filter(formation=school_class.diploma, is_active=True)
        .exclude(formation="")
        .prefetch_related("skills")
        .order_by("label")
    )


def only_ones(school: School, diplomas: Iterable[str]) -> dict[str, FormationAnnex]:
    """The annex of each formation that has exactly one to propose, with its skills: two queries for a whole class."""
    found: dict[str, list[FormationAnnex]] = {}
    for annex in (
        FormationAnnex.objects.in_school(school)
        .filter(formation__in={one for one in diplomas if one}, is_active=True)
        .prefetch_related("skills")
    ):
        found.setdefault(annex.formation, []).append(annex)
    return {diploma: several[0] for diploma, several in found.items() if len(several) == 1}


def begin(placement: Placement, annex: FormationAnnex, *, by: Any) -> Terms:
    """Give a placement without annexes those of its formation, as they stand: what its first convention prints."""
    terms = Terms(
        school=placement.school,
        placement=placement,
        skills=[{"code": skill.code, "label": skill.label} for skill in annex.skills.all()],
        supervision=annex.following,
        evaluation=annex.evaluation,
    )
    return create_record(terms, by=by)[0]


def formations(school: School, membership: Membership) -> list[str]:
    """The formations that this person may write an annex for, of every year, by name."""
    known = set(SchoolClass.objects.in_school(school).exclude(diploma="").values_list("diploma", flat=True))
    return sorted(known & taught_formations(membership) if is_own_only(membership) else known)


@transaction.atomic
def set_skills(annex: FormationAnnex, lines: Iterable[SkillLine], *, by: Any) -> None:
    """Make the skills of an annex those lines, in their order: what has its code already is kept, the rest comes or goes."""
    wanted = list(lines)
    known = {skill.code: skill for skill in Skill.objects.in_school(annex.school_id).filter(annex=annex)}
    gone = [skill.pk for code, skill in known.items() if code not in {line.code for line in wanted}]
    Skill.objects.in_school(annex.school_id).filter(pk__in=gone).delete()
    changed, fresh = [], []
    for position, line in enumerate(wanted):
        skill = known.get(line.code)
        if skill is None:
            fresh.append(
                Skill(
                    school_id=annex.school_id, annex=annex, code=line.code, label=line.label, position=position,
                    created_by=by, updated_by=by,
                )
            )  # fmt: skip
        elif (skill.label, skill.position) != (line.label, position):
            skill.label, skill.position, skill.updated_by = line.label, position, by
            changed.append(skill)
    Skill.objects.bulk_update(changed, ["label", "position", "updated_by"])
    Skill.objects.bulk_create(fresh)
