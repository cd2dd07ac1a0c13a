"""The invariants of the database and of the business data."""

from typing import Any

from core.commands import JsonLineCommand
from exchange import integrity


class Command(JsonLineCommand):
    help = "Vérifie la base et les données : clés, établissements, listes, dates, documents conservés."

    def answer(self, **options: Any) -> dict[str, Any]:
        """`ok` and every rule that does not hold, with the primary keys of some rows."""
        found = integrity.breaches()
        for breach in found:
            self.stderr.write(f"{breach.table} : {breach.message} ({breach.count})")
        return {"ok": not found, "rules": len(integrity.RULES), "breaches": [breach.as_json() for breach in found]}
