"""Calling leavers one after the other: whom next, so that two colleagues never call the same person, and what each call gave."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from core import audit
from schools.models import Student
from surveys.campaigns import Person
from surveys.enums import CallResult
from surveys.models import LeaverCall, LeaverCampaign

HELD = timedelta(minutes=20)
"""A person is kept for who is calling them; after that, whoever asks for the next one may have them."""
REST = timedelta(hours=3)
"""Nobody is called again sooner, unless by name."""


class Taken(Exception):
    """The call was taken over, or ended elsewhere; `call` is it as it is now, None when it is no more."""

    def __init__(self, call: LeaverCall | None) -> None:
        super().__init__("call taken")
        self.call = call


def in_order(everyone: Sequence[Person], now: datetime) -> list[Person]:
    """Those to call, the ones who asked to be called back first, then those never called, then the others, oldest call first."""

    def rank(one: Person) -> tuple[int, datetime]:
        last = one.last_call
        if last is None:
            return 1, datetime.min.replace(tzinfo=now.tzinfo)
        return (0 if last.result == CallResult.CALL_BACK else 2), last.called_at

    return sorted((one for one in everyone if one.is_open and one.phone and not _rests(one, now)), key=rank)


def resting(everyone: Sequence[Person], now: datetime) -> int:
    """How many were called too recently to be called again."""
    return sum(1 for one in everyone if one.is_open and one.phone and _rests(one, now))


def _rests(one: Person, now: datetime) -> bool:
    return one.last_call is not None and one.last_call.called_at > now - REST


def is_held(call: LeaverCall, now: datetime) -> bool:
    """Is the person still kept for the colleague who took them, or may another call?"""
    return call.called_at > now - HELD


@transaction.atomic
def take_next(
    campaign: LeaverCampaign, everyone: Sequence[Person], *, by: Any, now: datetime, wanted: Student | None = None
) -> LeaverCall | None:
    """Keep the next person to call (or `wanted`) for this colleague; the one they had before is put back.

    Returns the call under way, None when nobody is left or the one wanted is on the telephone with somebody else. The
    database allows one call under way a person: of two colleagues at the same instant, the second is given the next one.
    """
    calls = LeaverCall.objects.in_school(campaign.school_id).filter(campaign=campaign, result="")
    calls.filter(created_by=by).delete()
    if wanted is not None:
        order = [one for one in everyone if one.student.pk == wanted.pk and one.phone and one.is_open]
    else:
        order = in_order(everyone, now)
    for one in order:
        held = one.under_way
        if held is not None and held.created_by_id != by.pk:
            if not is_held(held, now) and calls.filter(pk=held.pk, called_at=held.called_at).update(
                created_by=by, updated_by=by, called_at=now, version=F("version") + 1
            ):
                return calls.select_related("student", "campaign", "school").get(pk=held.pk)
            continue
        call = LeaverCall(
            school=campaign.school, campaign=campaign, student=one.student, called_at=now, created_by=by, updated_by=by
        )
        try:
            with transaction.atomic():
                call.save(force_insert=True)
        except IntegrityError:
            continue  # a colleague took them in between
        return call
    return None


@transaction.atomic
def end(call: LeaverCall, result: CallResult, *, by: Any, now: datetime) -> None:
    """How the call went. Raises Taken when it is no longer this colleague's to end."""
    rows = LeaverCall.objects.in_school(call.school_id).filter(pk=call.pk)
    if not rows.filter(result="", created_by=by).update(
        result=result, called_at=now, updated_by=by, updated_at=now, version=F("version") + 1
    ):
        raise Taken(rows.select_related("created_by").first())
    audit.record("surveys.leaver_called", call, by=by, result=result.value)


def put_back(call: LeaverCall, *, by: Any) -> None:
    """Not called after all: somebody else may have them."""
    LeaverCall.objects.in_school(call.school_id).filter(pk=call.pk, result="", created_by=by).delete()
