"""UAI numbers of schools: seven digits and a key letter (B-16)."""

import re

KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHAPE = re.compile(r"\d{7}[A-Z]", re.ASCII)


def is_uai(code: str) -> bool:
    """True when the key letter is the one of rank (number mod 23)."""
    return bool(_SHAPE.fullmatch(code)) and KEYS[int(code[:7]) % 23] == code[7]


def with_key(number: int) -> str:
    """`755890` → `"0755890V"`: the UAI of a number up to seven digits."""
    return f"{number:07d}{KEYS[number % 23]}"


class UaiConverter:
    """`<uai:uai>` in paths. The key is not checked here: a wrong one is a school not found."""

    regex = r"\d{7}[A-Z]"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
