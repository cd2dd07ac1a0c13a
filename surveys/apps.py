from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from surveys import stories  # noqa: F401  registers what leavers became on their employer's page
