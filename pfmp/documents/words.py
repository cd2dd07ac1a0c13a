"""What the templates print: labels and values in French, None where a line is left to fill by hand."""

from collections.abc import Iterable
from typing import Any

from core import typography
from documents.enums import SignatureRole
from documents.printing import french, joined, long_day, siret_in_groups
from documents.subjects import Mark
from documents.wording import syntax
from pfmp.documents.content import (
    ConventionContent,
    Day,
    Finance,
    Person,
    Safety,
    Slot,
    clock_minutes,
    pupil_name,
)
from pfmp.enums import PeriodKind

DAYS = typography.WEEKDAYS
NOON = "13:00"  # a slot that starts before belongs to the morning


def filling_of(content: ConventionContent) -> syntax.Filling:
    """The values of the variables and the conditions that hold: what pfmp.paper_text names."""
    return syntax.Filling(_variables(content), _conditions(content))


def _conditions(content: ConventionContent) -> dict[str, bool]:
    """An unknown age counts as a minor's, whose rules protect."""
    works = content.safety.regulated_work or [one for one in content.alerts if one.rule.startswith("R-TRAV")]
    return {
        "mineur": content.pupil.is_minor is not False,
        "majeur": content.pupil.is_minor is False,
        "etranger": content.host.is_abroad,
        "alsace_moselle": content.host.in_alsace_moselle,
        "travaux_reglementes": bool(works),
        "nuit": content.works_at_night is True,
        "dimanche": content.works_on_sunday is True,
        "gratification": content.finance.gratification_due is True,
        "avenant": content.amends_number is not None,
    }


def _variables(content: ConventionContent) -> dict[str, str | None]:
    return {
        "etablissement": content.school.name,
        "chef_etablissement": content.school.head_name,
        "organisme": content.host.name,
        "eleve": pupil_name(content),
        "classe": content.pupil.class_label,
        "diplome": content.pupil.diploma,
        "tuteur": content.tutor.name,
        "referent": content.referent.name,
        "date_debut": typography.long_date(content.start_date),
        "date_fin": typography.long_date(content.end_date),
        "duree": _hours(content.total_minutes),
        "duree_hebdomadaire": _hours(content.weekly_minutes),
        "annee": content.year,
        "deliberation": long_day(content.school.board_decision_date),
    }


def _hours(minutes: int | None) -> str | None:
    return None if minutes is None else typography.hours(minutes)


def _printed(rows: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Labels and values, the values in French typography."""
    return [(label, french(value)) for label, value in rows]


def parties(content: ConventionContent) -> list[dict[str, Any]]:
    """Who is bound by the convention: a title and rows of labels and values each."""
    school, host, pupil = content.school, content.host, content.pupil
    found: list[dict[str, Any]] = [
        {
            "title": "L’établissement scolaire",
            "rows": [
                ("Nom", school.name),
                ("UAI", school.uai),
                ("Adresse", school.address),
                ("Téléphone", school.phone),
                ("Courriel", school.email),
                (
                    "Représenté par",
                    joined(school.head_name, school.head_role or "chef d’établissement") if school.head_name else None,
                ),
            ],
        },
        {
            "title": "L’organisme d’accueil",
            "rows": [
                ("Raison sociale", host.name),
                ("SIRET", siret_in_groups(host.siret)),
                ("Activité (NAF)", joined(host.activity, host.naf)),
                ("Adresse", host.address),
                *([("Lieu d’accueil", host.workplace)] if host.workplace else []),
                ("Téléphone", host.phone),
                ("Courriel", host.email),
                ("Représenté par", joined(host.representative_name, host.representative_role)),
            ],
        },
        {
            "title": "L’étudiant" if content.kind == PeriodKind.BTS else "L’élève",
            "rows": [
                ("Nom, prénom", f"{pupil.last_name} {pupil.first_name}"),
                ("Né(e) le", long_day(pupil.birth_date)),
                ("Classe", pupil.class_label),
                ("Formation", pupil.diploma),
                ("Volume horaire", pupil.yearly_hours),
                ("Adresse", pupil.address),
                ("Téléphone", pupil.phone),
                ("Courriel", pupil.email),
            ],
        },
    ]
    follow = [
        ("Référent", content.referent.name),
        *([("Discipline", content.referent.role)] if content.referent.role else []),
        ("Contact", _contact(content.referent)),
        ("Tuteur", content.tutor.name),
        ("Fonction", content.tutor.role),
        ("Contact", _contact(content.tutor)),
    ]
    fourth: dict[str, Any] = {"title": "L’encadrement", "rows": follow}
    if pupil.is_minor is not False:  # a majeur's convention does not name a legal representative
        guardian = content.guardian or Person()
        title = "Le représentant légal" if pupil.is_minor else "Le représentant légal, si l’élève est mineur"
        found[2]["more"] = {
            "title": title,
            "rows": _printed([("Nom", guardian.name), ("Contact", _contact(guardian))]),
        }
    found.append(fourth)
    for party in found:
        party["rows"] = _printed(party["rows"])
    return found


def _contact(person: Person) -> str | None:
    return "\n".join(value for value in (person.phone, person.email) if value) or None


def facts(content: ConventionContent) -> list[tuple[str, str | None]]:
    """The four boxes under the title: when, and how long."""
    total = content.total_minutes
    length = None
    if total is not None:
        days = total // (7 * 60)
        plural = "s" if days > 1 else ""
        length = f"{typography.hours(total)}, soit {days} jour{plural} de 7{typography.NO_BREAK}h"
    return [
        ("Du", typography.long_date(content.start_date, weekday=True)),
        ("Au", typography.long_date(content.end_date, weekday=True)),
        ("Durée totale prévue", length),
        ("Présence par semaine", _hours(content.weekly_minutes)),
    ]


def _clock(clock: str) -> str:
    return typography.hours(clock_minutes(clock)).replace(typography.NO_BREAK, typography.NARROW)


def _slots(slots: Iterable[Slot]) -> list[str]:
    return [f"{_clock(slot.start)} – {_clock(slot.end)}" for slot in slots]


def hours_of(day: Day) -> str:
    """« 8 h – 12 h, 13 h – 16 h »."""
    return ", ".join(_slots(sorted(day.slots, key=lambda slot: slot.start)))


def timetable(content: ConventionContent) -> dict[str, Any]:
    """Days across, half-days down; every cell is empty, to fill by hand, when the hours are not known."""
    by_day = {day.weekday: sorted(day.slots, key=lambda slot: slot.start) for day in content.days}
    columns = []
    for weekday, name in enumerate(DAYS):
        slots = by_day.get(weekday, [])
        morning = [slot for slot in slots if slot.start < NOON]
        rest = [slot for slot in slots if slot.start >= NOON]
        pause = clock_minutes(rest[0].start) - clock_minutes(morning[-1].end) if morning and rest else 0
        columns.append(
            {
                "name": name.capitalize(),
                "worked": bool(slots),
                "morning": _slots(morning),
                "afternoon": _slots(rest),
                "pause": typography.hours(pause)
                if pause >= 60
                else f"{pause}{typography.NO_BREAK}min"
                if pause > 0
                else "",
                "total": typography.hours(sum(slot.minutes for slot in slots)) if slots else "",
            }
        )
    return {"known": bool(content.days), "columns": columns}


def presence(content: ConventionContent) -> list[tuple[str, bool | None]]:
    """Moments that need a word of their own, and whether the pupil works then; None to be ticked by hand."""
    return [
        ("la nuit", content.works_at_night),
        ("le dimanche", content.works_on_sunday),
        ("un jour férié", content.works_on_holidays),
    ]


def free_text(typed: str | None) -> tuple[syntax.Block, ...]:
    """What someone typed: several lines without dashes are the items of a list."""
    found = syntax.blocks(typed or "")
    lines = [line for block in found if not block.is_list for line in block.lines]
    if len(lines) > 1 and len(lines) == sum(len(block.lines) for block in found):
        return (syntax.Block(tuple(lines), is_list=True),)
    return found


def opinions(safety: Safety) -> list[tuple[str, bool]]:
    """The opinions that the doctor may give, and which was given."""
    words = (("favorable", "favorable"), ("reserves", "favorable avec réserves"), ("defavorable", "défavorable"))
    return [(label, safety.medical_opinion == value) for value, label in words]


def safety_rows(content: ConventionContent) -> list[tuple[str, list[str], str | None]]:
    """Label, items, else a value."""
    safety = content.safety
    return [
        *([("Équipements et machines utilisés", [], french(safety.machines))] if safety.machines else []),
        ("Équipements, produits et milieux de travail réglementés", list(safety.regulated_work), None),
        *([("Qui encadre ces travaux", [], french(safety.works_supervisor))] if safety.works_supervisor else []),
        *([("Habilitation électrique", [], french(safety.electrical_level))] if safety.electrical_level else []),
        ("Déclaration à l’inspection du travail envoyée le", [], long_day(safety.declaration_date)),
        ("Équipements de protection remis", [], french(safety.equipment)),
    ]


def finance_rows(finance: Finance) -> list[tuple[str, str | None, str | None]]:
    """What the company gives: label, what the law says of it, what was agreed."""
    minimum = finance.gratification_hourly_minimum
    due = None
    if finance.gratification_due:
        due = "obligatoire (plus de 308 heures dans l’année)"
        if minimum is not None:
            due += f", au moins {typography.number(float(minimum), 2)} € par heure"
    elif finance.gratification_due is False:
        due = "facultative"
    return [
        ("Restauration", None, french(finance.meals)),
        ("Transport", None, french(finance.transport)),
        ("Hébergement", None, french(finance.lodging)),
        ("Gratification", due, french(finance.gratification)),
    ]


def insurance_rows(finance: Finance) -> list[tuple[str, str | None, str | None]]:
    """Who is insured: by whom, under which contract."""
    return [
        ("Organisme d’accueil", french(finance.host_insurer), finance.host_contract),
        ("Établissement, pour l’élève", french(finance.school_insurer), finance.school_contract),
    ]


BOXES: tuple[tuple[SignatureRole, ...], ...] = (
    (SignatureRole.HOST,),
    (SignatureRole.TUTOR,),
    (SignatureRole.GUARDIAN, SignatureRole.STUDENT),
    (SignatureRole.REFERENT,),
    (SignatureRole.HEAD,),
)
"""Who signs in each box of the paper."""


def signatures(content: ConventionContent, marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Five boxes, with the marks of who signed in theirs; the head of the school signs last (R-CONV-03)."""
    marks = list(marks)
    return [
        {**box, "marks": [mark for role in roles for mark in marks if mark.role == role]}
        for box, roles in zip(_boxes(content), BOXES, strict=True)
    ]


def _boxes(content: ConventionContent) -> list[dict[str, str | None]]:
    pupil = pupil_name(content)
    they = "étudiant" if content.kind == PeriodKind.BTS else "élève"
    guardian = content.guardian.name if content.guardian else None
    if content.pupil.is_minor:
        own = {
            "role": f"Le représentant légal de l’{they}",
            "name": guardian,
            "more": f"L’{they}, {pupil}, peut signer aussi{typography.NO_BREAK}:",
        }
    elif content.pupil.is_minor is None:
        own = {"role": f"L’{they} majeur, ou son représentant légal", "name": pupil, "more": None}
    else:
        own = {"role": f"L’{they}", "name": pupil, "more": None}
    return [
        {
            "role": "L’organisme d’accueil",
            "name": content.host.representative_name,
            "more": f"Cachet{typography.NO_BREAK}:",
        },
        {"role": "Le tuteur", "name": content.tutor.name, "more": None},
        own,
        {"role": "L’enseignant référent", "name": content.referent.name, "more": None},
        {
            "role": "Le chef d’établissement",
            "name": content.school.head_name,
            "more": f"Cachet{typography.NO_BREAK}:",
        },
    ]
