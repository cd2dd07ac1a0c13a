"""What an import refuses, where it says so, and what it lets pass: one test or more for each of B-01 to B-27."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exchange.definitions import RESOURCES
from partners.models import Contact, Partner
from schools.models import School, SchoolClass, Student
from tests.exchange import dossiers
from tests.exchange.commands import import_dossier, places, written

UAI, OTHER = "0755890V", "0750655E"
pytestmark = pytest.mark.django_db


def right() -> dossiers.Rows:
    """A small dossier without any error, one clear row or two a resource."""
    rows: dossiers.Rows = {name: [] for name in dossiers.SCHEMAS}

    def add(name: str, **cells: str) -> None:
        rows[name].append({field["name"]: cells.get(field["name"], "") for field in dossiers.SCHEMAS[name]["fields"]})

    add("etablissements", uai=UAI, nom="Lycée A", type="lp", academie="Paris")
    add("classes", uai=UAI, annee="2025-2026", code="2A", libelle="2de A", niveau="2nde_pro")
    for number in (1, 2):
        add("eleves", id=f"e{number}", uai=UAI, nom=f"Nom{number}", prenom="Prénom")
        add("scolarites", eleve_id=f"e{number}", uai=UAI, annee="2025-2026", classe_code="2A", date_entree="2025-09-01")
    add("personnels", courriel="prof@lycee.example", uai=UAI, nom="Prof", prenom="P", role="enseignant")
    add("affectations", courriel="prof@lycee.example", uai=UAI, annee="2025-2026", classe_code="2A")
    for number in (1, 2):
        add(
            "partenaires",
            id=f"p{number}",
            uai=UAI,
            raison_sociale=f"Société {number}",
            type="entreprise",
            statut="actif",
            naf="43.21A",
        )
        add("contacts", id=f"c{number}", partenaire_id=f"p{number}", nom=f"Contact{number}")
    add(
        "echanges",
        id="x1",
        partenaire_id="p1",
        contact_id="c1",
        date="2025-10-01",
        canal="appel",
        initiative="partenaire",
        objet="O",
    )
    add("conventions", id="n1", niveau="nationale", titre="Cadre", signataire="Branche")
    add(
        "conventions", id="v1", uai=UAI, niveau="etablissement", partenaire_id="p1", parente_id="n1", titre="Convention"
    )
    add("reseaux", id="r1", uai=UAI, nom="Réseau", type="clee", date_adhesion="2025-09-01")
    add(
        "actions",
        id="a1",
        uai=UAI,
        type="mentorat",
        intitule="Action",
        date_debut="2025-11-03",
        statut="realisee",
        initiative="etablissement",
        convention_id="v1",
        reseau_id="r1",
    )
    add("actions_partenaires", action_id="a1", partenaire_id="p1")
    add("invitations", action_id="a1", partenaire_id="p1", envoyee_le="2025-10-01")
    add("participations", action_id="a1", eleve_id="e1", present="true")
    add(
        "periodes_pfmp",
        id="d1",
        uai=UAI,
        annee="2025-2026",
        classe_code="2A",
        libelle="PFMP 1",
        date_debut="2026-01-05",
        date_fin="2026-01-30",
    )
    add("dispenses", periode_id="d1", eleve_id="e2", motif="report")
    add(
        "placements",
        id="l1",
        periode_id="d1",
        eleve_id="e1",
        partenaire_id="p1",
        tuteur_id="c1",
        referent_courriel="PROF@lycee.example",
        date_debut="2026-01-05",
        date_fin="2026-01-30",
        statut="confirme",
    )
    add("visites", id="s1", placement_id="l1", date="2026-01-12", mode="sur_place")
    add(
        "offres",
        id="o1",
        uai=UAI,
        partenaire_id="p1",
        type="emploi",
        intitule="Offre",
        recue_le="2025-10-01",
        postes="1",
    )
    add("offres_beneficiaires", offre_id="o1", eleve_id="e1", date="2025-10-15")
    add(
        "taxe_apprentissage",
        id="t1",
        uai=UAI,
        partenaire_id="p1",
        campagne="2026",
        nature="solde_taxe",
        montant="100.5",
    )
    add("campagnes_taxe", uai=UAI, campagne="2026", objectif="1000")
    add(
        "enquetes",
        id="q1",
        uai=UAI,
        public="eleve",
        titre="Enquête",
        ouverte_le="2026-01-01",
        action_id="a1",
        periode_id="d1",
    )
    add(
        "satisfaction",
        id="z1",
        uai=UAI,
        public="eleve",
        date="2026-01-02",
        note="4",
        enquete_id="q1",
        placement_id="l1",
    )
    add(
        "insertion",
        eleve_id="e2",
        uai=UAI,
        annee_sortie="2025-2026",
        echeance_mois="6",
        situation="emploi",
        partenaire_id="p1",
    )
    add("partages", id="g1", uai=UAI, partenaire_id="p1", indicateurs="I4.1|E10", partage_le="2026-01-01")
    add(
        "documents",
        id="m1",
        uai=UAI,
        type="convention_pfmp",
        objet="placement",
        objet_id="l1",
        numero="N1",
        version="1",
        emis_le="2026-01-01T10:00:00+01:00",
        sha256="0" * 64,
    )
    add("signatures", document_id="m1", role="eleve", nom="Nom1", statut="attendue")
    return rows


@pytest.fixture
def attempt(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Write a dossier, some of its files replaced by raw bytes, and import it."""
    tries = iter(range(1000))

    def run(rows: dossiers.Rows | None = None, *options: str, raw: dict[str, bytes] | None = None) -> dict[str, Any]:
        folder = dossiers.write(tmp_path / f"d{next(tries)}", rows if rows is not None else right())
        for name, data in (raw or {}).items():
            (folder / f"{name}.csv").write_bytes(data)
        return import_dossier(folder, *options)

    return run


Attempt = Callable[..., dict[str, Any]]


def test_the_right_dossier_is_right(attempt: Attempt) -> None:
    result = attempt()
    assert (result["code"], result["ok"], result["errors"], result["warnings"]) == (0, True, [], [])


CELLS = [
    # resource, row, column, value
    ("etablissements", 0, "uai", "0755890W"),  # B-16
    ("etablissements", 0, "type", "lycee"),
    ("etablissements", 0, "nom", ""),
    ("classes", 0, "annee", "2025-2027"),  # B-13
    ("classes", 0, "annee", "1999-2000"),
    ("classes", 0, "niveau", "CAP1"),
    ("classes", 0, "code", "C" * 256),
    ("eleves", 0, "nom", ""),
    ("eleves", 0, "sexe", "f"),
    ("eleves", 0, "date_naissance", "01/09/2010"),  # B-10
    ("eleves", 0, "date_naissance", "2010-02-30"),
    ("eleves", 0, "date_naissance", "20100901"),
    ("eleves", 0, "date_naissance", "2010-9-1"),
    ("eleves", 0, "date_naissance", "２０１０-09-01"),
    ("eleves", 0, "id", "e" * 65),  # B-08
    ("eleves", 0, "nom", "n" * 100_001),
    ("eleves", 0, "uai", OTHER),
    ("scolarites", 0, "eleve_id", "inconnu"),
    ("scolarites", 0, "classe_code", "2B"),
    ("scolarites", 0, "date_entree", ""),
    ("scolarites", 0, "date_sortie", "2025-08-31"),  # B-03
    ("scolarites", 0, "public_prioritaire", "vrai"),
    ("personnels", 0, "role", "professeur"),
    ("affectations", 0, "classe_code", "9Z"),
    ("partenaires", 0, "siret", "73282932000075"),  # B-15
    ("partenaires", 0, "siret", "7328293200007"),
    ("partenaires", 0, "siret", "732 829 320 00074"),
    ("partenaires", 0, "effectif", "12"),
    ("partenaires", 0, "latitude", "48,85 N"),
    ("partenaires", 0, "latitude", "4.8e1"),
    ("contacts", 0, "partenaire_id", "inconnu"),
    ("echanges", 0, "contact_id", "inconnu"),
    ("echanges", 0, "contact_id", "c2"),  # B-13: of another partner
    ("conventions", 1, "uai", ""),  # B-12
    ("conventions", 1, "partenaire_id", ""),
    ("conventions", 0, "uai", UAI),
    ("conventions", 0, "partenaire_id", "p1"),
    ("conventions", 1, "parente_id", "inconnue"),
    ("reseaux", 0, "date_sortie", "2025-08-31"),
    ("actions", 0, "date_fin", "2025-11-02"),
    ("actions", 0, "duree_heures", "-1"),
    ("actions", 0, "duree_heures", "1 h"),
    ("actions", 0, "duree_heures", "NaN"),
    ("actions", 0, "duree_heures", "inf"),
    ("actions", 0, "duree_heures", "1e2"),
    ("actions", 0, "duree_heures", "1 000"),
    ("actions", 0, "duree_heures", "1.1234567"),
    ("actions", 0, "duree_heures", "12345678901"),
    ("actions", 0, "public_externe", "3.0"),
    ("actions", 0, "public_externe", "-1"),
    ("actions", 0, "public_externe", "99999999999"),
    ("actions", 0, "convention_id", "inconnue"),
    ("actions", 0, "reseau_id", "inconnu"),
    ("actions_partenaires", 0, "partenaire_id", "inconnu"),
    ("invitations", 0, "reponse", "oui"),
    ("participations", 0, "eleve_id", "inconnu"),
    ("participations", 0, "present", "peut-être"),
    ("periodes_pfmp", 0, "date_fin", "2026-01-04"),
    ("periodes_pfmp", 0, "classe_code", "9Z"),
    ("dispenses", 0, "motif", "maladie"),
    ("placements", 0, "tuteur_id", "c2"),
    ("placements", 0, "date_fin", "2026-01-04"),
    ("placements", 0, "jours_effectues", "-0.5"),
    ("visites", 0, "placement_id", "inconnu"),
    ("offres", 0, "postes", "0"),
    ("offres", 0, "pourvue_le", "2025-09-30"),
    ("offres", 0, "retiree_le", "2025-09-30"),
    ("offres_beneficiaires", 0, "offre_id", "inconnue"),
    ("taxe_apprentissage", 0, "montant", "12 €"),
    ("taxe_apprentissage", 0, "campagne", "2026.0"),
    ("campagnes_taxe", 0, "objectif", "-1"),
    ("enquetes", 0, "close_le", "2025-12-31"),
    ("enquetes", 0, "action_id", "inconnue"),
    ("satisfaction", 0, "note", "5"),
    ("satisfaction", 0, "note", "0"),
    ("satisfaction", 0, "public", "equipe"),
    ("insertion", 0, "echeance_mois", "9"),
    ("insertion", 0, "annee_sortie", "2025-2024"),
    ("partages", 0, "revoque_le", "2025-12-31"),
    ("documents", 0, "objet_id", "inconnu"),
    ("documents", 0, "emis_le", "2026-01-01T10:00:00"),
    ("documents", 0, "emis_le", "2026-01-01"),
    ("documents", 0, "sha256", "A" * 64),
    ("documents", 0, "version", "0"),
    ("documents", 0, "fichier", "../a.pdf"),  # B-18
    ("documents", 0, "fichier", "/etc/passwd"),
    ("documents", 0, "fichier", "documents/../../a.pdf"),
    ("documents", 0, "fichier", "C:\\a.pdf"),
    ("signatures", 0, "document_id", "inconnu"),
    ("signatures", 0, "date", "2026-13-01T10:00:00Z"),
]


@pytest.mark.parametrize(("resource", "row", "column", "value"), CELLS)
def test_one_wrong_cell_is_one_error_at_its_place(
    attempt: Attempt, resource: str, row: int, column: str, value: str
) -> None:
    rows = right()
    rows[resource][row][column] = value
    result = attempt(rows)
    place = (f"{resource}.csv", row + 2, column)
    assert place in places(result["errors"])
    assert (result["code"], result["ok"], written(result)) == (1, False, 0)
    assert not School.objects.exists()
    said = next(error for error in result["errors"] if (error["file"], error["line"], error["column"]) == place)
    assert said["value"][:200] == value[:200]
    assert said["message"].endswith(".")
    if column not in ("uai", "annee", "code", "id", "objet_id"):  # keys, whose error others may repeat
        assert places(result["errors"]) == [place]


def test_all_errors_of_all_files_come_at_once_in_the_order_of_the_contract(attempt: Attempt) -> None:
    rows = right()
    rows["signatures"][0]["statut"] = "x"
    rows["eleves"][1] |= {"sexe": "x", "nom": ""}
    rows["eleves"][0]["date_naissance"] = "x"
    rows["partenaires"][0]["siret"] = "x"
    assert places(attempt(rows)["errors"]) == [
        ("eleves.csv", 2, "date_naissance"),
        ("eleves.csv", 3, "nom"),
        ("eleves.csv", 3, "sexe"),
        ("partenaires.csv", 2, "siret"),
        ("signatures.csv", 2, "statut"),
    ]


@pytest.mark.parametrize(
    ("resource", "row", "column", "value"),
    [
        ("etablissements", 0, "academie", "Atlantide"),
        ("partenaires", 0, "naf", "boulangerie"),
        ("partenaires", 0, "latitude", "48.85661430000000123"),
        ("scolarites", 0, "date_entree", "2025-08-31"),
        ("scolarites", 0, "date_sortie", "2026-09-01"),
        ("periodes_pfmp", 0, "date_fin", "2026-09-01"),
        ("placements", 0, "statut", "interrompu"),
        ("placements", 0, "interrompu_le", "2026-02-01"),
        ("placements", 0, "referent_courriel", "autre@lycee.example"),
        ("visites", 0, "auteur_courriel", "autre@lycee.example"),
        ("echanges", 0, "auteur_courriel", "autre@lycee.example"),
        ("partages", 0, "indicateurs", "I4.1|I99"),
        ("documents", 0, "fichier", "documents/absent.pdf"),
        ("conventions", 0, "parente_id", "n1"),
        ("conventions", 0, "parente_id", "v1"),
    ],
)
def test_some_things_are_only_said(attempt: Attempt, resource: str, row: int, column: str, value: str) -> None:
    rows = right()
    rows[resource][row][column] = value
    result = attempt(rows)
    assert (result["code"], result["errors"]) == (0, [])
    told = "interrompu_le" if value == "interrompu" else column
    assert (f"{resource}.csv", row + 2, told) in places(result["warnings"])


@pytest.mark.parametrize(
    ("resource", "column", "value", "kept"),
    [
        ("eleves", "nom", "  =1+1 ", "=1+1"),  # B-17, edges
        ("eleves", "nom", "@x", "@x"),
        ("partenaires", "siret", "35600000000048", "35600000000048"),
        ("partenaires", "siret", "35600000049837", "35600000049837"),  # La Poste: digits that sum to a multiple of 5
        ("actions", "duree_heures", "1,50", "1.500000"),
        ("participations", "present", "NON", "False"),
        ("documents", "emis_le", "2026-01-01T10:00Z", "2026-01-01 10:00:00+00:00"),
    ],
)
def test_other_ways_to_write_are_accepted(attempt: Attempt, resource: str, column: str, value: str, kept: str) -> None:
    rows = right()
    rows[resource][0][column] = value
    result = attempt(rows)
    assert result["errors"] == []
    school = School.objects.get()
    model, path = RESOURCES[resource].model, RESOURCES[resource].by_name[column].path
    assert kept in {str(found) for found in model._default_manager.filter(school=school).values_list(path, flat=True)}


# ------------------------------------------------------------------ files
def csv_of(name: str, rows: dossiers.Rows | None = None) -> bytes:
    return dossiers.as_csv(name, (rows or right())[name])


def test_lines_are_counted_as_an_editor_counts_them(attempt: Attempt) -> None:
    """B-01: blank lines count, and a cell of several lines moves what follows."""
    raw = b'id;uai;nom;prenom;sexe\r\n\r\ne1;0755890V;"Nom\r\ncoup\xc3\xa9";P;\n\n   \ne2;0755890V;N;P;Z\n'
    result = attempt(raw={"eleves": raw})
    assert places(result["errors"]) == [("eleves.csv", 7, "sexe")]


def test_a_double_key_is_told_on_the_second_line_and_last_column(attempt: Attempt) -> None:
    rows = right()
    rows["eleves"].append(rows["eleves"][0] | {"nom": "Autre"})
    rows["scolarites"].append(dict(rows["scolarites"][0]))
    rows["campagnes_taxe"].append(rows["campagnes_taxe"][0] | {"campagne": "02026"})
    assert places(attempt(rows)["errors"]) == [
        ("eleves.csv", 4, "id"),
        ("scolarites.csv", 4, "classe_code"),
        ("campagnes_taxe.csv", 3, "campagne"),
    ]


def test_a_reference_of_several_columns_is_told_on_the_last(attempt: Attempt) -> None:
    rows = right()
    rows["affectations"][0]["courriel"] = "inconnu@lycee.example"
    rows["scolarites"][0]["annee"] = "2024-2025"
    errors = attempt(rows)["errors"]
    assert places(errors) == [("scolarites.csv", 2, "classe_code"), ("affectations.csv", 2, "uai")]


def test_a_missing_required_column_is_one_error(attempt: Attempt) -> None:
    """B-04, and no cascade from a key that cannot be read."""
    raw = b"uai;nom\n0755890V;A\n0755890V;B\n"
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 1, "id"), ("eleves.csv", 1, "prenom")]


def test_unknown_files_and_columns_are_said_and_ignored(attempt: Attempt) -> None:
    rows = right()
    result = attempt(
        rows,
        raw={
            "eleves": csv_of("eleves").replace(b"prenom", b"prenom;surnom", 1).replace(b"Pr\xc3\xa9nom", b"P;Zou"),
            "notes": b"x",
        },
    )
    assert result["ok"]
    assert places(result["warnings"]) == [("notes.csv", None, None), ("eleves.csv", 1, "surnom")]


def test_a_column_twice_is_an_error(attempt: Attempt) -> None:
    raw = csv_of("eleves").replace(b";ine;", b";nom;", 1)
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 1, "nom")]


def test_columns_come_in_any_order(attempt: Attempt, tmp_path: Path) -> None:
    columns = [field["name"] for field in dossiers.SCHEMAS["eleves"]["fields"]]
    attempt()
    raw = dossiers.as_csv("eleves", right()["eleves"], columns=columns[::-1], bom=True, end="\r\n")
    assert written(attempt(raw={"eleves": raw})) == 0


def test_a_byte_that_is_not_utf8_is_told_on_its_line(attempt: Attempt) -> None:
    raw = csv_of("eleves").replace(b"Nom2", "Noé".encode("latin-1"))
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 3, None)]


def test_a_nul_byte_is_told_on_its_line(attempt: Attempt) -> None:
    raw = csv_of("eleves").replace(b"Nom2", b"Nom\0")
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 3, None)]


@pytest.mark.parametrize(("old", "new"), [(b"Nom1", b'"Nom1'), (b";Nom1;", b';"Nom"1;')])
def test_an_unclosed_quote_is_one_error_where_the_record_begins(attempt: Attempt, old: bytes, new: bytes) -> None:
    raw = csv_of("eleves").replace(old, new)
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 2, None)]


def test_a_header_that_cannot_be_read_is_one_error(attempt: Attempt) -> None:
    raw = csv_of("eleves").replace(b"nom;", b'"nom"x;', 1)
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 1, None)]


def test_a_carriage_return_alone_is_a_character(attempt: Attempt) -> None:
    raw = csv_of("eleves").replace(b"Nom2", b"Nom\r2")
    assert attempt(raw={"eleves": raw})["errors"] == []
    assert Student.objects.in_school(School.objects.get()).filter(last_name="Nom\r2").exists()
    raw = csv_of("eleves").replace(b"\n", b"\r")
    assert places(attempt(raw={"eleves": raw})["errors"]) == [("eleves.csv", 1, None)]


def test_lines_without_data_are_skipped_and_said(attempt: Attempt) -> None:
    raw = csv_of("contacts") + b";;;;;;;;;\n;;\n"
    result = attempt(raw={"contacts": raw})
    assert (result["errors"], places(result["warnings"])) == (
        [],
        [("contacts.csv", 4, None), ("contacts.csv", 5, None)],
    )


def test_a_file_that_cannot_be_read_brings_no_other_error(attempt: Attempt) -> None:
    """B-07: every reference to it is left in doubt, and so is everything that stands on it."""
    for name in (
        "etablissements",
        "classes",
        "eleves",
        "partenaires",
        "contacts",
        "actions",
        "periodes_pfmp",
        "placements",
        "offres",
        "enquetes",
        "documents",
    ):
        result = attempt(raw={name: csv_of(name)[:-1] + b'\n"x'})
        assert places(result["errors"]) == [(f"{name}.csv", len(right()[name]) + 2, None)]
        result = attempt(right(), "--uai", UAI, raw={name: b"\xff" + csv_of(name)})
        assert places(result["errors"]) == [(f"{name}.csv", 1, None)]


def test_the_width_of_a_line(attempt: Attempt) -> None:
    lines = csv_of("contacts").split(b"\n")
    lines[1] += b";en trop"
    result = attempt(raw={"contacts": b"\n".join(lines)})
    assert places(result["errors"]) == [("contacts.csv", 2, None)]
    lines = csv_of("contacts").split(b"\n")
    lines[2] = b"c2;p2;Contact2"
    result = attempt(raw={"contacts": b"\n".join(lines)})
    assert (result["errors"], places(result["warnings"])) == ([], [("contacts.csv", 3, None)])


def test_empty_files_and_absent_files_are_right(attempt: Attempt, tmp_path: Path) -> None:
    """B-22, B-27."""
    assert attempt(raw={"visites": b"", "signatures": b"\xef\xbb\xbf", "partages": csv_of("partages").split(b"\n")[0]})[
        "ok"
    ]
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "eleves.csv").write_bytes(csv_of("eleves"))
    result = import_dossier(folder)
    assert (result["errors"], places(result["warnings"])) == ([], [("datapackage.json", None, None)])


def test_the_school_must_be_known_without_etablissements(attempt: Attempt, tmp_path: Path) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "eleves.csv").write_bytes(csv_of("eleves"))
    assert places(import_dossier(folder)["errors"]) == [("eleves.csv", 2, "uai"), ("eleves.csv", 3, "uai")]


# ------------------------------------------------------------------ ZIP
def zipped(path: Path, entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def entries(folder: str = "") -> dict[str, bytes]:
    return {f"{folder}{name}.csv": csv_of(name) for name in dossiers.SCHEMAS}


@pytest.mark.parametrize("folder", ["", "dossier/", "a/b/"])
def test_a_zip_has_its_files_at_the_root_or_in_one_folder(tmp_path: Path, folder: str) -> None:
    assert import_dossier(zipped(tmp_path / "d.zip", entries(folder)))["errors"] == []


@pytest.mark.parametrize(
    "extra",
    [
        {"../evil.csv": b""},
        {"/abs.csv": b""},
        {"C:/x.csv": b""},
        {"a/../../x": b""},
        {"other/eleves.csv": b"id"},
        {"big.bin": b"0" * 9_000_000},
    ],
)
def test_a_zip_that_is_not_safe_is_refused_whole(tmp_path: Path, extra: dict[str, bytes]) -> None:
    result = import_dossier(zipped(tmp_path / "d.zip", entries() | extra))
    assert (result["code"], places(result["errors"])) == (1, [("d.zip", None, None)])


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(b"PK\3\4 nothing")
    assert places(import_dossier(tmp_path / "d.zip")["errors"]) == [("d.zip", None, None)]
    data = bytearray(zipped(tmp_path / "e.zip", entries(), zipfile.ZIP_STORED).read_bytes())
    data[60] ^= 0xFF
    (tmp_path / "e.zip").write_bytes(data)
    assert places(import_dossier(tmp_path / "e.zip")["errors"])[0][1:] == (None, None)
    assert import_dossier(tmp_path / "absent")["code"] == 1


# ------------------------------------------------------------------ schools
def two_schools() -> dossiers.Rows:
    """Both schools with the same classes; every id of the second begins with b."""
    second = right()
    for name, lines in second.items():
        keyed = "id" in dossiers.SCHEMAS[name]["primaryKey"]
        for row in lines:
            for column, value in row.items():
                if value and (column == "id" or (column.endswith("_id") and value != UAI)):
                    row[column] = f"b{value}"
                elif column == "uai" and value:
                    row[column] = OTHER
            if name == "conventions" and keyed and not row["uai"]:
                row["id"] = "bn1"
    return dossiers.both(right(), second)


def test_two_schools_come_in_together(attempt: Attempt) -> None:
    assert attempt(two_schools())["errors"] == []
    assert Student.objects.across_schools(why="the test counts").count() == 4


@pytest.mark.parametrize(
    ("resource", "column", "value", "told"),
    [
        ("scolarites", "eleve_id", "be1", "uai"),
        ("scolarites", "uai", OTHER, "uai"),
        ("contacts", "partenaire_id", "bp1", None),  # the contact then is the other school's
        ("echanges", "contact_id", "bc1", "contact_id"),
        ("conventions", "partenaire_id", "bp1", "partenaire_id"),
        ("actions", "convention_id", "bv1", "convention_id"),
        ("actions", "reseau_id", "br1", "reseau_id"),
        ("actions_partenaires", "partenaire_id", "bp1", "partenaire_id"),
        ("participations", "eleve_id", "be1", "eleve_id"),
        ("placements", "eleve_id", "be1", "eleve_id"),
        ("placements", "partenaire_id", "bp1", "partenaire_id"),
        ("placements", "tuteur_id", "bc1", "tuteur_id"),
        ("offres", "partenaire_id", "bp1", "partenaire_id"),
        ("offres_beneficiaires", "eleve_id", "be1", "eleve_id"),
        ("taxe_apprentissage", "partenaire_id", "bp1", "partenaire_id"),
        ("enquetes", "action_id", "ba1", "action_id"),
        ("satisfaction", "placement_id", "bl1", "placement_id"),
        ("insertion", "eleve_id", "be1", "eleve_id"),
        ("partages", "partenaire_id", "bp1", "partenaire_id"),
        ("documents", "objet_id", "bl1", "objet_id"),
        ("actions", "convention_id", "bn1", ""),  # a frame above schools is everyone's
    ],
)
def test_a_row_of_another_school_cannot_be_used(
    attempt: Attempt, resource: str, column: str, value: str, told: str | None
) -> None:
    rows = two_schools()
    row = 1 if resource == "conventions" else 0
    rows[resource][row][column] = value
    found = places(attempt(rows)["errors"])
    if told == "":
        assert found == []
    elif told is not None:
        assert (f"{resource}.csv", row + 2, told) in found


def test_one_school_asked_for_refuses_the_other(attempt: Attempt) -> None:
    """B-19: every line of the other school, at its column `uai`."""
    result = attempt(two_schools(), "--uai", UAI)
    assert {column for _, _, column in places(result["errors"])} == {"uai"}
    assert ("etablissements.csv", 3, "uai") in places(result["errors"])
    assert len(result["errors"]) == sum(row.get("uai") == OTHER for lines in two_schools().values() for row in lines)
    assert attempt(right(), "--uai", UAI)["ok"]
    assert attempt(right(), "--uai", "0755890W")["code"] == 1


def test_ids_are_each_schools_own(attempt: Attempt) -> None:
    """B-24: the same ids in another school's dossier name other rows."""
    attempt()
    rows = right()
    for lines in rows.values():
        for row in lines:
            row.update({column: OTHER for column in row if row[column] == UAI})
    result = attempt(rows)
    assert result["resources"]["eleves"]["created"] == 2
    assert Student.objects.across_schools(why="the test counts").count() == 4


def test_a_partial_dossier_leans_on_what_is_here(attempt: Attempt, tmp_path: Path) -> None:
    """B-14, with the school named by a row, by the option, or by what the rows refer to."""
    attempt()
    for number, (name, line, options) in enumerate(
        [
            ("offres", f"o2;{UAI};p2;emploi;Offre;2025-10-01;1;;", ()),
            ("contacts", "c3;p2;Nom;;;;;;;", ("--uai", UAI)),
            ("participations", "a1;e2;true", ()),
        ]
    ):
        folder = tmp_path / f"part{number}"
        folder.mkdir()
        (folder / f"{name}.csv").write_bytes(csv_of(name).split(b"\n")[0] + b"\n" + line.encode())
        result = import_dossier(folder, *options)
        assert result["errors"] == []
        assert result["resources"][name]["created"] == 1


def test_frames_lean_on_the_copies_that_each_school_has(attempt: Attempt, tmp_path: Path) -> None:
    attempt(two_schools())
    rows = two_schools()
    folder = tmp_path / "frames"
    frame = dict.fromkeys(rows["conventions"][0], "") | {
        "id": "n2",
        "niveau": "academique",
        "titre": "T",
        "parente_id": "n1",
    }
    dossiers.write(folder, {"etablissements": rows["etablissements"], "conventions": [frame]})
    assert import_dossier(folder)["errors"] == []


def test_a_partial_dossier_that_fits_two_schools_asks_which(attempt: Attempt, tmp_path: Path) -> None:
    attempt()
    rows = right()
    for lines in rows.values():
        for row in lines:
            row.update({column: OTHER for column in row if row[column] == UAI})
    attempt(rows)
    folder = tmp_path / "part"
    folder.mkdir()
    (folder / "participations.csv").write_bytes(b"action_id;eleve_id;present\na1;e2;true")
    assert places(import_dossier(folder)["errors"]) == [("part", None, None)]
    assert import_dossier(folder, "--uai", OTHER)["ok"]


# ------------------------------------------------------------------ updates
def test_a_later_dossier_updates_what_changed_and_deletes_nothing(attempt: Attempt) -> None:
    attempt()
    rows = right()
    rows["eleves"][0]["nom"] = "Nouveau"
    rows["placements"][0]["tuteur_id"] = ""
    del rows["visites"][0]
    result = attempt(rows)
    assert result["resources"]["eleves"] == {"created": 0, "updated": 1, "unchanged": 1, "deleted": 0}
    assert result["resources"]["placements"]["updated"] == 1
    assert written(result) == 2
    student = Student.objects.in_school(School.objects.get()).get(dossier_id="e1")
    assert (student.last_name, student.version, student.search_text) == ("Nouveau", 2, "nouveau prenom")


def test_an_absent_column_leaves_what_is_here(attempt: Attempt) -> None:
    rows = right()
    rows["eleves"][0]["telephone"] = "01"
    attempt(rows)
    raw = b"id;uai;nom;prenom\ne1;0755890V;Nom1;Autre"
    assert attempt(rows, raw={"eleves": raw})["resources"]["eleves"]["updated"] == 1
    student = Student.objects.in_school(School.objects.get()).get(dossier_id="e1")
    assert (student.first_name, student.phone) == ("Autre", "01")


def test_a_dry_run_tells_the_same_and_writes_nothing(attempt: Attempt) -> None:
    dry = attempt(right(), "--dry-run")
    assert (dry["dry_run"], School.objects.count()) == (True, 0)
    assert attempt()["resources"] == dry["resources"]


def test_prune_deletes_in_the_files_that_are_there(attempt: Attempt, tmp_path: Path) -> None:
    """B-26."""
    attempt(two_schools())
    rows = right()
    rows["contacts"] = rows["contacts"][:1]
    rows["partenaires"] = rows["partenaires"][:1]
    rows["visites"] = []
    del rows["offres"], rows["offres_beneficiaires"]
    dry = attempt(rows, "--prune", "--dry-run")
    result = attempt(rows, "--prune")
    assert result["errors"] == []
    assert {name: counts["deleted"] for name, counts in result["resources"].items() if counts["deleted"]} == {
        "partenaires": 1,
        "contacts": 1,
        "visites": 1,
        "conventions": 1,
    }  # fmt: skip  (the other school's frame had a copy here)
    assert dry["resources"] == result["resources"]
    here = School.objects.get(uai=UAI)
    assert set(Partner.objects.in_school(here).values_list("dossier_id", flat=True)) == {"p1"}
    assert Contact.objects.in_school(School.objects.get(uai=OTHER)).count() == 2
    assert written(attempt(rows, "--prune")) == 0


def test_prune_keeps_what_other_files_still_use(attempt: Attempt, tmp_path: Path) -> None:
    attempt()
    folder = tmp_path / "partners"
    folder.mkdir()
    (folder / "partenaires.csv").write_bytes(csv_of("partenaires").split(b"\n")[0])
    result = import_dossier(folder, "--uai", UAI, "--prune")
    assert result["errors"] == []
    assert result["resources"]["partenaires"]["deleted"] == 0
    assert ("partenaires.csv", None, "id") in places(result["warnings"])
    school = School.objects.get()
    assert (Partner.objects.in_school(school).count(), Contact.objects.in_school(school).count()) == (2, 2)


def test_prune_refuses_a_reference_to_what_goes(attempt: Attempt) -> None:
    attempt()
    rows = right()
    rows["partenaires"] = rows["partenaires"][:1]
    result = attempt(rows, "--prune")
    assert places(result["errors"]) == [("contacts.csv", 3, "partenaire_id")]


def test_overlaps_and_absentees_are_said(attempt: Attempt) -> None:
    """B-20."""
    rows = right()
    rows["classes"].append(rows["classes"][0] | {"code": "2B"})
    rows["scolarites"].append(rows["scolarites"][0] | {"classe_code": "2B", "date_entree": "2026-02-01"})
    rows["placements"].append(
        rows["placements"][0] | {"id": "l2", "date_debut": "2026-01-30", "date_fin": "2026-02-02"}
    )
    rows["scolarites"][1]["date_sortie"] = "2025-10-01"
    rows["participations"].append(rows["participations"][0] | {"eleve_id": "e2"})
    result = attempt(rows)
    assert result["errors"] == []
    assert set(places(result["warnings"])) == {
        ("scolarites.csv", 4, "date_entree"),
        ("participations.csv", 3, "eleve_id"),
        ("placements.csv", 3, "date_debut"),
    }


@pytest.mark.parametrize(("second", "warned"), [("2026-01-20", False), ("2026-01-19", True)])
def test_an_interrupted_placement_stops_that_day(attempt: Attempt, second: str, warned: bool) -> None:
    """G-31: the last day counts, the next one is free."""
    rows = right()
    first = rows["placements"][0] | {
        "date_debut": "2026-01-12",
        "date_fin": "2026-01-30",
        "statut": "interrompu",
        "interrompu_le": "2026-01-19",
    }
    rows["placements"] = [
        first,
        first | {"id": "l2", "date_debut": second, "statut": "en_cours", "interrompu_le": ""},
    ]
    result = attempt(rows)
    assert result["errors"] == []
    assert (("placements.csv", 3, "date_debut") in places(result["warnings"])) is warned


def test_a_class_is_found_by_its_year(attempt: Attempt) -> None:
    rows = right()
    rows["classes"].append(rows["classes"][0] | {"annee": "2024-2025"})
    attempt(rows)
    assert SchoolClass.objects.in_school(School.objects.get()).count() == 2
    assert written(attempt(rows)) == 0
