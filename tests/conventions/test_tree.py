"""The tree of agreements, whatever their parents say."""

import html

from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conventions import chains
from conventions.declining import Family, Link
from conventions.models import Agreement
from conventions.views import tree
from tests.factories import AgreementFactory

LEVELS = ["nationale", "region_academique", "academique", "etablissement"]


@st.composite
def forests(draw):
    """Any rows with any parents: chains, loops, parents that are not there."""
    size = draw(st.integers(0, 12))
    return {
        pk: Link(pk, draw(st.sampled_from(LEVELS)), draw(st.none() | st.integers(1, size + 2)))
        for pk in range(1, size + 1)
    }


def family_of(links):
    rows = {
        link.pk: Agreement(pk=link.pk, level=link.level, parent_id=link.parent, title=f"C{link.pk}")
        for link in links.values()
    }
    return Family(rows)


def keys_in(nodes):
    return [key for node in nodes for key in (node.agreement.pk, *keys_in(node.children))]


@given(forests())
def test_each_agreement_stands_once_in_the_tree(links):
    grown = tree.grown(family_of(links), dict.fromkeys(links, "projet"))
    assert sorted(keys_in([*grown.frames, *grown.alone])) == sorted(links)


@given(forests())
def test_loops_are_found_each_once(links):
    loops = chains.looping(links)
    inside = [pk for loop in loops for pk in loop]
    assert len(inside) == len(set(inside))
    for pk, link in links.items():  # naively: one walks back to oneself
        at, steps = link.parent, 0
        while at in links and at != pk and steps <= len(links):
            at, steps = links[at].parent, steps + 1
        assert (at == pk) == (pk in inside)


@given(forests())
def test_ancestors_never_repeat_nor_hold_oneself(links):
    for link in links.values():
        above = [row.pk for row in chains.ancestors(link, links)]
        assert len(above) == len(set(above)) and link.pk not in above


def page_of(client, cast):
    return html.unescape(client.get(reverse("conventions:agreement_tree", args=[cast.school.uai])).content.decode())


def test_the_tree_shows_the_chain_with_its_states(as_bde, cast):
    top = AgreementFactory(school=cast.school, is_frame=True, title="Nationale UIMM")
    mid = AgreementFactory(
        school=cast.school, level="academique", partner=None, parent=top, title="Académique UIMM", academy="Amiens"
    )
    AgreementFactory(school=cast.school, parent=mid, title="Avec Morel", partner__name="Métallerie Morel")
    AgreementFactory(school=cast.school, title="Toute seule", signed_date=None)
    AgreementFactory(school=cast.stranger.school, title="D’ailleurs")
    page = page_of(as_bde, cast)
    places = [page.index(title) for title in ("Nationale UIMM", "Académique UIMM", "Avec Morel", "Toute seule")]
    assert places == sorted(places)
    assert "Amiens · 1\xa0convention du lycée" in page and "Métallerie Morel" in page and "En négociation" in page
    assert page.count("<details open>") == 2 and "D’ailleurs" not in page


def test_a_loop_is_said_and_survived(as_bde, cast):
    one = AgreementFactory(school=cast.school, is_frame=True, title="Serpent")
    two = AgreementFactory(school=cast.school, is_frame=True, title="Queue", parent=one)
    Agreement.objects.filter(pk=one.pk).update(parent=two)
    itself = AgreementFactory(school=cast.school, title="Moi-même")
    Agreement.objects.filter(pk=itself.pk).update(parent=itself)
    page = page_of(as_bde, cast)
    assert page.count("se déclinent en rond") == 2
    assert "Serpent" in page and "Queue" in page and "Moi-même" in page
    for name in ("mobilised", "frame_list", "agreement_list"):
        assert as_bde.get(reverse(f"conventions:{name}", args=[cast.school.uai])).status_code == 200


def test_an_empty_tree_leads_to_the_catalogue(as_bde, cast):
    assert "Choisissez-en un dans le catalogue" in page_of(as_bde, cast)


def test_a_deep_chain_is_drawn(as_bde, cast):
    parent = None
    for rank in range(40):
        parent = AgreementFactory(school=cast.school, is_frame=True, title=f"Étage {rank}", parent=parent)
    assert "Étage 39" in page_of(as_bde, cast)
