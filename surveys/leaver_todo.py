"""What waits on the home page about leavers: a campaign to open in its season, employers to recognise."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from core import french
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission
from surveys import campaigns, employers
from surveys.rules import leavers


@todo.provider
def leaver_tasks(membership: Membership, today: date) -> Iterable[todo.Task]:
    """For who writes answers: one line a campaign that is in its season and not prepared, one for the employers."""
    if not allows(membership, Permission.EDIT_SURVEYS):
        return
    uai = membership.school.uai
    for year, term in campaigns.due(membership.school, today):
        day = leavers.due_date(year, term)
        yield todo.Task(
            due=leavers.window(year, term)[1],
            title=f"Demander aux sortants de {year} ce qu’ils font",
            text=f"{term.label} après leur sortie : les réponses comptent au {french.day(day)}.",
            url=f"{reverse('surveys:campaign_new', args=[uai])}?annee={year}&echeance={term.value}",
            action_label="Préparer la campagne",
            action_icon="send",
        )
    if count := employers.waiting(membership.school).count():
        yield todo.Task(
            due=today,
            title=f"{french.plural(count, 'employeur')} de sortants à rapprocher des partenaires",
            text="Écrits par d’anciens élèves : dites lesquels sont déjà vos partenaires.",
            url=reverse("surveys:employer_list", args=[uai]),
            action_label="Rapprocher",
            action_icon="building",
        )
