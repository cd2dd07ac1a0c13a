from django.apps import AppConfig


class PfmpConfig(AppConfig):
    name = "pfmp"

    def ready(self) -> None:
        from pfmp import example_papers, finding, handing_over, imports, stories  # noqa: F401  registers what this app adds to the pages of the apps below
