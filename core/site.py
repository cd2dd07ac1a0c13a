"""Where this site stands, for what leaves it: mails, QR codes, papers."""

from django.conf import settings


def address() -> str:
    """`https://host` of the site, from the settings and never from a request."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0]).rstrip("/")
    host = next((host for host in settings.ALLOWED_HOSTS if host != "*"), "127.0.0.1").lstrip(".")
    if settings.HTTPS:
        return f"https://{host}"
    return f"http://{host}:8000" if host in {"127.0.0.1", "localhost"} else f"http://{host}"
