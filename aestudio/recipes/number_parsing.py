"""Parses numbers as people type them: with a decimal point or a decimal comma, in every language.

A text is read as the one number that it can mean, or it is refused. 1,5 is one and a half. 1,500 is that, or
fifteen hundred: it is refused, like 1.500,0 and 1 500, and `hint_at` says what to type instead. 1.500 is one
and a half, because the program itself writes a point before decimals and no separators in its fields.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

Flaw = Literal["ambiguous", "separators", "fraction", "grouped", ""]
"""Why a text is no number: it can mean two; it has separators of thousands; it is no whole number, or one
with separators of thousands; "" for anything else.
"""

_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{ARABIC DECIMAL SEPARATOR}": "."})
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
_HALF_NUMBER = re.compile(r"[+-]?\d*[.,]?\d*(e[+-]?)?", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d+")
_COMMA_OR_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_COMMAS_AND_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([., '\N{RIGHT SINGLE QUOTATION MARK}\s]\d{3})+")
_NOT_A_DIGIT = re.compile(r"[^\d+-]")


def read_number(text: str) -> float:
    """The finite number in a text; raises ValueError for everything else."""
    plain = _plain(text)
    if not _NUMBER.fullmatch(plain) or _COMMA_OR_THOUSANDS.fullmatch(plain):
        raise ValueError(f"invalid number: {text}")
    value = float(plain.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value


def read_whole(text: str) -> int:
    """The whole number in a text; raises ValueError, also for 1,000 and 1.0."""
    plain = _plain(text)
    if not _WHOLE.fullmatch(plain):
        raise ValueError(f"invalid whole number: {text}")
    return int(plain)


def half_typed(text: str) -> bool:
    """True for a text that can still become a number: "", "-", "1,", "1e-"."""
    plain = _plain(text)
    ends_open = not plain or not plain[-1].isdigit()
    return ends_open and _HALF_NUMBER.fullmatch(plain) is not None


def flaw_of(text: str, *, whole: bool = False) -> Flaw:
    """Why this text, which `read_number` or `read_whole` refused, is no number."""
    plain = _plain(text)
    if whole:
        if _GROUPED.fullmatch(plain):
            return "grouped"
        return "fraction" if "," in plain or "." in plain else ""
    if _COMMA_OR_THOUSANDS.fullmatch(plain):
        return "ambiguous"
    return "separators" if too_many_separators(plain) or _GROUPED.fullmatch(plain) else ""


def as_decimal(text: str) -> str:
    """An ambiguous text such as 1,500 with a decimal point: "1.5"."""
    return _plain(text).replace(",", ".").rstrip("0").rstrip(".")


def without_separators(text: str) -> str:
    """A text such as 1,500 without its separators of thousands: "1500"."""
    return _NOT_A_DIGIT.sub("", _plain(text))


def hint_at(text: str, *, whole: bool = False) -> str:
    """What to type instead of a text that was refused, written after the allowed values; "" for none."""
    match flaw_of(text, whole=whole):
        case "ambiguous":
            decimal, thousands = as_decimal(text), without_separators(text)
            return f"not {text.strip()}, which can mean {decimal} or {thousands}: type one of these"
        case "separators":
            return "with one point or comma and no separators of thousands"
        case "grouped":
            return f"without point or comma and without separators: {without_separators(text)}"
        case "fraction":
            return "without point or comma"
        case _:
            return ""


def one_size_instead(text: str) -> int | None:
    """The one whole number that a list of sizes such as 1,500 can mean instead of 1 and 500; None for none.

    With a space after the comma it is a list, as the program writes one.
    """
    return int(without_separators(text)) if _COMMAS_AND_THOUSANDS.fullmatch(_plain(text)) else None


def too_many_separators(text: str) -> bool:
    """Whether a text has more points and commas than one number can have."""
    return text.count(",") + text.count(".") > 1


def _plain(text: str) -> str:
    """The text with ASCII's digits and signs; every language's digits count, as when Python reads them."""
    stripped = text.strip().translate(_SIGNS)
    if stripped.isascii():
        return stripped
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in stripped)
