"""What the answers say, for the team to check: in words, and against the file of the company and its people."""

from collections.abc import Mapping
from dataclasses import dataclass

from core import siret
from core.text import searchable
from partners.enums import ContactRole
from partners.models import Contact, Partner
from pfmp import rules
from pfmp.models import PreConvention
from pfmp.preparing.answers import STEPS, Answers
from pfmp.rules import works

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
