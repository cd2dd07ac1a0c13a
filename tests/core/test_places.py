"""Communes: the one of an address however it is written, the ones that a typed text may mean, distances and boxes."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import places

LAON = (49.5645, 3.6205)


@pytest.mark.parametrize(
    ("postal_code", "city", "expected"),
    [
        ("02000", "Laon", "Laon (02)"),
        (" 02000 ", "  LAON  ", "Laon (02)"),
        ("02001", "LAON CEDEX", "Laon (02)"),  # a CEDEX has a code of its own
        ("69446", "Lyon Cedex 03", "Lyon (69)"),
        ("02100", "ST-QUENTIN", "Saint-Quentin (02)"),
        ("02860", "Laon", "Laon (02)"),  # the code of a neighbour: the name wins within the département
        ("02000", "Soissons", "Soissons (02)"),
        ("75001", "Laon", "Paris 1er Arrondissement (75)"),  # of two far places, the code is typed with more care
        ("99999", "Laon", "Laon (02)"),
        ("2000", "Laon", "Laon (02)"),  # a spreadsheet ate the zero
        ("7000", "Mons", None),  # Belgium
        ("", "02000 Laon", "Laon (02)"),
        ("02200", "Soisons", "Soissons (02)"),
        ("44115", "Basse Goulaine", "Basse-Goulaine (44)"),
        ("75012", "PARIS", "Paris 12e Arrondissement (75)"),
        ("", "Paris 12ème", "Paris 12e Arrondissement (75)"),
        ("", "Paris", "Paris (75)"),
        ("69003", "Lyon 3EME ARRONDISSEMENT", "Lyon 3e Arrondissement (69)"),
        ("13008", "Marseille", "Marseille 8e Arrondissement (13)"),
        ("20090", "Ajaccio", "Ajaccio (2A)"),
        ("20189", "AJACCIO CEDEX 2", "Ajaccio (2A)"),  # no postal code of Corsica begins with 2A
        ("97400", "St Denis", "Saint-Denis (974)"),
        ("97150", "Saint Martin", "Saint-Martin (978)"),
        ("98800", "Nouméa", "Nouméa (988)"),
        ("72000", "Mans (Le)", "Le Mans (72)"),
        ("51000", "Châlons s/ Marne", "Châlons-en-Champagne (51)"),
        ("", "Saint-Denis", None),  # four towns bear it
        ("92042", "Paris La Défense Cedex", None),  # no commune
        ("B-1000", "Bruxelles", None),
        ("", "", None),
        ("<script>", "=cmd()", None),
        ("🏭" * 100, "\u202eLaon" * 100, None),
    ],
)
def test_the_commune_of_an_address(postal_code, city, expected):
    found = places.find(postal_code, city)
    assert (found and found.label) == expected
    assert places.centre(postal_code, city) == (found and found.centre)


def test_an_unknown_hamlet_stands_in_the_middle_of_its_postal_code():
    found = places.centre("02000", "Le Bout du Monde")
    assert found is not None
    assert places.kilometres(found, LAON) < 15


def test_every_commune_is_found_by_its_own_address():
    """By postal code and name, and by the label that a field writes."""
    for commune in places._communes():
        if commune.postal_codes:
            assert places.find(commune.postal_codes[0], commune.name) == commune
            assert places.find(commune.postal_codes[0], commune.name.upper()) == commune
    labels = [commune.label for commune in places._communes()]
    assert len(labels) == len(set(labels))


@given(st.text(max_size=40), st.text(max_size=300))
def test_nothing_typed_breaks_the_search(postal_code, city):
    found = places.find(postal_code, city)
    assert found is None or found in places._communes()
    assert len(places.meant(city, near=LAON)) <= 8


@given(st.sampled_from(places._communes()))
def test_a_label_means_its_commune_alone(commune):
    assert places.meant(commune.label, near=LAON) == [commune]


@pytest.mark.parametrize(
    ("text", "first", "is_choice"),
    [
        ("laon", "Laon (02)", False),
        ("Saint-Denis", "Saint-Denis (93)", True),
        ("St Denis (974)", "Saint-Denis (974)", False),
        ("la rochelle", "La Rochelle (70)", True),
        ("02000", "Laon (02)", True),
        ("02000 laon", "Laon (02)", False),
        ("Tergnix", None, False),
        ("Tergn", "Tergnier (02)", False),
        ("  ", None, False),
        (")(", None, False),
    ],
)
def test_what_a_typed_town_may_mean(text, first, is_choice):
    found = [commune.label for commune in places.meant(text, near=LAON)]
    assert (found[0] if found else None) == first
    assert (len(found) > 1) is is_choice


def test_suggestions_begin_by_the_whole_name_then_by_the_nearest():
    found = [commune.label for commune in places.beginning("lao", near=LAON)]
    assert found[0] == "Laon (02)"
    assert "Athies-sous-Laon (02)" in found
    assert [commune.name for commune in places.beginning("Paris 1", near=None, most=1)] == ["Paris 1er Arrondissement"]
    assert places.beginning("a") == []


@pytest.mark.parametrize(
    ("town", "of"),
    [
        ("Laon", "de Laon"),
        ("Angers", "d’Angers"),
        ("Évreux", "d’Évreux"),
        ("Le Mans", "du Mans"),
        ("Les Ulis", "des Ulis"),
        ("La Rochelle (17)", "de La Rochelle"),
        ("Yvetot", "d’Yvetot"),
        ("Lens (62)", "de Lens"),
    ],
)
def test_a_town_is_named_after_its_preposition(town, of):
    (commune,) = places.meant(town)
    assert commune.of == of


# ------------------------------------------------------------------------------------------------------------- geometry

latitudes = st.floats(-85, 85)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)


@given(points, points, points)
def test_distances_behave(one, other, third):
    assert places.kilometres(one, one) == 0
    assert places.kilometres(one, other) == pytest.approx(places.kilometres(other, one), abs=1e-6)
    assert places.kilometres(one, third) <= places.kilometres(one, other) + places.kilometres(other, third) + 1e-6
    assert places.kilometres(one, other) <= 3.15 * places.EARTH_KM


def test_a_distance_that_everybody_knows():
    paris, marseille = places.centre("", "Paris"), places.centre("", "Marseille")
    assert paris and marseille
    assert places.kilometres(paris, marseille) == pytest.approx(661, abs=3)


@given(points, st.floats(0.1, 500), st.floats(0, 1), st.floats(0, 6.2832))
def test_a_box_holds_every_point_within_its_distance(centre, km, share, bearing):
    angle = km * share / places.EARTH_KM
    lat = math.radians(centre[0])
    to_lat = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing))
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(to_lat)
    )
    latitude, longitude = math.degrees(to_lat), (centre[1] + math.degrees(turn) + 180) % 360 - 180
    south, north, west, east = places.box(centre, km)
    assert south <= latitude <= north
    assert west <= longitude <= east


def test_a_box_is_not_much_wider_than_its_distance():
    south, north, west, east = places.box(LAON, 15)
    assert (north - south) / 2 * 111.2 == pytest.approx(15, rel=0.01)
    assert places.kilometres(LAON, (LAON[0], east)) == pytest.approx(15, rel=0.01)


def test_the_table_is_read_only_when_needed_and_fits_in_a_process():
    """A page that asks for no place pays nothing; the first that does pays once, less than a second and 60 MB."""
    code = (
        "import time, os; from core import places\n"
        "assert places._communes.cache_info().currsize == 0\n"
        "pages = lambda: int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE')\n"
        "before, start = pages(), time.process_time()\n"
        "places.meant('Laon')\n"
        "print(time.process_time() - start, (pages() - before) / 2**20)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 1
    assert megabytes < 60
