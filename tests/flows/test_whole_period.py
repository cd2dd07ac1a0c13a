"""A whole period of a class, walked: calendar, search, pre-convention, conventions, departure, visits, attestations, ApLyPro.

Seen by the bureau, a teacher, the head, a company, a tutor and a pupil by their links. Three pupils here; the twenty-four of
a whole class with `bin/test --full`.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core import holidays_fr, siret
from documents.models import Document, Signature
from pfmp.models import Absence, Approach, Period, Placement, Visit
from schools.models import SchoolClass, Student
from tests import factories
from tests.conftest import Cast
from tests.flows.browsing import at, mailed, night, on_paper, work
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]
SLOW = 30_000
DIPLOMA = "Bac pro Métiers de l’électricité"


def free_weeks() -> date:
    """A Monday some five weeks ahead, with three weeks of lessons, without a public holiday, after it."""
    day = timezone.localdate() + timedelta(days=35)
    day += timedelta(days=-day.weekday() % 7)
    while holidays_fr.holidays_between(day, day + timedelta(days=18)):
        day += timedelta(days=7)
    return day


def year_of(day: date) -> str:
    return f"{day.year}-{day.year + 1}" if day.month >= 8 else f"{day.year - 1}-{day.year}"


def number_of(rank: int) -> str:
    """A SIRET that checks, in the range of what does not exist."""
    return next(candidate for tail in range(10_000) if siret.is_siret(candidate := f"998{rank:06d}{tail:05d}"))


def a_class(cast: Cast, size: int, year: str) -> tuple[SchoolClass, list[Student]]:
    """Pupils of sixteen with an address and a guardian, their teacher, and the annex of their formation."""
    school = cast.school
    school.head_name, school.board_vote_date = cast.head.full_name, timezone.localdate() - timedelta(days=60)
    school.save()
    school_class = factories.ClassFactory(
        school=school, year=year, niveau="1re_pro", diploma=DIPLOMA, label="1re MELEC", code="1MELEC"
    )
    factories.AssignmentFactory(school=school, membership=cast.teacher, school_class=school_class, year=year)
    annex = factories.AnnexFactory(
        school=school, formation=DIPLOMA, tasks="Câbler un tableau\nPoser un chemin de câbles"
    )
    factories.SkillFactory(school=school, annex=annex, code="C1", label="Préparer les opérations")
    students = []
    for rank in range(size):
        one = factories.StudentFactory(
            school=school, last_name=f"Élève{rank:02d}", first_name="Rayan", sex="M", ine=f"{rank:09d}AB",
            birth_date=timezone.localdate() - timedelta(days=16 * 366), email=f"eleve{rank}@eleve.example",
            address="3 rue des Lilas", postal_code="49000", city="Angers",
            guardian_name=f"Anne Élève{rank:02d}", guardian_email=f"famille{rank}@famille.example",
        )  # fmt: skip
        factories.SchoolingFactory(school=school, student=one, school_class=school_class, year=year)
        students.append(one)
    return school_class, students


def open_link(page: Page, address: str) -> None:
    """A personal link as it was mailed, and the button of its door."""
    found = re.search(r"/lien/\w+/", mailed(address, "/lien/"))
    assert found is not None
    page.goto(found[0])
    page.locator("main form button.btn-primary").click()


def submit(page: Page) -> None:
    page.locator("main form button.btn-primary").last.click()


def fill_pre_convention(page: Page, rank: int) -> None:
    """The company's seven pages, on a phone."""
    page.get_by_role("link", name=re.compile("Commencer|Continuer|Remplir")).first.click()
    page.locator("#id_personnes-signer_last_name").fill(f"Gérant{rank:02d}")
    page.locator("#id_personnes-signer_first_name").fill("Inès")
    page.locator("#id_personnes-signer_position").fill("gérante")
    page.locator("#id_personnes-signer_email").fill(f"gerante{rank}@atelier.example")
    page.locator("#id_personnes-tutor_last_name").fill(f"Tuteur{rank:02d}")
    page.locator("#id_personnes-tutor_first_name").fill("Yann")
    page.locator("#id_personnes-tutor_position").fill("chef d’équipe")
    page.locator("#id_personnes-tutor_email").fill(f"tuteur{rank}@atelier.example")
    if rank == 0:
        look(page, "periode-entreprise-personnes")
    submit(page)
    page.locator("#id_entreprise-siret").fill(number_of(rank))
    page.locator("#id_entreprise-address").fill(f"{rank + 1} rue de l’Atelier")
    page.locator("#id_entreprise-postal_code").fill("49000")
    page.locator("#id_entreprise-city").fill("Angers")
    submit(page)
    page.locator("summary", has_text="en une ligne").click()
    page.get_by_label("Horaires en une ligne").fill("du lundi au vendredi 8h-12h / 13h-16h")
    submit(page)
    if page.locator("h1", has_text="Horaires").count() or page.get_by_label("Horaires en une ligne").count():
        submit(page)  # read back as a table, to check
    page.get_by_label("Câbler un tableau").check()
    if rank == 0:
        look(page, "periode-entreprise-activites")
    submit(page)
    page.locator("#id_securite-equipment").fill("Outillage à main")
    page.locator("#id_securite-protections").fill("Chaussures, lunettes")
    submit(page)
    page.locator("#id_pratique-insurer").fill("Assurances du Val")
    page.locator("#id_pratique-insurance_number").fill("RC-42")
    submit(page)
    page.locator("#id_verification-is_no_job").check()
    page.locator("#id_verification-filled_by").fill("Inès Gérant")
    if rank == 0:
        look(page, "periode-entreprise-verification")
    page.get_by_role("button", name="Remettre au lycée").click()


@pytest.mark.parametrize("size", [3, pytest.param(24, marks=pytest.mark.slow)])
def test_a_class_goes_from_the_calendar_to_the_allowance(
    transactional_db: None, cast: Cast, browse: Browse, clock: Any, size: int
):
    start = free_weeks()
    end, year = start + timedelta(days=18), year_of(start)
    school_class, students = a_class(cast, size, year)
    school = cast.school
    bureau = browse(cast.bde.user)
    if year != year_of(timezone.localdate()):
        bureau.goto(reverse("schools:home", args=[school.uai]) + f"?annee={year}")

    # The bureau puts a period on the calendar of the year
    bureau.goto(reverse("pfmp:periods_plan", args=[school.uai]))
    bureau.get_by_label("1re MELEC").check()
    bureau.locator("#id_label").fill("PFMP 1")
    bureau.locator("#id_start_date").fill(start.isoformat())
    bureau.locator("#id_end_date").fill(end.isoformat())
    submit(bureau)
    if bureau.get_by_role("button", name="quand même").count():
        bureau.get_by_role("button", name="quand même").click()
    expect(bureau.locator("h1")).not_to_contain_text("Une période pour plusieurs classes", timeout=SLOW)
    look(bureau, "periode-annee")
    period = Period.objects.in_school(school).get()

    # Each pupil gets their page, searches, and says « J’ai trouvé »
    bureau.goto(reverse("pfmp:class_search", args=[school.uai, period.public_id]))
    for box in bureau.locator("tbody td.pick input").all():
        box.check()
    look(bureau, "periode-recherches")
    bureau.get_by_role("button", name="Envoyer leur page par courriel").click()
    work()
    for rank in range(size):
        phone = browse(size="narrow")
        open_link(phone, f"eleve{rank}@eleve.example")
        if rank == 0:
            look(phone, "periode-eleve")
        phone.get_by_role("link", name="J’ai trouvé").click()
        phone.locator("#id_company").fill(f"Atelier {rank:02d}")
        phone.locator("#id_city").fill("Angers")
        phone.locator("#id_person").fill("Mme Gérant")
        submit(phone)
        expect(phone.locator("main")).to_contain_text(f"Tu as trouvé : Atelier {rank:02d}".replace(" :", " :"))
        if rank == 0:
            look(phone, "periode-eleve-trouve")
        phone.close()
    assert not Placement.objects.in_school(school).exists()

    # The teacher checks each, sends the pre-convention; the company fills it; the teacher validates: the convention is issued
    teacher, followed = browse(cast.teacher.user), students[:12]
    for rank, student in enumerate(students):
        found = Approach.objects.in_school(school).get(student=student)
        teacher.goto(reverse("pfmp:approach_settle", args=[school.uai, found.public_id]))
        if rank == 0:
            look(teacher, "periode-confirmer")
        submit(teacher)
        expect(teacher.locator("h1")).not_to_contain_text("Confirmer la place", timeout=SLOW)
        placement = Placement.objects.in_school(school).get(student=student)
        assert placement.status == "pressenti"
        if student not in followed:  # one teacher follows sixteen at most (R-REF-02)
            Placement.objects.in_school(school).filter(pk=placement.pk).update(referent_email=cast.ddfpt.email)
        teacher.goto(reverse("pfmp:placement_preparation", args=[school.uai, placement.public_id]))
        teacher.locator("#id_name").fill("Inès Gérant")
        teacher.locator("#id_email").fill(f"gerante{rank}@atelier.example")
        teacher.get_by_role("button", name="Envoyer la pré-convention").click()
        work()
        company = browse(size="narrow")
        open_link(company, f"gerante{rank}@atelier.example")
        fill_pre_convention(company, rank)
        expect(company.locator("main")).to_contain_text("lycée")
        company.close()
        teacher.goto(reverse("pfmp:pre_convention_review", args=[school.uai, placement.public_id]))
        if teacher.get_by_label(re.compile("C1")).count():
            teacher.get_by_label(re.compile("C1")).first.check()
        for box in teacher.locator("input[name=taken]").all():
            box.check()
        if rank == 0:
            look(teacher, "periode-valider")
        teacher.get_by_role("button", name="Valider et préparer la convention").click()
        expect(teacher.locator("h1")).not_to_contain_text("Valider", timeout=SLOW)
    work()

    # Referents are known, conventions issued; signed on paper
    board = reverse("pfmp:period_detail", args=[school.uai, period.public_id])
    bureau.goto(board)
    look(bureau, "periode-tableau")
    given = dict(Placement.objects.in_school(school).values_list("student", "referent_email"))
    assert given == {
        one.pk: (cast.teacher if one in followed else cast.ddfpt).email for one in students
    }  # whoever confirms a place is proposed as referent
    bureau.goto(reverse("pfmp:class_conventions", args=[school.uai, period.public_id]))
    bureau.get_by_role("button", name="Un fichier à imprimer").click()
    expect(bureau.locator("main")).to_contain_text("Le fichier demandé", timeout=SLOW)
    work()
    papers = list(Document.objects.in_school(school).filter(type="convention_pfmp"))
    assert len(papers) == size
    on_paper(bureau, papers, reverse("documents:batch_paper", args=[school.uai]))
    work()
    assert set(Placement.objects.in_school(school).values_list("status", flat=True)) == {"convention_signee"}

    # The first day: the night's work sees them leave, tutors get their page; the head looks at the board
    at(clock, start, 9)
    night()
    assert set(Placement.objects.in_school(school).values_list("status", flat=True)) == {"en_cours"}
    head = browse(cast.head.user)
    head.goto(reverse("pfmp:board", args=[school.uai]))
    expect(head.locator("main")).to_contain_text(f"{size} sur {size}")
    look(head, "periode-direction")
    tutor = browse(size="narrow")
    open_link(tutor, "tuteur0@atelier.example")
    look(tutor, "periode-tuteur")
    tutor.locator("#absence").get_by_text("Absent", exact=True).click()
    tutor.locator("#absence").get_by_role("button", name="Signaler").click()
    assert Absence.objects.in_school(school).get().placement.student == students[0]
    tutor.close()

    # The teacher plans visits, goes; one report is typed without network
    day = start + timedelta(days=8)
    at(clock, day)
    phone = browse(cast.teacher.user, "narrow")
    phone.goto(reverse("pfmp:visit_plan", args=[school.uai]))
    for box in phone.locator("input[name=choix]").all():
        box.check()
    phone.locator("#id_day").fill(day.isoformat())
    look(phone, "periode-plan-visites")
    phone.get_by_role("button", name="Prévoir ces visites").click()
    today = reverse("pfmp:my_visits", args=[school.uai])
    phone.goto(today)
    look(phone, "periode-visites")
    phone.get_by_role("button", name="Garder sur ce téléphone").click()
    expect(phone.get_by_text("Gardées sur ce téléphone.")).to_be_visible()
    for student in followed:
        offline = student == students[1]
        phone.goto(today)
        phone.context.set_offline(offline)
        card = phone.locator(".visit-card", has_text=str(student))
        card.locator("summary.btn").click()
        card.locator("fieldset", has_text="La sécurité est assurée").get_by_text("Oui", exact=True).click()
        card.get_by_label("En quelques mots").fill("Il câble seul.")
        card.get_by_role("button", name="Enregistrer la visite").click()
        if offline:
            expect(phone.locator(".visit-waiting")).to_have_count(1)
            phone.context.set_offline(False)
            expect(phone.locator(".visit-waiting")).to_have_count(0, timeout=SLOW)
        else:
            expect(card).to_contain_text("Compte rendu envoyé", timeout=SLOW)
    assert Visit.objects.in_school(school).count() == len(followed)

    # The last day: days validated, attestations issued; a tutor confirms by link, the others' come back on paper
    at(clock, end, 17)
    bureau = browse(cast.bde.user)
    bureau.goto(reverse("pfmp:class_days", args=[school.uai, period.public_id]))
    look(bureau, "periode-jours")
    bureau.locator("input[name=responsable]").check()
    bureau.get_by_role("button", name="Valider les jours").click()
    days = dict(Placement.objects.in_school(school).values_list("student", "days_done"))
    assert days == {one.pk: 14 if one == students[0] else 15 for one in students}
    bureau.goto(reverse("pfmp:class_certificates", args=[school.uai, period.public_id]))
    bureau.get_by_role("button", name=re.compile("^Éditer")).click()
    work()
    bureau.goto(reverse("pfmp:class_certificates", args=[school.uai, period.public_id]))
    look(bureau, "periode-attestations")
    certificates = list(Document.objects.in_school(school).filter(type="attestation_pfmp"))
    assert len(certificates) == size
    on_paper(bureau, certificates, reverse("documents:batch_paper", args=[school.uai]))
    assert not Signature.objects.in_school(school).filter(document__in=certificates, status="attendue").exists()

    # Back: closed by the night, then the sheet to type from in ApLyPro
    at(clock, end + timedelta(days=3), 9)
    night()
    bureau = browse(cast.bde.user)
    assert set(Placement.objects.in_school(school).values_list("status", flat=True)) == {"termine"}
    for student in students:
        factories.AllowanceFileFactory(
            school=school, student=student, year=year, is_bank_ready=True, decision_date=start, consent_date=start
        )
    bureau.goto(reverse("pfmp:allowance_sheet", args=[school.uai, period.public_id]))
    look(bureau, "periode-aplypro")
    expect(bureau.locator("tbody tr", has_text="Élève00")).to_contain_text("210")  # 14 days at 15 euros
    bureau.get_by_role("button", name=re.compile("lignes? prêtes? comme")).click()
    assert Placement.objects.in_school(school).exclude(allowance_entered_date=None).count() == size
    bureau.goto(board)
    look(bureau, "periode-finie")
