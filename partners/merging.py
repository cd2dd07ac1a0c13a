"""Two records of one company become one, and can be two again for 30 days.

Everything that points to the record that goes then points to the one that stays: the tables are found in Django's own
register of relations, so that a table of any app comes along without being named here. Where both hold a row that may
stand once only (the same tag, the same invitation…), the kept record's row stays, takes what it lacked, and the other is
written down. The story of a merge (`Merge.story`) is all that undoing needs:

    kept, removed    primary key of the record that stayed; every column of the one that went
    moves            [{"field": "pfmp.Placement.partner", "from": 12, "to": 7, "rows": [pk, …]}]
    dropped          [{"model": "events.Invitation", "row": {column: value}}]: what hung below a row before the row itself
    changes          [{"model": "partners.Partner", "pk": 7, "was": {column: value}, "now": {column: value}}]
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, QuerySet, UniqueConstraint
from django.db.models.fields.files import FieldFile

from core import audit, french
from core.errors import StaleEdit
from core.relations import pointing_to
from core.statements import computed_fields
from core.text import searchable
from core.verdict import ALLOWED, Denied, Verdict, demand
from partners.enums import PartnerStatus
from partners.models import Contact, Merge, NotDouble, Partner
from schools.models import School

UNDO_DAYS = 30
CHUNK = 500
OWN = frozenset(
    {"id", "public_id", "version", "created_at", "updated_at", "created_by", "updated_by", "school", "dossier_id"}
)
"""Columns that say which row it is, not what it tells."""

CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Raison sociale", ("name", "name_locked")),
    "brand": ("Enseigne", ("brand",)),
    "siret": ("SIRET", ("siret", "closed_date", "register_data", "register_checked_at")),
    "type": ("Type", ("type",)),
    "naf": ("Métier", ("naf",)),
    "headcount": ("Effectif", ("headcount",)),
    "place": (
        "Adresse",
        ("address", "postal_code", "city", "latitude", "longitude", "geocoded_at", "geocode_score"),
    ),
    "phone": ("Téléphone", ("phone",)),
    "email": ("Adresse électronique", ("email",)),
    "website": ("Site web", ("website",)),
    "status": ("Statut", ("status",)),
    "owner": ("Suivi par", ("owner",)),
    "avoid": ("À éviter", ("avoid_since", "avoid_reason")),
    "named": ("Accepte d’être cité depuis le", ("named_since",)),
}
"""What one chooses from one record or the other: a name, its words, its columns."""
JOINED = ("notes", "first_contact_date")
"""Columns where both records count: notes follow one another, the first contact is the earlier."""


# ------------------------------------------------------------------------------------------------ what points to a record
@dataclass(frozen=True)
class Relation:
    """A column of some table that points to a table."""

    model: type[models.Model]
    column: models.ForeignKey

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.column.name}"

    def rows(self, pk: Any) -> QuerySet[Any]:
        """The rows that point to one record."""
        return self.model._base_manager.filter(**{self.column.attname: pk})

    def once(self) -> Iterator[tuple[list[str], Q | None]]:
        """Where a row may stand once only: the other columns of each promise that names this one, and its condition."""
        if self.column.unique:
            yield [], None
        for promise in self.model._meta.constraints:
            if isinstance(promise, UniqueConstraint) and self.column.name in promise.fields:
                yield self._others(promise.fields), promise.condition
        for names in self.model._meta.unique_together:
            if self.column.name in names:
                yield self._others(names), None

    def _others(self, names: Iterable[str]) -> list[str]:
        return [self.model._meta.get_field(name).attname for name in names if name != self.column.name]  # type: ignore[union-attr]


def relations_to(model: type[models.Model]) -> list[Relation]:
    """Every column of the project that points to this table, hidden ones too, but for pairs that are no doubles."""
    return [Relation(other, column) for other, column in pointing_to(model) if other is not NotDouble]


def relation_named(name: str) -> Relation:
    """The relation that a story names. Raises LookupError when the table or its column is no more."""
    label, _, column = name.rpartition(".")
    model = apps.get_model(label)
    try:
        return Relation(model, model._meta.get_field(column))
    except FieldDoesNotExist as gone:
        raise LookupError(name) from gone


# ------------------------------------------------------------------------------------------------ rows as JSON
def _written(value: Any) -> Any:
    """A column's value as the story holds it, to the last digit."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, FieldFile):
        return value.name or ""
    return str(value) if isinstance(value, (Decimal, UUID)) else value


def _values(row: models.Model) -> dict[str, Any]:
    return {column.attname: _written(getattr(row, column.attname)) for column in row._meta.concrete_fields}


def _read(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The values of a story for this table's columns; those of columns that are no more are left out."""
    known = {column.attname: column for column in model._meta.concrete_fields}
    return {name: known[name].to_python(value) for name, value in values.items() if name in known}


def _tells(row: models.Model) -> Iterator[models.Field]:
    """The columns that say something of their own."""
    computed = computed_fields(type(row))
    for column in row._meta.concrete_fields:
        if column.name not in OWN and column not in computed:
            yield column


def _is_empty(column: models.Field, value: Any) -> bool:
    """Nothing was said: no value, or the one that a new row has by itself."""
    return value in (None, "", [], {}) or (column.has_default() and value == column.get_default())


# ------------------------------------------------------------------------------------------------ merging
@dataclass
class Story:
    """What a merge did, as it does it."""

    moves: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def absorb(self, model: type[models.Model], gone: Any, stay: Any) -> None:
        """Let everything that points to one row of a table point to another one."""
        for relation in relations_to(model):
            for extra, twin in _twins(relation, gone, stay).items():
                self.join(relation.model, extra, twin)
            rows = list(relation.rows(gone).order_by("pk").values_list("pk", flat=True))
            if rows:
                _point(relation, rows, gone, stay)
                self.moves.append({"field": relation.name, "from": gone, "to": stay, "rows": rows})

    def join(self, model: type[models.Model], gone: Any, stay: Any) -> None:
        """Of two rows that say one thing, one stays: it takes what it lacked, the other is written down and leaves."""
        self.absorb(model, gone, stay)
        rows = {row.pk: row for row in model._base_manager.select_for_update(no_key=True).filter(pk__in=[gone, stay])}
        leaving, staying = rows[gone], rows[stay]
        self.dropped.append({"model": model._meta.label, "row": _values(leaving)})
        leaving.delete()
        wanted = {
            column.attname: getattr(leaving, column.attname)
            for column in _tells(staying)
            if _is_empty(column, getattr(staying, column.attname))
            and not _is_empty(column, getattr(leaving, column.attname))
        }
        self.change(staying, wanted)

    def change(self, row: models.Model, wanted: dict[str, Any], *, by: Any = None) -> None:
        """Write new values in a row, remembering the old ones; values that its table refuses together are left."""
        wanted = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not wanted:
            return
        was = {name: getattr(row, name) for name in wanted}
        _set(row, wanted)
        try:
            row.validate_constraints()
        except ValidationError:
            _set(row, was)
            return
        self.note_change(row, was, wanted)
        _save(row, by=by)

    def note_change(self, row: models.Model, was: dict[str, Any], now: dict[str, Any]) -> None:
        self.changes.append(
            {
                "model": row._meta.label,
                "pk": row.pk,
                "was": {name: _written(value) for name, value in was.items()},
                "now": {name: _written(value) for name, value in now.items()},
            }
        )

    def settle_pairs(self, removed: Partner, kept: Partner) -> None:
        """« Two companies »: what was said of the record that goes holds for the one that stays."""
        pairs = NotDouble.objects.in_school(removed.school_id).filter(Q(first=removed) | Q(second=removed))
        for pair in pairs.order_by("pk"):
            other = pair.second_id if pair.first_id == removed.pk else pair.first_id
            first, second = sorted((kept.pk, other))
            known = NotDouble.objects.in_school(removed.school_id).filter(first=first, second=second)
            if other == kept.pk or known.exists():
                self.dropped.append({"model": pair._meta.label, "row": _values(pair)})
                pair.delete()
            else:
                was = {"first_id": pair.first_id, "second_id": pair.second_id}
                now = {"first_id": first, "second_id": second}
                _set(pair, now)
                self.note_change(pair, was, now)
                _save(pair)


def _twins(relation: Relation, gone: Any, stay: Any) -> dict[Any, Any]:
    """Rows that cannot stand beside each other once both point to one record: the one that goes → the one that stays."""
    found: dict[Any, Any] = {}
    for others, condition in relation.once():

        def held(pk: Any, names: list[str] = others, only: Q | None = condition) -> dict[tuple[Any, ...], Any]:
            rows = relation.rows(pk).filter(only) if only else relation.rows(pk)
            return {tuple(values): row for row, *values in rows.order_by("pk").values_list("pk", *names)}

        theirs = held(stay)
        for values, row in held(gone).items():
            if None not in values and values in theirs:
                found.setdefault(row, theirs[values])
    return found


def _point(relation: Relation, rows: list[Any], old: Any, new: Any) -> int:
    """Point rows from one record to another; those that point elsewhere by now are left. Their forms become stale."""
    target: dict[str, Any] = {relation.column.attname: new}
    if any(column.name == "version" for column in relation.model._meta.concrete_fields):
        target["version"] = F("version") + 1
    return sum(relation.rows(old).filter(pk__in=chunk).update(**target) for chunk in _chunks(rows))


def _chunks(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _set(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _save(row: Any, *, by: Any = None) -> None:
    row.version += 1
    if by is not None:
        row.updated_by = by
    row.save(force_update=True)


@dataclass(frozen=True)
class Wanted:
    """What people chose on the merge page.

    `taken`: names of CHOICES whose values come from the record that goes. `contacts`: (primary key of a contact of the
    record that goes, of the kept record's contact that is the same person).
    """

    taken: frozenset[str] = frozenset()
    contacts: tuple[tuple[int, int], ...] = ()


def suggested(kept: Partner, removed: Partner) -> frozenset[str]:
    """The names of CHOICES better taken from the record that goes: what the kept one lacks; else its locked name, a
    partner still active, the whole address, a name not in capitals, what was written last."""
    taken = set()
    for name, (_, columns) in CHOICES.items():
        mine, theirs = _said(kept, columns), _said(removed, columns)
        if mine == theirs or not theirs:
            continue
        if name == "name" and kept.name_locked != removed.name_locked:
            better = removed.name_locked
        elif name == "status":
            better = _RANK[PartnerStatus(removed.status)] < _RANK[PartnerStatus(kept.status)]
        elif name in ("name", "place") and mine and _care(removed, name) != _care(kept, name):
            better = _care(removed, name) > _care(kept, name)
        else:
            better = not mine or removed.updated_at > kept.updated_at
        if better:
            taken.add(name)
    return frozenset(taken)


def _care(partner: Partner, name: str) -> int:
    """How carefully a name or an address was written: not all in capitals, nothing left out."""
    if name == "name":
        return not partner.name.isupper()
    return sum(bool(part) for part in (partner.address, partner.postal_code, partner.city))


_RANK = {
    PartnerStatus.ACTIVE: 0,
    PartnerStatus.PROSPECT: 1,
    PartnerStatus.DORMANT: 2,
    PartnerStatus.ARCHIVED: 3,
}


def _said(partner: Partner, columns: Collection[str]) -> tuple[Any, ...]:
    """What a group of columns tells; () when nothing. What goes with a name or a SIRET says nothing alone."""
    values = tuple(getattr(partner, column) for column in columns)
    telling = values[:1] if {"name", "siret"} & {*columns} else values
    return values if any(value not in (None, "", False) for value in telling) else ()


def people_in_both(kept: Partner, removed: Partner) -> list[tuple[Contact, Contact]]:
    """(contact of the record that goes, contact of the kept one) that are one person: same address or same name."""
    found = []
    theirs = Contact.objects.in_school(removed.school_id).filter(partner=removed).order_by("pk")
    mine = list(Contact.objects.in_school(kept.school_id).filter(partner=kept).order_by("pk"))
    for one in theirs:
        twin = next((other for other in mine if _is_same_person(one, other)), None)
        if twin:
            found.append((one, twin))
    return found


def _is_same_person(one: Contact, other: Contact) -> bool:
    email, name = one.email.strip().casefold(), searchable(one.full_name)
    if email and email == other.email.strip().casefold():
        return True
    return bool(name) and name == searchable(other.full_name)


@transaction.atomic
def merge(kept: Partner, removed: Partner, wanted: Wanted, *, by: Any) -> Merge:
    """One record out of two, as people chose; returns what undoes it.

    `kept` and `removed` carry the versions that people saw: StaleEdit, with the record as it is now (None when it is no
    more), when someone changed or merged either in between. Raises PermissionDenied for one record or two schools.
    """
    if kept.pk == removed.pk or kept.school_id != removed.school_id:
        demand(Denied("Choisissez deux fiches différentes du lycée."))
    rows = {
        row.pk: row
        for row in Partner.objects.in_school(kept.school_id)
        .select_for_update(no_key=True)  # rows that point to them can still be saved meanwhile: they wait for nothing
        .filter(pk__in=[kept.pk, removed.pk])
        .order_by("pk")
    }
    for seen in (kept, removed):
        now = rows.get(seen.pk)
        if now is None or now.version != seen.version:
            raise StaleEdit(now)
    staying, leaving = rows[kept.pk], rows[removed.pk]
    story = Story()
    _join_people(story, staying, leaving, wanted.contacts)
    story.absorb(Partner, leaving.pk, staying.pk)
    # From here on nothing new can point to it; what was saved in between comes along too.
    list(Partner.objects.in_school(leaving.school_id).select_for_update().filter(pk=leaving.pk))
    story.absorb(Partner, leaving.pk, staying.pk)
    story.settle_pairs(leaving, staying)
    story.change(staying, _chosen(staying, leaving, wanted.taken), by=by)
    row = _values(leaving)
    leaving.delete()
    made = Merge(
        school_id=staying.school_id,
        kept=staying,
        removed_id=removed.public_id,
        removed_name=removed.name,
        story={
            "kept": staying.pk,
            "removed": row,
            "moves": story.moves,
            "dropped": story.dropped,
            "changes": story.changes,
        },
        created_by=by,
        updated_by=by,
    )
    made.save(force_insert=True)
    audit.record("partners.merged", staying, by=by, removed=str(removed.public_id), merge=str(made.public_id))
    return made


def _join_people(story: Story, kept: Partner, removed: Partner, pairs: Iterable[tuple[int, int]]) -> None:
    """People who are in both records: only theirs, each once."""
    theirs = set(Contact.objects.in_school(removed.school_id).filter(partner=removed).values_list("pk", flat=True))
    mine = set(Contact.objects.in_school(kept.school_id).filter(partner=kept).values_list("pk", flat=True))
    for gone, stay in pairs:
        if gone in theirs and stay in mine:
            theirs.discard(gone)
            story.join(Contact, gone, stay)


def _chosen(kept: Partner, removed: Partner, taken: Collection[str]) -> dict[str, Any]:
    """The kept record's new values, by column."""
    values: dict[str, Any] = {}
    for name in taken:
        for column in CHOICES[name][1]:
            attname = Partner._meta.get_field(column).attname  # type: ignore[union-attr]
            values[attname] = getattr(removed, attname)
    notes = [text for text in (kept.notes.strip(), removed.notes.strip()) if text]
    if removed.notes.strip() and removed.notes.strip() != kept.notes.strip():
        values["notes"] = "\n\n".join(notes)
    days = [day for day in (kept.first_contact_date, removed.first_contact_date) if day]
    values["first_contact_date"] = min(days, default=None)
    return values


def kept_for(school: School, public_id: UUID) -> Partner | None:
    """The record that a merged one's address leads to now; None when no merge removed it."""
    found = (
        Merge.objects.in_school(school)
        .filter(removed_id=public_id, undone_at=None)
        .select_related("kept")
        .order_by("-created_at")
        .first()
    )
    return found.kept if found else None


# ------------------------------------------------------------------------------------------------ undoing
def may_be_undone(merged: Merge, now: datetime) -> Verdict:
    """Within 30 days, once, and not before a later merge that took the kept record away."""
    if merged.undone_at:
        return Denied("Cette fusion est déjà défaite.")
    if not merged.story.get("removed") or now - merged.created_at > timedelta(days=UNDO_DAYS):
        return Denied(f"Une fusion se défait pendant {UNDO_DAYS} jours : ce délai est passé.")
    if merged.kept_id != merged.story["kept"]:
        return Denied(
            f"La fiche gardée a été fusionnée à son tour avec « {merged.kept} » : défaites d’abord cette fusion."
        )
    return ALLOWED


@dataclass
class Undone:
    """The record that is back, and what did not go back, in sentences."""

    partner: Partner
    left: list[str]


@transaction.atomic
def undo(merged: Merge, *, by: Any, now: datetime) -> Undone:
    """Two records again: the one that was removed with its address and what was its own, the kept one as it was.

    What changed since keeps its new value, and what was made since stays with the kept record; the answer says so.
    Raises PermissionDenied with the reason when it is too late, done already, or not this merge's turn.
    """
    merges = Merge.objects.in_school(merged.school_id)
    merged = merges.select_for_update(of=("self",), no_key=True).select_related("kept").get(pk=merged.pk)
    demand(may_be_undone(merged, now))
    list(Partner.objects.in_school(merged.school_id).select_for_update(no_key=True).filter(pk=merged.kept_id))
    story = merged.story
    left: list[str] = []
    values = story["removed"]
    if _is_taken(merged.school_id, values):
        demand(
            Denied(
                f"« {merged.removed_name} » est revenu entre-temps par un import, avec le même identifiant :"
                " fusionnez d’abord cette nouvelle fiche, ou gardez les deux telles quelles."
            )
        )
    if not _recreate(Partner, values):
        demand(Denied("La fiche fusionnée ne peut plus être remise en place."))
    for change in reversed(story["changes"]):
        left.extend(_change_back(change, by=by))
    for drop in reversed(story["dropped"]):
        left.extend(_bring_back(drop))
    for move in reversed(story["moves"]):
        left.extend(_move_back(move))
    merges.filter(pk=merged.pk).update(
        undone_at=now, story={}, version=F("version") + 1, updated_by=by if by is not None and by.pk else None
    )
    partner = Partner.objects.in_school(merged.school_id).get(pk=values["id"])
    audit.record("partners.merge_undone", partner, by=by, kept=str(merged.kept.public_id), merge=str(merged.public_id))
    return Undone(partner, left)


def _is_taken(school_id: int, values: dict[str, Any]) -> bool:
    table = Partner.objects.in_school(school_id)
    return table.filter(Q(dossier_id=values["dossier_id"]) | Q(public_id=values["public_id"])).exists()


def _recreate(model: type[models.Model], values: dict[str, Any]) -> bool:
    """Put a row back as it was, less what it pointed to and is gone; False when it cannot stand without it."""
    columns = _read(model, values)
    for column in model._meta.concrete_fields:
        target = columns.get(column.attname)
        if not isinstance(column, models.ForeignKey) or target is None:
            continue
        if column.related_model._base_manager.filter(pk=target).exists():
            continue
        if not column.null:
            return False
        columns[column.attname] = None
    try:
        with transaction.atomic():
            model(**columns).save_base(raw=True, force_insert=True)
    except IntegrityError:
        return False
    return True


def _bring_back(drop: dict[str, Any]) -> Iterator[str]:
    try:
        model = apps.get_model(drop["model"])
    except LookupError:
        return
    if not _recreate(model, drop["row"]):
        yield f"{str(model._meta.verbose_name).capitalize()} : une ligne réunie à la fusion n’a pas pu être séparée."


def _change_back(change: dict[str, Any], *, by: Any) -> Iterator[str]:
    """Give a row its old values, but for those that someone changed since."""
    try:
        model = apps.get_model(change["model"])
    except LookupError:
        return
    row = model._base_manager.select_for_update(no_key=True).filter(pk=change["pk"]).first()
    if row is None:
        return
    was, now = _read(model, change["was"]), _read(model, change["now"])
    same = {name for name in was if getattr(row, name) == now[name]}
    if model is NotDouble and len(same) < len(was):
        return  # the pair belongs to another merge by now
    for name in sorted(was.keys() - same):
        column = next(one for one in model._meta.concrete_fields if one.attname == name)
        yield f"« {row} » garde ce qui a été saisi depuis : {column.verbose_name}."
    before = {name: getattr(row, name) for name in same}
    _set(row, {name: was[name] for name in same})
    if not same:
        return
    try:
        with transaction.atomic():
            _save(row, by=by)
    except IntegrityError:
        _set(row, before)
        yield f"« {row} » reste tel que la fusion l’a laissé."


def _move_back(move: dict[str, Any]) -> Iterator[str]:
    """Point rows back to the record they came from: those still there, and still where the merge put them."""
    try:
        relation = relation_named(move["field"])
    except LookupError:
        return
    if not relation.column.related_model._base_manager.filter(pk=move["from"]).exists():
        return
    try:
        with transaction.atomic():
            _point(relation, move["rows"], move["to"], move["from"])
    except IntegrityError:
        for row in move["rows"]:
            try:
                with transaction.atomic():
                    _point(relation, [row], move["to"], move["from"])
            except IntegrityError:
                yield f"{str(relation.model._meta.verbose_name).capitalize()} : une ligne reste avec la fiche gardée."


def moved_words(merged: Merge) -> list[str]:
    """What went from one record to the other, « 3 placements », once for each table."""
    return _words((move["field"].rpartition(".")[0], len(move["rows"])) for move in merged.story.get("moves", ()))


def dropped_words(merged: Merge) -> list[str]:
    """What both records held and is one since, « 1 invitation »."""
    return _words((drop["model"], 1) for drop in merged.story.get("dropped", ()))


def _words(counts: Iterable[tuple[str, int]]) -> list[str]:
    total: dict[str, int] = {}
    for label, count in counts:
        total[label] = total.get(label, 0) + count
    metas = [(apps.get_model(label)._meta, count) for label, count in total.items()]
    return [french.plural(count, str(meta.verbose_name), str(meta.verbose_name_plural)) for meta, count in metas]


# ------------------------------------------------------------------------------------------------ forgetting
def forget_stories(now: datetime) -> int:
    """Empty the stories of merges that can no longer be undone, and the names of what they removed; returns how many.

    What stays leads old addresses, and dossiers that still carry the removed record, to the kept one.
    """
    late = Merge.objects.across_schools(why="nightly: stories past their 30 days").filter(
        created_at__lt=now - timedelta(days=UNDO_DAYS)
    )
    return late.exclude(removed_name="").update(story={}, removed_name="", version=F("version") + 1)
