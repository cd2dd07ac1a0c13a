from core.models.audit import AuditEvent
from core.models.base import Record
from core.models.jobs import Job, JobState
from core.models.outbox import OutboxMessage, OutboxState

__all__ = ["AuditEvent", "Job", "JobState", "OutboxMessage", "OutboxState", "Record"]
