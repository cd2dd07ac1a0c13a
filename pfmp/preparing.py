"""The pre-convention: opened by the team, filled by the company behind its link, validated by a teacher (§ 5.4).

What the company writes stays in `PreConvention.answers` until a teacher validates it: only then does it reach the partner
(field by field, as ticked), the people, the placement and its annexes, in one transaction with the convention itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from core import audit, french, mail, siret, site, typography
from core.text import searchable
from core.verdict import Denied, Verdict
from documents import services as papers
from documents.models import Document
from partners import register
from partners.enums import ContactRole
from partners.models import Contact, Partner
from pfmp import documents, links, rules, selectors, services
from pfmp.enums import ApproachState, LinkPurpose, PlacementStatus, PreConventionState
from pfmp.models import Approach, PersonalLink, Placement, PreConvention, Terms
from pfmp.rules import preparing as moves
from pfmp.rules import works
from pfmp.rules.preparing import Actor
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission
from schools.services import change_record, create_record

S = PreConventionState

STEPS: tuple[tuple[str, str], ...] = (
    ("personnes", "Qui signe, qui accompagne"),
    ("entreprise", "L’entreprise"),
    ("horaires", "Les horaires"),
    ("activites", "Les activités"),
    ("securite", "La sécurité"),
    ("pratique", "Repas, assurance"),
    ("verification", "Vérifier et remettre"),
)
"""What the company is asked, in order: (code, title)."""

STALE = "Quelqu’un vient de changer cette pré-convention. Regardez où elle en est, puis recommencez s’il le faut."
CLOSED = (
    "Le lycée a repris cette pré-convention : elle ne se remplit plus ici. Appelez-le s’il reste quelque chose à dire."
)
OTHER_COMPANY = "L’entreprise du placement a changé depuis : envoyez-lui une nouvelle pré-convention."
LONGEST_ANSWER = 5000
MOST_ANSWERS = 120


# ------------------------------------------------------------------------------------------------------------ who may


def may_prepare(membership: Membership, placement: Placement) -> Verdict:
    """May this person open, send, type or validate the pre-convention of a placement that they see?"""
    if placement.status not in moves.OPENS:
        if placement.status == PlacementStatus.CANCELLED:
            return Denied("Ce placement est annulé.")
        return Denied("La convention est déjà éditée : corrigez le placement ou ses annexes.")
    return allows(membership, Permission.LOG_PLACEMENT)


# ------------------------------------------------------------------------------------------------------ what is answered


@dataclass(frozen=True)
class Answers:
    """What the company wrote. `raw`: each page as it was sent, to be shown again; `clean`: the pages that hold."""

    partner: str = ""
    raw: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    clean: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, pre: PreConvention) -> "Answers":
        """Those of a pre-convention; none when the company of the placement is another one since."""
        kept = pre.answers or {}
        found = cls(kept.get("partner", ""), kept.get("raw", {}), kept.get("clean", {}))
        return cls() if found.partner and found.partner != str(pre.placement.partner.public_id) else found

    def get(self, step: str, name: str, default: Any = "") -> Any:
        return self.clean.get(step, {}).get(name, default)

    def person(self, who: str) -> dict[str, str]:
        """`signer` or `tutor`, by field; empty when nobody is named."""
        found: dict[str, str] = dict(self.get("personnes", who, {}))
        return found if found.get("last_name") else {}

    @property
    def missing(self) -> list[str]:
        """The pages that still have to be filled, by title."""
        return [title for code, title in STEPS if code not in self.clean]

    @property
    def first_missing(self) -> str:
        """The code of the first page to fill; the last page when all are."""
        return next((code for code, _ in STEPS if code not in self.clean), STEPS[-1][0])


def is_elsewhere(pre: PreConvention) -> bool:
    """Was it sent to another company than that of the placement today?"""
    partner = (pre.answers or {}).get("partner", "")
    return bool(partner) and partner != str(pre.placement.partner.public_id)


@dataclass(frozen=True)
class Known:
    """What the school knows already, for the company to check: its own data only."""

    partner: Partner
    signer: Contact | None
    tutor: Contact | None
    terms: Terms | None  # of this placement, else of the company's last one
    placement: Placement
    is_minor: bool | None

    @property
    def is_own(self) -> bool:
        """Are the terms this placement's, and not an earlier one's?"""
        return self.terms is not None and self.terms.placement_id == self.placement.pk

    @property
    def asks_works(self) -> bool:
        """Regulated works concern minors; an unknown age counts as a minor's."""
        return self.is_minor is not False


def known_of(placement: Placement) -> Known:
    """What to show the company as already known. The placement comes with school, student, partner, tutor and signer."""
    terms = Terms.objects.in_school(placement.school_id).filter(placement=placement).first()
    if terms is None:
        terms = (
            Terms.objects.in_school(placement.school_id)
            .filter(placement__partner=placement.partner_id)
            .order_by("-placement__start_date", "-pk")
            .first()
        )
    born = placement.student.birth_date
    return Known(
        partner=placement.partner,
        signer=documents.signer_of(placement),
        tutor=placement.tutor if placement.tutor and placement.tutor.partner_id == placement.partner_id else None,
        terms=terms,
        placement=placement,
        is_minor=None if born is None else rules.age_on(born, placement.start_date) < MAJORITY,
    )


MAJORITY = 18

HOUR_RULES = frozenset({"R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-07", "R-MIN-08", "R-MIN-09", "R-MIN-11", "R-MAJ-01"})
"""Rules on hours: what a company may read. The others speak of the pupil, the school or other pupils."""


def hour_verdicts(placement: Placement, timetable: str) -> list[tuple[str, str, str]]:
    """What the rules on hours say of a timetable for this pupil, ready for `{% verdicts %}`; reads no other rule aloud."""
    probe = Placement(
        school=placement.school, student=placement.student, period=placement.period, partner=placement.partner,
        public_id=placement.public_id, start_date=placement.start_date, end_date=placement.end_date,
        status=placement.status, timetable=timetable,
    )  # fmt: skip
    return [
        ("bloquant" if problem.level is rules.Level.BLOCKING else "a_justifier", problem.message, "")
        for problem in selectors.check_placement(probe).problems
        if problem.rule in HOUR_RULES and problem.level in (rules.Level.BLOCKING, rules.Level.WARNING)
    ]


# ------------------------------------------------------------------------------------------------------------ the moves


@transaction.atomic
def opened(placement: Placement, *, by: Any) -> PreConvention:
    """The pre-convention of a placement, made when there is none. Raises ValidationError when it is too late for one."""
    if placement.status not in moves.OPENS:
        raise ValidationError("La convention est déjà éditée, ou le placement annulé : il n’y a plus rien à préparer.")
    found = PreConvention.objects.in_school(placement.school_id).filter(placement=placement).first()
    if found is None:
        papers.hold_numbers(placement.school)  # two colleagues at once: one row
        found = PreConvention.objects.in_school(placement.school_id).filter(placement=placement).first()
    if found is None:
        found = create_record(PreConvention(school=placement.school, placement=placement), by=by)[0]
    found.placement, found.school = placement, placement.school
    return found


def _shift(
    pre: PreConvention, target: PreConventionState, actor: Actor, *, by: Any, now: datetime, **values: Any
) -> None:
    """Compare-and-set along the table, or ValidationError says that someone was first."""
    source = PreConventionState(pre.state)
    if not moves.may(source, target, actor):
        raise ValidationError(STALE if actor is Actor.TEAM else CLOSED)
    changed = (
        PreConvention.objects.in_school(pre.school_id)
        .filter(pk=pre.pk, state=source)
        .update(state=target, version=F("version") + 1, updated_by=by, updated_at=now, **values)
    )
    if not changed:
        raise ValidationError(STALE if actor is Actor.TEAM else CLOSED)
    for name, value in values.items():
        setattr(pre, name, value)
    pre.state = target
    pre.version += 1
    audit.record("pfmp.pre_convention_moved", pre, by=by, source=source.value, target=target.value)


def _start(pre: PreConvention, *, by: Any, now: datetime) -> None:
    """Leave it to the company: from a draft, or anew for another company than the one that had it."""
    partner = str(pre.placement.partner.public_id)
    if is_elsewhere(pre):
        links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=pre.placement)
        pre.answers = {}
        if pre.state != S.DRAFT:
            PreConvention.objects.in_school(pre.school_id).filter(pk=pre.pk).update(state=S.DRAFT)
            pre.state = S.DRAFT
    answers = {**pre.answers, "partner": partner}
    if pre.state == S.ABANDONED:
        _shift(pre, S.DRAFT, Actor.TEAM, by=by, now=now)
    if pre.state == S.DRAFT:
        _shift(pre, S.SENT, Actor.TEAM, by=by, now=now, sent_at=now, answers=answers)
    elif pre.state not in moves.AT_COMPANY:
        raise ValidationError(STALE)


@transaction.atomic
def send(
    pre: PreConvention, *, name: str, email: str, by: Any, now: datetime, contact: Contact | None = None
) -> PersonalLink:
    """Mail the company its link; again, when it has it already. Raises ValidationError as `links.send`."""
    _start(pre, by=by, now=now)
    return links.send(
        LinkPurpose.PRE_CONVENTION, by=by, now=now, name=name, email=email, placement=pre.placement, contact=contact
    )


@transaction.atomic
def hand_link(pre: PreConvention, *, name: str, by: Any, now: datetime) -> str:
    """A link to read out, copy or print: its whole address, which nobody sees again. Raises ValidationError as `send`."""
    _start(pre, by=by, now=now)
    return links.create(LinkPurpose.PRE_CONVENTION, by=by, now=now, name=name, placement=pre.placement)[1]


@transaction.atomic
def keep(
    pre: PreConvention,
    step: str,
    *,
    raw: Mapping[str, Any],
    clean: Mapping[str, Any] | None,
    actor: Actor,
    by: Any = None,
) -> Answers:
    """Keep one page of answers, finished (`clean`) or not. Raises ValidationError when it is no longer theirs to write."""
    row = PreConvention.objects.in_school(pre.school_id).select_for_update().filter(pk=pre.pk).first()
    writable = moves.AT_COMPANY if actor is Actor.COMPANY else (*moves.AT_COMPANY, S.DRAFT, S.FILLED)
    if row is None or row.state not in writable:
        raise ValidationError(CLOSED if actor is Actor.COMPANY else STALE)
    row.placement = pre.placement
    known = Answers.of(row)
    cleaned = {code: value for code, value in known.clean.items() if code != step}
    if clean is not None:
        cleaned[step] = dict(clean)
    pre.answers = {
        "partner": str(pre.placement.partner.public_id),
        "raw": {**known.raw, step: short(raw)},
        "clean": cleaned,
    }
    PreConvention.objects.in_school(pre.school_id).filter(pk=pre.pk).update(
        answers=pre.answers, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
    )
    return Answers.of(pre)


@transaction.atomic
def typed(
    pre: PreConvention, pages: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any] | None]], *, filled_by: str, by: Any,
    now: datetime,
) -> PreConvention:  # fmt: skip
    """All the pages at once, as a colleague types the sheet that came back; complete, it is to be validated."""
    for code, raw, clean in pages:
        answers = keep(pre, code, raw=raw, clean=clean, actor=Actor.TEAM, by=by)
    pre.refresh_from_db(fields=["version", "state"])
    if not answers.missing:
        hand_in(pre, actor=Actor.TEAM, filled_by=filled_by, now=now, by=by)
    elif pre.state == S.FILLED:  # it was complete, it is not any more
        raise ValidationError("Cette fiche était complète : corrigez ce qui est signalé avant de l’enregistrer.")
    return pre


def short(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, within bounds: a page holds neither a book nor a thousand fields."""
    return {
        str(name)[:100]: [str(one)[:LONGEST_ANSWER] for one in value[:MOST_ANSWERS]]
        if isinstance(value, list)
        else str(value)[:LONGEST_ANSWER]
        for name, value in list(raw.items())[:MOST_ANSWERS]
    }


@transaction.atomic
def hand_in(pre: PreConvention, *, actor: Actor, filled_by: str, now: datetime, by: Any = None) -> None:
    """The company, or a colleague with its sheet, has filled everything: a teacher validates next.

    Raises ValidationError when pages are missing, or when it is no longer theirs.
    """
    if missing := Answers.of(pre).missing:
        raise ValidationError(f"Il reste à remplir : {', '.join(missing).lower()}.")
    if pre.state == S.FILLED and actor is Actor.TEAM:
        return
    _shift(pre, S.FILLED, actor, by=by, now=now, filled_at=now, filled_by=filled_by[:200], correction="")
    if actor is Actor.COMPANY:
        _tell_team(
            pre, "La pré-convention d’un élève est remplie", "L’entreprise a rempli sa partie. Validez-la ici", now=now
        )


def _tell_team(pre: PreConvention, subject: str, words: str, *, now: datetime) -> None:
    """A message to the referent, else to the school: the subject names nobody (S-28)."""
    placement = pre.placement
    to = placement.referent_email.strip() or placement.school.email.strip()
    if not mail.is_address(to):
        return
    url = site.address() + reverse("pfmp:placement_preparation", args=[placement.school.uai, placement.public_id])
    mail.send_later(
        to=to,
        subject=subject,
        body=typography.french(f"Bonjour,\n\n{words} :\n\n{url}\n\n{placement.school.name}\n"),
        key=f"pre-convention:{pre.public_id}:{pre.state}:{now:%Y%m%d%H%M}",
        scope=placement.school.uai,
    )


@transaction.atomic
def send_back(pre: PreConvention, *, reason: str, by: Any, now: datetime) -> PersonalLink | None:
    """« À corriger »: the company reads why, by a fresh link to whoever had the last one; None without an address."""
    if not reason.strip():
        raise ValidationError({"correction": "Dites à l’entreprise ce qu’il faut corriger."})
    _shift(pre, S.TO_CORRECT, Actor.TEAM, by=by, now=now, correction=reason.strip())
    last = last_link(pre.placement)
    if last is None or not last.email:
        return None
    return links.send(
        LinkPurpose.PRE_CONVENTION, by=by, now=now, name=last.name, email=last.email, placement=pre.placement,
        contact=last.contact,
    )  # fmt: skip


def last_link(placement: Placement) -> PersonalLink | None:
    """The last link to the pre-convention of a placement, with an address first."""
    found: PersonalLink | None = (
        PersonalLink.objects.in_school(placement.school_id)
        .filter(purpose=LinkPurpose.PRE_CONVENTION, placement=placement)
        .exclude(email="")
        .select_related("contact")
        .order_by("-pk")
        .first()
    )
    return found


def stop_links(placement: Placement, *, by: Any, now: datetime) -> int:
    """The company's links no longer serve. Returns how many were alive."""
    return links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=placement)


@transaction.atomic
def started(
    placement: Placement, host: services.Host, *, name: str, email: str, by: Any, now: datetime, key: UUID | None = None
) -> tuple[Placement, PersonalLink | None]:
    """From nothing: the lead, its pre-convention, and the link to who fills it when there is an address.

    Raises ValidationError as `services.log_placement` and `send`; nothing stays of what was refused.
    """
    logged = services.log_placement(placement, host, as_lead=True, by=by, now=now, key=key)
    made = _placement(placement.school, logged.placement.pk)
    if not logged.created:
        return made, None
    pre = opened(made, by=by)
    return made, send(pre, name=name, email=email, by=by, now=now) if email else None


@transaction.atomic
def abandon(pre: PreConvention, *, by: Any, now: datetime) -> None:
    """The team gives it up: links die, the placement stays a lead."""
    _shift(pre, S.ABANDONED, Actor.TEAM, by=by, now=now)
    links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=pre.placement)


@transaction.atomic
def reopen(pre: PreConvention, *, by: Any, now: datetime) -> None:
    """Taken up again after all: what was answered is still there."""
    if pre.placement.status not in moves.OPENS:
        raise ValidationError("La convention est déjà éditée, ou le placement annulé : il n’y a plus rien à préparer.")
    _shift(pre, S.DRAFT, Actor.TEAM, by=by, now=now)


@transaction.atomic
def refuse(pre: PreConvention, *, reason: str, now: datetime) -> None:
    """« Nous ne pouvons plus »: the approach is a refusal, the placement is cancelled, the pupil is back on the board."""
    _shift(pre, S.ABANDONED, Actor.COMPANY, by=None, now=now, correction=reason)
    placement, today = pre.placement, timezone.localdate(now)
    source = PlacementStatus(placement.status)
    moved = (
        Placement.objects.in_school(placement.school_id)
        .filter(pk=placement.pk, status=source, status__in=moves.OPENS)
        .update(status=PlacementStatus.CANCELLED, version=F("version") + 1, updated_by=None, updated_at=now)
    )
    if moved:
        target = PlacementStatus.CANCELLED.value
        audit.record("pfmp.placement_moved", placement, by=None, source=source.value, target=target)
    asked = Approach.objects.in_school(placement.school_id).filter(
        student=placement.student_id, period=placement.period_id, partner=placement.partner_id
    )
    said = {"state": ApproachState.REFUSED, "reply_date": today}
    if not asked.update(**said, version=F("version") + 1, updated_at=now):
        create_record(
            Approach(
                school=placement.school, student=placement.student, period=placement.period, partner=placement.partner,
                date=today, made_by="equipe", **said,
            ),
            by=None,
        )  # fmt: skip
    links.revoke(LinkPurpose.PRE_CONVENTION, by=None, now=now, placement=placement)
    why = f" Elle écrit : « {reason} »" if reason else ""
    _tell_team(
        pre, "Une entreprise ne peut pas accueillir un élève", f"L’entreprise renonce.{why} Voyez la suite ici", now=now
    )


# ---------------------------------------------------------------------------------------------- what the team checks


PARTNER_FIELDS = {
    "name": "Nom",
    "siret": "SIRET",
    "address": "Adresse",
    "postal_code": "Code postal",
    "city": "Commune",
    "phone": "Téléphone",
    "email": "Adresse électronique",
}
PERSON_FIELDS = {
    "first_name": "Prénom",
    "position": "Fonction",
    "email": "Adresse électronique",
    "phone": "Téléphone",
}
WHO = {"signer": ("Signataire", ContactRole.LEADER), "tutor": ("Tuteur", ContactRole.TUTOR)}


@dataclass(frozen=True)
class Difference:
    """What the company wrote and the school's file does not say: taken only when it is ticked."""

    key: str
    label: str
    before: str
    after: str
    refused: str = ""  # why it cannot be taken

    @property
    def is_new(self) -> bool:
        """The file says nothing: proposed ticked."""
        return not self.before and not self.refused


def known_contact(partner: Partner, person: Mapping[str, str]) -> Contact | None:
    """The partner's contact of that name, as `services.contact_of` finds them."""
    wanted = searchable(person.get("last_name", ""), person.get("first_name", ""))
    people = Contact.objects.in_school(partner.school_id).filter(partner=partner).order_by("pk")
    return next((one for one in people if searchable(one.last_name, one.first_name) == wanted), None)


def differences(pre: PreConvention) -> list[Difference]:
    """What differs between the answers and the file of the company and its people, field by field."""
    answers, partner = Answers.of(pre), pre.placement.partner
    found = []
    for name, label in PARTNER_FIELDS.items():
        after, before = str(answers.get("entreprise", name)), str(getattr(partner, name))
        if after and searchable(after) != searchable(before):
            found.append(
                Difference(name, label, _shown(name, before), _shown(name, after), _obstacle(partner, name, after))
            )
    seen: set[int] = set()
    for who, (title, _) in WHO.items():
        person = answers.person(who)
        contact = known_contact(partner, person) if person else None
        if contact is None or contact.pk in seen:
            continue
        seen.add(contact.pk)
        for name, label in PERSON_FIELDS.items():
            after, before = person.get(name, ""), str(getattr(contact, name))
            if after and after.strip().casefold() != before.strip().casefold():
                found.append(
                    Difference(f"{who}.{name}", f"{title} {contact.full_name}, {label.lower()}", before, after)
                )
    return found


def _shown(name: str, value: str) -> str:
    return siret.spaced(value) if name == "siret" else value


def _obstacle(partner: Partner, name: str, after: str) -> str:
    if name == "name" and partner.name_locked:
        return "Le lycée garde ce nom."
    if name == "siret":
        other = Partner.objects.in_school(partner.school_id).filter(siret=after).exclude(pk=partner.pk).first()
        if other is not None:
            return (
                f"C’est le SIRET de {other.name}, déjà dans vos partenaires : changez plutôt l’entreprise du placement."
            )
    return ""


def summary(answers: Answers) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The answers in words, page by page: (code, title, lines of label and value); empty values are left out."""
    get = answers.get
    timetable = rules.parse_timetable(get("horaires", "timetable"))
    hours = (
        "\n".join(line[:1].upper() + line[1:] for line in rules.describe_timetable(timetable))
        if isinstance(timetable, rules.Timetable)
        else timetable.text
    )
    codes = [
        works.BY_ARTICLE[code].sentence for code in get("securite", "regulated_works", []) if code in works.BY_ARTICLE
    ]
    gratuity = get("pratique", "gratuity")
    pages: dict[str, list[tuple[str, str]]] = {
        "personnes": [(f"{title} pour l’entreprise" if who == "signer" else title, _person(answers.person(who))) for who, (title, _) in WHO.items()],
        "entreprise": [
            *((label, _shown(name, get("entreprise", name))) for name, label in PARTNER_FIELDS.items()),
            ("Lieu où travaille l’élève", get("entreprise", "place_address")),
        ],
        "horaires": [
            ("Horaires", hours),
            ("Variables", "oui, le planning est communiqué" if get("horaires", "has_variable_hours", False) else ""),
        ],
        "activites": [("Activités", get("activites", "tasks"))],
        "securite": [
            ("Équipements et machines", get("securite", "equipment")),
            ("Protections fournies", get("securite", "protections")),
            ("Travaux réglementés", "\n".join(codes)),
            ("Qui encadre ces travaux", get("securite", "works_supervisor")),
            ("Habilitation électrique", get("securite", "electrical_level")),
        ],
        "pratique": [
            ("Repas", get("pratique", "meals")),
            ("Transport", get("pratique", "transport")),
            ("Hébergement", get("pratique", "housing")),
            ("Gratification", f"{gratuity.replace('.', ',')} € par heure" if gratuity else ""),
            ("Modalités", get("pratique", "gratuity_terms")),
            ("Assureur", get("pratique", "insurer")),
            ("Contrat n°", get("pratique", "insurance_number")),
        ],
        "verification": [
            ("Pas un emploi", "confirmé" if get("verification", "is_no_job", False) else ""),
            ("Rempli par", get("verification", "filled_by")),
        ],
    }  # fmt: skip
    return [
        (code, title, [(label, str(value)) for label, value in pages[code] if value])
        for code, title in STEPS
        if code in answers.clean
    ]


def _person(person: Mapping[str, str]) -> str:
    name = f"{person.get('first_name', '')} {person.get('last_name', '')}".strip()
    return ", ".join(part for part in (name, person.get("position"), person.get("email"), person.get("phone")) if part)


# --------------------------------------------------------------------------------------------------------- validating


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
    placement = _placement(pre.school, pre.placement_id)
    pre.placement = placement
    if placement.status not in moves.OPENS:
        raise ValidationError("La convention est déjà éditée, ou le placement annulé : rien n’est changé.")
    if is_elsewhere(pre):
        raise ValidationError(OTHER_COMPANY)
    if missing := Answers.of(pre).missing:
        raise ValidationError(f"L’entreprise n’a pas tout rempli : {', '.join(missing).lower()}.")
    _shift(pre, S.VALIDATED, Actor.TEAM, by=by, now=now, validated_by=membership, validated_at=now)
    wanted = {one.key for one in differences(pre) if one.key in choice.taken and not one.refused}
    _write_partner(pre, wanted, by=by)
    people = {who: _write_person(pre, who, wanted, by=by) for who in WHO}
    write_terms(placement, _terms_of(pre, choice), by=by)
    links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=placement)

    def settle(*, issue: bool) -> services.Logged:
        fresh = _placement(pre.school, pre.placement_id)
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


def _placement(school: School, pk: int) -> Placement:
    """The placement as it is now, with all that its paper reads."""
    (found,) = documents.with_relations(Placement.objects.in_school(school)).filter(pk=pk)
    found.school = school
    return found


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


def amount(text: str) -> Decimal | None:
    """An amount kept as text; None for none."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def write_terms(placement: Placement, values: Mapping[str, Any], *, by: Any) -> Terms:
    """Make the annexes of a placement say these values."""
    known = Terms.objects.in_school(placement.school_id).filter(placement=placement).first()
    if known is None:
        return create_record(Terms(school=placement.school, placement=placement, **values), by=by)[0]
    changed = [name for name, value in values.items() if getattr(known, name) != value]
    if not changed:
        return known
    for name in changed:
        setattr(known, name, values[name])
    known.school, known.placement = placement.school, placement
    return change_record(known, version=known.version, by=by, changed=changed)


@transaction.atomic
def correct_terms(
    placement: Placement, terms: Terms, *, version: int | None, by: Any, now: datetime, changed: list[str],
    amendment: services.Amendment | None = None,
) -> Document | None:  # fmt: skip
    """Save the annexes as a colleague corrects them, and give the convention the paper that this needs: a new edition, or an
    avenant once everyone has signed. Raises StaleEdit, or ValidationError as `services.settle_paper`."""
    papers.hold_numbers(placement.school)
    if terms._state.adding:
        create_record(terms, by=by)
    elif changed:
        change_record(terms, version=terms.version if version is None else version, by=by, changed=changed)
    else:
        return None
    fresh = _placement(placement.school, placement.pk)
    return services.settle_paper(fresh, fresh, amendment or services.Amendment(), by=by, now=now)


# ----------------------------------------------------------------------------------------------- before the departure


@dataclass(frozen=True)
class Check:
    """One line of what must be there before the pupil leaves; `is_done` None: nothing tells."""

    label: str
    is_done: bool | None
    more: str = ""


def checklist(placement: Placement, terms: Terms | None, *, convention: Document | None) -> list[Check]:
    """What the data say of the departure: the convention, hours, people, insurance, what the family has."""
    timetable = rules.parse_timetable(placement.timetable)
    complete = convention is not None and convention.voided_at is None and convention.completed_at is not None
    said = "signée de tous" if complete else "éditée, pas signée de tous" if convention else "pas encore éditée"
    student = placement.student
    minor = student.birth_date is None or rules.age_on(student.birth_date, placement.start_date) < MAJORITY
    lines = [
        Check("Convention", complete, said),
        Check("Horaires lisibles", isinstance(timetable, rules.Timetable)),
        Check("Tuteur", placement.tutor_id is not None, str(placement.tutor or "à désigner")),
        Check("Enseignant référent", bool(placement.referent_email.strip()), "" if placement.referent_email.strip() else "à désigner"),
        Check("Assurance de l’entreprise", bool(terms and terms.insurer), terms.insurer if terms else ""),
        Check("Confirmé : pas un emploi", terms.is_no_job if terms else None),
    ]  # fmt: skip
    if minor:
        lines.append(
            Check("Responsable légal connu", bool(student.guardian_name), "" if student.guardian_name else "à saisir")
        )
    return lines


# ------------------------------------------------------------------------------------------------------- waiting lists


def to_validate(membership: Membership, visible: Callable[[Membership], Any]) -> Any:
    """The pre-conventions that wait for a teacher, among the placements that this person sees."""
    return (
        PreConvention.objects.in_school(membership.school_id)
        .filter(state=S.FILLED, placement__in=visible(membership).values("pk"))
        .select_related("placement__student", "placement__partner", "placement__school", "school")
        .order_by("filled_at", "pk")
    )


def said(pre: PreConvention) -> str:
    """« Remplie par Jeanne Dupont le 3 février », for the page and the list."""
    if pre.state == S.VALIDATED and pre.validated_at:
        return f"Validée par {pre.validated_by or 'un collègue'} le {french.day(timezone.localdate(pre.validated_at))}"
    if pre.filled_at and pre.state in (S.FILLED, S.TO_CORRECT):
        return f"Remplie par {pre.filled_by or 'l’entreprise'} le {french.day(timezone.localdate(pre.filled_at))}"
    if pre.sent_at and pre.state == S.SENT:
        return f"Envoyée le {french.day(timezone.localdate(pre.sent_at))}"
    return ""
