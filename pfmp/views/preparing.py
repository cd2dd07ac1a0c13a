"""The team's side of a pre-convention: where it stands, its link, the sheet typed by hand, the validation, the annexes."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, notices
from core.errors import StaleEdit
from core.verdict import demand
from documents.enums import DocumentType
from documents.models import Document
from pfmp import annexes, avenants, documents, permissions, preparing, safety, services
from pfmp.documents import sheet
from pfmp.enums import LinkPurpose, PlacementOrigin, PlacementStatus, PreConventionState
from pfmp.forms.company import STEPS, Step
from pfmp.forms.preparing import FreshForm, ReviewForm, SendBackForm, SendForm, TermsForm
from pfmp.models import PersonalLink, Placement, PreConvention, Terms
from pfmp.preparing import Answers
from pfmp.rules import works
from pfmp.views import placement_tabs
from pfmp.views.placements import PlacementPages, choose_student
from schools.enums import Role
from schools.middleware import SchoolRequest
from schools.pages import add_errors, named_in_address
from schools.permissions import allows, visible_students
from schools.roles import Permission

S = PreConventionState


def named_placement(request: SchoolRequest, public_id: UUID, permission: Permission) -> Placement:
    """The placement of the address, with what its pages read; 403 without the right, 404 for what one does not see."""
    demand(allows(request.membership, permission))
    found = (
        documents.with_relations(Placement.objects.in_school(request.school))
        .filter(public_id=public_id, pk__in=permissions.visible_placements(request.membership).values("pk"))
        .select_related("student__school", "partner__school", "period__school", "pre_convention__validated_by")
        .first()
    )
    if found is None:
        raise Http404
    found.school = request.school
    return found


def pre_of(placement: Placement) -> PreConvention | None:
    """The pre-convention of a placement, read with it."""
    try:
        pre: PreConvention = placement.pre_convention
    except PreConvention.DoesNotExist:
        return None
    pre.placement, pre.school = placement, placement.school
    return pre


def frame(request: SchoolRequest, placement: Placement, here: str) -> dict[str, Any]:
    """What the head of each page needs."""
    pages = PlacementPages()
    return {
        "pages": pages,
        "record": placement,
        "status": placement.status,
        "subtitle": pages.subtitle(request, placement),
        "list_url": pages.back_url(request),
        "entries": placement_tabs.tabs(placement),
        "here": here,
        "home_url": home_of(placement),
    }


def home_of(placement: Placement) -> str:
    return reverse("pfmp:placement_preparation", args=[placement.school.uai, placement.public_id])


# -------------------------------------------------------------------------------------------------------- the tab


@require_http_methods(["GET", "POST"])
def placement_preparation(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Where the pre-convention stands, what each party gave, the annexes, what is left before the departure.

    POST `geste`: envoyer, copier, revoquer, abandonner, reprendre; a link is shown once.
    """
    writes = request.method == "POST"
    placement = named_placement(request, public_id, Permission.LOG_PLACEMENT if writes else Permission.VIEW_PLACEMENTS)
    if not writes:
        return _page(request, placement)
    form = SendForm(request.POST)
    try:
        match request.POST.get("geste", ""):
            case "envoyer" | "copier":
                return _send(request, placement, form)
            case "revoquer":
                stopped = preparing.stop_links(placement, by=request.user, now=timezone.now())
                notices.said(request, "Liens arrêtés." if stopped else "Aucun lien ne marchait.")
            case "abandonner":
                preparing.abandon(_existing(placement), by=request.user, now=timezone.now())
                notices.said(request, "Pré-convention abandonnée. Le placement reste une piste.")
            case "reprendre":
                preparing.reopen(_existing(placement), by=request.user, now=timezone.now())
                notices.said(request, "Pré-convention reprise : envoyez-la de nouveau.")
            case _:
                notices.refused(request, "Choisissez ce qu’il faut faire de cette pré-convention.")
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    return redirect(home_of(placement))


def _existing(placement: Placement) -> PreConvention:
    pre = pre_of(placement)
    if pre is None:
        raise ValidationError("Cette pré-convention n’est pas encore ouverte.")
    return pre


def _send(request: SchoolRequest, placement: Placement, form: SendForm) -> HttpResponse:
    """The company's link, by mail or shown once."""
    demand(preparing.may_prepare(request.membership, placement))
    by_mail = request.POST["geste"] == "envoyer"
    if form.is_valid() and by_mail and not form.cleaned_data["email"]:
        form.add_error("email", "Écrivez son adresse, ou montrez un lien à copier.")
    if not form.is_valid():
        return _page(request, placement, form=form, code=422)
    name, email, now = form.cleaned_data["name"], form.cleaned_data["email"], timezone.now()
    try:
        pre = preparing.opened(placement, by=request.user)
        if by_mail:
            preparing.send(pre, name=name, email=email, by=request.user, now=now)
            notices.said(request, f"Pré-convention envoyée à {name}.")
            return redirect(home_of(placement))
        url = preparing.hand_link(pre, name=name, by=request.user, now=now)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, placement, form=form, code=422)
    placement.pre_convention = pre
    response = _page(request, placement, fresh_link=url, fresh_link_for=name)
    response["Cache-Control"] = "no-store, private"
    return response


def links_of(placement: Placement) -> list[PersonalLink]:
    """The links to the company's pages that still work, the latest first."""
    return list(
        PersonalLink.objects.in_school(placement.school_id)
        .filter(purpose=LinkPurpose.PRE_CONVENTION, placement=placement)
        .alive(timezone.now())
        .order_by("-pk")
    )


def first_recipient(placement: Placement) -> dict[str, str]:
    """Who probably fills it: whoever leads the company, else its tutor, else the address of the company."""
    person = documents.signer_of(placement) or placement.tutor
    if person is not None:
        return {"name": person.full_name, "email": person.email or placement.partner.email}
    return {"name": placement.partner.name, "email": placement.partner.email}


def _page(request: SchoolRequest, placement: Placement, code: int = 200, **context: Any) -> HttpResponse:
    pre, terms = pre_of(placement), documents.terms_of(placement)
    paper = avenants.papers_of([placement]).get(placement.dossier_id, avenants.Papers(None)).convention
    may_prepare = preparing.may_prepare(request.membership, placement)
    state = PreConventionState(pre.state) if pre else S.DRAFT
    answers = Answers.of(pre) if pre else Answers()
    shown = {
        **frame(request, placement, "Préparation"),
        "pre": pre,
        "state": state.value,
        "said": preparing.said(pre) if pre else "",
        "is_elsewhere": pre is not None and preparing.is_elsewhere(pre),
        "answers": preparing.summary(answers),
        "missing": answers.missing if answers.raw else [],
        "may_prepare": may_prepare,
        "may_send": bool(may_prepare) and state in (S.DRAFT, S.SENT, S.TO_CORRECT, S.ABANDONED),
        "may_type": bool(may_prepare) and state in (S.DRAFT, S.SENT, S.TO_CORRECT, S.FILLED),
        "may_review": bool(may_prepare) and state == S.FILLED,
        "may_abandon": bool(may_prepare) and pre is not None and state not in (S.VALIDATED, S.ABANDONED),
        "may_reopen": bool(may_prepare) and state == S.ABANDONED and pre is not None,
        "links": links_of(placement) if may_prepare and pre else [],
        "form": context.pop("form", None) or SendForm(initial=first_recipient(placement)),
        "terms": terms_lines(terms),
        "skills": terms.skills if terms else [],
        "works_box": safety.works_box(placement, terms),
        "may_edit_terms": permissions.may_change(request.membership, placement),
        "checks": preparing.checklist(placement, terms, convention=paper),
        "fresh_link": "",
        "fresh_link_for": "",
    }
    return render(request, "pfmp/preparing/placement.html", shown | context, status=code)


def terms_lines(terms: Terms | None) -> list[tuple[str, str]]:
    """The annexes in words: label and value; nothing for what is not said."""
    if terms is None:
        return []
    insurance = ", ".join(part for part in (terms.insurer, terms.insurance_number) if part)
    regulated = "\n".join(works.BY_ARTICLE[code].sentence for code in terms.regulated_works if code in works.BY_ARTICLE)
    found = [
        ("Encadrement et suivi", terms.supervision), ("Évaluation", terms.evaluation),
        ("Équipements et machines", terms.equipment), ("Protections", terms.protections),
        ("Travaux réglementés", regulated), ("Qui encadre ces travaux", terms.works_supervisor),
        ("Habilitation électrique", terms.electrical_level),
        ("Horaires variables", "planning communiqué chaque semaine" if terms.has_variable_hours else ""),
        ("Repas", terms.meals), ("Transport", terms.transport), ("Hébergement", terms.housing),
        ("Gratification", documents.gratuity_in_words(terms)), ("Assurance de l’entreprise", insurance),
    ]  # fmt: skip
    return [(label, value) for label, value in found if value]


# ---------------------------------------------------------------------------------------------------- typed by hand


def step_forms(request: SchoolRequest, pre: PreConvention) -> list[Step]:
    """All the pages of the company, to be typed at once."""
    known, answers = preparing.known_of(pre.placement), Answers.of(pre)
    data = request.POST.copy() if request.method == "POST" else None
    usual = usual_tasks(pre.placement)
    return [step(data, known=known, answers=answers, usual_tasks=usual) for step in STEPS]


def usual_tasks(placement: Placement) -> list[str]:
    """The usual tasks of the formation, without repeats."""
    found = (
        line.strip() for annex in annexes.of_class(placement.period.school_class) for line in annex.tasks.splitlines()
    )
    return list(dict.fromkeys(line for line in found if line))


@require_http_methods(["GET", "POST"])
def pre_convention_type(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What came back on paper, typed by a colleague; unfinished, it is kept all the same."""
    placement = named_placement(request, public_id, Permission.LOG_PLACEMENT)
    demand(preparing.may_prepare(request.membership, placement))
    pre = pre_of(placement) or PreConvention(school=request.school, placement=placement)
    if pre.state not in (S.DRAFT, S.SENT, S.TO_CORRECT, S.FILLED):
        notices.refused(request, preparing.STALE)
        return redirect(home_of(placement))
    forms = step_forms(request, pre)
    code = 200
    if request.method == "POST":
        right = [form.is_valid() for form in forms]
        try:
            pre = preparing.opened(placement, by=request.user)
            pre = preparing.typed(
                pre,
                [
                    (form.code, form.typed(), form.kept() if is_right else None)
                    for form, is_right in zip(forms, right, strict=True)
                ],
                filled_by=str(forms[-1].cleaned_data.get("filled_by", "")),
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as error:
            forms[0].add_error(None, error)
        else:
            if all(right):
                notices.said(request, "Fiche saisie. Validez les activités avec les compétences du diplôme.")
                return redirect("pfmp:pre_convention_review", request.school.uai, public_id)
            notices.warned(request, "Tout est gardé ; il reste à corriger ce qui est signalé.")
        code = 422
    context = {
        **frame(request, placement, "Saisir la fiche"),
        "forms": [(title, form) for (_, title), form in zip(preparing.STEPS, forms, strict=True)],
        "form": next((form for form in forms if form.errors), forms[0]),
    }
    return render(request, "pfmp/preparing/type.html", context, status=code)


# ------------------------------------------------------------------------------------------------------- validating


@require_http_methods(["GET", "POST"])
def pre_convention_review(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The teacher reads what the company wrote, validates the tasks against the skills, or sends it back with the reason."""
    placement = named_placement(request, public_id, Permission.LOG_PLACEMENT)
    pre = pre_of(placement)
    if pre is None or pre.state != S.FILLED:
        if pre is not None and pre.state == S.VALIDATED:
            notices.warned(request, "Cette pré-convention est déjà validée.")
        else:
            notices.refused(request, "L’entreprise n’a pas encore remis cette pré-convention.")
        return redirect(home_of(placement))
    demand(preparing.may_prepare(request.membership, placement))
    answers = Answers.of(pre)
    proposed = annexes.of_class(placement.period.school_class)
    first = {
        "version": pre.version,
        "tasks": answers.get("activites", "tasks"),
        "supervision": proposed[0].following if proposed else "",
        "evaluation": proposed[0].evaluation if proposed else "",
    }
    differences = preparing.differences(pre)
    sends_back = request.POST.get("geste") == "corriger"
    form = ReviewForm(
        request.POST if request.method == "POST" and not sends_back else None,
        initial=first,
        annexes=proposed,
        differences=differences,
    )
    back = SendBackForm(request.POST if sends_back else None)
    try:
        if sends_back and back.is_valid():
            link = preparing.send_back(pre, reason=back.cleaned_data["correction"], by=request.user, now=timezone.now())
            said = (
                f"Renvoyée à {link.name}."
                if link
                else "À corriger : aucune adresse n’est connue, appelez l’entreprise."
            )
            notices.said(request, said)
            return redirect(home_of(placement))
        if request.method == "POST" and not sends_back and form.is_valid():
            return _validated(request, pre, form)
    except ValidationError as error:
        add_errors(back if sends_back else form, error)
    except StaleEdit:
        form.add_error(None, preparing.STALE)
    context = {
        **frame(request, placement, "Valider"),
        "pre": pre,
        "said": preparing.said(pre),
        "summary": [one for one in preparing.summary(answers) if one[0] != "activites"],
        "verdicts": preparing.hour_verdicts(placement, answers.get("horaires", "timetable")),
        "form": form,
        "back": back,
        "differences": differences,
        "has_annex": bool(proposed),
        "annex_url": reverse("pfmp:annex_new", args=[request.school.uai]),
    }
    bad = bool(form.errors or back.errors)
    return render(request, "pfmp/preparing/review.html", context, status=422 if bad else 200)


def _validated(request: SchoolRequest, pre: PreConvention, form: ReviewForm) -> HttpResponse:
    cleaned = form.cleaned_data
    if cleaned["version"] != pre.version:
        raise ValidationError(preparing.STALE)
    choice = preparing.Choice(
        taken=frozenset(cleaned["taken"]),
        tasks=cleaned["tasks"],
        skills=cleaned.get("skills", ()),
        supervision=cleaned["supervision"],
        evaluation=cleaned["evaluation"],
    )
    done = preparing.validate(pre, choice, membership=request.membership, by=request.user, now=timezone.now())
    if done.document is not None:
        notices.said(request, f"Validée. La convention {done.document.number} est en préparation.")
    else:
        notices.warned(request, f"Validée, mais la convention ne peut pas encore être éditée : {done.obstacles[0]}")
    return redirect(done.placement)


# ------------------------------------------------------------------------------------------------------- the annexes


@require_http_methods(["GET", "POST"])
def placement_terms(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The annexes of a placement, written or corrected by a colleague; once the convention is out, it follows."""
    placement = named_placement(request, public_id, Permission.LOG_PLACEMENT)
    demand(permissions.may_change(request.membership, placement))
    terms = documents.terms_of(placement)
    found = avenants.papers_of([placement]).get(placement.dossier_id, avenants.Papers(None))
    paper = paper_asked(placement, found.convention)
    form = TermsForm(
        request.POST or None,
        instance=terms or Terms(school=request.school, placement=placement),
        school=request.school,
        membership=request.membership,
        placement=placement,
        annexes=annexes.of_class(placement.period.school_class),
        paper=paper,
    )
    if request.method == "POST" and form.is_valid():
        amendment = services.Amendment(
            form.cleaned_data.get("amendment_reason", "").strip(), form.cleaned_data.get("effective_date")
        )
        try:
            document = preparing.correct_terms(
                placement,
                form.instance,
                version=form.cleaned_data.get("version"),
                by=request.user,
                now=timezone.now(),
                changed=[name for name in form.changed_data if name in TermsForm.Meta.fields],
                amendment=amendment,
            )
        except ValidationError as error:
            add_errors(form, error)
        except StaleEdit:
            form.add_error(None, "Quelqu’un vient de modifier ces annexes : rechargez la page, puis recommencez.")
        else:
            notices.said(request, said_of(document))
            return redirect(home_of(placement))
    context = {**frame(request, placement, "Annexes"), "form": form, "paper": paper, "document": found.convention}
    return render(request, "pfmp/preparing/terms.html", context, status=422 if form.errors else 200)


def paper_asked(placement: Placement, convention: Document | None) -> str:
    """What a correction makes of the convention: "edition", "avenant", or "" while nobody has it in hands."""
    if convention is None or convention.voided_at is not None:
        return ""
    if placement.status in services.AGREED:
        return "avenant"
    return "edition" if placement.status == PlacementStatus.ISSUED else ""


def said_of(document: Document | None) -> str:
    """What came of a correction, in one line."""
    if document is None:
        return "Annexes enregistrées."
    if document.type == DocumentType.PFMP_AVENANT:
        return f"Annexes enregistrées. L’avenant {document.number} est en préparation."
    return f"Annexes enregistrées. La convention {document.number}, version {document.edition}, est en préparation."


# ------------------------------------------------------------------------------------------------- sheet, new, list


@require_GET
def pre_convention_sheet(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The paper pre-convention, to print for a company without e-mail."""
    placement = named_placement(request, public_id, Permission.VIEW_PLACEMENTS)
    known = preparing.known_of(placement)
    pdf = sheet.render(placement, usual_tasks=usual_tasks(placement), asks_works=known.asks_works)
    return downloads.attachment(pdf, "application/pdf", "pre-convention.pdf")


@require_http_methods(["GET", "POST"])
def pre_convention_new(request: SchoolRequest) -> HttpResponse:
    """A pre-convention from nothing: the pupil first, then the company and who fills it."""
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    student = named_in_address(request, visible_students(request.membership).select_related("school"), "eleve")
    if student is None:
        return choose_student(request, "Ouvrir une pré-convention")
    demand(permissions.may_log(request.membership, student))
    form = FreshForm(request.POST or None, school=request.school, membership=request.membership, student=student)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        partner = cleaned.get("partner")
        host = services.Host(
            partner=partner,
            new_partner=None
            if partner
            else services.NewPartner(name=cleaned["new_name"].strip(), city=cleaned["new_city"].strip()),
        )
        placement = Placement(
            school=request.school, student=student, period=cleaned["period"], start_date=cleaned["start_date"],
            end_date=cleaned["end_date"], origin=origin_of(request),
        )  # fmt: skip
        try:
            made, link = preparing.started(
                placement, host, name=cleaned["name"], email=cleaned["email"], by=request.user, now=timezone.now(),
                key=cleaned.get("creation_key"),
            )  # fmt: skip
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(request, f"Pré-convention envoyée à {link.name}." if link else "Pré-convention ouverte.")
            return redirect(home_of(made))
    context = {
        "form": form,
        "student": student,
        "board_url": reverse("pfmp:board", args=[request.school.uai]),
    }
    return render(request, "pfmp/preparing/new.html", context, status=422 if form.errors else 200)


def origin_of(request: SchoolRequest) -> str:
    """Who found the place, unless one says otherwise later."""
    return PlacementOrigin.BDE if request.membership.role_enum == Role.BDE else PlacementOrigin.TEAM


@require_GET
def pre_convention_list(request: SchoolRequest) -> HttpResponse:
    """The pre-conventions of the year by state: those to validate first."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    mine = PreConvention.objects.in_school(request.school).filter(
        placement__in=permissions.visible_placements(request.membership).values("pk"),
        placement__period__year=request.school_year.code,
    )
    counts = dict(mine.values_list("state").annotate(count=Count("pk")))
    wanted = request.GET.get("etape", S.FILLED.value)
    if wanted not in PreConventionState.values:
        wanted = S.FILLED.value
    rows = (
        mine.filter(state=wanted)
        .select_related("placement__student", "placement__partner", "placement__period__school_class", "school")
        .select_related("placement__school", "validated_by")
        .order_by("placement__start_date", "placement__student__search_text")[:MOST_SHOWN]
    )
    context = {
        "sums": [(state.value, counts.get(state.value, 0)) for state in PreConventionState],
        "state": wanted,
        "rows": [(one, preparing.said(one)) for one in rows],
        "may_log": allows(request.membership, Permission.LOG_PLACEMENT),
        "new_url": reverse("pfmp:pre_convention_new", args=[request.school.uai]),
        "board_url": reverse("pfmp:board", args=[request.school.uai]),
    }
    return render(request, "pfmp/preparing/list.html", context)


MOST_SHOWN = 200


@require_GET
def pre_convention_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Its page is the « Préparation » tab of its placement."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    found = (
        PreConvention.objects.in_school(request.school)
        .filter(public_id=public_id, placement__in=permissions.visible_placements(request.membership).values("pk"))
        .select_related("placement__school")
        .first()
    )
    if found is None:
        raise Http404
    return redirect(home_of(found.placement))
