from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks  # noqa: F401  registers what `check` says of this installation

        autodiscover_modules("tasks")  # every process knows every kind of job: web, worker, commands
