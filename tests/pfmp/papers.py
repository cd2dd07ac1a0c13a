"""Fictitious conventions for the tests of papers: an ordinary one, an extreme one, a nearly empty one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pfmp.documents import (
    Alert,
    ConventionContent,
    Day,
    Finance,
    Host,
    Person,
    Pupil,
    Safety,
    School,
    Slot,
)


def week(*slots: tuple[str, str], days: int = 5) -> tuple[Day, ...]:
    """The same slots every day from Monday."""
    return tuple(
        Day(weekday=day, slots=tuple(Slot(start=start, end=end) for start, end in slots)) for day in range(days)
    )


ORDINARY = ConventionContent(
    number="2026-0142",
    version=1,
    issued_date=date(2025, 12, 15),
    year="2025-2026",
    school=School(
        name="Lycée professionnel Jeanne-Barret",
        uai="0021987K",
        address="14 rue des Tanneurs, 02000 Laon",
        phone="03 23 20 14 55",
        email="ce.0021987k@academie.example",
        head_name="Hélène Vasseur",
        head_role="proviseure",
        board_decision_date=date(2025, 11, 6),
    ),
    host=Host(
        name="Menuiserie Boisclair & Fils",
        siret="00002984300018",
        naf="43.32A",
        activity="Travaux de menuiserie bois et PVC",
        address="89 rue Pasteur, 27000 Évreux",
        phone="02 61 91 69 30",
        email="contact@menuiserie-boisclair-fils.example",
        representative_name="Paul Boisclair",
        representative_role="gérant",
    ),
    pupil=Pupil(
        first_name="Rayan",
        last_name="MEZIANE",
        birth_date=date(2009, 3, 14),
        address="7 allée des Peupliers, 02000 Laon",
        phone="06 12 34 56 78",
        email="rayan.meziane@lycee.example",
        class_label="1re professionnelle TMA",
        diploma="Baccalauréat professionnel Technicien menuisier agenceur",
        is_minor=True,
    ),
    guardian=Person(name="Nadia Meziane", phone="06 98 76 54 32", email="nadia.meziane@famille.example"),
    tutor=Person(
        name="Claire Dumont",
        role="cheffe d'atelier",
        phone="02 61 91 69 31",
        email="c.dumont@menuiserie-boisclair-fils.example",
    ),
    referent=Person(name="Sofia Benamar", email="sofia.benamar@academie.example"),
    period_label="PFMP 2",
    start_date=date(2026, 1, 12),
    end_date=date(2026, 2, 6),
    total_minutes=140 * 60,
    weekly_minutes=35 * 60,
    days=week(("08:00", "12:00"), ("13:00", "16:00")),
    holidays_excluded=True,
    works_at_night=False,
    works_on_sunday=False,
    works_on_holidays=False,
    activities="Relever les cotes sur un chantier et préparer la fiche de débit\n"
    "Débiter et corroyer des pièces de bois massif à l'atelier\n"
    "Assembler, coller et poncer des éléments d'agencement\n"
    "Participer à la pose de portes et de placards chez des clients",
    skills="C2 – Préparer une fabrication\nC3 – Réaliser un ouvrage\nC4 – Poser un ouvrage et contrôler sa conformité",
    safety=Safety(
        regulated_work=("scie à format", "raboteuse (D4153-28)"),
        declaration_date=date(2025, 10, 2),
        medical_opinion="favorable",
        medical_opinion_date=date(2025, 9, 25),
        equipment="chaussures de sécurité, protections auditives, lunettes",
    ),
    finance=Finance(
        gratification_due=False,
        host_insurer="Mutuelle du Bâtiment de l'Eure",
        host_contract="MB 448 120",
        school_insurer="Assurance des lycées",
        school_contract="2025-778 412",
    ),
    alerts=(
        Alert(
            rule="R-TUT-01",
            message="Le tuteur suit déjà trois stagiaires du 26 au 30 janvier.",
            reason="Second compagnon présent toute la semaine, accord du gérant le 10 décembre.",
            accepted_by="Marc Lefèvre",
            accepted_on=date(2025, 12, 12),
        ),
    ),
)

ADULT = replace(ORDINARY, pupil=replace(ORDINARY.pupil, birth_date=date(2007, 3, 14), is_minor=False), guardian=None)

# Nothing but what the database requires.
BARE = ConventionContent(
    number="2026-0001",
    version=1,
    issued_date=date(2026, 1, 5),
    year="2025-2026",
    school=School(name="LP des Rives", uai="0021987K"),
    host=Host(name="Garage Petit"),
    pupil=Pupil(first_name="Li", last_name="WU"),
    guardian=None,
    tutor=Person(),
    referent=Person(),
    period_label="PFMP 1",
    start_date=date(2026, 3, 2),
    end_date=date(2026, 3, 20),
)

_ADDRESS = (
    "Bâtiment C, escalier 4, 3e étage, appartement 312, résidence des Grands Peupliers de la Vallée, "
    "1478 bis boulevard du Maréchal-de-Lattre-de-Tassigny, BP 40127, 59653 Villeneuve-d'Ascq CEDEX"
)
_TASKS = "\n".join(
    f"Tâche {number} : préparer, réaliser puis contrôler l'opération demandée en respectant les consignes de sécurité "
    "et la fiche de procédure de l'atelier"
    for number in range(1, 13)
)

EXTREME = replace(
    ORDINARY,
    school=School(
        name="Établissement public local d'enseignement professionnel et technologique des métiers du bâtiment, de "
        "l'agencement et de la transition énergétique Marguerite-de-La-Rochefoucauld-d'Enville",
        uai="0590001X",
        address=_ADDRESS,
        email="secretariat.direction.0590001x@academie-des-hauts-de-france.example",
        head_name="Marie-Christine de La Tour d'Auvergne-Lauraguais",
    ),
    host=Host(
        name="Société coopérative d'intérêt collectif des artisans menuisiers, agenceurs et ébénistes réunis de la "
        "métropole et du littoral",
        siret="00002984300018",
        address=_ADDRESS,
        workplace=_ADDRESS,
        representative_name="Jean-Baptiste Vanden Broucke-Desrousseaux",
        representative_role="directeur général délégué aux ressources humaines",
    ),
    pupil=Pupil(
        first_name="Marie-Alexandrine Fatoumata",
        last_name="RAKOTONDRAMANANA-ANDRIANTSITOHAINA",
        birth_date=date(2009, 3, 14),
        address=_ADDRESS,
        email="marie-alexandrine.rakotondramanana-andriantsitohaina@lycee.example",
        class_label="Terminale professionnelle Technicien menuisier agenceur, groupe 2",
        diploma="Baccalauréat professionnel Technicien de fabrication bois et matériaux associés",
        is_minor=True,
    ),
    guardian=Person(name="Voahangy Rakotondramanana-Andriantsitohaina", phone="06 00 00 00 00"),
    tutor=Person(name="Jean-Christophe Vanden Broucke-Desrousseaux", role="responsable de l'atelier"),
    days=week(("08:15", "10:15"), ("10:30", "12:00"), ("13:30", "15:15"), ("15:30", "17:15"), days=6),
    activities=_TASKS,
    skills=_TASKS[:600],
    finance=Finance(gratification_due=True, gratification_hourly_minimum=Decimal("4.50"), meals="Titres-restaurant"),
    alerts=ORDINARY.alerts * 3,
)
