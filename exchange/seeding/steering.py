"""Plan, do, check of a demonstration lycée: targets, decisions, answers to the sheet's questions, proofs."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from core.school_year import SchoolYear
from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from indicators import questions
from indicators.models import Decision, Evidence, SelfEvaluation, Target
from schools.enums import Role

TARGETS = {
    "I1.7": ("0.7", "Une convention sans rencontre ni action ne sert à personne."),
    "I2.1": ("0.8", ""),
    "I3.1": ("120", "Dix actions par mois, toutes classes confondues."),
    "I4.1": ("0.85", "Aucune classe sans rencontre avec une entreprise dans l’année."),
    "I4.7": ("0.02", ""),
    "I5.1": ("0.97", "Une place pour chacun au premier jour de la période."),
    "I5.9": ("25000", ""),
    "I7.1": ("0.6", "Relancer une fois, par téléphone, avant chaque action."),
    "I8.1": ("0.85", ""),
    "E24": ("0.95", "Toutes les conventions signées avant le départ."),
}
DECISIONS = (
    ("1", "Relire avec chaque partenaire la convention qui finit dans l’année", "Trois conventions reconduites, une arrêtée."),
    ("2", "Formaliser l’adhésion au comité local école-entreprise", "Adhésion votée au conseil d’administration."),
    ("3", "Inviter chaque branche une fois dans l’année", "Le bâtiment et le commerce sont venus, l’industrie en mai."),
    ("4", "Ouvrir les visites d’entreprise aux classes de CAP", "Deux visites de plus qu’au printemps dernier."),
    ("5", "Appeler les entreprises d’accueil dès la publication du calendrier", "Soixante places confirmées avant Noël."),
    ("5", "Remercier chaque entreprise qui verse la taxe, avec ce qu’elle a permis", "Lettre envoyée en novembre."),
    ("6", "Montrer les indicateurs aux partenaires à la réunion de rentrée", "Vingt partenaires présents."),
    ("7", "Demander à trois entreprises de porter elles-mêmes une action", "Un job dating et deux visites."),
    ("8", "Interroger les tuteurs à la fin de chaque période", "Réponses lues en conseil pédagogique."),
)  # fmt: skip
ANSWERS = {
    "conventions-pourquoi": "Nous voulons reconduire les conventions qui accueillent des élèves chaque année, et en signer une avec un second centre de formation.",
    "conventions-deployees": "Deux cadres nationaux sont déclinés ici, avec l’industrie et le bâtiment. La convention académique avec les transports n’a pas encore de suite locale.",
    "conventions-vie": "La plupart ont donné lieu à une visite ou à un forum. Deux n’ont rien produit : nous en parlons avec les partenaires avant de les reconduire.",
    "reseaux-place": "Il manque un lien avec le campus des métiers voisin.",
    "reseaux-participation": "Le DDFPT siège au comité local ; le compte rendu est envoyé aux professeurs principaux.",
    "actions-programme": "Le programme de l’année est affiché en salle des professeurs et sur la page publique du lycée.",
    "actions-conduite": "Chaque action a un responsable et une réunion de préparation avec l’entreprise, en visio le plus souvent.",
    "actions-suite": "Garder le forum des métiers, avancer les simulations d’entretien à novembre, arrêter la visite de l’entrepôt.",
    "eleves-vises": "Les CAP première année et les filles des filières industrielles sont moins touchés que les autres.",
    "eleves-acces": "Deux marraines interviennent en seconde ; les déplacements sont pris en charge par la taxe.",
    "pfmp-contacts": "Après chaque période, le tuteur est ajouté aux contacts et rappelé dans le mois.",
    "pfmp-facilitee": "Le bureau ouvre une permanence le mercredi ; les élèves sans place passent un entretien chaque semaine.",
    "pfmp-accueil": "Les conventions de partenariat prévoient un nombre de places et un tuteur nommé.",
    "taxe-valorisee": "Une plaque et un article dans le journal du lycée pour chaque équipement financé.",
    "partage-choix": "Nombre d’élèves accueillis, satisfaction des tuteurs, actions menées : à la réunion de rentrée.",
    "implication-secteurs": "Il manque des entreprises du soin et de l’hôtellerie.",
    "implication-reponses": "Le courriel seul ne suffit pas : un appel double les réponses.",
    "satisfaction-enquetes": "Tuteurs et élèves à la fin de chaque période, équipes en juin.",
    "satisfaction-progres": "Prévenir les tuteurs plus tôt des dates de visite.",
}  # fmt: skip
FORMER = "Nous ne le suivions pas encore."
PROOFS = (
    ("1", "Procès-verbal du conseil d’administration qui a voté les conventions", ""),
    ("3", "Programme des actions de l’année, sur le site du lycée", "https://lycee.example/actions"),
    ("5", "Calendrier des PFMP envoyé aux entreprises", "https://lycee.example/calendrier-pfmp"),
    ("8", "Compte rendu de la lecture des enquêtes en conseil pédagogique", ""),
)


def steer(world: World) -> None:
    """Of each year: what was aimed at and decided; nearly every question answered last year, half of them this year."""
    draw = world.draw("steering")
    for year in world.years:
        is_current = year == world.year
        for code, (value, reason) in TARGETS.items():
            world.add(Target, year=year.code, code=code, value=Decimal(value), reason=reason)
        _decide(world, draw, year, is_current=is_current)
        _answer(world, draw, year, is_current=is_current)
        for heading, label, url in PROOFS[: 2 if is_current else None]:
            world.add(Evidence, year=year.code, heading=heading, label=label, url=url)


def _decide(world: World, draw: Draw, year: SchoolYear, *, is_current: bool) -> None:
    owners = [*world.team[Role.BDE], *world.team[Role.DDFPT], *world.team[Role.HEAD]]
    for heading, label, outcome in DECISIONS:
        due = draw.weekday(year.start + timedelta(days=40), year.end - timedelta(days=60))
        is_done = due < world.today and not (is_current and draw.happens(0.5))
        world.add(
            Decision,
            year=year.code,
            heading=heading,
            label=label,
            owner=draw.choice(owners) if owners else None,
            due_date=due,
            done_date=min(due + timedelta(days=draw.randint(0, 20)), world.today) if is_done else None,
            outcome=outcome if is_done else "",
        )


def _answer(world: World, draw: Draw, year: SchoolYear, *, is_current: bool) -> None:
    from_heading = {question.key: question.heading for question in questions.by_key().values()}
    for key, text in ANSWERS.items():
        if is_current and draw.happens(0.5):
            continue
        said = {"year": year.code, "heading": from_heading[key].value, "question": key}
        if draw.happens(0.2):
            replaced = datetime.combine(min(year.start + timedelta(days=30), world.today), time(17, 5))
            world.add(SelfEvaluation, **said, text=FORMER, replaced_at=timezone.make_aware(replaced))
        world.add(SelfEvaluation, **said, text=text)
