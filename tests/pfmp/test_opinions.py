"""The pupil's opinion of the welcome: when, once, for whom; no page a host opens and no export shows it (R-RGPD-06, P-20)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from pfmp import evaluating, links, opinions
from pfmp.enums import LinkPurpose
from pfmp.models import Placement, WelcomeOpinion
from pfmp.rules import evaluation as rules
from tests.exchange.commands import export_dossier
from tests.factories import OpinionFactory
from tests.pfmp.conftest import Scene, token_of

NOW = datetime(2026, 2, 10, 8, tzinfo=UTC)
MARKER = "Zzyxavis"


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 200))
def test_it_opens_in_the_second_half_and_before_the_end(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    opens = rules.opinion_opens(start, end)
    assert start <= opens <= end
    assert (opens - start).days * 2 >= length


@pytest.fixture
def stay(scene: Scene) -> Placement:
    return scene.placement(start_date=date(2026, 1, 26), end_date=date(2026, 2, 20), status="en_cours")


def opened(client: Client, purpose: LinkPurpose, now: datetime = NOW, **about: object) -> str:
    """A link whose button was pressed in this browser; its token."""
    _, url = links.create(purpose, by=None, now=now, name="Quelqu’un", **about)  # type: ignore[arg-type]
    token = token_of(url)
    client.post(reverse("link_open", args=[token]))
    return token


def said(**changes: str) -> dict[str, str]:
    return dict.fromkeys(rules.QUESTIONS, "4") | {"comment": MARKER} | changes


def test_it_is_given_once_and_corrected_for_a_week(scene: Scene, stay: Placement, client: Client) -> None:
    token = opened(client, LinkPurpose.STUDENT, student=scene.student)
    url = reverse("pupil_opinion", args=[token])
    page = client.get(url).content.decode()
    assert "L’entreprise ne voit jamais ta réponse" in page and "Plutôt oui" in page
    assert client.post(url, said(accueil="")).status_code == 422
    kept = client.post(url, said(accueil="9", comment="<b>🙂</b>"))
    assert kept.status_code == 422 and "&lt;b&gt;🙂" in kept.content.decode()
    assert client.post(url, said()).status_code == 302
    assert client.post(url, said(conseil="1")).status_code == 302
    assert WelcomeOpinion.objects.in_school(scene.school).get().answers["conseil"] == 1
    with time_machine.travel("2026-02-18T09:00:00+01:00", tick=False):
        token = opened(client, LinkPurpose.STUDENT, datetime(2026, 2, 18, 8, tzinfo=UTC), student=scene.student)
        url = reverse("pupil_opinion", args=[token])
        assert "il ne change plus" in client.get(url).content.decode()
        assert client.post(url, said()).status_code == 422
    assert WelcomeOpinion.objects.in_school(scene.school).get().answers["conseil"] == 1


def test_too_early_or_anothers_stay_is_nothing(scene: Scene, client: Client) -> None:
    scene.placement(start_date=date(2026, 2, 9), end_date=date(2026, 3, 6), status="en_cours")
    other = scene.placement(
        student=scene.pupil(), start_date=date(2026, 1, 5), end_date=date(2026, 1, 30), status="termine"
    )
    url = reverse("pupil_opinion", args=[opened(client, LinkPurpose.STUDENT, student=scene.student)])
    assert "s’ouvre à la moitié" in client.get(url).content.decode()
    assert client.get(f"{url}?stage={other.public_id}").status_code == 404
    assert client.get(f"{url}?stage=n’importe%20quoi").status_code == 404
    assert not WelcomeOpinion.objects.in_school(scene.school).exists()


def test_no_page_of_a_host_and_no_export_shows_it(
    scene: Scene, stay: Placement, client: Client, tmp_path: Path
) -> None:
    """By its words, by its number, by its name: the tutor's pages, the company's, the dossier."""
    OpinionFactory(
        school=scene.school, placement=stay, answers=dict.fromkeys(rules.QUESTIONS, 1), comment=MARKER, submitted_at=NOW
    )
    token = opened(client, LinkPurpose.TUTOR, placement=stay, contact=stay.tutor)
    for name in ("tutor_home", "tutor_days", "tutor_evaluation"):
        page = client.get(reverse(name, args=[token]), follow=True).content.decode()
        assert MARKER not in page and "Pas du tout" not in page and "avis de l’élève" not in page.lower()
    coming = scene.placement(student=scene.student, start_date=date(2026, 3, 2), status="pressenti")
    token = opened(client, LinkPurpose.PRE_CONVENTION, placement=coming)
    assert MARKER not in client.get(reverse("pre_convention_fill", args=[token]), follow=True).content.decode()
    assert MARKER.encode() not in evaluating.sheet(stay)
    export_dossier(scene.school.uai, tmp_path)
    assert all(MARKER.encode() not in file.read_bytes() for file in tmp_path.rglob("*.csv"))
    # In the lycée: the referent and the bureau read it; a colleague of the class, the head and the office do not.
    page = reverse("pfmp:placement_following", args=[scene.school.uai, stay.public_id])
    for member, reads in (
        (scene.teacher, True), (scene.cast.bde, True), (scene.cast.ddfpt, True), (scene.cast.head, False),
        (scene.cast.office, False),
    ):  # fmt: skip
        client.force_login(member.user)
        assert (MARKER in client.get(page).content.decode()) == reads, member.role
    Placement.objects.in_school(scene.school).filter(pk=stay.pk).update(referent_email="autre@lycee.example")
    client.force_login(scene.teacher.user)
    assert MARKER not in client.get(page).content.decode()


@pytest.mark.parametrize("count", [4, 5])
def test_a_host_is_told_of_added_up_from_five_answers(scene: Scene, client: Client, count: int) -> None:
    for rank in range(count):
        placement = scene.placement(student=scene.pupil(), status="termine")
        OpinionFactory(
            school=scene.school, placement=placement, comment=MARKER,
            answers=dict.fromkeys(rules.QUESTIONS, 1 if rank == 0 else 4),
        )  # fmt: skip
    welcome = opinions.welcome_at(scene.partner, scene.cast.bde)
    assert (welcome is not None) == (count >= 5)
    client.force_login(scene.cast.bde.user)
    page = client.get(
        reverse("pfmp:partner_hosting", args=[scene.school.uai, scene.partner.public_id])
    ).content.decode()
    assert ("oui : 4 sur 5" in page.replace("\u00a0", " ")) == (count >= 5) and MARKER not in page
    assert opinions.welcome_at(scene.partner, scene.cast.reader) is None
