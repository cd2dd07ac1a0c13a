"""Several partners at once: chosen by box or by filter, one journal line each, all or none."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from events.models import Invitation
from partners.bulk import ArchiveForm
from partners.models import Partner, PartnerTag
from tests.conftest import Cast
from tests.factories import ActionFactory, PartnerFactory

Act = Callable[..., object]


@pytest.fixture
def three(cast: Cast) -> list[Partner]:
    return [PartnerFactory(school=cast.school, name=name) for name in ("Alpha", "Bêta", "Gamma")]


def act(client: Client, cast: Cast, code: str, partners: list[Partner], **typed: object):
    """The second step: the page has been seen, the person confirms."""
    data = {"action": code, "choix": [str(p.public_id) for p in partners], "fait": "1", "combien": len(partners)}
    return client.post(reverse("partners:partner_bulk", args=[cast.school.uai]), data | typed)


def now(cast: Cast) -> dict[str, Partner]:
    return {partner.name: partner for partner in Partner.objects.in_school(cast.school)}


def test_the_first_step_names_them_and_writes_nothing(as_bde, cast, three):
    url = reverse("partners:partner_bulk", args=[cast.school.uai])
    answer = as_bde.post(url, {"action": "archiver", "choix": [str(p.public_id) for p in three[:2]]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Archiver 2\u00a0partenaires" in page and "Alpha" in page and "Bêta" in page and "Gamma" not in page
    assert {partner.status for partner in now(cast).values()} == {"actif"}


def test_several_are_given_to_someone(as_bde, cast, three):
    answer = act(as_bde, cast, "confier", three[:2], owner=cast.ddfpt.pk)
    assert answer.status_code == 302
    after = now(cast)
    assert after["Alpha"].owner == after["Bêta"].owner == cast.ddfpt and after["Gamma"].owner is None
    assert (after["Alpha"].version, after["Gamma"].version) == (2, 1)
    lines = AuditEvent.objects.filter(verb="partners.partner.changed")
    assert {line.subject_id for line in lines} == {three[0].public_id, three[1].public_id}
    assert {line.actor for line in lines} == {cast.bde.user}
    page = as_bde.get(answer["Location"]).content.decode()
    assert "2\u00a0partenaires" in page


def test_not_to_someone_of_another_school_nor_to_who_keeps_no_file(as_bde, cast, three):
    for stranger in (cast.stranger, cast.reader):
        assert act(as_bde, cast, "confier", three, owner=stranger.pk).status_code == 422
    assert {partner.owner for partner in now(cast).values()} == {None}


def test_a_tag_is_put_once_and_taken_off(as_bde, cast, three):
    act(as_bde, cast, "etiqueter", three[:1], label="forum 2027")
    act(as_bde, cast, "etiqueter", three, label="  forum   2027 ")
    assert PartnerTag.objects.in_school(cast.school).filter(label="forum 2027").count() == 3
    act(as_bde, cast, "desetiqueter", three[:2], label="forum 2027")
    assert [tag.partner.name for tag in PartnerTag.objects.in_school(cast.school)] == ["Gamma"]
    assert act(as_bde, cast, "etiqueter", three, label="").status_code == 422
    assert act(as_bde, cast, "etiqueter", three, label="x" * 61).status_code == 422
    assert act(as_bde, cast, "etiqueter", three, label="<script>alert(1)</script>").status_code == 302


def test_archived_then_active_again(as_bde, cast, three):
    act(as_bde, cast, "archiver", three[:2])
    assert {name for name, partner in now(cast).items() if partner.status == "archive"} == {"Alpha", "Bêta"}
    act(as_bde, cast, "reactiver", three)
    assert {partner.status for partner in now(cast).values()} == {"actif"}
    assert now(cast)["Gamma"].version == 1  # it was active already: nothing was written


def test_invited_to_an_action_and_not_twice(as_bde, cast, three):
    action = ActionFactory(school=cast.school, status="prevue")
    act(as_bde, cast, "inviter", three[:2], action_invited=action.pk, sent_date="2026-11-20")
    act(as_bde, cast, "inviter", three, action_invited=action.pk, sent_date="2026-11-20")
    invited = Invitation.objects.in_school(cast.school).filter(action=action)
    assert sorted(one.partner.name for one in invited) == ["Alpha", "Bêta", "Gamma"]
    elsewhere = ActionFactory(school=cast.stranger.school, status="prevue")
    assert act(as_bde, cast, "inviter", three, action_invited=elsewhere.pk, sent_date="2026-11-20").status_code == 422
    for day in ("0001-01-01", "9999-12-31", "demain"):
        assert act(as_bde, cast, "inviter", three, action_invited=action.pk, sent_date=day).status_code == 422


def test_all_that_the_filters_find_and_nothing_else(as_bde, cast, three):
    Partner.objects.in_school(cast.school).filter(name="Gamma").update(status="dormant")
    typed = {"choix": [], "tout": "1", "filtres": "statut=actif", "combien": 2, "label": "vu"}
    assert act(as_bde, cast, "etiqueter", [], **typed).status_code == 302
    assert {tag.partner.name for tag in PartnerTag.objects.in_school(cast.school)} == {"Alpha", "Bêta"}


def test_a_list_that_has_changed_is_read_again_before_anything_is_done(as_bde, cast, three):
    typed = {"choix": [], "tout": "1", "filtres": "", "combien": 2, "label": "vu"}
    answer = act(as_bde, cast, "etiqueter", [], **typed)
    assert answer.status_code == 422
    assert "compte maintenant 3" in answer.content.decode().replace("\u00a0", " ")
    assert not PartnerTag.objects.in_school(cast.school).exists()


def test_filters_cut_short_never_mean_more_partners(as_bde, cast, three):
    typed = {"choix": [], "tout": "1", "filtres": "q=" + "x" * 3000, "combien": 3, "label": "vu"}
    assert act(as_bde, cast, "etiqueter", [], **typed).status_code == 400
    assert act(as_bde, cast, "etiqueter", [], **(typed | {"filtres": "statut=disparu"})).status_code == 302
    assert not PartnerTag.objects.in_school(cast.school).exists()


def test_another_school_s_ids_are_left_out(as_bde, cast, three):
    foreign = PartnerFactory(school=cast.stranger.school)
    act(as_bde, cast, "archiver", [foreign, three[0]], combien=1)
    foreign.refresh_from_db()
    assert foreign.status == "actif" and now(cast)["Alpha"].status == "archive"
    answer = act(as_bde, cast, "archiver", [foreign])
    assert answer.status_code == 302  # nothing left to act on: back to the list, with a sentence
    assert "Cochez d’abord" in as_bde.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("typed", [{"action": "evil"}, {"action": ""}, {"action": "courriel"}])
def test_an_action_that_is_none_is_a_400(as_bde, cast, three, typed):
    assert act(as_bde, cast, "", three, **typed).status_code == 400


def test_ids_that_are_none_are_left_out(as_bde, cast, three):
    answer = act(as_bde, cast, "archiver", [], choix=["x", "' OR 1=1", str(three[0].public_id)], combien=1)
    assert answer.status_code == 302 and now(cast)["Alpha"].status == "archive"


@pytest.mark.parametrize("role", ["enseignant", "direction", "secretariat", "consultation"])
def test_roles_that_do_not_keep_the_file_do_nothing(client, cast, three, role):
    client.force_login(cast.by_role()[role].user)
    assert act(client, cast, "archiver", three).status_code == 403
    address = reverse("partners:partner_list", args=[cast.school.uai])
    if role != "consultation":
        assert 'name="choix"' not in client.get(address).content.decode()


def test_all_or_none(as_bde, cast, three, monkeypatch):
    def breaks(form: ArchiveForm, *, by: object) -> str:
        form.rows.update(status="archive")
        raise RuntimeError("half-way")

    monkeypatch.setattr(ArchiveForm, "run", breaks)
    with pytest.raises(RuntimeError):
        act(as_bde, cast, "archiver", three)
    assert {partner.status for partner in now(cast).values()} == {"actif"}


def test_statements_do_not_grow_with_the_number(as_bde, cast, django_assert_max_num_queries):
    few = PartnerFactory.create_batch(2, school=cast.school)
    many = PartnerFactory.create_batch(80, school=cast.school)
    with django_assert_max_num_queries(30) as for_two:
        act(as_bde, cast, "confier", few, owner=cast.ddfpt.pk)
    with django_assert_max_num_queries(30) as for_eighty:
        act(as_bde, cast, "confier", many, owner=cast.bde.pk)
    assert len(for_eighty) <= len(for_two)
