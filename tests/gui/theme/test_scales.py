"""Colour scales: lightness is monotonic, for colour-blind people, too."""

import numpy as np
import pytest

from aestudio.gui.theme.scales import field_table, oklab, sequential_table, to_steps
from aestudio.gui.theme.tokens import DARK, LIGHT, channels, contrast

# Machado, Oliveira and Fernandes (2009), full deuteranopia and protanopia, on linear RGB.
BLIND = {
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}


def linear(rgb):
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lightness(rgb):
    """CIELAB L* of sRGB in [0, 1]."""
    y = linear(rgb) @ [0.2126, 0.7152, 0.0722]
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)


def test_oklab_of_known_colours():
    """The values that its author gives for white, and for pure red (Ottosson 2020)."""
    np.testing.assert_allclose(oklab(np.array([1.0, 1, 1])), [1, 0, 0], atol=1e-4)
    np.testing.assert_allclose(oklab(np.array([1.0, 0, 0])), [0.62796, 0.22486, 0.12585], atol=1e-4)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_lightness_moves_evenly_away_from_the_panel(theme):
    table = sequential_table(theme)
    steps = np.diff(lightness(table / 255))
    assert (np.sign(steps).sum() > 0) == (theme is DARK)
    coarse = np.diff(lightness(table[::15] / 255))
    assert (np.sign(coarse) == np.sign(coarse[0])).all()
    assert abs(coarse).max() < 2.5 * abs(coarse).min()
    lowest, highest = ("#" + "".join(f"{part:02x}" for part in table[end]) for end in (0, -1))
    assert contrast(lowest, theme.panel) > 1.6
    assert contrast(highest, theme.panel) > 7


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("kind", list(BLIND))
def test_colour_blind_people_see_the_same_order(theme, kind):
    simulated = np.clip(linear(sequential_table(theme)[::15] / 255) @ np.transpose(BLIND[kind]), 0, 1)
    steps = np.diff(simulated @ [0.2126, 0.7152, 0.0722])
    assert (np.sign(steps) == np.sign(steps[0])).all()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_field_begins_at_the_colour_of_the_panel_and_stays_close(theme):
    table = field_table(theme)
    assert tuple(table[0]) == channels(theme.panel)
    distance = np.linalg.norm(oklab(table / 255) - oklab(np.array(channels(theme.panel)) / 255), axis=1)
    assert (np.diff(distance) > -1e-3).all()
    assert 0.05 < distance[-1] < 0.35


def test_indices_are_clipped_and_nan_gets_the_first():
    indices = to_steps(np.array([-1, 0, 5, 10, 99, np.nan]), 0, 10)
    assert indices.tolist() == [0, 0, 128, 255, 255, 0]
