"""Asking services of other houses: one small client that never waits long, never trusts an answer, and fails in one way.

A `Service` says where it is and which French sentence people read when it does not answer; every failure, from DNS to
nonsense, is an `Unavailable` with that sentence. After a failure the service is left alone for a minute, by all processes
(the rest is kept in the cache « outside »). Logs hold the service's name and the kind of failure: no address, no words, no
answer (S-28).
"""

import json
import logging
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.core.cache import BaseCache, caches
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

log = logging.getLogger(__name__)

SECONDS = 5.0  # for a try: connection, waiting and reading
BULK_SECONDS = 60.0  # for a file of many lines, in a job only
PATIENCE = 3.0  # the longest wait that a 429 may ask of a call; beyond it, the sentence
REST_SECONDS = 60
LONGEST_REST = 3600
MAX_BYTES = 2 * 1024 * 1024
MAX_REDIRECTS = 2
KINDS = {
    "json": "application/json",
    "csv": "text/csv, text/plain;q=0.9",
    "timestamp": "application/timestamp-reply",
}
PACE = 5  # calls a second, at most, of all jobs together


class Reason(StrEnum):
    """Why a call failed: for logs and tests; people read the service's sentence."""

    OFF = "off"
    RESTING = "resting"
    NETWORK = "network"
    SLOW = "slow"
    BUSY = "busy"  # 429
    REFUSED = "refused"  # another 4xx: what we asked was wrong, the service is well
    BROKEN = "broken"  # 5xx
    MOVED = "moved"  # sent elsewhere
    TOO_BIG = "too_big"
    NONSENSE = "nonsense"


class Unavailable(Exception):
    """The service gave no answer that we can use. `str()` is a French sentence that can be shown as it is."""

    def __init__(self, sentence: str, reason: Reason, *, wait: float = 0) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.wait = wait  # seconds that the service asked to be left alone, 0 when it said nothing


@dataclass(frozen=True)
class Service:
    """A service of another house. An empty `url`: this installation does not use it."""

    name: str
    url: str
    sorry: str

    def failure(self, reason: Reason, *, wait: float = 0) -> Unavailable:
        return Unavailable(self.sorry, reason, wait=wait)

    def get_json(self, path: str, params: Mapping[str, str]) -> Any:
        """The JSON that GET answers. Raises Unavailable."""
        return self._json(self._ask("GET", path, params=dict(params)))

    def post_file(
        self, path: str, *, file: bytes, name: str, fields: list[tuple[str, str]], max_bytes: int = MAX_BYTES
    ) -> bytes:
        """What a multipart POST of one CSV file (`data`) answers: text of any kind but a page. For jobs. Raises Unavailable."""
        return self._ask(
            "POST",
            path,
            data=fields,
            files={"data": (name, file, "text/csv")},
            seconds=BULK_SECONDS,
            max_bytes=max_bytes,
            accepts="csv",
        )

    def post(self, path: str, body: bytes, *, kind: str, accepts: str, max_bytes: int = MAX_BYTES) -> bytes:
        """What a POST of this body, of this media type, answers. For jobs. Raises Unavailable."""
        headers = {"Content-Type": kind}
        return self._ask(
            "POST", path, data=body, headers=headers, seconds=SECONDS, max_bytes=max_bytes, accepts=accepts
        )

    def _json(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise self._fail(Reason.NONSENSE) from None

    # ------------------------------------------------------------------------------------------------------- one call
    def _ask(
        self,
        method: str,
        path: str,
        *,
        seconds: float = SECONDS,
        max_bytes: int = MAX_BYTES,
        accepts: str = "json",
        **what: Any,
    ) -> bytes:
        """The body of a 200; a 429 is tried again once, when it asks for a short wait."""
        if not self.url:
            raise self.failure(Reason.OFF)
        if is_resting(self):
            raise self.failure(Reason.RESTING)
        try:
            return self._try(method, path, seconds, max_bytes, accepts, what)
        except Unavailable as refused:
            if refused.reason != Reason.BUSY or not 0 < refused.wait <= PATIENCE:
                raise self._fail(refused.reason, wait=refused.wait) from None
            wait = refused.wait
        time.sleep(wait)
        try:
            return self._try(method, path, seconds, max_bytes, accepts, what)
        except Unavailable as refused:
            raise self._fail(refused.reason, wait=refused.wait) from None

    def _fail(self, reason: Reason, *, wait: float = 0) -> Unavailable:
        """Note the failure, leave the service alone for a while unless the fault is ours; returns what to raise."""
        log.warning("outside.failed", extra={"service": self.name, "reason": str(reason)})
        if reason != Reason.REFUSED:
            rest(self, max(REST_SECONDS, min(wait, LONGEST_REST)))
        return self.failure(reason, wait=wait)

    def _try(self, method: str, path: str, seconds: float, max_bytes: int, accepts: str, what: dict[str, Any]) -> bytes:
        clock = _Clock(seconds)
        url = f"{self.url.rstrip('/')}/{path.lstrip('/')}"
        try:
            with clock:
                for _ in range(MAX_REDIRECTS + 1):
                    with (
                        _session(clock, KINDS[accepts]) as session,
                        session.request(
                            method, url, timeout=seconds, stream=True, allow_redirects=False, **what
                        ) as response,
                    ):
                        if not response.is_redirect:
                            return self._body(response, max_bytes, accepts)
                        url = self._same_house(url, response.headers["Location"])
                        what = {name: value for name, value in what.items() if name != "params"}
                raise self.failure(Reason.MOVED)
        except Unavailable:
            if clock.passed:  # what was cut may look like an answer
                raise self.failure(Reason.SLOW) from None
            raise
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            slow = clock.passed or isinstance(error, requests.Timeout)
            raise self.failure(Reason.SLOW if slow else Reason.NETWORK) from None

    def _same_house(self, before: str, location: str) -> str:
        after = urljoin(before, location)
        if urlsplit(after)[:2] != urlsplit(self.url)[:2]:
            raise self.failure(Reason.MOVED)
        return after

    def _body(self, response: requests.Response, max_bytes: int, accepts: str) -> bytes:
        if response.status_code == 429:
            raise self.failure(Reason.BUSY, wait=_wait_asked(response.headers.get("Retry-After", "")))
        if response.status_code >= 500:
            raise self.failure(Reason.BROKEN)
        if response.status_code != 200:
            raise self.failure(Reason.REFUSED if response.status_code >= 400 else Reason.NONSENSE)
        kind = response.headers.get("Content-Type", "").lower()
        if "html" in kind or (accepts in ("json", "timestamp") and accepts not in kind):
            raise self.failure(Reason.NONSENSE)
        body = bytearray()
        for piece in response.iter_content(65_536):
            body += piece
            if len(body) > max_bytes:
                raise self.failure(Reason.TOO_BIG)
        return bytes(body)


def _session(clock: "_Clock", kind: str) -> requests.Session:
    """For one exchange: no connection is kept for the next, no cookie, no password of ~/.netrc."""
    session = requests.Session()
    session.mount("http://", _Adapter(clock))
    session.mount("https://", _Adapter(clock))
    session.headers.update(
        {"User-Agent": agent(), "Accept": kind, "Accept-Encoding": "identity", "Connection": "close"}
    )
    session.auth = _nobody
    return session


def agent() -> str:
    """Who we are, with an address to write to when the installation has one, as public services ask."""
    address = settings.DEFAULT_FROM_EMAIL
    contact = "" if address.endswith("@localhost") else f"; {address}"
    return f"bdeplatform/1 (bureau des entreprises de lycée professionnel{contact})".encode("ascii", "replace").decode()


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _wait_asked(header: str) -> float:
    """Seconds in a Retry-After (a number, or a date); 0 when it says nothing that can be read."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(min(int(header[:9]), LONGEST_REST))
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, min((moment - datetime.now(UTC)).total_seconds(), float(LONGEST_REST)))


# ------------------------------------------------------------------------------------------------ a limit on whole calls


class _Clock:
    """Cuts the connection when the time of a whole call is over: a time-out of the socket only counts silences, so a byte a
    second would hold a request for hours."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sock: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._over)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, sock: socket.socket | None) -> None:
        self._sock = sock
        if self.passed:
            self._cut()

    def _over(self) -> None:
        self.passed = True
        self._cut()

    def _cut(self) -> None:
        if self._sock is not None:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)


class _Adapter(HTTPAdapter):
    """Connections that the clock can cut."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__(max_retries=0)
        self._clock = clock

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        clock, kind = self._clock, pool.ConnectionCls

        class Watched(kind):  # type: ignore[valid-type,misc]
            def connect(self) -> None:
                super().connect()
                clock.watch(self.sock)

        pool.ConnectionCls = Watched
        return pool


# -------------------------------------------------------------------------------------------- what all processes share


def memory() -> BaseCache:
    """Where answers and rests are kept: a cache of its own, so that answers never push out what counts failed sign-ins."""
    return caches["outside"]


def is_resting(service: Service) -> bool:
    """True when a recent call failed; a cache that is away says nothing."""
    return bool(recall(f"rest:{service.name}"))


def rest(service: Service, seconds: float) -> None:
    """Leave the service alone for so long."""
    remember(f"rest:{service.name}", True, seconds)


def recall(key: str) -> Any:
    """What was kept under a key; None when nothing was, or when the cache is away."""
    try:
        return memory().get(key)
    except Exception:  # whatever the cache's server raises: it must not break a page
        log.warning("outside.memory_away", exc_info=True)
        return None


def remember(key: str, value: Any, seconds: float) -> None:
    """Keep a value for so long; a cache that is away keeps nothing."""
    try:
        memory().set(key, value, seconds)
    except Exception:
        log.warning("outside.memory_away", exc_info=True)


def wait_for_turn(service: Service) -> None:
    """Hold a job until it may call: all jobs of all processes share so many turns a second."""
    waited = 0.0
    while waited < 30:
        turn = int(time.time() * PACE) % (2 * PACE)  # ten keys that come round every two seconds
        try:
            if memory().add(f"turn:{service.name}:{turn}", 1, 1):
                return
        except Exception:
            log.warning("outside.memory_away", exc_info=True)
            time.sleep(1 / PACE)
            return
        time.sleep(0.2 / PACE)
        waited += 0.2 / PACE
