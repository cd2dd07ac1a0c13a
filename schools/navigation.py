"""The navigation at the left: entries by rhythm, each shown to the roles that may open it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from schools.models import Membership
from schools.roles import PERMISSIONS, Permission


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    label: str
    icon: str
    url: str
    active: bool
    counter: int | None = None
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Part:
    """A group of pages behind one entry of the navigation, shown while one is there."""

    label: str
    entries: tuple[Entry, ...]

    @property
    def active(self) -> bool:
        return any(entry.active for entry in self.entries)


P = Permission
HOME = "schools:home"
MAP: list[tuple[str, list[tuple[str, str, str, Permission | None]]]] = [
    (
        "Chaque jour",
        [
            ("À faire", "check2-square", HOME, None),
            ("À relancer", "telephone-outbound", "partners:follow_ups", P.ADD_INTERACTION),
            ("Partenaires", "building", "partners:partner_list", P.VIEW_PARTNERS),
            ("PFMP", "calendar3", "pfmp:board", P.VIEW_PLACEMENTS),
            ("L’année", "calendar-range", "pfmp:year_calendar", P.VIEW_PLACEMENTS),
            ("Placements", "geo-alt", "pfmp:placement_list", P.VIEW_PLACEMENTS),
            ("Élèves", "people", "schools:student_list", P.VIEW_STUDENTS),
            ("À signer", "pen", "documents:signing_book", P.VIEW_DOCUMENTS),
        ],
    ),
    (
        "Au fil de l’année",
        [
            ("Actions", "calendar-event", "events:action_list", P.VIEW_ACTIONS),
            ("Agenda", "calendar-week", "events:calendar_month", P.VIEW_ACTIONS),
            ("Échanges", "telephone", "partners:interaction_list", P.VIEW_INTERACTIONS),
            ("Offres", "megaphone", "partners:offer_list", P.VIEW_OFFERS),
            ("Conventions et réseaux", "file-earmark-text", "conventions:agreement_list", P.VIEW_AGREEMENTS),
            ("Taxe d’apprentissage", "cash-coin", "partners:taxe_home", P.VIEW_TAXE),
            ("Allocation de l’État", "wallet2", "pfmp:allowance_home", P.VIEW_STUDENT_CONTACTS),
            ("Enquêtes", "chat-square-text", "surveys:survey_list", P.VIEW_SURVEYS),
            ("Sortants", "mortarboard", "surveys:campaign_list", P.VIEW_SURVEYS),
        ],
    ),
    (
        "Rendre compte",
        [
            ("Indicateurs 2.5", "bar-chart", "indicators:overview", P.VIEW_INDICATORS),
            ("Devenir des sortants", "graph-up", "indicators:leaver_figures", P.VIEW_INDICATORS),
            ("Démarche qualité", "clipboard-data", "indicators:steering_home", P.RUN_INDICATORS),
            ("Documents", "file-earmark", "documents:document_list", P.VIEW_DOCUMENTS),
            ("Passation", "clipboard-check", "partners:handover", P.VIEW_HANDOVER),
        ],
    ),
    (
        "Lycée",
        [
            ("Classes", "mortarboard", "schools:class_list", P.VIEW_STUDENTS),
            ("Personnels", "person-badge", "schools:staff_list", P.VIEW_STAFF),
            ("Imports de tableaux", "table", "schools:table_import_list", P.EDIT_PARTNERS),
            ("Import et export", "arrow-down-up", "exchange:overview", P.EXCHANGE_DATA),
            ("Clés d’accès", "key", "exchange:key_list", P.MAKE_API_TOKEN),
            ("Réglages", "sliders", "schools:settings", P.EDIT_SCHOOL),
        ],
    ),
]


FURTHER: dict[str, tuple[str, ...]] = {
    "pfmp:year_calendar": ("pfmp:durations", "pfmp:periods_plan"),
    "partners:partner_list": ("partners:contact_list",),
    "partners:offer_list": ("partners:beneficiary_list", "partners:proposal_list"),
    "conventions:agreement_list": ("conventions:network_list",),
    "events:action_list": (
        "events:invitation_list",
        "events:participation_list",
        "events:action_partner_list",
        "events:action_template_list",
    ),
    "surveys:survey_list": ("surveys:template_list", "surveys:answer_list"),
    "surveys:campaign_list": (
        "surveys:outcome_list",
        "surveys:employer_list",
        "surveys:former_list",
        "surveys:inserjeunes_list",
    ),
    "events:calendar_month": ("events:event_settings", "events:public_preview"),
    "schools:student_list": ("events:image_consent_list",),
    "indicators:steering_home": ("indicators:decision_list",),
    "schools:settings": ("documents:circuit_settings", "documents:delegation_list", "schools:school_holiday_list"),
}
"""Pages whose address does not start with their entry's."""

PARTS: dict[str, tuple[tuple[str, tuple[tuple[str, str, frozenset[Permission]], ...]], ...]] = {
    "schools:student_list": (
        (
            "Avec l’accord des familles",
            (("Autorisations d’image", "events:image_consent_list", frozenset({P.VIEW_STUDENTS})),),
        ),
    ),
    "pfmp:board": (
        (
            "Avant le départ",
            (
                ("Périodes", "pfmp:period_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Démarches des élèves", "pfmp:approach_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Places d’accueil", "pfmp:capacity_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Pré-conventions", "pfmp:pre_convention_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Annexes pédagogiques", "pfmp:annex_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Travaux réglementés", "pfmp:works_declaration_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Documents remis", "pfmp:delivery_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Élèves dispensés", "pfmp:exemption_list", frozenset({P.VIEW_PLACEMENTS})),
            ),
        ),
        (
            "Pendant la période",
            (
                ("Mes visites du jour", "pfmp:my_visits", frozenset({P.LOG_VISIT})),
                ("Visites", "pfmp:visit_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Plan des visites", "pfmp:visit_plan", frozenset({P.VIEW_PLACEMENTS})),
                ("Qui suit qui", "pfmp:visit_load", frozenset({P.VIEW_STAFF})),
                ("Absences en entreprise", "pfmp:absence_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Incidents", "pfmp:incident_list", frozenset({P.VIEW_HOST_QUALITY, P.LOG_VISIT})),
                ("Accidents", "pfmp:accident_list", frozenset({P.VIEW_HOST_QUALITY, P.LOG_PLACEMENT})),
            ),
        ),
        (
            "Au retour",
            (
                ("Bilans d’accueil", "pfmp:review_list", frozenset({P.VIEW_HOST_QUALITY, P.LOG_VISIT})),
                ("Allocation de l’État", "pfmp:allowance_home", frozenset({P.VIEW_STUDENT_CONTACTS})),
                ("Ordres de mission", "pfmp:mission_list", frozenset({P.VIEW_STAFF})),
            ),
        ),
        (
            "Repères du lycée",
            (
                ("Durées sur le cycle", "pfmp:durations", frozenset({P.VIEW_PLACEMENTS})),
                ("Jalons", "pfmp:milestones", frozenset({P.VIEW_PLACEMENTS})),
                ("Les règles", "pfmp:rule_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Fiches pays", "pfmp:country_sheet_list", frozenset({P.VIEW_PLACEMENTS})),
                ("Réglages des PFMP", "pfmp:pfmp_settings", frozenset({P.VIEW_PLACEMENTS})),
            ),
        ),
    ),
}
"""Behind an entry with many pages: its parts, each page shown to whoever has one of its permissions."""

ALONE = frozenset({"pfmp:period_list"})
"""Pages of parts that do not stand for those below them: a period is the board of a class, which belongs to the entry."""

Counter = Callable[[Membership, date], int]
_counters: dict[str, Counter] = {}


def counter(url_name: str) -> Callable[[Counter], Counter]:
    """Let an app above say how many things wait behind an entry: one indexed count, asked when a page draws its frame."""

    def added(function: Counter) -> Counter:
        _counters[url_name] = function
        return function

    return added


Always = Callable[[Membership], bool]
_only_when_waiting: dict[str, Always] = {}


def only_when_waiting(url_name: str) -> Callable[[Always], Always]:
    """Show an entry to those for whom something waits behind it, and always to those of whom the function says so."""

    def added(function: Always) -> Always:
        _only_when_waiting[url_name] = function
        return function

    return added


def parts_of(membership: Membership, name: str, path: str = "") -> tuple[Part, ...]:
    """The parts of an entry that this person may open; the page of `path`, the longest address it starts with, is active."""
    granted = PERMISSIONS[membership.role_enum]
    uai = membership.school.uai
    shown = [
        (part, [(label, reverse(page, args=[uai]), page in ALONE) for label, page, needed in pages if needed & granted])
        for part, pages in PARTS.get(name, ())
    ]
    starts = (
        url for _, pages in shown for _, url, alone in pages if path == url or (path.startswith(url) and not alone)
    )
    here = max(starts, key=len, default="")
    return tuple(
        Part(part, tuple(Entry(label, "", url, url == here) for label, url, _ in pages))
        for part, pages in shown
        if pages
    )


def groups_for(membership: Membership, path: str, today: date) -> list[tuple[str, list[Entry]]]:
    """The groups and entries that this person may open; the longest address that `path` starts with is the active one."""
    granted = PERMISSIONS[membership.role_enum]
    uai = membership.school.uai
    shown = [
        (
            group,
            [
                (label, icon, reverse(name, args=[uai]), name)
                for label, icon, name, needed in entries
                if needed is None or needed in granted
            ],
        )
        for group, entries in MAP
    ]
    counts = {
        name: _counters[name](membership, today)
        for _, entries in shown
        for _, _, _, name in entries
        if name in _counters
    }
    hidden = {name for name, always in _only_when_waiting.items() if not counts.get(name) and not always(membership)}
    addresses = {
        reverse(name, args=[uai]): (name, *FURTHER.get(name, ())) for _, entries in MAP for _, _, name, _ in entries
    }
    starts = [
        (reverse(one, args=[uai]), url)
        for url, names in addresses.items()
        for one in names
        if one != HOME  # every address starts with the home page's
    ]
    _, here = max(
        (pair for pair in starts if path.startswith(pair[0])), key=lambda pair: len(pair[0]), default=("", path)
    )

    def drawn(label: str, icon: str, url: str, name: str) -> Entry:
        """One page is the current one: that of a part, else the entry's."""
        inside = name in PARTS and path.startswith(url)
        parts = parts_of(membership, name, path if url == here else "") if inside else ()
        return Entry(label, icon, url, url == here and not any(part.active for part in parts), counts.get(name), parts)

    return [
        (group, [drawn(*entry) for entry in entries if entry[3] not in hidden]) for group, entries in shown if entries
    ]
