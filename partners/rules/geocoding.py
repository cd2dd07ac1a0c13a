"""Addresses of companies as the Base Adresse Nationale reads them. Pure functions.

Source: memo of the geocoder of the Géoplateforme (IGN): `q` has 3 to 200 characters and starts with a letter or a digit;
results of type house number or street with a score of 0.7 or more are taken without a second look.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PRECISE = frozenset({"housenumber", "street"})
ENOUGH = 0.7
CHUNK = 200
COLUMNS = ("ligne", "adresse", "code_postal", "commune")


@dataclass(frozen=True)
class Address:
    """A company's address: what is asked, and nothing else of it."""

    street: str
    postal_code: str
    city: str

    @property
    def line(self) -> str:
        """As the geocoder takes it, "" when there is no street to look for."""
        street = re.sub(r"^[\W_]+", "", " ".join(self.street.split()))
        if len(street) < 3 or not (self.postal_code.strip() or self.city.strip()):
            return ""
        return " ".join(f"{street} {self.postal_code} {self.city}".split())[:200].strip()

    @property
    def short_postal_code(self) -> str:
        """Five digits, or "": the filter takes nothing else."""
        code = self.postal_code.strip()
        return code if re.fullmatch(r"\d{5}", code) else ""


@dataclass(frozen=True)
class Found:
    """Where an address is, in WGS 84 degrees, and how sure that is."""

    latitude: float
    longitude: float
    score: float
    kind: str

    @property
    def is_precise(self) -> bool:
        return self.kind in PRECISE and self.score >= ENOUGH


def of_json(answer: object) -> Found | None:
    """The best feature of an answer, None when it has none. Raises ValueError when the answer is of another shape."""
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        raise ValueError("no features")
    for feature in features:
        try:
            longitude, latitude = feature["geometry"]["coordinates"][:2]
            about = feature["properties"]
            found = _found(latitude, longitude, about["score"], about["type"])
        except (TypeError, KeyError, ValueError, IndexError):
            continue
        if found:
            return found
    if features:
        raise ValueError("no feature that can be read")
    return None


def _found(latitude: object, longitude: object, score: object, kind: object) -> Found | None:
    read = [float(str(value)) for value in (latitude, longitude, score)]
    if not all(map(math.isfinite, read)) or abs(read[0]) > 90 or abs(read[1]) > 180:
        return None
    return Found(read[0], read[1], max(0.0, min(read[2], 1.0)), str(kind)[:40])


def as_csv(addresses: Mapping[int, Address]) -> bytes:
    """The file of the bulk service: a number for each line, and the address alone."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for number, address in addresses.items():
        street = Address(address.street, "-", "").line.removesuffix(" -")
        writer.writerow([number, street, address.short_postal_code, " ".join(address.city.split())])
    return out.getvalue().encode()


def of_csv(body: bytes, asked: Iterable[int]) -> dict[int, Found | None]:
    """Each line that came back, by its number: None when the service knows no such place.

    Lines that were not asked are left out. Raises ValueError when the file is not the one that the service describes, or
    when lines are missing: a file cut in the middle would otherwise pass for addresses that do not exist.
    """
    wanted = set(asked)
    try:
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(str(error)) from None
    found: dict[int, Found | None] = {}
    for row in rows:
        if None in row or not {"ligne", "latitude", "longitude", "result_score", "result_type"} <= set(row):
            raise ValueError("columns")
        number = row["ligne"] or ""
        if not (number.isascii() and number.isdigit()) or int(number) not in wanted:
            continue
        try:
            found[int(number)] = _found(row["latitude"], row["longitude"], row["result_score"], row["result_type"])
        except ValueError:
            found[int(number)] = None
    if set(found) != wanted:
        raise ValueError("lines are missing")
    return found
