"""Cells to values: what French spreadsheets make of identifiers, numbers and dates, mended when it is certain, and said."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import places
from core.siret import is_siret
from core.text import digits, searchable
from schools.importing.kinds import Mended, Refused

LINE = 200
PARAGRAPH = 5_000
_EXPONENT = re.compile(r"(\d)[.,]?(\d*)[eE]\+?(\d+)")
_EMAIL = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")
_FRENCH_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{2}|\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([ T].*)?")
_WRITTEN_DAY = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})")
_MONTHS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6, "juillet": 7,
    "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12,
    "dec": 12,
}  # fmt: skip
_FIRST_SERIAL = date(1899, 12, 30)
_FOREIGN_CODE = re.compile(r"[A-Z]{1,3}-?\d{3,6}")


def text(longest: int = LINE) -> Callable[[str], str]:
    """One line of text, spaces made single; refused above `longest` characters."""

    def parse(cell: str) -> str:
        found = " ".join(cell.split())
        if len(found) > longest:
            raise Refused(f"Ce texte a {len(found)} caractères : {longest} au plus. Raccourcissez-le.")
        return found

    return parse


def paragraphs(cell: str) -> str:
    """Free text with its line breaks."""
    if len(cell) > PARAGRAPH:
        raise Refused(f"Ce texte a {len(cell)} caractères : {PARAGRAPH} au plus. Raccourcissez-le.")
    return cell


def siret(cell: str) -> str | Mended:
    """14 digits with their key. Zeros that a spreadsheet took off the front are put back when the key then agrees (§ 7)."""
    plain = re.sub(r"[\s.\u00a0\u202f-]", "", cell)
    if match := _EXPONENT.fullmatch(cell.strip().replace(" ", "")):
        whole, decimals, power = match.groups()
        if len(decimals) > int(power):
            raise Refused("Ce SIRET n’est pas un nombre entier : vérifiez ses 14 chiffres.")
        plain = (whole + decimals).ljust(int(power) + 1, "0")
        if len(decimals) < 11 or not is_siret(plain.zfill(14)):
            raise Refused(
                "Le tableur a arrondi ce SIRET : donnez à la colonne le format texte, puis saisissez-le de nouveau."
            )
    if not plain.isascii() or not plain.isdigit():
        raise Refused("Un SIRET a 14 chiffres : vérifiez cette cellule.")
    if not plain.strip("0"):
        raise Refused("Ce SIRET ne contient que des zéros : laissez la cellule vide.")
    if len(plain) == 9:
        raise Refused("C’est un SIREN (9 chiffres) : le SIRET en a 14, les 5 derniers disent l’établissement.")
    if len(plain) == 14 and is_siret(plain):
        return plain
    if 10 <= len(plain) <= 13 and plain[0] != "0" and is_siret(plain.zfill(14)):
        lost = 14 - len(plain)
        zeros = "Le zéro perdu par le tableur est remis" if lost == 1 else f"Les {lost} zéros perdus sont remis"
        return Mended(plain.zfill(14), f"{zeros} devant ce SIRET : {plain.zfill(14)}.")
    if len(plain) != 14:
        raise Refused(f"Ce SIRET a {len(plain)} chiffres au lieu de 14 : vérifiez-le.")
    raise Refused("Ce SIRET n’est pas juste, sa clé ne tombe pas : vérifiez ses 14 chiffres.")


def looks_like_siret(cell: str) -> bool:
    try:
        siret(cell)
    except Refused:
        return False
    return True


def phone(cell: str) -> str | Mended:
    """A number as people read it; the 0 that a spreadsheet took off the front is put back."""
    found = " ".join(cell.split())
    if len(found) > 60:
        raise Refused("Ce téléphone a plus de 60 caractères : gardez un ou deux numéros.")
    number = digits(found)
    if len(number) < 4:
        raise Refused("Cette cellule n’est pas un numéro de téléphone.")
    if len(number) == 10 and number[0] == "0" and not re.search(r"[a-z]", searchable(found)):
        return spaced_phone(number)
    lost = re.fullmatch(r"[1-9][\d .-]*", found)
    if lost and len(number) == 9:
        return Mended(
            spaced_phone(f"0{number}"), f"Le zéro perdu par le tableur est remis : {spaced_phone(f'0{number}')}."
        )
    if lost and len(number) == 11 and number.startswith("33"):
        return Mended(spaced_phone(f"0{number[2:]}"), "L’indicatif 33 est remplacé par un zéro.")
    return found


def spaced_phone(number: str) -> str:
    """`0612345678` → `06 12 34 56 78`."""
    return " ".join(number[at : at + 2] for at in range(0, len(number), 2))


def looks_like_phone(cell: str) -> bool:
    number = digits(cell)
    return bool(re.fullmatch(r"[\d .+()-]+", cell)) and (
        (len(number) == 10 and number[0] == "0") or (len(number) == 11 and number.startswith("33"))
    )


def email(cell: str) -> str | Mended:
    """One address; the first of several, and that is said."""
    found = _EMAIL.findall(cell.replace("mailto:", ""))
    address = found[0].strip(".'\"") if found else ""
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("Ce n’est pas une adresse électronique : vérifiez-la.") from None
    if len(found) > 1:
        return Mended(address, f"Plusieurs adresses : la première est gardée, {address}.")
    return address


def looks_like_email(cell: str) -> bool:
    return bool(_EMAIL.fullmatch(cell))


def postal_code(cell: str) -> str | Mended:
    """Five digits; a lost 0 is put back when a commune then answers. Codes of other countries stay as they are."""
    plain = re.sub(r"\s", "", cell).upper().removeprefix("F-")
    if re.fullmatch(r"\d{5}", plain):
        return plain
    if re.fullmatch(r"\d{4}", plain) and places.find(f"0{plain}", "") is not None:
        return Mended(f"0{plain}", f"Le zéro perdu par le tableur est remis : 0{plain}.")
    if match := re.match(r"(\d{5})\D", cell):
        return Mended(match[1], f"Seul le code postal est gardé : {match[1]}.")
    if _FOREIGN_CODE.fullmatch(plain):
        return plain
    raise Refused("Un code postal a 5 chiffres : vérifiez cette cellule.")


def looks_like_postal_code(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{5}", cell)) and places.find(cell, "") is not None


def website(cell: str) -> str:
    """An http(s) address; `www.exemple.fr` gets its https:// (S-24)."""
    found = cell.strip()
    if "://" not in found:
        found = f"https://{found}"
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", found, re.IGNORECASE) or len(found) > LINE:
        raise Refused("Ce n’est pas l’adresse d’un site : écrivez par exemple www.exemple.fr.")
    return found


def day(cell: str) -> date:
    """A date: 12/03/2026, 2026-03-12, « 12 mars 2026 », or the number that a spreadsheet makes of it."""
    plain = searchable(cell)
    try:
        if match := _ISO_DAY.fullmatch(cell.strip()):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _FRENCH_DAY.fullmatch(cell.strip()):
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            return date(year, int(match[2]), int(match[1]))
        if (match := _WRITTEN_DAY.fullmatch(plain)) and match[2] in _MONTHS:
            return date(int(match[3]), _MONTHS[match[2]], int(match[1]))
        if re.fullmatch(r"\d{5}([.,]0+)?", cell.strip()) and 20_000 <= int(cell.strip()[:5]) <= 80_000:
            return _FIRST_SERIAL + timedelta(days=int(cell.strip()[:5]))
    except ValueError:
        raise Refused("Ce jour n’existe pas dans le calendrier : corrigez la date.") from None
    raise Refused("Cette date ne se lit pas : écrivez par exemple 12/03/2026.")


def amount(cell: str) -> Decimal:
    """Euros: `1 234,56 €`, `1234.56`, `1.234,56`; never negative."""
    plain = re.sub(r"[\s\u00a0\u202f€]|EUR", "", cell, flags=re.IGNORECASE)
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", plain):
        plain = plain.replace(".", "")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise Refused("Ce montant ne se lit pas : écrivez par exemple 1 234,56.") from None
    if not found.is_finite() or abs(found) >= 10**9:
        raise Refused("Ce montant est trop grand : vérifiez-le.")
    if found < 0:
        raise Refused("Ce montant est négatif : vérifiez-le.")
    return round(found, 2)


def whole(cell: str) -> int:
    """A whole number, not negative."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", cell)
    if not re.fullmatch(r"\d{1,9}([.,]0+)?", plain):
        raise Refused("Cette colonne attend un nombre entier : vérifiez cette cellule.")
    return int(re.split("[.,]", plain)[0])


def choice(words: Mapping[str, Any], sentence: str) -> Callable[[str], Any]:
    """A value named by one of some words (accents and case do not matter); `sentence` tells which ones."""
    known = {searchable(word): value for word, value in words.items()}

    def parse(cell: str) -> Any:
        try:
            return known[searchable(cell)]
        except KeyError:
            raise Refused(sentence) from None

    return parse
