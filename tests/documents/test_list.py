"""The list of papers: who is missing, in words; its filters; what is done to several; its cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import Document, Reminder, Signature
from pfmp import services
from tests.factories import ClassFactory, DocumentFactory, ReminderFactory, SignatureFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db
ROLES = ("organisme_accueil", "tuteur", "responsable_legal", "enseignant_referent", "chef_etablissement")


def listed(client: Client, scene: Any, **query: str) -> list[str]:  # noqa: F811
    page = client.get(f"/etablissements/{scene.school.uai}/documents/", query).context["page"]
    return sorted(document.number for document in page)


def paper_with(scene: Any, number: str, **changes: Any) -> Document:  # noqa: F811
    """A paper of five parties, all awaited unless said otherwise: `tuteur="refusee"`; `optional="attendue"` adds the pupil's own."""
    statuses = {role: changes.pop(role, "attendue") for role in ROLES}
    optional = changes.pop("optional", "")
    paper: Document = DocumentFactory(school=scene.school, number=number, **changes)
    for role, status in statuses.items():
        SignatureFactory(school=scene.school, document=paper, role=role, status=status, name=f"Nom {role}")
    if optional:
        SignatureFactory(school=scene.school, document=paper, role="eleve", status=optional, optional=True)
    return paper


SIGNED = dict.fromkeys(ROLES, "signee_papier")


@pytest.fixture
def papers(scene) -> dict[str, Document]:  # noqa: F811
    return {
        "neuf": paper_with(scene, "PFMP-2026-00001", optional="attendue"),
        "direction": paper_with(scene, "PFMP-2026-00002", **SIGNED | {"chef_etablissement": "attendue"}),
        "complet": paper_with(scene, "PFMP-2026-00003", **SIGNED, optional="attendue"),
        "refus": paper_with(scene, "PFMP-2026-00004", **SIGNED | {"tuteur": "refusee"}),
        "remplace": paper_with(
            scene, "PFMP-2026-00005", **dict.fromkeys(ROLES, "annulee"), voided_at=datetime(2026, 2, 9, tzinfo=UTC)
        ),
    }


def test_the_state_filter_finds_each_state_and_no_other(scene, client, papers):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    found = {
        code: listed(client, scene, signatures=code)
        for code in ("a_signer", "direction", "signe", "refusee", "remplace")
    }
    assert found == {
        "a_signer": ["PFMP-2026-00001", "PFMP-2026-00002"],
        "direction": ["PFMP-2026-00002"],
        "signe": ["PFMP-2026-00003"],  # a minor's own signature is awaited by nobody
        "refusee": ["PFMP-2026-00004"],
        "remplace": ["PFMP-2026-00005"],
    }


def test_who_is_missing_is_written_and_filtered(scene, client, papers):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    assert listed(client, scene, manque="chef_etablissement") == ["PFMP-2026-00001", "PFMP-2026-00002"]
    assert listed(client, scene, manque="tuteur") == ["PFMP-2026-00001"]
    assert listed(client, scene, manque="eleve") == []
    page = client.get(f"/etablissements/{scene.school.uai}/documents/").content.decode()
    assert "Tout le monde" in page and "La direction" in page and "Refus : le tuteur" in page and "4 sur 5" in page
    file = client.get(f"/etablissements/{scene.school.uai}/documents/", {"format": "csv"}).content.decode("utf-8-sig")
    assert "l’entreprise, le tuteur, la famille, le référent, la direction" in file
    assert "refus : le tuteur" in file and "<span" not in file


def test_class_type_and_dates_filter(scene, client, papers):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    placement = scene.placement()
    other = ClassFactory(school=scene.school, label="2de MTNE")
    Document.objects.in_school(scene.school).filter(pk=papers["neuf"].pk).update(subject_id=placement.dossier_id)
    assert listed(client, scene, classe=str(scene.school_class.pk)) == ["PFMP-2026-00001"]
    assert listed(client, scene, classe=str(other.pk)) == []
    assert listed(client, scene, type="convention_partenariat") == []
    assert len(listed(client, scene, depuis="2026-02-10", jusqu_au="2026-02-10")) == 5
    assert listed(client, scene, jusqu_au="2026-02-09") == []
    for wrong in ({"depuis": "9999-99-99"}, {"signatures": "<script>"}, {"manque": "personne"}, {"classe": "0'; --"}):
        assert listed(client, scene, **wrong) == []
    assert listed(client, scene, q="00003") == ["PFMP-2026-00003"]
    assert listed(client, scene, q="=cmd() 🎒 \u202e" + "x" * 60) == []


def test_to_remind_is_what_waits_and_was_not_written_about_lately(scene, client, papers):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    assert listed(client, scene, relance="true") == []  # issued today: people need some days
    Document.objects.in_school(scene.school).update(issued_at=timezone.now() - timedelta(days=15))
    assert listed(client, scene, relance="true") == ["PFMP-2026-00001", "PFMP-2026-00002"]
    head = Signature.objects.in_school(scene.school).get(document=papers["direction"], role="chef_etablissement")
    ReminderFactory(school=scene.school, signature=head, sent_at=timezone.now() - timedelta(days=1))
    assert listed(client, scene, relance="true") == ["PFMP-2026-00001"]
    page = client.get(f"/etablissements/{scene.school.uai}/documents/").content.decode()
    assert "09/02/2026" in page  # the day of the last message
    Reminder.objects.in_school(scene.school).update(sent_at=timezone.now() - timedelta(days=12))
    assert listed(client, scene, relance="true") == ["PFMP-2026-00001", "PFMP-2026-00002"]


def test_several_are_reminded_at_once(scene, client):  # noqa: F811
    paper = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    Document.objects.in_school(scene.school).filter(pk=paper.pk).update(sha256="a" * 64)
    Signature.objects.in_school(scene.school).filter(document=paper, role="tuteur").update(email="yann@dupont.example")
    client.force_login(scene.cast.bde.user)
    url = f"/etablissements/{scene.school.uai}/documents/choix/"
    form = {"choix": str(paper.public_id), "action": "relancer"}
    page = client.post(url, form).content.decode()
    assert "Relancer les signataires de 1" in page.replace("\N{NO-BREAK SPACE}", " ")
    done = client.post(url, form | {"fait": "1", "combien": "1"}, follow=True).content.decode()
    assert "envoyé" in done
    assert Reminder.objects.in_school(scene.school).filter(signature__document=paper).exists()
    client.force_login(scene.cast.office.user)
    assert client.post(url, form).status_code == 403


def test_rights_on_the_list(scene, client, papers):  # noqa: F811
    url = f"/etablissements/{scene.school.uai}/documents/"
    for member, code in ((scene.cast.head, 200), (scene.cast.reader, 403), (scene.cast.stranger, 404)):
        client.force_login(member.user)
        assert client.get(url).status_code == code
    client.force_login(scene.teacher.user)
    assert listed(client, scene) == []  # papers of nobody they follow


def test_the_list_costs_as_many_queries_for_2_papers_as_for_20(scene, client):  # noqa: F811
    placements = [scene.placement(student=scene.pupil()) for _ in range(2)]
    client.force_login(scene.cast.bde.user)
    url = f"/etablissements/{scene.school.uai}/documents/"
    plain, filtered = [], []
    filters = {"signatures": "a_signer", "manque": "tuteur", "relance": "true", "classe": str(scene.school_class.pk)}
    for start, end in ((0, 2), (2, 20)):
        for rank in range(start, end):
            paper_with(
                scene,
                f"PFMP-2026-{rank:05}",
                subject_id=placements[rank % 2].dossier_id,
                issued_at=timezone.now() - timedelta(days=15),
            )
        client.get(url, {"vue": "tout"})
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url, {"vue": "tout"}).context["page"].paginator.count == end
        plain.append(len(seen))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url, filters).context["page"].paginator.count == end
        filtered.append(len(seen))
    assert plain[0] == plain[1] <= 14
    assert filtered[0] == filtered[1] <= 20
