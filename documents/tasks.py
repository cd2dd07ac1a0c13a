"""Doorways of the background work on papers."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core import jobs
from documents import archives, reminding, sealing
from documents.models import Document
from schools.models import School


@jobs.task(key="signing-links:{batch}", label="Envoi des liens de signature")
def send_links(
    *, document_ids: list[int], batch: str, until: str, by_id: int | None = None, **_later: object
) -> jobs.Result:
    """The first message about several papers of one school; those whose PDF is being made are waited for until `until`."""
    return reminding.send_when_ready(document_ids, until=datetime.fromisoformat(until), by_id=by_id, now=timezone.now())


@jobs.task(key="signing-next:{document_id}", label="Envoi du lien au signataire suivant", rerun=True)
def send_next(*, document_id: int, **_later: object) -> None:
    """Somebody signed: the next ones get their link."""
    document = Document.objects.select_related("school").get(pk=document_id)
    reminding.send_next(document, now=timezone.now())


@jobs.task(key="signing-reminders-of-all:{date}", label="Relances de signature du matin")
def remind_every_school(*, date: str, **_later: object) -> None:
    """Ask for the reminders of each school, one job each: a failure in one leaves the others alone."""
    with jobs.closing():
        # The addresses of a demo school are nobody's: what leaves there is what its visitors ask for.
        for school_id, uai in School.objects.filter(is_demo=False).order_by("pk").values_list("pk", "uai"):
            jobs.enqueue(remind_school, scope=uai, school_id=school_id, date=date)


@jobs.task(key="signing-reminders:{school_id}:{date}", label="Relances de signature d’un lycée")
def remind_school(*, school_id: int, date: str, **_later: object) -> jobs.Result:
    """The reminders of a school's timetable for a day; run again after a crash, it sends nothing twice."""
    now = timezone.now()
    if timezone.localdate(now).isoformat() != date:
        return jobs.Result("La journée est passée : les relances attendent la suivante.")
    outcome = reminding.remind_due(School.objects.get(pk=school_id), now=now)
    return jobs.Result(outcome.sentence)


@jobs.task(key="archive:{asked_by}:{digest}", label="Archive de documents")
def make_archive(
    *, school_id: int, asked_by: int, digest: str, name: str, document_ids: list[int], **_later: object
) -> jobs.Result:
    """Many papers as one ZIP, with what who asked may see on the day it is made."""
    user = User.objects.filter(pk=asked_by, is_active=True).first()
    return archives.make(
        document_ids, school=School.objects.get(pk=school_id), asked_by=user, name=name, now=timezone.now()
    )


@jobs.task(key=sealing.KEY, label="Fichier scellé")
def seal_document(*, document_id: int, **_later: object) -> jobs.Result:
    """The sealed file of a paper that everyone has signed, once."""
    document = Document.objects.select_related("school").get(pk=document_id)
    return sealing.seal_and_store(document, now=timezone.now())


@jobs.task(key="seal-timestamps:{date}", label="Horodatages en attente")
def ask_timestamps_again(**_later: object) -> None:
    """Each night, for the seals that the timestamp service did not date: one job each."""
    with jobs.closing():
        for document in sealing.waiting_for_a_timestamp(timezone.now()):
            jobs.enqueue(seal_again, scope=document.school.uai, document_id=document.pk)


@jobs.task(key="seal-again:{document_id}", label="Horodatage d’un fichier scellé")
def seal_again(*, document_id: int, **_later: object) -> jobs.Result:
    document = Document.objects.select_related("school").get(pk=document_id)
    return sealing.seal_and_store(document, now=timezone.now(), again=True)
