"""The State's allowance for PFMP: rate and yearly cap by level, amount in the order of the periods, what ApLyPro will refuse.

Sources: décret 2023-765 and arrêté of 11 August 2023 (R-ALLOC-*); public code and tables of ApLyPro (R-APLY-*). The platform pays
nothing and computes nothing in ApLyPro's place: it says beforehand what will be typed there, and what will not pass.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from core.school_year import SchoolYear
from pfmp.rules import wording
from pfmp.rules.parameters import Confidence, parameters_on


def late_after(day: date) -> timedelta:
    """How long after its end a line not validated is late: said before the two months of the statement are over (R-ALLOC-07)."""
    return timedelta(days=parameters_on(day).allowance_reminder_days)


class Scale(StrEnum):
    """A line of the table: a diploma and a year of its course."""

    CAP_1_YEAR = "CAP en 1 an"
    CAP_1 = "CAP en 2 ans, 1re année"
    CAP_2 = "CAP, 2e année"
    CAP_3 = "CAP en 3 ans, 2e et 3e années"
    SECONDE = "2de professionnelle"
    PREMIERE = "1re professionnelle"
    TERMINALE = "Terminale professionnelle"
    BMA_1 = "BMA, 1re année"
    BMA_2 = "BMA, 2e année ou en 1 an"
    DTMS_1 = "DTMS, 1re"
    DTMS_2 = "DTMS, terminale"
    CS_3 = "Certificat de spécialisation de niveau 3"
    CS_4 = "Certificat de spécialisation de niveau 4"
    FCIL_3 = "FCIL de niveau 3"
    FCIL_4 = "FCIL de niveau 4"
    AVENIR_3 = "AvenirPro+ de niveau 3"
    AVENIR_4 = "AvenirPro+ de niveau 4"


@dataclass(frozen=True)
class Rate:
    """Euros a day, euros a year at most."""

    daily: int
    cap: int


@dataclass(frozen=True)
class YearTable:
    """The values of one school year and where they were read."""

    rates: Mapping[Scale, Rate]
    source: str
    confidence: Confidence


_APLYPRO = "tables publiques d’ApLyPro, ministère de l’éducation nationale ; arrêté du 11-8-2023"
_SINCE_2023 = {
    Scale.CAP_1_YEAR: Rate(15, 525),
    Scale.CAP_1: Rate(10, 350),
    Scale.CAP_2: Rate(15, 525),
    Scale.CAP_3: Rate(15, 525),
    Scale.SECONDE: Rate(10, 300),
    Scale.PREMIERE: Rate(15, 600),
    Scale.TERMINALE: Rate(20, 800),
    Scale.BMA_1: Rate(15, 600),
    Scale.BMA_2: Rate(20, 800),
    Scale.DTMS_1: Rate(15, 600),
    Scale.DTMS_2: Rate(20, 800),
    Scale.CS_3: Rate(15, 1350),
    Scale.CS_4: Rate(20, 1800),
    Scale.FCIL_3: Rate(15, 1350),
    Scale.FCIL_4: Rate(20, 1800),
    Scale.AVENIR_3: Rate(15, 750),
    Scale.AVENIR_4: Rate(20, 1000),
}
TABLE: Mapping[str, YearTable] = MappingProxyType(
    {
        "2023-2024": YearTable(_SINCE_2023, _APLYPRO, Confidence.VERIFIED),
        "2024-2025": YearTable(_SINCE_2023 | {Scale.TERMINALE: Rate(20, 1200)}, _APLYPRO, Confidence.VERIFIED),
        "2025-2026": YearTable(_SINCE_2023 | {Scale.TERMINALE: Rate(20, 1000)}, _APLYPRO, Confidence.VERIFIED),
        # ApLyPro's own table of the year; no arrêté was read, and the cap of the terminale goes back to 800 €: said on the page.
        "2026-2027": YearTable(_SINCE_2023, "table publique d’ApLyPro, arrêté non lu", Confidence.TO_VERIFY),
    }
)
"""Dated by school year: a year that is not here has no values, and nothing stands in for them (§ 8.2)."""


@dataclass(frozen=True)
class Unpaid:
    """A class or a stay without allowance, and why."""

    reason: str


@dataclass(frozen=True)
class Unclear:
    """The line of the table cannot be told: what to complete."""

    reason: str


_BY_LEVEL = {
    "cap1": Scale.CAP_1,
    "cap2": Scale.CAP_2,
    "2nde_pro": Scale.SECONDE,
    "1re_pro": Scale.PREMIERE,
    "tle_pro": Scale.TERMINALE,
}
_NONE = {
    "bts1": "Les étudiants de BTS n’ont pas cette allocation.",
    "bts2": "Les étudiants de BTS n’ont pas cette allocation.",
    "3pm": "La 3e prépa-métiers n’ouvre pas droit à l’allocation.",
    "2nde_gt": "La voie générale et technologique n’ouvre pas droit à l’allocation.",
    "1re_techno": "La voie générale et technologique n’ouvre pas droit à l’allocation.",
    "tle_techno": "La voie générale et technologique n’ouvre pas droit à l’allocation.",
}
_MEF = re.compile(r"(\d{3})\d{5}(\d)(\d)\d?")
_OF_MEF = {
    ("240", ""): Scale.CAP_1_YEAR,
    ("241", "1"): Scale.CAP_1,
    ("241", "2"): Scale.CAP_2,
    ("242", "2"): Scale.CAP_3,
    ("242", "3"): Scale.CAP_3,
    ("221", ""): Scale.DTMS_1,
    ("222", ""): Scale.DTMS_2,
    ("250", ""): Scale.BMA_2,
    ("251", "1"): Scale.BMA_1,
    ("251", "2"): Scale.BMA_2,
    ("257", ""): Scale.CS_3,
    ("258", ""): Scale.CS_4,
    ("740", ""): Scale.FCIL_3,
    ("741", ""): Scale.FCIL_4,
    ("703", ""): Scale.AVENIR_3,
    ("704", ""): Scale.AVENIR_4,
}
_IN_WORDS = (
    (("fcil",), Scale.FCIL_3, Scale.FCIL_4),
    (("avenirpro", "avenir pro", "ambition emploi"), Scale.AVENIR_3, Scale.AVENIR_4),
    (("certificat de spécialisation", "mention complémentaire"), Scale.CS_3, Scale.CS_4),
)


def scale_of(niveau: str, *, formation_code: str = "", diploma: str = "") -> Scale | Unpaid | Unclear:
    """The line of the table of a class: by its level; a ten-figure MEF in `formation_code` tells a CAP in 1 or 3 years, a CS, a
    FCIL, a BMA; else the words of its diploma (« niveau 4 »)."""
    if niveau in _NONE:
        return Unpaid(_NONE[niveau])
    if mef := _MEF.fullmatch(formation_code.strip()):
        course, year = mef[1], mef[3]
        if (course, year) == ("242", "1"):
            return Unpaid("La 1re année d’un CAP en 3 ans n’ouvre pas droit à l’allocation.")
        if scale := _OF_MEF.get((course, year)) or _OF_MEF.get((course, "")):
            return scale
    if scale := _BY_LEVEL.get(niveau):
        return scale
    words = diploma.casefold()
    level = re.search(r"niveau ([34])\b", words)
    for names, third, fourth in _IN_WORDS:
        if niveau == "cs" or any(name in words for name in names):
            if niveau == "cs":
                third, fourth = Scale.CS_3, Scale.CS_4
            if level:
                return third if level[1] == "3" else fourth
            return Unclear("Niveau 3 ou 4 ? Écrivez « niveau 3 » ou « niveau 4 » dans le diplôme de la classe.")
    return Unclear("Le niveau de la classe ne dit pas son tarif : précisez-le, ou son code MEF à dix chiffres.")


def rate_of(year: str, scale: Scale) -> Rate | None:
    """Euros a day and cap of a school year; None when the platform has no values of that year."""
    table = TABLE.get(year)
    return table.rates[scale] if table else None


# ------------------------------------------------------------------------------------------------------------- amounts


@dataclass(frozen=True)
class Stay:
    """One placement as ApLyPro sees it. `end`: its last day of presence. `year`: the one whose rate holds, its year of origin when
    it is caught up the year after (R-ALLOC-08)."""

    key: Hashable
    student: Hashable
    start: date
    end: date
    days: Decimal | int | None
    year: str
    scale: Scale | Unpaid | Unclear


@dataclass(frozen=True)
class Amount:
    """Euros for a stay, None when they cannot be told. `cut`: the cap took something away. `is_provisional`: an earlier stay of the
    year has no days yet, and its share of the cap comes first (R-APLY-03)."""

    euros: int | None
    rate: Rate | None = None
    cut: int = 0
    is_provisional: bool = False


def is_whole(days: Decimal | int | None) -> bool:
    """Can it be typed in ApLyPro: whole and not negative (R-ALLOC-09)?"""
    return days is not None and days >= 0 and days == int(days)


def amounts(stays: Iterable[Stay]) -> dict[Hashable, Amount]:
    """The amount of each stay: min(days × rate, cap − already given), in the order of the periods, for each pupil, year and line of
    the table (R-APLY-03). Give every stay of a pupil, or what is already given is not seen."""
    pools: dict[tuple[Hashable, str, Scale], list[Stay]] = defaultdict(list)
    found: dict[Hashable, Amount] = {}
    for stay in stays:
        if isinstance(stay.scale, Scale) and rate_of(stay.year, stay.scale):
            pools[stay.student, stay.year, stay.scale].append(stay)
        else:
            found[stay.key] = Amount(None)
    for (_, year, scale), group in pools.items():
        rate = rate_of(year, scale)
        assert rate is not None
        given, waiting = 0, False
        for stay in sorted(group, key=lambda one: (one.start, one.end, str(one.key))):
            if stay.days is None or not is_whole(stay.days):
                found[stay.key] = Amount(None, rate)
                waiting = True
                continue
            asked = int(stay.days) * rate.daily
            euros = min(asked, rate.cap - given)
            given += euros
            found[stay.key] = Amount(euros, rate, asked - euros, waiting)
    return found


# ---------------------------------------------------------------------------------------------- what ApLyPro will refuse


@dataclass(frozen=True)
class Obstacle:
    """Why a line would not pass, and whether it stops it (`is_blocking`) or only wants to be known. `short`: in two words."""

    rule: str
    message: str
    short: str
    is_blocking: bool = True


@dataclass(frozen=True)
class FileFacts:
    """What is known of the pupil and of their file in ApLyPro. None: not known."""

    has_ine: bool
    has_sex: bool
    has_address: bool
    is_minor: bool | None = None
    is_apprentice: bool = False
    has_two_schoolings: bool = False
    is_bank_ready: bool | None = None
    has_decision: bool = False
    has_consent: bool = False


@dataclass(frozen=True)
class Line:
    """A stay with what surrounds it. `others`: (first day, last day, words) of the pupil's other stays, not cancelled.
    `first_day`, `last_day`: of the school year in that lycée."""

    stay: Stay
    file: FileFacts
    first_day: date
    last_day: date
    has_certificate: bool
    has_convention: bool
    others: Sequence[tuple[date, date, str]] = ()


def year_bounds(year: str, postal_code: str = "") -> tuple[date, date]:
    """First and last day of a school year for ApLyPro: 1 September; 16 August in La Réunion, 23 August in Mayotte (R-APLY-02)."""
    first = SchoolYear.parse(year).first

    def opening(calendar_year: int) -> date:
        code = postal_code.replace(" ", "")
        if code.startswith("974"):
            return date(calendar_year, 8, 16)
        return date(calendar_year, 8, 23) if code.startswith("976") else date(calendar_year, 9, 1)

    return opening(first), opening(first + 1) - timedelta(days=1)


def obstacles(line: Line, today: date) -> list[Obstacle]:
    """What keeps a stay from being typed and validated in ApLyPro today, in the order in which a school meets it."""
    stay, file = line.stay, line.file
    found: list[Obstacle] = []

    def add(rule: str, short: str, message: str, *, is_blocking: bool = True) -> None:
        found.append(Obstacle(rule, wording.sentence(message), short, is_blocking))

    if isinstance(stay.scale, Unclear):
        add("R-ALLOC-02", "tarif de la classe", stay.scale.reason)
    elif isinstance(stay.scale, Scale) and rate_of(stay.year, stay.scale) is None:
        add(
            "R-ALLOC-01",
            "tarif de l’année",
            f"le tarif de {stay.year} n’est pas dans la plateforme : ApLyPro calcule le montant.",
            is_blocking=False,
        )
    if today <= stay.end:
        add(
            "R-APLY-04",
            "période en cours",
            f"la période finit {wording.span(stay.end, stay.end)} : rien ne se valide avant.",
        )
    if not line.has_convention:
        add("R-ALLOC-04", "convention", "la convention n’est pas signée de tous.")
    if not line.has_certificate:
        add("R-ALLOC-04", "attestation", "l’attestation n’est pas reçue.")
    calendar = (stay.end - stay.start).days + 1
    if stay.days is None:
        add("R-APLY-01", "jours à valider", "le nombre de jours n’est pas validé.")
    elif not is_whole(stay.days):
        add("R-ALLOC-09", "jours non entiers", "les jours sont entiers : jamais de demi-journée.")
    elif stay.days == 0:
        add("R-APLY-01", "aucun jour", "aucun jour de présence : rien à saisir.")
    elif stay.days > calendar:
        add("R-APLY-01", "trop de jours", f"{int(stay.days)} jours pour une période qui en compte {calendar}.")
    if not line.first_day <= stay.start <= stay.end <= line.last_day:
        add(
            "R-APLY-02",
            "dates hors de l’année",
            f"les dates sortent de l’année scolaire, {wording.span(line.first_day, line.last_day)}.",
        )
    for start, end, words in line.others:
        if max(start, stay.start) <= min(end, stay.end):
            add("R-APLY-02", "chevauchement", f"chevauche un autre placement du même élève : {words}.")
    if file.is_apprentice:
        add("R-APLY-05", "apprenti", "l’élève est noté apprenti : pas de statut scolaire.")
    if not file.has_ine:
        add("R-APLY-05", "INE", "l’INE manque.")
    if not file.has_sex:
        add("R-APLY-05", "sexe", "le sexe manque.")
    if not file.has_address:
        add("R-APLY-05", "adresse", "l’adresse est incomplète.")
    if file.has_two_schoolings:
        add(
            "R-APLY-06",
            "changement de formation",
            "l’élève a changé de formation dans l’année : une nouvelle décision d’attribution est à éditer.",
            is_blocking=False,
        )
    if not file.has_decision:
        add("R-APLY-04", "décision", "la décision d’attribution n’est pas éditée.")
    if file.is_bank_ready is not True:
        add("R-APLY-04", "coordonnées bancaires", "les coordonnées bancaires ne sont pas complètes dans ApLyPro.")
    if file.is_minor and not file.has_consent:
        add(
            "R-ALLOC-05",
            "autorisation du responsable",
            "élève mineur sans autorisation de cette année : l’allocation va sur le compte du responsable.",
            is_blocking=False,
        )
    return found


class State(StrEnum):
    """Where a stay stands; the values are the codes of core.status."""

    NONE = "sans_allocation"
    TO_COMPLETE = "a_completer"
    READY = "a_saisir"
    ENTERED = "saisi"
    VALIDATED = "valide"


def state_of(
    line: Line, today: date, *, entered: date | None = None, validated: date | None = None, none: str = ""
) -> State:
    """To complete → ready → typed in ApLyPro → validated there (R-APLY-07). `none`: why this kind of stay has no allowance."""
    if validated:
        return State.VALIDATED
    if entered:
        return State.ENTERED
    if none or isinstance(line.stay.scale, Unpaid):
        return State.NONE
    blocked = any(one.is_blocking for one in obstacles(line, today))
    return State.TO_COMPLETE if blocked else State.READY


def is_late(state: State, end: date, today: date) -> bool:
    """Is the end further away than `late_after`, and the line not validated (R-ALLOC-07)?"""
    return state in (State.TO_COMPLETE, State.READY, State.ENTERED) and today > end + late_after(end)
