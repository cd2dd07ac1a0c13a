"""Avenants: what a correction changes once everyone has signed, in words; which papers of a placement hold today.

The convention stays signed; an avenant has its own number and its own signatures, by the same parties (D124-4, R-CONV-10).
Each says what differs from what was last agreed: the convention as the avenants signed since have changed it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core import siret, typography
from core.french import period
from documents.enums import DocumentType, Subject
from documents.models import Document
from pfmp import documents, selectors
from pfmp.documents import Change, ConventionContent, Day
from pfmp.models import Placement

# ------------------------------------------------------------------------------------------------------- what changes


def _host(content: ConventionContent) -> str:
    number = f" (SIRET {siret.spaced(content.host.siret)})" if content.host.siret else ""
    return f"{content.host.name}{number}"


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else typography.hours(minutes)


def _yes(value: bool | None) -> str:
    return "" if value is None else "oui" if value else "non"


def week(content: ConventionContent) -> str:
    """« lundi à jeudi : 8 h – 12 h, 13 h – 16 h ; vendredi : 8 h – 12 h », or the hours as they were typed."""
    if not content.days:
        return content.timetable_note or ""
    groups: list[tuple[list[Day], str]] = []
    for day in sorted(content.days, key=lambda one: one.weekday):
        hours = documents.hours_of(day)
        if groups and groups[-1][1] == hours and groups[-1][0][-1].weekday == day.weekday - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], hours))
    said = []
    for days, hours in groups:
        first, last = typography.WEEKDAYS[days[0].weekday], typography.WEEKDAYS[days[-1].weekday]
        said.append(f"{first}{f' à {last}' if len(days) > 1 else ''} : {hours}")
    return " ; ".join([*said, *(["jours fériés non travaillés"] if content.holidays_excluded else [])])


def _gratification(content: ConventionContent) -> str:
    due = content.finance.gratification_due
    return content.finance.gratification or ("" if due is None else "obligatoire" if due else "facultative")


def _insurance(content: ConventionContent) -> str:
    return ", ".join(part for part in (content.finance.host_insurer, content.finance.host_contract) if part)


LINES: Mapping[str, Callable[[ConventionContent], str]] = {
    "Entreprise": _host,
    "Lieu d’accueil": lambda content: content.host.workplace or content.host.address or "",
    "Signe pour l’entreprise": lambda content: content.host.representative_name or "",
    "Tuteur": lambda content: content.tutor.name or "",
    "Enseignant référent": lambda content: content.referent.name or content.referent.email or "",
    "Période": lambda content: content.period_label,
    "Dates": lambda content: period(content.start_date, content.end_date),
    "Durée totale prévue": lambda content: _hours(content.total_minutes),
    "Présence par semaine": lambda content: _hours(content.weekly_minutes),
    "Horaires": week,
    "Présence la nuit": lambda content: _yes(content.works_at_night),
    "Présence le dimanche": lambda content: _yes(content.works_on_sunday),
    "Présence un jour férié": lambda content: _yes(content.works_on_holidays),
    "Activités confiées": lambda content: (content.activities or "").strip(),
    "Compétences à développer": lambda content: (content.skills or "").strip(),
    "Horaires variables": lambda content: "oui" if content.has_variable_hours else "",
    "Suivi": lambda content: (content.supervision or "").strip(),
    "Évaluation": lambda content: (content.assessment or "").strip(),
    "Équipements et machines": lambda content: content.safety.machines or "",
    "Protections fournies": lambda content: content.safety.equipment or "",
    "Travaux réglementés": lambda content: "\n".join(content.safety.regulated_work),
    "Qui encadre ces travaux": lambda content: content.safety.works_supervisor or "",
    "Habilitation électrique": lambda content: content.safety.electrical_level or "",
    "Restauration": lambda content: content.finance.meals or "",
    "Transport": lambda content: content.finance.transport or "",
    "Hébergement": lambda content: content.finance.lodging or "",
    "Assurance de l’entreprise": _insurance,
    "Règlement intérieur": lambda content: (content.house_rules or "").strip(),
    "Gratification": _gratification,
    "Points d’attention acceptés": lambda content: "\n".join(
        f"{alert.message} Motif : {alert.reason}" for alert in content.alerts
    ),
}
"""What an avenant may change, and its words. Addresses and telephones follow people's files: they need no avenant."""


def lines(content: ConventionContent) -> dict[str, str]:
    """What a paper says on each point that an avenant may change; "" for what it does not say."""
    return {label: words(content) for label, words in LINES.items()}


def changes(before: ConventionContent, after: ConventionContent) -> tuple[Change, ...]:
    """What differs between two papers of a placement, in the order of the paper; empty when they say the same."""
    was, becomes = lines(before), lines(after)
    return tuple(
        Change(label=label, before=was[label], after=becomes[label]) for label in LINES if was[label] != becomes[label]
    )


# --------------------------------------------------------------------------------------------------- what is in force


@dataclass(frozen=True)
class Papers:
    """The papers of a placement that count: its convention, then its avenants, the oldest first."""

    convention: Document | None
    avenants: tuple[Document, ...] = ()

    @property
    def signed_avenants(self) -> list[Document]:
        """Those that everyone has signed, in the order in which they were agreed."""
        return sorted((one for one in self.avenants if one.completed_at), key=lambda one: (one.completed_at, one.pk))

    @property
    def waiting(self) -> Document | None:
        """The avenant that is still to be signed: one at most."""
        return next((one for one in reversed(self.avenants) if one.completed_at is None), None)

    @property
    def agreed(self) -> Document | None:
        """The last paper that everyone signed, whenever it takes effect: the next avenant says what differs from it."""
        return self.signed_avenants[-1] if self.signed_avenants else self.convention

    def in_force(self, today: date) -> Document | None:
        """The paper that says what holds on a day."""
        begun = [one for one in self.signed_avenants if one.effective_date is None or one.effective_date <= today]
        return begun[-1] if begun else self.convention

    def coming(self, today: date) -> list[Document]:
        """Avenants signed by all that take effect later."""
        return [one for one in self.signed_avenants if one.effective_date and one.effective_date > today]


def papers_of(placements: Iterable[Placement]) -> dict[str, Papers]:
    """The papers of each placement that has a convention, by its dossier id: two queries for one or for a class."""
    placements = list(placements)
    if not placements:
        return {}
    conventions = selectors.latest_papers(placements)
    latest: dict[tuple[str, str], Document] = {}
    found = (
        Document.objects.in_school(placements[0].school_id)
        .filter(
            type=DocumentType.PFMP_AVENANT,
            subject=Subject.PLACEMENT,
            subject_id__in=[placement.dossier_id for placement in placements],
            amends__isnull=False,  # one that came from a dossier says nothing of what it changes
        )
        .select_related("school")
        .order_by("edition", "issued_at")
    )
    for one in found:
        latest[one.subject_id, one.number] = one
    alive: dict[str, list[Document]] = {}
    for one in latest.values():
        if one.voided_at is None:
            alive.setdefault(one.subject_id, []).append(one)
    return {
        key: Papers(conventions.get(key), tuple(sorted(alive.get(key, []), key=lambda one: (one.issued_at, one.pk))))
        for key in conventions.keys() | alive.keys()
    }


# ------------------------------------------------------------------------------------------------- from which day


def default_date(before: ConventionContent, after: ConventionContent, today: date, *, since: date | None) -> date:
    """From when a change holds, unless one says otherwise: today, or the first day of a placement still to come.

    Never before what was last agreed takes effect (`since`), nor after the last day.
    """
    start = min(before.start_date, after.start_date)
    return min(max(today, start, since or start), max(after.end_date, before.end_date))


def date_problems(day: date, *, issued: date, since: date | None, number: str, end: date) -> list[str]:
    """Why an avenant cannot hold from this day; `since` and `number`: of the avenant last agreed, if any."""
    if day < issued:
        return [f"La convention est du {typography.long_date(issued)} : un avenant ne vaut pas avant."]
    if since and day < since:
        return [
            f"L’avenant {number} vaut à compter du {typography.long_date(since)} : le suivant ne vaut pas avant lui."
        ]
    if day > end:
        return [f"Le placement finit le {typography.long_date(end)} : écrivez une date qui vient avant."]
    return []
