"""A class of conventions from edition to complete: online, on paper, one refusal, one change of tutor after all have signed.

Four pupils here; the twenty-four of a whole class with `bin/test --full`.
"""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core import holidays_fr, siret
from documents.models import Document, Signature
from pfmp.models import Placement
from schools.models import Membership
from tests import factories
from tests.conftest import Cast
from tests.documents import signing
from tests.flows.browsing import answer_as_oneself, on_paper, open_mailed, sign_here, work
from tests.pfmp.rules_cast import WEEK_35H
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]
SLOW = 30_000
FAMILY = ("organisme_accueil", "tuteur", "responsable_legal")


def four_free_weeks() -> date:
    """A Monday at least five weeks ahead, with four weeks without public holiday after it."""
    day = timezone.localdate() + timedelta(days=35)
    day += timedelta(days=-day.weekday() % 7)
    while holidays_fr.holidays_between(day, day + timedelta(days=25)):
        day += timedelta(days=7)
    return day


def number_of(rank: int) -> str:
    """A SIRET that checks, in the range of what does not exist."""
    return next(candidate for tail in range(10_000) if siret.is_siret(candidate := f"999{rank:06d}{tail:05d}"))


def a_class(cast: Cast, size: int) -> list[Placement]:
    """As many pupils, hosts, tutors and families, each with an address; a teacher follows twelve at most."""
    school, start = cast.school, four_free_weeks()
    school.head_name, school.board_vote_date = cast.head.full_name, start - timedelta(days=60)
    school.save()
    year = f"{start.year}-{start.year + 1}" if start.month >= 9 else f"{start.year - 1}-{start.year}"
    school_class = factories.ClassFactory(
        school=school, year=year, diploma="Bac pro Métiers de l’électricité", label="1re MELEC"
    )
    period = factories.PeriodFactory(
        school=school, school_class=school_class, year=year, start_date=start, end_date=start + timedelta(days=25)
    )
    made = []
    for rank in range(size):
        student = factories.StudentFactory(
            school=school, last_name=f"Élève{rank:02d}", first_name="Rayan", birth_date=start - timedelta(days=16 * 366),
            guardian_name=f"Anne Élève{rank:02d}", guardian_email=f"responsable_legal{rank}@famille.example",
        )  # fmt: skip
        factories.SchoolingFactory(school=school, student=student, school_class=school_class, year=year)
        partner = factories.PartnerFactory(
            school=school, name=f"Atelier {rank:02d}", siret=number_of(rank), headcount="20-49"
        )
        factories.ContactFactory(
            school=school, partner=partner, role="dirigeant", last_name=f"Gérant{rank:02d}", first_name="Inès",
            email=f"organisme_accueil{rank}@atelier.example",
        )  # fmt: skip
        tutor = factories.ContactFactory(
            school=school, partner=partner, last_name=f"Tuteur{rank:02d}", first_name="Yann",
            email=f"tuteur{rank}@atelier.example",
        )  # fmt: skip
        made.append(
            factories.PlacementFactory(
                school=school,
                student=student,
                period=period,
                partner=partner,
                tutor=tutor,
                status="confirme",
                start_date=start,
                end_date=start + timedelta(days=25),
                timetable=WEEK_35H,
                tasks="Câblage",
                referent_email=(cast.teacher if rank < 12 else cast.ddfpt).email,
            )
        )
    return made


def sign_book(browse: Browse, member: Membership, *, expected: int) -> None:
    """The signing book: everything ticked, the code, the consent, signed."""
    page = browse(member.user)
    page.goto(reverse("documents:signing_book", args=[member.school.uai]) + "?coche=tout")
    look(page, f"classe-parapheur-{member.role}")
    page.get_by_role("button", name="Recevoir le code pour les signer").click()
    page.get_by_label("Code à six chiffres").fill(signing.last_code(member.user.email))
    page.locator("#id_consent").check()
    look(page, f"classe-signer-{member.role}")
    page.get_by_role("button", name=re.compile("^Signer ")).click()
    expect(page.locator(".messages")).to_contain_text(re.compile(rf"\b{expected}\b|signé"), timeout=SLOW)


def latest(placement: Placement) -> Document:
    found: Document = (
        Document.objects.in_school(placement.school)
        .filter(type="convention_pfmp", subject_id=placement.dossier_id)
        .order_by("-edition")[0]
    )
    return found


@pytest.mark.parametrize("size", [4, pytest.param(24, marks=pytest.mark.slow)])
def test_a_class_is_signed(transactional_db: None, cast: Cast, browse: Browse, size: int):
    placements = a_class(cast, size)
    school, period = cast.school, placements[0].period
    refused, changed, *rest = placements
    by_hand, online = rest[: (size - 2) * 12 // 22], rest[(size - 2) * 12 // 22 :]
    bureau = browse(cast.bde.user)
    class_page = reverse("pfmp:class_conventions", args=[school.uai, period.public_id])
    paper_page = reverse("documents:batch_paper", args=[school.uai])

    # Issued with the file to print, then the links leave: one message a person
    bureau.goto(class_page)
    look(bureau, "classe-avant")
    bureau.get_by_role("button", name="Un fichier à imprimer").click()
    expect(bureau.locator("main")).to_contain_text("Le fichier demandé", timeout=SLOW)
    work()
    bureau.goto(class_page)
    look(bureau, "classe-editee")
    bureau.get_by_role("button", name="Envoyer les liens").click()
    expect(bureau.locator("main")).to_contain_text("Envoi des liens de signature", timeout=SLOW)
    work()

    # One host refuses and says why
    stranger = browse()
    open_mailed(stranger, "organisme_accueil0@atelier.example")
    answer_as_oneself(stranger)
    stranger.locator("summary", has_text="Je ne signe pas").click()
    stranger.get_by_label(re.compile("Pourquoi|[Mm]otif|[Rr]aison")).fill("Les horaires ne sont pas ceux convenus.")
    stranger.get_by_role("button", name="Refuser de signer").click()
    bureau.goto(refused.get_absolute_url())
    expect(bureau.locator("main")).to_contain_text("Les horaires ne sont pas ceux convenus.")
    look(bureau, "classe-refus")

    # Some sign online, on a phone, without an account
    for placement in online:
        rank = placements.index(placement)
        for role in FAMILY:
            domain = "famille" if role == "responsable_legal" else "atelier"
            phone = browse(size="narrow")
            open_mailed(phone, f"{role}{rank}@{domain}.example")
            answer_as_oneself(phone)
            if placement is online[0]:
                look(phone, f"classe-en-ligne-{role}")
            sign_here(phone)
            phone.close()

    # The others sign on paper, the head too; the one of the changed tutor is among them
    on_paper(bureau, [latest(placement) for placement in (*by_hand, changed)], paper_page)

    # The refused one is corrected: a new version, signed on paper
    bureau.goto(reverse("pfmp:placement_edit", args=[school.uai, refused.public_id]))
    bureau.locator("#id_tasks").fill("Câblage, aux horaires convenus")
    look(bureau, "classe-correction")
    bureau.locator("main form button.btn-primary").last.click()
    expect(bureau.locator("h1")).not_to_contain_text("Modifier", timeout=SLOW)
    work()
    second = latest(refused)
    assert second.edition == 2
    on_paper(bureau, [second], paper_page)

    # Teachers, then the head, sign what waits for them
    for member in (cast.teacher, cast.ddfpt):
        mine = [one for one in online if one.referent_email == member.email]
        if mine:
            sign_book(browse, member, expected=len(mine))
    sign_book(browse, cast.head, expected=len(online))
    work()

    for placement in placements:
        placement.refresh_from_db()
        paper = latest(placement)
        statuses = set(
            Signature.objects.in_school(school).filter(document=paper).counted().values_list("status", flat=True)
        )
        assert statuses <= {"signee_papier", "signee_en_ligne"}, (placement, statuses)
        assert paper.completed_at and paper.sealed_sha256, placement
        assert placement.status == "convention_signee"
    bureau.goto(class_page)
    expect(bureau.locator("main")).not_to_contain_text("Faire signer")
    look(bureau, "classe-complete")

    # Then a tutor changes: an avenant names what changed, and the convention stays signed
    newcomer = factories.ContactFactory(
        school=school, partner=changed.partner, last_name="Nouvelle", first_name="Lise", email="lise@atelier.example"
    )
    bureau.goto(reverse("pfmp:placement_edit", args=[school.uai, changed.public_id]))
    bureau.locator("#id_tutor").select_option(str(newcomer.pk))
    expect(bureau.locator("main")).to_contain_text("avenant")
    bureau.get_by_label("Pourquoi la convention change").fill("Son tuteur a changé d’entreprise.")
    look(bureau, "classe-avenant")
    bureau.get_by_role("button", name="Enregistrer le placement").click()
    expect(bureau.locator("h1")).not_to_contain_text("Modifier", timeout=SLOW)
    expect(bureau.locator("main")).to_contain_text("AVENANT-")
    work()
    avenant = Document.objects.in_school(school).get(type="avenant_pfmp")
    assert avenant.amends == latest(changed)
    assert [(change["before"], change["after"]) for change in avenant.changes if "uteur" in change["label"]]
    on_paper(bureau, [avenant], paper_page)
    changed.refresh_from_db()
    assert changed.status == "convention_signee"
    bureau.goto(changed.get_absolute_url())
    look(bureau, "classe-avenant-signe")
