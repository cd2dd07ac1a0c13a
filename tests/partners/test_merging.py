"""Two records become one and two again: nothing is lost, everything goes back, two people at once meet a sentence."""

import random
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conventions.models import Emblem
from core.errors import StaleEdit
from core.models import AuditEvent
from exchange import exports
from partners import merging
from partners.forms.doubles import MergeForm
from partners.merging import CHOICES, JOINED, OWN, Wanted
from partners.models import Contact, Interaction, Merge, NotDouble, Partner, PartnerTag, TaxApproach
from pfmp.models import HostCapacity, HostIncident
from schools.models import School
from schools.services import change_record
from tests.exchange.commands import export_dossier, import_dossier
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AgreementFactory,
    AnswerFactory,
    ContactFactory,
    ContributionFactory,
    FormerStudentFactory,
    InteractionFactory,
    InvitationFactory,
    NetworkFactory,
    NetworkMemberFactory,
    OfferFactory,
    OutcomeFactory,
    PartnerFactory,
    PeriodFactory,
    PersonalLinkFactory,
    PlacementFactory,
    SchoolFactory,
    SearchFactory,
    ShareFactory,
    ShareLinkFactory,
    SurveyLinkFactory,
    UserFactory,
    WorksDeclarationFactory,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def targets(model: type[models.Model]) -> set[str]:
    """Every foreign key of the project to a table, found the long way round."""
    return {
        f"{one._meta.label}.{column.name}"
        for one in apps.get_models(include_auto_created=True)
        for column in one._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model is model
    }


@pytest.mark.parametrize("model", [Partner, Contact])
def test_every_column_of_the_project_that_points_to_a_record_is_known(model: type[models.Model]) -> None:
    known = {relation.name for relation in merging.relations_to(model)}
    pairs = {"partners.NotDouble.first", "partners.NotDouble.second"} if model is Partner else set()
    assert known | pairs == targets(model)
    for relation in merging.relations_to(model):
        for promise in relation.model._meta.constraints:
            assert not getattr(promise, "expressions", ()), "a promise on expressions is not looked at by merging"


def test_no_column_of_a_partner_is_forgotten_when_two_become_one() -> None:
    """A new column takes its place in CHOICES, or is joined, or is kept by itself."""
    chosen = {column for _, columns in CHOICES.values() for column in columns}
    by_itself = {"search_text", "map_latitude", "map_longitude"}
    assert chosen | set(JOINED) | OWN | by_itself == {column.name for column in Partner._meta.concrete_fields}
    assert not chosen & set(JOINED)


# ------------------------------------------------------------------------------------------------ random schools
class Town:
    """A school with partners, their people, and rows in every table that points to either."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.school = SchoolFactory()
        self.partners = [self.partner() for _ in range(3)]
        same = {"last_name": "Ferrand", "first_name": "Yann", "email": "yann@ferrand.example"}
        self.people = [
            ContactFactory(
                school=self.school, partner=one, **(same if chance.random() < 0.5 else {}), phone=self.word()
            )
            for one in self.partners
            for _ in range(chance.randint(0, 2))
        ]
        self.actions = [ActionFactory(school=self.school) for _ in range(2)]
        self.periods = [PeriodFactory(school=self.school) for _ in range(2)]
        self.network = NetworkFactory(school=self.school)
        for make in MAKERS.values():
            for partner in self.partners:
                for _ in range(chance.randint(0, 2)):
                    self.attempt(make, partner)

    def attempt(self, make: Callable[["Town", Partner], Any], partner: Partner) -> None:
        """Some rows may stand once only: what is there already is not made again."""
        try:
            with transaction.atomic():
                make(self, partner)
        except IntegrityError as refused:
            if "unique" not in str(refused).lower():
                raise

    def word(self) -> str:
        return self.chance.choice(["", "alpha", "bêta"])

    def day(self) -> date | None:
        return self.chance.choice([None, date(2025, 11, 3), date(2026, 1, 15)])

    def person(self, partner: Partner) -> Contact | None:
        return self.chance.choice([None, *(one for one in self.people if one.partner_id == partner.pk)])

    def partner(self) -> Partner:
        return PartnerFactory(
            school=self.school,
            brand=self.word(),
            siret=self.chance.choice(["", "35600000000048"]),
            phone=self.word(),
            website=self.chance.choice(["", "https://alpha.example"]),
            latitude=self.chance.choice([None, "49.564"]),
            longitude="3.62",
            status=self.chance.choice(["actif", "prospect", "dormant", "archive"]),
            first_contact_date=self.day(),
            notes=self.word(),
            name_locked=self.chance.random() < 0.3,
            named_since=self.day(),
            register_data=self.chance.choice([None, {"nom": "ALPHA", "ouvert": True}]),
        )


def pair_of(town: Town, partner: Partner) -> NotDouble:
    other = town.chance.choice([one for one in town.partners if one.pk != partner.pk])
    first, second = sorted([partner, other], key=lambda one: one.pk)
    return NotDouble.objects.create(school=town.school, first=first, second=second)


def merge_before(town: Town, partner: Partner) -> Merge:
    gone = PartnerFactory(school=town.school)
    return merging.merge(partner, gone, Wanted(), by=UserFactory())


MAKERS: dict[str, Callable[[Town, Partner], Any]] = {
    "partners.Contact": lambda t, p: ContactFactory(school=t.school, partner=p),
    "partners.Interaction": lambda t, p: InteractionFactory(school=t.school, partner=p, contact=t.person(p)),
    "partners.PartnerTag": lambda t, p: PartnerTag.objects.create(
        school=t.school, partner=p, label=t.chance.choice(["forum", "taxe"])
    ),
    "partners.Offer": lambda t, p: OfferFactory(school=t.school, partner=p, contact=t.person(p)),
    "partners.Contribution": lambda t, p: ContributionFactory(school=t.school, partner=p),
    "partners.TaxApproach": lambda t, p: TaxApproach.objects.create(
        school=t.school,
        partner=p,
        campaign=t.chance.choice([2025, 2026]),
        contact=t.person(p),
        asked_date=t.day(),
        note=t.word(),
        promise=t.chance.choice([None, ContributionFactory(school=t.school, partner=p, received_date=None)]),
    ),
    "partners.Merge": merge_before,
    "partners.NotDouble": pair_of,
    "conventions.Agreement": lambda t, p: AgreementFactory(school=t.school, partner=p),
    "conventions.Emblem": lambda t, p: Emblem.objects.get_or_create(
        school=t.school,
        partner=p,
        kind=t.chance.choice(["logo", "cachet"]),
        defaults={"file": f"emblems/{t.word()}.png", "width": 20, "height": 10},
    )[0],
    "conventions.NetworkMember": lambda t, p: NetworkMemberFactory(
        school=t.school, network=t.network, partner=p, contact=t.person(p)
    ),
    "pfmp.Placement": lambda t, p: PlacementFactory(school=t.school, partner=p, tutor=t.person(p)),
    "pfmp.HostCapacity": lambda t, p: HostCapacity.objects.create(
        school=t.school,
        partner=p,
        year="2025-2026",
        formation=t.chance.choice(["CAP Électricien", "Bac pro MELEC"]),
        period=t.chance.choice([None, *t.periods]),
        places=t.chance.randint(1, 4),
        note=t.word(),
    ),
    "pfmp.HostIncident": lambda t, p: HostIncident.objects.create(
        school=t.school, partner=p, date=date(2026, 1, 5), kind="securite", facts="Casque absent."
    ),
    "pfmp.Approach": lambda t, p: SearchFactory(school=t.school, partner=p, period=t.chance.choice(t.periods)),
    "pfmp.PersonalLink": lambda t, p: PersonalLinkFactory(school=t.school, contact=t.person(p)),
    "pfmp.WorksDeclaration": lambda t, p: WorksDeclarationFactory(school=t.school, partner=p),
    "events.ActionPartner": lambda t, p: ActionPartnerFactory(
        school=t.school, partner=p, action=t.chance.choice(t.actions)
    ),
    "events.Invitation": lambda t, p: InvitationFactory(
        school=t.school,
        partner=p,
        action=t.chance.choice(t.actions),
        reply=t.chance.choice(["", "oui", "non"]),
        replied_date=t.day(),
        present=t.chance.choice([None, True, False]),
    ),
    "surveys.SurveyAnswer": lambda t, p: AnswerFactory(school=t.school, partner=p),
    "surveys.LeaverOutcome": lambda t, p: OutcomeFactory(school=t.school, partner=p),
    "surveys.FormerStudent": lambda t, p: FormerStudentFactory(school=t.school, partner=p, contact=t.person(p)),
    "surveys.SurveyLink": lambda t, p: SurveyLinkFactory(
        school=t.school, partner=p, contact=t.person(p), is_open=False, is_answered=t.chance.random() < 0.5
    ),
    "indicators.IndicatorShare": lambda t, p: ShareFactory(school=t.school, partner=p),
    "indicators.ShareLink": lambda t, p: ShareLinkFactory(school=t.school, partner=p, contact=t.person(p)),
}


def test_random_schools_have_rows_in_every_table_that_points_to_a_partner_or_its_people() -> None:
    tables = {name.rpartition(".")[0] for model in (Partner, Contact) for name in targets(model)}
    assert tables == set(MAKERS)


def dossier(school: School) -> dict[str, bytes]:
    return exports.collect(school).tables


def everything(school: School) -> dict[str, list[tuple[Any, ...]]]:
    """All columns of all rows of the school in the tables concerned, less versions and who wrote last."""
    passing = {"version", "updated_at", "updated_by_id"}
    found = {}
    for label in [*MAKERS, "partners.Partner"]:
        model = apps.get_model(label)
        columns = [column.attname for column in model._meta.concrete_fields if column.attname not in passing]
        rows = model._base_manager.filter(school=school).exclude(
            **{"undone_at__isnull": False} if label == "partners.Merge" else {"pk": None}
        )
        found[label] = sorted(rows.values_list(*columns), key=lambda row: row[0])
    return found


def sizes(school: School) -> dict[str, int]:
    return {label: apps.get_model(label)._base_manager.filter(school=school).count() for label in MAKERS}


def chosen(chance: random.Random, kept: Partner, removed: Partner) -> Wanted:
    taken = frozenset(name for name in CHOICES if chance.random() < 0.4)
    people = merging.people_in_both(kept, removed)
    return Wanted(taken, tuple((gone.pk, stay.pk) for gone, stay in people if chance.random() < 0.7))


def fresh(partner: Partner) -> Partner:
    return Partner.objects.in_school(partner.school_id).get(pk=partner.pk)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
@pytest.mark.django_db
def test_merging_loses_no_row_and_undoing_gives_the_same_dossier_back(seed: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        town = Town(chance)
        kept, removed, _ = town.partners
        by = UserFactory()
        before, rows, counts = dossier(town.school), everything(town.school), sizes(town.school)
        merged = merging.merge(fresh(kept), fresh(removed), chosen(chance, kept, removed), by=by)
        after = sizes(town.school)
        dropped: dict[str, int] = {}
        for drop in merged.story["dropped"]:
            dropped[drop["model"]] = dropped.get(drop["model"], 0) + 1
        for label, count in counts.items():
            assert after[label] + dropped.get(label, 0) == count + (label == "partners.Merge")
        for relation in merging.relations_to(Partner):
            assert not relation.rows(removed.pk).exists()
        assert not Partner.objects.in_school(town.school).filter(pk=removed.pk).exists()
        assert dossier(town.school) != before

        undone = merging.undo(merged, by=by, now=timezone.now())
        assert undone.left == []
        assert dossier(town.school) == before
        assert everything(town.school) == rows
        connection.check_constraints()
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
@pytest.mark.django_db
def test_two_merges_are_undone_the_last_first_and_give_the_same_dossier_back(seed: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        town = Town(chance)
        kept, second, third = town.partners
        by = UserFactory()
        before = dossier(town.school)
        one = merging.merge(fresh(second), fresh(third), chosen(chance, second, third), by=by)
        other = merging.merge(fresh(kept), fresh(second), chosen(chance, kept, second), by=by)
        assert merging.kept_for(town.school, third.public_id) == kept
        with pytest.raises(PermissionDenied, match="défaites d’abord"):
            merging.undo(one, by=by, now=timezone.now())
        merging.undo(other, by=by, now=timezone.now())
        merging.undo(one, by=by, now=timezone.now())
        assert dossier(town.school) == before
        connection.check_constraints()
        transaction.set_rollback(True)


def test_what_changed_since_keeps_its_new_value_and_what_was_made_since_stays(cast: Any) -> None:
    school, by = cast.school, cast.bde.user
    kept = PartnerFactory(school=school, name="Garage Petit", phone="", website="")
    removed = PartnerFactory(
        school=school, name="Garage Petit SARL", phone="0323000102", website="https://petit.example"
    )
    moved = InteractionFactory(school=school, partner=removed)
    elsewhere = InteractionFactory(school=school, partner=removed)
    deleted = InteractionFactory(school=school, partner=removed)
    merged = merging.merge(kept, removed, Wanted(frozenset({"phone", "website"})), by=by)
    kept = fresh(kept)
    kept.phone = "0323999999"
    change_record(kept, version=kept.version, by=by)
    since = InteractionFactory(school=school, partner=kept)
    other = PartnerFactory(school=school)
    Interaction.objects.in_school(school).filter(pk=elsewhere.pk).update(partner=other)
    Interaction.objects.in_school(school).filter(pk=deleted.pk).delete()
    undone = merging.undo(merged, by=by, now=timezone.now())
    assert undone.left == ["« Garage Petit » garde ce qui a été saisi depuis : téléphone."]
    kept = fresh(kept)
    assert (kept.phone, kept.website) == ("0323999999", "")
    where = dict(Interaction.objects.in_school(school).values_list("pk", "partner"))
    assert where == {moved.pk: removed.pk, elsewhere.pk: other.pk, since.pk: kept.pk}


def test_the_row_that_stays_takes_what_it_lacked(cast: Any) -> None:
    """A reply, a presence, a refusal of mailings are not lost with the record that goes."""
    school = cast.school
    kept, removed, action = PartnerFactory(school=school), PartnerFactory(school=school), ActionFactory(school=school)
    stays = InvitationFactory(school=school, partner=kept, action=action)
    InvitationFactory(school=school, partner=removed, action=action, reply="oui", present=True)
    person = ContactFactory(school=school, partner=kept, phone="0323000102")
    same = ContactFactory(school=school, partner=removed, last_name=person.last_name, refuses_mailings=True, phone="06")
    said = InteractionFactory(school=school, partner=removed, contact=same)
    assert merging.people_in_both(kept, removed) == [(same, person)]
    merging.merge(kept, removed, Wanted(contacts=((same.pk, person.pk),)), by=cast.bde.user)
    stays.refresh_from_db()
    person.refresh_from_db()
    said.refresh_from_db()
    assert (stays.reply, stays.present) == ("oui", True)
    assert (person.phone, person.refuses_mailings) == ("0323000102", True)
    assert (said.contact, said.partner) == (person, kept)


def test_people_of_other_partners_are_never_joined(cast: Any) -> None:
    school = cast.school
    kept, removed = PartnerFactory(school=school), PartnerFactory(school=school)
    stranger, person = ContactFactory(school=school), ContactFactory(school=school, partner=kept)
    merging.merge(kept, removed, Wanted(contacts=((stranger.pk, person.pk), (person.pk, stranger.pk))), by=None)
    assert Contact.objects.in_school(school).count() == 2


def test_notes_follow_one_another_and_the_first_contact_is_the_earlier(cast: Any) -> None:
    kept = PartnerFactory(school=cast.school, notes="Accueille bien.", first_contact_date=date(2024, 5, 2))
    removed = PartnerFactory(school=cast.school, notes="Ferme le lundi.", first_contact_date=date(2021, 3, 1))
    merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    kept = fresh(kept)
    assert kept.notes == "Accueille bien.\n\nFerme le lundi."
    assert kept.first_contact_date == date(2021, 3, 1)


def test_what_is_proposed_for_each_column() -> None:
    now = timezone.now()
    kept = Partner(name="Alpha", phone="", siret="35600000000048", status="archive", city="Laon", updated_at=now)
    removed = Partner(
        name="Alpha Bois", phone="0323000102", siret="", status="actif", city="Soissons", updated_at=now + timedelta(1)
    )
    assert merging.suggested(kept, removed) == {"name", "phone", "status", "place"}
    kept.name_locked = True
    assert merging.suggested(kept, removed) == {"phone", "status", "place"}
    kept.updated_at = now + timedelta(2)
    assert merging.suggested(kept, removed) == {"phone", "status"}
    removed.address, kept.name_locked, kept.name = "3 rue du Bois", False, "ALPHA"
    assert merging.suggested(kept, removed) == {"name", "phone", "status", "place"}
    removed.named_since = date(2026, 1, 15)
    assert "named" in merging.suggested(kept, removed)


def test_the_day_a_company_agreed_to_be_named_is_chosen_and_goes_back(cast: Any) -> None:
    kept = PartnerFactory(school=cast.school)
    removed = PartnerFactory(school=cast.school, named_since=date(2026, 1, 15))
    lines = {line.name: line.texts for line in MergeForm(a=kept, b=removed, stays="a").lines}
    assert lines["named"] == ("", "15\u00a0janvier\u00a02026")
    merged = merging.merge(kept, removed, Wanted(frozenset({"named"})), by=cast.bde.user)
    assert fresh(kept).named_since == date(2026, 1, 15)
    merging.undo(merged, by=cast.bde.user, now=timezone.now())
    assert fresh(kept).named_since is None


def test_a_merge_is_journalled_without_a_name(cast: Any) -> None:
    kept, removed = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school, name="Monsieur Petit")
    merged = merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    merging.undo(merged, by=cast.head.user, now=timezone.now())
    done, undone = AuditEvent.objects.filter(verb__startswith="partners.merge").order_by("pk")
    assert (done.verb, done.actor, done.subject_id) == ("partners.merged", cast.bde.user, kept.public_id)
    assert (undone.verb, undone.actor, undone.subject_id) == (
        "partners.merge_undone",
        cast.head.user,
        removed.public_id,
    )
    assert "Petit" not in f"{done.payload}{undone.payload}"


def test_undoing_is_refused_twice_and_after_thirty_days_and_the_story_is_forgotten(cast: Any) -> None:
    school = cast.school
    kept, removed = PartnerFactory(school=school), PartnerFactory(school=school, name="Monsieur Petit")
    merged = merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    with pytest.raises(PermissionDenied, match="30 jours"):
        merging.undo(merged, by=cast.bde.user, now=merged.created_at + timedelta(days=30, seconds=1))
    assert merging.forget_stories(merged.created_at + timedelta(days=30)) == 0
    assert merging.undo(merged, by=cast.bde.user, now=merged.created_at + timedelta(days=30)).partner == removed
    with pytest.raises(PermissionDenied, match="déjà défaite"):
        merging.undo(merged, by=cast.bde.user, now=merged.created_at)

    again = merging.merge(fresh(kept), fresh(removed), Wanted(), by=cast.bde.user)
    assert merging.forget_stories(again.created_at + timedelta(days=31)) == 2
    assert merging.forget_stories(again.created_at + timedelta(days=31)) == 0
    again = Merge.objects.in_school(school).get(pk=again.pk)
    assert (again.story, again.removed_name) == ({}, "")
    assert merging.kept_for(school, removed.public_id) == kept
    with pytest.raises(PermissionDenied, match="30 jours"):
        merging.undo(again, by=cast.bde.user, now=again.created_at)


def test_an_old_dossier_read_again_brings_the_merged_record_back(cast: Any, tmp_path: Path) -> None:
    """The dossier is what it says (docs/adr/0033): the record is there again with its rows, and no undoing doubles it."""
    kept, removed = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school)
    said = InteractionFactory(school=cast.school, partner=removed)
    assert export_dossier(cast.school.uai, tmp_path / "old")["code"] == 0
    merged = merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    answer = import_dossier(tmp_path / "old")
    assert (answer["code"], answer["errors"]) == (0, [])
    said.refresh_from_db()
    assert said.partner.dossier_id == removed.dossier_id
    assert Partner.objects.in_school(cast.school).count() == 2
    with pytest.raises(PermissionDenied, match="revenu entre-temps par un import"):
        merging.undo(merged, by=cast.bde.user, now=timezone.now())
    assert merging.kept_for(cast.school, removed.public_id) == kept


def test_a_record_that_came_back_by_an_import_stops_the_undoing_with_a_sentence(cast: Any) -> None:
    kept, removed = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school)
    merged = merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    PartnerFactory(school=cast.school, dossier_id=removed.dossier_id)
    with pytest.raises(PermissionDenied, match="revenu entre-temps par un import"):
        merging.undo(merged, by=cast.bde.user, now=NOW)


def test_what_a_dropped_row_pointed_to_may_be_gone(cast: Any) -> None:
    school = cast.school
    kept, removed, action = PartnerFactory(school=school), PartnerFactory(school=school), ActionFactory(school=school)
    for partner in (kept, removed):
        InvitationFactory(school=school, partner=partner, action=action)
    merged = merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    action.delete()
    undone = merging.undo(merged, by=cast.bde.user, now=NOW)
    assert undone.left == ["Invitation : une ligne réunie à la fusion n’a pas pu être séparée."]


def test_one_record_or_two_schools_are_refused(cast: Any) -> None:
    one = PartnerFactory(school=cast.school)
    for other in (one, PartnerFactory()):
        with pytest.raises(PermissionDenied):
            merging.merge(one, other, Wanted(), by=cast.bde.user)


def test_an_edit_in_between_stops_the_merge(cast: Any) -> None:
    kept, removed = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school)
    theirs = fresh(removed)
    theirs.phone = "0323000102"
    change_record(theirs, version=theirs.version, by=cast.head.user)
    with pytest.raises(StaleEdit) as stale:
        merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    assert stale.value.theirs == removed
    assert Merge.objects.in_school(cast.school).count() == 0


def test_a_form_opened_before_the_merge_is_stale_after_it(cast: Any) -> None:
    """An exchange open in another window does not go back to the record that is gone."""
    kept, removed = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school)
    said = InteractionFactory(school=cast.school, partner=removed)
    merging.merge(kept, removed, Wanted(), by=cast.bde.user)
    for opened in (said, removed):
        with pytest.raises(StaleEdit):
            change_record(opened, version=opened.version, by=cast.head.user)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each in a thread and a connection of its own, started together; what each returned or raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = works[place]()  # type: ignore[call-overload]
        except Exception as problem:
            results[place] = problem  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results  # type: ignore[return-value]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other_way", [False, True])
def test_two_people_who_merge_the_same_pair_at_once_make_one_merge(other_way: bool) -> None:
    school = SchoolFactory()
    one, other = PartnerFactory(school=school), PartnerFactory(school=school)
    InteractionFactory.create_batch(5, school=school, partner=other)
    pairs = [(one, other), (other, one) if other_way else (one, other)]
    results = at_once(*(lambda a=a, b=b: merging.merge(fresh(a), fresh(b), Wanted(), by=None) for a, b in pairs))
    assert sorted(type(result).__name__ for result in results) in (
        ["Merge", "StaleEdit"],
        ["DoesNotExist", "Merge"],  # the other one had finished before this one looked
    )
    assert Merge.objects.in_school(school).count() == Partner.objects.in_school(school).count() == 1
    assert Interaction.objects.in_school(school).count() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_a_merge_and_an_edit_at_once_never_mix(attempt: int) -> None:
    school = SchoolFactory()
    kept, removed = PartnerFactory(school=school), PartnerFactory(school=school)
    said = InteractionFactory(school=school, partner=removed)
    mine = fresh(removed)
    mine.phone = "0323000102"
    said.subject = "Deux places en avril"
    merged, edited, told = at_once(
        lambda: merging.merge(kept, removed, Wanted(frozenset({"phone"})), by=None),
        lambda: change_record(mine, version=mine.version, by=None),
        lambda: change_record(said, version=said.version, by=None),
    )
    assert isinstance(merged, StaleEdit) != isinstance(edited, StaleEdit)
    said = Interaction.objects.in_school(school).get()
    assert said.partner == (removed if isinstance(merged, StaleEdit) else kept)
    assert isinstance(told, (Interaction, StaleEdit))
    assert (said.subject == "Deux places en avril") != isinstance(told, StaleEdit)
