"""What the school shows: its public page, the partners who agree to be named, the actions put on it, agreements on images."""

from datetime import timedelta

from events.enums import ActionStatus, ActionType, Consenting
from events.models import Action, EventSettings, ImageConsent
from events.photos import is_adult
from exchange.seeding.world import World
from partners.enums import PartnerStatus
from partners.models import Partner

SHOWN = (ActionType.FORUM, ActionType.OPEN_DAY, ActionType.JOB_DATING, ActionType.MIDDLE_SCHOOL)
MOST_SHOWN = 6
WORDS = {
    ActionType.FORUM: "Ouvert aux entreprises du bassin. Réservez votre table au bureau des entreprises.",
    ActionType.OPEN_DAY: "Ateliers ouverts, démonstrations, rencontre avec les équipes.",
    ActionType.JOB_DATING: "Dix minutes par candidat. Dites-nous vos postes une semaine avant.",
    ActionType.MIDDLE_SCHOOL: "Pour les collégiens et leurs familles, sur inscription.",
}


def show_the_school(world: World) -> None:
    """The page is open; a third of the active partners agree to be named; one pupil in five has an agreement on images."""
    draw = world.draw("showing")
    settings = next(iter(world.all(EventSettings)), None) or world.add(EventSettings)
    settings.page_is_open = True
    settings.introduction = (
        f"{world.school.name.removesuffix(' (démonstration)')} travaille depuis des années avec les entreprises du bassin. "
        "Venez voir nos ateliers, accueillez un élève, présentez vos métiers."
    )
    settings.taxe_text = "L’an dernier, elle a permis d’équiper un atelier."
    for partner in world.all(Partner):
        if partner.status == PartnerStatus.ACTIVE and draw.happens(0.35):
            partner.named_since = world.today - timedelta(days=draw.randint(20, 600))
    coming = [
        action
        for action in world.all(Action)
        if action.status == ActionStatus.PLANNED and action.start_date > world.today and action.type in SHOWN
    ]
    for action in sorted(coming, key=lambda one: (one.start_date, one.dossier_id))[:MOST_SHOWN]:
        action.is_public = True
        action.public_text = WORDS[ActionType(action.type)]
    signed = world.year.start + timedelta(days=9)
    for student, _ in world.students_of(world.year):
        if not draw.happens(0.2) or signed > world.today:
            continue
        adult = student.birth_date is not None and is_adult(student.birth_date, signed)
        world.add(
            ImageConsent,
            student=student,
            project="Les actions avec les entreprises de l’année",
            use="Le bilan remis aux partenaires et le site du lycée",
            given_by=Consenting.STUDENT if adult else Consenting.GUARDIAN,
            signed_date=signed,
            until_date=world.year.end,
            revoked_date=world.today if draw.happens(0.04) else None,
        )
