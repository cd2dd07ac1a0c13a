"""Who may open which address with which method: the table that `routes` prints and that tests call line by line (S-06).

It is written by hand, beside the views and not from them: a view that grants more or less than its line says fails a
test, and so does a named address without a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from schools.enums import Role
from schools.roles import OWN_ONLY, PERMISSIONS, Permission


class Open(StrEnum):
    """Addresses that no permission of a school governs."""

    PUBLIC = "public"  # without signing in: the reviewed list (S-01)
    SIGNED_IN = "compte"  # any account
    MEMBER = "membre"  # any member of the school


@dataclass(frozen=True)
class Route:
    """An address: its URL name, and for each method it accepts who may use it.

    `own`: the address names a thing, and a role with rights on its own pupils only meets 404 for the others' (S-03).
    """

    name: str
    methods: dict[str, Permission | Open]
    own: bool = False
    about: str = ""  # the model of the thing that the address names, as "app.Model"
    extra: tuple[str, ...] = ()  # further words of the address

    def expected(self, role: Role | None, method: str, *, member: bool = True) -> str:
        """What the platform answers: "ok", "login", "403", "404" or "405"; role None is someone not signed in."""
        granted = self.methods.get(method)
        if granted is Open.PUBLIC or (granted is None and Open.PUBLIC in self.methods.values()):
            return "ok" if granted else "405"
        if role is None:
            return "login"
        inside = Open.SIGNED_IN not in self.methods.values()
        if inside and not member:
            return "404"
        if granted is None:
            return "405"
        if isinstance(granted, Open):
            return "ok"
        if granted not in PERMISSIONS[role]:
            return "403"
        return "404" if self.own and role in OWN_ONLY else "ok"


def reading(name: str, permission: Permission | Open, *, own: bool = False, about: str = "") -> Route:
    return Route(name, {"GET": permission}, own, about)


def posting(name: str, permission: Permission | Open, *, own: bool = False, about: str = "") -> Route:
    return Route(name, {"POST": permission}, own, about)


def form(name: str, permission: Permission | Open, *, own: bool = False, about: str = "") -> Route:
    return Route(name, {"GET": permission, "POST": permission}, own, about)


def record(
    name: str, view: Permission, edit: Permission, *, model: str, own: bool = False, deletes: bool = True
) -> Iterator[Route]:
    """The five addresses of a kind of record (schools.pages)."""
    yield reading(f"{name}_list", view)
    yield form(f"{name}_new", edit)
    yield reading(f"{name}_detail", view, own=own, about=model)
    yield form(f"{name}_edit", edit, own=own, about=model)
    if deletes:
        yield form(f"{name}_delete", edit, own=own, about=model)


P = Permission
ROUTES: tuple[Route, ...] = (
    # ---------------------------------------------------------------- no school
    reading("home", Open.SIGNED_IN),
    reading("core:healthz", Open.PUBLIC),
    reading("core:readyz", Open.PUBLIC),
    # ---------------------------------------------------------------- schools
    reading("schools:home", Open.MEMBER),
    posting("schools:year_switch", Open.MEMBER),
    form("schools:settings", P.EDIT_SCHOOL),
    reading("schools:student_lookup", P.VIEW_STUDENTS),
    *record("schools:student", P.VIEW_STUDENTS, P.EDIT_STUDENTS, model="schools.Student", own=True),
    *record("schools:class", P.VIEW_STUDENTS, P.EDIT_STUDENTS, model="schools.SchoolClass", own=True),
    *record("schools:schooling", P.EDIT_STUDENTS, P.EDIT_STUDENTS, model="schools.Schooling"),
    *record("schools:staff", P.VIEW_STAFF, P.EDIT_STAFF, model="schools.Membership"),
    *record("schools:assignment", P.VIEW_STAFF, P.EDIT_STAFF, model="schools.TeachingAssignment"),
    # ---------------------------------------------------------------- partners
    reading("partners:search", Open.MEMBER),
    reading("partners:partner_lookup", P.VIEW_PARTNERS),
    *record("partners:partner", P.VIEW_PARTNERS, P.EDIT_PARTNERS, model="partners.Partner"),
    *record("partners:contact", P.VIEW_PARTNERS, P.EDIT_PARTNERS, model="partners.Contact", own=True),
    *record("partners:offer", P.VIEW_OFFERS, P.EDIT_OFFERS, model="partners.Offer"),
    *record("partners:beneficiary", P.VIEW_OFFERS, P.EDIT_OFFERS, model="partners.OfferBeneficiary"),
    *record("partners:contribution", P.VIEW_TAXE, P.EDIT_TAXE, model="partners.Contribution"),
    *record("partners:campaign", P.VIEW_TAXE, P.EDIT_TAXE, model="partners.TaxCampaign"),
    # ---------------------------------------------------------------- conventions
    *record("conventions:agreement", P.VIEW_AGREEMENTS, P.EDIT_AGREEMENTS, model="conventions.Agreement"),
    *record("conventions:network", P.VIEW_AGREEMENTS, P.EDIT_AGREEMENTS, model="conventions.Network"),
    reading("conventions:partner_agreements", P.VIEW_AGREEMENTS, about="partners.Partner"),
    # ---------------------------------------------------------------- events
    posting("events:action_expect_class", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_presence", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_replies", P.EDIT_ACTIONS, about="events.Action"),
    reading("events:partner_actions", P.VIEW_ACTIONS, about="partners.Partner"),
    *record("events:action", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.Action"),
    *record("events:action_partner", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.ActionPartner"),
    *record("events:invitation", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.Invitation"),
    *record("events:participation", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.Participation", own=True),
    # ---------------------------------------------------------------- surveys
    *record("surveys:survey", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.Survey"),
    *record("surveys:answer", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.SurveyAnswer"),
    *record("surveys:outcome", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.LeaverOutcome"),
)
