"""Which companies are probably one and the same: by SIRET, then by name and place, then by telephone or domain (product.md, 7).

Pure: cards in, likenesses out. What a likeness is worth: `certain` when the register's number or both name and place say
so; anything else is a doubt that someone settles. Two SIRET of one SIREN are two sites of a company, and no doubles.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from core.siret import is_siret
from core.text import digits, searchable

LEGAL_FORMS = frozenset({
    "asso", "assoc", "association", "earl", "ei", "eirl", "eirls", "ent", "entreprise", "entreprises",
    "etablissement", "etablissements", "ets", "eurl", "gaec", "gie", "micro", "sa", "sarl", "sarlu", "sas",
    "sasu", "sca", "scea", "sci", "scic", "scm", "scop", "scp", "scs", "selarl", "selas", "selasu", "snc", "soc",
    "societe", "ste",
})  # fmt: skip
LINKS = frozenset({
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "m", "madame", "mlle", "mme",
    "monsieur", "mr", "sur",
})  # fmt: skip
KIN = frozenset({
    "associe", "associes", "cie", "compagnie", "fille", "filles", "fils", "frere", "freres", "groupe", "holding",
    "pere", "soeur", "soeurs",
})  # fmt: skip
SHORT_FOR = {
    "st": "saint",
    "ste": "sainte",
    "gge": "garage",
    "boul": "boulangerie",
    "elec": "electricite",
    "rest": "restaurant",
}
TRADES = frozenset({
    "agence", "ambulances", "atelier", "auto", "automobile", "automobiles", "bar", "batiment", "beaute",
    "boucherie", "boulangerie", "brasserie", "bureau", "cabinet", "cafe", "camping", "carrelage", "carrosserie",
    "centre", "chantier", "charcuterie", "charpente", "chauffage", "clinique", "coiffure", "college",
    "communaute", "commune", "construction", "constructions", "couverture", "creche", "cuisine", "cuisines",
    "departement", "distribution", "ecole", "elagage", "electricite", "epicerie", "espace", "espaces",
    "exploitation", "ferme", "fleuriste", "fleurs", "france", "garage", "hopital", "hotel", "imprimerie",
    "informatique", "institut", "isolation", "jardin", "jardins", "laboratoire", "lycee", "maconnerie", "mairie",
    "maison", "marche", "mecanique", "menuiserie", "metallerie", "optique", "patisserie", "paysage", "paysages",
    "peinture", "pharmacie", "photo", "pizzeria", "plomberie", "poissonnerie", "pressing", "primeurs", "region",
    "residence", "restaurant", "restauration", "salon", "sanitaire", "serrurerie", "service", "services", "snack",
    "sport", "supermarche", "syndicat", "tabac", "taxi", "toiture", "traiteur", "transport", "transports",
    "travaux", "vert", "verts", "ville",
})  # fmt: skip
"""Words that say what a company does and not which one it is."""

FREE_MAIL = frozenset({
    "aliceadsl.fr", "aol.com", "aol.fr", "bbox.fr", "business.site", "cegetel.net",
    "club-internet.fr", "dbmail.com", "education.gouv.fr", "facebook.com", "fr-fr.facebook.com", "free.fr",
    "gmail.com", "gmx.com", "gmx.fr", "googlemail.com", "hotmail.com", "hotmail.fr", "icloud.com",
    "instagram.com", "jimdofree.com", "laposte.net", "linkedin.com", "linktr.ee", "live.com", "live.fr",
    "mac.com", "me.com", "msn.com", "neuf.fr", "numericable.fr", "orange.fr", "outlook.com", "outlook.fr",
    "pagesjaunes.fr", "pm.me", "proton.me", "protonmail.com", "sfr.fr", "sites.google.com", "voila.fr",
    "wanadoo.fr", "wixsite.com", "wordpress.com", "yahoo.com", "yahoo.fr",
})  # fmt: skip
"""Hosts that many companies share: mail for all, social pages, site builders. They tell nothing."""

NEAR = 88
"""Per cent of letters in common from which two names are near."""
WORTH_COMPARING = 80
"""Below it nothing is compared further; it lets one letter of five differ."""
TWO_NUMBERS, LEAST = 40, 30
"""What two SIRET take off, and below which score nothing is said: two registered companies may share a telephone."""
CROWD = 8
"""A telephone or a domain on more cards than this is a switchboard's or a chain's: it tells nothing."""
COMMON_WORD = 60
"""Likewise for a word of the name among the companies of one place."""

ACADEMY = re.compile(r"^ac-[a-z-]+\.fr$")
HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?([^/:?#]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Card:
    """What is known of a company to tell whether it is another one. `key` names it for the caller; made by `card`."""

    key: Hashable
    name: str
    brand: str = ""
    siret: str = ""
    postal_code: str = ""
    city: str = ""
    phones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """Why two cards may be one company, in a few French words, and how sure that is."""

    reason: str
    certain: bool
    score: int


def card(
    key: Hashable,
    *,
    name: str,
    brand: str = "",
    siret: str = "",
    postal_code: str = "",
    city: str = "",
    phones: Iterable[str] = (),
    addresses: Iterable[str] = (),
) -> Card:
    """A card from values as people write them; `addresses` are e-mail and web addresses alike."""
    return Card(
        key,
        name=name,
        brand=brand,
        siret=digits(siret),
        postal_code=digits(postal_code),
        city=city,
        phones=frozenset(number for phone in phones if (number := phone_key(phone))),
        domains=frozenset(domain for address in addresses if (domain := domain_of(address))),
    )


def phone_key(phone: str) -> str:
    """`"+33 (0)3 23 00 00 00"` and `"03.23.00.00.00"` → `"0323000000"`; "" for what is too short to be a number."""
    number = digits(phone)
    if number.startswith("00"):
        number = number[2:]
    if number.startswith("33") and len(number) >= 11:
        number = "0" + number[2:].lstrip("0")
    return number if len(number) >= 9 and len(set(number)) > 2 else ""


def domain_of(address: str) -> str:
    """`"contact@garage-dupont.fr"`, `"https://www.garage-dupont.fr/nous"` → `"garage-dupont.fr"`; "" for shared hosts."""
    found = HOST.match(address.strip().lower())
    host = found[1].removeprefix("www.").strip(".") if found else ""
    if "." not in host or " " in host or host in FREE_MAIL or ACADEMY.match(host):
        return ""
    return "" if host.split(".", 1)[1] in FREE_MAIL else host


def compare(a: Card, b: Card) -> Likeness | None:
    """Why these two may be one company, None when nothing says so. The order of the two does not matter."""
    if a.key == b.key:
        return None
    first, second = a.siret if _tells(a.siret) else "", b.siret if _tells(b.siret) else ""
    if first and first == second:
        return Likeness("même SIRET", True, 100)
    if first and second and first[:9] == second[:9]:
        return None  # two sites of one company
    found = _by_name(a, b) or _by_address(a, b)
    if found and first and second:
        doubt = found.score - TWO_NUMBERS
        return Likeness(f"{found.reason}, mais des SIRET différents", False, doubt) if doubt >= LEAST else None
    return found


def _tells(siret: str) -> bool:
    """A number that names an establishment, and not 14 zeros."""
    return is_siret(siret) and len(set(siret)) > 1


# ------------------------------------------------------------------------------------------------ names
@dataclass(frozen=True)
class _Name:
    """A name as it is compared: its words less legal forms and links."""

    words: tuple[str, ...]

    @cached_property
    def core(self) -> tuple[str, ...]:
        """Less « et fils »."""
        return tuple(word for word in self.words if word not in KIN) or self.words

    @cached_property
    def written(self) -> str:
        return "".join(self.core)

    @cached_property
    def sorted(self) -> str:
        return "".join(sorted(self.core))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """« Atelier 2 », « Halle B »: what tells one from the next."""
        return frozenset(word for word in self.core if len(word) == 1 or any(letter.isdigit() for letter in word))

    @cached_property
    def forms(self) -> frozenset[str]:
        """What near names are looked up by."""
        return frozenset({self.written, self.sorted})


@lru_cache(maxsize=20_000)
def _name(text: str) -> _Name:
    words: list[str] = []
    initials = ""
    for word in [*searchable(text).split(), ""]:
        if len(word) == 1 and word.isalpha():
            initials += word  # « S.A.R.L. »
            continue
        if initials:
            words.append(initials)
            initials = ""
        if word:
            words.append(word)
    kept = [word for word in words if word not in LEGAL_FORMS and word not in LINKS] or words
    return _Name(tuple(SHORT_FOR.get(word, word) for word in kept))


@lru_cache(maxsize=20_000)
def _town(city: str) -> str:
    """« SAINT-QUENTIN CEDEX 2 » → `"saint quentin"`."""
    words = searchable(city).split()
    if "cedex" in words:
        words = words[: words.index("cedex")]
    return " ".join(SHORT_FOR.get(word, word) for word in words)


@lru_cache(maxsize=20_000)
def _names(name: str, brand: str) -> tuple[_Name, ...]:
    return tuple(dict.fromkeys(made for text in (name, brand) if (made := _name(text)).words))


def _telling(name: _Name, *towns: str) -> frozenset[str]:
    """The words that say which company it is: neither its trade nor its town."""
    places = {word for town in towns for word in town.split()}
    return frozenset(
        word
        for word in name.core
        if len(word) > 2 and not TRADES & {word, word.removesuffix("s")} and word not in places
    )


def _place(a: Card, b: Card) -> str | None:
    """« même code postal » or « même commune », "" for two places, None when one of them is not known."""
    town, other = _town(a.city), _town(b.city)
    if a.postal_code and b.postal_code:
        if a.postal_code == b.postal_code:
            return "même code postal"
        cedex = "cedex" in a.city.lower() or "cedex" in b.city.lower()
        return "même commune" if cedex and town and town == other and a.postal_code[:2] == b.postal_code[:2] else ""
    if town and other:
        return "même commune" if town == other else ""
    return None


def _by_name(a: Card, b: Card) -> Likeness | None:
    place = _place(a, b)
    if place == "":
        return None
    best: Likeness | None = None
    towns = (_town(a.city), _town(b.city))
    for one in _names(a.name, a.brand):
        for other in _names(b.name, b.brand):
            found = _near(one, other, place, towns)
            if found and (best is None or _rank(found) > _rank(best)):
                best = found
    return best


def _rank(likeness: Likeness) -> tuple[bool, int, str]:
    return likeness.certain, likeness.score, likeness.reason


def _near(a: _Name, b: _Name, place: str | None, towns: Sequence[str]) -> Likeness | None:
    """How near two names are, knowing that the place is the same, or (None) unknown."""
    if a.numbers != b.numbers:
        return None
    where = f", {place}" if place else ", lieu non précisé"
    away = 0 if place else 15
    telling, others = _telling(a, *towns), _telling(b, *towns)
    if a.forms & b.forms:
        same = "".join(sorted(a.words)) == "".join(sorted(b.words))
        if not (telling and others):  # « Boulangerie », « Mairie de Laon »
            return Likeness(f"même nom{where}", False, 75 - away)
        return Likeness(f"même nom{where}", same and place is not None, (95 if same else 90) - away)
    # Words of both say nothing on their difference: what remains is compared.
    rest, other_rest = telling - others, others - telling
    left, right = "".join(sorted(rest)), "".join(sorted(other_rest))
    length = min(len(a.written), len(b.written))
    letters = min(Levenshtein.distance(a.written, b.written), Levenshtein.distance(a.sorted, b.sorted))
    if letters == 1 and length >= 5 and (not left or not right or min(len(left), len(right)) >= 4):
        return Likeness(f"même nom à une lettre près{where}", False, 88 - away)
    if place is None:
        return None
    near = max(fuzz.ratio(a.written, b.written), fuzz.ratio(a.sorted, b.sorted))
    if near >= NEAR and left and right and fuzz.ratio(left, right) >= WORTH_COMPARING:
        return Likeness(f"noms très proches{where}", False, 80)
    shorter, longer = sorted((frozenset(a.core), frozenset(b.core)), key=len)
    if shorter < longer and any(len(word) >= 4 for word in telling & others):
        return Likeness(f"un nom contient l’autre{where}", False, 70)
    return None


# ------------------------------------------------------------------------------------------------ telephone, domain
def _by_address(a: Card, b: Card) -> Likeness | None:
    phone = bool(a.phones & b.phones)
    domain = bool(a.domains & b.domains)
    if not phone and not domain:
        return None
    names = [
        max(fuzz.ratio(one.written, other.written), fuzz.ratio(one.sorted, other.sorted))
        for one in _names(a.name, a.brand)
        for other in _names(b.name, b.brand)
    ]
    near = bool(names) and max(names) >= WORTH_COMPARING
    place = _place(a, b)
    if phone:
        reason = (
            "même téléphone" + (" et même site ou messagerie" if domain else "") + (", noms proches" if near else "")
        )
        return Likeness(reason, False, 60 + 10 * domain + 15 * near - 10 * (place == ""))
    if place == "":
        return None  # a chain has one site for all its shops
    reason = "même site internet ou même messagerie" + (", noms proches" if near else "")
    return Likeness(reason, False, 50 + 15 * near + 5 * (place is not None))


# ------------------------------------------------------------------------------------------------ many at once
class Index:
    """Cards of a school, ready to be asked which of them a card resembles. The order of the cards does not matter."""

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._cards: dict[Hashable, Card] = {}
        self._by: dict[tuple[str, ...], dict[Hashable, None]] = defaultdict(dict)
        self._forms: dict[tuple[str, ...], dict[str, dict[Hashable, None]]] = defaultdict(lambda: defaultdict(dict))
        for one in cards:
            self.add(one)

    def __len__(self) -> int:
        return len(self._cards)

    def add(self, new: Card) -> None:
        """One more card; a key already known is replaced."""
        if new.key in self._cards:
            self._forget(self._cards[new.key])
        self._cards[new.key] = new
        for handle in _handles(new):
            self._by[handle][new.key] = None
        for block, forms in _blocks(new):
            for form in forms:
                self._forms[block][form][new.key] = None

    def _forget(self, old: Card) -> None:
        for handle in _handles(old):
            self._by[handle].pop(old.key, None)
        for block, forms in _blocks(old):
            for form in forms:
                self._forms[block][form].pop(old.key, None)
                if not self._forms[block][form]:
                    del self._forms[block][form]

    def find(self, wanted: Card, limit: int = 5) -> list[tuple[Hashable, Likeness]]:
        """The cards that this one resembles, the surest first; never the card of its own key."""
        found = [
            (key, likeness)
            for key in self._candidates(wanted)
            if key != wanted.key and (likeness := compare(wanted, self._cards[key]))
        ]
        found.sort(key=lambda pair: (not pair[1].certain, -pair[1].score, str(pair[0])))
        return found[:limit]

    def pairs(self) -> list[tuple[Hashable, Hashable, Likeness]]:
        """Every two cards that resemble each other, the surest first, each pair once."""
        found = [
            (a, b, likeness)
            for a, b in self._candidate_pairs()
            if (likeness := compare(self._cards[a], self._cards[b]))
        ]
        found.sort(key=lambda pair: (not pair[2].certain, -pair[2].score, str(pair[0]), str(pair[1])))
        return found

    def _candidates(self, wanted: Card) -> set[Hashable]:
        found: set[Hashable] = set()
        for handle in _handles(wanted):
            holders = self._by.get(handle, {})
            if len(holders) <= _most(handle):
                found.update(holders)
        for block, forms in _lookups(wanted):
            known = self._forms.get(block)
            if not known:
                continue
            choices = list(known)
            for form in forms:
                for near, _, _ in process.extract(
                    form, choices, scorer=fuzz.ratio, score_cutoff=WORTH_COMPARING, limit=None
                ):
                    found.update(known[near])
        return found

    def _candidate_pairs(self) -> Iterator[tuple[Hashable, Hashable]]:
        seen: set[tuple[Hashable, Hashable]] = set()
        rank = {key: place for place, key in enumerate(sorted(self._cards, key=str))}

        def new(keys: Iterable[tuple[Hashable, Hashable]]) -> Iterator[tuple[Hashable, Hashable]]:
            for a, b in keys:
                pair = (a, b) if rank[a] < rank[b] else (b, a)
                if a != b and pair not in seen:
                    seen.add(pair)
                    yield pair

        for handle, holders in self._by.items():
            if 1 < len(holders) <= _most(handle):
                yield from new(combinations(holders, 2))
        for block, known in self._forms.items():
            yield from new(self._near_in_block(block, known))

    def _near_in_block(
        self, block: tuple[str, ...], known: dict[str, dict[Hashable, None]]
    ) -> Iterator[tuple[Hashable, Hashable]]:
        """Pairs of a block whose names have most letters in common; those without a place, against all of their kind."""
        if block[0] == "all":
            asked = self._forms.get(("nowhere", *block[1:]), {})
        elif block[0] == "nowhere":
            return
        else:
            asked = known
        choices = list(known)
        for position, form in enumerate(asked):
            others = choices if asked is not known else choices[position:]
            for near, _, _ in process.extract(
                form, others, scorer=fuzz.ratio, score_cutoff=WORTH_COMPARING, limit=None
            ):
                for a in asked[form]:
                    for b in known[near]:
                        yield a, b


def _most(handle: tuple[str, ...]) -> int:
    """How many cards may share a handle before it tells nothing."""
    return {"siret": 1_000_000, "word": COMMON_WORD}.get(handle[0], CROWD)


def _handles(one: Card) -> Iterator[tuple[str, ...]]:
    """What leads straight to cards that may be the same: SIRET, telephone, domain, a telling word in the same place."""
    if _tells(one.siret):
        yield "siret", one.siret
    for phone in one.phones:
        yield "phone", phone
    for domain in one.domains:
        yield "domain", domain
    town = _town(one.city)
    for name in _names(one.name, one.brand):
        for word in _telling(name, town):
            if len(word) >= 4:
                for kind, place in _places(one):
                    yield "word", kind, place, word


def _places(one: Card) -> Iterator[tuple[str, str]]:
    if one.postal_code:
        yield "code", one.postal_code
    if town := _town(one.city):
        yield "town", town


def _blocks(one: Card) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Where a card's names are kept: by place and by the numbers in the name, and for those without a place among all."""
    for name in _names(one.name, one.brand):
        numbers = tuple(sorted(name.numbers))
        for place in _places(one):
            yield ("place", *place, *numbers), name.forms
        yield ("all", *numbers), name.forms
        if not (one.postal_code and _town(one.city)):
            yield ("nowhere", *numbers), name.forms


def _lookups(wanted: Card) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Where names near this card's are looked for."""
    for name in _names(wanted.name, wanted.brand):
        numbers = tuple(sorted(name.numbers))
        for place in _places(wanted):
            yield ("place", *place, *numbers), name.forms
        yield ("nowhere" if wanted.postal_code and _town(wanted.city) else "all", *numbers), name.forms
