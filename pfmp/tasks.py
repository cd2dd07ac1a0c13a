"""Doorways of the background work of PFMP."""

from datetime import date as day

from django.utils import timezone

from accounts.models import User
from core import jobs
from core.french import plural
from documents.models import Document
from pfmp import absences, booklet, documents, evaluating, inviting, reminders, tutoring
from pfmp.documents import certificate
from pfmp.models import Period
from schools.models import Student


def _papers(wanted: list[int]) -> list[Document]:
    """Those that are still there, in the order asked."""
    found = Document.objects.select_related("school").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _title(what: str, period_id: int) -> str:
    """« Livrets 1re MELEC, PFMP 2 »."""
    period = Period.objects.select_related("school_class").get(pk=period_id)
    return f"{what} {period.school_class.label}, {period.label}"


def _one_file(title: str, file: bytes, count: str) -> jobs.Result:
    return jobs.Result(f"{count}.", file=file, name=f"{title.replace('/', '-')}.pdf")


@jobs.task(key="document:{document_id}", label="Convention de PFMP")
def render_convention(*, document_id: int, **_later: object) -> jobs.Result:
    """The PDF of one issued convention, stored once."""
    return documents.make_file(document_id)


@jobs.task(key="conventions:{period_id}:{asked_by}", label="Conventions de la classe")
def render_class(*, period_id: int, document_ids: list[int], **_later: object) -> jobs.Result:
    """The conventions of a class for a period, as one file to print."""
    papers = _papers(document_ids)
    if not papers:
        raise jobs.Failure("Aucune convention n’est plus à réunir : rouvrez la page de la période.")
    title = _title("Conventions", period_id)
    return _one_file(title, documents.render_class(papers, title=title), plural(len(papers), "convention"))


@jobs.task(key="pupil-links:{period_id}:{asked_by}", label="Pages des élèves, par courriel")
def send_pupil_links(*, asked_by: int, student_ids: list[int], **_later: object) -> jobs.Result:
    """Their own page to the pupils of a class who have an address."""
    students = Student.objects.filter(pk__in=student_ids).select_related("school").order_by("search_text", "pk")
    user = User.objects.filter(pk=asked_by).first()
    return jobs.Result(inviting.send_all(list(students), by=user, now=timezone.now()).sentence)


@jobs.task(key="placements-calendar:{date}", label="Départs et fins des placements")
def follow_calendar(*, date: str, **_later: object) -> None:
    """Each night: who left, who came back."""
    reminders.follow_calendar(day.fromisoformat(date))


@jobs.task(key="document:{document_id}", label="Attestation")
def render_certificate(*, document_id: int, **_later: object) -> jobs.Result:
    """The PDF of one attestation, stored once."""
    return certificate.make_file(document_id)


@jobs.task(key="certificates:{period_id}:{asked_by}", label="Attestations de la classe")
def render_certificates(*, period_id: int, document_ids: list[int], **_later: object) -> jobs.Result:
    """The attestations of a class for a period, as one file to print."""
    papers = _papers(document_ids)
    if not papers:
        raise jobs.Failure("Aucune attestation n’est plus à réunir : rouvrez la page de la classe.")
    title = _title("Attestations", period_id)
    return _one_file(title, certificate.render_class(papers, title=title), plural(len(papers), "attestation"))


@jobs.task(key="booklets:{period_id}:{asked_by}", label="Livrets de suivi de la classe")
def render_booklets(
    *, period_id: int, placement_ids: list[int], with_grid: bool = False, **_later: object
) -> jobs.Result:
    """The booklets of a class for a period, as one file to print."""
    period = Period.objects.select_related("school_class").get(pk=period_id)
    rows = list(booklet.placements_of(period, placement_ids))
    if not rows:
        raise jobs.Failure("Aucun placement n’est plus à imprimer : rouvrez la page de la classe.")
    title = _title("Livrets", period_id)
    file = booklet.render_class(rows, title=title, with_grid=with_grid)
    return _one_file(title, file, plural(len(rows), "livret"))


@jobs.task(key="tutor-grids:{date}", label="Grilles demandées aux tuteurs")
def remind_tutors(*, date: str, **_later: object) -> None:
    """Each morning: the grids that are not handed in, some days after the end of the stay."""
    evaluating.remind_tutors(day.fromisoformat(date))


@jobs.task(key="tutors:{date}", label="Messages aux tuteurs")
def write_to_tutors(*, date: str, **_later: object) -> None:
    """Each morning: the link of a stay that begins, the attestation of one that ends."""
    tutoring.write_to_tutors(day.fromisoformat(date))


@jobs.task(key="school-life:{date}", label="Absences dites à la vie scolaire")
def tell_school_life(*, date: str, **_later: object) -> None:
    """Each day, once the morning's absences are known."""
    absences.tell_every_school(day.fromisoformat(date))
