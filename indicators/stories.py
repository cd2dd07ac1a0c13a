"""What this app adds to a partner's page: encounters of the year, and what each brings to the other (§ 9.2, E10 to E13)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from core.french import euros
from events.enums import ActionStatus, ActionType
from events.models import Action, ActionPartner, Invitation
from indicators import rules
from indicators.definitions.year_data import ENCOUNTER_CHANNELS
from indicators.models import IndicatorShare
from partners import tabs
from partners.enums import Channel, ContributionNature
from partners.models import Contribution, Interaction, Offer, OfferBeneficiary
from pfmp.enums import VisitMode
from pfmp.models import Placement, Visit
from schools.permissions import is_own_only
from schools.roles import Permission

WE_OFFER = (
    ActionType.OPEN_DAY,
    ActionType.FORUM,
    ActionType.JOB_DATING,
    ActionType.JOINT_PROJECT,
    ActionType.CONTEST,
    ActionType.TAILORED_TRAINING,
    ActionType.NETWORK_MEETING,
    ActionType.IMPROVEMENT_COUNCIL,
)
"""Actions that are first of all an occasion given to the partner; the others are a help that the school receives (E13)."""
THEY_BRING = {"pupils": "Élèves accueillis", "helped": "Interventions, visites et jurys", "offers": "Offres"}
THEY_GIVE = {"taxe": "Taxe d’apprentissage", "gifts": "Dons"}
WE_BRING = {
    "occasions": "Forums, portes ouvertes, projets",
    "invitations": "Invitations",
    "taken_on": "Jeunes recrutés",
    "shares": "Indicateurs partagés",
}


def encounters(look: tabs.Look) -> list[tuple[date, list[str]]] | None:
    """The distinct days of the school year on which the partner was met, the latest first, and what took place on each.

    The definition is that of E10 (§ 9.2, A-130): actions done that the partner carries or came to, exchanges face to
    face, visits of a pupil on the spot. None before the year begins.
    """
    try:
        bounds = rules.bounds(look.year, look.today)
    except rules.TooEarly:
        return None
    school, partner, days = look.membership.school_id, look.partner, (bounds.start, bounds.as_of)
    done = Action.objects.in_school(school).filter(status=ActionStatus.DONE, start_date__range=days)
    carried = ActionPartner.objects.in_school(school).filter(partner=partner)
    came = Invitation.objects.in_school(school).filter(partner=partner, present=True)
    parts = [
        _day_and_code(
            done.filter(Q(pk__in=carried.values("action")) | Q(pk__in=came.values("action"))), "start_date", "type"
        ),
        _day_and_code(
            Interaction.objects.in_school(school).filter(
                partner=partner, date__range=days, channel__in=ENCOUNTER_CHANNELS
            ),
            "date",
            "channel",
        ),
        _day_and_code(
            Visit.objects.in_school(school).filter(
                mode=VisitMode.ON_SITE,
                date__range=days,
                placement__partner=partner,
                placement__school=school,
                placement__period__school=school,
            ),
            "date",
            "mode",
        ),
    ]
    found: dict[date, list[str]] = {}
    for day, code in parts[0].union(*parts[1:]).order_by("-fact_day"):
        found.setdefault(day, []).append(_WORDS[code])
    return list(found.items())


def _day_and_code(rows: QuerySet[Any], day: str, code: str) -> QuerySet[Any]:
    return (
        rows.order_by()
        .annotate(fact_day=F(day), fact_code=Cast(code, TextField()))
        .values_list("fact_day", "fact_code")
    )


_WORDS: Mapping[str, str] = (
    {channel.value: str(channel.label).lower() for channel in Channel}
    | {kind.value: str(kind.label).lower() for kind in ActionType}
    | {VisitMode.ON_SITE.value: "visite d’élève", ActionType.AVENIRPRO.value: "atelier AvenirPro"}
)


@tabs.panel
def meetings(look: tabs.Look) -> tabs.Panel | None:
    """« Rencontres : 2 sur 3 cette année », against what the school aims at."""
    if not look.may(Permission.VIEW_INTERACTIONS, Permission.VIEW_ACTIONS, Permission.VIEW_PLACEMENTS):
        return None
    met = encounters(look)
    if met is None:
        return None
    goal = look.membership.school.meetings_goal
    uai = look.membership.school.uai
    return tabs.Panel(
        "indicators/partials/meetings.html",
        {
            "met": met[:6],
            "count": len(met),
            "goal": goal,
            "marks": [place < len(met) for place in range(goal)],
            "missing": max(0, goal - len(met)),
            "year": look.year,
            "today": look.today,
            "invite_url": f"{reverse('events:invitation_new', args=[uai])}?partenaire={look.partner.public_id}"
            if look.may(Permission.EDIT_ACTIONS)
            else "",
        },
        order=10,
    )


def _brought(look: tabs.Look) -> dict[str, tabs.Asked]:
    """What each brings over three school years, for who sees all the pupils, actions and offers."""
    if is_own_only(look.membership) or not look.may(
        Permission.VIEW_PLACEMENTS, Permission.VIEW_ACTIONS, Permission.VIEW_OFFERS
    ):
        return {}
    school, partner = look.membership.school_id, look.partner
    days = (look.year.previous.previous.start, min(look.today, look.year.end))
    carried = ActionPartner.objects.in_school(school).filter(partner=partner)
    invited = Invitation.objects.in_school(school).filter(partner=partner)
    done = Action.objects.in_school(school).filter(
        Q(pk__in=carried.values("action")) | Q(pk__in=invited.filter(present=True).values("action")),
        status=ActionStatus.DONE,
        start_date__range=days,
    )
    placements = Placement.objects.in_school(school).counted().solutions()
    offers = Offer.objects.in_school(school).filter(partner=partner)
    hired = OfferBeneficiary.objects.in_school(school).filter(offer__partner=partner, date__range=days)
    shares = IndicatorShare.objects.in_school(school).filter(Q(partner=partner) | Q(partner=None))
    asked: dict[str, tabs.Asked] = {
        "pupils": placements.filter(partner=partner, start_date__range=days).values("student").distinct(),
        "helped": done.exclude(type__in=WE_OFFER).values("pk"),
        "offers": offers.filter(received_date__range=days).values("pk"),
        "occasions": done.filter(type__in=WE_OFFER).values("pk"),
        "invitations": invited.filter(sent_date__range=days)
        .exclude(action__status=ActionStatus.CANCELLED)
        .values("pk"),
        "taken_on": hired.values("student").distinct(),
        "shares": shares.filter(shared_date__range=days).values("pk"),
    }
    if look.may(Permission.VIEW_TAXE):
        came = Contribution.objects.in_school(school).filter(partner=partner, received_date__range=days)
        asked["taxe"] = tabs.amount(came.filter(nature=ContributionNature.TAXE))
        asked["gifts"] = tabs.amount(came.exclude(nature=ContributionNature.TAXE))
    return asked


@tabs.counting_panel(_brought)
def each_brings(look: tabs.Look, counts: tabs.Counts) -> tabs.Panel | None:
    """« Chacun apporte »: what the school received and what it offered (E13)."""
    theirs = [(words, counts[name]) for name, words in THEY_BRING.items() if counts[name]]
    theirs += [(words, euros(counts[name])) for name, words in THEY_GIVE.items() if counts.get(name)]
    ours = [(words, counts[name]) for name, words in WE_BRING.items() if counts[name]]
    if not theirs and not ours:
        return None
    return tabs.Panel(
        "indicators/partials/each_brings.html",
        {"since": look.year.previous.previous, "theirs": theirs, "ours": ours},
        order=20,
    )
