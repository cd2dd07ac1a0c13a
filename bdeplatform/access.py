"""Who may open which address with which method: the table that `routes` prints and that tests call line by line (S-06).

It is written by hand, beside the views and not from them: a view that grants more or less than its line says fails a
test, and so does a named address without a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from exchange.definitions import RESOURCES
from schools.enums import Role
from schools.roles import OWN_ONLY, PERMISSIONS, Permission
from schools.visibility import SEES_ALL


class Open(StrEnum):
    """Addresses that no permission of a school governs."""

    PUBLIC = "public"  # without signing in: the reviewed list (S-01)
    SIGNED_IN = "compte"  # any account
    MEMBER = "membre"  # any member of the school
    JOB = "tâche"  # who asked for the job, and those who may read all that its result can hold
    OPERATOR = "exploitant"  # who runs the installation
    ACADEMY = "académie"  # a reader of an académie; anybody else meets 404
    KEY = "clé"  # a program with a key of the read API: a browser meets 401, whoever is signed in


OUTSIDE = frozenset({Open.PUBLIC, Open.SIGNED_IN, Open.JOB, Open.OPERATOR, Open.ACADEMY, Open.KEY})
"""Addresses that name no school."""

NEVER_BY_KEY = frozenset({"etablissements", "personnels", "affectations"})
"""Resources of the dossier that no key opens: the team is nobody else's business."""

A_FRAME = "c14d2a67-a258-58af-8314-bae0212181fa"
"""Of the catalogue that ships: the UIMM of 2021."""

NOBODYS = "00000000-0000-4000-8000-000000000000"
"""The identifier of nothing: behind a link that is not open, any answers alike."""

Grant = Permission | Open | tuple[Permission, ...]
"""A right, or several of which one is enough."""


@dataclass(frozen=True)
class Route:
    """An address: its URL name, and for each method it accepts who may use it.

    `own`: the address names a thing, and a role with rights on its own pupils only meets 404 for the others' (S-03).
    """

    name: str
    methods: dict[str, Grant]
    own: bool = False
    about: str = ""  # the model of the thing that the address names, as "app.Model"
    extra: tuple[str, ...] = ()  # further words of the address; "{uai}" is the school's
    asks: str = ""  # the thing stands in the query, under this name, and not in the path
    but: frozenset[Role] = frozenset()  # roles refused although they have the right
    mine: bool = False  # only for who made the thing: any colleague meets the reason

    @property
    def is_inside(self) -> bool:
        """True when the address names a school."""
        return not OUTSIDE & {grant for grant in self.methods.values() if isinstance(grant, Open)}

    def expected(self, role: Role | None, method: str, *, member: bool = True, reader: bool = False) -> str:
        """What the platform answers: "ok", "login", "401", "403", "404" or "405"; role None is someone not signed in.

        `reader`: of an académie, who is a member of no school.
        """
        granted = self.methods.get(method)
        if Open.KEY in self.methods.values():
            return "401" if granted else "405"
        if granted is Open.PUBLIC or (granted is None and Open.PUBLIC in self.methods.values()):
            return "ok" if granted else "405"
        if role is None:
            return "login"
        if Open.ACADEMY in self.methods.values():
            return "405" if granted is None else "ok" if reader else "404"
        if (self.is_inside and not member) or Open.OPERATOR in self.methods.values():
            return "404"
        if granted is None:
            return "405"
        if granted is Open.JOB:
            return "ok" if member and role in SEES_ALL else "404"
        if isinstance(granted, Open):
            return "403" if self.mine else "ok"
        enough = granted if isinstance(granted, tuple) else (granted,)
        if not PERMISSIONS[role].intersection(enough) or role in self.but:
            return "403"
        return "404" if self.own and role in OWN_ONLY else "ok"


def reading(name: str, permission: Grant, *, own: bool = False, about: str = "") -> Route:
    return Route(name, {"GET": permission}, own, about)


def posting(name: str, permission: Grant, *, own: bool = False, about: str = "") -> Route:
    return Route(name, {"POST": permission}, own, about)


def form(name: str, permission: Grant, *, own: bool = False, about: str = "") -> Route:
    return Route(name, {"GET": permission, "POST": permission}, own, about)


def record(
    name: str, view: Grant, edit: Grant, *, model: str, own: bool = False, deletes: bool = True
) -> Iterator[Route]:
    """The five addresses of a kind of record (schools.pages)."""
    yield reading(f"{name}_list", view)
    yield form(f"{name}_new", edit)
    yield reading(f"{name}_detail", view, own=own, about=model)
    yield form(f"{name}_edit", edit, own=own, about=model)
    if deletes:
        yield form(f"{name}_delete", edit, own=own, about=model)


NO_TAPS = frozenset({Role.HEAD, Role.OFFICE})
"""They read who came to an action; the bureau and the teachers of the classes write it."""

P = Permission
ROUTES: tuple[Route, ...] = (
    # ---------------------------------------------------------------- no school
    reading("home", Open.SIGNED_IN),
    reading("core:healthz", Open.PUBLIC),
    reading("core:readyz", Open.PUBLIC),
    reading("core:accessibility", Open.PUBLIC),
    reading("core:legal", Open.PUBLIC),
    reading("core:help", Open.PUBLIC),
    reading("core:gallery", Open.OPERATOR),
    reading("core:job_progress", Open.JOB, about="core.Job"),
    reading("core:job_file", Open.JOB, about="core.Job"),
    posting("core:job_cancel", Open.JOB, about="core.Job"),
    posting("core:job_retry", Open.JOB, about="core.Job"),
    # the read API, for programs (exchange/api)
    reading("api:openapi-json", Open.PUBLIC),
    reading("api:api-root", Open.KEY),
    reading("api:about", Open.KEY),
    replace(reading("api:indicateurs", Open.KEY), extra=("2025-2026",)),
    replace(reading("api:indicateurs_masques", Open.KEY), extra=("2025-2026",)),
    *(reading(f"api:{name}", Open.KEY) for name in RESOURCES if name not in NEVER_BY_KEY),
    # a company proposes an offer, when the school has opened its form
    Route("offer_form", {"GET": Open.PUBLIC, "POST": Open.PUBLIC}, extra=("{uai}",)),
    Route("offer_thanks", {"GET": Open.PUBLIC}, extra=("{uai}",)),
    # anyone who holds a paper asks whether it is ours: no name, nothing kept
    form("verify", Open.PUBLIC),
    # who signs a paper has no account: a personal link, then a code (documents/views/online.py)
    replace(reading("sign_start", Open.PUBLIC), extra=("{link}",)),
    replace(form("sign_code", Open.PUBLIC), extra=("{link}",)),
    replace(posting("sign_renew", Open.PUBLIC), extra=("{link}",)),
    replace(form("sign_who", Open.PUBLIC), extra=("{link}",)),
    replace(form("sign_tutor", Open.PUBLIC), extra=("{link}",)),
    replace(form("sign_contact", Open.PUBLIC), extra=("{link}",)),
    replace(form("sign_paper", Open.PUBLIC), extra=("{link}",)),
    replace(reading("sign_file", Open.PUBLIC), extra=("{link}",)),
    replace(reading("sign_done", Open.PUBLIC), extra=("{link}",)),
    # who left the lycée: what they do now, behind their own link (surveys/views/leaver_page.py)
    replace(form("leaver_page", Open.PUBLIC), extra=("{link}",)),
    replace(posting("leaver_renew", Open.PUBLIC), extra=("{link}",)),
    # a company, a pupil, a tutor: a personal link, then a button (pfmp/views/links.py)
    # who answers a survey has no account: the link names nobody, the answer is posted at once (surveys/views/answering.py)
    replace(form("survey_answer", Open.PUBLIC), extra=("{link}",)),
    replace(reading("survey_thanks", Open.PUBLIC), extra=("{link}",)),
    # a partner reads what is shared with it: a link, then a button (indicators/views/share_page.py)
    replace(form("share_start", Open.PUBLIC), extra=("{link}",)),
    replace(reading("share_read", Open.PUBLIC), extra=("{link}",)),
    replace(reading("share_file", Open.PUBLIC), extra=("{link}",)),
    # the lycées of an académie, in counts (indicators/views/academy.py)
    reading("academy_home", Open.ACADEMY),
    replace(reading("academy_figure", Open.ACADEMY), extra=("I4.1",)),
    replace(reading("link_start", Open.PUBLIC), extra=("{link}",)),
    replace(posting("link_open", Open.PUBLIC), extra=("{link}",)),
    replace(posting("link_renew", Open.PUBLIC), extra=("{link}",)),
    replace(reading("tutor_home", Open.PUBLIC), extra=("{link}",)),
    replace(form("tutor_evaluation", Open.PUBLIC), extra=("{link}",)),
    replace(posting("tutor_absence", Open.PUBLIC), extra=("{link}",)),
    replace(form("tutor_days", Open.PUBLIC), extra=("{link}",)),
    replace(reading("pre_convention_fill", Open.PUBLIC), extra=("{link}",)),
    replace(form("pre_convention_step", Open.PUBLIC), extra=("{link}", "personnes")),
    replace(reading("pre_convention_hours", Open.PUBLIC), extra=("{link}",)),
    replace(form("pre_convention_refuse", Open.PUBLIC), extra=("{link}",)),
    replace(reading("pupil_home", Open.PUBLIC), extra=("{link}",)),
    replace(form("pupil_opinion", Open.PUBLIC), extra=("{link}",)),
    replace(form("pupil_approach_new", Open.PUBLIC), extra=("{link}",)),
    replace(form("pupil_approach_edit", Open.PUBLIC), extra=("{link}", NOBODYS)),
    replace(posting("pupil_approach_answer", Open.PUBLIC), extra=("{link}", NOBODYS)),
    replace(form("pupil_found", Open.PUBLIC), extra=("{link}",)),
    replace(reading("pupil_hosts", Open.PUBLIC), extra=("{link}",)),
    replace(reading("pupil_letter", Open.PUBLIC), extra=("{link}",)),
    replace(reading("pupil_letter_file", Open.PUBLIC), extra=("{link}", "lettre")),
    replace(reading("pupil_advice", Open.PUBLIC), extra=("{link}",)),
    # a guest answers an invitation (events/views/reply.py)
    replace(form("invitation_reply", Open.PUBLIC), extra=("{link}",)),
    replace(reading("invitation_said", Open.PUBLIC), extra=("{link}",)),
    replace(posting("invitation_renew", Open.PUBLIC), extra=("{link}",)),
    # what a school does with companies, when it has opened the page
    Route("public_page", {"GET": Open.PUBLIC}, extra=("{uai}",)),
    Route("public_calendar", {"GET": Open.PUBLIC}, extra=("{uai}",)),
    # an agenda, behind its secret address (events/feeds.py)
    replace(reading("calendar_feed", Open.PUBLIC), extra=("{link}",)),
    # ---------------------------------------------------------------- accounts
    # an invited person has no password yet: the signed link is the key (accounts/invitations.py)
    replace(reading("accounts:invitation", Open.PUBLIC), extra=("personne", "jeton")),
    form("accounts:invitation_password", Open.PUBLIC),
    # ---------------------------------------------------------------- schools
    reading("schools:home", Open.MEMBER),
    posting("schools:year_switch", Open.MEMBER),
    form("schools:settings", P.EDIT_SCHOOL),
    reading("schools:student_lookup", P.VIEW_STUDENTS),
    reading("schools:commune_lookup", Open.MEMBER),
    # Each kind of spreadsheet asks its own right; the import of the test is one of companies.
    reading("schools:table_import_list", (P.EDIT_PARTNERS, P.EDIT_TAXE)),
    replace(form("schools:table_import_new", P.EDIT_PARTNERS), extra=("entreprises",)),
    replace(reading("schools:table_import_template", P.EDIT_PARTNERS), extra=("entreprises", "csv")),
    reading("schools:table_import_detail", P.EDIT_PARTNERS, about="schools.TableImport"),
    posting("schools:table_import_layout", P.EDIT_PARTNERS, about="schools.TableImport"),
    posting("schools:table_import_columns", P.EDIT_PARTNERS, about="schools.TableImport"),
    posting("schools:table_import_decide", P.EDIT_PARTNERS, about="schools.TableImport"),
    posting("schools:table_import_apply", P.EDIT_PARTNERS, about="schools.TableImport"),
    posting("schools:table_import_undo", P.EDIT_PARTNERS, about="schools.TableImport"),
    posting("schools:table_import_discard", P.EDIT_PARTNERS, about="schools.TableImport"),
    reading("schools:table_import_rejected", P.EDIT_PARTNERS, about="schools.TableImport"),
    *record("schools:student", P.VIEW_STUDENTS, P.EDIT_STUDENTS, model="schools.Student", own=True),
    *record("schools:class", P.VIEW_STUDENTS, P.EDIT_STUDENTS, model="schools.SchoolClass", own=True),
    *record("schools:schooling", P.EDIT_STUDENTS, P.EDIT_STUDENTS, model="schools.Schooling"),
    *record("schools:staff", P.VIEW_STAFF, P.EDIT_STAFF, model="schools.Membership"),
    reading("schools:saved_view_list", Open.MEMBER),
    form("schools:saved_view_new", Open.MEMBER),
    # A shared view opens for every colleague whose role opens its list; only its author changes it.
    replace(reading("schools:saved_view_detail", P.VIEW_PARTNERS), about="schools.SavedView"),
    replace(form("schools:saved_view_edit", Open.MEMBER), about="schools.SavedView", mine=True),
    replace(form("schools:saved_view_delete", Open.MEMBER), about="schools.SavedView", mine=True),
    *record("schools:assignment", P.VIEW_STAFF, P.EDIT_STAFF, model="schools.TeachingAssignment"),
    posting("schools:school_holiday_copy", P.EDIT_SCHOOL),
    *record("schools:school_holiday", P.VIEW_STUDENTS, P.EDIT_SCHOOL, model="schools.SchoolHoliday"),
    # ---------------------------------------------------------------- partners
    reading("partners:search", Open.MEMBER),
    posting("partners:partner_bulk", (P.EDIT_PARTNERS, P.EDIT_ACTIONS)),
    posting("partners:mailing_new", P.EDIT_PARTNERS),
    reading("partners:mailing_list", P.VIEW_INTERACTIONS),
    reading("partners:mailing_detail", P.VIEW_INTERACTIONS, about="partners.Mailing"),
    reading("partners:partner_map", P.VIEW_PARTNERS),
    reading("partners:partner_lookup", P.VIEW_PARTNERS),
    reading("partners:contact_lookup", P.VIEW_PARTNERS),
    reading("partners:follow_ups", P.ADD_INTERACTION),
    reading("partners:handover", P.VIEW_HANDOVER),
    form("partners:owner_reassign", P.EDIT_PARTNERS),
    posting("partners:interaction_done", P.ADD_INTERACTION, own=True, about="partners.Interaction"),
    posting("partners:interaction_undone", P.ADD_INTERACTION, own=True, about="partners.Interaction"),
    form("partners:interaction_postpone", P.ADD_INTERACTION, own=True, about="partners.Interaction"),
    form("partners:interaction_said", P.ADD_INTERACTION, own=True, about="partners.Interaction"),
    form("partners:partner_avoid", P.EDIT_PARTNERS, about="partners.Partner"),
    posting("partners:register_lookup", P.EDIT_PARTNERS),
    posting("partners:register_check", P.EDIT_PARTNERS, about="partners.Partner"),
    posting("partners:register_take", P.EDIT_PARTNERS, about="partners.Partner"),
    reading("partners:address_review", P.EDIT_PARTNERS),
    reading("partners:double_list", P.EDIT_PARTNERS),
    posting("partners:double_hints", (P.EDIT_PARTNERS, P.LOG_PLACEMENT)),
    posting("partners:double_dismiss", P.EDIT_PARTNERS),
    posting("partners:double_restore", P.EDIT_PARTNERS, about="partners.NotDouble"),
    form("partners:partner_merge", P.EDIT_PARTNERS, about="partners.Partner"),
    reading("partners:merge_detail", P.EDIT_PARTNERS, about="partners.Merge"),
    posting("partners:merge_undo", P.EDIT_PARTNERS, about="partners.Merge"),
    *record("partners:partner", P.VIEW_PARTNERS, P.EDIT_PARTNERS, model="partners.Partner"),
    posting("partners:exchange_quick", P.ADD_INTERACTION, about="partners.Partner"),
    form("partners:exchange_note", P.ADD_INTERACTION),
    reading("partners:partner_story", P.VIEW_PARTNERS, about="partners.Partner"),
    reading("partners:partner_interactions", (P.VIEW_INTERACTIONS, P.ADD_INTERACTION), about="partners.Partner"),
    reading("partners:partner_offers", P.VIEW_OFFERS, about="partners.Partner"),
    reading("partners:partner_contributions", P.VIEW_TAXE, about="partners.Partner"),
    reading("partners:partner_documents", P.VIEW_DOCUMENTS, about="partners.Partner"),
    *record("partners:contact", P.VIEW_PARTNERS, P.EDIT_PARTNERS, model="partners.Contact", own=True),
    *record(  # a teacher notes exchanges, and sees those they noted
        "partners:interaction",
        (P.VIEW_INTERACTIONS, P.ADD_INTERACTION),
        P.ADD_INTERACTION,
        model="partners.Interaction",
        own=True,
    ),
    # a teacher reads the offers published to their classes
    *record("partners:offer", P.VIEW_OFFERS, P.EDIT_OFFERS, model="partners.Offer", own=True),
    *record("partners:beneficiary", P.VIEW_OFFERS, P.EDIT_OFFERS, model="partners.OfferBeneficiary", own=True),
    reading("partners:offer_sheet", P.VIEW_OFFERS),
    form("partners:offer_publish", P.EDIT_OFFERS, about="partners.Offer"),
    replace(posting("partners:offer_move", P.EDIT_OFFERS, about="partners.Offer"), extra=("pourvue",)),
    reading("partners:proposal_list", P.EDIT_OFFERS),
    reading("partners:proposal_detail", P.EDIT_OFFERS, about="partners.OfferProposal"),
    posting("partners:proposal_accept", P.EDIT_OFFERS, about="partners.OfferProposal"),
    posting("partners:proposal_refuse", P.EDIT_OFFERS, about="partners.OfferProposal"),
    *record("partners:contribution", P.VIEW_TAXE, P.EDIT_TAXE, model="partners.Contribution"),
    *record("partners:campaign", P.VIEW_TAXE, P.EDIT_TAXE, model="partners.TaxCampaign"),
    *record("partners:approach", P.VIEW_TAXE, P.EDIT_TAXE, model="partners.TaxApproach"),
    *record("partners:transfer", P.VIEW_TAXE, P.EDIT_TAXE, model="partners.TaxTransfer"),
    reading("partners:taxe_home", P.VIEW_TAXE),
    posting("partners:contribution_letter", P.EDIT_TAXE, about="partners.Contribution"),
    form("partners:approach_write", P.EDIT_TAXE),
    posting("partners:approach_bulk", P.EDIT_TAXE),
    posting("partners:approach_answer", P.EDIT_TAXE, about="partners.TaxApproach"),
    form("partners:campaign_add", P.EDIT_TAXE, about="partners.TaxCampaign"),
    form("partners:campaign_write", P.EDIT_TAXE, about="partners.TaxCampaign"),
    posting("partners:campaign_use", P.EDIT_TAXE, about="partners.TaxCampaign"),
    Route("partners:campaign_thanks", {"GET": P.VIEW_TAXE, "POST": P.EDIT_TAXE}, about="partners.TaxCampaign"),
    posting("partners:thanks_undo", P.EDIT_TAXE, about="partners.TaxCampaign"),
    posting("partners:transfer_line", P.EDIT_TAXE, about="partners.TaxTransfer"),
    # ---------------------------------------------------------------- conventions
    *record("conventions:agreement", P.VIEW_AGREEMENTS, P.EDIT_AGREEMENTS, model="conventions.Agreement"),
    # Which acts a state allows is in conventions.rules.moves; here, one that the agreement of the test can do.
    replace(form("conventions:agreement_move", P.EDIT_AGREEMENTS, about="conventions.Agreement"), extra=("resilier",)),
    form("conventions:commitment_new", P.EDIT_AGREEMENTS, about="conventions.Agreement"),
    form("conventions:commitment_edit", P.EDIT_AGREEMENTS, about="conventions.Commitment"),
    posting("conventions:commitment_remove", P.EDIT_AGREEMENTS, about="conventions.Commitment"),
    form("conventions:review_new", P.EDIT_AGREEMENTS, about="conventions.Agreement"),
    form("conventions:review_edit", P.EDIT_AGREEMENTS, about="conventions.AgreementReview"),
    posting("conventions:review_remove", P.EDIT_AGREEMENTS, about="conventions.AgreementReview"),
    reading("conventions:agreement_tree", P.VIEW_AGREEMENTS),
    reading("conventions:mobilised", P.VIEW_AGREEMENTS),
    # The catalogue belongs to no lycée: its frames have the same address on every installation.
    reading("conventions:frame_list", P.VIEW_AGREEMENTS),
    replace(reading("conventions:frame_detail", P.VIEW_AGREEMENTS), extra=(A_FRAME,)),
    replace(form("conventions:frame_decline", P.EDIT_AGREEMENTS), extra=(A_FRAME,)),
    *record("conventions:network", P.VIEW_AGREEMENTS, P.EDIT_AGREEMENTS, model="conventions.Network"),
    form("conventions:network_member_new", P.EDIT_AGREEMENTS, about="conventions.Network"),
    form("conventions:network_member_edit", P.EDIT_AGREEMENTS, about="conventions.NetworkMember"),
    posting("conventions:network_member_remove", P.EDIT_AGREEMENTS, about="conventions.NetworkMember"),
    reading("conventions:partner_agreements", P.VIEW_AGREEMENTS, about="partners.Partner"),
    reading("conventions:agreement_draft", P.VIEW_AGREEMENTS, about="conventions.Agreement"),
    reading("conventions:agreement_progress", P.VIEW_AGREEMENTS, about="conventions.Agreement"),
    form("conventions:school_emblems", P.EDIT_SCHOOL),
    form("conventions:partner_emblems", P.EDIT_AGREEMENTS, about="partners.Partner"),
    reading("conventions:emblem_image", P.VIEW_AGREEMENTS, about="conventions.Emblem"),
    posting("conventions:emblem_remove", P.EDIT_AGREEMENTS, about="conventions.Emblem"),  # the lycée's own: EDIT_SCHOOL
    # ---------------------------------------------------------------- pfmp
    reading("pfmp:board", P.VIEW_PLACEMENTS),
    reading("pfmp:year_calendar", P.VIEW_PLACEMENTS),
    reading("pfmp:year_calendar_print", P.VIEW_PLACEMENTS),
    reading("pfmp:durations", P.VIEW_PLACEMENTS),
    reading("pfmp:class_durations", P.VIEW_PLACEMENTS, own=True, about="schools.SchoolClass"),
    *record("pfmp:formation_duration", P.VIEW_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.FormationDuration"),
    form("pfmp:periods_plan", P.MANAGE_PLACEMENTS),
    posting("pfmp:period_move", P.MANAGE_PLACEMENTS, about="pfmp.Period"),
    reading("pfmp:period_dates", P.VIEW_PLACEMENTS, own=True, about="pfmp.Period"),
    *record("pfmp:period", P.VIEW_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.Period", own=True),
    *record("pfmp:exemption", P.VIEW_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.Exemption", own=True),
    *record("pfmp:placement", P.VIEW_PLACEMENTS, P.LOG_PLACEMENT, model="pfmp.Placement", own=True),
    reading("pfmp:placement_tutors", P.LOG_PLACEMENT),
    posting("pfmp:placement_verdicts", P.LOG_PLACEMENT, own=True, about="schools.Student"),
    # The table of moves says which ones a role makes (pfmp.rules.moves); here, who meets the placement at all.
    posting("pfmp:placement_move", P.VIEW_PLACEMENTS, own=True, about="pfmp.Placement"),
    form("pfmp:placement_interrupt", P.VIEW_PLACEMENTS, own=True, about="pfmp.Placement"),
    Route(
        "pfmp:placement_evaluation",
        {"GET": (P.LOG_VISIT, P.SIGN_CONVENTION), "POST": P.LOG_VISIT},
        True,
        "pfmp.Placement",
    ),
    reading("pfmp:evaluation_sheet", (P.LOG_VISIT, P.SIGN_CONVENTION), own=True, about="pfmp.Placement"),
    reading("pfmp:class_evaluations", (P.LOG_VISIT, P.SIGN_CONVENTION), own=True, about="pfmp.Period"),
    reading("pfmp:placement_booklet", P.VIEW_PLACEMENTS, own=True, about="pfmp.Placement"),
    form("pfmp:class_booklets", P.VIEW_PLACEMENTS, own=True, about="pfmp.Period"),
    form("pfmp:placement_outcome", P.LOG_PLACEMENT, own=True, about="pfmp.Placement"),
    reading("pfmp:placement_extend", P.LOG_PLACEMENT, own=True, about="pfmp.Placement"),
    posting("pfmp:class_act", P.LOG_PLACEMENT, own=True, about="pfmp.Period"),
    form("pfmp:class_referents", P.LOG_PLACEMENT, own=True, about="pfmp.Period"),
    Route("pfmp:milestones", {"GET": P.VIEW_PLACEMENTS, "POST": P.MANAGE_PLACEMENTS}),
    Route("pfmp:pfmp_settings", {"GET": P.VIEW_PLACEMENTS, "POST": P.MANAGE_PLACEMENTS}),
    form("pfmp:delivery_list", P.VIEW_PLACEMENTS),
    # The school may also name a role that checks (pfmp.deliveries.may_check): by default the bureau's.
    form("pfmp:delivery_check", P.MANAGE_PLACEMENTS, about="pfmp.Delivery"),
    form("pfmp:class_conventions", P.VIEW_DOCUMENTS, own=True, about="pfmp.Period"),
    # days, absences, attestations; INE and amounts for those who may see them only
    reading("pfmp:absence_list", P.VIEW_PLACEMENTS),
    Route("pfmp:placement_days", {"GET": P.VIEW_PLACEMENTS, "POST": P.VIEW_PLACEMENTS}, True, "pfmp.Placement"),
    Route("pfmp:class_days", {"GET": P.VIEW_PLACEMENTS, "POST": P.LOG_PLACEMENT}, True, "pfmp.Period"),
    Route("pfmp:class_certificates", {"GET": P.VIEW_DOCUMENTS, "POST": P.LOG_PLACEMENT}, True, "pfmp.Period"),
    reading("pfmp:allowance_home", P.VIEW_STUDENT_CONTACTS),
    reading("pfmp:pronote_feed", P.VIEW_STUDENT_CONTACTS),
    reading("pfmp:allowance_file_detail", P.VIEW_STUDENT_CONTACTS, about="pfmp.AllowanceFile"),
    Route(
        "pfmp:allowance_files",
        {"GET": P.VIEW_STUDENT_CONTACTS, "POST": P.MANAGE_PLACEMENTS},
        about="schools.SchoolClass",
    ),
    Route("pfmp:allowance_sheet", {"GET": P.VIEW_STUDENT_CONTACTS, "POST": P.MANAGE_PLACEMENTS}, about="pfmp.Period"),
    posting("pfmp:class_signatures", P.LOG_PLACEMENT, own=True, about="pfmp.Period"),
    reading("pfmp:partner_placements", P.VIEW_PLACEMENTS, about="partners.Partner"),
    reading("pfmp:student_hosts", P.VIEW_PLACEMENTS, own=True, about="schools.Student"),
    reading("pfmp:student_placements", P.VIEW_PLACEMENTS, own=True, about="schools.Student"),
    *record("pfmp:approach", P.VIEW_PLACEMENTS, P.LOG_PLACEMENT, model="pfmp.Approach", own=True),
    posting("pfmp:approach_quick", P.LOG_PLACEMENT),
    posting("pfmp:approach_move", P.LOG_PLACEMENT, own=True, about="pfmp.Approach"),
    form("pfmp:approach_settle", P.LOG_PLACEMENT, own=True, about="pfmp.Approach"),
    Route("pfmp:class_search", {"GET": P.VIEW_PLACEMENTS, "POST": P.LOG_PLACEMENT}, own=True, about="pfmp.Period"),
    form("pfmp:student_links", P.LOG_PLACEMENT, own=True, about="schools.Student"),
    reading("pfmp:visit_list", P.VIEW_PLACEMENTS),
    replace(form("pfmp:visit_new", P.LOG_VISIT, own=True, about="pfmp.Placement"), asks="placement"),
    reading("pfmp:visit_detail", P.VIEW_PLACEMENTS, own=True, about="pfmp.Visit"),
    form("pfmp:visit_edit", P.LOG_VISIT, own=True, about="pfmp.Visit"),
    form("pfmp:visit_delete", P.LOG_VISIT, own=True, about="pfmp.Visit"),
    form("pfmp:visit_answer", P.MANAGE_PLACEMENTS, about="pfmp.Visit"),
    reading("pfmp:visit_picture", P.VIEW_PLACEMENTS, own=True, about="pfmp.Visit"),
    posting("pfmp:visit_picture_remove", P.LOG_VISIT, own=True, about="pfmp.Visit"),
    reading("pfmp:placement_following", P.VIEW_PLACEMENTS, own=True, about="pfmp.Placement"),
    reading("pfmp:my_visits", P.LOG_VISIT),
    reading("pfmp:visits_state", P.LOG_VISIT),
    reading("pfmp:visits_worker", P.LOG_VISIT),
    Route("pfmp:visit_plan", {"GET": P.VIEW_PLACEMENTS, "POST": P.LOG_VISIT}),
    reading("pfmp:visit_load", P.VIEW_STAFF),
    reading("pfmp:mission_list", P.VIEW_STAFF),
    reading("pfmp:mission_order", P.VIEW_PLACEMENTS),
    reading("pfmp:planned_visit_list", P.VIEW_PLACEMENTS),
    replace(form("pfmp:planned_visit_new", P.LOG_VISIT, own=True, about="pfmp.Placement"), asks="placement"),
    reading("pfmp:planned_visit_detail", P.VIEW_PLACEMENTS, own=True, about="pfmp.PlannedVisit"),
    form("pfmp:planned_visit_edit", P.LOG_VISIT, own=True, about="pfmp.PlannedVisit"),
    form("pfmp:planned_visit_delete", P.LOG_VISIT, own=True, about="pfmp.PlannedVisit"),
    reading("pfmp:partner_hosting", P.VIEW_PLACEMENTS, about="partners.Partner"),
    *record("pfmp:capacity", P.VIEW_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.HostCapacity"),
    # A teacher reads and writes the reviews of their own placements, and the incidents they noted.
    reading("pfmp:review_list", (P.VIEW_HOST_QUALITY, P.LOG_VISIT)),
    replace(form("pfmp:review_new", P.LOG_VISIT, own=True, about="pfmp.Placement"), asks="placement"),
    reading("pfmp:review_detail", (P.VIEW_HOST_QUALITY, P.LOG_VISIT), own=True, about="pfmp.HostReview"),
    form("pfmp:review_edit", P.LOG_VISIT, own=True, about="pfmp.HostReview"),
    form("pfmp:review_delete", P.LOG_VISIT, own=True, about="pfmp.HostReview"),
    reading("pfmp:incident_list", (P.VIEW_HOST_QUALITY, P.LOG_VISIT)),
    form("pfmp:incident_new", P.LOG_VISIT),
    reading("pfmp:incident_detail", (P.VIEW_HOST_QUALITY, P.LOG_VISIT), own=True, about="pfmp.HostIncident"),
    form("pfmp:incident_edit", P.LOG_VISIT, own=True, about="pfmp.HostIncident"),
    form("pfmp:incident_delete", P.LOG_VISIT, own=True, about="pfmp.HostIncident"),
    Route(
        "pfmp:placement_preparation",
        {"GET": P.VIEW_PLACEMENTS, "POST": P.LOG_PLACEMENT},
        own=True,
        about="pfmp.Placement",
    ),
    form("pfmp:placement_terms", P.LOG_PLACEMENT, own=True, about="pfmp.Placement"),
    form("pfmp:pre_convention_type", P.LOG_PLACEMENT, own=True, about="pfmp.Placement"),
    form("pfmp:pre_convention_review", P.LOG_PLACEMENT, own=True, about="pfmp.Placement"),
    reading("pfmp:pre_convention_sheet", P.VIEW_PLACEMENTS, own=True, about="pfmp.Placement"),
    form("pfmp:pre_convention_new", P.LOG_PLACEMENT),
    reading("pfmp:pre_convention_list", P.VIEW_PLACEMENTS),
    reading("pfmp:pre_convention_detail", P.VIEW_PLACEMENTS, own=True, about="pfmp.PreConvention"),
    # the regulation, and what it says of the placements one sees
    reading("pfmp:rule_list", P.VIEW_PLACEMENTS),
    replace(reading("pfmp:rule_placements", P.VIEW_PLACEMENTS), extra=("R-MIN-08",)),
    # regulated works, stays abroad, accidents
    *record("pfmp:works_declaration", P.VIEW_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.WorksDeclaration"),
    *record("pfmp:medical_opinion", P.MANAGE_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.MedicalOpinion"),
    *record("pfmp:training", P.MANAGE_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.Training"),
    *record("pfmp:country_sheet", P.VIEW_PLACEMENTS, P.MANAGE_PLACEMENTS, model="pfmp.CountrySheet"),
    form("pfmp:class_safety", P.MANAGE_PLACEMENTS, about="schools.SchoolClass"),
    reading("pfmp:student_safety", P.VIEW_PLACEMENTS, own=True, about="schools.Student"),
    reading("pfmp:accident_list", (P.VIEW_HOST_QUALITY, P.LOG_PLACEMENT)),
    replace(form("pfmp:accident_new", P.LOG_PLACEMENT, own=True, about="pfmp.Placement"), asks="placement"),
    reading("pfmp:accident_detail", (P.VIEW_HOST_QUALITY, P.LOG_PLACEMENT), own=True, about="pfmp.Accident"),
    reading("pfmp:accident_sheet", (P.VIEW_HOST_QUALITY, P.LOG_PLACEMENT), own=True, about="pfmp.Accident"),
    form("pfmp:accident_edit", P.LOG_PLACEMENT, own=True, about="pfmp.Accident"),
    form("pfmp:accident_delete", P.MANAGE_PLACEMENTS, about="pfmp.Accident"),
    # The annex of a formation: the bureau, and the teachers of that formation.
    reading("pfmp:annex_list", P.VIEW_PLACEMENTS),
    form("pfmp:annex_new", P.LOG_PLACEMENT),
    reading("pfmp:annex_detail", P.VIEW_PLACEMENTS, about="pfmp.FormationAnnex"),
    replace(form("pfmp:annex_edit", P.LOG_PLACEMENT, about="pfmp.FormationAnnex"), but=frozenset({Role.TEACHER})),
    replace(form("pfmp:annex_delete", P.LOG_PLACEMENT, about="pfmp.FormationAnnex"), but=frozenset({Role.TEACHER})),
    # ---------------------------------------------------------------- events
    posting("events:invite", P.EDIT_ACTIONS),
    reading("events:action_guests", P.VIEW_ACTIONS, about="events.Action"),
    reading("events:action_invite", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_remind", P.EDIT_ACTIONS, about="events.Action"),
    replace(form("events:action_letter", P.EDIT_ACTIONS, about="events.Action"), extra=("invitation",)),
    form("events:action_thank", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:invitation_settle", P.EDIT_ACTIONS, about="events.Invitation"),
    # The door: whoever welcomes the guests, the front office and teachers too.
    form("events:action_door", P.VIEW_ACTIONS, about="events.Action"),
    replace(form("events:guest_arrival", P.VIEW_ACTIONS), extra=("{link}",)),
    reading("events:action_pupils", P.VIEW_ACTIONS, about="events.Action"),
    # Presence: the bureau, and teachers for the pupils of their classes.
    replace(posting("events:action_tap", P.VIEW_ACTIONS, about="events.Action"), but=NO_TAPS),
    replace(posting("events:action_add_pupil", P.VIEW_ACTIONS, about="events.Action"), but=NO_TAPS),
    posting("events:action_expect_class", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_drop_class", P.EDIT_ACTIONS, about="events.Action"),
    reading("events:action_sheet", P.VIEW_ACTIONS, about="events.Action"),
    reading("events:partner_actions", P.VIEW_ACTIONS, about="partners.Partner"),
    reading("events:calendar_month", P.VIEW_ACTIONS),
    reading("events:calendar_coming", P.VIEW_ACTIONS),
    reading("events:calendar_year", P.VIEW_ACTIONS),
    reading("events:year_programme", P.VIEW_ACTIONS),
    form("events:event_settings", P.EDIT_SCHOOL),
    reading("events:public_preview", P.EDIT_SCHOOL),
    form("events:action_public", P.EDIT_ACTIONS, about="events.Action"),
    form("events:action_photo_new", P.EDIT_ACTIONS, about="events.Action"),
    reading("events:action_photo", P.VIEW_ACTIONS, about="events.ActionPhoto"),
    posting("events:action_photo_remove", P.EDIT_ACTIONS, about="events.ActionPhoto"),
    posting("events:image_consent_withdraw", P.EDIT_STUDENTS, about="events.ImageConsent"),
    *record("events:image_consent", P.VIEW_STUDENTS, P.EDIT_STUDENTS, model="events.ImageConsent", own=True),
    reading("events:calendar_feeds", P.VIEW_ACTIONS),
    posting("events:calendar_feed_open", P.VIEW_ACTIONS),
    posting("events:calendar_feed_close", P.VIEW_ACTIONS),
    reading("events:action_choose", P.EDIT_ACTIONS),
    reading("events:action_impact", P.VIEW_ACTIONS),
    reading("events:avenirpro", P.VIEW_ACTIONS),
    Route("events:action_report", {"GET": P.VIEW_ACTIONS, "POST": P.EDIT_ACTIONS}, about="events.Action"),
    form("events:action_repeat", P.EDIT_ACTIONS, about="events.Action"),
    form("events:action_cancel", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_reopen", P.EDIT_ACTIONS, about="events.Action"),
    form("events:action_keep", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_step_new", P.EDIT_ACTIONS, about="events.Action"),
    posting("events:action_fill", P.EDIT_ACTIONS, about="events.Action"),
    form("events:action_step_edit", P.EDIT_ACTIONS, about="events.ActionStep"),
    posting("events:action_step_done", P.EDIT_ACTIONS, about="events.ActionStep"),
    posting("events:action_step_undone", P.EDIT_ACTIONS, about="events.ActionStep"),
    *record("events:action_template", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.ActionTemplate"),
    *record("events:action", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.Action"),
    *record("events:action_partner", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.ActionPartner"),
    *record("events:invitation", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.Invitation"),
    *record("events:participation", P.VIEW_ACTIONS, P.EDIT_ACTIONS, model="events.Participation", own=True),
    # ---------------------------------------------------------------- surveys
    *record("surveys:survey", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.Survey"),
    reading("surveys:survey_pick", P.EDIT_SURVEYS),
    reading("surveys:survey_preview", P.VIEW_SURVEYS, about="surveys.Survey"),
    posting("surveys:survey_share", P.EDIT_SURVEYS, about="surveys.Survey"),
    form("surveys:survey_ask", P.EDIT_SURVEYS, about="surveys.Survey"),
    posting("surveys:survey_remind", P.EDIT_SURVEYS, about="surveys.Survey"),
    form("surveys:survey_close", P.EDIT_SURVEYS, about="surveys.Survey"),
    form("surveys:survey_set_aside", P.EDIT_SURVEYS, about="surveys.Survey"),
    *record("surveys:template", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.SurveyTemplate"),
    *record("surveys:answer", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.SurveyAnswer"),
    *record("surveys:outcome", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.LeaverOutcome"),
    *record("surveys:campaign", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.LeaverCampaign", deletes=False),
    posting("surveys:campaign_send", P.EDIT_SURVEYS, about="surveys.LeaverCampaign"),
    posting("surveys:campaign_close", P.EDIT_SURVEYS, about="surveys.LeaverCampaign"),
    posting("surveys:call_next", P.EDIT_SURVEYS, about="surveys.LeaverCampaign"),
    form("surveys:call_detail", P.EDIT_SURVEYS, about="surveys.LeaverCall"),
    reading("surveys:employer_list", P.EDIT_SURVEYS),
    posting("surveys:employer_match", P.EDIT_SURVEYS, about="surveys.LeaverOutcome"),
    *record("surveys:former", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.FormerStudent"),
    form("surveys:former_contact", P.EDIT_SURVEYS, about="surveys.FormerStudent"),
    posting("surveys:former_withdraw", P.EDIT_SURVEYS, about="surveys.FormerStudent"),
    *record("surveys:inserjeunes", P.VIEW_SURVEYS, P.EDIT_SURVEYS, model="surveys.InserJeunesFigure"),
    # ---------------------------------------------------------------- documents
    reading("documents:document_list", P.VIEW_DOCUMENTS),
    posting("documents:document_bulk", P.VIEW_DOCUMENTS),
    form("documents:batch_paper", (P.LOG_PLACEMENT, P.EDIT_AGREEMENTS, P.SIGN_CONVENTION)),
    form("documents:document_archive", P.VIEW_DOCUMENTS),
    reading("documents:scan_file", P.VIEW_DOCUMENTS, own=True, about="documents.Scan"),
    posting("documents:scan_remove", P.LOG_PLACEMENT, own=True, about="documents.Scan"),
    posting("documents:document_seal", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    reading("documents:document_sealed", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    reading("documents:document_proof", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    posting("documents:document_remind", P.LOG_PLACEMENT, own=True, about="documents.Document"),
    form("documents:scan_new", P.LOG_PLACEMENT, own=True, about="documents.Document"),
    reading("documents:document_detail", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    reading("documents:document_file", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    reading("documents:document_progress", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    posting("documents:document_prepare", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    # The tutor's box: the head notes only the head's own (pfmp.permissions).
    replace(
        posting("documents:signature_note", P.LOG_PLACEMENT, own=True, about="documents.Document"), extra=("tuteur",)
    ),
    replace(
        form("documents:signature_links", P.LOG_PLACEMENT, own=True, about="documents.Document"), extra=("tuteur",)
    ),
    posting("documents:signing_sheets", P.LOG_PLACEMENT, own=True, about="documents.Document"),
    posting("documents:signatures_all", P.LOG_PLACEMENT, own=True, about="documents.Document"),
    reading("documents:wording_list", P.EDIT_SCHOOL),
    replace(reading("documents:wording_detail", P.EDIT_SCHOOL), extra=("convention_pfmp",)),
    replace(reading("documents:wording_sample", P.EDIT_SCHOOL), extra=("convention_pfmp",)),
    replace(posting("documents:wording_restore", P.EDIT_SCHOOL), extra=("convention_pfmp", "0")),
    replace(form("documents:wording_edit", P.EDIT_SCHOOL), extra=("convention_pfmp", "1")),
    replace(posting("documents:wording_preview", P.EDIT_SCHOOL), extra=("convention_pfmp", "1")),
    # One's own signatures: whoever opens papers may have a box, or a delegation, of their own (documents.signing_book).
    reading("documents:signing_book", P.VIEW_DOCUMENTS),
    posting("documents:signing_book_prepare", P.VIEW_DOCUMENTS),
    posting("documents:signing_book_code", P.VIEW_DOCUMENTS),
    posting("documents:signing_book_again", P.VIEW_DOCUMENTS),
    form("documents:signing_book_sign", P.VIEW_DOCUMENTS),
    form("documents:signing_book_refuse", P.VIEW_DOCUMENTS, own=True, about="documents.Document"),
    form("documents:circuit_settings", P.EDIT_SCHOOL),
    *record("documents:delegation", P.EDIT_SCHOOL, P.EDIT_SCHOOL, model="documents.Delegation"),
    reading("documents:signer_proposal_list", P.MANAGE_PLACEMENTS),
    reading("documents:signer_proposal_detail", P.MANAGE_PLACEMENTS, about="documents.SignerProposal"),
    posting("documents:signer_proposal_accept", P.MANAGE_PLACEMENTS, about="documents.SignerProposal"),
    posting("documents:signer_proposal_refuse", P.MANAGE_PLACEMENTS, about="documents.SignerProposal"),
    # ---------------------------------------------------------------- indicators
    reading("indicators:leaver_figures", P.VIEW_INDICATORS),
    reading("indicators:overview", P.VIEW_INDICATORS),
    posting("indicators:refresh", P.RUN_INDICATORS),
    # The lists behind the numbers: not for who reads totals only (C-18).
    Route("indicators:rows", {"GET": P.VIEW_INDICATORS}, extra=("I1.1",), but=frozenset({Role.READER})),
    Route("indicators:figure", {"GET": P.VIEW_INDICATORS}, extra=("I4.1",)),
    Route("indicators:figure_comment", {"POST": P.RUN_INDICATORS}, extra=("I4.1",)),
    Route("indicators:gaps", {"GET": P.VIEW_INDICATORS}, but=frozenset({Role.READER})),
    Route("indicators:dormant_partners", {"GET": P.VIEW_INDICATORS}, but=frozenset({Role.READER})),
    Route(
        "indicators:dormant_plan", {"GET": P.ADD_INTERACTION, "POST": P.ADD_INTERACTION}, but=frozenset({Role.TEACHER})
    ),
    reading("indicators:report", P.VIEW_INDICATORS),
    posting("indicators:report_ask", P.RUN_INDICATORS),
    posting("indicators:quarterly_note_ask", P.RUN_INDICATORS),
    posting("indicators:quality_file_ask", P.RUN_INDICATORS),
    Route(
        "indicators:quality_file_text",
        {"GET": P.VIEW_INDICATORS},
        about="documents.Document",
        extra=("odt",),
        but=frozenset({Role.READER}),
    ),
    # What colleagues wrote, with names: not for who reads counts only.
    Route("indicators:steering_home", {"GET": P.VIEW_INDICATORS}, but=frozenset({Role.READER})),
    Route(
        "indicators:heading",
        {"GET": P.VIEW_INDICATORS, "POST": P.RUN_INDICATORS},
        extra=("3",),
        but=frozenset({Role.READER}),
    ),
    Route(
        "indicators:answer_history",
        {"GET": P.VIEW_INDICATORS},
        extra=("1", "conventions-deployees"),
        but=frozenset({Role.READER}),
    ),
    *record("indicators:decision", P.RUN_INDICATORS, P.RUN_INDICATORS, model="indicators.Decision"),
    form("indicators:decision_done", P.RUN_INDICATORS, about="indicators.Decision"),
    Route(
        "indicators:evidence_file",
        {"GET": P.VIEW_INDICATORS},
        about="indicators.Evidence",
        but=frozenset({Role.READER}),
    ),
    posting("indicators:evidence_remove", P.RUN_INDICATORS, about="indicators.Evidence"),
    *record("indicators:share", P.EDIT_SHARES, P.EDIT_SHARES, model="indicators.IndicatorShare"),
    posting("indicators:share_send", P.EDIT_SHARES),
    form("indicators:share_settings", P.EDIT_SHARES),
    posting("indicators:share_revoke", P.EDIT_SHARES, about="indicators.IndicatorShare"),
    posting("indicators:share_link", P.EDIT_SHARES, about="indicators.IndicatorShare"),
    reading("indicators:share_paper", P.EDIT_SHARES, about="indicators.IndicatorShare"),
    # ---------------------------------------------------------------- exchange
    reading("exchange:overview", P.EXCHANGE_DATA),
    form("exchange:import_new", P.EXCHANGE_DATA),
    reading("exchange:import_detail", P.EXCHANGE_DATA, about="exchange.Upload"),
    posting("exchange:import_commit", P.EXCHANGE_DATA, about="exchange.Upload"),
    posting("exchange:import_discard", P.EXCHANGE_DATA, about="exchange.Upload"),
    reading("exchange:import_problems", P.EXCHANGE_DATA, about="exchange.Upload"),
    form("exchange:export", P.EXCHANGE_DATA),
    form("exchange:key_list", P.MAKE_API_TOKEN),
    posting("exchange:key_revoke", P.MAKE_API_TOKEN, about="exchange.ApiToken"),
)
