"""The table of a placement's moves, all of it: each pair, each role, each guard on both sides; interruptions and what follows."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from core.models import AuditEvent
from documents.models import Document
from pfmp import moving, services, tasks
from pfmp.enums import InterruptionOutcome, PlacementStatus
from pfmp.models import PfmpSettings, Placement
from pfmp.moving import Nature
from pfmp.rules import moves
from pfmp.rules.moves import Circumstances
from schools.models import Schooling
from schools.permissions import allows
from tests.factories import ClassFactory, PeriodFactory, SchoolingFactory, SignatureFactory
from tests.pfmp.conftest import Scene

S = PlacementStatus
DAY = date(2026, 2, 10)
OPEN = Circumstances(start=DAY, end=DAY, today=DAY, all_signed=True, is_refused=True)
SHUT = {
    (S.PROSPECT, S.CONFIRMED): [replace(OPEN, obstacles=("Il manque un tuteur.",))],
    (S.CONFIRMED, S.ISSUED): [replace(OPEN, obstacles=("Il manque un tuteur.",))],
    (S.ISSUED, S.SIGNED): [replace(OPEN, all_signed=False)],
    (S.ISSUED, S.CONFIRMED): [replace(OPEN, is_refused=False)],
    (S.SIGNED, S.ONGOING): [replace(OPEN, all_signed=False), replace(OPEN, start=date(2026, 2, 11))],
    (S.ONGOING, S.FINISHED): [replace(OPEN, end=date(2026, 2, 11)), replace(OPEN, lacks_certificate=True)],
    (S.SIGNED, S.INTERRUPTED): [replace(OPEN, start=date(2026, 2, 11))],
    (S.ONGOING, S.INTERRUPTED): [replace(OPEN, start=date(2026, 2, 11))],
}
"""What closes each guarded move; the others are always open."""
REFUSED_TO = {
    True: {"consultation", "secretariat", "direction"},  # log a placement
    False: {"consultation", "secretariat", "direction", "enseignant"},  # manage them all
}
STOPPED = {"interrupted_date": date(2026, 2, 6), "interruption_reason": "organisme"}


@pytest.mark.parametrize("pair", [(step.source, step.target) for step in moves.TABLE])
def test_each_guard_is_open_and_shut_as_written(pair: tuple[S, S]) -> None:
    step = moves.find(*pair)
    assert step is not None and step.guard(OPEN)
    for seen in SHUT.get(pair, []):
        verdict = step.guard(seen)
        assert not verdict and verdict.reason.endswith(".")
    assert bool(step.condition) == (pair in SHUT)


def test_each_pair_of_statuses_is_one_line_or_none() -> None:
    assert len(moves.MOVES) == len(moves.TABLE)
    for source, target in product(S, S):
        assert (moves.find(source, target) is not None) == ((source, target) in moves.MOVES)
        assert source != target or moves.find(source, target) is None
    assert {step.target for step in moves.moves_from(S.CANCELLED)} == {S.PROSPECT}


@pytest.mark.django_db
def test_each_move_is_made_by_its_roles_and_no_other(scene: Scene) -> None:
    """Every pair × every role, through the verb: the table says who, and a refusal changes nothing."""
    over = {"start_date": date(2026, 2, 2), "end_date": DAY, "accepted_alerts": {"R-PERIODE-01": "Autre calendrier."}}
    placement = scene.placement(**over)
    services.issue_convention(placement, by=scene.cast.bde.user, now=timezone.now())
    made = 0
    for source, target in product(S, S):
        step = moves.find(source, target)
        for role, member in scene.cast.by_role().items():
            with transaction.atomic():
                Placement.objects.in_school(scene.school).filter(pk=placement.pk).update(status=source)
                placement.refresh_from_db()
                values = STOPPED if target == S.INTERRUPTED else {}
                told = (placement, target), {"by": member.user, "membership": member, "now": timezone.now(), **values}
                if step is None or step.permission is None:
                    with pytest.raises(ValidationError):
                        moving.move(*told[0], **told[1])
                elif role in REFUSED_TO[step.permission.name == "LOG_PLACEMENT"]:
                    assert not allows(member, step.permission)
                    with pytest.raises(PermissionDenied):
                        moving.move(*told[0], **told[1])
                else:
                    moving.move(*told[0], **told[1])
                    made += 1
                    placement.refresh_from_db()
                    # A confirmed place has its convention issued at once.
                    assert placement.status == (S.ISSUED if target == S.CONFIRMED else target)
                    transaction.set_rollback(True)
                    continue
                placement.refresh_from_db()
                assert placement.status == source
    by_hand = [step for step in moves.TABLE if step.permission]
    assert made == sum(3 if step.permission.name == "LOG_PLACEMENT" else 2 for step in by_hand)


@pytest.mark.django_db
def test_a_school_may_close_with_the_attestation_only(scene: Scene) -> None:
    """R-ATT-01, by hand and by the calendar; without the setting, the calendar closes as before."""
    over = {"start_date": date(2026, 2, 2), "end_date": date(2026, 2, 6), "status": "en_cours"}
    placement, free = scene.placement(**over), {"by": scene.cast.bde.user, "membership": scene.cast.bde}
    PfmpSettings.objects.create(school=scene.school, closes_with_certificate=True)
    with pytest.raises(ValidationError, match="attestation signée"):
        moving.move(placement, S.FINISHED, now=timezone.now(), **free)
    tasks.follow_calendar(date="2026-02-10")
    placement.refresh_from_db()
    assert placement.status == S.ONGOING
    paper = Document.objects.create(
        school=scene.school, dossier_id="att-1", type="attestation_pfmp", subject="placement",
        subject_id=placement.dossier_id, number="ATT-1", issued_at=timezone.now(),
    )  # fmt: skip
    SignatureFactory(
        school=scene.school, document=paper, role="organisme_accueil", status="signee_papier", date=timezone.now()
    )
    moving.move(placement, S.FINISHED, now=timezone.now(), **free)
    assert placement.status == S.FINISHED


@pytest.mark.django_db
def test_an_interruption_puts_the_pupil_back_and_waits_for_its_outcome(scene: Scene, client) -> None:
    client.force_login(scene.teacher.user)
    placement = scene.placement(start_date=date(2026, 2, 2), end_date=date(2026, 2, 27), status="en_cours")
    page = scene.url(f"placements/{placement.public_id}/")
    assert client.post(f"{page}interrompre/", {"interrupted_date": "2026-02-06"}).status_code == 422
    wrong = {"interrupted_date": "2026-02-06", "interruption_reason": "maladie"}
    assert client.post(f"{page}interrompre/", wrong).status_code == 422
    sent = {"interrupted_date": "2026-02-06", "interruption_reason": "organisme"}
    assert client.post(f"{page}interrompre/", sent).status_code == 302
    assert "Suite à décider" in client.get(page).content.decode()
    assert client.post(f"{page}suite/", {"interruption_outcome": "oubli"}).status_code == 422
    done = client.post(f"{page}suite/", {"interruption_outcome": "report"})
    assert done.status_code == 302 and done["Location"].endswith("/second/")
    placement.refresh_from_db()
    assert placement.interruption_outcome == InterruptionOutcome.POSTPONED
    assert AuditEvent.objects.filter(verb="pfmp.interruption_settled").count() == 1
    assert "Suite à décider" not in client.get(page).content.decode()
    # Taken up again: nothing of the interruption stays.
    client.post(f"{page}etape/", {"vers": "en_cours"})
    placement.refresh_from_db()
    assert (placement.status, placement.interrupted_date, placement.interruption_outcome) == ("en_cours", None, "")
    assert client.post(f"{page}suite/", {"interruption_outcome": "report"}, follow=True).redirect_chain
    client.force_login(scene.cast.head.user)
    assert client.get(f"{page}suite/").status_code == 403 and client.get(f"{page}second/").status_code == 403
    client.force_login(scene.cast.stranger.user)
    assert client.get(f"{page}second/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("nature", Nature)
def test_a_second_placement_opens_filled_from_the_first(scene: Scene, client, nature: Nature) -> None:
    """Same host outside its quota, another host for what remains, or another year at the first one's rate."""
    client.force_login(scene.teacher.user)
    scene.period.start_date, scene.period.end_date = date(2026, 2, 2), date(2026, 2, 27)
    scene.period.save()
    later = ClassFactory(school=scene.school, year="2026-2027")
    SchoolingFactory(school=scene.school, student=scene.student, school_class=later, entry_date=date(2026, 9, 1))
    PeriodFactory(school=scene.school, school_class=later, start_date=date(2027, 1, 4), end_date=date(2027, 1, 29))
    first = scene.placement(
        status="interrompu", start_date=date(2026, 2, 2), end_date=date(2026, 2, 20), interrupted_date=date(2026, 2, 6)
    )
    choices = client.get(scene.url(f"placements/{first.public_id}/second/")).context["choices"]
    assert len(choices) == 3
    (url,) = (choice["url"] for choice in choices if f"nature={nature.value}" in choice["url"])
    form = client.get(url).context["form"]
    days = (form.initial["start_date"], form.initial["end_date"])
    assert (
        days
        == {
            Nature.CATCH_UP: (date(2026, 2, 23), date(2026, 3, 6)),
            Nature.ELSEWHERE: (date(2026, 2, 9), date(2026, 2, 27)),
            Nature.POSTPONED: (date(2027, 1, 4), date(2027, 1, 29)),
        }[nature]
    )
    typed = scene.form(
        period=form.initial["period"].pk, start_date=days[0].isoformat(), end_date=days[1].isoformat(), sans_editer="1"
    )
    answer = client.post(url, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    second = Placement.objects.in_school(scene.school).exclude(pk=first.pk).filter(student=scene.student).get()
    assert second.is_extension == (nature is Nature.CATCH_UP)
    assert second.origin_year == ("2025-2026" if nature is Nature.POSTPONED else "")
    assert (second.partner_id == first.partner_id) or nature is Nature.ELSEWHERE


@pytest.mark.django_db
def test_a_pupil_who_changes_class_keeps_the_placement_and_both_pages_say_so(scene: Scene, client) -> None:
    """A-05, A-07: the placement stays with its period; the new class expects the pupil for the periods that begin after."""
    scene.period.start_date, scene.period.end_date = date(2026, 2, 2), date(2026, 2, 27)
    scene.period.save()
    placement = scene.placement(start_date=date(2026, 2, 2), end_date=date(2026, 2, 27), status="en_cours")
    other = ClassFactory(school=scene.school, label="1re TCI")
    Schooling.objects.in_school(scene.school).filter(student=scene.student).update(exit_date=date(2026, 2, 13))
    SchoolingFactory(school=scene.school, student=scene.student, school_class=other, entry_date=date(2026, 2, 14))
    theirs = PeriodFactory(
        school=scene.school, school_class=other, start_date=date(2026, 2, 9), end_date=date(2026, 3, 6)
    )
    client.force_login(scene.cast.bde.user)
    here = client.get(placement.get_absolute_url()).content.decode()
    assert "a quitté 1re MELEC le 13 février 2026" in here.replace("\u00a0", " ")
    old, new = (client.get(one.get_absolute_url()).content.decode() for one in (scene.period, theirs))
    assert "a quitté la classe" in old and "est arrivé dans la classe" in new
    assert str(placement.public_id) in old
