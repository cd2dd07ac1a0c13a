"""`routes`: the table of addresses, roles and methods, with the answer expected of each."""

from typing import Any

from bdeplatform.access import ROUTES
from core.commands import JsonLineCommand
from schools.enums import Role

METHODS = ("GET", "POST")


class Command(JsonLineCommand):
    help = "Dit qui ouvre quelle adresse, avec quelle méthode."

    def answer(self, **options: Any) -> dict[str, Any]:
        lines = [
            {
                "route": route.name,
                "method": method,
                "personne": route.expected(None, method),
                **{role.value: route.expected(role, method) for role in Role},
                "academie": route.expected(Role.BDE, method, member=False, reader=True),
                "etranger": route.expected(Role.BDE, method, member=False),
            }
            for route in ROUTES
            for method in METHODS
        ]
        width = max(len(line["route"]) for line in lines)
        heads = ["personne", *(role.value for role in Role), "academie", "etranger"]
        self.stderr.write(f"{'route':{width}}  {'':4}  " + "  ".join(f"{head:12}" for head in heads))
        for line in lines:
            cells = "  ".join(f"{line[head]:12}" for head in heads)
            self.stderr.write(f"{line['route']:{width}}  {line['method']:4}  {cells}")
        return {"ok": True, "routes": lines}
