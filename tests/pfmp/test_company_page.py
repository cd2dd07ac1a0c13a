"""The company behind its link: asked once, page by page; nothing typed is lost; it learns the pupil's name, class and dates only."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from core.models import OutboxMessage
from pfmp import links, preparing
from pfmp.enums import LinkPurpose
from pfmp.models import Approach, PersonalLink, Placement, PreConvention
from tests.factories import AnnexFactory, ContactFactory, PreConventionFactory, SkillFactory
from tests.pfmp.conftest import DAYS, Scene

MARKERS = {
    "address": "12 rue MARQUEUR-ADRESSE", "phone": "06 00 00 99 99", "email": "marqueur.eleve@exemple.fr",
    "guardian_name": "Responsable MARQUEUR", "guardian_phone": "06 00 00 88 88", "guardian_email": "marqueur.parent@exemple.fr",
    "ine": "MARQUEURINE1",
}  # fmt: skip
"""What the company must never read of the pupil; and the date of birth."""


def pages(**changes: Any) -> dict[str, dict[str, Any]]:
    """What a browser sends for each page, all right."""
    week = {
        f"horaires-timetable_{day}_{cell}": clock
        for day in DAYS
        for cell, clock in (("matin_de", "08:00"), ("matin_a", "12:00"), ("soir_de", "13:00"), ("soir_a", "16:00"))
    }
    sent: dict[str, dict[str, Any]] = {
        "personnes": {
            "personnes-signer_last_name": "Dupont", "personnes-signer_first_name": "Jeanne",
            "personnes-signer_position": "Gérante", "personnes-signer_email": "jeanne@dupont.exemple.fr",
            "personnes-tutor_last_name": "Leroy", "personnes-tutor_first_name": "Marc",
            "personnes-tutor_position": "Chef d’équipe", "personnes-tutor_phone": "03 23 00 00 01",
        },
        "entreprise": {
            "entreprise-siret": "732 829 320 00074", "entreprise-name": "Atelier Dupont", "entreprise-address": "3 rue du Four",
            "entreprise-postal_code": "02000", "entreprise-city": "Laon", "entreprise-phone": "03 23 00 00 00",
            "entreprise-place_address": "Chantier de la gare",
        },
        "horaires": {**week, "horaires-timetable_feries": "1"},
        "activites": {"activites-usual": ["Câbler une armoire"], "activites-others": "Contrôler une installation\n"},
        "securite": {"securite-equipment": "Perceuse", "securite-protections": "Gants, chaussures"},
        "pratique": {"pratique-insurer": "MAIF", "pratique-insurance_number": "A-12", "pratique-gratuity": "4,50"},
        "verification": {"verification-is_no_job": "on", "verification-filled_by": "Jeanne Dupont"},
    }  # fmt: skip
    for step, values in changes.items():
        sent[step] = sent[step] | values
    return sent


@pytest.fixture
def placement(scene: Scene) -> Placement:
    for name, value in MARKERS.items():
        setattr(scene.student, name, value)
    scene.student.save()
    annex = AnnexFactory(
        school=scene.school, formation=scene.school_class.diploma, tasks="Câbler une armoire\nPoser un éclairage"
    )
    SkillFactory(school=scene.school, annex=annex, code="C1", label="Préparer")
    return scene.placement(status="pressenti", tutor=None, timetable="", tasks="")


def link_to(scene: Scene, placement: Placement) -> str:
    """The token of a fresh link, and a pre-convention that waits for the company."""
    pre = preparing.opened(placement, by=scene.teacher.user)
    url = preparing.hand_link(pre, name="Jeanne Dupont", by=scene.teacher.user, now=timezone.now())
    return url.rstrip("/").rsplit("/", 1)[-1]


@pytest.fixture
def token(scene: Scene, placement: Placement, client: Client) -> str:
    """The button is pressed in this browser."""
    token = link_to(scene, placement)
    client.post(f"/lien/{token}/ouvrir/")
    return token


def send(client: Client, token: str, step: str, values: dict[str, Any]) -> Any:
    return client.post(f"/pre-convention/{token}/{step}/", values)


def test_the_company_fills_page_by_page_and_hands_in(
    scene: Scene, placement: Placement, token: str, client: Client
) -> None:
    home = client.get(f"/pre-convention/{token}/")
    assert "Rayan Meziane" in home.text
    assert "du 2 au 27 mars 2026" in home.text.replace("\N{NO-BREAK SPACE}", " ")
    for step, values in pages().items():
        shown = client.get(f"/pre-convention/{token}/{step}/")
        assert shown.status_code == 200
        answer = send(client, token, step, values)
        assert answer.status_code == 302, (step, answer.context["form"].errors if answer.context else answer)
    pre = PreConvention.objects.in_school(scene.school).get()
    assert (pre.state, pre.filled_by) == ("remplie", "Jeanne Dupont")
    assert "Merci" in client.get(f"/pre-convention/{token}/").text
    assert client.get(f"/pre-convention/{token}/personnes/").status_code == 302  # nothing is written any more
    told = OutboxMessage.objects.filter(recipient=scene.teacher.email).get()
    assert "Meziane" not in told.subject
    assert not outbox.outbox  # it leaves by the outbox
    answers = preparing.Answers.of(pre)
    assert answers.get("activites", "tasks") == "Câbler une armoire\nContrôler une installation"
    assert answers.get("horaires", "timetable").endswith("sauf fériés")
    placement.refresh_from_db()
    assert placement.timetable == ""  # nothing reaches the placement before a teacher validates


def test_the_company_reads_nothing_of_the_pupil_but_name_class_and_dates(
    scene: Scene, placement: Placement, token: str, client: Client
) -> None:
    hidden = [*MARKERS.values(), "2009", "15/01/2009", "15 janvier"]
    for step, values in pages().items():
        for answer in (
            client.get(f"/pre-convention/{token}/{step}/"),
            send(client, token, step, {}),
            send(client, token, step, values),
        ):
            found = [marker for marker in hidden if marker in answer.text]
            assert not found, (step, found)
    for path in ("", "renoncer/", "horaires/regles/"):
        text = client.get(f"/pre-convention/{token}/{path}").text
        assert not [marker for marker in hidden if marker in text], path


def test_a_page_that_does_not_hold_keeps_what_was_typed(scene: Scene, token: str, client: Client) -> None:
    typed = {"personnes-signer_last_name": "Dupont <script>", "personnes-signer_email": "pas une adresse"}
    answer = send(client, token, "personnes", typed)
    assert answer.status_code == 422
    assert "Dupont &lt;script&gt;" in answer.text
    again = client.get(f"/pre-convention/{token}/personnes/")
    assert "pas une adresse" in again.text  # on another day, from another phone
    assert "error-summary" not in again.text
    sent = pages()["verification"]
    early = send(client, token, "verification", sent)
    assert early.status_code == 422
    assert "Il reste à remplir" in early.text


@pytest.mark.parametrize("bad", ["=cmd()", "x" * 300, "😀", "\u202emot", "a\x00b"])
def test_bad_words_are_a_sentence_and_never_a_failure(token: str, client: Client, bad: str) -> None:
    for step in ("personnes", "entreprise", "horaires", "activites", "securite", "pratique", "verification"):
        answer = send(client, token, step, dict.fromkeys(pages()[step], bad))
        assert answer.status_code in (302, 422), step
        assert client.get(f"/pre-convention/{token}/{step}/").status_code == 200


def test_hours_against_the_rules_are_said_before_going_on(scene: Scene, token: str, client: Client) -> None:
    long_day = pages(horaires={"horaires-timetable_lun_soir_a": "19:00"})["horaires"]
    answer = send(client, token, "horaires", long_day)
    assert answer.status_code == 200
    assert "10 h de travail" in answer.text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    fragment = client.get(f"/pre-convention/{token}/horaires/regles/", long_day)
    assert "au plus" in fragment.text
    assert send(client, token, "horaires", {**long_day, "garder": "1"}).status_code == 302
    line = {"horaires-timetable_ligne": "du lundi au vendredi 9h-12h 13h-17h", "horaires-timetable_feries": "1"}
    read = send(client, token, "horaires", line)
    assert read.status_code == 422  # shown back first
    assert "Nous avons lu" in read.text
    assert 'value="17:00"' in read.text


def test_a_link_of_another_company_or_purpose_opens_nothing(
    scene: Scene, placement: Placement, token: str, client: Client
) -> None:
    other = Client()
    assert other.get(f"/pre-convention/{token}/personnes/").status_code == 302  # without the button
    assert other.get("/pre-convention/inconnu/").status_code == 404
    assert client.get(f"/pre-convention/{token}/ailleurs/").status_code == 404
    elsewhere = ContactFactory(school=scene.school).partner
    Placement.objects.in_school(scene.school).filter(pk=placement.pk).update(partner=elsewhere)
    assert client.get(f"/pre-convention/{token}/").status_code == 410
    assert send(client, token, "personnes", pages()["personnes"]).status_code == 302
    assert preparing.Answers.of(PreConvention.objects.in_school(scene.school).get()).raw == {}


def test_the_company_cannot_any_more(scene: Scene, placement: Placement, token: str, client: Client) -> None:
    answer = client.post(f"/pre-convention/{token}/renoncer/", {"reason": "Fermeture du chantier"})
    assert "C’est noté" in answer.text
    placement.refresh_from_db()
    pre = PreConvention.objects.in_school(scene.school).get()
    assert (placement.status, pre.state, pre.correction) == ("annule", "abandonnee", "Fermeture du chantier")
    assert Approach.objects.in_school(scene.school).get(student=scene.student).state == "non"
    assert not PersonalLink.objects.in_school(scene.school).alive(timezone.now()).exists()
    assert client.get(f"/pre-convention/{token}/").status_code == 302  # the link is over: back to the door


def test_the_company_answers_while_the_team_gives_up(
    scene: Scene, placement: Placement, token: str, client: Client
) -> None:
    send(client, token, "personnes", pages()["personnes"])
    pre = PreConvention.objects.in_school(scene.school).select_related("placement__partner", "school").get()
    preparing.abandon(pre, by=scene.teacher.user, now=timezone.now())
    assert send(client, token, "entreprise", pages()["entreprise"]).status_code == 302
    kept = preparing.Answers.of(PreConvention.objects.in_school(scene.school).get())
    assert "entreprise" not in kept.raw
    stale = PreConventionFactory.build(school=scene.school, placement=placement, pk=pre.pk, state="chez_entreprise")
    with pytest.raises(ValidationError):
        preparing.refuse(stale, reason="", now=timezone.now())


def test_a_page_costs_few_queries(token: str, client: Client, django_assert_max_num_queries: Any) -> None:
    for step, values in pages().items():
        send(client, token, step, values) if step != "verification" else None
    for step in pages():
        with django_assert_max_num_queries(20):
            client.get(f"/pre-convention/{token}/{step}/")


def test_an_old_link_and_a_late_one(scene: Scene, placement: Placement, client: Client) -> None:
    pre = preparing.opened(placement, by=scene.teacher.user)
    late = timezone.now() + timedelta(days=60)
    assert placement.start_date == date(2026, 3, 2)
    with pytest.raises(ValidationError):
        preparing.hand_link(pre, name="Jeanne", by=scene.teacher.user, now=late)
    assert links.last_day(placement, LinkPurpose.PRE_CONVENTION).date() == placement.start_date
