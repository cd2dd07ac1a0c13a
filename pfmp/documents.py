"""What the convention of a placement says, and its paper.

``ConventionContent`` holds every name, date and number of the paper. It is frozen when the convention is issued and kept
as JSON with the version of the text: the PDF is drawn from these two only, so it can be drawn again, the same.
Mentions: article D124-4 of the code de l'éducation (R-CONV-01); signatories: R-CONV-02.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from core import holidays_fr, jobs, pdf, siret, typography
from core.frozen import Frozen, SchemaError
from documents import services as papers
from documents import verifying
from documents.enums import SignatureRole
from documents.models import Document
from documents.subjects import Mark
from documents.wording import syntax, versions
from documents.wording.texts import PaperText
from partners.enums import ContactRole
from partners.models import Contact, Partner
from pfmp import paper_text, rules
from pfmp.models import Placement, PlacementQuerySet
from schools.models import Membership, Student
from schools.models import School as SchoolModel

STYLES = ("paper", "convention")
FIT = pdf.Fit(pages=5, dense="convention_dense")
DAYS = typography.WEEKDAYS
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOON = "13:00"  # a slot that starts before belongs to the morning


@dataclass(frozen=True, kw_only=True)
class School:
    name: str
    uai: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    head_name: str | None = None
    head_role: str | None = None
    board_decision_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Host:
    name: str
    siret: str | None = None
    naf: str | None = None
    activity: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    representative_name: str | None = None
    representative_role: str | None = None
    workplace: str | None = None
    is_abroad: bool = False
    in_alsace_moselle: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pupil:
    first_name: str
    last_name: str
    birth_date: date | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    class_label: str | None = None
    diploma: str | None = None
    yearly_hours: str | None = None
    # At the signature or on the first day of the placement; None when the date of birth is unknown.
    is_minor: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Hours worked without a stop, "08:00" to "12:00"; an end before the start is on the next day."""

    start: str
    end: str

    @property
    def minutes(self) -> int:
        spent = _minutes(self.end) - _minutes(self.start)
        return spent if spent > 0 else spent + 24 * 60


@dataclass(frozen=True, kw_only=True)
class Day:
    """The slots of a day of the week, 0 for Monday; a day that is not listed is not worked."""

    weekday: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A rule of level ALERTE that was exceeded, and why it was accepted."""

    rule: str
    message: str
    reason: str
    accepted_by: str | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Safety:
    regulated_work: tuple[str, ...] = ()
    declaration_date: date | None = None
    medical_opinion: str | None = None  # "favorable", "reserves" or "defavorable": never the reason (R-TRAV-07)
    medical_opinion_date: date | None = None
    equipment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Finance:
    meals: str | None = None
    transport: str | None = None
    lodging: str | None = None
    gratification: str | None = None
    gratification_due: bool | None = None  # above 308 h in the same host and year (R-GRAT-01); None: unknown
    gratification_hourly_minimum: Decimal | None = None
    host_insurer: str | None = None
    host_contract: str | None = None
    school_insurer: str | None = None
    school_contract: str | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of an avenant, in words: what it is about, what it was, what it becomes; "" for what is not known."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ConventionContent(Frozen):
    """Every name, date and number that the paper carries. An avenant's is the whole convention as it becomes, and its changes."""

    number: str
    version: int
    issued_date: date
    year: str
    school: School
    host: Host
    pupil: Pupil
    guardian: Person | None
    tutor: Person
    referent: Person
    period_label: str
    start_date: date
    end_date: date
    total_minutes: int | None = None  # holidays excluded (R-DECOMPTE-02)
    weekly_minutes: int | None = None
    days: tuple[Day, ...] = ()
    timetable_note: str | None = None  # hours as typed, when they could not be read
    holidays_excluded: bool = False
    works_at_night: bool | None = None
    works_on_sunday: bool | None = None
    works_on_holidays: bool | None = None
    skills: str | None = None
    activities: str | None = None
    house_rules: str | None = None
    safety: Safety = Safety()
    finance: Finance = Finance()
    alerts: tuple[Alert, ...] = ()
    amends_number: str | None = None  # an avenant names the convention that it changes
    amendment_reason: str | None = None
    amends_date: date | None = None  # when that convention was issued
    earlier_avenants: tuple[str, ...] = ()  # numbers of those agreed before this one
    changes: tuple[Change, ...] = ()
    effective_date: date | None = None
    verify_url: str | None = None  # where anyone checks the file; none on papers issued before that page


MAJORITY = 18
GRATUITY_RULE = "R-GRAT-01"


def with_relations(placements: PlacementQuerySet) -> PlacementQuerySet:
    """The placements with all that ``content_of`` reads, in as many queries for one as for a class."""
    return placements.select_related(
        "school", "period__school_class", "student", "partner", "tutor", "signer"
    ).prefetch_related("partner__contacts")


def referents_of(placements: Iterable[Placement]) -> dict[str, Membership]:
    """The staff members who follow these placements of one school, by lower-case address; one query."""
    placements = list(placements)
    if not placements:
        return {}
    members = Membership.objects.in_school(placements[0].school_id)
    wanted = {placement.referent_email.strip().casefold() for placement in placements}
    return {member.email.casefold(): member for member in members if member.email.casefold() in wanted}


def content_of(
    placement: Placement,
    *,
    number: str,
    version: int,
    issued_date: date,
    checked: rules.CheckResult,
    referents: Mapping[str, Membership],
    **amendment: Any,
) -> ConventionContent:
    """What the convention of a placement says on the day it is issued.

    ``checked`` is the answer of the rules: the accepted alerts are printed with its sentences, and the gratification is
    obligatory when R-GRAT-01 is among its problems. ``referents`` comes from ``referents_of``. What is not known stays
    None and becomes a dotted line. Reads no other table than those of ``with_relations``. ``amendment``: what makes it an
    avenant (``amends_number``, ``changes``…).
    """
    student, tutor = placement.student, placement.tutor
    birth_date = student.birth_date
    is_minor = None
    if birth_date:
        is_minor = rules.age_on(birth_date, min(issued_date, placement.start_date)) < MAJORITY
    timetable = rules.parse_timetable(placement.timetable)
    email = placement.referent_email.strip()
    referent = referents.get(email.casefold())
    return ConventionContent(
        number=number,
        version=version,
        issued_date=issued_date,
        year=placement.period.year,
        school=_school_of(placement.school),
        host=_host_of(placement),
        pupil=_pupil_of(student, placement, is_minor=is_minor),
        guardian=_guardian_of(student) if is_minor is not False else None,
        tutor=_person_of(tutor),
        referent=Person(name=referent.full_name if referent else None, email=email or None),
        period_label=placement.period.label,
        start_date=placement.start_date,
        end_date=placement.end_date,
        activities=placement.tasks or None,
        finance=_finance_of(placement, checked),
        alerts=_alerts_of(placement, checked),
        **amendment,
        **_hours_of(placement, timetable, is_minor=is_minor),
    )


def _address(place: SchoolModel | Partner | Student) -> str | None:
    return _join(place.address, f"{place.postal_code} {place.city}".strip())


def _school_of(school: SchoolModel) -> School:
    return School(
        name=school.name,
        uai=school.uai,
        address=_address(school),
        phone=school.phone or None,
        email=school.email or None,
        head_name=school.head_name or None,
        board_decision_date=school.board_vote_date,
    )


def signer_of(placement: Placement) -> Contact | None:
    """Who signs for the company: the contact chosen for this placement, else the first who leads the company."""
    chosen = placement.signer
    if chosen is not None and chosen.partner_id == placement.partner_id:
        return chosen
    return leader_of(placement.partner)


def leader_of(partner: Partner) -> Contact | None:
    """The first contact in post who leads the company and signs for it."""
    return next((c for c in _by_id(partner) if c.role == ContactRole.LEADER and c.is_active is not False), None)


def _host_of(placement: Placement) -> Host:
    partner, signer = placement.partner, signer_of(placement)
    return Host(
        name=partner.name,
        siret=partner.siret or None,
        naf=partner.naf or None,
        activity=partner.trade or None,
        address=_address(partner),
        phone=partner.phone or None,
        email=partner.email or None,
        representative_name=_contact_name(signer) if signer else None,
        representative_role=signer.position or None if signer else None,
        workplace=placement.place_address or None,
        is_abroad=bool(partner.postal_code) and not re.fullmatch(r"\d{5}", partner.postal_code.replace(" ", "")),
        in_alsace_moselle=holidays_fr.is_alsace_moselle(partner.postal_code),
    )


def _by_id(partner: Partner) -> list[Contact]:
    return sorted(partner.contacts.all(), key=lambda contact: contact.pk)


def _contact_name(contact: Contact) -> str:
    return f"{contact.first_name} {contact.last_name}".strip()


def _person_of(contact: Contact | None) -> Person:
    if contact is None:
        return Person()
    return Person(
        name=_contact_name(contact),
        role=contact.position or None,
        email=contact.email or None,
        phone=contact.phone or None,
    )


def _pupil_of(student: Student, placement: Placement, *, is_minor: bool | None) -> Pupil:
    school_class = placement.period.school_class
    return Pupil(
        first_name=student.first_name,
        last_name=student.last_name,
        birth_date=student.birth_date,
        address=_address(student),
        phone=student.phone or None,
        email=student.email or None,
        class_label=school_class.label,
        diploma=school_class.diploma or None,
        is_minor=is_minor,
    )


def _guardian_of(student: Student) -> Person | None:
    if not student.guardian_name:
        return None
    return Person(
        name=student.guardian_name, email=student.guardian_email or None, phone=student.guardian_phone or None
    )


def _hours_of(
    placement: Placement, timetable: rules.Timetable | rules.UnreadableTimetable, *, is_minor: bool | None
) -> dict[str, Any]:
    if isinstance(timetable, rules.UnreadableTimetable):
        return {"timetable_note": timetable.text or None}
    start, end = placement.start_date, placement.end_date
    alsace_moselle = holidays_fr.is_alsace_moselle(placement.partner.postal_code)
    planned = rules.planned_days(timetable, start, end, alsace_moselle=alsace_moselle)
    limits = rules.parameters_on(start)
    night_start = limits.minor_night_start if is_minor else limits.adult_night_start
    return {
        "total_minutes": rules.counted_minutes(timetable, start, end, alsace_moselle=alsace_moselle),
        "weekly_minutes": timetable.weekly_minutes,
        "days": tuple(
            Day(weekday=weekday, slots=tuple(Slot(start=_written(r.start), end=_written(r.end)) for r in ranges))
            for weekday, ranges in enumerate(timetable.days)
            if ranges
        ),
        "holidays_excluded": timetable.except_holidays,
        "works_at_night": any(day.range_outside(limits.adult_night_end, night_start) for day in planned),
        "works_on_sunday": any(day.day.isoweekday() == 7 for day in planned),
        "works_on_holidays": any(day.holiday for day in planned),
    }


def _written(minutes: int) -> str:
    """Minutes since midnight as "HH:MM"; past midnight, the hour of the next day."""
    minutes = minutes if minutes <= 24 * 60 else minutes - 24 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _finance_of(placement: Placement, checked: rules.CheckResult) -> Finance:
    due: bool | None = any(problem.rule == GRATUITY_RULE for problem in checked.problems)
    if not due and any(gap.rule == GRATUITY_RULE for gap in checked.unchecked):
        due = None
    cents = rules.parameters_on(placement.start_date).gratuity_hourly_cents
    return Finance(gratification_due=due, gratification_hourly_minimum=Decimal(cents) / 100)


def _alerts_of(placement: Placement, checked: rules.CheckResult) -> tuple[Alert, ...]:
    sentences = {problem.rule: problem.message for problem in checked.problems}
    return tuple(
        Alert(rule=rule, message=sentences[rule], reason=str(reason))
        for rule, reason in sorted(placement.accepted_alerts.items())
        if rule in sentences and reason
    )


def title_of(content: ConventionContent) -> str:
    """The title of the file, as readers and screen readers announce it."""
    pupil = f"{content.pupil.first_name} {content.pupil.last_name}"
    if content.amends_number:
        return f"Avenant n° {content.number} à la convention de PFMP n° {content.amends_number}, {pupil}"
    return f"Convention de PFMP n° {content.number}, {pupil}"


def html(content: ConventionContent, text: PaperText | None = None, marks: Iterable[Mark] = ()) -> str:
    """The page that becomes the paper. ``text`` is the school's version of the model, the default one without it.

    ``marks``: who signed, and how, to be written in the boxes.
    """
    if content.amends_number:
        return _avenant(content, marks)
    text = text or paper_text.MODEL.default()
    filling = filling_of(content)
    return render_to_string(
        "pdf/convention.html",
        {
            "content": content,
            "title": title_of(content),
            "heading": text.title,
            "text_version": text.version,
            "visas": text.printed_visas(filling),
            "articles": [
                {"number": a.number, "title": syntax.inline(a.title), "blocks": syntax.blocks(a.text, filling)}
                for a in text.articles
            ],
            "annexes": {key: syntax.blocks(body, filling) for key, body in text.annexes.items()},
            "parties": _parties(content),
            "facts": _facts(content),
            "timetable": _timetable(content),
            "presence": _presence(content),
            "activities": _free_text(content.activities),
            "skills": _free_text(content.skills),
            "house_rules": _free_text(content.house_rules),
            "opinions": _opinions(content.safety),
            "safety_rows": _safety_rows(content),
            "finance_rows": _finance_rows(content.finance),
            "insurance_rows": _insurance_rows(content.finance),
            "signatures": _signatures(content, marks),
            "verify": verifying.printed(content.verify_url),
        },
    )


def _avenant(content: ConventionContent, marks: Iterable[Mark]) -> str:
    """Only what changes, said twice: in a table, then in sentences that name the day."""
    effective = typography.long_date(content.effective_date or content.issued_date)
    labels = {change.label for change in content.changes}
    tutor = _join(content.tutor.role, content.tutor.phone, content.tutor.email)
    return render_to_string(
        "pdf/avenant.html",
        {
            "content": content,
            "title": title_of(content),
            "amends_date": _day(content.amends_date),
            "effective_date": effective,
            "people": [typography.french(line) for line in _people(content)],
            "changes": [
                {
                    "label": change.label,
                    "before": typography.french(change.before or UNKNOWN),
                    "after": typography.french(change.after or UNKNOWN),
                }
                for change in content.changes
            ],
            "sentences": [
                typography.french(
                    f"{change.label} : {change.before or UNKNOWN} → {change.after or UNKNOWN}, à compter du {effective}."
                )
                for change in content.changes
                if len(change.before) + len(change.after) < IN_A_SENTENCE and "\n" not in change.before + change.after
            ],
            "tutor": _join(content.tutor.name, tutor) if "Tuteur" in labels and tutor else None,
            "hours_change": "Horaires" in labels and bool(content.days),
            "timetable": _timetable(content),
            "signatures": _signatures(content, marks),
            "verify": verifying.printed(content.verify_url),
        },
    )


UNKNOWN = "non précisé"
IN_A_SENTENCE = 160


def _people(content: ConventionContent) -> list[str]:
    """The parties of an avenant, one line each."""
    school, host, pupil = content.school, content.host, content.pupil
    lines = [
        f"{school.name} (UAI {school.uai}), représenté par {_join(school.head_name, school.head_role or 'chef d’établissement')}"
        if school.head_name
        else f"{school.name} (UAI {school.uai})",
        _join(
            f"{host.name}{f' (SIRET {siret.spaced(host.siret)})' if host.siret else ''}",
            host.address,
            f"représenté par {_join(host.representative_name, host.representative_role)}"
            if host.representative_name
            else None,
        )
        or host.name,
        _join(
            f"{_pupil_name(content)}{f', né(e) le {_day(pupil.birth_date)}' if pupil.birth_date else ''}",
            pupil.class_label,
            f"représentant légal : {content.guardian.name}" if content.guardian and content.guardian.name else None,
        )
        or _pupil_name(content),
    ]
    if content.referent.name or content.referent.email:
        lines.append(f"{content.referent.name or content.referent.email}, enseignant référent")
    if content.tutor.name:
        lines.append(f"{content.tutor.name}, tuteur")
    return lines


def render(content: ConventionContent, text: PaperText | None = None) -> bytes:
    """The PDF/UA-1 file of one convention; the same content and text give the same bytes."""
    return pdf.render(html(content, text), title=title_of(content), styles=STYLES, fit=FIT)


def draw_signed(document: Document, marks: Sequence[Mark]) -> pdf.Drawing:
    """The paper drawn again from its frozen content, with who signed in the boxes. Errors of `render_and_store`."""
    content = _frozen(document)
    text = versions.text_of(document, paper_text.MODEL)
    return pdf.Drawing(html(content, text, marks), title=title_of(content), styles=STYLES, fit=FIT)


def render_and_store(document: Document) -> None:
    """Draw an issued convention from its frozen content and keep it; a second call changes nothing.

    Raises jobs.Failure with a French sentence when the disk is full or the content is of an unknown shape.
    """
    if document.sha256:
        return
    content = _frozen(document)
    try:
        papers.store(document, render(content, versions.text_of(document, paper_text.MODEL)))
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise jobs.Failure(
            "Le disque du serveur est plein : la convention n’est pas enregistrée. Prévenez la personne qui administre la "
            "plateforme, puis demandez de nouveau le PDF."
        ) from error


def render_class(documents: Iterable[Document], *, title: str) -> bytes:
    """The issued papers of a class as one PDF to print, each on a new sheet, composed anew from the frozen contents.

    Tells the job how far it is. Errors of `render_and_store`.
    """
    found = list(documents)

    def pages() -> Iterator[str]:
        for number, document in enumerate(found):
            jobs.progress(number, len(found), "Les conventions sont réunies une à une.")
            yield html(_frozen(document), versions.text_of(document, paper_text.MODEL))

    return pdf.combine(pages(), title=title, styles=STYLES, fit=FIT, start_on_recto=True)


def content_in(document: Document) -> ConventionContent | None:
    """What an issued paper says; None when it came from a dossier, without its content."""
    try:
        return ConventionContent.from_json(document.content)
    except SchemaError:
        return None


def _frozen(document: Document) -> ConventionContent:
    try:
        return ConventionContent.from_json(document.content)
    except SchemaError:
        raise jobs.Failure(
            f"Le document {document.number} n’a pas le contenu d’une convention éditée ici : il ne peut pas être dessiné."
        ) from None


def render_print_file(
    contents: Iterable[ConventionContent], text: PaperText | None = None, *, title: str, on_both_sides: bool = True
) -> bytes:
    """One file to print for several conventions, each with its own page numbers.

    ``on_both_sides`` starts each convention on a new sheet. Raises ValueError without any convention.
    """
    return pdf.combine(
        (html(content, text) for content in contents),
        title=title,
        styles=STYLES,
        fit=FIT,
        start_on_recto=on_both_sides,
    )


# What the template prints: labels and values in French, None where a line is left to fill by hand.


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
    board = content.school.board_decision_date
    return {
        "etablissement": content.school.name,
        "chef_etablissement": content.school.head_name,
        "organisme": content.host.name,
        "eleve": _pupil_name(content),
        "classe": content.pupil.class_label,
        "diplome": content.pupil.diploma,
        "tuteur": content.tutor.name,
        "referent": content.referent.name,
        "date_debut": typography.long_date(content.start_date),
        "date_fin": typography.long_date(content.end_date),
        "duree": _hours(content.total_minutes),
        "duree_hebdomadaire": _hours(content.weekly_minutes),
        "annee": content.year,
        "deliberation": typography.long_date(board) if board else None,
    }


def _pupil_name(content: ConventionContent) -> str:
    return f"{content.pupil.first_name} {content.pupil.last_name}"


def _hours(minutes: int | None) -> str | None:
    return None if minutes is None else typography.hours(minutes)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _day(day: date | None) -> str | None:
    return typography.long_date(day) if day else None


def _printed(rows: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Labels and values, the values in French typography."""
    return [(label, _french(value)) for label, value in rows]


def _french(value: str | None) -> str | None:
    return typography.french(value) if value else None


def _join(*values: str | None) -> str | None:
    return ", ".join(value for value in values if value) or None


def _parties(content: ConventionContent) -> list[dict[str, Any]]:
    school, host, pupil = content.school, content.host, content.pupil
    parties: list[dict[str, Any]] = [
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
                    _join(school.head_name, school.head_role or "chef d’établissement") if school.head_name else None,
                ),
            ],
        },
        {
            "title": "L’organisme d’accueil",
            "rows": [
                ("Raison sociale", host.name),
                ("SIRET", siret.spaced(host.siret).replace(" ", typography.NO_BREAK) if host.siret else None),
                ("Activité (NAF)", _join(host.activity, host.naf)),
                ("Adresse", host.address),
                *([("Lieu d’accueil", host.workplace)] if host.workplace else []),
                ("Téléphone", host.phone),
                ("Courriel", host.email),
                ("Représenté par", _join(host.representative_name, host.representative_role)),
            ],
        },
        {
            "title": "L’élève",
            "rows": [
                ("Nom, prénom", f"{pupil.last_name} {pupil.first_name}"),
                ("Né(e) le", _day(pupil.birth_date)),
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
        parties[2]["more"] = {
            "title": title,
            "rows": _printed([("Nom", guardian.name), ("Contact", _contact(guardian))]),
        }
    parties.append(fourth)
    for party in parties:
        party["rows"] = _printed(party["rows"])
    return parties


def _contact(person: Person) -> str | None:
    return "\n".join(value for value in (person.phone, person.email) if value) or None


def _facts(content: ConventionContent) -> list[tuple[str, str | None]]:
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
    return typography.hours(_minutes(clock)).replace(typography.NO_BREAK, typography.NARROW)


def _slots(slots: Iterable[Slot]) -> list[str]:
    return [f"{_clock(slot.start)} – {_clock(slot.end)}" for slot in slots]


def hours_of(day: Day) -> str:
    """« 8 h – 12 h, 13 h – 16 h »."""
    return ", ".join(_slots(sorted(day.slots, key=lambda slot: slot.start)))


def _timetable(content: ConventionContent) -> dict[str, Any]:
    """Days across, half-days down; every cell is empty, to fill by hand, when the hours are not known."""
    by_day = {day.weekday: sorted(day.slots, key=lambda slot: slot.start) for day in content.days}
    columns = []
    for weekday, name in enumerate(DAYS):
        slots = by_day.get(weekday, [])
        morning = [slot for slot in slots if slot.start < NOON]
        rest = [slot for slot in slots if slot.start >= NOON]
        pause = _minutes(rest[0].start) - _minutes(morning[-1].end) if morning and rest else 0
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


def _presence(content: ConventionContent) -> list[tuple[str, bool | None]]:
    return [
        ("la nuit", content.works_at_night),
        ("le dimanche", content.works_on_sunday),
        ("un jour férié", content.works_on_holidays),
    ]


def _free_text(typed: str | None) -> tuple[syntax.Block, ...]:
    """What someone typed: several lines without dashes are the items of a list."""
    found = syntax.blocks(typed or "")
    lines = [line for block in found if not block.is_list for line in block.lines]
    if len(lines) > 1 and len(lines) == sum(len(block.lines) for block in found):
        return (syntax.Block(tuple(lines), is_list=True),)
    return found


def _opinions(safety: Safety) -> list[tuple[str, bool]]:
    words = (("favorable", "favorable"), ("reserves", "favorable avec réserves"), ("defavorable", "défavorable"))
    return [(label, safety.medical_opinion == value) for value, label in words]


def _safety_rows(content: ConventionContent) -> list[tuple[str, list[str], str | None]]:
    safety = content.safety
    return [
        ("Équipements, produits et milieux de travail réglementés", list(safety.regulated_work), None),
        ("Déclaration à l’inspection du travail envoyée le", [], _day(safety.declaration_date)),
        ("Équipements de protection remis", [], _french(safety.equipment)),
    ]


def _finance_rows(finance: Finance) -> list[tuple[str, str | None, str | None]]:
    minimum = finance.gratification_hourly_minimum
    due = None
    if finance.gratification_due:
        due = "obligatoire (plus de 308 heures dans l’année)"
        if minimum is not None:
            due += f", au moins {typography.number(float(minimum), 2)} € par heure"
    elif finance.gratification_due is False:
        due = "facultative"
    return [
        ("Restauration", None, _french(finance.meals)),
        ("Transport", None, _french(finance.transport)),
        ("Hébergement", None, _french(finance.lodging)),
        ("Gratification", due, _french(finance.gratification)),
    ]


def _insurance_rows(finance: Finance) -> list[tuple[str, str | None, str | None]]:
    return [
        ("Organisme d’accueil", _french(finance.host_insurer), finance.host_contract),
        ("Établissement, pour l’élève", _french(finance.school_insurer), finance.school_contract),
    ]


BOXES: tuple[tuple[SignatureRole, ...], ...] = (
    (SignatureRole.HOST,),
    (SignatureRole.TUTOR,),
    (SignatureRole.GUARDIAN, SignatureRole.STUDENT),
    (SignatureRole.REFERENT,),
    (SignatureRole.HEAD,),
)
"""Who signs in each box of the paper."""


def _signatures(content: ConventionContent, marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Five boxes, with the marks of who signed in theirs; the head of the school signs last (R-CONV-03)."""
    marks = list(marks)
    return [
        {**box, "marks": [mark for role in roles for mark in marks if mark.role == role]}
        for box, roles in zip(_boxes(content), BOXES, strict=True)
    ]


def _boxes(content: ConventionContent) -> list[dict[str, str | None]]:
    pupil = _pupil_name(content)
    guardian = content.guardian.name if content.guardian else None
    if content.pupil.is_minor:
        own = {
            "role": "Le représentant légal de l’élève",
            "name": guardian,
            "more": f"L’élève, {pupil}, peut signer aussi{typography.NO_BREAK}:",
        }
    elif content.pupil.is_minor is None:
        own = {"role": "L’élève majeur, ou son représentant légal", "name": pupil, "more": None}
    else:
        own = {"role": "L’élève", "name": pupil, "more": None}
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
