"""What the page of a placement's follow-up shows of the tutor's grid, of the pupil's opinion, of the booklet."""

from typing import Any

from django.urls import reverse

from pfmp import evaluating, opinions
from pfmp.models import Placement
from pfmp.rules import evaluation as rules
from schools.models import Membership


def of(placement: Placement, membership: Membership) -> dict[str, Any]:
    """The context of pfmp/partials/feedback.html: two queries at most; what one may not read is not asked for."""
    words = [placement.school.uai, placement.public_id]
    may_read_evaluation = bool(evaluating.may_read(membership))
    may_read_opinion = bool(opinions.may_read(membership, placement))
    opinion = opinions.of(placement) if may_read_opinion else None
    return {
        "may_read_evaluation": may_read_evaluation,
        "evaluation": evaluating.of(placement) if may_read_evaluation else None,
        "evaluation_url": reverse("pfmp:placement_evaluation", args=words),
        "may_read_opinion": may_read_opinion,
        "opinion": opinion,
        "said": opinions.in_words(opinion) if opinion else [],
        "opens": rules.opinion_opens(placement.start_date, opinions.last_day(placement)),
        "booklet_url": reverse("pfmp:placement_booklet", args=words),
    }
