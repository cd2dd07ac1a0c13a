"""Actions, who carried them, was asked and came; how they are prepared; photographs and feeds."""

from datetime import UTC, date, datetime

from factory import SelfAttribute, Sequence, SubFactory, Trait

from core import tokens
from events.models import (
    Action,
    ActionClass,
    ActionLetter,
    ActionPartner,
    ActionPhoto,
    ActionStep,
    ActionTemplate,
    CalendarFeed,
    EventSettings,
    ImageConsent,
    Invitation,
    InvitationLink,
    Participation,
    PhotoSubject,
)
from tests.factories.partners import PartnerFactory
from tests.factories.schools import ClassFactory, OfSchool, StudentFactory


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


class ActionTemplateFactory(OfSchool):
    class Meta:
        model = ActionTemplate

    name = Sequence(lambda n: f"Modèle {n}")
    kind = "FORUM_METIERS"


class ActionStepFactory(OfSchool):
    class Meta:
        model = ActionStep

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    label = "Réserver la salle"


class ActionClassFactory(OfSchool):
    class Meta:
        model = ActionClass

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))


class ActionLetterFactory(OfSchool):
    class Meta:
        model = ActionLetter

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    occasion = "invitation"
    subject = "Forum des métiers"
    body = "Bonjour, nous vous invitons."


class EventSettingsFactory(OfSchool):
    class Meta:
        model = EventSettings


class InvitationLinkFactory(OfSchool):
    class Meta:
        model = InvitationLink

    invitation = SubFactory(InvitationFactory, school=SelfAttribute("..school"))
    token_hash = Sequence(lambda n: tokens.hashed(f"invitation-{n}"))
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class CalendarFeedFactory(OfSchool):
    class Meta:
        model = CalendarFeed

    token_hash = Sequence(lambda n: tokens.hashed(f"feed-{n}"))


class ImageConsentFactory(OfSchool):
    class Meta:
        model = ImageConsent

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    project = "Forum des métiers"
    use = "Site du lycée"
    given_by = "responsable"
    signed_date = date(2025, 9, 10)
    until_date = date(2099, 8, 31)


class ActionPhotoFactory(OfSchool):
    class Meta:
        model = ActionPhoto

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    file = "actions/none"
    shows_nobody = True


class PhotoSubjectFactory(OfSchool):
    class Meta:
        model = PhotoSubject

    photo = SubFactory(ActionPhotoFactory, school=SelfAttribute("..school"), shows_nobody=False)
    consent = SubFactory(ImageConsentFactory, school=SelfAttribute("..school"))
