"""Photographs and authorisations: nobody is shown without one, and one that ends takes the photograph away, file and all."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from events import photos, tasks
from events.models import ActionPhoto, ImageConsent
from events.photos import Span
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    EventSettingsFactory,
    ImageConsentFactory,
    ParticipationFactory,
    StudentFactory,
)

DAY = date(2026, 11, 10)
NOW = date(2026, 11, 12)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS, DAYS)
def test_an_authorisation_covers_from_its_signature_to_its_end(
    signed: date, until: date, taken: date, today: date
) -> None:
    span = Span(signed, until)
    assert span.covers(taken, today) is (signed <= taken <= until and today <= until)
    assert not Span(signed, until, revoked=today).covers(taken, today)


@given(st.dates(date(1990, 1, 1), date(2010, 12, 31)))
def test_one_is_of_age_on_the_eighteenth_birthday(birth: date) -> None:
    leap = (birth.month, birth.day) == (2, 29)
    day = date(birth.year + 18, 3, 1) if leap else birth.replace(year=birth.year + 18)
    assert photos.is_adult(birth, day) and not photos.is_adult(birth, day - timedelta(days=1))


@pytest.mark.parametrize(
    ("given_by", "birth", "both", "refused"),
    [
        ("eleve", date(2008, 9, 10), False, False),  # eighteen on the day of the signature
        ("eleve", date(2008, 9, 11), False, True),
        ("eleve", None, False, True),
        ("responsable", None, False, False),
        ("responsable", date(2010, 1, 1), False, False),
        ("responsable", date(2010, 1, 1), True, True),
        ("responsables", date(2010, 1, 1), True, False),
        ("responsables", date(2000, 1, 1), False, True),
    ],
)
def test_who_may_authorise(given_by: str, birth: date | None, both: bool, refused: bool) -> None:
    assert bool(photos.giver_problem(given_by, birth, date(2026, 9, 10), both=both)) is refused


def picture() -> SimpleUploadedFile:
    into = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(into, "JPEG", comment=b"taken at home")
    return SimpleUploadedFile("IMG de Rayan.jpg", into.getvalue(), "image/jpeg")


@pytest.fixture
def scene(cast: Cast) -> dict[str, Any]:
    school = cast.school
    pupil, other, away = (
        StudentFactory(school=school, last_name=name, first_name="Rayan", birth_date=date(2010, 1, 1))
        for name in ("MEZIANE", "BELLANGER", "ABSENT")
    )
    action = ActionFactory(school=school, title="Forum", start_date=DAY)
    for one in (pupil, other):
        ParticipationFactory(school=school, action=action, student=one)
    good = ImageConsentFactory(
        school=school, student=pupil, signed_date=date(2026, 9, 10), until_date=date(2027, 8, 31)
    )
    late = ImageConsentFactory(
        school=school, student=other, signed_date=date(2026, 11, 11), until_date=date(2027, 8, 31)
    )
    ImageConsentFactory(school=school, student=away, signed_date=date(2026, 9, 10), until_date=date(2027, 8, 31))
    return {
        "action": action,
        "good": good,
        "late": late,
        "new": reverse("events:action_photo_new", args=[school.uai, action.public_id]),
    }


def send(client: Client, scene: dict[str, Any], **typed: Any) -> Any:
    form = client.get(scene["new"]).context["form"]
    return client.post(
        scene["new"], {"creation_key": form["creation_key"].initial, "photo": picture(), "caption": "L’atelier"} | typed
    )


@pytest.mark.django_db
def test_who_can_be_ticked_and_what_is_refused(as_bde: Client, cast: Cast, scene: dict[str, Any]) -> None:
    with time_machine.travel(NOW):
        offered = list(as_bde.get(scene["new"]).context["form"].fields["consents"].queryset)
        assert offered == [scene["good"]]  # prior, valid, of a pupil expected there
        good, late = str(scene["good"].public_id), str(scene["late"].public_id)
        for typed in (
            {},
            {"consents": [late], "everyone": "on"},
            {"consents": [good]},
            {"consents": [good], "everyone": "on", "shows_nobody": "on"},
            {"shows_nobody": "on", "photo": SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>")},
            {"shows_nobody": "on", "photo": SimpleUploadedFile("x.jpg", b"no picture")},
        ):
            answer = send(as_bde, scene, **typed)
            assert answer.status_code == 422 and "L’atelier" in answer.content.decode()
        assert not ActionPhoto.objects.in_school(cast.school).exists()
        assert send(as_bde, scene, shows_nobody="on").status_code == 302


@pytest.fixture
def kept(as_bde: Client, cast: Cast, scene: dict[str, Any]) -> ActionPhoto:
    with time_machine.travel(NOW):
        assert send(as_bde, scene, consents=[str(scene["good"].public_id)], everyone="on").status_code == 302
    return ActionPhoto.objects.in_school(cast.school).get()


@pytest.mark.django_db
def test_a_photograph_is_seen_through_its_page_only(client: Client, cast: Cast, kept: ActionPhoto) -> None:
    url = reverse("events:action_photo", args=[cast.school.uai, kept.public_id])
    seen = {}
    with time_machine.travel(NOW):
        for member in (cast.bde, cast.teacher, cast.reader, cast.stranger):
            client.force_login(member.user)
            seen[member] = client.get(url)
        client.force_login(cast.bde.user)
        report = client.get(
            reverse("events:action_report", args=[cast.school.uai, kept.action.public_id])
        ).content.decode()
        client.force_login(cast.teacher.user)
        theirs = client.get(
            reverse("events:action_report", args=[cast.school.uai, kept.action.public_id])
        ).content.decode()
    assert [answer.status_code for answer in seen.values()] == [200, 200, 403, 404]
    answer = seen[cast.bde]
    assert answer["Cache-Control"] == "private, no-store" and answer["Content-Type"] == "image/jpeg"
    assert b"taken at home" not in answer.content
    assert kept.file.name.startswith("actions/") and "Rayan" not in kept.file.name
    assert url in report and "Rayan MEZIANE" in report
    assert url in theirs and "MEZIANE" not in theirs  # not one of this teacher's pupils
    with time_machine.travel(date(2027, 9, 1)):  # the authorisation ended yesterday, the clock has not come by yet
        client.force_login(cast.bde.user)
        assert client.get(url).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["withdrawn", "shortened", "deleted", "pupil", "action", "clock", "by hand"])
def test_the_file_goes_at_once(
    as_bde: Client,
    cast: Cast,
    scene: dict[str, Any],
    kept: ActionPhoto,
    how: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    name, consent, uai = kept.file.name, scene["good"], cast.school.uai
    assert default_storage.exists(name)
    with time_machine.travel(NOW), django_capture_on_commit_callbacks(execute=True):
        match how:
            case "withdrawn":
                answer = as_bde.post(reverse("events:image_consent_withdraw", args=[uai, consent.public_id]))
                assert answer.status_code == 302
                assert "Retirée" in as_bde.get(consent.get_absolute_url()).content.decode()
            case "shortened":
                url = reverse("events:image_consent_edit", args=[uai, consent.public_id])
                form = as_bde.get(url).context["form"]
                typed = {name: form[name].value() for name in form.fields}
                assert as_bde.post(url, typed | {"until_date": "2026-11-11"}).status_code == 302
            case "deleted":
                as_bde.post(reverse("events:image_consent_delete", args=[uai, consent.public_id]))
                assert not ImageConsent.objects.in_school(cast.school).filter(pk=consent.pk).exists()
            case "pupil":
                with transaction.atomic():
                    scene["action"].participations.all().delete()
                    consent.student.delete()
            case "action":
                with transaction.atomic():
                    scene["action"].participations.all().delete()
                    scene["action"].delete()
            case "clock":
                tasks.photos.sweep(date(2027, 8, 31))
                assert default_storage.exists(name)  # its last day
                tasks.photos.sweep(date(2027, 9, 1))
            case "by hand":
                as_bde.post(reverse("events:action_photo_remove", args=[uai, kept.public_id]))
    assert not ActionPhoto.objects.in_school(cast.school).exists()
    assert not default_storage.exists(name)


@pytest.mark.django_db
def test_an_authorisation_is_entered_by_who_may(client: Client, cast: Cast) -> None:
    EventSettingsFactory(school=cast.school, needs_both_guardians=True)
    pupil = StudentFactory(school=cast.school, birth_date=date(2010, 1, 1))
    url = reverse("events:image_consent_new", args=[cast.school.uai])
    typed = {
        "student": str(pupil), "student_id": str(pupil.public_id), "project": "Forum", "use": "Site du lycée", "given_by": "responsables",
        "signed_date": "2026-09-10", "until_date": "2027-08-31",
    }  # fmt: skip
    with time_machine.travel(NOW):
        client.force_login(cast.teacher.user)
        assert client.get(url).status_code == 403
        client.force_login(cast.office.user)
        key = client.get(f"{url}?eleve={pupil.public_id}").context["form"]["creation_key"].initial
        for wrong in (
            {"given_by": "responsable"},
            {"given_by": "eleve"},
            {"until_date": "2026-09-01"},
            {"until_date": "2099-01-01"},
            {"signed_date": "2026-11-13"},
            {"signed_date": "0001-01-01"},
        ):
            assert client.post(url, typed | {"creation_key": key} | wrong).status_code == 422
        assert client.post(url, typed | {"creation_key": key}).status_code == 302
        page = client.get(reverse("events:image_consent_list", args=[cast.school.uai])).content.decode()
    assert ImageConsent.objects.in_school(cast.school).count() == 1 and "Valable" in page
