"""Codes of six digits: ten minutes, five tries, one use, the last one only."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import AuditEvent, OutboxMessage
from documents import codes, links
from documents.enums import LinkChannel, SignatureMeans
from documents.models import SignatureEvent, SigningCode
from tests.documents.signing import last_code, paper, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(cast):
    document = paper(cast.school, "tuteur")
    return links.create(row(document, "tuteur"), channel=LinkChannel.COPY, by=None, now=timezone.now())[0]


def check(link, digits, now=None, target=None):
    now = now or timezone.now()
    paper_ = link.signature.document
    return codes.check(digits, now=now, target=target or paper_.sha256, link=link, school_id=link.school_id)


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_the_right_code_once(link):
    assert codes.send(link, now=timezone.now()) == "t…@e….fr"
    digits = last_code()
    assert digits not in str(list(SigningCode.objects.in_school(link.school_id).values()))
    good = check(link, f"{digits[:3]} {digits[3:]}")
    assert good and good.means is SignatureMeans.MAILED_CODE
    assert not check(link, digits) and check(link, digits).left == 0


def test_five_tries(link):
    codes.send(link, now=timezone.now())
    digits = last_code()
    assert [check(link, wrong(digits)).left for _ in range(6)] == [4, 3, 2, 1, 0, 0]
    assert not check(link, digits)
    assert (
        SignatureEvent.objects.in_school(link.school_id).filter(kind="code_faux").count() == codes.TRIES
    )  # a dead code is no try


@pytest.mark.parametrize("typed", ["", "abcdef", "12345", "１２３４５６", "9" * 400, "\x00"])
def test_anything_typed_is_a_try(link, typed):
    codes.send(link, now=timezone.now())
    assert not check(link, typed)


def test_ten_minutes(link):
    now = timezone.now()
    codes.send(link, now=now)
    assert not check(link, last_code(), now=now + codes.LIFE)
    codes.send(link, now=now)
    assert check(link, last_code(), now=now + codes.LIFE - timedelta(seconds=1))


def test_a_new_code_kills_the_former(link):
    codes.send(link, now=timezone.now())
    first = last_code()
    codes.send(link, now=timezone.now())
    second = last_code()
    assert first == second or not check(link, first)
    assert check(link, second)


def test_a_code_is_for_one_paper_and_one_link(link, cast):
    codes.send(link, now=timezone.now())
    digits = last_code()
    assert not check(link, digits, target="f" * 64)
    other = links.create(link.signature, channel=LinkChannel.COPY, by=None, now=timezone.now())[0]
    codes.send(link, now=timezone.now())
    assert not check(other, last_code())


def test_codes_have_a_pace(link):
    now = timezone.now()
    for _ in range(codes.AN_HOUR):
        codes.send(link, now=now)
    with pytest.raises(ValidationError, match="beaucoup de codes"):
        codes.send(link, now=now)
    assert OutboxMessage.objects.count() == codes.AN_HOUR
    codes.send(link, now=now + timedelta(hours=1, minutes=1))


def test_a_code_read_out_says_who_read_it(link, cast):
    digits = codes.speak(link, by=cast.bde.user, now=timezone.now())
    assert not OutboxMessage.objects.exists()
    good = check(link, digits)
    assert good and good.means is SignatureMeans.SPOKEN_CODE and good.code.spoken_by == cast.bde.user
    assert digits not in str(list(AuditEvent.objects.values()))
    assert SignatureEvent.objects.in_school(cast.school).get(kind="code").payload == {"spoken": True}


def test_codes_of_an_account_are_for_the_list_that_was_read(cast):
    one, two = paper(cast.school), paper(cast.school, content={"x": 1})
    user, now = cast.head.user, timezone.now()
    codes.send_to_account(user, cast.school, papers=[one, two], now=now)
    digits, target = last_code(user.email), codes.target_of(two, one)
    assert target == codes.target_of(one, two) != codes.target_of(one)
    assert not codes.check(digits, now=now, target=codes.target_of(one), user=user, school_id=cast.school.pk)
    codes.send_to_account(user, cast.school, papers=[one, two], now=now)
    assert codes.check(last_code(user.email), now=now, target=target, user=user, school_id=cast.school.pk)
    codes.send_to_account(user, cast.school, papers=[one, two], now=now)
    assert not codes.check(last_code(user.email), now=now, target=target, user=cast.bde.user, school_id=cast.school.pk)
