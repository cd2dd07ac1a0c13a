"""Actions, who carried them, was asked and came."""

from datetime import date

from factory import SelfAttribute, Sequence, SubFactory, Trait

from events.models import Action, ActionPartner, Invitation, Participation
from tests.factories.partners import PartnerFactory
from tests.factories.schools import OfSchool, StudentFactory


class ActionFactory(OfSchool):
    class Meta:
        model = Action

    class Params:
        planned = Trait(status="prevue")

    type = "forum_salon"
    title = Sequence(lambda n: f"Forum {n}")
    start_date = date(2025, 11, 20)
    status = "realisee"
    initiative = "etablissement"


class ActionPartnerFactory(OfSchool):
    class Meta:
        model = ActionPartner

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))


class InvitationFactory(OfSchool):
    class Meta:
        model = Invitation

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    sent_date = date(2025, 11, 1)


class ParticipationFactory(OfSchool):
    class Meta:
        model = Participation

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
