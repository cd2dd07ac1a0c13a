"""What surveys put on the work list: one that is ready and that nobody was asked to answer, one that has just ended."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from core import french
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission
from surveys.models import Survey, SurveyLink, SurveyQuestion

BEHIND = timedelta(days=7)
MOST = 4


@todo.provider
def surveys_to_do(membership: Membership, today: date) -> Iterable[todo.Task]:
    """For a week: ask a survey that is open, read one that is closed. One query."""
    if not allows(membership, Permission.EDIT_SURVEYS):
        return
    links = SurveyLink.objects.filter(survey=OuterRef("pk"))
    rows = (
        Survey.objects.in_school(membership.school_id)
        .filter(
            Q(opened_date__range=(today - BEHIND, today), closed_date__gte=today)
            | Q(closed_date__range=(today - BEHIND, today - timedelta(days=1)))
        )
        .annotate(
            is_asked=Exists(links),
            has_questions=Exists(SurveyQuestion.objects.filter(survey=OuterRef("pk"))),
            count=Count("answers"),
        )
        .filter(Q(closed_date__lt=today, count__gt=0) | Q(closed_date__gte=today, count=0, is_asked=False))
        .filter(has_questions=True)
        .select_related("school")
        .order_by("closed_date", "pk")
    )
    for survey in rows[:MOST]:
        is_over = survey.closed_date is not None and survey.closed_date < today
        yield todo.Task(
            due=survey.closed_date if is_over and survey.closed_date else survey.opened_date,
            title=survey.title,
            text=f"Enquête close : {french.plural(survey.count, 'réponse')}."
            if is_over
            else "Enquête prête, pas encore envoyée ni affichée.",
            url=survey.get_absolute_url(),
            action_label="Lire les résultats" if is_over else "Faire répondre",
        )
