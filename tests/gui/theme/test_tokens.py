"""Contrast of the colours, and lengths at a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.theme.tokens import CLASS_COLOURS, DARK, LIGHT, Theme, channels, contrast, mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


def test_contrast_of_black_and_white_is_the_largest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.01
    )  # a value given in the guides to WCAG


@THEMES
def test_text_has_enough_contrast_on_every_surface(theme: Theme) -> None:
    for surface in (theme.window, theme.panel, theme.raised, theme.selection):
        assert contrast(theme.text, surface) >= 7
    for surface in (theme.window, theme.panel, theme.raised, theme.selection):
        assert contrast(theme.muted, surface) >= 4.5
    for colour in (theme.good, theme.warn, theme.bad, theme.accent):
        for surface in (theme.window, theme.panel, theme.raised):
            assert contrast(colour, surface) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


def test_class_colours_are_petroffs_ten() -> None:
    assert len(set(CLASS_COLOURS)) == 10
    assert CLASS_COLOURS[0] == "#3f90da"
    assert CLASS_COLOURS[9] == "#92dadd"


@THEMES
def test_each_class_is_legible_on_the_panel(theme: Theme) -> None:
    assert len(set(theme.class_colours)) == 10
    for colour in theme.class_colours:
        assert contrast(colour, theme.panel) >= 3


@THEMES
def test_class_colours_keep_the_hue_of_petroffs(theme: Theme) -> None:
    for shown, original in zip(theme.class_colours, CLASS_COLOURS, strict=True):
        old, new = (_oklab(np.array([_linear(colour)]))[0] for colour in (original, shown))
        if np.hypot(*old[1:]) > 0.03:  # greys have no hue
            turned = np.arctan2(new[2], new[1]) - np.arctan2(old[2], old[1])
            assert abs(np.degrees(np.arctan2(np.sin(turned), np.cos(turned)))) < 6


# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}


@THEMES
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_colour_blind_readers_can_tell_the_classes_apart(theme: Theme, blindness: str) -> None:
    """The closest two are about as far apart as the closest two of Petroff's ten (0.061 in Oklab)."""
    linear = np.array([_linear(colour) for colour in theme.class_colours])
    places = _oklab(np.clip(linear @ BLINDNESS[blindness].T, 0, 1))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + np.eye(10)
    assert apart.min() > 0.055


def _linear(colour: str) -> list[float]:
    shares = [channel / 255 for channel in channels(colour)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def _oklab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear RGB (N, 3) in Oklab (Ottosson 2020): lightness, green to red, blue to yellow."""
    cones = (
        linear
        @ np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        ).T
    )
    return (
        np.cbrt(cones)
        @ np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        ).T
    )


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert mix("#102030", "#ffffff", 0) == "#102030"
    assert mix("#102030", "#ffffff", 1) == "#ffffff"
    assert channels(mix("#000000", "#ff8000", 0.5)) == (128, 64, 0)


def test_the_scale_changes_lengths_only() -> None:
    large = DARK.scaled(1.5)
    assert large.px(DARK.body_size) == 20
    assert large.scaled(1.0) == DARK


def test_what_is_exported_has_the_colours_of_the_classes() -> None:
    """It has a copy, because exporters do not import the window."""
    from aestudio.export.class_inks import CLASS_INKS

    assert {theme.name: theme.class_colours for theme in (DARK, LIGHT)} == CLASS_INKS
