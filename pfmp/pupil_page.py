"""What a pupil reads on their own page: where they are, by which day, where they may ask. Nobody else's name."""

from dataclasses import dataclass
from datetime import date, timedelta

from core import french, places
from core.places import Commune
from documents import selectors as signing
from documents.enums import SIGNED
from pfmp import milestones, nearby_hosts, selectors
from pfmp.enums import ApproachState, MilestoneStep, PlacementStatus, PreConventionState
from pfmp.forms.placements import next_period, periods_of
from pfmp.models import Approach, Period, PfmpSettings, Placement
from schools.communes import town_of
from schools.models import Student

RECENT = timedelta(days=60)
"""How long after its end a stay is still talked about."""
MOST_HOSTS = 30
REACHES = (5, 10, 20, 50)
USUAL_REACH = 20

_RANK = {
    "sans_place": 0, "a_replacer": 0, "piste_en_cours": 0, "place_trouvee": 2, "convention_refusee": 2,
    "convention_editee": 3, "a_signer": 3, "convention_complete": 4, "en_entreprise": 5, "termine": 5,
    "attestation_remise": 6, "dispense": 0,
}  # fmt: skip
"""How many stages are behind, by step of the board."""


DEPARTURE = 4
"""The stage that has a day rather than a last day."""


@dataclass(frozen=True)
class Stage:
    """A stage of the way: done, the one of today, or to come; by which day."""

    title: str
    text: str
    state: str  # "fait", "maintenant", "ensuite"
    due: date | None = None
    is_late: bool = False
    is_day: bool = False  # the day itself, and not the last one


@dataclass(frozen=True)
class Signer:
    """Who signs the convention, by their role alone, and whether they did."""

    who: str
    has_signed: bool


@dataclass(frozen=True)
class PupilPage:
    """All that the first page of a pupil says."""

    student: Student
    period: Period | None
    row: selectors.Situation | None
    stages: list[Stage]
    mine: list[Approach]
    signers: list[Signer]
    after: Placement | None

    @property
    def placement(self) -> Placement | None:
        """The place, once it is more than a lead."""
        found = self.row.placement if self.row else None
        return found if found and found.status != PlacementStatus.PROSPECT else None

    @property
    def is_exempted(self) -> bool:
        return self.row is not None and self.row.is_exempted

    @property
    def is_searching(self) -> bool:
        return self.row is not None and self.row.needs_place

    @property
    def claim(self) -> Approach | None:
        """The yes that waits for somebody of the lycée to call."""
        if not self.is_searching:
            return None
        return next((one for one in self.mine if one.state == ApproachState.ACCEPTED), None)


def period_of(student: Student, today: date) -> Period | None:
    """The period that the pupil prepares: the one under way, else the next, else the last."""
    every = list(periods_of(student, student.school))
    if not every:
        return None
    period = next_period(every, today)
    period.school = student.school
    return period


def page_of(student: Student, today: date) -> PupilPage:
    """The first page of a pupil, in some fifteen queries."""
    period = period_of(student, today)
    row = None
    if period is not None:
        rows = selectors.situations([period], today, students=[student.pk])[period.pk]
        row = next(iter(rows), None)
    after = (
        Placement.objects.in_school(student.school_id)
        .filter(student=student, status=PlacementStatus.FINISHED, end_date__range=(today - RECENT, today))
        .select_related("partner", "period")
        .order_by("-end_date")
        .first()
    )
    return PupilPage(
        student,
        period,
        row,
        stages_of(row, period, today) if row and period and not row.is_exempted else [],
        log_of(student, period),
        [Signer(signing.SIGNERS[one.role], one.status in SIGNED) for one in row.signatures] if row else [],
        after,
    )


def log_of(student: Student, period: Period | None) -> list[Approach]:
    """The pupil's approaches for a period, the latest first."""
    found = Approach.objects.in_school(student.school_id).filter(student=student, period=period)
    return list(found.select_related("partner").order_by("-date", "-pk"))


def stages_of(row: selectors.Situation, period: Period, today: date) -> list[Stage]:
    """The way from the search to the end, with the days that the lycée gives."""
    rank = _RANK[row.step]
    placement = row.placement
    host = placement.partner.name if placement else ""
    sheet = getattr(placement, "sheet", None) if placement else None
    if row.step == "piste_en_cours" and sheet in (
        PreConventionState.SENT,
        PreConventionState.FILLED,
        PreConventionState.VALIDATED,
    ):
        rank = 2 if sheet == PreConventionState.VALIDATED else 1
    days = milestones.backward([period])
    step = MilestoneStep
    said: list[tuple[str, str, date | None]] = [
        (
            "Trouver une entreprise",
            f"Le lycée vérifie avec {host}."
            if host and rank == 0
            else "Demande à plusieurs entreprises, et note chaque réponse.",
            days.due_date(step.PLACE_FOUND, period),
        ),
        (
            "L’entreprise remplit sa fiche",
            "Le lycée lui envoie un lien. Tu peux lui rappeler de répondre.",
            days.due_date(step.SHEET_BACK, period),
        ),
        (
            "Le lycée prépare la convention",
            "C’est le papier qui te permet de partir.",
            days.due_date(step.ISSUED, period),
        ),
        (
            "Tout le monde signe la convention",
            "Toi, ta famille si tu es mineur, l’entreprise, le lycée.",
            days.due_date(step.SIGNED, period),
        ),
        (
            "Tu pars en entreprise",
            french.period(placement.start_date, placement.end_date).capitalize() + "."
            if placement
            else "Prépare tes affaires et ton trajet.",
            placement.start_date if placement else period.start_date,
        ),
        (
            "L’entreprise signe ton attestation",
            "Elle dit combien de jours tu es venu. Sans elle, pas d’allocation.",
            days.due_date(step.CERTIFIED, period),
        ),
    ]
    return [
        Stage(
            title,
            text,
            "fait" if place < rank else "maintenant" if place == rank else "ensuite",
            due,
            place == rank and due is not None and due < today and place != DEPARTURE,
            place == DEPARTURE,
        )
        for place, (title, text, due) in enumerate(said)
    ]


# ------------------------------------------------------------------------------------------------------- hosts to try


@dataclass(frozen=True)
class Hosts:
    """Companies to try, the nearest first, around a town."""

    found: list[nearby_hosts.Host]
    town: Commune | None
    km: int


def hosts_for(student: Student, period: Period | None, km: int, today: date) -> Hosts:
    """Companies that take the pupil's formation and have a place left: no person's name, no one to avoid."""
    town = places.find(student.postal_code, student.city) or town_of(student.school)
    if period is None or town is None:
        return Hosts([], town, km)
    search = nearby_hosts.Search(period.school_class.diploma, period, period.year, town.centre, km)
    found = nearby_hosts.find(search, None, today, student=student)
    return Hosts([host for host in found.hosts if not host.is_full][:MOST_HOSTS], town, km)


def settings_of(student: Student) -> PfmpSettings | None:
    """The school's own words, if it wrote any."""
    found: PfmpSettings | None = PfmpSettings.objects.in_school(student.school_id).first()
    return found
