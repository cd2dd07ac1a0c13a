"""Messages of the taxe d'apprentissage: to whom, what they say, and their sending by a job.

Each partner gets its own message, to one person: the contact in charge of the taxe first. Nobody who asked not to be
written to is (P-08). A message never says what an employer would owe (R-TA-09); a message of thanks, only what was received.
"""

import re
from collections.abc import Iterable, Mapping

from django.db import transaction

from core import french, jobs, mail
from core.typography import NO_BREAK
from partners import campaigns
from partners.enums import ContactRole, ContributionNature
from partners.mailing import VARIABLE, message_key, refused_addresses
from partners.models import Contact, Contribution, Mailing, Partner, TaxApproach
from schools.models import School

ORDER = {
    role: rank for rank, role in enumerate((ContactRole.TAXE, ContactRole.LEADER, ContactRole.OFFICE, ContactRole.HR))
}
AT_ONCE = 50
MOST_USES = 3

ASK_VARIABLES = {
    "bonjour": "« Bonjour » et le nom de la personne",
    "entreprise": "le nom de l’entreprise",
    "lycee": "le nom du lycée",
    "uai": "le numéro du lycée sur SOLTéA",
    "campagne": "l’année de la campagne",
    "emplois": "ce que les derniers versements ont permis d’acheter",
    "coordonnees": "le courriel et le téléphone du lycée",
}
THANK_VARIABLES = ASK_VARIABLES | {
    "montant": "ce que le lycée a reçu de l’entreprise",
    "emploi": "ce que cet argent a permis",
}
IN_SUBJECT = frozenset({"lycee", "campagne"})
"""A subject names no one (S-28)."""

ASK_SUBJECT = "Taxe d’apprentissage {campagne} : soutenez nos élèves"
ASK_BODY = """{bonjour}

Chaque année, votre entreprise répartit le solde de sa taxe d’apprentissage sur la plateforme SOLTéA. Vous pouvez y désigner notre établissement, {lycee}, sous le numéro {uai}, pour tout ou partie de ce solde.

Les derniers versements nous ont permis d’acheter : {emplois}.

Si vous pensez nous soutenir en {campagne}, dites-le-nous : nous vous tiendrons au courant de ce que vos fonds permettent. Pour toute question : {coordonnees}.

Merci de l’attention que vous portez à nos élèves.

Le bureau des entreprises
{lycee}

Si vous ne souhaitez plus recevoir ces messages, dites-le-nous : nous le noterons."""
REMIND_SUBJECT = "Taxe d’apprentissage {campagne} : un rappel de notre part"
REMIND_BODY = """{bonjour}

Nous vous avons écrit au sujet de la taxe d’apprentissage {campagne}. Si vous souhaitez soutenir nos élèves, désignez {lycee}, numéro {uai}, sur la plateforme SOLTéA avant la fin de la période de répartition.

Si c’est déjà fait, merci : ne tenez pas compte de ce message. Pour toute question : {coordonnees}.

Le bureau des entreprises
{lycee}

Si vous ne souhaitez plus recevoir ces messages, dites-le-nous : nous le noterons."""
THANK_SUBJECT = "Merci pour votre soutien, campagne {campagne}"
THANK_BODY = """{bonjour}

Nous avons bien reçu votre soutien pour la campagne {campagne} : {montant}. Toute l’équipe et les élèves vous en remercient.

Ce que cet argent permet : {emploi}.

Vous êtes les bienvenus au lycée pour le voir sur place. Pour nous joindre : {coordonnees}.

Le bureau des entreprises
{lycee}"""


# ------------------------------------------------------------------------------------------------------------ to whom


def contacts_to_ask(school: School, partners: Iterable[int]) -> dict[int, Contact]:
    """The contact of each partner to speak to about the taxe: by role, then one with an address; one query."""
    found = Contact.objects.in_school(school).filter(partner__in=list(partners)).exclude(is_active=False)
    chosen: dict[int, Contact] = {}
    for contact in sorted(found, key=_preference):
        chosen.setdefault(contact.partner_id, contact)
    return chosen


def _preference(contact: Contact) -> tuple[int, bool, bool, int]:
    role = ORDER.get(ContactRole(contact.role), len(ORDER)) if contact.role in ContactRole.values else len(ORDER)
    return (role, not contact.email.strip(), contact.refuses_mailings, contact.pk)


def address_of(partner: Partner, contact: Contact | None, refused: frozenset[str]) -> tuple[str, str]:
    """(address, "") of the one to write to, or ("", why not). Who refuses mail is not reached by the company's address."""
    if contact is not None and contact.refuses_mailings:
        return "", "ne veut pas de courriels"
    address = (contact.email.strip() if contact is not None else "") or partner.email.strip()
    if not mail.is_address(address):
        return "", "adresse illisible" if address else "aucune adresse de courriel"
    return ("", "ne veut pas de courriels") if address.casefold() in refused else (address, "")


# ---------------------------------------------------------------------------------------------------------- what it says


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its words replaced; a line that needs a word which is empty is left out."""
    lines = []
    for line in text.splitlines():
        words = VARIABLE.findall(line)
        if any(not values.get(word, "") for word in words):
            continue
        lines.append(VARIABLE.sub(lambda found: values[found[1]], line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def common_values(school: School, campaign: int) -> dict[str, str]:
    """The words that are the same for every partner."""
    return {
        "lycee": school.name,
        "uai": school.uai,
        "campagne": str(campaign),
        "emplois": ", ".join(latest_uses(school, campaign)),
        "coordonnees": " ou ".join(part for part in (school.email.strip(), school.phone.strip()) if part),
    }


def latest_uses(school: School, campaign: int) -> list[str]:
    """What the taxe bought, the last campaign with something written first; at most three different things."""
    rows = (
        Contribution.objects.in_school(school)
        .filter(campaign__in=(campaign - 1, campaign), nature=ContributionNature.TAXE, received_date__isnull=False)
        .exclude(use="")
        .order_by("-campaign", "-amount", "pk")
        .values_list("use", flat=True)[:200]
    )
    return [one_line(use) for use in dict.fromkeys(rows)][:MOST_USES]


def one_line(text: str) -> str:
    """Someone's words in the middle of a sentence: one line, without a full stop, the first letter small if it is a word."""
    text = " ".join(text.split()).rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def partner_values(partner: Partner, contact: Contact | None) -> dict[str, str]:
    """The words of one partner."""
    name = contact.full_name if contact else ""
    return {"bonjour": f"Bonjour {name}," if name else "Bonjour,", "entreprise": partner.name}


def thanks_values(rows: Iterable[Contribution]) -> dict[str, str]:
    """What was received of one partner for one campaign: the taxe and the gifts each apart (R-TA-06)."""
    rows = list(rows)
    parts = []
    taxe = campaigns.total(row for row in rows if row.nature == ContributionNature.TAXE)
    if taxe:
        parts.append(f"{french.euros(taxe)} de taxe d’apprentissage")
    money = campaigns.total(row for row in rows if row.nature == ContributionNature.GIFT_MONEY)
    if money:
        parts.append(f"un don de {french.euros(money)}")
    if any(row.nature == ContributionNature.GIFT_KIND for row in rows):
        parts.append("un don en nature")
    uses = dict.fromkeys(one_line(row.use) for row in rows if row.use.strip())
    return {"montant": " et ".join(parts), "emploi": ", ".join(uses)}


def subject_line(text: str, values: Mapping[str, str]) -> str:
    """The subject on one line."""
    return " ".join(filled(text, values).replace(NO_BREAK, " ").split())[:200]


# ---------------------------------------------------------------------------------------------------------- jobs' bodies


def send_requests(mailing: Mailing, approach_ids: list[int]) -> jobs.Result:
    """One message to each partner of a follow-up list; called again after a crash, it sends nothing twice."""
    rows = list(
        TaxApproach.objects.in_school(mailing.school_id)
        .filter(pk__in=approach_ids)
        .select_related("partner", "contact")
        .order_by("pk")
    )
    common = common_values(mailing.school, rows[0].campaign) if rows else {}
    refused = refused_addresses(mailing.school)
    letters = []
    for row in rows:
        address, _ = address_of(row.partner, row.contact, refused)
        if address:
            letters.append(
                (
                    message_key(mailing, row.partner, row.campaign),
                    address,
                    common | partner_values(row.partner, row.contact),
                )
            )
    return _send(mailing, letters)


def send_thanks(mailing: Mailing, contribution_ids: list[int]) -> jobs.Result:
    """One message of thanks to each partner, for what was received of it; idempotent as `send_requests`."""
    grouped = campaigns.gifts_of(mailing.school, contribution_ids)
    contacts = contacts_to_ask(mailing.school, {partner for partner, _ in grouped})
    common = {campaign: common_values(mailing.school, campaign) for campaign in {year for _, year in grouped}}
    refused = refused_addresses(mailing.school)
    letters = []
    for (partner_id, campaign), gifts in grouped.items():
        partner, contact = gifts[0].partner, contacts.get(partner_id)
        address, _ = address_of(partner, contact, refused)
        if address:
            values = common[campaign] | partner_values(partner, contact) | thanks_values(gifts)
            letters.append((message_key(mailing, partner, campaign), address, values))
    return _send(mailing, letters)


def _send(mailing: Mailing, letters: list[tuple[str, str, dict[str, str]]]) -> jobs.Result:
    for start in range(0, len(letters), AT_ONCE):
        jobs.progress(start, len(letters), "Les messages partent un à un.")
        with transaction.atomic():
            for key, address, values in letters[start : start + AT_ONCE]:
                mail.send_later(
                    to=address,
                    subject=subject_line(mailing.subject, values),
                    body=filled(mailing.body, values),
                    key=key,
                    scope=mailing.school.uai,
                    reply_to=mailing.created_by.email if mailing.created_by else mailing.school.email,
                )
    return jobs.Result(f"{french.plural(len(letters), 'message écrit', 'messages écrits')}.")
