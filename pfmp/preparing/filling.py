"""Its pages are kept one by one and handed in, by the company or by a colleague with its sheet; or the company gives up."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit
from pfmp import links
from pfmp.enums import ApproachState, LinkPurpose, PlacementStatus, PreConventionState
from pfmp.models import Approach, Placement, PreConvention
from pfmp.preparing.answers import Answers, is_elsewhere, short
from pfmp.preparing.moves import CLOSED, STALE, shift, tell_team
from pfmp.rules import preparing as moves
from pfmp.rules.preparing import Actor
from schools.services import create_record

S = PreConventionState


@transaction.atomic
def keep(
    pre: PreConvention,
    step: str,
    *,
    raw: Mapping[str, Any],
    clean: Mapping[str, Any] | None,
    actor: Actor,
    by: Any = None,
) -> Answers:
    """Keep one page of answers, finished (`clean`) or not. Raises ValidationError when it is no longer theirs to write."""
    row = PreConvention.objects.in_school(pre.school_id).select_for_update().filter(pk=pre.pk).first()
    writable = moves.AT_COMPANY if actor is Actor.COMPANY else (*moves.AT_COMPANY, S.DRAFT, S.FILLED)
    if row is None or row.state not in writable:
        raise ValidationError(CLOSED if actor is Actor.COMPANY else STALE)
    row.placement = pre.placement
    if is_elsewhere(row):  # what the former company's links open is no longer about it
        if actor is Actor.COMPANY:
            raise ValidationError(CLOSED)
        links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=timezone.now(), placement=pre.placement)
    known = Answers.of(row)
    cleaned = {code: value for code, value in known.clean.items() if code != step}
    if clean is not None:
        cleaned[step] = dict(clean)
    pre.answers = {
        "partner": str(pre.placement.partner.public_id),
        "raw": {**known.raw, step: short(raw)},
        "clean": cleaned,
    }
    PreConvention.objects.in_school(pre.school_id).filter(pk=pre.pk).update(
        answers=pre.answers, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
    )
    return Answers.of(pre)


@transaction.atomic
def typed(
    pre: PreConvention, pages: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any] | None]], *, filled_by: str, by: Any,
    now: datetime,
) -> PreConvention:  # fmt: skip
    """All the pages at once, as a colleague types the sheet that came back; complete, it is to be validated."""
    for code, raw, clean in pages:
        answers = keep(pre, code, raw=raw, clean=clean, actor=Actor.TEAM, by=by)
    pre.refresh_from_db(fields=["version", "state"])
    if not answers.missing:
        hand_in(pre, actor=Actor.TEAM, filled_by=filled_by, now=now, by=by)
    elif pre.state == S.FILLED:  # it was complete, it is not any more
        raise ValidationError("Cette fiche était complète : corrigez ce qui est signalé avant de l’enregistrer.")
    return pre


@transaction.atomic
def hand_in(pre: PreConvention, *, actor: Actor, filled_by: str, now: datetime, by: Any = None) -> None:
    """The company, or a colleague with its sheet, has filled everything: a teacher validates next.

    Raises ValidationError when pages are missing, or when it is no longer theirs.
    """
    if missing := Answers.of(pre).missing:
        raise ValidationError(f"Il reste à remplir : {', '.join(missing).lower()}.")
    if pre.state == S.FILLED and actor is Actor.TEAM:
        return
    shift(pre, S.FILLED, actor, by=by, now=now, filled_at=now, filled_by=filled_by[:200], correction="")
    if actor is Actor.COMPANY:
        tell_team(
            pre, "La pré-convention d’un élève est remplie", "L’entreprise a rempli sa partie. Validez-la ici", now=now
        )


@transaction.atomic
def refuse(pre: PreConvention, *, reason: str, now: datetime) -> None:
    """« Nous ne pouvons plus »: the approach is a refusal, the placement is cancelled, the pupil is back on the board."""
    shift(pre, S.ABANDONED, Actor.COMPANY, by=None, now=now, correction=reason)
    placement, today = pre.placement, timezone.localdate(now)
    source = PlacementStatus(placement.status)
    moved = (
        Placement.objects.in_school(placement.school_id)
        .filter(pk=placement.pk, status=source, status__in=moves.OPENS)
        .update(status=PlacementStatus.CANCELLED, version=F("version") + 1, updated_by=None, updated_at=now)
    )
    if moved:
        target = PlacementStatus.CANCELLED.value
        audit.record("pfmp.placement_moved", placement, by=None, source=source.value, target=target)
    asked = Approach.objects.in_school(placement.school_id).filter(
        student=placement.student_id, period=placement.period_id, partner=placement.partner_id
    )
    said = {"state": ApproachState.REFUSED, "reply_date": today}
    if not asked.update(**said, version=F("version") + 1, updated_at=now):
        create_record(
            Approach(
                school=placement.school, student=placement.student, period=placement.period, partner=placement.partner,
                date=today, made_by="equipe", **said,
            ),
            by=None,
        )  # fmt: skip
    links.revoke(LinkPurpose.PRE_CONVENTION, by=None, now=now, placement=placement)
    why = f" Elle écrit : « {reason} »" if reason else ""
    tell_team(
        pre, "Une entreprise ne peut pas accueillir un élève", f"L’entreprise renonce.{why} Voyez la suite ici", now=now
    )
