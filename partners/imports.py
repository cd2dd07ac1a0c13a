"""Companies from any spreadsheet or PRONOTE list: one line a company or a contact, matched with those the school knows.

A company is known by its SIRET, else by its name and place (partners/rules/doubles.py says how sure that is); what only
resembles one is a double that a person decides. Lines of one company make one partner with several contacts. A known
partner only gets what it lacks, unless the person asks to replace; nothing is ever emptied.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from core import naf
from core.text import digits, searchable
from partners.enums import ContactRole, PartnerStatus, PartnerType
from partners.models import Contact, Partner
from partners.rules import doubles
from schools.importing import (
    CREATE,
    SAME,
    SKIP,
    Candidate,
    Change,
    Field,
    Kind,
    Line,
    Mended,
    Options,
    Outcome,
    Plan,
    Planned,
    Refused,
    register,
    values,
)
from schools.importing.kinds import Decisions, Report
from schools.models import School, TableImport
from schools.roles import Permission

MOST_CANDIDATES = 4

# ------------------------------------------------------------------------------------------------ cells
_CIVILITY = re.compile(r"^(m|mr|mme|mlle|monsieur|madame|mademoiselle|dr|me)\.?\s+", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:/|;|\bet\b|&)\s*")


def company_name(cell: str) -> str:
    """A name of at most 200 characters with a letter or a digit in it, in any script."""
    found = values.text()(cell)
    if not any(character.isalnum() for character in found):
        raise Refused("Ce nom ne contient ni lettre ni chiffre : écrivez le nom de l’entreprise.")
    return found


def naf_code(cell: str) -> str:
    """`4520A`, `45.20a Entretien…` → `45.20A`."""
    match = re.match(r"(\d{2})\.?(\d{2})\.?([A-Za-z])\b", cell.replace(" ", "", 1) if cell[2:3] == " " else cell)
    code = f"{match[1]}.{match[2]}{match[3].upper()}" if match else ""
    if not code or not naf.label(code):
        raise Refused("Ce code NAF n’existe pas : écrivez par exemple 43.21A.")
    return code


PARTNER_TYPES = {label: value for value, label in PartnerType.choices} | {
    **{value: value for value in PartnerType.values},
    "société": PartnerType.COMPANY,
    "commerce": PartnerType.COMPANY,
    "artisan": PartnerType.COMPANY,
    "mairie": PartnerType.LOCAL_AUTHORITY,
    "collectivité territoriale": PartnerType.LOCAL_AUTHORITY,
    "CCI": PartnerType.CHAMBER,
    "CMA": PartnerType.CHAMBER,
}
ROLES = {label: value for value, label in ContactRole.choices} | {
    **{value: value for value in ContactRole.values},
    "signataire": ContactRole.LEADER,
    "dirigeant": ContactRole.LEADER,
    "gérant": ContactRole.LEADER,
    "gérante": ContactRole.LEADER,
    "directeur": ContactRole.LEADER,
    "directrice": ContactRole.LEADER,
    "responsable": ContactRole.LEADER,
    "chef d’entreprise": ContactRole.LEADER,
    "RH": ContactRole.HR,
    "tutrice": ContactRole.TUTOR,
    "maître de stage": ContactRole.TUTOR,
    "oui": ContactRole.TUTOR,  # PRONOTE ticks « maître de stage »
    "x": ContactRole.TUTOR,
    "o": ContactRole.TUTOR,
    "vrai": ContactRole.TUTOR,
    "1": ContactRole.TUTOR,
    "taxe": ContactRole.TAXE,
    "secrétariat": ContactRole.OFFICE,
    "comptable": ContactRole.OFFICE,
}
partner_type = values.choice(
    PARTNER_TYPES, "Ce type n’est pas dans la liste : écrivez par exemple Entreprise, Association ou Collectivité."
)
_role = values.choice(ROLES, "Ce rôle n’est pas dans la liste : écrivez signataire, tuteur, taxe ou RH.")


def contact_role(cell: str) -> str:
    """A role of the list; « non », the untick of PRONOTE, is none."""
    return "" if searchable(cell) in ("non", "0", "n", "faux") else str(_role(cell))


_TICKS = frozenset({"oui", "non", "x", "o", "n", "vrai", "faux", "0", "1", "yes", "no", "true", "false"})


def may_be_a_person(cell: str) -> bool:
    return searchable(cell) not in _TICKS and any(character.isalpha() for character in cell)


def person(cell: str) -> tuple[str, str] | Mended:
    """A full name → (last name, first name): words in capitals are the last name, else the first word is the first name."""
    found = " ".join(cell.split())
    if len(found) > values.LINE:
        raise Refused(f"Ce nom a {len(found)} caractères : {values.LINE} au plus.")
    first_of, *others = [part for part in _SEVERAL.split(found) if part] or [found]
    words = _CIVILITY.sub("", first_of).split()
    if not words or not may_be_a_person(first_of):
        raise Refused("Ce n’est pas le nom d’une personne.")
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        last, first = " ".join(capitals), " ".join(word for word in words if word not in capitals)
    elif len(words) == 1:
        last, first = words[0], ""
    elif capitals:  # all in capitals: « DUPONT ANNE », as lists sort them
        last, first = " ".join(words[:-1]), words[-1]
    else:
        last, first = " ".join(words[1:]), words[0]
    if others:
        return Mended((last, first), f"Plusieurs personnes dans la cellule : la première est reprise, {first} {last}.")
    return last, first


def several(cell: str) -> tuple[str, ...]:
    """`"CAP MV | Bac pro MV"` → its parts, each at most 200 characters."""
    found = tuple(part for part in (" ".join(words.split()) for words in re.split(r"[|;,\n]", cell)) if part)
    if any(len(part) > values.LINE for part in found):
        raise Refused(f"Une formation tient en {values.LINE} caractères : séparez-les par une barre.")
    return found


def places(cell: str) -> int:
    """From 1 to 99 pupils at once."""
    count = values.whole(cell)
    if not 1 <= count <= 99:
        raise Refused("Écrivez un nombre de places de 1 à 99.")
    return count


def _someone(*words: str) -> tuple[str, ...]:
    """« Tuteur nom », « nom du tuteur »…: the headers that speak of a person at the company's."""
    people = ("contact", "tuteur", "maître de stage", "interlocuteur", "responsable", "correspondant")
    return tuple(f"{one} {word}" for word in words for one in people) + tuple(
        f"{word} {one}" for word in words for one in people
    )


FIELDS = (
    Field(
        "name", "Raison sociale", company_name,
        ("raison sociale", "entreprise", "nom de l’entreprise", "nom entreprise", "entreprise nom", "société", "nom de la société",
         "organisme", "organisme d’accueil", "nom de l’organisme", "structure", "établissement", "dénomination", "lieu de stage",
         "partenaire", "employeur", "entreprise raison sociale", "nom société", "entreprise d’accueil"),
        weak=("nom", "libellé"), strict=True, example="GARAGE DE DÉMONSTRATION",
    ),
    Field(
        "siret", "SIRET", values.siret, ("n° SIRET", "numéro SIRET", "code SIRET", "SIRET entreprise", "entreprise SIRET"),
        looks=values.looks_like_siret, help="C’est lui qui reconnaît le mieux une entreprise déjà dans la liste.",
    ),
    Field("brand", "Enseigne", values.text(), ("nom commercial", "nom d’enseigne", "enseigne commerciale"), example="Garage Démo"),
    Field(
        "address", "Adresse", values.text(),
        ("rue", "adresse 1", "adresse entreprise", "adresse postale", "voie", "entreprise adresse", "adresse de l’entreprise"),
        example="1 rue de l’Exemple",
    ),
    Field(
        "postal_code", "Code postal", values.postal_code, ("CP", "code post", "code_postal", "entreprise CP", "CP entreprise"),
        looks=values.looks_like_postal_code, example="75001",
    ),
    Field("city", "Ville", values.text(), ("commune", "localité", "lib postal", "entreprise ville", "ville entreprise"), example="PARIS"),
    Field(
        "phone", "Téléphone", values.phone,
        ("tél", "téléphone fixe", "tel fixe", "n° de téléphone", "téléphone entreprise", "tel entreprise", "entreprise tel",
         "entreprise téléphone", "standard", "tél 1", "téléphone professionnel"),
        looks=values.looks_like_phone, example="01 00 00 00 00",
    ),
    Field(
        "email", "Courriel", values.email,
        ("email", "e-mail", "mail", "adresse mail", "adresse e-mail", "adresse électronique", "courriel entreprise",
         "mail entreprise", "email entreprise", "entreprise mail", "entreprise email", "entreprise courriel"),
        looks=values.looks_like_email, example="contact@example.org",
    ),
    Field("website", "Site web", values.website, ("site", "site internet", "web", "url", "site_web"), example="www.example.org"),
    Field(
        "sector", "Secteur", values.text(), ("secteur d’activité", "activité", "domaine", "domaine d’activité", "métier", "famille_metier"),
        help="Gardé dans les notes d’une nouvelle fiche.", example="Automobile",
    ),
    Field("naf", "NAF", naf_code, ("code NAF", "APE", "code APE", "NAF APE"), example="45.20A"),
    Field("type", "Type de partenaire", partner_type, ("type", "catégorie", "nature"), example="Entreprise"),
    Field(
        "contact_name", "Contact (nom et prénom)", person,
        ("contact", "interlocuteur", "personne à contacter", "correspondant", "contacts", "contact nom et prénom", "interlocuteur nom et prénom",
         "personne contact"),
        help="Quand le nom et le prénom sont dans une seule colonne.", in_template=False,
    ),
    Field("contact_last_name", "Contact nom", values.text(), _someone("nom", "nom de famille"), weak=("nom",), example="EXEMPLE"),
    Field(
        "contact_first_name", "Contact prénom", values.text(), _someone("prénom"), weak=("prénom",),
        example="Anne",
    ),
    Field("contact_position", "Contact fonction", values.text(), ("fonction", "poste", "qualité", *_someone("fonction")), example="Gérante"),
    Field(
        "contact_email", "Contact courriel", values.email,
        _someone("mail", "email", "e-mail", "courriel", "adresse mail"),
        weak=("mail", "email", "courriel"), example="anne@example.org",
    ),
    Field(
        "contact_phone", "Contact téléphone", values.phone,
        ("portable", "mobile", "téléphone portable", "tel portable", "tél 2", *_someone("tel", "téléphone", "portable", "mobile")),
        weak=("tél", "téléphone"), example="06 00 00 00 00",
    ),
    Field("contact_role", "Rôle", contact_role, ("contact rôle", "rôle du contact", "rôle contact", "rôle (signataire|tuteur|taxe|RH)"),
        weak=("maître de stage", "tuteur"), example="signataire"),
    Field(
        "tutor_name", "Tuteur ou maître de stage", person,
        ("tuteur", "maître de stage", "tuteur nom et prénom", "maître de stage nom et prénom", "tuteur entreprise", "tuteur de stage", "maître d’apprentissage"),
        fits=may_be_a_person,
        help="Nom et prénom : fait un contact dont le rôle est tuteur.", in_template=False,
    ),
    Field(
        "leader_name", "Responsable ou dirigeant", person,
        ("responsable", "dirigeant", "gérant", "directeur", "chef d’entreprise", "responsable de l’entreprise", "responsable nom et prénom",
         "représentant légal", "signataire"),
        help="Nom et prénom : fait un contact qui dirige et signe.", in_template=False,
    ),
    Field(
        "formations", "Formations accueillies", several,
        ("formation", "formations", "diplômes", "filière", "formation accueillie", "classes accueillies"),
        help="Plusieurs formations se séparent par une barre ou une virgule.", example="CAP Électricien|Bac pro MELEC",
    ),
    Field(
        "places", "Capacité", places, ("places", "nombre de places", "capacité d’accueil", "nb places"),
        help="Le nombre d’élèves que l’entreprise prend en même temps.", example="2",
    ),
    Field(
        "notes", "Commentaire", values.paragraphs, ("commentaires", "remarque", "remarques", "observation", "observations", "notes", "note"),
        help="Des faits utiles à un collègue ; rien sur la santé ni la vie privée.",
    ),
)  # fmt: skip

FILLED = {
    "name": "Raison sociale", "siret": "SIRET", "brand": "Enseigne", "address": "Adresse", "postal_code": "Code postal",
    "city": "Ville", "phone": "Téléphone", "email": "Courriel", "website": "Site web", "naf": "NAF", "type": "Type",
    "notes": "Notes",
}  # fmt: skip
"""Fields of a partner that lines give, with the word that says so."""

NEVER_REPLACED = frozenset({"notes", "siret"})


class CompanyOptions(Options):
    """What becomes of what is known, and of what is new."""

    replace = forms.BooleanField(
        label="Remplacer ce qui est déjà renseigné",
        required=False,
        help_text="Sinon, une fiche connue reçoit seulement ce qui lui manque. Rien n’est jamais effacé.",
    )
    status = forms.ChoiceField(
        label="Les nouvelles fiches sont",
        choices=[
            (PartnerStatus.PROSPECT, PartnerStatus.PROSPECT.label),
            (PartnerStatus.ACTIVE, PartnerStatus.ACTIVE.label),
        ],
        initial=PartnerStatus.ACTIVE,
        widget=forms.RadioSelect,
    )


# ------------------------------------------------------------------------------------------------ pupils that they take
@dataclass
class Welcome:
    """What a line says of the pupils that its company takes; the app of placements knows what to do of it."""

    line: Line
    planned: Planned
    partner: Partner
    formations: tuple[str, ...]
    places: int | None

    def say(self, words: str) -> None:
        """Something more comes in with this line."""
        known = self.planned.detail.removesuffix(".")
        self.planned.detail = f"{known} ; {words}." if known else f"{words[:1].upper()}{words[1:]}."
        if self.planned.outcome == Outcome.UNCHANGED:
            self.planned.outcome = Outcome.UPDATED


Hosting = Callable[[School, Sequence[Welcome]], Iterable[models.Model]]
_hosting: list[Hosting] = []


def also_hosting(function: Hosting) -> Hosting:
    """Let an app above make rows of what lines say of formations and places: new rows, never saved, none that is known."""
    _hosting.append(function)
    return function


# ------------------------------------------------------------------------------------------------ companies in memory
def identity(name: str, postal_code: str, city: str) -> tuple[str, str, str]:
    """What two writings of one company have in common, to the letter."""
    return searchable(name) or name.casefold(), digits(postal_code), searchable(city)


@dataclass
class Target:
    """A partner, known or new, with what the lines bring it."""

    partner: Partner
    is_new: bool
    first_line: int = 0
    values: dict[str, Any] = field(default_factory=dict)  # what changes on a known one
    contacts: list[Contact] = field(default_factory=list)
    contact_values: dict[int, dict[str, Any]] = field(default_factory=dict)  # position in `contacts` → what changes
    new_contacts: list[Contact] = field(default_factory=list)

    def now(self, name: str) -> Any:
        return self.values.get(name, getattr(self.partner, name))

    def give(self, given: Mapping[str, Any], *, replace: bool) -> list[str]:
        """Fill what is empty, or replace; the words of what changes."""
        changed = []
        for name, word in FILLED.items():
            value, before = given.get(name), self.now(name)
            if not value or value == before or (name == "type" and not replace):
                continue
            if before and (not replace or name in NEVER_REPLACED):
                continue
            if name == "name" and self.partner.name_locked:
                continue
            if self.is_new:
                setattr(self.partner, name, value)
            else:
                self.values[name] = value
            changed.append(word)
        return changed

    def meet(self, given: Mapping[str, str], *, replace: bool) -> str:
        """A contact of a line: known, it gets what it lacks; else it is added. The words of what happens, "" for nothing."""
        everyone = [*self.contacts, *self.new_contacts]
        for position, known in enumerate(everyone):
            seen = self.contact_values.get(position, {})
            if not _is_same_person(known, seen, given):
                continue
            changed = {
                name: value
                for name, value in given.items()
                if value and value != (before := seen.get(name, getattr(known, name))) and (not before or replace)
            }
            if not changed:
                return ""
            if position < len(self.contacts):
                self.contact_values[position] = seen | changed
            else:
                for name, value in changed.items():
                    setattr(known, name, value)
            return f"contact complété : {known}"
        contact = Contact(school=self.partner.school, partner=self.partner, **given)
        self.new_contacts.append(contact)
        return f"contact ajouté : {contact}"


def _is_same_person(known: Contact, seen: Mapping[str, Any], given: Mapping[str, str]) -> bool:
    email = str(seen.get("email", known.email)).casefold()
    same_last = searchable(known.last_name) == searchable(given["last_name"])
    if email and email == given.get("email", "").casefold():
        return same_last or not given["last_name"]
    first, other = searchable(known.first_name), searchable(given.get("first_name", ""))
    return same_last and (not first or not other or first == other)


def _card(key: Any, given: Mapping[str, Any]) -> doubles.Card:
    return doubles.card(
        key,
        name=given.get("name", ""),
        brand=given.get("brand", ""),
        siret=given.get("siret", ""),
        postal_code=given.get("postal_code", ""),
        city=given.get("city", ""),
        phones=(given.get("phone", ""),),
        addresses=(given.get("email", ""), given.get("website", "")),
    )


class _Register:
    """Every company that a line may be: those of the school, then those of the lines above."""

    def __init__(self, school: School) -> None:
        self.targets: dict[str, Target] = {}  # key of a candidate → target
        self._sirets: dict[str, list[str]] = defaultdict(list)
        self._names: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._index = doubles.Index()
        contacts: dict[int, list[Contact]] = defaultdict(list)
        for contact in Contact.objects.in_school(school).order_by("pk"):
            contacts[contact.partner_id].append(contact)
        for partner in Partner.objects.in_school(school).defer("register_data").order_by("pk"):
            partner.school = school
            self.add(str(partner.public_id), Target(partner, False, contacts=contacts[partner.pk]))

    def add(self, key: str, target: Target) -> None:
        partner = target.partner
        self.targets[key] = target
        if partner.siret:
            self._sirets[partner.siret].append(key)
        self._names[identity(partner.name, partner.postal_code, partner.city)].append(key)
        self._index.add(_card(key, {name: getattr(partner, name) for name in FILLED}))

    def is_also(self, given: Mapping[str, Any], key: str) -> None:
        """Someone said that these values are that company: further lines of the same name and place are too."""
        self._names[identity(given["name"], given.get("postal_code", ""), given.get("city", ""))] = [key]

    def everyone(self) -> list[Target]:
        """The companies, each once, those of the school first."""
        return list(self.targets.values())

    def sure(self, given: Mapping[str, Any]) -> tuple[str, str]:
        """(key, why) of the one company that these values certainly are, ("", "") otherwise."""
        siret = given.get("siret", "")
        if siret and len(self._sirets[siret]) == 1:
            return self._sirets[siret][0], "même SIRET"
        if not given.get("name"):
            return "", ""
        here = identity(given["name"], given.get("postal_code", ""), given.get("city", ""))
        same = [key for key in self._names[here] if not siret or not self.targets[key].partner.siret]
        return (same[0], "même nom, même lieu") if len(same) == 1 else ("", "")

    def likely(self, given: Mapping[str, Any]) -> list[tuple[str, doubles.Likeness]]:
        """The companies that these values resemble, the surest first."""
        found = self._index.find(_card(None, given), limit=MOST_CANDIDATES)
        return [(str(key), likeness) for key, likeness in found]


@register
class Companies(Kind):
    name, slug = "partners.companies", "entreprises"
    title, noun = "Importer des entreprises", "entreprise"
    intro = "Le fichier d’un collègue, d’un tableur ou de PRONOTE : une ligne par entreprise, ou une par contact."
    permission = Permission.EDIT_PARTNERS
    fields = FIELDS
    not_kept = {"Civilité": ("contact civilité", "civilité du contact", "titre")}
    options = CompanyOptions

    def missing(self, mapped: set[str]) -> str:
        if mapped & {"name", "siret"}:
            return ""
        return "Dites quelle colonne contient la raison sociale ou le SIRET : sans eux, une ligne ne dit pas de qui elle parle."

    def results_url(self, record: TableImport) -> str:
        return reverse("partners:partner_list", args=[record.school.uai])

    def plan(
        self, school: School, lines: Sequence[Line], options: Mapping[str, Any], decisions: Decisions, report: Report
    ) -> Plan:
        known = _Register(school)
        planner = _Planner(school, known, options, decisions)
        plan = Plan()
        for number, line in enumerate(lines):
            if number % 50 == 0:
                report(number, len(lines), "Recherche des entreprises connues et des doublons")
            plan.lines.append(planner.planned(line))
        targets = known.everyone()
        for target in targets:
            if target.is_new:
                plan.new.append(target.partner)
            elif target.values:
                plan.changes.append(Change(target.partner, target.values))
            for position, changed in target.contact_values.items():
                plan.changes.append(Change(target.contacts[position], changed))
        for target in targets:
            plan.new.extend(target.new_contacts)
        for make in _hosting:
            plan.new.extend(make(school, planner.welcomes))
        return plan


class _Planner:
    """Follows the lines one by one; what a line makes is known to those below it."""

    def __init__(self, school: School, known: _Register, options: Mapping[str, Any], decisions: Decisions) -> None:
        self.school, self.known = school, known
        self.replace = bool(options.get("replace"))
        self.status = options.get("status") or PartnerStatus.ACTIVE
        self.decisions = decisions
        self.welcomes: list[Welcome] = []
        self.waiting: dict[tuple[str, str, str] | str, Planned] = {}  # doubles that nobody decided, by who they are

    def planned(self, line: Line) -> Planned:
        given = line.values
        title = " · ".join(part for part in (given.get("name", ""), given.get("city", "")) if part)
        title = title or given.get("siret", "") or (line.remarks[0].value if line.remarks else "")
        if line.rejected:
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        if not given.get("name") and not given.get("siret"):
            line.reject("Cette ligne n’a ni raison sociale ni SIRET : complétez-la, ou retirez-la.")
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        key, why = self.known.sure(given)
        if not key:
            return self._unsure(line, title)
        return self._known(line, title, self.known.targets[key], why)

    def _unsure(self, line: Line, title: str) -> Planned:
        """Not certainly a known company: a likely one, one that someone decided on, or a new one."""
        given = line.values
        if not given.get("name"):
            line.reject("Aucune fiche n’a ce SIRET, et la ligne n’a pas de raison sociale : ajoutez-la.")
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        likely = self.known.likely(given)
        certain = [key for key, likeness in likely if likeness.certain]
        if len(certain) == 1:
            reason = next(likeness.reason for key, likeness in likely if key == certain[0])
            return self._known(line, title, self.known.targets[certain[0]], reason)
        if not likely:
            return self._new(line, title)
        who = given.get("siret") or identity(given["name"], given.get("postal_code", ""), given.get("city", ""))
        if who in self.waiting:  # a further line of a double: it follows the first
            first = self.waiting[who]
            return Planned(
                line.number, first.outcome, title, f"Même entreprise que la ligne {first.number}.", line.remarks
            )
        decided = self.decisions.get(line.number, "")
        if decided == CREATE:
            return self._new(line, title)
        if decided.startswith(SAME) and (target := self.known.targets.get(decided.removeprefix(SAME))):
            self.known.is_also(given, decided.removeprefix(SAME))
            return self._known(line, title, target, "votre choix")
        if decided == SKIP:
            planned = Planned(line.number, Outcome.SKIPPED, title, remarks=line.remarks)
        else:
            planned = Planned(
                line.number,
                Outcome.DOUBLE,
                title,
                remarks=line.remarks,
                candidates=[self._candidate(key, likeness) for key, likeness in likely],
            )
        self.waiting[who] = planned
        return planned

    def _candidate(self, key: str, likeness: doubles.Likeness) -> Candidate:
        target = self.known.targets[key]
        partner = target.partner
        label = " · ".join(part for part in (partner.name, partner.city) if part)[:150]
        if target.is_new:
            return Candidate(key, f"{label} (ligne {target.first_line})", likeness.reason)
        return Candidate(key, label, likeness.reason, partner.get_absolute_url())

    def _new(self, line: Line, title: str) -> Planned:
        partner = Partner(school=self.school, status=self.status)
        target = Target(partner, True, line.number)
        given = self._partner_values(line)
        partner.type = given.pop("type", PartnerType.COMPANY)
        target.give(given, replace=False)
        said = self._contacts(line, target)
        self.known.add(f"ligne:{line.number}", target)
        return self._welcomed(
            line, target, Planned(line.number, Outcome.CREATED, title, _sentence(said), line.remarks, row=partner)
        )

    def _welcomed(self, line: Line, target: Target, planned: Planned) -> Planned:
        given = line.values
        if "formations" in given or "places" in given:
            self.welcomes.append(
                Welcome(line, planned, target.partner, given.get("formations", ()), given.get("places"))
            )
        return planned

    def _known(self, line: Line, title: str, target: Target, why: str) -> Planned:
        given = self._partner_values(line)
        if target.partner.notes:
            given.pop("notes", None)
        changed = target.give(given, replace=self.replace)
        said = ([", ".join(changed)] if changed else []) + self._contacts(line, target)
        outcome = Outcome.UPDATED if said else Outcome.UNCHANGED
        if target.is_new:
            whom = f"Même entreprise que la ligne {target.first_line} ({why})"
            planned = Planned(line.number, outcome, title, _sentence([whom, *said]), line.remarks, row=target.partner)
            return self._welcomed(line, target, planned)
        whom = "" if searchable(target.partner.name) == searchable(given.get("name", "")) else target.partner.name
        recognised = f"Reconnue : {whom + ', ' if whom else ''}{why}"
        url = target.partner.get_absolute_url()
        planned = Planned(line.number, outcome, title, _sentence([recognised, *said]), line.remarks, url=url)
        return self._welcomed(line, target, planned)

    def _partner_values(self, line: Line) -> dict[str, Any]:
        given = {name: line.values[name] for name in FILLED if name in line.values}
        sector = line.values.get("sector", "")
        notes = [line.values.get("notes", ""), f"Secteur : {sector}" if sector else ""]
        if any(notes):
            given["notes"] = "\n".join(part for part in notes if part)
        return given

    def _contacts(self, line: Line, target: Target) -> list[str]:
        """The people of a line: the contact, the tutor, the leader."""
        given = line.values
        people = []
        last, first = given.get("contact_name", ("", ""))
        main = {
            "last_name": given.get("contact_last_name", last),
            "first_name": given.get("contact_first_name", first),
            "position": given.get("contact_position", ""),
            "role": given.get("contact_role", ""),
            "email": given.get("contact_email", ""),
            "phone": given.get("contact_phone", ""),
        }
        others = [
            (given["tutor_name"], ContactRole.TUTOR) if "tutor_name" in given else None,
            (given["leader_name"], ContactRole.LEADER) if "leader_name" in given else None,
        ]
        named = [other for other in others if other]
        if not main["last_name"] and not main["first_name"] and (main["email"] or main["phone"]) and len(named) == 1:
            (last, first), role = named.pop()  # « Tuteur ; Mail ; Portable »: the means are that person's
            main |= {"last_name": last, "first_name": first, "role": main["role"] or role}
        if main["last_name"] or main["first_name"]:
            if not main["last_name"]:
                main |= {"last_name": main["first_name"], "first_name": ""}
            people.append(main)
        elif any(main[name] for name in ("position", "email", "phone")):
            line.remark("Contact", "", "Ce contact n’a pas de nom : il n’est pas repris.")
        people += [{"last_name": last, "first_name": first, "role": role} for (last, first), role in named]
        said = [target.meet({name: str(value) for name, value in one.items()}, replace=self.replace) for one in people]
        return [sentence for sentence in said if sentence]


def _sentence(parts: Sequence[str]) -> str:
    """« Reconnue : même SIRET ; Téléphone ; contact ajouté : Anne EXEMPLE. »"""
    text = " ; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else ""
