"""run_jobs: do what waits, without a worker."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from core import jobs


class Command(BaseCommand):
    help = "Fait tout de suite les travaux qui attendent, dans ce processus ; utile sans « worker », par exemple avec cron."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps({"jobs": jobs.run_waiting()}))
