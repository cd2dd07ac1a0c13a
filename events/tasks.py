"""Doorways of the background work on actions."""

from datetime import date as day

from django.utils import timezone

from core import jobs
from core.french import plural
from events import inviting, photos, presence
from schools.models import School


@jobs.task(key="invitation-reminders-of-all:{date}", label="Relances des invitations du matin")
def remind_every_school(*, date: str, **_later: object) -> None:
    """Ask for the reminders of each school, one job each: a failure in one leaves the others alone."""
    with jobs.closing():
        # The addresses of a demo school are nobody's: what leaves there is what its visitors ask for.
        for school_id, uai in School.objects.filter(is_demo=False).order_by("pk").values_list("pk", "uai"):
            jobs.enqueue(remind_school, scope=uai, school_id=school_id, date=date)


@jobs.task(key="invitation-reminders:{school_id}:{date}", label="Relances des invitations d’un lycée")
def remind_school(*, school_id: int, date: str, **_later: object) -> jobs.Result:
    """The reminders of a day; run again after a crash, it sends nothing twice."""
    now = timezone.now()
    if timezone.localdate(now).isoformat() != date:
        return jobs.Result("La journée est passée : les relances attendent la suivante.")
    return jobs.Result(inviting.remind_due(School.objects.get(pk=school_id), now=now).sentence)


@jobs.task(key="expected-classes:{date}", label="Élèves attendus aux actions")
def follow_classes(*, date: str, **_later: object) -> jobs.Result:
    """Each night: who arrived in an expected class is expected, who left no longer is."""
    moved = 0
    for school in School.objects.order_by("pk"):
        moved += presence.follow_school(school, day.fromisoformat(date))
    return jobs.Result(f"{plural(moved, 'action suivie', 'actions suivies')}.")


@jobs.task(key="photos-to-remove:{date}", label="Photos dont l’autorisation est finie")
def remove_photos(*, date: str, **_later: object) -> jobs.Result:
    """Each night: photographs that no authorisation covers any more, file and all."""
    gone = photos.sweep(day.fromisoformat(date))
    return jobs.Result(f"{photos.told(gone)}.")
