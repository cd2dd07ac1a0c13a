"""The board of a class for one period: one line a pupil, from who needs help most, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core import charts, french
from core.french import plural
from pfmp import allowance, deliveries, evaluating, moving, permissions, selectors
from pfmp.deliveries import Line as Held
from pfmp.enums import OBSERVATIONS, DeliveryState, MilestoneStep, PlacementStatus
from pfmp.models import Delivery, Period
from pfmp.rules import milestones, solutions
from pfmp.situations import STEPS, Situation
from schools.middleware import SchoolRequest
from schools.models import Membership
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

KEPT = "class_act"
"""In the session, until the class's page is drawn again: whom the last act held back, and why."""

ORDERS = {"besoin": "Qui a le plus besoin d’aide", "nom": "Nom", "retard": "Retard"}


@dataclass(frozen=True)
class Line:
    """A pupil on the board of a class: the situation, the referent's name, the next thing to do and its address."""

    row: Situation
    referent: str
    do: tuple[str, str]
    exempt: tuple[str, str] = ("", "")
    alert: int = 0  # the level of a visit's alert that nobody has answered

    @property
    def handed(self) -> list[Delivery]:
        """Papers on their way: given and not yet seen, or sent back."""
        return [one for one in self.row.deliveries.values() if one.state != DeliveryState.RECEIVED]


def next_thing(row: Situation, request: SchoolRequest, *, may_log: bool) -> tuple[str, str]:
    """What to do next for a pupil, as a link; two empty texts when there is nothing, or not by this person."""
    placement = row.placement
    if row.step == "a_replacer" and placement is not None:
        follow = reverse("pfmp:placement_extend", args=[request.school.uai, placement.public_id])
        return ("Saisir un second placement", follow) if may_log else ("", "")
    if row.step in ("sans_place", "a_replacer"):
        new = reverse("pfmp:placement_new", args=[request.school.uai])
        url = f"{new}?eleve={row.student.public_id}&periode={row.period.public_id}"
        return ("Saisir un placement", url) if may_log else ("", "")
    if placement is None or row.step == "dispense":
        return "", ""
    page = reverse("pfmp:placement_detail", args=[request.school.uai, placement.public_id])
    edit = reverse("pfmp:placement_edit", args=[request.school.uai, placement.public_id])
    if row.step == "convention_refusee":
        return "Corriger la convention", page
    if row.step in ("piste_en_cours", "place_trouvee"):
        words = "Compléter la piste" if row.step == "piste_en_cours" else "Éditer la convention"
        return (words, edit) if may_log else ("", "")
    if row.step == "convention_editee":
        return "Faire signer", page
    if row.step == "a_signer":
        return "Relancer", page
    if row.step == "convention_complete":
        return f"Départ {french.short_day(placement.start_date)}", page
    if row.step == "en_entreprise" and not row.is_visited:
        return "À visiter", page
    if placement.status == PlacementStatus.INTERRUPTED and not placement.interruption_outcome:
        return "Décider de la suite", page
    if row.step == "termine":
        return "Noter les jours faits", page
    return "", ""


def exempting(row: Situation, request: SchoolRequest, *, may_manage: bool) -> tuple[str, str]:
    """« Dispenser », for a pupil without a place."""
    if not may_manage or row.step != "sans_place":
        return "", ""
    new = reverse("pfmp:exemption_new", args=[request.school.uai])
    return "Dispenser", f"{new}?eleve={row.student.public_id}&periode={row.period.public_id}"


def undone(row: Situation, request: SchoolRequest) -> tuple[str, str]:
    """« Lever la dispense », and its address."""
    if row.exemption_id is None:
        return "", ""
    return "Lever la dispense", reverse("pfmp:exemption_delete", args=[request.school.uai, row.exemption_id])


def departure(period: Period, today: date) -> str:
    """« départ dans 11 jours », « en entreprise », « terminée »."""
    if today > period.end_date:
        return "terminée"
    if today >= period.start_date:
        return "en entreprise"
    days = (period.start_date - today).days
    return "départ demain" if days == 1 else f"départ dans {days} jours"


def sums_of(period: Period, rows: Iterable[Situation]) -> solutions.Sums:
    """What the indicators I5.1 to I5.5 count for this period, over the pupils expected."""
    return solutions.sums(
        [row.outcome for row in rows if not row.is_exempted and row.is_expected], (period.start_date, period.end_date)
    )


def covered(sums: solutions.Sums) -> str:
    """« 92 % des jours couverts » (I5.5), nothing without pupils."""
    if not sums.asked_days:
        return ""
    return f"{french.percent(sums.covered_days / sums.asked_days)} des jours couverts"


def staff_names(request: SchoolRequest) -> dict[str, str]:
    """Names of the school's staff by address without case."""
    return {
        email.casefold(): f"{first} {last}"
        for email, first, last in Membership.objects.in_school(request.school).values_list(
            "email", "first_name", "last_name"
        )
    }


def filtered(rows: Sequence[Situation], request: SchoolRequest) -> list[Situation]:
    """The lines that the address asks for: a step, a referent, late ones, the step awaited, the red list."""
    step, referent = request.GET.get("etape", ""), request.GET.get("referent", "").strip().casefold()
    code = request.GET.get("attendu", "")
    return [
        row
        for row in rows
        if step in ("", row.step)
        and (not referent or _follows(row, referent))
        and (not request.GET.get("retard") or row.days_late)
        and (not code or (row.next_step is not None and row.next_step.step.code == code))
        and (not request.GET.get("rouge") or row.red_day)
    ]


NOBODY = "personne"


def _follows(row: Situation, referent: str) -> bool:
    mine = row.placement.referent_email.strip().casefold() if row.placement else ""
    return mine == ("" if referent == NOBODY else referent)


def ordered(rows: list[Situation], wanted: str) -> list[Situation]:
    """By need, by name (as they come) or by lateness."""
    if wanted == "retard":
        return sorted(rows, key=lambda row: -row.days_late)
    return sorted(rows, key=lambda row: row.need) if wanted == "besoin" else rows


def class_rows(request: SchoolRequest, period: Period, today: date) -> list[Situation]:
    """The pupils of a period whom this person sees."""
    pupils = visible_students(request.membership).values_list("pk", flat=True)
    own = is_own_only(request.membership)
    return selectors.situations([period], today, students=pupils if own else None)[period.pk]


def context(request: SchoolRequest, period: Period) -> dict[str, Any]:
    """What the page of a period shows: each pupil, their step, what to do next, what can be done to several."""
    today = timezone.localdate()
    rows = class_rows(request, period, today)
    counts = Counter(row.step for row in rows)
    sums = sums_of(period, rows)
    wanted = request.GET.get("tri", "")
    if wanted not in ORDERS:
        wanted = "besoin" if any(row.needs_place for row in rows) else "nom"
    staff = staff_names(request)
    may_manage = bool(allows(request.membership, Permission.MANAGE_PLACEMENTS))
    may_log = permissions.may_log(request.membership)
    shown = ordered(filtered(rows, request), wanted)
    red = [row for row in rows if row.red_day]
    emails = sorted(
        {row.placement.referent_email.casefold() for row in rows if row.placement and row.placement.referent_email}
    )
    steps = rows[0].backward.steps if rows and rows[0].backward else ()
    return {
        "today": today,
        "lines": [
            Line(
                row,
                staff.get(row.placement.referent_email.casefold(), row.placement.referent_email)
                if row.placement
                else "",
                next_thing(row, request, may_log=bool(may_log)),
                (undone(row, request) if may_manage else ("", ""))
                if row.is_exempted
                else exempting(row, request, may_manage=may_manage),
                row.alert,
            )
            for row in shown
        ],
        "pupils": len(rows),
        "held": held_back(request, period, rows),
        "is_filtered": len(shown) < len(rows),
        "filters": {
            "orders": ORDERS,
            "order": wanted,
            "referents": [(email, staff.get(email, email)) for email in emails],
            "referent": request.GET.get("referent", ""),
            "late": bool(request.GET.get("retard")),
            "awaited": [step.code for step in steps if step.is_active],
            "awaited_code": request.GET.get("attendu", ""),
            "step": request.GET.get("etape", "") if request.GET.get("etape", "") in STEPS else "",
            "nobody": NOBODY,
        },
        "sums": [(code, counts[code]) for code in STEPS if counts[code]],
        "totals": sums,
        "covered": covered(sums),
        "lead": f"{sums.solved} sur {sums.expected}",
        "lead_text": "a une place" if sums.solved == 1 else "ont une place",
        "chart": charts.share(sums.solved, sums.expected, width=140),
        "departure": departure(period, today),
        "red": red,
        "red_sentence": red_sentence(period, red, today),
        "may_read_evaluations": bool(evaluating.may_read(request.membership)),
        "sees_allowance": bool(allowance.may_view(request.membership)) and allowance.pays(period.kind),
        "changes": moving.class_changes(period),
        "is_counted": period.kind not in OBSERVATIONS,
        "may_log": may_log,
        "handed_steps": [step.code for step in steps if step.is_active and step.code in milestones.HANDED],
        "may_check": any(deliveries.may_check(request.membership, step) for step in steps),
        "to_check": sum(one.state == DeliveryState.GIVEN for row in rows for one in row.deliveries.values()),
        "students_new_url": reverse("pfmp:placement_new", args=[request.school.uai]),
        "board_url": reverse("pfmp:board", args=[request.school.uai]),
        "deliveries_url": reverse("pfmp:delivery_list", args=[request.school.uai]),
        "milestones_url": reverse("pfmp:milestones", args=[request.school.uai]),
    }


def held_back(request: SchoolRequest, period: Period, rows: Sequence[Situation]) -> list[Held]:
    """Whom the last act held back, read once; pupils whom this person no longer sees are left out."""
    kept = request.session.get(KEPT)
    if not kept or kept.get("period") != str(period.public_id):
        return []
    del request.session[KEPT]
    reasons = dict(kept["held"])
    return [
        Held(row.student, reasons[str(row.student.public_id)]) for row in rows if str(row.student.public_id) in reasons
    ]


def red_sentence(period: Period, red: Sequence[Situation], today: date) -> str:
    """« Départ dans 3 jours : 2 élèves n’ont pas de convention complète. », for the red list of a class (R-CONV-04)."""
    if not red:
        return ""
    days = max(0, (period.start_date - today).days)
    when = {0: "Départ aujourd’hui", 1: "Départ demain"}.get(days, f"Départ dans {days} jours")
    who = plural(len(red), "élève n’a", "élèves n’ont")
    return f"{when} : {who} pas de convention complète. Sans elle, personne ne part."


def known_step(code: str) -> MilestoneStep | None:
    """The step of a handed paper that a form names; None for anything else."""
    return MilestoneStep(code) if code in {step.value for step in milestones.HANDED} else None
