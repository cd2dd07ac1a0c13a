"""Who signs or refuses online, as the proof keeps it of a request (S-22): behind a link and from an account alike."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from documents.circuit import Trace
from documents.enums import SignatureMeans


def client_ip(request: HttpRequest) -> str:
    """The address of the browser behind the configured proxies; empty when nobody can tell."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


def trace(request: HttpRequest, means: SignatureMeans, *, address: str = "") -> Trace:
    """By which means, from where; `address`: the masked one that the code went to."""
    return Trace(means, address=address, ip=client_ip(request), browser=request.headers.get("User-Agent", ""))
