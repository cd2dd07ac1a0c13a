"""Doorways of the background work of agreements."""

from datetime import date as day

from django.utils import timezone

from conventions import alerts, documents
from core import french, jobs
from schools.models import School


@jobs.task(key="document:{document_id}", label="Convention de partenariat")
def render_agreement(*, document_id: int, **_later: object) -> jobs.Result:
    """The PDF of one issued agreement, stored once."""
    return documents.make_file(document_id)


@jobs.task(key="agreement-alerts:{date}", label="Échéances des conventions")
def alert_every_school(*, date: str, **_later: object) -> None:
    """Ask for the alerts of each school, one job each: a failure in one leaves the others alone."""
    with jobs.closing():
        # The addresses of a demo school are nobody's: its work list shows the same.
        for school_id, uai in School.objects.filter(is_demo=False).order_by("pk").values_list("pk", "uai"):
            jobs.enqueue(alert_school, scope=uai, school_id=school_id, date=date)


@jobs.task(key="agreement-alerts:{school_id}:{date}", label="Échéances des conventions d’un lycée")
def alert_school(*, school_id: int, date: str, **_later: object) -> jobs.Result:
    """What ends, what must be said, which reviews are due: one message a person; run again, nothing is sent twice."""
    if timezone.localdate().isoformat() != date:
        return jobs.Result("La journée est passée : les échéances attendent la suivante.")
    sent = alerts.tell(School.objects.get(pk=school_id), day.fromisoformat(date))
    return jobs.Result(french.plural(sent, "message") + ".")
