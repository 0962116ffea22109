"""Contrast of the colours, and lengths at a scale."""

from __future__ import annotations

import pytest

from aestudio.gui.theme.tokens import CLASS_COLOURS, DARK, LIGHT, Theme, channels, contrast, mix

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
    for surface in (theme.window, theme.panel, theme.raised):
        assert contrast(theme.muted, surface) >= 4.5
    for colour in (theme.good, theme.warn, theme.bad, theme.accent):
        assert contrast(colour, theme.panel) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


def test_class_colours_are_petroffs_ten() -> None:
    assert len(set(CLASS_COLOURS)) == 10
    assert CLASS_COLOURS[0] == "#3f90da"
    assert CLASS_COLOURS[9] == "#92dadd"


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert mix("#102030", "#ffffff", 0) == "#102030"
    assert mix("#102030", "#ffffff", 1) == "#ffffff"
    assert channels(mix("#000000", "#ff8000", 0.5)) == (128, 64, 0)


def test_the_scale_changes_lengths_only() -> None:
    large = DARK.scaled(1.5)
    assert large.px(DARK.body_size) == 20
    assert large.scaled(1.0) == DARK
