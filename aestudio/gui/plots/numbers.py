"""Numbers as text, for axes and read-outs."""

from __future__ import annotations

import math

_DIGITS = (6, 8, 10, 12, 15)


def short_number(value: float) -> str:
    """Four significant digits, commas for thousands, powers of ten only for very large or small numbers."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e7 or size < 1e-4:
        return _power(value)
    if size >= 1000:
        return _minus(f"{value:,.0f}")
    return _minus(f"{value:.{3 - math.floor(math.log10(size))}f}")


def number_text(value: float) -> str:
    """As `short_number`, but a value that is no number is called so: a loss can become one."""
    return "NaN" if math.isnan(value) else short_number(value)


def tick_numbers(values: list[float]) -> list[str]:
    """The numbers of an axis without trailing zeros, with enough digits to tell them apart."""
    texts: list[str] = []
    for digits in _DIGITS:
        texts = [tick_number(float(f"{value:.{digits}g}"), digits) for value in values]
        if len(set(texts)) == len(texts):
            break
    return texts


def tick_number(value: float, digits: int = 6) -> str:
    """A number with at most `digits` significant digits, without trailing zeros."""
    if value != 0 and not 1e-4 <= abs(value) < 1e6:
        return _power(value, digits)
    positions = digits if value == 0 else max(1, digits - 1 - math.floor(math.log10(abs(value))))
    return _minus(f"{value + 0.0:,.{positions}f}".rstrip("0").rstrip("."))


def power_number(value: float) -> str:
    """A number as a multiple of a power of ten, "−5×10⁵": narrow, however large it is."""
    return "0" if value == 0 else _power(value, max(_DIGITS))


def _power(value: float, digits: int = 3) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if mantissa == "1" else _minus(f"{mantissa}×10{raised}")


def _minus(text: str) -> str:
    return text.replace("-", "−")
