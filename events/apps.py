from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events import bulk, handing_over, photos, promised, sections, stories  # noqa: F401  register the app's tasks, tab and facts
