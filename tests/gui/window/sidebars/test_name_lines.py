"""A run's name in a narrow column: whole in a few lines, broken between its parts."""

from __future__ import annotations

import pytest

from aestudio.gui.window.sidebars.name_lines import MOST_LINES, in_lines


@pytest.mark.parametrize(
    ("name", "width", "expected"),
    [
        ("GAN", 12, "GAN"),
        ("VAE, latent 10", 14, "VAE, latent 10"),
        ("Convolutional VAE, 2-D map", 23, "Convolutional VAE,\n2-D map"),
        ("VAE, latent 10, epochs 1000", 20, "VAE, latent 10,\nepochs 1000"),
        ("a name without any commas", 14, "a name without\nany commas"),
        # Broken after the comma, it would take a line more.
        ("VAE, with a longer name", 15, "VAE, with a\nlonger name"),
    ],
)
def test_it_is_broken_after_a_comma_where_that_takes_no_line_more(
    name: str, width: int, expected: str
) -> None:
    assert in_lines(name, width, len) == expected


@pytest.mark.parametrize("width", range(1, 60))
def test_every_word_stays_and_only_the_last_line_is_too_long(width: int) -> None:
    name = "beta-VAE, latent 10, KL weight 4, two hidden layers of 512, and a name that goes on"
    lines = in_lines(name, width, len).split("\n")
    assert " ".join(lines) == name
    assert len(lines) <= MOST_LINES
    assert all(len(line) <= width or " " not in line for line in lines[:-1])
