"""Where one pupil stands for one period: the step, who has not signed, what comes next, how late. Read by `selectors`."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from core.school_year import SchoolYear
from documents import selectors as signing
from documents.enums import SIGNED, SignatureStatus
from documents.models import Document, Signature
from pfmp.enums import SECURED, SOLUTION, DeliveryState, MilestoneStep, PlacementStatus, PreConventionState
from pfmp.milestones import Backward
from pfmp.models import Delivery, Period, Placement
from pfmp.rules import milestones, solutions
from schools.models import Student

STEPS = (
    "sans_place", "a_replacer", "convention_refusee", "piste_en_cours", "place_trouvee", "convention_editee", "a_signer",
    "convention_complete", "en_entreprise", "termine", "attestation_remise", "dispense",
)  # fmt: skip
"""Where a pupil stands for a period, from who needs help most; the words are in core.status."""

WAITING = ("sans_place", "a_replacer", "piste_en_cours")
"""Steps of a pupil who has no place yet."""

UNSIGNED = ("convention_refusee", "place_trouvee", "convention_editee", "a_signer")
"""Steps of a pupil who has a place and no complete convention."""

_STEP_OF = {
    PlacementStatus.PROSPECT: "piste_en_cours",
    PlacementStatus.CONFIRMED: "place_trouvee",
    PlacementStatus.ISSUED: "convention_editee",
    PlacementStatus.SIGNED: "convention_complete",
    PlacementStatus.ONGOING: "en_entreprise",
    PlacementStatus.FINISHED: "termine",
    PlacementStatus.INTERRUPTED: "termine",
}
_BEST = (
    PlacementStatus.ONGOING, PlacementStatus.SIGNED, PlacementStatus.ISSUED, PlacementStatus.CONFIRMED,
    PlacementStatus.FINISHED, PlacementStatus.INTERRUPTED, PlacementStatus.PROSPECT,
)  # fmt: skip

_SHEETS = {
    PreConventionState.SENT: (MilestoneStep.PLACE_FOUND, MilestoneStep.SHEET_GIVEN),
    PreConventionState.TO_CORRECT: (MilestoneStep.PLACE_FOUND, MilestoneStep.SHEET_GIVEN),
    PreConventionState.FILLED: (MilestoneStep.PLACE_FOUND, MilestoneStep.SHEET_GIVEN, MilestoneStep.SHEET_BACK),
    PreConventionState.VALIDATED: (MilestoneStep.PLACE_FOUND, MilestoneStep.SHEET_GIVEN, MilestoneStep.SHEET_BACK),
}
"""What a pre-convention shows to be behind: a company that took the sheet has said yes."""


@dataclass
class Situation:
    """One pupil and one period: the placements, the paper, the step.

    `is_expected`: False for a pupil placed there who is no longer of the class, whom no figure counts.
    `sheet`: the state of the pre-convention of the placement; `certified`: the placements whose certificate is signed;
    `visited` and `judged`: those with a visit, with the pupil's opinion.
    """

    period: Period
    student: Student
    today: date
    is_exempted: bool = False
    is_expected: bool = True
    placements: list[Placement] = field(default_factory=list)
    document: Document | None = None
    signatures: list[Signature] = field(default_factory=list)
    backward: Backward | None = None
    deliveries: dict[MilestoneStep, Delivery] = field(default_factory=dict)
    sheet: str = ""
    is_certified: bool = False
    is_visited: bool = False
    has_opinion: bool = False
    exemption_id: UUID | None = None
    alert: int = 0  # the highest level of the visits' open alerts

    @cached_property
    def placement(self) -> Placement | None:
        """The one that counts most among those not cancelled."""
        return main_placement(self.placements)

    @cached_property
    def step(self) -> str:
        """A code of STEPS. To be placed again: every solution was interrupted before the end (A-83)."""
        if self.is_exempted:
            return "dispense"
        if self.placement is None:
            return "sans_place"
        if self.outcome.is_to_replace:
            return "a_replacer"
        step = _STEP_OF[PlacementStatus(self.placement.status)]
        if step == "place_trouvee" and self.refusal:
            return "convention_refusee"
        if step == "termine" and self.is_attested:
            return "attestation_remise"
        return "a_signer" if step == "convention_editee" and self.signed else step

    @cached_property
    def outcome(self) -> solutions.Outcome:
        """What the indicators I5.1 to I5.5 count of this pupil: the same function."""
        return solutions.outcome(
            [solutions.Stay(one.status, one.start_date, one.end_date, one.interrupted_date) for one in self.placements],
            (self.period.start_date, self.period.end_date),
            min(self.today, SchoolYear.parse(self.period.year).end),
        )

    @property
    def has_solution(self) -> bool:
        return any(one.status in SOLUTION for one in self.placements)

    @property
    def is_secured(self) -> bool:
        return any(one.status in SECURED for one in self.placements)

    @property
    def is_attested(self) -> bool:
        """The certificate is signed or was received, or the days of presence were written after the end."""
        handed = self.deliveries.get(MilestoneStep.CERTIFIED)
        if self.is_certified or (handed is not None and handed.state == DeliveryState.RECEIVED):
            return True
        return (
            self.placement is not None
            and self.placement.days_done is not None
            and (self.today > self.placement.end_date or self.placement.status == PlacementStatus.INTERRUPTED)
        )

    @cached_property
    def signed(self) -> int:
        return sum(row.status in SIGNED for row in self.signatures)

    @cached_property
    def refusal(self) -> Signature | None:
        """Who refuses to sign the convention, and why."""
        return next((row for row in self.signatures if row.status == SignatureStatus.REFUSED), None)

    @property
    def awaited(self) -> list[Signature]:
        """The signatures that are missing, in order."""
        return [row for row in self.signatures if row.status not in SIGNED]

    @property
    def missing(self) -> str:
        """Who has not signed, in words: « l’entreprise, le tuteur »."""
        return ", ".join(signing.SIGNERS[row.role] for row in self.awaited)

    @cached_property
    def noted(self) -> set[MilestoneStep]:
        """The steps that papers received, visits and opinions show to be behind."""
        found = {code for code, one in self.deliveries.items() if one.state == DeliveryState.RECEIVED}
        found.update(_SHEETS.get(PreConventionState(self.sheet), ()) if self.sheet else ())
        if self.signatures and all(row.status == SignatureStatus.ONLINE for row in self.signatures):
            found.add(MilestoneStep.FILED)  # nothing to bring back: the platform holds it
        if self.is_visited:
            found |= {MilestoneStep.ARRIVED, MilestoneStep.VISITED}
        if self.has_opinion:
            found.add(MilestoneStep.WELCOME)
        return found

    @cached_property
    def next_step(self) -> milestones.Awaited | None:
        """The next step of the school's calendar, with its day; None when nothing is awaited."""
        if self.backward is None or self.is_exempted:
            return None
        place = self.placement
        anchors = self.backward.anchors(
            self.period, place.start_date if place else None, place.end_date if place else None
        )
        return milestones.awaited(self.step, self.noted, self.backward.steps, anchors, self.today)

    @cached_property
    def days_late(self) -> int:
        """Days past the day of the next step, as the school's calendar has it."""
        return self.next_step.days_late(self.today) if self.next_step else 0

    @cached_property
    def red_day(self) -> int | None:
        """7, 3 or 1 days before a departure that the convention does not allow yet (R-CONV-04)."""
        first_day = self.placement.start_date if self.placement else self.period.start_date
        return milestones.red_day(self.step, first_day, self.today)

    @property
    def needs_place(self) -> bool:
        return self.step in WAITING

    @property
    def need(self) -> tuple[int, int, int]:
        """The order of « qui a le plus besoin d’aide »: the least far on first, then the red list, then the latest."""
        return (STEPS.index(self.step), self.red_day or 99, -self.days_late)


def main_placement(placements: list[Placement]) -> Placement | None:
    """The one that counts most among those not cancelled."""
    alive = [one for one in placements if one.status != PlacementStatus.CANCELLED]
    return min(alive, key=lambda one: _BEST.index(PlacementStatus(one.status)), default=None)
