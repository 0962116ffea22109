"""Conversions of setting values to texts and slider positions; no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.gui.widgets.fine_slider import ARROW, STEPS
from aestudio.recipes.number_parsing import one_size_instead
from aestudio.recipes.setting import parse

if TYPE_CHECKING:
    from aestudio.recipes.setting import SettingInfo

_DECADES = 3  # of a logarithmic slider without bounds, to each side of the default
_NICE = (1.0, 2.0, 5.0, 10.0)


def read_value(info: SettingInfo, text: str) -> Any:
    """Parse a typed text; raises BadChoice if it is no value within the bounds, or can mean two of them."""
    value = parse(info, text.strip())
    if info.kind == "sizes" and (one := one_size_instead(text)) is not None and _within(info, one):
        listed = write_value(info, value)
        raise BadChoice(info.name, text, f"{info.allowed}. Type {one}, or with spaces {listed}")
    numbers = value if info.kind == "sizes" else (value,) if info.kind in ("integer", "number") else ()
    too_many = info.longest is not None and len(numbers) > info.longest
    if too_many or not all(_within(info, number) for number in numbers):
        raise BadChoice(info.name, text, info.allowed)
    if info.kind == "choice" and value not in info.choices:
        raise BadChoice(info.name, text, info.allowed)
    return value


def _within(info: SettingInfo, number: float) -> bool:
    above = info.minimum is None or (number > info.minimum if info.open_minimum else number >= info.minimum)
    # A whole number is finite, and may have more digits than a float can hold.
    finite = isinstance(number, int) or math.isfinite(number)
    return finite and above and (info.maximum is None or number <= info.maximum)


def write_value(info: SettingInfo, value: Any) -> str:
    """Return the text of a value, as it is shown and typed."""
    if info.kind == "sizes":
        return ", ".join(str(size) for size in value)
    if info.kind == "number":
        # Six digits if they are the number; otherwise leaving the box would change it.
        short = f"{value:.6g}"
        return short if float(short) == value else repr(float(value))
    return str(value)


@dataclass(frozen=True)
class SliderScale:
    """Maps slider positions 0 ... 1000 to values low ... high; position 0 to `floor`, if it is not None.

    Values of a logarithmic scale are rounded to this number of significant digits, those of a linear scale
    to `step`, or without one to six decimals. With too few digits, or too long a step, that of an arrow key
    would be rounded away.
    """

    low: float
    high: float
    logarithmic: bool
    floor: float | None = None
    digits: int = 2
    step: float | None = None

    @classmethod
    def of(cls, info: SettingInfo) -> SliderScale | None:
        """The scale of a setting; None if a slider would not be useful."""
        bounded = info.minimum is not None and info.maximum is not None
        if info.kind != "number" or not (info.logarithmic or (bounded and (info.live or info.slider))):
            return None
        if not info.logarithmic:
            low, high = float(info.minimum or 0), float(info.maximum or 0)
            return cls(low, high, False, step=_round_step(high - low) if info.slider else None)
        centre = float(info.default) or 1.0
        low, high = centre / 10**_DECADES, centre * 10**_DECADES
        if info.minimum is not None and info.minimum > 0:
            low = max(low, info.minimum)
        if info.maximum is not None:
            high = min(high, info.maximum)
        floor = 0.0 if info.minimum == 0 and not info.open_minimum else None
        return cls(low, high, True, floor)

    def value(self, position: int) -> float:
        """The value at a slider position."""
        if position <= 0 and self.floor is not None:
            return self.floor
        share = position / STEPS
        if not self.logarithmic:
            value = self.low + (self.high - self.low) * share
            if self.step is not None and 0 < position < STEPS:
                value = round(value / self.step) * self.step
            return round(value, 6)
        return float(f"{self.low * (self.high / self.low) ** share:.{self.digits}g}")

    def position(self, value: float) -> int:
        """The nearest slider position; an end for a value beyond it."""
        if self.logarithmic:
            if value <= self.low:
                return 0
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(min(1.0, max(0.0, share)) * STEPS)


def _round_step(length: float) -> float:
    """The longest of 1, 2, 5 times a power of ten that is no longer than a step of an arrow key."""
    longest = length * ARROW / STEPS
    decade = 10.0 ** math.floor(math.log10(longest * (1 + 1e-9)))
    return decade * max(nice for nice in _NICE if nice * decade <= longest * (1 + 1e-9))


def stepped(info: SettingInfo, value: float, steps: int) -> float:
    """Return the value some steps up or down, within the bounds.

    Integers change by one; logarithmic settings along 1, 2, 5, 10; others by a tenth of their magnitude.
    """
    if info.kind == "integer":
        moved: float = value + steps
    elif info.logarithmic:
        moved = value
        for _ in range(abs(steps)):
            moved = _next_nice(moved, up=steps > 0)
    else:
        size = 10 ** math.floor(math.log10(abs(value)) - 1) if value else 0.01
        moved = round(value / size + steps) * size
    low = -math.inf if info.minimum is None else info.minimum
    high = math.inf if info.maximum is None else info.maximum
    bounded = min(high, max(low, moved))
    result = bounded if _within(info, bounded) else value
    return int(result) if info.kind == "integer" else float(f"{result:.6g}")


def _next_nice(value: float, *, up: bool) -> float:
    if value <= 0:
        return 1e-3 if up else value
    decade = 10.0 ** math.floor(math.log10(value * (1 + 1e-9)))
    mantissa = value / decade
    if up:
        return decade * next(nice for nice in _NICE if nice > mantissa * (1 + 1e-6))
    lower = [nice for nice in _NICE if nice < mantissa * (1 - 1e-6)]
    return decade * lower[-1] if lower else decade / 2
