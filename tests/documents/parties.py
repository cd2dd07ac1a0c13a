"""Papers to sign, for the tests of the circuit: who signs, in which turn, at which address."""

from datetime import UTC, date, datetime
from typing import Any

from documents.models import Document, Signature
from schools.models import School
from tests.factories import DocumentFactory, SignatureFactory

NOW = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)  # a Tuesday


def content(last_name: str = "Meziane") -> dict[str, Any]:
    """What the frozen content of a convention says that pages read."""
    return {
        "pupil": {"last_name": last_name, "first_name": "Rayan", "class_label": "1re MELEC"},
        "host": {"name": "Atelier Dupont"},
        "start_date": date(2026, 3, 2).isoformat(),
        "end_date": date(2026, 3, 27).isoformat(),
        "alerts": [{"rule": "R-DUR-01", "message": "Plus de 35 heures.", "reason": "Accord de la direction."}],
    }


def paper(school: School, *, sha256: str = "a" * 64, **values: Any) -> Document:
    """A paper of the school whose PDF is ready; its subject is unknown, so that nothing above the papers answers."""
    made: Document = DocumentFactory(
        school=school, sha256=sha256, content=values.pop("content", content()), issued_at=NOW, **values
    )
    return made


def party(document: Document, role: str, email: str = "", turn: int = 1, **values: Any) -> Signature:
    made: Signature = SignatureFactory(
        school=document.school,
        document=document,
        role=role,
        email=email,
        turn=turn,
        **(
            {"name": {"organisme_accueil": "Inès Vasseur", "tuteur": "Yann Dupont"}.get(role, "Nadia Lefèvre")} | values
        ),
    )
    return made


def convention(school: School, number: int = 0, **values: Any) -> Document:
    """A paper with a host, a tutor and the head, in that order of turns."""
    document = paper(school, sha256=f"{number:064x}", **values)
    party(document, "organisme_accueil", "ines@vasseur.example")
    party(document, "tuteur", "yann@vasseur.example")
    party(document, "chef_etablissement", turn=2)
    return document


def row(document: Document, role: str) -> Signature:
    return (
        Signature.objects.in_school(document.school)
        .select_related("school", "document__school")
        .get(document=document, role=role)
    )
