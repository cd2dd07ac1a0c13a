"""Many papers as one ZIP: folders, names, manifest; only what the asker may see, through a job whose file stays."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import jobs
from core.models import Job
from documents import archives
from documents.models import Document
from tests.factories import AgreementFactory, DocumentFactory, SignatureFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


def paper(scene: Any, number: str, content: bytes | None = b"%PDF-1.7 signe", **changes: Any) -> Document:  # noqa: F811
    values: dict[str, Any] = {"school": scene.school, "number": number}
    if content is not None:
        values |= {
            "sha256": hashlib.sha256(content).hexdigest(),
            "file": default_storage.save("documents/un.pdf", ContentFile(content)),
        }
    return DocumentFactory(**values | changes)


def url(scene: Any) -> str:  # noqa: F811
    return f"/etablissements/{scene.school.uai}/documents/archive/"


def made(job: Job) -> zipfile.ZipFile:
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == "done", job.error
    with job.result_file.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def manifest(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = archive.read("manifest.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def asked(client: Any, scene: Any, **form: Any) -> Job:  # noqa: F811
    answer = client.post(url(scene), form)
    assert answer.status_code == 302 and answer.url == url(scene)
    return Job.objects.get(kind="documents.make_archive")


def test_the_papers_of_a_class_with_their_manifest(scene, client):  # noqa: F811
    placement = scene.placement()
    first = paper(scene, "PFMP-2026-00042", subject_id=placement.dossier_id, edition=2)
    SignatureFactory(
        school=scene.school, document=first, role="tuteur", name="Yann Dupont", status="signee_papier",
        date=datetime(2026, 2, 9, 12, tzinfo=UTC), email="yann@dupont.example",
    )  # fmt: skip
    SignatureFactory(school=scene.school, document=first, role="chef_etablissement", email="chef@lycee.example")
    paper(scene, "PFMP-2026-00043")  # of another class
    client.force_login(scene.cast.bde.user)
    job = asked(client, scene, annee="2025-2026", classe=scene.school_class.pk)
    archive = made(job)
    assert archive.namelist() == ["2025-2026/1re MELEC/PFMP-2026-00042-v2.pdf", "manifest.csv", "manifest.json"]
    assert archive.read("2025-2026/1re MELEC/PFMP-2026-00042-v2.pdf") == b"%PDF-1.7 signe"
    (line,) = manifest(archive)
    assert line["numero"] == "PFMP-2026-00042" and line["version"] == "2" and line["etat"] == "À signer"
    assert line["sha256"] == hashlib.sha256(b"%PDF-1.7 signe").hexdigest()
    assert line["signe_par"] == "Tuteur : Yann Dupont, 2026-02-09" and line["manque"] == "Chef d’établissement"
    told = json.loads(archive.read("manifest.json"))
    assert told["documents"][0]["fichier"] == archive.namelist()[0]
    assert b"@" not in archive.read("manifest.csv") + archive.read("manifest.json")  # no address
    assert archive.testzip() is None
    page = client.get(url(scene)).content.decode()
    assert "Télécharger le ZIP" in page and "1 document dans l’archive" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert job.result_name == f"Documents 1re MELEC {scene.school_class.year}.zip"


def test_the_year_holds_what_was_issued_in_it_sealed_when_it_is(scene, client):  # noqa: F811
    sealed = b"%PDF-1.7 scelle"
    paper(
        scene, "PFMP-2025-00001", issued_at=datetime(2025, 9, 1, 8, tzinfo=UTC), subject_id=scene.placement().dossier_id,
        sealed_sha256=hashlib.sha256(sealed).hexdigest(),
        sealed_file=default_storage.save("documents/scelle.pdf", ContentFile(sealed)),
    )  # fmt: skip
    paper(scene, "PFMP-2025-00002", issued_at=datetime(2025, 8, 31, 21, 59, tzinfo=UTC))
    client.force_login(scene.cast.bde.user)
    archive = made(asked(client, scene, annee="2025-2026"))
    (line,) = manifest(archive)
    assert line["numero"] == "PFMP-2025-00001" and archive.read(line["fichier"]) == sealed
    assert line["sha256_scelle"] == hashlib.sha256(sealed).hexdigest()


def test_a_paper_without_its_file_is_told_and_the_others_come(scene, client):  # noqa: F811
    paper(scene, "PFMP-2026-00001", None)
    paper(scene, "PFMP-2026-00002", file="documents/disparu.pdf")
    paper(scene, "PFMP-2026-00003")
    client.force_login(scene.cast.bde.user)
    job = asked(client, scene, annee="2025-2026")
    archive = made(job)
    assert [name for name in archive.namelist() if name.endswith(".pdf")] == ["PFMP-2026-00003-v1.pdf"]
    by_number = {line["numero"]: line["fichier"] for line in manifest(archive)}
    assert "importé sans son PDF" in by_number["PFMP-2026-00001"]
    assert "n’est plus sur le disque" in by_number["PFMP-2026-00002"]
    assert "Sans fichier : 2" in job.message


def test_names_that_could_harm_are_made_plain(scene, client):  # noqa: F811
    for number in ("../../etc/passwd", "=cmd()|x", "PFMP\u202e2026", "a" * 200, "PFMP-1", "PFMP-1"):
        paper(scene, number)
    client.force_login(scene.cast.bde.user)
    archive = made(asked(client, scene, annee="2025-2026"))
    names = [name for name in archive.namelist() if name.endswith(".pdf")]
    assert len(set(names)) == 6 and all(".." not in name.split("/") and not name.startswith("/") for name in names)
    assert not any("\u202e" in name for name in names)
    assert any(line["numero"] == "'=cmd()|x" for line in manifest(archive))


def test_only_what_the_asker_may_see_on_the_day_it_is_made(scene, client):  # noqa: F811
    mine = paper(scene, "PFMP-2026-00001", subject_id=scene.placement().dossier_id)
    agreement = AgreementFactory(school=scene.school)
    theirs = paper(
        scene,
        "CONVENTION-2026-00001",
        type="convention_partenariat",
        subject="convention",
        subject_id=agreement.dossier_id,
    )
    client.force_login(scene.teacher.user)
    form = {"choix": [str(mine.public_id), str(theirs.public_id)], "action": "zip", "filtres": ""}
    archive = made(asked(client, scene, **form))
    assert [line["numero"] for line in manifest(archive)] == ["PFMP-2026-00001"]
    client.force_login(scene.cast.reader.user)
    assert client.get(url(scene)).status_code == 403
    client.force_login(scene.cast.stranger.user)
    assert client.get(url(scene)).status_code == 404
    job = Job.objects.get(kind="documents.make_archive")
    assert client.get(f"/taches/{job.public_id}/fichier/").status_code == 404


def test_who_left_the_school_gets_nothing(scene, client):  # noqa: F811
    paper(scene, "PFMP-2026-00001")
    client.force_login(scene.cast.bde.user)
    job = asked(client, scene, annee="2025-2026")
    scene.cast.bde.is_active = False
    scene.cast.bde.save()
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == "failed" and "plus membre" in job.error


@pytest.mark.parametrize(
    "form", [{"annee": "2099-2100"}, {"annee": "<script>"}, {"annee": "2025-2026", "classe": "0"}, {"x": "1"}]
)
def test_a_choice_that_does_not_exist_is_told(scene, client, form):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    answer = client.post(url(scene), form)
    assert answer.status_code == 422 and not Job.objects.filter(kind="documents.make_archive").exists()


def test_nothing_to_put_together_is_told(scene, client):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    page = client.post(url(scene), {"annee": "2025-2026"}, follow=True).content.decode()
    assert "Aucun document à réunir" in page
    page = client.post(url(scene), {"action": "zip", "filtres": ""}, follow=True).content.decode()
    assert "Cochez d’abord" in page


def test_too_much_is_told_rather_than_cut(scene, client, monkeypatch):  # noqa: F811
    monkeypatch.setattr(archives, "MOST", 1)
    paper(scene, "PFMP-2026-00001")
    paper(scene, "PFMP-2026-00002")
    client.force_login(scene.cast.bde.user)
    page = client.post(url(scene), {"annee": "2025-2026"}, follow=True).content.decode()
    assert "ajoutez un filtre" in page and not Job.objects.filter(kind="documents.make_archive").exists()


def test_asking_twice_makes_it_once(scene, client):  # noqa: F811
    paper(scene, "PFMP-2026-00001")
    client.force_login(scene.cast.bde.user)
    for _ in range(2):
        client.post(url(scene), {"annee": "2025-2026"})
    assert Job.objects.filter(kind="documents.make_archive").count() == 1
