"""SIRET numbers: 14 digits with a Luhn key, and La Poste's own rule (B-15)."""

from stdnum import luhn

LA_POSTE = "356000000"


def is_siret(number: str) -> bool:
    """True for 14 digits whose key is right. La Poste (SIREN 356000000): digits that sum to a multiple of 5, or Luhn."""
    if len(number) != 14 or not (number.isascii() and number.isdigit()):
        return False
    if luhn.is_valid(number):
        return True
    return number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0


def siren(siret: str) -> str:
    """The nine digits of the legal unit, "" without SIRET."""
    return siret[:9]


def spaced(siret: str) -> str:
    """`12345678900011` → `123 456 789 00011`, as people read it."""
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}" if len(siret) == 14 else siret
