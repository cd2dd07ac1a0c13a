"""What an agreement is for, and for whom, read from its words: every row that ships, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventions import catalogue, purposes, trades
from conventions.enums import ActionType, Audience, Purpose

SAID = {
    "decouverte_metiers": "D", "stages_pfmp": "S", "apprentissage": "A", "insertion": "I", "mentorat": "M", "egalite": "E",
    "decrochage": "X", "formations": "F", "enseignants": "P", "moyens": "T", "transition": "V", "mobilite": "B",
    "ecole_entreprise": "R", "concours": "C", "citoyennete": "Z",
}  # fmt: skip
"""A letter a purpose, so that the 68 rows stand on a page."""

EXPECTED = """
DER Convention Éducation nationale / rectorat de Paris / 100 000 entrepreneurs
DIR Accord-cadre de coopération MENESR / AJE
DSR Accord MENESR / AJE
- Accord-cadre MEN / Association ouvrière des Compagnons du Devoir du Tour de France
DSMXR Association conventionnée par le ministère
Z Convention MENESR / ministère de l’Écologie / CNFAS sur la culture aéronautique et spatiale
DIR Convention de coopération MENJS / Ingénieurs pour l’école
DR Convention ministère / Ingénieurs pour l’école
DFPR Convention pluriannuelle MENESR / Ingénieurs pour l’école
MET Convention MENJVA / institut Télémaque
DIMT Accord-cadre MENESR / Lions Clubs
ER Convention pluriannuelle MENESR / réseau national des entreprises pour l’égalité des chances
IMET Convention MENESR / association Un avenir ensemble (Grande chancellerie de la Légion d’honneur)
DS Convention de coopération MENJVA / « Un stage, et après ? »
DPC Convention de coopération Éducation nationale / WorldSkills France
DF Cadre national de référence État / Régions sur l’information et l’orientation
D Convention-cadre État / Régions de France sur la découverte des métiers au collège
DT Convention-cadre de coopération ministère / ASDM
DT Convention-cadre de coopération ministère / AFF
F Convention nationale de coopération MEN / ANFA
DT Convention-cadre de coopération ministère / Chambre syndicale de la haute couture
DAF Convention-cadre de coopération MEN / CCCA-BTP
DAIXF Convention de coopération MEN / CCCA-BTP
FR Convention générale de coopération MEN / CAPEB
DT Convention-cadre de coopération ministère / LEEM apprentissage
DT Convention-cadre de coopération ministère / EGF-BTP
- Convention MENESR / Fédération du commerce et de la distribution
DPR Convention FNEDT / ministères chargés de l’Éducation et de l’Agriculture / OCTA / FAFSEA
DA Partenariat FNTP / ministères de l’Éducation nationale et du Travail
DSAFP Accord-cadre MENJVA / organisations de l’hôtellerie et de la restauration
FR Convention-cadre de coopération MENESR / UIMM / OPCAIM
DP Convention de branche ministère / UIMM (2015, renouvellement annoncé pour 2019)
DSAFR Convention ministères (Éducation nationale, Enseignement supérieur, Industrie) / UIMM pour l’attractivité des carrières industrielles
DAFT Convention générale de coopération MEN / UIMM / OPCAIM
DS Convention nationale de partenariat sur la découverte des métiers
DFB Accord-cadre ministère / groupe Accor
DIFR Accord-cadre MENESR / Bouygues Construction
DIEF Convention nationale MENJS / EDF
DSR Convention école-entreprise ministère / Engie
DSR Convention école-entreprise ministère / GRDF
DSR Convention école-entreprise ministère / GRTgaz
R Accord de partenariat MEN / groupe PSA
DFB Accord-cadre ministère / PSA Peugeot Citroën et quatrième avenant
DSR Convention école-entreprise ministère / Renault
DZ Convention MENESR / SNCF pour l’éducation à la sécurité et à la citoyenneté dans les transports
DSR Convention école-entreprise ministère / SNCF
SIT Accord de partenariat MEN / Schneider Electric
DF Accord-cadre MEN / groupe Sodexho
DSAMFTV Les Écoles des réseaux pour la transition énergétique
DPCZ Convention-cadre ministère / Fondation CGénial
EFZ Convention armée de l’air / MENESR pour le brevet d’initiation aéronautique
IZ Protocole Défense / Éducation nationale
DZ Protocole interministériel jeunesse, défense et sécurité nationale
Z Convention MENJVA / MAIF
DAF Convention-cadre de coopération MENJS / MESRI / OPCO EP
DIF Accord MEN / CGPME
DSFP Convention ministères (Éducation nationale, Économie) / France Industrie
R Accord ministère / MEDEF sur la Semaine école-entreprise
DSIXFP Convention de coopération MENJ / MEDEF
SIPR Convention de coopération MENJS / MEDEF, renouvellement
PT Convention générale de coopération avec le groupe Promotrans
DIFR Accord-cadre MENESR / ACFCI
DFR Convention générale de coopération ministère / APCM
I Avenant État / France Travail / UNML étendant Avenir Pro
DFP Convention-cadre de partenariat Région académique Auvergne-Rhône-Alpes / UIMM Auvergne-Rhône-Alpes
DFPT Convention de partenariat Région académique Provence-Alpes-Côte d’Azur / UIMM Sud-Corse
PRZ Convention de partenariat Académie d’Orléans-Tours / Banque de France, région Centre
DF Convention-cadre Académies de Montpellier et de Toulouse / Région Languedoc-Roussillon-Midi-Pyrénées
""".strip().splitlines()


def letters(found):
    return "".join(SAID[purpose.value] for purpose in found) or "-"


def told(frame):
    found = purposes.purposes_of(frame.themes, sector=frame.sector, title=frame.title)
    return f"{letters(found)} {frame.title}"


def test_every_purpose_has_its_rules():
    assert set(purposes.PURPOSES) == set(Purpose) == {Purpose(code) for code in SAID}
    assert set(purposes.AUDIENCES) == set(Audience)


def test_the_purposes_of_each_row_that_ships():
    """The list to read again when a rule or a row changes."""
    assert [told(frame) for frame in catalogue.shipped()] == EXPECTED


def test_no_row_is_without_purpose_unless_it_says_no_theme():
    without = [line for line in map(told, catalogue.shipped()) if line.startswith("- ")]
    assert without == [told(frame) for frame in catalogue.shipped() if not frame.themes]
    assert len(without) == 2


def test_no_public_is_unread():
    for frame in catalogue.shipped():
        assert bool(purposes.audiences_of(frame.publics)) == bool(frame.publics), frame.publics


@pytest.mark.parametrize(
    ("theme", "purpose"),
    [
        ("Visites d’entreprise", Purpose.DISCOVERY),
        ("Accueil d’élèves en PFMP", Purpose.PLACEMENTS),
        ("Égalité filles-garçons", Purpose.EQUALITY),
        ("Insertion des sortants", Purpose.INSERTION),
        ("Taxe d'apprentissage", Purpose.RESOURCES),
        ("Atelier AvenirPro", Purpose.INSERTION),
        ("Mobilité européenne", Purpose.MOBILITY),
    ],
)
def test_words_that_a_lycee_writes_itself(theme, purpose):
    assert purpose in purposes.purposes_of([theme])


def test_the_taxe_is_no_apprenticeship_and_teachers_in_a_firm_no_placement():
    assert Purpose.APPRENTICESHIP not in purposes.purposes_of(["Taxe d’apprentissage", "Taxe d'apprentissage"])
    assert Purpose.PLACEMENTS not in purposes.purposes_of(["Immersion professionnelle des enseignants"])
    assert purposes.actions_for(["Immersion professionnelle des enseignants"]) == [ActionType.TEACHER_IMMERSION]


def test_a_title_that_lists_its_parties_says_nothing_of_what_for():
    assert purposes.purposes_of(["Initiation"], title="Convention ministère de l’Écologie / CNFAS") == []
    assert purposes.purposes_of(["Stages"], title="Les Écoles des réseaux pour la transition énergétique") == [
        Purpose.PLACEMENTS,
        Purpose.GREEN,
    ]
    assert purposes.purposes_of([], sector="Décrochage", title="Mentorat") == []


@given(st.lists(st.text(max_size=80), max_size=5), st.text(max_size=60))
def test_any_text_gives_an_answer_in_the_order_of_the_list(themes, sector):
    found = purposes.purposes_of(themes, sector=sector)
    assert found == [purpose for purpose in Purpose if purpose in found]


@given(st.lists(st.sampled_from(["Visites", "Stages", "Mentorat", "Taxe", "Concours"]), max_size=4))
def test_one_more_theme_never_takes_a_purpose_away(themes):
    fewer = set(purposes.purposes_of(themes))
    assert fewer <= set(purposes.purposes_of([*themes, "Insertion"]))


@pytest.mark.parametrize(
    ("sector", "fields"),
    [
        ("Industrie - métallurgie", ["métallurgie", "industrie"]),
        ("Services de l’automobile", ["automobile"]),
        ("Construction automobile", ["automobile"]),
        ("Transport de gaz", ["électricité et énergie"]),
        ("Interprofessionnel", []),
        ("", []),
    ],
)
def test_the_fields_that_a_sector_names(sector, fields):
    assert trades.fields_of(sector) == fields


def test_what_a_lycee_teaches():
    assert trades.taught(["Bac pro Technicien en réalisation de produits mécaniques"]) == {"métallurgie", "industrie"}
    assert trades.taught(["1re MELEC", "", "CAP Cuisine"]) == {"électricité et énergie", "hôtellerie-restauration"}
    assert trades.taught([]) == frozenset()
