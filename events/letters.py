"""The letters about an action: their words, shipped or the school's own, and what each guest reads."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from core import audit, typography
from core.mail import LINE_BREAK
from events import preparing
from events.enums import Occasion
from events.models import Action, ActionLetter, Invitation
from partners.mailing import VARIABLE, unknown_variables
from schools.models import Membership

SHIPPED = Path(__file__).parent / "data" / "letters.toml"
VARIABLES = {
    "prenom": "prénom de la personne",
    "nom": "son nom",
    "entreprise": "nom de l’entreprise",
    "action": "intitulé de l’action",
    "date": "jour et heures",
    "lieu": "lieu",
    "lien": "lien pour répondre",
    "enquete": "lien de l’enquête ouverte, s’il y en a une",
}
IN_SUBJECT = ("action", "date", "lieu")
"""What a subject may say: it names nobody (S-28)."""
LONGEST_SUBJECT, LONGEST_BODY = 150, 5_000
LINKED = (Occasion.INVITATION, Occasion.REMINDER)
"""Letters that ask for an answer: the link is added when their text has none."""


@dataclass(frozen=True)
class Letter:
    """The words of a letter, variables not filled."""

    subject: str
    body: str


@cache
def shipped() -> Mapping[str, Letter]:
    """The general letters, by occasion."""
    found = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return {name: Letter(one["subject"], typography.french(one["body"].strip())) for name, one in found.items()}


def of(action: Action, occasion: Occasion) -> Letter:
    """What this action's letter says: its own words once somebody wrote them, else the shipped ones."""
    own = ActionLetter.objects.in_school(action.school_id).filter(action=action, occasion=occasion).first()
    return Letter(own.subject, own.body) if own else shipped()[occasion]


@transaction.atomic
def save(action: Action, occasion: Occasion, letter: Letter, *, by: Any) -> None:
    """Keep these words for this action; those that were shipped again leave no row."""
    rows = ActionLetter.objects.in_school(action.school_id).filter(action=action, occasion=occasion)
    if of(action, occasion) == letter:
        return
    if letter == shipped()[occasion]:
        rows.delete()
    else:
        ActionLetter.objects.update_or_create(
            school_id=action.school_id,
            action=action,
            occasion=occasion,
            defaults={"subject": letter.subject, "body": letter.body, "updated_by": by},
            create_defaults={
                "school_id": action.school_id,
                "subject": letter.subject,
                "body": letter.body,
                "created_by": by,
                "updated_by": by,
            },
        )
    audit.record("events.letter_changed", action, by=by, occasion=occasion.value)


def subject_problems(text: str) -> list[str]:
    """Why this subject cannot leave: French sentences."""
    if LINE_BREAK.search(text):
        return ["L’objet tient sur une seule ligne."]
    if unknown_variables(text, IN_SUBJECT):
        return ["L’objet ne nomme personne : il peut dire {action}, {date} et {lieu}, rien d’autre entre accolades."]
    return []


def body_problems(text: str) -> list[str]:
    """Why this text cannot leave: French sentences."""
    if unknown := unknown_variables(text, VARIABLES):
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        return [f"« {{{unknown[0]}}} » ne veut rien dire ici. Les mots connus : {known}."]
    return []


@dataclass(frozen=True)
class Reader:
    """Who reads a letter."""

    first_name: str
    last_name: str
    company: str

    @classmethod
    def of(cls, invitation: Invitation) -> "Reader":
        """The person that an invitation stands for today: its contact, or whoever takes their place."""
        if invitation.contact is not None:
            return cls(invitation.contact.first_name, invitation.contact.last_name, invitation.partner.name)
        if invitation.substitute_name and invitation.email == invitation.substitute_email:
            return cls("", invitation.substitute_name, invitation.partner.name)
        return cls("", "", invitation.partner.name)


def subject(letter: Letter, action: Action) -> str:
    """The subject as it leaves, on one line whatever the title of the action holds."""
    filled = _filled(letter.subject, _about(action))
    return LINE_BREAK.sub(" ", " ".join(filled.split()))[:LONGEST_SUBJECT]


def body(
    letter: Letter,
    reader: Reader,
    action: Action,
    *,
    occasion: Occasion,
    url: str = "",
    survey: str = "",
    sender: Membership | None = None,
) -> str:
    """What this reader reads: variables filled, the link, who writes, and how to receive no more of it.

    A line whose variable has nothing to say goes with it. Without a sender, the school signs.
    """
    values = {
        "prenom": reader.first_name,
        "nom": reader.last_name,
        "entreprise": reader.company,
        **_about(action),
        "lien": url,
        "enquete": survey,
    }
    lines = letter.body.replace("\r\n", "\n").split("\n")
    kept = [line for line in lines if not _is_empty(line, values)]
    text = re.sub(r"\n{3,}", "\n\n", _filled("\n".join(kept), values)).strip()
    if url and occasion in LINKED and url not in text:
        text += f"\n\nPour répondre : {url}"
    if survey and survey not in text:
        text += f"\n\nVotre avis nous aide : {survey}"
    school = action.school
    signed = [sender.full_name] if sender else ["Le bureau des entreprises"]
    signed += [line for line in (school.name, sender.email if sender else school.email, school.phone) if line]
    whom = (sender.email if sender else school.email) or school.name
    return "{}\n\n{}\n\n--\n{}".format(
        text,
        "\n".join(signed),
        typography.french(
            f"Vous recevez ce message parce que {reader.company} est en relation avec notre lycée. "
            f"Pour ne plus en recevoir, écrivez à {whom}."
        ),
    )


def _about(action: Action) -> dict[str, str]:
    return {"action": action.title, "date": _day(action), "lieu": action.place}


def _day(action: Action) -> str:
    """« le jeudi 20 novembre 2025, de 9 h à 12 h », « du 3 au 5 mars 2026 »."""
    said = preparing.when(action)
    return said if action.end_date else f"le {said}"


def _is_empty(line: str, values: Mapping[str, str]) -> bool:
    """A line about a place or a survey that there is not."""
    return any(f"{{{name}}}" in line and not values[name] for name in ("lieu", "enquete", "lien"))


def _filled(text: str, values: Mapping[str, str]) -> str:
    text = VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
    # « Bonjour {prenom} {nom}, » to a company without a contact is « Bonjour, »
    return re.sub(r"[ \t]+([,.])", r"\1", re.sub(r"[ \t]{2,}", " ", text))
