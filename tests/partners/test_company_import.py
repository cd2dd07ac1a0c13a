"""Companies from the spreadsheets that schools really have: recognised, completed, doubted, refused; and taken back."""

import hashlib
import random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.school_year import SchoolYear
from core.siret import is_siret
from exchange import exports
from partners import imports
from partners.models import Contact, Partner
from pfmp.models import HostCapacity
from schools.importing import Mended, Refused, mapping, values
from tests.conftest import Cast
from tests.factories import ClassFactory, InteractionFactory, PartnerFactory
from tests.importing import Traveller, with_key

SIRET = with_key(732829320)
HEADER = ["SIRET", "Raison sociale", "Adresse", "Code postal", "Ville", "Téléphone", "Courriel"]


@pytest.fixture
def import_(as_bde: Client, cast: Cast) -> Traveller:
    return Traveller(as_bde, cast.school)


def another(traveller: Traveller) -> Traveller:
    return Traveller(traveller.client, traveller.school)


def partners(traveller: Traveller) -> Any:
    return Partner.objects.in_school(traveller.school).order_by("pk")


def contacts(traveller: Traveller) -> Any:
    return Contact.objects.in_school(traveller.school).order_by("pk")


def dossier(traveller: Traveller) -> str:
    """The fingerprint of everything that the dossier says of the school."""
    return hashlib.sha256(exports.as_zip(exports.collect(traveller.school))).hexdigest()


# ------------------------------------------------------------------------------------------------ the walk of the issue
TRADES = ("Garage", "Menuiserie", "Boulangerie", "Électricité", "Plomberie", "Carrosserie", "Fleuriste", "Imprimerie")
TOWNS = (
    ("02000", "Laon"),
    ("02100", "Saint-Quentin"),
    ("02200", "Soissons"),
    ("02400", "Château-Thierry"),
    ("02300", "Chauny"),
)


def companies(count: int, chance: random.Random) -> list[list[Any]]:
    """Lines of made-up companies, each unlike the others."""
    found = []
    for number in range(count):
        family = "".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(4)).capitalize()
        code, town = TOWNS[number % len(TOWNS)]
        siret = with_key(400_000_000 + number * 7919) if number % 3 else ""
        phone = f"0323{number:06d}" if number % 2 else ""
        found.append(
            [
                siret,
                f"{chance.choice(TRADES)} {family}{chr(97 + number % 26)}",
                f"{number} rue Haute",
                code,
                town,
                phone,
                "",
            ]
        )
    return found


@pytest.mark.django_db
def test_five_hundred_companies_with_forty_doubles(import_: Traveller) -> None:
    """Dry run → decide → import → again changes nothing → undo gives back the same dossier."""
    chance = random.Random(3)
    rows = companies(500, chance)
    for siret, name, address, code, town, phone, _ in rows[:40]:  # known under a name with one letter less, or by phone
        spelled = name[:-2] + name[-1] if siret else f"{name} et fils"
        PartnerFactory(
            school=import_.school, name=spelled, address=address, postal_code=code, city=town, naf="",
            phone=" ".join(phone[at : at + 2] for at in range(0, 10, 2)),
        )  # fmt: skip
    for siret, name, _, code, town, _, _ in rows[40:60]:
        PartnerFactory(school=import_.school, name=name.upper(), siret=siret, postal_code=code, city=town, naf="")
    before = dossier(import_)

    import_.send([HEADER, *rows]).columns()
    assert import_.counts == {"created": 440, "updated": 20, "double": 40}
    assert dossier(import_) == before, "a dry run writes nothing"
    page = import_.page("?voir=double")
    assert page.count("<select") == 40
    assert "40\u202fdoublons" in page or "40\u00a0doublons" in page

    first, second = 2, 3
    candidate = import_.line(first)["candidates"][0]["key"]
    import_.decide(l2=f"est:{candidate}", l3="creer").decide("ignorer")
    assert "à décider" not in import_.page().lower().replace("à décider</option>", "")
    import_.apply()
    assert import_.record.state == "importe"
    assert import_.counts == {"created": 441, "updated": 20, "unchanged": 1, "skipped": 38}
    assert partners(import_).count() == 60 + 441
    assert import_.line(second)["url"] == partners(import_).get(name=rows[1][1]).get_absolute_url()

    again = another(import_).send([HEADER, *rows]).columns()
    known = {int(line): choice for line, choice in again.record.options["decisions"].items()}
    assert known[first] == f"est:{candidate}", "what was said of a double is not asked again"
    state = dossier(import_)
    again.apply()
    assert again.counts == {"unchanged": 462, "skipped": 38}
    assert dossier(import_) == state

    import_.undo()
    assert import_.record.report["undone"] == {"removed": 441, "restored": 20, "kept": []}
    assert dossier(import_) == before


# ------------------------------------------------------------------------------------------------ headers of schools
@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            ["Entreprise", "Tél.", "CP", "Ville", "Tuteur", "Mail"],
            {"name": 0, "phone": 1, "postal_code": 2, "city": 3, "tutor_name": 4, "email": 5},
        ),
        (
            [
                "Nom de l'entreprise",
                "N° SIRET",
                "Adresse 1",
                "Code Postal",
                "Commune",
                "Maître de stage",
                "Responsable",
            ],
            {"name": 0, "siret": 1, "address": 2, "postal_code": 3, "city": 4, "tutor_name": 5, "leader_name": 6},
        ),
        (
            ["NOM", "CODE_POSTAL", "VILLE", "SITE_WEB", "ACTIVITE"],
            {"name": 0, "postal_code": 1, "city": 2, "website": 3, "sector": 4},
        ),
        (
            ["Raison sociale", "Nom", "Prénom", "Tél", "Téléphone portable"],
            {"name": 0, "contact_last_name": 1, "contact_first_name": 2, "phone": 3, "contact_phone": 4},
        ),
        (["Société", "Interlocuteur", "E-mail", "APE"], {"name": 0, "contact_name": 1, "email": 2, "naf": 3}),
    ],
)
@pytest.mark.django_db
def test_home_made_headers_are_understood(import_: Traveller, header: list[str], found: dict[str, int]) -> None:
    line = [
        {"code_postal": "02000", "cp": "02000"}.get(name.lower(), "x@example.org" if "ail" in name else "Démo 1")
        for name in header
    ]
    assert import_.send([header, line]).record.mapping == found


@pytest.mark.django_db
def test_the_template_that_we_offer_comes_in_whole(import_: Traveller, as_bde: Client) -> None:
    year = SchoolYear.on(timezone.localdate()).code
    for diploma in ("CAP Électricien", "Bac pro MELEC"):
        ClassFactory(school=import_.school, year=year, diploma=diploma)
    for format_ in ("xlsx", "csv"):
        address = f"/etablissements/{import_.school.uai}/imports/entreprises/modele.{format_}"
        sent = as_bde.get(address).content
        record = another(import_).send(sent, f"modele.{format_}").record
        expected = {one.name: at for at, one in enumerate(one for one in imports.FIELDS if one.in_template)}
        del expected["siret"], expected["notes"]  # empty in the example: a made-up number would be refused
        assert record.mapping == expected
    traveller = import_.send(sent, "modele.csv").columns()
    assert traveller.counts == {"created": 1}
    assert "remarks" not in traveller.line(2)
    traveller.apply()
    partner = partners(import_).get()
    assert (partner.name, partner.naf, partner.website) == (
        "GARAGE DE DÉMONSTRATION",
        "45.20A",
        "https://www.example.org",
    )
    assert partner.notes == "Secteur : Automobile"
    contact = contacts(import_).get()
    assert (contact.last_name, contact.role, contact.phone) == ("EXEMPLE", "dirigeant", "06 00 00 00 00")


@pytest.mark.django_db
def test_a_pronote_list_makes_one_partner_of_several_lines(import_: Traveller) -> None:
    """One line a contact; « Maître de stage » is a tick there, and a name elsewhere."""
    rows = [
        ["Entreprise", "N° SIRET", "CP", "Ville", "Nom", "Prénom", "Portable", "Maître de stage"],
        ["Garage Démo", SIRET, "02000", "Laon", "EXEMPLE", "Anne", "0600000001", "Oui"],
        ["Garage Démo", SIRET, "02000", "Laon", "ESSAI", "Paul", "0600000002", "Non"],
        ["GARAGE DEMO", "", "02000", "LAON", "EXEMPLE", "Anne", "", ""],
    ]
    import_.send(rows, "pronote.txt").columns()
    assert import_.counts == {"created": 1, "updated": 1, "unchanged": 1}
    assert "ligne 2" in import_.line(3)["detail"]
    import_.apply()
    assert [(one.last_name, one.role, one.phone) for one in contacts(import_)] == [
        ("EXEMPLE", "tuteur", "06 00 00 00 01"),
        ("ESSAI", "", "06 00 00 00 02"),
    ]
    assert {one.partner for one in contacts(import_)} == {partners(import_).get()}


@pytest.mark.django_db
def test_columns_that_have_no_place_are_said(import_: Traveller) -> None:
    page = import_.send(
        [["Entreprise", "Ville", "Civilité du contact", "Couleur"], ["Garage Démo", "Laon", "M.", "bleu"]]
    ).page()
    assert "pas de place pour elle" in page
    assert "Civilité du contact, Couleur" in import_.columns().page()


@pytest.mark.django_db
def test_places_for_formations_come_in_with_the_companies(import_: Traveller) -> None:
    year = SchoolYear.on(timezone.localdate()).code
    ClassFactory(school=import_.school, year=year, code="1MELEC", diploma="Bac pro Métiers de l’électricité")
    ClassFactory(school=import_.school, year=year, code="TMELEC", diploma="Bac pro Métiers de l’électricité")
    ClassFactory(school=import_.school, year=year, code="1CAPE", diploma="CAP Électricien")
    rows = [
        ["Entreprise", "Ville", "Formations accueillies", "Capacité"],
        ["Garage Démo", "Laon", "1melec | cap électricien", "2"],
        ["Autre Garage", "Laon", "Bac pro Astronomie", "3"],
        ["Sans Nombre", "Laon", "1MELEC", ""],
        ["Sans Formation", "Laon", "", "4"],
        ["Trop Grand", "Laon", "1MELEC", "1000"],
    ]
    import_.send(rows).columns()
    assert import_.counts == {"created": 5}
    said = {line: str(import_.line(line)) for line in range(2, 7)}
    assert "places notées en CAP Électricien : 2" in said[2] and "Métiers de l’électricité : 2" in said[2]
    assert "Aucune formation du lycée" in said[3]
    assert "Sans nombre de places" in said[4]
    assert "Sans formation" in said[5]
    assert "de 1 à 99" in said[6]
    import_.apply()
    known = HostCapacity.objects.in_school(import_.school).order_by("formation")
    assert [(row.partner.name, row.formation, row.places, row.year) for row in known] == [
        ("Garage Démo", "Bac pro Métiers de l’électricité", 2, year),
        ("Garage Démo", "CAP Électricien", 2, year),
    ]
    again = another(import_)
    again.send(rows, "encore.csv").columns()
    assert again.counts == {"unchanged": 5}
    import_.undo()
    assert not HostCapacity.objects.in_school(import_.school).exists() and not partners(import_).exists()


# ------------------------------------------------------------------------------------------------ what is known
@pytest.mark.django_db
def test_a_known_partner_gets_what_it_lacks_and_nothing_else(import_: Traveller) -> None:
    PartnerFactory(school=import_.school, name="Garage Démo", siret=SIRET, city="Laon", phone="03 23 00 00 00", naf="")
    rows = [HEADER, [SIRET, "GARAGE DEMO SARL", "1 rue Haute", "02000", "LAON", "0611111111", "a@example.org"]]
    import_.send(rows).columns()
    assert import_.counts == {"updated": 1}
    assert "Adresse, Code postal, Courriel" in import_.line(2)["detail"]
    import_.apply()
    partner = partners(import_).get()
    assert (partner.name, partner.city, partner.phone, partner.email) == (
        "Garage Démo",
        "Laon",
        "03 23 00 00 00",
        "a@example.org",
    )
    assert "02000" in partner.search_text


@pytest.mark.django_db
def test_replacing_is_asked_for_and_never_empties_nor_renames_a_locked_name(import_: Traveller) -> None:
    PartnerFactory(
        school=import_.school,
        name="Garage Démo",
        name_locked=True,
        siret=SIRET,
        city="Laon",
        phone="03 23 00 00 00",
        notes="Vu",
    )
    rows = [[*HEADER, "Commentaire"], [SIRET, "AUTRE NOM", "", "02100", "Saint-Quentin", "", "", "Non"]]
    import_.send(rows).columns(replace="on").apply()
    partner = partners(import_).get()
    assert (partner.name, partner.city, partner.phone, partner.notes) == (
        "Garage Démo",
        "Saint-Quentin",
        "03 23 00 00 00",
        "Vu",
    )
    assert another(import_).send(rows).columns(replace="on").counts == {"unchanged": 1}


@pytest.mark.django_db
def test_two_establishments_of_a_company_are_two_partners(import_: Traveller) -> None:
    rows = [HEADER]
    rows += [[with_key(732829320, n), "Garage Démo", "", "02000", "Laon", "", ""] for n in (1, 2)]
    assert import_.send(rows).columns().counts == {"created": 2}


@pytest.mark.django_db
def test_probable_doubles_within_the_file_are_asked_too(import_: Traveller) -> None:
    rows = [
        HEADER,
        ["", "Garage Martin", "", "02000", "Laon", "", ""],
        ["", "Garage Martins", "", "02000", "Laon", "", ""],
    ]
    import_.send(rows).columns()
    assert import_.counts == {"created": 1, "double": 1}
    candidate = import_.line(3)["candidates"][0]
    assert (candidate["key"], "ligne 2" in candidate["label"]) == ("ligne:2", True)
    import_.decide("est").apply()
    assert partners(import_).count() == 1


@pytest.mark.django_db
def test_doubles_that_nobody_decided_stay_out(import_: Traveller) -> None:
    PartnerFactory(school=import_.school, name="Garage Martin", city="Laon", postal_code="02000")
    import_.send([HEADER, ["", "Garage Martins", "", "02000", "Laon", "0323000000", ""]]).columns().apply()
    assert import_.counts == {"double": 1}
    assert partners(import_).get().phone == ""


# ------------------------------------------------------------------------------------------------ mended, left out, rejected
@pytest.mark.django_db
def test_lost_zeros_are_put_back_and_said_by_line(import_: Traveller) -> None:
    lost = with_key(5_520_135)
    assert lost.startswith("00")
    rows = [HEADER, [int(lost), "Garage Démo", "", 2000, "Laon", 323000000, ""]]
    import_.send(rows).columns().apply()
    partner = partners(import_).get()
    assert (partner.siret, partner.postal_code, partner.phone) == (lost, "02000", "03 23 00 00 00")
    said = {remark["column"]: remark["sentence"] for remark in import_.line(2)["remarks"]}
    assert "2 zéros perdus" in said["SIRET"]
    assert "02000" in said["Code postal"]
    assert "03 23 00 00 00" in said["Téléphone"]


@pytest.mark.django_db
def test_a_wrong_cell_is_left_out_and_its_line_kept(import_: Traveller) -> None:
    rows = [HEADER, ["123", "Garage Démo", "", "2", "Laon", "non", "pas une adresse"]]
    import_.send(rows).columns()
    assert import_.counts == {"created": 1}
    assert {remark["column"] for remark in import_.line(2)["remarks"]} == {
        "SIRET",
        "Code postal",
        "Téléphone",
        "Courriel",
    }
    import_.apply()
    partner = partners(import_).get()
    assert (partner.siret, partner.postal_code, partner.phone, partner.email) == ("", "", "", "")


@pytest.mark.django_db
def test_odd_names_stay_text_or_are_rejected_with_their_line(import_: Traveller) -> None:
    odd = ["<script>alert(1)</script>", "=cmd()|' /C calc'!A0", "🍕 Pizza Napoli", "شركة التجارب", "O’Neil & Cie"]
    rows = [HEADER, *[["", name, "", "02000", "Laon", "", ""] for name in [*odd, "x" * 300, "🍕", ""]]]
    rows[-1][5] = "0323000000"
    import_.send(rows).columns()
    assert import_.counts == {"created": 5, "rejected": 3}
    assert "300 caractères" in import_.line(7)["remarks"][0]["sentence"]
    assert "<script>alert" not in import_.page()
    rejected = import_.client.get(import_.url("rejected")).content.decode()
    assert rejected.count("\n") == 4
    import_.apply()
    assert [partner.name for partner in partners(import_)] == odd
    assert another(import_).send(rows).columns().counts == {"unchanged": 5, "rejected": 3}


@pytest.mark.django_db
def test_an_undo_keeps_what_has_its_own_life_since(import_: Traveller) -> None:
    known = PartnerFactory(school=import_.school, name="Garage Démo", siret=SIRET, city="Laon")
    rows = [
        [*HEADER, "Contact nom"],
        [SIRET, "Garage Démo", "1 rue Haute", "", "", "0323000000", "", ""],
        ["", "Menuiserie Essai", "", "02000", "Laon", "", "", "ESSAI"],
        ["", "Fleurs Lilas", "", "02000", "Laon", "", "", ""],
        ["", "Taxi Bertin", "", "02000", "Laon", "", "", ""],
    ]
    import_.send(rows).columns().apply()
    joinery = partners(import_).get(name="Menuiserie Essai")
    InteractionFactory(school=import_.school, partner=joinery, contact=contacts(import_).get())
    import_.client.post(  # a colleague corrects a new partner and a completed one
        f"{partners(import_).get(name='Fleurs Lilas').get_absolute_url()}modifier/",
        {"name": "Fleurs Lilas", "type": "entreprise", "status": "actif", "city": "Guise", "version": 1},
    )
    known.refresh_from_db()
    known.phone = "06 00 00 00 00"
    known.save()
    import_.undo()
    assert {partner.name for partner in partners(import_)} == {"Garage Démo", "Menuiserie Essai", "Fleurs Lilas"}
    known.refresh_from_db()
    assert (known.address, known.phone) == ("", "06 00 00 00 00")
    kept = {one["title"]: one["why"] for one in import_.record.report["undone"]["kept"]}
    assert set(kept) == {"Menuiserie Essai", "ESSAI", "Fleurs Lilas", "Garage Démo"}
    page = import_.page()
    assert "Fiches gardées" in page
    assert "Import annulé" in page


# ------------------------------------------------------------------------------------------------ cells
@given(st.integers(0, 999_999_999), st.integers(0, 9_999))
def test_a_siret_without_its_first_zeros_is_itself_or_refused(siren: int, establishment: int) -> None:
    whole = with_key(siren, establishment)
    assert is_siret(whole)
    if not whole.strip("0"):
        return
    short = str(int(whole))
    if len(short) < 10:
        with pytest.raises(Refused):
            values.siret(short)
        return
    found = values.siret(short)
    assert (found.value if isinstance(found, Mended) else found) == whole


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Anne EXEMPLE", ("EXEMPLE", "Anne")), ("EXEMPLE Anne", ("EXEMPLE", "Anne")), ("Mme Anne Exemple", ("Exemple", "Anne")),
        ("M. Jean-Paul DE LA TEST", ("DE LA TEST", "Jean-Paul")), ("EXEMPLE", ("EXEMPLE", "")), ("DUPONT ANNE", ("DUPONT", "ANNE")),
        ("Monsieur Paul de la Tour", ("de la Tour", "Paul")),
    ],
)  # fmt: skip
def test_a_full_name_is_cut_where_its_capitals_say(cell: str, value: tuple[str, str]) -> None:
    assert imports.person(cell) == value


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1,23E+13", "arrondi"), ("732829320", "SIREN"), ("00000000000000", "zéros"), ("73282932000075", "clé"), ("abc", "14 chiffres"),
        ("1234567890123456", "16 chiffres"),
    ],
)  # fmt: skip
def test_a_siret_that_cannot_be_mended_says_why(cell: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        values.siret(cell)


def test_la_poste_has_its_own_key() -> None:
    assert values.siret("356 000 000 00048") == "35600000000048"
    assert values.siret("7.3282932000074E+13") == "73282932000074"


def test_the_words_of_a_header_are_compared_without_their_links() -> None:
    seen: dict[str, str] = {}
    for one in imports.FIELDS:
        for alias in one.aliases:
            assert seen.setdefault(mapping.plain(alias), one.name) == one.name, f"{alias} means two fields"
    assert mapping.plain("N° de téléphone") == mapping.plain("Téléphone")
