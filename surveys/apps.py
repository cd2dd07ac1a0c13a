from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        # Letters' addresses; the import of InserJeunes; what is to do about leavers, and what they became.
        from surveys import guests, inserjeunes, leaver_todo, stories, survey_todo  # noqa: F401
