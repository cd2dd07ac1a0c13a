"""The actions led under an agreement, counted for what it promised."""

from collections.abc import Iterable

from django.db.models import Q

from conventions import commitments
from conventions.commitments import Asked, Deed, Noun, Sort
from conventions.enums import ActionType, CommitmentKind
from events.enums import ActionStatus
from events.models import Action, ActionPartner
from schools.roles import Permission

T = ActionType


def _led(one: str, many: str, *, feminine: bool) -> Noun:
    if feminine:
        return Noun(one, many, "faite", "faites", "aucune faite")
    return Noun(one, many, "fait", "faits", "aucun fait")


NOUNS = {
    T.COMPANY_VISIT: _led("visite", "visites", feminine=True),
    T.PROFESSIONAL_TALK: _led("intervention", "interventions", feminine=True),
    T.FORUM: _led("forum ou salon", "forums ou salons", feminine=False),
    T.JOB_DATING: _led("job dating", "job datings", feminine=False),
    T.OBSERVATION: _led("stage d’observation", "stages d’observation", feminine=False),
    T.JOINT_PROJECT: _led("projet collaboratif", "projets collaboratifs", feminine=False),
    T.CONTEST: _led("concours", "concours", feminine=False),
    T.MENTORING: _led("action de mentorat", "actions de mentorat", feminine=True),
    T.TEACHER_IMMERSION: _led("immersion d’enseignants", "immersions d’enseignants", feminine=True),
    T.TAILORED_TRAINING: _led("formation sur mesure", "formations sur mesure", feminine=True),
    T.EXAM_JURY: _led("jury d’examen", "jurys d’examen", feminine=False),
    T.MOCK_INTERVIEW: _led("simulation d’entretien", "simulations d’entretien", feminine=True),
    T.AVENIRPRO: _led("atelier AvenirPro", "ateliers AvenirPro", feminine=False),
    T.MIDDLE_SCHOOL: _led("découverte des métiers au collège", "découvertes des métiers au collège", feminine=True),
    T.OPEN_DAY: _led("journée portes ouvertes", "journées portes ouvertes", feminine=True),
    T.EQUIPMENT_GIFT: _led("don d’équipement", "dons d’équipement", feminine=False),
    T.IMPROVEMENT_COUNCIL: _led("conseil de perfectionnement", "conseils de perfectionnement", feminine=False),
    T.MOBILITY: _led("mobilité", "mobilités", feminine=True),
    T.NETWORK_MEETING: _led("réunion de réseau", "réunions de réseau", feminine=True),
    T.OTHER: _led("autre action", "autres actions", feminine=True),
}


def led(asked: Asked) -> Iterable[Deed]:
    """Actions that took place under the agreement; or, naming no agreement, that its partner carried while it ran (I1.7)."""
    agreement = asked.agreement
    under = Q(agreement=agreement)
    if asked.since is not None and agreement.partner_id is not None:
        carried = ActionPartner.objects.in_school(agreement.school_id).filter(partner=agreement.partner_id)
        under |= Q(agreement=None, pk__in=carried.values("action"), start_date__range=(asked.since, asked.until))
    actions = (
        Action.objects.in_school(agreement.school_id)
        .filter(under, status=ActionStatus.DONE, start_date__lte=asked.until)
        .select_related("school")
    )
    return [Deed(action.start_date, action.title, action.get_absolute_url(), code=action.type) for action in actions]


commitments.register(
    commitments.Feed(
        CommitmentKind.ACTIONS,
        _led("action", "actions", feminine=True),
        Permission.VIEW_ACTIONS,
        led,
        [Sort(kind.value, NOUNS[kind]) for kind in ActionType],
    )
)
