"""The allowance: rates, caps and order (R-ALLOC-*, R-APLY-*), what ApLyPro would refuse, and the sheet to type from."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp.models import AllowanceFile
from pfmp.rules import allowance
from pfmp.rules.allowance import FileFacts, Line, Rate, Scale, State, Stay, Unclear, Unpaid
from tests.factories import AllowanceFileFactory, DocumentFactory, ExemptionFactory, SignatureFactory

COMPLETE = FileFacts(
    has_ine=True, has_sex=True, has_address=True, is_minor=False, is_bank_ready=True, has_decision=True
)
TODAY = date(2026, 4, 10)


def stay(key=1, start=date(2026, 3, 2), days=20, **changes) -> Stay:
    values = {"end": start + timedelta(days=25), "year": "2025-2026", "scale": Scale.PREMIERE, "student": "Rayan"}
    return Stay(key=key, start=start, days=days, **values | changes)


def line(**changes) -> Line:
    first, last = allowance.year_bounds("2025-2026")
    values = {"stay": stay(), "file": COMPLETE, "first_day": first, "last_day": last, "has_certificate": True}
    return Line(**values | {"has_convention": True} | changes)


def rules_broken(of: Line, today: date = TODAY) -> list[str]:
    return [one.rule for one in allowance.obstacles(of, today) if one.is_blocking]


@pytest.mark.parametrize(
    ("year", "scale", "expected"),
    [
        ("2023-2024", Scale.TERMINALE, Rate(20, 800)),
        ("2024-2025", Scale.TERMINALE, Rate(20, 1200)),
        ("2025-2026", Scale.TERMINALE, Rate(20, 1000)),
        ("2025-2026", Scale.PREMIERE, Rate(15, 600)),
        ("2025-2026", Scale.SECONDE, Rate(10, 300)),
        ("2025-2026", Scale.CAP_1, Rate(10, 350)),
        ("2025-2026", Scale.CS_4, Rate(20, 1800)),
        ("2031-2032", Scale.PREMIERE, None),  # a year without values is not given those of another
    ],
)
def test_rates_are_dated(year, scale, expected):
    assert allowance.rate_of(year, scale) == expected


@pytest.mark.parametrize(
    ("niveau", "words", "expected"),
    [
        ("cap1", {}, Scale.CAP_1),
        ("cap1", {"formation_code": "2402214611"}, Scale.CAP_1_YEAR),
        ("cap1", {"formation_code": "40022146"}, Scale.CAP_1),  # a code of the diploma says nothing of the year
        ("tle_pro", {"formation_code": "2472530233"}, Scale.TERMINALE),
        ("cs", {"diploma": "Certificat de spécialisation Zingueur (niveau 3)"}, Scale.CS_3),
        ("cs", {"formation_code": "25833404112"}, Scale.CS_4),
        ("autre", {"diploma": "FCIL Vente, niveau 4"}, Scale.FCIL_4),
        ("autre", {"diploma": "AvenirPro+ niveau 3"}, Scale.AVENIR_3),
    ],
)
def test_the_line_of_a_class(niveau, words, expected):
    assert allowance.scale_of(niveau, **words) == expected


@pytest.mark.parametrize(
    ("niveau", "words", "kind"),
    [
        ("bts1", {}, Unpaid),
        ("2nde_gt", {}, Unpaid),
        ("cap1", {"formation_code": "2422530531"}, Unpaid),  # the first of three years
        ("cs", {"diploma": "Sommellerie"}, Unclear),
        ("autre", {}, Unclear),
    ],
)
def test_classes_without_a_line(niveau, words, kind):
    assert isinstance(allowance.scale_of(niveau, **words), kind)


def test_the_cap_is_reached_in_the_order_of_the_periods():
    first, second, third = stay(1, date(2025, 11, 3)), stay(2, date(2026, 1, 5), 18), stay(3, date(2026, 3, 2), 20)
    found = allowance.amounts([third, first, second])
    assert [(found[key].euros, found[key].cut) for key in (1, 2, 3)] == [(300, 0), (270, 0), (30, 270)]


def test_a_stay_without_days_makes_the_next_ones_provisional():
    found = allowance.amounts([stay(1, date(2025, 11, 3), None), stay(2)])
    assert found[1].euros is None
    assert (found[2].euros, found[2].is_provisional) == (300, True)


def test_a_stay_caught_up_takes_the_rate_and_the_cap_of_its_year_of_origin():
    found = allowance.amounts([stay(1), stay(2, date(2025, 9, 8), 10, year="2024-2025", scale=Scale.SECONDE)])
    assert (found[1].euros, found[2].euros) == (300, 100)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60), st.sampled_from("ab")), max_size=8))
@settings(max_examples=200)
def test_never_above_the_cap_and_never_depends_on_the_order_given(drawn):
    stays = [
        stay(number, date(2025, 9, 1) + timedelta(days=shift), days, student=who)
        for number, (shift, days, who) in enumerate(drawn)
    ]
    found = allowance.amounts(stays)
    assert found == allowance.amounts(reversed(stays))
    for who in "ab":
        mine = [one for one in stays if one.student == who]
        given_in_all = sum(found[one.key].euros or 0 for one in mine)
        assert given_in_all == min(600, sum(15 * int(one.days or 0) for one in mine))


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60)
def test_a_stay_cut_in_two_is_worth_the_whole(first, second):
    whole = allowance.amounts([stay(1, days=first + second)])[1].euros
    halves = allowance.amounts([stay(1, days=first), stay(2, date(2026, 3, 20), second)])
    assert whole == sum(one.euros or 0 for one in halves.values())


def test_a_complete_line_passes():
    assert rules_broken(line()) == []
    assert allowance.state_of(line(), TODAY) is State.READY


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"stay": stay(days=None)}, "R-APLY-01"),
        ({"stay": stay(days=27)}, "R-APLY-01"),  # 26 days of calendar
        ({"stay": stay(days=0)}, "R-APLY-01"),
        ({"stay": stay(days=Decimal("12.5"))}, "R-ALLOC-09"),
        ({"stay": stay(start=date(2025, 8, 31), days=5)}, "R-APLY-02"),
        ({"others": [(date(2026, 3, 27), date(2026, 4, 3), "chez Dupont")]}, "R-APLY-02"),
        ({"has_certificate": False}, "R-ALLOC-04"),
        ({"has_convention": False}, "R-ALLOC-04"),
        ({"file": replace(COMPLETE, has_ine=False)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, has_sex=False)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, has_address=False)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, is_apprentice=True)}, "R-APLY-05"),
        ({"file": replace(COMPLETE, is_bank_ready=None)}, "R-APLY-04"),
        ({"file": replace(COMPLETE, has_decision=False)}, "R-APLY-04"),
        ({"stay": stay(scale=Unclear("?"))}, "R-ALLOC-02"),
    ],
)
def test_what_aplypro_refuses(changes, rule):
    refused = line(**changes)
    assert rules_broken(refused) == [rule]
    assert allowance.state_of(refused, TODAY) is State.TO_COMPLETE


@pytest.mark.parametrize("file", [replace(COMPLETE, is_minor=True), replace(COMPLETE, has_two_schoolings=True)])
def test_what_is_said_without_stopping_the_line(file):
    known = line(file=file)
    assert rules_broken(known) == []
    assert len(allowance.obstacles(known, TODAY)) == 1


def test_nothing_is_validated_on_the_last_day_but_the_next():
    last = stay().end
    assert rules_broken(line(), last) == ["R-APLY-04"]
    assert rules_broken(line(), last + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("code", "first"), [("97410", date(2025, 8, 16)), ("97600", date(2025, 8, 23)), ("75011", date(2025, 9, 1))]
)
def test_the_year_opens_earlier_overseas(code, first):
    assert allowance.year_bounds("2025-2026", code)[0] == first


def test_states_and_lateness():
    last = stay().end
    assert allowance.state_of(line(), TODAY, entered=TODAY) is State.ENTERED
    assert allowance.state_of(line(), TODAY, entered=TODAY, validated=TODAY) is State.VALIDATED
    assert allowance.state_of(line(stay=stay(scale=Unpaid("BTS"))), TODAY) is State.NONE
    assert not allowance.is_late(State.READY, last, last + timedelta(days=45))
    assert allowance.is_late(State.READY, last, last + timedelta(days=46))
    assert not allowance.is_late(State.VALIDATED, last, last + timedelta(days=90))


# ------------------------------------------------------------------------------------------------------------- the pages


@pytest.fixture
def complete(scene):
    """A stay of the scene that ApLyPro would take, a week after its end."""
    pupil = scene.student
    pupil.ine, pupil.sex, pupil.address, pupil.postal_code, pupil.city = "120000001AA", "M", "1 rue A", "75011", "Paris"
    pupil.save()
    with time_machine.travel("2026-04-03T09:00:00+02:00", tick=False):
        placement = scene.placement(status="termine", days_done=20, days_by=scene.teacher)
        AllowanceFileFactory(
            school=scene.school, student=pupil, year="2025-2026", is_bank_ready=True, decision_date=date(2025, 10, 1),
            consent_date=date(2025, 10, 1),
        )  # fmt: skip
        document = DocumentFactory(
            school=scene.school, type="attestation_pfmp", subject="placement", subject_id=placement.dossier_id
        )
        SignatureFactory(
            school=scene.school,
            document=document,
            role="organisme_accueil",
            status="signee_papier",
            date=timezone.now(),
        )
        yield placement


def sheet(scene, period=None) -> str:
    return scene.url(f"periodes/{(period or scene.period).public_id}/allocation/")


@pytest.mark.django_db
def test_a_line_goes_from_ready_to_validated_and_back(scene, complete, client):
    client.force_login(scene.cast.bde.user)
    shown = client.get(sheet(scene))
    (row,) = [one for one in shown.context["rows"] if one.placement == complete]
    assert (row.state, row.amount.euros) == (State.READY, 300)
    assert "120000001AA" in shown.content.decode()
    data = {"ligne": str(complete.public_id)}
    for act, expected in (("saisi", State.ENTERED), ("valide", State.VALIDATED), ("reprendre", State.ENTERED)):
        assert client.post(sheet(scene), {**data, "faire": act}).status_code == 302
        (row,) = [one for one in client.get(sheet(scene)).context["rows"] if one.placement == complete]
        assert row.state is expected
    # Typed there, the days are the bureau's.
    client.force_login(scene.teacher.user)
    url = scene.url(f"placements/{complete.public_id}/jours/")
    assert client.post(url, {"faire": "jours", "days": "18", "reason": "autre", "seen": "20"}).status_code == 403


@pytest.mark.django_db
def test_a_line_that_lacks_something_is_not_marked(scene, complete, client):
    scene.student.sex = ""
    scene.student.save()
    client.force_login(scene.cast.bde.user)
    client.post(sheet(scene), {"faire": "saisi"})
    complete.refresh_from_db()
    assert complete.allowance_entered_date is None
    assert "le sexe manque" in client.get(sheet(scene)).content.decode().lower()


@pytest.mark.django_db
def test_the_sheet_as_a_file_is_in_the_order_of_aplypro_and_runs_nothing(scene, complete, client):
    scene.student.last_name = "=cmd()"
    scene.student.save()
    client.force_login(scene.cast.head.user)
    text = client.get(f"{sheet(scene)}?fichier=csv").content.decode("utf-8-sig")
    head, line = text.splitlines()[:2]
    assert head.startswith("Nom;Prénom;INE;Classe;Début;Fin;Jours;Attestation reçue le;Absences;Montant")
    assert line.startswith("'=cmd();Rayan;120000001AA;1re MELEC;2026-03-02;2026-03-27;20;2026-04-03;0;300")
    for kind in ("xlsx", "ods"):
        assert client.get(f"{sheet(scene)}?fichier={kind}").status_code == 200
    assert client.post(sheet(scene), {"faire": "saisi"}).status_code == 403


@pytest.mark.django_db
def test_only_those_who_may_see_an_ine_open_it(scene, complete, client):
    for role, status in (
        ("bde", 200),
        ("ddfpt", 200),
        ("head", 200),
        ("office", 200),
        ("teacher", 403),
        ("reader", 403),
    ):
        client.force_login(getattr(scene.cast, role).user)
        assert client.get(sheet(scene)).status_code == status, role
        assert client.get(scene.url("allocation/")).status_code == status, role
    client.force_login(scene.cast.stranger.user)
    assert client.get(sheet(scene)).status_code == 404


@pytest.mark.django_db
def test_bts_observations_and_apprentices_have_none(scene, complete, client):
    scene.period.kind = "observation"
    scene.period.save()
    client.force_login(scene.cast.bde.user)
    assert client.get(sheet(scene)).context["rows"] == []
    scene.period.kind = "pfmp"
    scene.period.save()
    ExemptionFactory(school=scene.school, student=scene.student, period=scene.period, reason="apprentissage")
    (row,) = [one for one in client.get(sheet(scene)).context["rows"] if one.placement == complete]
    assert [one.short for one in row.blocking] == ["apprenti"]


@pytest.mark.django_db
def test_the_files_of_a_class_are_kept_line_by_line(scene, complete, client):
    client.force_login(scene.cast.bde.user)
    url = scene.url(f"classes/{scene.school_class.public_id}/allocation/")
    other = scene.pupil(last_name="Zola")
    key = other.public_id
    sent = {
        f"banque-{key}": "non",
        f"decision-{key}": "",
        f"autorisation-{key}": "2025-09-20",
        "decision-tous": "2025-11-03",
    }
    assert client.post(url, sent).status_code == 302
    file = AllowanceFile.objects.in_school(scene.school).get(student=other)
    assert (file.is_bank_ready, file.decision_date, file.consent_date) == (False, date(2025, 11, 3), date(2025, 9, 20))
    for bad in ("2999-01-01", "<script>", "FR76 3000 6000"):
        answer = client.post(url, {f"banque-{key}": "oui", f"decision-{key}": bad, f"autorisation-{key}": ""})
        assert answer.status_code == 422
    file.refresh_from_db()
    assert file.is_bank_ready is False
    assert client.get(file.get_absolute_url())["Location"] == url


@pytest.mark.django_db
def test_the_year_costs_the_same_for_two_or_twenty_and_sums_the_lines(scene, complete, client):
    client.force_login(scene.cast.bde.user)

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    home = scene.url("allocation/?annee=2025-2026")
    client.post(f"/etablissements/{scene.school.uai}/annee/", {"annee": "2025-2026"})
    before = cost(sheet(scene)), cost(home)
    assert client.get(home).context["euros"] == 300
    for _ in range(12):
        scene.placement(student=scene.pupil(), status="termine", days_done=10)
    assert (cost(sheet(scene)), cost(home)) == before
    assert max(before) <= 20
    assert client.get(home).context["euros"] == 300 + 12 * 150


@pytest.mark.django_db
def test_pronote_gets_the_stays_of_the_year(scene, complete, client):
    client.force_login(scene.cast.bde.user)
    text = client.get(scene.url("allocation/pronote/")).content.decode("utf-8-sig")
    assert text.startswith("Nom;Prénom;Né(e) le;Classe")
    assert "Meziane;Rayan;2009-01-15" in text
    assert "73282932000074" in text
    one = client.get(scene.url(f"allocation/pronote/?periode={scene.period.public_id}&fichier=ods"))
    assert one.status_code == 200
    assert client.get(scene.url("allocation/pronote/?periode=x")).status_code == 404
