"""What `manage.py check` says of an installation, beside Django's own checks."""

from typing import Any

from django.core import checks
from django.utils import timezone

from core.sealing import certificates


@checks.register("seal")
def seal_certificates(**_: Any) -> list[checks.CheckMessage]:
    """Certificates of seals that have expired, are about to, or whose key no longer opens."""
    try:
        found = list(certificates.troubles(timezone.now()))
    except OSError:  # no data folder yet
        return []
    return [checks.Warning(sentence, id="core.W001") for sentence in found]
