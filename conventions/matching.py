"""Which of a lycée's partners are of a frame's own network, by name: « UIMM Picardie » for the UIMM, « Garage Renault » for Renault.

A name is looked for as whole words in the partner's name or brand; nothing else is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conventions.comparing import plain
from conventions.models import Frame
from partners import doubles
from partners.enums import PartnerType
from partners.models import Partner
from schools.lookups import close_to
from schools.models import School

MOST = 6
INITIALS = re.compile(r"\b[A-ZÉÈ]{3,}\b")
BECAME = re.compile(r"\bdevenue?s?\b", re.IGNORECASE)
NOT_A_NAME = frozenset(
    {"france", "association", "ministere", "national", "nationale", "federation", "groupe", "opco", "btp", "pme"}
)


def names_of(partner_name: str, acronym: str) -> list[str]:
    """The comparable names under which a frame's partner is known: its own, its initials, and those it took since."""
    parts: list[str] = []
    for text in (acronym, partner_name):
        for part in re.split(r"[(),;/]|\s-\s", BECAME.sub(",", text)):
            parts.append(part)
            parts += INITIALS.findall(part)
        if text == partner_name and " et " in text:
            pair = text.split(" et ")
            parts += [half for half in pair if all(len(other.split()) > 1 for other in pair)]
    found = dict.fromkeys(plain(part) for part in parts)
    return [name for name in found if len(name) >= 3 and not name.isdigit() and name not in NOT_A_NAME]


@dataclass(frozen=True)
class Known:
    """A partner of the lycée, as little of it as a line shows."""

    public_id: str
    name: str


class Index:
    """The names of the catalogue, ready to be found in those of many partners: one pass over them, whatever the catalogue."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._by_first: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for frame in frames:
            for name in names_of(frame.partner_name, frame.acronym):
                self._by_first[name.split()[0]].append((f" {name} ", frame.pk))

    def found_in(self, *texts: str) -> set[int]:
        """The keys of the frames whose name stands in one of these texts."""
        keys: set[int] = set()
        for text in texts:
            words = plain(text)
            padded = f" {words} "
            for word in words.split():
                keys.update(key for name, key in self._by_first.get(word, ()) if name in padded)
        return keys


def network_of(school: School, frames: Sequence[Frame]) -> Mapping[int, list[Known]]:
    """Frame's key → the school's partners that bear its name; one query for all."""
    index = Index(frames)
    found: dict[int, list[Known]] = defaultdict(list)
    rows = (
        Partner.objects.in_school(school)
        .in_use()
        .order_by("search_text", "pk")
        .values_list("public_id", "name", "brand")
    )
    for public_id, name, brand in rows:
        for key in index.found_in(name, brand):
            found[key].append(Known(str(public_id), name))
    return found


def candidates(school: School, frame: Frame) -> list[tuple[Partner, str]]:
    """The school's partners that a frame may be declined with, the likeliest first, each with why."""
    found: dict[int, tuple[Partner, str]] = {}
    partners = Partner.objects.in_school(school).in_use().select_related("school")
    ids = [known.public_id for known in network_of(school, [frame]).get(frame.pk, [])[:MOST]]
    named = {str(partner.public_id): partner for partner in partners.filter(public_id__in=ids)}
    for public_id in ids:
        partner = named[public_id]
        found[partner.pk] = (partner, "porte ce nom")
    if len(found) < MOST:
        typed = Partner(name=frame.partner_name, brand=frame.acronym)
        for one in doubles.candidates(school, typed, limit=MOST):
            found.setdefault(one.partner.pk, (one.partner, one.likeness.reason))
    if not found:
        for partner in close_to(partners, frame.acronym or frame.partner_name):
            found.setdefault(partner.pk, (partner, "nom proche"))
    return list(found.values())[:MOST]


def type_of(words: str) -> PartnerType:
    """The kind of partner that a frame's own words name."""
    text = plain(words)
    for stem, kind in TYPES:
        if re.search(stem, text):
            return kind
    return PartnerType.OTHER


TYPES = (
    (r"\bassociation d elus|collectivite", PartnerType.LOCAL_AUTHORITY),
    (r"\bassociation|fondation", PartnerType.ASSOCIATION),
    (r"\bbranche|filiere", PartnerType.BRANCH),
    (r"\boperateur de competences|opco", PartnerType.OPCO),
    (r"\bconsulaire", PartnerType.CHAMBER),
    (r"\bservice public de l emploi", PartnerType.FRANCE_TRAVAIL),
    (r"\borganisation", PartnerType.PROFESSIONAL_BODY),
    (r"\bministere|etablissement public|service public", PartnerType.ADMINISTRATION),
    (r"\bentreprise|mutuelle|banque", PartnerType.COMPANY),
)
