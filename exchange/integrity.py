"""What must hold in the database whatever happened: keys, schools that agree, stored papers (`manage.py integrity`)."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, cast

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.models import F, Q

from conventions.models import Agreement
from core.sealing import certificates
from core.uai import is_uai
from documents import sealing
from documents.enums import Subject
from documents.models import Document
from exchange.definitions import DATE_ORDER, RESOURCES
from exchange.snapshot import consistent_reads
from indicators import sealing as year_sealing
from indicators.models import YearSeal
from pfmp.models import Placement
from schools.models import School, SchoolRecord

SHOWN = 20
WHY = "the integrity of every school's data"


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold, and some of the rows: primary keys only, for logs (S-28)."""

    rule: str
    table: str
    count: int
    rows: list[Any]
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _breach(rule: str, model: type[models.Model], rows: list[Any], message: str) -> Iterator[Breach]:
    if rows:
        yield Breach(rule, model._meta.db_table, len(rows), rows[:SHOWN], message)


def _school_models() -> list[type[SchoolRecord]]:
    return [model for model in apps.get_models() if issubclass(model, SchoolRecord)]


def _wrong(model: type[SchoolRecord], condition: Q) -> list[int]:
    return list(
        model._default_manager.across_schools(why=WHY).filter(condition).order_by("pk").values_list("pk", flat=True)
    )


def dangling_keys() -> Iterator[Breach]:
    """Foreign keys that lead nowhere. PostgreSQL cannot hold any; SQLite checks only what its connections asked for."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        found: dict[str, list[Any]] = {}
        for table, rowid, *_ in cursor.fetchall():
            found.setdefault(table, []).append(rowid)
        cursor.execute("PRAGMA quick_check(1)")
        damage = cursor.fetchone()[0]
    for table, rows in found.items():
        yield Breach("cle-etrangere", table, len(rows), rows[:SHOWN], "Une clé étrangère ne mène à aucune ligne.")
    if damage != "ok":
        yield Breach("fichier", "", 1, [damage], "Le fichier de la base est abîmé.")


def other_schools() -> Iterator[Breach]:
    """A row and what it refers to are of one school (S-02)."""
    for model in _school_models():
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(target, type) and issubclass(target, SchoolRecord):
                rows = _wrong(
                    model, Q(**{f"{field.name}__isnull": False}) & ~Q(**{f"{field.name}__school": F("school")})
                )
                yield from _breach("etablissement", model, rows, f"« {field.name} » est d’un autre établissement.")


def repeated_columns() -> Iterator[Breach]:
    """The school year kept beside a class is the class's own."""
    for model in _school_models():
        names = {field.name for field in model._meta.concrete_fields}
        if {"year", "school_class"} <= names:
            yield from _breach(
                "annee", model, _wrong(model, ~Q(year=F("school_class__year"))), "L’année n’est pas celle de la classe."
            )


def values_of_the_dossier() -> Iterator[Breach]:
    """Values that an import would refuse: closed lists, missing texts, dates in disorder, keys of schools."""
    for resource in RESOURCES.values():
        model = resource.model
        if not issubclass(model, SchoolRecord):
            continue
        for column in resource.columns:
            if column.is_relation or column.name == "sha256":
                continue
            if column.enum:
                allowed = [*column.enum, *([] if column.required else [""])]
                rows = _wrong(model, ~Q(**{f"{column.path}__in": allowed}))
                yield from _breach("liste", model, rows, f"« {column.name} » n’est pas dans sa liste.")
            elif column.required and column.type == "string":
                yield from _breach("vide", model, _wrong(model, Q(**{column.path: ""})), f"« {column.name} » est vide.")
        for start, end in DATE_ORDER.get(resource.name, ()):
            first, last = resource.by_name[start].path, resource.by_name[end].path
            rows = _wrong(model, Q(**{f"{last}__lt": F(first)}))
            yield from _breach("dates", model, rows, f"« {end} » est avant « {start} ».")
    wrong = [school.pk for school in School.objects.only("uai") if not is_uai(school.uai)]
    yield from _breach("uai", School, wrong, "La lettre-clé de l’UAI n’est pas la bonne.")


def _model(name: str) -> type[SchoolRecord]:
    return cast(type[SchoolRecord], RESOURCES[name].model)


def consistency() -> Iterator[Breach]:
    """B-13 and A-116 on what is stored."""
    other = Q(tutor__isnull=False) & ~Q(tutor__partner=F("partner"))
    yield from _breach("tuteur", Placement, _wrong(Placement, other), "Le tuteur est le contact d’un autre partenaire.")
    interaction = _model("echanges")
    other = Q(contact__isnull=False) & ~Q(contact__partner=F("partner"))
    yield from _breach(
        "contact", interaction, _wrong(interaction, other), "Le contact est celui d’un autre partenaire."
    )
    answer = _model("satisfaction")
    other = Q(survey__isnull=False) & ~Q(survey__audience=F("audience"))
    yield from _breach("public", answer, _wrong(answer, other), "Le public n’est pas celui de l’enquête.")


def papers() -> Iterator[Breach]:
    """Each paper is about something that exists, and its stored PDF has its fingerprint."""
    placements = Placement.objects.across_schools(why=WHY).values_list("school", "dossier_id")
    agreements = Agreement.objects.across_schools(why=WHY).values_list("school", "dossier_id")
    known = {Subject.PLACEMENT: set(placements), Subject.AGREEMENT: set(agreements)}
    documents = Document.objects.across_schools(why=WHY).select_related("school").order_by("pk")
    orphans, altered = [], []
    for document in documents.iterator(chunk_size=2000):
        if document.subject == Subject.SCHOOL:
            if document.subject_id != document.school.uai:
                orphans.append(document.pk)
        elif (document.school_id, document.subject_id) not in known[Subject(document.subject)]:
            orphans.append(document.pk)
        if document.file and not _is_intact(document.file.name, document.sha256):
            altered.append(document.pk)
    seals = certificates.known()
    unsealed = [document.pk for document in sealing.sealed_documents() if sealing.damage(document, seals)]
    yield from _breach("sceau", Document, unsealed, "Le fichier scellé manque, a changé, ou son sceau ne tient pas.")
    yield from _breach("objet", Document, orphans, "Le document parle d’une fiche qui n’existe pas.")
    yield from _breach("empreinte", Document, altered, "Le PDF conservé manque ou n’a plus son empreinte.")


def _is_intact(name: str, sha256: str) -> bool:
    try:
        with default_storage.open(name) as paper:
            return hashlib.sha256(paper.read()).hexdigest() == sha256
    except OSError:
        return False


def year_seals() -> Iterator[Breach]:
    """The figures of each closed year are those that were sealed (P-04)."""
    seals = YearSeal.objects.across_schools(why=WHY).select_related("school").order_by("pk")
    broken = [one.pk for one in seals.iterator(chunk_size=50) if not year_sealing.is_intact(one, one.school.uai)]
    yield from _breach("annee-scellee", YearSeal, broken, "Les chiffres d’une année scellée ont changé.")


RULES = (dangling_keys, other_schools, repeated_columns, values_of_the_dossier, consistency, papers, year_seals)


def breaches() -> list[Breach]:
    """Every rule that does not hold, in one state of the database."""
    with consistent_reads():
        return [breach for rule in RULES for breach in rule()]
