from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from surveys import guests, stories  # noqa: F401  register letters' addresses, and what leavers became
