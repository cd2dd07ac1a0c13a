"""The signed paper that comes back: deposited, seen by those who see the paper, undone."""

import re
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents import circuit, proof
from documents.models import Document, Scan, Signature
from pfmp import services
from tests.documents.pictures import HEIC, jpeg, pdf, png
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(scene) -> Document:  # noqa: F811
    return services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())


def url(paper: Document) -> str:
    return f"{paper.get_absolute_url()}numerisation/"


def row(paper: Document, role: str) -> Signature:
    return Signature.objects.in_school(paper.school).get(document=paper, role=role)


def sent(*files: tuple[str, bytes], roles: tuple[str, ...] = ("tuteur",), day: str = "2026-02-10") -> dict[str, Any]:
    return {
        "pages": [SimpleUploadedFile(name, content) for name, content in files],
        "roles": list(roles),
        "date": day,
    }


def scans_of(paper: Document) -> list[Scan]:
    return list(Scan.objects.in_school(paper.school).filter(document=paper).order_by("pk"))


def test_photos_of_several_pages_note_the_signatures_that_they_show(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    form = client.get(url(paper)).content.decode()
    assert "multiple" in form and "image/*" in form and "Chef d’établissement" not in form
    files = (("1.jpg", jpeg()), ("2.png", png()), ("3.heic", HEIC), ("4.pdf", pdf(2)))
    page = client.post(url(paper), sent(*files, roles=("tuteur", "organisme_accueil")), follow=True).content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Numérisation gardée : 5 pages, 2 signatures." in page and "Papier signé, 5 pages" in page
    (scan,) = scans_of(paper)
    assert scan.pages == 5 and scan.file.name.startswith(f"scans/{scene.school.uai}/")
    assert "1.jpg" not in scan.file.name and "Meziane" not in scan.file.name
    tutor = row(paper, "tuteur")
    assert (tutor.status, tutor.scan, tutor.recorded_by) == ("signee_papier", scan, scene.teacher.user)
    assert timezone.localdate(tutor.date) == date(2026, 2, 10)
    lines = proof.lines(paper)
    assert proof.first_break(paper, lines) is None
    assert [line.payload["scan"] for line in lines if line.kind == "papier"] == [scan.sha256] * 2


def test_the_file_goes_to_those_who_see_the_paper_as_an_attachment(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    client.post(url(paper), sent(("1.jpg", jpeg())))
    (scan,) = scans_of(paper)
    where = f"/etablissements/{scene.school.uai}/documents/numerisations/{scan.public_id}/fichier/"
    answer = client.get(where)
    assert answer["Content-Disposition"] == f'attachment; filename="{paper.number}-v1-signe-1.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    for member, code in ((scene.cast.office, 200), (scene.cast.reader, 403), (scene.cast.stranger, 404)):
        client.force_login(member.user)
        answer = client.get(where)
        assert answer.status_code == code
        if code == 200:
            assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_scan_taken_away_takes_back_what_it_noted(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    circuit.note_paper(
        row(paper, "organisme_accueil"), signed_on=date(2026, 2, 10), by=scene.teacher.user, now=timezone.now()
    )
    client.post(url(paper), sent(("1.jpg", jpeg()), roles=("tuteur", "organisme_accueil")))
    (scan,) = scans_of(paper)
    Scan.objects.in_school(scene.school).filter(pk=scan.pk).update(
        created_at=timezone.now() + timezone.timedelta(minutes=1)
    )
    assert row(paper, "organisme_accueil").scan == scan  # noted before, now with its picture
    where = f"/etablissements/{scene.school.uai}/documents/numerisations/{scan.public_id}/"
    page = client.post(f"{where}retirer/", follow=True).content.decode()
    assert "Numérisation retirée." in page and "Papier signé, 1 page" not in page
    assert "Numérisation retirée : " in page.replace("\xa0", " ")  # the line of the proof, not one more signature
    assert (row(paper, "organisme_accueil").status, row(paper, "organisme_accueil").scan) == ("signee_papier", None)
    scan.refresh_from_db()
    assert scan.removed_at is not None
    assert client.get(f"{where}fichier/").status_code == 404
    assert client.post(f"{where}retirer/").status_code == 404
    lines = proof.lines(paper)
    assert proof.first_break(paper, lines) is None and lines[-1].payload.get("removed") == scan.sha256


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("copieur.pdf", b"%PDF" + b"0" * (21 * 1024 * 1024), "pèse 22 Mo"),
        ("dessin.svg", b"<svg/>", "peut cacher du code"),
        ("page.html", b"<html>", "peut cacher du code"),
        ("photo.jpg", b"<html><script>", "sous un autre nom"),
        ("<script>x.jpg", b"GIF89a", "n’est pas ce que dit son nom"),
        ("protege.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "protégé par un mot de passe"),
        ("vide.pdf", b"", "est vide"),
        ("livre.pdf", pdf(31), "plus de 30 pages"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_the_rest_stays(scene, client, paper, name, content, words):  # noqa: F811
    client.force_login(scene.teacher.user)
    answer = client.post(url(paper), sent((name, content), roles=("tuteur",), day="2026-02-09"))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "<script>x" not in page
    assert 'value="2026-02-09"' in page
    assert re.search(r'value="tuteur"[^>]*checked', page) or re.search(r'checked[^>]*value="tuteur"', page)
    assert not scans_of(paper) and row(paper, "tuteur").status == "attendue"


@pytest.mark.parametrize("day", ["", "2026-02-30", "demain", "2031-01-01", "1850-01-01", "0000-00-00", "99999-01-01"])
def test_a_day_that_cannot_be_is_said_and_nothing_is_kept(scene, client, paper, day):  # noqa: F811
    client.force_login(scene.teacher.user)
    answer = client.post(url(paper), sent(("1.jpg", jpeg()), day=day))
    assert answer.status_code == 422 and "Erreur" in answer.content.decode()
    assert not scans_of(paper) and row(paper, "tuteur").status == "attendue"


def test_only_signatures_that_one_may_note(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    for role in ("chef_etablissement", "partenaire", "n’importe"):
        answer = client.post(url(paper), sent(("1.jpg", jpeg()), roles=(role,)))
        assert answer.status_code == 422 and "vient de changer" in answer.content.decode()
    assert client.post(url(paper), {"date": "2026-02-10"}).status_code == 422  # no file
    client.force_login(scene.cast.head.user)  # the head notes the head's own
    client.post(url(paper), sent(("1.jpg", jpeg()), roles=("chef_etablissement",)))
    assert row(paper, "chef_etablissement").scan is not None
    for member, code in ((scene.cast.office, 403), (scene.cast.reader, 403), (scene.cast.stranger, 404)):
        client.force_login(member.user)
        assert client.get(url(paper)).status_code == code
    (scan,) = scans_of(paper)
    client.force_login(scene.teacher.user)
    where = f"/etablissements/{scene.school.uai}/documents/numerisations/{scan.public_id}/retirer/"
    assert client.post(where).status_code == 403  # it holds a signature that is not theirs to note


def test_a_replaced_version_takes_no_scan(scene, client, paper):  # noqa: F811
    circuit.void(paper, by=scene.teacher.user, now=timezone.now(), reason="nouvelle version")
    client.force_login(scene.cast.bde.user)
    assert client.get(url(paper)).status_code == 403
