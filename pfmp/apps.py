from django.apps import AppConfig


class PfmpConfig(AppConfig):
    name = "pfmp"

    def ready(self) -> None:
        from pfmp import (  # noqa: F401  registers what this app adds to the pages of the apps below
            after_stay,
            agenda,
            before_stay,
            duties,
            example_papers,
            finding,
            handing_over,
            imports,
            precautions,
            stories,
            visiting,
        )
