"""A partner's page: what each role finds there, the one timeline, the boxes beside it, and what it costs."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.school_year import SchoolYear
from indicators import stories as indicators_stories
from indicators.definitions.year_data import YearData
from partners import tabs
from partners.models import Partner, PartnerTag
from pfmp.models import HostIncident, HostReview
from schools.models import Membership
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AgreementFactory,
    AssignmentFactory,
    BeneficiaryFactory,
    ClassFactory,
    ContactFactory,
    ContributionFactory,
    DocumentFactory,
    InteractionFactory,
    InvitationFactory,
    OfferFactory,
    OutcomeFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    ShareFactory,
    StudentFactory,
    VisitFactory,
)

TODAY = timezone.localdate()
YEAR = SchoolYear.on(TODAY)


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(member: Membership, partner: Partner, query: str = "") -> Any:
    return signed_in(member).get(partner.get_absolute_url() + query)


def text_of(response: Any) -> str:
    return " ".join(plain(response.content.decode()).split())


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def titles(response: Any) -> list[str]:
    context = response.context
    facts = context["timeline"] if "timeline" in context else [*reversed(context["coming"]), *context["past"]]
    return [plain(fact.title) for fact in facts]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def partner(cast: Cast) -> Partner:
    return PartnerFactory(
        school=cast.school, name="Énergies Soleil-Haut", brand="Soleil-Haut", siret="81234500000017", status="actif",
        address="41 rue du Moulin", postal_code="02000", headcount="10-19", phone="03 53 01 87 00", owner=cast.bde,
        first_contact_date=date(2021, 9, 3),
    )  # fmt: skip


def placed(partner: Partner, *, start: date, weeks: int = 4, klass: Any = None, **more: Any) -> Any:
    klass = klass or ClassFactory(school=partner.school, year=SchoolYear.on(start).code, diploma="Bac pro MELEC")
    period = PeriodFactory(
        school=partner.school, school_class=klass, start_date=start, end_date=start + timedelta(weeks=weeks)
    )
    return PlacementFactory(school=partner.school, partner=partner, period=period, **more)


def everything(partner: Partner) -> None:
    """One fact of each kind, a day apart, the latest first in the order of ORDER."""
    school = partner.school
    InteractionFactory(school=school, partner=partner, date=ago(1), subject="Hésite pour mars", initiative="partenaire")
    action = ActionFactory(school=school, title="Jury blanc", type="jury_examen", start_date=ago(2))
    ActionPartnerFactory(school=school, action=action, partner=partner)
    AgreementFactory(school=school, partner=partner, title="Accueil et jurys", signed_date=ago(3))
    student = StudentFactory(school=school, first_name="Maëlle", last_name="Guérin")
    stay = placed(partner, start=ago(30), student=student, status="termine")
    VisitFactory(school=school, placement=stay, date=ago(5), report="Tâches conformes")
    offer = OfferFactory(school=school, partner=partner, title="Monteur", received_date=ago(6))
    hired = StudentFactory(school=school, first_name="Nolan", last_name="Aubert")
    BeneficiaryFactory(school=school, offer=offer, student=hired, date=ago(7))
    ContributionFactory(school=school, partner=partner, amount=1200, received_date=ago(8))
    OutcomeFactory(school=school, student=hired, partner=partner, survey_date=ago(9))
    forum = ActionFactory(school=school, title="Forum", start_date=ago(10))
    InvitationFactory(school=school, action=forum, partner=partner, sent_date=ago(40), present=True)


ORDER = [
    "Hésite pour mars", "Jury blanc", "Convention de partenariat signée", "Visite de Maëlle Guérin", "Offre : Monteur",
    "Nolan Aubert a obtenu un poste", "1 200 € de taxe d’apprentissage", "Nolan Aubert travaille là", "Forum",
]  # fmt: skip


# -------------------------------------------------------------------------------------------------- who, and for what


def test_the_identity_says_who_they_are_and_where(cast: Cast, partner: Partner):
    PartnerTag.objects.create(school=cast.school, partner=partner, label="forum 2027")
    said = text_of(page(cast.bde, partner))
    for words in (
        "812 345 000 00017", "43.21A", "10 à 19 salariés", "41 rue du Moulin", "02000 Laon", "forum 2027", "Soleil-Haut",
        str(cast.bde.full_name), "Partenaire depuis 2021",
    ):  # fmt: skip
        assert words in said, words


def test_sites_of_one_company_are_those_of_this_school_only(cast: Cast, partner: Partner):
    here = PartnerFactory(school=cast.school, name="Soleil-Haut Soissons", siret="81234500000025", city="Soissons")
    PartnerFactory(school=cast.school, name="Toute autre", siret="99999999900017")
    PartnerFactory(school=cast.stranger.school, name="Site chez le voisin", siret="81234500000033")
    said = text_of(page(cast.bde, partner))
    assert here.get_absolute_url() in said
    assert "Site chez le voisin" not in said
    assert "Toute autre" not in said


def test_partners_without_siret_are_no_sites_of_each_other(cast: Cast):
    first = PartnerFactory(school=cast.school, siret="")
    PartnerFactory(school=cast.school, siret="", name="Sans numéro non plus")
    assert "Sans numéro non plus" not in text_of(page(cast.bde, first))


def test_a_closed_establishment_and_one_to_avoid_are_said_plainly(cast: Cast, partner: Partner):
    partner.closed_date, partner.avoid_since, partner.avoid_reason = date(2026, 3, 3), date(2026, 2, 2), "Pas de casque"
    partner.save()
    said = text_of(page(cast.bde, partner))
    assert "Établissement fermé le 3 mars 2026" in said
    assert "À éviter depuis le 2 février 2026" in said
    assert "Pas de casque" in said
    for member in (cast.teacher, cast.office):
        said = text_of(page(member, partner))
        assert "À éviter depuis le 2 février 2026" in said
        assert "Pas de casque" not in said


def test_people_stand_under_what_one_calls_them_for(cast: Cast, partner: Partner):
    leader = ContactFactory(school=cast.school, partner=partner, role="dirigeant", phone="+33 3 53 01 87 17")
    tutor = ContactFactory(school=cast.school, partner=partner, role="tuteur", is_former_student=True)
    ContactFactory(school=cast.school, partner=partner, last_name="Partie", role="rh", is_active=False)
    for _ in range(2):
        placed(partner, start=YEAR.start, tutor=tutor)
    response = page(cast.bde, partner)
    assert [(words, len(people)) for words, people in response.context["purposes"]] == [
        ("Pour signer, pour tout accord", 1),
        ("Pour un élève en stage", 1),
    ]
    said = text_of(response)
    assert 'href="tel:+33353018717"' in said
    assert "Ancien élève" in said
    assert "Suit 2 élèves cette année" in said
    assert "Plus en poste : 1" in said
    assert str(leader.full_name) in said


def test_the_next_step_is_the_call_that_waits_the_longest(cast: Cast, partner: Partner):
    who = ContactFactory(school=cast.school, partner=partner, phone="03 53 01 87 17")
    InteractionFactory(school=cast.school, partner=partner, subject="Plus tard", call_again_date=TODAY + timedelta(9))
    due = InteractionFactory(
        school=cast.school, partner=partner, subject="Deux places", contact=who, call_again_date=ago(2)
    )
    InteractionFactory(
        school=cast.school, partner=partner, subject="Déjà fait", call_again_date=ago(9), called_again=True
    )
    said = text_of(page(cast.bde, partner))
    assert f"Prochaine étape : rappeler {who.full_name} — Deux places." in said
    assert reverse("partners:interaction_done", args=[cast.school.uai, due.public_id]) in said
    assert reverse("partners:interaction_postpone", args=[cast.school.uai, due.public_id]) in said


# ------------------------------------------------------------------------------------------------------- the timeline


def test_everything_that_happened_stands_in_one_timeline(cast: Cast, partner: Partner):
    everything(partner)
    response = page(cast.bde, partner)
    assert titles(response)[:9] == ORDER
    assert titles(response)[9].startswith("Maëlle Guérin, ")
    said = text_of(response)
    assert "Appel, à leur initiative." in said
    assert "Voir" not in said.partition('class="story"')[2].partition("</section>")[2][:300]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("echanges", 1),
        ("placements", 2),
        ("actions", 2),
        ("conventions", 1),
        ("offres", 3),
        ("taxe", 1),
    ],
)
def test_the_address_narrows_the_timeline(cast: Cast, partner: Partner, kind: str, expected: int):
    everything(partner)
    response = page(cast.bde, partner, f"?faits={kind}")
    assert len(titles(response)) == expected
    assert [current for _, url, current in response.context["kinds"] if url.endswith(kind)] == [True]


def test_a_kind_that_does_not_exist_is_a_bad_request(cast: Cast, partner: Partner):
    assert page(cast.bde, partner, "?faits=<script>").status_code == 400


def test_what_is_older_stands_on_a_page_of_its_own(cast: Cast, partner: Partner):
    for days in range(95):
        InteractionFactory(school=cast.school, partner=partner, date=ago(days), subject=f"Échange {days}")
    response = page(cast.bde, partner)
    assert titles(response) == [f"Échange {days}" for days in range(10)]
    assert response.context["older"] == 85
    assert "Voir les 85 faits plus anciens" in text_of(response)
    story = reverse("partners:partner_story", args=[cast.school.uai, partner.public_id])
    client = signed_in(cast.bde)
    seen = [title for number in (1, 2, 3) for title in titles(client.get(f"{story}?page={number}"))]
    assert seen == [f"Échange {days}" for days in range(95)]
    assert client.get(f"{story}?faits=taxe").status_code == 200
    assert client.get(f"{story}?faits=rien").status_code == 400


def test_pupils_of_one_period_take_one_line(cast: Cast, partner: Partner):
    klass = ClassFactory(school=cast.school, year=SchoolYear.on(ago(30)).code, label="1re MELEC")
    period = PeriodFactory(school=cast.school, school_class=klass, start_date=ago(30), end_date=ago(2))
    for number in range(6):
        stay = PlacementFactory(school=cast.school, partner=partner, period=period, status="termine")
        HostReview.objects.create(
            school=cast.school, placement=stay, date=ago(1), welcome=2 if number == 0 else 4, take_again=True
        )
    response = page(cast.bde, partner)
    assert titles(response) == ["6 élèves de 1re MELEC"]
    said = text_of(response)
    assert "et 3 autres" in said
    assert "Bien passé : 5, à suivre : 1." in said
    assert "Bien passé" not in text_of(page(cast.office, partner)), "how it went is for those who may read it"


def test_incidents_are_read_by_who_may(cast: Cast, partner: Partner):
    HostIncident.objects.create(school=cast.school, partner=partner, date=ago(3), kind="securite", facts="Sans carter")
    response = page(cast.bde, partner)
    assert titles(response) == ["Incident : sécurité au travail"]
    assert signed_in(cast.bde).get(response.context["past"][0].url).status_code == 200
    for member in (cast.office, cast.teacher):
        assert titles(page(member, partner)) == []
        assert "Sans carter" not in text_of(page(member, partner))


def test_what_is_cancelled_did_not_happen(cast: Cast, partner: Partner):
    placed(partner, start=ago(30), status="annule")
    ActionPartnerFactory(
        school=cast.school, partner=partner, action=ActionFactory(school=cast.school, status="annulee")
    )
    InvitationFactory(school=cast.school, partner=partner, action=ActionFactory(school=cast.school, status="annulee"))
    assert titles(page(cast.bde, partner)) == []


# ---------------------------------------------------------------------------------------------------------- the roles


def test_the_taxe_is_said_to_those_who_may_read_it(cast: Cast, partner: Partner):
    ContributionFactory(school=cast.school, partner=partner, amount=1234, received_date=ago(3))
    for member in (cast.bde, cast.head):
        assert "1 234 €" in text_of(page(member, partner))
    for member in (cast.office, cast.teacher):
        response = page(member, partner)
        assert "1 234" not in text_of(response)
        assert titles(response) == []
        assert "Taxe et dons" not in [label for label, _, _ in response.context["tabs"]]


def test_the_reader_of_totals_meets_a_refusal(cast: Cast, partner: Partner):
    assert page(cast.reader, partner).status_code == 403


def test_a_stranger_finds_nothing(cast: Cast, partner: Partner):
    assert page(cast.stranger, partner).status_code == 404


def test_a_teacher_reads_what_is_theirs_only(cast: Cast, partner: Partner):
    everything(partner)
    ContactFactory(school=cast.school, partner=partner, last_name="Inconnu")
    DocumentFactory(school=cast.school, subject_id=str(partner.placements.get().dossier_id))
    response = page(cast.teacher, partner)
    assert set(titles(response)) == {"Jury blanc", "Forum"}
    assert response.context["purposes"] == []
    counts = {label: number for label, _, number in response.context["tabs"] if number}
    assert counts == {"Actions": 2}
    assert {panel.template for panel in response.context["panels"]} == set()
    said = text_of(response)
    for hidden in ("Inconnu", "Guérin", "Aubert", "Hésite pour mars", "Accueil et jurys"):
        assert hidden not in said, hidden


def test_a_teacher_sees_their_own_pupils_people_and_exchanges(cast: Cast, partner: Partner):
    mine = ClassFactory(school=cast.school, year=YEAR.code, label="1re à moi", diploma="CAP Électricien")
    AssignmentFactory(school=cast.school, membership=cast.teacher, school_class=mine)
    own = StudentFactory(school=cast.school, first_name="Rayan", last_name="Amien")
    placed(partner, start=YEAR.start, klass=mine, student=own)
    placed(partner, start=YEAR.start, student=StudentFactory(school=cast.school, last_name="Autrui"))
    ContactFactory(school=cast.school, partner=partner, last_name="Connu")
    InteractionFactory(school=cast.school, partner=partner, subject="Noté par moi", author_email=cast.teacher.email)
    InteractionFactory(school=cast.school, partner=partner, subject="Noté par un autre", author_email="x@y.example")
    response = page(cast.teacher, partner)
    said = text_of(response)
    for words in ("Rayan Amien", "Noté par moi", "Connu", "CAP Électricien"):
        assert words in said, words
    for words in ("Autrui", "Noté par un autre", "Bac pro MELEC"):
        assert words not in said, words
    assert {label: number for label, _, number in response.context["tabs"]}["Échanges"] == 1
    assert {label: number for label, _, number in response.context["tabs"]}["Placements"] == 1


@pytest.mark.parametrize("role", ["bde", "ddfpt", "direction", "secretariat", "enseignant"])
def test_every_tab_opens_for_who_sees_it(cast: Cast, partner: Partner, role: str):
    everything(partner)
    member = cast.by_role()[role]
    client = signed_in(member)
    for label, url, _ in page(member, partner).context["tabs"]:
        assert client.get(url).status_code == 200, label


# ---------------------------------------------------------------------------------------------------------- the boxes


def meetings_of(member: Membership, partner: Partner) -> dict[str, Any]:
    found = [one for one in page(member, partner).context["panels"] if one.template.endswith("meetings.html")]
    return found[0].context if found else {}


def test_encounters_are_those_of_the_indicators(cast: Cast, partner: Partner):
    """T21, and every kind of trace around the bounds: the page and E10 count the same days."""
    school, first = cast.school, YEAR.start
    day = min(first + timedelta(days=20), TODAY)
    done = ActionFactory(school=school, start_date=day)
    ActionPartnerFactory(school=school, partner=partner, action=done)
    for channel in ("visite", "appel", "courriel", "rendez_vous", "salon"):
        InteractionFactory(school=school, partner=partner, channel=channel, date=day)
        InteractionFactory(school=school, partner=partner, channel=channel, date=first)
        InteractionFactory(school=school, partner=partner, channel=channel, date=first - timedelta(days=1))
        InteractionFactory(school=school, partner=partner, channel=channel, date=TODAY + timedelta(days=1))
    for present in (True, False, None):
        forum = ActionFactory(school=school, start_date=min(first + timedelta(days=3), TODAY))
        InvitationFactory(school=school, action=forum, partner=partner, present=present, sent_date=first)
    planned = ActionFactory(school=school, start_date=min(first + timedelta(days=5), TODAY), status="prevue")
    ActionPartnerFactory(school=school, partner=partner, action=planned)
    stay = placed(partner, start=first, status="annule")
    VisitFactory(school=school, placement=stay, date=min(first + timedelta(days=7), TODAY), mode="sur_place")
    VisitFactory(school=school, placement=stay, date=min(first + timedelta(days=8), TODAY), mode="telephone")
    look = tabs.Look(partner, cast.bde, TODAY, YEAR)
    found = indicators_stories.encounters(look)
    assert found is not None
    expected = YearData(school, YEAR, TODAY).encounters[partner.pk]
    assert {met for met, _ in found} == expected
    shown = meetings_of(cast.bde, partner)
    assert shown["count"] == len(expected)
    assert f"{len(expected)} sur {school.meetings_goal}" in text_of(page(cast.bde, partner))


def test_a_year_that_has_not_begun_has_no_encounters(cast: Cast, partner: Partner):
    assert indicators_stories.encounters(tabs.Look(partner, cast.bde, YEAR.start - timedelta(1), YEAR)) is None


def test_each_brings_what_it_brings(cast: Cast, partner: Partner):
    everything(partner)
    ShareFactory(school=cast.school, partner=partner, shared_date=ago(4))
    shown = [one for one in page(cast.bde, partner).context["panels"] if one.template.endswith("each_brings.html")]
    theirs, ours = dict(shown[0].context["theirs"]), dict(shown[0].context["ours"])
    assert theirs["Élèves accueillis"] == 1
    assert theirs["Interventions, visites et jurys"] == 1
    assert theirs["Offres"] == 1
    assert plain(theirs["Taxe d’apprentissage"]) == "1 200 €"
    assert ours == {
        "Forums, portes ouvertes, projets": 1,
        "Invitations": 1,
        "Jeunes recrutés": 1,
        "Indicateurs partagés": 1,
    }
    for_office = [one for one in page(cast.office, partner).context["panels"] if "each_brings" in one.template]
    assert "Taxe d’apprentissage" not in dict(for_office[0].context["theirs"])


def test_hosting_by_formation_and_year(cast: Cast, partner: Partner):
    placed(partner, start=YEAR.start)
    placed(partner, start=YEAR.previous.start)
    placed(partner, start=YEAR.previous.start)
    placed(partner, start=YEAR.previous.previous.previous.start)
    placed(partner, start=YEAR.start, status="pressenti")
    shown = [one for one in page(cast.bde, partner).context["panels"] if one.template.endswith("hosting.html")]
    assert shown[0].context["lines"] == [("Bac pro MELEC", [0, 2, 1])]


def test_open_offers_say_the_positions_left(cast: Cast, partner: Partner):
    offer = OfferFactory(school=cast.school, partner=partner, title="Monteur", positions=3)
    BeneficiaryFactory(school=cast.school, offer=offer)
    OfferFactory(school=cast.school, partner=partner, title="Pourvue", filled_date=TODAY)
    OfferFactory(school=cast.school, partner=partner, title="Close", closing_date=ago(1))
    shown = [one for one in page(cast.bde, partner).context["panels"] if one.template.endswith("open_offers.html")]
    assert [(str(one), left) for one, left in shown[0].context["lines"]] == [("Monteur", 2)]
    assert "2 postes à pourvoir" in text_of(page(cast.bde, partner))


def test_the_papers_of_a_partner_are_those_of_its_placements_and_agreements(cast: Cast, partner: Partner):
    stay = placed(partner, start=ago(30))
    other = placed(PartnerFactory(school=cast.school), start=ago(30))
    mine = DocumentFactory(school=cast.school, subject_id=stay.dossier_id, number="A-1")
    DocumentFactory(school=cast.school, subject_id=other.dossier_id, number="B-2")
    url = reverse("partners:partner_documents", args=[cast.school.uai, partner.public_id])
    said = text_of(signed_in(cast.bde).get(url))
    assert mine.number in said
    assert "B-2" not in said
    assert "A-1" not in text_of(signed_in(cast.teacher).get(url))


# -------------------------------------------------------------------------------------------------------- what it costs


def fill(partner: Partner, count: int) -> None:
    """`count` facts of many kinds, spread over the last years."""
    school = partner.school
    for number in range(count):
        day = ago(3 * number + 1)
        match number % 5:
            case 0:
                InteractionFactory(school=school, partner=partner, date=day, call_again_date=day)
            case 1:
                stay = placed(partner, start=day, status="termine")
                VisitFactory(school=school, placement=stay, date=day)
            case 2:
                ActionPartnerFactory(
                    school=school, partner=partner, action=ActionFactory(school=school, start_date=day)
                )
            case 3:
                ContributionFactory(school=school, partner=partner, received_date=day, campaign=day.year)
            case 4:
                OfferFactory(school=school, partner=partner, received_date=day)
                ContactFactory(school=school, partner=partner, role="tuteur")


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # what is read once for the process
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("role", ["bde", "direction", "secretariat", "enseignant"])
def test_a_page_costs_the_same_with_five_facts_or_five_hundred(cast: Cast, role: str):
    small, large = (PartnerFactory(school=cast.school, siret=f"8123450000{n:04}", owner=cast.bde) for n in (1, 2))
    for one, count in ((small, 10), (large, 500 if role == "bde" else 60)):
        fill(one, count)
        everything(one)
    client = signed_in(cast.by_role()[role])
    few, many = (queries_of(client, one.get_absolute_url()) for one in (small, large))
    assert few == many
    assert many <= 20, f"{many} queries"
    story = [reverse("partners:partner_story", args=[cast.school.uai, one.public_id]) for one in (small, large)]
    assert queries_of(client, story[0]) == queries_of(client, story[1]) <= 20


def test_tab_pages_stay_cheap(cast: Cast, partner: Partner):
    fill(partner, 30)
    everything(partner)
    client = signed_in(cast.bde)
    for label, url, _ in page(cast.bde, partner).context["tabs"]:
        assert queries_of(client, url) <= 20, label


def test_odd_names_are_written_as_they_are(cast: Cast):
    odd = PartnerFactory(
        school=cast.school,
        name="<script>alert(1)</script>",
        brand="=cmd()",
        notes="\u202eà l’envers 🎉",
        city="É" * 300,
    )
    InteractionFactory(school=cast.school, partner=odd, subject="<img src=x>", report="é" * 5000)
    content = page(cast.bde, odd).content.decode()
    assert "<script>alert(1)" not in content
    assert "<img src=x>" not in content
    assert "&lt;script&gt;" in content


def test_moments_do_not_move_days(cast: Cast, partner: Partner):
    """The timeline is sorted by day, then stays in one order from page to page."""
    for number in range(12):
        InteractionFactory(school=cast.school, partner=partner, date=ago(3), subject=f"N° {number}")
    look = tabs.Look(partner, cast.bde, TODAY, YEAR)
    whole = [fact.url for fact in tabs.timeline(look, most=20)]
    assert [fact.url for first in (0, 5, 10) for fact in tabs.timeline(look, first=first, most=5)] == whole
    assert len(set(whole)) == 12
    assert all(isinstance(fact.day, date) and not isinstance(fact.day, datetime) for fact in tabs.timeline(look))


@pytest.mark.django_db
def test_who_follows_a_partner_is_said_in_its_form_and_on_its_page(as_bde: Client, cast: Cast) -> None:
    partner = PartnerFactory(school=cast.school)
    edit = reverse("partners:partner_edit", args=[cast.school.uai, partner.public_id])
    form = as_bde.get(edit).context["form"]
    offered = set(form.fields["owner"].queryset)
    assert cast.ddfpt in offered and not offered & {cast.reader, cast.stranger}
    values = {
        name: "" if form[name].value() in (None, False) else form[name].value()
        for name in form.fields
        if form[name].value() is not True
    }
    assert as_bde.post(edit, values | {"owner": cast.ddfpt.pk}).status_code == 302
    assert cast.ddfpt.full_name in as_bde.get(partner.get_absolute_url()).content.decode()
    theirs = as_bde.post(edit, values | {"owner": cast.stranger.pk, "version": partner.version + 1})
    assert theirs.status_code == 422
