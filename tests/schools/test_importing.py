"""The engine of imports through its pages: read otherwise, corrected, left and resumed, failed, forgotten; never half done."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs, statements
from core.models import AuditEvent, Job
from partners.models import Contact, Partner
from schools import tasks
from schools.enums import ImportState
from schools.importing import KINDS, journal, running, values
from schools.models import TableImport
from tests.conftest import Cast
from tests.factories import ContactFactory, PartnerFactory, TableImportFactory
from tests.importing import Traveller

ROWS = [
    ["Entreprise", "CP", "Ville", "Tuteur"],
    ["Garage Démo", "02000", "Laon", "Anne EXEMPLE"],
    ["Taxi Bertin", "02000", "Laon", ""],
]


@pytest.fixture
def import_(as_bde: Client, cast: Cast) -> Traveller:
    return Traveller(as_bde, cast.school)


def names(import_: Traveller) -> list[str]:
    return list(Partner.objects.in_school(import_.school).order_by("pk").values_list("name", flat=True))


# ------------------------------------------------------------------------------------------------ the file
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"x", "ancien format"),
        ("a.pdf", b"x", "PDF"),
        ("a.csv", b"", "aucune ligne"),
        ("a.exe", b"x", "ni un CSV"),
        ("", b"", "Choisissez"),
    ],
)
def test_a_file_refused_by_its_name_says_why_at_once(import_: Traveller, name: str, content: bytes, said: str) -> None:
    address = reverse("schools:table_import_new", args=[import_.school.uai, "entreprises"])
    posted = {"fichier": SimpleUploadedFile(name, content)} if name else {}
    response = import_.client.post(address, posted)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not TableImport.objects.in_school(import_.school).exists()


@pytest.mark.django_db
def test_fifty_megabytes_are_refused_before_they_are_kept(import_: Traveller) -> None:
    address = reverse("schools:table_import_new", args=[import_.school.uai, "entreprises"])
    response = import_.client.post(address, {"fichier": SimpleUploadedFile("a.csv", b"a;b\n" * (13 * 1024 * 1024))})
    assert response.status_code == 422
    assert "20 Mo" in response.content.decode()


@pytest.mark.django_db
def test_a_file_refused_by_its_content_says_what_to_do(import_: Traveller) -> None:
    import_.send(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx")
    assert import_.record.state == "refuse"
    page = import_.page()
    assert "mot de passe" in page
    assert "Envoyer un autre fichier" in page


@pytest.mark.django_db
def test_a_name_too_long_keeps_its_end(import_: Traveller) -> None:
    import_.send(ROWS, f"{'x' * 190}.csv")
    assert import_.record.file_name.endswith(".csv")
    assert import_.record.state == "colonnes"


# ------------------------------------------------------------------------------------------------ how it is read
@pytest.mark.django_db
def test_the_header_sheet_and_separator_can_be_corrected(import_: Traveller) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Un"
    for row in (["Entreprise", "Ville", "CP"], ["Nom", "Commune", "Code postal"], ["Garage Démo", "Laon", "02000"]):
        book.active.append(row)
    other = book.create_sheet("Deux")
    for row in (["Société", "Ville"], ["Taxi Bertin", "Guise"]):
        other.append(row)
    out = io.BytesIO()
    book.save(out)
    import_.send(out.getvalue(), "a.xlsx")
    first = import_.record.layout["header_line"]
    import_.client.post(import_.url("layout"), {"sheet": 0, "header_line": 3 - first})
    jobs.run_waiting()
    assert import_.record.layout["header_line"] == 3 - first
    import_.client.post(import_.url("layout"), {"sheet": 1, "header_line": 1})
    jobs.run_waiting()
    assert import_.record.layout["headers"] == ["Société", "Ville"]
    import_.columns().apply()
    assert names(import_) == ["Taxi Bertin"]


@pytest.mark.django_db
def test_a_text_read_again_keeps_the_columns_chosen(import_: Traveller) -> None:
    import_.send("Entreprise;Ville\nCafé Élan;Guise\n".encode("iso8859_15"), "a.txt").columns({"name": 0})
    import_.client.post(import_.url("layout"), {"header_line": 1, "encoding": "cp1252", "delimiter": ";"})
    jobs.run_waiting()
    assert import_.record.state == "colonnes"
    assert import_.record.mapping == {"name": 0}
    refused = import_.client.post(
        import_.url("layout"), {"header_line": 99, "encoding": "x", "delimiter": "?"}, follow=True
    )
    assert "n’est pas possible" in refused.content.decode()


# ------------------------------------------------------------------------------------------------ columns
@pytest.mark.django_db
def test_a_column_for_two_fields_is_said_and_what_was_chosen_stays(import_: Traveller) -> None:
    import_.send(ROWS)
    response = import_.client.post(
        import_.url("columns"), {"colonne-name": 0, "colonne-brand": 0, "status": "prospect"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "déjà prise pour « Raison sociale »" in page
    assert page.partition('value="prospect"')[2].partition(">")[0].count("checked") == 1
    nothing = import_.client.post(import_.url("columns"), {"colonne-city": 2, "status": "actif"})
    assert "raison sociale ou le SIRET" in nothing.content.decode()
    absurd = import_.client.post(import_.url("columns"), {"colonne-name": "999", "status": "<script>"})
    assert absurd.status_code == 422


@pytest.mark.django_db
def test_columns_chosen_are_remembered_for_the_same_headers(import_: Traveller) -> None:
    import_.send(ROWS).columns({"name": 0, "contact_name": 3}).apply()
    again = Traveller(import_.client, import_.school).send([ROWS[0], ["Fleurs Lilas", "02300", "Chauny", ""]])
    assert again.record.mapping == {"name": 0, "contact_name": 3}
    assert "déjà servi" in again.page()
    other = Traveller(import_.client, import_.school).send(
        [[*ROWS[0], "x"], ["Fleurs Lilas", "02300", "Chauny", "Paul ESSAI", "y"]]
    )
    assert other.record.mapping["tutor_name"] == 3


# ------------------------------------------------------------------------------------------------ leaving, coming back
@pytest.mark.django_db
def test_one_leaves_and_comes_back_to_the_same_place(import_: Traveller) -> None:
    import_.send(ROWS).columns()
    listed = import_.client.get(reverse("schools:table_import_list", args=[import_.school.uai])).content.decode()
    assert import_.record.get_absolute_url() in listed
    assert "Contrôlé, pas importé" in listed
    assert "Contrôler les lignes" in import_.page("?etape=colonnes")
    assert names(import_) == []
    import_.client.post(import_.url("discard"))
    assert not TableImport.objects.in_school(import_.school).exists()


@pytest.mark.django_db
def test_a_page_at_work_shows_its_bar_and_refreshes_when_it_is_over(import_: Traveller) -> None:
    address = reverse("schools:table_import_new", args=[import_.school.uai, "entreprises"])
    sent = import_.client.post(address, {"fichier": SimpleUploadedFile("a.csv", b"Entreprise;Ville\nA b;Laon\n")})
    page = import_.client.get(sent["Location"]).content.decode()
    assert "Lecture du fichier" in page
    assert "<progress" in page
    assert import_.client.get(sent["Location"], headers={"HX-Request": "true"}).content.decode().count("<progress") == 1
    jobs.run_waiting()
    assert import_.client.get(sent["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"


# ------------------------------------------------------------------------------------------------ all or nothing
@pytest.mark.django_db
def test_an_import_that_breaks_leaves_nothing_and_can_be_tried_again(
    import_: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_.send(ROWS).columns()
    execute = statements.execute

    def broken(found: Any) -> None:
        execute(found)
        raise IntegrityError

    monkeypatch.setattr(statements, "execute", broken)
    import_.apply()
    assert names(import_) == []
    page = import_.page()
    assert "rien n’est enregistré" in page
    assert import_.url("apply") in page
    monkeypatch.setattr(statements, "execute", execute)
    import_.apply()
    assert names(import_) == ["Garage Démo", "Taxi Bertin"]


@pytest.mark.django_db
def test_a_partner_changed_meanwhile_makes_it_plan_again(import_: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    known = PartnerFactory(school=import_.school, name="Garage Démo", postal_code="02000", city="Laon", phone="")
    import_.send([[*ROWS[0], "Tél"], [*ROWS[1], "0323000000"]]).columns()
    prepare, plans = journal.prepare, []

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        prepared = prepare(*args, **kwargs)
        if not plans:
            Partner.objects.filter(pk=known.pk).update(phone="06 00 00 00 00", version=2)
        plans.append(prepared)
        return prepared

    monkeypatch.setattr(journal, "prepare", meanwhile)
    import_.apply()
    known.refresh_from_db()
    assert (import_.record.state, len(plans)) == ("importe", 2)
    assert known.phone == "06 00 00 00 00"


@pytest.mark.django_db
def test_two_imports_of_one_file_make_one_of_each(import_: Traveller) -> None:
    other = Traveller(import_.client, import_.school)
    import_.send(ROWS).columns()
    other.send(ROWS).columns()
    assert other.counts == {"created": 2}
    for one in (import_, other):
        one.client.post(one.url("apply"))
    jobs.run_waiting()
    assert names(import_) == ["Garage Démo", "Taxi Bertin"]
    assert other.counts == {"unchanged": 2}


@pytest.mark.django_db
def test_an_import_twice_asked_is_written_once_and_undone_once(import_: Traveller) -> None:
    import_.send(ROWS).columns()
    import_.client.post(import_.url("apply"))
    import_.apply()
    assert len(names(import_)) == 2
    events = AuditEvent.objects.filter(verb="schools.table_imported")
    assert events.count() == 1
    assert events.get().payload["counts"]["created"] == 2
    import_.client.post(import_.url("undo"))
    import_.undo()
    assert names(import_) == []
    assert not Contact.objects.in_school(import_.school).exists()
    import_.undo()
    assert import_.record.state == "annule"


@pytest.mark.django_db
def test_the_right_is_read_again_when_the_work_begins(import_: Traveller, cast: Cast) -> None:
    import_.send(ROWS).columns()
    import_.client.post(import_.url("apply"))
    cast.bde.role = "consultation"
    cast.bde.save()
    jobs.run_waiting()
    assert names(import_) == []
    assert "Votre rôle ne permet pas" in Job.objects.get(kind=tasks.apply_table.name).error
    assert import_.client.get(import_.url("detail")).status_code == 403


@pytest.mark.django_db
def test_a_line_that_never_was_cannot_be_decided(import_: Traveller) -> None:
    import_.send(ROWS).columns()
    import_.decide(l99="creer", l2="est:nobody")
    assert import_.record.options["decisions"] == {}
    assert import_.client.post(import_.url("decide"), {"tous": "<script>"}).status_code == 400
    assert import_.client.get(import_.url("detail") + "?voir=x").status_code == 400


# ------------------------------------------------------------------------------------------------ forgotten
@pytest.mark.django_db
def test_after_seven_days_files_reports_and_journals_are_gone(import_: Traveller) -> None:
    import_.send(ROWS).columns().apply()
    waiting = Traveller(import_.client, import_.school).send(ROWS)
    files = [one.record.file.name for one in (import_, waiting)]
    assert all(map(default_storage.exists, files))
    now = timezone.now()
    assert running.forget_old(now + timedelta(days=6)) == 0
    later = now + timedelta(days=8)
    tasks.forget_tables(date=later.date().isoformat())
    assert import_.record.report["lines"], "not yet"
    TableImport.objects.in_school(import_.school).update(created_at=now - timedelta(days=8))
    TableImport.objects.in_school(import_.school).filter(public_id=import_.public_id).update(
        applied_at=now - timedelta(days=8)
    )
    tasks.forget_tables(date=now.date().isoformat())
    assert not any(map(default_storage.exists, files))
    record = TableImport.objects.in_school(import_.school).get()
    assert (record.journal, record.report["counts"]["created"], "lines" in record.report) == ({}, 2, False)
    assert "samples" not in record.layout
    assert running.forget_old(now) == 0
    page = import_.page()
    assert "effacés" in page
    assert "Un import s’annule pendant sept jours." in page
    import_.undo()
    assert len(names(import_)) == 2


# ------------------------------------------------------------------------------------------------ speed
@pytest.mark.django_db
def test_saying_what_an_undo_leaves_costs_as_many_queries_for_many_rows(import_: Traveller, cast: Cast) -> None:
    counts = []
    for size in (2, 20):
        partners = PartnerFactory.create_batch(size, school=cast.school)
        contacts = [ContactFactory(school=cast.school, partner=partner, version=2) for partner in partners]
        changed = [[Contact._meta.label, contact.pk, {"phone": ["", "autre"]}] for contact in contacts]
        written = {"created": [[Partner._meta.label, [partner.pk for partner in partners]]], "changed": changed}
        with CaptureQueriesContext(connection) as queries:
            undone = journal.undo(written, by=cast.bde.user, now=timezone.now())
        assert (undone.removed, undone.restored, len(undone.kept)) == (0, 0, 2 * size)
        assert all(cast.school.uai in kept["url"] for kept in undone.kept)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_pages_cost_as_many_queries_for_many_lines(import_: Traveller) -> None:
    counts = []
    for size in (2, 40):
        one = Traveller(import_.client, import_.school)
        one.send(
            [
                ROWS[0],
                *[
                    [f"Taxi {chr(97 + n % 26)}erti{chr(97 + n // 26)}", f"{10_000 + 811 * n}", f"Ville {n}", ""]
                    for n in range(size)
                ],
            ]
        )
        one.columns()
        with CaptureQueriesContext(connection) as page:
            one.page()
        with CaptureQueriesContext(connection) as listed:
            import_.client.get(reverse("schools:table_import_list", args=[import_.school.uai]))
        with CaptureQueriesContext(connection) as applied:
            one.apply()
        counts.append((len(page), len(listed), len(applied)))
        one.undo()
    assert counts[0] == counts[1]
    assert max(counts[0][:2]) <= 20


# ------------------------------------------------------------------------------------------------ cells
@pytest.mark.parametrize(
    ("cell", "day"),
    [("12/03/2026", "2026-03-12"), ("2026-03-12", "2026-03-12"), ("12.3.26", "2026-03-12"), ("46093", "2026-03-12"),
     ("12 mars 2026", "2026-03-12"), ("jeudi 12 mars 2026", "2026-03-12"), ("1er février 2026", "2026-02-01"),
     ("2026-03-12 10:30:00", "2026-03-12")],
)  # fmt: skip
def test_dates_as_people_and_spreadsheets_write_them(cell: str, day: str) -> None:
    assert values.day(cell).isoformat() == day


@pytest.mark.parametrize("cell", ["31/02/2026", "hier", "999999", "12/13/2026", "99/99/9999"])
def test_absurd_dates_are_refused_with_a_sentence(cell: str) -> None:
    with pytest.raises(values.Refused, match=r"date|jour"):
        values.day(cell)


@pytest.mark.parametrize(
    ("cell", "euros"),
    [
        ("1 234,56 €", "1234.56"),
        ("1234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1\u202f234", "1234.00"),
        ("0", "0.00"),
        ("1.234.567", "1234567.00"),
    ],
)
def test_amounts_as_people_write_them(cell: str, euros: str) -> None:
    assert str(values.amount(cell)) == euros


@pytest.mark.parametrize("cell", ["-5", "abc", "1e999", "NaN", "Infinity", "99999999999"])
def test_absurd_amounts_are_refused(cell: str) -> None:
    with pytest.raises(values.Refused):
        values.amount(cell)


def test_each_kind_has_fields_and_words_of_its_own() -> None:
    for kind in KINDS.values():
        assert len({one.name for one in kind.fields}) == len(kind.fields)
        assert kind.title.startswith("Importer")
    assert len({kind.slug for kind in KINDS.values()}) == len(KINDS)


# ------------------------------------------------------------------------------------------------ bad input
@pytest.mark.django_db
@pytest.mark.parametrize("state", ImportState.values)
def test_no_state_breaks_on_what_browsers_may_send(as_bde: Client, cast: Cast, state: str) -> None:
    """Every page of an import in every state, asked and posted with nonsense: an answer, never a 500."""
    as_bde.raise_request_exception = False
    nonsense = {"voir": "\0", "page": "999999999999", "par_page": "-1", "etape": "🍕", "tous": "", "ligne-x": "creer"}
    nonsense |= {"ligne-" + "9" * 30: "est:", "colonne-name": "-1", "header_line": "1e9", "status": "\u202e"}
    for page in ("detail", "rejected", "layout", "columns", "decide", "apply", "undo", "discard"):
        record = TableImportFactory(school=cast.school, state=state)
        address = reverse(f"schools:table_import_{page}", args=[cast.school.uai, record.public_id])
        if page in ("detail", "rejected"):
            assert as_bde.get(address).status_code == 200
            assert as_bde.get(address, nonsense).status_code in (200, 400)
        else:
            assert as_bde.post(address, nonsense).status_code in (302, 400, 422), page
            assert as_bde.post(address).status_code in (302, 404, 422), page
