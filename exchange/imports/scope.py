"""Which schools a dossier is about (B-19, B-25, B-27)."""

from django.db.models import Q

from exchange.definitions import RESOURCES
from exchange.imports.world import Tables
from exchange.problems import Problems
from schools.models import DossierRecord, School

WHICH = "Ce dossier ne dit pas de quel établissement il s’agit : joignez etablissements.csv, ou précisez l’UAI."


def named(tables: Tables) -> list[str]:
    """Every UAI that a row writes, in order."""
    found: dict[str, None] = {}
    for table in tables.values():
        if "uai" in table.present:
            index = table.resource.at("uai")
            found.update((row.raw[index], None) for row in table.rows if row.raw[index])
    return list(found)


def _holders(tables: Tables) -> list[str]:
    """Schools that hold the rows which a dossier without any UAI refers to."""
    found: set[str] = set()
    for table in tables.values():
        for reference in table.resource.references:
            model = RESOURCES[reference.target].model
            if len(reference.columns) > 1 or not issubclass(model, DossierRecord):
                continue
            names = {row.raw[reference.indexes[0]] for row in table.rows[:200]} - {""}
            if names:
                found.update(
                    model.objects.across_schools(why="which school is a dossier without UAI about")
                    .filter(Q(dossier_id__in=names))
                    .values_list("school__uai", flat=True)
                    .distinct()
                )
    return sorted(found)


def of(tables: Tables, *, uai: str, name: str, problems: Problems) -> tuple[str, ...]:
    """The schools of the dossier. A dossier without UAI goes to the one school it can be about, else it is an error."""
    if uai:
        return (uai,)
    if found := named(tables):
        return tuple(found)
    if not any(table.rows for table in tables.values()):
        return ()
    candidates = _holders(tables) or list(School.objects.values_list("uai", flat=True)[:2])
    if len(candidates) != 1:
        problems.error(name, WHICH)
        return ()
    return tuple(candidates)
