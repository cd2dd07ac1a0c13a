from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from partners import handing_over, imports, stories, taxe_bulk, taxe_due, taxe_imports  # noqa: F401  registers the app's imports, tasks and facts
