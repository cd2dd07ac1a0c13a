"""A stand-in for the public services that the platform asks: the register of companies (Sirene) and the addresses (BAN).

It answers from `tests/data/sirene` and `tests/data/ban`, and plays each failure by name. By hand, on a development machine:

    .venv/bin/python -m tests.outside_services --port 8099 [--plays slow]
    SIRENE_URL=http://127.0.0.1:8099/sirene BAN_URL=http://127.0.0.1:8099/ban bin/run
"""

import argparse
import csv
import io
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATA = Path(__file__).parent / "data"
PLAYS = {
    "well": "answers",
    "busy_once": "429 and Retry-After: 1, then answers",
    "busy_long": "429 and Retry-After: 120",
    "busy_date": "429 and a date in an hour",
    "busy_mute": "429 and nothing else",
    "broken": "500",
    "html": "a page instead of JSON",
    "html_as_json": "a page that calls itself JSON",
    "truncated": "half of the JSON",
    "cut": "announces more than it sends",
    "wrong_types": "JSON of another shape everywhere",
    "not_an_object": "a JSON list",
    "nested": "JSON nested without end",
    "nulls": "null in every field of every establishment",
    "few_fields": "establishments that only have a SIRET",
    "more_fields": "fields nobody knows",
    "nothing": "no result",
    "refused": "400",
    "huge": "10 MB of spaces before the JSON",
    "silent": "says nothing",
    "slow": "a byte now and then",
    "slow_head": "a header, a byte now and then",
    "hangs_up": "closes without a word",
    "garbage": "something that is not HTTP",
    "elsewhere": "sends to another house",
    "next_door": "sends to another address of the same house",
    "round": "sends in circles",
}


@cache
def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass
class StandIn:
    """The running stand-in: where it is, what it plays now, what it was asked."""

    address: str
    plays: str = "well"
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)  # by SIRET: what the register says differently now
    score: float = 0.95
    kind: str = "housenumber"
    odd: set[str] = field(default_factory=set)  # numbers that the register answers with JSON of another shape
    lost: set[str] = field(default_factory=set)  # addresses that the BAN does not know

    @property
    def sirene(self) -> str:
        return f"{self.address}/sirene"

    @property
    def ban(self) -> str:
        return f"{self.address}/ban"


# ------------------------------------------------------------------------------------------------- what is answered


def companies(standin: StandIn, asked: dict[str, str]) -> dict[str, Any]:
    """`GET /search` of the register, as its memo tells: a number is looked up directly, words filter names."""
    q = asked.get("q", "").replace(" ", "")
    found = []
    for unit in _read("sirene/unites.json")["results"]:
        places = [{**place, **standin.changed.get(place["siret"], {})} for place in unit["matching_etablissements"]]
        if q.isdigit():
            places = [place for place in places if place["siret"].startswith(q)]
        else:
            if asked["q"].upper() not in unit["nom_complet"]:
                continue
            if department := asked.get("departement"):
                places = [place for place in places if (place.get("code_postal") or "").startswith(department)]
        if places:
            found.append({**unit, "matching_etablissements": places})
    if asked.get("minimal") == "true":
        kept = set(asked.get("include", "").split(","))
        secondary = {"siege", "dirigeants", "finances", "complements", "matching_etablissements", "tva"} - kept
        found = [{name: value for name, value in unit.items() if name not in secondary} for unit in found]
    return {"results": found, "total_results": len(found), "page": 1, "per_page": 10, "total_pages": 1}


def addresses(standin: StandIn, asked: dict[str, str]) -> dict[str, Any]:
    """`GET /search` of the geocoder: one example whatever the address, unless it is a lost one."""
    if any(lost in asked.get("q", "") for lost in standin.lost):
        return _read("ban/vide.json")  # type: ignore[no-any-return]
    answer = json.loads(json.dumps(_read("ban/geocodage.json")))
    answer["features"][0]["properties"] |= {"score": standin.score, "type": standin.kind}
    return answer  # type: ignore[no-any-return]


def many_addresses(standin: StandIn, body: bytes, content_type: str) -> str:
    """`POST /search/csv`: the file that came, with columns more."""
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
    rows = list(csv.DictReader(io.StringIO(parts["data"].get_payload(decode=True).decode())))
    out = io.StringIO()
    names = [*rows[0], "latitude", "longitude", "result_score", "result_type"]
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    for number, row in enumerate(rows):
        if any(lost in " ".join(row.values()) for lost in standin.lost):
            writer.writerow(row | dict.fromkeys(names[-4:], ""))
            continue
        found = {"latitude": f"{48.7 + number / 1000:.5f}", "longitude": "-3.46228"}
        writer.writerow(row | found | {"result_score": str(standin.score), "result_type": standin.kind})
    return out.getvalue()


def spoilt(plays: str, answer: dict[str, Any]) -> Any:
    """The answer as a service that has lost its way would give it."""
    if plays == "wrong_types":
        return {"results": [{"siren": 12, "siege": "x", "matching_etablissements": {"a": 1}}, 7, None], "features": "x"}
    if plays == "not_an_object":
        return [1, 2, 3]
    for unit in answer.get("results", []):
        places = unit.get("matching_etablissements", [])
        if plays == "nulls":
            unit["matching_etablissements"] = [dict.fromkeys(place) | {"siret": place["siret"]} for place in places]
            unit |= {name: None for name in unit if name not in ("siren", "matching_etablissements")}
        elif plays == "few_fields":
            unit["matching_etablissements"] = [{"siret": place["siret"]} for place in places]
        elif plays == "more_fields":
            unit["demain"] = {"tout": ["change"]}
            for place in places:
                place["demain"] = 1
    return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    standin: StandIn

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def answer(self, body: bytes) -> None:
        self.close_connection = True
        standin = self.standin
        where = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(where.query).items()}
        plays = "wrong_types" if asked.get("q") in standin.odd else standin.plays
        standin.calls.append((where.path, asked))
        standin.headers.append(dict(self.headers.items()))
        again = len(standin.calls) > 1
        if plays in ("silent", "slow_head", "hangs_up", "garbage"):
            return self.mute(plays)
        if plays.startswith("busy") and not (plays == "busy_once" and again):
            waits = {"busy_once": "1", "busy_long": "120", "busy_date": formatdate(time.time() + 3600, usegmt=True)}
            return self.send(
                429, b"Too Many Requests", "text/plain", **({"Retry-After": waits[plays]} if plays in waits else {})
            )
        if plays == "broken":
            return self.send(500, b'{"erreur": "Une erreur inattendue"}')
        if plays == "refused":
            name = "sirene" if "sirene" in where.path else "ban"
            return self.send(400, (DATA / name / "erreur_400.json").read_bytes())
        if plays == "elsewhere":
            return self.send(302, b"", Location="http://192.0.2.1/ailleurs")
        if plays == "round" or (plays == "next_door" and not again):
            return self.send(302, b"", Location=f"{where.path}?{where.query}")
        if plays in ("html", "html_as_json"):
            return self.send(
                200, b"<!doctype html><h1>Maintenance</h1>", "text/html" if plays == "html" else "application/json"
            )
        if where.path.endswith("/csv"):
            text = many_addresses(standin, body, self.headers["Content-Type"])
            return self.send(
                200, text.encode()[: len(text) // 2 if plays == "truncated" else None], "text/csv; charset=utf-8"
            )
        service = companies if "/sirene" in where.path else addresses
        answer = (
            _read(f"{'sirene' if service is companies else 'ban'}/vide.json")
            if plays == "nothing"
            else service(standin, asked)
        )
        return self.play(plays, json.dumps(spoilt(plays, json.loads(json.dumps(answer)))).encode())

    def play(self, plays: str, body: bytes) -> None:
        if plays == "truncated":
            body = body[: len(body) // 2]
        if plays == "nested":
            body = b"[" * 100_000
        if plays == "huge":
            body = b" " * 10_000_000 + body
        if plays == "cut":
            return self.send(200, body, **{"Content-Length": str(len(body) + 500)})
        if plays == "slow":
            self.begin(200, "application/json", {"Content-Length": str(len(body))})
            return self.drip(body)
        return self.send(200, body)

    def mute(self, plays: str) -> None:
        if plays == "silent":
            self.standin.over.wait(30)
        elif plays == "slow_head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self.drip(b"a" * 1000)
        elif plays == "garbage":
            self.wfile.write(b"\x00\x01\x02 bonjour \r\n\r\n")

    def drip(self, body: bytes) -> None:
        for byte in body:
            if self.standin.over.wait(0.1):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def begin(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.begin(status, kind, {"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the tests read `calls`."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what these tests are about."""


@contextmanager
def running(port: int = 0) -> Iterator[StandIn]:
    """The stand-in on a free port of this machine, until the end of the block."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", port), handler)
    standin = StandIn(f"http://127.0.0.1:{server.server_address[1]}")
    handler.standin = standin  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        standin.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--plays", choices=PLAYS, default="well")
    options = parser.parse_args()
    with running(options.port) as standin:
        standin.plays = options.plays
        sys.stdout.write(f"SIRENE_URL={standin.sirene} BAN_URL={standin.ban}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
