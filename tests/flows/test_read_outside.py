"""What leaves a lycée, walked: a partner reads what is shared on a phone until it is stopped; an académie reads its lycées."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from core.school_year import SchoolYear
from indicators import services
from tests import factories
from tests.conftest import Cast
from tests.flows.browsing import mailed, work
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.mark.django_db(transaction=True)
def test_a_partner_and_an_academie_read_counts_and_nobody_s_name(browse: Browse, cast: Cast):
    school, today = cast.school, timezone.localdate()
    year = SchoolYear.on(today)
    started = max(year.start, today - timedelta(days=30))
    partner = factories.PartnerFactory(school=school, name="Menuiserie Lemaire", email="contact@lemaire.example")
    small = factories.SchoolFactory(name="Lycée du Val", academy="Nantes", city="Ancenis")
    school.academy = "Nantes"
    school.save()
    for place, size in ((school, 40), (small, 6)):
        klass = factories.ClassFactory(school=place, year=year.code)
        visit = factories.ActionFactory(school=place, start_date=started, hours=3)
        if place == school:
            factories.ActionPartnerFactory(school=school, action=visit, partner=partner)
        for rank in range(size):
            pupil = factories.StudentFactory(school=place, last_name="Delahaye-Secret")
            factories.SchoolingFactory(school=place, student=pupil, school_class=klass, year=year.code)
            factories.ParticipationFactory(school=place, action=visit, student=pupil, present=rank % 3 > 0)
        services.refresh(place, year, today, by=None)

    office = browse(cast.bde.user)
    office.goto(reverse("indicators:share_new", args=[school.uai]) + f"?partenaire={partner.public_id}")
    office.get_by_role("button", name="Voir l’aperçu").click()
    look(office, "partage-apercu")
    office.get_by_role("button", name="Partager", exact=True).click()
    office.get_by_role("button", name="Envoyer le lien").click()
    work()
    found = re.search(r"https?://\S+", mailed("contact@lemaire.example", "/partage"))
    assert found is not None
    path = "/" + found[0].split("/", 3)[3].rstrip(".")

    phone = browse(None, "narrow")
    phone.goto(path)
    look(phone, "partage-porte")
    phone.locator("main form button.btn-primary").click()
    expect(phone.locator("main")).to_contain_text("Ce que nous avons fait ensemble")
    look(phone, "partage-lu")
    read = phone.content()
    assert "Delahaye" not in read
    office.goto(reverse("indicators:share_list", args=[school.uai]))
    office.locator("main tbody a, main .rows a").first.click()
    look(office, "partage-ouvert")
    office.get_by_role("button", name="Arrêter le partage").click()
    if office.get_by_role("button", name=re.compile("^Arrêter")).count():
        office.get_by_role("button", name=re.compile("^Arrêter")).last.click()
    answer = phone.reload()
    assert answer is not None
    assert answer.status == 410, "the very next request (P-22)"
    assert "Ce que nous avons fait" not in phone.content()

    call_command("academie", "lectrice@rectorat.example", "Nantes")
    reader = User.objects.get(email="lectrice@rectorat.example")
    rectorat = browse(reader)
    rectorat.goto("/")
    expect(rectorat.locator("h1")).to_contain_text("Académie de Nantes")
    look(rectorat, "academie")
    page = rectorat.content()
    assert page.index("Lycée du Val") < page.index("Lycée Hélène-Brisson"), "the order of the alphabet"
    assert "Delahaye" not in page
    narrow = browse(reader, "narrow")
    narrow.goto(reverse("academy_figure", args=["I4.1"]))
    look(narrow, "academie-indicateur")
    expect(narrow.locator("main")).to_contain_text("n.d.")
    refused = rectorat.goto(reverse("schools:home", args=[school.uai]))
    assert refused is not None
    assert refused.status == 404, "no page of a lycée opens for them"
