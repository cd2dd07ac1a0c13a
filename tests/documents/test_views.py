"""The pages of papers: signatures on paper, their undoing, refusals, rights."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from documents.models import Document, Signature
from pfmp import services
from tests.factories import DocumentFactory, SignatureFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(scene) -> Document:  # noqa: F811
    return services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())


def row(paper: Document, role: str) -> Signature:
    return Signature.objects.in_school(paper.school).get(document=paper, role=role)


def test_a_signature_on_paper_is_noted_then_undone(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    url = f"{paper.get_absolute_url()}signatures/tuteur/"
    page = client.post(url, {"status": "signee_papier"}, follow=True).content.decode()
    assert "Signature notée : Tuteur, Yann Dupont." in page
    assert row(paper, "tuteur").status == "signee_papier"
    again = client.post(url, {"status": "signee_papier"}, follow=True).content.decode()
    assert "Quelqu’un vient de changer cette signature" in again  # a double click changes nothing
    client.post(url, {"status": "attendue"})
    assert (row(paper, "tuteur").status, row(paper, "tuteur").date) == ("attendue", None)


def test_a_refusal_says_why(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    url = f"{paper.get_absolute_url()}signatures/organisme_accueil/"
    assert "Dites pourquoi" in client.post(url, {"status": "refusee"}, follow=True).content.decode()
    page = client.post(url, {"status": "refusee", "reason": "Les dates ne vont pas."}, follow=True).content.decode()
    assert "Les dates ne vont pas." in page and "Refus noté" in page
    listed = client.get(f"/etablissements/{scene.school.uai}/documents/", {"signatures": "refusee"}).content.decode()
    assert paper.number in listed


def test_no_text_holds_a_nul(scene, client, paper):  # noqa: F811
    """PostgreSQL keeps none: a sentence answers, or nothing is found."""
    client.force_login(scene.cast.bde.user)
    url = paper.get_absolute_url()
    page = client.post(f"{url}signatures/tuteur/", {"status": "refusee", "reason": "Non\0"})
    assert page.status_code == 422 and "caractère nul" in page.content.decode()
    assert row(paper, "tuteur").status == "attendue"
    assert client.post(f"{url}signatures/tuteur%00/", {"status": "refusee"}).status_code == 404
    assert client.get(f"{url}signatures/tuteur%00/liens/").status_code == 404
    assert client.post(f"{url}relancer/", {"role": "tuteur\0"}).status_code == 302


@pytest.mark.parametrize("status", ["signee_en_ligne", "annulee", "nimporte", ""])
def test_states_that_are_not_written_by_hand_are_refused(scene, client, paper, status):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    client.post(f"{paper.get_absolute_url()}signatures/tuteur/", {"status": status})
    assert row(paper, "tuteur").status == "attendue"


def test_the_whole_sheet_at_once_leaves_the_head_s_to_the_head(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    client.post(f"{paper.get_absolute_url()}tout-signe/", {"retour": "objet"})
    rows = dict(Signature.objects.in_school(scene.school).filter(document=paper).values_list("role", "status"))
    assert rows.pop("chef_etablissement") == "attendue"
    assert rows.pop("eleve") == "attendue"  # a minor may sign besides: nobody says that they did
    assert set(rows.values()) == {"signee_papier"}
    client.force_login(scene.cast.head.user)
    done = client.post(f"{paper.get_absolute_url()}tout-signe/", {"retour": "objet"})
    assert "/pfmp/placements/" in done.url
    assert "Convention complète" in client.get(done.url).content.decode()


def test_rights_on_a_paper(scene, client, paper):  # noqa: F811
    url = f"{paper.get_absolute_url()}signatures/tuteur/"
    for member, code in (
        (scene.cast.head, 403),
        (scene.cast.office, 403),
        (scene.cast.reader, 403),
        (scene.cast.stranger, 404),
    ):
        client.force_login(member.user)
        assert client.post(url, {"status": "signee_papier"}).status_code == code
    assert row(paper, "tuteur").status == "attendue"
    client.force_login(scene.cast.bde.user)
    assert client.post(f"{paper.get_absolute_url()}signatures/partenaire/", {}).status_code == 404
    assert client.get(url).status_code == 405


def test_a_paper_imported_without_its_content_says_so(scene, client):  # noqa: F811
    paper = DocumentFactory(school=scene.school, subject_id=scene.placement().dossier_id)
    SignatureFactory(school=scene.school, document=paper)
    client.force_login(scene.cast.bde.user)
    assert "importé sans son PDF" in client.get(paper.get_absolute_url()).content.decode()
    assert client.post(f"{paper.get_absolute_url()}preparer/").status_code == 403
    assert client.get(f"{paper.get_absolute_url()}fichier/").status_code == 302


def test_a_file_that_is_gone_is_not_found(scene, client, paper):  # noqa: F811
    Document.objects.in_school(scene.school).filter(pk=paper.pk).update(sha256="0" * 64, file="documents/disparu.pdf")
    client.force_login(scene.cast.bde.user)
    assert client.get(f"{paper.get_absolute_url()}fichier/").status_code == 404


def test_the_list_is_exported_with_what_is_signed(scene, client, paper):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    url = f"/etablissements/{scene.school.uai}/documents/"
    file = client.get(url, {"format": "csv"}).content.decode("utf-8-sig")
    assert paper.number in file and "Meziane Rayan" in file
    for words, found in (("meziane", 1), ("rayan dupont", 1), (paper.number, 1), ("inconnu", 0)):
        assert client.get(url, {"q": words}).context["page"].paginator.count == found
    assert client.get(url, {"signatures": "signe"}).context["page"].paginator.count == 0


# ------------------------------------------------------------------------------------------------------- the command


def test_the_command_writes_the_convention_without_a_worker(scene, tmp_path, capsys):  # noqa: F811
    placement = scene.placement()
    out = tmp_path / "convention.pdf"
    call_command("placement_convention", scene.school.uai, placement.dossier_id, str(out))
    answer = capsys.readouterr().out.strip().splitlines()[-1]
    assert '"ok": true' in answer and out.read_bytes().startswith(b"%PDF")
    assert not Document.objects.in_school(scene.school).exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"tutor": None}, "R-TUT-01"), ({"tasks": ""}, "R-CONV-01"), ({"referent_email": ""}, "R-REF-01")],
)
def test_the_command_refuses_what_blocks(scene, tmp_path, capsys, changes, reason):  # noqa: F811
    placement = scene.placement(**changes)
    with pytest.raises(SystemExit) as left:
        call_command("placement_convention", scene.school.uai, placement.dossier_id, str(tmp_path / "c.pdf"))
    assert left.value.code == 1 and reason in capsys.readouterr().out
    assert not (tmp_path / "c.pdf").exists()


def test_the_command_refuses_what_it_does_not_know(scene, tmp_path, capsys):  # noqa: F811
    for arguments in (("0000000X", "p1", tmp_path / "c.pdf"), (scene.school.uai, "inconnu", tmp_path / "c.pdf")):
        with pytest.raises(SystemExit):
            call_command("placement_convention", *map(str, arguments))
        assert '"ok": false' in capsys.readouterr().out
    placement = scene.placement(start_date=date(2026, 3, 2))
    with pytest.raises(SystemExit):
        call_command("placement_convention", scene.school.uai, placement.dossier_id, str(tmp_path / "absent" / "c.pdf"))
    assert "ne peut pas être écrit" in json.loads(capsys.readouterr().out)["motif"]
