"""Run by the environment's Python: brings database and static files up to date, and the demo school when asked.

    prepare.py [migrate] [demo]

Without `migrate`, only an empty database is migrated: the others belong to their operator.
"""

import io
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))


def main(words: list[str]) -> None:
    """Does what the words ask for; people are told on standard error."""
    import django

    logging.disable(logging.INFO)
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if "migrate" in words or "django_migrations" not in connection.introspection.table_names():
        call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if "demo" in words:
        from schools.models import School

        if not School.objects.exists():
            print("Création du lycée de démonstration (données fictives)…", file=sys.stderr, flush=True)
            call_command("seed", stdout=io.StringIO(), stderr=io.StringIO())  # the accounts are told at the end


if __name__ == "__main__":
    main(sys.argv[1:])
