from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConventionsConfig(AppConfig):
    name = "conventions"

    def ready(self) -> None:
        from conventions import catalogue, example_papers, finding, handing_over, networks, stories  # noqa: F401  register the app's filter, tasks, tab, facts and panel

        post_migrate.connect(catalogue.refresh_shipped, sender=self, dispatch_uid="conventions.catalogue")
