"""A dossier through the browser: sent, checked, read, saved; and taken out."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, Job
from events.models import Action
from exchange import uploads
from schools.models import Membership, School, Student
from tests.conftest import Cast
from tests.exchange import dossiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_dir(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


def of_cast(cast: Cast) -> dossiers.Rows:
    return dossiers.make(dossiers.Chance(11), cast.school.uai)


def zip_of(rows: dossiers.Rows) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in rows.items():
            archive.writestr(f"{name}.csv", dossiers.as_csv(name, lines))
    return SimpleUploadedFile("rentrée.zip", out.getvalue(), "application/zip")


def send(client: Client, cast: Cast, *files: SimpleUploadedFile) -> str:
    """Send a dossier; the address of its page."""
    response = client.post(reverse("exchange:import_new", args=[cast.school.uai]), {"dossier": list(files)})
    assert response.status_code == 302, re.findall(r"invalid-feedback.*", response.content.decode())
    return response["Location"]


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_dossier_is_checked_read_then_saved(as_bde: Client, cast: Cast) -> None:
    rows = of_cast(cast)
    url = send(as_bde, cast, zip_of(rows))
    assert "En attente" in page(as_bde, url)
    jobs.run_waiting()
    shown = page(as_bde, url)
    assert "Aucune erreur" in shown
    assert "Enregistrer ces données" in shown
    assert not Student.objects.in_school(cast.school).exists()
    as_bde.post(f"{url}enregistrer/")
    as_bde.post(f"{url}enregistrer/")  # a double click
    assert Job.objects.filter(kind="exchange.import_upload").count() == 1
    jobs.run_waiting()
    assert "Import terminé" in page(as_bde, url)
    assert Student.objects.in_school(cast.school).count() == len(rows["eleves"])
    event = AuditEvent.objects.get(verb="exchange.dossier_imported")
    assert (event.actor, event.scope) == (cast.bde.user, cast.school.uai)
    assert Student.objects.in_school(cast.school).first().created_by == cast.bde.user
    assert "rentrée.zip" in page(as_bde, reverse("exchange:overview", args=[cast.school.uai]))


def test_several_csv_files_make_a_dossier(as_bde: Client, cast: Cast) -> None:
    rows = of_cast(cast)
    files = [
        SimpleUploadedFile(f"{name}.csv", dossiers.as_csv(name, rows[name]))
        for name in ("classes", "eleves", "scolarites")
    ]
    url = send(as_bde, cast, *files, SimpleUploadedFile("visites.csv", b""))
    jobs.run_waiting()
    as_bde.post(f"{url}enregistrer/")
    jobs.run_waiting()
    assert Student.objects.in_school(cast.school).count() == len(rows["eleves"])


def test_errors_are_shown_by_file_and_downloaded_safe(as_bde: Client, cast: Cast) -> None:
    rows = of_cast(cast)
    rows["eleves"][0]["sexe"] = "=cmd()"
    url = send(as_bde, cast, zip_of(rows))
    jobs.run_waiting()
    shown = page(as_bde, url)
    assert "1 erreur à corriger" in shown
    assert "Enregistrer ces données" not in shown
    listed = as_bde.get(f"{url}a-corriger.csv")
    assert listed["Content-Disposition"].startswith("attachment")
    assert "Erreur;eleves.csv;2;sexe;'=cmd();" in listed.content.decode("utf-8-sig")
    as_bde.post(f"{url}enregistrer/")
    assert not Job.objects.filter(kind="exchange.import_upload").exists()


def test_data_of_another_school_is_refused(as_bde: Client, cast: Cast) -> None:
    url = send(as_bde, cast, zip_of(dossiers.make(dossiers.Chance(1), cast.stranger.school.uai)))
    jobs.run_waiting()
    assert "à corriger" in page(as_bde, url)
    assert "uai" in page(as_bde, url)


@pytest.mark.parametrize("address", [str.lower, str.upper])
def test_nobody_changes_their_own_role(as_bde: Client, cast: Cast, address: object) -> None:
    rows = of_cast(cast)
    rows["personnels"] = [
        {"courriel": address(cast.bde.email), "uai": cast.school.uai, "nom": "B", "prenom": "D", "role": "direction"}  # type: ignore[operator]
    ]
    rows["affectations"] = []
    url = send(as_bde, cast, zip_of(rows))
    jobs.run_waiting()
    assert "Vous ne pouvez pas changer votre propre rôle" in page(as_bde, url)
    assert Membership.objects.in_school(cast.school).get(user=cast.bde.user).role == "bde"


def test_who_lost_the_right_meanwhile_imports_nothing(as_bde: Client, cast: Cast) -> None:
    url = send(as_bde, cast, zip_of(of_cast(cast)))
    jobs.run_waiting()
    as_bde.post(f"{url}enregistrer/")
    Membership.objects.in_school(cast.school).filter(pk=cast.bde.pk).update(role="enseignant")
    jobs.run_waiting()
    assert Job.objects.get(kind="exchange.import_upload").state == "failed"
    assert not Student.objects.in_school(cast.school).exists()


def test_data_changed_since_the_check_is_told_and_nothing_is_saved(as_bde: Client, cast: Cast) -> None:
    rows = {"participations": [{"action_id": "a", "eleve_id": "e", "present": "true"}]}
    base = of_cast(cast)
    url = send(as_bde, cast, zip_of(base))
    jobs.run_waiting()
    as_bde.post(f"{url}enregistrer/")
    jobs.run_waiting()
    rows["participations"][0] |= {"action_id": base["actions"][0]["id"], "eleve_id": base["eleves"][0]["id"]}
    url = send(as_bde, cast, zip_of(rows))
    jobs.run_waiting()
    Action.objects.in_school(cast.school).filter(dossier_id=base["actions"][0]["id"]).delete()
    as_bde.post(f"{url}enregistrer/")
    jobs.run_waiting()
    assert "1 erreur à corriger" in page(as_bde, url)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("d.zip", b"not a zip", "ne s’ouvre pas comme une archive ZIP"),
        ("d.zip", b"PK\3\4 broken", "pas une archive ZIP lisible"),
        ("notes.pdf", b"%PDF-", "une seule archive ZIP"),
        ("d.zip", b"", "ne s’ouvre pas"),
    ],
)
def test_what_is_no_dossier_is_refused_at_the_door(
    as_bde: Client, cast: Cast, name: str, content: bytes, said: str
) -> None:
    response = as_bde.post(
        reverse("exchange:import_new", args=[cast.school.uai]), {"dossier": [SimpleUploadedFile(name, content)]}
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Job.objects.exists()
    assert uploads.of_school(cast.school.uai) == []


def test_a_bomb_is_refused_before_it_is_opened(as_bde: Client, cast: Cast) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eleves.csv", b"0" * 30_000_000)
    response = as_bde.post(
        reverse("exchange:import_new", args=[cast.school.uai]),
        {"dossier": [SimpleUploadedFile("d.zip", out.getvalue())]},
    )
    assert "cent fois sa taille" in response.content.decode()


def test_nothing_chosen_is_said(as_bde: Client, cast: Cast) -> None:
    response = as_bde.post(reverse("exchange:import_new", args=[cast.school.uai]), {})
    assert "Choisissez une archive ZIP" in response.content.decode()


def test_a_dossier_can_be_given_up(as_bde: Client, cast: Cast) -> None:
    url = send(as_bde, cast, zip_of(of_cast(cast)))
    assert as_bde.post(f"{url}abandonner/").status_code == 302
    assert as_bde.get(url).status_code == 404
    jobs.run_waiting()
    assert Job.objects.get().state == "failed"


def test_a_dossier_is_kept_seven_days_under_a_random_name(as_bde: Client, cast: Cast) -> None:
    send(as_bde, cast, zip_of(of_cast(cast)))
    names = [path.name for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
    assert "rentrée.zip" not in names
    now = timezone.now()
    assert uploads.forget_old(now + timedelta(days=6, hours=23)) == 0
    assert uploads.forget_old(now + timedelta(days=7, minutes=1)) == 1
    assert uploads.of_school(cast.school.uai) == []


def test_the_page_reloads_when_the_check_is_over(as_bde: Client, cast: Cast) -> None:
    url = send(as_bde, cast, zip_of(of_cast(cast)))
    fragment = as_bde.get(url, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    jobs.run_waiting()
    assert as_bde.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_export_is_a_dossier(as_bde: Client, cast: Cast) -> None:
    url = send(as_bde, cast, zip_of(of_cast(cast)))
    jobs.run_waiting()
    as_bde.post(f"{url}enregistrer/")
    jobs.run_waiting()
    export = reverse("exchange:export", args=[cast.school.uai])
    assert "Télécharger l’archive" in page(as_bde, export)
    response = as_bde.post(export)
    assert response["Content-Disposition"].startswith("attachment; filename=")
    names = zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert {"datapackage.json", "eleves.csv", "signatures.csv"} <= set(names)
    assert AuditEvent.objects.get(verb="exchange.dossier_exported").payload["rows"] > 30
    response = as_bde.post(export, {"with_files": "on"})
    jobs.run_waiting()
    job = Job.objects.get(kind="exchange.export_with_papers")
    assert job.state == "done"
    with job.result_file.open("rb") as archive:
        assert zipfile.ZipFile(archive).testzip() is None
    assert "Télécharger l’archive" in page(as_bde, reverse("exchange:overview", args=[cast.school.uai]))


@pytest.mark.parametrize("name", ["overview", "import_new", "export"])
def test_only_the_bureau_and_the_ddfpt_come_in(client: Client, cast: Cast, name: str) -> None:
    url = reverse(f"exchange:{name}", args=[cast.school.uai])
    for role, member in cast.by_role().items():
        client.force_login(member.user)
        assert client.get(url).status_code == (200 if role in ("bde", "ddfpt") else 403)
    client.force_login(cast.stranger.user)
    assert client.get(url).status_code == 404


def test_a_dossier_of_another_school_is_not_found(client: Client, as_bde: Client, cast: Cast) -> None:
    url = send(as_bde, cast, zip_of(of_cast(cast)))
    public_id = url.rstrip("/").rsplit("/", 1)[-1]
    client.force_login(cast.stranger.user)
    own = cast.stranger.school.uai
    assert client.get(url).status_code == 404
    assert client.get(reverse("exchange:import_detail", args=[own, public_id])).status_code == 404
    assert client.post(reverse("exchange:import_commit", args=[own, public_id])).status_code == 404
    assert School.objects.count() == 2
