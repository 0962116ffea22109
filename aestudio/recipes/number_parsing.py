"""Parses numbers as people type them: with a decimal point or a decimal comma, in every language.

Separators of thousands are never guessed: 1,500 is one and a half, and 1.500,0 is refused.
"""

from __future__ import annotations

import math
import re

_MINUS = str.maketrans({"\N{MINUS SIGN}": "-"})
_HALF_NUMBER = re.compile(r"[+-]?\d*[.,]?\d*(e[+-]?)?", re.IGNORECASE)


def read_number(text: str) -> float:
    """The finite number in a text; raises ValueError for everything else."""
    plain = text.strip().translate(_MINUS)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    value = float(plain)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value


def read_whole(text: str) -> int:
    """The whole number in a text; raises ValueError, also for 1,000 and 1.0."""
    return int(text.strip().translate(_MINUS))


def half_typed(text: str) -> bool:
    """True for a text that can still become a number: "", "-", "1,", "1e-"."""
    plain = text.translate(_MINUS)
    ends_open = not plain or not plain[-1].isdigit()
    return ends_open and _HALF_NUMBER.fullmatch(plain) is not None


def too_many_separators(text: str) -> bool:
    """Whether a text has more points and commas than one number can have."""
    return text.count(",") + text.count(".") > 1
