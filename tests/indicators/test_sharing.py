"""Sharing with partners: chosen, looked at, frozen, sent, taken back; told to the sheet as before."""

import html
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import OutboxMessage
from core.school_year import SchoolYear
from indicators import services, sharing
from indicators.models import IndicatorShare, Publication, SecrecySettings, ShareLink
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AgreementFactory,
    ContactFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolingFactory,
)

YEAR = SchoolYear(2025)
END = date(2026, 8, 31)


def url(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=[cast.school.uai, *args])


@pytest.fixture
def partner(cast):
    """A partner who took two pupils, carried an action and signed an agreement; its leader has an address."""
    partner = PartnerFactory(school=cast.school, name="Menuiserie Aubrac")
    ContactFactory(school=cast.school, partner=partner, role="dirigeant", email="direction@aubrac.test")
    for _ in range(2):
        schooling = SchoolingFactory(school=cast.school, student__last_name="Zzélève")
        period = PeriodFactory(school=cast.school, school_class=schooling.school_class)
        PlacementFactory(
            school=cast.school, student=schooling.student, period=period, partner=partner, status="termine",
            start_date=period.start_date, end_date=period.end_date,
        )  # fmt: skip
    action = ActionFactory(school=cast.school, title="Visite de l’atelier", start_date=date(2025, 11, 20))
    ActionPartnerFactory(school=cast.school, action=action, partner=partner)
    AgreementFactory(school=cast.school, partner=partner, title="Accord bois")
    return partner


@pytest.fixture
def figures(cast, partner):
    services.refresh(cast.school, YEAR, END)
    return Publication.objects.in_school(cast.school).get(year=YEAR.code)


def plain(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_indicators_to_choose_stand_under_their_headings(of_2025, cast):
    page = of_2025.get(url(cast, "share_new")).content.decode()
    groups = [part.partition("</fieldset>")[0] for part in page.split('<fieldset class="check-group">')[1:]]
    offered = sharing.offered()
    assert [re.search(r"<legend>(.*?)</legend>", group)[1] for group in groups] == [
        html.escape(name) for name, _ in offered
    ]
    assert [re.findall(r'value="([^"]+)"', group) for group in groups] == [
        [code for code, _ in found] for _, found in offered
    ]
    assert {code for group in groups for code in re.findall(r'value="([^"]+)"[^>]* checked', group)} == set(
        sharing.USUAL
    )


def test_the_preview_shows_what_the_partner_will_read_and_keeps_nothing(of_2025, cast, partner, figures):
    data = {
        "indicators": ["I1.1", "I4.1"],
        "partner": "x",
        "partner_id": partner.public_id,
        "shared_date": "2025-11-02",
        "message": "Merci <b>",
        "apercu": "1",
    }
    page = plain(of_2025.post(url(cast, "share_new"), data))
    assert "Ce que le partenaire verra" in page and "Visite de l’atelier" in page and "Accord bois" in page
    assert "moins de 5" in page and "n.d. (effectif < 5)" in page.replace("&lt;", "<")
    assert "Merci &lt;b&gt;" in page and "Zzélève" not in page
    assert not IndicatorShare.objects.in_school(cast.school).exists()


def test_a_share_is_frozen_and_tells_the_sheet(of_2025, cast, partner, figures):
    data = {"indicators": ["I1.1"], "partner": "x", "partner_id": partner.public_id, "shared_date": "2025-11-02"}
    assert of_2025.post(url(cast, "share_new"), data).status_code == 302
    share = IndicatorShare.objects.in_school(cast.school).get()
    AgreementFactory(school=cast.school, title="Accord d’après")
    services.refresh(cast.school, YEAR, END)
    assert [entry["n"] for entry in share.content["figures"]["indicateurs"]] == [1]
    assert "Accord d’après" not in plain(of_2025.get(share.get_absolute_url()))
    now = services.refresh(cast.school, YEAR, END).figures["indicateurs"]
    assert {e["code"]: e["valeur"] for e in now if e["code"] in ("I1.1", "I6.1", "I6.2")} == {
        "I1.1": 2,
        "I6.1": True,
        "I6.2": 1,
    }


def test_several_partners_each_receive_a_link_and_who_has_no_address_is_named(of_2025, cast, partner, figures):
    mute = PartnerFactory(school=cast.school, name="Sans Adresse")
    picks = {"choix": [partner.public_id, mute.public_id], "combien": 2}
    first = of_2025.post(url(cast, "share_send"), picks)
    assert "Aperçu et envoi" in plain(first)
    words = {**picks, "etape": "apercu", "indicators": ["I1.1"], "role": "dirigeant", "message": "À bientôt"}
    look = plain(of_2025.post(url(cast, "share_send"), words))
    assert "Partager avec 1 partenaire" in look and "Sans Adresse" in look
    refused = of_2025.post(url(cast, "share_send"), {**words, "etape": "envoyer", "destinataires": "2"})
    assert refused.status_code == 409
    assert of_2025.post(url(cast, "share_send"), {**words, "etape": "envoyer", "destinataires": "1"}).status_code == 302
    share = IndicatorShare.objects.in_school(cast.school).get()
    mail = OutboxMessage.objects.get()
    assert (share.partner, mail.recipient, "Aubrac" in mail.subject) == (partner, "direction@aubrac.test", False)
    assert "/partage/" in mail.body and "À bientôt" in mail.body


def test_nothing_is_shared_before_there_are_figures(of_2025, cast, partner):
    words = {
        "choix": [partner.public_id],
        "combien": 1,
        "etape": "envoyer",
        "destinataires": "1",
        "indicators": ["I1.1"],
        "role": "dirigeant",
    }
    answer = of_2025.post(url(cast, "share_send"), words)
    assert answer.status_code == 422 and "calculez les indicateurs" in plain(answer)


def test_a_link_is_shown_once_or_mailed_and_taken_back(of_2025, cast, partner, figures):
    share = sharing.share(
        cast.school, YEAR, ["I1.1"], partner, shared_date=date(2025, 11, 2), by=cast.bde.user, today=END
    )
    page = plain(of_2025.post(url(cast, "share_link", share.public_id)))
    assert "/partage/" in page
    of_2025.post(url(cast, "share_link", share.public_id), {"envoyer": "1"})
    assert OutboxMessage.objects.count() == 1
    assert "pas encore ouvert" in plain(of_2025.get(share.get_absolute_url()))
    of_2025.post(url(cast, "share_revoke", share.public_id))
    share.refresh_from_db()
    assert share.revoked_date == timezone.localdate()
    assert not ShareLink.objects.in_school(cast.school).filter(revoked_at=None).exists()
    assert of_2025.post(url(cast, "share_link", share.public_id)).status_code == 302
    assert ShareLink.objects.in_school(cast.school).count() == 2


def test_a_date_of_end_written_by_hand_closes_the_links(of_2025, cast, partner, figures):
    share = sharing.share(
        cast.school, YEAR, ["I1.1"], partner, shared_date=date(2025, 11, 2), by=cast.bde.user, today=END
    )
    sharing.link(share, by=cast.bde.user, now=timezone.now())
    data = {"shared_date": "2025-11-02", "revoked_date": "2025-11-03", "version": share.version}
    assert of_2025.post(url(cast, "share_edit", share.public_id), data).status_code == 302
    assert ShareLink.objects.in_school(cast.school).get().revoked_at is not None
    data |= {"revoked_date": "2025-11-01", "version": share.version + 1}
    assert of_2025.post(url(cast, "share_edit", share.public_id), data).status_code == 422


@pytest.mark.parametrize(("pupils", "status"), [("12", 302), ("9", 422), ("-1", 422), ("999999", 422), ("", 422)])
def test_thresholds_are_raised_never_lowered(of_2025, cast, pupils, status):
    data = {"small": "5", "pupils": pupils, "leavers": "20", "extremes": "20", "answers": "5", "firms": "3"}
    assert of_2025.post(url(cast, "share_settings"), data).status_code == status
    assert SecrecySettings.objects.in_school(cast.school).count() == (1 if status == 302 else 0)


def test_two_people_who_raise_the_thresholds_at_once_are_told(of_2025, cast):
    data = {"small": "5", "pupils": "12", "leavers": "20", "extremes": "20", "answers": "5", "firms": "3"}
    of_2025.post(url(cast, "share_settings"), data)
    for pupils, status in (("13", 302), ("14", 409)):  # both read the first version
        answer = of_2025.post(url(cast, "share_settings"), data | {"pupils": pupils, "version": 1})
        assert answer.status_code == status
    assert SecrecySettings.objects.in_school(cast.school).get().pupils == 13


@pytest.mark.parametrize("message", ["=cmd()", "<script>", "x" * 3000, "\u202eabc 🙂"])
def test_bad_messages_meet_a_sentence_or_are_kept(of_2025, cast, figures, message):
    data = {"indicators": ["I1.1"], "partner": "", "shared_date": "2025-11-02", "message": message}
    assert of_2025.post(url(cast, "share_new"), data).status_code == (422 if len(message) > 2000 else 302)


@pytest.mark.django_db(transaction=False)
def test_publications_that_nobody_shares_are_forgotten(cast, figures):
    share = sharing.share(cast.school, YEAR, ["I1.1"], None, shared_date=END, by=cast.bde.user, today=END)
    for count in range(2):
        AgreementFactory(school=cast.school, title=f"Accord {count}")
        services.refresh(cast.school, YEAR, END - timedelta(days=count))
    assert Publication.objects.in_school(cast.school).count() == 2
    share.refresh_from_db()
    assert share.publication_id == figures.pk


def test_the_page_of_a_share_costs_the_same_with_many_links(
    of_2025, cast, partner, figures, django_assert_max_num_queries
):
    share = sharing.share(cast.school, YEAR, list(sharing.USUAL), partner, shared_date=END, by=cast.bde.user, today=END)
    for _ in range(8):
        sharing.link(share, by=cast.bde.user, now=timezone.now())
    with django_assert_max_num_queries(20):
        of_2025.get(share.get_absolute_url())
    with django_assert_max_num_queries(20):
        of_2025.get(url(cast, "share_list"))
