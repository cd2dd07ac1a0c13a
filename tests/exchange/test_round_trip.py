"""Export → import → export: the same bytes, whatever the dossier holds (B-23)."""

import csv
import hashlib
import io
import tempfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.models import AuditEvent
from documents.models import Document, Signature
from schools.models import School
from tests.exchange import dossiers
from tests.exchange.commands import export_dossier, import_dossier, written

UAI = "0755890V"
AWKWARD = st.sampled_from(
    [
        "=1+1",
        '"',
        ";",
        "a;b",
        'dit "le Grand"',
        "deux\nlignes",
        "CR\rseul",
        "CRLF\r\nici",
        "'=x",
        "\t-",
        "É",
        "\ufeffx",
        "-0",
        "𝄞",
        "null",
        "\u2028",
    ]
)
TEXTS = st.one_of(AWKWARD, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12))


class Drawn:
    """The choices of a dossier, taken from hypothesis."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def text(self) -> str:
        return self.draw(TEXTS).strip() or "x"

    def pick(self, items: Any) -> Any:
        return self.draw(st.sampled_from(items))

    def day(self) -> date:
        return date(2025, 9, 1) + timedelta(days=self.integer(0, 300))


@st.composite
def drawn_dossiers(draw: Any) -> dossiers.Rows:
    chance = Drawn(draw)
    return dossiers.make(chance, UAI, dict.fromkeys(dossiers.SCHEMAS, 2))  # type: ignore[arg-type]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def by_key(resource: str, lines: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(lines, key=lambda line: [line[column] for column in dossiers.SCHEMAS[resource]["primaryKey"]])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# A dossier is large: shrinking one takes minutes.
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(rows=drawn_dossiers(), bom=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
@pytest.mark.django_db
def test_what_comes_in_goes_out_the_same(rows: dossiers.Rows, bom: bool, end: str) -> None:
    with tempfile.TemporaryDirectory() as name, transaction.atomic():
        root = Path(name)
        given_dossier = dossiers.write(root / "given", rows, bom=bom, end=end)
        assert import_dossier(given_dossier)["errors"] == []
        assert written(import_dossier(given_dossier)) == 0
        export_dossier(UAI, root / "first")
        for resource, lines in rows.items():
            texts = {column["name"] for column in dossiers.SCHEMAS[resource]["fields"] if column["type"] == "string"}
            out = by_key(resource, table(root / "first", resource))
            assert [{column: line[column] for column in texts} for line in out] == [
                {column: line[column] for column in texts} for line in by_key(resource, lines)
            ]
        School.objects.all().delete()
        assert import_dossier(root / "first")["errors"] == []
        export_dossier(UAI, root / "second")
        assert contents(root / "first") == contents(root / "second")
        assert written(import_dossier(root / "second")) == 0
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_values_are_written_as_the_contract_says(tmp_path: Path) -> None:
    rows = dossiers.make(dossiers.Chance(3), UAI)
    placement, action, document = rows["placements"][0], rows["actions"][0], rows["documents"][0]
    placement["jours_effectues"] = "10,50"
    action |= {"duree_heures": "100", "cible_prioritaire": "OUI", "public_externe": "007"}
    document["emis_le"] = "2026-01-05T23:30:00Z"
    rows["partenaires"][0] |= {"latitude": "48.856614300", "longitude": "-0.00", "notes": "  bords  "}
    dossiers.write(tmp_path / "in", rows)
    assert import_dossier(tmp_path / "in")["errors"] == []
    result = export_dossier(UAI, tmp_path / "out")
    assert result["rows"] == {name: len(lines) for name, lines in rows.items()}
    data = (tmp_path / "out" / "actions.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;uai;type;")
    assert b"\n" not in data.replace(b"\r\n", b"").replace(b"ligne\nsuivante", b"")
    found = {name: {row.get("id"): row for row in table(tmp_path / "out", name)} for name in rows}
    assert found["placements"][placement["id"]]["jours_effectues"] == "10.5"
    assert (
        found["actions"][action["id"]] | {"duree_heures": "100", "cible_prioritaire": "true", "public_externe": "7"}
        == found["actions"][action["id"]]
    )
    assert found["documents"][document["id"]]["emis_le"] == "2026-01-06T00:30:00+01:00"
    for sent, kept in (
        ("999999999.999999", "999999999.999999"),
        ("123456789,123457", "123456789.123457"),
        ("+.5", "0.5"),
        ("0010.10", "10.1"),
    ):
        action["duree_heures"] = sent
        assert import_dossier(dossiers.write(tmp_path / "in", rows))["errors"] == []
        export_dossier(UAI, tmp_path / "again")
        assert (
            next(row for row in table(tmp_path / "again", "actions") if row["id"] == action["id"])["duree_heures"]
            == kept
        )
    partner = found["partenaires"][rows["partenaires"][0]["id"]]
    assert (partner["latitude"], partner["longitude"], partner["notes"]) == ("48.8566143", "0", "bords")
    keys = [row["id"] for row in table(tmp_path / "out", "eleves")]
    assert keys == sorted(keys)


@pytest.mark.django_db
def test_a_zip_is_the_same_on_every_day_and_comes_in_again(tmp_path: Path) -> None:
    dossiers.write(tmp_path / "in", dossiers.make(dossiers.Chance(5), UAI))
    import_dossier(tmp_path / "in")
    first = export_dossier(UAI, tmp_path / "a.zip")
    second = export_dossier(UAI, tmp_path / "b.zip")
    assert first["sha256"] == second["sha256"]
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert "datapackage.json" in zipfile.ZipFile(tmp_path / "a.zip").namelist()
    again = import_dossier(tmp_path / "a.zip")
    assert (again["ok"], again["warnings"] and [w for w in again["warnings"] if w["file"] == "datapackage.json"]) == (
        True,
        [],
    )
    assert written(again) == 0


@pytest.mark.django_db
def test_frames_above_schools_are_copied_to_each_school_of_the_dossier(tmp_path: Path) -> None:
    rows = dossiers.both(
        dossiers.make(dossiers.Chance(1), UAI, prefix="a"), dossiers.make(dossiers.Chance(2), "0750655E", prefix="b")
    )
    rows["conventions"] = [
        dict.fromkeys(rows["conventions"][0], "") | {"id": "cadre", "niveau": "nationale", "titre": "Cadre"}
    ]
    for action in rows["actions"]:
        action["convention_id"] = "cadre"
    rows["documents"] = rows["signatures"] = []
    dossiers.write(tmp_path / "in", rows)
    result = import_dossier(tmp_path / "in")
    assert result["errors"] == []
    assert result["resources"]["conventions"] == {"created": 1, "updated": 0, "unchanged": 0, "deleted": 0}
    for uai in (UAI, "0750655E"):
        assert export_dossier(uai, tmp_path / uai)["rows"]["conventions"] == 1
        assert {row["convention_id"] for row in table(tmp_path / uai, "actions")} == {"cadre"}
    assert written(import_dossier(tmp_path / "in")) == 0
    # Another dossier of one school leaves the other's copy alone (B-25).
    rows["conventions"][0]["titre"] = "Cadre revu"
    alone = {name: [row for row in lines if row.get("uai", UAI) in (UAI, "")] for name, lines in rows.items()}
    alone = {name: lines for name, lines in alone.items() if name in ("etablissements", "conventions")}
    dossiers.write(tmp_path / "one", alone)
    assert import_dossier(tmp_path / "one")["resources"]["conventions"]["updated"] == 1
    export_dossier("0750655E", tmp_path / "other")
    assert table(tmp_path / "other", "conventions")[0]["titre"] == "Cadre"


@pytest.mark.django_db
def test_papers_travel_with_the_dossier(tmp_path: Path) -> None:
    paper = b"%PDF-1.7 une convention"
    rows = dossiers.make(dossiers.Chance(8), UAI)
    rows["documents"] = [
        rows["documents"][0]
        | {
            "objet": "etablissement",
            "objet_id": UAI,
            "sha256": hashlib.sha256(paper).hexdigest(),
            "fichier": "documents/un.pdf",
        }
    ]
    rows["signatures"] = []
    folder = dossiers.write(tmp_path / "in", rows)
    (folder / "documents").mkdir()
    (folder / "documents" / "un.pdf").write_bytes(paper)
    assert import_dossier(folder)["errors"] == []
    assert written(import_dossier(folder)) == 0
    document = Document.objects.in_school(School.objects.get()).get()
    assert document.file.read() == paper
    document.file.close()
    export_dossier(UAI, tmp_path / "bare")
    assert table(tmp_path / "bare", "documents")[0]["fichier"] == ""
    export_dossier(UAI, tmp_path / "first.zip", "--with-files")
    School.objects.all().delete()
    assert import_dossier(tmp_path / "first.zip")["errors"] == []
    export_dossier(UAI, tmp_path / "second.zip", "--with-files")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    # The same paper with other bytes is refused.
    (folder / "documents" / "un.pdf").write_bytes(b"%PDF-1.7 autre")
    result = import_dossier(folder)
    assert [(error["file"], error["line"], error["column"]) for error in result["errors"]] == [
        ("documents.csv", 2, "fichier")
    ]


@pytest.mark.django_db
def test_a_paper_without_its_pdf_stays_here(tmp_path: Path) -> None:
    dossiers.write(tmp_path / "in", dossiers.make(dossiers.Chance(9), UAI))
    import_dossier(tmp_path / "in")
    school = School.objects.get()
    made = Document.objects.in_school(school).count()
    Document.objects.create(
        school=school,
        type="autre",
        subject="etablissement",
        subject_id=UAI,
        number="P1",
        issued_at="2026-01-01T00:00:00Z",
    )
    assert export_dossier(UAI, tmp_path / "out")["rows"]["documents"] == made
    import_dossier(tmp_path / "out", "--prune")
    assert Document.objects.in_school(school).filter(number="P1").exists()


@pytest.mark.django_db
def test_a_signature_that_nobody_waits_for_is_told_once_given(tmp_path: Path) -> None:
    """A minor's own, beside the guardian's: no dossier speaks of it before, none removes or repeats it."""
    dossiers.write(tmp_path / "in", dossiers.make(dossiers.Chance(9), UAI))
    import_dossier(tmp_path / "in")
    school = School.objects.get()
    document = Document.objects.in_school(school).exclude(sha256="").first()
    assert document is not None
    Signature.objects.in_school(school).filter(document=document, role="eleve").delete()
    export_dossier(UAI, tmp_path / "before")
    own = Signature.objects.create(school=school, document=document, role="eleve", name="Li Wu", optional=True)
    export_dossier(UAI, tmp_path / "awaited")
    assert (tmp_path / "awaited" / "signatures.csv").read_bytes() == (
        tmp_path / "before" / "signatures.csv"
    ).read_bytes()
    assert written(import_dossier(tmp_path / "awaited", "--prune")) == 0
    assert Signature.objects.in_school(school).filter(pk=own.pk).exists()
    given_on = "2026-01-05T09:00:00+01:00"
    Signature.objects.in_school(school).filter(pk=own.pk).update(status="signee_papier", date=given_on)
    export_dossier(UAI, tmp_path / "given")
    told = [row for row in table(tmp_path / "given", "signatures") if row["document_id"] == document.dossier_id]
    assert [row["statut"] for row in told if row["role"] == "eleve"] == ["signee_papier"]
    Signature.objects.in_school(school).filter(pk=own.pk).update(status="attendue", date=None)
    assert import_dossier(tmp_path / "given")["errors"] == []  # it takes the row that is there
    own.refresh_from_db()
    assert own.status == "signee_papier" and own.optional


@pytest.mark.django_db
def test_a_paper_that_comes_in_signed_by_all_is_complete(tmp_path: Path) -> None:
    """Since the last of its signatures; a paper that still waits for one is not."""
    rows = dossiers.make(dossiers.Chance(9), UAI)
    first, second = rows["documents"][:2]
    signature = rows["signatures"][0] | {"document_id": first["id"], "motif": ""}
    given = signature | {"statut": "signee_papier", "date": "2026-01-05T09:00:00+01:00"}
    rows["signatures"] = [
        given | {"role": "tuteur"},
        given | {"role": "chef_etablissement", "date": "2026-01-07T09:00:00+01:00"},
        given | {"role": "tuteur", "document_id": second["id"]},
        signature | {"role": "chef_etablissement", "document_id": second["id"], "statut": "attendue", "date": ""},
    ]
    dossiers.write(tmp_path / "in", rows)
    assert import_dossier(tmp_path / "in")["errors"] == []
    papers = {paper.dossier_id: paper for paper in Document.objects.in_school(School.objects.get())}
    assert papers[first["id"]].completed_at == datetime(2026, 1, 7, 8, tzinfo=UTC)
    assert papers[second["id"]].completed_at is None


@pytest.mark.django_db
def test_the_journal_keeps_who_imported_what(tmp_path: Path) -> None:
    dossiers.write(tmp_path / "in", dossiers.make(dossiers.Chance(4), UAI))
    import_dossier(tmp_path / "in", "--dry-run")
    assert not AuditEvent.objects.exists()
    import_dossier(tmp_path / "in")
    event = AuditEvent.objects.get()
    assert (event.verb, event.scope) == ("exchange.dossier_imported", UAI)
    assert event.payload["resources"]["eleves"]["created"] == 2
    import_dossier(tmp_path / "in")
    assert AuditEvent.objects.count() == 1
