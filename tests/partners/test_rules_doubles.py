"""Which companies are probably one: the pure rule, both sides of each threshold, then properties."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.siret import is_siret
from partners.rules import doubles
from partners.rules.doubles import Card, Index, Likeness, card, compare


def with_key(siren: int, site: int) -> str:
    """A SIRET whose Luhn key is right."""
    stem = f"{siren:09}{site:04}"
    return next(stem + key for key in "0123456789" if is_siret(stem + key))


ONE, OTHER_SITE, ANOTHER = with_key(123456789, 1), with_key(123456789, 2), with_key(987654321, 1)


def laon(key: int, name: str, **more: object) -> Card:
    return card(key, name=name, postal_code="02000", city="Laon", **more)  # type: ignore[arg-type]


def test_the_same_siret_is_certain_whatever_the_names_say() -> None:
    found = compare(laon(1, "Garage Petit", siret=ONE), card(2, name="Autre chose", siret=ONE, postal_code="75001"))
    assert found == Likeness("même SIRET", True, 100)


def test_two_sites_of_one_company_are_no_doubles_even_with_one_name_and_one_phone() -> None:
    here = laon(1, "Garage Petit", siret=ONE, phones=["0323000102"])
    assert compare(here, laon(2, "Garage Petit", siret=OTHER_SITE, phones=["0323000102"])) is None


def test_two_companies_of_the_register_are_doubles_only_in_doubt() -> None:
    found = compare(laon(1, "Garage Petit", siret=ONE), laon(2, "Garage Petit", siret=ANOTHER))
    assert found and not found.certain and "SIRET différents" in found.reason


def test_two_companies_of_the_register_may_share_a_telephone() -> None:
    assert (
        compare(
            laon(1, "Alpha", siret=ONE, phones=["0323000102"]), laon(2, "Oméga", siret=ANOTHER, phones=["0323000102"])
        )
        is None
    )
    named = laon(2, "Alphas", siret=ANOTHER, phones=["0323000102"])
    assert compare(laon(1, "Alpha", siret=ONE, phones=["0323000102"]), named)


@pytest.mark.parametrize("nothing", ["00000000000000", "1234", "12345678901234"])
def test_a_number_that_is_no_siret_tells_nothing(nothing: str) -> None:
    assert compare(card(1, name="Alpha", siret=nothing), card(2, name="Bêta", siret=nothing)) is None


@pytest.mark.parametrize(
    ("one", "other", "reason", "certain"),
    [
        ("Garage Petit", "SARL GARAGE PETIT", "même nom, même code postal", True),
        ("S.A.R.L. Garage Petit", "garage petit", "même nom, même code postal", True),
        ("Ets. Lefèvre", "LEFEVRE", "même nom, même code postal", True),
        ("Menuiserie Boisclair & Fils", "Menuiserie Boisclair", "même nom, même code postal", False),
        ("Petit Garage", "Garage Petit", "même nom, même code postal", True),
        ("Hôtel St-Martin", "Hotel Saint Martin", "même nom, même code postal", True),
        ("Énergies Soleil-Haut", "Energie Soleil Haut", "même nom à une lettre près, même code postal", False),
        ("Boulangerie Marchandise", "Boulangerie Marchandisse", "même nom à une lettre près, même code postal", False),
        ("Ateliers Charpentier Normand", "Atelier Charpentiers Normands", "noms très proches, même code postal", False),
        ("Duvivier", "Transports Duvivier", "un nom contient l’autre, même code postal", False),
        ("Mairie de Laon", "Mairie", "un nom contient l’autre", None),
        ("Mairie de Laon", "MAIRIE DE LAON", "même nom, même code postal", False),
    ],
)
def test_near_names_in_one_place(one: str, other: str, reason: str, certain: bool | None) -> None:
    found = compare(laon(1, one), laon(2, other))
    if certain is None:
        assert found is None  # neither word tells which company it is
    else:
        assert found is not None and found.reason == reason and found.certain is certain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Boulangerie Martin", "Boulangerie Marchand"),
        ("Garage Petit", "Garage Perrin"),
        ("Atelier 1", "Atelier 2"),
        ("Entreprise 101", "Entreprise 102"),
        ("Halle A", "Halle B"),
        ("Restaurant", "Restaurant Le Nord"),
        ("AXA", "ADA"),
        ("", ""),
        ("🏭", "🏗"),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert compare(laon(1, one), laon(2, other)) is None


def test_one_name_in_two_towns_is_two_companies_and_an_unknown_place_is_a_doubt() -> None:
    here = laon(1, "Boisclair")
    assert compare(here, card(2, name="Boisclair", postal_code="80000", city="Amiens")) is None
    found = compare(here, card(3, name="Boisclair"))
    assert found == Likeness("même nom, lieu non précisé", False, 80)
    cedex = compare(here, card(4, name="Boisclair", postal_code="02011", city="LAON CEDEX"))
    assert cedex and cedex.reason == "même nom, même commune"
    paris = compare(
        card(5, name="Boisclair", postal_code="75001", city="Paris"),
        card(6, name="Boisclair", postal_code="75015", city="Paris"),
    )
    assert paris is None


def test_a_brand_counts_as_a_name() -> None:
    found = compare(laon(1, "SAS Distrinord", brand="Au Bon Coin du Bois"), laon(2, "Au bon coin du bois"))
    assert found and found.reason.startswith("même nom")


def test_one_telephone_however_it_is_written() -> None:
    found = compare(laon(1, "Alpha", phones=["+33 (0)3 23 00 01 02"]), laon(2, "Oméga", phones=["03.23.00.01.02"]))
    assert found == Likeness("même téléphone", False, 60)
    assert compare(laon(1, "Alpha", phones=["0000000000"]), laon(2, "Oméga", phones=["0000000000"])) is None


def test_one_domain_unless_many_share_it_or_the_shops_are_far_apart() -> None:
    mail = laon(1, "Alpha", addresses=["Contact@Boisclair.fr"])
    assert compare(mail, laon(2, "Oméga", addresses=["https://www.boisclair.fr/nous?x=1"]))
    assert compare(mail, card(3, name="Oméga", postal_code="80000", addresses=["boisclair.fr"])) is None
    for shared in ("a@gmail.com", "a@ac-lille.fr", "https://alpha.wixsite.com/site", "n’importe quoi", "@"):
        assert not card(1, name="", addresses=[shared]).domains


def test_a_switchboard_that_many_companies_share_tells_nothing() -> None:
    words = ["rouge", "bleu", "marron", "jaune", "orange", "violet", "rose", "gris", "noir"]
    assert len(words) > doubles.CROWD
    crowd = [laon(at, word, phones=["0323000102"]) for at, word in enumerate(words)]
    assert Index(crowd).pairs() == []
    assert len(Index(crowd[:3]).pairs()) == 3


WORDS = st.lists(
    st.sampled_from(
        [
            "Garage",
            "Boulangerie",
            "SARL",
            "Ets",
            "Petit",
            "Petti",
            "Martin",
            "Marin",
            "Boisclair",
            "Énergies",
            "Soleil",
            "et",
            "fils",
            "St",
            "Saint",
            "1",
            "2",
            "B",
            "de",
        ]
    ),
    max_size=4,
).map(" ".join)
CARDS = st.lists(
    st.builds(
        lambda name, brand, siret, postal_code, city, phones, addresses: locals(),
        WORDS | st.text(max_size=12),
        st.just("") | WORDS,
        st.sampled_from(["", ONE, OTHER_SITE, ANOTHER, "123"]),
        st.sampled_from(["", "02000", "02011", "80000"]),
        st.sampled_from(["", "Laon", "LAON CEDEX", "Amiens"]),
        st.lists(st.sampled_from(["0323000102", "0323000103"]), max_size=1),
        st.lists(st.sampled_from(["a@boisclair.fr", "www.soleil.fr", "b@gmail.com"]), max_size=1),
    ),
    min_size=2,
    max_size=12,
).map(lambda found: [card(key, **values) for key, values in enumerate(found)])


@given(CARDS)
def test_likeness_is_symmetric_and_never_of_a_card_with_itself(cards: list[Card]) -> None:
    for a in cards:
        assert compare(a, a) is None
        for b in cards:
            found = compare(a, b)
            assert found == compare(b, a)
            if a.key != b.key and a.siret and a.siret == b.siret and is_siret(a.siret):
                assert found is not None and found.certain
            if found and is_siret(a.siret) and is_siret(b.siret) and a.siret[:9] != b.siret[:9]:
                assert not found.certain


@given(CARDS, st.randoms())
def test_the_index_finds_what_comparing_all_finds_in_any_order(cards: list[Card], shuffler: random.Random) -> None:
    """The blocks lose nothing: `pairs` and `find` answer as comparing every card with every other."""
    every = {
        (a.key, b.key): found
        for a in cards
        for b in cards
        if a.key < b.key and (found := compare(a, b))  # type: ignore[operator]
    }
    mixed = list(cards)
    shuffler.shuffle(mixed)
    index = Index(mixed)
    pairs = index.pairs()
    assert pairs == Index(cards).pairs()
    found = {tuple(sorted((a, b))): likeness for a, b, likeness in pairs}  # type: ignore[type-var]
    assert len(found) == len(pairs)
    crowded = {
        value
        for values in (lambda c: c.phones, lambda c: c.domains)
        for value in {one for c in cards for one in values(c)}
        if sum(value in values(c) for c in cards) > doubles.CROWD
    }
    if not crowded:
        assert found == every
    for one in cards:
        for key, likeness in index.find(one, limit=100):
            assert key != one.key and likeness == compare(one, cards[key])  # type: ignore[call-overload]
        if not crowded:
            near = {key for key, _ in index.find(one, limit=100)}
            assert near == {b if a == one.key else a for a, b in every if one.key in (a, b)}


def test_a_card_added_again_replaces_the_first() -> None:
    index = Index([laon(1, "Boisclair")])
    index.add(laon(1, "Duvivier"))
    assert len(index) == 1
    assert index.find(laon(2, "Boisclair")) == []
    assert [key for key, _ in index.find(laon(2, "Duvivier"))] == [1]


@pytest.mark.parametrize(
    "spread",
    [pytest.param("many towns", marks=pytest.mark.slow), "one town", pytest.param("no place", marks=pytest.mark.slow)],
)
def test_three_thousand_companies_are_compared_in_seconds(spread: str) -> None:
    """Indexing and all pairs within 3 s, 3,000 look-ups within 5 s (of processor time: other tests run beside)."""
    draw = random.Random(7)
    trades = ["Garage", "Boulangerie", "Restaurant", "Plomberie", "Menuiserie", "Transports", "Pharmacie", "Hôtel"]
    names = ["".join(draw.choices("bcdflmnprst", k=1) + draw.choices("aeiou", k=1)) for _ in range(60)]
    many = [
        card(
            at,
            name=f"{draw.choice(trades)} {''.join(draw.choices(names, k=3)).title()}",
            postal_code=""
            if spread == "no place"
            else f"0{2000 + (draw.randrange(60) if spread == 'many towns' else 0)}",
            phones=[f"03{draw.randrange(10**8):08}"],
        )
        for at in range(3000)
    ]
    start = time.process_time()
    index = Index(many)
    index.pairs()
    between = time.process_time()
    for one in many:
        index.find(one)
    assert between - start < 3
    assert time.process_time() - between < 5
