"""Values of settings as texts and as slider positions; no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.gui.widgets.fine_slider import STEPS
from aestudio.recipes.setting import parse

if TYPE_CHECKING:
    from aestudio.recipes.setting import SettingInfo

_DECADES = 3  # a logarithmic slider without bounds reaches so far to each side of the default
_NICE = (1.0, 2.0, 5.0, 10.0)


def read_value(info: SettingInfo, text: str) -> Any:
    """The value that a typed text stands for, within the bounds; raises BadChoice otherwise."""
    value = parse(info, text.strip())
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
    """A value as it is shown and typed."""
    if info.kind == "sizes":
        return ", ".join(str(size) for size in value)
    if info.kind == "number":
        return f"{value:.6g}"
    return str(value)


@dataclass(frozen=True)
class SliderScale:
    """Between slider positions 0 ... 1000 and values low ... high; position 0 is `floor` if there is one.

    Logarithmic scales give so many significant figures, linear ones thousandths of the range. With too few
    of them a step of the keys would be rounded back to where it began.
    """

    low: float
    high: float
    logarithmic: bool
    floor: float | None = None
    figures: int = 2

    @classmethod
    def of(cls, info: SettingInfo) -> SliderScale | None:
        """The scale a setting asks for; None where a slider would be of no use."""
        bounded = info.minimum is not None and info.maximum is not None
        if info.kind != "number" or not (info.logarithmic or (bounded and info.live)):
            return None
        if not info.logarithmic:
            return cls(float(info.minimum or 0), float(info.maximum or 0), False)
        centre = float(info.default) or 1.0
        low, high = centre / 10**_DECADES, centre * 10**_DECADES
        if info.minimum is not None and info.minimum > 0:
            low = max(low, info.minimum)
        if info.maximum is not None:
            high = min(high, info.maximum)
        floor = 0.0 if info.minimum == 0 and not info.open_minimum else None
        return cls(low, high, True, floor)

    def value(self, position: int) -> float:
        """The value at a position."""
        if position <= 0 and self.floor is not None:
            return self.floor
        part = position / STEPS
        if not self.logarithmic:
            return round(self.low + (self.high - self.low) * part, 6)
        return float(f"{self.low * (self.high / self.low) ** part:.{self.figures}g}")

    def position(self, value: float) -> int:
        """The nearest position; the ends for values beyond them."""
        if self.logarithmic:
            if value <= self.low:
                return 0
            part = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return round(min(1.0, max(0.0, part)) * STEPS)


def stepped(info: SettingInfo, value: float, steps: int) -> float:
    """The value some steps up or down, within the bounds.

    Whole numbers go by one; logarithmic ones along 1, 2, 5, 10; others by a tenth of their magnitude.
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
    inside = min(high, max(low, moved))
    usable = inside if _within(info, inside) else value
    return int(usable) if info.kind == "integer" else float(f"{usable:.6g}")


def _next_nice(value: float, *, up: bool) -> float:
    if value <= 0:
        return 1e-3 if up else value
    decade = 10.0 ** math.floor(math.log10(value * (1 + 1e-9)))
    part = value / decade
    if up:
        return decade * next(nice for nice in _NICE if nice > part * (1 + 1e-6))
    lower = [nice for nice in _NICE if nice < part * (1 - 1e-6)]
    return decade * lower[-1] if lower else decade / 2
