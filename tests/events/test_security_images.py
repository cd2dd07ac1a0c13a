"""The image of a pupil who came of age: what the parents signed before does not cover a photograph taken after (P-09)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from events import photos
from events.models import ActionPhoto
from tests.conftest import Cast
from tests.factories import ActionFactory, ImageConsentFactory, StudentFactory

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(DAYS, st.integers(-2, 2))
def test_the_last_birth_that_is_of_age(day: date, shift: int) -> None:
    birth = photos.born_of_age(day) + timedelta(days=shift)
    assert photos.is_adult(birth, day) is (birth <= photos.born_of_age(day))


@pytest.mark.parametrize(
    ("birth", "given_by", "is_covered"),
    [
        (date(2008, 11, 10), "responsable", False),  # eighteen on the day of the action
        (date(2008, 11, 11), "responsable", True),
        (date(2008, 11, 10), "eleve", True),
        (None, "responsable", True),
    ],
)
def test_an_adult_is_shown_under_their_own_word(cast: Cast, birth: Any, given_by: str, is_covered: bool) -> None:
    day = date(2026, 11, 10)
    action = ActionFactory(school=cast.school, start_date=day)
    pupil = StudentFactory(school=cast.school, birth_date=birth)
    consent = ImageConsentFactory(
        school=cast.school,
        student=pupil,
        given_by=given_by,
        signed_date=date(2026, 9, 10),
        until_date=date(2027, 8, 31),
    )
    assert list(photos.usable(action, day)) == ([consent] if is_covered else [])
    photo = ActionPhoto(school=cast.school, action=action)
    if is_covered:
        photos.add(photo, b"x", [consent], by=cast.bde.user, key=None, today=day)
    else:
        with pytest.raises(ValidationError, match="majeur"):
            photos.add(photo, b"x", [consent], by=cast.bde.user, key=None, today=day)
    assert ActionPhoto.objects.in_school(cast.school).exists() is is_covered
