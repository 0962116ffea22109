"""Measured numbers as lessons write them."""

from __future__ import annotations

import math


def number_text(value: float) -> str:
    """Three digits that count, commas between thousands ("0.0341", "12.3", "1,204"), counts whole ("8")."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "?"
    if value == round(value):  # as all counts are, which "8.00" would say to the hundredth
        return f"{value + 0.0:,.0f}".replace("-", "−")
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}".replace("-", "−")
