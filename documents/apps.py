from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents import stories  # noqa: F401  registers what this app adds to the work list and to the circuit
