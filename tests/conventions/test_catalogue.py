"""The catalogue: shipped with the platform, refreshed by import, shown as models to confirm."""

import html
import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions import catalogue, territory
from conventions.enums import FrameSource, Standing
from conventions.models import Frame
from conventions.territory import Reach
from tests.conventions.catalogue_cast import copy_of, written
from tests.factories import AgreementFactory, ClassFactory, FrameFactory, PartnerFactory

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LYON = "academique,Académie de Lyon,"


def url(cast, name, *args):
    return reverse(f"conventions:{name}", args=[cast.school.uai, *args])


def text_of(answer):
    return html.unescape(answer.content.decode())


# -------------------------------------------------------------------------------------------------------------- what ships


@pytest.mark.django_db
def test_the_catalogue_is_there_after_migrate_with_its_source_on_every_row():
    shipped = Frame.objects.filter(source=FrameSource.SHIPPED, gone_at=None)
    assert shipped.count() == 68
    assert shipped.filter(level="nationale", academy="").count() == 64
    assert not shipped.filter(source_title="").exists()
    assert shipped.filter(level="region_academique").count() == 2
    assert not shipped.exclude(source_url__startswith="http").exists()


@pytest.mark.django_db
def test_migrating_again_costs_one_query_and_writes_nothing():
    before = list(Frame.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as asked:
        catalogue.refresh_shipped()
    said = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(said) == 1 and said[0].startswith("SELECT")
    assert list(Frame.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_newer_version_corrects_adds_and_marks_what_is_gone():
    first, second = Frame.objects.order_by("pk")[:2]
    Frame.objects.filter(pk=first.pk).update(title="Autre titre", search_text="autre titre")
    second.delete()
    FrameFactory(key="ancien", source="livre")
    catalogue.refresh_shipped()
    first.refresh_from_db()
    assert first.title != "Autre titre" and "autre" not in first.search_text
    assert Frame.objects.get(key=second.key).public_id == second.public_id  # links from elsewhere still lead there
    assert Frame.objects.get(key="ancien").gone_at is not None
    assert Frame.objects.filter(gone_at=None).count() == 68


@pytest.mark.django_db
def test_what_an_import_wrote_is_left_alone_by_what_ships():
    frame = Frame.objects.first()
    Frame.objects.filter(pk=frame.pk).update(remarks="Vu au rectorat", source="importe")
    catalogue.refresh_shipped()
    frame.refresh_from_db()
    assert frame.remarks == "Vu au rectorat"


def test_two_rows_never_share_a_key_nor_an_address():
    frames = catalogue.shipped()
    assert len({frame.key for frame in frames}) == len({frame.public_id for frame in frames}) == len(frames)
    again = catalogue.shipped()
    assert [frame.public_id for frame in frames] == [frame.public_id for frame in again]


def test_a_corrected_date_or_status_is_the_same_text():
    row = {"partenaire": "UIMM", "intitule": "Accord", "source_titre": "BO", "date_signature": "2015"}
    one = catalogue.frame_of(row, FrameSource.IMPORTED)
    other = catalogue.frame_of(
        row | {"date_signature": "2015-03-02", "statut_estime": "historique"}, FrameSource.IMPORTED
    )
    assert one.key == other.key
    assert one.key != catalogue.frame_of(row | {"intitule": "Accord de 2019"}, FrameSource.IMPORTED).key


class AfterAFlush(TransactionTestCase):
    """A test that empties the tables finds the catalogue again, for little."""

    def test_the_signal_fills_it(self) -> None:
        Frame.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            call_command("flush", verbosity=0, interactive=False)
        assert Frame.objects.count() == 68
        assert len([query for query in asked if "conventions_frame" in query["sql"] and "INSERT" in query["sql"]]) <= 2

    def test_it_is_connected_once(self) -> None:
        names = [key for key, *_ in post_migrate.receivers if key[0] == "conventions.catalogue"]
        assert len(names) == 1


# ------------------------------------------------------------------------------------------------------------- the import


def run(path, *options):
    """(exit code, answer, what people are told)."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("frames_import", str(path), *options, stdout=out, stderr=err)
    except SystemExit as left:
        code = left.code
    return code, json.loads(out.getvalue().splitlines()[-1]), err.getvalue()


@pytest.mark.django_db
def test_an_academy_adds_its_own_and_the_same_file_again_changes_nothing(tmp_path):
    path = written(
        tmp_path,
        f'{LYON}UIMM Lyon,UIMM,Industrie - métallurgie,Convention UIMM,2024-02-05,,Visites; stages,"collège, lycée",Site de l\'académie,https://ac-lyon.example/uimm',
        f"{LYON}Cap métiers,,Orientation,Charte,2025,,Forum,lycée,Site,",
    )
    code, answer, told = run(path)
    assert (code, len(answer["created"]), answer["updated"], answer["gone"]) == (0, 2, [], [])
    assert "2 nouvelles" in told
    frame = Frame.objects.get(acronym="UIMM", academy="Académie de Lyon")
    assert frame.themes == ["Visites", "stages"] and frame.publics == ["collège", "lycée"]
    assert frame.level == "academique" and frame.source == "importe"
    code, answer, _ = run(path)
    assert (code, answer["same"], answer["created"], answer["updated"]) == (0, 2, [], [])


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path):
    path = written(tmp_path, f"{LYON}Cap métiers,,,Charte,,,,,Site,")
    code, answer, told = run(path, "--dry-run")
    assert code == 0 and answer["dry_run"] and len(answer["created"]) == 1 and "à écrire" in told
    assert not Frame.objects.filter(source="importe").exists()


@pytest.mark.django_db
def test_what_left_the_file_is_marked_and_never_erased_within_its_own_territory(tmp_path):
    run(written(tmp_path, f"{LYON}Un,,,Charte,,,,,Site,", f"{LYON}Deux,,,Charte,,,,,Site,"))
    elsewhere = FrameFactory(level="academique", academy="Académie de Lille")
    code, answer, _ = run(written(tmp_path, f"{LYON}Un,,,Charte,2024,,,,Site,"))
    assert code == 0 and len(answer["updated"]) == 1 and len(answer["gone"]) == 1
    gone = Frame.objects.get(partner_name="Deux")
    assert gone.gone_at is not None
    elsewhere.refresh_from_db()
    assert elsewhere.gone_at is None
    assert Frame.objects.filter(source="livre", gone_at=None).count() == 68
    run(written(tmp_path, f"{LYON}Un,,,Charte,2024,,,,Site,", f"{LYON}Deux,,,Charte,,,,,Site,"))
    gone.refresh_from_db()
    assert gone.gone_at is None  # it came back


@pytest.mark.django_db
def test_a_whole_national_list_takes_the_place_of_the_one_that_ships(tmp_path):
    kept = Frame.objects.filter(level="nationale").first()
    path = written(tmp_path, f'nationale,,"{kept.partner_name}",,,"{kept.title}",2026,,Stages,lycée,Éduscol,')
    code, answer, _ = run(path, "--whole")
    assert code == 0 and answer["updated"] == [kept.key] and len(answer["gone"]) == 63
    catalogue.refresh_shipped()  # the next update of the platform does not bring them back
    assert Frame.objects.filter(level="nationale", gone_at=None).count() == 1


BAD = {
    "formule": (f"{LYON}=cmd(),,,Charte,,,,,Site,", "formule"),
    "arobase": (f"{LYON}@SUM(A1),,,Charte,,,,,Site,", "formule"),
    "sans partenaire": (f"{LYON},,,Charte,,,,,Site,", "partenaire est vide"),
    "sans source": (f"{LYON}Un,,,Charte,,,,,,", "source_titre est vide"),
    "niveau": ("etablissement,Académie de Lyon,Un,,,Charte,,,,,Site,", "niveau"),
    "niveau inventé": ("mondiale,,Un,,,Charte,,,,,Site,", "niveau"),
    "nationale d’une académie": ("nationale,Académie de Lyon,Un,,,Charte,,,,,Site,", "académie"),
    "adresse": (f"{LYON}Un,,,Charte,,,,,Site,javascript:alert(1)", "source_url"),
    "date": (f"{LYON}Un,,,Charte,2024-02-31,,,,Site,", "date_signature"),
    "date absurde": (f"{LYON}Un,,,Charte,hier,,,,Site,", "date_signature"),
    "annonce": (f"{LYON}Un,,,Charte en vigueur,,,,,Site,", "en vigueur"),
    "trop long": (f"{LYON}{'x' * 2001},,,Charte,,,,,Site,", "dépasse"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_refused_with_its_number_and_nothing_is_kept(tmp_path, case):
    line, why = BAD[case]
    code, answer, told = run(written(tmp_path, f"{LYON}Bon,,,Charte,,,,,Site,", line))
    assert code == 1 and answer["ok"] is False
    assert [one["line"] for one in answer["lines"]] == [3]
    assert why in answer["lines"][0]["reason"] and "Ligne 3" in told
    assert not Frame.objects.filter(partner_name="Bon").exists()


@pytest.mark.django_db
def test_characters_that_nobody_sees_are_left_out(tmp_path):
    assert run(written(tmp_path, f"{LYON}Un\u202e\u0007,,,Charte,,,,,Site,"))[0] == 0
    assert Frame.objects.get(source="importe").partner_name == "Un"


@pytest.mark.django_db
def test_a_line_twice_is_refused_with_both_numbers(tmp_path):
    line = f"{LYON}Un,,,Charte,,,,,Site,"
    code, answer, _ = run(written(tmp_path, line, line))
    assert code == 1 and answer["lines"] == [{"line": 3, "reason": "c’est la même convention qu’à la ligne 2"}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("niveau,academie,sigle,intitule,source_titre", "partenaire"),
        ("partenaire,intitule", "source_titre"),
        ("partenaire,partenaire,source_titre", "deux fois"),
    ],
)
def test_missing_or_doubled_columns_are_named(tmp_path, header, why):
    code, answer, _ = run(written(tmp_path, "a,b,c,d,e", header=header))
    assert code == 1 and why in answer["motif"]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff\xfe" * 50, b"%PDF-1.7\n%\xe2\xe3", b"\n\n\n"])
def test_what_is_no_table_is_refused_in_french(tmp_path, content):
    path = tmp_path / "cadres.csv"
    path.write_bytes(content)
    code, answer, _ = run(path)
    assert code == 1 and answer["motif"].endswith((".", "fichier", "fois")) and len(answer["motif"]) > 10


@pytest.mark.django_db
def test_a_file_of_an_old_spreadsheet_is_read_and_a_missing_one_said(tmp_path):
    line = f"{LYON}Fédération de l’hôtellerie,,,Charte d'accueil,,,,,Académie,".replace("’", "'")
    path = written(tmp_path, line, encoding="cp1252")
    assert run(path)[0] == 0
    assert Frame.objects.filter(partner_name="Fédération de l’hôtellerie", title="Charte d’accueil").exists()
    code, answer, _ = run(tmp_path / "absent.csv")
    assert code == 1 and "absent.csv" in answer["motif"]


# ------------------------------------------------------------------------------------------------------------ where it holds


@pytest.mark.parametrize(
    ("territory_name", "academy", "reach"),
    [
        ("", "Lyon", Reach.NATIONAL),
        ("Académie de Lyon", "Lyon", Reach.HERE),
        ("Académies de Montpellier et de Toulouse", "Académie de Toulouse", Reach.HERE),
        ("Région académique Auvergne-Rhône-Alpes", "Grenoble", Reach.HERE),
        ("Région académique Provence-Alpes-Côte d’Azur", "Aix-Marseille", Reach.HERE),
        ("Académie d’Orléans-Tours", "Orléans-Tours", Reach.HERE),
        ("Académie de Lyon", "Lille", Reach.ELSEWHERE),
        ("Académie de Lyon", "", Reach.ELSEWHERE),
        ("Région académique Normandie", "Lyon", Reach.ELSEWHERE),
    ],
)
def test_how_far_a_frame_is(territory_name, academy, reach):
    assert territory.reach_of(territory_name, academy) == reach


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ("historique (terme dépassé ou très ancien)", Standing.PAST),
        ("probablement en vigueur à la date de la source", Standing.RECENT),
        ("à vérifier (validité non trouvée)", Standing.UNKNOWN),
        ("", Standing.UNKNOWN),
    ],
)
def test_what_a_status_lets_one_guess(said, standing):
    assert catalogue.standing_of(Frame(estimated_status=said)) == standing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2021-12-10", "10\xa0décembre\xa02021"),
        ("2021-11", "novembre 2021"),
        ("2015", "2015"),
        ("", ""),
        ("2021-13", "2021-13"),
    ],
)
def test_a_date_as_far_as_the_source_knows_it(text, said):
    assert catalogue.said_date(text) == said


# ---------------------------------------------------------------------------------------------------------------- pages


def test_no_page_announces_a_frame_as_running(as_bde, cast):
    """Whatever its source, its status or its dates: on every page of every frame, on the list, and while one declines it."""
    for page in (1, 2, 3):
        assert "en vigueur" not in text_of(as_bde.get(url(cast, "frame_list"), {"page": page})).lower()
    for frame in Frame.objects.all():
        answer = as_bde.get(url(cast, "frame_detail", frame.public_id))
        assert answer.status_code == 200
        assert "en vigueur" not in text_of(answer).lower(), frame
        assert "Modèle à confirmer" in text_of(answer)
    recent = Frame.objects.filter(estimated_status__contains="vigueur").first()
    assert "en vigueur" not in text_of(as_bde.get(url(cast, "frame_decline", recent.public_id))).lower()
    assert "en vigueur" not in text_of(as_bde.get(url(cast, "mobilised"))).lower()


def test_the_copy_that_a_school_keeps_is_to_confirm_until_someone_dates_it(as_bde, cast):
    frame = Frame.objects.filter(signed__startswith="2023").first()
    copy = copy_of(frame, cast.school)
    for name in ("agreement_list", "agreement_tree"):
        page = text_of(as_bde.get(url(cast, name)))
        assert copy.title in page and "À confirmer" in page
    assert copy.state_on(NOW.date()) == "a_confirmer"
    copy.start_date = copy.signed_date
    assert copy.state_on(NOW.date()) == "en_vigueur"


def test_a_frame_shows_its_source_and_leaves_the_site_safely(as_bde, cast):
    frame = Frame.objects.get(partner_name__startswith="Enedis")
    page = text_of(as_bde.get(url(cast, "frame_detail", frame.public_id)))
    assert f'href="{frame.source_url}" rel="noopener noreferrer external"' in page and "(site extérieur)" in page
    for said in (frame.source_title, "Niveau de preuve", "20\xa0mars\xa02023", "Récente, à confirmer", "Mentorat"):
        assert said in page, said


def test_the_list_is_found_with_words_even_misspelt(as_bde, cast):
    page = text_of(as_bde.get(url(cast, "frame_list"), {"q": "metallurgie uimm"}))
    assert "UIMM" in page and "Accor" not in page
    page = text_of(as_bde.get(url(cast, "frame_list"), {"q": "metalurjie"}))
    assert "Vouliez-vous dire" in page and "UIMM" in page
    page = text_of(as_bde.get(url(cast, "frame_list"), {"q": "zzzz"}))
    assert "Enlevez-en un" in page


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ({"pour": "mentorat"}, "C’Possible", "MAIF"),
        ({"public": "superieur"}, "Accor", "C’Possible"),
        ({"niveau": "region_academique"}, "UIMM Sud-Corse", "Accor"),
        ({"statut": "recente"}, "WorldSkills", "Accor"),
        ({"secteur": "Mode et luxe"}, "haute couture", "Accor"),
    ],
)
def test_filters(as_bde, cast, asked, there, not_there):
    answer = as_bde.get(url(cast, "frame_list"), asked | {"par_page": 200})
    page = text_of(answer).split('id="lignes"')[1]
    rows = "".join(str(row["frame"].partner_name) for row in answer.context["rows"])
    assert there in page and there in rows and not_there not in rows


def test_filters_that_make_no_sense_are_said(as_bde, cast):
    for asked in ({"pour": "<script>"}, {"niveau": "lune"}, {"q": "x" * 300}, {"secteur": "=cmd()"}):
        answer = as_bde.get(url(cast, "frame_list"), asked)
        assert answer.status_code == 200 and answer.context["rows"] == []
        assert "<script>alert" not in answer.content.decode()
    assert as_bde.get(url(cast, "frame_list"), {"par_page": "beaucoup"}).status_code == 400
    assert as_bde.get(url(cast, "frame_list"), {"page": "-3"}).status_code == 200
    assert as_bde.get(url(cast, "frame_list"), {"q": "🙂"}).context["rows"] == []


def test_each_row_says_whether_the_school_declines_it_already(as_bde, cast):
    frame = Frame.objects.get(partner_name__startswith="Enedis")
    AgreementFactory(school=cast.school, parent=copy_of(frame, cast.school), title="Avec Enedis Laon")
    AgreementFactory(school=cast.stranger.school, parent=copy_of(frame, cast.stranger.school), title="Ailleurs")
    rows = as_bde.get(url(cast, "frame_list"), {"ici": "oui"}).context["rows"]
    assert [[one.title for one in row["declined_by"]] for row in rows] == [["Avec Enedis Laon"]]
    rows = as_bde.get(url(cast, "frame_list"), {"ici": "non", "par_page": 200}).context["rows"]
    assert len(rows) == 67


def test_the_school_s_own_academy_and_trades_come_first_with_why(as_bde, cast):
    cast.school.academy = "Lyon"
    cast.school.save()
    ClassFactory(school=cast.school, year=_year(as_bde, cast), label="1re MELEC", diploma="Bac pro électricien")
    PartnerFactory(school=cast.school, name="Garage Renault Laon")
    answer = as_bde.get(url(cast, "frame_list"), {"par_page": 200})
    rows = answer.context["rows"]
    assert rows[0]["frame"].partner_name == "UIMM Auvergne-Rhône-Alpes"
    reasons = {row["frame"].partner_name: row["reason"] for row in rows}
    assert reasons["UIMM Auvergne-Rhône-Alpes"] == "parce que c’est une convention de votre académie."
    assert reasons["EDF"] == "parce que vous formez en électricité et énergie."
    assert reasons["Renault"] == "parce que vous avez pour partenaire Garage Renault Laon."
    assert reasons["MAIF"] == ""
    ranks = {row["frame"].partner_name: place for place, row in enumerate(rows)}
    assert ranks["EDF"] < ranks["C’Possible"] < ranks["UIMM Sud-Corse"]


def _year(client, cast):
    return client.get(url(cast, "frame_list")).wsgi_request.school_year.code


def test_a_frame_that_left_the_catalogue_is_found_by_its_page_only(as_bde, cast):
    gone = FrameFactory(gone_at=NOW, partner_name="Maison close")
    assert "Maison close" not in text_of(as_bde.get(url(cast, "frame_list"), {"par_page": 200}))
    assert "Sorti du catalogue" in text_of(as_bde.get(url(cast, "frame_detail", gone.public_id)))


def test_what_a_frame_of_the_catalogue_says_is_never_code(as_bde, cast):
    frame = FrameFactory(
        partner_name="<script>alert(1)</script>",
        title="<b>Titre</b>",
        remarks="<img src=x>",
        themes=["<i>x</i>"],
        publics=["<u>"],
    )
    for name, args in (("frame_list", []), ("frame_detail", [frame.public_id]), ("frame_decline", [frame.public_id])):
        page = as_bde.get(url(cast, name, *args), {"par_page": 200}).content.decode()
        assert "<script>alert" not in page and "<img src=x>" not in page and "<i>x</i>" not in page


@pytest.mark.parametrize("count", [0, 300])
def test_few_queries_whatever_the_partners_and_the_catalogue(as_bde, cast, count):
    PartnerFactory.create_batch(count, school=cast.school)
    FrameFactory.create_batch(count // 5)
    for _ in range(count // 10):
        AgreementFactory(school=cast.school)
    frame = Frame.objects.get(partner_name__startswith="Enedis")
    for name, args in (
        ("frame_list", []),
        ("frame_detail", [frame.public_id]),
        ("mobilised", []),
        ("agreement_tree", []),
    ):
        as_bde.get(url(cast, name, *args))
        with CaptureQueriesContext(connection) as asked:
            assert as_bde.get(url(cast, name, *args)).status_code == 200
        assert len(asked) <= 20, (name, len(asked))
