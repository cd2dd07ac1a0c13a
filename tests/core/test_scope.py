"""A query on a school's table names the school, or does not run (S-02)."""

import pytest

from core.scope import UnscopedQuery
from partners.models import Contact, Partner
from tests.factories import ContactFactory, PartnerFactory, SchoolFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    "run",
    [
        list,
        lambda q: q.count(),
        lambda q: q.exists(),
        lambda q: q.first(),
        lambda q: q.get(name="x"),
        lambda q: q.filter(name__startswith="É").update(name="x"),
        lambda q: q.filter(city="Laon").delete(),
        lambda q: q.aggregate(),
        lambda q: list(q.iterator()),
        lambda q: list(q.values_list("name")),
        lambda q: list(q.exclude(school=1)),
        lambda q: list(q.filter(name="a") | q.filter(school=1)),
    ],
)
def test_without_a_school_a_query_raises(run):
    with pytest.raises(UnscopedQuery):
        run(Partner.objects.all())


@pytest.mark.django_db
def test_with_a_school_or_from_a_row_already_loaded_it_runs():
    here, there = SchoolFactory.create_batch(2)
    partner, other = PartnerFactory(school=here), PartnerFactory(school=there)
    contact = ContactFactory(school=here, partner=partner)
    assert list(Partner.objects.in_school(here)) == [partner]
    assert list(partner.contacts.all()) == [contact]
    assert Contact.objects.in_school(here).select_related("partner").get().partner == partner
    assert set(Partner.objects.across_schools(why="this test")) == {partner, other}
