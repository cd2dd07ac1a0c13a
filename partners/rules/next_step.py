"""What to propose to a partner that has gone quiet, from what the relation was. No clock, no database."""

from dataclasses import dataclass
from datetime import date

from core.typography import MONTHS


@dataclass(frozen=True)
class Hosted:
    """Pupils of a formation taken in PFMP, the latest formation first. `key` tells formations apart."""

    key: str
    formation: str
    pupils: int
    last_year: int


@dataclass(frozen=True)
class Departure:
    """A PFMP to come."""

    key: str
    class_code: str
    start: date


@dataclass(frozen=True)
class Facts:
    """What is known of the relation. Dates are the last of their kind."""

    hosted: tuple[Hosted, ...] = ()
    departures: tuple[Departure, ...] = ()
    expected: date | None = None  # the next pupil who is to come
    agreement_in_force: bool = False
    agreement_end: date | None = None
    taxe_campaign: int | None = None
    offer: date | None = None
    action: date | None = None
    exchange: date | None = None
    closed: date | None = None
    avoided_since: date | None = None
    forum: str = ""  # the next one, to which one can still invite
    campaign: int = 0  # the taxe campaign that opens or is open


@dataclass(frozen=True)
class Step:
    """A next step, in the words of a reminder. `is_call`: False when nobody is to be called."""

    text: str
    is_call: bool = True


def next_step(facts: Facts) -> Step:
    """The first step that the facts call for: what was the strongest bond is taken up again first.

    A closed establishment or one to avoid is not called. Then: pupils hosted, agreement, taxe, offers, actions, a talk.
    """
    if facts.closed:
        return Step(f"Archiver : l’établissement est fermé depuis le {facts.closed:%d/%m/%Y}", is_call=False)
    if facts.avoided_since:
        return Step(f"Ne pas solliciter : à éviter depuis le {facts.avoided_since:%d/%m/%Y}", is_call=False)
    if facts.expected:
        return Step(f"Confirmer l’accueil de l’élève attendu le {facts.expected:%d/%m/%Y}")
    if facts.hosted:
        return Step(_ask_for_places(facts))
    if facts.agreement_in_force:
        return Step("Fixer le bilan annuel de la convention")
    if facts.agreement_end:
        return Step(f"Proposer de renouveler la convention, finie en {facts.agreement_end.year}")
    if facts.taxe_campaign:
        return Step(f"Solliciter pour la campagne de taxe {facts.campaign}")
    if facts.offer:
        return Step("Demander s’ils recrutent de nouveau")
    if facts.forum and (facts.action or facts.exchange):
        return Step(f"Inviter à « {facts.forum} »")
    if facts.action:
        return Step("Proposer une nouvelle action ensemble")
    if facts.exchange:
        return Step("Reprendre contact et inviter au prochain forum")
    return Step("Prendre contact : rien n’est noté avec ce partenaire")


def _ask_for_places(facts: Facts) -> str:
    """Places for the next PFMP of a formation that they know, the latest one first."""
    for hosted in facts.hosted:
        coming = min(
            (one for one in facts.departures if one.key == hosted.key), key=lambda one: one.start, default=None
        )
        if coming:
            month = f"{MONTHS[coming.start.month - 1]} {coming.start.year}"
            of = "d’" if month[0] in "ao" else "de "
            return f"Demander des places pour la PFMP {of}{month} ({coming.class_code})"
    return f"Demander des places pour la prochaine PFMP : {facts.hosted[0].formation}"


def relation(facts: Facts) -> list[str]:
    """What the relation was, the strongest bond first: short phrases."""
    said = [
        f"{one.pupils} élève{'s' if one.pupils > 1 else ''} de {one.formation} jusqu’en {one.last_year}"
        for one in facts.hosted
    ]
    if facts.agreement_in_force:
        said.append("convention en vigueur")
    elif facts.agreement_end:
        said.append(f"convention finie en {facts.agreement_end.year}")
    if facts.taxe_campaign:
        said.append(f"taxe {facts.taxe_campaign}")
    if facts.offer:
        said.append(f"offre en {facts.offer.year}")
    if facts.action:
        said.append(f"action en {facts.action.year}")
    if facts.exchange and not said:
        said.append(f"échanges jusqu’en {facts.exchange.year}")
    return said
