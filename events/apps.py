from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events import stories  # noqa: F401  registers the app's tasks, tab and facts
