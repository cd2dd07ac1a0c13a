from django.apps import AppConfig


class PfmpConfig(AppConfig):
    name = "pfmp"

    def ready(self) -> None:
        from pfmp import duties, example_papers, finding, handing_over, imports, search_stories, stories, visiting  # noqa: F401  registers what this app adds to the pages of the apps below
