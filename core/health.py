"""Is the platform alive, and can it work? For supervisors: counts and states only, no personal data (R-11)."""

import logging
import os
import shutil
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import Job, OutboxMessage, OutboxState
from core.sealing import certificates

log = logging.getLogger(__name__)

LOW_DISK_BYTES = 200 * 1024 * 1024
LATE = timedelta(minutes=10)  # many sweeps: something is wrong with the workers, not with one message


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, else 503. A backlog is told as "late": people still read and write, and it catches up."""
    checks: dict[str, dict[str, Any]] = {"database": _database(), "disk": _disk()}
    if checks["database"]["status"] == "ok":
        checks["jobs"] = _jobs()
        checks["seal"] = _seal()
    ready = all(checks[name]["status"] == "ok" for name in ("database", "disk"))
    late = any(check["status"] == "late" for check in checks.values())
    status = "failing" if not ready else "late" if late else "ok"
    return JsonResponse({"status": status, "checks": checks}, status=200 if ready else 503)


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.warning("health.database", exc_info=True)
        return {"status": "failing"}
    return {"status": "ok"}


def _disk() -> dict[str, Any]:
    """Room in the data folder, and leave to write in it."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        return {"status": "failing"}
    writable = os.access(settings.DATA_DIR, os.W_OK)
    return {"status": "ok" if writable and free >= LOW_DISK_BYTES else "failing", "free_mb": free // 2**20}


def _seal() -> dict[str, Any]:
    """Certificates given by an operator that have expired, or are about to: papers are sealed all the same."""
    counts = certificates.expiries(timezone.now())
    return {"status": "late" if counts["expired"] else "ok", **counts}


def _jobs() -> dict[str, Any]:
    now = timezone.now()
    late = Job.objects.due(now - LATE).filter(created_at__lt=now - LATE) | Job.objects.abandoned(now - LATE)
    waiting_mail = OutboxMessage.objects.filter(state=OutboxState.WAITING, created_at__lt=now - LATE)
    counts = {"late": late.count(), "waiting": Job.objects.alive().count(), "mail_waiting": waiting_mail.count()}
    return {"status": "late" if counts["late"] else "ok", **counts}
