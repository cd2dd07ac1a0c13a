from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "conventions"

    def ready(self) -> None:
        from conventions import finding, handing_over, networks, stories  # noqa: F401  register the app's filter, tasks, tab, facts and panel
