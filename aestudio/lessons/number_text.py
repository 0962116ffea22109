"""Measured numbers as lessons write them."""

from __future__ import annotations

import math


def number_text(value: float) -> str:
    """Three digits that count, with commas between thousands: "0.0341", "12.3", "1,204"."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "?"
    if value == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}".replace("-", "−")
