"""Declining a frame: proposed in one click, made in another, once."""

import html
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from conventions import declining, matching
from conventions.enums import AgreementLevel, AgreementStage
from conventions.models import Agreement, Frame
from partners.models import Partner
from tests.conventions.catalogue_cast import copy_of
from tests.factories import AgreementFactory, ContactFactory, FrameFactory, PartnerFactory


def url(cast, frame, name="frame_decline"):
    return reverse(f"conventions:{name}", args=[cast.school.uai, frame.public_id])


def text_of(answer):
    return html.unescape(answer.content.decode())


def as_proposed(answer, **changed):
    """What the browser posts when nothing is changed."""
    form = answer.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if bound.name == "partner":
            data |= {"partner": "", "partner_id": ""}
        elif isinstance(value, list):
            data[bound.name] = [str(one) for one in value]
        elif value not in (None, False):
            data[bound.name] = str(value)
    return data | changed


@pytest.fixture
def frame(db):
    return Frame.objects.get(partner_name__startswith="Enedis")


def agreements(cast):
    return Agreement.objects.in_school(cast.school)


# ------------------------------------------------------------------------------------------------------- the two clicks


def test_two_clicks_make_the_copy_and_the_project(as_bde, cast, frame):
    partner = PartnerFactory(school=cast.school, name="Enedis Laon")
    boss = ContactFactory(school=cast.school, partner=partner, role="dirigeant", position="Directrice")
    ContactFactory(school=cast.school, partner=partner, role="tuteur")
    asked = as_bde.get(url(cast, frame))
    page = text_of(asked)
    assert "Enedis Laon, Laon (porte ce nom)" in page and "Dons de matériel" in page
    answer = as_bde.post(url(cast, frame), as_proposed(asked))
    local = agreements(cast).get(level=AgreementLevel.SCHOOL)
    assert answer.status_code == 302 and answer["Location"] == local.get_absolute_url()
    copy = local.parent
    assert (copy.level, copy.partner, copy.frame) == ("nationale", None, frame)
    assert copy.signatory == frame.partner_name and copy.url == frame.source_url and copy.title == frame.title
    assert str(copy.signed_date) == "2023-03-20" and copy.start_date is None
    assert local.stage == AgreementStage.PROJECT and local.signed_date is None
    assert (local.partner, local.contact, local.referent, local.frame) == (partner, boss, cast.bde, frame)
    assert local.title == "Convention de partenariat avec Enedis Laon"
    assert "Mentorat" in local.axes_list and len(local.axes_list) == 7
    assert {"mentorat", "visite_entreprise", "don_equipement"} <= set(local.action_types)
    assert "trimestre" in local.follow_up and frame.title in local.purpose
    assert "bac pro" in local.publics
    assert as_bde.get(answer["Location"]).status_code == 200


def test_the_same_form_sent_twice_makes_one(as_bde, cast, frame):
    data = as_proposed(as_bde.get(url(cast, frame)))
    assert data["who"] == "nouveau"
    first, second = (as_bde.post(url(cast, frame), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert agreements(cast).count() == 2
    assert Partner.objects.in_school(cast.school).count() == 1


def test_a_partner_nobody_has_is_made_from_the_frame(as_bde, cast):
    frame = Frame.objects.get(acronym="UIMM", signed="2021-11")
    data = as_proposed(as_bde.get(url(cast, frame)), new_name="UIMM de l’Aisne", new_city="Laon")
    as_bde.post(url(cast, frame), data)
    partner = Partner.objects.in_school(cast.school).get()
    assert (partner.name, partner.city, partner.type, partner.status) == (
        "UIMM de l’Aisne", "Laon", "branche_professionnelle", "prospect",
    )  # fmt: skip
    copy = agreements(cast).get(level="nationale")
    assert copy.signed_date is None  # the source gives a month, not a day


def test_one_s_own_words_take_the_place_of_what_is_proposed(as_bde, cast, frame):
    partner = PartnerFactory(school=cast.school, name="Électricité Morel")
    data = as_proposed(
        as_bde.get(url(cast, frame)),
        who="autre", partner="Électricité Morel", themes=["0", "4"], more_axes="Chantier-école\nA | B\n\n", planned=[],
        other_planned=["jury_examen"], title="Avec Morel", follow_up="Un appel par mois.", referent="",
    )  # fmt: skip
    as_bde.post(url(cast, frame), data)
    local = agreements(cast).get(level=AgreementLevel.SCHOOL)
    assert local.partner == partner and local.title == "Avec Morel" and local.referent is None
    assert local.axes_list[1:] == ["Mentorat", "Chantier-école", "A / B"] and len(local.axes_list) == 4
    assert local.action_types == ["jury_examen"] and local.follow_up == "Un appel par mois."


def test_a_partner_s_page_may_lead_here_with_the_partner_chosen(as_bde, cast, frame):
    partner = PartnerFactory(school=cast.school, name="Sans rapport")
    asked = as_bde.get(url(cast, frame), {"partenaire": str(partner.public_id)})
    assert asked.context["form"]["who"].value() == str(partner.public_id)


# --------------------------------------------------------------------------------------------------------- the copies


def test_the_copy_is_made_once(as_bde, cast, frame):
    for name in ("Un", "Deux"):
        data = as_proposed(as_bde.get(url(cast, frame)), who="nouveau", new_name=f"Électricité {name}", sure="on")
        assert as_bde.post(url(cast, frame), data).status_code == 302
    assert agreements(cast).filter(level="nationale").count() == 1
    assert agreements(cast).filter(level=AgreementLevel.SCHOOL).count() == 2


def test_a_copy_that_came_with_the_dossier_is_taken_as_it_is(as_bde, cast, frame):
    known = AgreementFactory(
        school=cast.school,
        level="nationale",
        partner=None,
        title=frame.title.replace("’", "'").upper(),
        dossier_id="conv-7",
    )
    as_bde.post(url(cast, frame), as_proposed(as_bde.get(url(cast, frame))))
    local = agreements(cast).get(level=AgreementLevel.SCHOOL)
    known.refresh_from_db()
    assert local.parent == known and known.frame == frame and known.dossier_id == "conv-7"
    assert known.title.isupper()


def test_an_academic_frame_keeps_its_national_one_above(as_bde, cast):
    frame = Frame.objects.get(partner_name="UIMM Auvergne-Rhône-Alpes")
    as_bde.post(url(cast, frame), as_proposed(as_bde.get(url(cast, frame))))
    local = agreements(cast).get(level=AgreementLevel.SCHOOL)
    chain = [local.parent, local.parent.parent, local.parent.parent.parent]
    assert [one and one.level for one in chain] == ["region_academique", "nationale", None]
    assert chain[0].academy == frame.academy and chain[1].frame.signed == "2021-11"


def test_of_several_texts_the_one_before_it_is_declined():
    national = [
        Frame(pk=pk, key=str(pk), level="nationale", partner_name="UIMM", acronym="UIMM", signed=signed)
        for pk, signed in ((1, "2006-12-29"), (2, "2015"), (3, "2021-11"))
    ]
    for signed, expected in (("2024-02", 3), ("2016", 2), ("2015-06-01", 2), ("", 3), ("2001", None)):
        frame = Frame(pk=9, key="9", level="academique", declines="UIMM (convention nationale)", signed=signed)
        found = declining.declined_by(frame, [*national, frame])
        assert (found and found.pk) == expected, signed
    assert declining.declined_by(Frame(pk=9, level="academique", declines="1"), national).pk == 1
    assert declining.declined_by(Frame(pk=9, level="nationale", declines="UIMM"), national) is None


def test_two_frames_that_name_each_other_end(as_bde, cast):
    """An import may say anything: a frame declines only what is above it, so the chain ends."""
    one = FrameFactory(level="academique", academy="Académie de Lyon", partner_name="Alpha", declines="Beta")
    FrameFactory(level="academique", academy="Académie de Lyon", partner_name="Beta", declines="Alpha")
    data = as_proposed(as_bde.get(url(cast, one)))
    assert as_bde.post(url(cast, one), data).status_code == 302


# ------------------------------------------------------------------------------------------------------- what is refused


def refused(client, cast, frame, **changed):
    before = agreements(cast).count(), Partner.objects.in_school(cast.school).count()
    answer = client.post(url(cast, frame), as_proposed(client.get(url(cast, frame)), **changed))
    assert answer.status_code == 422
    assert (agreements(cast).count(), Partner.objects.in_school(cast.school).count()) == before
    return text_of(answer)


def test_what_is_not_understood_is_said_and_kept(as_bde, cast, frame):
    partner = PartnerFactory(school=cast.school, name="Enedis Laon")
    stranger = ContactFactory(school=cast.school, partner__school=cast.school, partner__name="Ailleurs SARL")
    page = refused(as_bde, cast, frame, who="autre", follow_up="Gardé tel quel")
    assert "Écrivez le nom de ce partenaire" in page and "Gardé tel quel" in page
    assert "Écrivez le nom du nouveau" in refused(as_bde, cast, frame, who="nouveau", new_name=" ")
    assert "gardez l’un des deux" in refused(as_bde, cast, frame, partner="Ailleurs")
    assert "déjà un partenaire de nom proche : Enedis Laon" in refused(
        as_bde, cast, frame, who="nouveau", new_name="ENEDIS Laon", new_city="Laon"
    )
    assert "ne travaille pas chez" in refused(as_bde, cast, frame, who=str(partner.public_id), contact=str(stranger.pk))
    refused(as_bde, cast, frame, who="n’importe quoi")
    refused(as_bde, cast, frame, themes=["99"])
    refused(as_bde, cast, frame, other_planned=["licenciement"])
    refused(as_bde, cast, frame, title="x" * 300)
    refused(as_bde, cast, frame, creation_key="inventée")


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "=cmd()", "🙂 équipe", "\u202eabc", "a\r\nb"])
def test_odd_words_are_words(as_bde, cast, frame, words):
    data = as_proposed(as_bde.get(url(cast, frame)), new_name=words, title=words, more_axes=words, purpose=words)
    answer = as_bde.post(url(cast, frame), data)
    assert answer.status_code in (302, 422)
    assert b"<script>alert" not in answer.content
    if answer.status_code == 302:
        assert b"<script>alert" not in as_bde.get(answer["Location"]).content


def test_another_school_s_partners_and_people_are_not_offered_nor_taken(as_bde, cast, frame):
    theirs = PartnerFactory(school=cast.stranger.school, name="Enedis Paris")
    person = ContactFactory(school=cast.stranger.school, partner=theirs)
    assert "Enedis Paris" not in text_of(as_bde.get(url(cast, frame), {"partenaire": str(theirs.public_id)}))
    refused(as_bde, cast, frame, who=str(theirs.public_id))
    refused(as_bde, cast, frame, contact=str(person.pk))
    refused(as_bde, cast, frame, referent=str(cast.stranger.pk))


def test_who_only_reads_sees_the_frame_and_not_the_form(client, cast, frame):
    client.force_login(cast.head.user)
    assert client.get(url(cast, frame, "frame_detail")).status_code == 200
    assert client.get(url(cast, frame)).status_code == 403
    assert client.post(url(cast, frame), {}).status_code == 403
    client.force_login(cast.teacher.user)
    assert client.get(url(cast, frame, "frame_detail")).status_code == 403
    client.force_login(cast.stranger.user)
    assert client.get(url(cast, frame, "frame_detail")).status_code == 404
    client.force_login(cast.bde.user)
    unknown = url(cast, frame).replace(str(frame.public_id), "00000000-0000-4000-8000-000000000000")
    assert client.get(unknown).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_copy(cast):
    """Both write; whoever is second finds the copy of the first."""
    frame = Frame.objects.get(partner_name__startswith="Enedis")
    partners = [PartnerFactory(school=cast.school, name=name) for name in ("Un", "Deux")]
    ready, failures = threading.Barrier(2), []

    def go(partner):
        try:
            ready.wait()
            declining.decline(frame, cast.school, declining.Wanted(partner=partner), by=cast.bde.user, key=None)
        except Exception as error:  # told below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[partner]) for partner in partners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert agreements(cast).filter(level="nationale").count() == 1
    assert agreements(cast).filter(level=AgreementLevel.SCHOOL).count() == 2


# ------------------------------------------------------------------------------------------------------------- matching


@pytest.mark.parametrize(
    ("name", "acronym", "partner", "found"),
    [
        ("Union des industries et métiers de la métallurgie", "UIMM", "UIMM Picardie", True),
        ("Union des industries et métiers de la métallurgie", "UIMM", "Union des industries et métiers de la métallurgie 02", True),
        ("Confédération générale des petites et moyennes entreprises", "CGPME (devenue CPME)", "CPME Aisne", True),
        ("PSA Peugeot Citroën", "PSA (devenu Stellantis)", "Stellantis Charleville", True),
        ("Enedis, RTE, FNTP", "", "RTE Reims", True),
        ("France Travail et Union nationale des missions locales", "UNML", "Agence France Travail de Laon", True),
        ("Renault", "", "Garage Renault Laon", True),
        ("Renault", "", "Arnault et fils", False),
        ("OPCO des entreprises de proximité", "OPCO EP", "Opco Bâtisseurs", False),
        ("Régions de France", "", "France Travail", False),
        ("Accor", "", "Accords et musique", False),
        ("Comité BTP", "CCCA-BTP", "BTP Martin", False),
    ],
)  # fmt: skip
def test_a_partner_of_a_frame_s_network_by_name(name, acronym, partner, found):
    index = matching.Index([Frame(pk=1, partner_name=name, acronym=acronym)])
    assert (index.found_in(partner, "") == {1}) == found


def test_archived_partners_are_not_proposed(cast, frame):
    PartnerFactory(school=cast.school, name="Enedis Laon", status="archive")
    assert matching.candidates(cast.school, frame) == []
    near = PartnerFactory(school=cast.school, name="Autre", brand="Enedis")
    assert matching.candidates(cast.school, frame) == [(near, "porte ce nom")]


def test_a_form_with_many_partners_costs_few_queries(as_bde, cast, frame, django_assert_max_num_queries):
    PartnerFactory.create_batch(200, school=cast.school)
    PartnerFactory.create_batch(8, school=cast.school, name="Enedis Laon")
    as_bde.get(url(cast, frame))
    with django_assert_max_num_queries(20):
        assert as_bde.get(url(cast, frame)).status_code == 200


def test_csrf_guards_the_second_click(cast, frame):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bde.user)
    assert client.post(url(cast, frame), {}).status_code == 403
    assert connection.vendor and copy_of(frame, cast.school).frame == frame
