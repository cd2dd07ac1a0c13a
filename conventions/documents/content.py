"""What an agreement and its avenants say: `AgreementContent`, every name, date and number of the paper, kept as JSON."""

from dataclasses import dataclass
from datetime import date

from conventions.emblems import Picture
from core.frozen import Frozen
from documents.printing import Change


@dataclass(frozen=True, kw_only=True)
class School:
    name: str
    uai: str
    academy: str | None = None
    address: str | None = None
    city: str | None = None
    phone: str | None = None
    email: str | None = None
    head_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class PartnerParty:
    name: str
    kind: str | None = None
    siret: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    representative_name: str | None = None
    representative_role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The agreement above that this one declines."""

    level: str
    title: str
    signatory: str | None = None
    signed_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A line of the annexe."""

    axis: str
    side: str
    label: str
    target: str
    due_date: date | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class AgreementContent(Frozen):
    """Every name, date and number that the paper carries."""

    number: str
    version: int
    issued_date: date
    title: str
    school: School
    partner: PartnerParty
    purpose: str | None = None
    axes: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    promised_kinds: tuple[str, ...] = ()
    frame: Frame | None = None
    renews: str | None = None
    board_vote_date: date | None = None
    start_date: date | None = None
    end_date: date | None = None
    tacit_renewal: bool = False
    renewal_months: int | None = None
    notice_days: int | None = None
    follow_up: str | None = None
    contact: str | None = None
    referent: str | None = None
    reviews: tuple[date, ...] = ()
    logos: tuple[Picture, ...] = ()
    seals: tuple[Picture, ...] = ()
    amends_number: str | None = None
    amends_date: date | None = None
    changes: tuple[Change, ...] = ()
    effective_date: date | None = None
    verify_url: str | None = None  # where anyone checks the file
