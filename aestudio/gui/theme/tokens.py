"""The design tokens: all colours, distances and font sizes of the window, dark and light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

ThemeName = Literal["dark", "light"]
ColourRole = Literal["accent", "good", "warn", "bad", "text", "muted"]

# Petroff (2021), "Accessible Color Sequences for Data Visualization", the ten-colour cycle.
CLASS_COLOURS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
# On each panel every class has a contrast of at least 3:1. Where Petroff's colour has less, it is darker or
# lighter in the same hue; its neighbours in lightness moved too, as far as colour-blind readers need it.
CLASS_COLOURS_DARK = (
    "#3f90da",
    "#ffa90e",
    "#c92e13",
    "#94a4a2",
    "#9443c8",
    "#b37560",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
CLASS_COLOURS_LIGHT = (
    "#3f90da",
    "#c88302",
    "#bd1f01",
    "#879694",
    "#832db6",
    "#a96b59",
    "#ca5609",
    "#9f9363",
    "#626670",
    "#508587",
)


AUDIENCE_TYPE, AUDIENCE_SCREEN = 24, 1080  # pixels of type, and of the height of the screen it is for
AUDIENCE_WIDTH = 720  # logical pixels that a view needs


@dataclass(frozen=True)
class Theme:
    """Colours as "#rrggbb"; distances and font sizes in unscaled logical pixels, see `px`.

    window:    background between the panels
    panel:     background of sidebars, plots and lists; also the colour of an error of zero
    raised:    background of controls on a panel
    line:      separators and grid lines
    muted:     secondary text
    on_accent: text and check marks on the accent colour
    error_below, error_above: colours of the largest negative and positive error
    spacing, padding, margin: between items, inside frames, around a page
    scale:     1.0, or larger if the user wants larger text, or for a presentation
    """

    name: ThemeName
    window: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    error_below: str
    error_above: str
    class_colours: tuple[str, ...]
    spacing: int = 4
    padding: int = 8
    margin: int = 16
    radius: int = 6
    caption_size: int = 12
    body_size: int = 13
    label_size: int = 15
    heading_size: int = 20
    scale: float = 1.0

    def px(self, length: float) -> int:
        """A length at this theme's scale, rounded to whole logical pixels."""
        return round(length * self.scale)

    def scaled(self, scale: float) -> Theme:
        """The same theme with fonts and distances at this scale."""
        return replace(self, scale=scale)

    def for_audience(self, width: int, height: int) -> Theme:
        """The same theme for a screen of this size in pixels, to be read from the last row.

        All type has at least 24 pixels on a screen of 1080, and as much of any other. On a narrow screen it
        is smaller, so that a view fits. It is never smaller than this theme's, which the user has chosen.
        """
        by_height = AUDIENCE_TYPE / self.body_size * height / AUDIENCE_SCREEN
        scale = max(self.scale, min(by_height, width / AUDIENCE_WIDTH))
        return replace(self, scale=scale, caption_size=self.body_size)

    @property
    def control(self) -> str:
        """The outline of controls, with more contrast than `line`."""
        return mix(self.line, self.muted, 0.35)

    @property
    def disabled(self) -> str:
        """Text and marks of disabled controls."""
        return mix(self.muted, self.panel, 0.45)

    @property
    def selection(self) -> str:
        """Background of a selected row or a checked button."""
        return mix(self.panel, self.accent, 0.17)


DARK = Theme(
    name="dark",
    window="#14161A",
    panel="#1C1F25",
    raised="#262A32",
    line="#343A44",
    text="#E8EAED",
    muted="#9AA3AF",
    accent="#4CC2FF",
    on_accent="#0B1620",
    good="#5BD18B",
    warn="#F2B84B",
    bad="#FF6B6B",
    error_below="#52B7FF",
    error_above="#FF8A3D",
    class_colours=CLASS_COLOURS_DARK,
)

LIGHT = Theme(
    name="light",
    window="#F6F7F9",
    panel="#FFFFFF",
    raised="#EEF0F3",
    line="#D5DAE1",
    text="#1B1F24",
    muted="#5B6470",
    accent="#0B6BCB",
    on_accent="#FFFFFF",
    good="#187A40",
    warn="#925F00",
    bad="#C62828",
    error_below="#0B58B0",
    error_above="#BF3600",
    class_colours=CLASS_COLOURS_LIGHT,
)


def colour_of(theme: Theme, role: ColourRole | int) -> str:
    """A colour of the theme by its role, or by the number of a class, from 0."""
    named: str = theme.class_colours[role] if isinstance(role, int) else getattr(theme, role)
    return named


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of "#rrggbb", each 0 ... 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def mix(first: str, second: str, share: float) -> str:
    """Interpolate two colours linearly; share: of the second one, 0 ... 1."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Relative luminance, 0 = black ... 1 = white (WCAG 2.2, section "relative luminance")."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 ... 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
