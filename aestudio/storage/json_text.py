"""Reads JSON strictly: UTF-8, finite numbers, valid characters, limited nesting and precision."""

from __future__ import annotations

import json
import math
import re
from typing import Any, cast

LARGEST = 2**53  # a float beyond it is not exact
# Half a surrogate pair is not a character. Those that Python uses for bytes that are no UTF-8 are allowed:
# they occur in paths, and `printable.json_safe` writes them.
_HALF_PAIR = re.compile("[\ud800-\udc7f\udd00-\udfff]")
NON_FINITE = ("nan", "inf", "-inf")  # written for numbers that JSON lacks


def parse_json(data: bytes) -> Any:
    """Parse JSON strictly; raises ValueError for any fault."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text and _HALF_PAIR.search(json.dumps(value, ensure_ascii=False)):
            raise ValueError("it holds half of a surrogate pair")
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return value


def whole_number(value: object) -> int:
    """The value if it is a whole number from 0 on; raises ValueError."""
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise ValueError(f"{str(value)[:60]!r} is not a whole number of at least 0")
    return value


def number(value: object) -> float:
    """The value if it is a number, or the name of NaN or an infinity; raises ValueError."""
    if type(value) is float or value in NON_FINITE:
        return float(value)
    if type(value) is not int:
        raise ValueError(f"{str(value)[:60]!r} is not a number")
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("a number is too large") from error


def finite(value: object) -> float:
    """The value if it is a finite number; raises ValueError."""
    result = number(value)
    if not math.isfinite(result):
        raise ValueError(f"{result} is not finite")
    return result


def table_of(value: object) -> dict[str, Any]:
    """The value if it is a table; raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError(f"{str(value)[:60]!r} is not a JSON object")
    return cast("dict[str, Any]", value)  # JSON has no other keys


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number in JSON")
