from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "conventions"

    def ready(self) -> None:
        from conventions import stories  # noqa: F401  registers the app's tasks, tab and facts
