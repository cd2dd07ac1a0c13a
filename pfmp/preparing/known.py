"""What the school knows already, shown to the company for it to check; what the rules on hours say of its timetable."""

from dataclasses import dataclass

from partners.models import Contact, Partner
from pfmp import documents, rules, selectors
from pfmp.models import Placement, Terms
from pfmp.rules.facts import MAJORITY

HOUR_RULES = frozenset({"R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-07", "R-MIN-08", "R-MIN-09", "R-MIN-11", "R-MAJ-01"})
"""Rules on hours: what a company may read. The others speak of the pupil, the school or other pupils."""


@dataclass(frozen=True)
class Known:
    """What the school knows already, for the company to check: its own data only."""

    partner: Partner
    signer: Contact | None
    tutor: Contact | None
    terms: Terms | None  # of this placement, else of the company's last one
    placement: Placement
    is_minor: bool | None

    @property
    def is_own(self) -> bool:
        """Are the terms this placement's, and not an earlier one's?"""
        return self.terms is not None and self.terms.placement_id == self.placement.pk

    @property
    def asks_works(self) -> bool:
        """Regulated works concern minors; an unknown age counts as a minor's."""
        return self.is_minor is not False


def known_of(placement: Placement) -> Known:
    """What to show the company as already known. The placement comes with school, student, partner, tutor and signer."""
    terms = Terms.objects.in_school(placement.school_id).filter(placement=placement).first()
    if terms is None:
        terms = (
            Terms.objects.in_school(placement.school_id)
            .filter(placement__partner=placement.partner_id)
            .order_by("-placement__start_date", "-pk")
            .first()
        )
    born = placement.student.birth_date
    return Known(
        partner=placement.partner,
        signer=documents.signer_of(placement),
        tutor=placement.tutor if placement.tutor and placement.tutor.partner_id == placement.partner_id else None,
        terms=terms,
        placement=placement,
        is_minor=None if born is None else rules.age_on(born, placement.start_date) < MAJORITY,
    )


def hour_verdicts(placement: Placement, timetable: str) -> list[tuple[str, str, str]]:
    """What the rules on hours say of a timetable for this pupil, ready for `{% verdicts %}`; reads no other rule aloud."""
    probe = Placement(
        school=placement.school, student=placement.student, period=placement.period, partner=placement.partner,
        public_id=placement.public_id, start_date=placement.start_date, end_date=placement.end_date,
        status=placement.status, timetable=timetable,
    )  # fmt: skip
    return [
        ("bloquant" if problem.level is rules.Level.BLOCKING else "a_justifier", problem.message, "")
        for problem in selectors.check_placement(probe).problems
        if problem.rule in HOUR_RULES and problem.level in (rules.Level.BLOCKING, rules.Level.WARNING)
    ]
