"""Searches for a place, for the team: the log of approaches, a class, one pupil, their page by link."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from core import downloads, french, jobs, notices, tokens
from core.errors import StaleEdit
from core.verdict import demand
from partners.models import Partner
from partners.views.records import initial_partner
from pfmp import approaches, inviting, links, permissions, searching, tasks
from pfmp.enums import ApproachMaker, ApproachMeans, ApproachState, LinkPurpose
from pfmp.filters import ApproachFilters
from pfmp.forms.placements import periods_of
from pfmp.forms.searching import ApproachForm, PupilChoice, SettleForm
from pfmp.models import Approach, Period
from pfmp.views.periods import PeriodPages
from schools import bulk
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.models import Student
from schools.pages import Column, Fact, RecordPages, add_errors, named_in_address
from schools.permissions import allows, may_see_contacts, visible_students
from schools.roles import Permission

MOST_PUPILS = 40
"""Pupils of one approach noted for several at once."""
SHOWN_REFUSED = 5
SHOWN_CLASSES = 12


class ApproachPages(RecordPages):
    model, app, name, slug = Approach, "pfmp", "approach", "demarches"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_PLACEMENT
    form, filters = ApproachForm, ApproachFilters
    title, new_label = "Démarches", "Noter une démarche"
    parent = ("PFMP", "pfmp:board")
    noun = "démarche"
    intro = "Qui a demandé une place, où, et ce que l’entreprise a répondu."
    saved = "Démarche enregistrée."
    save_label = "Enregistrer la démarche"
    empty = "Aucune démarche notée cette année. Notez la première, ou donnez leur page aux élèves."
    list_template = "pfmp/approach_list.html"
    detail_template = "pfmp/approach_detail.html"
    form_template = "pfmp/approach_form.html"
    ordering = ("-date", "-pk")
    columns = (
        Column("Entreprise", "host_name", "name"),
        Column("Élève", lambda row: str(row.student), sort="student__search_text"),
        Column("Classe", "period.school_class.label", sort="period__school_class__code"),
        Column("Réponse", "state", "badge", sort="state", status_kind="search"),
        Column("Date", "date", "date", sort="date"),
        Column("Par", "get_made_by_display", sort="made_by"),
        Column("Commune", "host_city", screen=False),
        Column("Comment", "get_means_display", screen=False),
        Column("Réponse le", "reply_date", "date", screen=False),
        Column("Personne rencontrée", "person", screen=False),
        Column("Période", "period.label", screen=False),
        Column("Remarque", "note", screen=False),
        Column("Noté par", lambda row: str(row.author) if row.author else "par le lien", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Approach]:
        return approaches.visible_approaches(request.membership).select_related(
            "school", "student__school", "partner__school", "period__school_class", "period__school", "author"
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Approach]:
        return self.rows(request).filter(period__year=request.school_year.code)

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        """Above the list: the pupils whom companies refuse, of the departures to come (R-REF-08)."""
        today = timezone.localdate()
        periods = coming_periods(request, today).filter(year=request.school_year.code)
        coming = approaches.visible_approaches(request.membership).filter(
            period__year=request.school_year.code, period__end_date__gte=today
        )
        refused = approaches.refused(coming)
        return {
            "refused": refused[:SHOWN_REFUSED],
            "refused_count": len(refused),
            "periods": next_of_each_class(periods),
            "helps": allows(request.membership, Permission.MANAGE_PLACEMENTS),
        }

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        """Of the pupils that the address or the form names, else of the record's own."""
        students = [record.student] if record is not None else named_pupils(request)
        return self.form(
            request.POST or None,
            instance=record,
            initial=self.initial(request) if record is None else None,
            school=request.school,
            membership=request.membership,
            students=students,
            **self.form_kwargs(request),
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "partner": initial_partner(request),
            "period": named_in_address(request, permissions.visible_periods(request.membership), "periode"),
            "state": ApproachState.ASKED,
        }

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        demand(self.may_add(request))
        if not named_pupils(request):
            return choose_pupil(request)
        return super().new_page(request)

    def create(self, request: SchoolRequest, form: RecordForm) -> Approach:
        assert isinstance(form, ApproachForm)
        made = searching.note_for(
            form.instance, form.students, membership=request.membership, by=request.user, today=form.today,
            key=form.cleaned_data.get("creation_key"),
        )  # fmt: skip
        return made[0]

    def change(self, request: SchoolRequest, form: RecordForm) -> Approach:
        assert isinstance(form, ApproachForm)
        return searching.correct(
            form.instance,
            version=form.cleaned_data["version"],
            by=request.user,
            today=form.today,
            changed=[name for name in form.changed_data if name != "version"],
        )

    def after_save(self, request: SchoolRequest, record: Approach) -> str:
        """A yes goes on to the place; several pupils back to their class; one to their page."""
        if record.state == ApproachState.ACCEPTED and record.author_id == request.membership.pk:
            return reverse("pfmp:approach_settle", args=[request.school.uai, record.public_id])
        if len(request.POST.getlist("eleve")) > 1:
            return reverse("pfmp:class_search", args=[request.school.uai, record.period.public_id])
        return student_url(record.student)

    def home_of(self, request: SchoolRequest, record: Approach) -> str:
        return student_url(record.student)

    def status(self, record: Approach) -> str:
        return ""  # its word needs its kind: drawn by the template

    def subtitle(self, request: SchoolRequest, record: Approach) -> str:
        return f"{record.student} · {record.period.school_class.label}, {record.period.label}"

    def facts(self, request: SchoolRequest, record: Approach) -> list[Fact]:
        partner = record.partner
        return [
            Fact("Entreprise", record.host_name, link=partner.get_absolute_url() if partner else ""),
            Fact("Commune", record.host_city),
            Fact("Téléphone", record.host_phone),
            Fact("Jour", record.date, "date"),
            Fact("Comment", record.get_means_display()),
            Fact("Par", record.get_made_by_display()),
            Fact("Personne rencontrée", record.person),
            Fact("Réponse le", record.reply_date, "date"),
            Fact("Jours proposés", french.period(record.start_date, record.end_date)),
            Fact("Remarque", record.note),
            Fact("Noté par", str(record.author) if record.author else "l’élève, par son lien"),
        ]

    def detail_context(self, request: SchoolRequest, record: Approach) -> dict[str, Any]:
        placement = searching.placed(record, record.partner) if record.partner else None
        return {
            "placement": placement,
            "student_url": student_url(record.student),
            "answers": answers_of(record),
            "to_confirm": record.state == ApproachState.ACCEPTED and placement is None,
            "settle_url": reverse("pfmp:approach_settle", args=[request.school.uai, record.public_id]),
        }


def coming_periods(request: SchoolRequest, today: date) -> QuerySet[Period]:
    """The periods that this person may open and that are not over, the soonest departure first."""
    return (
        permissions.visible_periods(request.membership)
        .filter(end_date__gte=today)
        .select_related("school_class", "school")
        .order_by("start_date", "pk")
        .distinct()
    )


def next_of_each_class(periods: Iterable[Period]) -> list[Period]:
    """The first of these periods of each class, the soonest departure first; they come by date."""
    found: dict[int, Period] = {}
    for period in periods:
        found.setdefault(period.school_class_id, period)
    return list(found.values())


def student_url(student: Student) -> str:
    """Where one pupil's search is read."""
    return reverse("pfmp:student_placements", args=[student.school.uai, student.public_id])


def answers_of(approach: Approach) -> list[ApproachState]:
    """The states that one button gives an approach: all but its own."""
    return [state for state in ApproachState if state != approach.state and state != ApproachState.PLANNED]


def named_pupils(request: SchoolRequest) -> list[Student]:
    """The pupils that the address or the form names, among those this person may see; 404 when it names another."""
    asked = [text for text in (request.POST.getlist("eleve") or request.GET.getlist("eleve")) if text]
    if not asked:
        return []
    if len(asked) > MOST_PUPILS:
        raise BadRequest
    try:
        wanted = {UUID(text) for text in asked}
    except ValueError:
        raise Http404 from None
    found = inviting.in_order(visible_students(request.membership).filter(public_id__in=wanted))
    if len(found) != len(wanted):
        raise Http404
    return found


def choose_pupil(request: SchoolRequest) -> HttpResponse:
    """The first question: whose search? One types a name, or opens a class to note for several."""
    asked = "student" in request.GET
    form = PupilChoice(request.GET if asked else None, membership=request.membership)
    partner = request.GET.get("partenaire", "")
    kept = f"&partenaire={partner}" if partner else ""
    if asked and form.is_valid():
        return redirect(f"{request.path}?eleve={form.cleaned_data['student'].public_id}{kept}")
    return render(
        request,
        "pfmp/approach_student.html",
        {
            "form": form,
            "partner_id": partner,
            "periods": coming_periods(request, timezone.localdate())[:SHOWN_CLASSES],
            "list_url": ApproachPages().url("list", request),
        },
        status=422 if asked else 200,
    )


def _approach(request: SchoolRequest, public_id: UUID) -> Approach:
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    found: Approach = ApproachPages().find(request, public_id)
    return found


def _back(request: SchoolRequest, otherwise: str) -> HttpResponse:
    """Where the button was pressed, on this site only."""
    wanted = request.POST.get("retour", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if safe and wanted.startswith(f"/etablissements/{request.school.uai}/") else otherwise)


@require_POST
def approach_move(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One button: what the company answered. A yes opens what makes a place of it."""
    approach = _approach(request, public_id)
    try:
        state = ApproachState(request.POST.get("vers", ""))
        searching.answer(approach, state, by=request.user, today=timezone.localdate())
    except ValueError:
        notices.refused(request, "Choisissez ce que l’entreprise a répondu.")
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    else:
        notices.said(request, f"Réponse notée : {state.label.lower()}.")
        if state == ApproachState.ACCEPTED:
            return redirect("pfmp:approach_settle", request.school.uai, public_id)
    return _back(request, student_url(approach.student))


@require_POST
def approach_quick(request: SchoolRequest) -> HttpResponse:
    """One click beside a host: asked today, by the team. The same click twice notes it once."""
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    if not all(request.POST.get(name) for name in ("eleve", "partenaire", "periode")):
        raise BadRequest
    pupils = named_pupils(request)
    partner = one_of(request, Partner.objects.in_school(request.school).in_use(), "partenaire")
    period = one_of(request, permissions.visible_periods(request.membership).distinct(), "periode")
    if len(pupils) != 1 or partner is None or period is None:
        raise Http404
    (pupil,) = pupils
    if period not in periods_of(pupil, request.school):  # that of another class
        raise Http404
    today = timezone.localdate()
    known = (
        Approach.objects.in_school(request.school)
        .filter(student=pupil, period=period, partner=partner)
        .select_related("school", "student__school")
        .order_by("-pk")
        .first()
    )
    if known is None:
        model = Approach(
            school=request.school, student=pupil, period=period, partner=partner, date=today, state=ApproachState.ASKED,
            made_by=ApproachMaker.TEAM, means=ApproachMeans.PHONE,
        )  # fmt: skip
        try:
            # Two clicks at once are one: the key says which pupil, where and on which day.
            key = uuid5(period.public_id, f"{partner.public_id} {today}")
            searching.note_for(model, [pupil], membership=request.membership, by=request.user, today=today, key=key)
        except ValidationError as error:
            notices.refused(request, error.messages[0])
            return _back(request, student_url(pupil))
        notices.said(request, f"Démarche notée : {partner.name}. La réponse se note sur la page de l’élève.")
    else:
        notices.warned(request, f"Cet élève a déjà une démarche chez {partner.name} : voyez sa page.")
    return _back(request, student_url(pupil))


def one_of(request: SchoolRequest, records: QuerySet[Any], name: str) -> Any:
    """The record that a posted form names by its public id; None for none."""
    try:
        wanted = UUID(request.POST.get(name, ""))
    except ValueError:
        return None
    return records.filter(public_id=wanted).first()


@require_http_methods(["GET", "POST"])
def approach_settle(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A yes, checked: which company it is, then a lead and its pre-convention (pfmp/preparing/). Or it was not one."""
    approach = _approach(request, public_id)
    if approach.partner is not None and (placement := searching.placed(approach, approach.partner)):
        if request.method == "POST":  # a second click
            notices.warned(request, "Cette place était déjà confirmée : la voici.")
        return redirect(placement)
    form = SettleForm(request.POST if request.method == "POST" else None, approach=approach)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            settled = searching.settle(
                approach, form.host(), start=cleaned["start_date"], end=cleaned["end_date"],
                membership=request.membership, by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            add_errors(form, error)
        except StaleEdit:
            form.add_error(None, searching.STALE)
        else:
            said = "Piste créée." if settled.created else "Ce placement était déjà là."
            notices.said(request, f"{said} Envoyez maintenant sa pré-convention à l’entreprise.")
            return redirect("pfmp:placement_preparation", request.school.uai, settled.placement.public_id)
    return render(
        request,
        "pfmp/approach_settle.html",
        {
            "form": form,
            "record": approach,
            "student_url": student_url(approach.student),
            "is_claim": approach.author_id is None,
            "move_url": reverse("pfmp:approach_move", args=[request.school.uai, public_id]),
        },
        status=422 if form.is_bound else 200,
    )


# ----------------------------------------------------------------------------------------------------------- a class


@require_http_methods(["GET", "POST"])
def class_search(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """How the search of a class goes, the most refused first; POST: their page by mail or on paper, one approach for several."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    period: Period = PeriodPages().find(request, public_id)
    today = timezone.localdate()
    if request.method == "POST":
        return _for_several(request, period)
    found = approaches.searchers([period], request.membership, today)
    known = inviting.invited([one.row.student for one in found], request.school, timezone.now())
    return render(
        request,
        "pfmp/class_search.html",
        {
            "period": period,
            "lines": [(one, known.get(one.row.student.pk)) for one in found],
            "count": french.plural(len(found), "élève sans place", "élèves sans place"),
            "may_log": permissions.may_log(request.membership),
            "helps": allows(request.membership, Permission.MANAGE_PLACEMENTS)
            and any(one.tally.is_refused_everywhere for one in found),
            "list_url": f"{ApproachPages().url('list', request)}?classe={period.school_class.pk}",
        },
    )


def _for_several(request: SchoolRequest, period: Period) -> HttpResponse:
    """What is done for the pupils ticked."""
    demand(permissions.may_log(request.membership))
    here = reverse("pfmp:class_search", args=[request.school.uai, period.public_id])
    pupils = inviting.in_order(
        visible_students(request.membership).filter(public_id__in=bulk.picked_ids(request)[:MOST_PUPILS])
    )
    if not pupils:
        notices.refused(request, "Cochez d’abord les élèves.")
        return redirect(here)
    match request.POST.get("geste", ""):
        case "demarche":
            named = "&".join(f"eleve={one.public_id}" for one in pupils)
            return redirect(
                f"{reverse('pfmp:approach_new', args=[request.school.uai])}?{named}&periode={period.public_id}"
            )
        case "courriel":
            jobs.enqueue(
                tasks.send_pupil_links,
                by=request.user,
                scope=request.school.uai,
                total=len(pupils),
                period_id=period.pk,
                asked_by=request.user.pk,
                student_ids=[one.pk for one in pupils],
            )
            notices.said(request, f"Leur page part par courriel à {french.plural(len(pupils), 'élève')}.")
            return redirect(here)
        case "imprimer":
            return _printed(request, pupils, here, f"pages-eleves-{period.school_class.code}")
        case _:
            notices.refused(request, "Choisissez ce qu’il faut faire pour ces élèves.")
            return redirect(here)


def _printed(request: SchoolRequest, pupils: list[Student], here: str, name: str) -> HttpResponse:
    try:
        file = inviting.strips(pupils, by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return redirect(here)
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return downloads.attachment(file, "application/pdf", f"{plain}.pdf")


# --------------------------------------------------------------------------------------------------------- one pupil


@require_http_methods(["GET", "POST"])
def student_links(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The pupil's own page: send it, show its link once, print it, stop it; who opened it."""
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    student = visible_students(request.membership).filter(public_id=public_id).select_related("school").first()
    if student is None:
        raise Http404
    if request.method == "GET":
        return _links_page(request, student)
    now = timezone.now()
    here = reverse("pfmp:student_links", args=[request.school.uai, public_id])
    try:
        match request.POST.get("geste", ""):
            case "envoyer":
                outcome = inviting.send_all([student], by=request.user, now=now)
                if outcome.refused:
                    raise ValidationError(
                        "L’adresse électronique de l’élève n’en est pas une : corrigez-la sur sa fiche."
                    )
                if outcome.without_address:
                    raise ValidationError(links.NO_ADDRESS)
                if outcome.recent:
                    notices.warned(
                        request, "Cet élève a déjà reçu sa page aujourd’hui. Montrez-lui le lien, ou attendez demain."
                    )
                else:
                    notices.said(request, f"Page envoyée à {student.full_name}.")
            case "copier":
                _, url = links.create(
                    LinkPurpose.STUDENT, by=request.user, now=now, name=student.full_name, student=student
                )
                return _links_page(request, student, url=url)
            case "imprimer":
                return _printed(request, [student], here, "page-eleve")
            case "revoquer":
                killed = links.revoke(LinkPurpose.STUDENT, by=request.user, now=now, student=student)
                notices.said(request, "Liens arrêtés." if killed else "Aucun lien ne marchait.")
            case _:
                notices.refused(request, "Choisissez ce qu’il faut faire de ce lien.")
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    return redirect(here)


def _links_page(request: SchoolRequest, student: Student, url: str = "") -> HttpResponse:
    """An address is shown in full to who may read it, else just enough to know it."""
    email = student.email.strip()
    response = render(
        request,
        "pfmp/student_links.html",
        {
            "record": student,
            "url": url,
            "address": email
            if may_see_contacts(request.membership, student)
            else tokens.masked(email)
            if email
            else "",
            "links": inviting.links_of([student], request.school).alive(timezone.now()),  # type: ignore[attr-defined]
            "list_url": reverse("schools:student_list", args=[request.school.uai]),
            "search_url": student_url(student),
        },
    )
    response["Cache-Control"] = "no-store, private"
    return response


def search_of(request: SchoolRequest, student: Student, today: date) -> dict[str, Any]:
    """The box of one pupil's search, on the page of their placements (templates/pfmp/partials/search.html)."""
    found = list(approaches.of_student(student, request.membership))
    states = [one.state for one in found if one.state != ApproachState.PLANNED]
    tally = approaches.Tally(
        asked=len(states),
        refused=states.count(ApproachState.REFUSED),
        waiting=sum(state in approaches.WAITING for state in states),
        accepted=states.count(ApproachState.ACCEPTED),
    )
    may_log = permissions.may_log(request.membership, student)
    known = inviting.invited([student], request.school, timezone.now()).get(student.pk) if may_log else None
    return {
        "approaches": found,
        "tally": tally,
        "may_log": may_log,
        "invited": known,
        "buttons": [
            (state, state.label) for state in (ApproachState.WAITING, ApproachState.REFUSED, ApproachState.ACCEPTED)
        ],
        "new_url": f"{reverse('pfmp:approach_new', args=[request.school.uai])}?eleve={student.public_id}",
        "links_url": reverse("pfmp:student_links", args=[request.school.uai, student.public_id]),
        "here": request.path,
    }
