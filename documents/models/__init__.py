from documents.models.circuit import (
    CircuitSettings,
    Delegation,
    Reminder,
    Scan,
    SignatureEvent,
    SignerProposal,
    SigningCode,
    SigningLink,
)
from documents.models.papers import Document, PaperModel, Signature, stored_path

__all__ = [
    "CircuitSettings",
    "Delegation",
    "Document",
    "PaperModel",
    "Reminder",
    "Scan",
    "Signature",
    "SignatureEvent",
    "SignerProposal",
    "SigningCode",
    "SigningLink",
    "stored_path",
]
