from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        from indicators import after_actions, bulk, handing_over, key_numbers, steering_due, stories  # noqa: F401  registers the app's panels of a partner's page and its tasks
