from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        from indicators import handing_over, stories  # noqa: F401  registers the app's panels of a partner's page
