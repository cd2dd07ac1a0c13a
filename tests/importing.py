"""A person who brings a spreadsheet in, through the pages."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import jobs
from core.spreadsheets import as_csv
from schools.models import School, TableImport


def with_key(first_nine: int, establishment: int = 1) -> str:
    """A SIRET with the right key: nine digits and an establishment number, the last digit found."""
    start = f"{first_nine:09d}{establishment:04d}"
    total = 0
    for position, character in enumerate(reversed(start)):
        digit = int(character) * (2 if position % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return f"{start}{-total % 10}"


class Traveller:
    """One import, followed through its pages; `record` is as the database holds it now."""

    def __init__(self, client: Client, school: School, slug: str = "entreprises") -> None:
        self.client, self.school, self.slug = client, school, slug
        self.public_id: Any = None

    @property
    def record(self) -> TableImport:
        return TableImport.objects.in_school(self.school).get(public_id=self.public_id)

    def url(self, page: str) -> str:
        return reverse(f"schools:table_import_{page}", args=[self.school.uai, self.public_id])

    def send(self, data: bytes | list[list[Any]], name: str = "entreprises.csv") -> "Traveller":
        """The file; rows are written as CSV, the first being the header."""
        content = data if isinstance(data, bytes) else as_csv(data[0], data[1:])
        address = reverse("schools:table_import_new", args=[self.school.uai, self.slug])
        response = self.client.post(address, {"fichier": SimpleUploadedFile(name, content)})
        assert response.status_code == 302, response.content.decode()
        self.public_id = response["Location"].rstrip("/").rpartition("/")[2]
        jobs.run_waiting()
        return self

    def columns(self, mapping: dict[str, int] | None = None, **options: str) -> "Traveller":
        """Confirm the columns found, or others; then the dry run."""
        chosen = self.record.mapping if mapping is None else mapping
        posted = {f"colonne-{name}": column for name, column in chosen.items()} | {"status": "actif"} | options
        response = self.client.post(self.url("columns"), posted)
        assert response.status_code == 302, response.content.decode()
        jobs.run_waiting()
        return self

    def decide(self, everything: str = "", **lines: str) -> "Traveller":
        posted = {f"ligne-{line.removeprefix('l')}": choice for line, choice in lines.items()}
        self.client.post(self.url("decide"), posted | ({"tous": everything} if everything else {}))
        return self

    def apply(self) -> "Traveller":
        self.client.post(self.url("apply"))
        jobs.run_waiting()
        return self

    def undo(self) -> "Traveller":
        self.client.post(self.url("undo"))
        jobs.run_waiting()
        return self

    def page(self, query: str = "") -> str:
        response = self.client.get(self.url("detail") + query)
        assert response.status_code == 200
        return response.content.decode()

    @property
    def counts(self) -> dict[str, int]:
        """The counts of the report that are not zero."""
        return {name: count for name, count in self.record.report["counts"].items() if count}

    def line(self, number: int) -> dict[str, Any]:
        return next(line for line in self.record.report["lines"] if line["line"] == number)
