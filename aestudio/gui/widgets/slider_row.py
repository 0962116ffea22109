"""The content of a latent slider, apart from its value. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SliderKey = tuple[Literal["axis", "direction"], int]


@dataclass(frozen=True)
class SliderHeading:
    """The heading of a group of sliders. group: its number; folded: whether its sliders are hidden."""

    group: int
    text: str
    folded: bool


@dataclass(frozen=True)
class SliderRow:
    """One slider.

    key:     which one: an axis of the code space or an added direction, counted from 0
    symbol:  short name ("z7"); name: the attribute that it changes, or ""; help: its tooltip
    short_name: what is written of the name if there is no room for all of it, or ""
    low, high: the ends of the slider; neutral: the value when muted, and after a reset
    unit:    of the values, for tooltips
    meter:   length of the meter's bar, 0 to 1, or None without one
    meter_text: its number, which replaces the bar while the pointer is on the name
    meter_help: the meaning of the number; meter_term: the term of the glossary that it is, or ""
    active:  whether the data differ along it, or None if unknown
    held:    whether it is held at its neutral value, because it is muted or others are soloed
    """

    key: SliderKey
    symbol: str
    low: float
    high: float
    name: str = ""
    short_name: str = ""
    help: str = ""
    neutral: float = 0.0
    unit: str = ""
    meter: float | None = None
    meter_text: str = ""
    meter_help: str = ""
    meter_term: str = ""
    active: bool | None = None
    muted: bool = False
    soloed: bool = False
    locked: bool = False
    held: bool = False

    @property
    def removable(self) -> bool:
        """Whether it is an added direction, with a button to remove it instead of mute, solo and lock."""
        return self.key[0] == "direction"
