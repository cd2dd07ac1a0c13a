"""What apps beside and above the actions see after them (§ 5.4): placements at their partners, answers to their surveys."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import F
from django.db.models.functions import Coalesce

from core import french
from events import impact
from events.impact import Around, Found, Observation, Seen
from pfmp.enums import SOLUTION
from pfmp.models import Placement
from schools.roles import Permission
from surveys.models import SurveyAnswer

ENOUGH = 5
"""Under five answers a mean says too much of each (P-20)."""


def _placements(school_id: int, actions: Sequence[Around], today: date) -> Seen:
    """Placements that are a solution (I5.1), at a partner of the action, from its day and for 180 days."""
    partners = {partner for one in actions for partner in one.partners}
    rows = list(
        Placement.objects.in_school(school_id)
        .filter(partner__in=partners, status__in=SOLUTION, start_date__lte=today)
        .values_list("pk", "partner", "start_date")
    )
    return {
        one.action.pk: {
            pk: 1 for pk, partner, day in rows if partner in one.partners and one.after(day, impact.PLACEMENT_DAYS)
        }
        for one in actions
    }


def _answers(school_id: int, actions: Sequence[Around], today: date) -> Seen:
    """Answers about the action itself or to a survey on it, with their grades."""
    rows = (
        SurveyAnswer.objects.in_school(school_id)
        .filter(date__lte=today)
        .annotate(about=Coalesce(F("action"), F("survey__action")))
        .filter(about__in=[one.action.pk for one in actions])
        .values_list("about", "pk", "grade")
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for action, answer, grade in rows:
        found[action][answer] = grade
    return found


def _told_answers(found: Found) -> str:
    if not found:
        return ""
    answers = french.plural(len(found), "réponse")
    if len(found) < ENOUGH:
        return "moins de cinq réponses"
    return f"{french.number(sum(found.values()) / len(found), 1)} sur 4 ({answers})"


def _brief_answers(found: Found) -> str:
    return french.number(sum(found.values()) / len(found), 1) if len(found) >= ENOUGH else ""


impact.observes(
    Observation(
        "placements",
        "Placements chez eux",
        40,
        Permission.VIEW_PLACEMENTS,
        _placements,
        impact.counted("placement"),
        "Placements",
        impact.number,
        "PFMP commencées chez ces partenaires dans les 180 jours",
    )
)
impact.observes(
    Observation(
        "satisfaction",
        "Satisfaction",
        60,
        Permission.VIEW_SURVEYS,
        _answers,
        _told_answers,
        "Satisfaction",
        _brief_answers,
        "moyenne de tous les publics, sur 4, à partir de cinq réponses",
    )
)
