"""A partner behind the link of a share: a door that tells nothing, the figures, the paper, and the end at once."""

import re
from datetime import date, timedelta

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from indicators import sharing
from indicators.models import ShareLink
from tests.indicators.test_sharing import END, YEAR, figures, partner, plain  # noqa: F401  (fixtures)


@pytest.fixture
def share(cast, partner, figures):  # noqa: F811
    return sharing.share(
        cast.school, YEAR, ["I1.1", "I4.1", "I5.9"], partner, shared_date=date(2025, 11, 2), by=cast.bde.user, today=END
    )


@pytest.fixture
def token(cast, share):
    return sharing.link(share, by=cast.bde.user, now=timezone.now()).rstrip("/").rsplit("/", 1)[1]


def at(name: str, token: str) -> str:
    return reverse(name, args=[token])


def test_the_door_says_nothing_and_reading_it_changes_nothing(client, token):
    for _ in range(3):
        door = client.get(at("share_start", token))
    assert door.status_code == 200 and "Aubrac" not in plain(door)
    assert (door["Referrer-Policy"], door["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert client.get(at("share_read", token)).status_code == client.get(at("share_file", token)).status_code == 302
    assert ShareLink.objects.across_schools(why="test").get().opened_at is None


def test_behind_the_button_the_figures_and_what_concerns_the_partner(client, cast, share, token):
    assert client.post(at("share_start", token)).status_code == 302
    page = plain(client.get(at("share_read", token)))
    assert "Conventions de partenariat en vigueur" in page and "Visite de l’atelier" in page and "moins de 5" in page
    assert "Zzélève" not in page and "n.d." in page
    assert "no-store" in client.get(at("share_read", token))["Cache-Control"]
    link = sharing.openings(share)[0]
    assert link.opened_at is not None and AuditEvent.objects.filter(verb="indicators.share_opened").count() == 1
    client.post(at("share_start", token))
    assert AuditEvent.objects.filter(verb="indicators.share_opened").count() == 1, "the first day only"


def test_revoked_while_it_is_read_it_is_gone_at_the_next_request(client, cast, share, token):
    client.post(at("share_start", token))
    assert client.get(at("share_read", token)).status_code == 200
    sharing.revoke(share, by=cast.bde.user, now=timezone.now())
    for name in ("share_read", "share_file", "share_start"):
        gone = client.get(at(name, token))
        assert gone.status_code == 410
        assert "Conventions de partenariat" not in plain(gone) and "Visite" not in plain(gone)
    assert client.post(at("share_start", token)).status_code == 410


def test_an_old_link_and_an_unknown_one(client, token):
    ShareLink.objects.across_schools(why="test").update(expires_at=timezone.now() - timedelta(days=1))
    assert "trente jours" in plain(client.get(at("share_start", token)))
    assert client.get(at("share_start", "nobody")).status_code == 404


def test_the_form_of_the_door_is_checked(token):
    strict = Client(enforce_csrf_checks=True)
    door = strict.get(at("share_start", token)).content.decode()
    assert strict.post(at("share_start", token)).status_code == 403
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', door)
    assert found is not None
    assert strict.post(at("share_start", token), {"csrfmiddlewaretoken": found[1]}).status_code == 302


def test_the_paper_says_the_same(client, token, tmp_path):
    client.post(at("share_start", token))
    answer = client.get(at("share_file", token))
    assert answer["Content-Type"] == "application/pdf"
    (tmp_path / "share.pdf").write_bytes(answer.content)
    paper = pypdf.PdfReader(tmp_path / "share.pdf")
    text = " ".join(page.extract_text() for page in paper.pages).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Indicateurs partagés" in text and "Visite de l’atelier" in text and "Zzélève" not in text
